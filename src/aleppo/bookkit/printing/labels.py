"""Places of the book: which id of which page has a label, who refers to it, and where in the sources a node stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.errors import SphinxError

if TYPE_CHECKING:
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

# Nodes whose own markup carries their label; before others an anchor is set.
LABELLED = (nodes.section, nodes.figure, nodes.table, nodes.math_block, nodes.citation, nodes.footnote)


class UntranslatableError(SphinxError):
    """A node that cannot be printed; the message begins with file and line."""

    category = "Print edition"

    def __init__(self, node: nodes.Node, message: str) -> None:
        super().__init__(f"{place_of(node)}: {message}")


@dataclass(frozen=True)
class Placed:
    """A source page and where it stands in the book."""

    docname: str
    doctree: nodes.document
    level: int
    """Heading level of the page's title (1 where it stands outside parts)."""
    depth: int = 0
    """0 for a chapter, 1 for a page below a chapter."""
    title: str | None = None
    """Heading to print instead of the page's own title."""
    fresh_page: bool = True


@dataclass
class Shared:
    """What all pages of the book have in common while they are written."""

    config: Config
    env: BuildEnvironment
    images: dict[str, str]
    """Source path of an image to its path in the Typst project."""
    show_urls: str = "footnote"
    owners: dict[tuple[str, str], str] = field(default_factory=dict)
    """(page, id) to the one label that stands for it."""
    numbered: dict[str, int] = field(default_factory=dict)
    """Label of an entry of the bibliography to its number."""
    places: set[str] = field(default_factory=set)
    """Labels of chapters, sections, figures and tables, which a reader on paper looks up by their page."""
    wanted: dict[str, str] = field(default_factory=dict)
    """Label to the place of a reference to it."""
    made: set[str] = field(default_factory=set)
    """Labels written so far."""

    def dangling(self) -> list[str]:
        """A line for every reference whose target was not printed."""
        return [
            f"{place}: refers to {label!r}, which is not in the print edition"
            for label, place in sorted(self.wanted.items())
            if label not in self.made
        ]


def place_of(node: nodes.Node) -> str:
    """``file:line`` of a node, or of the nearest ancestor that knows."""
    source = nearest(node, "source") or "unknown file"
    line = nearest(node, "line")
    return f"{source}:{line}" if line else str(source)


def nearest(node: nodes.Node | None, attribute: str) -> Any:
    """An attribute of a node, or of the nearest ancestor that has it."""
    while node is not None:
        if found := getattr(node, attribute, None):
            return found
        node = node.parent
    return None


def is_inline(node: nodes.Node) -> bool:
    """Whether a node is part of a line of text; images and formulas are judged by where they stand."""
    return isinstance(node, nodes.Text | nodes.Inline) and not isinstance(node, nodes.image)


def ids_of(node: nodes.Element) -> list[str]:
    return cast(list[str], node.get("ids", []))


def classes_of(node: nodes.Element) -> set[str]:
    return set(cast(list[str], node.get("classes", [])))


def nested(node: nodes.Node) -> bool:
    """Whether a block stands inside a box, list or table, where it can neither float nor turn the page."""
    through = (nodes.section, nodes.document, nodes.container, nodes.compound)
    parent = node.parent
    while parent is not None:
        if not isinstance(parent, through):
            return True
        parent = parent.parent
    return False


def follows_title(node: nodes.Element) -> bool:
    """Whether a block is the first thing below a heading, where floating would leave the heading alone."""
    here: nodes.Node = node
    while (parent := here.parent) is not None:
        before = parent[parent.index(here) - 1] if parent.index(here) > 0 else None
        if before is not None or isinstance(parent, nodes.section):
            return isinstance(before, nodes.title)
        here = parent
    return False


def split_target(docname: str, node: nodes.Element) -> tuple[str, str] | None:
    """(page, id) that an internal reference points at, or None for an outside address."""
    if "refid" in node:
        return docname, node["refid"]
    uri = node.get("refuri", "")
    if not uri.startswith("%"):
        return None
    page, _, anchor = uri[1:].partition("#")
    return page, anchor


def survey(shared: Shared, pages: Sequence[Placed]) -> None:
    """Give every id of the book its label, number the sources, and note which labels are referred to."""
    for page in pages:
        first = next(iter(page.doctree.findall(nodes.section)), None)
        shared.owners[page.docname, ""] = page.docname
        shared.places.add(page.docname)
        for node in page.doctree.findall(nodes.Element):
            if not node.get("ids"):
                continue
            name = page.docname if node is first else f"{page.docname}#{node['ids'][0]}"
            for one in ids_of(node):
                shared.owners[page.docname, one] = name
            if isinstance(node, nodes.citation):
                shared.numbered[name] = len(shared.numbered) + 1
            elif isinstance(node, nodes.section | nodes.figure | nodes.table):
                shared.places.add(name)
    for page in pages:
        for node in page.doctree.findall(nodes.reference):
            target = split_target(page.docname, node)
            if target is not None:
                label = shared.owners.get(target)
                if label is None:
                    raise UntranslatableError(node, f"refers to {'#'.join(target)!r}, which is not printed")
                shared.wanted.setdefault(label, place_of(node))
