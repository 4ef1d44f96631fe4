"""Words in another script than the page's language: every run is marked with its language and direction.

Arabic on an English page is set from right to left in its font; Russian there, and English on a page in Arabic or
Russian, are told to screen readers and to the hyphenation. The Typst template defines ``#bookarabic[...]`` and the
LaTeX preamble ``\\bookarabic{...}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit.page_language import language_of
from aleppo.bookkit.printing import markup
from aleppo.show.stills import ARABIC

# Letters, and the spaces, joiners and numbers between them; other digits and punctuation stay outside, but for those
# of an id.
RUNS = {
    "ar": re.compile(f"[{ARABIC}]+(?:[ \u00a0\u200c-\u200f]+(?:(?:[0-9]+|/)[ \u00a0]+)?[{ARABIC}]+)*"),
    "ru": re.compile("[\u0400-\u04ff]+(?:[- \u00a0]+[\u0400-\u04ff]+)*"),
    "en": re.compile(r"[A-Za-z][\w&'’/-]*(?:[ \u00a0]+[A-Za-z][\w&'’/-]*)*", re.ASCII),
}

# A text of these signs alone is one run, with its numbers: 80 اللواء would be read in the wrong order in pieces.
WHOLLY = {"ar": re.compile(f"[{ARABIC}][{ARABIC}0-9 \u00a0\u200c-\u200f/()،-]*")}

MARKUP = {
    ("html", "ar"): '<span lang="ar" dir="rtl">{}</span>',
    ("html", "ru"): '<span lang="ru">{}</span>',
    ("html", "en"): '<span lang="en" dir="ltr">{}</span>',
    ("epub", "ar"): '<span lang="ar" xml:lang="ar" dir="rtl">{}</span>',
    ("epub", "ru"): '<span lang="ru" xml:lang="ru">{}</span>',
    ("epub", "en"): '<span lang="en" xml:lang="en" dir="ltr">{}</span>',
    ("latex", "ar"): "\\bookarabic{{{}}}",
    ("typst", "ar"): "#bookarabic[{}]",
    ("typst", "ru"): '#text(lang: "ru")[{}]',
    ("typst", "en"): '#text(lang: "en", dir: ltr)[{}]',
}
_ESCAPE: dict[str, Callable[[str], str]] = {
    "html": escape,
    "epub": escape,
    "typst": markup.escape,
    "latex": str,
}
# The EPUB is written by the writer of HTML, which takes raw text of its own format alone.
WRITTEN_AS = {"epub": "html"}

_MARKED = re.compile(r"<span lang=[^>]*>(.*)</span>", re.DOTALL)
_VERBATIM = (nodes.literal, nodes.literal_block, nodes.raw, nodes.math, nodes.math_block, nodes.comment)


class ForeignWords(SphinxPostTransform):
    """Wraps each run of words in another script in the markup of the edition."""

    # after glue, citations and references have become text
    default_priority = 900

    def run(self, **_: Any) -> None:
        style = self.app.builder.format
        if style not in _ESCAPE:
            return
        # LaTeX has no block of another language: there each run of Arabic is marked wherever it stands
        own = "en" if style == "latex" else language_of(self.env, self.env.docname)
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if parent is None or isinstance(parent, _VERBATIM):
                continue
            foreign = marked(str(text), style, own)
            if len(foreign) > 1 or not isinstance(foreign[0], nodes.Text):
                place = parent.index(text)
                parent[place : place + 1] = foreign


def marked(text: str, style: str, own: str = "en") -> list[nodes.Node]:
    """``text`` as nodes: what is in the script of the language ``own`` as it was, other runs in markup of ``style``."""
    result: list[nodes.Node] = []
    position = 0
    for start, end, language in sorted(_runs(text, style, own)):
        if start > position:
            result.append(nodes.Text(text[position:start]))
        words = MARKUP[style, language].format(_ESCAPE[style](text[start:end]))
        result.append(nodes.raw("", words, format=WRITTEN_AS.get(style, style)))
        position = end
    if position < len(text) or not result:
        result.append(nodes.Text(text[position:]))
    return result


def words_of(node: nodes.Node) -> str:
    """The words below ``node`` as they are read: of raw markup those of another script, between tags that name it."""
    if isinstance(node, nodes.raw):
        found = _MARKED.fullmatch(node.astext())
        return unescape(found[1]) if found else ""
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(words_of(child) for child in node.children)


def marked_html(text: str) -> str:
    """``text`` of an English page as HTML, its runs in another script marked."""
    return "".join(
        node.astext() if isinstance(node, nodes.raw) else escape(node.astext())
        for node in marked(text, "html")
    )


def _runs(text: str, style: str, own: str) -> Iterator[tuple[int, int, str]]:
    for language, run in RUNS.items():
        if language == own or (style, language) not in MARKUP:
            continue
        if language in WHOLLY and WHOLLY[language].fullmatch(text):
            yield 0, len(text), language
        else:
            yield from ((*found.span(), language) for found in run.finditer(text))


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ForeignWords)
