"""The files of the built book: nothing loaded from elsewhere, every figure with its data, nothing twice."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from aleppo.bookkit import editions, exports, published
from aleppo.bookkit.current import TITLE
from aleppo.bookkit.pictures import PER_INCH, POINTS
from aleppo.evidence.paths import repository
from aleppo.show import figure, stills, table
from aleppo.show.theme import STILL_WIDTH

pytestmark = pytest.mark.built

LOADS = (
    re.compile(
        r"<(?:script|img|iframe|source|video|audio|embed|object|input)\b[^>]*?\b(?:src|data|srcset)=[\"']?((?:https?:)?//[^\"'\s>]+)"
    ),
    re.compile(
        r"<link\b(?=[^>]*rel=[\"']?(?:stylesheet|preload|prefetch|preconnect|icon|dns-prefetch))[^>]*href=[\"']?((?:https?:)?//[^\"'\s>]+)"
    ),
    re.compile(r"(?:url\(|@import\s+)[\"']?((?:https?:)?//[^\"')\s]+)"),
)


def texts(folder: Path, *endings: str) -> list[tuple[str, str]]:
    return [
        (path.relative_to(folder).as_posix(), path.read_text(encoding="utf-8", errors="replace"))
        for path in sorted(folder.rglob("*"))
        if path.suffix in endings
    ]


def test_no_page_style_or_picture_loads_from_another_machine(built_book: Path) -> None:
    found = [
        (name, address)
        for name, text in texts(built_book, ".html", ".css", ".svg")
        for pattern in LOADS
        for address in pattern.findall(text)
    ]
    assert found == []


def test_no_page_names_a_network_for_the_delivery_of_scripts(built_book: Path) -> None:
    networks = re.compile(
        r"cdn\.jsdelivr|unpkg\.com|cdnjs\.|cdn\.plot\.ly|fonts\.googleapis|require(?:\.min)?\.js|thebe"
    )
    found = [
        (name, networks.findall(text)) for name, text in texts(built_book, ".html") if networks.search(text)
    ]
    assert found == []


def test_the_book_carries_one_plotly_and_no_dead_weight(built_book: Path) -> None:
    static = built_book / "_static"
    assert len(list(built_book.rglob("plotly*.js"))) == 1
    assert (static / "scripts" / "fontawesome.js").stat().st_size < 1000
    assert not list(static.rglob("*.map"))


def figures() -> dict[str, dict[str, object]]:
    return stills.figures_in(sorted((repository() / "notebooks").glob("*.ipynb")))


def test_every_figure_of_a_notebook_has_its_files_and_they_are_its_own(built_book: Path) -> None:
    folder = built_book / "_static" / "figures"
    for name, payload in figures().items():
        facts = figure.about(payload)
        assert facts
        assert (folder / f"{name}.csv").read_text(encoding="utf-8") == facts["csv"]
        assert figure.drawing_hash(payload) in (folder / f"{name}.svg").read_text(encoding="utf-8")


def tables() -> dict[str, dict[str, Any]]:
    found = {}
    for path in sorted((repository() / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                if payload := output.get("data", {}).get(table.MIME):
                    found[payload["id"]] = payload
    return found


def test_every_picture_is_a_png_half_as_wide_again_as_its_still(built_book: Path) -> None:
    for name in figures():
        head = (built_book / "_static" / "figures" / f"{name}.png").read_bytes()[:24]
        assert head[:8] == b"\x89PNG\r\n\x1a\n"
        # a margin of 18 points on each side
        assert int.from_bytes(head[16:20], "big") == round((STILL_WIDTH * POINTS + 36) / 72 * PER_INCH)


def test_every_table_of_a_notebook_has_its_rows_in_three_formats(built_book: Path) -> None:
    folder = built_book / "_static" / "tables"
    for name, payload in tables().items():
        assert (folder / f"{name}.csv").read_text(encoding="utf-8") == payload["csv"]
        header, rows = exports.rows_of(payload)
        stored = pq.read_table(folder / f"{name}.parquet")
        assert (stored.column_names, stored.num_rows) == (header, len(rows))
        with zipfile.ZipFile(folder / f"{name}.xlsx") as archive:
            assert b"<f>" not in archive.read("xl/worksheets/sheet2.xml")
            assert archive.read("xl/worksheets/sheet2.xml").count(b"<row ") == len(rows) + 1


def test_the_offline_copy_is_the_book_without_itself_and_verified_by_it(
    built_book: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(built_book / editions.OFFLINE) as archive:
        archive.extractall(tmp_path)
    copy = tmp_path / TITLE
    assert published.verify(copy).lines == ()
    theirs = published.read(built_book / published.MANIFEST)
    assert published.differences(theirs.files_of(published.COPY), published.hashes(copy)) == {}
    assert not (copy / editions.OFFLINE).exists()


def test_the_editions_beside_the_pages_are_those_that_were_built(built_book: Path) -> None:
    for kind in ("pdf", "epub"):
        beside = built_book.parent / kind / f"{TITLE}.{kind}"
        if not beside.is_file():
            pytest.skip("only the pages were built")
        assert (built_book / editions.FOLDER / f"{TITLE}.{kind}").read_bytes() == beside.read_bytes()


def test_what_can_be_taken_away_stays_small(built_book: Path) -> None:
    sizes = {
        folder: sum(path.stat().st_size for path in (built_book / "_static" / folder).rglob("*")) / 1e6
        for folder in ("figures", "tables", "data", "citations", "book")
    }
    most = {"figures": 16, "tables": 4, "data": 8, "citations": 1.5, "book": 45}
    assert {folder: size for folder, size in sizes.items() if size > most[folder]} == {}


def test_every_download_that_a_page_offers_is_there(built_book: Path) -> None:
    missing = [
        (name, link)
        for name, text in texts(built_book, ".html")
        for link in re.findall(r'<a href="([^"]+)" download', text)
        if not (built_book / name).parent.joinpath(link).resolve().is_file()
    ]
    assert missing == []


def test_a_page_stays_within_its_weight(built_book: Path) -> None:
    import gzip

    heavy = {
        name: size
        for name, text in texts(built_book, ".html")
        if (size := len(gzip.compress(text.encode(), mtime=0))) > 150_000
    }
    assert heavy == {}


def test_every_file_is_the_one_that_the_manifest_names(built_book: Path) -> None:
    assert published.verify(built_book).lines == ()
