"""The files of the built book: nothing loaded from elsewhere, every figure with its data, nothing twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aleppo.bookkit import published
from aleppo.evidence.paths import repository
from aleppo.show import figure, stills

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
