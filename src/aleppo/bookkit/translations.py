"""Translated pages: what language a page is in, and whether a translation quotes what the original quotes.

A page's front matter names its ``language``, and in a translation the page that it is a ``translation_of``. Point by
point (list item, paragraph or heading) both must quote the same claims, figures and dates, so that every edition says
the same numbers. What a translation cannot quote in its language it may not quote: a glued text and a sentence of the
ledger are English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aleppo.evidence.errors import Fault
from aleppo.show.translated import ENGLISH

_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_QUOTED = re.compile(r"\{(amount|claim|date|glue:?\w*|says|setting)\}`([^`]*)`")
_POINT = re.compile(r"^(?:- |\* |\d+\. |#|:|$)")
_ENGLISH_ROLES = ("glue", "says", "setting")


@dataclass(frozen=True)
class Point:
    """A list item, paragraph or heading that quotes something: its first line, and each role with its text, counted."""

    line: int
    quoted: Counter[tuple[str, str]]

    def words(self) -> str:
        """What it quotes, in the order of the alphabet."""
        return " ".join(sorted(f"{{{role}}}`{text}`" for role, text in self.quoted.elements())) or "nothing"


def front_matter(text: str) -> dict[str, Any]:
    """What stands between the dashes at the head of a page; empty without them."""
    found = _FRONT.match(text)
    return dict(yaml.safe_load(found[1]) or {}) if found else {}


def language_in(text: str) -> str:
    """The language of a page, given its source."""
    return str(front_matter(text).get("language", ENGLISH))


def points(text: str) -> list[Point]:
    """The points of a page that quote something, in their order."""
    found: list[Point] = []
    start, held = 1, Counter[tuple[str, str]]()
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if _POINT.match(line):
            if held:
                found.append(Point(start, held))
            start, held = number, Counter()
        held.update(_QUOTED.findall(line))
    return found


def faults(root: Path) -> Iterator[Fault]:
    """Every point of a translated page of ``book/`` that does not quote what the original's quotes."""
    for path in sorted((root / "book").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        original = front_matter(text).get("translation_of")
        if original is None:
            continue
        file, source = path.relative_to(root).as_posix(), path.with_name(f"{original}.md")
        if not source.is_file():
            yield Fault(file, 0, "", "a translation of a page that is there", repr(original))
            continue
        yield from _compared(file, points(text), points(source.read_text(encoding="utf-8")))


def _compared(file: str, ours: list[Point], theirs: list[Point]) -> Iterator[Fault]:
    if len(ours) != len(theirs):
        yield Fault(
            file, 0, "", f"{len(theirs)} points that quote something, as in the original", str(len(ours))
        )
        return
    for mine, original in zip(ours, theirs, strict=True):
        if english := [role for role, _ in mine.quoted if role.startswith(_ENGLISH_ROLES)]:
            yield Fault(file, mine.line, "", "amount, claim and date, which have words", f"{{{english[0]}}}")
        if mine.quoted != original.quoted:
            yield Fault(file, mine.line, "", original.words(), mine.words())
