"""What tables of the web edition and the EPUB are given that a page writes in Markdown, or as a list.

Columns of numbers stand to the right, as they do in print, and the columns of a long table keep their widths. Tables of
the chapters say how each of their columns is set.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit.mime import LONG, TableFace
from aleppo.bookkit.printing.grid import TableGrid

RIGHT = "text-right"
# Where the widths of a docutils table come from
AUTOMATIC, GIVEN = "colwidths-auto", "colwidths-given"


class NumbersToTheRight(SphinxPostTransform):
    """Gives the cells of columns of numbers, and their headings, the class that MyST gives to columns set right."""

    # when references and citations have become the text that is shown
    default_priority = 850
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            grid = TableGrid(group)
            sides = grid.alignments()
            for cell in grid.cells:
                if cell.colspan == 1 and sides[cell.column] == "right" and RIGHT not in cell.entry["classes"]:
                    cell.entry["classes"].append(RIGHT)


class WidthsOfLongTables(SphinxPostTransform):
    """Gives the columns of a table of more than ``LONG`` rows their shares of its width.

    A browser shows the first rows before it has read the last, and would set the columns anew, under the reader's eyes,
    for every row with longer words.
    """

    default_priority = NumbersToTheRight.default_priority
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for group in self.document.findall(nodes.tgroup):
            table = group.parent
            grid = TableGrid(group)
            if (
                grid.heights["body"] <= LONG
                or GIVEN in table["classes"]
                or isinstance(table.parent, TableFace)
            ):
                continue
            for column, width in zip(group.findall(nodes.colspec), grid.demand(), strict=True):
                column["colwidth"] = width
            table["classes"] = [*(name for name in table["classes"] if name != AUTOMATIC), GIVEN]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transforms."""
    app.add_post_transform(NumbersToTheRight)
    app.add_post_transform(WidthsOfLongTables)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
