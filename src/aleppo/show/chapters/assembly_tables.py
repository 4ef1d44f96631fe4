"""Tables of the chapter on the General Assembly and the Human Rights Council."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aleppo.evidence import countries
from aleppo.measure.assembly import ASSEMBLY, NO_RECORD
from aleppo.show.chapters.assembly_tiles import TABLES
from aleppo.show.chapters.council_tables import breaking_date
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count
from aleppo.show.table import Table


def members_table(table: pd.DataFrame, votes: pd.DataFrame, moved: pd.DataFrame, last: Any) -> Table:
    """Every member and its votes on the yearly texts; in print those that moved.

    ``table`` is :func:`aleppo.measure.assembly.positions` of ``votes``; ``moved`` :func:`.moved` from the first of
    them to ``last``, the row of a vote.
    """
    steps = moved.set_index("iso3")["step"]
    words = {vote.vote_id: str(vote.date.year) for vote in votes.itertuples()}
    brief = {"yes": "for", "no": "against", "abstain": "abst.", NO_RECORD: "–"}
    frame = table.rename(columns=words).replace(brief).reset_index()
    frame.insert(1, "member", [countries.name(iso3, 2016) for iso3 in frame["iso3"]])
    step = frame["iso3"].map(steps).fillna(0)
    frame["change"] = [_step_words(int(one)) for one in step]
    both = (table[[votes["vote_id"].iloc[0], last.vote_id]] != NO_RECORD).all(axis="columns").to_numpy()
    frame.loc[~both, "change"] = "cannot be told"
    frame = frame.sort_values("member", key=lambda names: names.map(countries.folded), ignore_index=True)
    return Table(
        frame,
        id="assembly-members",
        caption=(
            "How each member of the General Assembly voted on the yearly text on human rights in Syria, and the change "
            f"from {votes['date'].iloc[0].year} to {last.date.year}"
        ),
        columns={"member": "Member", **{year: year for year in words.values()}, "change": "Change"},
        sources=cited(votes),
        tables=TABLES,
        print_rows=[place for place, one in enumerate(frame["change"]) if one in ("away", "towards")] or None,
        explore=["change", *(list(words.values())[place] for place in (0, -2))],
    )


def _step_words(step: int) -> str:
    return "same" if step == 0 else "towards" if step > 0 else "away"


def votes_table(records: pd.DataFrame) -> Table:
    """Every vote of both bodies with its totals and what is on record of its roll.

    ``records`` is :func:`aleppo.measure.assembly.records`.
    """
    frame = records.assign(
        body_name=[body_words(body) for body in records["body"]],
        text=[_vote_text(row) for row in records.itertuples()],
        tally=[_tally(row) for row in records.itertuples()],
        known=[_roll_words(row) for row in records.itertuples()],
        year=records["date"].dt.year.astype(str),
        read=records["verified"].map({"yes": "verified", "no": "not verified"}),
    )
    kept = ["date", "body_name", "text", "tally", "known", "source_ids", "vote_id", "symbol", "subject"]
    numbers = ["yes", "no", "abstain", "rows", "not_established", "unverified", "short", "roll", "verified"]
    return Table(
        frame[[*kept, *numbers, "year", "read"]],
        id="assembly-votes",
        caption=(
            "Votes of the General Assembly and the Human Rights Council on Syria: in favour, against, abstaining, and "
            f"what is on record of single members ({NOT_VERIFIED}: not verified)"
        ),
        columns={
            "date": "Day",
            "text": "Body and text",
            "tally": "Votes",
            "known": "Roll on record",
            "source_ids": "Sources",
        },
        formats={"date": breaking_date, "source_ids": "cite"},
        sources=cited(records),
        tables=TABLES,
        print_rows=[
            place
            for place, row in enumerate(records.itertuples())
            if row.body == ASSEMBLY or row.vote_id == "HR22"
        ],
        explore={"body_name": "Body", "year": "Year", "roll": "Roll", "read": "Totals"},
    )


def _vote_text(row: Any) -> str:
    symbol = row.symbol if isinstance(row.symbol, str) else "no symbol"
    return f"{body_words(row.body)}, {symbol}: {row.subject}"


def _tally(row: Any) -> str:
    return f"{row.yes}–{row.no}–{row.abstain}{'' if row.verified == 'yes' else f' {NOT_VERIFIED}'}"


def _roll_words(row: Any) -> str:
    if not row.rows:
        return "totals only"
    parts = [f"{count(row.rows)} members"]
    if row.not_established:
        parts.append(f"{count(row.not_established)} votes not established")
    if row.unverified:
        parts.append(f"{count(row.unverified)} not verified {NOT_VERIFIED}")
    if row.short and not row.not_established:
        parts.append(f"{count(row.short)} votes without a name")
    if row.roll == "partial" and not row.short:
        parts.append("may be short of one")
    return ", ".join(parts)


def body_words(body: str) -> str:
    return "General Assembly" if body == ASSEMBLY else "Human Rights Council"
