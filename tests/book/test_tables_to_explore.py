"""Search and filters of the book's long tables, in a real browser, from a disk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.built]

ROWS = "#rows-events tbody tr"
SHOWN = f"{ROWS}:visible"


@pytest.fixture
def timeline(built_book: Path, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.goto((built_book / "notebooks" / "events-timeline.html").as_uri())
    page.wait_for_selector(".aleppo-explore")
    yield page
    page.close()


def test_words_in_any_order_narrow_the_rows_and_the_count_is_said(timeline: Page) -> None:
    total = timeline.locator(ROWS).count()
    timeline.get_by_role("searchbox", name="Search").fill("Road CASTELLO")
    texts = timeline.locator(SHOWN).all_text_contents()
    assert 0 < len(texts) < total
    assert all("castello" in text.lower() and "road" in text.lower() for text in texts)
    assert timeline.locator(".aleppo-explore output").text_content() == f"{len(texts)} of {total} rows"


def test_letters_are_found_without_their_accents(timeline: Page) -> None:
    timeline.get_by_role("searchbox", name="Search").fill("medecins sans frontieres")
    assert timeline.locator(SHOWN).count() > 0


def test_a_filter_shows_as_many_rows_as_it_promises_and_all_come_back(timeline: Page) -> None:
    total = timeline.locator(ROWS).count()
    choices = timeline.get_by_label("Subject")
    label = choices.locator("option").nth(1).text_content() or ""
    choices.select_option(index=1)
    assert timeline.locator(SHOWN).count() == int(label.rsplit("(", 1)[1].rstrip(")"))
    timeline.get_by_role("button", name="Show all").click()
    timeline.wait_for_function(f"() => document.querySelectorAll('{ROWS}:not([hidden])').length === {total}")


def test_rows_stay_filtered_when_they_are_sorted(timeline: Page) -> None:
    timeline.get_by_role("searchbox", name="Search").fill("castello")
    before = sorted(timeline.locator(SHOWN).all_text_contents())
    timeline.locator("#rows-events thead button").nth(1).click()
    assert sorted(timeline.locator(SHOWN).all_text_contents()) == before


def test_on_a_telephone_each_cell_names_its_column(timeline: Page) -> None:
    timeline.set_viewport_size({"width": 390, "height": 844})
    cell = timeline.locator(f"{SHOWN} td").first
    assert "When" in cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert timeline.evaluate("document.documentElement.scrollWidth <= innerWidth")
