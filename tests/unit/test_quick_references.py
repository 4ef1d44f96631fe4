"""Citations as a page prints them: a letter behind the year tells sources of one author apart, once and for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small_pages import built

from aleppo.bookkit.quick_references import STYLE

BIBLIOGRAPHY = """
@online{one, author = {{Reuters}}, title = {One}, year = {2016}, extradate = {a}}
@online{two, author = {{Reuters}}, title = {Two}, year = {2016}, extradate = {b}}
@online{three, author = {{Reuters}}, title = {Three}, year = {n.d.}, extradate = {a}}
@online{four, author = {{SOHR}}, title = {Four}, year = {2016}}
"""
PAGE = "# Page\n\nSaid {cite:p}`one,two` and {cite:p}`three,four`.\n\n```{bibliography}\n:style: plain\n```\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    return tmp_path


def cited(folder: Path) -> str:
    """The page's sentence after a build."""
    settings = {"bibtex_bibfiles": ["references.bib"], "bibtex_reference_style": STYLE}
    (folder / "source" / "index.md").write_text(PAGE, encoding="utf-8")
    built(folder, "aleppo.bookkit.quick_references", **settings)
    page = (folder / "out" / "index.html").read_text(encoding="utf-8")
    return re.sub(r"<[^>]+>", "", re.search(r"<p>Said.*?</p>", page, re.DOTALL)[0])  # type: ignore[index]


def test_a_letter_stands_behind_the_year(folder: Path) -> None:
    assert cited(folder) == "Said [Reuters, 2016a; Reuters, 2016b] and [Reuters, n.d.-a; SOHR, 2016]."


def test_a_second_build_puts_no_second_letter(folder: Path) -> None:
    assert cited(folder) == cited(folder)
