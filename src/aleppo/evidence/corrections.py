"""Corrections to published data, as data: ``data/corrections.yml`` and its interpreter.

The tables keep what was published. Where a publisher's figure is known to be wrong, or to be about something
else than its row says, an entry of the register corrects it when the table is loaded::

    - label: scope-of-a-count              # a name of its own, for messages and for the book
      target: estimates                    # the table
      match: {estimate_id: ALP-002}        # cells that pick exactly one row
      action: override                     # or drop, or note
      expect: {area: Aleppo (battle)}      # how the row stands before: the guard
      set: {area: Aleppo Governorate}      # what it becomes
      reason: Why, in a sentence or two.
      source_ids: [who-2016-says-so]
      status: open                         # reported to the publisher, or mended in a later release

- ``override`` replaces cells; every cell it sets has its guard in ``expect``.
- ``drop`` leaves the row out and sets nothing.
- ``note`` appends a sentence to cells of text, which stay as they are otherwise.

Cells are compared and set as the file spells them; ``''`` is an empty cell. Every entry is held against the
table *as published*, so their order means nothing, and two entries cannot change one cell. A guard that no
longer holds says that the table has changed and that the entry must be looked at again; the load fails until
somebody did. What a table looks like after its corrections goes through the same validation as before.

A correction is not a verdict. It changes a row that the book uses as data: what a figure is of, when
something was, which row stands twice. A verdict (``check_status`` of the table of claims) judges a sentence of
the two founding articles, whose paraphrase and figures stay as the articles have them, right or wrong: a claim
that was corrected before it is tested would pass its test. So the table of claims takes no action but ``note``,
which tells whoever would use the figure of a claim as data what to use instead.

Out of scope on purpose: patterns, ranges and arithmetic. An entry says what one row becomes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from aleppo.evidence.documents import read_yaml_nodes
from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.paths import shown
from aleppo.evidence.rows import Rows, quoted
from aleppo.evidence.tables import DECLARED, Table
from aleppo.evidence.tables.core import TEXT

REGISTER = "corrections.yml"
OVERRIDE, DROP, NOTE = ACTIONS = ("override", "drop", "note")
QUOTED = ("claims",)
"""Tables that say what somebody else said, and so are never changed but by a note."""

STATUSES = ("open", "reported", "mended")
_TEXTS = ("label", "target", "action", "reason", "status")
_CELLS = ("match", "expect", "set")
_NAMES = (*_TEXTS, *_CELLS, "source_ids")


@dataclass(frozen=True)
class Correction:
    """One entry. ``row`` is the line of the register on which it begins; ``file`` names the register."""

    label: str
    target: str
    match: Mapping[str, str]
    action: str
    expect: Mapping[str, str]
    set: Mapping[str, str]
    reason: str
    source_ids: tuple[str, ...]
    status: str
    file: str
    row: int

    def fault(self, must: str, found: str, column: str = "") -> Fault:
        """Something wrong with this entry, which ``must`` do what it does not."""
        return Fault(self.file, self.row, column, f"correction {self.label} to {must}", found)

    @property
    def content(self) -> str:
        """Everything that the entry says, as one line: equal text, equal correction."""
        said = {name: getattr(self, name) for name in _NAMES}
        return json.dumps(said, default=list, ensure_ascii=False, sort_keys=True)


def read_register(data: Path) -> tuple[Correction, ...]:
    """The corrections below the data folder ``data``, in the order of the file; none without a file.

    Raises EvidenceError with every fault of form: no list, unknown or missing names, an action or status
    that there is not, an empty match or guard, a label that repeats.
    """
    path = data / REGISTER
    if not path.exists():
        return ()
    file = shown(path)
    # every scalar stays the text that is written: a cell is text too, and 2016-09 is no sum
    node = read_yaml_nodes(path, "a list of corrections")
    if not isinstance(node, yaml.SequenceNode):
        raise EvidenceError([Fault(file, 1, "", "a list of corrections in YAML", "something else")])
    entries: list[Correction] = []
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for item in node.value:
        row = item.start_mark.line + 1
        said, wrong = _entry(item, file, row)
        faults += wrong
        label = said.get("label")
        if isinstance(label, str) and first.setdefault(label, row) != row:
            expected = f"each label once, and {label} stands in row {first[label]}"
            faults.append(Fault(file, row, "label", expected, "it again"))
        if not wrong:
            entries.append(Correction(**said | {"source_ids": tuple(said["source_ids"])}, file=file, row=row))
    if faults:
        raise EvidenceError(faults)
    return tuple(entries)


def _entry(node: yaml.Node, file: str, row: int) -> tuple[dict[str, Any], list[Fault]]:
    """One entry as plain text, lists and mappings, and what is wrong with its form."""
    said, twice = _plain(node)
    if not isinstance(said, dict):
        return {}, [Fault(file, row, "", "a correction, as names with values", "something else")]
    label = said.get("label") if isinstance(said.get("label"), str) else ""
    who = f"correction {label}" if label else "a correction with a label"
    faults = [Fault(file, row, "", f"{who} to name each thing once", f"{name} twice") for name in twice]
    said.setdefault("set", {})
    for name in sorted(set(said) - set(_NAMES)):
        faults.append(Fault(file, row, name, f"{who} to have only {', '.join(_NAMES)}", "an unknown name"))
    for name in _NAMES:
        problem = _problem(name, said.get(name))
        if problem:
            faults.append(Fault(file, row, name, f"{who} to have {problem}", _shown(said.get(name))))
    if faults:
        return said, faults
    unguarded = sorted(set(said["set"]) - set(said["expect"]))
    if said["action"] == DROP and said["set"]:
        faults.append(Fault(file, row, "set", f"{who} to set nothing, as it drops the row", "cells to set"))
    if said["action"] != DROP and not said["set"]:
        faults.append(Fault(file, row, "set", f"{who} to set at least one cell", "none"))
    if said["action"] == OVERRIDE and unguarded:
        expected = f"{who} to have a guard for every cell that it sets"
        faults.append(Fault(file, row, "expect", expected, f"none for {', '.join(unguarded)}"))
    if said["action"] == OVERRIDE and not unguarded:
        same = sorted(name for name, cell in said["set"].items() if said["expect"][name] == cell)
        if same:
            found = f"what stands there already in {', '.join(same)}"
            faults.append(Fault(file, row, "set", f"{who} to change what it sets", found))
    return said, faults


def _plain(node: yaml.Node) -> tuple[Any, list[str]]:
    """The content of ``node`` and the names that a mapping in it gives twice, of which YAML keeps the last."""
    if isinstance(node, yaml.ScalarNode):
        return node.value, []
    twice: list[str] = []
    if isinstance(node, yaml.SequenceNode):
        items = []
        for item in node.value:
            content, again = _plain(item)
            items.append(content)
            twice += again
        return items, twice
    said: dict[Any, Any] = {}
    for name_node, value_node in node.value:
        name, content = name_node.value, _plain(value_node)
        if not isinstance(name, str) or name in said:
            twice.append(str(name))
            continue
        said[name], again = content
        twice += again
    return said, twice


def _problem(name: str, value: Any) -> str:
    """What ``name`` should have instead of ``value``, in words; empty when there is nothing wrong."""
    if name in _TEXTS and (not isinstance(value, str) or not value.strip()):
        return f"a {name}"
    if name == "action" and value not in ACTIONS:
        return f"one of {', '.join(ACTIONS)}"
    if name == "status" and value not in STATUSES:
        return f"one of {', '.join(STATUSES)}"
    if name in _CELLS:
        if not isinstance(value, dict) or not all(isinstance(cell, str) for cell in value.values()):
            return "columns with one value each"
        # an empty match would silently pick every row, an empty guard would never fail
        if not value and name != "set":
            return "at least one column"
    if name == "source_ids" and (
        not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value)
    ):
        return "a list of one or more source ids"
    return ""


def _shown(value: Any) -> str:
    return "none" if value in (None, "", [], {}) else quoted(value)


def of_table(corrections: Iterable[Correction], table: str) -> tuple[Correction, ...]:
    """The corrections of one table."""
    return tuple(one for one in corrections if one.target == table)


def digests(corrections: Iterable[Correction], table: str) -> dict[str, str]:
    """Label → SHA-256 of each correction of ``table``: what its sidecar says of them."""
    return {
        one.label: hashlib.sha256(one.content.encode()).hexdigest() for one in of_table(corrections, table)
    }


def target_faults(corrections: Iterable[Correction]) -> list[Fault]:
    """Corrections of tables that there are not."""
    return [
        one.fault("name a table", quoted(one.target), "target")
        for one in corrections
        if one.target not in DECLARED
    ]


def content_faults(corrections: Iterable[Correction], sources: Collection[str]) -> list[Fault]:
    """Columns and sources that corrections of known tables name and that are not there."""
    faults = []
    for one in corrections:
        table = DECLARED[one.target]
        for part in _CELLS:
            faults += [
                one.fault(f"name a column of {table.name}", quoted(name), part)
                for name in getattr(one, part)
                if name not in table.column_names
            ]
        if table.name in QUOTED and one.action != NOTE:
            must = f"add a note only, as {table.name} keeps what was said and its verdict beside it"
            faults.append(one.fault(must, quoted(one.action), "action"))
        if one.action == NOTE:
            faults += [
                one.fault("add its note to a column of text", quoted(name), "set")
                for name in one.set
                if name in table.column_names and table.column(name).kind is not TEXT
            ]
        faults += [
            one.fault("name a source_id of the table sources", quoted(source), "source_ids")
            for source in one.source_ids
            if source not in sources
        ]
    return faults


def apply(
    table: Table, source: Rows, corrections: Sequence[Correction]
) -> tuple[Rows, dict[int, Correction]]:
    """``source``, the rows of ``table``, with its corrections; and line → the correction that changed it.

    ``source`` stays as it is. Raises EvidenceError with the label of every correction that matches no row or
    more than one, whose guard does not hold, or that changes what another one changes.
    """
    place = {name: position for position, name in enumerate(source.header)}
    rows = [list(row) for row in source.rows]
    dropped: set[int] = set()
    touched: dict[tuple[int, str], Correction] = {}
    blamed: dict[int, Correction] = {}
    faults: list[Fault] = []
    for one in corrections:
        position, wrong = _row_of(table, source, one, place)
        if position is None:
            faults += wrong
            continue
        faults += _clashes(table, source, one, position, touched)
        for name, cell in one.set.items():
            before = rows[position][place[name]]
            rows[position][place[name]] = f"{before} {cell}".strip() if one.action == NOTE else cell
        if one.action == DROP:
            dropped.add(position)
        blamed[source.lines[position]] = one
    if faults:
        raise EvidenceError(faults)
    kept = [position for position in range(len(rows)) if position not in dropped]
    corrected = replace(
        source,
        rows=tuple(tuple(rows[position]) for position in kept),
        lines=tuple(source.lines[position] for position in kept),
    )
    return corrected, blamed


def _clashes(
    table: Table,
    source: Rows,
    one: Correction,
    position: int,
    touched: dict[tuple[int, str], Correction],
) -> list[Fault]:
    """The first cell that ``one`` changes and another did before it; its own cells are added to ``touched``."""
    # a dropped row is changed in every column, so that it shares one with any other correction of it
    for name in source.header if one.action == DROP else tuple(one.set):
        other = touched.setdefault((position, name), one)
        if other is not one and not one.action == other.action == NOTE:
            must = f"change a cell of {table.name} that no other changes"
            return [one.fault(must, f"{other.label} changing it too", name)]
    return []


def _row_of(
    table: Table, source: Rows, one: Correction, place: Mapping[str, int]
) -> tuple[int | None, list[Fault]]:
    """Position of the one row that the correction is about, or why there is none."""
    wanted = [(place[name], cell) for name, cell in one.match.items()]
    found = [
        position
        for position, row in enumerate(source.rows)
        if all(row[column] == cell for column, cell in wanted)
    ]
    if len(found) != 1:
        lines = " and ".join(str(source.lines[position]) for position in found[:3])
        many = f"{len(found)} (rows {lines}{' and more' if len(found) > 3 else ''})"
        must = f"match one row of {table.name}"
        return None, [one.fault(must, many if found else "none", "match")]
    (position,) = found
    faults = []
    for name, cell in one.expect.items():
        stands = source.rows[position][place[name]]
        if stands != cell:
            must = f"find {quoted(cell)} in row {source.lines[position]}, column {name} of {table.name}"
            faults.append(one.fault(must, quoted(stands), "expect"))
    return (None, faults) if faults else (position, [])


def blame(faults: Iterable[Fault], blamed: Mapping[int, Correction], table: Table) -> list[Fault]:
    """Faults that a table has only after its corrections, told of the correction that brought each."""
    told = []
    for fault in faults:
        one = blamed.get(fault.row)
        where = f" (row {fault.row}, column {fault.column} of {table.name})"
        if one is None:
            told.append(replace(fault, found=f"{fault.found}, after the corrections of {table.name}"))
        else:
            told.append(one.fault(f"leave {fault.expected}", fault.found + where, "set"))
    return told
