"""Typst markup from document trees: text, tables, and what stops the build."""

from __future__ import annotations

import json
import re
import shutil
import string as ascii_signs
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import rich_book
import typst
from docutils import nodes
from docutils.utils import new_document
from sphinx import addnodes

from aleppo.bookkit.claims import ClaimMark
from aleppo.bookkit.printing.grid import TableGrid, plain, shares
from aleppo.bookkit.printing.labels import Placed, Shared, UntranslatableError, survey
from aleppo.bookkit.printing.markup import (
    ZERO_WIDTH_SPACE,
    Raw,
    breakable,
    call,
    escape,
    length,
    literal,
    longest_words,
    math,
)
from aleppo.bookkit.printing.words import shortened
from aleppo.bookkit.printing.writer import PageWriter


def typeset(markup: str) -> str:
    """The text that Typst makes of markup, spaces and quotation marks included."""

    def text(content: dict[str, Any]) -> str:
        if content["func"] == "space":
            return " "
        if content["func"] in ("text", "symbol"):
            return str(content["text"])
        if content["func"] == "sequence":
            return "".join(map(text, content["children"]))
        return f"<{content['func']}>"

    found = json.loads(typst.query(f"#metadata[{markup}] <it>".encode(), "<it>", ignore_system_fonts=True))
    return text(found[0]["value"])


def page(
    *children: nodes.Node, images: dict[str, str] | None = None, others: Sequence[Placed] = ()
) -> PageWriter:
    """A writer for a page with one section that holds the children; the children are said to be on line 7."""
    document = new_document("book/page.md")
    section = nodes.section("", nodes.title("", "Title"), *children, ids=["title"])
    document += section
    for child in children:
        child.source, child.line = "book/page.md", 7
    env = SimpleNamespace(
        toc_fignumbers={"page": {"figure": {"fig-a": (2, 1)}, "table": {"tab-a": (2, 3)}}},
        toc_secnumbers={"page": {"": (2,)}},
        doc2path=lambda docname, base=True: f"book/{docname}.md",
    )
    config = SimpleNamespace(numfig=True, numfig_format={"figure": "Fig. %s", "table": "Table %s"})
    shared = Shared(config, env, images or {})  # type: ignore[arg-type]
    placed = Placed("page", document, level=2)
    survey(shared, [placed, *others])
    return PageWriter(shared, placed)


def table(rows: list[list[nodes.entry]], columns: int, head: int = 1) -> nodes.table:
    group = nodes.tgroup("", *[nodes.colspec(colwidth=1) for _ in range(columns)], cols=columns)
    group += nodes.thead("", *[nodes.row("", *cells) for cells in rows[:head]])
    group += nodes.tbody("", *[nodes.row("", *cells) for cells in rows[head:]])
    return nodes.table("", group)


def entry(text: str, **attributes: Any) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", text), **attributes)


@pytest.mark.parametrize(
    "text",
    [
        ascii_signs.punctuation,
        "1. not a list",
        "12) not a list",
        "- not a list",
        "= not a heading",
        "a--b---c...d -5 -?",
        "https://example.org/a_b#c",
        "/* not a comment */ // nor this",
        "#let x = 1; @ref <label> $x$ `raw` *strong* _emph_",
        "\\u{41} \\ ~",
        'it\'s "quoted"',
        "“typographic” – signs — stay…",
    ],
)
def test_text_means_itself_and_nothing_else(text: str) -> None:
    assert typeset(escape(text)) == text


def test_space_and_line_ends_become_one_space() -> None:
    assert escape("a \n\t b") == "a b"


def test_a_space_that_must_not_break_stays() -> None:
    assert escape("53\u00a0%") == "53\u00a0%"


def test_values_become_literals() -> None:
    assert literal({"a": None, "b": True, "c": [1], "d": 'x"y\\', "e": Raw("[z]"), "f": []}) == (
        '(a: none, b: true, c: (1,), d: "x\\"y\\\\", e: [z], f: ())'
    )


def test_a_call_leaves_out_what_is_not_given() -> None:
    assert call("fig", "body", id=None, own_page=False) == "#fig(own-page: false)[body]"


