"""Figures and tables of `aleppo.show` in the book: MyST-NB's renderers for their two mime types.

A notebook's stored output becomes a node of its own while the page is read. Once the edition is known, print
editions get the image of the still and the lines of the table that matter there; HTML gets the interactive
figure, the sortable table, and their CSV files under ``_static``.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any, ClassVar, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit import absent, data_tables, explore, menu
from aleppo.bookkit.claims import anchor as claim_anchor
from aleppo.evidence.errors import AleppoError
from aleppo.show import figure, stills, table
from aleppo.show.plain import compact
from aleppo.show.theme import HEIGHT, STILL_WIDTH
from aleppo.show.wording import CODE, checked_id, citations, cited_in_caption

FIGURE_SCRIPTS = ("aleppo-theme.js", "aleppo-figure.js", data_tables.SCRIPT)
STEP_SCRIPTS = ("aleppo-steps.js",)
TABLE_SCRIPTS = ("aleppo-table.js",)
EXPLORE_SCRIPTS = ("aleppo-explore.js",)
# In print, where a figure of other data than the repository's has no still.
DRAWN_BY_THE_PAGE = "(Without a still picture; the web edition draws the chart.)"
# With fewer letters before it the first figure of a page is near whoever opens the page: plotly is asked for at once.
NEAR = 3_500
PLOTLY = "_static/plotly.min.js"
# A table with more rows than this scrolls in a window of its own, and may break over pages in print.
LONG = 18
WIDEST = 42
# A word of more letters is broken anywhere: it would push the other columns off the page.
LONGEST_WORD = 60
# Letters that the column of figures and tables has room for.
BROAD = 110
# Cells up to this many letters are kept on one line.
SHORT = 20


class FigureFace(nodes.General, nodes.Element):
    """A figure; ``payload`` holds the stored output, its child (if the still exists) the image for print."""


class TableFace(nodes.General, nodes.Element):
    """A table; ``payload`` holds the stored output, its child the document table with every row."""


class SourceList(nodes.General, nodes.Element):
    """The citations of a figure or table whose caption has no room for them; for HTML only."""


class FigureMime:
    """Renders ``application/vnd.plotly.v1+json`` made by `aleppo.show.Figure`."""

    mime_priority_overrides: ClassVar = [("*", figure.MIME, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != figure.MIME or inline:
            return None
        facts = figure.about(data.content)
        if facts is None:
            _warn(
                renderer,
                data,
                "a plotly figure: expected one shown through aleppo.show.Figure, found a bare one",
            )
            return []
        name = f"figure {facts['id']}"
        try:
            _check_figure(data, facts["id"], name)
        except AleppoError as error:
            _warn(renderer, data, str(error))
        still = f"{renderer.renderer.sphinx_env.config.aleppo_stills}/{facts['id']}.svg"
        node = FigureFace(payload=data.content, still=still)
        node += _for_print(renderer, data, still, name, facts["alt"])
        node += _source_list(renderer, facts["sources"], data.line)
        for script in FIGURE_SCRIPTS + (STEP_SCRIPTS if facts.get("steps") else ()):
            renderer.add_js_file(script, script, {"defer": "defer"})
        return [node]


class TableMime:
    """Renders ``application/vnd.aleppo.table+json`` made by `aleppo.show.Table`."""

    mime_priority_overrides: ClassVar = [("*", table.MIME, 1)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type != table.MIME or inline:
            return None
        checked_id("table", data.content["id"])  # it becomes the name of a file
        node = TableFace(payload=data.content)
        node += _document_table(renderer, data)
        node += _source_list(renderer, data.content["sources"], data.line)
        for script in TABLE_SCRIPTS + (EXPLORE_SCRIPTS if data.content.get("explore") else ()):
            renderer.add_js_file(script, script, {"defer": "defer"})
        return [node]


def _check_figure(data: Any, id: str, name: str) -> None:
    """Raise AleppoError for a stored figure that the book cannot show as it is."""
    checked_id("figure", id)  # it becomes the name of files
    figure.checked(data.content, name)
    if _figure_options(data) != figure.cell_metadata(data.content)["mystnb"]["figure"]:
        raise AleppoError(
            f"{name}: expected its caption in the cell's metadata, found another one or none "
            "(`aleppo run` writes it)"
        )


def _for_print(renderer: Any, data: Any, still: str, name: str, alt: str) -> nodes.Element:
    """The image of the figure's still for print, or its alt text where there is none; a wrong still is warned of."""
    env = renderer.renderer.sphinx_env
    found = stills.hash_of(Path(env.srcdir) / still)
    if found is None and env.config.aleppo_other_data:
        return nodes.paragraph(text=f"{alt} {DRAWN_BY_THE_PAGE}")
    if found is None:
        _warn(renderer, data, f"{name}: expected its still at {still}, found none (`aleppo stills` draws it)")
        return nodes.paragraph(text=alt)
    if found != figure.drawing_hash(data.content):
        _warn(renderer, data, f"{name}: {still} shows an earlier state (`aleppo stills` redraws it)")
    return nodes.image(uri=f"/{still}", alt=alt, width="100%")


