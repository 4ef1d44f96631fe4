"""The civilian toll: recorded deaths by week, and what a plain description of them can say.

The first batch of the VDC's records is known by week and governorate, the second by month, governorate, status
and cause. A month of the second batch is not spread over its weeks: evenly spread deaths would look far steadier
than recorded ones, and errors that are robust to likeness of neighbouring weeks would still come out too small.
What needs the second batch is counted by month instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError

WEEK = pd.Timedelta(weeks=1)
EVERYWHERE = "all"


@dataclass(frozen=True)
class Outcome:
    """Which recorded deaths are counted: in words, by which period, and out of which tables."""

    words: str
    period: str
    tables: tuple[str, ...]


_FIRST, _SECOND, _CAUSES = "vdc_deaths_weekly", "vdc_composition_monthly", "vdc_causes_weekly"
OUTCOMES = {
    "batch-1": Outcome("recorded deaths, first batch", "week", (_FIRST,)),
    "batch-1-and-2": Outcome("recorded deaths, both batches together", "month", (_FIRST, _SECOND)),
    "batch-2": Outcome("recorded deaths, second batch", "month", (_SECOND,)),
    "civilians": Outcome("recorded deaths of civilians, second batch", "month", (_SECOND,)),
    "air-strikes": Outcome("recorded deaths by air strikes, second batch", "month", (_SECOND,)),
    "shelling": Outcome("recorded deaths by shelling from air and ground, first batch", "week", (_CAUSES,)),
}
"""The outcomes. Shelling is known for all of Syria only; every other outcome by governorate of origin."""

GRID_OUTCOMES = ("batch-1", "batch-1-and-2", "batch-2", "civilians", "air-strikes")
"""The outcomes of a governorate's multiverse."""
EXPOSURE_MONTHS = ("2015-10", "2016-12")
"""Months whose incidents tell which governorates were less exposed: from the break to the end of the battle."""


@dataclass(frozen=True, eq=False)
class Counts:
    """Recorded deaths of one outcome: ``table`` is periods × areas, indexed by the first day of each period.

    The areas are P-codes, in order, and ``all`` for the sum of the fourteen governorates. ``lengths`` are the
    weeks that each period counts for. ``period`` is ``week`` or ``month``.
    """

    table: pd.DataFrame
    lengths: np.ndarray
    period: str


def outcome_counts(outcome: str, tables: Mapping[str, pd.DataFrame]) -> Counts:
    """Recorded deaths of ``outcome`` by period and area; ``tables`` holds those that it names.

    Months run from the first of the second batch to the last that the first batch holds whole. A month of the
    first batch is made of the weeks that have most of their days in it, so that the week of 28 September 2015
    counts for October; together with the second batch, months count for as many weeks as the first has in
    them. Periods without a record count as none. Raises ``AleppoError`` for an unknown outcome.
    """
    if outcome not in OUTCOMES:
        raise AleppoError(f"outcome: expected one of {', '.join(OUTCOMES)}, found {outcome!r}")
    if outcome == "shelling":
        causes = tables[_CAUSES]
        weeks = causes[causes["cause"] == "Shelling"].set_index("week")["deaths"].sort_index().astype("int64")
        return Counts(weeks.to_frame(EVERYWHERE), np.ones(len(weeks)), "week")
    if outcome == "batch-1":
        table = _by_area(tables[_FIRST], "week")
        return Counts(table, np.ones(len(table)), "week")
    table = _months_of_second(tables[_SECOND], outcome)
    if outcome != "batch-1-and-2":
        return Counts(table, table.index.days_in_month.to_numpy(dtype=float) / 7, "month")
    first, weeks = _months_of_first(_by_area(tables[_FIRST], "week"))
    both = table.index.intersection(first.index)
    together = first.loc[both] + table.reindex(columns=first.columns, fill_value=0).loc[both]
    return Counts(together, weeks.loc[both].to_numpy(dtype=float), "month")


def _by_area(rows: pd.DataFrame, period: str) -> pd.DataFrame:
    """Deaths by period and governorate, with their sum; rows of no known governorate are left out."""
    known = rows[rows["governorate"].str.fullmatch(r"SY\d\d")]
    table = known.pivot_table(
        index=period, columns="governorate", values="deaths", aggfunc="sum", fill_value=0
    )
    table = table.sort_index().astype("int64")
    table.columns = table.columns.astype(str)
    table.columns.name = None
    return table.assign(**{EVERYWHERE: table.sum(axis=1)})


def _months_of_second(composition: pd.DataFrame, outcome: str) -> pd.DataFrame:
    months = pd.to_datetime(composition["month"].astype(str) + "-01").astype("datetime64[ns]")
    rows = composition.assign(month=months)
    every = pd.date_range(months.min(), months.max(), freq="MS", name="month")
    areas = _by_area(rows, "month").columns
    if outcome == "civilians":
        rows = rows[rows["status"] == "Civilian"]
    elif outcome == "air-strikes":
        rows = rows[rows["cause"] == "Warplane shelling"]
    return _by_area(rows, "month").reindex(index=every, columns=areas, fill_value=0)


