"""The summary in its three languages, in the built pages and in print: the same numbers, each in its direction."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from bs4 import BeautifulSoup

from aleppo.evidence.paths import repository
from aleppo.show.translated import codes, direction

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.built
PDF = repository() / "_build" / "pdf" / "the-turn-at-aleppo.pdf"
IN_PRINT = pytest.mark.skipif(
    not PDF.is_file() or shutil.which("pdftotext") is None, reason="no PDF, or no pdftotext (poppler)"
)
SIDES = """() => {
  const style = (sought) => getComputedStyle(document.querySelector(`article ${sought}`));
  const box = (sought) => document.querySelector(`article ${sought}`).getBoundingClientRect();
  const item = box('section section li'), list = box('section section ul');
  return {
    heading: style('h1').direction, text: style('section section li').direction, cite: style('.aleppo-cite').direction,
    alignment: style('section section p').textAlign, gap: [item.left - list.left, list.right - item.right],
    rule: [style('.admonition').borderLeftWidth, style('.admonition').borderRightWidth].map(parseFloat),
    wide: document.documentElement.scrollWidth - innerWidth,
  };
}"""


def article(built_book: Path, code: str) -> BeautifulSoup:
    """What a page says, without the ids of claims and the citation."""
    path = built_book / "book" / f"summary-{code}.html"
    if not path.is_file():
        pytest.skip("no summaries in this book")
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    said = page.select_one("article")
    assert said is not None
    for other in said.select(".claim, .aleppo-cite, .headerlink"):
        other.decompose()
    return said


def numbers(text: str, code: str) -> Counter[str]:
    """How often a text has each number, in plain digits; signs of thousands and decimals are those of the language."""
    grouping = "[\u00a0\u202f]" if code == "ru" else ","
    text = re.sub(rf"(?<=\d){grouping}(?=\d{{3}}(?!\d))", "", text)
    return Counter(re.findall(r"\d+(?:\.\d+)?", text.replace(",", ".") if code == "ru" else text))


@pytest.mark.parametrize("code", [code for code in codes() if code != "en"])
def test_the_summaries_print_the_same_numbers(built_book: Path, code: str) -> None:
    english = numbers(article(built_book, "en").get_text(), "en")
    assert sum(english.values()) > 80
    assert numbers(article(built_book, code).get_text(), code) == english


@pytest.mark.parametrize("code", codes())
def test_a_summary_leads_to_the_same_claims(built_book: Path, code: str) -> None:
    def claims(code: str) -> list[str]:
        page = (built_book / "book" / f"summary-{code}.html").read_text(encoding="utf-8")
        return re.findall(r'href="[^"]*#(claim-[\w-]+)"', page)

    article(built_book, code)
    assert claims(code) == claims("en") != []


@pytest.mark.browser
@pytest.mark.parametrize("code", codes())
@pytest.mark.parametrize("width", [1280, 390])
def test_every_part_of_a_summary_runs_in_its_direction(
    chromium: Browser, built_book: Path, code: str, width: int
) -> None:
    article(built_book, code)
    page = chromium.new_page(viewport={"width": width, "height": 900})
    try:
        page.goto((built_book / "book" / f"summary-{code}.html").as_uri())
        seen = page.evaluate(SIDES)
    finally:
        page.close()
    own = direction(code)
    assert (seen["heading"], seen["text"], seen["cite"]) == (own, own, "ltr")
    # bullets hang, and the rule of a box stands, where lines begin
    start = 1 if own == "rtl" else 0
    assert seen["gap"][start] > 10 > seen["gap"][1 - start]
    assert seen["rule"][start] > 0 == seen["rule"][1 - start]
    assert seen["wide"] <= 0


@IN_PRINT
@pytest.mark.parametrize("code", codes())
def test_a_summary_prints_the_numbers_of_its_page(built_book: Path, code: str) -> None:
    said = article(built_book, code)
    title = said.select_one("h1")
    assert title is not None
    for length in said.select(".aleppo-byline"):  # minutes to read on a screen
        length.decompose()
    first, last = chapter(title.get_text())
    done = subprocess.run(
        ["pdftotext", "-f", str(first), "-l", str(last), str(PDF), "-"],
        capture_output=True,
        text=True,
        check=True,
    )
    # numbers of pages and the citation are in print besides
    missing = numbers(said.get_text(), code) - numbers(plain(done.stdout, code), code)
    assert missing == Counter()


def plain(text: str, code: str) -> str:
    """Text out of a PDF without marks of direction, in Russian with its spaces between digits as they were."""
    bare = re.sub(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", text)
    return re.sub(r"(?<=\d) (?=\d{3}(?!\d))", "\u00a0", bare) if code == "ru" else bare


def chapter(title: str) -> tuple[int, int]:
    """First and last page of a chapter, counted from 1, by the bookmarks."""
    with pikepdf.open(PDF) as pdf, pdf.open_outline() as outline:
        places = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        found: list[tuple[str, int]] = []

        def walk(items: list[pikepdf.OutlineItem], depth: int) -> None:
            for item in items:
                if depth < 2:
                    found.append((item.title, places[item.destination[0].objgen]))
                walk(item.children, depth + 1)

        walk(outline.root, 0)
    at = [name for name, _ in found].index(title)
    return found[at][1], max(found[at][1], found[at + 1][1] - 1)


@IN_PRINT
def test_print_says_in_what_language_each_summary_is() -> None:
    spoken = set()
    with pikepdf.open(PDF) as pdf:
        waiting = [pdf.Root.StructTreeRoot.K]
        while waiting:
            node = waiting.pop()
            if isinstance(node, pikepdf.Array):
                waiting.extend(list(node))
            elif isinstance(node, pikepdf.Dictionary):
                if "/Lang" in node:
                    spoken.add((str(node.get("/S")), str(node.Lang)))
                if "/K" in node:
                    waiting.append(node.K)
    assert {(kind, code) for kind in ("/H2", "/L", "/P") for code in ("ar", "ru")} <= spoken