def _figure_options(data: Any) -> dict[str, str]:
    return dict(data.cell_metadata.get("mystnb", {}).get("figure") or {})


def _warn(renderer: Any, data: Any, message: str) -> None:
    renderer.logger.warning(message, subtype="aleppo", line=data.line)


def _source_list(renderer: Any, sources: list[str], line: int | None) -> list[nodes.Node]:
    if cited_in_caption(sources):
        return []
    text = _parsed(renderer, f"Sources: {citations(sources)}.", line)
    return [SourceList("", nodes.paragraph("", "", *text))]


def _document_table(renderer: Any, data: Any) -> nodes.table:
    payload = data.content
    columns = payload["columns"]
    result = nodes.table(classes=["aleppo-rows", "colwidths-auto"])
    result["names"].append(nodes.fully_normalize_name(f"tab-{payload['id']}"))
    if len(payload["rows"]) > LONG:
        result["classes"].append("longtable")
    result += nodes.title("", "", *_parsed(renderer, table.caption_text(payload), data.line))
    group = nodes.tgroup(cols=len(columns))
    result += group
    classes = []
    for place, column in enumerate(columns):
        longest = max(len(row[place]) for row in payload["rows"])
        group += nodes.colspec(
            colwidth=min(max(longest, len(table.heading(column)) // 2), WIDEST), align=column["align"]
        )
        # the class that MyST gives to right-aligned columns of its own tables
        aligned = ["text-right"] if column["align"] == "right" else []
        width = ["aleppo-short"] if longest <= SHORT else ["aleppo-words"] if longest > WIDEST else []
        words = (word for row in payload["rows"] for word in row[place].split())
        unbroken = ["aleppo-unbroken"] if any(len(word) > LONGEST_WORD for word in words) else []
        cited = ["aleppo-cited"] if column["kind"] == table.CITE else []
        classes.append([*aligned, *width, *unbroken, *cited])
    head = nodes.thead()
    # a heading may break even where the cells below it may not
    sides = [[name for name in names if name == "text-right"] for names in classes]
    head += _row(sides, [[nodes.Text(table.heading(column))] for column in columns])
    body = nodes.tbody()
    for texts in payload["rows"]:
        cells = [
            _cell(renderer, column, text, data.line) for column, text in zip(columns, texts, strict=True)
        ]
        body += _row(classes, cells)
    group += [head, body]
    renderer.renderer.document.note_explicit_target(result, result)
    return result


def _row(classes: Iterable[list[str]], cells: Iterable[list[nodes.Node]]) -> nodes.row:
    row = nodes.row()
    for names, content in zip(classes, cells, strict=True):
        row += nodes.entry("", nodes.paragraph("", "", *content), classes=list(names))
    return row


def _cell(renderer: Any, column: dict[str, str], text: str, line: int | None) -> list[nodes.Node]:
    # what is no id would end the role, and go on as markup
    if column["kind"] == table.CITE and all(CODE.fullmatch(one) for one in text.split(";")):
        return _parsed(renderer, f"{{cite:p}}`{','.join(text.split(';'))}`", line)
    if column["kind"] == table.CLAIM and CODE.fullmatch(text):
        return _parsed(renderer, f"{{ref}}`{text} <{claim_anchor(text)}>`", line)
    return [nodes.Text(text)]


def _parsed(renderer: Any, text: str, line: int | None) -> list[nodes.Node]:
    holder = nodes.Element()
    with renderer.renderer.current_node_context(holder):
        renderer.renderer.nested_render_text(text, line or 0, inline=True)
    return list(holder.children)


# --- once the edition is known -------------------------------------------------------------------------------


class FaceForEdition(SphinxPostTransform):
    """Leaves HTML its own nodes, and gives every other edition plain images and tables."""

    # after MyST-NB has chosen the mime type (4), before images are collected and converted
    default_priority = 6

    def run(self, **_: Any) -> None:
        html = self.app.builder.format == "html"
        for face in list(self.document.findall(FigureFace)):
            lists = [child for child in face.children if isinstance(child, SourceList)]
            if html:
                face.children = list(lists)
            else:
                face.replace_self([child for child in face.children if child not in lists])
        for sheet in list(self.document.findall(TableFace)):
            if not html:
                sheet.replace_self(self._printed(sheet))

    def _printed(self, sheet: TableFace) -> list[nodes.Node]:
        payload, whole = sheet["payload"], cast(nodes.Element, sheet.children[0])
        kept = payload["print_rows"]
        result: list[nodes.Node] = [whole]
        if kept is not None:
            body = next(whole.findall(nodes.tbody))
            body.children = [body.children[place] for place in kept]
            if len(kept) <= LONG and "longtable" in whole["classes"]:
                whole["classes"].remove("longtable")
            note = f"{len(kept)} of {len(payload['rows'])} rows; the whole table is in the web edition."
            result.append(nodes.paragraph(text=note, classes=["table-note"]))
        if self.app.builder.format == "latex":
            result.insert(0, addnodes.tabular_col_spec(spec=_latex_columns(whole)))
        return result


def _latex_columns(whole: nodes.Element) -> str:
    columns = list(whole.findall(nodes.colspec))
    total = sum(column["colwidth"] for column in columns)
    sides = {"left": "raggedright", "right": "raggedleft"}
    return "".join(
        rf">{{\{sides[column['align']]}\arraybackslash}}\X{{{column['colwidth']}}}{{{total}}}"
        for column in columns
    )


# --- HTML ----------------------------------------------------------------------------------------------------


def visit_figure(translator: Any, node: FigureFace) -> None:
    payload = node["payload"]
    facts = figure.about(payload) or {}
    builder = translator.builder
    still = Path(builder.srcdir) / node["still"]
    link = menu.stills(builder, still, facts)
    node["folds"] = data_tables.fold(builder, facts) + menu.of_figure(builder, facts, still)
    height = int(payload["layout"].get("height", HEIGHT))
    small = int(facts.get("narrow", {}).get("height", height))
    still_height = int(figure.still_drawing(payload)["layout"].get("height", HEIGHT))
    alt = escape(facts["alt"], quote=True)
    # a closing tag inside the text would end the script element; \u003c is the same character in JSON
    data = compact(figure.for_the_page(payload)).replace("<", "\\u003c")
    # dark-light is the theme's word for a picture that it must not tone down on a dark page
    images = "".join(
        f'<img class="aleppo-still aleppo-{mode} dark-light" src="{link[mode]}" alt="{alt}" width="{STILL_WIDTH}" '
        f'height="{still_height}" loading="lazy" decoding="async">'
        for mode in ("light", "dark")
        if mode in link
    )
    noscript = (
        "Without JavaScript the chart is a still picture; the data below are the same."
        if images
        else "Without JavaScript the chart is not drawn; its description and data are below."
    )
    translator.body.append(
        f'{_asked_at_once(node, builder)}<div class="aleppo-figure" id="plot-{facts["id"]}" role="group" '
        f'aria-label="Chart: {escape(facts["title"], quote=True)}" '
        f'style="--aleppo-height:{height}px;--aleppo-height-narrow:{small}px">'
        f'<div class="aleppo-box">{images}</div>{_slider(facts)}'
        f'<script type="application/json">{data}</script>'
        f"<noscript><p>{noscript}</p></noscript>"
    )
    listed = any(isinstance(child, SourceList) for child in node.children)
    # what is said about reading the chart comes here, before what is folded away
    node["words_at"] = len(translator.body)
    translator.body.append(
        f'<details class="aleppo-more"><summary>Description{" and sources" if listed else ""}</summary>'
        f"<p>{escape(facts['alt'])}</p>"
    )


def _asked_at_once(node: FigureFace, builder: Any) -> str:
    """For the first figure of a page, if it is near its beginning, what lets a browser ask for plotly early."""
    letters = 0
    page = cast(nodes.document, node.document)
    for before in page.findall(lambda one: isinstance(one, nodes.Text | FigureFace)):
        if before is node:
            return f'<link rel="preload" as="script" href="{menu.address(builder, PLOTLY)}">'
        letters += len(before.astext())
        if letters > NEAR or isinstance(before, FigureFace):
            break
    return ""


def _slider(facts: dict[str, Any]) -> str:
    """The slider of a figure with steps, at the step that is drawn first; the page's script moves it."""
    steps = facts.get("steps")
    if not steps:
        return ""
    first, name = int(steps["first"]), f"step-{facts['id']}"
    label = escape(steps["labels"][first], quote=True)
    return (
        '<div class="aleppo-steps"><div class="aleppo-steps-row">'
        '<button type="button" class="aleppo-play" disabled>Play</button>'
        f'<label for="{name}">{escape(steps["name"])}</label>'
        f'<input type="range" id="{name}" min="0" max="{len(steps["labels"]) - 1}" step="1" value="{first}" '
        f'aria-valuetext="{label}" autocomplete="off" disabled>'
        f'<output for="{name}">{label}</output></div>'
        f'<p class="aleppo-words" aria-live="polite">{escape(steps["words"][first])}</p></div>'
    )


def depart_figure(translator: Any, node: FigureFace) -> None:
    translator.body.append(f"</details>{node['folds']}</div>")


def visit_sources(translator: Any, node: SourceList) -> None:
    if isinstance(node.parent, TableFace):
        translator.body.append('<details class="aleppo-more"><summary>Sources</summary>')


def depart_sources(translator: Any, node: SourceList) -> None:
    if isinstance(node.parent, TableFace):
        translator.body.append("</details>")


def visit_table(translator: Any, node: TableFace) -> None:
    payload = node["payload"]
    node["start"] = len(translator.body)
    kind = " aleppo-long" if len(payload["rows"]) > LONG else ""
    # rows with sentences in them are stacked where the screen is narrow
    kind += " aleppo-wordy" if any(len(cell) > WIDEST for row in payload["rows"] for cell in row) else ""
    # columns that want more letters than a line of the text has take the margin as well
    kind += " aleppo-broad" if _letters_across(payload) > BROAD else ""
    keys = escape(compact(payload["sort"]), quote=True)
    facets = payload.get("explore")
    filters = f' data-explore="{escape(compact(facets), quote=True)}"' if facets else ""
    translator.body.append(
        f'<div class="aleppo-table{kind}" id="rows-{payload["id"]}" data-sort="{keys}"{filters}>'
    )
    if facets:
        frame, rows = f"rows-{payload['id']}", len(payload["rows"])
        translator.body.append(explore.bar(frame, facets, rows, payload["caption"]))


def _letters_across(payload: dict[str, Any]) -> int:
    """Letters that the columns of a table want beside one another."""
    columns = [
        [table.heading(head), *cells]
        for head, *cells in zip(payload["columns"], *payload["rows"], strict=True)
    ]
    return sum(min(max(map(len, column)), WIDEST) + 2 for column in columns)


def depart_table(translator: Any, node: TableFace) -> None:
    payload = node["payload"]
    label = escape(f"Table: {payload['caption']}", quote=True)
    # the theme's own scrolling frame becomes one that the keyboard can reach and a reader can name
    for place in range(node["start"], len(translator.body)):
        translator.body[place] = translator.body[place].replace(
            '<div class="pst-scrollable-table-container">',
            f'<div class="pst-scrollable-table-container" tabindex="0" role="region" aria-label="{label}">',
        )
    translator.body.append(f"{menu.of_table(translator.builder, payload)}</div>")


def setup(app: Sphinx) -> None:
    """Register nodes and transform. The folder of stills is the setting ``aleppo_stills``."""
    app.add_config_value("aleppo_stills", "book/figures", "env", types=(str,))
    app.add_node(FigureFace, html=(visit_figure, depart_figure))
    app.add_node(SourceList, html=(visit_sources, depart_sources))
    app.add_node(TableFace, html=(visit_table, depart_table))
    app.add_post_transform(FaceForEdition)
    absent.setup(app)
    menu.setup(app)
