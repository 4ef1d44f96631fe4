"""Reading a study of resamples: how far its answers move with the weeks, and the break's rank among placebos.

What is told of a study: the percentile interval of every specification beside its HAC interval; the median of the
multiverse in each resample, whose middle 95 % is the interval of that median; and the rank of the real break's median
among placebo weeks in each resample, each placebo week being resampled too. Files are read break by break, so that a
study need not fit into memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import week_of
from aleppo.model import partitions, placebo
from aleppo.model.multiverse import CHOICES
from aleppo.model.scale import read

LEAST_ESTIMATED = 0.9
"""Share of the resamples that must have an estimate before their percentiles are an interval."""
MIDDLE = (0.025, 0.975)  # what an interval of 95 % lies between
_KEPT = ["outcome", *CHOICES[1:], "specification", "n_deaths_pre", "n_deaths_post"]
_Logs = dict[tuple[str, str], tuple[np.ndarray, np.ndarray]]


def intervals(folder: Path) -> pd.DataFrame:
    """Each specification that was estimated at the real break, with its two 95 % intervals.

    Columns: ``outcome``, the choices, ``specification``, deaths, ``rate_ratio``; ``low`` and ``high`` by HAC errors;
    ``block_low`` and ``block_high``, percentiles over the resamples, missing where fewer than nine in ten of these
    have an estimate; ``resamples``, how many have; ``above``, the share of those above one. Raises ``AleppoError``
    when a file is missing.
    """
    there = partitions.read_plan(folder)
    found = []
    for outcome in _starts(there, there["break"]):
        rows = read(folder, resampled=False, outcomes=[outcome], days=[there["break"]])
        ratios = _logs(folder, outcome, there["break"])[0][1:, rows["specification"].to_numpy()]
        number = np.isfinite(ratios).sum(axis=0)
        enough = (number > 0) & (number >= LEAST_ESTIMATED * len(ratios))
        low, high = np.zeros((2, len(rows)))
        if enough.any():
            low[enough], high[enough] = np.nanquantile(ratios[:, enough], MIDDLE, axis=0)
        rows = rows[[*_KEPT, "rate_ratio", "low", "high"]].assign(
            block_low=_nullable(np.exp(low), enough),
            block_high=_nullable(np.exp(high), enough),
            resamples=number,
            above=_nullable((ratios > 0).sum(axis=0) / np.maximum(number, 1), number > 0),
        )
        found.append(rows[rows["rate_ratio"].notna()])
    return pd.concat(found, ignore_index=True)


def medians(folder: Path) -> pd.Series:
    """Median rate ratio over all estimated specifications of the real break, by resample; 0 is as recorded."""
    there = partitions.read_plan(folder)
    logs = [_logs(folder, outcome, there["break"])[0] for outcome in _starts(there, there["break"])]
    values = np.exp(_medians(np.concatenate(logs, axis=1)))
    return pd.Series(values, index=pd.RangeIndex(len(values), name="resample"), name="median")


def placebos(folder: Path) -> pd.DataFrame:
    """Each placebo week beside the real break, in each resample, over the specifications that both have.

    Columns ``span``, ``week``, ``resample``, ``specifications``, ``median``, ``real_median``. Spans, and the weeks
    that are left out, are those of ``aleppo.model.placebo.summary`` of the counts as recorded, which resample 0
    agrees with. Without placebo days there are no rows.
    """
    there = partitions.read_plan(folder)
    real = {key: _logs(folder, key[0], there["break"])[0] for key in _starts(there, there["break"]).items()}
    size = sum(int(np.isfinite(logs[0]).sum()) for logs in real.values())
    columns = ["span", "week", "resample", "specifications", "median", "real_median"]
    tables = [pd.DataFrame(columns=columns)]
    known: _Logs = {}
    for day in there["placebo"]:
        keys = list(_starts(there, day).items())
        known = {key: known.get(key) or _logs(folder, key[0], day) for key in keys}
        for span in placebo.SPANS:
            table = _beside([known[key] for key in keys], real, span)
            if table["specifications"].iloc[0] >= max(1, placebo.LEAST_SHARE * size):
                tables.append(table.assign(span=span, week=week_of(day)))
    found = pd.concat(tables[1:] or tables, ignore_index=True)[columns]
    return found[found["specifications"] > 0].reset_index(drop=True)


def _beside(
    each: list[tuple[np.ndarray, np.ndarray]], real: dict[tuple[str, str], np.ndarray], span: str
) -> pd.DataFrame:
    """One placebo break beside the real one, a row for each resample."""
    ours, theirs = [], []
    for ((_, start), true), (logs, ends) in zip(real.items(), each, strict=True):
        kept = ends < np.datetime64(start) if span == "before" else np.ones(len(ends), dtype=bool)
        ours.append(logs[:, kept])
        theirs.append(true[:, kept])
    fake, true = np.concatenate(ours, axis=1), np.concatenate(theirs, axis=1)
    apart = ~(np.isfinite(fake) & np.isfinite(true))
    fake[apart], true[apart] = np.nan, np.nan
    return pd.DataFrame(
        {
            "resample": np.arange(len(fake)),
            "specifications": (~apart).sum(axis=1),
            "median": np.exp(_medians(fake)),
            "real_median": np.exp(_medians(true)),
        }
    )


def ranks(table: pd.DataFrame, span: str = "before") -> pd.Series:
    """The rank of the real break in each resample of ``placebos``, 1 being the highest median; 0 is as recorded."""
    rows = table[table["span"] == span]
    found = {int(number): placebo.rank(group, span).rank for number, group in rows.groupby("resample")}
    return pd.Series(found, name="rank", dtype="int64").rename_axis("resample")


@dataclass(frozen=True)
class Told:
    """What the resamples of a study say of the real break, in numbers.

    ``median`` is that of the multiverse as recorded, ``low`` to ``high`` the middle 95 % of its medians over
    ``resamples``, ``above`` and ``below`` the shares of resamples whose median is above and below one. Of the
    specifications with both kinds of interval, ``intervals``, the shares whose interval lies wholly above, wholly
    below, and on both sides of one: by blocks, and by HAC errors. ``fits`` are the estimates behind all this.
    """

    resamples: int
    fits: int
    median: float
    low: float
    high: float
    above: float
    below: float
    intervals: int
    block_above: float
    block_below: float
    block_holds_one: float
    hac_above: float
    hac_below: float
    hac_holds_one: float


@dataclass(frozen=True)
class ToldRank:
    """The rank of the real break among ``weeks`` placebo weeks as recorded, and the middle 95 % over resamples."""

    weeks: int
    rank: int
    low: float
    high: float


def told(folder: Path) -> Told:
    """The numbers of a study with resamples; ``AleppoError`` when a file is missing, or nothing was estimated."""
    middle, table = medians(folder), intervals(folder)
    rows = table[table["block_low"].notna()]
    drawn = middle.iloc[1:].dropna()
    if drawn.empty or rows.empty:
        raise AleppoError("resamples: expected at least one estimate, found none")
    low, high = np.exp(np.quantile(np.log(drawn), MIDDLE))
    return Told(
        resamples=len(middle) - 1,
        fits=int(table["resamples"].sum()),
        median=float(middle[0]),
        low=float(low),
        high=float(high),
        above=float((drawn > 1).mean()),
        below=float((drawn < 1).mean()),
        intervals=len(rows),
        **_shares("block", rows["block_low"], rows["block_high"]),
        **_shares("hac", rows["low"], rows["high"]),
    )


def told_rank(folder: Path) -> ToldRank | None:
    """The rank in a study with placebo days; ``None`` in one without, or when no week has enough estimates."""
    table = placebos(folder)
    found = ranks(table)
    if found.empty:
        return None
    low, high = np.quantile(found.iloc[1:] if len(found) > 1 else found, MIDDLE)
    weeks = table.loc[(table["span"] == "before") & (table["resample"] == 0), "week"].nunique()
    return ToldRank(weeks=weeks, rank=int(found[0]), low=float(low), high=float(high))


def _shares(kind: str, low: pd.Series, high: pd.Series) -> dict[str, float]:
    above, below = float((low > 1).mean()), float((high < 1).mean())
    return {f"{kind}_above": above, f"{kind}_below": below, f"{kind}_holds_one": 1 - above - below}


def _starts(there: dict[str, Any], day: str) -> dict[str, str]:
    """First day of the first post week or month of the break on ``day``, by outcome."""
    return {each["outcome"]: each["breaks"][day] for each in there["outcomes"]}


def _logs(folder: Path, outcome: str, day: str) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of rate ratios at a break, resamples × specifications, and the last day of each one's window.

    Where there is no estimate there is no number, and it never leaves this module.
    """
    columns = ["resample", "specification", "ends", "rate_ratio"]
    rows = read(folder, outcomes=[outcome], days=[day], columns=columns)
    resample, one = rows["resample"].to_numpy(), rows["specification"].to_numpy()
    found = np.full((int(resample.max()) + 1, int(one.max()) + 1), np.nan)
    found[resample, one] = np.log(rows["rate_ratio"].to_numpy(dtype=np.float64, na_value=np.nan))
    ends = np.zeros(found.shape[1], dtype="datetime64[s]")
    ends[one] = rows["ends"].to_numpy()
    return found, ends


def _medians(values: np.ndarray) -> np.ndarray:
    """Median of the numbers in each row; not a number in a row without any."""
    ordered, number = np.sort(values, axis=1), np.isfinite(values).sum(axis=1)
    line = np.arange(len(values))
    # sorting puts what is no number at the end
    middle = np.maximum(number - 1, 0) // 2, np.minimum(number // 2, values.shape[1] - 1)
    return np.asarray((ordered[line, middle[0]] + ordered[line, middle[1]]) / 2)


def _nullable(values: np.ndarray, known: np.ndarray) -> pd.arrays.FloatingArray:
    return pd.arrays.FloatingArray(np.where(known, values, 0.0), ~known)
