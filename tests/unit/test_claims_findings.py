"""Findings of the book: what holds on one set of rows fails on another."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.tests import _findings as shared
from aleppo.claims.tests import (
    findings_front,
    findings_harm,
    findings_response,
    findings_tempo,
    findings_toll,
    findings_truces,
)
from aleppo.claims.verdict import Amount


def exhibits(**frames: pd.DataFrame) -> Exhibits:
    return Exhibits(frames.__getitem__)


# --- what they share ---


@pytest.mark.parametrize(
    ("held", "verdict"),
    [
        (True, "supported"),
        (False, "not_supported"),
        ([True, True], "supported"),
        ([True, False], "partly"),
        ([False, False], "not_supported"),
    ],
)
def test_a_rule_that_holds_supports_a_finding_and_one_of_several_supports_it_in_part(held, verdict):
    assert shared.finding(held, "high", "Why.", "So.", {}).verdict == verdict


def test_the_sources_of_a_finding_that_fails_speak_against_it():
    told = shared.finding(False, "high", "Why.", "So.", {}, ("b", "a"))
    assert (told.supports, told.opposes) == ((), ("a", "b"))


def test_rival_figures_span_a_range_and_missing_ones_are_left_out():
    assert shared.low_high("count", [3, float("nan"), 1]) == Amount("count", low=1, high=3)


def test_a_range_without_width_is_one_figure():
    assert shared.ranged("days", (2, 2, 2)) == Amount("days", 2.0)
    assert shared.ranged("days", (1, 2, 4)) == Amount("days", low=1, best=2, high=4)


def test_sources_of_rows_are_listed_once():
    assert shared.cited(pd.DataFrame({"source_ids": ["b;a", None, "a"]})) == ("a", "b")


# --- front lines ---


def spells(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["place_id", "holder", "start", "end"])
    return table.assign(
        start=pd.to_datetime(table["start"]),
        end=pd.to_datetime(table["end"]),
        contested_by=pd.NA,
        confidence="high",
        start_precision="day",
        source_ids="one",
    )


PLACES = pd.DataFrame({"place_id": ["N1"], "area_km2": [1.0]})


@pytest.mark.parametrize(("moved", "verdict"), [("2016-11-20", "supported"), ("2015-12-01", "not_supported")])
def test_the_city_line_stood_still_unless_a_place_changed_hands_before_july_2016(moved, verdict):
    before = pd.Timestamp(moved) - pd.Timedelta(days=1)
    rows = [
        ("N1", "opposition", "2012-07-19", before.strftime("%Y-%m-%d")),
        ("N1", "government", moved, "2016-12-02"),
        ("N1", "opposition", "2016-12-03", "2016-12-22"),
    ]
    seen = exhibits(control_spells=spells(*rows), places=PLACES)
    assert findings_front.city_line_stood_still(seen).verdict == verdict


def routes(azaz: str, castello: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "route_id": ["R-AZAZ", "R-CASTELLO"],
            "state": "cut",
            "start": pd.to_datetime([azaz, castello]),
            "source_ids": "one",
        }
    )


@pytest.mark.parametrize(
    ("azaz", "castello", "verdict"),
    [
        ("2016-02-03", "2016-07-17", "supported"),
        ("2015-02-03", "2016-07-17", "partly"),
        ("2015-02-03", "2014-07-17", "not_supported"),
    ],
)
def test_the_order_of_the_roads_follows_from_their_days(azaz, castello, verdict):
    seen = exhibits(corridor_states=routes(azaz, castello))
    assert findings_front.which_gate_closed_when(seen).verdict == verdict


# --- tempo ---


def towns(*changes: tuple[str, str]) -> pd.DataFrame:
    """A town each: held by the other side, taken by the one named on a day."""
    rows = []
    for number, (day, side) in enumerate(changes):
        other = "opposition" if side == "government" else "government"
        eve = (pd.Timestamp(day) - pd.Timedelta(days=1)).strftime("%Y-%m-%d")
        rows += [(f"T{number}", other, "2015-01-01", eve), (f"T{number}", side, day, "2016-12-31")]
    return spells(*rows).rename(columns={"place_id": "town_id"})


EARLY, LATE = ("2015-03-02", "government"), ("2016-03-07", "government")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [([EARLY, LATE, LATE, LATE, LATE], "supported"), ([EARLY, EARLY, EARLY, LATE], "not_supported")],
)
def test_more_captures_a_month_are_a_change_and_fewer_are_none(changes, verdict):
    seen = exhibits(town_spells=towns(*changes))
    assert findings_tempo.government_captures(seen).verdict == verdict


@pytest.mark.parametrize(
    ("cells", "verdict"), [(["a", "b", "a;b"], "supported"), (["a;b", "a;b", "a"], "not_supported")]
)
def test_events_rest_on_one_source_where_most_of_them_name_one(cells, verdict):
    seen = exhibits(events=pd.DataFrame({"source_ids": cells}))
    assert findings_tempo.events_with_one_source(seen).verdict == verdict


# --- toll ---


def deaths(before: int, trough: int, after: int) -> pd.DataFrame:
    weeks = pd.date_range("2012-01-02", "2018-07-30", freq="W-MON")
    values = [
        after
        if week >= pd.Timestamp("2015-09-28")
        else trough
        if week >= pd.Timestamp("2015-08-03")
        else before
        for week in weeks
    ]
    return pd.DataFrame({"week": weeks, "governorate": "SY02", "deaths": values})


@pytest.mark.parametrize(
    ("before", "trough", "after", "verdict"),
    [(30, 1, 28, "supported"), (10, 10, 50, "not_supported"), (50, 50, 10, "not_supported")],
)
def test_rise_or_fall_hangs_on_the_window_only_where_windows_disagree(before, trough, after, verdict):
    seen = exhibits(vdc_deaths_weekly=deaths(before, trough, after))
    assert findings_toll.rise_or_fall_hangs_on_the_window(seen).verdict == verdict


@pytest.mark.parametrize(("trough", "verdict"), [(5, "supported"), (90, "not_supported")])
def test_a_trough_before_the_break_is_one_only_below_the_year(trough, verdict):
    seen = exhibits(vdc_deaths_weekly=deaths(40, trough, 40))
    assert findings_toll.the_weeks_before_were_a_trough(seen).verdict == verdict


def alleged(*rows: tuple[str, str, str, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["month", "governorate", "grading", "incidents"])
    return table.assign(belligerent="Russian Military")


@pytest.mark.parametrize(("late", "verdict"), [(9, "supported"), (1, "not_supported")])
def test_allegations_moved_to_aleppo_where_its_share_rose(late, verdict):
    rows = [
        ("2015-10", "SY02", "Fair", 3),
        ("2015-10", "SY07", "Fair", 7),
        ("2016-08", "SY02", "Fair", late),
        ("2016-08", "SY07", "Fair", 10 - late),
    ]
    assert (
        findings_toll.allegations_move_to_aleppo(exhibits(airwars_monthly=alleged(*rows))).verdict == verdict
    )


@pytest.mark.parametrize(("first", "verdict"), [("2015-10", "supported"), ("2014-09", "not_supported")])
def test_a_series_that_begins_before_the_break_would_cross_it(first, verdict):
    seen = exhibits(airwars_monthly=alleged((first, "SY02", "Fair", 1)))
    assert findings_toll.no_series_of_strikes_crosses_the_break(seen).verdict == verdict


# --- harm ---


def estimates(**figures: float) -> pd.DataFrame:
    """Estimates by id (``DIS_009`` for DIS-009), each with one figure."""
    return pd.DataFrame(
        {
            "estimate_id": [name.replace("_", "-") for name in figures],
            "low": list(figures.values()),
            "best": list(figures.values()),
            "high": list(figures.values()),
            "source_ids": "one",
        }
    )


@pytest.mark.parametrize(("ministry", "verdict"), [(95_000, "supported"), (40_000, "not_supported")])
def test_two_counts_of_the_displaced_differ_where_one_is_half_as_large_again(ministry, verdict):
    seen = exhibits(estimates=estimates(DIS_009=39_250, MOD_018=ministry))
    assert findings_harm.displacement_from_the_east(seen).verdict == verdict


@pytest.mark.parametrize(
    ("parties", "verdict"),
    [
        (["Syrian forces", "armed groups"], "supported"),
        (["Syrian forces", "not an attribution"], "partly"),
        (["not an attribution", "not an attribution"], "not_supported"),
    ],
)
def test_the_commission_found_against_all_sides_only_where_it_names_them(parties, verdict):
    table = pd.DataFrame({"attributed_party": parties, "source_ids": "one"})
    assert findings_harm.commission_on_all_sides(exhibits(commission_findings=table)).verdict == verdict


# --- response ---


def council(*votes: tuple[str, str, str | None, int, int]) -> pd.DataFrame:
    table = pd.DataFrame(votes, columns=["date", "outcome", "vetoed_by", "yes", "no"])
    return table.assign(
        vote_id=[f"SC{number}" for number in range(len(table))],
        date=pd.to_datetime(table["date"]),
        touches="aleppo",
        abstain=0,
        absent=0,
        symbol="S/1",
        subject="Syria",
        source_ids="one",
    )


@pytest.mark.parametrize(
    ("by", "yes", "verdict"),
    [("CHN;RUS", 11, "supported"), ("USA", 11, "partly"), ("USA", 8, "not_supported")],
)
def test_who_vetoed_follows_from_the_rows(by, yes, verdict):
    seen = exhibits(unsc_votes=council(("2016-10-08", "vetoed", by, yes, 2)))
    assert findings_response.who_vetoed(seen).verdict == verdict


@pytest.mark.parametrize(("outcome", "verdict"), [("vetoed", "supported"), ("adopted", "partly")])
def test_a_text_adopted_during_the_offensive_would_leave_the_finding_in_part(outcome, verdict):
    during = ("2016-10-08", outcome, "RUS" if outcome == "vetoed" else None, 11, 0)
    seen = exhibits(unsc_votes=council(during, ("2016-12-19", "adopted", None, 15, 0)))
    assert findings_response.texts_during_the_last_offensive(seen).verdict == verdict


@pytest.mark.parametrize(
    ("kinds", "verdict"),
    [(["statement", "statement", "aid"], "supported"), (["aid", "aid", "statement"], "not_supported")],
)
def test_statements_are_the_most_frequent_kind_only_where_they_are(kinds, verdict):
    assert (
        findings_truces.mostly_statements(exhibits(measures=pd.DataFrame({"kind": kinds}))).verdict == verdict
    )
