"""Claims of the CNN article: the rules that they share, and how a made row decides a verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.tests import _rules as rules
from aleppo.claims.tests import cnn_captions, cnn_civilian_toll, cnn_front_lines, cnn_wider_war
from aleppo.claims.verdict import Amount
from aleppo.evidence.errors import AleppoError


def exhibits(**frames: pd.DataFrame) -> Exhibits:
    return Exhibits(frames.__getitem__)


def claims(**values: str) -> pd.DataFrame:
    """The article is of 7 February 2016; other claims by id with their value."""
    every = {
        "CNN-01": "2016-02-07 23:33",
        **{name.replace("_", "-"): value for name, value in values.items()},
    }
    return pd.DataFrame({"claim_id": list(every), "value": list(every.values())})


# --- the rules ---


@pytest.mark.parametrize(
    ("words", "low", "high"),
    [("thousands", 2e3, 9_999), ("tens of thousands", 2e4, 99_999), ("hundreds of thousands", 2e5, 999_999)],
)
def test_a_number_in_words_runs_from_two_of_its_unit_to_less_than_ten(words, low, high):
    assert (rules.in_words(words).low, rules.in_words(words).high) == (low, high)


def test_words_that_are_no_number_are_named():
    with pytest.raises(AleppoError, match=r"expected thousands, .* found 'many'"):
        rules.in_words("many")


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        ([Amount("count", 20_000), Amount("count", low=60_000, high=70_000)], "supported"),
        ([Amount("count", 20_000), Amount("count", 15_000)], "contested"),
        ([Amount("count", 15_000), Amount("count", 100_000)], "not_supported"),
        ([Amount("count", low=90_000, high=200_000)], "supported"),
        ([Amount("count", low=1_000)], "supported"),
        ([Amount("count", high=10_000)], "not_supported"),
        ([], "cannot_be_tested"),
    ],
)
def test_a_range_in_words_is_borne_out_by_the_figures_that_it_meets(published, verdict):
    assert rules.by_overlap(rules.in_words("tens of thousands"), published) == verdict


def test_a_floor_is_met_by_every_figure_above_it():
    floor = Amount("count", low=2_000)
    assert rules.by_overlap(floor, [Amount("count", 70_000)]) == "supported"
    assert rules.by_overlap(floor, [Amount("count", 1_999)]) == "not_supported"


def test_of_each_publisher_the_last_verified_figure_by_a_day_is_taken():
    rows = pd.DataFrame(
        [
            ("UN", "2016-02-05", 15_000, "yes"),
            ("UN", "2016-02-06", 20_000, "yes"),
            ("UN", "2016-02-15", 78_000, "yes"),
            ("SOHR", "2016-02-07", 40_000, "no"),
            ("Turkey", "2016-02-04", 60_000, "yes"),
        ],
        columns=["attributed_to", "period_end", "best", "verified"],
    )
    assert sorted(rules.latest_by_publisher(rows, "2016-02-07")["best"]) == [20_000, 60_000]


CAPTURES = pd.DataFrame(
    {
        "place": ["A", "B", "C"],
        "date": pd.to_datetime(["2016-01-01", "2016-01-20", "2016-02-20"]),
        "taken_by": ["government", "government", "opposition"],
        "taken_from": ["opposition", "opposition", "government"],
    }
)


@pytest.mark.parametrize(
    ("places", "found"), [(None, ["A", "B"]), (["B", "C"], ["B"]), ([], [])], ids=["any", "some", "none"]
)
def test_captures_are_told_by_party_by_day_and_by_place(places, found):
    rows = rules.exchanged(CAPTURES, "government", "opposition", "2016-01-01", "2016-01-31", places)
    assert rows["place"].to_list() == found


@pytest.mark.parametrize(("days", "most"), [(28, 2), (19, 1), (60, 3)])
def test_the_most_in_a_row_is_counted_in_a_moving_window(days, most):
    assert rules.most_in_a_row(CAPTURES["date"], days) == most


def test_nothing_in_a_row_is_none():
    assert rules.most_in_a_row(CAPTURES["date"].iloc[:0], 28) == 0


# --- the claims ---


def routes(gate: str = "open", road: str = "cut", latest: str = "2016-02-04") -> pd.DataFrame:
    rows = [
        ("R-AZAZ", "approach", "open", "2016-01-01", "2016-02-02", None),
        ("R-AZAZ", "approach", road, "2016-02-03", "2016-12-31", latest),
        ("R-IDLIB", "approach", "open", "2016-01-01", "2016-12-31", None),
        ("R-CASTELLO", "gate", gate, "2016-01-01", "2016-12-31", None),
    ]
    frame = pd.DataFrame(rows, columns=["route_id", "reach", "state", "start", "end", "start_latest"])
    dates = {name: pd.to_datetime(frame[name]) for name in ("start", "end", "start_latest")}
    return frame.assign(side="opposition", start_earliest=pd.NaT, **dates)


def sieges(*days: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"siege": "first", "boundary": "start", "date": pd.to_datetime(list(days)), "source_ids": "a"}
    )


def paper(measure: str = "distance_to_full_encirclement") -> pd.DataFrame:
    return pd.DataFrame(
        {
            "published_id": ["CP-017"],
            "measure": [measure],
            "value": [5.0],
            "unit": ["miles"],
            "source_ids": ["isw-20160205-assad-gains"],
        }
    )


@pytest.mark.parametrize(
    ("gate", "days", "verdict"),
    [
        ("open", ["2016-07-06", "2016-07-27"], "corrected"),
        ("under_fire", ["2016-07-06"], "corrected"),
        ("cut", ["2016-07-06"], "supported"),
        ("not_known", ["2016-07-06"], "contested"),
        ("open", ["2016-02-03", "2016-07-06"], "contested"),
    ],
)
def test_the_siege_is_misdated_if_a_way_was_open_and_every_source_dates_it_later(gate, days, verdict):
    seen = exhibits(
        claims=claims(),
        corridor_states=routes(gate),
        siege_dates=sieges(*days),
        control_published=paper(),
        events=pd.DataFrame({"event_id": ["FR-048"], "source_ids": ["b"]}),
    )
    found = cnn_front_lines.under_siege_in_february(seen)
    assert found.verdict == verdict
    assert (found.figures["cut"].best, found.figures["routes"].best) == (1, 2)


@pytest.mark.parametrize(
    ("latest", "verdict"),
    [("2016-02-04", "supported"), ("2016-02-07", "contested"), ("2016-03-01", "contested")],
)
def test_a_day_is_in_the_week_before_if_all_that_are_given_are(latest, verdict):
    seen = exhibits(
        claims=claims(),
        corridor_states=routes(latest=latest),
        events=pd.DataFrame({"event_id": ["FR-042"], "source_ids": ["a"]}),
    )
    assert cnn_front_lines.cut_in_the_week_before(seen).verdict == verdict


@pytest.mark.parametrize(
    ("paraphrase", "measure", "verdict"),
    [
        ("A successful offensive would break morale.", "distance_to_full_encirclement", "corrected"),
        ("Encircling Aleppo would break morale.", "distance_to_full_encirclement", "supported"),
        ("A successful offensive would break morale.", "distance_to_city", "partly"),
    ],
)
def test_the_institute_is_misquoted_if_its_condition_is_another(paraphrase, measure, verdict):
    seen = exhibits(
        claims=pd.DataFrame({"claim_id": ["CNN-34"], "paraphrase": [paraphrase]}),
        sources=pd.DataFrame({"source_id": ["isw-20160205-assad-gains"], "published": ["2016-02-05"]}),
        control_published=paper(measure),
    )
    found = cnn_wider_war.institute_on_encirclement(seen)
    assert found.verdict == verdict
    # a paper that says something else speaks against what is said of it
    assert bool(found.opposes) is (verdict == "corrected")
    assert bool(found.supports) is (verdict != "corrected")


def people(best: float) -> dict[str, pd.DataFrame]:
    """One figure of February beside the article's own, and counts after the battle."""
    published = pd.DataFrame(
        {
            "published_id": ["CP-018", "CP-021", "CP-029"],
            "measure": "population_estimate",
            "area_name": "East Aleppo city",
            "date_start": pd.to_datetime(["2016-02-07", "2016-02-13", "2016-08-12"]),
            "value_low": [None, None, 250_000.0],
            "value": [320_000.0, best, None],
            "value_high": [None, None, 330_000.0],
            "attributed_to": ["CNN (source not named)", "UNICEF", "UN envoy"],
            "source_ids": ["cnn", "unicef", "un"],
            "verified": "yes",
        }
    )
    ids = ["POP-008", "POP-009", "POP-010", "POP-019", "DIS-016"]
    estimates = pd.DataFrame(
        {
            "estimate_id": ids,
            "quantity": "counted",
            "area": "Aleppo city",
            "period_start": pd.array(["2017-01-04"] * 5, dtype="string"),
            "low": [None, None, None, None, 36_000.0],
            "best": [None, 330_000.0, 280_000.0, None, None],
            "high": [None] * 5,
            "attributed_to": "OCHA",
            "source_ids": "ocha",
            "verified": "yes",
        }
    )
    return {"control_published": published, "estimates": estimates}


