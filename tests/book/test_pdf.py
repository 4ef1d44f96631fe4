"""The printed book itself, ``_build/pdf/the-turn-at-aleppo.pdf``, where it has been made."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PDF = ROOT / "_build" / "pdf" / "the-turn-at-aleppo.pdf"
EDGE = 17  # points that stay free on every side: six millimetres, which printers may not reach

pytestmark = [
    pytest.mark.built,
    pytest.mark.skipif(not PDF.is_file(), reason="the book was not built: make book"),
]
POPPLER = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")


@pytest.fixture(scope="module")
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(PDF) as opened:
        yield opened


def structure(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """Every element of the structure tree, in reading order."""
    waiting = [pdf.Root.StructTreeRoot.K]
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(reversed(list(node)))
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                yield node
            if "/K" in node:
                waiting.append(node.K)


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
    """Letters and digits alone: typographic quotes, markup and spaces do not count."""
    return re.sub(r"[\W_]+", " ", text).strip()


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


@POPPLER
def test_no_word_leaves_the_page() -> None:
    done = subprocess.run(["pdftotext", "-bbox", str(PDF), "-"], capture_output=True, text=True, check=True)
    outside = []
    pages = re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', done.stdout, re.DOTALL)
    for number, (width, height, body) in enumerate(pages, 1):
        words = re.findall(r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', body)
        for *box, word in words:
            left, top, right, bottom = map(float, box)
            if left < EDGE or top < EDGE or right > float(width) - EDGE or bottom > float(height) - EDGE:
                outside.append(f"page {number}: {unescape(word)}")
    assert pages
    assert outside == []


@POPPLER
def test_nothing_is_left_unresolved() -> None:
    done = subprocess.run(["pdftotext", str(PDF), "-"], capture_output=True, text=True, check=True)
    assert not re.findall(r"\{(?:glue|numref|ref|doc|cite)[^}]*\}|\?\?|Traceback", done.stdout)
