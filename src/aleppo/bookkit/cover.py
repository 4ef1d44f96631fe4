"""The cover of the web edition: the subtitle of the book and its city in eight small maps, drawn from the evidence.

The page ``book/index.md`` asks for it by the directive ``{cover}``; other editions have covers of their own and get
nothing. Data without spells of the city leave the maps away.
"""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from aleppo.bookkit.city_strip import Map, Strip, strip
from aleppo.evidence import load
from aleppo.evidence.errors import AleppoError
from aleppo.show import theme
from aleppo.show.numbers import count, date
from aleppo.show.theme import BREAK_LABEL

OUTLINES = "aleppo-cells"


class Cover(nodes.General, nodes.Element):
    """The subtitle and the maps."""


class CoverDirective(SphinxDirective):
    """``{cover}``: the cover of the book, below the title of its first page."""

    def run(self) -> list[nodes.Node]:
        return [Cover()]


def picture(app: Sphinx) -> Strip | None:
    """The maps of the cover, drawn once in a build; None with data that have no spells of the city."""
    if not hasattr(app, "_aleppo_strip"):
        try:
            app._aleppo_strip = strip(load("control_spells"), load("places"))  # type: ignore[attr-defined]
        except AleppoError:
            if not getattr(app.config, "aleppo_other_data", ""):
                raise
            app._aleppo_strip = None  # type: ignore[attr-defined]
    return app._aleppo_strip  # type: ignore[attr-defined]


def visit_cover(translator: Any, node: Cover) -> None:
    app = translator.builder.app
    subtitle = str(app.config.print_book.get("subtitle") or "")
    drawn = picture(app)
    translator.body.append(
        f'<div class="aleppo-cover"><p class="aleppo-subtitle">{escape(subtitle)}</p>'
        f"{strip_html(drawn) if drawn else ''}</div>\n"
    )


def depart_cover(translator: Any, node: Cover) -> None:
    """Nothing is left open."""


def strip_html(drawn: Strip) -> str:
    """The maps with their days, the break between them, and what they show in words."""
    before = drawn.maps[: drawn.break_after]
    since = drawn.maps[drawn.break_after :]
    label = escape(BREAK_LABEL)
    return (
        f'<figure class="aleppo-strip" role="img" aria-label="{escape(alt(drawn), quote=True)}">'
        f"{_maps(drawn, before, defines=True)}"
        f'<span class="aleppo-strip-break">{label}</span>{_maps(drawn, since)}</figure>'
        f'<p class="aleppo-strip-words">{_legend(drawn)} '
        f'<span class="aleppo-strip-note">{escape(words(drawn))}</span></p>'
    )


def _maps(drawn: Strip, maps: tuple[Map, ...], defines: bool = False) -> str:
    figures = "".join(
        f"<span>{_map(drawn, each, defines and place == 0)}{_day(each.day)}</span>"
        for place, each in enumerate(maps)
    )
    return f'<span class="aleppo-strip-side">{figures}</span>'


def _day(day: str) -> str:
    """The day over its year: side by side they are wider than a map on a telephone."""
    month, year = date(day).rsplit(" ", 1)
    return f"<span>{escape(month)}<br>{year}</span>"


def _map(drawn: Strip, each: Map, defines: bool) -> str:
    held = "".join(
        f'<path class="aleppo-held-{holder.replace("_", "-")}" fill-rule="evenodd" d="{path}"/>'
        for holder, path in each.paths.items()
    )
    # the outlines are the same on every day
    lines = (
        f'<path id="{OUTLINES}" class="aleppo-cells" d="{drawn.outlines}"/>'
        if defines
        else f'<use href="#{OUTLINES}"/>'
    )
    size = f'viewBox="0 0 {drawn.width} {drawn.height}" width="{drawn.width // 10}" height="{drawn.height // 10}"'
    return f'<svg {size} aria-hidden="true" focusable="false">{held}{lines}</svg>'


def _legend(drawn: Strip) -> str:
    shown = dict.fromkeys(holder for each in drawn.maps for holder in each.paths)
    return "".join(
        f'<span class="aleppo-key aleppo-held-{holder.replace("_", "-")}">{escape(theme.HOLDER_NAMES[holder])}</span>'
        for holder in theme.HOLDERS
        if holder in shown
    )


def words(drawn: Strip) -> str:
    """What the maps show, in a sentence."""
    return f"{count(drawn.cells)} neighbourhoods of Aleppo as schematic cells, by who held them on the day."


def alt(drawn: Strip) -> str:
    """The maps for readers who do not see them."""
    days = ", ".join(date(each.day) for each in drawn.maps)
    return (
        f"Small maps of Aleppo on {days}: government and opposition each hold about half of the city on all days but "
        "the first until the autumn of 2016; on the last day the government holds nearly all of it"
    )


def setup(app: Sphinx) -> None:
    """Register the directive; editions other than HTML get nothing in its place."""
    app.add_directive("cover", CoverDirective)
    app.add_node(Cover, html=(visit_cover, depart_cover))
