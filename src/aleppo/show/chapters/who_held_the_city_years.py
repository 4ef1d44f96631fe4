"""The city over the whole period: area held, and captures by week."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import map_steps, theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import NBSP, area, count, date, quantity, share_range
from aleppo.show.table import Table

TABLES = ("control_spells", "places")
HOLDERS = ("government", "opposition", "kurdish_ypg_sdf")
# Above and below the bands, which overlap.
LABEL_AT = {"government": 29.0, "opposition": 86.0, "kurdish_ypg_sdf": 9.5}
PARTIES = {"government": "Government", "opposition": "Opposition", "kurdish_ypg_sdf": "Kurdish-led"}
MARKED: dict[theme.Day, str] = {
    "2016-07-17": "Castello road closed",
    "2016-11-15": "offensive on the east",
}


def city_area_figure(areas: pd.DataFrame, sources: list[str]) -> Figure:
    """Area of the city that each party held by day: :func:`aleppo.measure.control.held_areas`."""
    fig = go.Figure()
    held = {holder: areas[areas["holder"] == holder] for holder in HOLDERS}
    for holder, rows in held.items():
        _steps(fig, rows, theme.HOLDERS[holder], theme.HOLDER_NAMES[holder])
        theme.label(fig, "2013-04-01", LABEL_AT[holder], theme.HOLDER_NAMES[holder], theme.HOLDERS[holder])
    fig.update_yaxes(title="km² of the 109 neighbourhoods", rangemode="tozero")
    fig.update_layout(height=420)
    theme.mark_break(theme.time_axis(fig, theme.BATTLE))
    theme.mark_dates(fig, MARKED)
    total = float(sum(rows["midpoint_km2"].iloc[0] for rows in held.values()))
    ours = held["opposition"]
    shares = {
        day: _share(ours, day, total) for day in ("2013-12-31", "2015-09-30", "2016-11-15", "2016-12-13")
    }
    return Figure(
        fig,
        id="city-area",
        title=(
            f"The opposition held {shares['2013-12-31']} of the city's area at the end of 2013, "
            f"{shares['2015-09-30']} on the day the Russian strikes began and {shares['2016-11-15']} on "
            f"15 November 2016; four weeks later {shares['2016-12-13']} was left"
        ),
        caption=(
            "Bands: from firm (held alone) to upper (held or contested); lines: midpoint, a contested neighbourhood "
            f"split evenly among its parties. The whole is {area(total)}. Dates of 2012 are mostly good to the month; "
            "a flat line also means that no change is reported, not that none took place inside a neighbourhood."
        ),
        alt=(
            "Step lines by day from July 2012 to December 2016. After August 2012 the areas of government and "
            f"opposition lie close to one another at {quantity(held['government'].loc['2015-09-30', 'midpoint_km2'])} "
            f"and {quantity(ours.loc['2015-09-30', 'midpoint_km2'])} square kilometres on 30 September 2015, with wide "
            "overlapping bands and almost no step for three years; from July 2016 the government's line rises and the "
            "opposition's falls, steeply from the end of November 2016. The Kurdish-led part stays small"
        ),
        sources=sources,
        tables=TABLES,
        data=_at_changes(areas),
    )


def _share(rows: pd.DataFrame, day: str, total: float) -> str:
    row = rows.loc[day]
    return share_range(row["firm_km2"] / total, row["upper_km2"] / total)


def _at_changes(areas: pd.DataFrame) -> pd.DataFrame:
    """The days on which a party's area differs from the day before, and the first and last day."""
    measures = ["firm_km2", "midpoint_km2", "upper_km2"]
    parts = []
    for _, rows in areas.groupby("holder", sort=False):
        differs = rows[measures].diff().abs().sum(axis="columns") > 1e-9
        differs.iloc[[0, -1]] = True
        parts.append(rows[differs])
    return pd.concat(parts).round(3).reset_index()


def _steps(fig: go.Figure, rows: pd.DataFrame, colour: str, name: str) -> None:
    kept = _at_changes(rows)
    days = kept["date"].dt.strftime("%Y-%m-%d").tolist()
    step = {"x": days, "mode": "lines", "line_shape": "hv", "showlegend": False}
    edge = {"line_width": 0, "line_color": colour, "hoverinfo": "skip"}
    fig.add_scatter(**step, y=kept["upper_km2"].tolist(), **edge)
    fig.add_scatter(
        **step, y=kept["firm_km2"].tolist(), fill="tonexty", fillcolor=theme.tint(colour, 0.2), **edge
    )
    fig.add_scatter(
        **step,
        y=kept["midpoint_km2"].tolist(),
        line={"color": colour, "width": 2},
        customdata=kept[["firm_km2", "upper_km2"]].to_numpy().tolist(),
        hovertemplate=(
            f"{name}<br>from %{{x|%-d %B %Y}}: %{{y:.1f}}{NBSP}km²<br>"
            f"firm %{{customdata[0]:.1f}}, upper %{{customdata[1]:.1f}}<extra></extra>"
        ),
    )


