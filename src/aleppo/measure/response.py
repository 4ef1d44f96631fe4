"""The international response: votes, vetoes and what they touched."""

from __future__ import annotations

import pandas as pd


def council_votes(votes: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Votes of the Security Council between two days, in date order, with what is drawn of each.

    ``votes`` is ``unsc_votes``. Adds ``year`` and ``vetoes`` (how many permanent members voted against a text
    that failed for that reason).
    """
    rows = votes[votes["date"].between(start, end)].sort_values(["date", "vote_id"], ignore_index=True)
    vetoes = rows["vetoed_by"].fillna("").map(lambda members: len([m for m in members.split(";") if m]))
    return rows.assign(year=rows["date"].dt.year, vetoes=vetoes)


def outcome_counts(votes: pd.DataFrame) -> pd.DataFrame:
    """Votes by year and outcome, one column per outcome, and the total."""
    table = pd.crosstab(votes["year"], votes["outcome"])
    return table.assign(total=table.sum(axis=1)).reset_index()


def vetoes_by_member(votes: pd.DataFrame) -> pd.Series:
    """How many of the vetoed texts each permanent member voted against, by ISO code, most first."""
    members = votes.loc[votes["vetoes"] > 0, "vetoed_by"].str.split(";").explode()
    return members.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def truces(ceasefires: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Truces, pauses and aid windows that covered Aleppo and began between two days, in date order.

    ``ceasefires`` is the table of that name. Left out are talks (area "Diplomatic"), areas that do not hold
    Aleppo, and proposals that never came into force. ``start`` and ``end`` become days; an end known to the month, or
    not at all, is missing. Adds ``nationwide``: covers the country, and did not end within two days.
    """
    area, name = ceasefires["area"].fillna(""), ceasefires["name"]
    covers = area.str.contains("Aleppo|Nationwide") & ~name.str.contains("proposal|offer|Munich")
    rows = ceasefires[covers].assign(start=_full_days(ceasefires["start"]), end=_full_days(ceasefires["end"]))
    rows = rows[rows["start"].between(start, end)]
    brief = (rows["end"] - rows["start"]).dt.days <= 2
    nationwide = rows["area"].str.startswith("Nationwide") & ~brief
    return rows.assign(nationwide=nationwide).sort_values(["start", "ceasefire_id"], ignore_index=True)


def _full_days(dates: pd.Series) -> pd.Series:
    """Days as timestamps; a month or a year alone is no day, and becomes missing."""
    return pd.to_datetime(dates.astype(object), format="%Y-%m-%d", errors="coerce")
