"""The table a notebook shows: formatted once, a real document table in every edition, a CSV beside it."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.signs import visible
from aleppo.show.numbers import MINUS, count, date
from aleppo.show.plain import csv_text, is_missing, kinds, tidy
from aleppo.show.vintage import vintage
from aleppo.show.wording import (
    checked_id,
    checked_names,
    checked_text,
    escaped,
    sentence,
    sources_words,
)

MIME = "application/vnd.aleppo.table+json"
MISSING = "–"
CITE = "cite"
CLAIM = "claim"

Format = Callable[[Any], str] | str


class Table:
    """Rows to read and cite. Display it as a cell's last line; the book's label is ``tab-<id>``.

    df          the rows, in the order shown; the CSV holds all its columns, unformatted
    columns     column → heading, or (heading, unit); only these are shown, in this order
    formats     column → function of one value giving text (``aleppo.show.numbers``), or ``"cite"`` for a
                column of source ids (several joined by ``;``), which become citations, or ``"claim"`` for one of
                ids of claims, which become links to their entries
    print_rows  in print, the first so many rows or the positions of the rows to keep; None keeps all
    explore     columns by whose values a reader of the web edition filters the rows, beside a search over all
                words: names of shown columns, or column → label; a cell may hold several values joined by ``;``

    A missing value is shown as an en dash. Numbers and dates stand to the right and are sorted as such.
    Raises AleppoError for an unknown column, a format that gives no text, and rows that are not there.
    """

    def __init__(
        self,
        df: pd.DataFrame,
        *,
        id: str,
        caption: str,
        columns: Mapping[str, str | tuple[str, str]],
        sources: Sequence[str],
        tables: Sequence[str],
        formats: Mapping[str, Format] | None = None,
        print_rows: int | Sequence[int] | None = None,
        explore: Sequence[str] | Mapping[str, str] = (),
    ) -> None:
        self.id = checked_id("table", id)
        what = f"table {id}"
        frame = tidy(df, what)
        formats = formats or {}
        if not columns:
            raise AleppoError(f"{what}: expected columns to show, found none")
        for name in [*columns, *formats, *explore]:
            if name not in frame.columns:
                raise AleppoError(f"{what}: expected a column of {', '.join(frame.columns)}, found {name!r}")
        shown = [_column(frame[name], name, head, formats.get(name), what) for name, head in columns.items()]
        self.payload: dict[str, Any] = {
            "id": self.id,
            "caption": checked_text(f"{what}: caption", caption),
            "columns": [column for column, _, _ in shown],
            "rows": [list(row) for row in zip(*(texts for _, texts, _ in shown), strict=True)],
            "sort": [keys for _, _, keys in shown],
            "csv": csv_text(frame),
            "kinds": kinds(frame),
            "sources": checked_names(f"{what}: sources", sources),
            "tables": checked_names(f"{what}: tables", tables),
            "vintage": vintage(tables),
            "print_rows": _positions(print_rows, len(frame), what),
        }
        if explore:
            self.payload["explore"] = [
                _facet(frame[name], label) for name, label in _labels(explore, columns)
            ]

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        return {
            MIME: self.payload,
            "text/html": as_html(self.payload),
            "text/plain": f"{sentence(self.payload['caption'])} {len(self.payload['rows'])} rows.",
        }


def caption_text(payload: Mapping[str, Any]) -> str:
    """The caption above the table as MyST: what it lists, its sources, when the data were retrieved."""
    words = sources_words(payload["sources"], payload["vintage"], "table")
    return f"{escaped(sentence(payload['caption']))} {words}"


def heading(column: Mapping[str, Any]) -> str:
    """A column's heading with its unit."""
    return f"{column['label']} ({column['unit']})" if column["unit"] else column["label"]


