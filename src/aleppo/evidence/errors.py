"""Errors a reader is shown: what was expected, what was found, and where.

Everything that goes wrong with input ends in one of these; the command line prints the message and exits
with 1. A message never needs a traceback to be understood.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aleppo.evidence.signs import visible


class AleppoError(Exception):
    """Something the person at the keyboard can mend; its message stands alone."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong in one place.

    ``row`` counts lines of the file from 1, the header included, so that an editor's line number finds it;
    0 means the file as a whole. ``column`` is empty when no single column is to blame.
    """

    file: str
    row: int = 0
    column: str = ""
    expected: str = ""
    found: str = ""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f": row {self.row}"
        if self.column:
            place += f"{',' if self.row else ':'} column {self.column}"
        return visible(f"{place}: expected {self.expected}, found {self.found}")


class MissingTable(AleppoError):
    """A declared table that the data folder does not have; ``table`` is its name.

    The message begins with that name, so that it survives the way through a notebook's kernel.
    """

    def __init__(self, table: str, place: str, remedy: str) -> None:
        self.table = table
        super().__init__(f"{table}: expected this table at {place}, found nothing there ({remedy})")


class EvidenceError(AleppoError):
    """Data that cannot be trusted as it stands; ``faults`` holds every reason, in file order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(sorted(set(faults)))
        super().__init__("\n".join(str(fault) for fault in self.faults))
