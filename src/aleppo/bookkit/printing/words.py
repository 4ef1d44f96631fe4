"""Words of a line: emphasis, code, Arabic and other raw markup, references, notes."""

from __future__ import annotations

import re

from docutils import nodes

from aleppo.bookkit.printing.labels import UntranslatableError, classes_of, split_target
from aleppo.bookkit.printing.markup import breakable, call, escape, string
from aleppo.bookkit.printing.walker import Walker


class WordNodes(Walker):
    """Nodes inside a line of text; calls end with ``;`` so that the text after them can begin with any character."""

    # ---- text ----

    def node_Text(self, node: nodes.Text) -> str:
        return escape(breakable(node.astext()))

    def node_emphasis(self, node: nodes.Element) -> str:
        return call("emph", self.inline(node.children)) + ";"

    node_title_reference = node_literal_emphasis = node_emphasis

    def node_strong(self, node: nodes.Element) -> str:
        return call("strong", self.inline(node.children)) + ";"

    node_literal_strong = node_strong

    def node_literal(self, node: nodes.Element) -> str:
        if "kbd" in classes_of(node):
            return call("keys", escape(node.astext())) + ";"
        return f"#code({string(breakable(node.astext()))});"

    def node_subscript(self, node: nodes.Element) -> str:
        return call("sub", self.inline(node.children)) + ";"

    def node_superscript(self, node: nodes.Element) -> str:
        return call("super", self.inline(node.children)) + ";"

    def node_inline(self, node: nodes.Element) -> str:
        return self.anchors_of(node) + self.inline(node.children)

    node_generated = node_PassthroughTextElement = node_inline

    def node_ClaimMark(self, node: nodes.Element) -> str:
        return call("claim-mark", escape(node["words"]), self.inline(node.children)) + ";"

    def node_target(self, node: nodes.Element) -> str:
        return self.anchors_of(node) + self.inline(node.children)

    def node_abbreviation(self, node: nodes.Element) -> str:
        explained = node.get("explanation")
        return self.inline(node.children) + (escape(f" ({explained})") if explained else "")

    def node_manpage(self, node: nodes.Element) -> str:
        return call("emph", self.inline(node.children)) + ";"

    def node_download_reference(self, node: nodes.Element) -> str:
        return self.inline(node.children)

    def node_raw(self, node: nodes.Element) -> str:
        if "typst" not in node.get("format", "").split():
            return ""
        markup = node.astext()
        return markup + ";" if markup.startswith("#") and markup.endswith((")", "]")) else markup

    # ---- references ----

    def node_reference(self, node: nodes.Element) -> str:
        body = self.anchors_of(node) + self.inline(node.children)
        target = split_target(self.page.docname, node)
        if target is not None:
            label = self.shared.owners[target]
            return f"#xref({string(label)})[{body}];"
        uri = node.get("refuri")
        if not uri:
            raise UntranslatableError(node, "reference without a target")
        if any(isinstance(child, nodes.image) for child in node.children):
            return body
        link = f"#weblink({string(uri)})[{body}];"
        return link + self.printed_address(node, uri)

    def printed_address(self, node: nodes.Element, uri: str) -> str:
        """The address of a link as a footnote, where the text does not show it and there is room for a note."""
        bare = re.sub(r"^(https?://|mailto:)", "", uri).rstrip("/")
        shown = re.sub(r"^(https?://|mailto:)", "", node.astext()).rstrip("/")
        if self.shared.show_urls != "footnote" or bare == shown:
            return ""
        roomless = (
            nodes.title,
            nodes.caption,
            nodes.entry,
            nodes.term,
            nodes.footnote,
            nodes.citation,
            nodes.rubric,
        )
        parent = node.parent
        while parent is not None:
            if isinstance(parent, roomless):
                return ""
            parent = parent.parent
        if uri in self.addresses:
            return ""  # printed before on this page of the sources
        self.addresses.add(uri)
        return f"#footnote[#address({string(uri)})];"

    def node_footnote_reference(self, node: nodes.Element) -> str:
        one = node.get("refid")
        note = self.footnotes.get(one)
        if note is None:
            raise UntranslatableError(node, "footnote without a text")
        label = f"note:{self.page.docname}#{note['ids'][0]}"
        if label in self.footnotes_set:
            return f"#footnote(label({string(label)}));"
        self.footnotes_set.add(label)
        return f"#footnote[{self.content(note, but=nodes.label)}]#label({string(label)});"

    def node_footnote(self, node: nodes.Element) -> str:
        return ""  # set where it is referred to

    def node_citation_reference(self, node: nodes.Element) -> str:
        return escape(f"[{node.astext()}]")

    def node_citation(self, node: nodes.Element) -> str:
        return call("bibentry", self.content(node, but=nodes.label), id=self.label_of(node))
