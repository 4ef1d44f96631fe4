"""The search of the HTML edition: what is indexed, and the scripts that search it without a server.

Six kinds of things are found, each under the address of its own anchor: sections of chapters, figures, tables,
claims, places and sources. Pages are read as they are written, once their numbers and references are text. The index
is a script, ``_static/aleppo-search-index.js``, that the page loads when somebody searches; MiniSearch, an npm
package, ranks. Without that package the book keeps the search of Sphinx, and the build says so.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from aleppo.bookkit import catalogue, claims, gazetteer, reference
from aleppo.bookkit.assets import search_library
from aleppo.bookkit.cite import CiteBox
from aleppo.bookkit.foreign_words import words_of
from aleppo.bookkit.mime import FigureFace, SourceList, TableFace
from aleppo.evidence.errors import MissingTable
from aleppo.evidence.files import write_atomic
from aleppo.show import figure
from aleppo.show.ledger import VERDICT_WORDS, says_text
from aleppo.show.plain import compact
from aleppo.show.table import heading

KINDS = ("Chapters", "Figures", "Tables", "Claims", "Places", "Sources")
SECTION, FIGURE, TABLE, CLAIM, PLACE, SOURCE = KINDS
SCRIPT, INDEX = "aleppo-search.js", "aleppo-search-index.js"
LIBRARY = "minisearch.js"
# What only the search of Sphinx asks for.
OF_SPHINX = ("searchtools.js", "language_data.js")
# What is said of the places of each table of the gazetteer.
PLACES = {
    "aleppo": "Neighbourhood or point of the city.",
    "towns": "Town, base or crossing in {within} governorate.",
    "governorates": "Governorate.",
}
_LEFT_OUT = (
    nodes.title,
    nodes.section,
    nodes.literal_block,
    nodes.raw,
    nodes.comment,
    nodes.citation,
    nodes.table,
    nodes.system_message,
    CiteBox,
    FigureFace,
    SourceList,
    TableFace,
)
# Code, and what is said of a table of the data besides its description.
_UNREAD = {"cell_input", "aleppo-facts", "sd-dropdown"}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """One thing to be found: its kind, its title, and where it is; what is said of it, and under what other names.

    ``label`` is what it is called in the book: the number of a figure, the verdict of a claim.
    """

    kind: str
    title: str
    page: str
    anchor: str = ""
    text: str = ""
    label: str = ""
    names: tuple[str, ...] = ()


# --- what a page holds ---


def of_page(page: str, doctree: nodes.document, numbers: Mapping[str, Any]) -> Iterator[Entry]:
    """The sections, figures and tables of a page, in their order. ``numbers`` are those of ``toc_fignumbers``."""
    first = next(iter(doctree.findall(nodes.section)), None)
    for section in doctree.findall(nodes.section):
        title = next((child.astext() for child in section.children if isinstance(child, nodes.title)), "")
        # the section of a table of the data has its label, another one what docutils made of its title
        anchor = "" if section is first else next(filter(_is_data, section["ids"]), section["ids"][0])
        kind = TABLE if _is_data(anchor) else SECTION
        if title:
            yield Entry(kind, title, page, anchor, _words(section))
    yield from _shown(page, doctree, numbers)


def _is_data(anchor: str) -> bool:
    return anchor.startswith(catalogue.anchor(""))


def _words(section: nodes.Element) -> str:
    """The text of a section without that of the sections, figures and tables in it; none of listed claims."""
    parts: list[str] = []
    if reference.CLASS in _classes(section):
        return _of_module(section)
    for child in section.children:
        if "claim-verdict" in _classes(child):
            break
        parts += _text(child)
    return " ".join(" ".join(parts).split())


def _of_module(section: nodes.Element) -> str:
    """The names that a module defines; its docstrings would be half of the index."""
    return " ".join(
        anchor.rpartition(".")[2] for term in section.findall(nodes.term) for anchor in term["ids"]
    )


def _text(node: nodes.Node) -> Iterator[str]:
    """The text below a node, a block at a time."""
    if isinstance(node, nodes.TextElement) and not isinstance(node, _LEFT_OUT):
        yield words_of(node)
    elif not isinstance(node, _LEFT_OUT) and not _UNREAD.intersection(_classes(node)):
        for child in node.children:
            yield from _text(child)


def _classes(node: nodes.Node) -> list[str]:
    return list(node["classes"]) if isinstance(node, nodes.Element) else []


def _shown(page: str, doctree: nodes.document, numbers: Mapping[str, Any]) -> Iterator[Entry]:
    for face in doctree.findall(FigureFace):
        facts = figure.about(face["payload"]) or {}
        anchor = f"fig-{facts['id']}"
        yield Entry(
            FIGURE,
            facts["title"],
            page,
            anchor,
            facts["alt"],
            _number("Figure", numbers.get("figure", {}), anchor),
        )
    for sheet in doctree.findall(TableFace):
        payload, anchor = sheet["payload"], f"tab-{sheet['payload']['id']}"
        columns = ", ".join(heading(column) for column in payload["columns"])
        yield Entry(
            TABLE,
            payload["caption"],
            page,
            anchor,
            columns,
            _number("Table", numbers.get("table", {}), anchor),
        )


def _number(word: str, numbers: Mapping[str, tuple[int, ...]], anchor: str) -> str:
    return f"{word} {'.'.join(map(str, numbers[anchor]))}" if anchor in numbers else ""


# --- what the book holds besides ---


def without_claims(entries: Iterable[Entry], says: Iterable[str]) -> Iterator[Entry]:
    """The entries without the sentences of the ledger that their sections quote: each is found as the claim it is."""
    # on a page quotation marks are curled
    patterns = [re.escape(" ".join(text.split())).replace("'", "['’]") for text in says]
    quoted = re.compile("|".join(sorted(patterns, key=len, reverse=True)) or r"(?!)")
    for entry in entries:
        yield replace(entry, text=" ".join(quoted.sub("", entry.text).split()))


def of_claims(env: BuildEnvironment, listed: Iterable[Mapping[str, Any]]) -> Iterator[Entry]:
    """The claims that some page lists, in the order of the ledger."""
    labels = env.get_domain("std").data["anonlabels"]
    for entry in listed:
        page, anchor, *_ = labels.get(claims.anchor(entry["claim"]), ("", ""))
        if page:
            title = f"{entry['claim']}: {entry['paraphrase']}"
            yield Entry(CLAIM, title, page, anchor, says_text(entry), VERDICT_WORDS[entry["verdict"]])


def of_places(env: BuildEnvironment) -> Iterator[Entry]:
    """Every place of the gazetteer, if the book has that page and the data have its tables."""
    if gazetteer.PAGE not in env.all_docs:
        return
    try:
        listed = gazetteer.places()
    except MissingTable:
        return
    for place in listed:
        text = PLACES[place.group].format(within=place.within)
        yield Entry(PLACE, place.name, gazetteer.PAGE, place.anchor, text, "", tuple(place.names[1:]))


def of_sources(env: BuildEnvironment) -> Iterator[Entry]:
    """Every entry of the bibliographies, by its key, under its own anchor."""
    domain: Any = env.domains.get("cite")
    for citation in sorted(getattr(domain, "citations", ()), key=lambda each: each.key):
        fields = citation.entry.fields
        people = [str(person) for some in citation.entry.persons.values() for person in some]
        said = [*people, fields.get("publisher", ""), fields.get("howpublished", ""), fields.get("year", "")]
        text = ", ".join(dict.fromkeys(_bare(part) for part in said if part))
        yield Entry(
            SOURCE,
            _bare(fields["title"]),
            citation.bibliography_key.docname,
            citation.citation_id,
            text,
            citation.key,
        )


def _bare(text: str) -> str:
    """A field of a bibliography without the braces and backslashes of BibTeX."""
    return re.sub(r"\\(?=[%&#$_])|[{}]", "", text)


# --- the files ---


def packed(entries: Iterable[Entry], titles: Mapping[str, str]) -> dict[str, Any]:
    """The index as the script reads it, without what is empty at the end of an entry; ``titles`` are those of pages."""
    pages: dict[str, int] = {}
    docs = []
    for entry in entries:
        place = pages.setdefault(entry.page, len(pages))
        doc: list[Any] = [KINDS.index(entry.kind), entry.title, place, entry.anchor]
        doc += [entry.text, entry.label, list(entry.names)]
        while len(doc) > 3 and not doc[-1]:
            doc.pop()
        docs.append(doc)
    return {
        "kinds": list(KINDS),
        "pages": [[f"{page}.html", titles.get(page, page)] for page in pages],
        "docs": docs,
    }


def _begin(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    library = search_library()
    if library is None:
        logger.info("search: MiniSearch is not there; the search of Sphinx is used ('make env' fetches it)")
        return
    app.builder.search = False  # type: ignore[attr-defined]
    app._aleppo_found = []  # type: ignore[attr-defined]
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(library, static / LIBRARY)
    app.add_js_file(SCRIPT, loading_method="defer")


def _read(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    found = getattr(app, "_aleppo_found", None)
    context["aleppo_search"] = found is not None
    if found is not None and doctree is not None:
        found += of_page(pagename, doctree, app.env.toc_fignumbers.get(pagename, {}))


def _add_page(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    return [("search", {}, "search.html")] if hasattr(app, "_aleppo_found") else []


def _write(app: Sphinx, error: Exception | None) -> None:
    """Once every page is written: the index."""
    if error is not None or not hasattr(app, "_aleppo_found"):
        return
    env, listed = app.env, claims.listed(app)
    entries = [
        *without_claims(app._aleppo_found, [says_text(entry) for entry in listed]),
        *of_claims(env, listed),
        *of_places(env),
        *of_sources(env),
    ]
    titles = {page: env.titles[page].astext() for page in env.titles}
    text, static = compact(packed(entries, titles)), Path(app.outdir) / "_static"
    write_atomic(static / INDEX, f"window.aleppoSearchIndex={text};\n")
    for name in OF_SPHINX:
        (static / name).unlink(missing_ok=True)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect the search; pages are gathered by the process that writes them, so that writing is not divided."""
    app.connect("builder-inited", _begin)
    app.connect("html-page-context", _read)
    app.connect("html-collect-pages", _add_page)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
