"""Definitions on hover: a link to a term of the glossary carries what the term means.

The role ``{term}`` makes the link, and this puts the first paragraph of the definition beside it. The style sheet
shows it when the pointer or the keyboard is on the link, a small script keeps it inside the window and lets Escape put
it away, and a screen reader hears it as the link's description. In print the link is a link.
"""

from __future__ import annotations

from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

SCRIPT = "aleppo-glossary.js"


class TermMark(nodes.inline):
    """A link to a term with its ``definition``; ``name`` is unlike that of any other mark of the page."""


class MarkTerms(SphinxPostTransform):
    """Puts a `TermMark` around every resolved link to a term."""

    default_priority = 20  # after the references have their targets

    def run(self, **_: Any) -> None:
        anchors = {
            anchor: page
            for (kind, _), (page, anchor) in self.env.get_domain("std").data["objects"].items()
            if kind == "term"
        }
        number = 0
        for link in list(self.document.findall(nodes.reference)):
            anchor = link.get("refid") or str(link.get("refuri", "")).partition("#")[2]
            if anchor not in anchors or not _is_a_term(link):
                continue
            number += 1
            mark = TermMark(
                "", definition=self.definition(anchors[anchor], anchor), name=f"term-mark-{number}"
            )
            link.replace_self(mark)
            mark += link

    def definition(self, page: str, anchor: str) -> str:
        """The first paragraph of a definition as plain text; read once for all pages of a build."""
        known: dict[str, str] | None = getattr(self.app, "_aleppo_terms", None)
        if known is None:
            known = self.app._aleppo_terms = {}  # type: ignore[attr-defined]
        if anchor not in known:
            known |= definitions(self.env.get_doctree(page))
        return known[anchor]


def _is_a_term(link: nodes.reference) -> bool:
    """Whether the role made a link: its words are in a node of their own that says so."""
    return any("std-term" in node.get("classes", []) for node in link.findall(nodes.inline))


def definitions(doctree: nodes.document) -> dict[str, str]:
    """Anchor of each term of a page → the first paragraph of its definition."""
    found: dict[str, str] = {}
    for item in doctree.findall(nodes.definition_list_item):
        paragraphs = (
            words for part in item.findall(nodes.definition) for words in part.findall(nodes.paragraph)
        )
        first = next(paragraphs, None)
        if first is not None:
            text = " ".join(first.astext().split())
            found |= {one: text for term in item.findall(nodes.term) for one in term["ids"]}
    return found


def visit_mark(translator: Any, node: TermMark) -> None:
    translator.body.append('<span class="aleppo-term">')
    node["begins"] = len(translator.body)


def depart_mark(translator: Any, node: TermMark) -> None:
    # the link itself is written by Sphinx, which has no attribute for what describes it
    begins, name = node["begins"], node["name"]
    translator.body[begins] = translator.body[begins].replace("<a ", f'<a aria-describedby="{name}" ', 1)
    words = escape(node["definition"])
    translator.body.append(
        f'<span class="aleppo-definition" role="tooltip" id="{name}">{words}</span></span>'
    )


def as_it_is(translator: Any, node: TermMark) -> None:
    """An EPUB has the link alone: nothing hovers there."""


def add_script(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Take the script into pages that have a term."""
    if doctree is not None and next(iter(doctree.findall(TermMark)), None) is not None:
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the marks."""
    app.add_node(TermMark, html=(visit_mark, depart_mark), epub=(as_it_is, as_it_is))
    app.add_post_transform(MarkTerms)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
