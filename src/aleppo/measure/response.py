"""The international response: votes, vetoes and what they touched."""

from __future__ import annotations

import pandas as pd

from aleppo.measure.truces import truces

__all__ = ["council_votes", "outcome_counts", "truces", "vetoes_by_member"]


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
