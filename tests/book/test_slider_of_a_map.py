"""The slider of a map: moved by keyboard, played and paused, read out in words; nothing of it in print."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from page_visits import readers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.built]

PAGE = "notebooks/who-held-the-city.html"
MAP = "#plot-city-map"
DRAWN = f"() => document.querySelector('{MAP}').dataset.state === 'drawn'"
# How many corners of outlines each colour has: what is seen of who holds what.
COLOURS = f"""() => Object.fromEntries(document.querySelector('{MAP} .aleppo-plot')._fullData
  .filter((trace) => trace.fill === 'toself' && !trace.showlegend)
  .map((trace) => [trace.fillpattern?.fgcolor || trace.fillcolor, (trace.x || []).length]))"""


@contextlib.contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[tuple[Page, list[str]]]:
    asked: list[str] = []
    with readers(browser, (1280, 900), **options) as context:
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        yield page, asked


@pytest.fixture
def address(served_book: str, built_book: Path) -> str:
    if not (built_book / PAGE).is_file() or 'class="aleppo-steps"' not in (built_book / PAGE).read_text():
        pytest.skip("no page with a slider in this book")
    return served_book + PAGE


def drawn(page: Page) -> Locator:
    page.locator(MAP).scroll_into_view_if_needed()
    page.wait_for_function(DRAWN)
    return page.locator(f"{MAP} .aleppo-steps")


def test_the_slider_moves_by_keyboard_and_changes_colours_and_sentence(
    chromium: Browser, address: str
) -> None:
    with opened(chromium, address) as (page, asked):
        steps = drawn(page)
        before, colours = steps.locator("p").inner_text(), page.evaluate(COLOURS)
        was = page.evaluate(f"() => JSON.stringify(({COLOURS})())")
        slider = steps.get_by_role("slider", name="Date")
        slider.focus()
        page.keyboard.press("End")
        page.wait_for_function(f"(was) => JSON.stringify(({COLOURS})()) !== was", arg=was)
        assert "22\u00a0December 2016" in steps.locator("p").inner_text()
        assert steps.locator("output").inner_text() == slider.get_attribute("aria-valuetext")
        assert steps.locator("p").inner_text() != before
        assert page.evaluate(COLOURS) != colours
        page.keyboard.press("ArrowLeft")
        assert steps.locator("output").inner_text() == "21\u00a0December 2016"
        assert [one for one in asked if not one.startswith("http://127.0.0.1:")] == []


def test_the_sentence_is_announced_except_while_the_map_plays(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as (page, _):
        steps = drawn(page)
        button, words = steps.get_by_role("button"), steps.locator("p")
        assert words.get_attribute("aria-live") == "polite"
        first = steps.locator("output").inner_text()
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_function(
            f"(first) => document.querySelector('{MAP} output').textContent !== first", arg=first
        )
        assert (button.inner_text(), words.get_attribute("aria-live")) == ("Pause", "off")
        page.keyboard.press("Enter")
        stopped = steps.locator("output").inner_text()
        page.wait_for_timeout(1200)
        assert steps.locator("output").inner_text() == stopped
        assert (button.inner_text(), words.get_attribute("aria-live")) == ("Play", "polite")


def test_who_asked_for_less_motion_is_taken_one_date_at_a_time(chromium: Browser, address: str) -> None:
    with opened(chromium, address, reduced_motion="reduce") as (page, _):
        steps = drawn(page)
        button = steps.get_by_role("button", name="Next date")
        place = int(steps.locator("input").input_value())
        button.click()
        page.wait_for_timeout(1200)
        assert int(steps.locator("input").input_value()) == place + 1


def test_the_date_stays_when_the_page_turns_dark(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as (page, _):
        steps = drawn(page)
        steps.locator("input").focus()
        page.keyboard.press("End")
        page.wait_for_timeout(500)
        light = page.evaluate(COLOURS)
        page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
        page.wait_for_function(f"(was) => Object.keys(({COLOURS})())[0] !== was", arg=next(iter(light)))
        assert list(page.evaluate(COLOURS).values()) == list(light.values())


def test_print_and_a_page_without_scripts_show_no_slider(chromium: Browser, address: str) -> None:
    with opened(chromium, address) as (page, _):
        page.emulate_media(media="print")
        assert not page.locator(f"{MAP} .aleppo-steps").is_visible()
    with opened(chromium, address, java_script_enabled=False) as (page, _):
        assert not page.locator(f"{MAP} .aleppo-steps").is_visible()
        assert page.locator(f"{MAP} .aleppo-light").is_visible()