def as_html(payload: Mapping[str, Any]) -> str:
    """A plain HTML table, for notebook editors."""

    def row(tag: str, cells: Sequence[str]) -> str:
        parts = []
        for column, cell in zip(payload["columns"], cells, strict=True):
            style = ' style="text-align:right"' if column["align"] == "right" else ""
            parts.append(f"<{tag}{style}>{html.escape(cell)}</{tag}>")
        return f"<tr>{''.join(parts)}</tr>"

    head = row("th", [heading(column) for column in payload["columns"]])
    body = "\n".join(row("td", cells) for cells in payload["rows"])
    caption = html.escape(payload["caption"])
    return f"<table><caption>{caption}</caption>\n<thead>{head}</thead>\n<tbody>\n{body}\n</tbody></table>"


def _column(
    series: pd.Series, name: str, head: str | tuple[str, str], form: Format | None, what: str
) -> tuple[dict[str, str], list[str], list[Any] | None]:
    """The column's heading, its texts, and the keys that sort it (None: its texts do)."""
    label, unit = (head, "") if isinstance(head, str) else head
    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    dates = pd.api.types.is_datetime64_any_dtype(series)
    if isinstance(form, str) and form not in (CITE, CLAIM):
        raise AleppoError(
            f"{what}: column {name}: expected a function, 'cite' or 'claim' as its format, found {form!r}"
        )
    kind = form if isinstance(form, str) else "text"
    texts = [_text(value, form if callable(form) else None, f"{what}: column {name}") for value in series]
    keys: list[Any] | None = None
    if numeric:
        keys = [None if is_missing(value) else float(f"{float(value):.10g}") for value in series]
    elif dates:
        keys = [None if is_missing(value) else pd.Timestamp(value).isoformat() for value in series]
    column = {
        "key": name,
        "label": checked_text(f"{what}: heading of {name}", label),
        "unit": unit,
        "align": "right" if numeric else "left",
        "kind": kind,
    }
    return column, texts, keys


def _labels(
    explore: Sequence[str] | Mapping[str, str], columns: Mapping[str, str | tuple[str, str]]
) -> list[tuple[str, str]]:
    """Each column to filter by with the name of its filter: its own, or the column's heading."""
    if isinstance(explore, Mapping):
        return list(explore.items())
    heads = {name: head if isinstance(head, str) else head[0] for name, head in columns.items()}
    return [(name, heads.get(name, name.replace("_", " ").capitalize())) for name in explore]


def _facet(series: pd.Series, label: str) -> dict[str, Any]:
    """A filter: its label, its choices in order, and for each row the numbers of the choices it has."""
    cells = [[] if is_missing(value) else _values(value) for value in series]
    choices = sorted({value for cell in cells for value in cell})
    place = {value: number for number, value in enumerate(choices)}
    return {
        "label": label,
        "choices": choices,
        "rows": [sorted(place[value] for value in cell) for cell in cells],
    }


def _values(value: Any) -> list[str]:
    return list(
        dict.fromkeys(part.strip() for part in visible(_plain_text(value)).split(";") if part.strip())
    )


def _text(value: Any, form: Callable[[Any], str] | None, where: str) -> str:
    if is_missing(value):
        return MISSING
    text = form(value) if form is not None else _plain_text(value)
    if not isinstance(text, str):
        raise AleppoError(f"{where}: expected text from its format, found {type(text).__name__}")
    return visible(text)


def _plain_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return date(value)
    number = float(value)
    if number.is_integer():
        return count(value)
    return f"{number:,.4g}".replace("-", MINUS)


def _positions(chosen: int | Sequence[int] | None, rows: int, what: str) -> list[int] | None:
    if chosen is None:
        return None
    positions = (
        list(range(min(chosen, rows))) if isinstance(chosen, int) else [int(place) for place in chosen]
    )
    if not positions or not all(0 <= place < rows for place in positions):
        raise AleppoError(f"{what}: expected rows from 0 to {rows - 1} for print, found {chosen!r}")
    return None if positions == list(range(rows)) else sorted(set(positions))
