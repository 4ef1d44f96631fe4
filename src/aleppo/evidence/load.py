"""The one door to ``data/``: read a table, check all of it, hand out a typed frame.

A table is read in two steps. First the text: is the file whole, does each row have its fields, is each cell
written the way its column is written. Then the typed frame goes through the table's pandera schema. Every
fault of both steps is collected, so that one run shows all there is to mend.
"""

from __future__ import annotations

import difflib
import os
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from aleppo.evidence.corrections import (
    REGISTER,
    Correction,
    apply,
    blame,
    content_faults,
    of_table,
    read_register,
    target_faults,
)
from aleppo.evidence.errors import AleppoError, EvidenceError, Fault, MissingTable
from aleppo.evidence.files import sha256_file
from aleppo.evidence.paths import data_dir, shown
from aleppo.evidence.rows import Rows, quoted, read_rows, spell_words
from aleppo.evidence.tables import DECLARED, TABLES, Table
from aleppo.evidence.tables.schema import ROW_CHECK, dataframe_schema

LOADS_VARIABLE = "ALEPPO_LOADS"

_Stamp = tuple[tuple[int, int], ...]
_cache: dict[tuple[Path, bool], tuple[_Stamp, pd.DataFrame]] = {}
_used: dict[str, None] = {}
# Sound readings by what was read, so that a table is judged once however many folders hold the same bytes.
_judged_once: OrderedDict[tuple[int, str], tuple[Table, Reading]] = OrderedDict()
REMEMBERED = 128


@dataclass(frozen=True)
class Reading:
    """What became of a file: a frame as far as it could be read, and everything wrong with it.

    ``lines`` gives the line of the file on which each row of the frame begins. ``frame`` is None when the
    header could not be used; cells and rows with a fault are missing from it.
    """

    frame: pd.DataFrame | None
    lines: tuple[int, ...]
    faults: tuple[Fault, ...]


def load(name: str, *, corrected: bool = True) -> pd.DataFrame:
    """The table ``name`` as a typed, validated frame, in the order of its file.

    Rows that ``data/corrections.yml`` corrects are corrected, and the outcome is validated again; with
    ``corrected=False`` the frame is what was published, as the file has it.
    Full dates are datetime64[ns], text, codes, partial dates, months and lists ``string``, whole numbers
    Int64, other numbers float64; an empty cell is missing. Units and meanings are in ``TABLES[name]``.
    The use is recorded: see ``loaded``. Each call returns a copy of its own.

    Raises AleppoError for an unknown name, MissingTable for a table that the data folder does not have,
    EvidenceError with all faults for one that is not sound, before or after its corrections.
    """
    table = declared(name)
    data = data_dir()
    path = data / table.path
    if not path.exists():
        raise MissingTable(name, shown(path), remedy(table))
    frame = _validated(table, path)
    if corrected and (entries := _corrections(data, name)):
        frame = _corrected(table, data, entries)
    record_use(name)
    return frame.copy()


def load_corrections() -> pd.DataFrame:
    """The register of corrections, one row per entry in the order of its file.

    Columns, all text: ``label, target, row`` (the cells that pick the row), ``action, published`` and
    ``corrected`` (the cells as they stand, and as they become), ``reason, source_ids`` (a list of codes) and
    ``status``. The use is recorded under the name of the file.
    """
    entries = read_register(data_dir())
    record_use(Path(REGISTER).stem)
    rows = [
        {
            "label": one.label,
            "target": one.target,
            "row": _cells(one.match),
            "action": one.action,
            "published": _cells(one.expect),
            "corrected": _cells(one.set),
            "reason": one.reason,
            "source_ids": ";".join(one.source_ids),
            "status": one.status,
        }
        for one in entries
    ]
    columns = ["label", "target", "row", "action", "published", "corrected", "reason", "source_ids", "status"]
    return pd.DataFrame(rows, columns=columns, dtype="string")


