"""What can be taken away as a whole: the list on the pages, the offline copy, and how both are recognised."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from aleppo.bookkit import editions, published
from aleppo.bookkit.current import TITLE
from aleppo.bookkit.editions import OFFLINE, PLACE, finish
from aleppo.bookkit.published import verify

CITATION = "title: A book\nauthors: [{name: Its authors}]\nversion: 1.2.3\ndate-released: 2026-11-23\n"
RELEASED = 1795392000
PDF, EPUB = f"{editions.FOLDER}/{TITLE}.pdf", f"{editions.FOLDER}/{TITLE}.epub"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "data").mkdir(parents=True)
    (root / "data" / "table.csv").write_text("a\n1\n")
    (root / "CITATION.cff").write_text(CITATION)
    for kind in ("pdf", "epub"):
        (root / f"print.{kind}").write_bytes(kind.encode() * 60_000)
    return root


def finished(folder: Path, checkout: Path, *kinds: str, data: bool = True) -> Path:
    pages = {"index.html": f"<p>a</p>{PLACE}", "book/how.html": PLACE, "book/other.html": "<p>b</p>"}
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    if data:
        (folder / editions.DATA).parent.mkdir(parents=True)
        (folder / editions.DATA).write_bytes(b"data")
    files = {kind: checkout / f"print.{kind}" for kind in kinds}
    finish(folder, files, checkout, checkout / "data", RELEASED)
    return folder


@pytest.fixture
def book(checkout: Path, tmp_path: Path) -> Path:
    return finished(tmp_path / "book", checkout, "pdf", "epub")


def unpacked(book: Path, to: Path) -> Path:
    with zipfile.ZipFile(book / OFFLINE) as archive:
        archive.extractall(to)
    return to / TITLE


def links(folder: Path, page: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)" download>', (folder / page).read_text())


def dead(folder: Path, page: str) -> list[str]:
    return [link for link in links(folder, page) if not (folder / page).parent.joinpath(link).is_file()]


@pytest.mark.parametrize("page", ["index.html", "book/how.html"])
def test_the_pages_lead_to_every_edition_that_there_is(book: Path, page: str) -> None:
    found = {Path(link).name for link in links(book, page)}
    assert found == {Path(name).name for name in (PDF, EPUB, editions.DATA, OFFLINE)}
    assert dead(book, page) == []
    assert "0.2\u00a0MB" in (book / page).read_text()
    assert PLACE not in (book / page).read_text()


def test_other_pages_are_left_as_they_are(book: Path) -> None:
    assert (book / "book" / "other.html").read_text() == "<p>b</p>"


def test_a_book_of_pages_alone_leads_to_no_edition_that_is_not_there(checkout: Path, tmp_path: Path) -> None:
    folder = finished(tmp_path / "pages", checkout)
    assert [Path(link).name for link in links(folder, "index.html")] == [
        Path(editions.DATA).name,
        Path(OFFLINE).name,
    ]
    assert dead(folder, "index.html") == []
    assert verify(folder).lines == ()
    bare = finished(tmp_path / "bare", checkout, data=False)
    assert [Path(link).name for link in links(bare, "index.html")] == [Path(OFFLINE).name]


def test_the_offline_copy_has_everything_but_itself_and_no_dead_link(book: Path, tmp_path: Path) -> None:
    copy = unpacked(book, tmp_path / "unpacked")
    assert not (copy / OFFLINE).exists()
    assert (copy / PDF).read_bytes() == (book / PDF).read_bytes()
    for page in ("index.html", "book/how.html"):
        assert dead(copy, page) == []
        assert editions.THIS_COPY in (copy / page).read_text()
    there = {path.relative_to(book) for path in book.rglob("*") if path.is_file()}
    assert {path.relative_to(copy) for path in copy.rglob("*") if path.is_file()} == there - {Path(OFFLINE)}


def test_book_and_copy_are_each_verified_by_their_own_manifest(book: Path, tmp_path: Path) -> None:
    copy = unpacked(book, tmp_path / "unpacked")
    assert verify(book).lines == verify(copy).lines == ()
    for folder in (book, copy):
        (folder / EPUB).write_bytes(b"another")
        (folder / "index.html").write_text("<p>forged</p>")
        assert verify(folder).lines == (f"differs: {EPUB}", "differs: index.html")
    (book / OFFLINE).unlink()
    assert f"missing: {OFFLINE}" in verify(book).lines


def test_both_are_verified_by_the_manifest_of_a_checkout(book: Path, checkout: Path, tmp_path: Path) -> None:
    (checkout / "book").mkdir()
    shutil.copyfile(book / published.MANIFEST, checkout / published.COMMITTED)
    copy = unpacked(book, tmp_path / "unpacked")
    assert verify(book, checkout).lines == verify(copy, checkout).lines == ()
    (copy / "index.html").write_text((book / "index.html").read_text())
    published.write(copy, checkout, checkout / "data")
    assert verify(copy).lines == ()
    # who makes the copy pass for the web edition is found out: that has the zip file
    assert verify(copy, checkout).lines == (f"missing: {OFFLINE}", "differs: book/how.html")


def test_the_same_book_gives_the_same_bytes(book: Path, checkout: Path, tmp_path: Path) -> None:
    again = finished(tmp_path / "again", checkout, "pdf", "epub")
    for name in (OFFLINE, published.MANIFEST, "index.html"):
        assert (again / name).read_bytes() == (book / name).read_bytes()
    entries = zipfile.ZipFile(io.BytesIO((book / OFFLINE).read_bytes())).infolist()
    assert {entry.date_time for entry in entries} == {(2026, 11, 23, 0, 0, 0)}


@pytest.mark.parametrize(("size", "words"), [(10, "0.1"), (761_891, "0.8"), (6_994_832, "7.0")])
def test_a_size_is_told_in_megabytes(size: int, words: str) -> None:
    assert editions.megabytes(size) == f"{words}\u00a0MB"
