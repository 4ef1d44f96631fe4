"""Mends of the book theme: what it sends too much of, and what readers who do not see or point would miss.

The theme's pages are changed after they are written out as text, each mend on one piece of markup that the
theme is known to write; a mend whose piece has gone does nothing, and the browser tests would show it.
"""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

logger = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"

# The theme's style sheet carries the icons as a web font; this script (1.5 MB) draws the same ones again.
ICON_SCRIPT = "scripts/fontawesome.js"
ICON_NOTE = "/* not needed: the icons come from the web font in the theme's style sheet */\n"
UNUSED = ("*.map", "*webpack-macros.html", "scripts/fontawesome.js.LICENSE.txt", "locales")

# The search writes titles of sections into its page as markup, though the index has them as text.
SEARCH_SCRIPT = "searchtools.js"
SEARCH_TITLES = "titles[file] !== title ? `${titles[file]} > ${title}` : title,"
SEARCH_TITLES_AS_TEXT = "titles[file] !== title ? `${titles[file]} > ${aleppoText(title)}` : title,"
AS_TEXT = """
function aleppoText(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}
"""

SCROLLING = re.compile(
    r'<div class="pst-scrollable-table-container">(?=(?P<table><table[^>]*>\s*<caption>(?P<caption>.*?)</caption>)?)',
    re.DOTALL,
)

# The theme's script makes frames that scroll stops of the keyboard, but knows nothing of rows that are laid out late;
# the book's own (``aleppo-access.js``) does that for tables.
STOPS = ',".pst-scrollable-table-container"'

BODY_MENDS: tuple[tuple[str, str], ...] = (
    # pandas writes empty header cells; only cells with words are headers
    ("<th></th>", "<td></td>"),
    # entries of a bibliography are given roles that their list then lacks
    (' role="doc-biblioentry"', ""),
    ('<div role="list" class="citation-list">', '<div class="citation-list">'),
    # the visible words of a fold are its name
    ('<summary aria-label="Toggle hidden content">', "<summary>"),
)


def mended(body: str) -> str:
    """The body of a page with every mend of `BODY_MENDS`."""
    for found, put in BODY_MENDS:
        body = body.replace(found, put)
    return SCROLLING.sub(_reachable(), body)


def _reachable() -> Callable[[re.Match[str]], str]:
    """A table that scrolls can be reached by keyboard, under its caption or else the number of those without one."""
    nameless = itertools.count(1)

    def put(found: re.Match[str]) -> str:
        words = " ".join(
            re.sub(r"<a class=\"headerlink\".*?</a>|<[^>]+>", "", found["caption"] or "").split()
        )
        name = f"Table: {words}" if words else f"Table without a caption, {next(nameless)}"
        return f'<div class="pst-scrollable-table-container" tabindex="0" role="region" aria-label="{name}">'

    return put


def mend_page(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Mend the body of one page before the theme's template is filled."""
    if context.get("body"):
        context["body"] = mended(context["body"])


def offer_templates(app: Sphinx, config: Config) -> None:
    """Let the package's own pieces of the page stand for the theme's of the same name."""
    config.templates_path = [str(TEMPLATES), *config.templates_path]


def slim(static: Path) -> None:
    """Take out of ``static`` what no page uses: the icon script, source maps, translations."""
    script = static / ICON_SCRIPT
    if script.is_file():
        script.write_text(ICON_NOTE, encoding="utf-8")
    for pattern in UNUSED:
        for path in sorted(static.rglob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
    for sheet in sorted([*static.rglob("*.js"), *static.rglob("*.css")]):
        text = sheet.read_text(encoding="utf-8", errors="surrogateescape")
        bare = re.sub(r"(?m)^(?://[#@] ?sourceMappingURL=.*|/\*[#@] ?sourceMappingURL=.*\*/)\s*$", "", text)
        bare = bare.replace(STOPS, "")
        if bare != text:
            sheet.write_text(bare, encoding="utf-8", errors="surrogateescape")


def mend_search(static: Path) -> bool:
    """Let the search show titles of sections as the text they are; False where its script is another one."""
    script = static / SEARCH_SCRIPT
    text = script.read_text(encoding="utf-8")
    if AS_TEXT in text:
        return True
    if SEARCH_TITLES not in text:
        return False
    script.write_text(text.replace(SEARCH_TITLES, SEARCH_TITLES_AS_TEXT) + AS_TEXT, encoding="utf-8")
    return True


def mend_build(app: Sphinx, error: Exception | None) -> None:
    """Once the HTML is there: `slim` it and `mend_search`."""
    if error is None and app.builder.format == "html":
        static = Path(app.outdir) / "_static"
        slim(static)
        # a book with a search of its own has none of Sphinx
        if (static / SEARCH_SCRIPT).is_file() and not mend_search(static):
            logger.warning("%s: expected its line with titles of sections, found none", SEARCH_SCRIPT)


def setup(app: Sphinx) -> None:
    """Connect the mends."""
    app.connect("config-inited", offer_templates)
    app.connect("html-page-context", mend_page)
    app.connect("build-finished", mend_build)
