"""The one door to ``data/``: read a table, check all of it, hand out a typed frame.

A table is read in two steps. First the text: is the file whole, does each row have its fields, is each cell
written the way its column is written. Then the typed frame goes through the table's pandera schema. Every
fault of both steps is collected, so that one run shows all there is to mend.
"""

from __future__ import annotations

import difflib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from aleppo.evidence.errors import AleppoError, EvidenceError, Fault
from aleppo.evidence.paths import data_dir
from aleppo.evidence.rows import Rows, quoted, read_rows
from aleppo.evidence.tables import TABLES, Table
from aleppo.evidence.tables.schema import ROW_CHECK, dataframe_schema

LOADS_VARIABLE = "ALEPPO_LOADS"

_cache: dict[Path, tuple[int, int, pd.DataFrame]] = {}
_used: dict[str, None] = {}


@dataclass(frozen=True)
class Reading:
    """What became of a file: a frame as far as it could be read, and everything wrong with it.

    ``lines`` gives the line of the file on which each row of the frame begins. ``frame`` is None when the
    header could not be used; cells and rows with a fault are missing from it.
    """

    frame: pd.DataFrame | None
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]


def load(name: str) -> pd.DataFrame:
    """The table ``name`` as a typed, validated frame, in the order of its file.

    Full dates are datetime64[ns], text, codes, partial dates, months and lists ``string``, whole numbers
    Int64, other numbers float64; an empty cell is missing. Units and meanings are in ``TABLES[name]``.
    The use is recorded: see ``loaded``. Each call returns a copy of its own.

    Raises AleppoError for an unknown name, EvidenceError with all faults for a table that is not sound.
    """
    table = declared(name)
    path = data_dir() / table.path
    frame = _validated(table, path)
    _record(name)
    return frame.copy()


def loaded() -> tuple[str, ...]:
    """Names of the tables this process has loaded, in the order of their first use."""
    return tuple(_used)


def split_list(cell: object) -> list[str]:
    """The codes of a list-valued cell; none for a missing one.

    >>> split_list("CHN;RUS")
    ['CHN', 'RUS']
    >>> split_list(None)
    []
    """
    return cell.split(";") if isinstance(cell, str) and cell else []


def declared(name: str) -> Table:
    """The declaration of the table ``name``; AleppoError, with the nearest name, when there is none."""
    if name in TABLES:
        return TABLES[name]
    near = difflib.get_close_matches(name, TABLES, n=1)
    hint = f"; did you mean {near[0]}?" if near else f": there are {', '.join(TABLES)}"
    raise AleppoError(f"{name}: expected the name of a table, found none so called{hint}")


def _validated(table: Table, path: Path) -> pd.DataFrame:
    """The sound frame at ``path``, from memory while the file has not changed."""
    try:
        status = path.stat()
        known = _cache.get(path)
        if known and known[:2] == (status.st_mtime_ns, status.st_size):
            return known[2]
    except OSError:
        status = None
    reading = read_table(table, path)
    if reading.faults or reading.frame is None:
        raise EvidenceError(reading.faults)
    if status:
        _cache[path] = (status.st_mtime_ns, status.st_size, reading.frame)
    return reading.frame


def _record(name: str) -> None:
    """Note that the running process used the table, also in the file that the runner reads afterwards."""
    _used.setdefault(name)
    record = os.environ.get(LOADS_VARIABLE)
    if record:
        with Path(record).open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")


def read_table(table: Table, path: Path) -> Reading:
    """Read and check ``path`` against the declaration of ``table``; never raises for bad content."""
    try:
        source = read_rows(path)
    except EvidenceError as error:
        return Reading(None, (), error.faults)
    if len(set(source.header)) < len(source.header):
        return Reading(None, (), source.faults)
    if not source.rows and not source.faults:
        return Reading(None, (), (Fault(source.file, 0, "", "at least one row", "only a header row"),))
    raw = pd.DataFrame(
        {
            name: pd.array([row[place] or None for row in source.rows], dtype="string")
            for place, name in enumerate(source.header)
        }
    )
    frame, unreadable, misspelt = _typed(table, raw, source)
    against = Against(table, raw, source, unreadable)
    faults = {*source.faults, *misspelt, *_schema_faults(against, frame)}
    complete = set(table.column_names) <= set(source.header)
    return Reading(frame if complete else None, source.lines, tuple(sorted(faults)))


