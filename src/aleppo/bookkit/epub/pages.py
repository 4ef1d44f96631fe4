"""One page of an EPUB: XHTML that is checked to be well formed, and what the package must say of it."""

from __future__ import annotations

import html
import re
from html import escape
from xml.etree import ElementTree

from aleppo.evidence.errors import AleppoError

XHTML, OPS = "http://www.w3.org/1999/xhtml", "http://www.idpf.org/2007/ops"
# Names that HTML knows and XML does not: their characters stand for them.
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]*);")
# A reading system shows a note where its number was touched, if it is told which is which; the roles of entries of a
# bibliography are out of use.
_ROLES = {
    ' role="doc-noteref"': ' role="doc-noteref" epub:type="noteref"',
    ' role="doc-footnote"': ' role="doc-footnote" epub:type="footnote"',
    ' role="doc-biblioentry"': "",
}


def page(title: str, body: str, language: str, sheet: str, kind: str = "") -> str:
    """A whole page; ``sheet`` is the style sheet as seen from it, ``kind`` its ``epub:type`` if it has one.

    Raises AleppoError when ``body`` is not well formed, naming the page and the place.
    """
    typed = f' epub:type="{kind}"' if kind else ""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="{XHTML}" xmlns:epub="{OPS}" lang="{language}" xml:lang="{language}">\n'
        f'<head>\n<meta charset="utf-8"/>\n<title>{escape(title)}</title>\n'
        f'<link rel="stylesheet" type="text/css" href="{escape(sheet)}"/>\n</head>\n'
        f"<body{typed}>\n{_for_xml(body)}\n</body>\n</html>\n"
    )
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = text.splitlines()[error.position[0] - 1].strip()[:80]
        raise AleppoError(
            f"EPUB, page {title!r}: expected well-formed XHTML, found {error} ({line})"
        ) from error
    return text


def _for_xml(body: str) -> str:
    text = _NAMED.sub(lambda name: html.unescape(name[0]), body)
    for role, instead in _ROLES.items():
        text = text.replace(role, instead)
    return text


def properties(text: str) -> str:
    """What the package must say of a page: whether it holds formulas, or drawings of its own."""
    found = {"mathml": "<math", "svg": "<svg"}
    return " ".join(name for name, mark in found.items() if mark in text)
