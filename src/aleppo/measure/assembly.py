"""Votes of the General Assembly and the Human Rights Council: totals, rolls, and how members' votes changed.

Four things are told apart: a recorded position (in favour, against, abstaining, or absent), ``not_established`` (a
member of which no page says how it voted), ``no_record`` (the roll that was read has no row for it: it took no
part, or the data set lacks it), and a vote of which no roll is held at all.
"""

from __future__ import annotations

import pandas as pd

ASSEMBLY, RIGHTS_COUNCIL = "UN General Assembly", "UN Human Rights Council"
MEMBERS = {ASSEMBLY: 193, RIGHTS_COUNCIL: 47}
NO_RECORD = "no_record"
POSITIONS = ("yes", "abstain", "no")
ANNUAL = "Human rights in Syria"  # the subject of the yearly text on human rights, put in much the same form


def body_votes(votes: pd.DataFrame, body: str) -> pd.DataFrame:
    """Votes of one body in date order; ``votes`` is ``un_body_votes``.

    Adds ``year``, ``seats`` (members of the body) and ``others`` (seats with none of the three votes: they took no
    part, or had no vote).
    """
    rows = votes[votes["body"] == body].sort_values(["date", "vote_id"], ignore_index=True)
    cast = rows[["yes", "abstain", "no"]].sum(axis="columns")
    return rows.assign(year=rows["date"].dt.year, seats=MEMBERS[body], others=MEMBERS[body] - cast)


def annual(votes: pd.DataFrame) -> pd.DataFrame:
    """The Assembly's yearly texts on human rights in Syria: the ones that can be compared with each other."""
    rows = body_votes(votes, ASSEMBLY)
    return rows[rows["subject"] == ANNUAL].reset_index(drop=True)


def positions(members: pd.DataFrame, vote_ids: list[str]) -> pd.DataFrame:
    """Who voted how in several votes: one row per state (index ``iso3``), one column per vote.

    ``members`` is ``un_body_member_votes``. The states are all that have a row in any of the votes; a state without a
    row in one of them has ``no_record`` there.
    """
    rows = members[members["vote_id"].isin(vote_ids)]
    wide = rows.pivot(index="iso3", columns="vote_id", values="vote")
    return wide.reindex(columns=vote_ids).fillna(NO_RECORD)


def whole_roll(members: pd.DataFrame, vote_id: str, vote_ids: list[str]) -> pd.DataFrame:
    """One vote with a row for every state that has one in any of ``vote_ids``: ``iso3``, ``vote``, ``verified``.

    ``vote`` is ``no_record`` where the roll of the vote has no row for the state.
    """
    votes = positions(members, vote_ids)[vote_id].rename("vote").reset_index()
    own = members[members["vote_id"] == vote_id].set_index("iso3")["verified"]
    return votes.assign(verified=votes["iso3"].map(own).fillna("yes"))


def changes(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """From the vote ``first`` to the vote ``last``: how many states went from which position to which.

    ``table`` is :func:`positions`. One row per pair of positions that occurs: ``before``, ``after``, ``states`` and
    ``iso3`` (their codes, sorted, joined by ``;``). ``no_record`` is one of the positions.
    """
    pairs = pd.DataFrame({"before": table[first], "after": table[last]}).rename_axis("iso3").reset_index()
    rows = pairs.groupby(["before", "after"])["iso3"].agg(["size", lambda codes: ";".join(sorted(codes))])
    rows.columns = pd.Index(["states", "iso3"])
    return rows.reset_index()


def moved(table: pd.DataFrame, first: str, last: str) -> pd.DataFrame:
    """States with a vote on record both times that voted differently: ``iso3``, ``before``, ``after``, ``step``.

    ``step`` is the way they went on the scale against, abstaining, in favour: +1 or +2 towards the text, −1 or −2 away
    from it.
    """
    scale = {"no": 0, "abstain": 1, "yes": 2}
    rows = table.rename(columns={first: "before", last: "after"})[["before", "after"]]
    rows = rows[rows["before"].isin(scale) & rows["after"].isin(scale) & (rows["before"] != rows["after"])]
    step = rows["after"].map(scale) - rows["before"].map(scale)
    return rows.assign(step=step.astype(int)).reset_index().sort_values(["step", "iso3"], ignore_index=True)


def by_pattern(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of :func:`positions`, from those that voted for most of the texts to those that voted against them.

    Ordered by the mean of in favour (2), abstaining (1) and against (0) over the votes on record; then by the votes
    themselves and the code, so that like rows stand together.
    """
    scores = table.replace({"yes": 2, "abstain": 1, "no": 0}).apply(pd.to_numeric, errors="coerce")
    key = pd.DataFrame(
        {"mean": -scores.mean(axis="columns").fillna(-1), "code": table.index}, index=table.index
    )
    key["votes"] = table.agg("".join, axis="columns")
    return table.loc[key.sort_values(["mean", "votes", "code"]).index]


def records(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """What is on record of each vote's roll, against its totals.

    Adds to ``votes`` (of one body): ``rows`` (members' votes held), ``not_established``, ``unverified`` (rows that no
    page confirms, those not established left out) and ``short`` (votes in the totals without a member's name).
    """
    grouped = members.groupby("vote_id")
    unknown = members["vote"] == "not_established"
    doubted = (members["verified"] == "no") & ~unknown
    counts = pd.DataFrame(
        {
            "rows": grouped.size(),
            "not_established": unknown.groupby(members["vote_id"]).sum(),
            "unverified": doubted.groupby(members["vote_id"]).sum(),
            "named": members["vote"].isin(POSITIONS).groupby(members["vote_id"]).sum(),
        }
    )
    joined = votes.join(counts, on="vote_id")
    joined[list(counts.columns)] = joined[list(counts.columns)].fillna(0).astype(int)
    short = joined[["yes", "abstain", "no"]].sum(axis="columns") - joined["named"]
    return joined.assign(short=short).drop(columns="named")


def missing_votes(members: pd.DataFrame, vote_id: str, iso3: str) -> bool:
    """Whether the roll of ``vote_id`` has no row for the state ``iso3``."""
    rows = members[(members["vote_id"] == vote_id) & (members["iso3"] == iso3)]
    return rows.empty


def session_roll(members: pd.DataFrame, requesters: pd.DataFrame, vote_id: str) -> pd.DataFrame:
    """The roll of a special session with who had asked for it: ``iso3``, ``vote``, ``verified``, ``asked``.

    Having asked for a session says nothing of the vote: the two stand side by side.
    """
    rows = members[members["vote_id"] == vote_id][["iso3", "vote", "verified"]]
    asked = requesters.loc[requesters["vote_id"] == vote_id, "iso3"]
    return rows.assign(asked=rows["iso3"].isin(asked)).sort_values("iso3", ignore_index=True)