def _typed(
    table: Table, raw: pd.DataFrame, source: Rows
) -> tuple[pd.DataFrame, set[tuple[int, str]], list[Fault]]:
    """Typed columns, the (row, column) of every cell that could not be read, and their faults."""
    typed: dict[str, pd.Series] = {}
    unreadable: set[tuple[int, str]] = set()
    faults: list[Fault] = []
    columns = {column.name: column for column in table.columns}
    for name in raw.columns:
        cells = raw[name]
        column = columns.get(name)
        if column is None:
            typed[name] = cells
            continue
        filled = cells.dropna()
        spelt = filled[filled.str.fullmatch(column.kind.pattern)]
        parsed = column.kind.parse(spelt).astype(column.kind.dtype)
        typed[name] = parsed.reindex(raw.index)
        for position in filled.index.difference(parsed.dropna().index):
            unreadable.add((position, name))
            faults.append(
                Fault(source.file, source.lines[position], name, column.expected, quoted(cells[position]))
            )
    return pd.DataFrame(typed, index=raw.index), unreadable, faults


@dataclass(frozen=True)
class Against:
    """What a failure case is told against: the table, the text of its cells, and what is already said.

    ``unreadable`` holds the (row, column) of cells with a fault of their own. They are empty in the typed
    frame, and a schema that complains of that would only repeat it.
    """

    table: Table
    raw: pd.DataFrame
    source: Rows
    unreadable: set[tuple[int, str]]

    def fault(
        self, position: int | None, columns: tuple[str, ...], expected: str, found: str
    ) -> Fault | None:
        """A fault of the first of ``columns``, unless one of these cells has its own already.

        Without a position a rule could not be tried, for want of a column that is reported by itself.
        """
        if position is None or any((position, column) in self.unreadable for column in columns):
            return None
        return Fault(self.source.file, self.source.lines[position], columns[0], expected, found)

    def cells(self, position: int | None, columns: tuple[str, ...], *, named: bool) -> str:
        """The cells of one row as a message shows them."""
        if position is None:
            return ""
        shown_cells = [(column, quoted(self.raw[column][position])) for column in columns]
        return ", ".join(f"{column} {cell}" if named else cell for column, cell in shown_cells)


def _schema_faults(against: Against, frame: pd.DataFrame) -> set[Fault]:
    """What the table's pandera schema has against ``frame``, in the words of a person."""
    from pandera.errors import SchemaErrors

    try:
        dataframe_schema(against.table).validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases.to_dict("records")
    else:
        return set()
    faults = (_translate(against, case) for case in cases)
    return {fault for fault in faults if fault is not None}


def _translate(against: Against, case: dict[str, Any]) -> Fault | None:
    """One failure case of pandera as a fault; None when another fault already says it."""
    table, raw, file = against.table, against.raw, against.source.file
    position = None if pd.isna(case["index"]) else int(case["index"])
    check, subject = str(case["check"]), str(case["failure_case"])
    if check == "column_in_dataframe":
        return Fault(file, 1, subject, "a column of this name", f"only {', '.join(raw.columns)}")
    if check == "column_in_schema":
        return Fault(file, 1, subject, f"only the columns of {table.name}", "an unknown column")
    if check == "column_ordered":
        return Fault(file, 1, subject, f"the order {', '.join(table.column_names)}", "it in another place")
    if check.startswith(ROW_CHECK):
        rule = table.checks[int(check.removeprefix(ROW_CHECK))]
        found = against.cells(position, rule.columns, named=True)
        return against.fault(position, rule.columns, rule.expected, found)
    if check == "multiple_fields_uniqueness" and position is not None:
        key = list(table.key)
        same = (raw[key] == raw.loc[position, key]).fillna(False).all(axis="columns")
        first = against.source.lines[int(same.idxmax())]
        found = f"{against.cells(position, table.key, named=False)}, as in row {first}"
        return against.fault(position, table.key, f"a key that occurs once ({', '.join(key)})", found)
    column = str(case["column"])
    if column not in table.column_names:
        return None
    found = against.cells(position, (column,), named=False)
    return against.fault(position, (column,), table.column(column).expected, found)
