"""What the colophon says of the edition, and of what of others ships in the book."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from aleppo.bookkit import assets, colophon, shipped
from aleppo.bookkit.printing.fonts import FontChoice
from aleppo.bookkit.shipped import Component
from aleppo.evidence import data_dir
from aleppo.evidence.errors import AleppoError, MissingTable
from aleppo.evidence.manifest import present_tables
from aleppo.evidence.paths import repository
from aleppo.show.cover import cover
from aleppo.show.theme import HOLDERS, darkened

# ---- packages ----


@pytest.fixture
def npm(tmp_path: Path) -> Path:
    """A folder of npm packages: a bundle, a typeface for the pages, one for print, and one of the tests."""
    folder = tmp_path / "node_modules"
    files = {
        "plotly.js-dist/plotly.js": BUNDLE,
        "@fontsource/amiri/files/amiri.woff2": "",
        "@expo-google-fonts/amiri/Amiri.ttf": "",
        "axe-core/axe.min.js": "",
    }
    licences = {"plotly.js-dist": "MIT", "@fontsource/amiri": "OFL-1.1"}
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        package = "/".join(Path(name).parts[: 2 if name.startswith("@") else 1])
        about = {"name": package, "version": "1.0", "license": licences.get(package, "MIT AND OFL-1.1")}
        (folder / package / "package.json").write_text(json.dumps(about))
    wanted = ["plotly.js-dist", "@fontsource/amiri", "@expo-google-fonts/amiri", *shipped.TOOLS]
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": dict.fromkeys(wanted, "1.0")}))
    return folder


BUNDLE = """\
/**
* plotly.js v1.0
* Licensed under the MIT license
*/
var a = 1;
/*! Bundled license information:

ieee754/index.js:
  (*! ieee754. BSD-3-Clause License. Somebody <https://example.org> *)

@scope/name/src/deep/index.js:
  (*
   * @license MIT
   *)
*/
"""


def test_npm_packages_of_the_book_are_listed_with_the_licences_they_state(npm: Path) -> None:
    found = {(each.name, each.purpose, each.licence) for each in shipped.npm_packages(npm) if not each.inside}
    assert found == {
        ("@expo-google-fonts/amiri 1.0", shipped.PRINT_TYPE, "MIT AND OFL-1.1"),
        ("@fontsource/amiri 1.0", shipped.WEB_TYPE, "OFL-1.1"),
        ("plotly.js-dist 1.0", shipped.CHARTS, "MIT"),
    }


def test_what_was_packed_into_a_bundle_is_listed_after_it(npm: Path) -> None:
    inside = [each for each in shipped.npm_packages(npm) if each.inside]
    assert [(each.name, each.licence) for each in inside] == [
        ("ieee754", "BSD-3-Clause"),
        ("@scope/name", "MIT"),
    ]
    assert {each.inside for each in inside} == {"plotly.js-dist 1.0"}


def test_a_package_without_a_licence_is_refused(npm: Path) -> None:
    manifest = npm / "@fontsource" / "amiri" / "package.json"
    manifest.write_text(json.dumps({"name": "@fontsource/amiri", "version": "1.0"}))
    with pytest.raises(AleppoError, match=r"@fontsource/amiri 1\.0: expected its licence"):
        shipped.npm_packages(npm)


def test_without_npm_nothing_is_claimed_of_it(tmp_path: Path) -> None:
    assert shipped.npm_packages(tmp_path / "node_modules") == []


def test_the_whole_plotly_is_listed_where_it_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "is_small", lambda bundle: False)
    assert any(each.name.startswith("plotly ") for each in shipped.python_packages())


@pytest.mark.parametrize(
    ("notice", "name", "licence"),
    [
        (
            "/*!\n * Bootstrap v5.3 (https://example.org)\n * Licensed under MIT (x)\n */",
            "Bootstrap v5.3",
            "MIT",
        ),
        (
            "/*!\n * Font A 6 by @a - https://a.org\n * License - (Icons: CC BY 4.0, Fonts: SIL OFL 1.1)\n */",
            "Font A 6",
            "CC BY 4.0, SIL OFL 1.1",
        ),
    ],
)
def test_notices_inside_scripts_and_sheets_are_read(notice: str, name: str, licence: str) -> None:
    assert shipped.packed(notice + "a{}" + notice, "theme 1") == [Component(name, "", licence, "theme 1")]


def test_a_comment_without_a_licence_is_no_notice() -> None:
    assert shipped.packed("/*! preserved */ /* MIT */", "theme 1") == []


def package(licence_text: str = "", **fields: str) -> Any:
    """What is installed of a package: the fields of its metadata, and the text of its licence."""

    class Metadata(dict[str, str]):
        def get_all(self, name: str) -> list[str] | None:
            return [self[name]] if name in self else None

    class File(str):
        name = "LICENSE"

        def locate(self) -> str:
            return str(self)

    files = [File(licence_text)] if licence_text else []
    return SimpleNamespace(metadata=Metadata(Name="a", Version="1", **fields), files=files)


def test_the_licence_of_a_python_package_is_the_one_it_states(tmp_path: Path) -> None:
    text = tmp_path / "LICENSE"
    text.write_text("under the two clause BSD licence below", encoding="utf-8")
    bsd = {"Classifier": "License :: OSI Approved :: BSD License"}
    assert shipped.licence_of(package(**{"License-Expression": "Apache-2.0", "License": "x"})) == "Apache-2.0"
    assert shipped.licence_of(package(License="MIT License\n\nPermission")) == "MIT License"
    assert shipped.licence_of(package(**bsd)) == "BSD License"
    assert shipped.licence_of(package(str(text), **bsd)) == "BSD-2-Clause"
    with pytest.raises(AleppoError, match="a 1: expected its licence"):
        shipped.licence_of(package())


# ---- the page ----


def test_the_edition_is_named_without_the_commit() -> None:
    text = colophon.edition_lines(repository(), data_dir())
    assert "commit" not in text.lower()
    assert "(version " in text
    assert text == colophon.edition_lines(repository(), data_dir())


def test_the_table_says_what_each_thing_is_for_or_part_of() -> None:
    table = colophon.shipped_table([Component("a 1", "charts", "MIT"), Component("b", "", "BSD", "a 1")])
    assert "* - a 1\n  - charts\n  - MIT" in table
    assert "* - b\n  - part of a 1\n  - BSD" in table


def test_the_typefaces_are_those_that_are_there() -> None:
    fonts = FontChoice([], serif="Libertinus Serif", sans="Libertinus Serif", arabic="Amiri", missing=())
    assert "set in Libertinus Serif, Arabic in Amiri" in colophon.type_sentences(fonts, [])
    assert "the reader's own type, code" in colophon.type_sentences(fonts, [])
    assert "The web edition is set in Source Sans 3 and Amiri" in colophon.type_sentences(
        fonts, ["Source Sans 3", "Amiri"]
    )


def test_every_publisher_of_data_has_its_terms_once() -> None:
    table = colophon.terms_table(data_dir())
    assert table.count("* - Violations Documentation Center in Syria (VDC): ") == 1
    assert sum(map(int, re.findall(r": (\d+) tables?$", table, re.MULTILINE))) == len(
        present_tables(data_dir())
    )
    assert "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)" in table


def test_every_comment_of_the_page_has_a_writer() -> None:
    page = (repository() / "book" / "colophon.md").read_text(encoding="utf-8")
    asked = {line for line in page.splitlines() if line.startswith("% ")}
    assert asked == set(colophon.parts(repository(), data_dir()))


# ---- the cover ----


def spells() -> pd.DataFrame:
    rows = [
        ("B", "opposition", "2014-01-01", "2014-12-31"),
        ("B", "government", "2015-01-01", "2016-12-31"),
        ("A", "government", "2014-01-01", "2016-12-31"),
        ("C", "opposition", "2014-01-01", "2016-12-31"),
    ]
    frame = pd.DataFrame(rows, columns=["place_id", "holder", "start", "end"])
    return frame.assign(start=pd.to_datetime(frame["start"]), end=pd.to_datetime(frame["end"]))


def test_the_cover_has_a_rectangle_for_each_spell_and_a_line_for_the_break() -> None:
    drawn = cover(spells())
    assert drawn.count("<rect") == len(spells()) + 1
    assert drawn.count(darkened(HOLDERS["opposition"])) == 2
    assert "30 September 2015" in drawn
    assert all(f">{year}<" in drawn for year in (2014, 2015, 2016))


def test_the_cover_does_not_depend_on_the_order_of_the_rows() -> None:
    assert cover(spells()) == cover(spells().iloc[::-1])


def test_without_spells_there_is_no_cover(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(name: str) -> pd.DataFrame:
        raise MissingTable(name, "data", "none")

    monkeypatch.setattr(colophon, "load", none)
    assert colophon.drawn_cover(SimpleNamespace()) is None  # type: ignore[arg-type]