def test_a_long_word_may_break_and_a_short_one_may_not() -> None:
    assert breakable("short/word") == "short/word"
    word = "an-identifier/that-is-longer-than-a-line-of-a-table"
    assert ZERO_WIDTH_SPACE in breakable(word)
    assert breakable(word).replace(ZERO_WIDTH_SPACE, "") == word
    assert breakable("35,000,000,000–40,000,000,000") == f"35,000,000,000–{ZERO_WIDTH_SPACE}40,000,000,000"


def test_a_word_without_joints_breaks_all_the_same() -> None:
    assert max(map(len, breakable("x" * 200).split(ZERO_WIDTH_SPACE))) <= 28


def test_an_address_is_left_to_typst() -> None:
    assert breakable("https://example.org/" + "a" * 60) == "https://example.org/" + "a" * 60


def test_longest_words_are_those_that_cannot_break() -> None:
    assert longest_words(["aa bbbb", "ccc"], count=2) == ["bbbb", "ccc"]


def test_mathematics_is_converted() -> None:
    assert math(nodes.math(), r"\frac{a}{b} \label{x}") == "a/b"


def test_a_formula_that_cannot_be_read_names_file_and_line() -> None:
    with pytest.raises(
        UntranslatableError, match=r"book/page\.md:7: formula '\\\\frac\{a' cannot be converted"
    ):
        page(nodes.math_block("", r"\frac{a")).write()


def test_an_unknown_node_names_file_and_line() -> None:
    class strange(nodes.General, nodes.Element):
        pass

    with pytest.raises(UntranslatableError, match=r"book/page\.md:7: <strange> has no translation"):
        page(strange()).write()


def test_an_unknown_node_inside_a_line_takes_the_line_of_its_paragraph() -> None:
    class odd(nodes.Inline, nodes.Element):
        pass

    with pytest.raises(UntranslatableError, match=r"book/page\.md:7: <odd> has no translation"):
        page(nodes.paragraph("", "", odd())).write()


def test_an_error_left_in_the_tree_stops_the_build() -> None:
    with pytest.raises(UntranslatableError, match=r":7: <problematic> left by an earlier error"):
        page(nodes.paragraph("", "", nodes.problematic("", "`x`"))).write()


def test_a_stored_traceback_stops_the_build() -> None:
    with pytest.raises(UntranslatableError, match="a stored output is an error"):
        page(nodes.literal_block("", "Traceback", classes=["output", "traceback"])).write()


def test_an_image_without_a_description_stops_the_build() -> None:
    with pytest.raises(UntranslatableError, match=r":7: image 'a\.svg' has no description"):
        page(nodes.image(uri="a.svg"), images={"a.svg": "images/a.svg"}).write()


def test_an_image_from_elsewhere_stops_the_build() -> None:
    with pytest.raises(UntranslatableError, match="is not a local file"):
        page(nodes.image(uri="https://example.org/a.png", alt="x")).write()


def test_a_reference_to_nowhere_stops_the_build() -> None:
    link = nodes.paragraph("", "", nodes.reference("", "x", refuri="%page#gone", internal=True))
    with pytest.raises(UntranslatableError, match=r":7: refers to 'page#gone'"):
        page(link)


def test_a_reference_to_something_left_out_is_found() -> None:
    hidden = nodes.container("", nodes.paragraph("", "x", ids=["hidden"]), classes=["only-html"])
    writer = page(hidden, nodes.paragraph("", "", nodes.reference("", "x", refid="hidden")))
    writer.write()
    assert writer.shared.dangling() == [
        "book/page.md:7: refers to 'page#hidden', which is not in the print edition"
    ]


def test_only_labels_that_are_referred_to_are_written() -> None:
    text = nodes.paragraph("", "text", ids=["here"])
    link = nodes.paragraph("", "", nodes.reference("", "see", refid="here"))
    assert '#anchor("page#here");text' in page(text, link).write()
    assert "anchor" not in page(nodes.paragraph("", "text", ids=["here"])).write()


def test_a_chapter_has_the_number_of_the_web_edition() -> None:
    assert '#chapter(level: 2, number: "2")[Title]' in page(nodes.paragraph("", "x")).write()


def test_a_figure_has_the_number_of_the_web_edition() -> None:
    image = nodes.image(uri="a.svg", alt="A  description\nover two lines")
    figure = nodes.figure("", image, nodes.caption("", "Caption"), ids=["fig-a"])
    text = page(figure, images={"a.svg": "images/a.svg"}).write()
    assert 'number: "Fig. 2.1", caption: [Caption]' in text
    assert '#still("images/a.svg", alt: "A description over two lines", width: none)' in text


