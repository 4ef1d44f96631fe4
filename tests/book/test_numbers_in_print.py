"""The web edition and the print edition print the same numbers: both are read back, chapter by chapter."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pikepdf
import pytest
from lxml import etree, html

from aleppo.evidence.paths import repository
from aleppo.show import table
from conftest import book_folder

PDF = repository() / "_build" / "pdf" / "the-turn-at-aleppo.pdf"
BOOK = "The Turn at Aleppo"
# Citations by number, pages referred to, and what is said of a table that is cut.
CITATIONS = re.compile(r"\[\d{1,4}(?:;\s*\d{1,4})*\]")
# "p. 12" in the language of the page; the marks of direction around the Arabic word are in the text
PLACES = re.compile(r"\b[pс]\.\s\d+|ص[\s\u200e\u200f\u202a-\u202e]*\d+")
CUT = re.compile(r"\d+ of [\d,]+ rows; the whole table is in the web edition")
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TEXT = ("p", "li", "dd", "dt", "figcaption", "caption", "h1", "h2", "h3")

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(
        not PDF.is_file() or not book_folder().is_dir(), reason="the book was not built: make book"
    ),
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed"),
]


# The data chapter is another text in print, which has no files to offer; hashes, addresses and code are broken at line
# ends.
APART = ("book/index", "book/data", "book/status", "book/bibliography", "book/reference")
# What only the screen has: folds, scripts, files to take away, what a reader of paper could not follow.
ON_THE_SCREEN = ("aleppo-more", "aleppo-steps", "headerlink", "aleppo-byline", "only-html")


def pages() -> list[str]:
    """The pages of the book that both editions have, as the table of contents names them."""
    listed = re.findall(
        r"^\s*- file: (\S+)$", (repository() / "_toc.yml").read_text(encoding="utf-8"), re.MULTILINE
    )
    return [page for page in listed if page not in APART]


def numbers(text: str) -> set[str]:
    """The numbers of ``text`` without the commas between thousands."""
    return {found.replace(",", "") for found in NUMBER.findall(text)}


def letters(title: str) -> str:
    """A title without its number, and without what print and screen set differently."""
    return re.sub(r"[\W_]+", " ", re.sub(r"^\s*\d+\.?\s", "", title)).strip()


@cache
def article(page: str) -> html.HtmlElement:
    """What ``page`` says on the screen, without folds, scripts and downloads, which print does not have."""
    whole = html.parse(str(book_folder() / f"{page}.html"))
    [found] = whole.xpath("//article")
    classes = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in ON_THE_SCREEN)
    tags = ".//script | .//style | .//noscript | .//nav | .//details | .//button | .//output"
    for part in found.xpath(f"{tags} | .//*[{classes}] | .//li[.//a[@download]]"):
        part.drop_tree()
    return found


def told_on_screen(page: str) -> set[str]:
    """The numbers of the prose, of captions, and of the tables that print has whole."""
    found = article(page)
    parts = [part for part in found.iter(*TEXT) if not any(True for _ in part.iterancestors("table"))]
    cut = tables_cut_in_print(page)
    for sheet in found.xpath(".//div[starts-with(@id, 'rows-')]"):
        if sheet.get("id").removeprefix("rows-") not in cut:
            parts += sheet.iter("td", "th")
    return set().union(*(numbers(_without_citations(part)) for part in parts))


def _without_citations(part: html.HtmlElement) -> str:
    """The text of ``part`` without citations, which print sets as numbers of the bibliography."""
    return "".join(part.xpath(".//text()[not(ancestor::a[contains(@href, 'bibliography.html#')])]"))


def everything_on_screen(page: str) -> set[str]:
    """All numbers of the page, those of its still pictures among them."""
    found = numbers(" ".join(article(page).itertext()))
    for source in article(page).xpath(".//img/@src"):
        picture = (book_folder() / page).parent / source
        if picture.suffix == ".svg":
            words = etree.parse(str(picture)).xpath("//*[local-name()='text']")
            found |= numbers(" ".join("".join(word.itertext()) for word in words))
    return found


def tables_cut_in_print(page: str) -> set[str]:
    path = repository() / f"{page}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {"cells": []}
    sheets = [
        output["data"][table.MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if table.MIME in output.get("data", {})
    ]
    return {sheet["id"] for sheet in sheets if sheet["print_rows"] is not None}


@cache
def sheets() -> list[str]:
    """The text of each page of the PDF."""
    done = subprocess.run(["pdftotext", "-raw", str(PDF), "-"], capture_output=True, text=True, check=True)
    return done.stdout.split("\f")


@cache
def openings() -> dict[str, tuple[int, int]]:
    """Letters of a chapter's title → its pages in the PDF, from 0, first and last."""
    with pikepdf.open(PDF) as book:
        place = {page.objgen: number for number, page in enumerate(book.pages)}
        with book.open_outline() as outline:
            found = [(title, place[page.objgen]) for title, page in _bookmarks(outline.root, 2)]
    starts = [*sorted({start for _, start in found}), len(sheets())]
    return {letters(title): (start, next(s for s in starts if s > start) - 1) for title, start in found}


