"""What the ingest of a publisher's file gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

THERE = "the series that was there"


@dataclass(frozen=True)
class Difference:
    """What a new series changes of an earlier one: rows by key, and sums as (before, after).

    ``against`` says in words which series the earlier one is.
    """

    added: int
    removed: int
    changed: int
    totals: Mapping[str, tuple[int, int]]
    against: str = THERE

    @property
    def line(self) -> str:
        """The difference as one sentence."""
        if not (self.added or self.removed or self.changed):
            return f"no difference to {self.against}"
        sums = "".join(
            f"; {name} {before:,} -> {after:,} ({after - before:+,})"
            for name, (before, after) in self.totals.items()
        )
        return (
            f"against {self.against}: {self.added:,} rows added, {self.removed:,} removed, "
            f"{self.changed:,} changed{sums or '; all totals as before'}"
        )


@dataclass(frozen=True)
class IngestResult:
    """The series that was written, its rows, its sums (by column or governorate), and sentences for the person.

    ``dropped`` counts the publisher's rows that are not in the series, by reason. ``difference`` is None when
    there was no series to compare with. ``version`` is the publisher's, as far as file or name state it.
    """

    path: Path
    rows: int
    totals: dict[str, int]
    messages: tuple[str, ...]
    dropped: Mapping[str, int] = field(default_factory=dict)
    difference: Difference | None = None
    version: str = "not stated"
