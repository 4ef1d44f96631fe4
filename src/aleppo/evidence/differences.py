"""What another state of a table changes of the published one: rows by key, and the sums that can be formed."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aleppo.evidence.files import sha256_file
from aleppo.evidence.paths import repository
from aleppo.evidence.tables import DECLARED, Table
from aleppo.evidence.tables.core import INTEGER

# Whole numbers that count nothing: the number of a resolution, a calendar year.
_NO_COUNTS = ("", "number", "year")


@dataclass(frozen=True)
class TableChange:
    """How the table ``name`` of another data folder differs from the published one.

    ``added``, ``removed`` and ``changed`` are rows by key. ``totals`` holds, for a series, the sum of each
    column that counts something as (published, here), where the two differ. ``note`` is for a table that
    cannot be set against a published one, and says why.
    """

    name: str
    added: int = 0
    removed: int = 0
    changed: int = 0
    totals: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    note: str = ""

    @property
    def line(self) -> str:
        """The change as one phrase, without the table's name."""
        if self.note:
            return self.note
        sums = "".join(
            f"; {name} {before:,} -> {after:,} ({after - before:+,})"
            for name, (before, after) in self.totals.items()
        )
        rows = f"{self.added:,} rows added, {self.removed:,} removed, {self.changed:,} changed"
        if not (self.added or self.removed or self.changed):
            rows = "the same rows in other bytes"
        return rows + sums


def changes(data: Path) -> tuple[TableChange, ...]:
    """Every table of the folder ``data`` whose bytes are not those of the repository's table of that name."""
    published = repository() / "data"
    found = []
    for table in DECLARED.values():
        here, there = data / table.path, published / table.path
        if not here.is_file() or (there.is_file() and sha256_file(here) == sha256_file(there)):
            continue
        found.append(compare(table, there, here))
    return tuple(found)


def compare(table: Table, published: Path, here: Path) -> TableChange:
    """What the file ``here`` changes of the file ``published``, both with the columns of ``table``."""
    if not published.is_file():
        return TableChange(table.name, note="a table of your own, which the published data do not have")
    try:
        old, new = _by_key(table, published), _by_key(table, here)
        before, after = _sums(table, old), _sums(table, new)
    except (OSError, ValueError):
        return TableChange(table.name, note="it cannot be compared row by row")
    return TableChange(
        name=table.name,
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(old[key] != new[key] for key in new.keys() & old.keys()),
        totals={name: (before[name], after[name]) for name in after if before[name] != after[name]},
    )


def _by_key(table: Table, path: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows by key, as text. Raises ValueError when the columns are not those of the table."""
    text = path.read_text(encoding="utf-8")
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if tuple(rows.fieldnames or ()) != table.column_names:
        raise ValueError("other columns")
    return {tuple(row[name] for name in table.key): row for row in rows}


def _sums(table: Table, rows: Mapping[tuple[str, ...], Mapping[str, str]]) -> dict[str, int]:
    """The sum of each counting column of a series. Raises ValueError for cells that are no numbers."""
    if table.metadata.cls != "aggregated":
        return {}
    counts = [column.name for column in table.columns if column.kind is INTEGER]
    counts = [name for name in counts if table.column(name).unit not in _NO_COUNTS]
    return {name: sum(int(row[name] or 0) for row in rows.values()) for name in counts}
