"""Blocks of a page: sections, paragraphs, lists, boxes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

from docutils import nodes
from sphinx.locale import admonitionlabels

from aleppo.bookkit.page_language import LanguageBlock
from aleppo.bookkit.printing.labels import UntranslatableError, classes_of
from aleppo.bookkit.printing.markup import Raw, call, escape, literal, string
from aleppo.bookkit.printing.walker import Walker

SECTION_KINDS = ("chapter", "section", "subsection", "paragraph-heading")
ADMONITIONS = frozenset(
    ("attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "seealso")
)

ONLY_HTML = frozenset(("only-html", "html-only"))
CITE_THIS = "cite-this"


def follows_figures(section: nodes.Element) -> bool:
    """Whether a section is the last of its chapter and has no figure, while those before it do.

    They are set before it begins: a figure would else stand alone, on a page after all that is said of it.
    """
    sections = [child for child in section.parent.children if isinstance(child, nodes.section)]
    *others, last = sections
    return (
        section is last
        and not last.next_node(nodes.figure)
        and any(one.next_node(nodes.figure) for one in others)
    )


class BlockNodes(Walker):
    """Nodes that stand one below the other; their markup has no blank lines around it."""

    # ---- structure ----

    def node_document(self, node: nodes.Element) -> str:
        return self.content(node)

    def node_section(self, node: nodes.Element) -> str:
        depth = self.page.depth
        parent = node.parent
        while parent is not None:
            depth += isinstance(parent, nodes.section)
            parent = parent.parent
        kind = SECTION_KINDS[min(depth, len(SECTION_KINDS) - 1)]
        first = node is self.first_section
        number = self.section_numbers.get("" if first else f"#{node['ids'][0]}")
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        if title is None:
            raise UntranslatableError(node, "section without a title")
        words = escape(self.page.title) if first and self.page.title else self.inline(title.children)
        heading = call(
            kind,
            words,
            level=self.page.level + depth - self.page.depth,
            number=".".join(map(str, number)) if number else None,
            id=self.label_of(node),
            fresh_page=False if kind == "chapter" and not self.page.fresh_page else None,
            cite=self.citation_of(node) if kind == "chapter" else None,
        )
        before = "#place.flush()\n\n" if kind == "section" and follows_figures(node) else ""
        return f"{before}{heading}\n\n{self.content(node, but=nodes.title)}"

    def citation_of(self, chapter: nodes.Element) -> Raw | None:
        """How to cite a chapter: its last block, which print sets at the foot of the first page."""
        last = chapter.children[-1]
        if isinstance(last, LanguageBlock):  # on a page in another language the citation stays English
            last = last.children[-1]
        if not isinstance(last, nodes.container) or CITE_THIS not in classes_of(last):
            return None
        return Raw(f"[{self.content(last)}]")

    def node_paragraph(self, node: nodes.Element) -> str:
        # the note of a table is written with it
        return "" if "table-note" in classes_of(node) else self.inline(node.children)

    node_compact_paragraph = node_paragraph

    def node_compound(self, node: nodes.Element) -> str:
        return "" if "toctree-wrapper" in classes_of(node) else self.content(node)

    def node_LanguageBlock(self, node: nodes.Element) -> str:
        return call("in-language", self.content(node), lang=node["language"])

    def node_container(self, node: nodes.Element) -> str:
        classes = classes_of(node)
        if {*ONLY_HTML, CITE_THIS, "stderr"} & classes:
            return ""
        if "cell_input" in classes and "tag_print-input" not in classes_of(node.parent):
            return ""
        if "literal-block-wrapper" in classes:
            return self.listing(node)
        return self.content(node)

    def listing(self, node: nodes.Element) -> str:
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        body = self.content(node, but=nodes.caption)
        words = self.inline(caption.children) if caption is not None else ""
        return call(
            "listing",
            body,
            id=self.label_of(node),
            number=self.caption_number(node, "code-block"),
            caption=Raw(f"[{words}]"),
        )

    def node_transition(self, node: nodes.Element) -> str:
        return "#ornament()"

    def node_rubric(self, node: nodes.Element) -> str:
        return call("rubric", self.inline(node.children))

    node_centered = node_rubric

    def node_block_quote(self, node: nodes.Element) -> str:
        source = next((child for child in node.children if isinstance(child, nodes.attribution)), None)
        attribution = Raw(f"[{self.inline(source.children)}]") if source is not None else None
        return call("quote", self.content(node, but=nodes.attribution), block=True, attribution=attribution)

    def node_attribution(self, node: nodes.Element) -> str:
        return call("indented", "— " + self.inline(node.children))

    def node_line_block(self, node: nodes.Element) -> str:
        return call("lines", *map(self.translate, node.children))

    def node_line(self, node: nodes.Element) -> str:
        return self.inline(node.children)

    # ---- lists ----

    @staticmethod
    def is_tight(node: nodes.Element) -> bool:
        """Whether every item is one short block."""
        return all(len(item.children) <= 1 for item in node.children if isinstance(item, nodes.Element))

    def node_bullet_list(self, node: nodes.Element) -> str:
        items = [f"[{self.item(child)}]" for child in node.children]
        return f"#list(tight: {literal(self.is_tight(node))}, {', '.join(items)})"

    def node_enumerated_list(self, node: nodes.Element) -> str:
        patterns = {"arabic": "1", "loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
        pattern = node.get("prefix", "") + patterns[node.get("enumtype", "arabic")] + node.get("suffix", ".")
        items = [f"[{self.item(child)}]" for child in node.children]
        return (
            f"#enum(tight: {literal(self.is_tight(node))}, numbering: {string(pattern)}, "
            f"start: {int(node.get('start', 1))}, {', '.join(items)})"
        )

    def item(self, node: nodes.Node) -> str:
        """A list item: children as blocks, with the anchor of the item itself."""
        return self.anchors_of(node) + self.content(cast(nodes.Element, node))

    def node_hlist(self, node: nodes.Element) -> str:
        return self.content(node)

    node_hlistcol = node_acks = node_glossary = node_hlist

    def node_definition_list(self, node: nodes.Element) -> str:
        if ONLY_HTML & classes_of(node):
            return ""
        if "print-facts" in classes_of(node):
            with self.briefly():
                pairs = [f"([{words}], [{meaning}])" for words, meaning in self.definitions(node)]
            return f"#facts({', '.join(pairs)})"
        items = [f"terms.item([{words}], [{meaning}])" for words, meaning in self.definitions(node)]
        return f"#terms(tight: false, {', '.join(items)})"

    def definitions(self, node: nodes.Element) -> Iterator[tuple[str, str]]:
        """Terms and meaning of every item of a definition list."""
        for item in node.children:
            parts = cast(nodes.Element, item).children
            terms = [child for child in parts if isinstance(child, nodes.term | nodes.classifier)]
            words = ", ".join(
                self.anchors_of(term) + self.inline(cast(nodes.Element, term).children) for term in terms
            )
            meaning = self.blocks(
                grandchild
                for child in parts
                if isinstance(child, nodes.definition)
                for grandchild in child.children
            )
            yield words, meaning

    def node_field_list(self, node: nodes.Element) -> str:
        pairs = [cast(nodes.Element, entry).children for entry in node.children]
        return self._terms((self.inline(cast(nodes.Element, name).children), body) for name, body in pairs)

    def node_option_list(self, node: nodes.Element) -> str:
        pairs = [cast(nodes.Element, entry).children for entry in node.children]
        return self._terms((f"#code({string(group.astext())});", body) for group, body in pairs)

    def _terms(self, pairs: Iterable[tuple[str, nodes.Node]]) -> str:
        items = [f"terms.item([{name}], [{self.content(cast(nodes.Element, body))}])" for name, body in pairs]
        return f"#terms({', '.join(items)})"

    # ---- boxes ----

    def node_Admonition(self, node: nodes.Element) -> str:
        kind = node.tagname
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        if title is not None:
            words = self.inline(title.children)
            kind = next((name for name in node["classes"] if name in ADMONITIONS), kind)
        else:
            words = escape(str(admonitionlabels.get(kind, "")))
        return call(
            "admonition",
            self.content(node, but=nodes.title),
            kind=kind if kind in ADMONITIONS else "other",
            title=Raw(f"[{words}]") if words else None,
        )

    def node_topic(self, node: nodes.Element) -> str:
        if "contents" in classes_of(node):
            return ""  # a list of the page's own sections: the book has its table of contents
        return self.node_Admonition(node)

    node_sidebar = node_topic

    def node_versionmodified(self, node: nodes.Element) -> str:
        return self.content(node)
