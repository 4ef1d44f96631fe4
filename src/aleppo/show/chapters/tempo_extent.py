"""Published extents of control in the chapter on the tempo of the front."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.marks import NOT_VERIFIED, cited
from aleppo.show.numbers import change, count, quantity, share, span
from aleppo.show.publishers import family
from aleppo.show.table import Table

PUBLISHED = ("control_published",)


def extent_figure(published: pd.DataFrame) -> Figure:
    """Published shares of Syria held by the government: :func:`aleppo.measure.tempo.published_extent`."""
    ours = (published["holder"] == "government") & (published["measure"] == "share_of_area")
    rows = published[ours & (published["unit"] == "percent")]
    rows = rows.assign(family=rows["attributed_to"].map(family))
    fig = go.Figure()
    for name, one in rows.groupby("family", sort=False):
        fig.add_scatter(
            x=one["date_end"].dt.strftime("%Y-%m-%d").tolist(),
            y=(one["value"] / 100).tolist(),
            mode="markers+text",
            name=str(name),
            marker={"color": theme.PUBLISHERS[str(name)], "symbol": theme.SYMBOLS[str(name)], "size": 11},
            text=[share(value / 100) for value in one["value"]],
            # a number does not stand on the line of the break
            textposition=[
                "middle left" if -60 < (day.date() - theme.BREAK).days < 0 else "top center"
                for day in one["date_end"]
            ],
            hovertemplate=f"{name}, %{{x|%-d %B %Y}}: %{{y:.1%}}<extra></extra>",
        )
    fig.update_yaxes(range=[0, 0.54], tickformat=".0%", title="share of Syria's area")
    fig.update_layout(height=380, showlegend=True)
    theme.mark_break(theme.time_axis(fig, theme.AROUND))
    year = rows[rows["date_end"] < "2017-06-01"]
    return Figure(
        fig,
        id="share-of-syria",
        title=(
            f"Published shares of Syria in the government's hands lie between {share(year['value'].min() / 100)} and "
            f"{share(year['value'].max() / 100)} from September 2015 to May 2017; those that are larger are of later"
        ),
        caption=(
            "Each sign is one published share of Syria's area held by the government, by the last day it speaks of. "
            "Publishers define holding differently, so only figures of one publisher can be compared."
        ),
        alt=(
            f"{count(len(rows))} signs, 2015 to 2018. IHS has {share(rows['value'].iloc[0] / 100)} in September 2015; "
            f"the Observatory's figures of 2015 to mid-2017 stay near a fifth; the last is "
            f"{share(rows['value'].iloc[-1] / 100)} in 2018."
        ),
        sources=cited(rows),
        tables=PUBLISHED,
        data=rows[["published_id", "date_end", "attributed_to", "value"]],
    )


def extent_table(published: pd.DataFrame) -> Table:
    """Published figures of areas and shares across Syria, one by one."""
    rows = published.assign(
        when=[span(row.date_start, row.date_end) for row in published.itertuples()],
        what=[_measure_words(row) for row in published.itertuples()],
        figure=[_value_words(row) for row in published.itertuples()],
    )
    return Table(
        rows[["when", "attributed_to", "what", "figure", "value", "unit", "published_id", "source_ids"]],
        id="published-extent",
        caption=(
            f"Areas and shares of Syria as published, side by side; {NOT_VERIFIED} rests on no page that was read"
        ),
        columns={
            "when": "Of",
            "attributed_to": "Attributed to",
            "what": "What",
            "figure": "Figure",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(published),
        tables=PUBLISHED,
    )


def _measure_words(row: Any) -> str:
    holder = theme.HOLDER_NAMES.get(row.holder, "") if pd.notna(row.holder) else ""
    words = row.measure.replace("_", " ").replace(" IS", " Islamic State")
    return f"{row.area_name}: {words}" + (f" ({holder})" if holder else "")


def _value_words(row: Any) -> str:
    mark = "" if row.verified == "yes" else f" {NOT_VERIFIED}"
    form = change if "change" in row.measure else quantity
    digits = 0 if float(row.value).is_integer() else 1
    unit = {"percent": "%", "km2": "km²"}.get(row.unit, row.unit)
    return f"{form(row.value, digits, unit)}{mark}"
