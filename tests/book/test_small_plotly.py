"""The small bundle of plotly draws the book's figures as the whole plotly does, to the letter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from aleppo.bookkit.fingerprints import find_notebooks
from aleppo.show import assets, stills, theme
from aleppo.show.figure import for_the_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not assets.is_small(assets.plotly_bundle()), reason="the small bundle was not made"),
]

# Draws a figure with both, and tells where the two drawings part; ids that plotly makes up are named alike.
DRAW = """async ([id, payload, template]) => {
  const drawn = [];
  for (const plotly of [window.Small, window.Whole]) {
    const box = document.body.appendChild(document.createElement('div'));
    box.style.cssText = `width: 700px; height: ${payload.layout.height || 420}px`;
    const { data, layout, config } = structuredClone(payload);
    await plotly.react(box, data, { ...layout, template, uirevision: id }, config);
    let text = [...box.querySelectorAll('svg.main-svg')].map((svg) => svg.outerHTML).join('');
    [box._fullLayout._uid, ...box._fullData.map((trace) => trace.uid)].forEach((uid, place) => {
      text = text.split(uid).join(`uid${place}`);
    });
    drawn.push(text);
    box.remove();
  }
  const [small, whole] = drawn;
  if (small === whole && small.length > 2000) return null;
  let at = 0;
  while (at < small.length && small[at] === whole[at]) at += 1;
  return [small.slice(Math.max(at - 80, 0), at + 80), whole.slice(Math.max(at - 80, 0), at + 80)];
}"""


def features(value: Any, path: str = "") -> Iterator[str]:
    """What a figure asks of plotly: the names in its description, and the words that some of them have."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from features(item, f"{path}.{key.rstrip('0123456789')}")
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for item in value:
            yield from features(item, path)
    else:
        yield f"{path}={value}" if path.endswith((".type", ".mode", ".symbol", ".dash", ".shape")) else path


def telling_figures() -> dict[str, dict[str, Any]]:
    """As few figures of the book as ask between them for everything that any of its figures asks for."""
    left = {
        name: (
            payload,
            {f"{trace.get('type')}{one}" for trace in payload["data"] for one in features(trace)}
            | set(features(payload["layout"], "layout")),
        )
        for name, payload in stills.figures_in(find_notebooks()).items()
    }
    chosen, open_ = {}, set().union(*(asked for _, asked in left.values()))
    while open_:
        name = max(left, key=lambda one: (len(left[one][1] & open_), one))
        payload, asked = left.pop(name)
        chosen[name] = for_the_page(payload)
        open_ -= asked
    return chosen


@pytest.fixture(scope="module")
def both(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page()
    page.set_content("<!doctype html><body></body>")
    for name, bundle in (("Small", assets.plotly_bundle()), ("Whole", assets.whole_plotly())):
        page.add_script_tag(path=str(bundle))
        page.evaluate("(name) => { window[name] = window.Plotly; delete window.Plotly; }", name)
    yield page
    page.close()


def test_the_two_are_of_one_version(both: Page) -> None:
    assert both.evaluate("() => Small.version") == both.evaluate("() => Whole.version")


def test_figures_are_drawn_alike(both: Page) -> None:
    complaints: list[str] = []
    both.on(
        "console", lambda line: complaints.append(line.text) if line.type in ("error", "warning") else None
    )
    figures = telling_figures()
    assert len(figures) > 5
    parted = {
        name: difference
        for name, payload in figures.items()
        if (difference := both.evaluate(DRAW, [name, payload, theme.template()]))
    }
    assert parted == {}
    assert complaints == []