def _months_of_first(weekly: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Weeks by the month of their Thursday, in which most of their days fall, and how many weeks each has.

    Months at the ends that may lack a week are left out.
    """
    thursday = weekly.index + pd.Timedelta(days=3)
    month = (thursday - pd.to_timedelta(thursday.day - 1, unit="D")).rename("month")
    groups = weekly.groupby(month)
    first, weeks = groups.sum(), groups.size()
    return first.iloc[1:-1], weeks.iloc[1:-1]


def less_exposed(airwars: pd.DataFrame, first: str, last: str, share: float = 0.02) -> pd.Series:
    """Incidents attributed to the Russian military by governorate, those with at most ``share`` of them all.

    ``airwars`` is ``airwars_monthly``; months ``first`` to ``last`` (YYYY-MM). Incidents attributed to it
    together with others count too, of every grading. Damascus and Rural Damascus, which the publisher does
    not keep apart, are taken together. The index are P-codes, fewest incidents first.
    """
    rows = airwars[
        airwars["belligerent"].str.contains("Russian Military")
        & airwars["month"].between(first, last)
        & airwars["governorate"].str.fullmatch(r"SY\d\d")
    ]
    codes = [f"SY{number:02d}" for number in range(1, 15)]
    found = rows.groupby("governorate")["incidents"].sum().astype("int64").reindex(codes, fill_value=0)
    found[["SY01", "SY03"]] = found["SY01"] + found["SY03"]
    few = found[found <= share * rows["incidents"].sum()]
    return few.sort_values(kind="stable").rename_axis("governorate").rename("incidents")


def weekly_deaths(series: pd.DataFrame, governorate: str, start: str, end: str) -> pd.Series:
    """Recorded deaths of one governorate by week that begins between ``start`` and ``end``.

    ``series`` is ``vdc_deaths_weekly``. The index is the Monday (``week``), the values are counts.
    Raises ``KeyError`` for a governorate that the series does not hold.
    """
    rows = series[series["governorate"] == governorate]
    if rows.empty:
        raise KeyError(f"no weekly deaths for {governorate!r}")
    weeks = rows.set_index("week")["deaths"].sort_index().astype(int)
    return weeks.loc[pd.Timestamp(start) : pd.Timestamp(end)]


def week_of(day: str | pd.Timestamp) -> pd.Timestamp:
    """The Monday of the week that holds ``day``."""
    day = pd.Timestamp(day)
    return day - pd.Timedelta(days=day.weekday())


def around(
    weeks: pd.Series, date: str | pd.Timestamp, before: int, after: int
) -> tuple[pd.Series, pd.Series]:
    """The ``before`` weeks ahead of the week that holds ``date``, and the ``after`` weeks from that week on.

    Raises ``ValueError`` when the series does not reach that far on one side.
    """
    first = week_of(date)
    earlier = weeks.loc[first - before * WEEK : first - WEEK]
    later = weeks.loc[first : first + (after - 1) * WEEK]
    if len(earlier) < before or len(later) < after:
        raise ValueError(
            f"the series does not hold {before} weeks before and {after} weeks from {first.date()}"
        )
    return earlier, later


def mean_ratio(weeks: pd.Series, date: str | pd.Timestamp, windows: list[tuple[int, int]]) -> pd.DataFrame:
    """Mean weekly deaths before and from ``date``, for each pair of window lengths in weeks.

    A description, not an estimate of an effect: no trend, season or autocorrelation is taken out.
    Columns: ``before_weeks, after_weeks, mean_before, mean_after, ratio``.
    """
    rows = []
    for before, after in windows:
        earlier, later = around(weeks, date, before, after)
        rows.append((before, after, earlier.mean(), later.mean(), later.mean() / earlier.mean()))
    return pd.DataFrame(rows, columns=["before_weeks", "after_weeks", "mean_before", "mean_after", "ratio"])


def composition_around(
    composition: pd.DataFrame, area: str, first_after: str, column: str, value: str
) -> tuple[float, float]:
    """The share of ``value`` in the deaths of the second batch: the year before ``first_after``, and the year from it.

    ``composition`` is the table ``vdc_composition_monthly``, ``area`` a P-code, ``first_after`` a month; ``column``
    is ``status`` or ``cause``. NaN for a year without deaths.
    """
    rows = composition[composition["governorate"] == area]
    months = pd.PeriodIndex(rows["month"], freq="M")
    middle = pd.Period(first_after, freq="M")
    years = [(months >= middle - 12) & (months < middle), (months >= middle) & (months < middle + 12)]
    before, after = (
        float(year.loc[year[column] == value, "deaths"].sum() / year["deaths"].sum())
        for year in (rows[inside] for inside in years)
    )
    return before, after


def by_half_year(weeks: pd.Series) -> pd.DataFrame:
    """Recorded deaths by half-year of the Monday: weeks, total, lowest, median and highest week."""
    half = (
        weeks.index.year.astype(str) + " " + weeks.index.month.map(lambda month: "H1" if month <= 6 else "H2")
    )
    table = weeks.groupby(half).agg(["size", "sum", "min", "median", "max"])
    table.columns = ["weeks", "deaths", "lowest", "median", "highest"]
    return table.rename_axis("half_year").reset_index()
