"""Settings, date and fonts of the print edition, and how messages of Typst are led back to their source."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
import typst
from fontTools.ttLib import TTFont
from sphinx.errors import ConfigError

from aleppo.bookkit.assets import font_dirs
from aleppo.bookkit.print import chapters_to_set_closer, explained, packed
from aleppo.bookkit.printing.fonts import choose_fonts
from aleppo.bookkit.printing.latex import latex_preamble
from aleppo.bookkit.printing.settings import moment, settings


def config(**print_book: Any) -> Any:
    return SimpleNamespace(
        print_book=print_book,
        project="Project name not set",
        html_title="The Title",
        author="One, Two and Three",
        release="",
        language="en",
    )


def test_title_authors_and_version_come_from_the_configuration(tmp_path: Path) -> None:
    found = settings(config(date="2026-11-23", version="9.9"), tmp_path, {})
    assert (found.title, found.authors, found.version) == ("The Title", ["One", "Two", "Three"], "9.9")


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"print_book: unknown key 'licens'; known are .*licence"):
        settings(config(licens="x", date="2026-11-23"), tmp_path, {})


def test_the_epoch_wins_over_the_configured_date(tmp_path: Path) -> None:
    assert moment("2020-01-01", tmp_path, {"SOURCE_DATE_EPOCH": "86400"}) == datetime(1970, 1, 2, tzinfo=UTC)


def test_a_date_that_yaml_has_read_is_taken(tmp_path: Path) -> None:
    assert moment(date(2020, 1, 1), tmp_path, {}) == datetime(2020, 1, 1, tzinfo=UTC)


def test_without_a_date_the_newest_entry_of_the_changelog_dates_the_book(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 2 (2026-11-23)\n\n## 1 (2026-01-01)\n", "utf-8")
    assert moment(None, tmp_path, {}).date() == date(2026, 11, 23)


def test_a_book_without_any_date_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="set a date"):
        moment(None, tmp_path, {})


@pytest.mark.parametrize(("given", "environ"), [("soon", {}), (None, {"SOURCE_DATE_EPOCH": "yesterday"})])
def test_a_date_that_cannot_be_read_is_refused(
    given: str | None, environ: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="expected"):
        moment(given, tmp_path, environ)


def test_without_fetched_fonts_the_families_of_the_wheel_are_chosen() -> None:
    fonts = choose_fonts([])
    assert (fonts.sans, fonts.arabic) == ("Libertinus Serif", "DejaVu Sans Mono")
    assert fonts.missing == ("Source Sans 3", "Amiri")


def test_the_fallback_family_has_arabic_letters() -> None:
    markup = '#set text(font: "DejaVu Sans Mono", fallback: false)\nحلب الشرقية'
    # PDF/A refuses a character for which there is no glyph.
    assert typst.compile(markup.encode(), ignore_system_fonts=True, pdf_standards=["a-2u"])


@pytest.mark.skipif(not font_dirs(), reason="the fonts of package-lock.json were not fetched")
def test_the_fetched_fonts_are_chosen() -> None:
    fonts = choose_fonts(font_dirs())
    assert (fonts.sans, fonts.arabic, fonts.missing) == ("Source Sans 3", "Amiri", ())


def test_latex_learns_the_letters_and_the_arabic_command_with_and_without_fonts() -> None:
    bare, none = latex_preamble([])
    assert "\\newcommand{\\bookarabic}" in bare
    assert "\\newcommand{\\bookarabicfont}{}" in bare
    assert "\\setmainfont" not in bare
    assert none == []
    if font_dirs():
        full, files = latex_preamble(font_dirs())
        assert (
            "\\newfontfamily\\bookarabicfont{Amiri_400Regular.ttf}[Script=Arabic,BoldFont=Amiri_700Bold.ttf]"
            in full
        )
        assert all(Path(file).is_file() and Path(file).name in full for file in files)
        # LaTeX's own letters would leave a page in Russian blank
        main = next(file for file in files if "SourceSans3_400Regular." in file)
        assert {ord("Р"), ord("○"), ord("ʿ")} <= set(TTFont(main).getBestCmap())


def test_a_message_of_typst_is_led_back_to_file_and_line() -> None:
    written = ["#chapter[x]", "// book/page.md:12", "text", "#display-formula($ foo $)"]
    block = "error: unknown variable: foo\n  ┌─ book.typ:4:19\n  │\n  = hint: try quotes\n"
    assert explained(block, written, "book.typ") == "book/page.md:12: unknown variable: foo (try quotes)"


def test_chapters_that_leave_a_few_lines_are_set_closer_unless_they_are() -> None:
    def end(name: str, first: int, last: int, y: float, closer: bool = False) -> dict[str, object]:
        return {"name": name, "closer": closer, "first": first, "last": last, "y": y}

    ends = [
        end("spills", 3, 5, 120.0),
        end("fills", 6, 8, 600.0),
        end("one-page", 9, 9, 120.0),
        end("closer-and-spills", 10, 12, 120.0, closer=True),
    ]
    assert chapters_to_set_closer(ends) == ["spills"]


def test_packing_keeps_the_document_and_makes_the_same_bytes_twice() -> None:
    plain = typst.compile(
        b'#set document(title: "Title")\n#set text(lang: "en")\n= A title\n#lorem(2000)',
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
    )
    assert isinstance(plain, bytes)
    small = packed(plain)
    assert packed(plain) == small
    assert len(small) < len(plain)
    with pikepdf.open(io.BytesIO(plain)) as before, pikepdf.open(io.BytesIO(small)) as after:
        assert len(after.pages) == len(before.pages)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert "/StructTreeRoot" in after.Root
