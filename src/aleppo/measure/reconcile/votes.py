"""Votes: what members did, added up, against the totals of each vote."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from aleppo.measure.reconcile.amounts import Amount, Check, frame

POSITIONS = ("yes", "no", "abstain", "absent")
NOT_KNOWN = "not_established"
FROM_THE_ROLL = "computed from the dataset roll call"  # how notes of `un_body_votes` say so

WHOLE_COUNCIL = "Totals and roll are of the same fifteen members: none."
WHOLE = "Totals and roll are of the same members: none."
SAME_ROLL = (
    "Totals were added up from this roll, so that agreement proves only that neither was changed since: none."
)
PARTIAL = "Where only some votes are known the total is a bound: no vote may be too many."


def council_votes(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Each total of each vote of the Security Council against the votes of its members. All rolls are whole."""
    counted = members.groupby(["vote_id", "vote"]).size()
    return frame(
        Check(
            f"{vote['vote_id']}-{position}",
            "council",
            f"{vote['symbol']}: {position}",
            "United Nations",
            "members",
            Amount(best=float(counted.get((vote["vote_id"], position), 0))),
            Amount(best=float(vote[position])),
            0.0,
            WHOLE_COUNCIL,
            vote["source_ids"],
            str(vote["verified"]),
        )
        for vote in votes.to_dict("records")
        for position in POSITIONS
        if not pd.isna(vote[position])
    )


def body_votes(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Each total of votes of other bodies against the members whose votes are known.

    A whole roll leaves nothing over. With a partial one the total is an upper bound of the votes that are
    known: see ``incomplete_rolls`` for what is missing. Votes of which only totals are known have no rows.
    """
    counted = members.groupby(["vote_id", "vote"]).size()
    checks = []
    for vote in votes[votes["roll"] != "totals_only"].to_dict("records"):
        complete = vote["roll"] == "complete"
        for position, total in _totals(vote).items():
            known = float(counted.get((vote["vote_id"], position), 0))
            checks.append(
                Check(
                    f"{vote['vote_id']}-{position}",
                    "bodies",
                    f"{vote['symbol']}: {position}",
                    "United Nations",
                    "members",
                    Amount(best=known),
                    Amount(best=total) if complete else Amount(high=total),
                    0.0,
                    _reason(vote, complete),
                    vote["source_ids"],
                    str(vote["verified"]),
                )
            )
    return frame(checks)


def incomplete_rolls(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """The rolls that are known in part: what is missing is a fact about the data, not a failed comparison.

    Columns: ``vote_id, date, symbol, known`` (members whose vote is known), ``missing`` (votes for, against and
    abstentions in the totals that are no known member's), ``note`` (from the table of votes), ``verified, source_ids``.
    """
    partial = votes[votes["roll"] == "partial"]
    known = members[members["vote"] != NOT_KNOWN].groupby("vote_id").size()
    rows = []
    for vote in partial.to_dict("records"):
        found = int(known.get(vote["vote_id"], 0))
        # who was absent has no vote that could be missing
        total = int(sum(number for name, number in _totals(vote).items() if name != "absent"))
        rows.append({"known": found, "missing": total - found})
    kept = partial[["vote_id", "date", "symbol", "note", "verified", "source_ids"]].reset_index(drop=True)
    counts = pd.DataFrame(rows, columns=["known", "missing"])
    return kept.join(counts)[
        ["vote_id", "date", "symbol", "known", "missing", "note", "verified", "source_ids"]
    ]


def _totals(vote: Mapping[str, object]) -> dict[str, float]:
    """The totals that the vote has."""
    return {name: float(vote[name]) for name in POSITIONS if not pd.isna(vote[name])}  # type: ignore[arg-type]


def _reason(vote: Mapping[str, object], complete: bool) -> str:
    if FROM_THE_ROLL in str(vote["note"]):
        return SAME_ROLL
    return WHOLE if complete else PARTIAL
