"""Every page of the built book tells reference managers and search engines what it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aleppo.evidence import TABLES

pytestmark = pytest.mark.built

LINKED = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"')
WITHOUT = {"genindex.html", "search.html"}


def test_a_page_names_its_title_its_authors_and_its_day(built_book: Path, page_path: str) -> None:
    if page_path in WITHOUT:
        pytest.skip("a page that nobody cites")
    text = (built_book / page_path).read_text(encoding="utf-8")
    tags = dict(META.findall(text))
    assert tags["citation_title"]
    assert tags["citation_author"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d", tags["citation_publication_date"])
    content = json.loads(LINKED.findall(text)[0])
    assert content["@type"] in ("Book", "Chapter")


def test_the_page_of_data_describes_every_table(built_book: Path) -> None:
    text = (built_book / "book" / "data.html").read_text(encoding="utf-8")
    datasets = json.loads(LINKED.findall(text)[0])["hasPart"]
    assert len(datasets) == len(TABLES)


def test_a_chapter_ends_with_its_citation_in_four_formats(built_book: Path) -> None:
    text = (built_book / "notebooks" / "truces.html").read_text(encoding="utf-8")
    box = text[text.index('class="aleppo-cite"') :]
    assert "Truces" in box[:600]
    for ending in ("bib", "ris", "json"):
        address = re.search(rf'href="\.\./(_static/citations/[\w-]+\.{ending})"', box)
        assert address is not None
        assert (built_book / address[1]).is_file()
