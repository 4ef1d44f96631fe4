"""What the search indexes, and what the build does where the library of the search was not fetched."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from aleppo.bookkit import opening, search
from aleppo.bookkit.mime import FigureFace, TableFace
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.show.assets import search_library

PAGE = """# First page

Words of the *first* page, and Arabic: حلب.

## A section

Words of the section.

```python
code = "not indexed"
```

| a | b |
|---|---|
| cell | not indexed |

% claims book
"""


def section(name: str, *children: nodes.Node) -> nodes.section:
    return nodes.section("", nodes.title("", f"Title of {name}"), *children, ids=[name])


def tree(*children: nodes.Node) -> nodes.document:
    from docutils.utils import new_document

    document = new_document("page")
    document += section("top", *children)
    return document


def test_a_page_is_divided_into_its_sections_with_their_own_words():
    inner = section("inner", nodes.paragraph("", "Inner words."))
    found = list(search.of_page("notebooks/a", tree(nodes.paragraph("", "Outer  words."), inner), {}))
    assert found == [
        search.Entry("Chapters", "Title of top", "notebooks/a", "", "Outer words."),
        search.Entry("Chapters", "Title of inner", "notebooks/a", "inner", "Inner words."),
    ]


def test_code_tables_and_raw_markup_are_not_indexed_and_words_in_another_script_are():
    arabic = nodes.raw("", '<span lang="ar" dir="rtl">حلب &amp; ريفها</span>', format="html")
    text = nodes.paragraph("", "", nodes.Text("In "), arabic, nodes.raw("", "<svg></svg>", format="html"))
    cell = nodes.container("", nodes.literal_block("", "x = 1"), classes=["cell_input"])
    [entry] = search.of_page(
        "a", tree(text, cell, nodes.literal_block("", "code"), nodes.comment("", "no")), {}
    )
    assert entry.text == "In حلب & ريفها"


def test_a_listed_claim_ends_the_words_of_its_section():
    mark = nodes.rubric("", "F-01: supported", classes=["claim-verdict"])
    [entry] = search.of_page(
        "a", tree(nodes.paragraph("", "Before."), mark, nodes.paragraph("", "A claim.")), {}
    )
    assert entry.text == "Before."


def test_a_sentence_of_the_ledger_is_not_indexed_again_where_it_is_quoted():
    quoting = search.Entry(
        "Chapters", "Findings", "a", "b", "Bold. A monitor’s deaths fell (3). F-01 Bold. None fell. F-02"
    )
    [entry] = search.without_claims([quoting], ["A monitor's deaths fell\u00a0(3).", "None fell."])
    assert entry.text == "Bold. F-01 Bold. F-02"
    assert list(search.without_claims([quoting], [])) == [quoting]


def test_figures_and_tables_are_found_by_title_under_their_numbers():
    facts = {"id": "deaths", "title": "Deaths fell", "alt": "A line falls.", "sources": ["s"]}
    face = FigureFace(payload={"data": [], "layout": {"meta": {"aleppo": facts}}}, still="x")
    columns = [
        {"name": "week", "label": "Week", "unit": ""},
        {"name": "n", "label": "Deaths", "unit": ""},
    ]
    sheet = TableFace(payload={"id": "weeks", "caption": "Deaths by week", "columns": columns})
    numbers = {"figure": {"fig-deaths": (3, 2)}, "table": {"tab-weeks": (4,)}}
    _, shown, table = search.of_page("a", tree(face, sheet), numbers)
    assert shown == search.Entry("Figures", "Deaths fell", "a", "fig-deaths", "A line falls.", "Figure 3.2")
    assert table == search.Entry("Tables", "Deaths by week", "a", "tab-weeks", "Week, Deaths", "Table 4")


def test_of_a_module_its_names_are_indexed():
    term = nodes.term("", "", nodes.literal("", "of(x: int) -> int"), ids=["aleppo.show.of"])
    item = nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", "Returns.")))
    module = section(
        "aleppo-show",
        nodes.paragraph("", "What it is for."),
        nodes.paragraph("", "More."),
        nodes.definition_list("", item),
    )
    module["classes"].append("aleppo-reference")
    _, entry = search.of_page("book/reference", tree(module), {})
    assert entry.text == "of"


def test_a_table_of_the_data_is_found_as_a_table():
    described = nodes.section(
        "", nodes.title("", "Events"), nodes.paragraph("", "Every event."), ids=["events", "data-events"]
    )
    described += nodes.container("", nodes.paragraph("", "Publisher"), classes=["aleppo-facts"])
    _, entry = search.of_page("book/data", tree(described), {})
    assert entry == search.Entry("Tables", "Events", "book/data", "data-events", "Every event.")


def test_the_index_names_each_page_once_and_leaves_out_what_is_empty():
    entries = [
        search.Entry("Chapters", "One", "a"),
        search.Entry("Places", "Aleppo", "b", "place-sy02", names=("حلب",)),
        search.Entry("Chapters", "Two", "a", "two", "Words."),
    ]
    assert search.packed(entries, {"a": "Page A", "b": "Page B"}) == {
        "kinds": list(search.KINDS),
        "pages": [["a.html", "Page A"], ["b.html", "Page B"]],
        "docs": [
            [0, "One", 0],
            [4, "Aleppo", 1, "place-sy02", "", "", ["حلب"]],
            [0, "Two", 0, "two", "Words."],
        ],
    }


# --- small books ---


def built(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, str]:
    """The folder of a small book with a ledger and the page of places, and what its build said."""
    ledger = json.loads((repository() / "data" / "ledger.json").read_text(encoding="utf-8"))
    entry = next(entry for entry in ledger if entry["claim"] == "F-04")
    data = folder / "data"
    (data / "evidence").mkdir(parents=True)
    for name in ("places", "towns", "governorates"):
        for ending in ("csv", "yml"):
            source = repository() / "data" / "evidence" / f"{name}.{ending}"
            (data / "evidence" / source.name).write_bytes(source.read_bytes())
    (data / "ledger.json").write_text(
        json.dumps([{**entry, "figure": "", "chapter": "", "supports": [], "tables": []}])
    )
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    pages = folder / "source"
    (pages / "book").mkdir(parents=True)
    (pages / "index.md").write_text(PAGE + "\n```{toctree}\nbook/places\n```\n", encoding="utf-8")
    (pages / "book" / "places.md").write_text(
        "# Places\n\n% places aleppo\n\n% places towns\n\n% places governorates\n"
    )
    said = io.StringIO()
    settings: dict[str, Any] = {
        "extensions": [
            f"aleppo.bookkit.{name}"
            for name in ("claims", "foreign_words", "gazetteer", "search", "theme_mends")
        ],
        "source_suffix": {".md": "myst-nb"},
        "myst_enable_extensions": ["colon_fence", "deflist"],
        "html_theme": "sphinx_book_theme",
    }
    settings["extensions"].insert(0, "myst_nb")
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(pages), None, str(folder / "out"), str(folder / "trees"), "html",
            confoverrides=settings, status=said, warning=said,
        )  # fmt: skip
        # what the templates of the book's pages ask for
        app.connect("html-page-context", opening.add_context, priority=100)
        app.build()
    return folder / "out", said.getvalue()


@pytest.mark.skipif(search_library() is None, reason="MiniSearch was not fetched")
def test_a_book_has_its_own_search_and_none_of_sphinx(tmp_path, monkeypatch):
    out, _ = built(tmp_path, monkeypatch)
    text = (out / "_static" / search.INDEX).read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("window.aleppoSearchIndex=").removesuffix(";\n"))
    docs = {(search.KINDS[doc[0]], doc[1]): doc for doc in index["docs"]}
    assert docs["Chapters", "First page"][4] == "Words of the first page, and Arabic: حلب."
    assert docs["Chapters", "A section"][3:5] == ["a-section", "Words of the section."]
    assert index["pages"][docs["Chapters", "A section"][2]] == ["index.html", "First page"]
    assert docs["Places", "Azaz"][3] == "place-t-azaz"
    [claim] = [doc for kind, doc in ((key[0], doc) for key, doc in docs.items()) if kind == "Claims"]
    assert claim[1].startswith("F-04: From the start") and claim[3] == "claim-f-04"
    for page in ("index", "search", "book/places"):
        markup = (out / f"{page}.html").read_text(encoding="utf-8")
        assert "searchindex.js" not in markup and "searchtools.js" not in markup
        assert markup.count("aleppo-search.js") == 1 and 'name="viewport"' in markup
    places = (out / "book" / "places.html").read_text(encoding="utf-8")
    for doc in docs.values():
        assert doc[0] != 4 or f'id="{doc[3]}"' in places
    assert not (out / "searchindex.js").exists()
    assert {"minisearch.js", "aleppo-search-index.js"} <= {path.name for path in (out / "_static").iterdir()}


def test_without_its_library_a_book_has_the_search_of_sphinx_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "search_library", lambda: None)
    out, said = built(tmp_path, monkeypatch)
    assert "search: MiniSearch is not there; the search of Sphinx is used" in said
    assert (out / "searchindex.js").is_file() and (out / "_static" / "searchtools.js").is_file()
    page = (out / "search.html").read_text(encoding="utf-8")
    assert "searchtools.js" in page and "aleppo-search" not in page
