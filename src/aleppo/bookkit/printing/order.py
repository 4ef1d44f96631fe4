"""The order of the printed book: the parts of the table of contents with their pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx


@dataclass(frozen=True)
class Part:
    """A captioned part of the table of contents with its pages (docname, depth) in order."""

    caption: str | None
    numbered: bool
    pages: list[tuple[str, int]]


def parts_of(app: Sphinx, root: str) -> list[Part]:
    """The parts below the root page, in the order of the table of contents."""
    return [
        Part(tree.get("caption"), bool(tree.get("numbered")), list(_pages_below(app, tree, 0)))
        for tree in app.env.get_doctree(root).findall(addnodes.toctree)
    ]


def _pages_below(app: Sphinx, tree: nodes.Element, depth: int) -> Iterator[tuple[str, int]]:
    for _, docname in tree["entries"]:
        if docname in app.env.all_docs:
            yield docname, depth
            for below in app.env.get_doctree(docname).findall(addnodes.toctree):
                yield from _pages_below(app, below, depth + 1)
