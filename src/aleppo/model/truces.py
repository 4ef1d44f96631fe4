"""Did recorded deaths change when a truce began, and how long did truces last?

*Change.* For each start, the ratio of deaths in the days from it on to deaths in as many days before. A ratio
alone says little: truces are agreed in bad weeks, and bad weeks are followed by better ones with or without a
truce. So each ratio is set against *placebo starts*: days of the same season, after as many deaths, with no
truce beginning near. This is randomisation inference with matched placebo dates; its pooled form draws one
placebo for each truce, a thousand times over.

*Duration.* Kaplan and Meier's estimate (1958), with a truce that was not seen to collapse as censored; intervals
by Greenwood's variance on the log-log scale, which keeps them between 0 and 1.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from aleppo.evidence.errors import AleppoError
from aleppo.measure.truces import BEGAN, HALTS, READINGS, Around, around_every_day, episodes

QUANTILE = NormalDist().inv_cdf(0.975)
BAND = (2.5, 97.5)  # percentiles of the placebos
YEAR = 365.25
# Season (days either way) and level (factor either way) that a placebo may differ by; the next step is taken
# where a step leaves fewer than FEWEST different days.
STEPS = ((45, 1.5), (60, 1.5), (60, 2.0), (90, 2.0), (183, 2.0), (183, 4.0))
FEWEST = 30
ROUNDING = 1e-9


@dataclass(frozen=True)
class Design:
    """Length of the windows (days), number of placebos, the span they come from, and the seed."""

    window: int = 14
    placebos: int = 1000
    first: str = "2012-01-01"
    last: str = "2017-12-31"
    seed: int = 20150930


@dataclass(frozen=True, eq=False)
class Study:
    """``each``: one row per truce. ``observed``: its log ratio. ``placebos``: truces × draws of log ratios.

    ``each`` adds to the rows of the truces ``before``, ``after`` (deaths), ``ratio``, ``low``, ``middle``,
    ``high`` (2.5th, 50th and 97.5th percentile of its placebos), ``outside`` (of that band), ``rank`` (1 when no
    placebo fell as much, of draws + 1), ``candidates`` (different days that placebos come from), ``season_days``
    and ``level_factor`` (how near they had to be).
    """

    each: pd.DataFrame
    observed: np.ndarray
    placebos: np.ndarray
    design: Design


def event_study(
    daily: pd.DataFrame, rows: pd.DataFrame, design: Design | None = None, clear: pd.Series | None = None
) -> Study:
    """Deaths around the start of every truce of ``rows``, beside its placebos.

    ``daily`` is :func:`aleppo.measure.truces.daily_deaths`, ``rows`` :func:`aleppo.measure.truces.coded`; each truce is
    set against the series of its ``region``. No placebo window shares a day with that of a truce that began, or of
    one of the days ``clear``. The same arguments give the same numbers, truce by truce. Raises
    AleppoError when a start has not a whole window on both sides, or too few days that resemble it.
    """
    design = design or Design()
    around = {region: around_every_day(daily[region], design.window) for region in rows["region"].unique()}
    began = pd.concat([rows.loc[rows["kind"].isin(BEGAN), "start"], *([] if clear is None else [clear])])
    found, placebos = [], []
    for row in rows.itertuples(index=False):
        facts, draws = _one(row.ceasefire_id, row.start, around[row.region], began, design)
        found.append(facts)
        placebos.append(draws)
    drawn = np.array(placebos)
    each = pd.concat([rows.reset_index(drop=True), pd.DataFrame(found)], axis=1)
    observed = each.pop("log_ratio").to_numpy()
    low, middle, high = np.exp(np.percentile(drawn, [BAND[0], 50, BAND[1]], axis=1))
    ratio = np.exp(observed)
    each = each.assign(
        ratio=ratio,
        low=low,
        middle=middle,
        high=high,
        outside=(ratio < low) | (ratio > high),
        rank=1 + (drawn <= observed[:, None]).sum(axis=1),
    )
    return Study(each, observed, drawn, design)


def _one(
    ceasefire_id: str, start: pd.Timestamp, around: Around, began: pd.Series, design: Design
) -> tuple[dict[str, float], np.ndarray]:
    place = (start - around.days[0]).days
    if not 0 <= place < len(around.days):
        raise AleppoError(
            f"{ceasefire_id}: expected {design.window} days of deaths on both sides of {start.date()}, "
            f"found the series end before that"
        )
    days, season, level = _matched(start, place, around, began, design)
    if not len(days):
        raise AleppoError(f"{ceasefire_id}: expected days that resemble {start.date()}, found none")
    # seeded by its id, so that a truce keeps its placebos when another is added
    random = np.random.default_rng([design.seed, zlib.crc32(ceasefire_id.encode())])
    draws = around.log_ratio[random.choice(days, size=design.placebos)]
    facts = {
        "before": int(around.before[place]),
        "after": int(around.after[place]),
        "log_ratio": float(around.log_ratio[place]),
        "candidates": len(days),
        "season_days": season,
        "level_factor": level,
    }
    return facts, draws


def _matched(
    start: pd.Timestamp, place: int, around: Around, began: pd.Series, design: Design
) -> tuple[np.ndarray, int, float]:
    """Places of the days that resemble a start, and how near they had to be."""
    days = _numbers(around.days)
    first, last, at = _numbers(pd.DatetimeIndex([design.first, design.last, start]))
    kept_clear = np.append(_numbers(pd.DatetimeIndex(began)), at)
    near_a_truce = np.abs(days - kept_clear[:, None]).min(axis=0) < 2 * design.window
    allowed = (days >= first) & (days <= last) & ~near_a_truce
    turn = np.abs(days - at) % YEAR
    season = np.minimum(turn, YEAR - turn)
    level = np.abs(np.log((around.before + 0.5) / (around.before[place] + 0.5)))
    for season_days, factor in STEPS:
        near = allowed & (season <= season_days) & (level <= np.log(factor))
        if near.sum() >= FEWEST:
            break
    return np.flatnonzero(near), season_days, factor


def _numbers(days: pd.DatetimeIndex) -> np.ndarray:
    """Days since 1970."""
    return np.asarray(days.to_numpy().astype("datetime64[D]").astype("int64"))


SETS: dict[str, tuple[str, ...]] = {
    "all halts": HALTS,
    "nationwide": ("nationwide",),
    "Aleppo only": ("local",),
    "talks and offers": ("talks", "not_in_force"),
}


def pooled(study: Study, sets: Mapping[str, Sequence[str]] = SETS) -> pd.DataFrame:
    """Mean change over the truces of each set of kinds, net of their placebos, with interval and rank.

    Truces whose windows share a day are one episode, which its first start stands for: its days before hold no
    other start of the set. Columns ``set``, ``truces``, ``episodes``, ``members`` (ids), ``raw`` (geometric mean of
    the ratios), ``estimate`` (the same over that of the placebos), ``low`` and ``high`` (95 %, Student's t over the
    episodes), ``leave_low`` and ``leave_high`` (estimates without one episode), ``placebo_low`` and
    ``placebo_high`` (95 % of placebo sets around their own mean), ``rank`` (1 when no placebo set fell as much) and
    ``of``. Raises AleppoError for a set of fewer than two episodes.
    """
    return pd.DataFrame([_pooled(study, name, kinds) for name, kinds in sets.items()])


def _pooled(study: Study, name: str, kinds: Sequence[str]) -> dict[str, object]:
    rows = study.each[study.each["kind"].isin(list(kinds))]
    firsts = first_of_episode(rows, study.design.window)
    if len(firsts) < 2:
        raise AleppoError(f"{name}: expected two truces that do not overlap, or more, found {len(firsts)}")
    places = firsts.index.to_numpy()
    net = study.observed[places] - study.placebos[places].mean(axis=1)
    sets = study.placebos[places].mean(axis=0)
    observed = study.observed[places].mean()
    half = stdtrit(len(net) - 1, 0.975) * net.std(ddof=1) / np.sqrt(len(net))
    without = (net.sum() - net) / (len(net) - 1)
    band = np.percentile(sets - sets.mean(), BAND)
    logs = {
        "raw": observed,
        "estimate": net.mean(),
        "low": net.mean() - half,
        "high": net.mean() + half,
        "leave_low": without.min(),
        "leave_high": without.max(),
        "placebo_low": band[0],
        "placebo_high": band[1],
    }
    return {
        "set": name,
        "truces": len(rows),
        "episodes": len(net),
        "members": ";".join(firsts["ceasefire_id"]),
        **{key: float(np.exp(value)) for key, value in logs.items()},
        "rank": 1 + int((sets <= observed).sum()),
        "of": study.design.placebos + 1,
    }


def first_of_episode(rows: pd.DataFrame, window: int) -> pd.DataFrame:
    """Of truces whose windows share a day, the one that began first; index as in ``rows``."""
    order = rows.sort_values(["start", "ceasefire_id"])
    return order[~episodes(order["start"], window).duplicated()]


def placebo_sets(study: Study, kinds: Sequence[str]) -> np.ndarray:
    """The pooled change of each placebo set over its own mean: what the rank of :func:`pooled` is among."""
    rows = study.each[study.each["kind"].isin(list(kinds))]
    places = first_of_episode(rows, study.design.window).index.to_numpy()
    sets = study.placebos[places].mean(axis=0)
    return np.asarray(np.exp(sets - sets.mean()))


def over_windows(
    daily: pd.DataFrame, rows: pd.DataFrame, windows: Sequence[int], sets: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """:func:`pooled` for several lengths of the window, with ``window`` and the ``region`` chosen.

    Each is done with every truce against the region that is its own, and against each region for all; a set whose
    truces all have that region as their own is not done twice.
    """
    parts = []
    for region in ("own", *sorted(rows["region"].unique())):
        chosen = rows if region == "own" else rows.assign(region=region)
        others = {
            name: kinds
            for name, kinds in sets.items()
            if region == "own" or not rows.loc[rows["kind"].isin(kinds), "region"].eq(region).all()
        }
        if not others:
            continue
        for window in windows:
            table = pooled(event_study(daily, chosen, Design(window=window)), others)
            parts.append(table.assign(window=window, region=region))
    return pd.concat(parts, ignore_index=True)


def moved(
    daily: pd.DataFrame, rows: pd.DataFrame, days: Sequence[int], sets: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """:func:`pooled` with every start moved by so many ``days`` (column ``moved``), to see what it is worth.

    A fall that is as large two weeks before the starts was not a fall at the starts. Placebos keep clear of the
    starts as they were.
    """
    began = rows.loc[rows["kind"].isin(BEGAN), "start"]
    parts = []
    for shift in days:
        shifted = rows.assign(start=rows["start"] + pd.Timedelta(days=shift))
        parts.append(pooled(event_study(daily, shifted, clear=began), sets).assign(moved=shift))
    return pd.concat(parts, ignore_index=True)


def calibration(
    daily: pd.DataFrame, rows: pd.DataFrame, sets: int, design: Design | None = None
) -> pd.DataFrame:
    """What :func:`pooled` says of starts drawn at random, where nothing began: one row per set of starts.

    Each set has as many starts as the halts of ``rows`` have episodes, with their regions, apart from each other and
    from every truce that began. If the method is sound, about one set in twenty ranks among the lowest twentieth, and
    nineteen intervals of twenty include 1. Columns as of :func:`pooled`.
    """
    design = design or Design()
    firsts = first_of_episode(rows[rows["kind"].isin(HALTS)], design.window)
    began = rows.loc[rows["kind"].isin(BEGAN), "start"]
    random = np.random.default_rng([design.seed, sets])
    parts = []
    for _ in range(sets):
        starts = _apart(daily.index, began, len(firsts), design, random)
        chosen = firsts.assign(start=starts).reset_index(drop=True)
        study = event_study(daily, chosen, design, clear=began)
        parts.append(pooled(study, {"random starts": HALTS}))
    return pd.concat(parts, ignore_index=True)


def _apart(
    days: pd.DatetimeIndex, began: pd.Series, size: int, design: Design, random: np.random.Generator
) -> pd.DatetimeIndex:
    """Random days of the span of the placebos whose windows share no day with each other's or a truce's."""
    span = days[(days >= design.first) & (days <= design.last)][2 * design.window : -2 * design.window]
    taken = _numbers(pd.DatetimeIndex(began))
    chosen: list[pd.Timestamp] = []
    while len(chosen) < size:
        day = span[random.integers(len(span))]
        number = _numbers(pd.DatetimeIndex([day]))
        if np.abs(taken - number).min() >= 2 * design.window:
            chosen.append(day)
            taken = np.append(taken, number)
    return pd.DatetimeIndex(sorted(chosen))


def survival(spells: pd.DataFrame, by: str, reading: str) -> pd.DataFrame:
    """Share of halts not yet collapsed by day, for each value of the column ``by``, at one ``reading`` of ends.

    ``spells`` is :func:`aleppo.measure.truces.spells`. One row per group and day on which one collapsed,
    and one at day 0: ``group``, ``days``, ``share``, ``low``, ``high`` (95 %, log-log; 0 to 1 where none is left, since
    nothing narrower can be had), ``at_risk``, ``collapses``.
    """
    from statsmodels.duration.survfunc import SurvfuncRight  # slow to import, and only this needs it

    parts = []
    for group, rows in spells.groupby(by, sort=True):
        curve = SurvfuncRight(
            rows[f"{reading}_days"].to_numpy(), rows[f"{reading}_collapsed"].to_numpy().astype(int)
        )
        low, high = _log_log(np.asarray(curve.surv_prob), np.asarray(curve.surv_prob_se))
        part = pd.DataFrame(
            {
                "group": group,
                "days": np.asarray(curve.surv_times).astype(int),
                "share": curve.surv_prob,
                "low": low,
                "high": high,
                "at_risk": np.asarray(curve.n_risk).astype(int),
                "collapses": np.asarray(curve.n_events).astype(int),
            }
        )
        start = {
            "group": group,
            "days": 0,
            "share": 1.0,
            "low": 1.0,
            "high": 1.0,
            "at_risk": len(rows),
            "collapses": 0,
        }
        parts.append(pd.concat([pd.DataFrame([start]), part], ignore_index=True))
    return pd.concat(parts, ignore_index=True)


def survival_band(spells: pd.DataFrame, by: str) -> pd.DataFrame:
    """:func:`survival` at both readings on the same days, with one interval that holds that of either.

    One row per group and day on which one collapsed at either reading: ``group``, ``days``, ``first``, ``last``
    (shares; missing past the last day on which any truce of the group was seen at that reading), ``low``, ``high``.
    """
    curves = {reading: survival(spells, by, reading) for reading in READINGS}
    parts = []
    for group, rows in spells.groupby(by, sort=True):
        mine = {
            reading: curve[curve["group"] == group].set_index("days") for reading, curve in curves.items()
        }
        days = sorted(set().union(*(curve.index for curve in mine.values())))
        steps = {}
        for reading, curve in mine.items():
            step = curve[["share", "low", "high"]].reindex(days, method="ffill")
            steps[reading] = step[step.index <= rows[f"{reading}_days"].max()].reindex(days)
        bounds = pd.concat([step[["low", "high"]] for step in steps.values()], axis=1)
        part = pd.DataFrame({reading: step["share"] for reading, step in steps.items()})
        part = part.assign(low=bounds["low"].min(axis=1), high=bounds["high"].max(axis=1), group=group)
        parts.append(part.rename_axis("days").reset_index())
    return pd.concat(parts, ignore_index=True)[["group", "days", *READINGS, "low", "high"]]


def _log_log(share: np.ndarray, error: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """95 % bounds on the scale of log(-log share)."""
    inner = (share > 0) & (share < 1)
    safe = np.where(inner, share, 0.5)
    reach = QUANTILE * np.where(inner, error, 0.0) / (safe * np.abs(np.log(safe)))
    low, high = safe ** np.exp(reach), safe ** np.exp(-reach)
    return np.where(inner, low, 0.0), np.where(inner, high, 1.0)


def medians(spells: pd.DataFrame, by: str) -> pd.DataFrame:
    """Days by which half of each group had collapsed, at both readings of the ends.

    The median is the first day on which at most half are left, its 95 % bounds the first days on which the lower
    and the upper bound of that share are (Brookmeyer and Crowley 1982). Columns ``group``, ``truces``, and for each
    reading ``collapsed_<reading>`` (how many), ``median_<reading>``, ``low_<reading>`` and ``high_<reading>``, missing
    where the share never comes so far.
    """
    table = spells.groupby(by, sort=True).size().rename_axis("group").rename("truces").to_frame()
    for reading in READINGS:
        curve = survival(spells, by, reading)
        table[f"collapsed_{reading}"] = curve.groupby("group")["collapses"].sum()
        for name, bound in {"median": "share", "low": "low", "high": "high"}.items():
            halved = curve[curve[bound] <= 0.5 + ROUNDING]
            table[f"{name}_{reading}"] = halved.groupby("group")["days"].min()
    return table.reset_index()
