"""Figures of the chapter on the General Assembly and the Human Rights Council; tiles and tables stand apart."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import countries, split_list
from aleppo.measure.assembly import NO_RECORD
from aleppo.show import theme
from aleppo.show.chapters.assembly_tables import body_words, members_table, votes_table
from aleppo.show.chapters.assembly_tiles import SHADES, TABLES, WORDS, names_of, session_figure, tiles_figure
from aleppo.show.chapters.cells import add_cells, add_glyphs, add_hover
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import MINUS, count, date

__all__ = [
    "changes_figure",
    "members_table",
    "session_figure",
    "strip_figure",
    "tiles_figure",
    "totals_figure",
    "votes_table",
]


def totals_figure(votes: pd.DataFrame, id: str) -> Figure:
    """Each vote of one body as a bar: in favour, abstaining, against, and the seats with none of these.

    ``votes`` is :func:`aleppo.measure.assembly.body_votes`. Votes of which no page was read are
    drawn as outlines and have a dagger.
    """
    body = votes["body"].iloc[0]
    seats = int(votes["seats"].iloc[0])
    doubted = int((votes["verified"] == "no").sum())
    first, last = votes.iloc[0], votes.iloc[-1]
    return Figure(
        _bars_of_votes(votes),
        id=id,
        title=_totals_title(votes, body),
        caption=(
            f"Votes of the {body_words(body)} on Syria in the order of their days, of {count(seats)} members. Empty: "
            "no vote in the totals, because the member took no part or had no vote. "
            f"{_doubt_words(doubted, len(votes))}"
        ),
        alt=(
            f"{count(len(votes))} bars. The first, of {date(first.date)}, has {count(first.yes)} in favour, "
            f"{count(first.abstain)} abstaining and {count(first.no)} against; the last, of {date(last.date)}, "
            f"{count(last.yes)}, {count(last.abstain)} and {count(last.no)}"
        ),
        sources=cited(votes),
        tables=("un_body_votes",),
        data=votes[
            ["vote_id", "date", "symbol", "yes", "no", "abstain", "others", "roll", "verified"]
        ].assign(date=votes["date"].dt.strftime("%Y-%m-%d"), symbol=votes["symbol"].fillna("")),
        narrow={"yaxis": {"tickfont": {"size": 11}}},
    )


def _bars_of_votes(votes: pd.DataFrame) -> go.Figure:
    """A bar for each vote, from the top in the order of the days, with a row left free for the break."""
    fig = go.Figure()
    names = [_day_name(row) for row in votes.itertuples()]
    places, free = theme.rows_around_break(votes["date"].dt.date.tolist())
    for column, key in (("yes", "yes"), ("abstain", "abstain"), ("no", "no"), ("others", NO_RECORD)):
        fig.add_bar(
            x=votes[column].astype(int).tolist(),
            y=places,
            orientation="h",
            name="no vote" if key == NO_RECORD else WORDS[key],
            marker=_bar_marks(key, votes["verified"].tolist()),
            text=[str(number) if number >= _least(votes) else "" for number in votes[column].astype(int)],
            textposition="inside",
            textangle=0,
            insidetextanchor="middle",
            textfont={"color": _on_bars(key, votes["verified"].tolist()), "size": 12},
            customdata=list(zip(names, votes["symbol"].fillna("no symbol"), votes["subject"], strict=True)),
            hovertemplate="%{customdata[0]}: %{x}<br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>",
        )
    seats = int(votes["seats"].iloc[0])
    # a little beyond the last seat, so that the box around the last part is closed
    fig.update_xaxes(range=[0, seats * 1.006], title="members")
    fig.update_yaxes(
        range=[places[-1] + 0.6, -0.6],
        showgrid=False,
        zeroline=False,
        tickvals=places,
        ticktext=names,
        tickfont={"size": 12},
    )
    if free is not None:
        theme.mark_break_between(fig, free, "y")
    fig.update_layout(
        barmode="stack",
        bargap=0.25,
        uniformtext={"minsize": 10, "mode": "hide"},
        height=26 * (places[-1] + 1) + 130,
        showlegend=True,
        legend={"y": 1.01, "yanchor": "bottom", "traceorder": "normal"},
    )
    return fig


def _bar_marks(key: str, verified: Sequence[str]) -> dict[str, Any]:
    """A full bar where a page gives the total, an outline where none does."""
    if key == NO_RECORD:
        return {"color": theme.TRANSPARENT, "line": {"color": theme.AXIS, "width": 1}}
    faint = theme.tint(theme.VOTES[key], 0.06)
    return {
        "color": [SHADES[key] if one == "yes" else faint for one in verified],
        "line": {"color": theme.VOTES[key], "width": [0 if one == "yes" else 1.5 for one in verified]},
    }


def _on_bars(key: str, verified: Sequence[str]) -> list[str]:
    return [theme.PAPER if key == "no" and one == "yes" else theme.INK for one in verified]


def _least(votes: pd.DataFrame) -> int:
    """The smallest number with room for its digits in the bar."""
    return max(2, math.ceil(votes["seats"].iloc[0] / 28))


def _day_name(row: Any) -> str:
    return f"{date(row.date)}{'' if row.verified == 'yes' else f' {NOT_VERIFIED}'}"


def _totals_title(votes: pd.DataFrame, body: str) -> str:
    sure = votes[votes["verified"] == "yes"]
    most, least = sure.loc[sure["yes"].idxmax()], sure.loc[sure["yes"].idxmin()]
    words = body_words(body)
    return (
        f"Votes in favour in the {words}: most on {date(most.date)} ({count(most.yes)}), fewest on "
        f"{date(least.date)} ({count(least.yes)}), by the totals that were read"
    )


def _doubt_words(doubted: int, whole: int) -> str:
    if not doubted:
        return "Every total was read on a page."
    return f"Outlines with {NOT_VERIFIED}: not verified, from general knowledge ({count(doubted)} of {count(whole)})."


def strip_figure(votes: pd.DataFrame, table: pd.DataFrame, unverified: pd.DataFrame) -> Figure:
    """Every member as one narrow stripe, in rows of votes: who voted how in each, ordered by all of them.

    ``votes`` are the votes with a roll, ``table`` is :func:`aleppo.measure.assembly.by_pattern`, ``unverified`` the
    member votes (``vote_id``, ``iso3``) that no page confirms.
    """
    always = int((table == "yes").all(axis="columns").sum())
    against = table.index[(table == "no").all(axis="columns")]
    return Figure(
        _stripes(votes, table, unverified),
        id="assembly-strip",
        title=(
            f"{count(always)} of {count(len(table))} members voted in favour in all {count(len(votes))} votes of the "
            f"Assembly that have a roll, {count(len(against))} against in all"
        ),
        caption=(
            "One stripe per member, the same place in every row: from those that voted for the texts on the "
            "left to those that voted against them on the right. Empty: no vote on record; the roll of 2016 "
            "may be short of one vote. Votes of which only the totals are held are not drawn. "
            f"{NOT_VERIFIED}: not verified. The table below has every member by name."
        ),
        alt=(
            f"{count(len(votes))} rows of {count(len(table))} stripes. Members against in every vote: "
            f"{names_of(against)}. The block in favour is widest at the left of each row and "
            "abstentions lie in the middle"
        ),
        sources=cited(votes),
        tables=TABLES,
        data=_long(table, votes),
        narrow={"yaxis": {"ticktext": [_short_symbol(row.symbol) for row in votes.itertuples()]}},
    )


def _short_symbol(symbol: str) -> str:
    """``A/RES/71/130`` without what all resolutions of the Assembly share."""
    return symbol.removeprefix("A/RES/")


def _stripes(votes: pd.DataFrame, table: pd.DataFrame, unverified: pd.DataFrame) -> go.Figure:
    """A stripe for each member in the row of each vote, with the mark of what is not verified."""
    order = {iso3: place for place, iso3 in enumerate(table.index)}
    places, free = theme.rows_around_break(votes["date"].dt.date.tolist())
    row_of = dict(zip(votes["vote_id"], places, strict=True))
    fig = go.Figure()
    for position, shade in SHADES.items():
        cells = [
            (order[iso3], row)
            for vote, row in row_of.items()
            for iso3 in table.index[table[vote] == position]
        ]
        if cells and position != NO_RECORD:
            _runs(fig, cells, shade, WORDS[position])
    if len(unverified):
        marks = [(order[one.iso3], row_of[one.vote_id]) for one in unverified.itertuples()]
        add_glyphs(fig, marks, NOT_VERIFIED, theme.PAPER, 14)
    texts = [_stripe_text(iso3, table.loc[iso3], votes) for iso3 in table.index]
    add_hover(fig, [(place, places[-1] / 2) for place in range(len(table))], texts, size=8)
    fig.update_xaxes(visible=False, range=[-1, len(table)])
    fig.update_yaxes(
        range=[places[-1] + 0.6, -0.9],
        tickvals=places,
        ticktext=[f"{date(row.date)}: {_short_symbol(row.symbol)}" for row in votes.itertuples()],
        showgrid=False,
        zeroline=False,
        tickfont={"size": 12},
    )
    if free is not None:
        theme.mark_break_between(fig, free, "y")
    height = 30 * (places[-1] + 1) + 110
    fig.update_layout(height=height, showlegend=True, legend={"y": -0.03}, hovermode="x")
    return fig


def _runs(fig: go.Figure, cells: Sequence[tuple[float, float]], shade: str, name: str) -> None:
    """Neighbouring stripes of one row and colour as one outline: fewer points, and no gaps between them."""
    runs: list[list[float]] = []
    for x, y in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        if runs and runs[-1][2] == y and runs[-1][1] == x - 1:
            runs[-1][1] = x
        else:
            runs.append([x, x, y])
    xs: list[float | None] = []
    ys: list[float | None] = []
    for first, last, y in runs:
        left, right = first - 0.5, last + 0.5
        xs += [left, right, right, left, left, None]
        ys += [y - 0.4, y - 0.4, y + 0.4, y + 0.4, y - 0.4, None]
    fig.add_scatter(
        x=xs,
        y=ys,
        mode="lines",
        fill="toself",
        fillcolor=shade,
        line={"width": 0, "color": theme.TRANSPARENT},
        name=name,
        hoverinfo="skip",
        connectgaps=False,
    )


def _stripe_text(iso3: str, row: pd.Series, votes: pd.DataFrame) -> str:
    short = {"yes": "+", "no": MINUS, "abstain": "0"}
    signs = " ".join(short.get(str(row[vote]), "·") for vote in votes["vote_id"])
    return f"{countries.name(iso3)}<br>{signs}"


def changes_figure(changes: pd.DataFrame, first: Any, last: Any) -> Figure:
    """From one vote to another: how many members went from which position to which.

    ``changes`` is :func:`aleppo.measure.assembly.changes`; ``first`` and ``last`` are the rows of the votes.
    """
    keys = ("yes", "abstain", "no", NO_RECORD)
    table = changes.set_index(["before", "after"])["states"]
    away = sum(int(table.get(pair, 0)) for pair in (("yes", "abstain"), ("yes", "no"), ("abstain", "no")))
    nearer = sum(int(table.get(pair, 0)) for pair in (("abstain", "yes"), ("no", "yes"), ("no", "abstain")))
    same = sum(int(table.get((key, key), 0)) for key in keys[:3])
    return Figure(
        _square(table, keys, first, last),
        id="assembly-changes",
        title=(
            f"Between {first.date.year} and {last.date.year} {count(same)} members kept their vote on the yearly text, "
            f"{count(away)} moved away from it and {count(nearer)} towards it"
        ),
        caption=(
            f"Members by their vote on {first.symbol} (rows) and on {last.symbol} (columns), two texts of the same "
            "yearly series. Orange: away from the text; green: towards it; blue: the same; grey: a vote is missing on "
            "at least one side, so nothing can be said of change."
        ),
        alt="Square of numbers. " + "; ".join(_change_words(row) for row in changes.itertuples()),
        sources=sorted({*split_list(first.source_ids), *split_list(last.source_ids)}),
        tables=TABLES,
        data=changes,
    )


def _square(table: pd.Series, keys: Sequence[str], first: Any, last: Any) -> go.Figure:
    """Numbers of members by position in the first vote (rows) and in the last one (columns)."""
    fig = go.Figure()
    for row, before in enumerate(keys):
        for column, after in enumerate(keys):
            number = int(table.get((before, after), 0))
            add_cells(fig, [(column, row)], _step_shade(before, after), "", wide=0.95, high=0.9)
            add_glyphs(fig, [(column, row)], str(number) if number else "–", theme.INK, 15)
    words = [WORDS[key] for key in keys]
    fig.update_xaxes(
        tickvals=list(range(len(keys))),
        ticktext=[word.replace(" on record", "") for word in words],
        title=f"{date(last.date)}",
        side="top",
        range=[-0.6, len(keys) - 0.4],
        showgrid=False,
        zeroline=False,
        ticks="",
    )
    fig.update_yaxes(
        tickvals=list(range(len(keys))),
        ticktext=[word.replace(" on record", "") for word in words],
        title=f"{date(first.date)}",
        range=[len(keys) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )
    fig.update_layout(height=340, showlegend=False)
    return fig


def _change_words(row: Any) -> str:
    return f"from {WORDS[row.before]} to {WORDS[row.after]}: {count(row.states)}"


def _step_shade(before: str, after: str) -> str:
    if NO_RECORD in (before, after):
        return theme.tint(theme.VOTES["absent"], 0.12)
    scale = {"no": 0, "abstain": 1, "yes": 2}
    step = scale[after] - scale[before]
    if step == 0:
        return theme.tint(theme.VOTES["yes"], 0.22)
    return theme.tint(
        theme.colour("green") if step > 0 else theme.VOTES["no"], 0.18 if abs(step) == 1 else 0.4
    )


def _long(table: pd.DataFrame, votes: pd.DataFrame) -> pd.DataFrame:
    """The positions as one row per member, with a column per vote."""
    frame = table.rename(columns={row.vote_id: row.symbol for row in votes.itertuples()}).reset_index()
    frame.insert(1, "member", [countries.name(iso3, 2016) for iso3 in frame["iso3"]])
    return frame.rename_axis(columns=None)
