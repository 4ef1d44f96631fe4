"""Figure of the Council's votes over time; the rolls and the tables are in modules of their own."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.chapters.council_roll import (
    OUTCOME_SIGNS,
    OUTCOME_WORDS,
    agreement_figure,
    elected_table,
    roll_figure,
    subjects_figure,
)
from aleppo.show.chapters.council_tables import (
    council_table,
    explanations_table,
    outcome_words,
    statements_table,
    tally,
)
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import count, date

__all__ = [
    "agreement_figure",
    "council_figure",
    "council_table",
    "elected_table",
    "explanations_table",
    "roll_figure",
    "statements_table",
    "subjects_figure",
]

NEEDED = 9  # Charter, Article 27: nine affirmative votes, and no permanent member against
MEMBERS = 15


def council_figure(votes: pd.DataFrame) -> Figure:
    """Every vote of the Council on Syria by its date and its affirmative votes; vetoes and failures marked.

    ``votes`` is :func:`aleppo.measure.votes.council_votes`.
    """
    vetoed = votes[votes["vetoes"] > 0]
    failed = votes[votes["outcome"] == "failed"]
    joint = int((vetoed["vetoes"] > 1).sum())
    since_break = int((vetoed["date"].dt.date >= theme.BREAK).sum())
    enough = int((vetoed["yes"] >= NEEDED).sum())
    return Figure(
        _votes_by_date(votes),
        id="council-votes",
        title=(
            f"{count(len(votes))} votes on Syria, {count(len(vetoed))} vetoes: {_of_all(enough, len(vetoed))} of the "
            "vetoed texts had the nine votes that adoption needs"
        ),
        caption=(
            "Votes of the Security Council on texts about Syria, by date and number of votes in favour. A "
            f"text needs nine of fifteen and no permanent member against. {count(joint)} of the vetoes were "
            "cast by the Russian Federation and China together, the others by the Russian Federation alone."
            + (
                f" {NOT_VERIFIED}: no page that was read says so."
                if (votes["verified"] == "no").any()
                else ""
            )
        ),
        alt=(
            f"Scatter chart of {count(len(votes))} votes, {date(votes['date'].iloc[0])} to "
            f"{date(votes['date'].iloc[-1])}. Adopted resolutions lie at the top, most with all fifteen votes. "
            f"{count(len(vetoed))} vetoed drafts lie between {count(vetoed['yes'].min())} and "
            f"{count(vetoed['yes'].max())} votes in favour, {count(since_break)} of them after 30 September 2015. "
            f"{count(len(failed))} drafts fell short of nine votes."
        ),
        sources=cited(votes),
        tables=("unsc_votes",),
        data=votes[
            ["date", "symbol", "subject", "outcome", "yes", "no", "abstain", "absent", "vetoed_by"]
        ].assign(date=votes["date"].dt.strftime("%Y-%m-%d"), vetoed_by=votes["vetoed_by"].fillna("")),
    )


def _of_all(some: int, whole: int) -> str:
    return "all" if some == whole else count(some)


def _votes_by_date(votes: pd.DataFrame) -> go.Figure:
    """A sign for each vote by its date and its affirmative votes, and the line of those that adoption needs."""
    fig = go.Figure()
    for outcome, sign in OUTCOME_SIGNS.items():
        rows = votes[votes["outcome"] == outcome]
        fig.add_scatter(
            x=rows["date"].dt.strftime("%Y-%m-%d").tolist(),
            y=rows["yes"].astype(int).tolist(),
            mode="markers",
            name=f"{OUTCOME_WORDS[outcome]} ({len(rows)})",
            marker={
                "symbol": [sign if one == "yes" else f"{sign}-open" for one in rows["verified"]],
                "size": 11,
                "color": theme.tint(theme.OUTCOMES[outcome], 0.8),
                "line": {"width": 1, "color": theme.OUTCOMES[outcome]},
            },
            text=[_vote_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.add_hline(y=NEEDED, line={"color": theme.AXIS, "width": 1, "dash": "dot"}, layer="below")
    theme.label(fig, "2011-12-20", NEEDED - 0.6, "nine votes needed", theme.MUTED, shift=0)
    fig.update_yaxes(title="votes in favour", range=[0, MEMBERS + 1], tickvals=[0, 3, 6, NEEDED, 12, MEMBERS])
    fig.update_layout(height=440, showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.WAR))
    return fig


def _vote_text(row: Any) -> str:
    return f"{date(row.date)}: {row.symbol}<br>{row.subject}<br>{tally(row)}, {outcome_words(row)}"
