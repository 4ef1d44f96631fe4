"""How to cite the book and each part of it: APA, BibTeX, RIS and CSL-JSON, from what the book says of itself.

Name, authors, version and date come from CITATION.cff; titles of chapters, figures and tables from the pages and the
stored outputs; titles, publishers and dates of data from their sidecars.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aleppo.bookkit.current import commit
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.forms import read_described
from aleppo.evidence.manifest import present_tables, sidecar_path
from aleppo.evidence.signs import visible
from aleppo.evidence.sources import escape
from aleppo.show import figure, table

FILE = "CITATION.cff"
FORMATS = ("apa", "bibtex", "ris", "csl")
_HEADING = re.compile(r"^# (.+?)\s*$", re.MULTILINE)
_STATE = "data as of "
_MARKUP = re.compile(r"[*_`]|\{[\w:.-]+\}")


@dataclass(frozen=True)
class Book:
    """The book as CITATION.cff describes it; ``commit`` is empty outside a repository of git."""

    title: str
    authors: tuple[str, ...]
    version: str
    released: str
    address: str
    commit: str


@dataclass(frozen=True)
class Part:
    """What is cited: the ``kind`` (book, chapter, figure, table, dataset), its id and title, and where it stands.

    ``page`` is the page's name in the book (``notebooks/truces``), ``place`` the anchor on it, ``vintage`` the
    state of the data behind it as a sentence without its full stop; the last three may be empty.
    """

    kind: str
    id: str
    title: str
    page: str = ""
    place: str = ""
    vintage: str = ""


def book_of(root: Path) -> Book:
    """The book of the checkout ``root``. Raises AleppoError when CITATION.cff lacks what a citation needs."""
    path = root / FILE
    if not path.is_file():
        raise AleppoError("CITATION.cff: expected it at the root of the book, found nothing there")
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    try:
        return Book(
            title=content["title"],
            authors=tuple(_name(author) for author in content["authors"]),
            version=str(content["version"]),
            released=str(content["date-released"]),
            address=str(content.get("url", "")),
            commit=commit(root),
        )
    except (KeyError, TypeError) as error:
        raise AleppoError(
            f"CITATION.cff: expected title, authors, version and date-released, found no {error}"
        ) from None


def whole(book: Book) -> Part:
    """The book itself as what is cited."""
    return Part("book", "book", book.title)


def _name(author: Mapping[str, str]) -> str:
    return author.get("name") or f"{author['family-names']}, {author['given-names']}"


def parts(root: Path, data: Path) -> dict[str, Part]:
    """Everything that can be cited, by id: ``book``, pages by name, ``fig-…``, ``tab-…`` and ``data-…``.

    A chapter may be asked for by its page (``notebooks/truces``) or its name alone (``truces``).
    """
    found = {"book": whole(book_of(root))}
    for path in sorted((root / "book").glob("*.md")):
        _add_page(found, f"book/{path.stem}", path.read_text(encoding="utf-8"))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        page = f"notebooks/{path.stem}"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        text = "\n".join(
            "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
        )
        shown = _shown(notebook, page)
        _add_page(found, page, text, _span_of_states(shown))
        found |= {part.id: part for part in shown}
    for declared in present_tables(data):
        sidecar = read_described(sidecar_path(data, declared))
        label = f"data-{declared.name.replace('_', '-')}"
        vintage = f"state of {sidecar['retrieved']}"
        found[label] = Part("dataset", label, visible(sidecar["title"]), "book/data", label, vintage)
    return found


def _add_page(found: dict[str, Part], page: str, text: str, vintage: str = "") -> None:
    heading = _HEADING.search(text)
    if heading and page != "book/index":
        found[page] = Part("chapter", page, _MARKUP.sub("", heading[1]).strip(), page, vintage=vintage)
        found.setdefault(page.split("/")[1], found[page])


def _shown(notebook: Mapping[str, Any], page: str) -> list[Part]:
    """The figures and tables of a stored notebook."""
    shown = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if (payload := data.get(table.MIME)) is not None:
                label = f"tab-{payload['id']}"
                shown.append(Part("table", label, payload["caption"], page, label, _state(payload)))
            elif (payload := data.get(figure.MIME)) is not None and (facts := figure.about(payload)):
                label = f"fig-{facts['id']}"
                shown.append(Part("figure", label, facts["title"], page, label, _state(facts)))
    return shown


def _state(facts: Mapping[str, Any]) -> str:
    return _STATE + facts["vintage"].replace("/", " to ")


def _span_of_states(shown: list[Part]) -> str:
    """The first and the last day of the data behind what a chapter shows."""
    days = sorted({day for part in shown for day in part.vintage.removeprefix(_STATE).split(" to ")})
    return _STATE + " to ".join(dict.fromkeys([days[0], days[-1]])) if days else ""


def cite(part: Part, book: Book, form: str) -> str:
    """The citation of ``part`` in one of ``FORMATS``; AleppoError for another."""
    forms = {"apa": apa, "bibtex": bibtex, "ris": ris, "csl": csl_text}
    if form not in forms:
        raise AleppoError(f"a citation: expected a format of {', '.join(FORMATS)}, found {form!r}")
    return forms[form](part, book)


def apa(part: Part, book: Book) -> str:
    """One line in the manner of the American Psychological Association, seventh edition."""
    authors = " & ".join(book.authors)
    year = book.released[:4]
    edition = f"version {book.version}" + (f", commit {book.commit}" if book.commit else "")
    where = f" {address(part, book)}" if book.address else ""
    vintage = f", {part.vintage}" if part.vintage else ""
    title = part.title.rstrip(".")
    if part.kind == "book":
        return f"{authors}. ({year}). {title} ({edition}).{where}"
    kind = {"figure": " [Figure]", "table": " [Table]", "dataset": " [Data set]"}.get(part.kind, "")
    place = f", {part.place}" if part.place else ""
    # a title that asks has its own end
    ended = f"{title}{kind}" if not kind and title.endswith(("?", "!")) else f"{title}{kind}."
    return f"{authors}. ({year}). {ended} In {book.title} ({edition}{place}{vintage}).{where}"


def address(part: Part, book: Book) -> str:
    """Where the part is on the web, if the book has an address."""
    page = f"{part.page}.html" if part.page else ""
    return (
        f"{book.address.rstrip('/')}/{page}{'#' + part.place if part.place else ''}" if book.address else ""
    )


def csl(part: Part, book: Book) -> dict[str, Any]:
    """The citation as an item of CSL-JSON, which reference managers read."""
    kinds = {
        "book": "book",
        "chapter": "chapter",
        "figure": "graphic",
        "table": "chapter",
        "dataset": "dataset",
    }
    notes = [*([f"commit {book.commit}"] if book.commit else []), *([part.vintage] if part.vintage else [])]
    item: dict[str, Any] = {
        "id": key(part, book),
        "type": kinds[part.kind],
        "title": part.title.rstrip("."),
        "author": [{"literal": name} for name in book.authors],
        "issued": {"date-parts": [[int(number) for number in book.released.split("-")]]},
        "version": book.version,
    }
    if part.kind != "book":
        item["container-title"] = book.title
    if part.place:
        item["section"] = part.place
    if notes:
        item["note"] = "; ".join(notes)
    if book.address:
        item["URL"] = address(part, book)
    return item


def csl_text(part: Part, book: Book) -> str:
    """`csl` as the text of a file: a list with one item."""
    return json.dumps([csl(part, book)], ensure_ascii=False, indent=2)


def bibtex(part: Part, book: Book) -> str:
    """The citation as an entry of BibTeX; authors and titles in braces, so that nothing is taken apart."""
    kinds = {"book": "book", "chapter": "incollection"}
    fields = {
        "author": " and ".join(f"{{{name}}}" for name in book.authors),
        "title": f"{{{_plain_tex(part.title.rstrip('.'))}}}",
        "booktitle": f"{{{book.title}}}" if part.kind != "book" else "",
        "year": book.released[:4],
        "version": book.version,
        "note": "; ".join(
            text for text in (part.place, part.vintage, book.commit and f"commit {book.commit}") if text
        ),
        "url": address(part, book),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kinds.get(part.kind, 'misc')}{{{key(part, book)},\n" + ",\n".join(lines) + "\n}"


def _plain_tex(text: str) -> str:
    return escape(text).replace("$", r"\$")


def ris(part: Part, book: Book) -> str:
    """The citation in the RIS format: one tag a line."""
    kinds = {"book": "BOOK", "chapter": "CHAP", "figure": "FIGURE", "table": "CHAP", "dataset": "DATA"}
    rows = [
        ("TY", kinds[part.kind]),
        *(("AU", name) for name in book.authors),
        ("TI", part.title.rstrip(".")),
        *([("T2", book.title)] if part.kind != "book" else []),
        ("PY", book.released[:4]),
        ("DA", book.released.replace("-", "/")),
        ("ET", book.version),
        *([("SE", part.place)] if part.place else []),
        *([("N1", part.vintage)] if part.vintage else []),
        *([("N1", f"commit {book.commit}")] if book.commit else []),
        *([("UR", address(part, book))] if book.address else []),
        ("ER", ""),
    ]
    return "\n".join(f"{tag}  - {text}".rstrip() if tag != "ER" else "ER  - " for tag, text in rows)


def key(part: Part, book: Book) -> str:
    """A key for reference managers: the book's name, year, and the part's id."""
    name = part.id.split("/")[-1]
    return f"turn-at-aleppo-{book.released[:4]}" + ("" if part.kind == "book" else f"-{name}")
