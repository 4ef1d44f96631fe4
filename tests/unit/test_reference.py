"""The reference of the package: every public name, its signature, and a docstring as it is meant to be read."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

import pytest
from docutils import nodes
from small_pages import built

from aleppo.bookkit.reference import CLASS, Definition, inline, modules, paragraphs, signature

STRATA = ("evidence", "ingest", "measure", "model", "claims", "show")


def definition(code: str) -> Definition:
    node = ast.parse(textwrap.dedent(code)).body[0]
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    return node


@pytest.mark.parametrize("stratum", STRATA)
def test_every_public_name_of_a_stratum_says_what_it_is(stratum: str) -> None:
    found = modules(stratum)
    assert found
    silent = [
        f"{one.name}.{node.name}" for one in found for node in one.public if not ast.get_docstring(node)
    ]
    assert not silent


LEFT_OVER = re.compile(r"(?<!\w)\*{1,2}\w|`|\w\*(?!\w)|:\w+:|-{3,}|={3,}")


@pytest.mark.parametrize("stratum", STRATA)
def test_no_docstring_has_markup_that_the_reference_does_not_set(stratum: str) -> None:
    left = [
        f"{module.name}: {text}"
        for module in modules(stratum)
        for words in (module.words, *(ast.get_docstring(node) or "" for node in module.public))
        for block in paragraphs(words)
        if not isinstance(block, nodes.literal_block)
        for text in block.findall(nodes.Text)
        if not isinstance(text.parent, nodes.literal) and LEFT_OVER.search(str(text))
    ]
    assert left == []


def test_the_reference_knows_what_readers_are_told_to_use() -> None:
    names = {
        f"{one.name}.{node.name}" for stratum in STRATA for one in modules(stratum) for node in one.public
    }
    assert {"aleppo.evidence.load.load", "aleppo.show.stored.data", "aleppo.model.interrupted.fit"} <= names
    assert not any(name.startswith("aleppo.show.chapters.") for name in names)


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("def f(a: int, *, b: str = 'x') -> float: ...", "f(a: int, *, b: str='x') -> float"),
        ("class C:\n    def __init__(self, a: int) -> None: ...", "C(a: int)"),
        ("class D:\n    '''Words.'''\n    a: int\n    b: str = ''", "D(a: int, b: str = '')"),
        ("class E(Exception): ...", "E()"),
        ("class F:\n    a: list[int] = field(default_factory=list)\n    _b: int = 0", "F(a: list[int] = …)"),
    ],
)
def test_a_signature_is_what_is_written_to_use_a_thing(code: str, written: str) -> None:
    assert signature(definition(code)) == written


def test_words_run_on_and_columns_and_examples_stay_as_they_stand() -> None:
    words = "First line\ngoes on.\n\nThese are:\n\na    the first\nbb   the second\n\n>>> f(1)\n2"
    kinds = [(type(one), one.astext()) for one in paragraphs(words)]
    assert kinds == [
        (nodes.paragraph, "First line goes on."),
        (nodes.paragraph, "These are:"),
        (nodes.literal_block, "a    the first\nbb   the second"),
        (nodes.literal_block, ">>> f(1)\n2"),
    ]


def test_lines_that_begin_with_a_dash_become_a_list() -> None:
    lead, points = paragraphs("Rules:\n- the first\n  goes on;\n- see `load`.")
    assert lead.astext() == "Rules:"
    assert isinstance(points, nodes.bullet_list)
    assert [point.astext() for point in points] == ["the first goes on;", "see load."]


def test_points_may_begin_with_an_asterisk_and_words_be_strong() -> None:
    _, points = paragraphs("Three:\n\n* **firm**: alone;\n* the rest.")
    assert [point.astext() for point in points] == ["firm: alone;", "the rest."]
    assert [one.astext() for one in points.findall(nodes.strong)] == ["firm"]


def test_names_in_backticks_become_code_and_nothing_is_lost() -> None:
    found = list(inline("*First.* See :func:`load` and ``a <b>``, *not* {this}."))
    assert [one.astext() for one in found if isinstance(one, nodes.literal)] == ["load", "a <b>"]
    assert [one.astext() for one in found if isinstance(one, nodes.emphasis)] == ["First.", "not"]
    assert "".join(one.astext() for one in found) == "First. See load and a <b>, not {this}."
    assert [one.astext() for one in inline("f(*args) or 2 * 3 * 4")] == ["f(*args) or 2 * 3 * 4"]


def test_code_in_a_docstring_is_announced_by_one_colon_and_begins_at_the_margin() -> None:
    lead, code = paragraphs("An entry is::\n\n    - label: x\n      target: y")
    assert lead.astext() == "An entry is:"
    assert (type(code), code.astext()) == (nodes.literal_block, "- label: x\n  target: y")


def test_print_names_the_modules_of_which_the_web_edition_tells_all(tmp_path: Path) -> None:
    page = tmp_path / "source" / "index.md"
    page.parent.mkdir()
    asked = {
        name: f"## {name.title()}\n\n```{{package-reference}} {name}\n```\n" for name in ("show", "model")
    }
    page.write_text("\n".join(["# Book\n", *asked.values()]))
    for builder in ("html", "text"):
        assert built(tmp_path, "aleppo.bookkit.reference", builder=builder) == ""
    web, plain = ((tmp_path / "out" / f"index.{ending}").read_text("utf-8") for ending in ("html", "txt"))
    for stratum in asked:
        for module in modules(stratum):
            assert module.name in web and module.name in plain
            assert all(f'id="{module.name}.{node.name}"' in web for node in module.public)
    assert web.count(f'class="{CLASS}"') == sum(len(modules(name)) for name in asked)
    assert "aleppo.show.stored.data" not in plain and "data(" not in plain
    show, model = plain.index("aleppo.show."), plain.index("aleppo.model.")
    assert plain.index("Show") < show < plain.rindex("aleppo.show.") < plain.index("Model") < model
