"""A multiverse read as a whole: its distribution, its curve, and which choices move it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import Counts, outcome_counts
from aleppo.model.multiverse import CHOICES, Choices, fit, grid


@dataclass(frozen=True)
class Distribution:
    """Where the rate ratios of a multiverse lie.

    ``specifications`` were asked for, ``estimated`` gave an estimate; everything else is about those.
    ``lowest`` to ``highest`` are quantiles (5, 25, 50, 75 and 95 %); the shares are of the ratio above and below
    one, and of the 95 % interval wholly above, wholly below, and holding one.
    """

    specifications: int
    estimated: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float
    above: float
    below: float
    interval_above: float
    interval_below: float
    interval_holds_one: float


def estimated(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a multiverse that have an estimate, ``rate_ratio``, ``low`` and ``high`` as plain numbers."""
    rows = frame[frame["rate_ratio"].notna()].reset_index(drop=True)
    return rows.astype({"rate_ratio": "float64", "low": "float64", "high": "float64"})


def distribution(frame: pd.DataFrame) -> Distribution:
    """The distribution of a multiverse; ``AleppoError`` when nothing in it was estimated."""
    rows = estimated(frame)
    if rows.empty:
        why = f": {frame['status'].mode().iloc[0]}" if len(frame) else ""
        raise AleppoError(f"multiverse: expected at least one estimate, found none{why}")
    ratio, low, high = (rows[name].to_numpy() for name in ("rate_ratio", "low", "high"))
    lowest, lower, median, upper, highest = np.exp(
        np.quantile(np.log(ratio), [0.05, 0.25, 0.5, 0.75, 0.95])
    ).tolist()
    return Distribution(
        specifications=len(frame),
        estimated=len(rows),
        lowest=lowest,
        lower=lower,
        median=median,
        upper=upper,
        highest=highest,
        above=float((ratio > 1).mean()),
        below=float((ratio < 1).mean()),
        interval_above=float((low > 1).mean()),
        interval_below=float((high < 1).mean()),
        interval_holds_one=float(((low <= 1) & (high >= 1)).mean()),
    )


def by_level(frame: pd.DataFrame) -> pd.DataFrame:
    """The distribution for each level of each choice.

    Columns: ``choice``, ``level`` (text), then the fields of ``Distribution``. Levels without an estimate are
    left out; a choice with a single level too.
    """
    lines = []
    for choice in CHOICES:
        for level, part in frame.groupby(choice, observed=True, sort=True):
            if part["rate_ratio"].notna().any():
                lines.append({"choice": choice, "level": str(level), **vars(distribution(part))})
    table = pd.DataFrame(lines)
    return table[table.groupby("choice")["level"].transform("size") > 1].reset_index(drop=True)


def movers(frame: pd.DataFrame) -> pd.DataFrame:
    """Which choice moves the answer most, most first.

    Columns: ``choice``; ``lowest_level``, ``lowest``, ``highest_level``, ``highest``: the levels with the
    lowest and highest median ratio; ``spread``, the one median over the other; ``share``, the part of the
    variance of the logarithm that lies between the levels of the choice taken alone (the first-order index of a
    variance decomposition; Sobol, 2001). What is left to one after all choices is in their combinations.
    """
    rows = estimated(frame)
    logs = np.log(rows["rate_ratio"])
    total = float(((logs - logs.mean()) ** 2).sum())
    levels = by_level(frame)
    lines = []
    for choice, group in levels.groupby("choice", sort=False):
        by = logs.groupby(rows[choice], observed=True)
        between = float((by.size() * (by.mean() - logs.mean()) ** 2).sum())
        least, most = group.loc[group["median"].idxmin()], group.loc[group["median"].idxmax()]
        lines.append(
            {
                "choice": choice,
                "lowest_level": least["level"],
                "lowest": least["median"],
                "highest_level": most["level"],
                "highest": most["median"],
                "spread": most["median"] / least["median"],
                "share": between / total if total else 0.0,
            }
        )
    return pd.DataFrame(lines).sort_values("spread", ascending=False, kind="stable").reset_index(drop=True)


