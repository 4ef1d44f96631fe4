"""The rows behind the numbers: pages of the web edition that print every compiled table, with a place for each row.

A chapter shows of a table what its question needs. These pages show all of it, cell by cell as the file has it, with
remarks and ids, to search and to link to. They are made when the pages of the book are, and print does not have them:
there the tables are files beside the book.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole

from aleppo.bookkit import explore
from aleppo.bookkit.catalogue import words
from aleppo.bookkit.foreign_words import marked_html
from aleppo.bookkit.mime import EXPLORE_SCRIPTS, LONG, TABLE_SCRIPTS, WIDEST
from aleppo.evidence import data_dir, split_list
from aleppo.evidence.rows import read_rows
from aleppo.evidence.tables import TABLES, Column, Table
from aleppo.evidence.tables.core import IDS, INTEGER, NUMBER, YES_NO
from aleppo.show.numbers import count
from aleppo.show.table import MISSING


@dataclass(frozen=True)
class Page:
    """One of the pages: its name as a document, its title, and the tables that it prints."""

    name: str
    title: str
    tables: tuple[str, ...]


PAGES = (
    Page("rows/claims", "Rows: claims and findings", ("claims", "findings")),
    Page(
        "rows/front-lines",
        "Rows: front lines",
        (
            "places",
            "control_spells",
            "towns",
            "town_spells",
            "control_published",
            "corridor_states",
            "siege_dates",
        ),
    ),
    Page(
        "rows/toll",
        "Rows: civilian toll",
        ("events", "estimates", "monthly_published", "counters", "commission_findings"),
    ),
    Page(
        "rows/votes",
        "Rows: votes",
        (
            *("unsc_votes", "unsc_member_votes", "unsc_membership", "un_body_votes", "un_body_member_votes"),
            *("session_requesters", "vote_explanations"),
        ),
    ),
    Page(
        "rows/response",
        "Rows: truces, measures, aid",
        ("ceasefires", "truce_coding", "measures", "access", "secretary_general_reports"),
    ),
    Page("rows/sources", "Rows: sources and governorates", ("sources", "governorates")),
)
LEAD = (
    "Every row of the compiled tables, as the files have it: an empty cell is a dash, and ids of sources lead to their "
    "rows. What the columns mean, and the files themselves, are in the"
)


@cache
def place_of() -> dict[str, str]:
    """Table → the page that prints its rows."""
    return {table: page.name for page in PAGES for table in page.tables}


def row_id(table: str, key: str) -> str:
    """The anchor of the row of ``table`` with this key (its cells with a space between them)."""
    return f"row-{table}-{re.sub(r'[^a-z0-9]+', '-', key.lower())}".replace("_", "-")


def address(row: str, page: str) -> str:
    """Where the row ``table/key`` is printed, as seen from ``page``; empty for a row of a table that is not."""
    table, _, key = row.partition("/")
    if table not in place_of():
        return ""
    return f"{'../' * page.count('/')}{place_of()[table]}.html#{row_id(table, key)}"


def page_html(page: Page, data: Path) -> str:
    """The body of ``page``, made from the files below ``data``; tables that are not there are left out."""
    there = [TABLES[name] for name in page.tables if (data / TABLES[name].path).is_file()]
    up = "../" * page.name.count("/")
    lead = f'<p>{escape(LEAD)} <a class="reference internal" href="{up}book/data.html">data chapter</a>.</p>'
    tables = "".join(table_html(table, data) for table in there)
    return f"<section><h1>{escape(page.title)}</h1>{lead}{tables}</section>"


def table_html(table: Table, data: Path) -> str:
    """The section of one table: a heading, and its rows in a frame that the book's scripts sort and search."""
    rows = read_rows(data / table.path).rows
    columns = list(table.columns)
    # a row with sentences is a card of labelled cells; one of codes and numbers stays a line
    cards = any(len(cell) > WIDEST for row in rows for cell in row)
    body = "".join(_row(table, row, cards) for row in rows)
    kind = " aleppo-wordy aleppo-cards" if cards else ""
    kind += " aleppo-long" if len(rows) > LONG else ""
    head = "".join(f'<th class="head"><p>{escape(words(column.name))}</p></th>' for column in columns)
    facets = _facets(columns, rows)
    title = escape(f"{table.metadata.title}: {count(len(rows))} rows")
    return (
        f'<section id="of-{table.name}"><h2>{escape(table.metadata.title)}</h2>'
        f'<div class="aleppo-table aleppo-rows-all{kind}" id="rows-{table.name}" data-sort="{_sort(columns, rows)}" '
        f'data-explore="{escape(json.dumps(facets, separators=(",", ":")), quote=True)}">'
        f"{explore.bar(f'rows-{table.name}', facets, len(rows), table.metadata.title)}"
        f'<div class="pst-scrollable-table-container" tabindex="0" role="region" aria-label="Table: {title}">'
        f'<table class="aleppo-rows colwidths-auto table"><caption><span class="caption-text">{title}</span></caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div></section>"
    )


