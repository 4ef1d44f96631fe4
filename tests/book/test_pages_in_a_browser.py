"""The built pages in a reader's hands: what is fetched when, zoom, order of a table, keyboard, motion, colours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from page_visits import SCROLL, SETTLED, WIDE, Visit, readers
from page_visits import visit as visit_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.built]

STILLS_SEEN = """() => [...document.querySelectorAll('.aleppo-figure')].map((figure) =>
  [...figure.querySelectorAll('.aleppo-still')].filter((still) =>
    still.offsetWidth > 100 && still.offsetHeight > 100 && getComputedStyle(still).visibility === 'visible' &&
    still.complete && still.naturalWidth > 100).length)"""


@contextlib.contextmanager
def visit(browser: Browser, address: str, size: tuple[int, int] = WIDE, **options: Any) -> Iterator[Visit]:
    with readers(browser, size, **options) as context, visit_in(context, address) as seen:
        yield seen


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
    far = "() => document.querySelector('.aleppo-figure').getBoundingClientRect().top > 2 * innerHeight + 50"
    for page in pages_with(built_book, 'class="aleppo-figure"'):
        if 'rel="preload" as="script"' in (built_book / page).read_text(encoding="utf-8"):
            continue  # its first figure is near whoever opens it
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


def test_plotly_is_asked_for_at_once_where_a_figure_is_near_and_fetched_once(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    near = pages_with(built_book, 'rel="preload" as="script"')
    assert len(near) > 10
    with visit(chromium, served_book + near[0]) as seen:
        seen.read_through()
        assert len([address for address in seen.asked if "plotly" in address]) == 1
        assert seen.page.evaluate(
            "() => document.querySelector('article').textContent.length > 0"
            " && performance.getEntriesByName(document.querySelector('link[rel=preload][as=script]').href).length"
        )


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


# the arrow that is drawn beside a head
SIGN = "(button) => getComputedStyle(button, '::after').content"


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
        assert head.locator("button").evaluate(SIGN) == '"↕"'
        for order, sign in (("ascending", '"↑"'), ("descending", '"↓"')):
            seen.page.keyboard.press("Enter")
            assert head.get_attribute("aria-sort") == order
            assert head.locator("button").evaluate(SIGN) == sign
        assert sorted(seen.page.evaluate(first_column)) == sorted(before)
        seen.page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") is None
        assert seen.page.evaluate(first_column) == before
        seen.page.keyboard.press("Space")
        seen.page.emulate_media(media="print")
        assert head.locator("button").evaluate(SIGN) == "none"


def test_the_search_finds_the_city_from_a_disk(chromium: Browser, built_book: Path) -> None:
    with visit(chromium, (built_book / "search.html").as_uri() + "?q=Aleppo") as seen:
        seen.page.locator(".aleppo-search .aleppo-finds li a").first.wait_for()
        assert seen.outside() == []
        assert seen.complaints == []


def chapter_with_figures(built_book: Path) -> str:
    """A chapter with several figures, and short enough to go through with the tabulator."""
    pages = pages_with(built_book, 'class="aleppo-figure"')
    pages = [
        page for page in pages if (built_book / page).read_text(encoding="utf-8").count("aleppo-figure") > 3
    ]
    if not pages:
        pytest.skip("no page with several figures")
    return min(pages, key=lambda page: (built_book / page).stat().st_size)


WHERE = """() => { const here = document.activeElement; return here === document.body ? null :
  [here.tagName, here.id, here.className, here.textContent.slice(0, 40)].join('|'); }"""
REACHABLE = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')]
  .filter((element) => !element.disabled && element.tabIndex === 0 && !element.closest('[inert], dialog:not([open])')
    && element.checkVisibility({ visibilityProperty: true })).length"""