def test_markup_for_the_web_is_dropped_and_markup_for_print_is_kept() -> None:
    text = page(
        nodes.raw("", "<p>web</p>", format="html"),
        nodes.paragraph("", "", nodes.raw("", "#bookarabic[x]", format="typst"), nodes.Text("(y)")),
    ).write()
    assert "web" not in text
    assert "#bookarabic[x];(y)" in text


def test_inputs_are_hidden_and_shown_on_request() -> None:
    def cell(*tags: str) -> nodes.container:
        source = nodes.container("", nodes.literal_block("", "secret = 1"), classes=["cell_input"])
        return nodes.container("", source, classes=["cell", *tags])

    assert "secret" not in page(cell()).write()
    assert "secret" in page(cell("tag_print-input")).write()


def test_what_a_library_wrote_to_stderr_is_dropped() -> None:
    block = nodes.literal_block("", "DeprecationWarning", classes=["output", "stderr"])
    assert "Deprecation" not in page(block).write()


def test_a_footnote_is_set_where_it_is_referred_to_and_once() -> None:
    def mark() -> nodes.footnote_reference:
        return nodes.footnote_reference("", "1", refid="f1")

    note = nodes.footnote("", nodes.label("", "1"), nodes.paragraph("", "The note."), ids=["f1"])
    text = page(nodes.paragraph("", "", mark(), mark()), note).write()
    assert text.count("The note.") == 1
    assert '#footnote(label("note:page#f1"));' in text


def test_the_address_of_a_link_is_printed_unless_it_is_the_text() -> None:
    def linked(text: str) -> str:
        reference = nodes.reference("", text, refuri="https://example.org/x")
        return page(nodes.paragraph("", "", reference)).write()

    assert '#footnote[#address("https://example.org/x")]' in linked("a page")
    assert "footnote" not in linked("https://example.org/x")


def test_a_generic_admonition_takes_its_kind_from_its_class() -> None:
    box = nodes.admonition("", nodes.title("", "Own title"), nodes.paragraph("", "x"), classes=["tip"])
    assert '#admonition(kind: "tip", title: [Own title])[x]' in page(box).write()


def test_a_toctree_is_not_printed() -> None:
    assert "toctree" not in page(nodes.compound("", addnodes.toctree(), classes=["toctree-wrapper"])).write()


def test_cells_below_a_cell_of_two_rows_move_to_the_right() -> None:
    grid = TableGrid(
        table([[entry("a", morerows=1), entry("b", morecols=1)], [entry("c"), entry("d")]], 3, head=2)[0]
    )
    assert [(cell.text, cell.row, cell.column) for cell in grid.cells] == [
        ("a", 0, 0), ("b", 0, 1), ("c", 1, 1), ("d", 1, 2),
    ]  # fmt: skip


def test_a_row_with_too_many_cells_is_refused() -> None:
    with pytest.raises(UntranslatableError, match="more than 1 columns"):
        TableGrid(table([[entry("a"), entry("b")]], 1)[0])


@pytest.mark.parametrize(
    ("cells", "side"),
    [
        (["27,618", "", "53 %"], "right"),
        (["×1.31 [0.75, 2.29]", "−4"], "right"),
        (["40.4 km²", "0–3"], "right"),
        (["2016-07", "n/a"], "left"),
        (["S/2016/846"], "left"),
    ],
)
def test_columns_of_numbers_are_set_to_the_right(cells: list[str], side: str) -> None:
    grid = TableGrid(table([[entry("Head")], *[[entry(text)] for text in cells]], 1)[0])
    assert grid.alignments() == [side]


def test_columns_of_short_cells_keep_their_line_and_texts_do_not() -> None:
    rows = [
        [entry("Head of any length whatever"), entry("Text")],
        [entry("28 November 2016"), entry("word " * 9)],
    ]
    assert TableGrid(table(rows, 2)[0]).firm() == [True, False]


def test_a_marked_alignment_wins() -> None:
    grid = TableGrid(table([[entry("Head")], [entry("1", classes=["text-center"])]], 1)[0])
    assert grid.alignments() == ["center"]


@pytest.mark.parametrize(
    ("given", "expected"), [("400px", "300pt"), ("50%", "50%"), ("8cm", "8cm"), ("400", "300pt")]
)
def test_lengths_are_converted(given: str, expected: str) -> None:
    assert length(nodes.image(width=given)) == Raw(expected)


