"""Every page from a server on a wide screen, in one visit: light, then dark and light again, then printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from page_visits import UNSEEN_FOCUS, WIDE, Visit, is_read_without_trouble, readers, visit

from aleppo.show import theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.built]

INK_OF_PLOTS = """() => [...document.querySelectorAll('.aleppo-plot .xtick text, .aleppo-plot .ytick text')]
  .map((text) => getComputedStyle(text).fill)"""
RECOLOURED = """(before) => ![...document.querySelectorAll('.aleppo-plot :is(.xtick, .ytick) text')]
  .some((text) => getComputedStyle(text).fill === before)"""
STILLS_SEEN = """() => [...document.querySelectorAll('.aleppo-figure')].map((figure) =>
  [...figure.querySelectorAll('.aleppo-still')].filter((still) =>
    still.offsetWidth > 100 && still.offsetHeight > 100 && getComputedStyle(still).visibility === 'visible' &&
    still.complete && still.naturalWidth > 100).length)"""
STILLS_COME = (
    "() => [...document.querySelectorAll('.aleppo-figure .aleppo-light')].every((still) => still.complete)"
)


@pytest.fixture(scope="module")
def desk(chromium: Browser) -> Iterator[BrowserContext]:
    with readers(chromium, WIDE, color_scheme="light") as context:
        yield context


def test_a_page_on_a_desk(desk: BrowserContext, served_book: str, page_path: str) -> None:
    with visit(desk, served_book + page_path) as seen:
        is_read_without_trouble(seen)
        seen.page.keyboard.press("Tab")  # from now on the browser shows the focus of a keyboard
        assert seen.page.evaluate(UNSEEN_FOCUS) == []
        turns_dark_and_back(seen)
        assert seen.barriers() == []
        is_printed_with_stills(seen)
        assert seen.complaints == []


def turns_dark_and_back(seen: Visit) -> None:
    """Figures follow the switch of the page without a new load, and stay what they were."""
    light, dark = theme.PALETTE["muted"]
    before = seen.page.evaluate(INK_OF_PLOTS)
    for mode, shade, other in (("dark", dark, light), ("light", light, dark)):
        seen.page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
        seen.page.wait_for_function(RECOLOURED, arg=ink(other), timeout=10_000)
        after = seen.page.evaluate(INK_OF_PLOTS)
        assert len(after) == len(before)
        assert before == [] or ink(shade) in after


def ink(shade: str) -> str:
    return "rgb(" + ", ".join(str(int(shade[at : at + 2], 16)) for at in (1, 3, 5)) + ")"


def is_printed_with_stills(seen: Visit) -> None:
    """On paper each figure is its still in light colours, from a dark page too, and no plot."""
    seen.page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    seen.page.emulate_media(media="print")
    seen.page.wait_for_function(STILLS_COME)
    assert set(seen.page.evaluate(STILLS_SEEN)) <= {1}
    for plot in seen.page.locator(".aleppo-plot").all():
        assert not plot.is_visible()
