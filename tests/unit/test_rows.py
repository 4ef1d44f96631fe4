"""The pages of the web edition that print every compiled row, and the role that leads to one."""

from __future__ import annotations

import gzip
import io
import json
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from lxml import html
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aleppo.bookkit import rows
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.rows import read_rows
from aleppo.evidence.tables import TABLES

DATA = repository() / "data"
COMPILED = {table.name for table in TABLES.values() if table.metadata.cls == "compiled"}
HEAVIEST = 150_000  # bytes of a page, packed


@pytest.fixture(scope="module")
def pages() -> dict[str, html.HtmlElement]:
    made = {page.name: rows.page_html(page, DATA) for page in rows.PAGES}
    assert max(len(gzip.compress(text.encode())) for text in made.values()) < HEAVIEST
    return {name: html.fromstring(text) for name, text in made.items()}


def test_every_compiled_table_is_printed_on_one_page_and_no_series_is() -> None:
    printed = [table for page in rows.PAGES for table in page.tables]
    assert sorted(printed) == sorted(COMPILED)


def test_every_cell_of_every_row_is_printed_as_the_file_has_it(pages: dict[str, html.HtmlElement]) -> None:
    for name in COMPILED:
        [frame] = pages[rows.place_of()[name]].xpath(f".//div[@id='rows-{name}']")
        source = read_rows(DATA / TABLES[name].path).rows
        shown = frame.xpath(".//tbody/tr")
        assert len(shown) == len(source)
        for row, cells in zip(shown[::7], source[::7], strict=True):
            told = [re.sub(r"[; ]+", " ", cell.text_content()).strip() for cell in row.iter("td")]
            assert told == [re.sub(r"[; ]+", " ", cell).strip() or "–" for cell in cells], name


def test_every_row_has_a_place_of_its_own_and_every_link_to_a_row_leads_to_one(
    pages: dict[str, html.HtmlElement],
) -> None:
    places: dict[str, set[str]] = {}
    for name, page in pages.items():
        ids = [part.get("id") for part in page.iter() if part.get("id")]
        places[name] = set(ids)
        assert len(places[name]) == len(ids)
    for page in pages.values():
        for target in {link.get("href") for link in page.iter("a") if "#" in link.get("href")}:
            if target.startswith("http"):
                continue
            file, _, place = target.partition("#")
            assert place in places[f"rows/{file.removesuffix('.html')}"], target


def test_filters_name_for_each_row_what_it_has(pages: dict[str, html.HtmlElement]) -> None:
    [frame] = pages["rows/response"].xpath(".//div[@id='rows-measures']")
    facets = {facet["label"]: facet for facet in json.loads(unescape(frame.get("data-explore")))}
    kinds = [
        row[TABLES["measures"].column_names.index("kind")]
        for row in read_rows(DATA / TABLES["measures"].path).rows
    ]
    kind = facets["Kind"]
    assert [kind["choices"][number] for [number] in kind["rows"]] == kinds


def test_numbers_are_sorted_as_numbers(pages: dict[str, html.HtmlElement]) -> None:
    [frame] = pages["rows/front-lines"].xpath(".//div[@id='rows-places']")
    keys = json.loads(frame.get("data-sort"))
    assert keys[0] is None
    areas = keys[TABLES["places"].column_names.index("area_km2")]
    assert any(key is None for key in areas) and max(key for key in areas if key is not None) > 1


def test_words_of_a_table_are_no_markup(tmp_path: Path) -> None:
    shutil.copytree(DATA / "evidence", tmp_path / "evidence")
    path = tmp_path / TABLES["access"].path
    path.write_text(path.read_text().replace("In 24 hours", "<b>In</b> & 24 hours"))
    assert "&lt;b&gt;In&lt;/b&gt; &amp; 24 hours" in rows.table_html(TABLES["access"], tmp_path)


@pytest.mark.parametrize(
    ("row", "page", "address"),
    [
        ("events/FR-078", "book/reading-cnn", "../rows/toll.html#row-events-fr-078"),
        (
            "control_spells/N0119 2012-07-19",
            "index",
            "rows/front-lines.html#row-control-spells-n0119-2012-07-19",
        ),
        ("vdc_deaths_weekly/2015", "index", ""),
    ],
)
def test_a_row_has_an_address_if_its_table_is_printed(row: str, page: str, address: str) -> None:
    assert rows.address(row, page) == address


@pytest.mark.parametrize(("builder", "linked"), [("html", True), ("text", False)])
def test_a_row_is_a_link_on_the_screen_and_a_name_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, builder: str, linked: bool
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    (tmp_path / "index.md").write_text(
        "# Page\n\nSee {row}`events/FR-078` and {row}`vdc_deaths_weekly/2015`.\n"
    )
    said = io.StringIO()
    settings = {"extensions": ["myst_parser", "aleppo.bookkit.rows"], "source_suffix": {".md": "markdown"}}
    with patch_docutils(), docutils_namespace():
        Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "trees", builder, settings, None, said).build()
    assert "WARNING" not in said.getvalue()
    text = next((tmp_path / "out").glob("index.*")).read_text()
    assert "events/FR-078" in text and "vdc_deaths_weekly/2015" in text
    assert ('href="rows/toll.html#row-events-fr-078"' in text) is linked
    assert (tmp_path / "out/rows/toll.html").is_file() is linked