def test_a_strange_length_is_refused() -> None:
    with pytest.raises(UntranslatableError, match="expected a number with px"):
        length(nodes.image(width="wide"))


def cited(*places: tuple[str, str]) -> nodes.paragraph:
    """A paragraph with a citation for each (id, words) of the bibliography on the same page."""
    words = nodes.paragraph("", "[")
    for number, (place, text) in enumerate(places):
        words += [nodes.Text(", " if number else ""), nodes.reference("", text, refid=place)]
    words += nodes.Text("]")
    return words


def source(place: str) -> nodes.citation:
    return nodes.citation("", nodes.label("", place), nodes.paragraph("", f"About {place}."), ids=[place])


def test_sources_are_cited_by_name_in_text_and_by_number_in_a_cell() -> None:
    cell = nodes.entry("", cited(("roe", "Roe, 2017"), ("doe", "Doe, 2016")))
    text = page(
        cited(("roe", "Roe, 2017")), table([[entry("Read in")], [cell]], 1), source("doe"), source("roe")
    )
    written = text.write()
    assert '\\[#xref("page#roe")[Roe, 2017];\\]' in written
    assert 'body: [\\[#xref("page#roe")[2];, #xref("page#doe")[1];\\]]' in written
    assert '#bibentry(id: "page#doe", number: 1)[About doe.]' in written


@pytest.mark.parametrize(
    ("address", "printed"),
    [
        ("https://www.example.org/a", "example.org/a"),
        ("http://example.org/", "example.org"),
        ("https://example.org/" + "a" * 60, "example.org/…"),
        ("https://example.org/%D8%AD%D9%84%D8%A8", "example.org/…"),
    ],
)
def test_the_address_of_a_source_is_short(address: str, printed: str) -> None:
    assert shortened(address) == printed


def two_pages(link: nodes.Node) -> str:
    """The markup of a page with ``link``, which may lead to the page "other" or to the figure "fig" on it."""
    other = new_document("book/other.md")
    figure = nodes.figure("", nodes.image(uri="a.svg", alt="x"), ids=["fig"])
    term = nodes.definition_list_item("", nodes.term("", "word", ids=["term-word"]), nodes.definition())
    other += nodes.section(
        "", nodes.title("", "Other"), figure, nodes.definition_list("", term), ids=["other"]
    )
    return page(link, others=[Placed("other", other, level=2)]).write()


@pytest.mark.parametrize(
    ("target", "paged"), [("%other", True), ("%other#fig", True), ("%other#term-word", False)]
)
def test_a_link_to_another_chapter_says_the_page_and_one_to_a_word_does_not(target: str, paged: bool) -> None:
    def link() -> nodes.reference:
        return nodes.reference("", "there", refuri=target, internal=True)

    assert (", paged: true)[there]" in two_pages(nodes.paragraph("", "", link()))) == paged
    in_a_cell = table([[entry("Head")], [nodes.entry("", nodes.paragraph("", "", link()))]], 1)
    assert "paged" not in two_pages(in_a_cell)


@pytest.mark.parametrize(
    ("before", "after", "enclosed"),
    [
        ("See (", ").", True),
        ("All (of them, as ", " tells) are so.", True),
        ("All (of them). See ", ".", False),
    ],
)
def test_within_parentheses_the_page_of_a_link_has_none_of_its_own(
    before: str, after: str, enclosed: bool
) -> None:
    link = nodes.reference("", "there", refuri="%other", internal=True)
    written = two_pages(nodes.paragraph("", "", nodes.Text(before), link, nodes.Text(after)))
    assert (", paged: true, enclosed: true)[there]" in written) is enclosed
    assert (", paged: true)[there]" in written) is not enclosed


def test_a_claim_has_its_verdict_and_the_page_of_its_entry_in_the_margin() -> None:
    mark = ClaimMark(
        "", "", nodes.reference("", "F-01", refid="claim-f-01"), words="supported (high confidence)"
    )
    entry_of_it = nodes.rubric("", "F-01: supported", ids=["claim-f-01"])
    text = page(nodes.paragraph("", "", mark), entry_of_it).write()
    assert '#claim-mark(id: "page#claim-f-01")[supported (high confidence)][#xref(' in text


