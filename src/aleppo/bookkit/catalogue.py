"""The data chapter: every table as its sidecar describes it, written when the book is made.

The page ``book/data.md`` holds comments where the overview, the catalogue and the warnings go; nothing about a
table is typed there. On the screen each table has its columns and its files; in print, where twenty-nine
tables of columns would be a book of their own, each is a short entry, and warnings are explained once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import citation, cite, downloads
from aleppo.evidence import data_dir
from aleppo.evidence.differences import changes
from aleppo.evidence.files import sha256_file
from aleppo.evidence.forms import read_described
from aleppo.evidence.manifest import present_tables, sidecar_path
from aleppo.evidence.paths import repository
from aleppo.evidence.signs import visible
from aleppo.evidence.tables import USAGE_WARNINGS
from aleppo.show.numbers import count, date, span
from aleppo.show.wording import escaped

MARKER = "% data-catalogue"
WARNINGS_MARKER = "% usage-warnings"
STALE = (
    "The file is not the one that this description was made for: its hash is another one. "
    "`aleppo sidecars` renews the description."
)


@dataclass(frozen=True)
class Entry:
    """A table of the catalogue: its name, its CSV below the data folder, and what its sidecar says.

    ``files`` is where its files lie as seen from the page, ``cited`` the book's citation of it. ``changed`` says
    whether it is another table than the published one, ``stale`` whether the sidecar is about other bytes than
    those that are there.
    """

    name: str
    path: str
    sidecar: Mapping[str, Any]
    files: str = ""
    cited: str = ""
    changed: bool = False
    stale: bool = False


def entries(data: Path, page: str, book: Path) -> list[Entry]:
    """Every table below ``data``, with its files as seen from the page ``page`` (a document name) of ``book``."""
    home = data.resolve() == (repository() / "data").resolve()
    changed = set() if home else {change.name for change in changes(data)}
    root = "../" * page.count("/") + downloads.FOLDER.as_posix()
    edition = citation.book_of(book)
    found = []
    for table in present_tables(data):
        sidecar = read_described(sidecar_path(data, table))
        stale = sidecar.get("sha256") != sha256_file(data / table.path)
        state = f"state of {sidecar['retrieved']}"
        part = citation.Part("dataset", anchor(table.name), sidecar["title"], page, anchor(table.name), state)
        cited = citation.apa(part, edition)
        found.append(Entry(table.name, table.path, sidecar, root, cited, table.name in changed, stale))
    return found


def catalogue(listed: Iterable[Entry]) -> str:
    """MyST text of the catalogue, one section per table."""
    return "\n\n".join(_section(entry) for entry in listed) + "\n"


def overview(listed: Iterable[Entry]) -> str:
    """MyST table of all tables, one line each, that links to their sections."""
    lines = [
        ":::{list-table} Tables of this book",
        ":name: tab-data-overview",
        ":header-rows: 1",
        ":widths: 34 24 14 28",
        "",
        "* - Table\n  - Publisher\n  - Rows\n  - Days",
    ]
    for entry in listed:
        sidecar = entry.sidecar
        lines.append(
            f"* - [{text(sidecar['title'])}](#{anchor(entry.name)})\n  - {text(sidecar['publisher'])}\n"
            f"  - {count(sidecar['rows'])}\n  - {days(sidecar)}"
        )
    return "\n".join([*lines, ":::", ""])


def anchor(table: str) -> str:
    """The label of a table's section."""
    return f"data-{table.replace('_', '-')}"


def warnings(vocabulary: Mapping[str, str] = USAGE_WARNINGS) -> str:
    """MyST definition list of the controlled vocabulary of usage warnings."""
    return "\n\n".join(f"{words(name)}\n: {text(meaning)}" for name, meaning in vocabulary.items()) + "\n"


def words(name: str) -> str:
    """A name as words, of the vocabulary or of a column: ``starts_at_the_break`` is "Starts at the break"."""
    return name.replace("_", " ").capitalize()


def cite_as(entry: Entry) -> str:
    """How to cite a table, with its licence: a series as its publisher's, a compiled table as a part of the book."""
    sidecar = entry.sidecar
    licence = sidecar["licence"]["name"]
    terms = f"Licence: {licence}." if licence != "not stated" else "No licence stated."
    if sidecar["class"] == "aggregated":
        version = f"; source file {sidecar['version']}" if sidecar.get("version") else ""
        return f"{sidecar['citation']} State of {day(sidecar['retrieved'])}{version}. {terms}"
    changed = " Changed from the published table." if entry.changed else ""
    return f"{entry.cited}{changed} {terms}"


def _section(entry: Entry) -> str:
    sidecar = entry.sidecar
    stale = f":::{{warning}}\n{STALE}\n:::\n\n" if entry.stale else ""
    return (
        f"({anchor(entry.name)})=\n### {text(sidecar['title'])}\n\n{text(sidecar['description'])}\n\n{stale}"
        f"::::::{{only}} html\n{_on_the_screen(entry)}\n::::::\n\n"
        f"::::::{{only}} not html\n{_in_print(entry)}\n::::::"
    )


