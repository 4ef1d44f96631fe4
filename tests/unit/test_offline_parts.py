"""The parts of the offline edition that need no book: Arabic, formulas, mends of the theme, static files."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pydata_sphinx_theme
import pytest
from docutils import nodes

from aleppo.bookkit import assets, foreign_words, mathml, offline, one_sheet, theme_mends, web_fonts
from aleppo.show import palette, theme


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("html", '<span lang="ar" dir="rtl">حلب الشرقية</span>'),
        ("latex", "\\bookarabic{حلب الشرقية}"),
        ("typst", "#bookarabic[حلب الشرقية]"),
    ],
)
def test_a_run_of_arabic_is_marked_for_each_edition(style: str, expected: str) -> None:
    before, run, after = foreign_words.marked("East Aleppo (حلب الشرقية), 2016", style)
    assert (before.astext(), after.astext()) == ("East Aleppo (", "), 2016")
    assert isinstance(run, nodes.raw) and run["format"] == style and run.astext() == expected


@pytest.mark.parametrize(
    ("own", "text", "marked"),
    [
        ("en", "Резюме and Airwars", '<span lang="ru">Резюме</span>| and Airwars'),
        (
            "ru",
            "архив Airwars, F-03",
            'архив |<span lang="en" dir="ltr">Airwars</span>|, |<span lang="en" dir="ltr">F-03</span>',
        ),
        ("ar", "أرشيف Airwars حتى 2016", 'أرشيف |<span lang="en" dir="ltr">Airwars</span>| حتى 2016'),
        ("en", "مشروع 1070 شقة, 2016", '<span lang="ar" dir="rtl">مشروع 1070 شقة</span>|, 2016'),
        ("en", "اللواء 80", '<span lang="ar" dir="rtl">اللواء 80</span>'),
        ("en", "الراموسة / المنطقة", '<span lang="ar" dir="rtl">الراموسة / المنطقة</span>'),
        ("en", "no other script, 2016", "no other script, 2016"),
        ("ru", "", ""),
    ],
)
def test_words_in_another_script_than_the_page_are_marked(own: str, text: str, marked: str) -> None:
    assert "|".join(node.astext() for node in foreign_words.marked(text, "html", own)) == marked


def test_foreign_words_are_escaped_for_their_edition() -> None:
    assert foreign_words.marked("Q&A", "html", "ru")[0].astext() == '<span lang="en" dir="ltr">Q&amp;A</span>'
    assert "R\\-1" not in foreign_words.marked("R-1", "html", "ru")[0].astext()
    assert foreign_words.marked("A/B", "typst", "ru")[0].astext() == '#text(lang: "en", dir: ltr)[A\\/B]'


def test_two_runs_are_marked_one_by_one() -> None:
    marked = foreign_words.marked("حلب and إدلب", "html")
    assert [isinstance(node, nodes.raw) for node in marked] == [True, False, True]


def test_a_formula_becomes_mathml() -> None:
    made = mathml._mathml(nodes.math("", r"\hat{\beta} = \frac{1}{2}"), "inline")
    assert made.startswith("<math") and "<mfrac>" in made and "http://www.w3.org/1998/Math/MathML" in made


def test_the_mends_change_the_markup_they_are_for_and_nothing_else() -> None:
    body = (
        '<div class="pst-scrollable-table-container"><table><tr><th></th><th>n</th></tr></table></div>'
        '<div role="list" class="citation-list"><div role="doc-biblioentry">x</div></div>'
    )
    mended = theme_mends.mended(body)
    assert 'tabindex="0" role="region"' in mended and "<td></td><th>n</th>" in mended
    assert 'role="list"' not in mended and "doc-biblioentry" not in mended
    assert theme_mends.mended("<p>text</p>") == "<p>text</p>"


def test_tables_that_scroll_are_told_apart_by_their_captions_or_numbers() -> None:
    frame = '<div class="pst-scrollable-table-container"><table class="t">'
    caption = '<span>Deaths &amp; <em>range</em></span><a class="headerlink" href="#a">#</a>'
    captioned = f"{frame}<caption>{caption}</caption>"
    names = re.findall(r'aria-label="([^"]*)"', theme_mends.mended(f"{frame}<tr>{captioned}{frame}<tr>"))
    assert names == ["Table without a caption, 1", "Table: Deaths &amp; range", "Table without a caption, 2"]


def test_the_themes_script_leaves_frames_of_tables_to_the_books_own(tmp_path: Path) -> None:
    [theirs] = Path(pydata_sphinx_theme.__file__).parent.rglob("static/scripts/pydata-sphinx-theme.js")
    ours = tmp_path / theirs.name
    shutil.copy(theirs, ours)
    assert ours.read_text().count(theme_mends.STOPS) == 1
    theme_mends.slim(tmp_path)
    assert theme_mends.STOPS not in ours.read_text()


def test_mending_twice_changes_nothing_more() -> None:
    body = '<div class="pst-scrollable-table-container"><table></table></div>'
    assert theme_mends.mended(theme_mends.mended(body)) == theme_mends.mended(body)


def test_slimming_takes_out_what_no_page_uses_and_keeps_the_rest(tmp_path: Path) -> None:
    for name in ("scripts/fontawesome.js", "scripts/a.js.map", "locales/ar/x.json", "vendor/font.woff2"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x" * 1000, encoding="utf-8")
    (tmp_path / "scripts/a.js").write_text("go();\n//# sourceMappingURL=a.js.map\n", encoding="utf-8")
    theme_mends.slim(tmp_path)
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert left == {"scripts/fontawesome.js", "scripts/a.js", "vendor/font.woff2"}
    assert "sourceMappingURL" not in (tmp_path / "scripts/a.js").read_text(encoding="utf-8")
    assert len((tmp_path / "scripts/fontawesome.js").read_text(encoding="utf-8")) < 200


@pytest.mark.parametrize(
    "name",
    ["aleppo-figure.js", "aleppo-search.js", "aleppo-search-engine.js", "aleppo-table.js"],
)
def test_static_files_name_no_address_and_no_module(name: str) -> None:
    text = (offline.STATIC / name).read_text(encoding="utf-8")
    assert not re.search(r"https?://|\bfetch\(|\bimport\b|XMLHttpRequest|@import", text)


def test_the_style_sheet_asks_for_nothing_and_holds_every_sheet_once() -> None:
    css = offline.style_sheet()
    assert not re.search(r"https?://|@import|url\(", css)
    assert sorted(offline.SHEET_ORDER) == sorted(path.name for path in offline.SHEETS.glob("*.css"))
    for name in offline.SHEET_ORDER:
        assert css.count((offline.SHEETS / name).read_text(encoding="utf-8")) == 1


@pytest.mark.parametrize("name", offline.SHEET_ORDER)
def test_no_selector_stands_twice_in_a_block(name: str) -> None:
    # the later would win without a word, as when a part of a selector is lost
    css = one_sheet.without_comments((offline.SHEETS / name).read_text(encoding="utf-8"))
    blocks = [
        css,
        *(body or "" for rule, body in one_sheet.statements(css) if rule.strip().startswith("@media")),
    ]
    for block in blocks:
        rules = [one_sheet.small(rule) for rule, _ in one_sheet.statements(block)]
        assert [rule for rule in set(rules) if rules.count(rule) > 1 and not rule.startswith("@")] == []


def test_the_style_sheet_names_no_colour_but_those_of_the_figures() -> None:
    sheets = "".join((offline.SHEETS / name).read_text(encoding="utf-8") for name in offline.SHEET_ORDER)
    # what the theme's own colours are set to on paper
    screen = re.sub(r"--pst-color-[a-z-]+: #[0-9a-f]+;", "", sheets)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b", screen) == []
    known = {f"--aleppo-{name.replace('_', '-')}" for name in [*palette.PALETTE, *palette.HOLDERS]}
    defined = set(re.findall(r"(--aleppo-[a-z-]+):", sheets)) | known
    by_the_page = {"--aleppo-height", "--aleppo-height-narrow", "--aleppo-wide"}
    assert set(re.findall(r"var\((--aleppo-[a-z-]+)", sheets)) - defined == by_the_page


def test_the_page_gets_the_colours_and_templates_of_python() -> None:
    given = json.loads(json.dumps(theme.for_the_page()))
    assert given["dark"] == theme.DARK_OF
    assert given["template"] == theme.template()
    assert given["narrowWidth"] == theme.NARROW_WIDTH


def test_the_narrow_width_is_one_in_script_and_style() -> None:
    css = offline.style_sheet()
    assert f"(max-width: {theme.NARROW_WIDTH}px)" in css


def test_the_bundle_is_there_with_or_without_npm(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert assets.plotly_bundle().is_file()
    monkeypatch.setattr("aleppo.show.assets.assets_dir", lambda: tmp_path)
    assert assets.plotly_bundle().name == "plotly.min.js" and assets.plotly_bundle().is_file()
    assert not assets.is_small(assets.plotly_bundle())
    assert assets.font_dirs() == [] and assets.axe() is None


@pytest.mark.skipif(
    not assets.is_small(assets.plotly_bundle()), reason="the small plotly bundle was not fetched"
)
def test_the_small_bundle_draws_every_trace_that_figures_may_use() -> None:
    from aleppo.show.figure import TRACE_TYPES

    text = assets.plotly_bundle().read_text(encoding="utf-8")
    assert set(re.findall(r'moduleType:"trace",name:"([a-z0-9]+)"', text)) >= TRACE_TYPES


def test_web_fonts_are_served_in_pieces_from_the_book(tmp_path: Path) -> None:
    package = tmp_path / "@fontsource-variable" / "source-sans-3"
    package.mkdir(parents=True)
    rules = [
        "@font-face { font-family: 'Source Sans 3 Variable'; font-weight: 200 900; font-style: normal; "
        f"src: url(./files/source-sans-3-{piece}-wght-normal.woff2) format('woff2-variations'); "
        "unicode-range: U+0000-00FF; }"
        for piece in ("latin", "greek")
    ]
    (package / "wght.css").write_text("\n".join(rules), encoding="utf-8")
    assert web_fonts.faces(tmp_path) == {
        "source-sans-3-latin-wght-normal.woff2": (
            package / "files" / "source-sans-3-latin-wght-normal.woff2",
            '@font-face { font-family: "Source Sans 3"; font-style: normal; font-weight: 200 900; '
            'font-display: optional; src: url("fonts/source-sans-3-latin-wght-normal.woff2") format("woff2"); '
            "unicode-range: U+0000-00FF; }\n",
        )
    }


def test_without_the_packages_there_are_no_web_fonts(tmp_path: Path) -> None:
    assert web_fonts.faces(tmp_path) == {}
