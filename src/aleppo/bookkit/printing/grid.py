"""Where the cells of a document table stand, and what its columns hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from docutils import nodes

from aleppo.bookkit.printing.labels import UntranslatableError
from aleppo.bookkit.printing.markup import longest_words

SHORT_CELL = 18  # characters
NUMERIC = re.compile(r"(?=.*\d)[\d\s.,;:+×<>≤≥≈~()\[\]−–-]*(?:%|km²)?\s*")
DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?")


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