def _cells(cells: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {cell or 'empty'}" for name, cell in cells.items())


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
    if name in DECLARED:
        return DECLARED[name]
    near = difflib.get_close_matches(name, DECLARED, n=1)
    hint = f"; did you mean {near[0]}?" if near else f": there are {', '.join(TABLES)}"
    raise AleppoError(f"{name}: expected the name of a table, found none so called{hint}")


def remedy(table: Table) -> str:
    """How a reader comes by a table that is not there: the command that makes it, or where it lies."""
    if table.metadata.cls == "aggregated":
        return f"`{table.metadata.builder} --out DIR` makes it"
    return "it is part of the published data; copy it from there with its sidecar"


def _validated(table: Table, path: Path) -> pd.DataFrame:
    """The sound frame at ``path``, from memory while the file has not changed."""
    return _remembered((path, False), [path], lambda: read_table(table, path))


def _corrections(data: Path, name: str) -> tuple[Correction, ...]:
    """The corrections of the table ``name``; EvidenceError for a register that cannot be relied on."""
    register = read_register(data)
    if faults := target_faults(register):
        raise EvidenceError(faults)
    return of_table(register, name)


def _corrected(table: Table, data: Path, entries: Sequence[Correction]) -> pd.DataFrame:
    """The sound frame of ``table`` after its corrections, from memory while nothing of it has changed."""
    path, sources = data / table.path, data / DECLARED["sources"].path

    def read() -> Reading:
        listed = read_rows(sources)
        place = listed.header.index("source_id") if "source_id" in listed.header else 0
        return read_corrected(table, path, entries, {row[place] for row in listed.rows})

    return _remembered((path, True), [path, sources, data / REGISTER], read)


def _remembered(key: tuple[Path, bool], files: Sequence[Path], read: Callable[[], Reading]) -> pd.DataFrame:
    """The sound frame that ``read`` gives, from memory while none of ``files`` has changed."""
    try:
        stamp = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    except OSError:
        stamp = ()
    known = _cache.get(key)
    if known and stamp and known[0] == stamp:
        return known[1]
    reading = read()
    if reading.faults or reading.frame is None:
        raise EvidenceError(reading.faults)
    if stamp:
        _cache[key] = (stamp, reading.frame)
    return reading.frame


def record_use(name: str) -> None:
    """Note that the running process used the table ``name``, also in the file that the runner reads afterwards.

    A file of ``data/`` that is no table, such as a register, goes by the stem of its name.
    """
    _used.setdefault(name)
    record = os.environ.get(LOADS_VARIABLE)
    if record:
        with Path(record).open("a", encoding="utf-8") as stream:
            stream.write(f"{name}\n")


def read_table(table: Table, path: Path) -> Reading:
    """Read and check ``path`` against the declaration of ``table``; never raises for bad content.

    The same bytes are judged once in a process; each call returns a frame of its own.
    """
    key = _content_key(table, path)
    if key in _judged_once:
        _judged_once.move_to_end(key)
        _, known = _judged_once[key]
        return replace(known, frame=known.frame.copy() if known.frame is not None else None)
    try:
        reading = _judged(table, read_rows(path))
    except EvidenceError as error:
        return Reading(None, (), error.faults)
    # a fault names its file, and is therefore not the same wherever the bytes are
    if not reading.faults and reading.frame is not None:
        _judged_once[key] = (table, replace(reading, frame=reading.frame.copy()))
        if len(_judged_once) > REMEMBERED:
            _judged_once.popitem(last=False)
    return reading


def _content_key(table: Table, path: Path) -> tuple[int, str]:
    """What a reading is remembered by; a file that cannot be read has no content, and is never remembered."""
    try:
        return id(table), sha256_file(path)
    except OSError:
        return id(table), ""


def read_corrected(
    table: Table, path: Path, corrections: Sequence[Correction], sources: Collection[str]
) -> Reading:
    """``read_table`` of a sound file after its ``corrections``; their faults name the correction.

    ``sources`` are the ids that a correction may name.
    """
    if faults := content_faults(corrections, sources):
        return Reading(None, (), tuple(sorted(faults)))
    try:
        rows, blamed = apply(table, read_rows(path), corrections)
    except EvidenceError as error:
        return Reading(None, (), error.faults)
    reading = _judged(table, rows)
    return replace(reading, faults=tuple(sorted(blame(reading.faults, blamed, table))))


def _judged(table: Table, source: Rows) -> Reading:
    """The typed frame of rows of text, and everything that the declaration of ``table`` has against it."""
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
        named = found + spell_words(self.raw.loc[position].to_dict())
        return Fault(self.source.file, self.source.lines[position], columns[0], expected, named)

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
        if not set(key) <= set(raw.columns):
            return None  # the column of it that is missing is reported by itself
        same = (raw[key] == raw.loc[position, key]).fillna(False).all(axis="columns")
        first = against.source.lines[int(same.idxmax())]
        found = f"{against.cells(position, table.key, named=False)}, as in row {first}"
        return against.fault(position, table.key, f"a key that occurs once ({', '.join(key)})", found)
    column = str(case["column"])
    if column not in table.column_names:
        return None
    found = against.cells(position, (column,), named=False)
    return against.fault(position, (column,), table.column(column).expected, found)
