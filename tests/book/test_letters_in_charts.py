"""Charts in other letters than the book's, as on a page whose typeface came too late: no word is cut."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from aleppo.show import theme

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.built]

# Two charts whose axes have large numbers and long names
CHARTS = (
    ("notebooks/aid-and-measures.html", "besieged-people"),
    ("notebooks/security-council.html", "council-roll"),
)
WIDENED = """async (family) => {
  if (family) { await document.fonts.load('14px ' + family); }
  const pen = document.createElement('canvas').getContext('2d'), letters = window.aleppoTheme.letters;
  pen.font = '100px ' + window.aleppoTheme.template.layout.font.family;
  return pen.measureText(letters.sample).width / (100 * letters.sample.length * letters.width);
}"""
# The same of the book's own face under a name of its own: a page never changes to letters that came too late.
MEASURED = """async () => {
  const file = document.querySelector('meta[name="aleppo-letters"]').content.split(' ')[0];
  const face = new FontFace('Measured', `url("${file}")`, {weight: '200 900'});
  document.fonts.add(await face.load());
  const pen = document.createElement('canvas').getContext('2d'), letters = window.aleppoTheme.letters;
  pen.font = '100px Measured';
  return pen.measureText(letters.sample).width / (100 * letters.sample.length * letters.width);
}"""
LABELS = """(name) => {
  const plot = document.querySelector(`#plot-${name} .aleppo-plot`), edge = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('.xtick text, .ytick text')].map((text) => {
    const box = text.getBoundingClientRect();
    return {words: text.textContent, size: parseFloat(getComputedStyle(text).fontSize),
            out: Math.max(edge.left - box.left, box.right - edge.right)};
  });
}"""


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def drawn(page: Page, address: str, name: str) -> list[dict[str, Any]]:
    """The labels on the axes of a chart, once it is drawn."""
    page.goto(address)
    page.locator(f"#plot-{name}").scroll_into_view_if_needed()
    page.locator(f"#plot-{name}[data-state=drawn]").wait_for(state="attached")
    labels: list[dict[str, Any]] = page.evaluate(LABELS, name)
    return labels


def test_the_books_own_letters_keep_their_size(page: Page, served_book: str) -> None:
    path, name = CHARTS[0]
    page.goto(f"{served_book}{path}")
    page.evaluate(WIDENED, '"Source Sans 3"')
    labels = drawn(page, f"{served_book}{path}", name)
    if page.evaluate(WIDENED) < 1.03:
        assert max(label["size"] for label in labels) == theme.template()["layout"]["font"]["size"]


@pytest.mark.parametrize(("path", "name"), CHARTS)
def test_wider_letters_are_set_smaller_so_that_no_label_is_cut(
    page: Page, served_book: str, path: str, name: str
) -> None:
    page.route("**/*.woff2", lambda route: route.abort())
    labels = drawn(page, f"{served_book}{path}", name)
    assert len(labels) > 5
    assert [label["words"] for label in labels if label["out"] > 1] == []
    if page.evaluate(WIDENED) > 1.03:
        size = theme.template()["layout"]["font"]["size"]
        assert min(label["size"] for label in labels) < size


def test_the_width_of_the_books_letters_is_known(page: Page, served_book: str) -> None:
    page.goto(f"{served_book}{CHARTS[0][0]}")
    assert page.evaluate(MEASURED) == pytest.approx(1, abs=0.01)
