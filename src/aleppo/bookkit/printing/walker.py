"""Going through a page: children side by side or one below the other, with their labels and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import cast

from docutils import nodes

from aleppo.bookkit.printing.labels import (
    LABELLED,
    Placed,
    Shared,
    UntranslatableError,
    ids_of,
    is_inline,
    nearest,
)
from aleppo.bookkit.printing.markup import string

TWO_COLUMNS = "print: two columns"


def is_turn(node: nodes.Node) -> bool:
    """Whether a node is the comment from which on a section is printed in two columns."""
    return isinstance(node, nodes.comment) and node.astext().strip() == TWO_COLUMNS


class Walker:
    """Goes through the nodes of one source page; its heirs have a method ``node_<class name>`` for every node."""

    def __init__(self, shared: Shared, page: Placed) -> None:
        self.shared = shared
        self.page = page
        self.numbers: dict[str, dict[str, tuple[int, ...]]] = shared.env.toc_fignumbers.get(page.docname, {})
        self.section_numbers = shared.env.toc_secnumbers.get(page.docname, {})
        self.footnotes = {one: node for node in page.doctree.findall(nodes.footnote) for one in node["ids"]}
        self.footnotes_set: set[str] = set()
        self.addresses: set[str] = set()
        self.brief = False
        """Whether there is so little room that a source is cited by its number."""
        self.in_columns = False
        """Whether what is written stands in one of two columns."""
        self.first_section = next(iter(page.doctree.findall(nodes.section)), None)

    # ---- walking ----

    def translate(self, node: nodes.Node) -> str:
        """Markup of any node."""
        for cls in type(node).__mro__:
            method = getattr(self, f"node_{cls.__name__}", None)
            if method is not None:
                return cast(str, method(node))
        raise UntranslatableError(node, f"<{type(node).__name__}> has no translation for the print edition")

    def inline(self, children: Iterable[nodes.Node]) -> str:
        """Children of a line of text."""
        return "".join(map(self.translate, children))

    def blocks(self, children: Iterable[nodes.Node]) -> str:
        """Children that stand one below the other; runs of inline children make a paragraph of their own.

        Those after a comment ``print: two columns`` are set so.
        """
        whole = list(children)
        turn = next((i for i, child in enumerate(whole) if is_turn(child)), len(whole))
        pieces = [piece for piece in self._pieces(whole[:turn]) if piece.strip()]
        if turn < len(whole):
            self.in_columns = True
            pieces.append(f"#two-columns[\n{self.blocks(whole[turn + 1 :])}\n]")
            self.in_columns = False
        return "\n\n".join(pieces)

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """What is written meanwhile cites sources by their numbers."""
        before, self.brief = self.brief, True
        try:
            yield
        finally:
            self.brief = before

    def _pieces(self, children: Iterable[nodes.Node]) -> Iterator[str]:
        line: list[str] = []
        for child in children:
            if is_inline(child):
                line.append(self.translate(child))
                continue
            yield "".join(line)
            line = []
            markup = self.translate(child)
            if not isinstance(child, LABELLED):
                markup = self.anchors_of(child) + markup
            if markup and isinstance(child.parent, nodes.section | nodes.document):
                markup = self.trace(child) + markup
            yield markup
        yield "".join(line)

    def content(self, node: nodes.Element, but: type[nodes.Node] | tuple[type[nodes.Node], ...] = ()) -> str:
        """A node's children as block content, without children of the classes in ``but``."""
        return self.blocks(child for child in node.children if not isinstance(child, but))

    def trace(self, node: nodes.Node) -> str:
        """A comment by which a message of the Typst compiler is led back to file and line."""
        line = nearest(node, "line")
        if isinstance(node, nodes.section) or not line:
            return ""
        return f"// {self.shared.env.doc2path(self.page.docname, base=False)}:{line}\n"

    # ---- labels and numbers ----

    def label_of(self, node: nodes.Element) -> str | None:
        """The label to put on a node, if anything refers to it."""
        for one in ids_of(node):
            label = self.shared.owners.get((self.page.docname, one))
            if label in self.shared.wanted:
                self.shared.made.add(label)
                return label
        return None

    def anchors_of(self, node: nodes.Node) -> str:
        label = self.label_of(node) if isinstance(node, nodes.Element) else None
        return self.anchors([label]) if label else ""

    def anchors(self, labels: Iterable[str]) -> str:
        wanted = [label for label in labels if label in self.shared.wanted]
        self.shared.made.update(wanted)
        return "".join(f"#anchor({string(label)});" for label in wanted)

    def number(self, node: nodes.Element, kind: str) -> str | None:
        """The number that Sphinx gave a figure, table, listing or equation, in digits."""
        given = self.numbers.get(kind, {})
        for one in ids_of(node):
            if one in given:
                return ".".join(map(str, given[one]))
        return None

    def caption_number(self, node: nodes.Element, kind: str) -> str | None:
        """The same in the words of ``numfig_format``."""
        number = self.number(node, kind)
        if number is None or not self.shared.config.numfig:
            return None
        return str(self.shared.config.numfig_format.get(kind, "%s")) % number
