"""Nothing of others ships in the web edition that the colophon does not name."""

from __future__ import annotations

import re
from html import unescape
from importlib.metadata import distribution
from pathlib import Path

import pytest

from aleppo.bookkit import assets, shipped
from aleppo.evidence.files import sha256_file
from aleppo.evidence.paths import repository

pytestmark = pytest.mark.built

# What the build writes itself: settings, colours of code, lists of fonts and files; and the words of
# a language that Sphinx puts together for its search.
MADE = {
    "_static/aleppo-fonts.css",
    "_static/documentation_options.js",
    "_static/language_data.js",
    "_static/manifest.json",
    "_static/pygments.css",
}
OWN_FOLDERS = {"figures", "tables", "citations", "data"}


def foreign(book: Path) -> list[Path]:
    """Files of ``_static`` that are neither written by the build nor of the repository."""
    own = {path.name for path in (repository() / "src" / "aleppo" / "bookkit").rglob("*") if path.is_file()}
    return [
        path
        for path in sorted((book / "_static").rglob("*"))
        if path.is_file()
        and path.relative_to(book).as_posix() not in MADE
        and path.relative_to(book / "_static").parts[0] not in OWN_FOLDERS
        and path.name not in own
    ]


def of_packages() -> dict[str, set[str]]:
    """Name of a file → hashes of the files called so in the packages that the colophon lists."""
    files: list[Path] = [path for path in assets.assets_dir().rglob("*") if path.is_file()]
    for package in [*shipped.IN_THE_PAGES, "plotly"]:
        files += [Path(str(file.locate())) for file in distribution(package).files or []]
    found: dict[str, set[str]] = {}
    for path in files:
        if (
            path.suffix in (".js", ".css", ".woff2", ".ttf", ".svg", ".png", ".html", ".txt")
            and path.is_file()
        ):
            found.setdefault(path.name, set()).add(str(path))
    return found


def test_every_file_of_others_is_of_a_package_on_the_colophon(built_book: Path) -> None:
    there = of_packages()
    unknown = []
    for path in foreign(built_book):
        name = re.sub(r"\.[0-9a-f]{64}(?=\.css$)", "", path.name)
        same = any(sha256_file(Path(other)) == sha256_file(path) for other in there.get(name, ()))
        mended = name in there and path.suffix in (".css", ".js", ".html")
        if not same and not mended and path.name != "plotly.min.js":
            unknown.append(path.relative_to(built_book).as_posix())
    assert foreign(built_book)
    assert unknown == []


def test_the_colophon_names_every_component(built_book: Path) -> None:
    page = unescape(
        re.sub(r"<[^>]+>", "", (built_book / "book" / "colophon.html").read_text(encoding="utf-8"))
    )
    words = " ".join(page.split())
    missing = [each for each in shipped.components() if each.name not in words or each.licence not in words]
    assert shipped.components()
    assert missing == []
