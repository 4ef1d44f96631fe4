"""From resolved document trees to Typst markup.

One :class:`PageWriter` per source page. Every node has a method ``node_<class name>`` that returns markup; what the
calls in that markup look like on paper is decided in ``book/print/book.typ``. A node without a method, an image
without a description or a formula that cannot be converted stops the build with :class:`UntranslatableError`, which
names file and line: nothing is left out in silence.

Blocks are returned without blank lines around them; inline calls end with ``;`` so that the text after them can
begin with any character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import tex2typst
from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.locale import admonitionlabels

if TYPE_CHECKING:
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

ZERO_WIDTH_SPACE = "\u200b"
LONGEST_WORD = 28  # characters; a longer one may be broken after the signs below
SHORT_CELL = 18  # characters
BREAK_AFTER = re.compile(r"(?<=[/._\-=&?,;:])(?=[^\s/])")
NUMERIC = re.compile(r"(?=.*\d)[\d\s.,;:+×<>≤≥≈~()\[\]−–-]*(?:%|km²)?\s*")
DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")
SECTION_KINDS = ("chapter", "section", "subsection", "paragraph-heading")
ADMONITIONS = frozenset(
    ("attention", "caution", "danger", "error", "hint", "important", "note", "tip", "warning", "seealso")
)
PIXEL = 0.75  # points
# Nodes whose own markup carries their label; before others an anchor is set.
LABELLED = (nodes.section, nodes.figure, nodes.table, nodes.math_block, nodes.citation, nodes.footnote)
MACROS = {r"\lVert": r"\|", r"\rVert": r"\|", r"\lvert": "|", r"\rvert": "|"}


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
    source = _nearest(node, "source") or "unknown file"
    line = _nearest(node, "line")
    return f"{source}:{line}" if line else str(source)


def _nearest(node: nodes.Node | None, attribute: str) -> Any:
    while node is not None:
        if found := getattr(node, attribute, None):
            return found
        node = node.parent
    return None


# ---- Typst literals and text ------------------------------------------------------------------------------------


def string(text: str) -> str:
    """A Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def literal(value: Any) -> str:
    """A Python value (None, bool, number, str, list, dict) as a Typst literal."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Raw):
        return value.markup
    if isinstance(value, dict):
        return "(" + (", ".join(f"{key}: {literal(v)}" for key, v in value.items()) or ":") + ")"
    if isinstance(value, Sequence):
        return array(literal(v) for v in value)
    raise TypeError(f"no Typst literal for {type(value).__name__}")


@dataclass(frozen=True)
class Raw:
    """Markup that is already Typst code, for :func:`literal`."""

    markup: str


def array(items: Iterable[str]) -> str:
    """A Typst array; one item needs its trailing comma."""
    listed = list(items)
    return "(" + ", ".join(listed) + ("," if len(listed) == 1 else "") + ")"


def call(name: str, *contents: str, **arguments: Any) -> str:
    """``#name(key: value)[content]``; underscores in keys become hyphens, values equal to None are left out."""
    given = [
        f"{key.replace('_', '-')}: {literal(value)}" for key, value in arguments.items() if value is not None
    ]
    inside = f"({', '.join(given)})" if given or not contents else ""
    return f"#{name}{inside}" + "".join(f"[{content}]" for content in contents)


_SPECIAL = re.compile(r"[\\#$*_`<>@\[\]~'\"/=+]|(?<![^\W\d_])-|-(?![^\W\d_])|\.(?=\.)|(?<=\.)\.")
_ENUMERATED = re.compile(r"^(\s*\d+)([.)])")


def escape(text: str) -> str:
    """Text as Typst markup in which no character has a meaning of its own."""
    flat = re.sub(r"[ \t\r\n\f\v]+", " ", text)
    return _ENUMERATED.sub(r"\1\\\2", _SPECIAL.sub(lambda found: "\\" + found.group(), flat))


def breakable(text: str) -> str:
    """The text with invisible break points in words too long for a line; addresses break by themselves."""
    if "://" in text:
        return text

    def loosen(found: re.Match[str]) -> str:
        word = found.group()
        pieces = BREAK_AFTER.split(word)
        return ZERO_WIDTH_SPACE.join(
            piece[i : i + LONGEST_WORD]
            for piece in pieces
            for i in range(0, max(len(piece), 1), LONGEST_WORD)
        )

    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", loosen, text)


