"""How far the uncertainty of the spells reaches into the area held: simulated, and turned one screw at a time.

In each draw of the simulation

* every start moves by up to its precision either way, all days alike (:data:`REACH`); a start of low confidence
  by at least a week;
* every contested spell counts wholly for one of its parties, each as likely as the other;
* every spell of low confidence that lasts a month at most is left out in half of the draws: the spells before and
  after it meet on one of its days.

The order of a place's spells is kept. The draws are independent between places, so that an error common to all
sources (a map copied by everybody, a front reported days late) is not in the band.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from aleppo.measure.control import CONTESTED, contests, held_area, number_of_parties

# Days by which a start may move either way, by its precision.
REACH: Mapping[str, int] = {"day": 1, "week": 7, "month": 30, "year": 365}
REACH_OF_LOW = 7
SHORT = 31
# The part of the draws that a band holds
CENTRAL_PART = 0.9
SEED = 20160930


@dataclass(frozen=True)
class _Coded:
    """The spells as arrays, sorted by place and start; days count from the first day asked for."""

    start: np.ndarray
    end: np.ndarray
    reach: np.ndarray
    first: np.ndarray
    doubtful: np.ndarray
    sole: np.ndarray
    part: np.ndarray
    rank: np.ndarray


def simulate_area(
    spells: pd.DataFrame,
    places: pd.DataFrame,
    holder: str,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    *,
    draws: int = 1000,
    seed: int = SEED,
) -> np.ndarray:
    """Area in km² that ``holder`` held on each day from ``start`` to ``end``: one row per draw, one column per day.

    ``spells`` needs ``place_id, holder, contested_by, start, end, start_precision, confidence`` and covers each place
    without gap; ``places`` needs ``place_id, area_km2``. Places without a surface count nothing. The same seed gives
    the same draws.
    """
    days = pd.date_range(start, end, freq="D")
    coded = _coded(spells, places, holder, days[0])
    random = np.random.default_rng(seed)
    starts = _moved_starts(coded, draws, random)
    weight = coded.sole + coded.part * (random.random((draws, len(coded.start))) < _chance(spells))
    # what a spell adds is what it holds beyond the spell before it in the same place
    step = np.diff(weight, axis=1, prepend=0.0)
    step[:, coded.first] = weight[:, coded.first]
    width = len(days) + 1
    place = np.clip(starts, 0, len(days)) + width * np.arange(draws)[:, None]
    changes = np.bincount(place.ravel(), step.ravel(), minlength=draws * width).reshape(draws, width)
    return np.cumsum(changes[:, :-1], axis=1)


def _coded(spells: pd.DataFrame, places: pd.DataFrame, holder: str, origin: pd.Timestamp) -> _Coded:
    rows = _sorted(spells)
    surface = rows["place_id"].map(places.set_index("place_id")["area_km2"]).astype(float).fillna(0.0)
    low = rows["confidence"] == "low"
    reach = rows["start_precision"].map(REACH).astype(int)
    start = (rows["start"] - origin).dt.days.to_numpy(int)
    end = (rows["end"] - origin).dt.days.to_numpy(int)
    rank = rows.groupby("place_id").cumcount().to_numpy(int)
    last = ~rows["place_id"].duplicated(keep="last").to_numpy(bool)
    return _Coded(
        start=start,
        end=end,
        reach=np.where(low, np.maximum(reach, REACH_OF_LOW), reach),
        first=rank == 0,
        # without a spell on either side there is nothing that could take its days
        doubtful=low.to_numpy(bool) & (end - start < SHORT) & (rank > 0) & ~last,
        sole=surface.where(rows["holder"] == holder, 0.0).to_numpy(float),
        part=surface.where(contests(rows, holder), 0.0).to_numpy(float),
        rank=rank,
    )


def _sorted(spells: pd.DataFrame) -> pd.DataFrame:
    return spells.sort_values(["place_id", "start"], ignore_index=True)


def _chance(spells: pd.DataFrame) -> np.ndarray:
    """The chance that a contested spell is wholly the party's: one in the number of its parties."""
    rows = _sorted(spells)
    return np.where(rows["holder"] == CONTESTED, 1 / number_of_parties(rows), 0.0)


def _moved_starts(coded: _Coded, draws: int, random: np.random.Generator) -> np.ndarray:
    """Day of each start in each draw, in order within a place; a spell left out starts with the next."""
    size = (draws, len(coded.start))
    starts = coded.start + random.integers(-coded.reach, coded.reach + 1, size=size)
    starts[:, coded.first] = coded.start[coded.first]
    place = np.flatnonzero(coded.doubtful)
    left_out = random.random((draws, len(place))) < 0.5
    meeting = random.integers(coded.start[place], coded.end[place] + 2, size=left_out.shape)
    starts[:, place] = np.where(left_out, meeting, starts[:, place])
    starts[:, place + 1] = np.where(left_out, meeting, starts[:, place + 1])
    for rank in range(1, int(coded.rank.max()) + 1):
        at = np.flatnonzero(coded.rank == rank)
        starts[:, at] = np.maximum(starts[:, at], starts[:, at - 1])
    return starts


def simulated_band(
    areas: np.ndarray, days: pd.DatetimeIndex, whole: float, *, central: float = CENTRAL_PART
) -> pd.DataFrame:
    """The middle and the ``central`` part (a fraction) of the draws of :func:`simulate_area`, as shares of ``whole``.

    Indexed by day: ``low, median, high``.
    """
    tail = (1 - central) / 2
    low, median, high = np.quantile(areas / whole, [tail, 0.5, 1 - tail], axis=0)
    return pd.DataFrame(
        {"low": low, "median": median, "high": high}, index=pd.Index(days, name="date")
    ).round(4)


