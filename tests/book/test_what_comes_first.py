"""What a page loads in which order: what is seen first comes first, and nothing is lost by that."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from page_visits import NARROW, SHIFTS, WIDE, Visit, readers, visit

from aleppo.bookkit.web_fonts import FIRST, FIRST_BESIDES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

pytestmark = [pytest.mark.browser, pytest.mark.built]

ASKED_AT_ONCE = '<link rel="preload" as="script"'
# The files in the order in which they were asked for.
ORDER = (
    "() => performance.getEntriesByType('resource').map((entry) => entry.name.replace(/.*\\/|\\?.*/g, ''))"
)


def summary(language: str) -> str:
    """The page that tells the book in another language."""
    return f"book/summary-{language}.html"


@pytest.fixture(scope="module")
def near(built_book: Path) -> str:
    """A chapter that asks for plotly while it is read."""
    return next(
        path.relative_to(built_book).as_posix()
        for path in sorted((built_book / "notebooks").glob("*.html"))
        if ASKED_AT_ONCE in path.read_text(encoding="utf-8")
    )


def test_the_style_is_asked_for_before_the_page_is_held_up_and_plotly_next(
    built_book: Path, near: str
) -> None:
    head = (built_book / near).read_text(encoding="utf-8").partition("</head>")[0]
    marks = ('as="style"', "aleppo-mode.js", ASKED_AT_ONCE, 'rel="stylesheet"', "aleppo-later.js")
    # of the two the style sheet has the line to itself, and a page is seen before its charts work
    places = [head.rindex(mark) for mark in marks]
    assert places == sorted(places)
    scripts = re.findall(r'<script defer src="[^"]*?([\w-]+\.js)', head)
    assert scripts[0] == "aleppo-later.js" and scripts[-1] == "aleppo-figure.js"
    assert "aleppo-book.js" not in scripts


def test_what_no_figure_waits_for_comes_after_plotly_and_before_the_page_says_it_is_there(
    chromium: Browser, served_book: str, near: str
) -> None:
    with readers(chromium, WIDE) as context, visit(context, served_book + near) as seen:
        order = seen.page.evaluate(ORDER)
        assert order.index("plotly.min.js") < order.index("aleppo-book.js") < order.index("aleppo-search.js")
        assert order.count("plotly.min.js") == 1


def test_what_no_figure_waits_for_is_asked_for_when_the_first_figure_is_drawn(
    chromium: Browser, served_book: str, near: str
) -> None:
    watch = """() => new MutationObserver((_, observer) => {
      if (!document.querySelector('.aleppo-figure[data-state="drawn"]')) return;
      window.firstDrawn = performance.now();
      observer.disconnect();
    }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'] })"""
    with readers(chromium, NARROW) as context:
        page = context.new_page()
        page.add_init_script(f"({watch})()")
        held: list[Route] = []
        page.route("**/plotly.min.js", lambda route: held.append(route))
        page.goto(served_book + near, wait_until="domcontentloaded")
        page.locator(".aleppo-figure").first.scroll_into_view_if_needed()
        page.wait_for_function("() => document.querySelector('.aleppo-figure[data-state=loading]')")
        held[0].continue_()
        entry = "performance.getEntriesByType('resource').find((one) => /aleppo-book.js/.test(one.name))"
        page.wait_for_function(f"() => window.firstDrawn && {entry}")
        asked = page.evaluate(f"() => {entry}.startTime")
        # the observer is told of the drawing after the task that did both
        assert asked >= page.evaluate("() => window.firstDrawn") - 50


@pytest.mark.parametrize("sign", ["a key is pressed", "it failed"])
def test_a_page_whose_plotly_does_not_come_has_all_else(
    chromium: Browser, served_book: str, near: str, sign: str
) -> None:
    with readers(chromium, WIDE) as context:
        page = context.new_page()
        page.route("**/plotly.min.js", lambda route: None if sign == "a key is pressed" else route.abort())
        page.goto(served_book + near, wait_until="domcontentloaded")
        if sign == "a key is pressed":
            page.keyboard.press("Tab")
        page.wait_for_function(
            "() => document.querySelector('script[src*=\"aleppo-book.js\"]')", timeout=3_000
        )


def test_a_dark_machine_is_shown_dark_before_the_scripts_of_the_theme_are_there(
    chromium: Browser, served_book: str, near: str
) -> None:
    for scheme in ("dark", "light"):
        with readers(chromium, NARROW, color_scheme=scheme) as context:
            page = context.new_page()
            page.route(
                "**/*.js*", lambda route: route.continue_() if "mode" in route.request.url else route.abort()
            )
            page.goto(served_book + near)
            assert page.evaluate("() => document.documentElement.dataset.theme") == scheme


def test_the_letters_of_the_book_wait_for_the_second_page_of_a_telephone(
    chromium: Browser, served_book: str, near: str
) -> None:
    letters = (
        "() => getComputedStyle(document.querySelector('article p')).fontFamily.includes('Source Sans 3')"
    )
    with readers(chromium, NARROW) as context:
        with visit(context, served_book + near) as seen:
            assert not seen.page.evaluate(letters)
            seen.page.wait_for_function("() => localStorage.getItem('letters') === 'here'")
        with visit(context, served_book + near) as seen:
            assert seen.page.evaluate(letters)
    with readers(chromium, WIDE) as context, visit(context, served_book + near) as seen:
        assert seen.page.evaluate(letters)


@pytest.mark.parametrize("language", sorted(FIRST_BESIDES))
def test_a_page_in_another_language_has_its_letters_asked_for_ahead(
    chromium: Browser, served_book: str, built_book: Path, language: str
) -> None:
    wanted = {FIRST, *FIRST_BESIDES[language].files}
    assert wanted <= {path.name for path in (built_book / "_static" / "fonts").iterdir()}
    with readers(chromium, WIDE) as context, visit(context, served_book + summary(language)) as seen:
        # all of them: a heading is in bold letters
        assert wanted <= set(seen.page.evaluate(ORDER)[:6])
        seen.page.wait_for_function("() => document.documentElement.dataset.held === 'over'")
        assert seen.moved() == []


@pytest.mark.parametrize("language", sorted(FIRST_BESIDES))
def test_a_page_in_another_language_is_read_without_its_letters_when_they_are_late(
    chromium: Browser, served_book: str, language: str
) -> None:
    late: list[Route] = []
    with readers(chromium, WIDE) as context:
        page = context.new_page()
        page.add_init_script(f"({SHIFTS})()")
        for name in FIRST_BESIDES[language].files:
            page.route(f"**/{name}", lambda route: late.append(route))
        page.goto(served_book + summary(language), wait_until="commit")
        page.locator("article h1").wait_for(state="visible")
        assert page.evaluate("() => document.documentElement.dataset.held") == "late"
        for route in late:
            route.continue_()
        page.wait_for_function(
            "() => document.readyState === 'complete' && document.fonts.status === 'loaded'"
        )
        own = page.evaluate("() => getComputedStyle(document.querySelector('article div[lang]')).fontFamily")
        assert not own.startswith(("Amiri", '"Source Sans 3"'))
        assert len(late) >= len(FIRST_BESIDES[language].files)
        assert Visit(page).moved() == []


def test_on_a_telephone_a_page_in_arabic_does_not_move_when_its_letters_come(
    chromium: Browser, served_book: str
) -> None:
    shown = (
        "() => getComputedStyle(document.querySelector('article div[lang=ar]')).fontFamily.includes('Amiri')"
    )
    with readers(chromium, WIDE) as context, visit(context, served_book + summary("ar")) as seen:
        assert seen.page.evaluate(shown)
    with readers(chromium, NARROW) as context:
        with visit(context, served_book + summary("ar")) as seen:
            assert not seen.page.evaluate(shown)
            seen.page.wait_for_function("() => localStorage.getItem('arabic') === 'here'")
            assert seen.moved() == []
        with visit(context, served_book + summary("ar")) as seen:
            assert seen.page.evaluate(shown)
            assert seen.moved() == []


def test_a_telephone_fetches_the_letters_of_a_page_in_russian_after_it_was_read(
    chromium: Browser, served_book: str
) -> None:
    with readers(chromium, NARROW) as context, visit(context, served_book + summary("ru")) as seen:
        seen.page.wait_for_function("() => localStorage.getItem('letters') === 'here'")
        assert set(FIRST_BESIDES["ru"].files) <= set(seen.page.evaluate(ORDER))
        assert seen.moved() == []


def test_a_desk_reads_the_first_page_in_the_letters_of_the_book(
    chromium: Browser, served_book: str, built_book: Path, near: str
) -> None:
    # how much wider words are in the reader's own letters than in those that the page shows
    wider = """() => {
      const words = document.createElement('span');
      words.textContent = 'How long did it last, and who says so?';
      words.style.cssText = 'position: absolute; white-space: nowrap';
      document.querySelector('.bd-article p').appendChild(words);
      const shown = words.getBoundingClientRect().width;
      words.style.fontFamily = 'var(--pst-font-family-base-system)';
      const own = words.getBoundingClientRect().width;
      words.remove();
      return own / shown;
    }"""
    with readers(chromium, WIDE) as context:
        for address in (served_book + near, (built_book / near).as_uri()):
            with visit(context, address) as seen:
                seen.page.wait_for_function("() => document.fonts.status === 'loaded'")
                assert seen.page.evaluate(wider) != pytest.approx(1, abs=0.02)
                assert seen.complaints == []
        # of a page from a server nothing moves for that
        with visit(context, served_book + near) as seen:
            assert seen.moved() == []
