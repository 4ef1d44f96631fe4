"""What changed hands, when, and for how long: captures, losses and durations, from dated spells.

A place is **captured** when a party comes to hold it alone and the party that last held it alone was another; the
same day is the other's **loss**. Fighting that ends with the old holder is no capture. The day is that of the first
spell of the new sole holder; how exactly it is known is the spell's ``start_precision``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from aleppo.measure.control import CONTESTED

# Weights of the confidence that a spell is coded with: a convention, in equal steps.
CONFIDENCE_WEIGHTS: Mapping[str, float] = {"high": 1.0, "medium": 2 / 3, "low": 1 / 3}
# Starts that can be put into a week.
DATED = ("day", "week")


def captures(spells: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Every change of the sole holder of a place, in order of day and place.

    Columns: ``place_id, date, captor, loser, fought_days`` (days contested between the two, 0 for none),
    ``confidence, start_precision, source_ids`` of the captor's spell, and ``area_km2`` (missing for points). The
    first spell of a place opens the period covered and is no capture; nor is the first sole holder of a place that
    was contested from the start.
    """
    rows = spells.sort_values(["place_id", "start"], ignore_index=True)
    sole = rows[rows["holder"] != CONTESTED]
    before = sole.groupby("place_id").shift()
    taken = before["holder"].notna() & (before["holder"] != sole["holder"]).fillna(False)
    found = sole[taken].assign(
        captor=sole["holder"],
        loser=before["holder"],
        fought_days=(sole["start"] - before["end"]).dt.days - 1,
        area_km2=sole["place_id"].map(places.set_index("place_id")["area_km2"]),
        date=sole["start"],
    )
    columns = ["place_id", "date", "captor", "loser", "fought_days", "confidence", "start_precision"]
    kept = found[[*columns, "area_km2", "source_ids"]].astype({"fought_days": int})
    return kept.sort_values(["date", "place_id"], ignore_index=True)


def weekly_captures(
    found: pd.DataFrame,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    *,
    confidences: Collection[str] = tuple(CONFIDENCE_WEIGHTS),
    precisions: Collection[str] = DATED,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Places and area captured and lost per week (from Monday) by each party, weeks without any included.

    ``found`` is :func:`captures`. ``confidences`` and ``precisions`` choose which captures count: by default every
    confidence, and only days known to the week. ``weights`` (such as :data:`CONFIDENCE_WEIGHTS`) counts each capture
    by its confidence; without them each counts one. Returns one row per week and party: ``week, holder, captured,
    lost, net, captured_km2, lost_km2``; points without a surface count a place and no area.
    """
    kept = found[found["confidence"].isin(confidences) & found["start_precision"].isin(precisions)]
    week = kept["date"] - pd.to_timedelta(kept["date"].dt.day_of_week, unit="D")
    weight = kept["confidence"].map(weights).astype(float) if weights else pd.Series(1.0, kept.index)
    cells = pd.DataFrame({"week": week, "n": weight, "km2": weight * kept["area_km2"].fillna(0.0)})
    first, last = (day - pd.Timedelta(days=day.weekday()) for day in map(pd.Timestamp, (start, end)))
    weeks = pd.date_range(first, last, freq="7D", name="week")
    names = sorted(set(found["captor"]) | set(found["loser"]))
    grid = pd.MultiIndex.from_product([weeks, names], names=["week", "holder"])

    def summed(side: str) -> pd.DataFrame:
        groups = cells.assign(holder=kept[side]).groupby(["week", "holder"])[["n", "km2"]]
        return groups.sum().reindex(grid, fill_value=0.0)

    gained, lost = summed("captor"), summed("loser")
    return pd.DataFrame(
        {
            "captured": gained["n"],
            "lost": lost["n"],
            "net": gained["n"] - lost["n"],
            "captured_km2": gained["km2"].round(3),
            "lost_km2": lost["km2"].round(3),
        }
    ).reset_index()


def days_held(
    spells: pd.DataFrame, start: str | pd.Timestamp, end: str | pd.Timestamp, key: str = "place_id"
) -> pd.DataFrame:
    """Days from ``start`` to ``end`` (both included) on which each holder held each place alone, or it was contested.

    One row per place, one column per holder (``contested`` among them); a row adds up to the length of the period
    where the spells cover it. ``key`` names the column of places (``town_id`` for towns).
    """
    first, last = pd.Timestamp(start), pd.Timestamp(end)
    length = (spells["end"].clip(upper=last) - spells["start"].clip(lower=first)).dt.days + 1
    days = spells.assign(days=np.maximum(length, 0))
    return days.pivot_table(
        index=key, columns="holder", values="days", aggfunc="sum", fill_value=0, observed=False
    ).astype(int)


def codings_by_day(spells: pd.DataFrame, start: str | pd.Timestamp, end: str | pd.Timestamp) -> pd.DataFrame:
    """How well the coding of each day is supported.

    Per day: ``high, medium, low``, the changes coded to that day by confidence; ``contested``, the places contested
    on it; ``resting_low``, the places whose state rests on low confidence.
    """
    days = pd.date_range(start, end, freq="D", name="date")
    changes = spells[spells["start"].isin(days)]
    counts = changes.groupby(["start", "confidence"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=days, columns=list(CONFIDENCE_WEIGHTS), fill_value=0).rename_axis(
        index="date", columns=None
    )
    begins, ends = spells["start"].to_numpy(), spells["end"].to_numpy()
    covers = (begins <= days.to_numpy()[:, None]) & (ends >= days.to_numpy()[:, None])
    return counts.assign(
        contested=covers @ (spells["holder"] == CONTESTED).to_numpy(int),
        resting_low=covers @ (spells["confidence"] == "low").to_numpy(int),
    ).astype(int)
