"""From resolved document trees to Typst markup.

One :class:`PageWriter` per source page. Every node has a method ``node_<class name>`` that returns markup; what the
calls in that markup look like on paper is decided in ``book/print``. A node without a method, an image without a
description or a formula that cannot be converted stops the build with :class:`UntranslatableError`, which names file
and line: nothing is left out in silence.
"""

from __future__ import annotations

from docutils import nodes

from aleppo.bookkit.printing.blocks import BlockNodes
from aleppo.bookkit.printing.exhibits import ExhibitNodes
from aleppo.bookkit.printing.labels import UntranslatableError
from aleppo.bookkit.printing.markup import string
from aleppo.bookkit.printing.words import WordNodes


class PageWriter(WordNodes, BlockNodes, ExhibitNodes):
    """Writes one source page as Typst markup; call :meth:`write` once."""

    def write(self) -> str:
        """The page as Typst markup."""
        body = self.blocks(self.page.doctree.children)
        if self.first_section is None:
            body = self.anchors([self.page.docname]) + body
        return f"#whole-chapter({string(self.page.docname)})[\n{body}\n]\n"

    # ---- what has no place on paper, and what must not reach it ----

    def nothing(self, node: nodes.Element) -> str:
        """Invisible by its nature or meant for other media."""
        return ""

    node_comment = node_substitution_definition = node_index = node_meta = node_docinfo = nothing
    node_toctree = node_tabular_col_spec = node_highlightlang = node_title = node_label = nothing
    node_colspec = nothing

    def refuse(self, node: nodes.Element) -> str:
        """An error that an earlier stage left in the tree."""
        raise UntranslatableError(node, f"<{node.tagname}> left by an earlier error: {node.astext()[:120]!r}")

    node_problematic = node_system_message = node_pending_xref = refuse