def test_a_chapter_is_gone_through_by_keyboard_from_the_skip_link_to_its_end_and_back(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    with visit(chromium, served_book + chapter_with_figures(built_book)) as seen:
        seen.read_through()
        seen.page.evaluate("() => scrollTo(0, 0)")
        seen.page.keyboard.press("Tab")
        skip = seen.page.locator("#pst-skip-link a")
        assert skip.evaluate("(link) => link === document.activeElement")
        seen.page.wait_for_timeout(500)  # it slides in
        box = skip.bounding_box()
        assert box and box["y"] >= 0 and box["x"] >= 0
        total, been = seen.page.evaluate(REACHABLE), [seen.page.evaluate(WHERE)]
        while len(been) < total + 10:
            seen.page.keyboard.press("Tab")
            here = seen.page.evaluate(WHERE)
            if here is None:
                break
            been.append(here)
        assert here is None, f"the tabulator does not leave the page: {been[-5:]}"
        assert len(been) >= total - 2
        assert any("DETAILS" in one or "SUMMARY" in one for one in been)
        seen.page.keyboard.press("Shift+Tab")
        assert seen.page.evaluate(WHERE) == been[-1]
        # and the skip link leads into the text
        skip.focus()
        seen.page.keyboard.press("Enter")
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate("() => document.querySelector('main').contains(document.activeElement)")


def test_the_rows_of_a_chart_are_a_table_in_a_fold_opened_by_keyboard(
    chromium: Browser, built_book: Path
) -> None:
    page = chapter_with_figures(built_book)
    with visit(chromium, (built_book / page).as_uri()) as seen:
        fold = seen.page.locator("details.aleppo-data").first
        assert fold.locator("table").count() == 0
        fold.locator("summary").focus()
        seen.page.keyboard.press("Enter")
        fold.locator("tbody tr").first.wait_for()
        name = fold.get_attribute("data-of")
        lines = (built_book / "_static" / "figures" / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        assert fold.locator("th").all_text_contents() == lines[0].split(",")
        assert f"({fold.locator('tbody tr').count():,}\u00a0row" in fold.locator("summary").inner_text()
        assert seen.complaints == []


def test_a_source_is_told_by_pointer_and_by_keyboard_and_put_away_by_escape(
    chromium: Browser, built_book: Path
) -> None:
    page = first_with(built_book, 'class="bibtex-citation"')
    with visit(chromium, (built_book / page).as_uri()) as seen:
        link = seen.page.locator(".bibtex-citation a.reference:visible").first
        told = seen.page.locator("#aleppo-source")
        assert not [address for address in seen.asked if "source-list" in address]
        for come in (link.hover, link.focus):
            come()
            told.wait_for(state="visible")
            box = told.bounding_box()
            assert box and box["x"] >= 0 and box["x"] + box["width"] <= WIDE[0]
            assert link.get_attribute("aria-describedby") == "aleppo-source"
            assert len(told.inner_text()) > 20
            seen.page.keyboard.press("Escape")
            told.wait_for(state="hidden")
            seen.page.mouse.move(0, 0)
        assert len([address for address in seen.asked if "source-list" in address]) == 1
        assert seen.complaints == []


def test_nothing_moves_for_readers_who_want_less_motion(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    moving = """() => [...document.querySelectorAll('*')].flatMap((element) =>
      ['', '::before', '::after'].filter((part) => {
        const { transitionDuration, animationDuration, scrollBehavior } = getComputedStyle(element, part || null);
        return `${transitionDuration},${animationDuration}`.split(',').some((time) => parseFloat(time) > 0)
          || scrollBehavior === 'smooth';
      }).map((part) => element.tagName + '.' + element.className + part)).slice(0, 5)"""
    with visit(chromium, served_book + chapter_with_figures(built_book), reduced_motion="reduce") as seen:
        seen.read_through()
        assert seen.page.evaluate(moving) == []


def test_charts_keep_their_ground_under_colours_of_the_readers_own(
    chromium: Browser, served_book: str, built_book: Path
) -> None:
    page = first_with(built_book, 'class="aleppo-figure"')
    ground = "() => getComputedStyle(document.querySelector('.aleppo-box')).backgroundColor"
    with visit(chromium, served_book + page, forced_colors="active", color_scheme="dark") as seen:
        seen.read_through()
        dark = seen.page.evaluate(
            "() => getComputedStyle(document.documentElement).getPropertyValue('--pst-color-background')"
        )
        probe = (
            "(colour) => { const one = document.createElement('i'); one.style.cssText = `forced-color-adjust: none;"
            " background: ${colour}`; document.body.append(one); return getComputedStyle(one).backgroundColor; }"
        )
        assert seen.page.evaluate(ground) == seen.page.evaluate(probe, dark)
        # what is pressed and typed into has an edge there
        edges = seen.page.evaluate(
            "() => [...document.querySelectorAll('main :is(button, input, select)')]"
            ".filter((one) => one.checkVisibility() && one.type !== 'range')"
            ".filter((one) => parseFloat(getComputedStyle(one).borderTopWidth) === 0 && !one.closest('th, summary'))"
            ".map((one) => one.outerHTML.slice(0, 90))"
        )
        assert edges == []