@pytest.mark.parametrize(
    ("value", "best", "verdict"),
    [
        ("320000", 300_000.0, "supported"),
        ("320000", 200_000.0, "contested"),
        ("20000", 300_000.0, "not_supported"),
    ],
)
def test_a_number_of_residents_is_held_against_every_other_published_one(value, best, verdict):
    found = cnn_civilian_toll.residents_of_the_east(exhibits(claims=claims(CNN_18=value), **people(best)))
    assert found.verdict == verdict
    assert (found.figures["near"].low, found.figures["near"].high) == (best, best)


@pytest.mark.parametrize(
    ("deal", "collapse", "start", "verdict"),
    [
        ("2016-12-13", "2016-12-14", "2016-12-15", "supported"),
        ("2016-12-13", "2016-12-13", "2016-12-15", "partly"),
        ("2016-12-16", "2016-12-14", "2016-12-15", "not_supported"),
    ],
)
def test_a_second_deal_follows_a_collapse_of_the_day_before(deal, collapse, start, verdict):
    events = pd.DataFrame(
        {
            "event_id": ["FR-108", "FR-109", "FR-110"],
            "date_start": pd.to_datetime([deal, collapse, start]),
            "source_ids": "a",
        }
    )
    assert cnn_captions.second_deal(exhibits(events=events)).verdict == verdict


