"""A CSV file as rows of text, with the line on which each begins and everything wrong with its form."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aleppo.evidence.errors import Fault
from aleppo.evidence.files import read_checked_text
from aleppo.evidence.paths import shown

LONGEST_SHOWN = 80
# What makes a row a spell: who held its first column's place from one day to another.
SPELL = {"holder", "start", "end"}


@dataclass(frozen=True)
class Rows:
    """Header and rows as text. ``lines`` counts from 1, the header included; ``faults`` are those of form.

    A row with a wrong number of fields is left out, as is every row when the header names a column twice.
    """

    file: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]


def read_rows(path: Path) -> Rows:
    """The rows of the CSV file at ``path``. Raises EvidenceError when it is no whole text file."""
    file = shown(path)
    # newline="" leaves line breaks inside quoted cells as they are, as the csv module asks
    reader = csv.reader(io.StringIO(read_checked_text(path), newline=""), strict=True)
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    faults: list[Fault] = []
    begins = 1
    try:
        for fields in reader:
            if begins == 1:
                header = tuple(fields)
            elif len(fields) != len(header):
                found = f"{len(fields)} fields" if fields else "an empty line"
                faults.append(Fault(file, begins, "", f"{len(header)} fields", found))
            else:
                rows.append(tuple(fields))
                lines.append(begins)
            begins = reader.line_num + 1
    except csv.Error as error:
        faults.append(Fault(file, begins, "", "a complete row of comma-separated values", str(error)))
    twice = sorted({name for name in header if header.count(name) > 1})
    faults += [Fault(file, 1, name, "a column once", "it more than once") for name in twice]
    if twice:
        return Rows(file, header, (), (), tuple(faults))
    return Rows(file, header, tuple(rows), tuple(lines), tuple(faults))


def quoted(value: object) -> str:
    """A cell as a message shows it: in quotes, cut when long; an empty one in words."""
    text = "" if value is None else str(value)
    if text in ("", "<NA>", "nan"):
        return "an empty cell"
    return f"'{text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + '…'}'"


def spell_words(row: Mapping[str, object]) -> str:
    """`` (spell of N0119, 2012-08-01 to 2016-07-26)`` for the row of a spell, by its first column; else nothing.

    A line number alone does not tell which place and which days a faulty spell is about.
    """
    if not set(row) >= SPELL:
        return ""
    place, start, end = (str(row[name])[:10] for name in (next(iter(row)), "start", "end"))
    return f" (spell of {place}, {start} to {end})"
