"""The data chapter: every table as its sidecar describes it, written when the book is made.

The page ``book/data.md`` holds a comment where the catalogue goes; nothing about a table is typed there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.evidence import data_dir
from aleppo.evidence.manifest import present_tables, read_sidecar, sidecar_path
from aleppo.show.numbers import count, date, span

MARKER = "% data-catalogue"
SPECIAL = "\\`*_{}[]<>$|#"


def catalogue(entries: Iterable[tuple[str, str, Mapping[str, Any]]]) -> str:
    """MyST text of the catalogue; each entry is a table's name, the page's path to its CSV and its sidecar."""
    return "\n\n".join(_section(name, path, sidecar) for name, path, sidecar in entries) + "\n"


def overview(entries: Iterable[tuple[str, str, Mapping[str, Any]]]) -> str:
    """MyST table of all tables, one line each, that links to their sections."""
    lines = [
        ":::{list-table} Tables of this book",
        ":name: tab-data-overview",
        ":header-rows: 1",
        ":widths: 34 24 14 28",
        "",
        "* - Table\n  - Publisher\n  - Rows\n  - Days",
    ]
    for name, _, sidecar in entries:
        lines.append(
            f"* - [{_text(sidecar['title'])}](#{anchor(name)})\n  - {_text(sidecar['publisher'])}\n"
            f"  - {count(sidecar['rows'])}\n  - {_days(sidecar)}"
        )
    return "\n".join([*lines, ":::", ""])


def anchor(table: str) -> str:
    """The label of a table's section."""
    return f"data-{table.replace('_', '-')}"


def _section(name: str, path: str, sidecar: Mapping[str, Any]) -> str:
    licence = sidecar["licence"]
    facts = [
        ("Publisher", _text(sidecar["publisher"])),
        (
            "Licence",
            f"{_text(licence['name'])}, looked up on {_day(licence['checked'])}: {_text(licence['basis'])}",
        ),
        ("Extent", f"{count(sidecar['rows'])} rows; {_days(sidecar)}"),
        ("State of", _day(sidecar["retrieved"])),
        (
            "Made by",
            f"`{sidecar['builder']}`" if sidecar["class"] == "aggregated" else _text(sidecar["builder"]),
        ),
        ("Used in", _chapters(sidecar["chapters"])),
        ("Please note", _list(sidecar["usage_warnings"].values())),
        ("Known gaps", _list(sidecar["known_gaps"])),
        ("Cite as", _text(sidecar["citation"])),
        ("Download", f"{{download}}`{name}.csv <{path}>`"),
        ("SHA-256", f"`{sidecar['sha256']}`"),
    ]
    listed = "\n\n".join(f"{term}\n: {text}" for term, text in facts if text)
    return (
        f"{{#{anchor(name)}}}\n## {_text(sidecar['title'])}\n\n{_text(sidecar['description'])}\n\n{listed}\n\n"
        f"{_columns(name, sidecar['columns'])}"
    )


def _columns(name: str, columns: Iterable[Mapping[str, str]]) -> str:
    rows = [
        f"* - `{column['name']}`\n  - {_text(column['type'])}{_unit(column['unit'])}\n  - {_text(column['meaning'])}"
        for column in columns
    ]
    head = f":::{{list-table}} Columns of `{name}`\n:header-rows: 1\n:widths: 22 20 58\n"
    return "\n".join([head, "* - Column\n  - Type\n  - Meaning", *rows, ":::"])


def _unit(unit: str) -> str:
    return f", {_text(unit)}" if unit else ""


def _days(sidecar: Mapping[str, Any]) -> str:
    first, last = sidecar["first_date"], sidecar["last_date"]
    if not first:
        return "no dates"
    length = min(len(first), len(last))
    return span(first[:length], last[:length])


def _day(value: Any) -> str:
    return date(str(value))


def _chapters(chapters: Iterable[str]) -> str:
    return ", ".join(f"{{doc}}`/notebooks/{chapter}`" for chapter in chapters)


def _list(sentences: Iterable[str]) -> str:
    return "\n  ".join(f"- {_text(sentence)}" for sentence in sentences)


def _text(value: Any) -> str:
    """``value`` as MyST that reads as plain text, on one line."""
    line = " ".join(str(value).split())
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in line)


def entries(data: Path, page: Path) -> list[tuple[str, str, dict[str, Any]]]:
    """Every table below ``data``: name, path of its CSV as seen from the folder of ``page``, and its sidecar."""
    return [
        (
            table.name,
            Path(os.path.relpath(data / table.path, page.parent)).as_posix(),
            read_sidecar(sidecar_path(data, table)),
        )
        for table in present_tables(data)
    ]


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the catalogue where a page asks for it, before the page is parsed, so that its headings are the page's."""
    if MARKER in source[0]:
        listed = entries(data_dir(), Path(app.env.doc2path(docname)))
        source[0] = source[0].replace(MARKER, f"{overview(listed)}\n{catalogue(listed)}")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