def _along_the_curve(frame: pd.DataFrame) -> pd.DataFrame:
    """What is estimated of ``frame`` by ascending ratio; ties are in the order of the grid.

    Ratios that agree in nine digits are a tie: the same fit with other lags, in whose last digits only the libraries
    of linear algebra differ.
    """
    rows = estimated(frame)
    order = np.log(rows["rate_ratio"]).round(9).argsort(kind="stable")
    return rows.iloc[order].reset_index(drop=True)


def curve(frame: pd.DataFrame, points: int) -> pd.DataFrame:
    """The specification curve: ``points`` specifications evenly spaced among all, by ascending ratio.

    Columns: ``rank`` (share of all specifications below, 0 to 1), ``rate_ratio``, ``low``, ``high`` and the
    choices. Ties are in the order of the grid.
    """
    rows = _along_the_curve(frame)
    places = np.unique(np.linspace(0, len(rows) - 1, min(points, len(rows))).round().astype(int))
    picked = rows.loc[places, ["rate_ratio", "low", "high", *CHOICES]].reset_index(drop=True)
    return picked.assign(rank=places / max(len(rows) - 1, 1))


def shares_along(frame: pd.DataFrame, bins: int) -> pd.DataFrame:
    """How often each level of each choice occurs in each of ``bins`` equal parts of the curve.

    Columns: ``choice``, ``level``, ``bin`` (0 the lowest ratios), ``share`` of the level's own specifications
    that lie in the bin; ``1 / bins`` everywhere means that the choice does not matter.
    """
    rows = _along_the_curve(frame)
    part = np.minimum(np.arange(len(rows)) * bins // max(len(rows), 1), bins - 1)
    lines = []
    for choice in CHOICES:
        table = pd.crosstab(rows[choice].astype(str), part).reindex(columns=range(bins), fill_value=0)
        if len(table) < 2:
            continue
        order = [str(level) for level in sorted(rows[choice].unique().tolist())]
        if isinstance(rows[choice].dtype, pd.CategoricalDtype):
            order = [str(level) for level in rows[choice].cat.categories if str(level) in table.index]
        share = table.div(table.sum(axis=1), axis=0).loc[order]
        for level in order:
            lines += [(choice, level, number, float(share.loc[level, number])) for number in range(bins)]
    return pd.DataFrame(lines, columns=["choice", "level", "bin", "share"])


def by_area(counts: Mapping[str, Counts], day: str) -> dict[str, Distribution]:
    """The distribution at the break on ``day`` for every area of ``counts``, by the same specifications.

    None of them has a comparison, so that one area's answer does not hang on another's.
    """
    areas = sorted({area for each in counts.values() for area in each.table.columns})
    return {area: distribution(fit(grid(area, counts, [], [day]))) for area in areas}


def windows(weekly: pd.DataFrame, areas: Sequence[str], day: str) -> pd.DataFrame:
    """The plain specification (Poisson, no season, slope, eight lags) over all windows of the grid, by area.

    ``weekly`` is ``vdc_deaths_weekly``. Columns: ``area``, ``baseline``, ``horizon``, ``rate_ratio``, ``low``,
    ``high``, ``n_deaths_pre``, ``n_deaths_post``.
    """
    counts = {"batch-1": outcome_counts("batch-1", {"vdc_deaths_weekly": weekly})}
    one = Choices(model=("poisson",), season=("none",), slope=(True,), donut=(0,), lags=(8,))
    frames = [estimated(fit(grid(area, counts, [], [day], choices=one))).assign(area=area) for area in areas]
    kept = ["area", "baseline", "horizon", "rate_ratio", "low", "high", "n_deaths_pre", "n_deaths_post"]
    return pd.concat(frames, ignore_index=True)[kept]
