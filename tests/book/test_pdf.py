"""The printed book itself, ``_build/pdf/the-turn-at-aleppo.pdf``, where it has been made."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

from pdf_tree import structure

ROOT = Path(__file__).resolve().parents[2]
PDF = ROOT / "_build" / "pdf" / "the-turn-at-aleppo.pdf"
EDGE = 17  # points that stay free on every side: six millimetres, which printers may not reach
FOOT = 74  # points above the lower edge, where the text ends and the page's number stands
LARGEST = 4_000_000  # bytes
FRONT = 3  # cover, title page and imprint

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(not PDF.is_file(), reason="the book was not built: make book"),
]


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(PDF) as opened:
        yield opened


def cells() -> Iterator[tuple[Path, dict[str, Any]]]:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            yield path, cell


def figures() -> list[tuple[str, str]]:
    """(id, description) of every figure stored in a notebook."""
    found = []
    for _, cell in cells():
        for output in cell.get("outputs", []):
            drawn = output.get("data", {}).get("application/vnd.plotly.v1+json", {})
            facts = drawn.get("layout", {}).get("meta", {}).get("aleppo")
            if facts:
                found.append((facts["id"], facts["alt"]))
    return found


def pages_of(toc: Any) -> Iterator[str]:
    if isinstance(toc, dict):
        if "file" in toc:
            yield toc["file"]
        for value in toc.values():
            yield from pages_of(value)
    elif isinstance(toc, list):
        for value in toc:
            yield from pages_of(value)


def title_of(page: str) -> str:
    stem = ROOT / re.sub(r"\.(md|ipynb)$", "", page)
    notebook = stem.with_suffix(".ipynb")
    if notebook.is_file():
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    else:
        text = stem.with_suffix(".md").read_text(encoding="utf-8")
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    assert found, f"{page} has no title"
    return plain(found.group(1))


def plain(text: str) -> str:
    """Letters and digits alone: typographic quotes, marks of direction, markup and spaces do not count."""
    return re.sub(r"[\W_]+", " ", re.sub(r"[\u200e\u200f\u202a-\u202e\u2060]", "", text)).strip()


def test_title_and_language_are_in_the_file(pdf: pikepdf.Pdf) -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert str(pdf.docinfo.Title) == config["title"]
    assert str(pdf.Root.Lang) == "en"


def test_the_file_declares_itself_accessible(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.MarkInfo.Marked
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf.Root.Metadata.read_bytes()


def test_the_book_has_more_than_ten_pages(pdf: pikepdf.Pdf) -> None:
    assert len(pdf.pages) > 10


def test_every_chapter_is_in_the_bookmarks(pdf: pikepdf.Pdf) -> None:
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

    def titles(items: list[pikepdf.OutlineItem]) -> Iterator[str]:
        for item in items:
            yield re.sub(r"^\d+ ", "", plain(item.title))
            yield from titles(item.children)

    with pdf.open_outline() as outline:
        bookmarks = set(titles(outline.root))
    wanted = {title_of(page) for page in pages_of(toc.get("parts", toc.get("chapters")))}
    assert wanted
    assert wanted <= bookmarks


def test_every_figure_is_described_in_the_structure(pdf: pikepdf.Pdf) -> None:
    described = {str(node.Alt) for node in structure(pdf) if node.S == "/Figure" and "/Alt" in node}
    wanted = figures()
    assert wanted
    assert [name for name, alt in wanted if " ".join(alt.split()) not in described] == []


def test_no_figure_is_without_a_description(pdf: pikepdf.Pdf) -> None:
    assert all(str(node.get("/Alt", "")).strip() for node in structure(pdf) if node.S == "/Figure")


def test_every_table_has_header_cells(pdf: pikepdf.Pdf) -> None:
    tables = [node for node in structure(pdf) if node.S == "/Table"]
    assert tables
    for table in tables:
        rows = [row for part in table.K for row in (part.K if part.S in ("/THead", "/TBody") else [part])]
        assert any(cell.S == "/TH" for row in rows if row.S == "/TR" for cell in row.K)


def test_all_fonts_are_embedded(pdf: pikepdf.Pdf) -> None:
    described = [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
    ]
    assert described
    assert all("/FontFile2" in item or "/FontFile3" in item for item in described)


@dataclass(frozen=True)
class Word:
    """A printed word and its box in points; ``bottom`` is measured from the upper edge of the page."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Sheet:
    """A printed page: its size in points and its words."""

    width: float
    height: float
    words: list[Word]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    """Every page with its words, by one run of pdftotext."""
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    done = subprocess.run(["pdftotext", "-bbox", str(PDF), "-"], capture_output=True, text=True, check=True)
    word = re.compile(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', done.stdout, re.DOTALL)
    return [
        Sheet(
            float(width),
            float(height),
            [Word(*map(float, box), unescape(text)) for *box, text in word.findall(body)],
        )
        for width, height, body in pages
    ]


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str, int, float]]:
    """(depth, title, index of the page, points from its upper edge) of every bookmark."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}

    def walk(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[tuple[int, str, int, float]]:
        for item in items:
            place = item.destination if item.destination is not None else item.action.D
            page, _, _, above, *_ = list(place)
            number = numbers[page.objgen]
            height = float(pdf.pages[number].mediabox[3])
            yield depth, item.title, number, height - float(above)
            yield from walk(item.children, depth + 1)

    with pdf.open_outline() as outline:
        return list(walk(outline.root, 0))


def test_no_word_leaves_the_page(sheets: list[Sheet]) -> None:
    outside = [
        f"page {number}: {word.text}"
        for number, sheet in enumerate(sheets, 1)
        for word in sheet.words
        if min(word.left, word.top, sheet.width - word.right, sheet.height - word.bottom) < EDGE
    ]
    assert sheets
    assert outside == []


def test_nothing_is_left_unresolved(sheets: list[Sheet]) -> None:
    faults = r"\{(?:glue|numref|ref|doc|cite)[^}]*\}|\?\?|Traceback"
    assert [found for sheet in sheets for found in re.findall(faults, sheet.text)] == []


def test_no_heading_stands_alone_at_the_foot_of_a_page(pdf: pikepdf.Pdf, sheets: list[Sheet]) -> None:
    alone = []
    for depth, title, page, above in bookmarks(pdf):
        sheet = sheets[page]
        below = [word for word in sheet.words if above + 24 < word.top and word.bottom < sheet.height - FOOT]
        if not below:
            alone.append(f"page {page + 1}: {title} ({depth})")
    assert alone == []


def test_page_one_is_a_right_hand_page(pdf: pikepdf.Pdf) -> None:
    assert first_chapter(pdf) % 2 == 0


def first_chapter(pdf: pikepdf.Pdf) -> int:
    """The sheet of page 1, counted from 0."""
    return next(page for _, title, page, _ in bookmarks(pdf) if title != "Contents")


def test_no_page_has_but_a_few_lines(pdf: pikepdf.Pdf, sheets: list[Sheet]) -> None:
    """A page has a picture, or text well below its head; the one before page 1 may be empty."""
    pictured = {
        number
        for number, page in enumerate(pdf.pages)
        if any(kind == "/Form" or kind == "/Image" for kind in kinds_of_objects(page))
    }
    poor = [
        number + 1
        for number, sheet in enumerate(sheets)
        if number >= FRONT
        and number not in pictured
        and max((word.bottom for word in sheet.words if word.bottom < sheet.height - FOOT), default=0) < 160
        and not (number == first_chapter(pdf) - 1 and not sheet.words)
    ]
    assert poor == []


def kinds_of_objects(page: pikepdf.Page) -> list[str]:
    resources = page.get("/Resources", {})
    return [str(item.get("/Subtype", "")) for item in resources.get("/XObject", {}).values()]


def test_the_contents_name_the_page_of_every_chapter(pdf: pikepdf.Pdf, sheets: list[Sheet]) -> None:
    marks = bookmarks(pdf)
    first = next(page for _, title, page, _ in marks if title == "Contents")
    start = first_chapter(pdf)
    contents = plain(" ".join(sheet.text for sheet in sheets[first:start]))
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    for page in pages_of(toc):
        title = title_of(page)
        labels = [pdf.pages[mark[2]].label for mark in marks if re.sub(r"^\d+ ", "", plain(mark[1])) == title]
        # words from right to left are in the file as they are seen
        either = f"(?:{re.escape(title)}|{re.escape(title[::-1])})"
        assert any(re.search(rf"\b{either} {label}\b", contents) for label in labels), title


def test_every_figure_stands_near_the_text_that_names_it(sheets: list[Sheet]) -> None:
    """Within three pages of a mention of it; a caption alone does not count as one."""
    captions = {
        (found[1], number)
        for number, sheet in enumerate(sheets)
        for found in re.finditer(r"(?<!\()\b(Fig\. \d+\.\d+) [A-Z0-9]", sheet.text)
    }
    mentions: dict[str, list[int]] = {}
    for number, sheet in enumerate(sheets):
        for name, times in Counter(re.findall(r"\bFig\. \d+\.\d+\b", sheet.text)).items():
            if times > ((name, number) in captions):
                mentions.setdefault(name, []).append(number)
    assert len(captions) > 20
    far = [
        name for name, page in captions if not any(abs(page - there) <= 3 for there in mentions.get(name, []))
    ]
    assert far == []


def test_headings_do_not_skip_a_level(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(node.S)[2:]) for node in structure(pdf) if re.fullmatch(r"/H\d", str(node.S))]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_header_cells_say_what_they_head(pdf: pikepdf.Pdf) -> None:
    heads = [node for node in structure(pdf) if node.S == "/TH"]
    assert heads
    assert all("/Scope" in attributes(node) for node in heads)


def attributes(node: pikepdf.Dictionary) -> dict[str, Any]:
    given = node.get("/A", {})
    parts = list(given) if isinstance(given, pikepdf.Array) else [given]
    return {key: value for part in parts for key, value in dict(part).items()}


def test_arabic_is_marked_as_arabic(pdf: pikepdf.Pdf) -> None:
    assert any(str(node.get("/Lang", "")) == "ar" for node in structure(pdf))


def test_links_within_the_book_lead_to_pages_of_it(pdf: pikepdf.Pdf) -> None:
    pages = {page.objgen for page in pdf.pages}
    names = {name for name, _ in named_destinations(pdf)}
    seen = 0
    for page in pdf.pages:
        for link in page.get("/Annots", []):
            place = link.get("/Dest", link.get("/A", {}).get("/D"))
            if place is None:
                continue
            seen += 1
            assert str(place) in names if not isinstance(place, pikepdf.Array) else place[0].objgen in pages
    assert seen > 1000


def named_destinations(pdf: pikepdf.Pdf) -> list[tuple[str, Any]]:
    names = pdf.Root.get("/Names", {}).get("/Dests")
    return list(pikepdf.NameTree(names).items()) if names is not None else []


def test_a_phone_can_fetch_the_file() -> None:
    assert PDF.stat().st_size < LARGEST


def test_every_typeface_of_the_file_is_on_the_colophon(pdf: pikepdf.Pdf, sheets: list[Sheet]) -> None:
    page = next(page for _, title, page, _ in bookmarks(pdf) if title == "Colophon")
    colophon = re.sub(r"\W", "", "".join(sheet.text for sheet in sheets[page:]))
    families = {
        re.sub(r"^/[A-Z]{6}\+|-.*$", "", str(item.FontName)).replace("NewCMMath", "NewComputerModernMath")
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
    }
    assert families
    assert [family for family in families if family not in colophon] == []