def longest_words(texts: Iterable[str], count: int = 3) -> list[str]:
    """The longest unbreakable words, which decide how narrow a column can be."""
    words = {
        word for text in texts for word in re.split(rf"[\s{ZERO_WIDTH_SPACE}]+", breakable(text)) if word
    }
    return sorted(words, key=lambda word: (-len(word), word))[:count]


def math(node: nodes.Node, tex: str) -> str:
    """TeX mathematics as Typst mathematics."""
    tex = re.sub(r"\\label\{[^}]*\}", "", tex).strip()
    try:
        return str(tex2typst.tex2typst(tex, custom_tex_macros=MACROS)).strip()
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise UntranslatableError(node, f"formula {tex!r} cannot be converted: {reason}") from error


def spoken(tex: str) -> str:
    """What a screen reader is given for a formula: its source on one line."""
    return " ".join(re.sub(r"\\label\{[^}]*\}", "", tex).split())


def length(node: nodes.Element, key: str = "width") -> Raw | None:
    """A docutils length as a Typst length."""
    given = str(node.get(key) or "").strip()
    if not given:
        return None
    found = re.fullmatch(r"([\d.]+)\s*(px|pt|mm|cm|in|em|%)?", given)
    if not found:
        raise UntranslatableError(
            node, f"{key} {given!r}: expected a number with px, pt, mm, cm, in, em or %"
        )
    number, unit = float(found.group(1)), found.group(2) or "px"
    if unit == "px":
        number, unit = number * PIXEL, "pt"
    return Raw(f"{number:g}{unit}")


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


# ---- labels -----------------------------------------------------------------------------------------------------


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
    """Give every id of the book its label, and note which labels are referred to."""
    for page in pages:
        first = next(iter(page.doctree.findall(nodes.section)), None)
        shared.owners[page.docname, ""] = page.docname
        for node in page.doctree.findall(nodes.Element):
            if not node.get("ids"):
                continue
            name = page.docname if node is first else f"{page.docname}#{node['ids'][0]}"
            for one in ids_of(node):
                shared.owners[page.docname, one] = name
    for page in pages:
        for node in page.doctree.findall(nodes.reference):
            target = split_target(page.docname, node)
            if target is not None:
                label = shared.owners.get(target)
                if label is None:
                    raise UntranslatableError(node, f"refers to {'#'.join(target)!r}, which is not printed")
                shared.wanted.setdefault(label, place_of(node))


# ---- the writer -------------------------------------------------------------------------------------------------


