"""A translation quotes what the original quotes, point by point; the summaries of the book do."""

from __future__ import annotations

from pathlib import Path

import pytest

from aleppo.bookkit import translations
from aleppo.evidence.paths import repository
from aleppo.show.translated import codes

HEAD = "---\nlanguage: ru\ntranslation_of: one\n---\n"
ENGLISH = """# Title

- Of {amount}`F-01.a` on {date}`2016-05`
  in two lines. {claim}`F-01`
- More {amount}`F-02.b`.
"""
RUSSIAN = "# Заглавие\n\n- С {date}`2016-05` — {amount}`F-01.a`. {claim}`F-01`\n\n- Ещё {amount}`F-02.b`.\n"


def found(folder: Path, translation: str, original: str = ENGLISH) -> list[str]:
    (folder / "book").mkdir()
    (folder / "book" / "one.md").write_text(original, encoding="utf-8")
    (folder / "book" / "other.md").write_text(HEAD + translation, encoding="utf-8")
    return [str(fault) for fault in translations.faults(folder)]


def test_the_same_quotations_in_another_order_of_words_are_a_translation(tmp_path):
    assert found(tmp_path, RUSSIAN) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (
            ("{amount}`F-02.b`", "{amount}`F-02.c`"),
            "book/other.md: row 9: expected {amount}`F-02.b`, found {amount}`F-02.c`",
        ),
        (
            ("{date}`2016-05` — ", ""),
            "book/other.md: row 7: expected {amount}`F-01.a` {claim}`F-01` {date}`2016-05`, "
            "found {amount}`F-01.a` {claim}`F-01`",
        ),
        (
            ("- Ещё {amount}`F-02.b`.\n", ""),
            "book/other.md: expected 2 points that quote something, as in the original, found 1",
        ),
    ],
)
def test_what_is_not_quoted_alike_is_named_with_its_line(tmp_path, change, fault):
    assert found(tmp_path, RUSSIAN.replace(*change)) == [fault]


@pytest.mark.parametrize("role", ["glue:text", "says", "setting"])
def test_what_is_english_may_not_be_quoted_in_a_translation(tmp_path, role):
    point = f"- {{{role}}}`x`\n"
    assert found(tmp_path, point, point) == [
        f"book/other.md: row 5: expected amount, claim and date, which have words, found {{{role}}}"
    ]


def test_a_translation_of_no_page_is_named(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "other.md").write_text(HEAD)
    [fault] = translations.faults(tmp_path)
    assert str(fault) == "book/other.md: expected a translation of a page that is there, found 'one'"


# --- the book ---


def page(code: str) -> str:
    return (repository() / "book" / f"summary-{code}.md").read_text(encoding="utf-8")


def test_the_book_has_the_summary_in_every_language_that_it_has_words_for():
    assert {translations.language_in(page(code)) for code in codes()} == set(codes()) == {"en", "ar", "ru"}
    assert list(translations.faults(repository())) == []


def test_the_summaries_quote_the_same_claims_figures_and_dates_point_by_point():
    english = [point.quoted for point in translations.points(page("en"))]
    assert sum(sum(quoted.values()) for quoted in english) > 80
    for code in ("ar", "ru"):
        assert [point.quoted for point in translations.points(page(code))] == english


@pytest.mark.parametrize("code", codes())
def test_every_point_of_a_summary_ends_in_its_claim(code):
    points = ("\n" + page(code)).split("\n- ")[1:]
    assert len(points) > 15
    for point in points:
        assert point.split("\n\n")[0].rstrip().split(" ")[-1].split("\n")[-1].startswith("{claim}`F-"), point


@pytest.mark.parametrize("code", codes())
def test_the_key_findings_lead_to_each_summary_and_each_summary_to_the_others(code):
    findings = (repository() / "book" / "key-findings.md").read_text(encoding="utf-8")
    assert f"(summary-{code}.md)" in findings
    for other in set(codes()) - {code}:
        assert f"(summary-{other}.md)" in page(code)
