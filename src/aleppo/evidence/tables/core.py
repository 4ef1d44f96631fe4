"""What a table is: columns, key and row checks, said once.

From a ``Table`` come the schema that data is validated against, the columns of its sidecar and its resource
in ``datapackage.json``; nothing about a table is written down a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

CLOSED = "2026-11-23"
"""The day the compilation was closed: the date of every statement "as read" and of every licence check."""


@dataclass(frozen=True)
class Kind:
    """How a column is written in the file and typed in a frame.

    ``pattern`` is the whole-cell regular expression of the text, ``expected`` the same in words for a
    message, ``dtype`` the pandas type, ``field_type`` the Frictionless one. ``parse`` turns text (no empty
    cells) into typed values, missing where the text matches the pattern yet is no such value, as
    2016-02-30 is no date.
    """

    name: str
    pattern: str
    expected: str
    dtype: str
    field_type: str
    parse: Callable[[pd.Series], pd.Series]


def _as_is(text: pd.Series) -> pd.Series:
    return text


def _as_days(text: pd.Series) -> pd.Series:
    return pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")


def _as_mondays(text: pd.Series) -> pd.Series:
    days = _as_days(text)
    return days.where(days.dt.day_of_week == 0)


def _as_partial_days(text: pd.Series) -> pd.Series:
    return text.where(first_day(text).notna())


def _as_integers(text: pd.Series) -> pd.Series:
    return pd.to_numeric(text).astype("Int64")


def _as_numbers(text: pd.Series) -> pd.Series:
    return pd.to_numeric(text).astype("float64")


def first_day(partial: pd.Series) -> pd.Series:
    """First day of each YYYY, YYYY-MM or YYYY-MM-DD; missing where there is none such."""
    text = partial.astype("string")
    return _as_days(text + text.str.len().map({4: "-01-01", 7: "-01", 10: ""}).astype("string"))


def last_day(partial: pd.Series) -> pd.Series:
    """Last day of each YYYY, YYYY-MM or YYYY-MM-DD; missing where there is none such."""
    first, length = first_day(partial), partial.astype("string").str.len()
    year_end = first + pd.offsets.YearEnd(0)
    month_end = first + pd.offsets.MonthEnd(0)
    return first.mask(length == 7, month_end).mask(length == 4, year_end)


# Digits are those of ASCII, because \d has two meanings: pandas asks one of two engines. Years and lengths are
# those that nanoseconds, 64-bit integers and floats can hold.
_YEAR = r"(?:1[7-9]|2[01])[0-9]{2}"
_MONTH = rf"{_YEAR}-(?:0[1-9]|1[0-2])"
_DAY = rf"{_MONTH}-[0-9]{{2}}"
_PARTIAL = rf"{_YEAR}(?:-(?:0[1-9]|1[0-2])(?:-[0-9]{{2}})?)?"
# neither a space nor a control character, and for what stands between two of them no control character
_SIGN, _SIGNS = r"[^\s\x00-\x1f\x7f-\x9f]", r"[^\x00-\x1f\x7f-\x9f]*"
# "string" columns keep one missing value, pd.NA, whatever the pandas default becomes
TEXT = Kind(
    "text",
    f"{_SIGN}(?:{_SIGNS}{_SIGN})?",
    "text without spaces at its ends and without control characters",
    "string",
    "string",
    _as_is,
)
CODE = Kind("code", r"[A-Za-z0-9][A-Za-z0-9_.-]*", "a code without spaces", "string", "string", _as_is)
DATE = Kind("date", _DAY, "a date written YYYY-MM-DD", "datetime64[ns]", "date", _as_days)
PARTIAL_DATE = Kind(
    "partial date",
    _PARTIAL,
    "a date written YYYY-MM-DD, YYYY-MM or YYYY",
    "string",
    "string",
    _as_partial_days,
)
MONTH = Kind("month", _MONTH, "a month written YYYY-MM", "string", "yearmonth", _as_is)
WEEK = Kind("week", _DAY, "a Monday written YYYY-MM-DD", "datetime64[ns]", "date", _as_mondays)
INTEGER = Kind("integer", r"-?[0-9]{1,18}", "a whole number", "Int64", "integer", _as_integers)
NUMBER = Kind("number", r"-?[0-9]{1,18}(?:\.[0-9]{1,30})?", "a number", "float64", "number", _as_numbers)
YES_NO = Kind("yes or no", r"yes|no", "yes or no", "string", "string", _as_is)
IDS = Kind(
    "list of codes",
    r"[A-Za-z0-9_.-]+(?:;[A-Za-z0-9_.-]+)*",
    "codes with ; between them and no spaces",
    "string",
    "string",
    _as_is,
)


@dataclass(frozen=True)
class Column:
    """One column: its meaning for a reader, and what may stand in it.

    ``refers`` names ``table.column`` whose values are allowed (each of them, in a list of codes);
    ``low`` and ``high`` bound numbers, both inclusive.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    required: bool = True
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    low: float | None = None
    high: float | None = None
    refers: str = ""
    hxl: str = ""

    @property
    def expected(self) -> str:
        """What a cell of this column should hold, in words."""
        if self.allowed:
            several = "codes with ; between them out of " if self.kind is IDS else "one of "
            return several + ", ".join(self.allowed)
        if self.pattern:
            return f"{self.kind.expected}, matching {self.pattern}"
        if self.low is not None and self.high is not None:
            return f"{self.kind.expected} from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f"{self.kind.expected} not below {self.low:g}"
        return self.kind.expected


