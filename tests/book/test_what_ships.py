"""Nothing of others ships in the web edition that the colophon does not name."""

from __future__ import annotations

import re
from html import unescape
from importlib.metadata import distribution
from pathlib import Path

import pytest

from aleppo.bookkit import assets, search, shipped
from aleppo.evidence.files import sha256_file

pytestmark = pytest.mark.built

# What the build writes: settings, colours of code, and the words of a language that Sphinx puts together to search.
MADE = {"documentation_options.js", "language_data.js", "manifest.json", "pygments.css"}
# The book's own scripts and sheets begin so; of others' there are in them those of the packages on the colophon.
OWN = "aleppo-"
OWN_FOLDERS = {"book", "cards", "citations", "data", "figures", "tables", "thumbnails"}


def foreign(book: Path) -> list[Path]:
    """Files of ``_static`` that are neither written by the build nor the book's own."""
    static = book / "_static"
    return [
        path
        for path in sorted(static.rglob("*"))
        if path.is_file()
        and path.name not in MADE
        and not path.name.startswith(OWN)
        and path.relative_to(static).parts[0] not in OWN_FOLDERS
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
    known = {sha256_file(Path(other)) for others in there.values() for other in others}
    unknown = []
    for path in foreign(built_book):
        name = re.sub(r"\.[0-9a-f]{64}(?=\.css$)", "", path.name)
        # the icons' fonts carry only the icons that are seen
        mended = name in there and path.suffix in (".css", ".js", ".html", ".woff2")
        # the search is the package's file under another name, less the line that names its map
        library = assets.search_library() if path.name == search.LIBRARY else None
        mended = mended or bool(library and library.read_text().startswith(path.read_text().rstrip()))
        if sha256_file(path) not in known and not mended and path.name != "plotly.min.js":
            unknown.append(path.relative_to(built_book).as_posix())
    assert foreign(built_book)
    assert unknown == []


def test_works_packed_into_the_books_own_sheets_are_on_the_colophon(built_book: Path) -> None:
    listed = {each.name for each in shipped.components()}
    sheets = [*(built_book / "_static").glob(f"{OWN}*.css"), *(built_book / "_static").glob(f"{OWN}*.js")]
    found = {
        each.name for sheet in sheets for each in shipped.packed(sheet.read_text(encoding="utf-8"), "book")
    }
    assert {name for name in found if name not in listed and "sphinx-book-theme" not in name} == set()


def test_the_colophon_names_every_component(built_book: Path) -> None:
    page = unescape(
        re.sub(r"<[^>]+>", "", (built_book / "book" / "colophon.html").read_text(encoding="utf-8"))
    )
    words = " ".join(page.split())
    missing = [each for each in shipped.components() if each.name not in words or each.licence not in words]
    assert shipped.components()
    assert missing == []