def weekly_captures_figure(
    weeks: pd.DataFrame, sure: pd.DataFrame, undated: int, sources: list[str]
) -> Figure:
    """Places captured per week: by the government and its allies upwards, by others downwards.

    ``weeks`` is :func:`aleppo.measure.control_changes.weekly_captures`, ``sure`` the same without low confidence;
    ``undated`` is the number of captures known to the month or year only, which no week has.
    """
    fig = go.Figure()
    signs = {"government": 1, "opposition": -1, "kurdish_ypg_sdf": -1}
    for holder, sign in signs.items():
        _bars(fig, weeks, sure, holder, sign)
    fig.update_layout(barmode="relative", height=380, showlegend=True, bargap=0)
    fig.update_yaxes(
        title="places captured in the week",
        tickvals=[-10, -5, 0, 5, 10, 15, 20],
        ticktext=["10", "5", "0", "5", "10", "15", "20"],
    )
    theme.mark_break(theme.time_axis(fig, theme.BATTLE))
    government = weeks[weeks["holder"] == "government"].set_index("week")["captured"]
    by_anybody = weeks.groupby("week")["captured"].sum()
    busy = by_anybody[by_anybody > 0].nlargest(3).sort_index()
    total = int(weeks["captured"].sum())
    return Figure(
        fig,
        id="weekly-captures",
        title=(
            f"{count(int(busy.sum()))} of {count(total)} captures known to the week fall into the weeks of "
            f"{_listed(busy.index)}"
        ),
        caption=(
            "A capture is a change of the sole holder of a place, counted in the week (from Monday) in which the new "
            "holder is reported alone. Above the line: by the government and its allies; below: by the opposition or "
            f"Kurdish-led forces. Faint: coded with low confidence. {count(undated)} captures known to a month or year "
            "only, most of them of summer 2012, are in no week."
        ),
        alt=(
            "Bars by week from July 2012 to December 2016. Below the line a few captures by the opposition in 2012, "
            "early 2013 and the summer of 2016; above it almost none until July 2016, then a cluster, the highest "
            f"of {count(int(government.max()))} in the week of {date(government.idxmax())}"
        ),
        sources=sources,
        tables=TABLES,
        data=weeks[(weeks["captured"] > 0) | (weeks["lost"] > 0)],
    )


def _bars(fig: go.Figure, weeks: pd.DataFrame, sure: pd.DataFrame, holder: str, sign: int) -> None:
    every = weeks[weeks["holder"] == holder].set_index("week")["captured"]
    firm = sure[sure["holder"] == holder].set_index("week")["captured"].reindex(every.index, fill_value=0.0)
    colour = theme.HOLDERS[holder]
    for values, shade, words in ((firm, 1.0, ""), (every - firm, 0.45, ", low confidence")):
        there = values[values > 0]
        if there.empty:
            continue
        fig.add_bar(
            # a bar stands in the middle of its week
            x=[(week + pd.Timedelta(days=3)).strftime("%Y-%m-%d") for week in there.index],
            y=(sign * there).tolist(),
            width=7 * 86_400_000,
            name=theme.HOLDER_NAMES[holder],
            showlegend=not words,
            marker={"color": theme.tint(colour, shade)},
            customdata=[[date(week), int(value)] for week, value in there.items()],
            hovertemplate=(
                f"Week of %{{customdata[0]}}<br>%{{customdata[1]}} by {theme.HOLDER_NAMES[holder]}{words}"
                "<extra></extra>"
            ),
        )


def _listed(weeks: pd.DatetimeIndex) -> str:
    """Days as a list, with the year said once where all share it."""
    words = [date(week) for week in weeks]
    if len(set(weeks.year)) == 1:
        words = [text.removesuffix(f" {weeks[0].year}") for text in words[:-1]] + words[-1:]
    return map_steps.joined(words)


def weekly_captures_table(weeks: pd.DataFrame, weighed: pd.DataFrame, sources: list[str]) -> Table:
    """Weeks with a capture: places and area captured and lost by each party, and counted by confidence."""
    rows = weeks.assign(weighed=weighed["captured"].round(2))
    rows = rows[(rows["captured"] > 0) | (rows["lost"] > 0)].reset_index(drop=True)
    rows["party"] = rows["holder"].map(PARTIES)
    for side in ("captured", "lost"):
        # no area is known of a place outside OCHA's list, which is not an area of nothing
        rows[f"{side}_km2"] = rows[f"{side}_km2"].mask((rows[side] > 0) & rows[f"{side}_km2"].eq(0))
    late = rows["week"] >= "2016-07-01"
    return Table(
        rows[
            [
                "week",
                "party",
                "captured",
                "lost",
                "net",
                "captured_km2",
                "lost_km2",
                "weighed",
            ]
        ],
        id="weekly-captures",
        caption=(
            "Weeks in which a place of the city changed its sole holder: places and area captured and lost by each "
            "party, a dash where no place of the week has a known area; in the last column, weighed, a capture counts "
            "one, two thirds or one third by its confidence"
        ),
        columns={
            "week": "Week of",
            "party": "Party",
            "captured": "Captured",
            "lost": "Lost",
            "captured_km2": ("Captured", "km²"),
            "lost_km2": ("Lost", "km²"),
            "weighed": "Weighed",
        },
        formats={
            "week": date,
            "captured_km2": lambda value: quantity(value, 1),
            "lost_km2": lambda value: quantity(value, 1),
            "weighed": lambda value: quantity(value, 1),
        },
        sources=sources,
        tables=TABLES,
        print_rows=[number for number, kept in enumerate(late) if kept],
    )
