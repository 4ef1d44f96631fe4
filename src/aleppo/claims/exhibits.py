"""The evidence as a test of a claim sees it, with a record of what the test looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pandas as pd

from aleppo.evidence import load, split_list
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.load import declared

ARTICLE_SOURCES = {"cnn": "cnn-20160207-siege-marks", "itv": "itv-20161213-syrias-stalingrad"}
"""Article → its own row of the table ``sources``."""


class Exhibits:
    """Tables and named rows of ``data/``; what is asked for is remembered for the ledger.

    ``exhibits["events"]`` is a whole table, ``exhibits.rows("events", "FR-078")`` named rows of it. Frames are
    shared between tests: do not change them in place.
    """

    def __init__(
        self, reader: Callable[[str], pd.DataFrame] = load, _frames: dict[str, pd.DataFrame] | None = None
    ):
        self._reader = reader
        self._frames = {} if _frames is None else _frames
        self._tables: dict[str, None] = {}
        self._rows: dict[tuple[str, str], None] = {}

    def fresh(self) -> Exhibits:
        """The same evidence with an empty record."""
        return Exhibits(self._reader, self._frames)

    def __getitem__(self, table: str) -> pd.DataFrame:
        """The whole table ``table``."""
        self._tables.setdefault(table)
        return self._frame(table)

    def rows(self, table: str, *ids: str) -> pd.DataFrame:
        """The rows of ``table`` with these ids, in the order asked for, indexed by id.

        Raises AleppoError for an id that the table does not have, and for a table whose key is more than one column.
        """
        key = declared(table).key
        if len(key) != 1:
            raise AleppoError(f"{table}: expected a table with one column as its key, found {', '.join(key)}")
        frame = self._frame(table).set_index(key[0])
        for name in ids:
            if name not in frame.index:
                raise AleppoError(f"{table}: expected a row with the {key[0]} {name}, found none")
            self._rows.setdefault((table, name))
        return frame.loc[list(ids)]

    def sources(self, table: str, *ids: str) -> tuple[str, ...]:
        """Ids of the sources that these rows name, each once, sorted."""
        cells = self.rows(table, *ids)["source_ids"]
        return tuple(sorted({source for cell in cells for source in split_list(cell)}))

    def named_rows(self) -> list[str]:
        """The rows that were asked for by id, as ``table/id``, sorted."""
        return sorted(f"{table}/{name}" for table, name in self._rows)

    def tables(self) -> list[str]:
        """The tables that were looked at, whole or in part, sorted."""
        return sorted({*self._tables, *(table for table, _ in self._rows)})

    def digest(self) -> str:
        """Hash of all that was looked at: whole tables, and of the others the named rows."""
        parts = [f"{table}\n{_text(self._frame(table))}" for table in sorted(self._tables)]
        for table, name in sorted(self._rows):
            if table not in self._tables:
                frame = self._frame(table)
                parts.append(f"{table}/{name}\n{_text(frame[frame[declared(table).key[0]] == name])}")
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]

    def _frame(self, table: str) -> pd.DataFrame:
        if table not in self._frames:
            self._frames[table] = self._reader(table)
        return self._frames[table]


def _text(frame: pd.DataFrame) -> str:
    return str(frame.to_csv(index=False, lineterminator="\n"))