def moved(spells: pd.DataFrame, which: pd.Series, days: int) -> pd.DataFrame:
    """``spells`` with the starts marked in ``which`` moved by ``days``, and the spells before them ended to fit.

    The first spell of a place stays. A spell that would begin after its own end, or before its forerunner, gives way:
    starts are kept in order, and a spell left without a day is dropped.
    """
    rows = spells.assign(_move=which.astype(bool)).sort_values(["place_id", "start"], ignore_index=True)
    first = ~rows["place_id"].duplicated()
    shift = pd.to_timedelta(np.where(rows["_move"] & ~first, days, 0), unit="D")
    closes = rows.groupby("place_id")["end"].transform("max")
    rows["start"] = (rows["start"] + shift).groupby(rows["place_id"]).cummax()
    after = rows.groupby("place_id")["start"].shift(-1)
    rows["end"] = (after - pd.Timedelta(days=1)).fillna(closes)
    return rows[rows["start"] <= rows["end"]].drop(columns="_move").reset_index(drop=True)


def left_out(spells: pd.DataFrame, which: pd.Series, *, to: str) -> pd.DataFrame:
    """``spells`` without those marked in ``which``; their days go to the spell ``before`` or ``after`` them.

    A spell without a neighbour on that side stays as it is.
    """
    rows = spells.assign(_out=which.astype(bool)).sort_values(["place_id", "start"], ignore_index=True)
    edge = ~rows["place_id"].duplicated(keep="first" if to == "before" else "last")
    kept = rows[~rows["_out"] | edge].drop(columns="_out").reset_index(drop=True)
    whole = rows.groupby("place_id").agg(opens=("start", "min"), closes=("end", "max"))
    groups = kept.groupby("place_id")
    if to == "before":
        after = groups["start"].shift(-1) - pd.Timedelta(days=1)
        return kept.assign(end=after.fillna(kept["place_id"].map(whole["closes"])))
    before = groups["end"].shift() + pd.Timedelta(days=1)
    return kept.assign(start=before.fillna(kept["place_id"].map(whole["opens"])))


def sensitivities(
    spells: pd.DataFrame, places: pd.DataFrame, holder: str, reference: str, days: list[str]
) -> pd.DataFrame:
    """The share of ``holder`` on each of ``days`` under other readings of the same spells.

    Each row is one reading: ``reading`` (in words) and one column per day with its midpoint as a share of the
    midpoint on ``reference`` under that reading. Where contested places are counted wholly one way, the whole is
    the midpoint as coded.
    """
    first, last = min([reference, *days]), max([reference, *days])

    def area(rows: pd.DataFrame) -> pd.DataFrame:
        return held_area(rows, places, holder, first, last)

    coded = area(spells)
    whole = coded.at[pd.Timestamp(reference), "midpoint_km2"]
    readings = {
        "as coded": coded["midpoint_km2"] / whole,
        "contested places all counted as held": coded["upper_km2"] / whole,
        "contested places all counted as not held": coded["firm_km2"] / whole,
    }
    for words, rows in _other_spells(spells).items():
        held = area(rows)["midpoint_km2"]
        readings[words] = held / held[pd.Timestamp(reference)]
    table = pd.DataFrame(readings).T[pd.to_datetime(days)]
    table.columns = list(days)
    table.loc["only places of medium or high confidence on both days"] = [
        _share_of_the_sure(spells, places, holder, reference, day) for day in days
    ]
    return table.rename_axis("reading").reset_index()


def _other_spells(spells: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Reading, in words → the spells as they would be coded under it."""
    low = spells["confidence"] == "low"
    short = low & ((spells["end"] - spells["start"]).dt.days < SHORT)
    precision = spells["start_precision"]
    return {
        "low-confidence spells of a month or less left out, days to the spell before": left_out(
            spells, short, to="before"
        ),
        "low-confidence spells of a month or less left out, days to the spell after": left_out(
            spells, short, to="after"
        ),
        "starts of low confidence a week earlier": moved(spells, low, -7),
        "starts of low confidence a week later": moved(spells, low, 7),
        "starts known to the week a week earlier": moved(spells, precision == "week", -7),
        "starts known to the week a week later": moved(spells, precision == "week", 7),
        "starts known to the month or year a month earlier": moved(
            spells, precision.isin(["month", "year"]), -30
        ),
        "starts known to the month or year a month later": moved(
            spells, precision.isin(["month", "year"]), 30
        ),
        "every start a day earlier": moved(spells, precision.notna(), -1),
        "every start a day later": moved(spells, precision.notna(), 1),
    }


def _share_of_the_sure(
    spells: pd.DataFrame, places: pd.DataFrame, holder: str, reference: str, day: str
) -> float:
    """The share among places whose state rests on more than low confidence on both days."""
    sure = spells[spells["confidence"] != "low"]
    both = [
        set(sure.loc[(sure["start"] <= when) & (sure["end"] >= when), "place_id"])
        for when in (pd.Timestamp(reference), pd.Timestamp(day))
    ]
    kept = spells[spells["place_id"].isin(both[0] & both[1])]
    held = [held_area(kept, places, holder, when, when)["midpoint_km2"].iloc[0] for when in (day, reference)]
    return float(held[0] / held[1])
