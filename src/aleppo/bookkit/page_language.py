"""The language of a page: English, or what its front matter says (``language: ar``).

The content of a page in another language is marked with it and with its direction, in HTML and in print; the frame
of the page stays English. Its title is marked wherever the theme writes it. The role ``{date}`` writes a day, month
or year (``{date}`2015-09-30` ``) in the language of the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from aleppo.bookkit.translations import language_in
from aleppo.evidence.errors import AleppoError
from aleppo.show.translated import ENGLISH, ISOLATE, codes, date_text, direction

_READ = "aleppo_language"
_SIGNED = re.compile(f"{ISOLATE[0]}(.*?){ISOLATE[1]}")
logger = logging.getLogger(__name__)


class LanguageBlock(nodes.container):
    """Content in the ``language`` it names, between content in another one."""


class LeftToRight(nodes.inline):
    """A number with its sign among words that run from right to left."""


def language_of(env: BuildEnvironment, docname: str) -> str:
    """The language of a page that has been read; English for one that the book has no words of."""
    named = str(env.metadata.get(docname, {}).get("language", ENGLISH))
    return named if named in codes() else ENGLISH


def language_read(env: BuildEnvironment) -> str:
    """The language of the page that is being read."""
    return str(env.temp_data.get(_READ, ENGLISH))


def words(text: str) -> list[nodes.Node]:
    """Text of `aleppo.show.translated` as nodes: what it isolates is a node of its own."""
    pieces = _SIGNED.split(text)
    made = [
        LeftToRight(piece, piece) if place % 2 else nodes.Text(piece) for place, piece in enumerate(pieces)
    ]
    return [node for node in made if node.astext()]


class DateRole(SphinxRole):
    """``{date}`2015-09-30` ``: a day, month or year in the language of the page."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        try:
            text = date_text(self.text, language_read(self.env))
        except AleppoError as error:
            logger.warning("%s", error, location=self.get_location())
            text = self.text
        return [nodes.Text(text)], []


class BlockOfLanguage(SphinxPostTransform):
    """Puts the content of a page in another language into a block of it; its citation stays English."""

    # after the page has its citation, and words of other scripts their marks
    default_priority = 950

    def run(self, **_: Any) -> None:
        own = language_of(self.env, self.env.docname)
        if own == ENGLISH:
            return
        for node in list(filter(_is_a_citation, self.document.findall(nodes.Element))):
            block = LanguageBlock(language=ENGLISH)
            node.replace_self(block)
            block += node
        block = LanguageBlock("", *self.document.children, language=own)
        self.document.children = []
        self.document += block


def _is_a_citation(node: nodes.Element) -> bool:
    return type(node).__name__ == "CiteBox" or "cite-this" in node["classes"]


def visit_block(translator: Any, node: LanguageBlock) -> None:
    language = node["language"]
    as_xml = f' xml:lang="{language}"' if translator.builder.format == "epub" else ""
    translator.body.append(f'<div lang="{language}"{as_xml} dir="{direction(language)}">')


def depart_block(translator: Any, node: LanguageBlock) -> None:
    translator.body.append("</div>")


def visit_number(translator: Any, node: LeftToRight) -> None:
    translator.body.append('<bdi dir="ltr">')


def depart_number(translator: Any, node: LeftToRight) -> None:
    translator.body.append("</bdi>")


def as_it_is(translator: Any, node: nodes.Element) -> None:
    """LaTeX sets the words alone."""


def titles(env: BuildEnvironment) -> Iterator[tuple[str, str]]:
    """Title and language of every page that is not in English."""
    for docname in sorted(env.titles):
        if (language := language_of(env, docname)) != ENGLISH:
            yield env.titles[docname].astext(), language


def marked_titles(page: str, foreign: list[tuple[str, str]]) -> str:
    """A page of HTML with the language and direction of each foreign title where the theme writes it bare."""
    for title, language in foreign:
        words, given = re.escape(escape(title)), f'lang="{language}" dir="{direction(language)}"'
        page = re.sub(rf"<title>(?={words})", f"<title {given}>", page)
        # in links, on cards, beside the arrows, and over the contents of a printed page; a heading is in a block of its
        # language
        before = r"<a [^>]*>|<span class=\"aleppo-card-title\">|<p class=\"prev-next-title\">|<h1>"
        page = re.sub(rf"((?:{before})\s*)({words})(?=\s*</)", rf"\1<span {given}>\2</span>", page)
    return page


def mark_titles(app: Sphinx, error: Exception | None) -> None:
    """Once the HTML is there: `marked_titles` on every page."""
    foreign = list(titles(app.env)) if error is None and app.builder.format == "html" else []
    if not foreign:
        return
    for path in sorted(Path(app.outdir).rglob("*.html")):
        page = path.read_text(encoding="utf-8")
        if (made := marked_titles(page, foreign)) != page:
            path.write_text(made, encoding="utf-8")


def _note_language(app: Sphinx, docname: str, source: list[str]) -> None:
    named = language_in(source[0])
    if named not in codes():
        logger.warning(
            "the language of a page: expected one of %s, found %r",
            ", ".join(codes()),
            named,
            location=docname,
        )
        named = ENGLISH
    app.env.temp_data[_READ] = named


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the role, the nodes and the marks."""
    for node, visit, depart in (
        (LanguageBlock, visit_block, depart_block),
        (LeftToRight, visit_number, depart_number),
    ):
        app.add_node(node, html=(visit, depart), epub=(visit, depart), latex=(as_it_is, as_it_is))
    app.add_role("date", DateRole())
    app.add_post_transform(BlockOfLanguage)
    app.connect("source-read", _note_language)
    app.connect("build-finished", mark_titles)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
