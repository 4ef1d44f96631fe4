"""Figure and table of the chapter that lists the events."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.measure.events import SUBJECTS
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.lanes import places_in_lanes
from aleppo.show.marks import cited
from aleppo.show.numbers import count, date, share, span
from aleppo.show.table import Table

TABLES = ("events", "governorates")
COLOURS = {"Front lines": "brick", "Harm": "purple", "Response": "blue", "Background": "slate"}
WORDS = {
    "front_lines": "front lines",
    "airstrike": "air strikes",
    "shelling_bombing": "shelling, bombing",
    "civilian_toll": "civilian toll",
    "medical": "medical",
    "education": "schools",
    "chemical": "chemical",
    "execution": "executions",
    "siege": "siege",
    "international_response": "states, Council",
    "diplomacy": "diplomacy",
    "un_finding": "UN findings",
    "humanitarian": "aid",
    "background": "background",
}
COLUMNS = (
    *("event_id", "when", "date_start", "date_end", "date_precision", "subject", "domain", "year", "place"),
    *("where", "actors", "event_type", "what", "value", "unit", "verified", "source_ids"),
)
FILTERS = {
    "subject": "Subject",
    "domain": "Domain",
    "year": "Year",
    "where": "Governorate",
    "verified": "Verified",
}
UNVERIFIED = "not verified"
# What names another row or a table: FR-120, TOLL-EV-024, vote SC18, control_spells
_ID = re.compile(r"\b(?:FR|TOLL-EV|EV|SC|CF|N)-?\d{2,4}\b|\b[a-z]+(?:_[a-z]+)+\b")
_IDS_IN_BRACKETS = re.compile(rf" \([^()]*(?:{_ID.pattern})[^()]*\)")


def timeline_figure(chronology: pd.DataFrame) -> Figure:
    """Every event of :func:`aleppo.measure.events.chronology` as a point in the lane of its domain."""
    drawn = _in_lanes(chronology)
    lanes = list(dict.fromkeys(drawn["lane"].sort_values()))
    fig = go.Figure()
    for subject, name in COLOURS.items():
        for verified, rows in drawn[drawn["subject"] == subject].groupby("verified", sort=False):
            hollow = "" if verified == "yes" else "-open"
            fig.add_scatter(
                x=rows["date_start"].dt.strftime("%Y-%m-%d").tolist(),
                y=rows["at"].tolist(),
                mode="markers",
                name=subject,
                marker={"symbol": f"circle{hollow}", "size": 7, "color": theme.tint(theme.colour(name), 0.7)},
                text=[_point_text(row) for row in rows.itertuples()],
                hovertemplate="%{text}<extra></extra>",
                showlegend=False,
            )
    names = dict(zip(drawn["lane"], drawn["domain"], strict=True))
    fig.update_yaxes(
        tickvals=lanes,
        ticktext=[WORDS[names[lane]] for lane in lanes],
        range=[max(lanes) + 0.7, -0.7],
        showgrid=True,
        zeroline=False,
    )
    fig.update_layout(height=520)
    theme.mark_break(theme.time_axis(fig, theme.BATTLE, lanes=True))
    first, last = chronology["date_start"].iloc[0], chronology["date_start"].iloc[-1]
    by_subject = chronology["subject"].value_counts()
    since = (chronology["date_start"].dt.date >= theme.BREAK).mean()
    return Figure(
        fig,
        id="events-timeline",
        title=(
            f"{count(len(chronology))} dated events, {share(since)} of them from 30 September 2015 on: "
            "where the sources of this book look, not how the war was spread"
        ),
        caption=(
            "Each point is one event of the table below, at its first day, in the lane of its domain; points "
            "close in time are drawn one above the other. What happened in the siege of 2016 stands in the "
            "lanes of its kind. An open circle is an event that no stored page confirms. The number of "
            "points follows the reporting that was read."
        ),
        alt=(
            f"Dot chart in {count(len(lanes))} lanes from {date(first)} to {date(last)}: "
            + ", ".join(f"{count(by_subject[subject])} {subject.lower()}" for subject in by_subject.index)
            + f" events. Points are dense from 2015 to 2016 and sparse before; {share(since)} fall on or after the "
            "day when Russian air strikes began."
        ),
        sources=cited(chronology),
        tables=TABLES,
        data=drawn.assign(date_start=drawn["date_start"].dt.strftime("%Y-%m-%d"))[
            ["event_id", "date_start", "domain", "subject", "place", "event_type", "verified"]
        ],
    )


def _in_lanes(chronology: pd.DataFrame) -> pd.DataFrame:
    """Each event's lane, and where in it: events of one fortnight and lane take turns around the middle."""
    domains = [domain for group in SUBJECTS.values() for domain in group]
    there = [domain for domain in domains if domain in set(chronology["domain"])]
    lane = chronology["domain"].map({domain: place for place, domain in enumerate(there)})
    return chronology.assign(lane=lane, at=places_in_lanes(lane, chronology["date_start"]))


def event_table(chronology: pd.DataFrame, governorates: pd.DataFrame, main: pd.Series) -> Table:
    """Every event, to search and to filter; in print those that ``main`` marks.

    ``main`` is :func:`aleppo.measure.events.main_events`.
    """
    names = governorates.set_index("governorate")["name_en"]
    rows = chronology.assign(
        when=[_when(row) for row in chronology.itertuples()],
        domain=chronology["domain"].map(WORDS),
        where=chronology["governorate"].map(names).fillna("elsewhere"),
        what=[_what(row) for row in chronology.itertuples()],
        verified=chronology["verified"].map({"yes": "yes", "no": UNVERIFIED}),
    )
    return Table(
        rows[list(COLUMNS)],
        id="events",
        caption=(
            "Events in the order of their first day: who took part or to whom the event is attributed, in the words of "
            "the sources, and what is reported. Rows marked as not verified rest on no page that was read"
        ),
        columns={
            "when": "When",
            "place": "Where",
            "actors": "Actors, as attributed",
            "what": "What is reported",
            "source_ids": "Sources",
        },
        formats={"source_ids": "cite"},
        explore=FILTERS,
        sources=cited(chronology),
        tables=TABLES,
        print_rows=[place for place, kept in enumerate(main) if kept],
    )


def _when(row: Any) -> str:
    if row.date_precision == "month":
        return date(f"{row.date_start:%Y-%m}")
    days = span(row.date_start, row.date_end)
    return f"about {days}" if row.date_precision != "day" else days


def _what(row: Any) -> str:
    note = "" if pd.isna(row.note) else for_readers(row.note)
    text = f"{row.summary} ({note.rstrip('.')}.)" if note else row.summary
    return text if row.verified == "yes" else f"[{UNVERIFIED}] {text}"


def for_readers(note: str) -> str:
    """A note without what only the tables need: brackets, clauses and sentences that name other rows by their ids."""
    sentences = re.split(r"(?<=\.) (?=[A-Z])", _IDS_IN_BRACKETS.sub("", note))
    kept = ("; ".join(part for part in one.split("; ") if not _ID.search(part)) for one in sentences)
    return " ".join(one if one.endswith(".") else f"{one}." for one in kept if one)


def _point_text(row: Any) -> str:
    mark = "" if row.verified == "yes" else f", {UNVERIFIED}"
    return f"{_when(row)}<br>{row.place}: {row.event_type.replace('_', ' ')}{mark}"
