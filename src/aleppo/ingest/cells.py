"""Cells of publishers' files: what a column holds, and how the text of one cell is read, or refused.

Each rule is a plain function of one text; `aleppo.ingest.reading` calls it once per distinct spelling.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MOST_COUNTED = 10**9
"""What no single row of a publisher counts."""

ALWAYS_KNOWN = object()
"""The ``empty`` of a field whose cells must all be filled."""

_WHOLE = re.compile(r"(-?\d{1,15})(?:\.0*)?", re.ASCII)
NUMBER = re.compile(r"-?\d{1,15}(?:\.\d*)?(?:[eE][+-]?\d{1,2})?", re.ASCII)
# the years that the series can hold
_YEAR = r"(?:1[7-9]|2[01])\d{2}"
_DAY = re.compile(rf"({_YEAR}-\d{{2}}-\d{{2}})(?:[ T]\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?)?", re.ASCII)
_MONTH = re.compile(rf"{_YEAR}-(?:0[1-9]|1[0-2])", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_HALF = re.compile(r"[^\w\s]")


class Unreadable(ValueError):
    """A cell that is not what its column holds; the message says what was expected, ``advice`` what to do."""

    def __init__(self, expected: str, advice: str = "") -> None:
        self.expected, self.advice = expected, advice
        super().__init__(expected)


@dataclass(frozen=True)
class Field:
    """A column that is wanted.

    ``spellings`` are further names under which releases list it; case and surrounding spaces never matter.
    ``parse`` reads the text of a filled cell or raises Unreadable; ``dtype`` is the numpy type of its
    values. ``empty`` is the value of an empty cell; without it, an empty cell is a fault. A column with
    ``optional`` may be missing, all its cells then being empty. ``distinct`` says that hardly two cells
    are alike, as in ids: whole numbers are then read as a column.
    """

    name: str
    parse: Callable[[str], Any]
    dtype: str = "object"
    spellings: tuple[str, ...] = ()
    empty: Any = ALWAYS_KNOWN
    optional: bool = False
    distinct: bool = False


def whole(text: str) -> int:
    """A count: a whole number not below zero, written ``3``, ``3.0`` or, with a bare point, ``3.`` alike."""
    match = _WHOLE.fullmatch(text)
    if match is None:
        raise Unreadable("a whole number", "correct the cell, or take the publisher's file again")
    if match[1].startswith("-") and int(match[1]) != 0:
        raise Unreadable("a number not below zero", "a count cannot be negative: correct the cell")
    return int(match[1])


def counted(text: str) -> int:
    """A ``whole`` number of people or events, so small that any sum of them is exact."""
    found = whole(text)
    if found >= MOST_COUNTED:
        raise Unreadable(f"a number below {MOST_COUNTED:,}", "no row counts so many: correct the cell")
    return found


def number(text: str) -> float:
    """A finite decimal number with a point."""
    if NUMBER.fullmatch(text) is None:
        raise Unreadable("a number with a decimal point", "correct the cell")
    return float(text)


def day(text: str) -> np.datetime64:
    """A day written YYYY-MM-DD; a time of day behind it is left out."""
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return np.datetime64(date.fromisoformat(match[1]), "D")
    except ValueError:
        raise Unreadable(
            "a date written YYYY-MM-DD", "export the file again with such dates, not through a spreadsheet"
        ) from None


def month(text: str) -> str:
    """A month written YYYY-MM."""
    if _MONTH.fullmatch(text) is None:
        raise Unreadable("a month written YYYY-MM", "write it so")
    return text


def label(text: str) -> str:
    """Any text without control characters, with single spaces."""
    found = " ".join(text.split())
    if _CONTROL.search(found):
        raise Unreadable("text without control characters", "take the publisher's file again")
    return found


def one_of(*choices: str) -> Callable[[str], str]:
    """Reads a label that must be one of ``choices``, in the publisher's spelling."""
    known = set(choices)

    def parse(text: str) -> str:
        found = label(text)
        if found not in known:
            advice = "a new value of the publisher has to be added to the list before it can be counted"
            raise Unreadable(f"one of {', '.join(choices)}", advice)
        return found

    return parse


def folded(text: str) -> str:
    """A name without case, accents, apostrophes and hyphens, for comparing spellings."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_HALF.sub("", re.sub(r"[-_/]", " ", bare)).casefold().split())


def read_cell(one: Field, cell: bytes, foreign: set[bytes]) -> Any:
    """The value of a cell; one that is not UTF-8 is added to ``foreign``. Raises Unreadable."""
    content, strange = decoded(cell)
    if strange:
        foreign.add(cell)
    text = content.strip()
    if text:
        return one.parse(text)
    if one.empty is ALWAYS_KNOWN:
        raise Unreadable("a filled cell", "fill it, or leave the row out")
    return one.empty


def repeated(one: Field, rows: int) -> np.ndarray:
    """The column of a field that the file does not have."""
    values = np.empty(rows, dtype=one.dtype)
    values[:] = None if one.empty is ALWAYS_KNOWN else one.empty
    return values


def whole_column(cells: pa.Array) -> np.ndarray | None:
    """What ``whole`` gives for each cell, all at once; None when one of them needs a closer look."""
    try:
        text = cells.cast(pa.string())
        if pc.all(pc.ascii_is_decimal(text)).as_py():
            counts = text.cast(pa.int64())
        elif pc.all(pc.match_substring_regex(text, r"^\d{1,15}(\.0*)?$")).as_py():
            counts = text.cast(pa.float64()).cast(pa.int64())
        else:
            return None
    except pa.ArrowInvalid:
        return None
    values: np.ndarray = counts.to_numpy(zero_copy_only=False)
    return values if values.max(initial=0) < 10**15 else None


def decoded(content: bytes) -> tuple[str, bool]:
    """Text out of UTF-8, else CP1252, else byte by byte; and whether it was not UTF-8."""
    try:
        return content.decode("utf-8"), False
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252"), True
        except UnicodeDecodeError:
            return content.decode("latin-1"), True
