"""Where the cells of a document table stand, and what its columns hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from docutils import nodes
from numpy.typing import NDArray

from aleppo.bookkit.printing.labels import UntranslatableError
from aleppo.bookkit.printing.markup import longest_words

SHORT_CELL = 18  # characters
MEASURE = 125  # characters across a wide table
FEWEST = 13  # characters that a column of longer cells has at least
PADDING = 3  # characters that the space beside a column is worth
SPARE = 40  # characters to share out in a table whose narrowest columns fill the measure
NUMERIC = re.compile(r"(?:(?:at least|at most|up to) )?(?=.*\d)[\d\s.,;:+×<>≤≥≈~()\[\]−–-]*(?:%|km²)?\s*")
# Dates and versions, which are made of numbers and are none; what stands for a cell without anything
NAMED = re.compile(r"\d{4}-\d{2}(?:-\d{2})?|\d+(?:\.\d+){2,}")
NOTHING = ("", "–")
SHARPNESS = 4  # the higher, the more the tallest cell of a row alone decides
_CALL = re.compile(r"\\(\W)|#\w[\w-]*(?:\((?:\"[^\"]*\"|[^()\"])*\))?\[|\];?")


def plain(markup: str) -> str:
    """The characters of a line of markup that are printed, without the calls around them."""
    return _CALL.sub(lambda found: found[1] or "", markup)


def shares(lengths: NDArray[np.float64], least: Sequence[int], measure: int = MEASURE) -> list[int]:
    """Characters for every column of a table, such that its rows together take about the fewest lines.

    ``lengths`` (rows by columns) has the characters of each cell, ``least`` the narrowest each column may be. What is
    left of the ``measure`` goes, a character at a time, to the column where it shortens the table most; a column whose
    cells fit on a line gets no more. Where little or nothing is left, ``SPARE`` characters are shared out all the same:
    type is not as wide as the count says, and the template gives what there is in proportion.
    """
    widths = np.array(least, dtype=float)
    widest = lengths.max(axis=0, initial=0.0)
    for _ in range(max(measure - sum(least) - PADDING * len(least), SPARE)):
        lines = (lengths / widths) ** SHARPNESS
        tallest = np.maximum(lines.sum(axis=1), 1e-9) ** (1 / SHARPNESS - 1)
        gain = np.where(widths < widest, (tallest[:, None] * lines).sum(axis=0) / widths, 0.0)
        if not gain.any():
            break
        widths[int(gain.argmax())] += 1
    return [int(width) for width in widths]


@dataclass
class Cell:
    """A cell and where it stands; ``markup`` is what is printed in it, once that has been written."""

    entry: nodes.Element
    row: int
    column: int
    colspan: int
    rowspan: int
    head: bool
    strong: bool
    markup: str = ""

    @property
    def text(self) -> str:
        """What a reader sees of the cell."""
        return plain(self.markup) if self.markup else self.entry.astext()


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

    def demand(self) -> list[int]:
        """Characters that each column asks for (`shares`)."""
        lengths = np.zeros((sum(self.heights.values()), self.columns))
        for cell in self.cells:
            if cell.colspan == 1:
                lengths[cell.row + (0 if cell.head else self.heights["head"]), cell.column] = len(cell.text)
        least = [
            int(widest) if short else max(len(words[0]) if words else 1, int(min(widest, FEWEST)))
            for words, short, widest in zip(
                self.words(), self.firm(), lengths.max(axis=0, initial=0), strict=True
            )
        ]
        return shares(lengths, [max(width, 1) for width in least])

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
        filled = [cell.text for cell in cells if cell.text.strip() not in NOTHING]
        numbers = all(NUMERIC.fullmatch(text) and not NAMED.fullmatch(text) for text in filled)
        return "right" if filled and numbers else "left"
