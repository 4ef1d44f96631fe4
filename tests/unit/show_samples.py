"""A figure and a table for tests, small and true to form."""

from __future__ import annotations

from typing import Any

import nbformat
import pandas as pd
import plotly.graph_objects as go

from aleppo.show import Figure, Table, figure, theme

SOURCES = ["un-2016-report", "news-2016-story"]


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"week": pd.date_range("2015-06-01", periods=40, freq="7D"), "deaths": [float(n) for n in range(40)]}
    )


def chart(**trace: Any) -> go.Figure:
    data = frame()
    return go.Figure(
        go.Scatter(**{"x": data.week, "y": data.deaths, "line_color": theme.PUBLISHERS["VDC"], **trace})
    )


def sample(fig: go.Figure | None = None, **changes: Any) -> Figure:
    facts: dict[str, Any] = {
        "id": "weekly",
        "title": "Deaths rise from 0 to 39",
        "caption": "Recorded deaths by week.",
        "alt": "A line that rises week by week from 0 to 39.",
        "sources": SOURCES,
        "tables": ["events"],
        "data": frame(),
    }
    return Figure(fig if fig is not None else chart(), **{**facts, **changes})


def sheet(df: pd.DataFrame | None = None, **changes: Any) -> Table:
    facts: dict[str, Any] = {
        "id": "weeks",
        "caption": "Recorded deaths by week",
        "columns": {"week": "Week of", "deaths": ("Deaths", "persons")},
        "sources": SOURCES,
        "tables": ["events"],
    }
    return Table(df if df is not None else frame(), **{**facts, **changes})


def still_for(payload: dict[str, Any]) -> str:
    """A picture that counts as the still of ``payload``."""
    head = f"<!-- aleppo-figure sha256:{figure.drawing_hash(payload)} -->\n"
    return (
        head + '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="420" viewBox="0 0 720 420">'
        f'<path d="M0,0L720,420" style="fill: none; stroke: {theme.PUBLISHERS["VDC"]};"/></svg>\n'
    )


def output(shown: Figure | Table) -> nbformat.NotebookNode:
    return nbformat.v4.new_output("display_data", data=shown._repr_mimebundle_())


def cell(shown: Figure | Table, **metadata: Any) -> nbformat.NotebookNode:
    made = figure.cell_metadata(shown.payload) if isinstance(shown, Figure) else {}
    return nbformat.v4.new_code_cell(
        "shown", execution_count=1, outputs=[output(shown)], metadata={**made, **metadata}
    )


def notebook(*cells: nbformat.NotebookNode) -> nbformat.NotebookNode:
    made = nbformat.v4.new_notebook(cells=list(cells))
    for number, each in enumerate(made.cells):
        each["id"] = f"cell-{number}"
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made