@dataclass(frozen=True)
class RowCheck:
    """A rule between the columns of one row; ``test`` gives True for each row that keeps it."""

    columns: tuple[str, ...]
    expected: str
    test: Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Licence:
    """Terms of use, with the day and the basis of the check."""

    name: str
    url: str = ""
    checked: str = CLOSED
    basis: str = ""


COMPILED_LICENCE = Licence(
    name="CC BY 4.0",
    url="https://creativecommons.org/licenses/by/4.0/",
    basis=(
        "the project's own compilation of facts in its own words; the sources it names keep their own terms"
    ),
)


@dataclass(frozen=True)
class Metadata:
    """What a reader must know before using a table; the sidecar repeats it word for word.

    ``usage_warnings`` are names out of ``aleppo.evidence.tables.warnings.USAGE_WARNINGS``. ``dates``
    are the columns whose earliest and latest value become the table's first and last date.
    ``sources`` are the ids behind the table as a whole; those of its rows are added to them.
    ``file_sha256`` is the hash of the publisher's file that the words describe, and ``version`` what is known
    of that file's release, for an aggregated table.
    """

    title: str
    description: str
    known_gaps: tuple[str, ...]
    usage_warnings: tuple[str, ...]
    dates: tuple[str, ...] = ()
    cls: str = "compiled"
    publisher: str = "The Turn at Aleppo"
    citation: str = ""
    licence: Licence = COMPILED_LICENCE
    retrieved: str = CLOSED
    builder: str = "compiled by hand from the named sources; described by their declaration in the package"
    sources: tuple[str, ...] = ()
    file_sha256: str = ""
    version: str = ""


@dataclass(frozen=True)
class Table:
    """One CSV file of ``data/``: its columns in order, its key, its rules and its description.

    Rows stand in the order of ``order``, which is the key unless said otherwise.
    """

    name: str
    group: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    metadata: Metadata
    checks: tuple[RowCheck, ...] = ()
    order: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Place of the file below the data folder, with forward slashes."""
        return f"{self.group}/{self.name}.csv"

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column called ``name``; KeyError when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)

    @property
    def references(self) -> tuple[tuple[Column, str, str], ...]:
        """(column, table, column of that table) for every column that refers to another table."""
        found = []
        for column in self.columns:
            if column.refers:
                table, _, target = column.refers.partition(".")
                found.append((column, table, target))
        return tuple(found)