def _bookmarks(items: Any, depth: int) -> Iterator[tuple[str, Any]]:
    for item in items:
        target = item.destination if item.destination is not None else item.action.D
        yield item.title, target[0]
        if depth > 1:
            yield from _bookmarks(item.children, depth - 1)


def text_of(pages: list[str], *heads: str) -> str:
    """The text of pages of the PDF without running heads and without numbers that only print has."""
    lines: list[str] = []
    for sheet in pages:
        kept = [line for line in sheet.replace("\u200b", "").split("\n") if line.strip()]
        if kept and re.fullmatch(r"\d+", kept[-1].strip()):
            del kept[-1]
        # a numbered list has its numbers from the browser
        lines += [re.sub(r"^\d\. ", "", line) for line in kept if line.strip() not in heads]
    # a number that a narrow column breaks, but not the end of a list of citations
    whole = re.sub(r"(?<![\d,])(\d{1,3}(?:,\d{3})*,)\n(?=\d{3}\b)(?![^\[\]]*\])", r"\1", "\n".join(lines))
    for only_in_print in (CITATIONS, PLACES, CUT):
        whole = only_in_print.sub("", whole)
    return whole


def told_in_print(page: str) -> set[str]:
    """The numbers on the pages of ``page``, without the pages' own."""
    [title] = article(page).xpath(".//h1")
    first, last = openings()[letters(title.text_content())]
    heads = (re.sub(r"^\d+\.?\s", "", title.text_content().rstrip("#¶").strip()), BOOK)
    return numbers(text_of(sheets()[first : last + 1], *heads))


@pytest.mark.parametrize("page", pages())
def test_print_has_every_number_that_the_screen_tells(page: str) -> None:
    told = told_on_screen(page)
    assert len(told) > 10 or not page.startswith("notebooks/")
    assert told - told_in_print(page) == set()


@pytest.mark.parametrize("page", pages())
def test_the_screen_has_every_number_that_print_tells(page: str) -> None:
    assert told_in_print(page) - everything_on_screen(page) == set()


def test_what_only_print_has_is_left_out_and_every_other_number_is_kept() -> None:
    first = f"{BOOK}\nOf 35,\u200b000,\n000 deaths [118;\n141] in 2016,\n535 were recorded (p. 129).\n12\n"
    cut = "8 of 1,050 rows; the whole table is in the web edition."
    second = f"{BOOK}\n1. Between 40 [34–51] and ×1.31 [0.75, 2.29], ×1,4 [0,63; 0,87].\n{cut}\n13\n"
    assert numbers(text_of([first, second], BOOK)) == {
        *("35000000", "2016", "535"),
        *("40", "34", "51", "1.31", "0.75", "2.29", "14", "063", "087"),
    }
