"""From the publisher's count per day and cause to the series per week and cause."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import load, verify
from aleppo.evidence.tables.publisher_words import VDC_CAUSES
from aleppo.ingest import ingest
from aleppo.ingest.vdc_causes import aggregate
from data_copy import DataCopy
from publisher_files import csv_text, put, refused


def days(*rows: dict[str, str], **cells: str) -> str:
    """The publisher's file; causes that are not named have no death."""
    zeros = dict.fromkeys(VDC_CAUSES, "0.0")
    return csv_text([zeros | row | cells for row in rows], ["day", *VDC_CAUSES])


def test_days_become_weeks_over_the_complete_grid(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = (
        {"day": "2016-01-31", "Siege": "1.0"},
        {"day": "2016-02-01", "Shelling": "2.0"},
        {"day": "2016-02-16", "Shelling": "4", "Execution": "1"},
    )
    result = ingest("vdc_causes", put(tmp_path, days(*rows)))
    weekly = load("vdc_causes_weekly")
    assert len(weekly) == result.rows == 4 * len(VDC_CAUSES)
    kept = weekly[weekly["deaths"] > 0]
    assert [(row.week.date().isoformat(), row.cause, row.deaths) for row in kept.itertuples()] == [
        ("2016-01-25", "Siege", 1),
        ("2016-02-01", "Shelling", 2),
        ("2016-02-15", "Execution", 1),
        ("2016-02-15", "Shelling", 4),
    ]
    assert verify(data_copy.folder).faults == ()


def test_days_may_stand_in_any_order(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = [{"day": "2016-02-16", "Siege": "1"}, {"day": "2016-02-01", "Shelling": "2"}]
    ingest("vdc_causes", put(tmp_path, days(*rows)))
    before = data_copy.path("vdc_causes_weekly").read_bytes()
    ingest("vdc_causes", put(tmp_path, days(*reversed(rows))))
    assert data_copy.path("vdc_causes_weekly").read_bytes() == before


def test_a_day_that_stands_twice_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    text = days({"day": "2016-02-01"}, {"day": "2016-02-02"}, {"day": "2016-02-01"})
    line = refused("vdc_causes", put(tmp_path, text), data_copy)
    assert line.startswith(
        "row 4, column day: expected a day that occurs once, found '2016-02-01' a second time"
    )


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"day": "01.02.2016"}, "row 2, column day: expected a date written YYYY-MM-DD, found '01.02.2016'"),
        ({"Siege": "-1.0"}, "row 2, column Siege: expected a number not below zero, found '-1.0'"),
        ({"Lack of Medical Access": ""}, "row 2, column Lack of Medical Access: expected a filled cell"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    text = days({"day": "2016-02-01"} | cells)
    assert refused("vdc_causes", put(tmp_path, text), data_copy).startswith(message)


def test_a_missing_cause_is_named(data_copy: DataCopy, tmp_path: Path) -> None:
    text = days({"day": "2016-02-01"}).replace("Shelling", "Bombing")
    line = refused("vdc_causes", put(tmp_path, text), data_copy)
    assert line.startswith("row 1, column Shelling: expected a column called Shelling")


@given(
    st.dictionaries(
        st.dates(date(2011, 1, 1), date(2018, 12, 31)),
        st.tuples(st.integers(0, 500), st.integers(0, 500)),
        min_size=1,
        max_size=12,
    )
)
def test_weeks_have_the_deaths_of_their_days_and_leave_no_gap(days: dict[date, tuple[int, int]]) -> None:
    daily = pd.DataFrame(
        [(pd.Timestamp(day), *counts) for day, counts in days.items()], columns=["day", "Siege", "Shelling"]
    )
    weekly = aggregate(daily)
    for cause in ("Siege", "Shelling"):
        assert weekly.loc[weekly["cause"] == cause, "deaths"].sum() == daily[cause].sum()
    weeks = weekly["week"].drop_duplicates()
    assert set(weeks.dt.day_of_week) == {0}
    assert len(weekly) == 2 * len(weeks)
    assert (weeks.diff().dropna() == pd.Timedelta(days=7)).all()
