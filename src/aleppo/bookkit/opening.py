"""How a page of the web edition opens and where it stands: its part, its length, its sections, the foot of the book.

Above the title of a chapter stands the part that it belongs to, below it how long it takes to read and what it shows.
The sections of the page that is open are listed below its title in the contents beside the text, so that the margin
on the other side is free for sources.
"""

from __future__ import annotations

from functools import partial
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit import citation, pages
from aleppo.bookkit.page_language import ENGLISH, direction, language_of
from aleppo.bookkit.pages import Facts, Place
from aleppo.bookkit.plural import counted
from aleppo.show.numbers import date

FOOT_LINKS = (("book/how-to-read", "How to cite"), ("book/data", "Data"), ("book/status", "Status"))
LOOKED_UP = "To look things up in"
CURRENT = '<li class="toctree-l1 current active">'


class Kicker(nodes.General, nodes.Element):
    """The part of the book, above the title of a page."""


class Byline(nodes.General, nodes.Element):
    """How long a page takes to read and what it shows, below its title."""


class AddOpening(SphinxPostTransform):
    """Puts the part above and the length below the title of every page of the contents."""

    default_priority = 890
    formats = ("html",)

    def run(self, **_: Any) -> None:
        place = places_of(self.app).get(self.env.docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if place is None or section is None:
            return
        section.insert(0, Kicker("", words=place.part))
        facts = pages.known(self.env)[self.env.docname]
        looked_up = pages.is_looked_up(self.app, self.env.docname)
        section.insert(2, Byline("", words=length_words(facts, looked_up)))


def length_words(facts: Facts, looked_up: bool = False) -> list[str]:
    """How long a page is: minutes to read, figures and tables, each in words; what there is none of is left out."""
    parts = [(facts.minutes, "minute"), (len(facts.stills), "figure"), (facts.tables, "table")]
    words = [counted(number, noun) for number, noun in parts if number]
    return [LOOKED_UP if looked_up else f"{words[0]} to read", *words[1:]]


def visit_kicker(translator: Any, node: Kicker) -> None:
    translator.body.append(f'<p class="aleppo-kicker" lang="en" dir="ltr">{escape(node["words"])}</p>\n')


def visit_byline(translator: Any, node: Byline) -> None:
    spans = "".join(f"<span>{escape(word)}</span> " for word in node["words"])
    translator.body.append(f'<p class="aleppo-byline" lang="en" dir="ltr">{spans.rstrip()}</p>\n')


def depart_nothing(translator: Any, node: nodes.Element) -> None:
    """Nothing is left open."""


def places_of(app: Sphinx) -> dict[str, Place]:
    """The places of the pages, worked out once in a build; every page has been read when it is written."""
    found = getattr(app, "_aleppo_places", None)
    if found is None:
        found = pages.places(app)
        app._aleppo_places = found  # type: ignore[attr-defined]
    return found


def with_sections(tree: str, sections: str, language: str = ENGLISH) -> str:
    """The contents of the book with the sections of the open page, which is in ``language``, below its title.

    ``tree`` and ``sections`` are the theme's own lists; the theme's script follows the reader through the second.
    """
    start = tree.find(CURRENT)
    end = tree.find("</li>", start)
    if start < 0 or not sections.strip():
        return tree
    given = "" if language == ENGLISH else f' lang="{language}" dir="{direction(language)}"'
    nested = f'<div id="pst-page-toc-nav" class="aleppo-sections"{given}>{sections}</div>'
    return f"{tree[:end]}{nested}{tree[end:]}"


def add_context(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the templates the sections of a page and the foot of the book."""
    language = language_of(app.env, pagename) if pagename in app.env.all_docs else ENGLISH
    context["with_sections"] = partial(with_sections, language=language)
    context["aleppo_foot"] = foot(app)


def foot(app: Sphinx) -> dict[str, Any]:
    """What the foot of every page says of the book; nothing where no CITATION.cff does."""
    found = getattr(app, "_aleppo_foot", None)
    if found is None:
        root = Path(app.srcdir)
        there = (root / "CITATION.cff").is_file()
        book = citation.book_of(root) if there else None
        found = (
            {
                "title": book.title,
                "version": book.version,
                "released": date(book.released),
                "links": [(page, words) for page, words in FOOT_LINKS if page in app.env.titles],
            }
            if book
            else {}
        )
        app._aleppo_foot = found  # type: ignore[attr-defined]
    return found


def setup(app: Sphinx) -> None:
    """Register nodes, transform and what the templates are given."""
    app.add_node(Kicker, html=(visit_kicker, depart_nothing))
    app.add_node(Byline, html=(visit_byline, depart_nothing))
    app.add_post_transform(AddOpening)
    app.connect("html-page-context", add_context)
