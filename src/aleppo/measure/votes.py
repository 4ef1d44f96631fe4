"""Votes of the Security Council: outcomes, rolls, seats, agreement between members.

A *roll* is who voted how. Four positions are kept apart: in favour, against, abstaining, and absent (the member
had a seat and took no part). A member with a seat whose position no record gives is ``not_established``; a state
without a seat that year has no cell at all.
"""

from __future__ import annotations

from itertools import combinations

import pandas as pd

NOT_ESTABLISHED = "not_established"
POSITIONS = ("yes", "no", "abstain", "absent")
SUBJECTS = {
    "aleppo": "Aleppo",
    "ceasefire": "ceasefire",
    "aid": "aid",
    "chemical_weapons": "chemical weapons",
    "political": "political process",
}
PERMANENT_ORDER = ("RUS", "CHN", "FRA", "GBR", "USA")
BREAK = pd.Timestamp("2015-09-30")


def council_votes(votes: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Votes of the Security Council between two days, in date order, with what is drawn of each.

    ``votes`` is ``unsc_votes``. Adds ``year`` and ``vetoes`` (how many permanent members voted against a text
    that failed for that reason).
    """
    rows = votes[votes["date"].between(start, end)].sort_values(["date", "vote_id"], ignore_index=True)
    vetoes = rows["vetoed_by"].map(_listed).map(len)
    return rows.assign(year=rows["date"].dt.year, vetoes=vetoes)


def outcome_counts(votes: pd.DataFrame) -> pd.DataFrame:
    """Votes by year and outcome, one column per outcome, and the total."""
    table = pd.crosstab(votes["year"], votes["outcome"])
    return table.assign(total=table.sum(axis=1)).reset_index()


def vetoes_by_member(votes: pd.DataFrame) -> pd.Series:
    """How many of the vetoed texts each permanent member voted against, by ISO code, most first."""
    members = votes.loc[votes["vetoes"] > 0, "vetoed_by"].str.split(";").explode()
    return members.value_counts().sort_index().sort_values(ascending=False, kind="stable")


def contested(votes: pd.DataFrame) -> pd.DataFrame:
    """Those votes in which not all fifteen members voted in favour."""
    return votes[votes["yes"] < 15]


def derived_rolls(votes: pd.DataFrame) -> pd.DataFrame:
    """Votes whose note says that part of the roll follows from the membership, not from a page that names it."""
    return votes[votes["note"].fillna("").str.contains("derived from Council membership", regex=False)]


def subject_counts(votes: pd.DataFrame) -> pd.DataFrame:
    """How many texts touched each of ``SUBJECTS``, by outcome.

    One row per subject in their order: ``subject`` (code), ``label``, ``adopted``, ``vetoed``, ``failed``, ``total``.
    A text may touch several.
    """
    rows = []
    for subject, label in SUBJECTS.items():
        found = touching(votes, subject)
        counts = {name: int((found["outcome"] == name).sum()) for name in ("adopted", "vetoed", "failed")}
        rows.append({"subject": subject, "label": label, **counts, "total": len(found)})
    return pd.DataFrame(rows)


def touching(votes: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Votes on texts that touched ``subject``, a code of the column ``touches``."""
    return votes[votes["touches"].map(lambda cell: subject in _listed(cell)).astype(bool)]


def seats(membership: pd.DataFrame) -> pd.DataFrame:
    """Members in the order of the grid: the permanent five, then elected ones by first year and name.

    ``membership`` is ``unsc_membership``. One row per state: ``iso3``, ``member``, ``permanent``, ``first``,
    ``last`` (years), ``years`` (how many).
    """
    grouped = membership.groupby("iso3", sort=False)
    rows = grouped.agg(
        member=("member", "first"),
        permanent=("permanent", "first"),
        first=("year", "min"),
        last=("year", "max"),
        years=("year", "nunique"),
    ).reset_index()
    fixed = {iso3: place for place, iso3 in enumerate(PERMANENT_ORDER)}
    rank = rows["iso3"].map(fixed).fillna(len(fixed))
    return (
        rows.assign(rank=rank)
        .sort_values(["rank", "first", "last", "member"], ignore_index=True)
        .drop(columns="rank")
    )


def roll_grid(votes: pd.DataFrame, members: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """Who voted how: one row per member and vote in which the member had a seat.

    ``votes`` is :func:`council_votes`, ``members`` ``unsc_member_votes``. Columns: ``vote_id``, ``iso3``, ``vote``
    (a position, or ``not_established`` where the roll lacks it), ``verified``, ``seat`` (place in :func:`seats`),
    ``column`` (place of the vote in ``votes``).
    """
    order = seats(membership)
    place = pd.Series(order.index, index=order["iso3"])
    cast = members.set_index(["vote_id", "iso3"])[["vote", "verified"]]
    due = votes[["vote_id", "year"]].assign(column=range(len(votes)))
    grid = due.merge(membership[["year", "iso3"]], on="year").join(cast, on=["vote_id", "iso3"])
    grid = grid.assign(
        vote=grid["vote"].fillna(NOT_ESTABLISHED),
        verified=grid["verified"].fillna("no"),
        seat=grid["iso3"].map(place),
    )
    kept = ["vote_id", "iso3", "vote", "verified", "seat", "column"]
    return grid[kept].sort_values(["column", "seat"], ignore_index=True)


def seat_check(votes: pd.DataFrame, members: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """The rolls against the Council of the year: by year, seats, votes, and what does not fit.

    ``without_seat``: member votes of states that had none; ``without_vote``: seats of which a vote of that year
    gives no position. A year in which the Council sat and did not vote has zero of both.
    """
    dated = members.merge(votes[["vote_id", "year"]], on="vote_id")
    held = set(zip(membership["year"], membership["iso3"], strict=True))
    stray = [(year, iso3) not in held for year, iso3 in zip(dated["year"], dated["iso3"], strict=True)]
    grid = roll_grid(votes, members, membership).merge(votes[["vote_id", "year"]], on="vote_id")
    empty = grid[grid["vote"] == NOT_ESTABLISHED]
    by_year = pd.DataFrame({"seats": membership.groupby("year").size()})
    by_year["votes"] = votes.groupby("year").size()
    by_year["without_seat"] = dated[stray].groupby("year").size()
    by_year["without_vote"] = empty.groupby("year").size()
    return by_year.fillna(0).astype(int).reset_index()


def agreement(
    votes: pd.DataFrame, members: pd.DataFrame, pairs: list[tuple[str, str]] | None = None
) -> pd.DataFrame:
    """Pairwise share of votes in which two members took the same position.

    Of the votes in ``votes`` in which both have a position on record (absences and positions not established are
    left out). One row per pair: ``a``, ``b``, ``n`` (votes in common), ``same``, ``share``; a pair with no vote
    in common is left out. ``pairs`` None takes every pair of ``members``, in the order of their codes.
    """
    cast = members[members["vote_id"].isin(votes["vote_id"]) & members["vote"].isin(("yes", "no", "abstain"))]
    wide = cast.pivot(index="vote_id", columns="iso3", values="vote")
    rows = []
    for a, b in pairs if pairs is not None else combinations(sorted(wide.columns), 2):
        if a not in wide or b not in wide:
            continue
        both = wide[[a, b]].dropna()
        if len(both):
            same = int((both[a] == both[b]).sum())
            rows.append({"a": a, "b": b, "n": len(both), "same": same, "share": same / len(both)})
    return pd.DataFrame(rows, columns=["a", "b", "n", "same", "share"])


def agreement_by_year(
    votes: pd.DataFrame, members: pd.DataFrame, pairs: list[tuple[str, str]]
) -> pd.DataFrame:
    """:func:`agreement` of ``pairs`` in each year of ``votes``, with a column ``year``."""
    years = [agreement(rows, members, pairs).assign(year=int(year)) for year, rows in votes.groupby("year")]
    return pd.concat(years, ignore_index=True)


def with_permanent(votes: pd.DataFrame, members: pd.DataFrame, membership: pd.DataFrame) -> pd.DataFrame:
    """How often each elected member took the position of each permanent one.

    One row per elected member with a vote in common: ``iso3``, ``first``, ``last``, ``n`` and one column per
    permanent member with the number of votes in which both took the same position.
    """
    order = seats(membership)
    rows = []
    for seat in order[order["permanent"] == "no"].itertuples():
        pairs = [(seat.iso3, permanent) for permanent in PERMANENT_ORDER]
        found = agreement(votes, members, pairs)
        if len(found):
            same = found.set_index("b")["same"].reindex(list(PERMANENT_ORDER)).fillna(0).astype(int)
            rows.append(
                {"iso3": seat.iso3, "first": seat.first, "last": seat.last, "n": found["n"].max(), **same}
            )
    return pd.DataFrame(rows, columns=["iso3", "first", "last", "n", *PERMANENT_ORDER])


def explained(votes: pd.DataFrame, explanations: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The statements on these votes, in the order of the votes, each with how the member voted.

    ``explanations`` is ``vote_explanations``. Adds ``date``, ``symbol``, ``outcome`` of the vote and ``vote`` of the
    member; within a vote those against come first, then abstentions, then those in favour.
    """
    cast = members[["vote_id", "iso3", "vote"]]
    rows = explanations.merge(votes[["vote_id", "date", "symbol", "outcome"]], on="vote_id")
    rows = rows.merge(cast, on=["vote_id", "iso3"], how="left")
    rows = rows.assign(vote=rows["vote"].fillna(NOT_ESTABLISHED))
    side = rows["vote"].map({"no": 0, "abstain": 1, "yes": 2}).fillna(3)
    ordered = rows.assign(side=side).sort_values(["date", "vote_id", "side", "iso3"], ignore_index=True)
    return ordered.drop(columns="side")


def unexplained(votes: pd.DataFrame, explanations: pd.DataFrame) -> pd.DataFrame:
    """Votes on which no statement is held."""
    return votes[~votes["vote_id"].isin(explanations["vote_id"])]


def _listed(cell: object) -> list[str]:
    return [part for part in str(cell).split(";") if part] if pd.notna(cell) else []
