"""Every page is read under the policy, and the policy keeps in a browser what it promises.

That all pages work under it, light and dark, from a server and from a disk, is seen in `test_pages_in_a_browser`,
where no page may complain of anything.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from test_pages_in_a_browser import first_with, visit

from aleppo.bookkit.content_policy import DIRECTIVES, META, SCRIPT, handlers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.built

# What a stranger would do who got markup into a page: each is refused, and the browser says by which directive.
ATTEMPTS = """async () => {
  const refused = new Set();
  window.ran = [];
  document.addEventListener('securitypolicyviolation', (event) => refused.add(event.effectiveDirective));
  const put = (name, set) => document.body.append(Object.assign(document.createElement(name), set));
  put('script', { textContent: "window.ran.push('inline')" });
  put('script', { src: 'https://example.org/x.js' });
  put('style', { textContent: 'body { background: url(https://example.org/x.png) }' });
  put('link', { rel: 'stylesheet', href: 'https://example.org/x.css' });
  put('img', { src: 'https://example.org/x.png' });
  put('iframe', { src: 'https://example.org/' });
  put('object', { data: 'https://example.org/x.svg' });
  put('video', { src: 'https://example.org/x.mp4' });
  put('base', { href: 'https://example.org/' });
  document.body.insertAdjacentHTML('beforeend', `<img src="data:," onerror="window.ran.push('handler')">`);
  setTimeout("window.ran.push('timer')", 0);
  // what is called from here at once is the browser's own tools at work, which no policy binds
  setTimeout(() => {
    try { new Function("window.ran.push('eval')")(); } catch (error) { refused.add(error.name); }
  }, 0);
  try { new Worker('https://example.org/x.js'); } catch (error) { refused.add(error.name); }
  await fetch('https://example.org/').then(() => window.ran.push('fetch'), () => null);
  const link = Object.assign(document.createElement('a'), { href: "javascript:window.ran.push('link')" });
  document.body.append(link);
  link.click();
  put('form', { action: 'https://example.org/', method: 'get' });
  document.body.lastChild.submit();
  await new Promise((done) => setTimeout(done, 500));
  return { ran: window.ran, refused: [...refused].sort(), here: location.protocol, base: document.baseURI };
}"""


# Sphinx makes the rule of plurals of a translation this way; the book is in English and has none.
PLURALS = "Documentation.PLURAL_EXPR = new Function("


def test_the_policy_names_no_other_machine_and_lets_no_text_run() -> None:
    assert DIRECTIVES["default-src"] == "'none'"
    assert DIRECTIVES["script-src"] == "'self'"
    allowed = {"'none'", "'self'", "'unsafe-inline'", "data:"}
    for name, sources in DIRECTIVES.items():
        others = {one for one in sources.split() if one not in allowed and not one.startswith("'sha256-")}
        assert not others, name
        # styles may stand in attributes, and pictures of the theme in its style sheet; nothing else may
        assert "'unsafe-inline'" not in sources or name == "style-src"
        assert "data:" not in sources or name == "img-src"
    assert {"object-src", "base-uri", "frame-src", "connect-src", "form-action"} <= set(DIRECTIVES)


def test_every_page_begins_with_the_policy_and_has_no_script_of_its_own(built_book: Path) -> None:
    pages = sorted(built_book.rglob("*.html"))
    assert {"index.html", "search.html", "genindex.html"} <= {path.name for path in pages}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert text.count('http-equiv="Content-Security-Policy"') == 1, path
        head = text[: text.index(META)]
        assert not re.search(r"<(?:script|link|style|base|img)\b", head), path
        inline = [attributes for attributes, body in SCRIPT.findall(text) if body.strip()]
        assert all('type="application/' in attributes for attributes in inline), path
        assert "<style" not in text, path
        assert handlers(text) == [], path
        assert not re.search(
            r"""(?:href|src|action)=["']?\s*(?:javascript|vbscript|data:text)""", text, re.I
        ), path


def test_no_script_of_the_book_makes_code_out_of_text(built_book: Path) -> None:
    for path in sorted(built_book.rglob("*.js")):
        text = path.read_text(encoding="utf-8", errors="replace").replace(PLURALS, "")
        assert not re.search(r"\beval\(|\bnew Function\(|\bdocument\.write\(", text), path


@pytest.mark.browser
@pytest.mark.parametrize("way", ["server", "disk"])
def test_what_a_stranger_would_try_is_refused(
    chromium: Browser, served_book: str, built_book: Path, way: str
) -> None:
    page = first_with(built_book, 'class="aleppo-figure"')
    address = served_book + page if way == "server" else (built_book / page).as_uri()
    with visit(chromium, address) as seen:
        found = seen.page.evaluate(ATTEMPTS)
    assert found["ran"] == []
    assert found["base"] == address
    assert set(found["refused"]) >= {
        *("script-src-elem", "script-src-attr", "script-src", "style-src-elem", "img-src", "media-src"),
        *("frame-src", "object-src", "base-uri", "connect-src", "form-action", "EvalError"),
    }


@pytest.mark.browser
def test_a_copy_button_copies_under_the_policy(chromium: Browser, served_book: str, built_book: Path) -> None:
    page = first_with(built_book, 'class="highlight')
    with visit(chromium, served_book + page) as seen:
        block = seen.page.locator("div.highlight:has(button.copybtn):visible").first
        block.hover()
        block.locator("button.copybtn").click()
        seen.page.wait_for_selector("button.copybtn.success", state="attached", timeout=5_000)
        assert seen.complaints == []
