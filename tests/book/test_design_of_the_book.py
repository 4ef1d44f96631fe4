"""The looks of the built pages: openings, cover, contents in pictures, cards to share, sources in the margin."""

from __future__ import annotations

import re
import struct
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from page_visits import NARROW, WIDE
from test_pages_in_a_browser import visit

from aleppo.bookkit import social, thumbnails
from aleppo.bookkit.addresses import on_screen
from aleppo.bookkit.opening import LOOKED_UP
from aleppo.evidence.paths import repository

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.built
COVER = "book/index.html"
LETTERS_A_LINE = (60, 82)


def chapters() -> list[str]:
    """Every page of the contents but the first, as its path in the built book."""
    toc = yaml.safe_load((repository() / "_toc.yml").read_text(encoding="utf-8"))
    return [f"{chapter['file']}.html" for part in toc["parts"] for chapter in part["chapters"]]


def looked_up() -> list[str]:
    """Pages that no reading time is told of."""
    settings = yaml.safe_load((repository() / "_config.yml").read_text(encoding="utf-8"))
    found: list[str] = settings["sphinx"]["config"]["aleppo_looked_up"]
    return found


def text_of(folder: Path, page: str) -> str:
    return (folder / page).read_text(encoding="utf-8")


def meta(page: str) -> dict[str, str]:
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page)
    return {name: unescape(content) for name, content in found}


@pytest.mark.parametrize("page", chapters())
def test_a_chapter_opens_with_its_part_and_its_length(built_book: Path, page: str) -> None:
    text = text_of(built_book, page)
    assert len(re.findall(r'<p class="aleppo-kicker" lang="en" dir="ltr">[^<]+</p>\s*<h1', text)) == 1
    length = LOOKED_UP if page.removesuffix(".html") in looked_up() else r"[1-9]\d* minutes? to read"
    assert re.search(rf'</h1>\s*<p class="aleppo-byline" lang="en" dir="ltr"><span>{length}</span>', text)
    figures = len(re.findall(r'class="aleppo-figure"', text))
    said = re.search(r"<span>(\d+) figures?</span>", text)
    assert int(said[1]) == figures if said else figures == 0


@pytest.mark.parametrize("page", [COVER, *chapters()])
def test_a_page_has_a_card_and_tells_of_itself(built_book: Path, page: str) -> None:
    told = meta(text_of(built_book, page))
    assert told["twitter:card"] == "summary_large_image"
    assert told["og:title"] and 20 < len(told["og:description"]) <= social.LONGEST + 2
    assert told["description"] == told["og:description"]
    assert not re.search(r"[<>]|&lt;", told["description"])
    card = (built_book / page).parent / told["og:image"]
    assert struct.unpack(">II", card.read_bytes()[16:24]) == (social.WIDTH, social.HEIGHT)
    # without an address of its own the book names none
    assert "og:url" not in told and "://" not in told["og:image"]


@pytest.mark.parametrize(
    ("language", "letters"), [("en", "[a-z]"), ("ar", "[\u0621-\u064a]"), ("ru", "[а-яё]")]
)
def test_a_summary_tells_of_itself_in_its_language(built_book: Path, language: str, letters: str) -> None:
    told = meta(text_of(built_book, f"book/summary-{language}.html"))
    said = re.findall(r"[^\W\d_]", told["description"].lower())
    assert len(re.findall(letters, "".join(said))) > 0.9 * len(said)
    for name in ("og:locale", "citation_language", "DC.language"):
        assert told[name] == language


def test_every_chapter_has_a_small_picture_and_a_reading_time_on_the_cover(built_book: Path) -> None:
    text = text_of(built_book, COVER)
    cards = re.findall(
        r'<li><a href="([^"]+)"><span class="aleppo-thumbnail">(.*?)</span>.*?'
        r'<span class="aleppo-card-time">(?:\d+ minutes?|To look things up in)</span></a></li>',
        text,
        re.DOTALL,
    )
    here = (built_book / COVER).parent
    assert [(here / link).resolve() for link, _ in cards] == [
        (built_book / page).resolve() for page in chapters()
    ]
    for _, images in cards:
        for mode in ("light", "dark"):
            source = re.search(
                rf'class="aleppo-{mode} [^"]*" src="([^"]+)" alt="" width="(\d+)" height="(\d+)"', images
            )
            assert source and (here / source[1]).is_file()
            assert (int(source[2]), int(source[3])) == (thumbnails.WIDTH, thumbnails.HEIGHT)


def test_the_cover_has_the_maps_of_the_evidence_and_no_stock_picture(built_book: Path) -> None:
    text = text_of(built_book, COVER)
    strip = re.search(r'<figure class="aleppo-strip".*?</figure>', text, re.DOTALL)
    assert strip and strip[0].count("<svg") == 8 and "<img" not in strip[0]


