"""The search: how names are folded, what the built book finds, and how a reader gets at it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from page_visits import opened

from aleppo.bookkit.offline import STATIC
from aleppo.bookkit.search import INDEX, KINDS, LIBRARY
from aleppo.show.assets import axe, search_library

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(search_library() is None, reason="MiniSearch was not fetched"),
]

PAGE = "search.html"
# The packed index and library, in bytes: what somebody who searches waits for.
INDEX_BUDGET, BUDGET = 150_000, 180_000


# --- folding, without a book ---


@pytest.fixture(scope="module")
def engine(chromium: Browser) -> Iterator[Page]:
    """An empty page with the engine of the search."""
    page = chromium.new_page()
    page.add_script_tag(path=str(search_library()))
    page.add_script_tag(path=str(STATIC / "aleppo-search-engine.js"))
    yield page
    page.close()


def words(engine: Page, text: str) -> list[str]:
    return engine.evaluate("(text) => aleppoSearch.words(text)", text)


def keys(engine: Page, text: str) -> list[str]:
    return engine.evaluate("(text) => aleppoSearch.words(text).map(aleppoSearch.key)", text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Al-Bab, as-Safira and Ash-Sha'aar", ["bab", "safira", "and", "shaaar"]),
        ("al Bab", ["bab"]),
        ("F-03 and ITV-12", ["f03", "and", "itv12"]),
        ("Kobanê, Şêx Meqsûd", ["kobane", "sex", "meqsud"]),
        ("S/RES/2328 (2016)", ["s", "res", "2328", "2016"]),
        ("كَفر حَمْرة", ["كفر", "حمره"]),
        ("الراموسة وبالراموسة", ["راموسه", "راموسه"]),
        ("أعزاز إدلب آخر", ["اعزاز", "ادلب", "اخر"]),
        ("مصطفى ٢٠١٦", ["مصطفي", "2016"]),
        ("حلـــب", ["حلب"]),
        ("Алеппо Ёлка", ["алеппо", "елка"]),
        ("", []),
    ],
)
def test_a_text_is_folded_into_words(engine: Page, text: str, expected: list[str]) -> None:
    assert words(engine, text) == expected


@pytest.mark.parametrize(
    "spellings",
    [
        ["Ramouseh", "Ramousah", "Ramoussa", "Ramuse", "ar-Ramouseh", "Ramosa"],
        ["Sheikh", "Shaykh", "Shaikh"],
        ["Bustan", "Boustan", "Bostan"],
        ["Haydariyeh", "Haidariya", "Heydariyah", "al-Haydariyyeh"],
        ["Qaterji", "Katerjy"],
        ["Maqsoud", "Maksud"],
        ["Sayf", "Saif", "Seif"],
        ["Dauleh", "Dawla", "Dawleh"],
        ["Azaz", "A'zaz", "Aazaz"],
        ["Idleb", "Idlib"],
        ["Castello", "Kastelo"],
        ["Alleramoon", "Layramoun", "Liramun"],
        ["Sukkari", "Sukari", "as-Sukkary"],
    ],
)
def test_ways_of_writing_a_name_have_one_key(engine: Page, spellings: list[str]) -> None:
    assert len({tuple(keys(engine, spelling)) for spelling in spellings}) == 1
    assert keys(engine, spellings[0]) != keys(engine, "Palmyra")


SMALL = {
    "kinds": list(KINDS),
    "pages": [["a.html", "Page A"], ["book/places.html", "Places"]],
    "docs": [
        [0, "Roads into Aleppo", 0, "", "The Castello road was cut."],
        [0, "Truces", 0, "truces", "Of all truces half collapsed."],
        [3, "F-03: Deaths depend on weeks", 0, "claim-f-03", "Weeks are compared.", "supported"],
        [4, "Aleppo", 1, "place-sy02", "Governorate.", "", ["حلب", "Halab"]],
        [4, "Ar-Ramouseh", 1, "place-n0226", "Neighbourhood.", "", ["الراموسة"]],
    ],
}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("aleppo", ["place-sy02", ""]),
        ("Halab", ["place-sy02", ""]),
        ("حلب", ["place-sy02", ""]),
        ("بحلب", []),  # a preposition without the article stays: nothing tells it from a root
        ("ramousah", ["place-n0226"]),
        ("الراموسه", ["place-n0226"]),
        ("trucces", ["truces"]),
        ("truc", ["truces"]),
        ("F-03", ["claim-f-03"]),
        ("f03", ["claim-f-03"]),
        ("halab roads", [""]),
        ("the of", []),
        ("zzzz", []),
    ],
)
def test_a_query_finds_by_name_by_other_name_and_nearly(engine: Page, query: str, found: list[str]) -> None:
    addresses = engine.evaluate(
        """async ([index, query]) => {
          const search = new aleppoSearch.Search(index);
          await search.ready;
          return search.find(query).groups.flatMap((group) => group.finds).map((find) => find.address);
        }""",
        [SMALL, query],
    )
    assert sorted(address.partition("#")[2] for address in addresses) == sorted(found)


def test_words_that_nothing_holds_together_are_found_apart_and_it_is_said(engine: Page) -> None:
    result = engine.evaluate(
        "async ([index, query]) => { const search = new aleppoSearch.Search(index); await search.ready; "
        "return search.find(query); }",
        [SMALL, "truces castello"],
    )
    assert not result["every"] and result["count"] == 2


@pytest.mark.parametrize("name", ["aleppo-search.js", "aleppo-search-engine.js"])
def test_the_scripts_make_no_code_of_text(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"\beval\b|new Function|innerHTML|setTimeout\(\s*[\"']", text)


# --- the built book ---


@pytest.fixture(scope="module")
def index(built_book: Path) -> dict[str, Any]:
    path = built_book / "_static" / INDEX
    if not path.is_file():
        pytest.skip("the book was built without its search")
    text = path.read_text(encoding="utf-8")
    return json.loads(text.removeprefix("window.aleppoSearchIndex=").removesuffix(";\n"))


@pytest.fixture(scope="module")
def from_disk(chromium: Browser, built_book: Path, index: dict[str, Any]) -> Iterator[Page]:
    """The page of the search, opened from a disk, with every word of the index noted."""
    with opened(chromium, (built_book / PAGE).as_uri() + "?q=Aleppo") as page:
        page.locator(".aleppo-kind").first.wait_for()
        yield page


def ask(page: Page, query: str) -> dict[str, list[tuple[str, str]]]:
    """Kind → title and address of what the page shows for a query, in its order."""
    page.locator("#aleppo-ask").fill(query)
    page.get_by_role("status").filter(has_text=f"“{query}”").wait_for()
    shown = page.evaluate(
        """() => [...document.querySelectorAll('.aleppo-search .aleppo-kind')].map((part) => [
          part.querySelector('h2').textContent.replace(/ \\(.*/, ''),
          [...part.querySelectorAll('li > a')].map((link) => [link.textContent, link.getAttribute('href')])])"""
    )
    return {kind: [tuple(find) for find in finds] for kind, finds in shown}


@pytest.mark.built
@pytest.mark.parametrize(
    ("query", "kind", "address"),
    [
        ("Aleppo", "Places", "./book/places.html#place-sy02"),
        ("Halab", "Places", "./book/places.html#place-sy02"),
        ("حلب", "Places", "./book/places.html#place-sy02"),
        ("Ramouseh", "Places", "./book/places.html#place-n0226"),
        ("Ramousah", "Places", "./book/places.html#place-n0226"),
        ("الراموسة", "Places", "./book/places.html#place-n0226"),
        ("Ramouseh", "Chapters", "./notebooks/corridors-and-sieges.html#what-would-change-this-finding"),
        ("ITV-12", "Claims", "./book/reading-itv.html#claim-itv-12"),
        ("f-03", "Claims", "./book/findings-of-the-book.html#claim-f-03"),
        ("Security Council votes", "Tables", "./book/data.html#data-unsc-votes"),
        ("недели", "Chapters", "./book/summary-ru.html#id2"),
    ],
)
def test_the_book_finds_a_thing_under_its_names(
    from_disk: Page, built_book: Path, query: str, kind: str, address: str
) -> None:
    finds = ask(from_disk, query)
    assert address in [where for _, where in finds[kind]]
    if kind in ("Places", "Claims"):
        assert next(iter(finds)) == kind and finds[kind][0][1] == address
    page, _, anchor = address.partition("#")
    assert f'id="{anchor}"' in (built_book / page).read_text(encoding="utf-8")


@pytest.mark.built
def test_the_spellings_of_a_name_find_the_same_things(from_disk: Page) -> None:
    for spellings in (("Aleppo", "Halab", "حلب"), ("Ramouseh", "Ramousah", "الراموسة")):
        found = [{kind: len(finds) for kind, finds in ask(from_disk, name).items()} for name in spellings]
        assert found[0] == found[1] == found[2]
        assert len(found[0]) >= 3


@pytest.mark.built
def test_a_figure_is_found_by_its_title_and_a_source_by_its_title_and_id(
    from_disk: Page, index: dict[str, Any]
) -> None:
    figure = next(doc for doc in index["docs"] if KINDS[doc[0]] == "Figures")
    source = next(doc for doc in index["docs"] if KINDS[doc[0]] == "Sources")
    for kind, query, doc in (
        ("Figures", figure[1], figure),
        ("Sources", source[1], source),
        ("Sources", source[5], source),
    ):
        title, address = ask(from_disk, query)[kind][0]
        assert title == doc[1] and address == f"./{index['pages'][doc[2]][0]}#{doc[3]}"


@pytest.mark.built
def test_every_entry_leads_to_an_anchor_that_is_there(index: dict[str, Any], built_book: Path) -> None:
    ids = {
        page: set(re.findall(r'\bid="([^"]+)"', (built_book / page).read_text(encoding="utf-8")))
        for page, _ in index["pages"]
    }
    lost = [
        doc[1]
        for doc in index["docs"]
        if len(doc) > 3 and doc[3] and doc[3] not in ids[index["pages"][doc[2]][0]]
    ]
    assert lost == []
    count = {kind: sum(KINDS[doc[0]] == kind for doc in index["docs"]) for kind in KINDS}
    assert min(count.values()) > 50
    assert count["Claims"] > 150 and count["Places"] > 200


@pytest.mark.built
def test_the_index_is_small_and_no_page_loads_it_unasked(index: dict[str, Any], built_book: Path) -> None:
    def packed(name: str) -> int:
        return len(gzip.compress((built_book / "_static" / name).read_bytes(), 9, mtime=0))

    assert packed(INDEX) <= INDEX_BUDGET
    assert packed(INDEX) + packed(LIBRARY) + packed("aleppo-search-engine.js") <= BUDGET
    for page in built_book.rglob("*.html"):
        assert not re.search(rf"{INDEX}|{LIBRARY}|searchindex\.js", page.read_text(encoding="utf-8")), page


@pytest.mark.built
def test_the_keyboard_opens_the_search_and_goes_through_what_is_found(
    chromium: Browser, built_book: Path, index: dict[str, Any]
) -> None:
    with opened(chromium, (built_book / "book" / "limits.html").as_uri()) as page:
        page.keyboard.press("Control+k")
        page.keyboard.type("Ramousah")
        status = page.locator("#pst-search-dialog").get_by_role("status")
        status.filter(has_text="2 places").wait_for()
        assert "1 figure," in status.inner_text()
        page.keyboard.press("ArrowDown")
        assert "Ramouseh" in page.evaluate("document.activeElement.textContent")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.name") == "q"
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/book/places.html#place-n0226")


@pytest.mark.built
@pytest.mark.parametrize(("width", "mode"), [(390, "dark"), (1280, "light")])
def test_what_is_found_fits_the_window_and_has_no_serious_barrier(
    chromium: Browser, built_book: Path, index: dict[str, Any], width: int, mode: Any
) -> None:
    script = axe()
    with opened(chromium, (built_book / PAGE).as_uri() + "?q=حلب", width, color_scheme=mode) as page:
        page.locator(".aleppo-all").first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        more = page.locator(".aleppo-all").first
        before = page.locator(".aleppo-search li").count()
        more.click()
        assert page.locator(".aleppo-search li").count() > before
        assert page.evaluate("document.activeElement.tagName") == "A"
        if script is None:
            pytest.skip("axe-core was not fetched")
        page.evaluate(script.read_text(encoding="utf-8"))
        found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        assert [rule["id"] for rule in found["violations"] if rule["impact"] in ("serious", "critical")] == []
