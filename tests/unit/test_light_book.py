"""The two-page book with and without what makes it quick to build and to load: the same words, less to load."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import pytest
from test_offline_book import Built, all_cells, build

from aleppo.bookkit import light_pages

PAGES = ("index.html", "chapter.html", "search.html", "genindex.html")
PLAIN = ["aleppo.bookkit.access", "aleppo.bookkit.source_list"]
QUICK = ["aleppo.bookkit.quick_references", *PLAIN]


@pytest.fixture(scope="module")
def slow(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("slow"), "html", all_cells(), PLAIN)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("quick"), "html", all_cells(), QUICK)


@pytest.fixture(scope="module")
def light(slow: Built, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("light") / "out"
    shutil.copytree(slow.out, folder)
    light_pages.lighten(folder)
    return folder


def test_quick_references_are_the_same_references(slow: Built, quick: Built) -> None:
    assert quick.warnings == slow.warnings
    for page in PAGES:
        assert (quick.out / page).read_text() == (slow.out / page).read_text()
    assert (slow.out / "chapter.html").read_text().count("bibtex-citation") >= 3


def test_a_light_page_loads_one_style_sheet_and_no_script_that_it_waits_for(light: Path) -> None:
    for page in PAGES:
        text = (light / page).read_text()
        scripted = re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.DOTALL)
        assert len(re.findall(r'rel="stylesheet"', scripted)) == 1
        scripts = re.findall(r"<script[^>]*\bsrc=[^>]*>", text)
        awaited = [script for script in scripts if " defer " not in script]
        # but for a few bytes, before which a dark page would flash in light colours
        assert [script for script in awaited if "aleppo-mode.js" not in script] == []
        assert len(scripts) > len(awaited)
        assert (light / "_static" / "aleppo-mode.js").stat().st_size < 1_500
        assert ("searchindex.js" in text) == (page == "search.html")
        loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="(_static/[^"?]+)', text)
        assert [name for name in loaded if not (light / name).is_file()] == []


def test_what_every_page_loads_is_small(slow: Built, light: Path) -> None:
    static = light / "_static"
    sheet = len(gzip.compress((static / light_pages.SHEET).read_bytes()))
    before = sum(
        len(gzip.compress((slow.out / name).read_bytes()))
        for name in set(re.findall(r'(_static/[^"?]+\.css)', (slow.out / "chapter.html").read_text()))
    )
    assert sheet < 0.4 * before
    assert {path.name for path in static.rglob("*.css")} == {light_pages.SHEET, "aleppo-unscripted.css"}


def test_icon_fonts_keep_what_is_shown(slow: Built, light: Path) -> None:
    from fontTools.ttLib import TTFont

    icons = {
        int(code, 16)
        for code in light_pages._ICON.findall((light / "_static" / light_pages.SHEET).read_text())
    }
    fonts = list((light / "_static").rglob("fa-*.woff2"))
    assert fonts and sum(font.stat().st_size for font in fonts) < 8_000
    solid = next(font for font in fonts if "solid" in font.name)
    whole = TTFont(slow.out / solid.relative_to(light)).getBestCmap()
    assert set(TTFont(solid).getBestCmap()) == icons & set(whole)
    assert 0xF002 in icons  # the magnifying glass of the search


@pytest.mark.parametrize("menu", [True, False])
def test_bootstrap_is_loaded_where_a_page_has_a_menu_of_it(slow: Built, tmp_path: Path, menu: bool) -> None:
    folder = tmp_path / "out"
    shutil.copytree(slow.out, folder)
    if menu:
        page = folder / PAGES[0]
        page.write_text(page.read_text().replace("</main>", '<b data-bs-toggle="dropdown"></b></main>'))
    light_pages.lighten(folder)
    script = (folder / "_static" / light_pages.SCRIPT).read_text()
    assert (light_pages.BUBBLES in script) != menu
    assert ("offcanvas" in script) == menu


def test_the_same_pages_become_the_same_light_pages(slow: Built, light: Path, tmp_path: Path) -> None:
    again = tmp_path / "out"
    shutil.copytree(slow.out, again)
    light_pages.lighten(again)
    for path in light.rglob("*"):
        if path.is_file():
            assert (again / path.relative_to(light)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("rewritten", [[], ["chapter.html"]], ids=["nothing", "a page"])
def test_a_book_of_which_nothing_or_a_page_was_written_again_keeps_all_that_it_loads(
    slow: Built, light: Path, tmp_path: Path, rewritten: list[str]
) -> None:
    folder = tmp_path / "out"
    shutil.copytree(light, folder)
    if rewritten:  # then Sphinx copies all its static files anew
        shutil.copytree(slow.out / "_static", folder / "_static", dirs_exist_ok=True)
    for page in rewritten:
        shutil.copyfile(slow.out / page, folder / page)
    light_pages.lighten(folder)
    for page in PAGES:
        text = (folder / page).read_text()
        loaded = re.findall(r'<(?:script|link)[^>]*(?:src|href)="(_static/[^"?]+)', text)
        assert [name for name in loaded if not (folder / name).is_file()] == []
        assert text == ((slow.out if page in rewritten else light) / page).read_text()


def test_the_list_of_sources_has_the_words_of_every_citation(slow: Built) -> None:
    text = (slow.out / "_static" / "aleppo-source-list.js").read_text()
    known = json.loads(text.removeprefix("window.aleppoSources=").rstrip(";\n"))
    page = (slow.out / "chapter.html").read_text()
    cited = re.findall(r'class="bibtex-citation".*?</span>', page, re.DOTALL)
    anchors = {anchor for one in cited for anchor in re.findall(r"#(id\d+)", one)}
    assert anchors and anchors <= known.keys()
    assert any(words.startswith("Author source-1. Title of source-1") for words in known.values())
    assert "aleppo-sources.js" in page
