"""Figures of the ledger, dates and verdicts in the languages that the summary is translated into.

A number is written as in English first, by `aleppo.show.numbers`, which rounds it; only its signs are then
exchanged. So the translations print the same numbers, and the words around them are those of ``words/<code>.yml``.
Names of months, forms of plural and decimal signs are those of Unicode's CLDR, through Babel. A number with a sign
stands between the marks ``ISOLATE`` in a language written from right to left, so that the sign keeps its side.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from aleppo.evidence.errors import AleppoError
from aleppo.show import ledger
from aleppo.show.numbers import NBSP, TIMES, Date, date, date_parts

ENGLISH = "en"
WORDS = Path(__file__).parent / "words"
ISOLATE = "\u2066", "\u2069"
"""What opens and closes a run of text from left to right."""

# The languages whose months the United Nations name twice: كانون الأول/ديسمبر.
_MONTHS_OF = {"ar": ("ar_SY", "ar")}
# Kinds of which two ends that print alike are written as one.
JOINED = ("share", "count", "days")


@dataclass(frozen=True)
class Language:
    """A language of translations: its BCP 47 ``code``, its ``words`` from the file, and what CLDR knows of it."""

    code: str
    words: Mapping[str, Any]
    locale: Locale

    @property
    def name(self) -> str:
        """Its name in its own words."""
        return str(self.words["name"])

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return str(self.words["direction"])

    def months(self) -> list[str]:
        """The names of the months, as they follow the number of a day."""
        known = [Locale.parse(code) for code in _MONTHS_OF.get(self.code, (self.code,))]
        return ["/".join(each.months["format"]["wide"][month] for each in known) for month in range(1, 13)]

    def number(self, text: str) -> str:
        """A number in English signs, ``×1,234.5``, in the signs of the language."""
        symbols = self.locale.number_symbols["latn"]
        made = text.translate(str.maketrans({",": symbols["group"], ".": symbols["decimal"]}))
        signed = self.direction == "rtl" and not text[0].isdigit()
        return made.join(ISOLATE) if signed else made

    def word(self, kind: str, name: str) -> str:
        """The word for ``name`` among ``verdicts``, ``confidences`` or ``texts``."""
        return str(self._found(kind, name))

    def unit(self, name: str, number: str) -> str:
        """The unit ``name`` of the ledger in the form that follows ``number``, in English signs."""
        found = self._found("units", name)
        if isinstance(found, str):
            return found
        plain = "".join(sign for sign in number if sign.isdigit() or sign == ".")
        return str(found[self.locale.plural_form(Decimal(plain))])

    def put(self, pattern: str, **parts: str) -> str:
        """One of the patterns of the language with ``parts`` in it."""
        return str(self.words[pattern]).format(**parts)

    def _found(self, kind: str, name: str) -> Any:
        try:
            return self.words[kind][name]
        except KeyError:
            raise AleppoError(
                f"words/{self.code}.yml: expected {kind} to have {name!r}, found {', '.join(self.words[kind])}"
            ) from None


@functools.cache
def language(code: str) -> Language:
    """The language ``code``; AleppoError when the book has no words for it."""
    path = WORDS / f"{code}.yml"
    if not path.is_file():
        raise AleppoError(f"a language: expected one of {', '.join(codes())}, found {code!r}")
    return Language(code, yaml.safe_load(path.read_text(encoding="utf-8")), Locale.parse(code))


@functools.cache
def codes() -> tuple[str, ...]:
    """The languages there are, English first."""
    return (ENGLISH, *sorted(path.stem for path in WORDS.glob("*.yml")))


def direction(code: str) -> str:
    """``rtl`` for a language written from right to left, else ``ltr``."""
    return "ltr" if code == ENGLISH else language(code).direction


def date_text(value: Date, code: str) -> str:
    """A day, month or year: ``30 сентября 2015 года``, ``30 أيلول/سبتمبر 2015``."""
    if code == ENGLISH:
        return date(value)
    year, month, day = date_parts(value)
    spoken = language(code)
    parts = {"year": str(year)}
    if month:
        parts["month"] = spoken.months()[month - 1]
    if day:
        parts["day"] = str(day)
    text = spoken.put("day" if day else "month" if month else "year", **parts)
    return text.replace(" ", NBSP, 1) if day else text


def verdict_text(entry: Mapping[str, Any], code: str) -> str:
    """The verdict and its confidence: ``оспаривается (средняя уверенность)``."""
    if code == ENGLISH:
        return ledger.verdict_words(entry)
    spoken = language(code)
    return spoken.put(
        "verdict",
        verdict=spoken.word("verdicts", entry["verdict"]),
        confidence=spoken.word("confidences", entry["confidence"]),
    )


def amount_text(figure: Mapping[str, Any], code: str) -> str:
    """A figure of a ledger entry: ``62 % [53–72 %]`` in English, ``62 في المائة (من 53 إلى 72)`` in Arabic.

    Raises AleppoError for a language, a unit or a text that the book has no words for.
    """
    if code == ENGLISH:
        return ledger.amount_text(figure)
    kind, spoken = figure["kind"], language(code)
    if kind in ("date", "month"):
        return date_text(figure["best"], code)
    if kind == "text":
        return spoken.word("texts", figure["best"])
    numbers = {
        bound: ledger.one_text(kind, figure[bound]).split(NBSP)[0]
        for bound in ("low", "best", "high")
        if figure.get(bound) is not None
    }
    last = next(numbers[bound] for bound in ("high", "best", "low") if bound in numbers)
    counted = numbers.get("best", last)
    unit = {"days": "days", "area": "km²"}.get(kind, figure.get("unit", ""))
    text = _ranged(spoken, kind, numbers)
    return f"{text}{NBSP}{spoken.unit(unit, counted)}" if unit else text


def _ranged(spoken: Language, kind: str, numbers: Mapping[str, str]) -> str:
    """The numbers of a figure with what says which is which; the same ones that English prints."""
    if "low" in numbers and "high" in numbers:
        return _between(spoken, kind, numbers)
    one = {bound: _measured(spoken, kind, spoken.number(text)) for bound, text in numbers.items()}
    bound = "at_least" if "low" in one else "at_most"
    if "best" not in one:
        return spoken.put(bound, number=one.get("low") or one["high"])
    if len(one) == 1:
        return one["best"]
    return spoken.put(f"best_{bound}", best=one["best"], number=one.get("low") or one["high"])


def _between(spoken: Language, kind: str, numbers: Mapping[str, str]) -> str:
    """A range, after what lies in it where there is one; two ends that print alike are one number, as in English."""
    ends = [numbers["low"], numbers["high"]]
    if kind == "ratio" and "best" in numbers:
        low, high = (spoken.number(end.removeprefix(TIMES)) for end in ends)
        return spoken.put("best_and_interval", best=spoken.number(numbers["best"]), low=low, high=high)
    low, high = map(spoken.number, ends)
    whole = low if low == high and kind in JOINED else spoken.put("range", low=low, high=high)
    if "best" not in numbers:
        return _measured(spoken, kind, whole)
    if kind == "share":
        whole = spoken.put("range_of_shares", range=whole)
    return spoken.put(
        "best_and_range", best=_measured(spoken, kind, spoken.number(numbers["best"])), range=whole
    )


def _measured(spoken: Language, kind: str, text: str) -> str:
    return spoken.put("share", number=text) if kind == "share" else text
