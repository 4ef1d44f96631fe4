"""The civilian toll: recorded deaths by week, and what a plain description of them can say."""

from __future__ import annotations

import pandas as pd

WEEK = pd.Timedelta(weeks=1)


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


def by_half_year(weeks: pd.Series) -> pd.DataFrame:
    """Recorded deaths by half-year of the Monday: weeks, total, lowest, median and highest week."""
    half = (
        weeks.index.year.astype(str) + " " + weeks.index.month.map(lambda month: "H1" if month <= 6 else "H2")
    )
    table = weeks.groupby(half).agg(["size", "sum", "min", "median", "max"])
    table.columns = ["weeks", "deaths", "lowest", "median", "highest"]
    return table.rename_axis("half_year").reset_index()
