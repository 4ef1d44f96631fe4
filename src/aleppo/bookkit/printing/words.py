"""Words of a line: emphasis, code, Arabic and other raw markup, references, notes."""

from __future__ import annotations

import re

from docutils import nodes

from aleppo.bookkit import addresses
from aleppo.bookkit.printing.labels import UntranslatableError, classes_of, ids_of, split_target
from aleppo.bookkit.printing.markup import breakable, call, escape, string
from aleppo.bookkit.printing.walker import Walker

# Where neither a note nor the page of a link has room.
ROOMLESS = (
    nodes.title,
    nodes.caption,
    nodes.entry,
    nodes.term,
    nodes.footnote,
    nodes.citation,
    nodes.rubric,
)
LONGEST_ADDRESS = 46  # characters


def within(node: nodes.Node, kinds: tuple[type[nodes.Node], ...]) -> bool:
    """Whether a node stands in one of the ``kinds``."""
    parent = node.parent
    while parent is not None and not isinstance(parent, kinds):
        parent = parent.parent
    return parent is not None


def is_enclosed(node: nodes.Node) -> bool:
    """Whether the parenthesis before a node is open where it stands."""
    siblings = node.parent.children
    before = "".join(one.astext() for one in siblings[: siblings.index(node)])
    return before.count("(") > before.count(")")


def shortened(uri: str) -> str:
    """An address as print shows it: whole if it is short, else the name of the site. The link is the whole address."""
    whole = addresses.bare(uri)
    return whole if len(whole) <= LONGEST_ADDRESS and "%" not in whole else f"{whole.partition('/')[0]}/…"


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
        link = next(iter(node.findall(nodes.reference)), None)
        target = None if link is None else split_target(self.page.docname, link)
        label = self.shared.owners[target] if target else None
        return call("claim-mark", escape(node["words"]), self.inline(node.children), id=label) + ";"

    def node_LeftToRight(self, node: nodes.Element) -> str:
        return f"#text(dir: ltr)[{self.inline(node.children)}];"

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
            return self.internal(node, target, body)
        uri = node.get("refuri")
        if not uri:
            raise UntranslatableError(node, "reference without a target")
        if any(isinstance(child, nodes.image) for child in node.children):
            return body
        if within(node, (nodes.citation,)) and node.astext() == uri:
            return f"#weblink({string(uri)})[{escape(breakable(shortened(uri)))}];"
        link = f"#weblink({string(uri)})[{body}];"
        return link + self.printed_address(node, uri)

    def internal(self, node: nodes.Element, target: tuple[str, str], body: str) -> str:
        """A link within the book; to a place in another chapter with its page, where there is room for that."""
        label = self.shared.owners[target]
        if self.brief and label in self.shared.numbered:
            return f"#xref({string(label)})[{self.shared.numbered[label]}];"
        far = target[0] != self.page.docname and label in self.shared.places
        if far and not self.brief and not within(node, ROOMLESS):
            how = "paged: true" + (", enclosed: true" if is_enclosed(node) else "")
            return f"#xref({string(label)}, {how})[{body}];"
        return f"#xref({string(label)})[{body}];"

    def printed_address(self, node: nodes.Element, uri: str) -> str:
        """The address of a link as a footnote, where the text does not show it and there is room for a note."""
        bare = re.sub(r"^(https?://|mailto:)", "", uri).rstrip("/")
        shown = re.sub(r"^(https?://|mailto:)", "", node.astext()).rstrip("/")
        if self.shared.show_urls != "footnote" or bare == shown or within(node, ROOMLESS):
            return ""
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
        label = self.label_of(node)
        body = re.sub(r"URL: (?=#weblink)", "", self.content(node, but=nodes.label))
        number = self.shared.numbered.get(self.shared.owners.get((self.page.docname, ids_of(node)[0]), ""))
        return call("bibentry", body, id=label, number=number)
