"""Citations in the book: a box at the end of each chapter, and what reference managers and search engines read.

In HTML the box has the citation in four formats, and the head of the page the ``citation_*`` tags that Zotero and
Google Scholar read, Dublin Core and schema.org. In print the box is one line.
"""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit import citation
from aleppo.bookkit.citation import Book, Part
from aleppo.bookkit.page_language import language_of
from aleppo.evidence.forms import read_described
from aleppo.evidence.manifest import present_tables, sidecar_path
from aleppo.evidence.paths import data_dir
from aleppo.show.translated import ENGLISH

LABELS = {"bibtex": ("BibTeX", "bib"), "ris": ("RIS", "ris"), "csl": ("CSL-JSON", "json")}
DATA = "_static/data"
TYPES = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


class CiteBox(nodes.General, nodes.Element):
    """The end of a chapter in HTML: how to cite it, in every format."""


def known(app: Sphinx) -> tuple[Book, dict[str, Part]]:
    """The book and its parts, read once in a build."""
    found = getattr(app, "_aleppo_citations", None)
    if found is None:
        root = Path(app.srcdir)
        found = (citation.book_of(root), citation.parts(root, data_dir()))
        app._aleppo_citations = found  # type: ignore[attr-defined]
    return cast("tuple[Book, dict[str, Part]]", found)


class AddBox(SphinxPostTransform):
    """Puts the citation at the end of each page that has one."""

    default_priority = 900

    def run(self, **_: Any) -> None:
        book, parts = known(self.app)
        part = parts.get(self.env.docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if part is None or section is None:
            return
        line = citation.apa(part, book)
        if self.app.builder.format == "html":
            section += CiteBox("", page=self.env.docname)
        else:
            words = nodes.paragraph("", "", nodes.strong("", "Cite this chapter"), nodes.Text(f"  {line}"))
            section += nodes.container("", words, classes=["cite-this"])


def visit_box(translator: Any, node: CiteBox) -> None:
    book, parts = known(translator.builder.app)
    part = parts[node["page"]]
    rows = []
    for form, (label, ending) in LABELS.items():
        text = citation.cite(part, book, form)
        up = "../" * node["page"].count("/")
        rows.append(
            f'<details class="aleppo-more"><summary>{label}</summary><div class="highlight"><pre>{escape(text)}</pre>'
            f'</div><p><a href="{up}{citation_path(part, ending)}" download>Download {label}</a></p></details>'
        )
    line = escape(citation.apa(part, book))
    translator.body.append(
        '<aside class="aleppo-cite" aria-label="Cite this chapter"><p class="rubric">Cite this chapter</p>'
        f'<div class="highlight"><pre class="aleppo-apa">{line}</pre></div>{"".join(rows)}</aside>'
    )


def citation_path(part: Part, ending: str) -> str:
    """Where the file with a part's citation lies, seen from the first page."""
    return f"_static/citations/{part.id.replace('/', '-')}.{ending}"


def write_files(app: Sphinx) -> None:
    """Write the citation of every part of the book, in each format that reference managers read."""
    if app.builder.format != "html":
        return
    book, parts = known(app)
    for part in {part.id: part for part in parts.values()}.values():
        for form, (_, ending) in LABELS.items():
            path = Path(app.outdir) / citation_path(part, ending)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(citation.cite(part, book, form) + "\n", encoding="utf-8")


def depart_box(translator: Any, node: CiteBox) -> None:
    """Nothing is left open."""


def add_tags(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the tags of a page into its head."""
    book, parts = known(app)
    root = app.config.root_doc
    part = parts["book"] if pagename == root else parts.get(pagename)
    if part is not None:
        own = language_of(app.env, pagename)
        context["metatags"] = (
            f"{context.get('metatags', '')}\n{tags(part, book, own)}\n{linked_data(part, book, own)}"
        )


def tags(part: Part, book: Book, language: str = ENGLISH) -> str:
    """``citation_*`` and Dublin Core tags of a part that is in ``language``."""
    released = book.released.replace("-", "/")
    pairs = [
        ("citation_title", part.title.rstrip(".")),
        *(("citation_author", name) for name in book.authors),
        ("citation_publication_date", released),
        ("citation_language", language),
        *([("citation_inbook_title", book.title)] if part.kind != "book" else []),
        *([("citation_fulltext_html_url", citation.address(part, book))] if book.address else []),
        *([("DC.identifier", citation.address(part, book))] if book.address else []),
        ("DC.title", part.title.rstrip(".")),
        *(("DC.creator", name) for name in book.authors),
        ("DC.date", book.released),
        ("DC.language", language),
        ("DC.rights", LICENCE),
        ("DC.type", "Text"),
        *([("DC.relation.ispartof", book.title)] if part.kind != "book" else []),
    ]
    return "\n".join(f'<meta name="{name}" content="{escape(text, quote=True)}">' for name, text in pairs)


def linked_data(part: Part, book: Book, language: str = ENGLISH) -> str:
    """schema.org: the Book, a Chapter of it in ``language``, or on the page of data every Dataset."""
    whole = {
        "@type": "Book",
        "name": book.title,
        "author": [{"@type": "Organization", "name": name} for name in book.authors],
        "datePublished": book.released,
        "version": book.version,
        "inLanguage": ENGLISH,
        "license": LICENCE,
    }
    if part.kind == "book":
        content: dict[str, Any] = whole
    else:
        content = {
            "@type": "Chapter",
            "name": part.title,
            "inLanguage": language,
            "isPartOf": whole,
            "license": LICENCE,
        }
    if part.page == "book/data":
        content["hasPart"] = datasets(book)
    if book.address:
        content["url"] = citation.address(part, book)
    text = json.dumps({"@context": "https://schema.org", **content}, ensure_ascii=False, sort_keys=True)
    # a closing tag inside a name would end the element
    return f'<script type="application/ld+json">{text.replace("<", chr(92) + "u003c")}</script>'


def datasets(book: Book) -> list[dict[str, Any]]:
    """Every table of the data as a Dataset of schema.org, with where to fetch it if the ``book`` has an address."""
    data = data_dir()
    found = []
    for table in present_tables(data):
        sidecar = read_described(sidecar_path(data, table))
        dataset: dict[str, Any] = {
            "@type": "Dataset",
            "name": sidecar["title"],
            "description": sidecar["description"],
            "creator": {"@type": "Organization", "name": sidecar["publisher"]},
            "dateModified": str(sidecar["retrieved"]),
        }
        if sidecar["licence"]["url"]:
            dataset["license"] = sidecar["licence"]["url"]
        if sidecar["first_date"]:
            dataset["temporalCoverage"] = f"{sidecar['first_date']}/{sidecar['last_date']}"
        if book.address:
            place = f"{book.address.rstrip('/')}/{DATA}/{table.path.removesuffix('.csv')}"
            dataset["distribution"] = [
                {"@type": "DataDownload", "encodingFormat": kind, "contentUrl": f"{place}{ending}"}
                for ending, kind in TYPES.items()
            ]
        found.append(dataset)
    return found


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the box and the tags."""
    app.add_node(CiteBox, html=(visit_box, depart_box))
    app.add_post_transform(AddBox)
    app.connect("builder-inited", write_files)
    app.connect("html-page-context", add_tags)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
