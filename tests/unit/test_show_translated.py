"""Figures, dates and verdicts in Arabic and Russian: the numbers of the English, in words of the language."""

from __future__ import annotations

import json
import re

import pytest
import yaml

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository
from aleppo.show import translated
from aleppo.show.ledger import VERDICT_WORDS
from aleppo.show.translated import ISOLATE, amount_text, date_text, verdict_text

OTHERS = [code for code in translated.codes() if code != "en"]


def spoken(figure: dict[str, object], code: str) -> str:
    """The figure with plain spaces and with what is isolated in braces."""
    text = amount_text(figure, code).replace("\u00a0", " ")
    return text.replace(ISOLATE[0], "{").replace(ISOLATE[1], "}")


@pytest.mark.parametrize(
    ("figure", "russian", "arabic"),
    [
        ({"kind": "count", "best": 21452, "unit": "civilians"}, "21 452 гражданских лица", "21,452 مدنياً"),
        ({"kind": "count", "best": 21, "unit": "weeks"}, "21 неделя", "21 أسبوعاً"),
        ({"kind": "count", "low": 3, "high": 5, "unit": "texts"}, "3–5 текстов", "من 3 إلى 5 نصوص"),
        ({"kind": "count", "low": 7, "high": 7}, "7", "7"),
        ({"kind": "count", "low": 10, "unit": "people"}, "не менее 10 человек", "ما لا يقل عن 10 أشخاص"),
        ({"kind": "count", "low": 10, "best": 12}, "12 (не менее 10)", "12 (ما لا يقل عن 10)"),
        ({"kind": "count", "best": 12, "high": 15}, "12 (не более 15)", "12 (ما لا يزيد على 15)"),
        ({"kind": "share", "best": 0.324}, "32 %", "32 في المائة"),
        ({"kind": "share", "best": 0.001}, "<1 %", "{<1} في المائة"),
        ({"kind": "share", "low": 0.53, "high": 0.715}, "53–72 %", "من 53 إلى 72 في المائة"),
        (
            {"kind": "share", "low": 0.53, "best": 0.625, "high": 0.715},
            "63 % [53–72 %]",
            "63 في المائة (من 53 إلى 72)",
        ),
        ({"kind": "ratio", "low": 0.615, "high": 1.571}, "×0,62–×1,57", "من {×0.62} إلى {×1.57}"),
        (
            {"kind": "ratio", "low": 0.75, "best": 1.31, "high": 2.29},
            "×1,31 [0,75; 2,29]",
            "{×1.31} (من 0.75 إلى 2.29)",
        ),
        ({"kind": "days", "best": 2}, "2 дня", "2 يوم"),
        ({"kind": "days", "low": 106, "high": 147}, "106–147 дней", "من 106 إلى 147 يوماً"),
        ({"kind": "area", "best": 120}, "120,0 км²", "120.0 كم²"),
        ({"kind": "date", "best": "2015-09-30"}, "30 сентября 2015 года", "30 أيلول/سبتمبر 2015"),
        ({"kind": "month", "best": "2016-12"}, "декабря 2016 года", "كانون الأول/ديسمبر 2016"),
        ({"kind": "text", "best": "none"}, "ни одного", "صفر"),
    ],
)
def test_a_figure_is_printed_in_the_words_of_the_language(figure, russian, arabic):
    assert spoken(figure, "ru") == russian
    assert spoken(figure, "ar") == arabic


def test_english_is_the_ledger_s_own():
    assert amount_text({"kind": "share", "low": 0.53, "high": 0.715}, "en") == "53–72\u00a0%"
    assert date_text("2015-09-30", "en") == "30\u00a0September 2015"


def test_a_year_has_no_more_than_the_year():
    assert [date_text("2016", code) for code in ("en", "ru", "ar")] == ["2016", "2016 года", "2016"]


@pytest.mark.parametrize("code", OTHERS)
def test_every_figure_of_the_ledger_has_the_same_numbers_in_every_language(code):
    """Whatever its unit, which a language need only have words for once a summary quotes it."""
    ledger = json.loads((repository() / "data" / "ledger.json").read_text(encoding="utf-8"))
    figures = [figure for entry in ledger for figure in entry["figures"].values() if figure["kind"] != "text"]
    assert len(figures) > 200
    for figure in figures:
        bare = {name: value for name, value in figure.items() if name != "unit"}
        assert numbers(amount_text(bare, code), code) == numbers(amount_text(bare, "en"), "en"), bare


def numbers(text: str, code: str) -> list[str]:
    """The numbers of a text in their order, in English signs."""
    if code == "ru":
        text = re.sub(r"(?<=\d)\u00a0(?=\d{3})", "", text).replace(",", ".")
    return re.findall(r"\d+(?:\.\d+)?", text.replace(",", "") if code != "ru" else text)


@pytest.mark.parametrize("code", OTHERS)
def test_every_verdict_has_words(code):
    for verdict in VERDICT_WORDS:
        for confidence in ("high", "medium", "low"):
            assert verdict_text({"verdict": verdict, "confidence": confidence}, code)
    assert (
        verdict_text({"verdict": "partly", "confidence": "low"}, "en") == "partly supported (low confidence)"
    )


@pytest.mark.parametrize("code", OTHERS)
def test_the_words_of_a_language_hold_no_number_and_every_form_of_plural(code):
    words = yaml.safe_load((translated.WORDS / f"{code}.yml").read_text(encoding="utf-8"))
    assert not re.search(r"\d", json.dumps(words, ensure_ascii=False).replace("\\u00a0", " "))
    wanted = set(translated.language(code).locale.plural_form.tags) | {"other"}
    for unit, forms in words["units"].items():
        assert isinstance(forms, str) or set(forms) == wanted, unit


def test_what_has_no_words_is_refused():
    with pytest.raises(AleppoError, match=r"words/ru\.yml: expected units to have 'dogs', found changes, "):
        amount_text({"kind": "count", "best": 3, "unit": "dogs"}, "ru")
    with pytest.raises(AleppoError, match="expected one of en, ar, ru, found 'fr'"):
        date_text("2016", "fr")