def _on_the_screen(entry: Entry) -> str:
    """All that the sidecar says, the files, and the columns in a fold."""
    sidecar = entry.sidecar
    address = f"{entry.files}/{entry.path.removesuffix('.csv')}"
    files = (
        ("csv", "CSV, as published"),
        ("parquet", "Parquet"),
        ("xlsx", "Excel workbook (XLSX)"),
        ("yml", "description (YAML)"),
    )
    facts = [
        ("Publisher", text(sidecar["publisher"])),
        ("Licence", _licence(sidecar)),
        ("Extent", f"{count(sidecar['rows'])} rows; {days(sidecar)}"),
        ("State of", _state(sidecar)),
        ("Made by", _made_by(sidecar)),
        ("Used in", chapters(sidecar["chapters"])),
        ("Please note", _list(sidecar["usage_warnings"].values())),
        ("Known gaps", _list(sidecar["known_gaps"])),
        ("Cite as", text(cite_as(entry))),
        ("Citation files", " · ".join(_citation_files(entry))),
        ("Files", " · ".join(f'<a href="{address}.{end}" download>{said}</a>' for end, said in files)),
        ("SHA-256", code(sidecar["sha256"])),
    ]
    columns = list(sidecar["columns"])
    # without a caption: it would take a number, and print does not have these tables
    return (
        f":::::{{div}} aleppo-facts\n{_definitions(facts)}\n:::::\n\n"
        f":::::{{dropdown}} Columns ({count(len(columns))})\n{_columns(columns, sidecar['key'])}\n:::::"
    )


def _citation_files(entry: Entry) -> Iterable[str]:
    part = citation.Part("dataset", anchor(entry.name), "")
    root = entry.files.removesuffix(downloads.FOLDER.as_posix())
    for label, ending in cite.LABELS.values():
        yield f'<a href="{root}{cite.citation_path(part, ending)}" download>{label}</a>'


def _in_print(entry: Entry) -> str:
    """The same in brief, without files and columns; warnings by their names, which the page explains once."""
    sidecar = entry.sidecar
    of = f"{text(sidecar['publisher'])}; state of {_state(sidecar)}"
    facts = [
        ("Source", of if sidecar["class"] == "aggregated" else ""),
        ("Licence", _licence(sidecar) if sidecar["class"] == "aggregated" else ""),
        ("Extent", f"`{entry.path}`, {count(sidecar['rows'])} rows; {days(sidecar)}"),
        ("Used in", chapters(sidecar["chapters"])),
        ("Please note", "; ".join(words(name).lower() for name in sidecar["usage_warnings"])),
        ("Known gaps", text(" ".join(sidecar["known_gaps"]))),
        ("Cite as", text(cite_as(entry)) if sidecar["class"] == "aggregated" else ""),
    ]
    return f"{{.print-facts}}\n{_definitions(facts)}"


def _licence(sidecar: Mapping[str, Any]) -> str:
    licence = sidecar["licence"]
    name = text(licence["name"])
    named = f"[{name}]({licence['url']})" if licence["url"] else name
    return f"{named}, looked up on {day(licence['checked'])}: {text(licence['basis'])}"


def _definitions(facts: Iterable[tuple[str, str]]) -> str:
    return "\n\n".join(f"{term}\n: {said}" for term, said in facts if said)


def _columns(columns: Iterable[Mapping[str, str]], key: Iterable[str]) -> str:
    keys = set(key)
    rows = [
        f"* - {code(column['name'])}{' (key)' if column['name'] in keys else ''}\n"
        f"  - {text(column['type'])}{_unit(column['unit'])}\n  - {text(column['meaning'])}"
        for column in columns
    ]
    head = "::::{list-table}\n:header-rows: 1\n:widths: 22 20 58\n"
    return "\n".join([head, "* - Column\n  - Type\n  - Meaning", *rows, "::::"])


def _unit(unit: str) -> str:
    return f" ({text(unit)})" if unit else ""


def _state(sidecar: Mapping[str, Any]) -> str:
    version = sidecar.get("version")
    return day(sidecar["retrieved"]) + (f"; publisher's version: {text(version)}" if version else "")


def _made_by(sidecar: Mapping[str, Any]) -> str:
    if sidecar["class"] != "aggregated":
        return text(sidecar["builder"])
    made_from = sidecar.get("made_from", {})
    return code(sidecar["builder"]) + (f" from {code(made_from['file'])}" if made_from else "")


def days(sidecar: Mapping[str, Any]) -> str:
    """The first and the last day of a table in words."""
    first, last = sidecar["first_date"], sidecar["last_date"]
    if not first:
        return "no dates"
    length = min(len(first), len(last))
    return span(first[:length], last[:length])


def day(value: Any) -> str:
    """A date of a sidecar in words."""
    return date(str(value))


def chapters(names: Iterable[str]) -> str:
    """MyST links to the chapters ``names``."""
    return ", ".join(f"{{doc}}`/notebooks/{name}`" for name in names)


def _list(sentences: Iterable[str]) -> str:
    return "\n  ".join(f"- {text(sentence)}" for sentence in sentences)


def text(value: Any) -> str:
    """``value`` as MyST that reads as plain text, on one line."""
    return escaped(" ".join(str(value).split()))


def code(value: Any) -> str:
    """``value`` as MyST of code, with a fence that nothing in it can end."""
    line = visible(" ".join(str(value).split())) or " "
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the catalogue where a page asks for it, before the page is parsed, so that its headings are the page's."""
    if MARKER in source[0]:
        listed = entries(data_dir(), docname, Path(app.srcdir))
        written = f"{overview(listed)}\n% print: two columns\n\n{catalogue(listed)}"
        source[0] = source[0].replace(MARKER, written)
    if WARNINGS_MARKER in source[0]:
        source[0] = source[0].replace(WARNINGS_MARKER, warnings())


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the catalogue into the page that asks for it, and the tables' files into the HTML edition."""
    downloads.setup(app)
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
