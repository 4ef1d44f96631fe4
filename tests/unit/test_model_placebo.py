"""Placebo breaks: the same specifications at other weeks, and where the real break ranks."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from aleppo.measure.toll import Counts
from aleppo.model import multiverse, placebo
from aleppo.model.multiverse import Choices, Grid, grid

REAL = "2014-09-30"
CHOICES = Choices(
    baseline=(52,),
    horizon=(26, 52),
    model=("poisson",),
    season=("none",),
    slope=(False,),
    donut=(0,),
    lags=(4,),
)


def test_placebo_days_fall_on_the_weekday_of_the_real_break() -> None:
    found = placebo.days("2015-09-30")
    assert (found[0], found[-1]) == ("2012-03-07", "2015-06-24")
    assert {pd.Timestamp(day).day_name() for day in found} == {"Wednesday"}


@cache
def made(step: float) -> tuple[Grid, pd.DataFrame]:
    """Even counts that are multiplied by ``step`` at the real break, and the summary of their placebos."""
    weeks = pd.date_range("2011-03-14", periods=300, freq="7D")
    size = 50 * np.where(weeks >= "2014-09-29", step, 1.0)
    table = pd.DataFrame({"SY02": np.random.default_rng(1).poisson(size)}, index=weeks)
    counts = {"weekly": Counts(table, np.ones(300), "week")}
    days = placebo.days(REAL, "2012-04-01", "2014-06-30")
    other = grid("SY02", counts, [], days, choices=CHOICES)
    real = multiverse.fit(grid("SY02", counts, [], [REAL], choices=CHOICES))
    return other, placebo.summary(other, real, multiverse.fit(other), REAL)


def test_a_real_step_ranks_first_and_an_absent_one_somewhere() -> None:
    step, none = placebo.rank(made(2.0)[1]), placebo.rank(made(1.0)[1])
    assert (step.higher, step.further, step.rank) == (0, 0, 1)
    assert step.share == 1 / (step.weeks + 1)
    assert none.higher > 5
    assert none.further > 5


def test_windows_that_reach_past_the_real_break_are_kept_apart() -> None:
    table = made(2.0)[1]
    before, across = (table[table["span"] == span].set_index("week") for span in ("before", "across"))
    last = before.index.max()
    assert (
        last + pd.Timedelta(weeks=26)
        <= pd.Timestamp("2014-09-29")
        < across.index.max() + pd.Timedelta(weeks=26)
    )
    # from 52 weeks before the break on only the shorter window ends in time
    late = before[before.index > "2013-10-01"]
    assert (late["specifications"] == 1).all()
    assert (across["specifications"] == 2).all()


def test_the_real_break_is_summed_up_over_the_same_specifications() -> None:
    table = made(2.0)[1]
    whole = table[table["specifications"] == 2]["real_median"].unique()
    part = table[table["specifications"] == 1]["real_median"].unique()
    assert len(whole) == len(part) == 1
    assert whole[0] != part[0]
    assert table.notna().all(axis=None)


def test_the_rank_counts_ties_against_the_real_break() -> None:
    table = pd.DataFrame({"span": "before", "median": [2.0, 0.25, 1.0], "real_median": [2.0, 2.0, 2.0]})
    found = placebo.rank(table)
    assert (found.weeks, found.higher, found.further, found.rank) == (3, 1, 2, 2)
    assert found.share == 0.5
    assert found.share_further == 0.75


def test_the_series_is_plain_text_with_four_decimals() -> None:
    lines = placebo.series_text(made(2.0)[1], "SY02").splitlines()
    assert lines[0].startswith("governorate,span,week,specifications,median,above")
    assert lines[1].startswith("SY02,across,2012-")
    assert "nan" not in "".join(lines)
    assert all(len(cell.partition(".")[2]) == 4 for line in lines[1:] for cell in line.split(",")[4:])


def test_a_date_with_few_specifications_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    other, table = made(2.0)
    monkeypatch.setattr(placebo, "LEAST_SHARE", 0.9)
    real = multiverse.fit(Grid("SY02", other.series, CHOICES, (REAL,)))
    fewer = placebo.summary(other, real, multiverse.fit(other), REAL)
    assert (fewer["specifications"] == 2).all()
    assert len(fewer) < len(table)
