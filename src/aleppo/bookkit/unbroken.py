"""What no line of a page should break, a range, a number with its unit, a day with its month, a date, an id; and where
long names of code may be broken.

Browsers break a line after a dash and at any space, so that of "23–39 km²" the ends came to stand on two lines. Such
pieces are marked once the page is text, whoever wrote them: prose, captions, cells of tables, claims. A no-break
character instead of a mark would go with the text into whatever a reader copies it to. A dotted name in code that is
longer than a narrow column breaks behind a dot or an underscore rather than within a word.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import rows

MARK = '<span class="aleppo-whole">{}</span>'

_SPACE = "(?: |\u00a0|&#160;|&nbsp;)"
_NUMBER = r"[−+±×]?\d+(?:,\d{3})*(?:\.\d+)?"
_UNIT = rf"(?:{_SPACE}?%|{_SPACE}(?:km²?|m²?|MB|kB)(?!\w))"
_MONTH = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|"
    "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
)
WHOLE = re.compile(
    r"(?<![\w.,–/-])(?:"
    # an interval, with the number that it belongs to: 62 % [53–72 %], [0.64, 1.35]
    rf"(?:{_NUMBER}{_UNIT}?{_SPACE})?\[{_NUMBER}(?:–|,{_SPACE}|{_SPACE}to{_SPACE}){_NUMBER}{_UNIT}?\]"
    # 30 September, 1–4 May 2016, 4 September 2016g
    rf"|\d{{1,2}}(?:–\d{{1,2}})?{_SPACE}(?:{_MONTH})(?!\w)(?:{_SPACE}\d{{4}}[a-z]{{0,2}}(?!\w))?"
    # a date or a month
    r"|\d{4}-\d{2}(?:-\d{2})?(?![\w-])"
    # 23–39 km², 2011–2017
    rf"|{_NUMBER}–{_NUMBER}{_UNIT}?(?![\w–-])"
    # 95 %
    rf"|{_NUMBER}{_UNIT}"
    # FR-078
    r"|[A-Z]{1,5}-\d{1,4}(?![\w-])"
    r")"
)
# The signs in a long name behind which it may be broken
LONG_NAME = re.compile(r"[\w./-]{24,}")
_BREAK_AFTER = re.compile(r"(?<=\w)[._/](?=\w)")
_MAY_BREAK = "<wbr/>"
# A tag or a comment; attributes may hold what looks like an end.
_TAG = re.compile(r"""(<!--.*?-->|<(?:"[^"]*"|'[^']*'|[^'">])*>)""", re.DOTALL)
_NAME = re.compile(r"<(/?)([a-zA-Z][\w-]*)")
# Here lines break elsewhere or not at all, or the text is no text.
_VERBATIM = frozenset({"script", "style", "svg", "math", "pre", "code", "textarea", "select", "template"})


def unbroken(body: str) -> str:
    """The HTML ``body`` with the pieces of its text that `WHOLE` finds marked, and long names in code made to break."""
    result: list[str] = []
    within: list[str] = []
    for place, piece in enumerate(_TAG.split(body)):
        if place % 2:
            _go(within, piece)
        elif piece and not within:
            piece = WHOLE.sub(lambda found: MARK.format(found[0]), piece)
        elif piece and within == ["code"]:
            piece = LONG_NAME.sub(lambda found: _BREAK_AFTER.sub(rf"\g<0>{_MAY_BREAK}", found[0]), piece)
        result.append(piece)
    return "".join(result)


def _go(within: list[str], tag: str) -> None:
    """Keep up ``within``, the verbatim elements around the text that follows ``tag``."""
    found = _NAME.match(tag)
    if found is None or found[2].lower() not in _VERBATIM:
        return
    name = found[2].lower()
    if found[1] and within and within[-1] == name:
        within.pop()
    elif not found[1] and not tag.endswith("/>"):
        within.append(name)


def _mark(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    # of a table with a thousand rows each cell is a line of its own
    if context.get("body") and pagename not in {page.name for page in rows.PAGES}:
        context["body"] = unbroken(context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Mark the pieces on every page."""
    # when all others have changed the page, and have read its text for the search
    app.connect("html-page-context", _mark, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
