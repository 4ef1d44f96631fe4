"""Did the tempo change at a date? Means, a segmented count model, and every other date as a placebo.

Captures are few and come in clusters, so an interval from one model says little. The same window is therefore
laid round every date of the series, and the date in question is ranked among all of them.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import WEEK, around, week_of

LAGS = 8  # weeks of autocorrelation in the errors, as for deaths


@dataclass(frozen=True)
class Shift:
    """Weekly means on both sides of a date, and the segmented Poisson model's level there.

    ``difference`` is mean after minus mean before. ``rate_ratio`` with its 95 % interval is the rate at the date
    over what the trend before it leads to (Poisson, level and slope, HAC errors); None where the counts do not
    bound it, as when one side is empty.
    """

    week: pd.Timestamp
    mean_before: float
    mean_after: float
    rate_ratio: float | None
    low: float | None
    high: float | None

    @property
    def difference(self) -> float:
        return self.mean_after - self.mean_before


def shift(
    series: pd.Series, date: str | pd.Timestamp, before: int, after: int, *, slope: bool = True
) -> Shift:
    """The change of ``series`` (counts by week) at ``date``, with ``before`` and ``after`` weeks beside it.

    With ``slope`` the model has a trend before the date and another from it on; without, it is a ratio of two
    constant rates. Raises ``AleppoError`` when the series does not reach that far.
    """
    try:
        earlier, later = around(series, date, before, after)
    except ValueError as error:
        raise AleppoError(str(error)) from None
    week = week_of(date)
    ratio = _level(earlier, later, slope) if earlier.sum() > 0 and later.sum() > 0 else None
    return Shift(week, float(earlier.mean()), float(later.mean()), *(ratio or (None, None, None)))


def _level(earlier: pd.Series, later: pd.Series, slope: bool) -> tuple[float, float, float] | None:
    """Rate ratio at the date with its interval, or None where the fit has no bound."""
    counts = np.concatenate([earlier.to_numpy(dtype=float), later.to_numpy(dtype=float)])
    weeks = np.arange(-len(earlier), len(later), dtype=float)
    post = (weeks >= 0).astype(float)
    columns = [np.ones_like(weeks), post]
    if slope:
        columns += [weeks / 52, post * weeks / 52]
    model = sm.GLM(counts, np.column_stack(columns), family=sm.families.Poisson())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = model.fit(cov_type="HAC", cov_kwds={"maxlags": LAGS})
        except (ValueError, np.linalg.LinAlgError):
            return None
    level, error = float(fit.params[1]), float(fit.bse[1])
    if not fit.converged or not np.isfinite([level, error]).all() or abs(level) > _BOUND or error > _BOUND:
        return None
    return tuple(float(np.exp(level + z * error)) for z in (0.0, -_Z, _Z))  # type: ignore[return-value]


_Z = 1.959963984540054
_BOUND = 7.0  # a factor of about a thousand: what separated counts run away to


def placebos(series: pd.Series, window: int) -> pd.DataFrame:
    """:func:`shift` at every week of ``series`` that has ``window`` weeks before it and from it on.

    Returns ``week, mean_before, mean_after, difference, rate_ratio`` (missing where it has no bound). Raises
    ``AleppoError`` when no week has room.
    """
    weeks = series.index[window : len(series) - window + 1]
    if len(weeks) == 0:
        raise AleppoError(f"series: expected at least {2 * window} weeks, found {len(series)}")
    found = [shift(series, week, window, window, slope=False) for week in weeks]
    return pd.DataFrame(
        {
            "week": [one.week for one in found],
            "mean_before": [one.mean_before for one in found],
            "mean_after": [one.mean_after for one in found],
            "difference": [one.difference for one in found],
            "rate_ratio": [np.nan if one.rate_ratio is None else one.rate_ratio for one in found],
        }
    )


def rank(table: pd.DataFrame, date: str | pd.Timestamp) -> tuple[int, int]:
    """Rank of ``date`` among the weeks of :func:`placebos` by the size of the difference, and their number.

    Rank 1 is the largest difference in either direction; ties share the better rank. Raises ``AleppoError`` when
    the date has no row.
    """
    size = table.set_index("week")["difference"].abs().round(9)
    week = week_of(date)
    if week not in size.index:
        first, last = size.index[0].date(), size.index[-1].date()
        raise AleppoError(f"date: expected a week from {first} to {last}, found {week.date()}")
    return int((size > size[week]).sum()) + 1, len(size)


def distinct(table: pd.DataFrame, window: int) -> int:
    """How many windows of ``window`` weeks on each side fit into the placebos side by side: the real sample."""
    reach = (table["week"].iloc[-1] - table["week"].iloc[0]) // WEEK + 2 * window
    return max(1, int(reach // (2 * window)))


def summary(frame: pd.DataFrame, date: str | pd.Timestamp, window: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every column of ``frame`` at ``date``: the longest window, the model, and the rank among placebos.

    The longest window takes all weeks before the date and all from it on; placebos have ``window`` weeks on each
    side. Returns the placebos of all columns with the name in ``series``, and one row for each column with
    ``series, weeks_before, weeks_after, mean_before, mean_after, ratio, rate_ratio, low, high, rank, dates,
    distinct``; ``ratio`` is of the plain means and missing where nothing happened before.
    """
    before = int((frame.index < week_of(date)).sum())
    after = len(frame) - before
    tables, rows = [], []
    for name, series in frame.items():
        table = placebos(series, window)
        one = shift(series, date, before, after)
        place, dates = rank(table, date)
        tables.append(table.assign(series=name))
        rows.append(
            {
                "series": name,
                "weeks_before": before,
                "weeks_after": after,
                "mean_before": one.mean_before,
                "mean_after": one.mean_after,
                "ratio": one.mean_after / one.mean_before if one.mean_before else np.nan,
                "rate_ratio": np.nan if one.rate_ratio is None else one.rate_ratio,
                "low": np.nan if one.low is None else one.low,
                "high": np.nan if one.high is None else one.high,
                "rank": place,
                "dates": dates,
                "distinct": distinct(table, window),
            }
        )
    return pd.concat(tables, ignore_index=True), pd.DataFrame(rows)
