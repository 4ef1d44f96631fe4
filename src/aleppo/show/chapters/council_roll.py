"""Figures of the Council's rolls: who voted how, what the texts touched, how often members agreed."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import countries, split_list
from aleppo.measure import votes as measure
from aleppo.show import theme
from aleppo.show.chapters.cells import SHADES, add_cells, add_glyphs, add_hover
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count, count_or, date
from aleppo.show.table import Table

OUTCOME_SIGNS = {"adopted": "circle", "vetoed": "x", "failed": "triangle-down"}
OUTCOME_WORDS = {"adopted": "adopted", "vetoed": "vetoed", "failed": "short of nine votes"}
VOTE_WORDS = {
    "yes": "in favour",
    "no": "against",
    "abstain": "abstained",
    "absent": "absent",
    "not_established": "vote not established",
}
GLYPHS = {"no": "×", "abstain": "–", "absent": "○", "not_established": "?"}
ROW = 16  # height of a member's row, pixels
# How far the signs of neighbouring columns stand apart, up and down, in rows: on a telephone they would touch
APART = {"roll": 0.55, "subjects": 0.17}


def columns_of(votes: pd.DataFrame) -> list[int]:
    """The place of each vote on the axis of votes: one after another, with a gap between years."""
    turns = (votes["year"] != votes["year"].shift()).cumsum() - 1
    return [place + int(turn) for place, turn in enumerate(turns)]


def _level(row: float, place: int, apart: float) -> float:
    """The height of a sign of ``row`` in the column ``place``: by turns above and below the middle."""
    return round(row + (apart if place % 2 else -apart), 2)


def roll_figure(votes: pd.DataFrame, grid: pd.DataFrame, order: pd.DataFrame) -> Figure:
    """Members × votes: how every member with a seat voted, and what became of the text.

    ``grid`` is :func:`aleppo.measure.votes.roll_grid`, ``order`` :func:`.seats`. A vote whose roll is incomplete
    has a frame, and its unknown cells a question mark; a state without a seat has no cell.
    """
    said = grid["vote"].value_counts()
    incomplete = int((votes["roll"] == "incomplete").sum())
    alone = [
        str(iso3) for iso3, rows in grid.groupby("iso3") if len(rows) and (rows["vote"] == "no").sum() > 3
    ]
    against = {iso3: int(((grid["iso3"] == iso3) & (grid["vote"] == "no")).sum()) for iso3 in alone}
    return Figure(
        _roll_drawing(votes, grid, order),
        id="council-roll",
        title=(
            f"{count(len(measure.contested(votes)))} of {count(len(votes))} votes divided the Council: "
            f"{count(said.get('no', 0))} votes against, {count(said.get('abstain', 0))} abstentions, "
            f"{count_or(said.get('absent', 0), 'no')} absences"
        ),
        caption=(
            "One column per vote, in the order of the votes, one row per member: the permanent five first, then "
            "elected members by their first year. Blue: in favour; ×: against; –: abstained; ○: absent. No cell: no "
            f"seat in that year. {_rolls_words(incomplete)} Top row: what became of the text."
        ),
        alt=(
            f"Grid of {count(len(order))} members by {count(len(votes))} votes, 2011 to 2017. Most cells are in "
            "favour. Votes against by member, of those with more than three: "
            + ", ".join(
                f"{countries.name(iso3, year=2016)} {count(number)}"
                for iso3, number in sorted(against.items(), key=lambda pair: -pair[1])
            )
        ),
        sources=cited(votes),
        tables=("unsc_votes", "unsc_member_votes", "unsc_membership"),
        data=_drawn(votes, grid),
        narrow={"yaxis": {"tickfont": {"size": 9}}, "xaxis": _short_years(votes), "margin": {"r": 2}},
    )


def _roll_drawing(votes: pd.DataFrame, grid: pd.DataFrame, order: pd.DataFrame) -> go.Figure:
    """The cells of the members, the outcomes above them, and frames around the votes that are not wholly known."""
    places = columns_of(votes)
    fig = go.Figure()
    _cells(fig, votes, grid, places)
    _outcomes(fig, votes, places, row=-1.8)
    for place, roll in zip(places, votes["roll"], strict=True):
        if roll == "incomplete":
            box = {"x0": place - 0.5, "x1": place + 0.5, "y0": -0.5, "y1": len(order) - 0.5}
            fig.add_shape(type="rect", **box, line={"color": theme.INK, "width": 1.5})
    _axes_of_votes(fig, votes, places)
    names = [countries.name(iso3, year=2016) for iso3 in order["iso3"]]
    fig.update_yaxes(
        range=[len(order) - 0.4, -3.0],
        tickvals=[-1.8, *range(len(order))],
        ticktext=["outcome", *names],
        tickfont={"size": 11},
        showgrid=False,
        zeroline=False,
    )
    permanent = int((order["permanent"] == "yes").sum())
    fig.add_hline(y=permanent - 0.5, line={"color": theme.AXIS, "width": 1}, layer="above")
    fig.update_layout(
        height=ROW * len(order) + 170, showlegend=True, legend={"y": -0.045, "font": {"size": 12}}
    )
    return fig


def _cells(fig: go.Figure, votes: pd.DataFrame, grid: pd.DataFrame, places: list[int]) -> None:
    """One colour for each position, and its sign for those who do not see or print colours."""
    placed = grid.assign(x=[places[column] for column in grid["column"]])
    for position, shade in SHADES.items():
        rows = placed[placed["vote"] == position]
        if rows.empty:
            continue
        cells = list(zip(rows["x"], rows["seat"], strict=True))
        glyph = GLYPHS.get(position, "")
        edge = theme.AXIS if position == "not_established" else theme.TRANSPARENT
        add_cells(fig, cells, shade, f"{VOTE_WORDS[position]} {glyph}".strip(), line=edge)
        if glyph:
            add_glyphs(fig, cells, glyph, theme.PAPER if position == "no" else theme.INK)
    doubted = placed[(placed["verified"] == "no") & (placed["vote"] != "not_established")]
    if len(doubted):
        corners = list(zip(doubted["x"] + 0.25, doubted["seat"] - 0.2, strict=True))
        add_glyphs(fig, corners, NOT_VERIFIED, theme.INK, 10)
    labels = [f"{date(row.date)}, {row.symbol}" for row in votes.itertuples()]
    texts = [
        f"{countries.name(cell.iso3, year=2016)}: {VOTE_WORDS[cell.vote]}{_doubt(cell)}<br>{labels[cell.column]}"
        for cell in grid.itertuples()
    ]
    add_hover(fig, list(zip(placed["x"], placed["seat"], strict=True)), texts)


def _doubt(cell: Any) -> str:
    return f" {NOT_VERIFIED}" if cell.verified == "no" and cell.vote != "not_established" else ""


def _outcomes(fig: go.Figure, votes: pd.DataFrame, places: list[int], row: float) -> None:
    for outcome, sign in OUTCOME_SIGNS.items():
        chosen = [place for place, one in zip(places, votes["outcome"], strict=True) if one == outcome]
        rows = votes[votes["outcome"] == outcome]
        fig.add_scatter(
            x=chosen,
            y=[_level(row, place, APART["roll"]) for place in chosen],
            mode="markers",
            name=f"text {OUTCOME_WORDS[outcome]}",
            marker={"symbol": sign, "size": 8, "color": theme.OUTCOMES[outcome]},
            text=[f"{date(one.date)}, {one.symbol}<br>{one.subject}" for one in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )


def _axes_of_votes(fig: go.Figure, votes: pd.DataFrame, places: list[int]) -> None:
    """Years under their columns, and where the air strikes begin."""
    by_year = pd.Series(places).groupby(votes["year"].to_numpy())
    fig.update_xaxes(
        range=[-0.8, max(places) + 0.8],
        tickvals=by_year.mean().tolist(),
        ticktext=[str(year) for year in by_year.mean().index],
        tickfont={"size": 12},
        tickangle=0,
        ticks="",
        zeroline=False,
        showgrid=False,
    )
    for last, first in pairwise(places):
        if first - last > 1:
            fig.add_vline(x=(last + first) / 2, line={"color": theme.GRID, "width": 1}, layer="below")
    before = [place for place, day in zip(places, votes["date"], strict=True) if day < measure.BREAK]
    after = [place for place, day in zip(places, votes["date"], strict=True) if day >= measure.BREAK]
    if before and after:
        theme.mark_break_between(fig, (max(before) + min(after)) / 2)
        fig.update_layout(margin={"t": 30})


def _short_years(votes: pd.DataFrame) -> dict[str, Any]:
    """Years by their last two digits, for narrow screens."""
    return {"ticktext": [f"’{year % 100}" for year in sorted(votes["year"].unique())]}


def subjects_figure(votes: pd.DataFrame, counts: pd.DataFrame) -> Figure:
    """What each text touched: one row per subject, one column per vote, the sign by outcome.

    ``counts`` is :func:`aleppo.measure.votes.subject_counts`.
    """
    places = columns_of(votes)
    fig = go.Figure()
    for outcome, sign in OUTCOME_SIGNS.items():
        points = [
            (place, row, vote)
            for place, vote in zip(places, votes.itertuples(), strict=True)
            for row, subject in enumerate(counts["subject"])
            if vote.outcome == outcome and subject in split_list(vote.touches)
        ]
        fig.add_scatter(
            x=[place for place, _, _ in points],
            y=[_level(row, place, APART["subjects"]) for place, row, _ in points],
            mode="markers",
            name=OUTCOME_WORDS[outcome],
            marker={"symbol": sign, "size": 9, "color": theme.OUTCOMES[outcome]},
            text=[f"{date(vote.date)}, {vote.symbol}<br>{vote.subject}" for _, _, vote in points],
            hovertemplate="%{text}<extra></extra>",
        )
    _axes_of_votes(fig, votes, places)
    # the first sign keeps away from the name of its row
    fig.update_xaxes(range=[-1.6, max(places) + 1.2])
    fig.update_yaxes(
        range=[len(counts) - 0.5, -0.5],
        tickvals=list(range(len(counts))),
        ticktext=[f"{row.label} ({row.total})" for row in counts.itertuples()],
        showgrid=True,
        zeroline=False,
    )
    fig.update_layout(height=300, showlegend=True)
    named = counts.set_index("subject")
    aleppo, chemical = named.loc["aleppo"], named.loc["chemical_weapons"]
    return Figure(
        fig,
        id="council-subjects",
        title=(
            f"Of {count(aleppo.total)} texts that touched Aleppo {count(aleppo.adopted)} were adopted; of "
            f"{count(chemical.total)} on chemical weapons {count(chemical.adopted)}"
        ),
        caption=(
            "One column per vote, in the order of the votes; a sign where the text touched the subject, as we read it. "
            "In brackets: how many texts did. A text may touch several; counter-terrorism, sanctions, sieges and "
            "others are in the data below the chart."
        ),
        alt="Chart of signs. " + " ".join(_subject_words(row) for row in counts.itertuples()),
        sources=cited(votes),
        tables=("unsc_votes",),
        data=votes[["vote_id", "date", "symbol", "touches", "outcome"]].assign(
            date=votes["date"].dt.strftime("%Y-%m-%d")
        ),
        narrow={"yaxis": {"tickfont": {"size": 11}}, "xaxis": _short_years(votes)},
    )


def _subject_words(row: Any) -> str:
    return (
        f"{row.label.capitalize()}: {count(row.adopted)} adopted, {count(row.vetoed)} vetoed, "
        f"{count(row.failed)} short of nine votes."
    )


def agreement_figure(by_year: pd.DataFrame, whole: pd.DataFrame, votes: pd.DataFrame) -> Figure:
    """Pairs of permanent members by year: in how many of the divided votes they took the same position.

    ``by_year`` is :func:`aleppo.measure.votes.agreement_by_year` and ``whole`` :func:`.agreement`, both of ``votes``,
    the divided ones.
    """
    fixed = whole.set_index(["a", "b"])
    rus = fixed.loc[("RUS", "CHN")]
    west = whole[whole["a"].isin(["FRA", "GBR"])]
    return Figure(
        _cells_of_pairs(by_year, whole),
        id="council-agreement",
        title=(
            f"In {count(len(votes))} divided votes Russia and China took the same position {count(rus.same)} times, "
            f"Russia and the United States {_times(fixed.loc[('RUS', 'USA')].same)}"
        ),
        caption=(
            "Votes in which both took the same position (in favour, against, abstaining) / divided votes of the "
            "year. The numbers are small: one vote is a whole year in some columns. Unanimous votes are left out, "
            "because in them every pair agrees."
        ),
        alt=(
            "Table of coloured cells, pairs of permanent members by year. "
            + "; ".join(
                f"{_brief(row.a)} and {_brief(row.b)}: {row.same} of {row.n}" for row in whole.itertuples()
            )
            + (
                f". France, the United Kingdom and the United States never differed in {count(west['n'].min())} votes"
                if len(west) and (west["share"] == 1).all()
                else ""
            )
        ),
        sources=cited(votes),
        tables=("unsc_votes", "unsc_member_votes"),
        data=pd.concat([by_year.astype({"year": str}), whole.assign(year="all")], ignore_index=True).round(4),
        narrow={"yaxis": {"tickfont": {"size": 11}}, "xaxis": {"tickfont": {"size": 11}}},
    )


def _cells_of_pairs(by_year: pd.DataFrame, whole: pd.DataFrame) -> go.Figure:
    """Pairs of permanent members by year and over all of them: shades of the share, and the numbers behind it."""
    pairs = list(combinations(measure.PERMANENT_ORDER, 2))
    years = sorted(by_year["year"].unique())
    lines = {(row.a, row.b, str(row.year)): row for row in by_year.itertuples()}
    lines |= {(row.a, row.b, "all"): row for row in whole.itertuples()}
    heads = [*(str(year) for year in years), "all"]
    z = [[getattr(lines.get((a, b, head)), "share", None) for head in heads] for a, b in pairs]
    text = [[_of(lines.get((a, b, head))) for head in heads] for a, b in pairs]
    fig = go.Figure()
    fig.add_heatmap(
        x=list(range(len(heads))),
        z=[[None if value is None else round(value, 4) for value in row] for row in z],
        text=text,
        texttemplate="%{text}",
        textfont={"color": theme.INK, "size": 13},
        zmin=0,
        zmax=1,
        colorscale=[[0, theme.tint(theme.VOTES["no"], 0.12)], [1, theme.tint(theme.VOTES["yes"], 0.4)]],
        showscale=False,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
    )
    fig.update_xaxes(tickvals=list(range(len(heads))), ticktext=heads, ticks="", showgrid=False, side="top")
    fig.update_yaxes(
        range=[len(pairs) - 0.5, -0.5],
        tickvals=list(range(len(pairs))),
        ticktext=[f"{_brief(a)} – {_brief(b)}" for a, b in pairs],
        showgrid=False,
        zeroline=False,
    )
    fig.update_layout(height=400, margin={"t": 34}, showlegend=False)
    return fig


def elected_table(rows: pd.DataFrame, votes: pd.DataFrame, order: pd.DataFrame) -> Table:
    """Elected members: with which permanent members they took the same position; ``rows`` is ``with_permanent``."""
    years = order.set_index("iso3")
    frame = rows.assign(
        member=[countries.name(iso3, year=2016) for iso3 in rows["iso3"]],
        seat=[_years(years.loc[iso3]) for iso3 in rows["iso3"]],
        **{
            f"with_{name.lower()}": [f"{row[name]} of {row['n']}" for _, row in rows.iterrows()]
            for name in _THREE
        },
    )
    return Table(
        frame[["member", "iso3", "seat", "n", *(f"with_{name.lower()}" for name in _THREE), *_FIVE]],
        id="council-elected",
        caption=(
            "Elected members in the divided votes: in how many they took the position of the Russian Federation, of "
            "China and of the United States"
        ),
        columns={
            "member": "Member",
            "seat": "Seat",
            "n": "Votes",
            "with_rus": "As Russia",
            "with_chn": "As China",
            "with_usa": "As the US",
        },
        sources=cited(votes),
        tables=("unsc_votes", "unsc_member_votes", "unsc_membership"),
        print_rows=[place for place, number in enumerate(rows["n"]) if number >= 4] or None,
    )


_THREE = ("RUS", "CHN", "USA")
_FIVE = measure.PERMANENT_ORDER


def _years(row: Any) -> str:
    """The years of a seat; two terms are told apart."""
    if row["last"] - row["first"] + 1 == row["years"]:
        return str(row["first"]) if row["years"] == 1 else f"{row['first']}–{row['last']}"
    return f"{row['years']} years, {row['first']} to {row['last']}"


def _brief(iso3: str) -> str:
    return {"RUS": "Russia", "GBR": "UK", "USA": "US"}.get(iso3, countries.name(iso3))


def _of(row: Any) -> str:
    return "" if row is None else f"{row.same}/{row.n}"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{count(number)} times"


def _rolls_words(incomplete: int) -> str:
    if not incomplete:
        return "Every roll is complete."
    return f"{count(incomplete)} framed columns have an incomplete roll; ?: not established."


def _drawn(votes: pd.DataFrame, grid: pd.DataFrame) -> pd.DataFrame:
    named = grid.merge(votes[["vote_id", "date", "symbol", "outcome"]], on="vote_id")
    frame = named.assign(
        date=named["date"].dt.strftime("%Y-%m-%d"),
        member=[countries.name(iso3, year=2016) for iso3 in named["iso3"]],
    )
    return frame[["vote_id", "date", "symbol", "outcome", "iso3", "member", "vote", "verified"]]
