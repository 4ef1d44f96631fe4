"""The reference of the package in the back matter, from its docstrings: ``{package-reference} evidence``.

In the web edition the directive gives every public function and class of a stratum, module by module, with signature
and docstring. Print editions name the modules and what each is for; whoever reads code has a screen before them.

The source is read, not imported: importing and analysing the whole package, as autodoc does, took longer than the
rest of the book.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

import aleppo

# Modules that only compose one chapter, or one test of a claim; chapters and the ledger show what they do.
CLASS = "aleppo-reference"
LEFT_OUT = ("aleppo.show.chapters.", "aleppo.claims.tests.")
Definition = ast.FunctionDef | ast.ClassDef
_MARKED = re.compile(
    r"``(.+?)``|(?::\w+:)?`([^`]+)`|\*\*([^*`]+)\*\*|(?<![\w*])\*([^\W\d_](?:[\w ,]*\w)?\.?)\*(?![\w*])",
    re.DOTALL,
)
_ITEM = re.compile(r"^[-*] ", re.MULTILINE)
# Words in columns, as in a list of arguments, or an example: kept as they stand.
_AS_IT_STANDS = re.compile(r"^(?:>>> |\s)|^\S+ {2,}\S", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """A module by its dotted name, its docstring, and its public definitions in the order of the file."""

    name: str
    words: str
    public: tuple[Definition, ...]


def modules(stratum: str) -> list[Module]:
    """Every module of ``stratum`` with a docstring and something public, by name."""
    root = Path(aleppo.__file__).parent
    found = []
    for path in sorted((root / stratum).rglob("*.py")):
        name = ".".join(("aleppo", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        words = ast.get_docstring(tree)
        public = tuple(_public(tree.body))
        if public and words and not f"{name}.".startswith(LEFT_OUT):
            found.append(Module(name, words, public))
    return found


def _public(body: list[ast.stmt]) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


def signature(node: Definition) -> str:
    """What is written to use ``node``: its name, arguments with types and defaults, and what it returns.

    A class shows the arguments of its ``__init__``, or the fields of a dataclass.
    """
    if isinstance(node, ast.FunctionDef):
        returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
        return f"{node.name}({ast.unparse(node.args)}){returns}"
    made = next(
        (one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"), None
    )
    if made:
        return f"{node.name}({ast.unparse(made.args).removeprefix('self').removeprefix(', ')})"
    fields = [_field(one) for one in node.body if isinstance(one, ast.AnnAssign)]
    return f"{node.name}({', '.join(field for field in fields if not field.startswith('_'))})"


def _field(node: ast.AnnAssign) -> str:
    """A field of a dataclass; a default that is made anew for each is no more than three dots."""
    if isinstance(node.value, ast.Call):
        return f"{ast.unparse(node.target)}: {ast.unparse(node.annotation)} = …"
    return ast.unparse(node)


def paragraphs(words: str) -> Iterator[nodes.Element]:
    """A docstring as paragraphs and lists; examples and words in columns stay as they stand."""
    for block in re.split(r"\n\s*\n", words.strip("\n")):
        lead, *points = (" ".join(part.split()) for part in _ITEM.split(block))
        if points:
            if lead:
                yield nodes.paragraph("", "", *inline(lead))
            yield nodes.bullet_list("", *(_point(point) for point in points))
        elif _AS_IT_STANDS.search(block):
            lead, rest = _lead(block)
            if lead:
                yield nodes.paragraph("", "", *inline(lead))
            text = textwrap.dedent("\n".join(rest))
            yield nodes.literal_block(text, text, language="text")
        else:
            # two colons announce code, of which a reader sees one
            said = re.sub(r"::$", ":", " ".join(block.split()))
            yield nodes.paragraph("", "", *inline(said))


def _point(words: str) -> nodes.list_item:
    return nodes.list_item("", nodes.paragraph("", "", *inline(words)))


def _lead(block: str) -> tuple[str, list[str]]:
    """The words that lead up to an indented part of ``block``, and the lines of that part."""
    lines = block.split("\n")
    first = next((place for place, line in enumerate(lines) if _AS_IT_STANDS.match(line)), 0)
    return " ".join(line.strip() for line in lines[:first]), lines[first:]


def inline(text: str) -> Iterator[nodes.Node]:
    """Text with names and code in backticks as literals, and words between asterisks stressed."""
    end = 0
    for match in _MARKED.finditer(text):
        yield nodes.Text(text[end : match.start()])
        code = match[1] or match[2]
        if code:
            yield nodes.literal(code, code)
        else:
            yield nodes.strong(match[3], match[3]) if match[3] else nodes.emphasis(match[4], match[4])
        end = match.end()
    yield nodes.Text(text[end:])


class PackageReference(SphinxDirective):
    """``{package-reference} STRATUM``: see the module."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        found = modules(self.arguments[0])
        if not found:
            raise self.error(
                f"package-reference: expected a stratum of the package, found {self.arguments[0]!r}"
            )
        return [_section(one) for one in found]


class NamesOfModules(SphinxPostTransform):
    """Leaves other editions than the web's of each module its name and first paragraph, as one list."""

    default_priority = 6

    def run(self, **_: Any) -> None:
        if self.app.builder.format == "html":
            return
        lists: list[nodes.definition_list] = []
        for section in [one for one in self.document.findall(nodes.section) if CLASS in one["classes"]]:
            title, first, *_rest = section.children
            item = _item(title.astext(), [first])
            place = section.parent.index(section)
            if lists and place and section.parent[place - 1] is lists[-1]:
                lists[-1] += item
                section.parent.remove(section)
            else:
                lists.append(_list([item]))
                section.parent.replace(section, lists[-1])


def _section(module: Module) -> nodes.section:
    section = nodes.section(ids=[module.name.replace(".", "-")], classes=[CLASS])
    section += nodes.title("", "", nodes.literal(module.name, module.name))
    section += list(paragraphs(module.words))
    section += _list(
        _item(signature(node), paragraphs(ast.get_docstring(node) or ""), f"{module.name}.{node.name}")
        for node in module.public
    )
    return section


def _list(items: Iterable[nodes.definition_list_item]) -> nodes.definition_list:
    return nodes.definition_list("", *items)


def _item(head: str, words: Iterable[nodes.Node], name: str = "") -> nodes.definition_list_item:
    code = nodes.literal(head)
    for piece in re.split(r"(->)", head):
        # browsers would break the arrow in two
        code += nodes.inline("", piece, classes=["aleppo-whole"]) if piece == "->" else nodes.Text(piece)
    term = nodes.term("", "", code, ids=[name] if name else [])
    return nodes.definition_list_item("", term, nodes.definition("", *words))


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("package-reference", PackageReference)
    app.add_post_transform(NamesOfModules)
    return {"version": aleppo.__version__, "parallel_read_safe": True, "parallel_write_safe": True}
