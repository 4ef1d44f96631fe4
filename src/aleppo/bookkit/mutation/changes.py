"""Changes to draw from: slips of the kind that happen when a table is compiled by hand, one to a copy of the data.

A change keeps the form of its column, so that most of them are not refused for their spelling: a digit becomes another
digit, a category another of the same vocabulary, an id another that exists. A changed table is put back in its order.
"""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aleppo.evidence.rows import read_rows
from aleppo.evidence.tables import DECLARED, TABLES, Column, Table
from aleppo.evidence.tables.core import DATE, IDS, INTEGER, MONTH, NUMBER, PARTIAL_DATE, TEXT, WEEK, YES_NO

SEED = 20150930
KINDS = {
    "digit": "a digit of a number is another digit",
    "bounds": "two bounds of one figure change places",
    "shifted": "a date, week or month lies elsewhere",
    "category": "another word of the column's vocabulary",
    "reference": "another id that exists, or one id of several left out",
    "borrowed": "the cell of another row",
    "word": "a word is left out of a text",
    "emptied": "a cell that may be empty is",
    "renamed": "a row has a new id",
    "dropped": "a row is left out",
    "doubled": "a row stands there twice, once under a new key",
}
"""Kind of change → what it does."""

BOUNDS = (("low", "high"), ("value_low", "value_high"), ("killed_min", "killed_max"))
OF_ROWS = ("dropped", "doubled")
TRIES = 200
# A column in which this share of cells or less are different is a vocabulary, even where none is declared.
REPEATS = 0.5

Cells = dict[str, str]
Rows = list[Cells]


@dataclass(frozen=True)
class Change:
    """One change of one row: its ``table``, ``kind``, and ``column`` (empty for a whole row).

    ``row`` is the row's key as it was, ``position`` its place among the rows, from 0. ``cells`` are the new cells of
    the row, or of its double.
    """

    table: str
    kind: str
    column: str
    row: str
    position: int
    cells: tuple[tuple[str, str], ...] = ()

    def applied(self, rows: Sequence[Cells]) -> Rows:
        """``rows`` with the change, in the order of their table."""
        after = [dict(row) for row in rows]
        if self.kind == "dropped":
            del after[self.position]
            return after
        target = after[self.position]
        if self.kind == "doubled":
            target = dict(target)
            after.append(target)
        target.update(self.cells)
        return in_order(DECLARED[self.table], after)


def rows_of(path: Path) -> Rows:
    """The rows of a CSV file as text, by column. EvidenceError for a file that is no table."""
    source = read_rows(path)
    return [dict(zip(source.header, row, strict=True)) for row in source.rows]


