"""The rows of a chart as a table under it, for whoever reads a table better than a chart.

The table is made by the page's script when its fold is opened, so that a page does not carry the rows of every chart
twice. Without scripts the fold has the link to the CSV file.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from aleppo.bookkit import menu
from aleppo.show.numbers import count
from aleppo.show.plain import compact

SCRIPT = "aleppo-data.js"


def fold(builder: Any, facts: Mapping[str, Any]) -> str:
    """The fold under the figure that ``facts`` are about; its rows are written beside the CSV file."""
    name = facts["id"]
    base = f"_static/figures/{name}"
    # a script rather than the CSV file: a page opened from a disk may not fetch
    text = f"(window.aleppoRows=window.aleppoRows||{{}})[{compact(name)}]={compact(facts['csv'])};\n"
    rows = menu.put(builder, f"{base}.js", text)
    noun = "row" if facts["rows"] == 1 else "rows"
    return (
        f'<details class="aleppo-more aleppo-data" data-of="{escape(name)}" data-rows="{rows}" '
        f'data-title="{escape(facts["title"], quote=True)}">'
        f"<summary>Data as a table ({count(facts['rows'])}\u00a0{noun})</summary>"
        f'<p><a href="{menu.address(builder, f"{base}.csv")}" download>The rows as a CSV file</a></p></details>'
    )
