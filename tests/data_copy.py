"""A copy of the data folder that a test may break."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable
from pathlib import Path

from aleppo.evidence.tables import TABLES

Row = dict[str, str]


class DataCopy:
    """A data folder of its own, with the means to break a table on purpose."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, table: str) -> Path:
        return self.folder / TABLES[table].path

    def rows(self, table: str) -> list[Row]:
        with self.path(table).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def write(self, table: str, rows: list[Row], columns: list[str] | None = None) -> None:
        names = columns or list(TABLES[table].column_names)
        with self.path(table).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)

    def change(self, table: str, change: Callable[[Row], bool], **cells: str) -> int:
        """Set ``cells`` in the first row that ``change`` picks; return its row in the file."""
        rows = self.rows(table)
        for position, row in enumerate(rows):
            if change(row):
                row.update(cells)
                self.write(table, rows)
                return position + 2
        raise AssertionError(f"no such row in {table}")

    def drop(self, table: str, pick: Callable[[Row], bool]) -> Row:
        """Remove the first row that ``pick`` picks and return it."""
        rows = self.rows(table)
        for position, row in enumerate(rows):
            if pick(row):
                del rows[position]
                self.write(table, rows)
                return row
        raise AssertionError(f"no such row in {table}")

    def fingerprint(self) -> dict[str, str]:
        """Path → hash of every file, to show that nothing was touched."""
        return {
            path.relative_to(self.folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }
