"""What the publishers' modules share: governorates by any spelling, and writing a series with its difference."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.errors import EvidenceError
from aleppo.evidence.files import sha256_bytes, sha256_file, write_atomic
from aleppo.evidence.load import load, read_table, split_list
from aleppo.evidence.manifest import chapters_by_table, describe, render_sidecar, sidecar_path
from aleppo.evidence.paths import data_dir, shown
from aleppo.evidence.tables import Table
from aleppo.evidence.tables.core import INTEGER
from aleppo.evidence.tables.publisher_words import OUTSIDE, UNMAPPED
from aleppo.ingest.cells import folded
from aleppo.ingest.folder import refuse_no_folder, settle
from aleppo.ingest.result import THERE, Difference, IngestResult

__all__ = [
    "OUTSIDE",
    "UNMAPPED",
    "Dropped",
    "Governorates",
    "difference",
    "made_from",
    "mondays",
    "months",
    "summed",
    "weeks",
    "write_series",
]


@dataclass(frozen=True)
class Governorates:
    """P-codes by spelling; case, accents, apostrophes, hyphens and a trailing "Governorate" do not matter."""

    codes: Mapping[str, str]

    @classmethod
    def known(cls, further: Mapping[str, str] | None = None) -> Governorates:
        """Names and aliases of the governorates table, and ``further`` spellings of one publisher."""
        table = load("governorates")
        codes = {
            _spelling(name): code
            for code, english, arabic, aliases in zip(
                *(table[column] for column in ("governorate", "name_en", "name_ar", "aliases")), strict=True
            )
            for name in (english, arabic, *split_list(aliases))
        }
        codes |= {_spelling(name): code for name, code in (further or {}).items()}
        return cls(codes)

    def code(self, name: str | None) -> str | None:
        """The P-code of a governorate by ``name``; None when no spelling fits."""
        return self.codes.get(_spelling(name)) if name else None


def _spelling(name: str) -> str:
    return folded(name).removesuffix(" governorate").removesuffix(" province")


class Dropped(dict[str, int]):
    """How many rows were left out, by reason."""

    def add(self, reason: str, rows: int) -> None:
        """Count ``rows`` more for ``reason``; nothing when there are none."""
        if rows:
            self[reason] = self.get(reason, 0) + int(rows)


def mondays(days: np.ndarray) -> np.ndarray:
    """The Monday on or before each day, as datetime64[D]."""
    # 1970-01-05 was a Monday
    offset = (days.astype("datetime64[D]").astype("int64") - 4) % 7
    return days.astype("datetime64[D]") - offset.astype("timedelta64[D]")


def months(days: np.ndarray) -> np.ndarray:
    """YYYY-MM of each day."""
    return days.astype("datetime64[M]").astype("str")


def weeks(days: np.ndarray) -> np.ndarray:
    """Every Monday from the week of the first to that of the last day."""
    first, last = mondays(np.array([days.min(), days.max()]))
    return np.arange(first, last + np.timedelta64(7, "D"), np.timedelta64(7, "D"))


def summed(rows: pd.DataFrame, key: Iterable[str]) -> pd.DataFrame:
    """The columns behind ``key`` added up by it, in its order; a sum of nothing stated stays missing."""
    names = list(key)
    return rows.groupby(names, sort=True, observed=True).sum(min_count=1).reset_index()


def write_series(
    table: Table,
    frame: pd.DataFrame,
    out_dir: Path,
    file: Path,
    *,
    messages: Iterable[str] = (),
    dropped: Mapping[str, int] | None = None,
    version: str = "not stated",
) -> IngestResult:
    """The series as ``table`` declares it, with its sidecar, below ``out_dir``; each whole or not at all.

    ``frame`` has the columns of the table and was made from the publisher's ``file``, which the sidecar names
    with its ``version`` and hash. It is checked against the declaration first. Raises
    EvidenceError when it does not keep it; then whatever was there has not changed.
    """
    refuse_no_folder(out_dir)
    path = out_dir / table.path
    text = _as_text(table, frame)
    typed = _checked(table, text)
    before = difference(table, path, text)
    chapters = chapters_by_table().get(table.name, [])
    sidecar = describe(table, typed, sha256_bytes(text.encode("utf-8")), chapters, made_from(file, version))
    write_atomic(path, text)
    write_atomic(sidecar_path(out_dir, table), render_sidecar(sidecar))
    told = [*messages]
    told += [f"dropped: {rows:,} rows, {reason}" for reason, rows in (dropped or {}).items()]
    if before is not None:
        told.append(before.line)
    result = IngestResult(
        path=path,
        rows=len(typed),
        totals={name: int(typed[name].sum()) for name in _counted(table)},
        messages=tuple(told),
        dropped=dict(dropped or {}),
        difference=before,
        version=version,
    )
    return settle(result, out_dir)


def made_from(file: Path, version: str = "not stated") -> dict[str, str]:
    """What a sidecar says of the publisher's file; ``dated`` is the day on which it was last saved."""
    saved = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    return {"file": file.name, "version": version, "dated": saved, "sha256": sha256_file(file)}


def difference(table: Table, path: Path, text: str) -> Difference | None:
    """What ``text`` changes of the series at ``path``, or else of the one in the folder that data is read from.

    So a series that is written to another folder is told apart from the one that it will stand in for. None
    when there is no such series, or none that can be read.
    """
    home = data_dir() / table.path
    over = path if path.exists() else home
    try:
        old = _by_key(table, over.read_text(encoding="utf-8"))
        before = _sums(table, old)
    except (OSError, ValueError):
        return None
    new = _by_key(table, text)
    after = _sums(table, new)
    return Difference(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(old[key] != new[key] for key in new.keys() & old.keys()),
        totals={name: (before[name], after[name]) for name in after if before[name] != after[name]},
        against=THERE if over == path else f"the series of {shown(home.parents[1])}",
    )


def _as_text(table: Table, frame: pd.DataFrame) -> str:
    ordered = frame[list(table.column_names)].sort_values(list(table.order or table.key), kind="stable")
    for name in _counted(table):
        ordered[name] = ordered[name].astype("Int64")
    return str(ordered.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d"))


def _checked(table: Table, text: str) -> pd.DataFrame:
    """The series as it will be loaded. Raises EvidenceError when the declaration is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_atomic(Path(folder) / f"{table.name}.csv", text)
        reading = read_table(table, path)
    if reading.faults or reading.frame is None:
        raise EvidenceError(reading.faults)
    return reading.frame


def _by_key(table: Table, text: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Rows by key, as text. Raises ValueError when the columns are not those of the table."""
    rows = csv.DictReader(io.StringIO(text, newline=""), restval="")
    if tuple(rows.fieldnames or ()) != table.column_names:
        raise ValueError("other columns")
    return {tuple(row[name] for name in table.key): row for row in rows}


def _counted(table: Table) -> list[str]:
    """The columns that can be added up."""
    return [column.name for column in table.columns if column.kind is INTEGER and column.unit != "number"]


def _sums(table: Table, rows: Mapping[tuple[str, ...], Mapping[str, str]]) -> dict[str, int]:
    """The sum of each column that can be added up. Raises ValueError for cells that are no numbers."""
    return {name: sum(int(row[name] or 0) for row in rows.values()) for name in _counted(table)}
