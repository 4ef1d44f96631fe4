"""Votes of the Assembly and the Human Rights Council as tiles: every member the same size, by its code."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import countries, split_list
from aleppo.measure.assembly import NO_RECORD
from aleppo.show import theme
from aleppo.show.chapters import cells
from aleppo.show.chapters.cells import add_cells, add_glyphs, add_hover
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED
from aleppo.show.numbers import count, date

WORDS = {
    "yes": "in favour",
    "abstain": "abstaining",
    "no": "against",
    "absent": "absent",
    "not_established": "not established",
    NO_RECORD: "no vote on record",
}
SHADES = {**cells.SHADES, NO_RECORD: theme.TRANSPARENT}
TABLES = ("un_body_votes", "un_body_member_votes")
ACROSS = 15  # tiles in a row
SESSION_ACROSS = 12


def tiles_figure(rows: pd.DataFrame, vote: Any, id: str) -> Figure:
    """One vote as tiles of one size, a small state as large as a big one, in blocks by how members voted.

    ``rows`` has ``iso3``, ``vote`` (a position or ``no_record``) and ``verified`` of every member; ``vote`` is the row
    of the vote.
    """
    fig = go.Figure()
    line = 0.0
    for position in ("no", "abstain", NO_RECORD, "not_established", "absent", "yes"):
        block = rows[rows["vote"] == position].sort_values("iso3")
        if block.empty:
            continue
        doubted = [
            row.verified == "no" and position in ("yes", "no", "abstain") for row in block.itertuples()
        ]
        texts = [f"{countries.name(iso3, vote.date.year)}: {WORDS[position]}" for iso3 in block["iso3"]]
        line = _block(
            fig, block["iso3"], doubted, texts, position, f"{WORDS[position]} ({len(block)})", line, ACROSS
        )
    _plain_axes(fig, line, ACROSS)
    named = {key: rows.loc[rows["vote"] == key, "iso3"] for key in ("no", "abstain", "yes")}
    return Figure(
        fig,
        id=id,
        title=(
            f"{vote.symbol}, {date(vote.date)}: {count(vote.yes)} in favour, {count(vote.no)} against, "
            f"{count(vote.abstain)} abstaining"
        ),
        caption=(
            f"{vote.subject}. One tile per member by its ISO 3166 code, in alphabetical order within each block; every "
            f"state has the same size. {NOT_VERIFIED}: not verified. No vote on record: the roll that was read has no "
            "row for the member, which took no part or is missing from the data set."
        ),
        alt=f"Tiles in blocks. Against: {names_of(named['no'])}. Abstaining: {count(len(named['abstain']))} members. "
        f"In favour: {count(len(named['yes']))} members",
        sources=split_list(vote.source_ids),
        tables=TABLES,
        data=rows.assign(member=[countries.name(iso3, vote.date.year) for iso3 in rows["iso3"]]),
    )


def _block(
    fig: go.Figure,
    codes: pd.Series,
    doubted: Sequence[bool],
    texts: Sequence[str],
    position: str,
    words: str,
    line: float,
    across: int,
) -> float:
    """A headed block of tiles from ``line`` down; returns the line after it."""
    fig.add_annotation(
        x=-0.5,
        y=line,
        text=words,
        xanchor="left",
        yanchor="bottom",
        yshift=-4,
        align="left",
        font={"size": 13, "color": theme.INK},
    )
    cells = [(place % across, line + 0.7 + place // across) for place in range(len(codes))]
    open_tile = position in (NO_RECORD, "not_established")
    edge = theme.AXIS if open_tile else theme.TRANSPARENT
    add_cells(fig, cells, SHADES[position], words, wide=0.94, high=0.9, line=edge)
    ink = theme.PAPER if position == "no" else theme.INK
    add_glyphs(fig, cells, codes.tolist(), ink, 10)
    # in the corner, since on a telephone a tile is as wide as its three letters
    corners = [(x + 0.37, y - 0.2) for (x, y), doubt in zip(cells, doubted, strict=True) if doubt]
    if corners:
        add_glyphs(fig, corners, NOT_VERIFIED, ink, 9)
    add_hover(fig, cells, texts, size=20)
    return line + 1.9 + (len(codes) - 1) // across


def _plain_axes(fig: go.Figure, lines: float, across: int) -> None:
    fig.update_xaxes(visible=False, range=[-0.55, across - 0.45])
    fig.update_yaxes(visible=False, range=[lines - 0.7, -0.8])
    fig.update_layout(height=int(24 * lines) + 40, showlegend=False, margin={"l": 2, "r": 2})


def session_figure(roll: pd.DataFrame, vote: Any) -> Figure:
    """The special session on Aleppo: members by what is known of their vote, and who had asked for the session.

    ``roll`` is :func:`aleppo.measure.assembly.session_roll`.
    """
    fig = go.Figure()
    known = roll[roll["vote"] == "no"]
    asked = roll[(roll["vote"] == "not_established") & roll["asked"]]
    rest = roll[(roll["vote"] == "not_established") & ~roll["asked"]]
    line = 0.0
    for rows, shade, words in (
        (known, "no", "against"),
        (asked, "absent", "had asked for the session; vote not established"),
        (rest, "not_established", "vote not established"),
    ):
        texts = [f"{countries.name(iso3, 2016)}: {words}" for iso3 in rows["iso3"]]
        line = _block(
            fig,
            rows["iso3"],
            [False] * len(rows),
            texts,
            shade,
            f"{words} ({len(rows)})",
            line,
            SESSION_ACROSS,
        )
    _plain_axes(fig, line, SESSION_ACROSS)
    return Figure(
        fig,
        id="session-on-aleppo",
        title=(
            f"Special session on Aleppo: {count(vote.yes)} in favour, {count(vote.no)} against, {count(vote.abstain)} "
            f"abstaining; who cast all but the {count(len(known))} votes against is not established"
        ),
        caption=(
            f"Members of the Human Rights Council on {date(vote.date)} by ISO 3166 code. Grey: had asked for the "
            "session, which is not a vote. The pages that were read name only the members that voted against."
        ),
        alt=f"Tiles. Against: {names_of(known['iso3'])}. Asked for the session: {names_of(asked['iso3'])}. "
        f"Nothing is known of the votes of {count(len(rest))} further members",
        sources=split_list(vote.source_ids),
        tables=(*TABLES, "session_requesters"),
        data=roll,
    )


def names_of(codes: Sequence[str] | pd.Series | pd.Index) -> str:
    return ", ".join(countries.name(iso3, 2016) for iso3 in codes) or "nobody"
