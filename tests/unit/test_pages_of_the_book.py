"""What a page is made of, how it opens, and its small picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from aleppo.bookkit import opening, pages, thumbnails
from aleppo.bookkit.mime import FigureFace, TableFace
from aleppo.bookkit.pages import Facts
from aleppo.evidence.paths import repository
from aleppo.show import theme

TEXT = """
Title of it
===========

Seven words stand in this first paragraph.

- one item

::

    code is not read
"""


def document() -> nodes.document:
    made = publish_doctree(TEXT, settings_overrides={"doctitle_xform": False})
    section = made.children[0]
    section += FigureFace("", nodes.paragraph(text="the alt text"), still="book/figures/a.svg")
    section += TableFace("", nodes.table("", nodes.tgroup("", nodes.tbody("", nodes.row(), nodes.row()))))
    return made


def test_only_running_text_is_counted() -> None:
    facts = pages.facts_of(document())
    assert facts.words == len(
        ["Title", "of", "it", "Seven", "words", "stand", "in", "this", "first", "paragraph.", "one", "item"]
    )
    assert facts.stills == ("book/figures/a.svg",) and facts.tables == 1
    kinds = [("heading", 3), ("text", 7), ("item", 2), ("figure", 1), ("table", 2)]
    assert [block for block in facts.outline if block in kinds] == kinds


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (1, 1), (238, 1), (239, 2), (2380, 10)])
def test_minutes_are_whole_and_at_least_one(words: int, minutes: int) -> None:
    assert Facts(words, (), 0, ()).minutes == minutes


def test_the_length_of_a_page_in_words_leaves_out_what_there_is_none_of() -> None:
    assert opening.length_words(Facts(2000, ("a", "b"), 1, ())) == [
        "9 minutes to read",
        "2 figures",
        "1 table",
    ]
    assert opening.length_words(Facts(10, (), 0, ())) == ["1 minute to read"]


TREE = (
    '<ul><li class="toctree-l1"><a href="a.html">A</a></li><li class="toctree-l1 current active">'
    '<a class="current" href="#">B</a></li></ul>'
)


def test_sections_are_listed_below_the_open_page_and_nowhere_else() -> None:
    sections = '<ul><li class="toc-entry"><a href="#one">One</a></li></ul>'
    made = opening.with_sections(TREE, sections)
    assert made.count(sections) == 1
    assert re.search(r'href="#">B</a><div id="pst-page-toc-nav"[^>]*>.*One.*</div></li></ul>$', made)
    assert opening.with_sections(TREE, " ") == TREE
    assert opening.with_sections(TREE.replace(" current active", ""), sections).count("One") == 0


@pytest.mark.parametrize(
    "still", sorted((repository() / "book" / "figures").glob("*.svg")), ids=lambda p: p.stem
)
def test_a_small_picture_has_no_letters_and_shows_the_plot(still: Path) -> None:
    drawn = thumbnails.of_still(still.read_text(encoding="utf-8"))
    assert "<text" not in drawn
    assert len(re.findall("<(?:path|rect|image)", drawn)) > 3
    left, _, across, down = map(float, re.search(r'viewBox="([^"]+)"', drawn)[1].split())  # type: ignore[index]
    assert across > 100 and abs(down - across * thumbnails.HEIGHT / thumbnails.WIDTH) < 0.1
    assert left >= -30 and left + across <= theme.STILL_WIDTH + 30
    assert theme.darkened(drawn) != drawn


def test_a_page_without_a_figure_is_drawn_as_its_text() -> None:
    outline = [("heading", 2), ("text", 40), ("item", 8), ("table", 4), *[("text", 90)] * 9]
    drawn = thumbnails.of_outline(outline)
    bars = [float(y) for y in re.findall(r'y="([\d.]+)"', drawn)]
    assert (
        len(bars) > 20
        and bars == sorted(bars)
        and set(re.findall(r'fill="([^"]+)"', drawn)) <= set(theme.DARK_OF)
    )
