"""The EPUB edition: what its package says, how a page must be, and a small book built through Sphinx."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from show_samples import cell
from test_offline_book import MANY, all_cells, build, figures

from aleppo.bookkit.epub import package, pages
from aleppo.bookkit.epub.package import Chapter
from aleppo.evidence.errors import AleppoError

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
XHTML = "{http://www.w3.org/1999/xhtml}"
TYPE = "{http://www.idpf.org/2007/ops}type"


def about(**changes: Any) -> Any:
    facts = {
        "title": "A <book> & more",
        "subtitle": "What it is about",
        "authors": ["First & Sons", "Second"],
        "version": "1.2.3",
        "moment": datetime(2026, 11, 24, tzinfo=UTC),
        "licence": "CC BY 4.0",
        "address": None,
        "keywords": ["Aleppo"],
        "notes": ["A note."],
        "language": "en",
    }
    return SimpleNamespace(**{**facts, **changes})


CHAPTERS = [
    Chapter("book/index", "Summary", "", 1, "<h1>Summary</h1>"),
    Chapter("one", "1. One & only", "Part <1>", 1, "<h1>One</h1><math xmlns='x'/>", [("a", "A section")]),
    Chapter("two", "2. Two", "Part <1>", 1, "<h1>Two</h1>"),
    Chapter("end", "End", "Back matter", 1, "<h1>End</h1>"),
]


def packed(folder: Path, **changes: Any) -> dict[str, bytes]:
    picture = folder / "p.svg"
    picture.write_text("<svg/>")
    content = package.packed(about(**changes), CHAPTERS, {"images/p.svg": picture}, "p {}", b"PNG")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist()[0] == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_names_every_file_once_and_reads_pages_in_order(tmp_path: Path) -> None:
    files = packed(tmp_path)
    assert files["mimetype"] == b"application/epub+zip"
    tree = ElementTree.fromstring(files["EPUB/package.opf"])
    items = {item.get("id"): item for item in tree.iter(f"{OPF}item")}
    listed = sorted(f"EPUB/{item.get('href')}" for item in items.values())
    assert listed == sorted(name for name in files if name.startswith("EPUB/") and name != "EPUB/package.opf")
    spine = [items[ref.get("idref")].get("href") for ref in tree.iter(f"{OPF}itemref")]
    assert spine == [
        "cover.xhtml",
        "title.xhtml",
        "nav.xhtml",
        "book/index.xhtml",
        "one.xhtml",
        "two.xhtml",
        "end.xhtml",
    ]
    said = {item.get("href"): item.get("properties") for item in items.values() if item.get("properties")}
    assert said == {"nav.xhtml": "nav", "cover.png": "cover-image", "one.xhtml": "mathml"}


def test_the_package_says_what_the_book_is(tmp_path: Path) -> None:
    tree = ElementTree.fromstring(packed(tmp_path)["EPUB/package.opf"])
    assert tree.findtext(f".//{DC}title") == "A <book> & more"
    assert [one.text for one in tree.iter(f"{DC}creator")] == ["First & Sons", "Second"]
    assert tree.findtext(f".//{DC}language") == "en"
    assert tree.findtext(f".//{DC}date") == "2026-11-24"
    assert {one.get("property") for one in tree.iter(f"{OPF}meta")} >= {
        "dcterms:modified",
        "schema:accessMode",
        "schema:accessibilityFeature",
        "schema:accessibilityHazard",
    }


def test_an_edition_keeps_its_identifier_and_another_has_another(tmp_path: Path) -> None:
    def identifier(**changes: Any) -> str:
        text = packed(tmp_path, **changes)["EPUB/package.opf"].decode()
        return re.findall(r"urn:uuid:[0-9a-f-]{36}", text)[0]

    assert identifier() == identifier() != identifier(version="1.2.4")


def test_the_contents_are_by_parts_with_chapters_and_sections(tmp_path: Path) -> None:
    tree = ElementTree.fromstring(packed(tmp_path)["EPUB/nav.xhtml"])
    toc = next(nav for nav in tree.iter(f"{XHTML}nav") if nav.get(TYPE) == "toc")
    top = toc.find(f"{XHTML}ol")
    assert top is not None
    assert [item[0].text for item in top] == ["Summary", "Part <1>", "Back matter"]
    assert [link.get("href") for link in toc.iter(f"{XHTML}a")] == [
        "book/index.xhtml",
        "one.xhtml",
        "one.xhtml#a",
        "two.xhtml",
        "end.xhtml",
    ]


def test_the_same_book_gives_the_same_bytes(tmp_path: Path) -> None:
    assert packed(tmp_path) == packed(tmp_path)


def test_a_page_that_is_not_well_formed_is_refused_with_its_place() -> None:
    with pytest.raises(AleppoError, match=r"EPUB, page 'One': expected well-formed XHTML, .*<p>a<br></p>"):
        pages.page("One", "<p>a<br></p>", "en", "book.css")


def test_names_of_html_become_characters_and_notes_are_told_to_be_notes() -> None:
    text = pages.page("One", '<p>a&nbsp;b &lt; <a role="doc-noteref" href="#x">1</a></p>', "en", "book.css")
    assert "a\u00a0b &lt; " in text
    assert 'role="doc-noteref" epub:type="noteref"' in text


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The two-page book of another test as an EPUB: file → text."""
    made = build(
        tmp_path_factory.mktemp("epub"),
        "bookepub",
        all_cells(),
        ["aleppo.bookkit.epub", "aleppo.bookkit.glossary"],
    )
    assert made.warnings == ""
    with zipfile.ZipFile(next(made.out.glob("*.epub"))) as archive:
        return {
            name: "" if name.endswith(".png") else archive.read(name).decode() for name in archive.namelist()
        }


def test_every_figure_is_its_still_with_its_description_and_caption(small: dict[str, str]) -> None:
    page = small["EPUB/chapter.xhtml"]
    tree = ElementTree.fromstring(page)
    pictures = list(tree.iter(f"{XHTML}img"))
    assert [picture.get("alt") for picture in pictures] == [
        figure.payload["layout"]["meta"]["aleppo"]["alt"] for figure in figures()
    ]
    assert all(f"EPUB/{picture.get('src')}" in small for picture in pictures)
    assert "Fig. 1" in page and "Table 1" in page
    assert cell is not None and "application/json" not in page


def test_tables_have_the_rows_of_print_and_sources_are_in_the_bibliography(small: dict[str, str]) -> None:
    page = small["EPUB/chapter.xhtml"]
    assert "3 of 40 rows" in page
    assert all(f"Title of {key}" in page for key in MANY)


def test_formulas_are_mathml_arabic_is_marked_and_there_is_no_script(small: dict[str, str]) -> None:
    page = small["EPUB/index.xhtml"]
    assert page.count("<math") == 2
    assert 'properties="mathml"' in small["EPUB/package.opf"]
    assert '<span lang="ar" xml:lang="ar" dir="rtl">حلب</span>' in page
    assert not any("<script" in text for text in small.values())