def _row(table: Table, row: Sequence[str], labelled: bool) -> str:
    cells = dict(zip(table.column_names, row, strict=True))
    key = " ".join(cells[name] for name in table.key)
    texts = "".join(_td(column, cells[column.name], labelled) for column in table.columns)
    return f'<tr id="{row_id(table.name, key)}">{texts}</tr>'


def _td(column: Column, text: str, labelled: bool) -> str:
    width = ' class="aleppo-words"' if len(text) > WIDEST else ""
    label = f' data-label="{words(column.name)}"' if labelled else ""
    return f"<td{label}{width}><p>{_cell(column, text)}</p></td>"


def _cell(column: Column, text: str) -> str:
    if not text:
        return MISSING
    if column.refers == "sources.source_id":
        links = (
            f'<a href="{_page("sources")}#{row_id("sources", one)}">{escape(one)}</a>'
            for one in split_list(text)
        )
        return " ".join(links)
    if column.kind is IDS:
        return escape("; ".join(split_list(text)))
    if re.fullmatch(r"https?://\S+", text):
        return f'<a class="reference external" href="{escape(text, quote=True)}">{escape(text)}</a>'
    return marked_html(text)


def _page(table: str) -> str:
    return f"{place_of()[table].rpartition('/')[2]}.html"


def _sort(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    """For each column the numbers that sort it, null where its texts do."""
    keys = [
        [float(row[place]) if row[place] else None for row in rows]
        if column.kind in (INTEGER, NUMBER)
        else None
        for place, column in enumerate(columns)
    ]
    return escape(json.dumps(keys, separators=(",", ":")), quote=True)


def _facets(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Filters by the columns that have a vocabulary."""
    facets = []
    for place, column in enumerate(columns):
        if column.kind is YES_NO or (column.allowed and column.kind is not IDS):
            choices = sorted({row[place] for row in rows if row[place]})
            numbers = [[choices.index(row[place])] if row[place] else [] for row in rows]
            facets.append({"label": words(column.name), "choices": choices, "rows": numbers})
    return facets


class RowLink(nodes.reference):
    """The name of a row as a link to its place in the web edition."""


class RowRole(SphinxRole):
    """``{row}`events/FR-078` ``: the name of a row, on the screen as a link to it."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = nodes.literal(self.text, self.text)
        target = address(self.text, self.env.docname)
        return [RowLink("", "", name, refuri=target, internal=True) if target else name], []


class NamesOfRows(SphinxPostTransform):
    """Leaves other editions than the web's the bare names of rows."""

    default_priority = 6

    def run(self, **_: Any) -> None:
        if self.app.builder.format != "html":
            for link in list(self.document.findall(RowLink)):
                link.replace_self(link.children)


def _pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    data = data_dir()
    for page in PAGES:
        yield page.name, {"title": page.title, "body": page_html(page, data)}, "page.html"


def _add_scripts(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    if pagename in {page.name for page in PAGES}:
        for script in (*TABLE_SCRIPTS, *EXPLORE_SCRIPTS):
            app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the pages with the web edition, and register the role."""
    app.add_role("row", RowRole())
    app.add_post_transform(NamesOfRows)
    app.connect("html-collect-pages", _pages)
    app.connect("html-page-context", _add_scripts)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
