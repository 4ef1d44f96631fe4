"""Every series by its own month or week, and side by side."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.measure import clock


def test_deaths_by_month_leave_out_months_that_the_series_holds_only_in_part():
    days = pd.date_range("2016-01-31", "2016-04-29")
    months = clock.monthly_deaths(pd.Series(1, index=days))
    assert months.to_dict() == {"2016-02": 29, "2016-03": 31}


def test_meetings_are_a_range_from_certain_to_possible():
    series = pd.DataFrame(
        {"month": ["2016-01", "2016-02"], "syria": [0, 2], "middle_east_unclear": [3, 1], "meetings": [9, 9]}
    )
    assert clock.meetings_by_month(series).to_dict("index") == {
        "2016-01": {"certain": 0, "possible": 3},
        "2016-02": {"certain": 2, "possible": 3},
    }


def airwars(*rows):
    return pd.DataFrame(list(rows), columns=["month", "governorate", "belligerent", "grading", "incidents"])


def test_alleged_incidents_keep_their_grading_and_months_without_any_are_zero():
    series = airwars(
        ("2016-01", "SY02", "Russian Military", "Confirmed", 1),
        ("2016-01", "SY02", "Russian Military", "Fair", 2),
        ("2016-01", "SY02", "Russian Military;Syrian Regime", "Contested, Discounted", 4),
        ("2016-03", "SY02", "Russian Military", "Weak", 8),
        ("2016-03", "SY07", "Russian Military", "Weak", 16),
        ("2016-03", "SY02", "Turkish Military", "Weak", 32),
    )
    table = clock.alleged_incidents(series, "SY02", "Russian Military", "2016-01", "2016-03")
    assert table.loc["2016-01"].to_dict() == {
        "confirmed or fair": 3,
        "weak": 0,
        "contested": 0,
        "discounted": 4,
        "not graded": 0,
    }
    assert table.sum(axis=1).to_list() == [7, 0, 8]


def test_every_grading_of_the_archive_has_a_place():
    from aleppo.evidence.tables.publisher_words import AIRWARS_GRADINGS

    assert set(clock.GRADED) == set(AIRWARS_GRADINGS)


def test_strikes_are_those_of_the_governorate_in_syria():
    series = pd.DataFrame(
        {
            "week": pd.to_datetime(["2016-01-11", "2016-01-04", "2016-01-04"]),
            "country": ["SYR", "SYR", "IRQ"],
            "governorate": ["SY02", "SY02", "outside_syria"],
            "strikes": [5, 3, 9],
        }
    )
    assert clock.strikes_by_week(series, "SY02").to_list() == [3, 5]


def test_key_events_stand_on_the_day_they_ended_and_an_unknown_id_is_refused():
    events = pd.DataFrame(
        {
            "event_id": ["FR-1", "FR-2"],
            "date_end": ["2016-08-06", "2016-02-03"],
            "source_ids": ["a", "b"],
            "verified": ["yes", "no"],
        }
    )
    rows = clock.key_events(events, {"FR-1": "siege broken", "FR-2": "road cut"})
    assert rows["label"].to_list() == ["road cut", "siege broken"]
    assert rows["verified"].to_list() == ["no", "yes"]
    with pytest.raises(KeyError):
        clock.key_events(events, {"FR-9": "none"})


def test_months_side_by_side_tell_a_month_without_a_series_from_a_month_of_none():
    months = ["2016-01", "2016-02"]
    table = clock.by_month(
        "2016-01",
        "2016-02",
        deaths=pd.Series([10, 20], index=months),
        incidents=pd.DataFrame({"weak": [4]}, index=["2016-02"]),
        meetings=pd.DataFrame({"certain": [0, 1], "possible": [2, 3]}, index=months),
        votes=pd.DataFrame(
            {"date": pd.to_datetime(["2016-02-01", "2016-02-26"]), "outcome": ["vetoed", "adopted"]}
        ),
        truces=pd.DataFrame({"start": pd.to_datetime(["2016-02-27"])}),
    )
    assert table["incidents"].isna().to_list() == [True, False]
    assert table[["votes", "vetoed", "truces"]].to_numpy().tolist() == [[0, 0, 0], [2, 1, 1]]
