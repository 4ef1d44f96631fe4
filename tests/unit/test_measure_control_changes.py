"""Captures, losses and durations, from spells."""

import pandas as pd
import pytest

from aleppo.measure import control_changes as changes

PLACES = pd.DataFrame({"place_id": ["A", "B", "C"], "area_km2": [3.0, 1.0, None]})


def spell(place, holder, start, end, confidence="high", precision="day"):
    return {
        "place_id": place,
        "holder": holder,
        "contested_by": "government;opposition" if holder == "contested" else None,
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
        "confidence": confidence,
        "start_precision": precision,
        "source_ids": "s",
    }


SPELLS = pd.DataFrame(
    [
        spell("A", "opposition", "2016-11-01", "2016-11-09"),
        spell("A", "contested", "2016-11-10", "2016-11-14"),
        spell("A", "government", "2016-11-15", "2016-11-30", "low"),
        spell("B", "government", "2016-11-01", "2016-11-09"),
        spell("B", "contested", "2016-11-10", "2016-11-14"),
        spell("B", "government", "2016-11-15", "2016-11-30"),
        spell("C", "contested", "2016-11-01", "2016-11-09"),
        spell("C", "opposition", "2016-11-10", "2016-11-14"),
        spell("C", "government", "2016-11-15", "2016-11-30", precision="month"),
    ]
)


@pytest.fixture
def found():
    return changes.captures(SPELLS, PLACES)


def test_a_capture_is_a_change_of_the_sole_holder(found):
    assert found[["place_id", "captor", "loser"]].to_numpy().tolist() == [
        ["A", "government", "opposition"],
        ["C", "government", "opposition"],
    ]


def test_a_capture_tells_how_long_the_place_was_contested_before(found):
    assert found["fought_days"].tolist() == [5, 0]


def test_fighting_that_leaves_the_holder_is_no_capture(found):
    assert "B" not in set(found["place_id"])


def test_weeks_begin_on_monday_and_weeks_without_a_capture_are_there(found):
    weeks = changes.weekly_captures(found, "2016-11-01", "2016-11-30")
    assert weeks["week"].dt.day_of_week.eq(0).all()
    assert weeks["week"].nunique() == 5


def test_what_one_party_captures_the_other_loses(found):
    week = changes.weekly_captures(found, "2016-11-01", "2016-11-30").set_index(["week", "holder"])
    assert week.loc[(pd.Timestamp("2016-11-14"), "government"), ["captured", "lost"]].tolist() == [1, 0]
    assert week.loc[(pd.Timestamp("2016-11-14"), "opposition"), ["captured", "lost"]].tolist() == [0, 1]
    assert week["net"].sum() == 0


def test_a_capture_known_to_the_month_only_is_in_no_week_unless_asked_for(found):
    dated = changes.weekly_captures(found, "2016-11-01", "2016-11-30")
    every = changes.weekly_captures(found, "2016-11-01", "2016-11-30", precisions=("day", "month"))
    assert (dated["captured"].sum(), every["captured"].sum()) == (1, 2)


def test_confidence_is_a_filter_or_a_weight(found):
    sure = changes.weekly_captures(found, "2016-11-01", "2016-11-30", confidences=("high", "medium"))
    weighed = changes.weekly_captures(found, "2016-11-01", "2016-11-30", weights=changes.CONFIDENCE_WEIGHTS)
    assert sure["captured"].sum() == 0
    assert weighed["captured"].sum() == pytest.approx(1 / 3)
    assert weighed["captured_km2"].sum() == pytest.approx(1.0)


def test_days_held_add_up_to_the_period():
    days = changes.days_held(SPELLS, "2016-11-05", "2016-11-20")
    assert days.loc["A"].to_dict() == {"contested": 5, "government": 6, "opposition": 5}
    assert set(days.sum(axis=1)) == {16}


def test_a_day_counts_the_changes_coded_to_it_and_the_places_that_rest_on_low_confidence():
    coded = changes.codings_by_day(SPELLS, "2016-11-14", "2016-11-15")
    assert coded.loc["2016-11-14"].to_dict() == {
        "high": 0,
        "medium": 0,
        "low": 0,
        "contested": 2,
        "resting_low": 0,
    }
    assert coded.loc["2016-11-15"].to_dict() == {
        "high": 2,
        "medium": 0,
        "low": 1,
        "contested": 0,
        "resting_low": 1,
    }
