"""Columns of numbers stand to the right in every table of the web edition and the EPUB, as they do in print.

Tables of the chapters say how each of their columns is set; those that a page writes in Markdown, or as a list, do not.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit.printing.grid import TableGrid

RIGHT = "text-right"


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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_post_transform(NumbersToTheRight)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