@pytest.mark.parametrize(
    ("declared", "idlib", "note", "verdict"),
    [
        (80.0, 30, "contested from the first day", "supported"),
        (80.0, 3, "contested from the first day", "contested"),
        (80.0, 3, "", "partly"),
        (40.0, 3, "contested from the first day", "not_supported"),
    ],
)
def test_most_strikes_were_in_the_west_if_both_shares_say_so(declared, idlib, note, verdict):
    seen = exhibits(
        claims=claims(),
        events=pd.DataFrame(
            {
                "event_id": ["FR-030", "FR-027"],
                "value": [declared, None],
                "note": ["", note],
                "source_ids": ["a", "b"],
            }
        ),
        airwars_monthly=pd.DataFrame(
            {
                "month": "2015-10",
                "governorate": ["SY07", "SY02", "SY09"],
                "belligerent": [
                    "Russian Military",
                    "Russian Military;U.S.-led Coalition",
                    "Russian Military",
                ],
                "incidents": [idlib, 10, 5],
            }
        ),
    )
    assert cnn_wider_war.strikes_in_the_west(seen).verdict == verdict


@pytest.mark.parametrize(
    ("low", "finding", "summary", "verdict"),
    [
        (82, "executed fighters", "the army denied killings", "supported"),
        (82, "no finding", "the army denied killings", "contested"),
        (82, "no finding", "no comment", "partly"),
        (0, "executed fighters", "no comment", "not_supported"),
    ],
)
def test_that_executions_were_reported_does_not_hang_on_the_denial(low, finding, summary, verdict):
    seen = exhibits(
        estimates=pd.DataFrame({"estimate_id": ["COI-007"], "low": [low], "source_ids": ["a"]}),
        events=pd.DataFrame(
            {"event_id": ["FR-107"], "date_start": pd.to_datetime(["2016-12-12"]), "summary": [summary]}
        ),
        commission_findings=pd.DataFrame(
            {
                "finding_id": ["COI-F08"],
                "finding": [finding],
                "attributed_party": ["pro-government forces"],
                "source_ids": ["b"],
            }
        ),
    )
    assert cnn_civilian_toll.executions_reported(seen).verdict == verdict
