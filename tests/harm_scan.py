"""What must not be in the book: personal data of victims, witnesses and of people who document.

A scan reads columns and texts and gives a ``Finding`` for each place that looks like personal data. It is strict
and simple: what is harmless after all gets an entry in the list of exceptions, with its reason.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

csv.field_size_limit(10_000_000)

PERSONAL_COLUMNS = frozenset(
    re.findall(
        r"\w+",
        "surname forename firstname lastname age ages sex gender victim victims casualty person address street phone "
        "telephone tel mobile mail email author authors witness witnesses relative relatives birth dob born ethnicity "
        "religion sect passport facebook twitter handle username",
    )
)
NAMES = frozenset({"name", "names"})
"""Personal by themselves or behind one of ``OF_PEOPLE``; ``kind_name`` and ``area_name`` are names of things."""
OF_PEOPLE = frozenset(
    {"first", "last", "full", "given", "family", "father", "mother", "child", "person", "patient"}
)
LATITUDES, LONGITUDES = frozenset({"lat", "latitude"}), frozenset({"lon", "lng", "long", "longitude"})

_NUMBER = (
    r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen)"
)
_PERSON = (
    r"(?:boy|girl|man|woman|child|baby|infant|toddler|teenager|mother|father|son|daughter|brother|sister|wife|husband|"
    r"grandmother|grandfather|uncle|aunt|cousin|victim|martyr|survivor|witness|resident|teacher|nurse|doctor|surgeon|"
    r"p(?:a)?ediatrician|paramedic|rescuer|volunteer|activist|cameraman|blogger)"
)
_NAME = r"(?:(?:[Aa]l|[Ee]l|[Aa]bu|[Uu]mm|[Ii]bn|[Bb]in)[- ])?[A-Z][a-z'’`-]{2,}"
PATTERNS: Mapping[str, re.Pattern[str]] = {
    "an age": re.compile(
        rf"\b{_NUMBER}[- ](?:year|month|week|day)s?[- ]olds?\b|\b[Aa]ged?\s+(?:of\s+)?{_NUMBER}\b",
        re.IGNORECASE,
    ),
    "a person called by name": re.compile(
        rf"\b{_PERSON}s?\b[^.;]{{0,40}}\b(?:named|called|identified as|known as|whose name (?:is|was))\s+{_NAME}"
    ),
    "a name behind a person": re.compile(rf"\b{_PERSON},?\s+(?:Dr\.?\s+)?{_NAME}\s+{_NAME}\b"),
    "a name of somebody harmed": re.compile(
        rf"\b{_NAME}\s+{_NAME},?\s+(?:(?:was|were|is|has been|had been)\s+)(?:\w+ly\s+)?"
        r"(?:killed|shot|wounded|injured|maimed|arrested|detained|abducted|kidnapped|executed|tortured|raped|buried)\b"
    ),
    "a title and a name": re.compile(rf"\b(?:Dr|Mr|Mrs|Ms|Miss)\.?\s+{_NAME}"),
    "a relative": re.compile(
        rf"\b(?:his|her|their)\s+(?:\w+\s+)?(?:wife|husband|sons?|daughters?|brothers?|sisters?|mother|father|parents|"
        rf"children|babies|cousins?|uncle|aunt),?\s+{_NAME}"
    ),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}"),
    "a telephone number": re.compile(
        r"(?<![\w./=:-])(?:\+|00)\d{1,3}[ -]?\d{2,4}(?:[ -]?\d{2,4}){1,3}\b|\b(?:tel|phone|mobile)\.?:?\s*\+?\d{6,}",
        re.IGNORECASE,
    ),
    "an account": re.compile(
        r"(?<![\w/.@&;-])@[A-Za-z]\w{2,}|\b(?:twitter|facebook|instagram|telegram|vk|tiktok|youtube)\.com/[\w.@-]+"
        r"|//(?:www\.)?(?:x\.com|t\.me|fb\.com|youtu\.be)/\w+",
        re.IGNORECASE,
    ),
    "a point in words": re.compile(r"\b\d{2}\.\d{4,}\s*°?\s*[NE]?\s*[,;/ ]\s*\d{2}\.\d{4,}"),
}
HOME = re.compile(
    r"\b(?:hous(?:e|es|ing)|homes?|residential|apartments?|famil(?:y|ies)|dwellings?|cellars?|basements?)\b",
    re.I,
)
"""Words of a row whose point must not lead to a door."""
TELLING = ("summary", "title", "what", "happened")
"""Columns in which a row tells what happened; a place may be called after housing."""
DECIMALS, DECIMALS_OF_A_HOME, DECIMALS_OF_A_REFERENCE = 4, 3, 5
"""About ten metres, a hundred, and one: reference points of neighbourhoods and towns are nobody's address."""


