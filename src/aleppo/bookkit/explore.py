"""The search and filters above a table whose rows a reader may want to find.

They are written into the page, so that nothing moves when the script that gives them life (``aleppo-explore.js``) has
come; without scripts the theme's class hides them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from aleppo.show.numbers import count


def bar(frame: str, facets: Sequence[Mapping[str, Any]], rows: int, name: str) -> str:
    """HTML of the search over the table ``name`` with so many ``rows``, in the frame with the id ``frame``.

    A facet has a ``label``, its ``choices`` and for each row the places of those that it has (`aleppo.show.table`).
    """
    words = _labelled(
        f"{frame}-words",
        "Search",
        f'<input type="search" autocomplete="off" spellcheck="false" id="{frame}-words">',
    )
    filters = "".join(
        _labelled(f"{frame}-filter-{place}", facet["label"], _choice(f"{frame}-filter-{place}", facet))
        for place, facet in enumerate(facets)
    )
    return (
        f'<form class="aleppo-explore pst-js-only" role="search" aria-label="Find rows: {escape(name, quote=True)}">'
        f'{words}{filters}<button type="reset" hidden>Show all</button>'
        f'<output aria-live="polite">{count(rows)} rows</output></form>'
    )


def _labelled(target: str, label: str, control: str) -> str:
    return f'<div class="aleppo-filter"><label for="{target}">{escape(label)}</label>{control}</div>'


def _choice(target: str, facet: Mapping[str, Any]) -> str:
    options = "".join(
        f'<option value="{place}">{escape(str(choice))} ({sum(place in row for row in facet["rows"])})</option>'
        for place, choice in enumerate(facet["choices"])
    )
    return f'<select id="{target}"><option value="">all</option>{options}</select>'
