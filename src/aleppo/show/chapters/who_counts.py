"""Figures of the chapter on who counts the dead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.measure.estimates import CONVOY, RUSSIAN, against_range
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, count_range, date, ratio
from aleppo.show.publishers import family
from aleppo.show.ranges import (
    amount,
    dagger,
    draw_rows,
    legend_of,
    narrow_of,
    narrow_rows,
    one_line,
    period,
    sources_of,
)

NAMES = {
    "SOHR": "Syrian Observatory (SOHR)",
    "SNHR": "Syrian Network (SNHR)",
    "UK government": "UK special representative",
}
# The names of lines stand after the last month; a narrow screen gives them more days.
NAMES_AT = "2016-12-20"
# A series that ends before this month is named at its own end
SHORT_BEFORE = "2016-07"
ROOM_FOR_NAMES = {"range": [theme.TURN.first, "2017-09-15"], "dtick": "M6"}
RATIO_COLUMNS = (
    *("question", "quantity", "population", "area", "start", "end", "counter", "low", "best", "high"),
    *("lowest", "ratio_low", "ratio", "ratio_high", "row_id", "source_ids", "verified"),
)
GRADED = "fair or confirmed"
ALEPPO_ALL, SYRIA_CIVILIANS = "Aleppo Governorate, all persons", "Syria, civilians"
FIRST_YEAR_SPAN = (-150, 10_400)


def first_year_figure(rows: pd.DataFrame) -> Figure:
    """Deaths attributed to Russian strikes in one year; ``rows`` is :func:`.estimates.first_year`."""
    drawn = rows.assign(
        row=range(len(rows)),
        family=rows["counter"].map(family),
        said=[amount(row.low, row.best, row.high) for row in rows.itertuples()],
    )
    words = [_who(row) for row in drawn.itertuples(index=False)]
    drawn["hover"] = [f"{text}<br>{said}" for text, said in zip(words, drawn["said"], strict=True)]
    fig = draw_rows(go.Figure(), drawn, words, FIRST_YEAR_SPAN)
    fig.update_xaxes(title="civilian deaths attributed to Russian strikes", zeroline=True)
    top = rows["high"].max()
    return Figure(
        fig,
        id="first-year",
        title=(
            f"From {count(rows['best'].min())} to {count(top)}: civilian deaths in Syria attributed to Russian "
            "strikes in their first year, by who counts and which allegations are let in"
        ),
        caption=(
            "30 September 2015 to 29 or 30 September 2016, Syria. Bars with two ends are ranges as published, with "
            "nothing marked between them; a triangle marks a figure given as “at least”. Airwars' figures are sums of "
            "the least and greatest numbers alleged in each incident; below the whole stand its parts by Airwars' "
            "own grading, for incidents alleged against Russia alone, and those that name other forces too; the "
            "parts are of whole months and reach a day further, to 30 September 2016. The "
            "ministry's figure is its statement of April 2016; no later acknowledgement was found."
        ),
        alt=(
            "Range chart of rival figures on one axis. "
            + "; ".join(
                f"{text.replace('<br>', ' ')}: {said}"
                for text, said in zip(words, drawn["said"], strict=True)
            )
        ),
        sources=sources_of(rows["source_ids"]),
        tables=("estimates", "airwars_monthly"),
        data=drawn[
            ["counter", "words", "low", "best", "high", "published", "row_id", "source_ids", "verified"]
        ],
        narrow=narrow_rows(drawn, words, FIRST_YEAR_SPAN),
    )


def _who(row: Any) -> str:
    if row.words:
        parts = {"fair": "graded fair", "contested": "graded contested", "confirmed": "graded confirmed"}
        return f"Airwars, of these: {parts.get(row.words, row.words)}"
    name = NAMES.get(row.counter, row.counter)
    if row.counter == "Airwars":
        return "Airwars, all alleged"
    return dagger(f"{name}, published {_year(row.published)}", row.verified)


def _year(published: Any) -> str:
    return "undated" if pd.isna(published) else str(published)[:4]


def monthly_figure(figures: pd.DataFrame, vdc: pd.Series) -> Figure:
    """Deaths by all parties by month: Syria's civilians, and all persons in Aleppo Governorate.

    ``figures`` is :func:`.estimates.monthly_figures`, ``vdc`` :func:`.estimates.monthly_deaths` of Aleppo.
    """
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.12)
    deaths = figures[figures["quantity"] == "deaths"]
    syria = deaths[(deaths["area"] == "Syria") & (deaths["population"] == "civilians")]
    aleppo = deaths[(deaths["area"] == "Aleppo Governorate") & (deaths["population"] == "all persons")]
    ours = pd.DataFrame({"month": vdc.index, "best": vdc.to_numpy(), "counter": "VDC (by origin)"})
    aleppo = pd.concat([aleppo, ours.assign(low=None, high=None, verified="yes")], ignore_index=True)
    drawn = [_in_window(syria).assign(panel=SYRIA_CIVILIANS), _in_window(aleppo).assign(panel=ALEPPO_ALL)]
    for number, part in enumerate(drawn, start=1):
        _month_lines(fig, part, number)
        words = f"{drawn[number - 1]['panel'].iloc[0]}: deaths a month"
        fig.update_yaxes(rangemode="tozero", title=words, row=number, col=1)
    fig.update_layout(height=640)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    both = pd.concat(drawn, ignore_index=True)
    march = syria[syria["month"] == "2016-03"].set_index("counter")["best"]
    return Figure(
        fig,
        id="deaths-monthly",
        title=(
            "In months that all three cover, SOHR and SNHR record similar numbers of civilians killed in Syria, and "
            f"UCDP fewer: {count(march['SOHR'])}, {count(march['SNHR'])} and {count(march['UCDP'])} in March 2016"
        ),
        caption=(
            "Recorded deaths by all parties together, by month, as published; a line breaks where a month was not "
            "found, and hollow points were not verified. UCDP in the lower panel has its low to high estimate as a "
            "band; events known only to the year or the country are left out of it. VDC counts the place of origin "
            "of the victim, and a week in the month in which it begins: another question than the rest. SHRC "
            "published three of these months in the pages read."
        ),
        alt=(
            "Two line charts by month from March 2015 to December 2016. Above, civilians killed in Syria: SOHR and "
            "SNHR run close together, between about 600 and 1,600 a month, both lowest in March 2016; UCDP runs "
            "below them. Below, all persons killed in Aleppo Governorate: UCDP runs far above VDC, with SHRC "
            "between or near them."
        ),
        sources=sources_of(both["source_ids"], "vdc-2018-deaths-by-province"),
        tables=("monthly_published", "vdc_deaths_weekly"),
        data=_month_rows(both),
        narrow=dict.fromkeys(("xaxis", "xaxis2"), ROOM_FOR_NAMES),
    )


def _in_window(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["month"].between("2015-03", "2016-12")].sort_values(["counter", "month"])


def _month_rows(rows: pd.DataFrame) -> pd.DataFrame:
    names = ["panel", "month", "counter", "low", "best", "high", "row_id", "source_ids", "verified"]
    return rows.reindex(columns=names).reset_index(drop=True)


def _month_lines(fig: go.Figure, rows: pd.DataFrame, panel: int) -> None:
    """One line per counter, broken where a month is missing, with its name at the right edge."""
    _line_names(fig, rows, panel)
    months = pd.period_range(rows["month"].min(), rows["month"].max(), freq="M").astype(str)
    for counter, some in rows.groupby("counter", sort=False):
        whole = some.set_index("month").reindex(months)
        name, colour = family(str(counter)), theme.PUBLISHERS[family(str(counter))]
        days = [f"{month}-15" for month in months]
        if whole[["low", "high"]].notna().all(axis="columns").any():
            _band(fig, whole, days, colour if GRADED in str(counter) else theme.tint(colour, 0.55), panel)
        middle = whole["best"].astype(float)
        if middle.notna().any():
            hollow = ["-open" if sign == "no" else "" for sign in whole["verified"].fillna("yes")]
            sign = theme.SYMBOLS[name].removesuffix("-open")
            fig.add_scatter(
                x=days,
                y=[None if pd.isna(value) else value for value in middle],
                mode="lines+markers",
                connectgaps=False,
                line={"color": colour, "width": 2},
                marker={
                    "color": colour,
                    "size": 6,
                    "symbol": [f"{sign}{end}" for end in hollow],
                },
                text=[f"{counter}, {date(month)}" for month in months],
                hovertemplate="%{text}<br>%{y:,}<extra></extra>",
                showlegend=False,
                row=panel,
                col=1,
            )


def _band(fig: go.Figure, whole: pd.DataFrame, days: list[str], colour: str, panel: int) -> None:
    """The range of each month as a bar from low to high: no line that months between would share."""
    x: list[str | None] = []
    y: list[float | None] = []
    for day, low, high in zip(days, whole["low"], whole["high"], strict=True):
        if not pd.isna(low) and not pd.isna(high):
            x += [day, day, None]
            y += [float(low), float(high), None]
    fig.add_scatter(
        x=x,
        y=y,
        mode="lines",
        connectgaps=False,
        line={"color": colour, "width": 7},
        hovertemplate="%{x|%B %Y}: %{y:,}<extra></extra>",
        showlegend=False,
        row=panel,
        col=1,
    )


def _line_names(fig: go.Figure, rows: pd.DataFrame, panel: int) -> None:
    """The names of the counters at the right edge, at the height of their last points but apart.

    The name of one that ends months before the others stands at its own last point.
    """
    given = rows.assign(at=rows["best"].fillna(rows["high"])).dropna(subset="at")
    last, until = (given.groupby("counter")[column].last() for column in ("at", "month"))
    top = rows[["best", "high"]].max().max()
    height = -1.0
    axis = "" if panel == 1 else str(panel)
    for counter, value in last.sort_values().items():
        shade = theme.PUBLISHERS[family(str(counter))]
        if until[counter] < SHORT_BEFORE:
            theme.name_line(fig, f"{until[counter]}-15", float(value), str(counter), shade, axis=axis, up=14)
            continue
        lines = (
            str(counter)
            .replace(", ", ",<br>")
            .replace(" (", "<br>(")
            .replace("or c", "or<br>c")
            .replace("Syrian ", "Syrian<br>")
        )
        room = top * 0.075 * (1 + lines.count("<br>")) / 2
        height = max(float(value), height + room)
        theme.name_line(fig, NAMES_AT, height, lines, shade, axis=axis, shift=4)
        height += room


def russian_months_figure(figures: pd.DataFrame, joint: pd.DataFrame) -> Figure:
    """Civilian deaths attributed to Russian strikes by month, as ranges.

    ``figures`` is :func:`.estimates.monthly_figures`; ``joint`` the rows of ``monthly_published`` in which the
    Observatory counts Russian and Syrian aircraft together.
    """
    rows = figures[(figures["quantity"] == RUSSIAN) & (figures["area"] == "Syria")]
    together = joint.assign(counter="SOHR, with Syrian aircraft")
    both = _in_window(pd.concat([rows, together], ignore_index=True)).assign(panel="Syria, civilians")
    fig = make_subplots(rows=1, cols=1)
    _month_lines(fig, both, 1)
    fig.update_yaxes(rangemode="tozero", title="civilian deaths a month")
    fig.update_layout(height=460)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    march = both[both["month"] == "2016-03"].set_index("counter")
    alleged = march.loc["Airwars, all alleged"]
    place = against_range(both, "SNHR", "Airwars, fair or confirmed").value_counts()
    below, inside, above = (count(place.get(name, 0)) for name in ("below", "inside", "above"))
    return Figure(
        fig,
        id="russian-monthly",
        title=(
            f"For March 2016, the first month of the truce, SNHR attributes {count(march.loc['SNHR', 'best'])} "
            "civilian deaths to Russian forces, and the incidents alleged to Airwars add up to "
            f"{count_range(alleged['low'], alleged['high'])}"
        ),
        caption=(
            "Civilian deaths attributed to Russian strikes in Syria by month, to December 2016. Airwars (bars): sums "
            "of the least and greatest numbers alleged, over all incidents (faint) and over those that it grades fair "
            "or confirmed (full colour), incidents that name other forces too included. SNHR: its monthly releases; a "
            "month without a point was not found. VDC: one month. SOHR's monthly releases count Russian and Syrian "
            "aircraft together, which is another question. "
            "All begin with the strikes and say nothing about the time before."
        ),
        alt=(
            "Chart by month from October 2015 to December 2016. Airwars' range of all alleged deaths lies above its "
            f"range graded fair or confirmed in every month; SNHR lies below the second in {below} months, inside it "
            f"in {inside} and above it in {above}, and falls to {count(march.loc['SNHR', 'best'])} in March 2016."
        ),
        sources=sources_of(both["source_ids"]),
        tables=("monthly_published",),
        data=_month_rows(both),
        narrow={"xaxis": ROOM_FOR_NAMES},
    )


def question_words(row: Any) -> str:
    """A question in two lines: what is counted, then where and when."""
    what = {
        (RUSSIAN, "civilians"): "Civilians, attributed to Russian strikes",
        (RUSSIAN, "all persons"): "All persons, attributed to Russian strikes",
        ("deaths", "civilians"): "Civilians, all parties",
        ("deaths", "all persons"): "All persons, all parties",
        (CONVOY, "all persons"): "Dead of the aid convoy",
    }[(row.quantity, row.population)]
    return f"{what}<br>{row.area}, {period(row.start, row.end)}"


def disagreement_figure(compared: pd.DataFrame, spread: pd.DataFrame) -> Figure:
    """Each figure over the lowest of its question: :func:`.estimates.ratios` and :func:`.estimates.spread`."""
    heads = spread.sort_values("widest", ascending=False).set_index("question")
    drawn = _in_rows(compared, list(heads.index))
    top = spread["widest"].max()
    fig, small = _rows_of_ratios(drawn, [question_words(row) for row in heads.itertuples()], top * 1.35)
    first = heads.iloc[0]
    return Figure(
        fig,
        id="disagreement",
        title=(
            f"{count(len(heads))} questions have rival answers in the pages read; the answers differ by "
            f"{ratio(spread['widest'].min())} to {ratio(top)}, most for {_plain(first)}"
        ),
        caption=(
            "Each row is one question: same deaths, same area, same period to within a day. Every figure is divided "
            "by the lowest whole figure above zero that was given to that question, a range at both its ends. A "
            "triangle marks a figure given as “at least”, hollow signs are not verified, and publishers without a sign "
            "of their own are named. Of two ranges of Airwars in one row the lower is what it grades fair or "
            "confirmed. The scale is logarithmic. Rows with months sum the same months of each "
            "publisher; of single months only March 2016 is drawn. A denial (zero) has no ratio."
        ),
        alt=(
            "Dot and range chart of ratios to the lowest figure, one row for each question. "
            + "; ".join(
                f"{_plain(row)}, up to {ratio(row.widest)}" for row in heads.head(5).itertuples(index=False)
            )
        ),
        sources=sources_of(compared["source_ids"]),
        tables=("estimates", "monthly_published", "vdc_deaths_weekly"),
        data=drawn[list(RATIO_COLUMNS)].round({"ratio_low": 3, "ratio": 3, "ratio_high": 3}),
        narrow={
            **narrow_of(small),
            "xaxis": {
                "range": list(small.layout.xaxis.range),
                **_ratio_ticks(top * 1.35, (1, 2, 5, 10, 20, 50)),
                "tickangle": 0,
            },
        },
    )


def _in_rows(compared: pd.DataFrame, order: list[Any]) -> pd.DataFrame:
    """Every figure with the row of its question, the sign of its publisher, and what is said of it."""
    drawn = compared.assign(
        row=compared["question"].map({number: place for place, number in enumerate(order)}),
        family=compared["counter"].map(family),
        said=[amount(row.low, row.best, row.high) for row in compared.itertuples()],
        mark=compared["counter"].str.replace(" government", "", regex=False),
        # beside the lowest of a row there is room on the left only
        on_left=compared[["ratio_low", "ratio", "ratio_high"]].min(axis=1) <= 1,
    )
    drawn["hover"] = [
        f"{row.counter}: {row.said}<br>×{_last(row):.2f} of the lowest"
        for row in drawn.itertuples(index=False)
    ]
    return drawn


def _rows_of_ratios(drawn: pd.DataFrame, words: list[str], end: float) -> tuple[go.Figure, go.Figure]:
    """Ratios on an axis up to ``end``, a row for each question; and the same under words of two lines."""
    renamed = drawn.drop(columns=["low", "best", "high"]).rename(
        columns={"ratio_low": "low", "ratio": "best", "ratio_high": "high"}
    )
    fig = draw_rows(go.Figure(), renamed, one_line(words), (0.6, end), log=True, values=False)
    small = draw_rows(go.Figure(), renamed, words, (0.4, end), log=True, values=False)
    fig.add_vline(x=1, line={"color": theme.AXIS, "width": 1})
    fig.update_xaxes(
        title="times the lowest figure given to the same question",
        **_ratio_ticks(end, (1, 2, 3, 4, 5, 10, 20, 50)),
    )
    families = [name for name in theme.PUBLISHERS if name in set(drawn["family"]) and name != "other"]
    points = set(drawn.loc[drawn["best"].notna() | drawn["high"].isna(), "family"])
    legend_of(fig, families, [name for name in families if name not in points])
    fig.update_layout(legend={"y": -0.085})
    return fig, small


def _ratio_ticks(end: float, ticks: Sequence[int]) -> dict[str, list[Any]]:
    """Those of ``ticks`` that an axis up to ``end`` has, and their words."""
    shown = [value for value in ticks if value < end]
    return {"tickvals": shown, "ticktext": [f"×{value}" for value in shown]}


def _last(row: Any) -> float:
    return float(max(value for value in (row.ratio_low, row.ratio, row.ratio_high) if not pd.isna(value)))


def _plain(row: Any) -> str:
    text = question_words(row).replace("<br>", " in ", 1)
    return text[0].lower() + text[1:]
