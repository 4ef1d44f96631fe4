"""A page in another language: marked with it, quoting figures in its words, and loud about what has none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import small_pages

from aleppo.bookkit import page_language
from aleppo.evidence.paths import DATA_VARIABLE

ENTRY: dict[str, Any] = {
    "claim": "F-01",
    "article": "book",
    "paraphrase": "Deaths fell.",
    "attributed_to": "this book",
    "verdict": "contested",
    "confidence": "medium",
    "reason": "Two bodies differ.",
    "says": "From {low} on {days} and {dogs}.",
    "figures": {
        "low": {"kind": "ratio", "low": 0.5, "high": 1.5},
        "days": {"kind": "days", "best": 3},
        "dogs": {"kind": "count", "best": 3, "unit": "dogs"},
    },
    "supports": [],
    "opposes": [],
    "evidence": ["events/FR-078"],
    "tables": ["events"],
    "chapter": "",
    "figure": "",
    "test": "x.y",
    "data": "ab",
}
ARABIC = """---
language: ar
---

# عنوان

## عنوان فرعي

- منذ {date}`2015-09-30` {amount}`F-01.low`، {amount}`F-01.days` بحسب Airwars. {claim}`F-01`
"""


def built(folder: Path, monkeypatch: pytest.MonkeyPatch, arabic: str) -> tuple[dict[str, str], str]:
    """The pages ``index`` and ``arabic`` as HTML, and what the build warned of."""
    (folder / "data").mkdir()
    (folder / "data" / "ledger.json").write_text(json.dumps([ENTRY]))
    monkeypatch.setenv(DATA_VARIABLE, str(folder / "data"))
    source = folder / "source"
    source.mkdir()
    english = (
        "# Page\n\nOn {date}`2015-09-30` {amount}`F-01.low`.\n\n% claims book\n\n```{toctree}\narabic\n```\n"
    )
    (source / "index.md").write_text(english)
    (source / "arabic.md").write_text(arabic, encoding="utf-8")
    warned = small_pages.built(folder, "aleppo.bookkit.claims", "aleppo.bookkit.foreign_words")
    pages = {
        name: (folder / "out" / f"{name}.html").read_text(encoding="utf-8") for name in ("index", "arabic")
    }
    return pages, warned


def test_the_content_of_a_page_is_in_its_language_and_its_title_wherever_it_stands(tmp_path, monkeypatch):
    pages, warned = built(tmp_path, monkeypatch, ARABIC)
    assert "WARNING" not in warned
    page = pages["arabic"]
    assert '<title lang="ar" dir="rtl">عنوان' in page
    assert page.index('<div lang="ar" dir="rtl">') < page.index("<h1>عنوان") < page.index("عنوان فرعي")
    # words of the page's own script are not marked one by one, those of another are
    assert '<span lang="en" dir="ltr">Airwars</span>' in page
    assert "منذ 30\u00a0أيلول/سبتمبر 2015 من" in page
    assert 'من <bdi dir="ltr">×0.50</bdi> إلى <bdi dir="ltr">×1.50</bdi>، 3\u00a0أيام' in page
    assert 'title="F-01: محل خلاف (ثقة متوسطة)"' in page
    english = pages["index"]
    assert '<html lang="en"' in english and 'lang="ar" dir="rtl">عنوان</span></a>' in english
    assert "On 30\u00a0September 2015 ×0.50–×1.50." in english
    assert 'dir="rtl">من' not in english


@pytest.mark.parametrize(
    ("role", "warning"),
    [
        ("{amount}`F-01.dogs`", "expected units to have 'dogs', found changes"),
        ("{date}`2015-13-01`", "a date: expected a day of the calendar, found '2015-13-01'"),
    ],
)
def test_what_cannot_be_said_in_the_language_is_warned_of(tmp_path, monkeypatch, role, warning):
    _, warned = built(tmp_path, monkeypatch, ARABIC + f"\n{role}\n")
    assert warning in warned


def test_a_language_without_words_is_warned_of(tmp_path, monkeypatch):
    _, warned = built(tmp_path, monkeypatch, "---\nlanguage: fr\n---\n# Titre\n")
    assert "expected one of en, ar, ru, found 'fr'" in warned


def test_a_title_is_marked_in_links_and_in_the_head_and_nowhere_else():
    page = (
        "<title>Резюме &#8212; Book</title><a href='x'> Резюме</a><p class=\"prev-next-title\">Резюме</p>"
        "<p>Резюме</p><a href='y'>Резюме и другое</a>"
    )
    marked = page_language.marked_titles(page, [("Резюме", "ru")])
    assert marked.count('lang="ru"') == 3
    assert marked.startswith('<title lang="ru" dir="ltr">Резюме')
    assert "<p>Резюме</p><a href='y'>Резюме и другое</a>" in marked
    assert page_language.marked_titles(marked, [("Резюме", "ru")]) == marked
