"""A page of the built book under observation: what it asks for, what it complains of, and what it lacks.

One visit serves many questions, because loading a page and drawing its figures is what takes the time. The scripts
below answer with a list of what is wrong, so that an assertion names it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from aleppo.show import theme
from aleppo.show.assets import axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

WIDE, NARROW = (1280, 900), (390, 844)
# Moves of what a reader sees that no reader asked for, from the first moment on.
SHIFTS = """() => { window.shifted = 0; window.moved = []; new PerformanceObserver((list) =>
  list.getEntries().forEach((entry) => { if (!entry.hadRecentInput) {
    window.shifted += entry.value;
    window.moved.push(...entry.sources.map((source) => (source.node?.outerHTML || String(source.node)).slice(0, 90)));
  } })).observe({ type: 'layout-shift', buffered: true }); }"""
# Scrolls through a page as a reader would, so that each figure is drawn: with a frame at each step, since the page is
# told only in frames what came near, and a busy machine may leave some out.
SCROLL = """async () => {
  if (!document.querySelector('.aleppo-figure')) return;
  for (let y = 0; y < document.body.scrollHeight; y += 800) {
    scrollTo(0, y);
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 25)));
  }
}"""
SETTLED = """() => [...document.querySelectorAll('.aleppo-figure')]
  .every((figure) => ['drawn', 'failed'].includes(figure.dataset.state))"""
INK_OF_PLOTS = """() => [...document.querySelectorAll('.aleppo-plot :is(.xtick, .ytick) text')]
  .map((text) => getComputedStyle(text).fill)"""
STATES = "() => [...document.querySelectorAll('.aleppo-figure')].map((figure) => figure.dataset.state)"
OPEN_FOLDS = "() => document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })"
ROWS_SHOWN = """() => [...document.querySelectorAll('details.aleppo-data')]
  .every((fold) => fold.dataset.state === 'made')"""
# folds fade in, and half-faded text has half its contrast
FADED_IN = """() => Promise.allSettled(document.getAnimations()
  .filter((motion) => motion.effect.getComputedTiming().endTime < Infinity).map((motion) => motion.finished))
  .then(() => true)"""
# The checker takes some seconds for ten thousand elements, most of them like others: of rows, entries, paragraphs,
# links and words of code with the same classes in and around them, only the first two are left in the page.
BARRIERS = """async () => {
  const kinds = new Map();
  const names = (one) =>
    `${one.tagName}.${one.getAttribute('class')}.${one.getAttribute('style')}${one.rowIndex % 2 || ''}`;
  const many = ':is(main, nav) :is(tbody > tr, li, .citation, section > :is(p, dl), :is(td, dd, code, .sig) > *, p a, '
    + 'pre span)';
  document.querySelectorAll(many).forEach((element) => {
    // names of headings and of what can be pressed stay whole
    if (!element.isConnected || element.parentElement.closest('h1, h2, h3, h4, a, button, summary')) return;
    let kind = [...new Set([...element.querySelectorAll('*')].map(names))].sort().join();
    for (let around = element; around; around = around.parentElement) kind += `<${names(around)}`;
    kinds.set(kind, 1 + (kinds.get(kind) || 0));
    if (kinds.get(kind) > 2) element.remove();
  });
  // a drawing is one picture with a name
  document.querySelectorAll('.aleppo-plot svg.main-svg > g').forEach((part) => part.remove());
  // of words on a picture the checker cannot tell how they stand out, and shadows at the edge of what goes on beyond
  // it are pictures
  document.querySelectorAll('.pst-scrollable-table-container, pre').forEach((frame) => {
    frame.style.backgroundImage = 'none';
  });
  const found = await axe.run(document, { resultTypes: ['violations'], preload: false });
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.impact} ${rule.id}: ${node.target} ${node.failureSummary}`));
}"""

# What the checker of accessibility does not look at.
LACKS = r"""() => {
  const wrong = [];
  const say = (what, element) => wrong.push(`${what}: ${element.outerHTML.slice(0, 120)}`);
  const seen = (element) => element.checkVisibility({ visibilityProperty: true });
  const main = document.querySelectorAll('main');
  if (main.length !== 1) wrong.push(`${main.length} main elements`);
  if (!document.documentElement.lang) wrong.push('a page without a language');

  const headings = [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6)')].filter(seen);
  if (headings.filter((one) => one.tagName === 'H1').length !== 1) wrong.push('not one h1');
  let before = 0;
  headings.forEach((one) => {
    const level = Number(one.tagName[1]);
    if (level > before + 1) say(`h${level} after h${before}`, one);
    before = level;
  });

  const skip = document.querySelector('#pst-skip-link a');
  const target = skip && document.querySelector(skip.hash);
  if (!target || document.querySelector('a[href], button, input') !== skip) wrong.push('no skip link at the head');

  const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  if (twice.length) wrong.push(`ids twice: ${twice.slice(0, 5)}`);
  document.querySelectorAll('main :is(a[href], button, summary)').forEach((control) => {
    const words = control.textContent + (control.getAttribute('aria-label') || control.title)
      + [...control.querySelectorAll('img')].map((image) => image.alt).join('');
    if (seen(control) && !words.trim()) say('nothing to say what it is', control);
  });

  document.querySelectorAll('img').forEach((image) => { if (!image.hasAttribute('alt')) say('no alt', image); });
  document.querySelectorAll('.aleppo-figure').forEach((figure) => {
    const drawing = figure.querySelector('.aleppo-plot svg.main-svg');
    const still = figure.querySelector('.aleppo-still');
    if (!figure.getAttribute('aria-label')) say('no name', figure);
    if (still && still.alt.length < 40) say('no description in the still', still);
    if (drawing && (drawing.getAttribute('role') !== 'img' || drawing.getAttribute('aria-label').length < 40))
      say('no description in the drawing', drawing);
    if (!figure.querySelector('details.aleppo-more p')?.textContent) say('no long description', figure);
    if (!figure.querySelector('details.aleppo-data table tbody tr td')) say('no data table', figure);
  });

  document.querySelectorAll('main table').forEach((table) => {
    if (!table.querySelector('th') && !table.matches('.indextable')) say('a table without headings', table);
    const frame = table.closest('.pst-scrollable-table-container');
    if (frame && !frame.getAttribute('aria-label')) say('a frame without a name', frame);
  });
  document.querySelectorAll('main *').forEach((element) => {
    const { overflowX, overflowY } = getComputedStyle(element);
    const scrolls = (/auto|scroll/.test(overflowX) && element.scrollWidth > element.clientWidth + 1)
      || (/auto|scroll/.test(overflowY) && element.scrollHeight > element.clientHeight + 1);
    const within = element.querySelector('a, button, input, [tabindex="0"]');
    if (scrolls && seen(element) && element.tabIndex !== 0 && !within)
      say('it scrolls, but not by keyboard', element);
  });

  const words = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const holder = words.currentNode.parentElement;
    if (!/[\u0600-\u06ff]/.test(words.currentNode.data) || holder.closest('script, svg, pre, code, .pre')) continue;
    // what is not seen, and addresses, which are no words
    if (!seen(holder) || /^https?:/.test(words.currentNode.data)) continue;
    const language = holder.closest('[lang]').lang;
    const side = getComputedStyle(holder).direction;
    if (!language.startsWith('ar') || side !== 'rtl') say(`Arabic set as ${language} ${side}`, holder);
  }
  return wrong;
}"""

# Kinds of elements that can be focused but look the same with the focus of the keyboard and without it.
UNSEEN_FOCUS = r"""() => {
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle === 'none' ? '' : style.outlineWidth, style.boxShadow, style.backgroundColor,
      style.borderColor, style.textDecorationLine, style.textDecorationThickness].join();
  };
  const kinds = new Map();
  document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]').forEach((element) => {
    if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) return;
    const parent = element.parentElement;
    const kind = `${element.tagName} ${element.className} in ${parent.tagName} ${parent.className}`;
    if (!kinds.has(kind)) kinds.set(kind, element);
  });
  const unseen = [];
  kinds.forEach((element, kind) => {
    document.activeElement?.blur();
    const before = look(element);
    element.focus({ preventScroll: true });
    if (document.activeElement === element && look(element) === before) unseen.push(kind);
  });
  document.activeElement?.blur();
  return unseen;
}"""

MAY_BE_WIDER = (
    ".pst-scrollable-table-container, pre, .highlight, math, aside, dialog, .bd-sidebar-secondary, .aleppo-plot, "
    ".visually-hidden"
)
WIDER = """(allowed) => [...document.querySelectorAll('main *')]
  .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && !element.closest(allowed))
  .slice(0, 5).map((element) => element.outerHTML.slice(0, 120))"""


@dataclass
class Visit:
    """A page, what it asked for, and what it complained of."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def outside(self) -> list[str]:
        home = ("http://127.0.0.1:", "file://", "data:", "blob:")
        return [address for address in self.asked if not address.startswith(home)]

    def read_through(self) -> None:
        """Come to every figure, and wait until each is drawn or has failed."""
        self.page.evaluate(SCROLL)
        self.page.wait_for_function(SETTLED, timeout=30_000)

    def moved(self) -> list[str]:
        """What moved under the reader's eyes; nothing where the sum is 0.00, as tools that measure it say."""
        moved: list[str] = self.page.evaluate("() => window.shifted < 0.005 ? [] : window.moved")
        return moved

    def turn(self, mode: str) -> None:
        """Switch the page to ``mode``: its figures follow without a new load, and stay what they were."""
        light, dark = (_as_computed(shade) for shade in theme.PALETTE["muted"])
        now, before = (dark, light) if mode == "dark" else (light, dark)
        had = self.page.evaluate(INK_OF_PLOTS)
        assert had == [] or before in had
        self.page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
        self.page.wait_for_function(f"(ink) => !({INK_OF_PLOTS})().includes(ink)", arg=before)
        has = self.page.evaluate(INK_OF_PLOTS)
        assert len(has) == len(had)
        assert has == [] or now in has

    def open_folds(self) -> None:
        """Unfold what folds, so that nothing hides from a question."""
        self.page.evaluate(OPEN_FOLDS)
        self.page.wait_for_function(ROWS_SHOWN, timeout=20_000)
        self.page.evaluate(FADED_IN)

    def barriers(self) -> list[str]:
        """What axe-core finds on the page with all its folds open.

        Asked last of a page: afterwards it has no more than a few rows of a kind, and its charts are empty.
        """
        script = axe()
        if script is None:
            pytest.skip("axe-core was not fetched")
        self.open_folds()
        if not self.page.evaluate("() => 'axe' in window"):
            # not as a script of the page, which its policy would refuse
            self.page.evaluate(script.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(BARRIERS)
        return found


def _as_computed(shade: str) -> str:
    """A colour such as ``#1a2b3c`` in the way a browser computes it."""
    return "rgb(" + ", ".join(str(int(shade[at : at + 2], 16)) for at in (1, 3, 5)) + ")"


def is_read_without_trouble(seen: Visit) -> None:
    """From top to end: every figure is drawn, nothing is asked of others, nothing moves, and nothing is lacking."""
    seen.read_through()
    assert set(seen.page.evaluate(STATES)) <= {"drawn"}
    assert seen.outside() == []
    assert seen.moved() == []
    seen.open_folds()
    assert seen.page.evaluate(LACKS) == []


@contextlib.contextmanager
def visit(context: BrowserContext, address: str) -> Iterator[Visit]:
    """The page of ``context``, a new one unless it has one, at ``address``, watched from its first moment.

    A new page is a new window, which takes a browser longer than a short chapter does.
    """
    if not context.pages:
        context.new_page().add_init_script(f"({SHIFTS})()")
    page = context.pages[0]
    seen = Visit(page)
    watched: dict[str, Callable[..., None]] = {
        "request": lambda request: seen.asked.append(request.url),
        "requestfailed": lambda request: seen.complaints.append(f"failed: {request.url}"),
        "pageerror": lambda error: seen.complaints.append(str(error)),
        "console": lambda line: seen.complaints.append(line.text) if line.type == "error" else None,
    }
    for event, hear in watched.items():
        page.on(event, hear)  # type: ignore[call-overload]
    try:
        page.goto(address, wait_until="load")
        yield seen
    finally:
        # what it still waits for is given up before the next one is watched
        page.goto("about:blank")
        for event, hear in watched.items():
            page.remove_listener(event, hear)
        page.emulate_media(media="null")
        page.mouse.move(0, 0)


@contextlib.contextmanager
def readers(browser: Browser, size: tuple[int, int], **options: Any) -> Iterator[BrowserContext]:
    """What readers of one kind have in common: the window, the colours they like, what their browser remembers."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    try:
        yield context
    finally:
        context.close()


@contextlib.contextmanager
def opened(browser: Browser, address: str, width: int = 1280, **options: Any) -> Iterator[Page]:
    """The page at ``address`` in a window of its own, ``width`` pixels wide."""
    with readers(browser, (width, 900), **options) as context:
        page = context.new_page()
        page.goto(address)
        yield page