class PageWriter:
    """Writes one source page as Typst markup; call :meth:`write` once."""

    def __init__(self, shared: Shared, page: Placed) -> None:
        self.shared = shared
        self.page = page
        self.numbers: dict[str, dict[str, tuple[int, ...]]] = shared.env.toc_fignumbers.get(page.docname, {})
        self.section_numbers = shared.env.toc_secnumbers.get(page.docname, {})
        self.footnotes = {one: node for node in page.doctree.findall(nodes.footnote) for one in node["ids"]}
        self.footnotes_set: set[str] = set()
        self.addresses: set[str] = set()
        self.first_section = next(iter(page.doctree.findall(nodes.section)), None)

    def write(self) -> str:
        """The page as Typst markup."""
        body = self.blocks(self.page.doctree.children)
        if self.first_section is None:
            body = self.anchors([self.page.docname]) + body
        return body + "\n"

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
        """Children that stand one below the other; runs of inline children make a paragraph of their own."""
        return "\n\n".join(piece for piece in self._pieces(children) if piece.strip())

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
        line = _nearest(node, "line")
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
        )
        return f"{heading}\n\n{self.content(node, but=nodes.title)}"

    def node_paragraph(self, node: nodes.Element) -> str:
        words = self.inline(node.children)
        return call("table-note", words) if "table-note" in classes_of(node) else words

    node_compact_paragraph = node_paragraph

    def node_compound(self, node: nodes.Element) -> str:
        return "" if "toctree-wrapper" in classes_of(node) else self.content(node)

    def node_container(self, node: nodes.Element) -> str:
        classes = classes_of(node)
        if {"only-html", "html-only", "stderr"} & classes:
            return ""
        if "cell_input" in classes and "tag_print-input" not in classes_of(node.parent):
            return ""
        if "literal-block-wrapper" in classes:
            return self.listing(node)
        return self.content(node)

    def node_LanguageBlock(self, node: nodes.Element) -> str:
        return call("in-language", self.content(node), lang=node["language"])

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
        items = []
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
            items.append(f"terms.item([{words}], [{meaning}])")
        return f"#terms(tight: false, {', '.join(items)})"

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

    # ---- code and mathematics ----

    def node_literal_block(self, node: nodes.Element) -> str:
        classes = classes_of(node)
        if "stderr" in classes:
            return ""
        if "traceback" in classes:
            cell = node.parent
            while cell is not None and "cell" not in classes_of(cell):
                cell = cell.parent
            if cell is None or "tag_raises-exception" not in cell["classes"]:
                raise UntranslatableError(node, "a stored output is an error; mend the cell and run it again")
        language = str(node.get("language") or "none")
        known = {
            "ipython3": "python",
            "ipython": "python",
            "python3": "python",
            "pycon": "python",
            "console": "bash",
        }
        language = known.get(language, language)
        lang = None if language in ("none", "text", "default", "myst-ansi", "ipythontb") else language
        # Tabs and control sequences of a terminal have no meaning on paper.
        text = re.sub(r"\x1b\[[0-9;]*m", "", node.astext()).expandtabs(4).rstrip("\n")
        text = "\n".join(breakable(line) for line in text.split("\n"))
        return f"#verbatim(lang: {literal(lang)}, {string(text)})"

    node_doctest_block = node_literal_block

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

    def node_math(self, node: nodes.Element) -> str:
        tex = node.astext()
        return f"#formula(alt: {string(spoken(tex))}, ${math(node, tex)}$);"

    def node_math_block(self, node: nodes.Element) -> str:
        tex = node.astext()
        number = self.number(node, "displaymath") if node.get("label") else None
        if number is None and node.get("number") is not None:
            number = str(node["number"])
        given = f"id: {literal(self.label_of(node))}, number: {literal(number)}, alt: {string(spoken(tex))}"
        return f"#display-formula({given}, $ {math(node, tex)} $)"

    # ---- pictures ----

    def node_image(self, node: nodes.Element) -> str:
        uri = node["uri"]
        path = self.shared.images.get(uri)
        if path is None:
            raise UntranslatableError(
                node, f"image {uri!r} is not a local file in a format that can be printed"
            )
        width = length(node)
        among_words = isinstance(node.parent, nodes.TextElement) and len(node.parent.children) > 1
        if "alt" not in node:
            raise UntranslatableError(node, f"image {uri!r} has no description (alt)")
        alt = " ".join(node["alt"].split())
        where = self.anchors_of(node) if among_words else ""
        if not alt:  # described as empty on purpose: an ornament
            return (
                where + f"#decoration({string(path)}, width: {literal(width)})" + (";" if among_words else "")
            )
        name = "inline-image" if among_words else "still"
        return (
            where
            + f"#{name}({string(path)}, alt: {string(alt)}, width: {literal(width)})"
            + (";" if among_words else "")
        )

    def node_figure(self, node: nodes.Element) -> str:
        caption = next((child for child in node.children if isinstance(child, nodes.caption)), None)
        legend = next((child for child in node.children if isinstance(child, nodes.legend)), None)
        shown = [child for child in node.children if child not in (caption, legend)]
        pictured = any(True for child in shown for _ in child.findall(nodes.image))
        return call(
            "fig",
            self.content(node, but=(nodes.caption, nodes.legend)),
            id=self.label_of(node),
            number=self.caption_number(node, "figure") if caption is not None else None,
            caption=Raw(f"[{self.inline(caption.children)}]") if caption is not None else None,
            legend=Raw(f"[{self.content(legend)}]") if legend is not None else None,
            float=False if nested(node) or follows_title(node) else None,
            # a picture carries its own description; words in its place are theirs
            alt=None if pictured else " ".join(" ".join(child.astext() for child in shown).split()),
        )

    # ---- tables ----

    def node_table(self, node: nodes.Element) -> str:
        title = next((child for child in node.children if isinstance(child, nodes.title)), None)
        groups = [child for child in node.children if isinstance(child, nodes.tgroup)]
        if len(groups) != 1:
            raise UntranslatableError(node, f"a table with {len(groups)} groups of columns; expected one")
        grid = TableGrid(groups[0])
        given = "colwidths-given" in classes_of(node)
        rows = {
            part: array(array(map(self.cell, row)) for row in grid.rows(part)) for part in ("head", "body")
        }
        arguments = {
            "id": self.label_of(node),
            "number": self.caption_number(node, "table") if title is not None else None,
            "caption": Raw(f"[{self.inline(title.children)}]") if title is not None else None,
            "columns": grid.columns,
            "weights": grid.widths if given else None,
            "words": grid.words(),
            "firm": grid.firm(),
            "align": Raw(array(grid.alignments())),
            "tall": True if any(len(cell.entry.children) > 1 for cell in grid.cells) else None,
            "nested": True if nested(node) else None,
            "header": Raw(rows["head"]),
            "body": Raw(rows["body"]),
        }
        return call("tab", **arguments)

    def cell(self, cell: Cell) -> str:
        entries: dict[str, Any] = {"x": cell.column}
        if cell.colspan > 1:
            entries["colspan"] = cell.colspan
        if cell.rowspan > 1:
            entries["rowspan"] = cell.rowspan
        if cell.strong:
            entries["strong"] = True
        entries["body"] = Raw(f"[{self.anchors_of(cell.entry)}{self.content(cell.entry)}]")
        return literal(entries)

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


