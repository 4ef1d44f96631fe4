"""Figures and tables of the chapters on the international response."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import split_list
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, date
from aleppo.show.table import Table

NEEDED = 9  # Charter, Article 27: nine affirmative votes, and no permanent member against
MEMBERS = 15
OUTCOME_SIGNS = {"adopted": "circle", "vetoed": "x", "failed": "triangle-down"}
OUTCOME_WORDS = {"adopted": "adopted", "vetoed": "vetoed", "failed": "short of nine votes"}


def council_figure(votes: pd.DataFrame) -> Figure:
    """Every vote of the Council on Syria by its date and its affirmative votes; vetoes and failures marked.

    ``votes`` is :func:`aleppo.measure.response.council_votes`.
    """
    fig = go.Figure()
    for outcome, sign in OUTCOME_SIGNS.items():
        rows = votes[votes["outcome"] == outcome]
        fig.add_scatter(
            x=rows["date"].dt.strftime("%Y-%m-%d").tolist(),
            y=rows["yes"].astype(int).tolist(),
            mode="markers",
            name=f"{OUTCOME_WORDS[outcome]} ({len(rows)})",
            marker={
                "symbol": sign,
                "size": 11,
                "color": theme.tint(theme.OUTCOMES[outcome], 0.8),
                "line": {"width": 1, "color": theme.OUTCOMES[outcome]},
            },
            text=[_vote_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.add_hline(y=NEEDED, line={"color": theme.AXIS, "width": 1, "dash": "dot"}, layer="below")
    theme.label(fig, "2011-07-20", NEEDED - 0.6, "nine votes needed", theme.MUTED, shift=0)
    fig.update_yaxes(title="votes in favour", range=[0, MEMBERS + 1], tickvals=[0, 3, 6, NEEDED, 12, MEMBERS])
    fig.update_xaxes(range=["2011-07-01", "2018-01-31"])
    fig.update_layout(height=440, showlegend=True)
    theme.mark_break(fig)
    vetoed = votes[votes["vetoes"] > 0]
    failed = votes[votes["outcome"] == "failed"]
    joint = int((vetoed["vetoes"] > 1).sum())
    since_break = int((vetoed["date"].dt.date >= theme.BREAK).sum())
    enough = int((vetoed["yes"] >= NEEDED).sum())
    return Figure(
        fig,
        id="council-votes",
        title=(
            f"{count(len(votes))} votes on Syria, {count(len(vetoed))} vetoes: {count(enough)} of the vetoed texts "
            "had the nine votes that adoption needs"
        ),
        caption=(
            "Votes of the Security Council on texts about Syria, by date and number of votes in favour. A text needs "
            "nine of fifteen and no permanent member against. "
            f"{count(joint)} of the vetoes were cast by the Russian Federation and China together, the others by the "
            "Russian Federation alone."
        ),
        alt=(
            f"Scatter chart of {count(len(votes))} votes, {date(votes['date'].iloc[0])} to "
            f"{date(votes['date'].iloc[-1])}. Adopted resolutions lie at the top, most with all fifteen votes. "
            f"{count(len(vetoed))} vetoed drafts lie between {count(vetoed['yes'].min())} and "
            f"{count(vetoed['yes'].max())} votes in favour, {count(since_break)} of them after 30 September 2015. "
            f"{count(len(failed))} drafts fell short of nine votes."
        ),
        sources=_sources(votes),
        tables=("unsc_votes",),
        data=votes[
            ["date", "symbol", "subject", "outcome", "yes", "no", "abstain", "absent", "vetoed_by"]
        ].assign(date=votes["date"].dt.strftime("%Y-%m-%d"), vetoed_by=votes["vetoed_by"].fillna("")),
    )


def council_table(votes: pd.DataFrame) -> Table:
    """Every vote with its totals; in print the vetoed and failed texts only."""
    rows = votes.assign(
        tally=[_tally(row) for row in votes.itertuples()],
        result=[_outcome(row) for row in votes.itertuples()],
    )
    kept = [
        "date",
        "symbol",
        "subject",
        "tally",
        "result",
        "yes",
        "no",
        "abstain",
        "absent",
        "outcome",
        "vetoed_by",
    ]
    return Table(
        rows[[*kept, "vote_id", "source_ids"]],
        id="council-votes",
        caption="Votes of the Security Council on Syria: in favour, against, abstaining, and what became of the text",
        columns={
            "date": "Day",
            "symbol": "Text",
            "subject": "Subject",
            "tally": "Votes",
            "result": "Outcome",
            "source_ids": "Sources",
        },
        formats={"date": date, "source_ids": "cite"},
        sources=_sources(votes),
        tables=("unsc_votes",),
        print_rows=[position for position, outcome in enumerate(votes["outcome"]) if outcome != "adopted"],
    )


def _vote_text(row: Any) -> str:
    return f"{date(row.date)}: {row.symbol}<br>{row.subject}<br>{_tally(row)}, {_outcome(row)}"


def _tally(row: Any) -> str:
    return f"{row.yes}–{row.no}–{row.abstain}"


def _outcome(row: Any) -> str:
    if row.outcome != "vetoed":
        return OUTCOME_WORDS[row.outcome]
    return f"vetoed by {' and '.join(split_list(row.vetoed_by))}"


def _sources(votes: pd.DataFrame) -> list[str]:
    return sorted({source for cell in votes["source_ids"] for source in split_list(cell)})
