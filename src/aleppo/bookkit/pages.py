"""What each page of the book is made of: its part, its number, how long it takes to read, and its figures.

Counted once while the pages are read, so that a page can tell of another: the contents on the cover and the cards
that are shared name every chapter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

from aleppo.bookkit.mime import FigureFace, TableFace

# Silent reading of English non-fiction, words a minute: the mean of Brysbaert's review of 190 studies (2019).
WORDS_A_MINUTE = 238
# What is looked at or looked up, and not read from start to end.
NOT_READ = (nodes.literal_block, nodes.table, nodes.comment, nodes.raw, nodes.math_block, nodes.citation)


@dataclass(frozen=True)
class Facts:
    """What a page holds: ``words`` of running text, ``stills`` of its figures in order, and its ``tables``.

    ``outline`` is its shape, block by block: a kind (``heading``, ``text``, ``item``, ``figure``, ``table``) and a
    size, which is the number of words or rows.
    """

    words: int
    stills: tuple[str, ...]
    tables: int
    outline: tuple[tuple[str, int], ...]

    @property
    def minutes(self) -> int:
        """Minutes to read the text, at least one."""
        return max(1, math.ceil(self.words / WORDS_A_MINUTE))


@dataclass(frozen=True)
class Place:
    """Where a page stands: the caption of its ``part``, its ``number`` in the book (or empty) and its ``title``."""

    page: str
    part: str
    number: str
    title: str


def facts_of(document: nodes.Node) -> Facts:
    """The facts of a page as it was read."""
    running = [text for text in document.findall(nodes.Text) if not _inside(text, NOT_READ)]
    return Facts(
        words=sum(len(text.split()) for text in running),
        stills=tuple(face["still"] for face in document.findall(FigureFace)),
        tables=len(list(document.findall(TableFace))),
        outline=tuple(_outline(document)),
    )


def _inside(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    while (node := node.parent) is not None:
        if isinstance(node, (*kinds, FigureFace, TableFace)):
            return True
    return False


def _outline(document: nodes.Node) -> Iterable[tuple[str, int]]:
    for node in document.findall():
        if isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            yield "heading", len(node.astext().split())
        elif isinstance(node, FigureFace):
            yield "figure", 1
        elif isinstance(node, nodes.table):
            yield "table", len(list(node.findall(nodes.row)))
        elif isinstance(node, nodes.paragraph) and not _inside(node, NOT_READ):
            listed = isinstance(node.parent, nodes.list_item | nodes.definition)
            yield "item" if listed else "text", len(node.astext().split())


class PageFacts(EnvironmentCollector):
    """Keeps the facts of every page in the environment."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        known(env).pop(docname, None)

    def merge_other(
        self, app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment
    ) -> None:
        known(env).update({name: known(other)[name] for name in docnames if name in known(other)})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        known(app.env)[app.env.docname] = facts_of(doctree)


def known(env: BuildEnvironment) -> dict[str, Facts]:
    """Page → its facts, of every page that was read."""
    if not hasattr(env, "aleppo_pages"):
        env.aleppo_pages = {}  # type: ignore[attr-defined]
    return cast("dict[str, Facts]", env.aleppo_pages)  # type: ignore[attr-defined]


def places(app: Sphinx) -> dict[str, Place]:
    """Page → its place, of every page of the contents but the first, in the order of the book."""
    env = app.env
    toc: Any = getattr(app.config, "external_site_map", None)
    trees = toc.root.subtrees if toc is not None else []
    found = {}
    for tree in trees:
        for item in tree.items:
            page = str(item)
            page = page if page in env.titles else page.rsplit(".", 1)[0]
            if page in env.titles:
                number = ".".join(map(str, env.toc_secnumbers.get(page, {}).get("") or ()))
                found[page] = Place(page, tree.caption or "", number, env.titles[page].astext())
    return found


def is_looked_up(app: Sphinx, page: str) -> bool:
    """Whether a page is there to look things up in, so that nobody reads it from start to end."""
    return page in app.config.aleppo_looked_up


def setup(app: Sphinx) -> None:
    """Register the collector, and the setting for pages that are looked up and not read."""
    app.add_config_value("aleppo_looked_up", [], "html", types=(list,))
    app.add_env_collector(PageFacts)
