"""Figures of the chapter on siege, displacement, and deaths on both sides of the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence.tables.core import first_day, last_day
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, share_range
from aleppo.show.publishers import family
from aleppo.show.ranges import NOT_VERIFIED, amount, dagger, draw_rows, narrow_rows, period, sources_of

SIDES = {"east": theme.HOLDERS["opposition"], "west": theme.HOLDERS["government"]}
BAR = 0.26
# Ends of the axes
EAST_SPAN, DISPLACED_SPAN, EVACUATED_SPAN, WEST_SPAN = (0, 470_000), (0, 118_000), (0, 44_000), (3, 40_000)
WINDOW_PITCH = 74  # pixels for the words and two bars of one window
NAMES = {
    "Russian Ministry of Defence / General Staff": "Russian Ministry of Defence",
    "lowest published figure, per Atlantic Council review": "lowest that the Atlantic Council found",
    "Al Anwar (agency text)": "agency text",
    "own addition of OCHA counts": "OCHA counts, added here",
    "civil-defence volunteer, via Syria Direct": "a civil-defence volunteer",
    "UN Secretary-General (S/2016/873)": "UN report",
    "Aleppo forensic medicine (government)": "forensic medicine, Aleppo",
    "General Authority for Forensic Medicine (government)": "forensic authority",
    "Syrian Department of Health via OCHA": "health department",
    "Wikipedia summary of monitors": "Wikipedia's tally",
    "local authorities (government) via TASS": "local authorities, via TASS",
    "Turkish prime minister Yildirim": "Turkish prime minister",
    "Turkish prime minister Davutoglu": "Turkish prime minister",
    "press estimate (CNN)": "CNN, source not named",
    "press (ITV)": "ITV",
}


def when(row: Any) -> str:
    """The period of a row in short words; one day where it begins and ends on it."""
    text = pd.Series([row.period_start]), pd.Series([row.period_end])
    start, end = first_day(text[0]).iloc[0], last_day(text[1]).iloc[0]
    if len(row.period_end) == 4 and row.period_start != row.period_end:
        return f"{start.year} – {end.year}"
    return period(start, end)


def who(row: Any) -> str:
    """The counter of a row in short words."""
    return NAMES.get(row.attributed_to, row.attributed_to)


def _family(name: str) -> str:
    own = {"press estimate (CNN)": "press", "press (ITV)": "press"}
    own["Syrian Department of Health via OCHA"] = "Syrian government"
    forensic = "forensic" in name.lower() or name.startswith("local authorities (government)")
    return own.get(name, "Syrian government" if forensic else family(name))


def _rows(
    figures: pd.DataFrame, words: Callable[[Any], str], form: Callable[[Any], str] = count
) -> tuple[pd.DataFrame, list[str]]:
    """Figures as the rows of a chart, each under its own words."""
    texts = [dagger(words(row), row.verified) for row in figures.itertuples(index=False)]
    said = [amount(row.low, row.best, row.high, form) for row in figures.itertuples(index=False)]
    drawn = figures.assign(
        row=range(len(figures)),
        family=figures["attributed_to"].map(_family),
        said=said,
        hover=[f"{text}<br>{one}" for text, one in zip(texts, said, strict=True)],
        mark=[one.removesuffix(NOT_VERIFIED) for one in said],
    )
    return drawn, texts


def _listed(texts: list[str], drawn: pd.DataFrame) -> str:
    return "; ".join(f"{text}: {said}" for text, said in zip(texts, drawn["said"], strict=True))


DRAWN = [
    "attributed_to",
    "period_start",
    "period_end",
    "low",
    "best",
    "high",
    "row_id",
    "source_ids",
    "verified",
]


def people_figure(figures: pd.DataFrame) -> Figure:
    """People in the opposition-held east: :func:`aleppo.measure.harm.people_in_the_east`."""
    drawn, texts = _rows(figures, lambda row: f"{who(row)}, {when(row)}")
    fig = draw_rows(go.Figure(), drawn, texts, EAST_SPAN)
    fig.update_xaxes(title="people in opposition-held eastern Aleppo", tickformat=",d")
    before = figures[figures["period_end"] < "2016-11-25"]
    ends = before[["low", "best", "high"]]
    later = figures.set_index("row_id").loc["POP-009", "best"]
    return Figure(
        fig,
        id="besieged-east",
        title=(
            f"Before the last offensive, published figures of the people in eastern Aleppo run from "
            f"{count(ends.min().min())} to {count(ends.max().max())}; counts made afterwards add up to {count(later)}"
        ),
        caption=(
            "Figures of the population of the opposition-held east by date, as published; from late November 2016 on "
            "they are of the part still held, up to the last row. Ranges have two ends; a triangle marks a figure "
            "given as “at least”. No census was "
            "possible. The last row adds those whom OCHA registered in or from the east in the city and those "
            "evacuated; who left before registration, died, or was missed is not in it."
        ),
        alt=f"Range chart of published population figures in order of time. {_listed(texts, drawn)}",
        sources=sources_of(figures["source_ids"]),
        tables=("estimates", "control_published"),
        data=drawn[DRAWN],
        narrow=narrow_rows(drawn, texts, EAST_SPAN),
    )


def displaced_figure(february: pd.DataFrame, december: pd.DataFrame) -> Figure:
    """Displacement in the two offensives: two frames of :func:`aleppo.measure.harm.displaced`."""
    both = pd.concat([february, december], ignore_index=True)
    drawn, texts = _rows(both, _displaced_words)
    fig = draw_rows(go.Figure(), drawn, texts, DISPLACED_SPAN)
    fig.update_xaxes(title="people", tickformat=",d")
    ends = february[["low", "best", "high"]]
    un = december[december["attributed_to"] == "OCHA"]["best"].max()
    ministry = (
        december[december["attributed_to"].str.startswith("Russian")][["low", "best", "high"]].max().max()
    )
    return Figure(
        fig,
        id="displaced",
        title=(
            f"In February 2016 from {count(ends.min().min())} to {count(ends.max().max())} people were reported "
            f"displaced north of Aleppo; in November and December OCHA counted up to {count(un)} out of the east, the "
            f"Russian ministry up to {count(ministry)}"
        ),
        caption=(
            "People displaced or on the move, as published, by the end of the period. The first five rows are of the "
            "north of the governorate in February 2016, the rest of the eastern quarters in November and December. "
            "A figure of the first days leaves out those who moved later. OCHA's are of people registered, the "
            "ministry's of people said to have left. A dagger and a hollow sign: not verified."
        ),
        alt=f"Range chart of displacement figures. {_listed(texts, drawn)}",
        sources=sources_of(both["source_ids"]),
        tables=("estimates",),
        data=drawn[["quantity", *DRAWN]],
        narrow=narrow_rows(drawn, texts, DISPLACED_SPAN),
    )


def _displaced_words(row: Any) -> str:
    what = ", said to have left" if row.quantity.startswith("persons said") else ""
    return f"{who(row)}{what}, {when(row)}"


def evacuated_figure(figures: pd.DataFrame) -> Figure:
    """Evacuees by counter: :func:`aleppo.measure.harm.evacuated`."""
    drawn, texts = _rows(figures, lambda row: f"{who(row)}, {when(row)}")
    fig = draw_rows(go.Figure(), drawn, texts, EVACUATED_SPAN)
    fig.update_xaxes(title="people evacuated from eastern Aleppo", tickformat=",d")
    by_id = figures.set_index("row_id")["best"]
    sure = figures[(figures["period_end"] >= "2016-12-22") & (figures["verified"] == "yes")]
    ended = sure[["low", "best", "high"]]
    return Figure(
        fig,
        id="evacuated",
        title=(
            f"To 20 December 2016 SOHR counted {count(by_id['DIS-011'])} evacuees and the ICRC "
            f"{count(by_id['DIS-010'])}; when it ended the verified counts ran from {count(ended.min().min())} to "
            f"{count(ended.max().max())}"
        ),
        caption=(
            "People taken out of eastern Aleppo from 15 December 2016, by counter and by the day to which the figure "
            "reaches. Fighters and civilians together. A dagger and a hollow sign: not verified. A triangle "
            "marks a figure given as “at least”."
        ),
        alt=f"Chart of evacuee counts in order of time. {_listed(texts, drawn)}",
        sources=sources_of(figures["source_ids"]),
        tables=("estimates",),
        data=drawn[DRAWN],
        narrow=narrow_rows(drawn, texts, EVACUATED_SPAN),
    )


def two_sides_figure(parts: pd.DataFrame, totals: pd.DataFrame) -> Figure:
    """Deaths in east and west by the same counter: :func:`.harm.two_sides` and :func:`.harm.side_totals`."""
    fig = go.Figure()
    top = totals[["east", "west"]].max().max()
    left: dict[tuple[int, str], float] = {}
    for part in parts.itertuples(index=False):
        _side_bar(fig, part, left)
    for row in totals.itertuples(index=False):
        _window_words(fig, row, top)
    fig.update_yaxes(range=[len(totals) - 0.45, -0.62], visible=False, fixedrange=True)
    fig.update_xaxes(range=[0, top * 1.3], title="recorded deaths", showgrid=True)
    fig.update_layout(barmode="overlay", height=WINDOW_PITCH * len(totals) + 84)
    low, high = totals["west_share"].min(), totals["west_share"].max()
    return Figure(
        fig,
        id="two-sides",
        title=(
            f"Where one counter gives both sides for the same days of 2016 ({count(len(totals))} such periods), "
            f"{share_range(low, high)} of the deaths lie in the government-held west"
        ),
        caption=(
            "Deaths in the opposition-held east (upper bar) and the government-held west (lower bar) of Aleppo city, "
            "by one counter for one period, on one scale. Where the counter splits a side by how people died, the "
            "part in full colour is from the air and the faint one from shelling; a bar of one colour is not split. "
            "Civilians, except for the UN's "
            "figures, which are of all persons and lower bounds. The periods overlap and must not be added. "
            "Far more people lived in the west than in the east."
        ),
        alt="Paired bar chart. "
        + "; ".join(
            f"{who(row)}, {when(row)}: {_at_least(row)}east {count(row.east)}, west {count(row.west)}"
            for row in totals.itertuples(index=False)
        ),
        sources=sources_of(parts["source_ids"]),
        tables=("estimates",),
        data=parts,
    )


def _side_bar(fig: go.Figure, part: Any, left: dict[tuple[int, str], float]) -> None:
    value = float(part.low if pd.isna(part.best) else part.best)
    start = left.get((part.window, part.side), 0.0)
    left[(part.window, part.side)] = start + value
    place = part.window + (0.02 if part.side == "east" else BAR + 0.06)
    colour = SIDES[part.side]
    fig.add_bar(
        x=[value],
        base=[start],
        y=[place],
        width=BAR,
        orientation="h",
        marker={"color": theme.tint(colour, 0.5) if start else colour, "line": {"width": 0}},
        text=[f"{part.perpetrator}: {count(value)}"],
        hovertemplate="%{text}<extra></extra>",
        textposition="none",
        showlegend=False,
    )


def _at_least(row: Any) -> str:
    return "at least, " if row.at_least else ""


def _window_words(fig: go.Figure, row: Any, top: float) -> None:
    people = "civilians" if row.population == "civilians" else "all persons, at least"
    fig.add_annotation(
        x=0,
        xref="paper",
        y=row.window - 0.13,
        text=f"{who(row)}, {when(row)}: {people}",
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        bgcolor=theme.PAPER,
        borderpad=0,
        font={"color": theme.INK, "size": 13},
    )
    for side, value, place in (("east", row.east, 0.02), ("west", row.west, BAR + 0.06)):
        fig.add_annotation(
            x=value,
            y=row.window + place,
            text=f"{side} {count(value)}",
            showarrow=False,
            xanchor="left",
            yanchor="middle",
            xshift=5,
            font={"color": SIDES[side], "size": 13},
        )


def west_figure(figures: pd.DataFrame) -> Figure:
    """Deaths in government-held Aleppo by counter and period: :func:`aleppo.measure.harm.shelling_of_the_west`."""
    drawn, texts = _rows(figures, _west_words)
    fig = draw_rows(go.Figure(), drawn, texts, WEST_SPAN, log=True)
    fig.update_xaxes(
        title="recorded deaths, logarithmic scale",
        tickvals=[10, 100, 1_000, 10_000],
        ticktext=["10", "100", "1,000", "10,000"],
    )
    year = figures.set_index("row_id").loc["WAL-001", "best"]
    longest = figures[figures["row_id"].isin(["WAL-003", "WAL-004", "WAL-005"])]["best"]
    return Figure(
        fig,
        id="west-deaths",
        title=(
            f"In government-held Aleppo the forensic service registered {count(year)} civilians killed by shells in "
            f"2015; its totals for the war run from {count(longest.min())} to {count(longest.max())}"
        ),
        caption=(
            "Deaths in the government-held part of Aleppo, and deaths in the governorate by fire attributed to the "
            "opposition, by counter, in order of the end of the period. Periods run from a few days to more than eight "
            "years, so that rows are not to be compared with each other. Civilians unless said otherwise. Forensic "
            "figures are a party's own, published through state or "
            "pro-government media, and its three totals contradict each other. The UN report attributes its figure to "
            "nobody. A triangle marks a figure given as “at least”."
        ),
        alt=f"Chart of deaths on a logarithmic scale. {_listed(texts, drawn)}",
        sources=sources_of(figures["source_ids"]),
        tables=("estimates",),
        data=drawn[["area", "population", "perpetrator", *DRAWN]],
        narrow=narrow_rows(drawn, texts, WEST_SPAN, log=True),
    )


def _west_words(row: Any) -> str:
    causes = {"all causes (shrapnel, bullets)": ", any cause"}
    people = "" if row.population == "civilians" else ", all persons"
    unknown = ", any cause" if row.perpetrator == "not stated" else ""
    return f"{who(row)}, {when(row)}{people}{causes.get(row.perpetrator, unknown)}"
