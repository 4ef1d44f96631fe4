"""What the chapters on votes rest on, on the committed evidence: figures that anybody can recount by hand."""

from itertools import combinations

import pytest

from aleppo.evidence import countries, load, split_list
from aleppo.evidence.paths import DATA_VARIABLE
from aleppo.evidence.tables import TABLES
from aleppo.measure import assembly, statements
from aleppo.measure import votes as measure


@pytest.fixture(autouse=True)
def committed_data(monkeypatch):
    """These tests are of the repository's own data, wherever the book runs from."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


@pytest.fixture
def votes():
    return measure.council_votes(load("unsc_votes"), "2011-01-01", "2017-12-31")


@pytest.fixture
def members():
    return load("unsc_member_votes")


# --- the Council -------------------------------------------------------------------------------------------


def test_the_council_voted_35_times_and_11_texts_were_vetoed(votes):
    assert votes["outcome"].value_counts().to_dict() == {"adopted": 22, "vetoed": 11, "failed": 2}


def test_the_russian_federation_vetoed_eleven_texts_and_china_six_of_them(votes):
    assert measure.vetoes_by_member(votes).to_dict() == {"RUS": 11, "CHN": 6}


def test_who_vetoed_what_alone_and_with_china(votes):
    vetoed = votes[votes["vetoes"] > 0].set_index("symbol")["vetoed_by"]
    assert set(vetoed[vetoed == "RUS"].index) == {
        "S/2016/846",
        "S/2017/315",
        "S/2017/884",
        "S/2017/962",
        "S/2017/970",
    }
    assert set(vetoed[vetoed == "CHN;RUS"].index) == {
        "S/2011/612",
        "S/2012/77",
        "S/2012/538",
        "S/2014/348",
        "S/2016/1026",
        "S/2017/172",
    }


def test_of_the_two_drafts_of_8_october_2016_one_was_vetoed_and_one_fell_short_of_nine_votes(votes):
    day = votes[votes["date"] == "2016-10-08"].set_index("symbol")
    assert day.loc["S/2016/846", ["outcome", "vetoed_by"]].to_list() == ["vetoed", "RUS"]
    assert day.loc["S/2016/847", ["outcome", "yes"]].to_list() == ["failed", 4]


def test_the_draft_of_5_december_2016_was_vetoed_by_the_russian_federation_and_china(votes):
    assert votes.set_index("symbol").loc["S/2016/1026", "vetoed_by"] == "CHN;RUS"


def test_the_votes_on_monitors_and_on_the_december_truce_were_unanimous(votes):
    rows = votes[votes["symbol"].isin(["S/RES/2328 (2016)", "S/RES/2336 (2016)"])]
    assert rows["yes"].to_list() == [15, 15]


def test_every_seat_of_every_vote_has_a_vote_and_no_vote_lacks_a_seat(votes, members):
    check = measure.seat_check(votes, members, load("unsc_membership"))
    assert check["seats"].to_list() == [15] * 7
    assert check[["without_seat", "without_vote"]].to_numpy().sum() == 0
    assert check["votes"].sum() == 35


def test_members_abstained_30_times_and_none_was_absent(members):
    assert members["vote"].value_counts().to_dict() == {"yes": 455, "no": 40, "abstain": 30}


def test_the_three_western_permanent_members_never_differed(votes, members):
    pairs = list(combinations(["FRA", "GBR", "USA"], 2))
    assert (measure.agreement(votes, members, pairs)["share"] == 1).all()


def test_russia_and_china_took_the_same_position_in_10_of_15_divided_votes(votes, members):
    row = measure.agreement(measure.contested(votes), members, [("RUS", "CHN")]).iloc[0]
    assert (row["same"], row["n"]) == (10, 15)


def test_of_six_texts_that_touched_aleppo_half_were_adopted(votes):
    row = measure.subject_counts(votes).set_index("subject").loc["aleppo"]
    assert row[["adopted", "vetoed", "failed", "total"]].to_list() == [3, 2, 1, 6]


def test_a_statement_is_held_on_every_divided_vote_and_comes_from_a_member_that_voted(votes, members):
    said = load("vote_explanations")
    assert measure.contested(votes)["vote_id"].isin(said["vote_id"]).all()
    assert (measure.explained(votes, said, members)["vote"] != measure.NOT_ESTABLISHED).all()


def test_every_vote_against_by_the_russian_federation_is_explained(votes, members):
    against = members[(members["iso3"] == "RUS") & (members["vote"] == "no")]["vote_id"]
    said = load("vote_explanations")
    assert set(against) <= set(said.loc[said["iso3"] == "RUS", "vote_id"])


# --- the Assembly and the Human Rights Council ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "yes", "no", "abstain"),
    [("A/RES/71/130", 122, 13, 36), ("A/RES/71/248", 105, 15, 52), ("A/HRC/RES/S-25/1", 24, 7, 16)],
)
def test_totals_of_the_assembly_and_the_human_rights_council_are_as_recorded(symbol, yes, no, abstain):
    row = load("un_body_votes").set_index("symbol").loc[symbol]
    assert row[["yes", "no", "abstain"]].to_list() == [yes, no, abstain]


def test_every_text_of_both_bodies_was_adopted():
    votes = load("un_body_votes")
    assert len(votes) == 37
    assert set(votes["outcome"]) == {"adopted"}


@pytest.fixture
def yearly():
    votes = assembly.annual(load("un_body_votes"))
    return votes, assembly.positions(load("un_body_member_votes"), votes["vote_id"].to_list())


def test_between_2011_and_2016_26_members_moved_away_from_the_yearly_text_and_11_towards_it(yearly):
    _, table = yearly
    steps = assembly.moved(table, "GA01", "GA10")["step"]
    assert ((steps < 0).sum(), (steps > 0).sum()) == (26, 11)


def test_russia_and_china_abstained_in_2011_and_voted_against_from_2012_on():
    members = load("un_body_member_votes")
    table = assembly.positions(members, [f"GA{n:02d}" for n in (1, 2, 4, 6, 7, 8, 9, 10, 11, 12)])
    for iso3 in ("RUS", "CHN"):
        assert table.loc[iso3].to_list() == ["abstain", *["no"] * 9]


def test_zimbabwe_is_missing_from_one_roll_and_not_verified_in_another():
    members = load("un_body_member_votes")
    assert assembly.missing_votes(members, "GA10", "ZWE")
    added = members[(members["vote_id"] == "GA09") & (members["iso3"] == "ZWE")].iloc[0]
    assert (added["vote"], added["verified"]) == ("no", "no")


def test_forty_votes_of_the_session_on_aleppo_stay_open_those_of_its_requesters_among_them():
    roll = assembly.session_roll(load("un_body_member_votes"), load("session_requesters"), "HR22")
    assert (roll["vote"] == "not_established").sum() == 40
    assert set(roll.loc[roll["asked"], "vote"]) == {"not_established"}


# --- countries -------------------------------------------------------------------------------------------------


WITH_COUNTRIES = [
    name for name, table in TABLES.items() if "iso3" in {column.name for column in table.columns}
]
WITH_NAMES = [name for name in WITH_COUNTRIES if "member" in {column.name for column in TABLES[name].columns}]


@pytest.mark.parametrize("name", WITH_COUNTRIES)
def test_every_code_of_a_country_is_one_of_the_standard(name):
    codes = [code for cell in load(name)["iso3"].dropna() for code in split_list(cell)]
    assert codes
    assert countries.unknown(codes) == []


@pytest.mark.parametrize("name", WITH_NAMES)
def test_every_name_beside_a_code_is_a_name_of_that_country(name):
    frame = load(name)
    pairs = frame[["iso3", "member"]].drop_duplicates()
    assert [tuple(row) for row in pairs.values.tolist() if not countries.agrees(*row)] == []


def test_those_who_vetoed_are_countries(votes):
    assert countries.unknown(code for cell in votes["vetoed_by"].dropna() for code in split_list(cell)) == []


# --- what the ITV article says ---------------------------------------------------------------------------------


@pytest.fixture
def evidence(votes):
    found = statements.statements(votes, load("ceasefires"), load("measures"))
    return {one.claim_id: one for one in found}


def test_every_statement_on_the_international_community_has_its_claim_and_rows(evidence):
    assert set(evidence) <= set(load("claims")["claim_id"])
    assert all(one.rows and one.sources for one in evidence.values())


def test_no_text_on_aleppo_was_adopted_between_the_break_and_the_article(evidence):
    assert evidence["ITV-38"].votes["vote_id"].to_list() == ["SC21", "SC22", "SC25"]


def test_the_united_states_and_russia_brokered_five_halts_extensions_counted(evidence):
    halts = evidence["ITV-39"].truces.query("~talks")
    assert halts["ceasefire_id"].to_list() == ["CF08", "CF09", "CF10", "CF11", "CF16"]
    assert halts["days"].max() == 7