def as_csv(table: Table, rows: Iterable[Mapping[str, str]]) -> str:
    """``rows`` as the file of ``table`` is written."""
    text = io.StringIO()
    writer = csv.DictWriter(text, table.column_names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def in_order(table: Table, rows: Rows) -> Rows:
    """``rows`` in the order that the table's rows have to stand in."""
    order = table.order or table.key
    whole = {name for name in order if table.column(name).kind is INTEGER}
    return sorted(rows, key=lambda row: [int(row[name]) if name in whole else row[name] for name in order])


def plan(data: Path, seed: int = SEED, tables: Iterable[str] = TABLES) -> list[Change]:
    """Changes of every table: one of each column, and two whole rows, in the order of the declarations.

    Row and kind are drawn for each column by itself, so that a column more or a table more changes no other draw.
    A column without a cell that could be changed has none, and a table in which no key is free has no double.
    """
    contents = {name: rows_of(data / TABLES[name].path) for name in TABLES}
    drawn: list[Change | None] = []
    for name in tables:
        table = TABLES[name]
        draws = [
            (column.name, _Draw(table, contents, f"{seed} {name} {column.name}")) for column in table.columns
        ]
        drawn += [draw.cell(table.column(column)) for column, draw in draws]
        drawn += [_Draw(table, contents, f"{seed} {name} {kind}").row(kind) for kind in OF_ROWS]
    return [change for change in drawn if change is not None]


@dataclass
class _Draw:
    """One draw from one table; ``seed`` makes it the same every time."""

    table: Table
    contents: Mapping[str, Rows]
    seed: str

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.rows = self.contents[self.table.name]

    def cell(self, column: Column) -> Change | None:
        """A change of one cell of ``column`` (or of it and the other bound), None if it has no cell to change."""
        kinds = list(self._kinds(column))
        self.random.shuffle(kinds)
        filled = [position for position, row in enumerate(self.rows) if row[column.name]]
        # where every cell says the same there is nothing to borrow, and a word can still be lost
        for kind in [*kinds, "word"] if column.kind is TEXT else kinds:
            for position in self.random.choices(filled, k=TRIES if filled else 0):
                cells = self._altered(kind, column, self.rows[position])
                if cells and any(self.rows[position][name] != cell for name, cell in cells.items()):
                    return self._change(kind, column.name, position, cells)
        return None

    def row(self, kind: str) -> Change | None:
        """A row dropped or doubled; None for a double where no key is free."""
        position = self.random.randrange(len(self.rows))
        if kind == "dropped":
            return self._change(kind, "", position, {})
        cells = self._free_key(self.rows[position])
        return self._change(kind, "", position, cells) if cells else None

    def _change(self, kind: str, column: str, position: int, cells: Cells) -> Change:
        row = " ".join(self.rows[position][name] for name in self.table.key)
        return Change(self.table.name, kind, column, row, position, tuple(cells.items()))

    def _kinds(self, column: Column) -> Iterable[str]:
        """What can happen to a cell of ``column``, by how the column is declared and filled."""
        if not column.required:
            yield "emptied"
        if column.name in sum(BOUNDS, ()):
            yield "bounds"
        if column.kind in (INTEGER, NUMBER):
            yield "digit"
        elif column.kind in (DATE, WEEK, MONTH, PARTIAL_DATE):
            yield "shifted"
        elif column.kind is IDS or column.refers:
            yield "reference"
        elif column.allowed or column.kind is YES_NO:
            yield "category"
        elif (column.name,) == self.table.key:
            yield "renamed"
        elif self._is_vocabulary(column.name):
            yield "borrowed"
        else:
            yield "word"

    def _is_vocabulary(self, name: str) -> bool:
        cells = [row[name] for row in self.rows if row[name]]
        return len(set(cells)) <= REPEATS * len(cells)

    def _altered(self, kind: str, column: Column, row: Cells) -> Cells:
        """The new cells of ``row``; none where this row has nothing to change so."""
        before = row[column.name]
        if kind == "emptied":
            return {column.name: ""}
        if kind == "bounds":
            return self._swapped(column.name, row)
        alter: Callable[[Column, str], str] = getattr(self, f"_{kind}")
        return {column.name: alter(column, before)}

    def _swapped(self, name: str, row: Cells) -> Cells:
        low, high = next(pair for pair in BOUNDS if name in pair)
        return {low: row[high], high: row[low]} if row[low] and row[high] else {}

    def _digit(self, column: Column, before: str) -> str:
        places = [place for place, letter in enumerate(before) if letter.isdigit()]
        place = self.random.choice(places)
        digits = [digit for digit in "0123456789" if digit != before[place]]
        if place == places[0] and re.match(r"-?\d\d", before):
            digits = [digit for digit in digits if digit != "0"]
        after = before[:place] + self.random.choice(digits) + before[place + 1 :]
        low = column.low if column.low is not None else float("-inf")
        high = column.high if column.high is not None else float("inf")
        return after if low <= float(after) <= high else before

    def _shifted(self, column: Column, before: str) -> str:
        steps = self.random.choice([-1, 1]) * self.random.randint(1, 4 if column.kind is WEEK else 20)
        return moved(before, steps * 7 if column.kind is WEEK else steps)

    def _category(self, column: Column, before: str) -> str:
        words = column.allowed or ("yes", "no")
        return self.random.choice([word for word in words if word != before])

    def _reference(self, column: Column, before: str) -> str:
        codes = before.split(";")
        if len(codes) > 1 and self.random.random() < 0.5:
            codes.remove(self.random.choice(codes))
            return ";".join(codes)
        known = self._known(column)
        free = sorted(known - set(codes))
        if not free:
            return before
        codes[self.random.randrange(len(codes))] = self.random.choice(free)
        # a list of codes stands in the order of its letters wherever it did
        return ";".join(sorted(codes) if before == ";".join(sorted(before.split(";"))) else codes)

    def _known(self, column: Column) -> set[str]:
        """Every code that a cell of ``column`` could name."""
        if column.refers:
            table, _, target = column.refers.partition(".")
            return {row[target] for row in self.contents[table]}
        if column.allowed:
            return set(column.allowed)
        return {code for row in self.rows for code in row[column.name].split(";") if code}

    def _borrowed(self, column: Column, before: str) -> str:
        return self.random.choice(self.rows)[column.name] or before

    def _word(self, column: Column, before: str) -> str:
        words = before.split(" ")
        if len(words) == 1:
            return self._borrowed(column, before)
        del words[self.random.randrange(len(words))]
        return " ".join(words)

    def _renamed(self, column: Column, before: str) -> str:
        """The id after the last of its kind; a name without a number gets one."""
        taken = {row[column.name] for row in self.rows}
        found = re.fullmatch(r"(.*?)(\d+)", before)
        stem, digits = (found[1], found[2]) if found else (f"{before}-", "1")
        number = int(digits)
        while (name := f"{stem}{number:0{len(digits)}d}") in taken:
            number += 1
        return name

    def _free_key(self, row: Cells) -> Cells:
        """New cells for the key of ``row`` that no row has yet, one column of it changed; none if all are taken."""
        key = self.table.key
        taken = {tuple(other[name] for name in key) for other in self.rows}
        columns = [self.table.column(name) for name in key]
        for column in self.random.sample(columns, len(columns)):
            for _ in range(TRIES):
                cell = self._other_key(column, row[column.name])
                if tuple(cell if name == column.name else row[name] for name in key) not in taken:
                    return {column.name: cell}
        return {}

    def _other_key(self, column: Column, before: str) -> str:
        if column.kind in (DATE, WEEK, MONTH):
            return self._shifted(column, before)
        if column.kind is INTEGER:
            return str(int(before) + self.random.randint(1, 9))
        if (column.name,) == self.table.key and not column.refers:
            return self._renamed(column, before)
        return self.random.choice(sorted(self._known(column)))


def moved(date: str, steps: int) -> str:
    """``date`` (YYYY, YYYY-MM or YYYY-MM-DD) later by ``steps`` years, months or days, whichever it is known to."""
    if len(date) == 4:
        return str(int(date) + (1 if steps > 0 else -1))
    if len(date) == 7:
        return str(pd.Period(date, freq="M") + steps)
    return (pd.Timestamp(date) + pd.Timedelta(days=steps)).date().isoformat()