# ---- tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    entry: nodes.Element
    row: int
    column: int
    colspan: int
    rowspan: int
    head: bool
    strong: bool

    @property
    def text(self) -> str:
        return self.entry.astext()


class TableGrid:
    """Where the cells of a docutils table stand, rows that span others taken into account."""

    def __init__(self, group: nodes.Element) -> None:
        specs = [child for child in group.children if isinstance(child, nodes.colspec)]
        self.columns = len(specs)
        self.widths = [float(spec.get("colwidth", 1) or 1) for spec in specs]
        self.declared = [str(spec.get("align") or "") for spec in specs]
        stubs = [bool(spec.get("stub")) for spec in specs]
        self.cells: list[Cell] = []
        self.heights = {"head": 0, "body": 0}
        for part in group.children:
            if isinstance(part, nodes.thead | nodes.tbody):
                self._place(part, "head" if isinstance(part, nodes.thead) else "body", stubs)

    def _place(self, part: nodes.Element, name: str, stubs: list[bool]) -> None:
        taken: set[tuple[int, int]] = set()
        for row, line in enumerate(part.children):
            column = 0
            for entry in cast(nodes.Element, line).children:
                element = cast(nodes.Element, entry)
                while (row, column) in taken:
                    column += 1
                colspan, rowspan = element.get("morecols", 0) + 1, element.get("morerows", 0) + 1
                if column + colspan > self.columns:
                    raise UntranslatableError(element, f"a table row with more than {self.columns} columns")
                taken |= {(row + down, column + right) for down in range(rowspan) for right in range(colspan)}
                strong = name == "head" or stubs[column]
                self.cells.append(Cell(element, row, column, colspan, rowspan, name == "head", strong))
                column += colspan
            self.heights[name] = row + 1

    def rows(self, part: str) -> list[list[Cell]]:
        """Cells of the head or the body, row by row."""
        head = part == "head"
        return [
            [cell for cell in self.cells if cell.head == head and cell.row == row]
            for row in range(self.heights[part])
        ]

    def words(self) -> list[list[str]]:
        """For every column its longest words."""
        return [
            longest_words(cell.text for cell in self.cells if cell.colspan == 1 and cell.column == column)
            for column in range(self.columns)
        ]

    def firm(self) -> list[bool]:
        """For every column whether its cells are so short (a number, a date) that they should not wrap."""
        return [
            all(
                len(cell.text) <= SHORT_CELL and len(cell.entry.children) <= 1
                for cell in self.cells
                if cell.colspan == 1 and cell.column == column and not cell.head
            )
            for column in range(self.columns)
        ]

    def alignments(self) -> list[str]:
        """``left``, ``center`` or ``right`` for every column: as marked, else right for columns of numbers."""
        return [self._alignment(column) for column in range(self.columns)]

    def _alignment(self, column: int) -> str:
        cells = [cell for cell in self.cells if cell.column == column and cell.colspan == 1 and not cell.head]
        marked = [
            side
            for cell in cells
            for side in ("left", "center", "right")
            if f"text-{side}" in cell.entry["classes"]
        ]
        if marked:
            return max(sorted(set(marked)), key=marked.count)
        if self.declared[column]:
            return self.declared[column]
        filled = [cell.text for cell in cells if cell.text.strip()]
        numbers = all(NUMERIC.fullmatch(text) and not DATE.fullmatch(text) for text in filled)
        return "right" if filled and numbers else "left"
