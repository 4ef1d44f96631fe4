"""Every page of the built book tells reference managers and search engines what it is, and every exhibit is citable."""

from __future__ import annotations

import json
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from aleppo.bookkit import citation
from aleppo.bookkit.cite import LABELS, citation_path
from aleppo.evidence import TABLES, data_dir, repository

pytestmark = pytest.mark.built

# Lists, and the pages of rows, which are cited as their tables are.
ROWS = ("claims", "front-lines", "response", "sources", "toll", "votes")
WITHOUT = {"genindex.html", "search.html", *(f"rows/{name}.html" for name in ROWS)}
AUTHORS, OPENING = ("citation_author", "DC.creator"), "book/index.html"


class Page(HTMLParser):
    """What a program reads of a page: its tags, its linked data, its anchors and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: dict[str, list[str]] = {}
        self.linked: list[dict] = []
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "meta" and known.get("name"):
            self.tags.setdefault(str(known["name"]), []).append(known.get("content") or "")
        if known.get("id"):
            self.anchors.add(str(known["id"]))
        if tag == "a" and known.get("href"):
            self.links.append(str(known["href"]))
        self._inside = tag == "script" and known.get("type") == "application/ld+json"

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.linked.append(json.loads(data))


@cache
def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


@cache
def parts() -> dict[str, citation.Part]:
    return citation.parts(repository(), data_dir())


def test_a_page_names_its_title_its_authors_and_its_day(built_book: Path, page_path: str) -> None:
    if page_path in WITHOUT:
        pytest.skip("a page that nobody cites")
    page, book = read(built_book / page_path), citation.book_of(repository())
    part = parts()["book" if page_path == OPENING else page_path.removesuffix(".html")]
    assert page.tags["citation_title"] == page.tags["DC.title"] == [part.title.rstrip(".")]
    assert all(tuple(page.tags[name]) == book.authors for name in AUTHORS)
    assert page.tags["citation_publication_date"] == [book.released.replace("-", "/")]
    assert page.tags["DC.date"] == [book.released]
    [content] = page.linked
    assert content["@context"] == "https://schema.org"
    assert content["@type"] == {"book": "Book", "chapter": "Chapter"}[part.kind]
    whole = content if part.kind == "book" else content["isPartOf"]
    assert (whole["@type"], whole["name"], whole["version"]) == ("Book", book.title, book.version)
    if part.kind == "chapter":
        assert page.tags["citation_inbook_title"] == page.tags["DC.relation.ispartof"] == [book.title]


def test_the_page_of_data_describes_every_table(built_book: Path) -> None:
    [content] = read(built_book / "book" / "data.html").linked
    datasets = content["hasPart"]
    assert len(datasets) == len(TABLES)
    assert {dataset["@type"] for dataset in datasets} == {"Dataset"}


def test_a_chapter_ends_with_its_citation_in_four_formats(built_book: Path) -> None:
    text = (built_book / "notebooks" / "truces.html").read_text(encoding="utf-8")
    box = text[text.index('class="aleppo-cite"') :]
    assert citation.apa(parts()["truces"], citation.book_of(repository()))[:60] in box
    links = read(built_book / "notebooks" / "truces.html").links
    for _, ending in LABELS.values():
        assert f"../{citation_path(parts()['truces'], ending)}" in links


def test_every_figure_table_and_dataset_has_a_place_that_stays_and_its_citation_beside_it(
    built_book: Path,
) -> None:
    placed = [part for name, part in parts().items() if part.place and name == part.id]
    assert {part.kind for part in placed} == {"figure", "table", "dataset"}
    for part in placed:
        page = read(built_book / f"{part.page}.html")
        assert part.place in page.anchors
        assert f"#{part.place}" in page.links
        for _, ending in LABELS.values():
            assert f"../{citation_path(part, ending)}" in page.links


def test_a_citation_file_is_what_the_command_prints(built_book: Path) -> None:
    book = citation.book_of(repository())
    for part in {part.id: part for part in parts().values()}.values():
        for form, (_, ending) in LABELS.items():
            text = (built_book / citation_path(part, ending)).read_text(encoding="utf-8")
            # the commit of the checkout may have moved on since the book was built
            assert text.splitlines()[0] == citation.cite(part, book, form).splitlines()[0]
            assert part.title.rstrip(".")[:12].split(" ")[0] in text
