"""Tables as workbooks: numbers are numbers, days are days, words never formulas; the same rows, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter

from aleppo.evidence.errors import AleppoError

ABOUT, DATA = "About", "Data"
# The format's own limits.
ROWS, LETTERS = 1_048_575, 32_767
# A date that no build changes; when the data are from is said on the first sheet.
CREATED = datetime(2000, 1, 1)
WIDEST, NARROWEST, MARGIN = 60, 8, 2


@dataclass(frozen=True)
class Column:
    """A column of a workbook: its name, its kind (`aleppo.show.plain.kinds`), what it means and its unit."""

    name: str
    kind: str = "text"
    meaning: str = ""
    unit: str = ""


def workbook(
    title: str,
    about: Mapping[str, str],
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
) -> bytes:
    """An XLSX file: a sheet that says what the table is, and a sheet with its rows.

    ``about`` is what is said (heading → words), ``rows`` hold the cells as the CSV writes them: days YYYY-MM-DD,
    nothing for a missing value. Every cell is written with its type, so that no program takes words for a formula,
    a link or a number. Raises AleppoError for a cell that is not of its column's kind, and for more rows or
    letters than the format has room for.
    """
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"title": title, "author": about.get("Published by", ""), "created": CREATED})
    styles = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True, "valign": "top"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
    }
    _about_sheet(book.add_worksheet(ABOUT), title, about, columns, styles)
    _data_sheet(book.add_worksheet(DATA), title, columns, list(rows), styles)
    book.close()
    return stream.getvalue()


def _about_sheet(
    sheet: Any, title: str, about: Mapping[str, str], columns: Sequence[Column], styles: Mapping[str, Any]
) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    sheet.write_string(0, 0, title[:LETTERS], styles["title"])
    line = 2
    for heading, words in about.items():
        sheet.write_string(line, 0, heading, styles["bold"])
        sheet.write_string(line, 1, words[:LETTERS], styles["wrap"])
        line += 1
    line += 1
    sheet.write_string(line, 0, "Column", styles["head"])
    sheet.write_string(line, 1, "What it holds", styles["head"])
    for column in columns:
        line += 1
        unit = f" ({column.unit})" if column.unit else ""
        sheet.write_string(line, 0, column.name, styles["bold"])
        sheet.write_string(line, 1, f"{column.meaning or column.kind}{unit}", styles["wrap"])


def _data_sheet(
    sheet: Any, title: str, columns: Sequence[Column], rows: list[Sequence[str]], styles: Mapping[str, Any]
) -> None:
    if len(rows) > ROWS:
        raise AleppoError(f"{title}: expected at most {ROWS:,} rows for a workbook, found {len(rows):,}")
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.name, styles["head"])
        widest = max((len(row[place]) for row in rows), default=0)
        sheet.set_column(place, place, min(max(widest, len(column.name), NARROWEST) + MARGIN, WIDEST))
    for line, row in enumerate(rows, 1):
        for place, (column, text) in enumerate(zip(columns, row, strict=True)):
            if text:
                _write_cell(sheet, line, place, column, text, styles["date"], title)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write_cell(sheet: Any, line: int, place: int, column: Column, text: str, days: Any, title: str) -> None:
    try:
        if column.kind in ("integer", "number"):
            sheet.write_number(line, place, float(text))
        elif column.kind == "date":
            sheet.write_datetime(line, place, date.fromisoformat(text), days)
        elif len(text) > LETTERS:
            raise ValueError(f"at most {LETTERS:,} letters")
        else:
            sheet.write_string(line, place, text)
    except (ValueError, TypeError) as error:
        raise AleppoError(
            f"{title}: row {line}, column {column.name}: expected {column.kind}, found {text[:40]!r} ({error})"
        ) from error
