"""Figures and tables as the web edition sets them: the finding above, how to read it below, sources in the margin.

A caption is one paragraph where it is written and in print. On a page it is parted: the sentence in bold with its
number becomes the heading of the figure, the rest stands under the chart, and the sources with the date of the data
become a note, which the style sheet puts into the margin where there is one. The code of a cell comes after what it
shows.
"""

from __future__ import annotations

import re
from typing import Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit.mime import FigureFace, SourceList, TableFace
from aleppo.show.wording import on_the_page

_SOURCES = re.compile(r"(?:^|(?<=\s))Sources?: ")


class WebFigure(nodes.General, nodes.Element):
    """A numbered figure of the web edition: heading, chart, how to read it, sources."""


class FigureHeading(nodes.Part, nodes.TextElement):
    """The number and the finding; ``of`` is the figure that is numbered."""


class Reading(nodes.Part, nodes.TextElement):
    """How to read a chart."""


class SourceNote(nodes.Part, nodes.TextElement):
    """The sources of a figure or table and the date of its data."""


class PartCaptions(SphinxPostTransform):
    """Parts the captions of figures and tables."""

    # once the faces are chosen for the edition (6), before links and citations are resolved (10)
    default_priority = 7
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for face in list(self.document.findall(FigureFace)):
            if isinstance(face.parent, nodes.figure):
                _part_figure(face.parent, face)
        for sheet in list(self.document.findall(TableFace)):
            _part_table(sheet)


def _part_figure(figure: nodes.figure, face: FigureFace) -> None:
    caption = next(iter(figure.findall(nodes.caption)), None)
    if caption is None:
        return
    note = split_off_sources(caption, "chart")
    finding, rest = _finding(caption)
    whole = WebFigure("", ids=figure["ids"], classes=["aleppo-numbered"])
    whole += FigureHeading("", "", *(finding or rest), of=figure)
    whole += face
    if finding and rest:
        face.insert(0, Reading("", "", *rest))
    if note is not None:
        whole += note
    figure.replace_self(whole)


def _finding(caption: nodes.Element) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """The sentence in bold that a caption begins with, if it does, and what follows."""
    said = [child for child in caption.children if child.astext().strip()]
    bold = isinstance(said[0], nodes.strong) if said else False
    return (said[:1], said[1:]) if bold else ([], said)


def _part_table(sheet: TableFace) -> None:
    title = next(iter(sheet.findall(nodes.title)), None)
    note = split_off_sources(title, "table") if title is not None else None
    if note is not None:
        after = next((at for at, child in enumerate(sheet.children) if isinstance(child, SourceList)), None)
        sheet.insert(len(sheet.children) if after is None else after, note)


def split_off_sources(caption: nodes.Element, what: str) -> SourceNote | None:
    """Take the sources and the date of the data from the end of a caption; None if it names none."""
    for place in reversed(range(len(caption.children))):
        child = caption.children[place]
        found = list(_SOURCES.finditer(child)) if isinstance(child, nodes.Text) else []
        if found:
            start = found[-1].start()
            note = SourceNote("", "", nodes.Text(on_the_page(str(child)[start:], what)))
            note.extend(caption.children[place + 1 :])
            caption.children = caption.children[:place]
            if before := str(child)[:start].rstrip():
                caption += nodes.Text(before)
            return note
    return None


class CodeAfterOutput(SphinxPostTransform):
    """Puts the folded code of a cell after what it shows, and takes away cells that show nothing."""

    # after MyST-NB folds the code (199)
    default_priority = 210
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("nb_element") != "cell_code":
                continue
            if not cell.children:
                cell.parent.remove(cell)
            elif "above-input" in cast(nodes.Element, cell.children[0]).get("classes", []):
                cell.append(cell.children.pop(0))


# --- HTML ----------------------------------------------------------------------------------------------------


def visit_figure(translator: Any, node: WebFigure) -> None:
    translator.body.append(translator.starttag(node, "figure"))


def depart_figure(translator: Any, node: WebFigure) -> None:
    translator.body.append("</figure>\n")


def visit_heading(translator: Any, node: FigureHeading) -> None:
    translator.body.append("<figcaption><p>")
    translator.add_fignumber(node["of"])
    translator.body.append('<span class="caption-text">')


def depart_heading(translator: Any, node: FigureHeading) -> None:
    translator.body.append("</span>")
    translator.add_permalink_ref(node["of"], "Link to this figure")
    translator.body.append("</p></figcaption>\n")


def visit_reading(translator: Any, node: Reading) -> None:
    node["start"] = len(translator.body)
    translator.body.append('<p class="aleppo-reading">')


def depart_reading(translator: Any, node: Reading) -> None:
    """Put the words straight under the chart, before what the face of the figure has folded away."""
    words = [*translator.body[node["start"] :], "</p>\n"]
    del translator.body[node["start"] :]
    at = node.parent["words_at"]
    translator.body[at:at] = words


def depart_paragraph(translator: Any, node: nodes.Element) -> None:
    translator.body.append("</p>\n")


def visit_note(translator: Any, node: SourceNote) -> None:
    translator.body.append('<p class="aleppo-sources">')


def setup(app: Sphinx) -> None:
    """Register nodes and transforms."""
    app.add_node(WebFigure, html=(visit_figure, depart_figure))
    app.add_node(FigureHeading, html=(visit_heading, depart_heading))
    app.add_node(Reading, html=(visit_reading, depart_reading))
    app.add_node(SourceNote, html=(visit_note, depart_paragraph))
    app.add_post_transform(PartCaptions)
    app.add_post_transform(CodeAfterOutput)
