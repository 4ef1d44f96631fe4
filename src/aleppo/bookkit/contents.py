"""The contents of the book in pictures: each page with a small picture of what it shows, and how long it takes to read.

The first page asks for it by the directive ``{contents-in-pictures}``; other editions have a table of contents of their
own. Which figure stands for a chapter is its first one, unless the setting ``aleppo_thumbnails`` (page → figure)
names another.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from aleppo.bookkit import pages, thumbnails
from aleppo.bookkit.opening import LOOKED_UP, places_of
from aleppo.bookkit.pages import Facts, Place
from aleppo.bookkit.plural import counted
from aleppo.evidence.errors import AleppoError
from aleppo.show.theme import darkened

FOLDER = "_static/thumbnails"
HEADING = "What is inside"
# Cards in a row, where there is room.
ACROSS = 5


class Contents(nodes.General, nodes.Element):
    """The contents in pictures."""


class ContentsDirective(SphinxDirective):
    """``{contents-in-pictures}``: every page of the book as a card."""

    def run(self) -> list[nodes.Node]:
        return [Contents()]


def visit_contents(translator: Any, node: Contents) -> None:
    app = translator.builder.app
    parts = groupby(places_of(app).values(), key=lambda place: place.part)
    sections = "".join(_part(app, part, list(members)) for part, members in parts)
    translator.body.append(
        f'<section class="aleppo-contents" id="contents"><h2>{HEADING}</h2>{sections}</section>\n'
    )


def depart_contents(translator: Any, node: Contents) -> None:
    """Nothing is left open."""


def _part(app: Sphinx, part: str, members: list[Place]) -> str:
    known = pages.known(app.env)
    cards = "".join(_card(app, place, known[place.page]) for place in members)
    return (
        f'<div style="--aleppo-wide:{min(len(members), ACROSS)}"><h3>{escape(part)}</h3>'
        f'<ol class="aleppo-cards">{cards}</ol></div>'
    )


def _card(app: Sphinx, place: Place, facts: Facts) -> str:
    here = app.builder.get_target_uri(app.config.root_doc)
    link = {
        mode: escape(relative_uri(here, path), quote=True) for mode, path in write(app, place, facts).items()
    }
    # dark-light is the theme's word for a picture that it must not tone down on a dark page
    images = "".join(
        f'<img class="aleppo-{mode} dark-light" src="{link[mode]}" alt="" width="{thumbnails.WIDTH}" '
        f'height="{thumbnails.HEIGHT}" loading="lazy" decoding="async">'
        for mode in ("light", "dark")
    )
    address = escape(relative_uri(here, app.builder.get_target_uri(place.page)), quote=True)
    number = f'<span class="aleppo-number">{place.number}</span> ' if place.number else ""
    length = LOOKED_UP if pages.is_looked_up(app, place.page) else counted(facts.minutes, "minute")
    return (
        f'<li><a href="{address}"><span class="aleppo-thumbnail">{images}</span>'
        f'<span class="aleppo-card-title">{number}{escape(place.title)}</span>'
        f'<span class="aleppo-card-time">{length}</span></a></li>'
    )


def write(app: Sphinx, place: Place, facts: Facts) -> dict[str, str]:
    """Write the small picture of a page; returns light and dark → its path in the book."""
    still = chosen_still(app, place.page, facts)
    text = still.read_text(encoding="utf-8") if still else ""
    drawn = thumbnails.of_still(text) if text else thumbnails.of_outline(facts.outline)
    base = f"{FOLDER}/{place.page.replace('/', '-')}"
    files = {"light": f"{base}.svg", "dark": f"{base}-dark.svg"}
    for mode, path in files.items():
        file = Path(app.builder.outdir) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(drawn if mode == "light" else darkened(drawn), encoding="utf-8", newline="")
    return files


def chosen_still(app: Sphinx, page: str, facts: Facts) -> Path | None:
    """The still that stands for a page; None for a page without one.

    Raises AleppoError when the setting names a figure that the page does not have.
    """
    by_name = {Path(still).stem: Path(app.srcdir) / still for still in facts.stills}
    named = app.config.aleppo_thumbnails.get(page)
    if named and named not in by_name and not getattr(app.config, "aleppo_other_data", ""):
        raise AleppoError(
            f"_config.yml: aleppo_thumbnails: {page}: expected one of {', '.join(by_name) or 'no figure'}, "
            f"found {named!r}"
        )
    first = by_name.get(named) or next(iter(by_name.values()), None)
    return first if first is not None and first.is_file() else None


def setup(app: Sphinx) -> None:
    """Register the directive and the setting."""
    app.add_config_value("aleppo_thumbnails", {}, "html", types=(dict,))
    app.add_directive("contents-in-pictures", ContentsDirective)
    app.add_node(Contents, html=(visit_contents, depart_contents))
