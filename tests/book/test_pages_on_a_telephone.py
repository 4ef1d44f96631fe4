"""Every page from a disk on a telephone, dark from the start and then light, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_visits import MAY_BE_WIDER, NARROW, WIDE, WIDER, is_read_without_trouble, readers, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.built]

# Stills that are no picture where no script draws: not there, too small, or the one for dark pages.
STILLS_MISSED = """() => [...document.querySelectorAll('.aleppo-figure')].filter((figure) => {
  const [light, dark] = ['.aleppo-light', '.aleppo-dark'].map((kind) => figure.querySelector(kind));
  return !(light.offsetWidth > 100 && light.offsetHeight > 100) || dark.offsetWidth > 0;
}).map((figure) => figure.id)"""


# Labels of charts that the edge of their chart cuts.
CUT = """() => [...document.querySelectorAll('.aleppo-plot')].flatMap((plot) => {
  const edge = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('g.annotation')].filter((label) => {
    const { left, right, width } = label.getBoundingClientRect();
    return width > 0 && width < edge.width && (left < edge.left - 1 || right > edge.right + 1);
  }).map((label) => label.textContent);
})"""


@pytest.fixture(scope="module")
def telephone(chromium: Browser) -> Iterator[BrowserContext]:
    with readers(chromium, NARROW, color_scheme="dark", has_touch=True, is_mobile=True) as context:
        yield context


@pytest.fixture(scope="module")
def without_scripts(chromium: Browser) -> Iterator[BrowserContext]:
    with readers(chromium, WIDE, java_script_enabled=False) as context:
        yield context


def test_a_page_on_a_telephone(telephone: BrowserContext, built_book: Path, page_path: str) -> None:
    with visit(telephone, (built_book / page_path).as_uri()) as seen:
        assert seen.page.evaluate("() => document.documentElement.dataset.theme") == "dark"
        is_read_without_trouble(seen)
        assert seen.page.evaluate(CUT) == []
        assert seen.page.evaluate(WIDER, MAY_BE_WIDER) == []
        assert seen.page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
        seen.turn("light")
        assert seen.barriers() == []
        assert seen.complaints == []


def test_a_narrow_window_at_a_desk_has_nothing_past_its_edge(
    chromium: Browser, built_book: Path, figures_path: str
) -> None:
    with readers(chromium, NARROW) as context:
        page = context.new_page()
        page.goto((built_book / figures_path).as_uri())
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_page_without_scripts_shows_every_still(
    without_scripts: BrowserContext, served_book: str, figures_path: str
) -> None:
    with visit(without_scripts, served_book + figures_path) as seen:
        assert seen.page.evaluate(STILLS_MISSED) == []
        assert seen.outside() == []
        # a script that was asked for ahead is given up
        assert [each for each in seen.complaints if not each.endswith("/plotly.min.js")] == []


# Days below the maps of the cover that stand on one another or run over the edge of the page.
DAYS_OVER = """() => {
  const boxes = [...document.querySelectorAll('.aleppo-strip-side > span > span')].map((day) => {
    const words = document.createRange();
    words.selectNodeContents(day);
    return words.getBoundingClientRect();
  });
  const over = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  return [boxes.length, boxes.filter((a, place) => a.right > document.documentElement.clientWidth
    || boxes.slice(place + 1).some((b) => over(a, b))).length];
}"""


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_days_of_the_cover_stand_apart(chromium: Browser, built_book: Path, width: int) -> None:
    with readers(chromium, (width, 900)) as context:
        page = context.new_page()
        page.goto((built_book / "book/index.html").as_uri())
        assert page.evaluate(DAYS_OVER) == [8, 0]
