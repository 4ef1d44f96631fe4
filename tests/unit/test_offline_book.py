"""A two-page book built from stored outputs: numbers, references, faces, files, and what print gets."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import plotly.graph_objects as go
import pytest
from docutils import nodes
from show_samples import SOURCES, cell, chart, notebook, output, sample, sheet, still_for
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aleppo.show import Figure, figure, theme
from aleppo.show.numbers import GLUE_PREFIX
from aleppo.show.plain import compact
from aleppo.show.theme import darkened

MANY = [f"source-{number}" for number in range(1, 9)]
BIB = "\n".join(
    f"@misc{{{key},\n  author = {{{{Author {key}}}}},\n  title = {{Title of {key}}},\n  year = {{2016}}\n}}\n"
    for key in [*SOURCES, *MANY]
)
INDEX = """# Book

See {numref}`fig-weekly`, {numref}`fig-marked`, {numref}`tab-weeks` and the text {glue:text}`chapter.ipynb::said:s`.

In حلب the rate is $\\lambda_t$.

$$
y = \\frac{1}{2}
$$ (half)

```{toctree}
chapter
```
"""
TEXT = """# Chapter

Said here: {glue:text}`said`. See {numref}`fig-weekly`.
"""
REFERENCES = """## References

```{bibliography}
```
"""


@dataclass
class Built:
    out: Path
    source: Path
    warnings: str
    figures: dict[str, dict[str, Any]]
    table: dict[str, Any]

    def page(self, name: str = "chapter") -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")


def said(key: str, text: str) -> nbformat.NotebookNode:
    glued = nbformat.v4.new_output(
        "display_data",
        data={f"{GLUE_PREFIX}text/plain": repr(text)},
        metadata={"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}},
    )
    return nbformat.v4.new_code_cell("say()", execution_count=1, outputs=[glued])


def figures() -> list[Figure]:
    tricky = theme.label(chart(), "2015-07-06", 30, "</script><b>", theme.INK)
    return [
        sample(tricky, caption="Not *this* [x](y) <i>, 5_000 & $3."),
        sample(
            theme.mark_break(chart()), id="marked", title="The break", sources=MANY, alt='Marked "so" & <so>.'
        ),
    ]


def build(
    folder: Path, builder: str, cells: list[nbformat.NotebookNode], extra: list[str] | None = None
) -> Built:
    source = folder / "source"
    (source / "book" / "figures").mkdir(parents=True)
    shown = figures()
    for each in shown:
        path = source / "book" / "figures" / f"{each.id}.svg"
        path.write_text(still_for(each.payload), encoding="utf-8")
    (source / "refs.bib").write_text(BIB, encoding="utf-8")
    (source / "index.md").write_text(INDEX, encoding="utf-8")
    text, references = nbformat.v4.new_markdown_cell(TEXT), nbformat.v4.new_markdown_cell(REFERENCES)
    nbformat.write(notebook(text, *cells, references), source / "chapter.ipynb")
    warnings = io.StringIO()
    settings = {
        "extensions": ["myst_nb", "sphinxcontrib.bibtex", "aleppo.bookkit.offline", *(extra or [])],
        "html_theme": "sphinx_book_theme",
        "html_theme_options": {"use_fullscreen_button": False, "use_download_button": False},
        "bibtex_bibfiles": ["refs.bib"],
        "bibtex_reference_style": "author_year",
        "myst_enable_extensions": ["dollarmath", "colon_fence"],
        "nb_execution_mode": "off",
        "nitpicky": True,
        "numfig": True,
        "project": "Book",
    }
    if extra:
        settings["print_book"] = {"date": "2026-11-23"}
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source,
            None,
            folder / "out",
            folder / "doctrees",
            builder,
            settings,
            status=None,
            warning=warnings,
        )
        app.build()
    made = sheet(sources=MANY, print_rows=3)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())
    return Built(folder / "out", source, plain, {each.id: each.payload for each in shown}, made.payload)


def all_cells() -> list[nbformat.NotebookNode]:
    return [
        said("said", "27,618 [1–2]"),
        *(cell(each) for each in figures()),
        cell(sheet(sources=MANY, print_rows=3)),
    ]


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("html"), "html", all_cells())


@pytest.fixture(scope="module")
def latex(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build(tmp_path_factory.mktemp("latex"), "latex", all_cells(), ["aleppo.bookkit.print"])


def test_the_book_builds_without_a_warning(html: Built) -> None:
    assert html.warnings == ""


def test_figures_and_tables_are_numbered_and_referred_to_from_both_pages(html: Built) -> None:
    for words in ("Fig. 1", "Fig. 2", "Table 1"):
        assert re.search(
            rf'<a class="reference internal" href="chapter.html#[^"]+"><span[^>]*>{words}<',
            html.page("index"),
        )
    assert re.search(r'href="#fig-weekly"><span[^>]*>Fig. 1<', html.page())


def test_glued_text_reaches_its_own_page_and_the_other(html: Built) -> None:
    assert "27,618 [1–2]" in html.page() and "27,618 [1–2]" in html.page("index")


def test_captions_print_markup_as_it_stands_and_cite(html: Built) -> None:
    caption = re.search(r"<figcaption>.*?Not \*this\*(.*?)</figcaption>", html.page(), re.S)
    assert caption
    assert "[x](y) &lt;i&gt;, 5_000 &amp; $3." in caption[1].replace("<wbr>", "")
    assert 'href="#id' in caption[1] and "2016" in caption[1]


def payload_on(page: str, name: str) -> dict[str, Any]:
    found = re.search(rf'id="plot-{name}".*?<script type="application/json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("name", ["weekly", "marked"])
def test_the_faces_of_a_figure_agree(html: Built, name: str) -> None:
    payload, page = html.figures[name], html.page()
    facts = figure.about(payload)
    assert facts
    on_page = payload_on(page, name)
    # the page draws what is stored
    assert compact(on_page["data"]) == compact(payload["data"])
    assert compact({**on_page["layout"], "meta": 0}) == compact({**payload["layout"], "meta": 0})
    # the still was drawn from what is stored, and its dark half is its light one in dark colours
    static = html.out / "_static" / "figures"
    light = (static / f"{name}.svg").read_text(encoding="utf-8")
    assert figure.drawing_hash(payload) in light
    assert (static / f"{name}-dark.svg").read_text(encoding="utf-8") == darkened(light) != light
    # the words and the rows are those of the payload
    assert {unescape(alt) for alt in re.findall(rf'{name}(?:-dark)?\.svg[^"]*" alt="([^"]*)"', page)} == {
        facts["alt"]
    }
    assert (static / f"{name}.csv").read_text(encoding="utf-8") == facts["csv"]


def test_a_closing_tag_in_the_data_cannot_end_the_script(html: Built) -> None:
    assert payload_on(html.page(), "weekly")["layout"]["annotations"][0]["text"] == "&lt;/script><b>"
    assert "</script><b>" not in html.page()


def test_images_have_their_size_so_that_nothing_moves(html: Built) -> None:
    images = re.findall(r'<img class="aleppo-still[^>]*>', html.page())
    assert len(images) == 4
    assert all(re.search(r'width="720" height="\d+"', image) for image in images)


def test_files_under_a_figure_exist(html: Built) -> None:
    links = re.findall(r'(?:href|src)="(_static/(?:figures|tables)/[^"]+)"', html.page())
    assert len(links) >= 9
    assert all((html.out / link).is_file() for link in links)


def test_a_long_list_of_sources_is_cited_under_the_chart_and_the_table(html: Built) -> None:
    folds = re.findall(r"<p>Sources: (.*?)</p>", html.page(), re.S)
    assert [fold.count("<a ") for fold in folds] == [8, 8]
    assert html.page().count("8 publications") == 2
    for key in MANY:
        assert f"Title of {key}" in html.page()


def test_plotly_and_the_house_theme_are_served_once_from_the_book(html: Built) -> None:
    static = html.out / "_static"
    assert (static / "plotly.min.js").stat().st_size > 500_000
    given = (static / "aleppo-theme.js").read_text(encoding="utf-8")
    assert json.loads(given.removeprefix("window.aleppoTheme=").rstrip().rstrip(";"))["dark"] == theme.DARK_OF
    asked = re.findall(r"<[^>]*plotly\.min\.js[^>]*>", html.page())
    assert asked == [each for each in asked if each.startswith('<link rel="preload" as="script"')]


def test_pages_without_figures_load_no_script_of_figures(html: Built) -> None:
    assert "aleppo-figure.js" in html.page() and "aleppo-figure.js" not in html.page("index")


def test_the_table_is_a_real_one_with_a_name_a_frame_and_its_download(html: Built) -> None:
    table = html.page().split('id="rows-weeks"', 1)[1]
    assert 'tabindex="0" role="region" aria-label="Table: Recorded deaths by week"' in table
    assert table.count("<tr") == 41
    assert 'class="head text-right"' in table
    csv = (html.out / "_static" / "tables" / "weeks.csv").read_text(encoding="utf-8")
    assert csv == html.table["csv"]


def test_formulas_are_mathml_and_no_script_for_them_is_loaded(html: Built) -> None:
    assert html.page("index").count("<math") == 2
    assert not re.search("mathjax[^\"' ]*\\.js", html.page("index"), re.I)


def test_arabic_is_marked_with_its_language(html: Built) -> None:
    assert '<span lang="ar" dir="rtl">حلب</span>' in html.page("index")


def test_no_file_of_the_book_loads_anything_from_another_machine(html: Built) -> None:
    for page in html.out.glob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r'<(?:script|img|iframe|source)[^>]*src="(?:https?:)?//', text)
        assert not re.findall(
            r'<link[^>]*rel="(?:stylesheet|preload|preconnect)"[^>]*href="(?:https?:)?//', text
        )


def tex(latex: Built) -> str:
    return next(latex.out.glob("*.tex")).read_text(encoding="utf-8")


def test_latex_builds_without_a_warning(latex: Built) -> None:
    assert latex.warnings == ""


def test_latex_gets_the_still_as_pdf_with_its_number(latex: Built) -> None:
    assert re.search(r"\\sphinxincludegraphics\[width=1\.0*\\linewidth\]\{\{weekly\}\.pdf\}", tex(latex))
    assert (latex.out / "weekly.pdf").read_bytes().startswith(b"%PDF")


def test_print_gets_the_chosen_rows_and_is_told_so(latex: Built) -> None:
    assert "3 of 40 rows; the whole table is in the web edition." in tex(latex)
    assert "15\u00a0June 2015" in tex(latex).replace("~", "\u00a0")
    assert "22\u00a0June 2015" not in tex(latex).replace("~", "\u00a0")


def test_print_has_no_list_of_sources_under_the_chart_but_all_of_them_in_the_bibliography(
    latex: Built,
) -> None:
    assert "Sources: {[}" not in tex(latex)
    assert all(f"Title of {key}" in tex(latex).replace("\\sphinxhyphen{}", "-") for key in MANY)


def test_arabic_is_marked_in_latex(latex: Built) -> None:
    assert "\\bookarabic{حلب}" in tex(latex)


def without_caption() -> nbformat.NotebookNode:
    made = cell(figures()[0])
    made.metadata.pop("mystnb")
    return made


def bare_figure() -> nbformat.NotebookNode:
    payload = json.loads(go.Figure(go.Scatter(y=[1])).to_json())
    shown = nbformat.v4.new_output("display_data", data={figure.MIME: payload})
    return nbformat.v4.new_code_cell("x", execution_count=1, outputs=[shown])


def changed_after_drawing() -> nbformat.NotebookNode:
    return cell(sample(chart(y=[7] * 40)))


def never_drawn() -> nbformat.NotebookNode:
    return cell(sample(id="unseen"))


def with_a_map() -> nbformat.NotebookNode:
    made = cell(figures()[0])
    made.outputs[0]["data"][figure.MIME]["data"][0]["type"] = "scattergl"
    return made


@pytest.mark.parametrize(
    ("planted", "words"),
    [
        (without_caption, "caption in the cell's metadata"),
        (bare_figure, "expected one shown through aleppo.show.Figure"),
        (changed_after_drawing, "shows an earlier state"),
        (never_drawn, "expected its still"),
        (with_a_map, "scattergl"),
    ],
)
def test_a_figure_that_readers_would_not_get_whole_is_a_warning(
    tmp_path: Path, planted: Callable[[], nbformat.NotebookNode], words: str
) -> None:
    assert words in build(tmp_path, "dummy", [planted()]).warnings


def test_the_node_of_a_figure_gives_print_an_image_with_its_alt_text() -> None:
    from aleppo.bookkit.mime import FigureFace

    face = FigureFace(payload=figures()[0].payload, still="x.svg")
    face += nodes.image(uri="/x.svg", alt="words")
    assert next(face.findall(nodes.image))["alt"] == "words"
    assert output(figures()[0])["output_type"] == "display_data"
