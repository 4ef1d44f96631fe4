"""Definitions on links to the glossary: by pointer and keyboard, put away by Escape, in the window, not in print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_visits import opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.built]

PAGE = "book/methods.html"
SHOWN = ".aleppo-definition:visible"
BOX = """() => {
  const tips = [...document.querySelectorAll('.aleppo-definition')];
  const box = tips.find((tip) => tip.getClientRects().length).getBoundingClientRect();
  return [box.left, box.top, innerWidth - box.right, innerHeight - box.bottom].map(Math.floor);
}"""


@pytest.fixture
def address(served_book: str, built_book: Path) -> str:
    if not (built_book / PAGE).is_file():
        pytest.skip("no page on methods in this book")
    return served_book + PAGE


@pytest.mark.parametrize("width", [1280, 390])
def test_every_definition_is_inside_the_window_when_the_pointer_is_on_its_link(
    chromium: Browser, address: str, width: int
) -> None:
    with opened(chromium, address, width) as page:
        links = page.locator(".aleppo-term > a")
        assert links.count() > 10
        for number in range(links.count()):
            links.nth(number).scroll_into_view_if_needed()
            links.nth(number).hover()
            assert page.locator(SHOWN).count() == 1
            assert min(page.evaluate(BOX)) >= 0
            page.mouse.move(0, 0)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_keyboard_shows_a_definition_and_escape_puts_it_away(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as page:
        link = page.locator(".aleppo-term > a").first
        link.focus()
        assert page.locator(SHOWN).get_attribute("id") == link.get_attribute("aria-describedby")
        page.keyboard.press("Escape")
        assert page.locator(SHOWN).count() == 0
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        assert page.locator(SHOWN).count() == 1


def test_it_works_without_scripts(chromium: Browser, address: str) -> None:
    with opened(chromium, address, java_script_enabled=False) as page:
        page.locator(".aleppo-term > a").first.hover()
        assert page.locator(SHOWN).count() == 1


def test_print_has_no_definitions(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as page:
        page.locator(".aleppo-term > a").first.focus()
        page.emulate_media(media="print")
        assert page.locator(SHOWN).count() == 0
