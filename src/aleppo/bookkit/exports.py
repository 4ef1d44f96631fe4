"""A table of a chapter as a workbook and as Parquet, and the words that travel with every file that leaves the book."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from aleppo.bookkit import citation
from aleppo.bookkit.citation import Book, Part
from aleppo.bookkit.sheets import Column, workbook
from aleppo.evidence.errors import EvidenceError
from aleppo.evidence.sources import cite_line
from aleppo.evidence.spreadsheets import original
from aleppo.show.wording import cited_in_caption, sentence, vintage_words

LICENCE = "Creative Commons Attribution 4.0 International (CC BY 4.0)"
TERMS = f"{LICENCE} for the compilation; the sources keep their own terms."

_ARROW: dict[str, tuple[pa.DataType, Callable[[str], Any]]] = {
    "integer": (pa.int64(), int),
    "number": (pa.float64(), float),
    "date": (pa.date32(), date.fromisoformat),
    "yes/no": (pa.bool_(), lambda text: text == "yes"),
    "text": (pa.string(), str),
}


def sources_line(ids: Iterable[str]) -> str:
    """Publishers and years of the sources; their ids where the data of this build do not know one of them."""
    listed = list(ids)
    try:
        return cite_line(listed)
    except EvidenceError:
        return "; ".join(listed)


def about_table(payload: Mapping[str, Any], part: Part | None, book: Book | None) -> dict[str, str]:
    """What the files of a table say of it: heading → words."""
    facts = {
        "Caption": sentence(payload["caption"]),
        "Sources": sources_line(payload["sources"]),
        "Made from": f"tables {', '.join(payload['tables'])} of the book's data",
        "Data as of": vintage_words(payload["vintage"]),
        "Licence": TERMS,
    }
    if book is not None:
        facts |= {"Published by": " & ".join(book.authors), "Book": f"{book.title}, version {book.version}"}
    if book is not None and part is not None:
        facts |= {"Cite as": citation.apa(part, book), "Place in the book": f"{part.page}.html#{part.place}"}
    return facts


def credit(facts: Mapping[str, Any], part: Part | None, book: Book | None) -> str:
    """The line under a picture: whose it is, of which state of the data, and under what terms."""
    listed = facts["sources"]
    sources = (
        sources_line(listed) if cited_in_caption(listed) else f"{len(listed)} publications, named in the book"
    )
    name = f"{book.title}, version {book.version}, " if book is not None else ""
    where = f" {citation.address(part, book)}" if book is not None and part is not None else ""
    return (
        f"{name}fig-{facts['id']}. Data as of {vintage_words(facts['vintage'])}. "
        f"Sources: {sources}. CC BY 4.0.{where}"
    )


def rows_of(payload: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """The names of the columns of a table and its rows, as the CSV has them but for its marks against formulas."""
    header, *rows = csv.reader(io.StringIO(payload["csv"], newline=""))
    return [original(name) for name in header], [[original(cell) for cell in row] for row in rows]


def table_workbook(payload: Mapping[str, Any], about: Mapping[str, str]) -> bytes:
    """The table as an XLSX file; see `aleppo.bookkit.sheets.workbook`."""
    header, rows = rows_of(payload)
    shown = {column["key"]: column for column in payload["columns"]}
    columns = [
        Column(name, kind, shown.get(name, {}).get("label", ""), shown.get(name, {}).get("unit", ""))
        for name, kind in zip(header, payload["kinds"], strict=True)
    ]
    return workbook(sentence(payload["caption"]), about, columns, rows)


def table_parquet(payload: Mapping[str, Any], about: Mapping[str, str]) -> bytes:
    """The table as Parquet: days are dates, whole numbers integers, nothing is null; what it is travels along."""
    header, rows = rows_of(payload)
    fields, arrays = [], []
    for place, (name, kind) in enumerate(zip(header, payload["kinds"], strict=True)):
        wanted, read = _ARROW[kind]
        fields.append(pa.field(name, wanted))
        arrays.append(pa.array([read(row[place]) if row[place] else None for row in rows], wanted))
    schema = pa.schema(fields, metadata={"title": sentence(payload["caption"]), **about})
    return parquet_bytes(pa.Table.from_arrays(arrays, schema=schema))


def parquet_bytes(table: pa.Table) -> bytes:
    """``table`` as a Parquet file; the same table, the same bytes."""
    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()
