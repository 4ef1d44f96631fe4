"""Sitemap and feed: written for a book that has an address, and for no other."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aleppo.bookkit import feeds
from aleppo.evidence import repository

CHANGES = """# Changelog

## 0.2.0 (2026-11-24)

- Second: <b> & more, over
  two lines.
- Third.

## 0.1.0 (2026-11-23)

- First.
"""
BASE = "https://example.org/book/"
ATOM = "{http://www.w3.org/2005/Atom}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def built(folder: Path, base: str) -> Path:
    source = folder / "source"
    (source / "sub").mkdir(parents=True)
    (source / "index.rst").write_text("Book\n====\n\n.. toctree::\n\n   sub/page\n")
    (source / "sub" / "page.rst").write_text("Page\n====\n")
    (source / "CHANGELOG.md").write_text(CHANGES)
    settings = {
        "extensions": ["aleppo.bookkit.feeds"],
        "exclude_patterns": ["CHANGELOG.md"],
        "html_theme": "basic",
        "html_baseurl": base,
        "project": "Book",
        "author": "Its authors",
        "html_title": "The book",
    }
    with patch_docutils(), docutils_namespace():
        Sphinx(source, None, folder / "out", folder / "trees", "html", settings, status=None).build()
    return folder / "out"


@pytest.fixture(scope="module")
def online(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("online"), BASE)


def test_a_book_without_an_address_has_neither(tmp_path: Path) -> None:
    out = built(tmp_path, "")
    assert not (out / feeds.SITEMAP).exists() and not (out / feeds.FEED).exists()
    assert "atom" not in (out / "index.html").read_text()


def test_the_sitemap_names_every_page_with_the_day_of_the_release(online: Path) -> None:
    tree = ElementTree.parse(online / feeds.SITEMAP).getroot()
    assert [(entry.findtext(f"{SITEMAP}loc"), entry.findtext(f"{SITEMAP}lastmod")) for entry in tree] == [
        (f"{BASE}index.html", "2026-11-24"),
        (f"{BASE}sub/page.html", "2026-11-24"),
    ]


def test_the_feed_has_an_entry_a_release_newest_first(online: Path) -> None:
    tree = ElementTree.parse(online / feeds.FEED).getroot()
    assert tree.findtext(f"{ATOM}updated") == "2026-11-24T00:00:00Z"
    assert tree.findtext(f"{ATOM}author/{ATOM}name") == "Its authors"
    entries = tree.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["The book 0.2.0", "The book 0.1.0"]
    assert entries[0].findtext(f"{ATOM}content") == (
        "<ul><li>Second: &lt;b&gt; &amp; more, over two lines.</li><li>Third.</li></ul>"
    )
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 2
    assert f'href="{BASE}{feeds.FEED}"' in (online / "sub" / "page.html").read_text()


def test_the_changelog_of_this_book_is_read_whole() -> None:
    text = (repository() / feeds.CHANGES).read_text(encoding="utf-8")
    found = feeds.releases(text)
    assert len(found) == text.count("\n## ")
    assert sum(len(one.points) for one in found) == sum(line.startswith("- ") for line in text.splitlines())


def test_an_address_is_joined_with_one_slash() -> None:
    assert feeds.address("https://example.org", "a.html") == feeds.address("https://example.org/", "a.html")
