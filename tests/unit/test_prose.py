"""Numbers in prose are computed: a typed one is found where it stands, and so is a computed one that nobody uses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import nbformat
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aleppo.bookkit import prose
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository


def book(root: Path, page: str = "", cells: list[tuple[str, str]] = (), said: tuple[str, ...] = ()) -> Path:
    (root / "book").mkdir(exist_ok=True)
    (root / "notebooks").mkdir(exist_ok=True)
    (root / "book" / "page.md").write_text(page)
    outputs = [
        {
            "output_type": "display_data",
            "data": {f"application/papermill.record/{key}": "7"},
            "metadata": {"scrapbook": {"name": key}},
        }
        for key in said
    ]
    made = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in cells]
    made.append({"cell_type": "code", "source": "", "metadata": {}, "outputs": outputs})
    (root / "notebooks" / "chapter.ipynb").write_text(json.dumps({"cells": made}))
    return root


def found(root: Path) -> list[str]:
    return [fault.found for fault in prose.typed_figures(prose.passages(root), prose.allowed_phrases(root))]


@pytest.mark.parametrize(
    "text",
    [
        "On 30 September 2015 strikes began, and from 6 to 8 December they went on; by 12–13 December 2016 less.",
        "In September 2015, 2012 to 2016, and the 2010s.",
        "A/RES/71/130, S/2016/1093, A/HRC/34/64, S/RES/2328 and S-25/1; resolutions 2328 and 2336.",
        "Claim CNN-12, event FR-078, governorate SY02, ISO 3166, WGS 84, UTF-8, CC BY 4.0, Python 3.11.",
        "{glue:text}`deaths` in {numref}`fig-a1` by {cite:p}`cnn-20160207-siege`.",
        "`x = 3` and [a page](https://example.org/3) and <https://example.org/4>",
        "Most 95 % intervals hold one.",
        "1. First\n2. Second",
        "% a note of 12 lines",
        "a formula $x_1 + \\tfrac{1}{2}$ in a line",
        "$$ V = \\Gamma_0 + \\sum_{l=1}^{L} w_l $$",
        "```python\nx = 12\n```",
        "(fig-12)=",
    ],
)
def test_dates_symbols_identifiers_code_and_roles_may_have_digits(tmp_path, text):
    assert found(book(tmp_path, text)) == []


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("There were 415 deaths.", ["'415'"]),
        ("About 53 % of it, or 2.5 km².", ["'53'", "'2.5'"]),
        ("In 2016 there were 300.", ["'300.'"]),
        ("It was ×1.31 [0.75, 2.29].", ["'×1.31'", "'[0.75,'", "'2.29].'"]),
        ("```{note}\nIt held 12 places.\n```", ["'12'"]),
        ("Погибли 415 человек, ٤١٥ شخصاً, ۴۱۵.", ["'415'", "'٤١٥'", "'۴۱۵.'"]),
        ("---\nlanguage: ar\n---\nفي عام ٢٠١٦", ["'٢٠١٦'"]),
        (":::{admonition} 12 places\nIt held them.\n:::", ["'12'"]),
    ],
)
def test_a_typed_figure_is_found_also_inside_a_directive(tmp_path, text, figures):
    assert sorted(found(book(tmp_path, text))) == sorted(repr(figure.strip("'")) for figure in figures)


def test_a_figure_in_a_notebook_is_named_with_its_line(tmp_path):
    root = book(tmp_path, cells=[("markdown", "# Title\n\nText of 12 words."), ("code", "x = 12")])
    [fault] = prose.typed_figures(prose.passages(root), {})
    assert (
        str(fault)
        == "notebooks/chapter.ipynb: row 3: expected a figure from glue, with its range, found '12'"
    )


def allow(root: Path, text: str) -> Path:
    (root / "book" / "typed-figures.yml").write_text(text)
    return root


def test_a_reviewed_phrase_is_allowed_in_its_file_only(tmp_path):
    entry = "- {file: book/page.md, phrase: the 10 a.m. statement, reason: an hour}\n"
    assert found(allow(book(tmp_path, "After the 10 a.m. statement."), entry)) == []
    assert found(allow(book(tmp_path, "After the 10 p.m. statement."), entry)) == [
        "'10'",
        "'the 10 a.m. statement'",
    ]


def test_a_phrase_without_a_reason_is_refused(tmp_path):
    with pytest.raises(AleppoError, match="expected file, phrase and reason"):
        prose.allowed_phrases(allow(book(tmp_path), "- {file: a, phrase: b, reason: ''}\n"))


def test_a_key_that_no_page_uses_is_named(tmp_path):
    cells = [("markdown", "Here {glue:text}`one`.")]
    root = book(
        tmp_path, "There {glue:text}`../notebooks/chapter.ipynb::two:s`.", cells, ("one", "two", "three")
    )
    assert [str(fault) for fault in prose.orphan_keys(root)] == [
        "notebooks/chapter.ipynb: expected a key that some page uses, found three"
    ]


def test_a_key_used_by_its_bare_name_on_another_page_is_not_used(tmp_path):
    root = book(tmp_path, "There {glue:text}`one`.", said=("one",))
    assert len(prose.orphan_keys(root)) == 1


def test_a_notebook_that_glues_past_say_is_named(tmp_path):
    root = book(
        tmp_path, cells=[("code", "say('one', count(1))"), ("code", "from myst_nb import glue\nglue('a', 1)")]
    )
    assert [str(fault) for fault in prose.glued_past_say(root)] == [
        "notebooks/chapter.ipynb: expected texts through aleppo.show.say, found glue in code cell 2"
    ]


def test_this_book_has_no_typed_figure_and_no_orphan():
    prose.check(repository())


@pytest.fixture(scope="module")
def warned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Page → what the book's builder warns of it, on pages that use what a notebook says, well and badly."""
    folder = tmp_path_factory.mktemp("glue")
    texts = {
        "well": "{glue:text}`chapter.ipynb::deaths:s`",
        "unknown": "{glue:text}`chapter.ipynb::birhts:s`",
        "absent": "{glue:text}`chapters.ipynb::deaths:s`",
        "format": "{glue:text}`chapter.ipynb::deaths:.2f`",
    }
    for page, text in texts.items():
        (folder / f"{page}.md").write_text(f"# Page\n\nThere were {text}.\n")
    (folder / "index.md").write_text("# Book\n\n```{toctree}\nchapter\n" + "\n".join(texts) + "\n```\n")
    output = nbformat.v4.new_output(
        "display_data",
        data={"application/papermill.record/text/plain": "'27,618'"},
        metadata={"scrapbook": {"name": "deaths", "mime_prefix": "application/papermill.record/"}},
    )
    chapter = nbformat.v4.new_notebook()
    chapter.cells = [
        nbformat.v4.new_markdown_cell("# Chapter\n\nOf {glue:text}`deaths` and {glue:text}`brith`."),
        nbformat.v4.new_code_cell("say()", execution_count=1, outputs=[output]),
    ]
    nbformat.write(chapter, folder / "chapter.ipynb")
    said = io.StringIO()
    settings = {"extensions": ["myst_nb"], "nb_execution_mode": "off", "project": "Book"}
    with patch_docutils(), docutils_namespace():
        app = Sphinx(folder, None, folder / "out", folder / "trees", "dummy", settings, None, said)
        app.build()
    lines = said.getvalue().splitlines()
    return {page: "\n".join(line for line in lines if f"/{page}." in line) for page in [*texts, "chapter"]}


def test_what_a_notebook_says_is_printed_without_a_warning(warned):
    assert warned["well"] == ""


@pytest.mark.parametrize(
    ("page", "what"),
    [
        ("unknown", "'birhts' not found"),
        ("absent", "not found in doc 'chapters'"),
        ("format", "Failed to format"),
        ("chapter", "brith"),
    ],
)
def test_a_key_or_a_format_that_is_wrong_is_warned_of_with_its_page_and_stops_the_build(warned, page, what):
    """Any warning stops the build of the book (`aleppo.bookkit.sphinx_run`)."""
    assert "WARNING" in warned[page] and what in warned[page]