def test_what_follows_the_comment_is_set_in_two_columns() -> None:
    turn = nodes.comment("", "print: two columns")
    text = page(nodes.paragraph("", "before"), turn, nodes.paragraph("", "after")).write()
    assert text.index("before") < text.index("#two-columns[") < text.index("after")


def definitions(*classes: str) -> nodes.definition_list:
    item = nodes.definition_list_item(
        "", nodes.term("", "Term"), nodes.definition("", nodes.paragraph("", "meaning"))
    )
    return nodes.definition_list("", item, classes=list(classes))


def test_facts_make_one_small_paragraph_and_what_is_for_the_web_is_left_out() -> None:
    assert "#facts(([Term], [meaning]))" in page(definitions("print-facts")).write()
    assert "meaning" not in page(definitions("only-html")).write()
    assert "#terms(" in page(definitions()).write()


def part(*words: str, pictured: bool = False) -> nodes.section:
    """A section of a chapter, with a figure or without."""
    children: list[nodes.Node] = [nodes.paragraph("", word) for word in words]
    if pictured:
        image = nodes.image(uri="a.svg", alt="A description")
        children.append(nodes.figure("", image, nodes.caption("", "Caption"), ids=[f"fig-{words[0]}"]))
    return nodes.section("", nodes.title("", f"On {words[0]}"), *children, ids=[words[0]])


@pytest.mark.parametrize(
    ("figures", "flushed"),
    [((True, False), "last"), ((True, True), None), ((False, False), None), ((False, True), None)],
)
def test_figures_stand_before_the_last_section_of_a_chapter(
    figures: tuple[bool, bool], flushed: str | None
) -> None:
    first, last = figures
    text = page(part("first", pictured=first), part("last", pictured=last), images={"a.svg": "a.svg"}).write()
    assert re.findall(r"#place\.flush\(\)\s+#section\(level: \d\)\[On (\w+)\]", text) == (
        [flushed] if flushed else []
    )
    assert text.count("#place.flush()") == bool(flushed)


def test_how_to_cite_goes_with_the_title_and_is_printed_once() -> None:
    box = nodes.container("", nodes.paragraph("", "Cite this."), classes=["cite-this"])
    text = page(nodes.paragraph("", "x"), box).write()
    assert "cite: [Cite this.])[Title]" in text
    assert text.count("Cite this.") == 1


def test_the_note_of_a_table_is_part_of_it() -> None:
    note = nodes.paragraph("", "1 of 9 rows.", classes=["table-note"])
    text = page(table([[entry("Head")], [entry("cell")]], 1), note).write()
    assert "note: [1 of 9 rows.]" in text
    assert text.count("1 of 9 rows.") == 1


def test_the_widths_of_columns_are_shared_out_where_they_save_lines() -> None:
    lengths = np.array([[10, 400, 40], [10, 300, 10]], dtype=float)
    date, text, sources = shares(lengths, [10, 12, 12], measure=100)
    assert date == 10, "a column that fits gets no more"
    assert text > 2 * sources
    assert date + text + sources + 9 == 100, "nothing is left over while a cell still breaks"


def test_no_column_is_wider_than_its_widest_cell() -> None:
    assert shares(np.array([[5.0, 20.0]]), [5, 10], measure=100) == [5, 20]


def test_a_table_whose_narrowest_columns_fill_the_measure_still_says_which_of_them_needs_more():
    lengths = np.array([[66.0, 20.0, 8.0]] * 5)
    words, numbers, short = shares(lengths, [13, 15, 8], measure=40)
    assert words > 2 * numbers
    assert short == 8


def test_printed_characters_are_counted_without_the_calls() -> None:
    assert plain('\\[#xref("page#a", paged: true)[12];, #emph[word];\\]') == "[12, word]"


def test_a_table_too_wide_for_any_page_stops_the_build(tmp_path: Path) -> None:
    columns = 60
    grid = [[entry(f"{row}{column:06d}") for column in range(columns)] for row in range(2)]
    writer = page(table(grid, columns))
    shutil.copytree(rich_book.TEMPLATE.parent, tmp_path, dirs_exist_ok=True)
    main = tmp_path / "main.typ"
    main.write_text('#import "book.typ": *\n' + writer.write(), encoding="utf-8")
    with pytest.raises(typst.TypstError, match="is too wide to print"):
        typst.compile(str(main), root=str(tmp_path), ignore_system_fonts=True)
