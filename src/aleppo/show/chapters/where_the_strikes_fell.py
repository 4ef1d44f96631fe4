"""Figures and tables of the chapter on where the alleged Russian strikes fell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aleppo.claims.exhibits import ARTICLE_SOURCES
from aleppo.measure.strikes import DAMASCUS_NAME, FAIR
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import count, count_range, share, share_range
from aleppo.show.publishers import family
from aleppo.show.ranges import amount, draw_rows, narrow_of, one_line, period, sources_of
from aleppo.show.table import Table

ARCHIVE = "airwars-20260731-archive"
TABLES = ("airwars_monthly",)
PURPLE = theme.PUBLISHERS["Airwars"]
GRADE_COLOURS = {
    FAIR: PURPLE,
    "contested": theme.tint(PURPLE, 0.45),
    "weak, discounted or not graded": theme.tint(theme.colour("slate"), 0.6),
    "other forces named too": theme.colour("amber"),
}
ALLEGED = "alleged against Russia alone"
SHARE_COLUMNS = (
    *("estimate_id", "attributed_to", "period_start", "period_end", "low", "best", "high", "said_of"),
    *("perpetrator", "method", "source_ids", "verified"),
)


def months_figure(rows: pd.DataFrame) -> Figure:
    """Incidents by month and grading, and the deaths alleged in them; ``rows`` is :func:`.russian_incidents`."""
    shown = rows.assign(kind=_kinds(rows))
    bars = shown.groupby(["month", "kind"])["incidents"].sum().unstack(fill_value=0)
    bars = bars.reindex(columns=list(GRADE_COLOURS), fill_value=0)
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.1, row_heights=[0.5, 0.5])
    for kind, colour in GRADE_COLOURS.items():
        fig.add_bar(
            x=[f"{month}-15" for month in bars.index],
            y=bars[kind].tolist(),
            name=kind,
            marker={"color": colour},
            hovertemplate=f"%{{x|%B %Y}}<br>{kind}: %{{y}} alleged incidents<extra></extra>",
            row=1,
            col=1,
        )
    alone = rows[rows["alone"]]
    killed = {"all alleged": alone, FAIR: alone[alone["grade"] == FAIR]}
    for name, some in killed.items():
        _killed(fig, some, name)
    fig.update_layout(barmode="stack", bargap=0.25, height=600, legend={"y": -0.12})
    fig.update_yaxes(title="alleged incidents", row=1, col=1)
    fig.update_yaxes(title="civilians alleged killed", rangemode="tozero", row=2, col=1)
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    total = alone["incidents"].sum()
    graded = killed[FAIR]["incidents"].sum()
    low, high = alone["killed_min"].sum(), alone["killed_max"].sum()
    return Figure(
        fig,
        id="strikes-months",
        title=(
            f"{count(total)} incidents of civilian harm are {ALLEGED} from 30 September 2015 to December 2016, "
            f"{count(graded)} of them graded fair or confirmed; {count_range(low, high)} civilians are alleged killed"
        ),
        caption=(
            "Above: incidents recorded by Airwars by month, by its own grading, and on top those that name other "
            "forces too. Below: from the least to the greatest number of civilians alleged killed in the incidents "
            "that name Russia alone, wide bars for all gradings, narrow bars for those graded fair or confirmed. "
            "An allegation is not a finding of who struck. September 2015 holds one day. Airwars began to watch "
            "Russian strikes when they began, so the figure has no before"
        ),
        alt=(
            "Stacked bar chart of alleged incidents by month, and below it ranges of civilians alleged killed. "
            f"The most incidents, {count(bars.sum(axis=1).max())}, fall in {_month(bars.sum(axis=1).idxmax())}; the "
            f"fewest in a whole month, {count(bars.sum(axis=1).iloc[1:].min())}, in "
            f"{_month(bars.sum(axis=1).iloc[1:].idxmin())}. Most are contested from the middle of 2016 on."
        ),
        sources=[ARCHIVE],
        tables=TABLES,
        data=_month_data(shown),
    )


def _kinds(rows: pd.DataFrame) -> pd.Series:
    kinds = rows["grade"].where(rows["grade"].isin([FAIR, "contested"]), "weak, discounted or not graded")
    return kinds.where(rows["alone"], "other forces named too")


def _killed(fig: go.Figure, rows: pd.DataFrame, name: str) -> None:
    """Ranges of the deaths alleged, as floating bars: they begin at the least and are as tall as the rest."""
    sums = rows.groupby("month")[["killed_min", "killed_max"]].sum()
    days = [f"{month}-15" for month in sums.index]
    x = [day for day in days for _ in range(3)]
    y = [
        value
        for low, high in zip(sums["killed_min"], sums["killed_max"], strict=True)
        for value in (low, high, None)
    ]
    graded = name == FAIR
    fig.add_scatter(
        x=x,
        y=[None if value is None else int(value) for value in y],
        mode="lines",
        connectgaps=False,
        line={
            "color": PURPLE if graded else theme.tint(theme.colour("amber"), 0.5),
            "width": 5 if graded else 11,
        },
        hovertemplate=f"%{{x|%B %Y}}, {name}: %{{y:,}}<extra></extra>",
        name=f"alleged killed, {name}",
        showlegend=not graded,
        row=2,
        col=1,
    )


def _month_data(rows: pd.DataFrame) -> pd.DataFrame:
    sums = rows.groupby(["month", "kind"])[
        ["incidents", "killed_min", "killed_max", "killed_not_stated"]
    ].sum()
    return sums.reset_index().rename(columns={"kind": "grading"})


def _month(month: str) -> str:
    return pd.Timestamp(f"{month}-01").strftime("%B %Y")


def place_names(governorates: pd.DataFrame) -> dict[str, str]:
    """P-code → English name, with the pair that Airwars does not tell apart."""
    names = governorates.set_index("governorate")["name_en"].to_dict()
    return {**names, "SY01;SY03": DAMASCUS_NAME, "unmapped": "not placed"}


def grid_figure(everything: pd.DataFrame, graded: pd.DataFrame, names: Mapping[str, str]) -> Figure:
    """Alleged incidents by governorate and month, all gradings above and fair or confirmed below.

    Both are :func:`aleppo.measure.strikes.grid` over the same months.
    """
    graded = graded.reindex(index=everything.index, fill_value=0)
    aleppo = everything.loc["SY02"].sum() / everything.to_numpy().sum()
    of_graded = graded.loc["SY02"].sum() / graded.to_numpy().sum()
    leads = int((everything.loc["SY02"] == everything.max()).sum())
    data = everything.stack().rename("all_gradings").to_frame()
    data["fair_or_confirmed"] = graded.stack()
    return Figure(
        _heat_maps(everything, graded, names),
        id="strikes-grid",
        title=(
            f"Of the incidents {ALLEGED}, {share(aleppo)} lie in Aleppo governorate by all gradings and "
            f"{share(of_graded)} of those graded fair or confirmed"
        ),
        caption=(
            "Incidents of civilian harm recorded by Airwars, by governorate and month from 30 September 2015, that are "
            "alleged against Russia alone; shades mean the same in both panels. Above: all gradings; below: those that "
            "Airwars grades fair or confirmed. September 2015 is its last day alone. An empty cell is no recorded "
            "allegation, not no harm. Airwars writes "
            "Damascus for much of Rural Damascus, so the two stand together. Governorates are not zones of control"
        ),
        alt=(
            f"Two heat maps of alleged incidents by governorate and month. Aleppo has the most in {count(leads)} of "
            f"{count(len(everything.columns))} months, {count(everything.loc['SY02'].sum())} by all gradings and "
            f"{count(graded.loc['SY02'].sum())} graded fair or confirmed; next is {names[everything.index[1]]} with "
            f"{count(everything.iloc[1].sum())} and {count(graded.iloc[1].sum())}."
        ),
        sources=[ARCHIVE],
        tables=("airwars_monthly", "governorates"),
        data=data.reset_index(),
        narrow={
            # as many days as there are cells: their numbers need the width
            **{axis: {"range": ["2015-08-31", "2017-01-01"]} for axis in ("xaxis", "xaxis2")},
            **{axis: {"nticks": 0, "dtick": 1, "tickfont": {"size": 11}} for axis in ("yaxis", "yaxis2")},
        },
    )


def _heat_maps(everything: pd.DataFrame, graded: pd.DataFrame, names: Mapping[str, str]) -> go.Figure:
    """Two panels of shaded cells, governorates by months, in one scale of shades."""
    fig = make_subplots(rows=2, cols=1, shared_xaxes=True, vertical_spacing=0.1, row_heights=[0.5, 0.5])
    top = int(everything.to_numpy().max())
    panels = {"all gradings, alleged": everything, "graded fair or confirmed, alleged": graded}
    for number, (name, table) in enumerate(panels.items(), start=1):
        fig.add_heatmap(
            z=table.to_numpy().tolist(),
            x=[f"{month}-15" for month in table.columns],
            y=[names[code].replace(DAMASCUS_NAME, "Damascus (both)") for code in table.index],
            text=[[str(value) if value else "" for value in row] for row in table.to_numpy()],
            texttemplate="%{text}",
            textfont={"size": 11, "color": theme.INK},
            zmin=0,
            zmax=top,
            colorscale=[[0, theme.PAPER], [0.005, theme.tint(PURPLE, 0.1)], [1, theme.tint(PURPLE, 0.62)]],
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate=f"%{{y}}, %{{x|%B %Y}}<br>%{{z}} incidents, {name}<extra></extra>",
            row=number,
            col=1,
        )
        fig.update_yaxes(title=name, row=number, col=1)
    fig.update_yaxes(autorange="reversed", showgrid=False, ticklabelstandoff=6)
    fig.update_xaxes(showgrid=False)
    fig.update_layout(height=2 * 26 * len(everything) + 150)
    theme.mark_break(theme.time_axis(fig, theme.TURN, lanes=True))
    return fig


def governorate_table(table: pd.DataFrame, names: Mapping[str, str]) -> Table:
    """Alleged incidents and deaths by governorate and grading: :func:`aleppo.measure.strikes.by_governorate`."""
    rows = table.assign(
        governorate_name=table["governorate"].map(names),
        killed=[count_range(row.killed_min, row.killed_max) for row in table.itertuples()],
        fair_killed=[count_range(row.fair_killed_min, row.fair_killed_max) for row in table.itertuples()],
    )
    return Table(
        rows,
        id="strikes-governorates",
        caption=(
            "Incidents of civilian harm alleged against Russia alone, 30 September 2015 to December 2016, by "
            "governorate and by Airwars' grading, and the civilians alleged killed in them, least to greatest. The "
            "last column counts incidents that name other forces too; they are in no other column"
        ),
        columns={
            "governorate_name": "Governorate",
            "incidents": "Alleged incidents",
            "fair_incidents": "of them graded fair or confirmed",
            "contested_incidents": "graded contested",
            "other_incidents": "graded weak, discounted or not",
            "killed": "Alleged killed, all gradings",
            "fair_killed": "Alleged killed, fair or confirmed",
            "killed_not_stated": "Incidents without a number",
            "several_incidents": "Other forces named too",
        },
        sources=[ARCHIVE],
        tables=("airwars_monthly", "governorates"),
    )


def outside_figure(shares: pd.DataFrame, claim: pd.Series) -> Figure:
    """Published shares of strikes not on Islamic State, with the article's claim beside them.

    ``shares`` is :func:`aleppo.measure.strikes.not_on_islamic_state`; ``claim`` the row of ``claims``.
    """
    rows = _with_the_claim(shares, claim)
    words = [f"{_by(row)}<br>{_when(row)}" for row in rows.itertuples()]
    rows["hover"] = [f"{text}<br>{said}" for text, said in zip(words, rows["said"], strict=True)]
    fig = draw_rows(go.Figure(), rows, one_line(words), (-0.02, 1.02))
    small = draw_rows(go.Figure(), rows, words, (-0.02, 1.02))
    fig.update_xaxes(title="share not on Islamic State", tickformat=".0%")
    fig.add_vline(x=0.5, line={"color": theme.MUTED, "width": 1, "dash": "dot"})
    others = shares[shares["best"].ne(0)]
    ends = others[["low", "best", "high"]]
    return Figure(
        fig,
        id="outside-islamic-state",
        title=(
            f"Published shares of Russian strikes that were not on Islamic State run from {_whole(ends.min().min())} "
            f"to {_whole(ends.max().max())}; the Russian statement alone says that all were on it"
        ),
        caption=(
            "Shares as published, by the end of the period they speak of; a share said to be on Islamic "
            "State is taken from the whole. They do not count the same thing: Reuters placed declared "
            "targets on a map of control, IHS coded strikes from open sources, governments spoke from "
            "intelligence that they did not publish, and the last IHS figure counts Russian and Syrian "
            "strikes together. The US State Department put al-Qaeda's affiliates with Islamic State. A "
            "triangle points from a bound to where the figure may lie. The dotted line is one half"
        ),
        alt="Range chart of published shares. "
        + "; ".join(
            f"{text.replace('<br>', ', ')}: {one}" for text, one in zip(words, rows["said"], strict=True)
        ),
        sources=sources_of(rows["source_ids"]),
        tables=("estimates", "claims"),
        data=rows[list(SHARE_COLUMNS)],
        narrow=narrow_of(small),
    )


def _with_the_claim(shares: pd.DataFrame, claim: pd.Series) -> pd.DataFrame:
    """The published shares and what the article says, in rows by the end of their periods."""
    said = pd.DataFrame(
        {
            "estimate_id": [claim["claim_id"]],
            "low": [0.5],
            "attributed_to": ["CNN"],
            "period_start": ["2015-09-30"],
            "period_end": ["2016-02-07"],
            "source_ids": [ARTICLE_SOURCES["cnn"]],
            "verified": ["yes"],
            "said": ["“most”: more than half"],
        }
    )
    rows = pd.concat([shares, said], ignore_index=True)
    rows = rows.assign(day=rows["period_end"].str.ljust(10, "9")).sort_values("day", ignore_index=True)
    spoken = [said_range(row) for _, row in rows.iterrows()]
    return rows.assign(
        row=range(len(rows)),
        family=rows["attributed_to"].map(_family),
        said=rows["said"].where(rows["said"].notna(), pd.Series(spoken)),
    )


def _whole(value: float) -> str:
    return share(value)


def _family(name: str) -> str:
    return "press" if name == "CNN" else family(name)


def _by(row: Any) -> str:
    if row.attributed_to == "CNN":
        return "CNN article: most strikes on towns held by rebels"
    name = row.attributed_to.replace(" Terrorism and Insurgency Center", "")
    joint = ", Russian and Syrian strikes" if row.perpetrator == "Russian and Syrian forces" else ""
    return f"{name}{joint}"


def _when(row: Any) -> str:
    start, end = pd.Timestamp(row.period_start), pd.Timestamp(row.period_end)
    if len(row.period_end) == 7:
        end += pd.offsets.MonthEnd(0)
    return period(start, end)


def coalition_figure(weeks: pd.DataFrame, names: Mapping[str, str], source: str) -> Figure:
    """Coalition strikes in Syria by week and governorate: :func:`aleppo.measure.strikes.coalition_weeks`."""
    colours = {"SY02": "blue", "SY08": "green", "SY11": "amber", "SY09": "olive", "other": "slate"}
    fig = go.Figure()
    days = weeks.index.strftime("%Y-%m-%d").tolist()
    for code in weeks.columns:
        label = names.get(code, "elsewhere or not placed")
        fig.add_bar(
            x=days,
            y=weeks[code].tolist(),
            name=label,
            marker={"color": theme.colour(colours[code])},
            hovertemplate=f"week of %{{x|%-d %B %Y}}<br>{label}: %{{y}} reported strikes<extra></extra>",
        )
    fig.update_layout(barmode="stack", bargap=0.15, height=420)
    fig.update_yaxes(title="strikes reported a week")
    theme.mark_break(theme.time_axis(fig, theme.TURN))
    before, after = weeks[weeks.index < "2015-09-28"], weeks[weeks.index >= "2015-09-28"]
    return Figure(
        fig,
        id="coalition-weeks",
        title=(
            f"The US-led coalition reported {count(weeks.to_numpy().sum())} strikes in Syria from June 2015 to early "
            f"February 2016, {count(weeks['SY02'].sum())} of them near places in Aleppo governorate"
        ),
        caption=(
            "Strikes reported by US Central Command near named places in Syria, as the Guardian compiled them, by week "
            "that begins on Monday. A strike in these reports may be one bomb or many aircraft, and near may be in "
            "another governorate. These are a party's reports of its own strikes, not allegations of harm: they "
            "cannot be set against Airwars' incidents, and the series ends on 7 February 2016"
        ),
        alt=(
            "Stacked bar chart by week. Before the Russian strikes begin "
            f"{count(before['SY02'].sum())} of {count(before.to_numpy().sum())} reported strikes lie near places in "
            f"Aleppo governorate, after that {count(after['SY02'].sum())} of {count(after.to_numpy().sum())}."
        ),
        sources=[source],
        tables=("coalition_strikes_weekly", "governorates"),
        data=weeks.reset_index().assign(week=days),
    )


def said_range(row: pd.Series) -> str:
    """A share and its range, from a row of :func:`.not_on_islamic_state`."""
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return amount(row["low"], row["best"], row["high"], _whole)
    return share_range(row["low"], row["high"])
