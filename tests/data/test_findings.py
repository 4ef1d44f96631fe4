"""What the chapters rest on, on the committed evidence: figures that anybody can recount by hand."""

import pytest

from aleppo.evidence import load
from aleppo.measure import control, response, toll


@pytest.fixture(scope="module")
def east():
    spells = load("control_spells")
    lost = control.lost_between(spells, "opposition", "2016-11-15", "2016-12-22")
    pocket = spells[spells["place_id"].isin(lost)]
    area = control.held_area(pocket, load("places"), "opposition", "2016-11-01", "2016-12-22")
    return control.held_share(area, "2016-11-15")


@pytest.mark.parametrize(
    ("day", "firm", "midpoint", "upper"),
    [("2016-11-28", 53, 62.5, 71.5), ("2016-12-12", 6, 11, 16), ("2016-12-22", 0, 0, 0)],
)
def test_the_share_of_eastern_aleppo_held_follows_from_the_spells(east, day, firm, midpoint, upper):
    assert (100 * east.loc[day]).to_list() == pytest.approx([firm, midpoint, upper], abs=0.5)


def test_the_opposition_only_loses_area_from_the_reference_day_on(east):
    assert (east.loc["2016-11-15":, "midpoint"].diff().dropna() <= 1e-9).all()


def test_every_published_share_is_a_share(east):
    shares = control.published_shares(load("control_published"), "2016-11-15", "2016-12-22")
    assert shares["share"].between(0, 1).all()
    assert len(shares) > 20


def test_recorded_deaths_of_aleppo_add_up_to_the_publishers_total():
    weeks = toll.weekly_deaths(load("vdc_deaths_weekly"), "SY02", "2011-01-01", "2018-12-31")
    assert weeks.sum() == 27_618


def test_every_week_of_the_series_begins_on_a_monday_without_a_gap():
    weeks = toll.weekly_deaths(load("vdc_deaths_weekly"), "SY02", "2011-01-01", "2018-12-31")
    assert set(weeks.index.day_of_week) == {0}
    assert set(weeks.index.to_series().diff().dropna().dt.days) == {7}


@pytest.fixture(scope="module")
def votes():
    return response.council_votes(load("unsc_votes"), "2011-01-01", "2017-12-31")


def test_the_council_voted_35_times_and_11_texts_were_vetoed(votes):
    assert (len(votes), (votes["vetoes"] > 0).sum()) == (35, 11)


def test_the_russian_federation_vetoed_eleven_texts_and_china_six_of_them(votes):
    assert response.vetoes_by_member(votes).to_dict() == {"RUS": 11, "CHN": 6}


def test_of_the_two_drafts_of_8_october_2016_one_was_vetoed_and_one_fell_short_of_nine_votes(votes):
    day = votes[votes["date"] == "2016-10-08"].set_index("symbol")
    assert day.loc["S/2016/846", ["outcome", "vetoed_by"]].to_list() == ["vetoed", "RUS"]
    assert day.loc["S/2016/847", ["outcome", "yes"]].to_list() == ["failed", 4]


def test_the_draft_of_5_december_2016_was_vetoed_by_the_russian_federation_and_china(votes):
    assert votes.set_index("symbol").loc["S/2016/1026", "vetoed_by"] == "CHN;RUS"


def test_the_votes_on_monitors_and_on_the_december_truce_were_unanimous(votes):
    rows = votes[votes["symbol"].isin(["S/RES/2328 (2016)", "S/RES/2336 (2016)"])]
    assert rows["yes"].to_list() == [15, 15]


@pytest.mark.parametrize(
    ("symbol", "yes", "no", "abstain"),
    [("A/RES/71/130", 122, 13, 36), ("A/RES/71/248", 105, 15, 52), ("A/HRC/RES/S-25/1", 24, 7, 16)],
)
def test_totals_of_the_assembly_and_the_human_rights_council_are_as_recorded(symbol, yes, no, abstain):
    row = load("un_body_votes").set_index("symbol").loc[symbol]
    assert row[["yes", "no", "abstain"]].to_list() == [yes, no, abstain]
