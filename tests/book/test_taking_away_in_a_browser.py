"""What can be taken away of a figure and a table, as a reader with a keyboard meets it; and what print leaves out."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aleppo.show.assets import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.built]

CHAPTER, VOTES = "notebooks/who-counts.html", "notebooks/security-council.html"
FOLDS = "details.aleppo-take"
FOCUSED = """() => {
  const at = document.activeElement;
  return [at.tagName, at.textContent, at.hasAttribute('download')];
}"""
HIDDEN_IN_PRINT = (
    f"{FOLDS}, .aleppo-more, .bd-sidebar-primary, .prev-next-footer, .cell_input, .headerlink, .copybtn"
)


@pytest.fixture(scope="module")
def chapter(served_book: str, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(accept_downloads=True)
    page.goto(served_book + CHAPTER)
    yield page
    page.close()


def test_every_figure_and_table_has_one_fold_and_it_is_closed(chapter: Page) -> None:
    exhibits = chapter.locator(".aleppo-figure, .aleppo-table")
    assert exhibits.count() >= 4
    for number in range(exhibits.count()):
        assert exhibits.nth(number).locator(FOLDS).count() == 1
    assert chapter.locator(f"{FOLDS}[open]").count() == 0


def test_the_keyboard_opens_a_fold_reaches_its_links_and_closes_it(chapter: Page) -> None:
    fold = chapter.locator(FOLDS).first
    fold.locator("summary").focus()
    chapter.keyboard.press("Enter")
    assert fold.get_attribute("open") is not None
    chapter.keyboard.press("Tab")
    assert chapter.evaluate(FOCUSED) == ["A", "Data (CSV)", True]
    fold.locator("summary").focus()
    chapter.keyboard.press("Space")
    assert fold.get_attribute("open") is None


def test_a_link_gives_the_file_that_is_in_the_book(chapter: Page, built_book: Path) -> None:
    fold = chapter.locator(f".aleppo-table {FOLDS}").first
    fold.locator("summary").click()
    with chapter.expect_download() as waiting:
        fold.get_by_role("link", name="Excel workbook (XLSX)").click()
    name = waiting.value.suggested_filename
    assert Path(waiting.value.path()).read_bytes() == (built_book / "_static" / "tables" / name).read_bytes()


def test_the_citation_can_be_copied_and_the_place_linked_to(chapter: Page) -> None:
    fold = chapter.locator(f".aleppo-figure {FOLDS}").first
    fold.locator("summary").click()
    assert fold.locator("button.copybtn").count() == 1
    fold.get_by_role("link", name="Link to this figure").click()
    assert chapter.url.partition("#")[2].startswith("fig-")


def test_open_folds_are_accessible_in_light_and_dark(chapter: Page) -> None:
    script = axe()
    if script is None:
        pytest.skip("axe-core was not fetched")
    chapter.evaluate(f"() => document.querySelectorAll('{FOLDS}').forEach((fold) => {{ fold.open = true; }})")
    chapter.evaluate(script.read_text(encoding="utf-8"))
    for mode in ("light", "dark"):
        chapter.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
        found = chapter.evaluate(
            "(scope) => axe.run({ include: [[scope]] }, { resultTypes: ['violations'] })", FOLDS
        )
        serious = [one for one in found["violations"] if one["impact"] in ("serious", "critical")]
        assert [(one["id"], [node["html"][:90] for node in one["nodes"]][:3]) for one in serious] == []


def test_print_leaves_out_what_can_only_be_clicked(chapter: Page) -> None:
    chapter.evaluate(f"() => document.querySelectorAll('{FOLDS}').forEach((fold) => {{ fold.open = true; }})")
    chapter.emulate_media(media="print")
    shown = "(all) => [...document.querySelectorAll(all)].filter((each) => each.checkVisibility()).length"
    assert chapter.evaluate(shown, HIDDEN_IN_PRINT) == 0


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")
def test_the_head_of_a_table_is_on_each_of_its_printed_pages(
    served_book: str, chromium: Browser, tmp_path: Path
) -> None:
    page = chromium.new_page()
    page.goto(served_book + VOTES)
    page.wait_for_selector("#rows-council-votes .aleppo-sort")
    page.pdf(path=tmp_path / "votes.pdf", format="A4", page_ranges="1-9")
    page.close()
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "votes.pdf", "-"], capture_output=True, text=True, check=True
    )
    pages = text.stdout.split("\f")
    [first] = [
        number for number, words in enumerate(pages) if "Votes of the Security Council on Syria:" in words
    ]
    assert all("Outcome" in words for words in pages[first : first + 3])
