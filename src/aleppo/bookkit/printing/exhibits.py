"""What is shown: code, formulas, pictures, tables."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import Any

from docutils import nodes

from aleppo.bookkit.printing.grid import Cell, TableGrid
from aleppo.bookkit.printing.labels import UntranslatableError, classes_of, follows_title, nested
from aleppo.bookkit.printing.markup import Raw, array, breakable, call, length, literal, math, spoken, string
from aleppo.bookkit.printing.walker import Walker


class ExhibitNodes(Walker):
    """Code, formulas, pictures and tables, with their captions and numbers."""

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
        with self.briefly():
            for cell in grid.cells:
                cell.markup = self.anchors_of(cell.entry) + self.content(cell.entry)
        given = "colwidths-given" in classes_of(node)
        rows = {
            part: array(array(map(self.cell, row)) for row in grid.rows(part)) for part in ("head", "body")
        }
        note = self.note_of(node)
        arguments = {
            "id": self.label_of(node),
            "number": self.caption_number(node, "table") if title is not None else None,
            "caption": Raw(f"[{self.inline(title.children)}]") if title is not None else None,
            "note": Raw(f"[{note}]") if note else None,
            "columns": grid.columns,
            "weights": grid.widths if given else None,
            "words": grid.words(),
            "firm": grid.firm(),
            "demand": grid.demand(),
            "align": Raw(array(grid.alignments())),
            "tall": True if any(len(cell.entry.children) > 1 for cell in grid.cells) else None,
            "nested": True if nested(node) or self.in_columns else None,
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
        entries["body"] = Raw(f"[{cell.markup}]")
        return literal(entries)

    def note_of(self, table: nodes.Element) -> str:
        """The notes that stand right below a table and belong to it."""
        after = table.parent.children[table.parent.index(table) + 1 :] if table.parent is not None else []
        notes = takewhile(
            lambda node: isinstance(node, nodes.paragraph) and "table-note" in classes_of(node), after
        )
        return "#linebreak();".join(self.inline(note.children) for note in notes)
