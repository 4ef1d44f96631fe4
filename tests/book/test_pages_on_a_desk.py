"""Every page from a server on a wide screen, in one visit: light, then dark, then printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from page_visits import UNSEEN_FOCUS, WIDE, Visit, is_read_without_trouble, readers, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

pytestmark = [pytest.mark.browser, pytest.mark.built]

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
        seen.turn("dark")
        assert seen.barriers() == []
        is_printed_with_stills(seen)
        assert seen.complaints == []


def is_printed_with_stills(seen: Visit) -> None:
    """On paper each figure is its still in light colours, from a dark page too, and no plot."""
    seen.page.emulate_media(media="print")
    seen.page.wait_for_function(STILLS_COME)
    assert set(seen.page.evaluate(STILLS_SEEN)) <= {1}
    for plot in seen.page.locator(".aleppo-plot").all():
        assert not plot.is_visible()
