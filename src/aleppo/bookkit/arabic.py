"""Arabic in running text: every run is marked, so that each edition sets it from right to left in its font.

The Typst template defines the command ``#bookarabic[...]`` and the LaTeX preamble ``\\bookarabic{...}``.
"""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.show.stills import ARABIC

# Letters, and the spaces and joiners between them; digits and Latin punctuation stay outside.
RUN = re.compile(f"[{ARABIC}]+(?:[ \u00a0\u200c-\u200f]+[{ARABIC}]+)*")

MARKUP = {
    "html": '<span lang="ar" dir="rtl">{}</span>',
    "epub": '<span lang="ar" xml:lang="ar" dir="rtl">{}</span>',
    "latex": "\\bookarabic{{{}}}",
    "typst": "#bookarabic[{}]",
}
# The EPUB is written by the writer of HTML, which takes raw text of its own format alone.
WRITTEN_AS = {"epub": "html"}

_VERBATIM = (nodes.literal, nodes.literal_block, nodes.raw, nodes.math, nodes.math_block, nodes.comment)


class ArabicRuns(SphinxPostTransform):
    """Wraps each run of Arabic in the markup of the edition."""

    # after glue, citations and references have become text
    default_priority = 900

    def run(self, **_: Any) -> None:
        style = self.app.builder.format
        if style not in MARKUP:
            return
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if parent is None or isinstance(parent, _VERBATIM) or not RUN.search(text):
                continue
            place = parent.index(text)
            parent[place : place + 1] = marked(str(text), style)


def marked(text: str, style: str) -> list[nodes.Node]:
    """``text`` as nodes: what is not Arabic as it was, each run of Arabic in the markup of ``style``."""
    result: list[nodes.Node] = []
    position = 0
    for run in RUN.finditer(text):
        if run.start() > position:
            result.append(nodes.Text(text[position : run.start()]))
        result.append(nodes.raw("", MARKUP[style].format(run[0]), format=WRITTEN_AS.get(style, style)))
        position = run.end()
    if position < len(text):
        result.append(nodes.Text(text[position:]))
    return result


def setup(app: Sphinx) -> None:
    """Register the transform."""
    app.add_post_transform(ArabicRuns)