@dataclass(frozen=True)
class Finding:
    """Something that looks like personal data: where it is, of what kind, and the words."""

    where: str
    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.words}"


@dataclass(frozen=True)
class Allowed:
    """A finding that was looked at and is harmless: ``words`` are its words or a part of them."""

    where: str
    kind: str
    words: str
    reason: str

    def covers(self, finding: Finding) -> bool:
        here = finding.where.partition(":")[0]
        return self.kind == finding.kind and self.words in finding.words and self.where in ("*", here)


def scan_text(where: str, text: str) -> Iterator[Finding]:
    """Everything in ``text`` that looks like personal data."""
    for kind, words in _marks(text):
        yield Finding(where, kind, words)


@cache
def _marks(text: str) -> tuple[tuple[str, str], ...]:
    """(kind, words) of every match; a table repeats most of its cells, and a built table its notebook's."""
    return tuple(
        (kind, " ".join(match[0].split()))
        for kind, pattern in PATTERNS.items()
        for match in pattern.finditer(text)
    )


def scan_columns(where: str, columns: Iterable[str]) -> Iterator[Finding]:
    """Columns that are named as columns of personal data are."""
    for column in columns:
        parts = set(re.split(r"[^a-z]+", column.lower())) - {""}
        named = parts & NAMES and (parts <= NAMES or parts & OF_PEOPLE)
        if named or parts & PERSONAL_COLUMNS:
            yield Finding(where, "a column", column)


def scan_points(where: str, rows: Sequence[Mapping[str, str]], finest: int) -> Iterator[Finding]:
    """Coordinates with more decimals than ``finest``, or than a home may have in a row that tells of one."""
    for number, row in enumerate(rows, 2):
        words = " ".join(cell for name, cell in row.items() if name in TELLING)
        limit = min(finest, DECIMALS_OF_A_HOME) if HOME.search(words) else finest
        for name, cell in row.items():
            decimals = len(cell.strip().partition(".")[2])
            if name.lower() in LATITUDES | LONGITUDES and decimals > limit:
                yield Finding(f"{where}:{number}", "a point", f"{name} {cell}")


def scan_csv(where: str, text: str, finest: int = DECIMALS) -> Iterator[Finding]:
    """Columns, points and every cell of a table in CSV."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    rows = [{str(name): str(cell or "") for name, cell in row.items()} for row in reader]
    yield from scan_columns(where, reader.fieldnames or ())
    yield from scan_points(where, rows, finest)
    for number, row in enumerate(rows, 2):
        for cell in row.values():
            yield from scan_text(f"{where}:{number}", cell)


def scan_notebook(where: str, content: Mapping[str, Any], finest: int) -> Iterator[Finding]:
    """Prose and stored outputs of a notebook: every text in them, and the tables behind figures and tables."""
    for number, cell in enumerate(content["cells"], 1):
        here = f"{where}:cell {number}"
        if cell["cell_type"] == "markdown":
            yield from scan_text(here, "".join(cell["source"]))
        for output in cell.get("outputs", []):
            for name, text in _texts(output):
                if name == "csv":
                    yield from scan_csv(here, text, finest)
                elif name not in ("svg", "image/png"):
                    yield from scan_text(here, html.unescape(re.sub(r"<[^>]*>", " ", text)))


def _texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Every text in ``value`` with the name it stands under; lists of lines are one text."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list) and name in ("text", "text/plain", "text/html"):
        yield name, "".join(str(line) for line in value)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, str(key))


def left_over(findings: Iterable[Finding], allowed: Sequence[Allowed]) -> tuple[list[Finding], list[Allowed]]:
    """Findings that no entry allows, each once, and entries that allow nothing (any more)."""
    left: dict[Finding, None] = {}
    used: set[Allowed] = set()
    for finding in findings:
        entry = next((one for one in allowed if one.covers(finding)), None)
        if entry is None:
            left[finding] = None
        else:
            used.add(entry)
    return list(left), [one for one in allowed if one not in used]


def read_notebook(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
