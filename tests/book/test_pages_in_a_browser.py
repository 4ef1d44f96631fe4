"""Every page of the built book as readers meet it: light, dark, narrow, from a disk, without scripts, in print."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from aleppo.show import theme
from aleppo.show.assets import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.built]

WIDE, NARROW = (1280, 900), (390, 844)
# Scrolls through a page with figures as a reader would, so that each of them is drawn.
SCROLL = """async () => {
  if (!document.querySelector('.aleppo-figure')) return;
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 40));
  }
}"""
SETTLED = """() => [...document.querySelectorAll('.aleppo-figure')]
  .every((figure) => ['drawn', 'failed'].includes(figure.dataset.state))"""
STATES = "() => [...document.querySelectorAll('.aleppo-figure')].map((figure) => figure.dataset.state)"
STILLS_SEEN = """() => [...document.querySelectorAll('.aleppo-figure')].map((figure) =>
  [...figure.querySelectorAll('.aleppo-still')].filter((still) =>
    still.offsetWidth > 100 && still.offsetHeight > 100 && getComputedStyle(still).visibility === 'visible' &&
    still.complete && still.naturalWidth > 100).length)"""
INK_OF_PLOTS = """() => [...document.querySelectorAll('.aleppo-plot .xtick text, .aleppo-plot .ytick text')]
  .map((text) => getComputedStyle(text).fill)"""
SHIFTS = """() => { window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
  if (!entry.hadRecentInput) window.shifted += entry.value; })).observe({ type: 'layout-shift', buffered: true }); }"""
MAY_BE_WIDER = (
    ".pst-scrollable-table-container, pre, .highlight, math, aside, dialog, .bd-sidebar-secondary, .aleppo-plot, "
    ".visually-hidden"
)
WIDER = """(allowed) => [...document.querySelectorAll('main *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(allowed))
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"""


@dataclass
class Visit:
    """A page under observation: what it asked for, and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        home = ("http://127.0.0.1:", "file://", "data:", "blob:")
        return [address for address in self.asked if not address.startswith(home)]

    def read_through(self) -> None:
        self.page.evaluate(SCROLL)
        self.page.wait_for_function(SETTLED, timeout=20_000)


@contextlib.contextmanager
def visit(browser: Browser, address: str, size: tuple[int, int] = WIDE, **options: Any) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    try:
        seen = Visit(context.new_page())
        seen.page.on("request", lambda request: seen.asked.append(request.url))
        seen.page.on("requestfailed", lambda request: seen.complaints.append(f"failed: {request.url}"))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.on(
            "console", lambda line: seen.complaints.append(line.text) if line.type == "error" else None
        )
        seen.page.goto(address, wait_until="load")
        yield seen
    finally:
        context.close()


def test_a_page_read_from_a_server_asks_nothing_of_other_machines_and_draws_every_figure(
    chromium: Browser, served_book: str, page_path: str
) -> None:
    with visit(chromium, served_book + page_path) as seen:
        seen.page.evaluate(SHIFTS)
        seen.read_through()
        assert set(seen.page.evaluate(STATES)) <= {"drawn"}
        assert seen.outside() == []
        assert seen.complaints == []
        assert seen.page.evaluate("() => window.shifted") < 0.05


def test_a_page_read_from_a_disk_asks_nothing_of_other_machines_and_draws_every_figure(
    chromium: Browser, built_book: Path, page_path: str
) -> None:
    with visit(chromium, (built_book / page_path).as_uri()) as seen:
        seen.read_through()
        assert set(seen.page.evaluate(STATES)) <= {"drawn"}
        assert seen.outside() == []
        assert seen.complaints == []


def test_a_page_fits_a_telephone(chromium: Browser, served_book: str, page_path: str) -> None:
    with visit(chromium, served_book + page_path, NARROW, has_touch=True, is_mobile=True) as seen:
        seen.read_through()
        assert set(seen.page.evaluate(STATES)) <= {"drawn"}
        for mode in ("light", "dark"):
            seen.page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
            assert seen.page.evaluate(WIDER, MAY_BE_WIDER) == []
            assert seen.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_page_without_scripts_shows_every_still(
    chromium: Browser, served_book: str, page_path: str
) -> None:
    with visit(chromium, served_book + page_path, java_script_enabled=False) as seen:
        figures = seen.page.locator(".aleppo-figure")
        for number in range(figures.count()):
            picture = figures.nth(number).locator(".aleppo-light")
            picture.scroll_into_view_if_needed()
            box = picture.bounding_box()
            assert box and box["width"] > 100 and box["height"] > 100
            assert not figures.nth(number).locator(".aleppo-dark").is_visible()
        assert seen.outside() == []


def test_a_printed_page_shows_every_still_and_no_plot(
    chromium: Browser, served_book: str, page_path: str
) -> None:
    with visit(chromium, served_book + page_path, color_scheme="dark") as seen:
        seen.read_through()
        seen.page.emulate_media(media="print")
        assert set(seen.page.evaluate(STILLS_SEEN)) <= {1}
        for plot in seen.page.locator(".aleppo-plot").all():
            assert not plot.is_visible()


def test_a_dark_page_turns_its_figures_dark_and_back(
    chromium: Browser, served_book: str, page_path: str
) -> None:
    def ink(shade: str) -> str:
        return "rgb(" + ", ".join(str(int(shade[at : at + 2], 16)) for at in (1, 3, 5)) + ")"

    light, dark = theme.PALETTE["muted"]
    with visit(chromium, served_book + page_path, color_scheme="light") as seen:
        seen.read_through()
        before = seen.page.evaluate(INK_OF_PLOTS)
        for mode, shade in (("dark", dark), ("light", light)):
            seen.page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
            seen.page.wait_for_timeout(400)
            after = seen.page.evaluate(INK_OF_PLOTS)
            assert len(after) == len(before)
            assert before == [] or ink(shade) in after
            assert before == [] or ink(light if mode == "dark" else dark) not in after
        assert seen.complaints == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_page_has_no_serious_barrier(
    chromium: Browser, served_book: str, page_path: str, mode: Any
) -> None:
    script = axe()
    if script is None:
        pytest.skip("axe-core was not fetched")
    with visit(chromium, served_book + page_path, color_scheme=mode) as seen:
        seen.read_through()
        seen.page.evaluate(
            "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
        )
        # folds fade in, and half-faded text has half its contrast
        seen.page.wait_for_timeout(600)
        seen.page.evaluate(script.read_text(encoding="utf-8"))
        found = seen.page.evaluate("() => axe.run(document, { resultTypes: ['violations'] })")
        barriers = [
            f"{rule['id']}: {node['target']} {node['failureSummary']}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]
        assert barriers == []


def test_the_address_of_the_book_leads_to_its_first_page(chromium: Browser, built_book: Path) -> None:
    with visit(chromium, (built_book / "index.html").as_uri()) as seen:
        seen.page.locator("article h1").wait_for()
        assert seen.outside() == []


def pages_with(built_book: Path, markup: str) -> list[str]:
    return [
        path.relative_to(built_book).as_posix()
        for path in sorted(built_book.rglob("*.html"))
        if markup in path.read_text(encoding="utf-8")
    ]


def first_with(built_book: Path, markup: str) -> str:
    pages = pages_with(built_book, markup)
    if not pages:
        pytest.skip(f"no page with {markup}")
    return pages[0]


def test_plotly_is_fetched_once_and_only_when_a_figure_comes_near(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    far = "() => document.querySelector('.aleppo-figure').getBoundingClientRect().top > innerHeight + 450"
    for page in pages_with(built_book, 'class="aleppo-figure"'):
        with visit(chromium, served_book + page, (1280, 60)) as seen:
            seen.page.wait_for_timeout(200)
            if not seen.page.evaluate(far):
                continue
            assert not [address for address in seen.asked if "plotly" in address]
            # through so low a window a reader comes to each figure in turn
            for figure in seen.page.locator(".aleppo-figure").all():
                figure.scroll_into_view_if_needed()
                seen.page.wait_for_timeout(100)
            seen.page.wait_for_function(SETTLED, timeout=20_000)
            assert len([address for address in seen.asked if "plotly" in address]) == 1
            return
    pytest.skip("no page with its first figure far from the top")


def test_a_figure_that_cannot_be_drawn_keeps_its_still_and_says_so(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    page = first_with(built_book, 'class="aleppo-figure"')
    context = chromium.new_context()
    try:
        tab = context.new_page()
        tab.route("**/plotly.min.js", lambda route: route.abort())
        tab.goto(served_book + page)
        tab.evaluate(SCROLL)
        tab.wait_for_function(SETTLED)
        assert "could not be drawn" in tab.locator(".aleppo-note").first.inner_text()
        assert set(tab.evaluate(STILLS_SEEN)) == {1}
    finally:
        context.close()


def test_a_zoomed_figure_offers_the_way_back(chromium: Browser, served_book: str, built_book: Path) -> None:
    page = first_with(built_book, 'class="aleppo-figure"')
    with visit(chromium, served_book + page) as seen:
        seen.read_through()
        figure = seen.page.locator(".aleppo-figure").first
        button = figure.locator(".aleppo-reset")
        whole = seen.page.evaluate("() => document.querySelector('.aleppo-plot')._fullLayout.xaxis.range")
        assert not button.is_visible()
        figure.scroll_into_view_if_needed()
        box = figure.locator(".nsewdrag").first.bounding_box()
        assert box
        seen.page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
        seen.page.mouse.down()
        seen.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.7, steps=4)
        seen.page.mouse.up()
        button.wait_for(state="visible")
        button.click()
        button.wait_for(state="hidden")
        seen.page.wait_for_timeout(300)
        assert (
            seen.page.evaluate("() => document.querySelector('.aleppo-plot')._fullLayout.xaxis.range")
            == whole
        )


def test_a_table_is_sorted_by_keyboard_and_says_how(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    page = first_with(built_book, 'class="aleppo-table')
    first_column = (
        "() => [...document.querySelectorAll('.aleppo-table tbody tr')].map((row) => row.textContent)"
    )
    with visit(chromium, served_book + page) as seen:
        before = seen.page.evaluate(first_column)
        head = seen.page.locator(".aleppo-table th").first
        head.locator("button").focus()
        for order in ("ascending", "descending"):
            seen.page.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == order
        assert sorted(seen.page.evaluate(first_column)) == sorted(before)
        seen.page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") is None
        assert seen.page.evaluate(first_column) == before


def test_the_search_finds_the_city_from_a_disk(chromium: Browser, built_book: Path) -> None:
    with visit(chromium, (built_book / "search.html").as_uri() + "?q=Aleppo") as seen:
        seen.page.locator("#search-results li a").first.wait_for()
        assert seen.outside() == []
        assert seen.complaints == []
