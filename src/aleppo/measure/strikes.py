"""Where the alleged Russian strikes fell: incidents by month, governorate and grading, and shares of targets.

Incidents are Airwars' (``airwars_monthly``): allegations of civilian harm with the publisher's grading of the
evidence, which stays with every count. Monitoring of Russian strikes begins on 30 September 2015 by
construction, so nothing here is a before-and-after. An incident that names further forces beside Russia is kept
apart (``alone`` false) and never added to those of Russia alone without saying so.
"""

from __future__ import annotations

import pandas as pd

RUSSIA = "Russian Military"
FAIR = "fair or confirmed"
GRADES = {
    "Confirmed": FAIR,
    "Fair": FAIR,
    "Contested": "contested",
    "Contested, Discounted": "contested",
    "Weak": "weak",
    "Discounted": "discounted",
    "not stated": "not graded",
}
# The publisher writes Damascus for much of Rural Damascus as well
DAMASCUS = {"SY01": "SY01;SY03", "SY03": "SY01;SY03"}
DAMASCUS_NAME = "Damascus and Rural Damascus"
SUMS = ["incidents", "killed_min", "killed_max", "killed_not_stated"]
ON, NOT_ON = "share of strikes on Islamic State", "share of strikes not on Islamic State"


def russian_incidents(airwars: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Rows of ``airwars_monthly`` that name Russia, for the months from ``start`` to ``end``, both included.

    Adds ``alone`` (no other force is named) and ``grade`` (the values of ``GRADES``), and puts Damascus and
    Rural Damascus together. Raises KeyError for a grading that ``GRADES`` does not know.
    """
    named = airwars["belligerent"].str.split(";").map(lambda names: RUSSIA in names).astype(bool)
    rows = airwars[named & airwars["month"].between(start, end)]
    return rows.assign(
        alone=rows["attribution"] == "single",
        grade=[GRADES[grading] for grading in rows["grading"]],
        governorate=rows["governorate"].replace(DAMASCUS),
    ).reset_index(drop=True)


def by_month(rows: pd.DataFrame, keys: list[str] | None = None) -> pd.DataFrame:
    """Sums of ``SUMS`` of :func:`russian_incidents` by month, and by ``keys`` within it."""
    return rows.groupby(["month", *(keys or [])])[SUMS].sum().reset_index()


def grid(rows: pd.DataFrame, months: list[str]) -> pd.DataFrame:
    """Incidents by governorate (rows, most incidents first) and month (columns, all of ``months``).

    A cell without an incident is zero: no allegation was recorded, which is not the same as no harm.
    """
    table = rows.pivot_table(index="governorate", columns="month", values="incidents", aggfunc="sum")
    table = table.reindex(columns=months).fillna(0).astype(int)
    return table.loc[table.sum(axis="columns").sort_values(ascending=False, kind="stable").index]


def by_governorate(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per governorate: incidents that name Russia alone by grade, and the civilians alleged killed.

    Columns: ``governorate, incidents, fair_incidents, contested_incidents, other_incidents`` (weak, discounted
    or not graded), ``killed_min, killed_max, fair_killed_min, fair_killed_max, killed_not_stated`` and
    ``several_incidents`` (that name further forces; in none of the others). Most incidents first.
    """
    alone = rows[rows["alone"]]
    sums = alone.groupby("governorate")[SUMS].sum()
    grades = alone.pivot_table(
        index="governorate", columns="grade", values="incidents", aggfunc="sum"
    ).fillna(0)
    fair = alone[alone["grade"] == FAIR].groupby("governorate")[["killed_min", "killed_max"]].sum()
    several = rows[~rows["alone"]].groupby("governorate")["incidents"].sum()
    table = sums.join(fair.add_prefix("fair_")).join(several.rename("several_incidents"), how="outer")
    table["fair_incidents"] = grades.get(FAIR, pd.Series(dtype=float))
    table["contested_incidents"] = grades.get("contested", pd.Series(dtype=float))
    table = table.fillna(0).astype(int)
    table["other_incidents"] = table["incidents"] - table["fair_incidents"] - table["contested_incidents"]
    return table.sort_values("incidents", ascending=False, kind="stable").reset_index()


def fair_share(rows: pd.DataFrame) -> float:
    """Share of the incidents that are graded fair or confirmed. Raises ValueError where there is none."""
    total = int(rows["incidents"].sum())
    if not total:
        raise ValueError("a share of no incidents")
    return float(rows.loc[rows["grade"] == FAIR, "incidents"].sum() / total)


def place_share(rows: pd.DataFrame, governorate: str) -> float:
    """Share of the incidents in one governorate. Raises ValueError where there is no incident at all."""
    total = int(rows["incidents"].sum())
    if not total:
        raise ValueError("a share of no incidents")
    return float(rows.loc[rows["governorate"] == governorate, "incidents"].sum() / total)


def not_on_islamic_state(estimates: pd.DataFrame) -> pd.DataFrame:
    """Published shares of strikes or targets that were not on Islamic State, as fractions, in order of time.

    A share on Islamic State is taken from the whole, which turns its bounds round. Columns: ``estimate_id, low,
    best, high, said_of`` (what was published), ``attributed_to, perpetrator, period_start, period_end, method,
    source_ids, verified``.
    """
    rows = estimates[estimates["quantity"].isin([ON, NOT_ON])].copy()
    turned = rows["quantity"] == ON
    shares = rows[["low", "best", "high"]].astype(float) / 100
    flipped = (1 - shares).rename(columns={"low": "high", "high": "low"})[["low", "best", "high"]]
    rows[["low", "best", "high"]] = shares.where(~turned, flipped).round(6)
    rows["said_of"] = rows["quantity"]
    kept = ["estimate_id", "low", "best", "high", "said_of", "attributed_to", "perpetrator"]
    kept += ["period_start", "period_end", "method", "source_ids", "verified"]
    by_time = rows.assign(day=rows["period_end"].str.ljust(10, "9")).sort_values(["day", "estimate_id"])
    return by_time[kept].reset_index(drop=True)


def coalition_weeks(weekly: pd.DataFrame, named: list[str]) -> pd.DataFrame:
    """Strikes in Syria that the US-led coalition reported, by week: the governorates ``named``, and ``other``.

    ``weekly`` is ``coalition_strikes_weekly``; ``other`` holds the other governorates and places not found.
    """
    syria = weekly[weekly["country"] == "SYR"]
    place = syria["governorate"].where(syria["governorate"].isin(named), "other")
    table = syria.groupby([syria["week"], place])["strikes"].sum().unstack(fill_value=0)
    return table.reindex(columns=[*named, "other"], fill_value=0).rename_axis(columns=None)
