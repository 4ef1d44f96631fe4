"""What a page shows of itself where a link to it is shared: a card of its own, a title and a sentence.

Each card is a PNG of the size that Open Graph asks for, set by the same Typst wheel that makes the print edition from
the chapter's still, or for a page without one from the maps of the cover: no browser, no network, the same bytes
twice. Addresses are absolute where the book knows its own (``html_baseurl``), and relative to the page otherwise.
"""

from __future__ import annotations

import itertools
import json
import re
import tempfile
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import typst
from docutils import nodes
from sphinx.application import Sphinx

from aleppo.bookkit import city_strip, cover, pages
from aleppo.bookkit.assets import font_dirs
from aleppo.bookkit.contents import chosen_still
from aleppo.bookkit.foreign_words import words_of
from aleppo.bookkit.opening import places_of
from aleppo.bookkit.page_language import language_of
from aleppo.bookkit.pages import Place

WIDTH, HEIGHT = 1200, 630
FOLDER = "_static/cards"
TEMPLATE = Path(__file__).parent / "templates" / "card.typ"
# Letters of a description: what the places that show it have room for.
LONGEST = 200
_SENTENCE = re.compile(r".+?[^\s.!?؟][.!?؟]+(?=\s|$)")


def card(page: str) -> str:
    """The path of a page's card in the book."""
    return f"{FOLDER}/{page.replace('/', '-')}.png"


def cards_of(app: Sphinx) -> dict[str, Place]:
    """Page → its place, of every page that has a card: the first one, and all of the contents."""
    root = app.config.root_doc
    title = app.env.titles[root].astext()
    subtitle = str(app.config.print_book.get("subtitle") or "")
    return {root: Place(root, subtitle, "", title), **places_of(app)}


def add_tags(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Put the description of a page, and what Open Graph and Twitter read, into its head."""
    place = cards_of(app).get(pagename)
    if place is None or doctree is None:
        return
    root = app.config.root_doc
    words = place.part if pagename == root else description(doctree)
    base = str(app.config.html_baseurl or "").rstrip("/")
    picture = f"{base}/{card(pagename)}" if base else context["pathto"](card(pagename), 1)
    title = app.env.titles[root].astext()
    pairs = {
        "description": words,
        "og:type": "book" if pagename == root else "article",
        "og:site_name": title,
        "og:title": place.title,
        "og:description": words,
        "og:locale": language_of(app.env, pagename),
        "og:image": picture,
        "og:image:type": "image/png",
        "og:image:width": str(WIDTH),
        "og:image:height": str(HEIGHT),
        "og:image:alt": f"{place.title}: {title}" if pagename != root else title,
        **({"og:url": f"{base}/{app.builder.get_target_uri(pagename)}"} if base else {}),
        "twitter:card": "summary_large_image",
    }
    context["metatags"] = f"{context.get('metatags', '')}\n{tags(pairs)}"


def tags(pairs: Mapping[str, str]) -> str:
    """The tags of (name → content); Open Graph's are properties, the others names."""
    return "\n".join(
        f'<meta {"property" if name.startswith("og:") else "name"}="{name}" content="{escape(text, quote=True)}">'
        for name, text in pairs.items()
        if text
    )


def description(doctree: nodes.document) -> str:
    """The first sentences of a page's running text, else of its limits; as many as there is room for.

    A paragraph of links alone leads elsewhere, and says nothing of the page.
    """
    running = (child for section in doctree.findall(nodes.section) for child in section.children)
    limits = (child for box in doctree.findall(_is_of_limits) for child in box.children)
    for child in itertools.chain(running, limits):
        if isinstance(child, nodes.paragraph):
            words, linked = (" ".join(text.split()) for text in (words_of(child), _linked(child)))
            if len(words) - len(linked) > 20:
                return shortened(words)
    return ""


def _is_of_limits(node: nodes.Node) -> bool:
    return isinstance(node, nodes.admonition) and "caution" in node["classes"]


def _linked(paragraph: nodes.paragraph) -> str:
    return "".join(words_of(link) for link in paragraph.findall(nodes.reference))


def shortened(words: str) -> str:
    """Whole sentences from the start of ``words`` up to ``LONGEST`` letters, or as many words of the first as fit."""
    kept = ""
    for sentence in _SENTENCE.findall(words):
        if len(longer := f"{kept} {sentence.strip()}".strip()) > LONGEST:
            break
        kept = longer
    return kept or (words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} …")


def write_cards(app: Sphinx, error: Exception | None) -> None:
    """Once the pages are written: every card, in one run of Typst."""
    if error is not None or app.builder.name != "html":
        return
    places = cards_of(app)
    if not places:
        return
    drawn = pictures(app, list(places.values()))
    folder = Path(app.builder.outdir) / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for page, png in zip(places, drawn, strict=True):
        (Path(app.builder.outdir) / card(page)).write_bytes(png)


def pictures(app: Sphinx, places: list[Place]) -> list[bytes]:
    """The cards of ``places``, as PNG."""
    strip = cover.picture(app)
    files = {"card.typ": TEMPLATE.read_bytes(), "strip.svg": city_strip.svg(strip).encode() if strip else b""}
    rows = []
    for number, place in enumerate(places):
        still = chosen_still(app, place.page, pages.known(app.env)[place.page])
        if still:
            files[f"{number}.svg"] = still.read_bytes()
        rows.append(
            {
                "part": place.part,
                "number": place.number,
                "title": place.title,
                "still": f"{number}.svg" if still else "",
                "cover": place.page == app.config.root_doc,
            }
        )
    return typeset(files, {"book": app.env.titles[app.config.root_doc].astext(), "cards": rows})


def typeset(files: Mapping[str, bytes], content: Mapping[str, Any]) -> list[bytes]:
    """Typst's pages as PNG, from the template ``card.typ`` among ``files``."""
    with tempfile.TemporaryDirectory(prefix="aleppo-cards-") as place:
        for name, data in files.items():
            (Path(place) / name).write_bytes(data)
        made = typst.compile(
            str(Path(place) / "card.typ"),
            root=place,
            font_paths=[str(folder) for folder in font_dirs()],
            ignore_system_fonts=True,
            sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
            format="png",
            ppi=72,
        )
    return list(made) if isinstance(made, list) else [bytes(made)]


def setup(app: Sphinx) -> None:
    """Connect the tags and the cards."""
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", write_cards)
