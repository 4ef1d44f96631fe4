"""Captures, weeks, months and advances, on small made evidence."""

from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence.errors import AleppoError
from aleppo.measure import tempo

HOLDERS = ("government", "opposition", "islamic_state", "contested")


def spells(*holders: str, key: str = "town_id", days: int = 10) -> pd.DataFrame:
    """Spells of one place, ``days`` days each, from 1 January 2016."""
    starts = pd.date_range("2016-01-01", periods=len(holders), freq=f"{days}D")
    return pd.DataFrame(
        {
            key: "A",
            "holder": holders,
            "contested_by": ["government;opposition" if one == "contested" else None for one in holders],
            "start": starts,
            "end": starts + pd.Timedelta(days=days - 1),
            "confidence": "high",
            "start_precision": "day",
        }
    )


def taken(*holders: str) -> list[tuple[str, str]]:
    found = tempo.captures(spells(*holders))
    return list(zip(found["taken_by"], found["taken_from"], strict=True))


def test_the_first_spell_is_no_capture() -> None:
    assert taken("government") == []


def test_a_change_of_holder_is_a_capture() -> None:
    assert taken("government", "opposition") == [("opposition", "government")]


def test_a_contested_spell_between_two_holders_belongs_to_the_capture_and_dates_it_at_its_end() -> None:
    found = tempo.captures(spells("government", "contested", "opposition"))
    assert found["date"].tolist() == [pd.Timestamp("2016-01-21")]


def test_a_place_that_was_fought_over_and_kept_was_not_captured() -> None:
    assert taken("government", "contested", "government") == []


def test_a_place_divided_from_the_beginning_is_taken_from_nobody() -> None:
    assert taken("contested", "government") == [("government", tempo.DIVIDED)]


def test_places_and_towns_are_told_in_the_same_way() -> None:
    both = [
        tempo.captures(spells("government", "opposition", key=key))[["date", "taken_by"]].values.tolist()
        for key in ("town_id", "place_id")
    ]
    assert both[0] == both[1]


def test_spells_without_places_are_an_error() -> None:
    with pytest.raises(AleppoError, match="place_id or town_id"):
        tempo.captures(spells("government").drop(columns="town_id"))


@given(st.lists(st.sampled_from(HOLDERS), min_size=1, max_size=8))
def test_captures_follow_one_another_from_holder_to_holder(holders: list[str]) -> None:
    found = taken(*holders)
    alone = [one for one in holders if one != "contested"]
    changes = sum(first != second for first, second in pairwise(alone))
    opening = int(holders[0] == "contested" and bool(alone))
    assert len(found) == changes + opening
    assert all(by == later_from for (by, _), (_, later_from) in pairwise(found))


def test_weeks_without_a_capture_are_counted_as_none_and_all_captures_are_counted_once() -> None:
    events = tempo.captures(spells("government", "opposition", "government"))
    weeks = tempo.weekly(events, "2016-01-01", "2016-02-05")
    assert weeks.index[0] == pd.Timestamp("2015-12-28")
    assert weeks.sum() == 2 and weeks.loc["2016-01-11"] == 1 and weeks.loc["2016-01-25"] == 0


def test_what_one_side_gains_another_loses() -> None:
    events = tempo.captures(spells("government", "opposition", "government", "islamic_state", days=31))
    parties = ("government", "opposition", "islamic_state")
    tables = [tempo.monthly_balance(events, side, "2016-01", "2016-06") for side in parties]
    assert sum(table["net"] for table in tables).tolist() == [0.0] * 6
    assert tables[0]["lost"].sum() == 2 and tables[0]["gained"].sum() == 1


def test_a_balance_may_be_weighed_by_area() -> None:
    events = tempo.captures(spells("government", "opposition")).assign(km2=2.5)
    assert tempo.monthly_balance(events, "opposition", "2016-01", "2016-01", weight="km2")[
        "net"
    ].tolist() == [2.5]


def test_the_turnover_of_some_months_counts_both_ways_and_no_other_month() -> None:
    events = tempo.captures(spells("government", "opposition", "government", "islamic_state", days=31))
    balance = tempo.monthly_balance(events, "government", "2016-01", "2016-06")
    assert tempo.turnover(balance, "2016-01", "2016-06") == 3
    parts = [tempo.turnover(balance, *months) for months in (("2016-01", "2016-02"), ("2016-03", "2016-06"))]
    assert sum(parts) == 3 and 0 < parts[0] < 3


def test_rates_are_a_month_and_tell_low_confidence_apart() -> None:
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2015-09-27", "2015-09-28", "2015-10-20", "2016-03-01"]),
            "taken_by": "government",
            "confidence": ["high", "high", "low", "high"],
        }
    )
    row = tempo.rates(events, "2015-09-30", "2015-08-31", "2015-10-25", ["taken_by"]).iloc[0]
    assert (row.before, row.after, row.after_firm) == (1, 2, 1)
    assert (row.weeks_before, row.weeks_after) == (4, 4)
    assert row.rate_before == pytest.approx(0.25 * 4.348, abs=0.001)


def test_the_week_of_a_capture_holds_the_gain_of_its_area() -> None:
    places = pd.DataFrame({"place_id": ["A"], "area_km2": [3.0]})
    weeks = tempo.weekly_area(
        spells("government", "opposition", key="place_id"), places, "opposition", "2016-01-04", "2016-01-20"
    )
    assert weeks["firm"].to_dict() == {
        pd.Timestamp("2016-01-04"): 0.0,
        pd.Timestamp("2016-01-11"): 3.0,
        pd.Timestamp("2016-01-18"): 0.0,
    }


def test_a_town_outside_the_list_has_no_front() -> None:
    towns = pd.DataFrame({"town_id": ["B"], "name_en": ["B"], "governorate": ["SY02"]})
    names = pd.DataFrame({"governorate": ["SY02"], "name_en": ["Aleppo"]})
    with pytest.raises(AleppoError, match="found A"):
        tempo.fronts(tempo.captures(spells("government", "opposition")), towns, names)


def events(*rows: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": [f"E{place}" for place in range(len(rows))],
            "domain": "front_lines",
            "date_start": pd.Timestamp("2013-08-06"),
            "actors": [actors for actors, _ in rows],
            "event_type": [kind for _, kind in rows],
        }
    )


@pytest.mark.parametrize(
    ("actors", "side"),
    [
        ("Syrian army, Hezbollah; al-Nusra, Islamist rebels", "government"),
        ("rebel groups; Syrian army", "opposition"),
        ("ISIL and other rebel groups; Syrian army", "islamic_state"),
        ("Jaish al-Fatah (incl. Ahrar al-Sham, Nusra)", "opposition"),
    ],
)
def test_the_party_named_first_is_the_side_that_advanced(actors: str, side: str) -> None:
    assert tempo.advances(events((actors, "capture")), "2013-01-01", "2013-12-31")["side"].tolist() == [side]


def test_an_event_that_moved_no_line_has_no_side() -> None:
    found = tempo.advances(events(("Syrian army; rebels", "failed_offensive")), "2013-01-01", "2013-12-31")
    assert found["side"].isna().all()


def test_an_advance_by_nobody_known_is_told_with_its_event() -> None:
    with pytest.raises(AleppoError, match="E0: actors"):
        tempo.advances(events(("somebody", "capture")), "2013-01-01", "2013-12-31")