def test_every_figure_has_its_finding_above_and_its_sources_beside(built_book: Path) -> None:
    seen = 0
    for page in chapters():
        for figure in re.findall(
            r'<figure class="aleppo-numbered".*?</figure>', text_of(built_book, page), re.DOTALL
        ):
            heading, chart, sources = (
                figure.index(piece)
                for piece in ("<figcaption>", 'class="aleppo-figure"', 'class="aleppo-sources"')
            )
            assert heading < chart < sources
            note = figure[sources:]
            assert "Data as of" in note and re.search(r"Sources?: ", note)
            assert "Data as of" not in figure[heading:chart]
            seen += 1
    assert seen >= 50


def test_an_address_of_a_source_is_shown_bare_and_leads_to_the_whole(built_book: Path) -> None:
    page = (built_book / "book" / "bibliography.html").read_text(encoding="utf-8")
    links = re.findall(r'URL: <a [^>]*href="([^"]+)"[^>]*>(.*?)</a>', page)
    assert len(links) > 500
    for address, shown in links:
        assert unescape(re.sub("<[^>]*>", "", shown)) == on_screen(unescape(address))


@pytest.mark.browser
def test_a_line_of_text_has_the_measure_of_a_book(chromium: Browser, served_book: str) -> None:
    measured = """() => {
      const range = document.createRange(); const lengths = [];
      for (const p of document.querySelectorAll('.bd-article section section > p')) {
        for (const node of p.childNodes) {
          if (node.nodeType !== 3) continue;
          let top = null, letters = 0;
          for (let at = 0; at < node.length; at += 1) {
            range.setStart(node, at); range.setEnd(node, at + 1);
            const box = range.getBoundingClientRect();
            if (top !== null && Math.abs(box.top - top) > 4) { lengths.push(letters); letters = 0; }
            top = box.top; letters += 1;
          }
        }
      }
      return lengths.sort((a, b) => a - b);
    }"""
    with visit(chromium, f"{served_book}book/methods.html", WIDE) as seen:
        lengths = seen.page.evaluate(measured)
        assert len(lengths) > 50
        # pieces of lines beside links are short: the longest tell the measure
        assert LETTERS_A_LINE[0] <= lengths[int(len(lengths) * 0.9)] <= LETTERS_A_LINE[1]


@pytest.mark.browser
def test_sources_stand_in_the_margin_where_there_is_one_and_below_where_there_is_none(
    chromium: Browser, served_book: str
) -> None:
    places = """() => [...document.querySelectorAll('figure.aleppo-numbered')].map((figure) => {
      const box = (name) => figure.querySelector(name).getBoundingClientRect();
      const [chart, note] = [box('.aleppo-box'), box('.aleppo-sources')];
      return [note.left >= chart.right, note.top >= chart.bottom, note.right <= innerWidth];
    })"""
    address = f"{served_book}notebooks/truces.html"
    with visit(chromium, address, WIDE) as seen:
        assert set(map(tuple, seen.page.evaluate(places))) == {(True, False, True)}
    with visit(chromium, address, NARROW) as seen:
        assert set(map(tuple, seen.page.evaluate(places))) == {(False, True, True)}


@pytest.mark.browser
def test_the_cover_follows_the_switch_without_being_loaded_again(chromium: Browser, served_book: str) -> None:
    shown = """() => [...document.querySelectorAll('.aleppo-thumbnail')].map((card) =>
      [...card.querySelectorAll('img')].filter((image) => image.offsetParent)
        .map((image) => image.className.split(' ')[0]))"""
    held = "() => getComputedStyle(document.querySelector('.aleppo-held-government')).fill"
    with visit(chromium, served_book + COVER, WIDE, color_scheme="light") as seen:
        fills = []
        for mode in ("light", "dark", "light"):
            seen.page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
            assert {name for card in seen.page.evaluate(shown) for name in card} == {f"aleppo-{mode}"}
            fills.append(seen.page.evaluate(held))
        assert fills[0] == fills[2] != fills[1]
        assert seen.complaints == []


@pytest.mark.browser
def test_the_same_day_stands_at_the_same_place_in_every_chapter(chromium: Browser, served_book: str) -> None:
    breaks = """() => [...document.querySelectorAll('.aleppo-plot')].flatMap((plot) => {
      const { xaxis } = plot._fullLayout;
      const left = plot.getBoundingClientRect().left;
      if (xaxis.type !== 'date') return [];
      return [[xaxis.range.join(), xaxis._offset + xaxis.d2p('2015-09-30'), plot.offsetWidth]];
    })"""
    found: dict[str, set[tuple[int, int]]] = {}
    for page in ("did-the-tempo-change", "who-counts"):
        with visit(chromium, f"{served_book}notebooks/{page}.html", WIDE) as seen:
            seen.read_through()
            for span, at, width in seen.page.evaluate(breaks):
                found.setdefault(span, set()).add((round(at), width))
    turn = next(places for span, places in found.items() if span.startswith("2015-01-01"))
    assert len(turn) == 1
