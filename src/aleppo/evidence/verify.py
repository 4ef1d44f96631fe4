"""Is this the published data, and does it hold together?

``verify`` looks at a whole data folder and collects everything wrong with it: files against the hashes of
their sidecars, cells against the declarations, references between tables, spells against the calendar, and
votes against their totals. A fault of one kind never hides one of another.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from aleppo.evidence.checks import Found, reference_faults, spell_faults, unused_sources, vote_faults
from aleppo.evidence.errors import AleppoError, EvidenceError, Fault
from aleppo.evidence.files import sha256_file
from aleppo.evidence.load import read_table
from aleppo.evidence.manifest import PACKAGE, read_sidecar, sidecar_path
from aleppo.evidence.paths import shown
from aleppo.evidence.tables import TABLES, Table


@dataclass(frozen=True)
class Report:
    """The result of a verification: every fault, and the counts of what was read.

    ``unused`` lists sources that no table refers to, which is worth knowing and no fault.
    """

    faults: tuple[Fault, ...]
    tables: int
    rows: int
    sources: int
    unused: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The closing line: what was verified, or how much is wrong."""
        if self.faults:
            return f"data not verified: {len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"
        return f"data verified: {self.tables} tables, {self.rows} rows, {self.sources} sources"


def verify(data: Path) -> Report:
    """Check every file below ``data``. Raises AleppoError only when ``data`` is not a folder."""
    if not data.is_dir():
        instead = "a file" if data.exists() else "nothing there"
        raise AleppoError(f"{shown(data)}: expected a folder of data, found {instead}")
    faults = _stray_files(data)
    found: dict[str, Found] = {}
    for table in TABLES.values():
        path = data / table.path
        if not path.exists():
            faults.append(Fault(shown(path), 0, "", "a file", "nothing there"))
            continue
        faults += _sidecar_faults(data, table)
        reading = read_table(table, path)
        faults += reading.faults
        if reading.frame is not None:
            found[table.name] = Found(shown(path), reading.frame, reading.lines)
            faults += _order_faults(table, found[table.name])
    faults += _package_faults(data)
    faults += reference_faults(found)
    faults += spell_faults(found)
    faults += vote_faults(found)
    return Report(
        faults=tuple(sorted(set(faults))),
        tables=len(found),
        rows=sum(len(one.frame) for one in found.values()),
        sources=len(found["sources"].frame) if "sources" in found else 0,
        unused=unused_sources(found),
    )


def _stray_files(data: Path) -> list[Fault]:
    """CSV files that no declaration knows, and sidecars without their CSV."""
    known = {data / table.path for table in TABLES.values()}
    faults = [
        Fault(shown(path), 0, "", "a declared table", "a file of an unknown table")
        for path in sorted(data.rglob("*.csv"))
        if path not in known
    ]
    groups = {table.group for table in TABLES.values()}
    for path in sorted(path for group in groups for path in (data / group).glob("*.yml")):
        if not path.with_suffix(".csv").exists():
            faults.append(Fault(shown(path), 0, "", f"{path.stem}.csv beside it", "a sidecar alone"))
    return faults


def _sidecar_faults(data: Path, table: Table) -> list[Fault]:
    """The file against what its sidecar says of it."""
    path, beside = data / table.path, sidecar_path(data, table)
    if not beside.exists():
        return [Fault(shown(path), 0, "", f"a sidecar {beside.name} beside it", "none")]
    try:
        sidecar = read_sidecar(beside)
    except EvidenceError as error:
        return list(error.faults)
    faults = []
    if path.is_file():
        sha256 = sha256_file(path)
        if sidecar.get("sha256") != sha256:
            expected = f"the bytes with sha256 {sidecar.get('sha256')} of its sidecar"
            faults.append(Fault(shown(path), 0, "", expected, sha256))
    columns = sidecar.get("columns")
    names = (
        [entry.get("name") for entry in columns if isinstance(entry, dict)]
        if isinstance(columns, list)
        else []
    )
    if names != list(table.column_names):
        expected = f"columns {', '.join(table.column_names)}"
        faults.append(Fault(shown(beside), 0, "columns", expected, ", ".join(map(str, names)) or "none"))
    return faults


def _order_faults(table: Table, one: Found) -> list[Fault]:
    """The first row that is out of order; equal keys are reported elsewhere."""
    order = list(table.order or table.key)
    keys = [tuple(key) for key in one.frame[order].itertuples(index=False)]
    for position in range(1, len(keys)):
        before, here = keys[position - 1], keys[position]
        if any(pd.isna(part) for part in before + here):
            continue
        if here < before:
            expected = f"rows in order of {', '.join(order)}"
            found = f"{_key_text(here)} after {_key_text(before)}"
            return [Fault(one.file, one.lines[position], order[0], expected, found)]
    return []


def _key_text(key: tuple[object, ...]) -> str:
    return " ".join(part.date().isoformat() if isinstance(part, pd.Timestamp) else str(part) for part in key)


def _package_faults(data: Path) -> list[Fault]:
    """``datapackage.json`` against the sidecars: the same tables with the same hashes."""
    path = data / PACKAGE
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
        listed = {resource["path"]: resource["hash"] for resource in package["resources"]}
    except FileNotFoundError:
        return [Fault(shown(path), 0, "", "a data package", "nothing there")]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, KeyError, TypeError) as error:
        return [Fault(shown(path), 0, "", "a data package in JSON", type(error).__name__)]
    faults = []
    for table in TABLES.values():
        beside = sidecar_path(data, table)
        if not beside.exists():
            continue
        try:
            sha256 = f"sha256:{read_sidecar(beside).get('sha256')}"
        except EvidenceError:
            continue
        if listed.pop(table.path, None) != sha256:
            faults.append(Fault(shown(path), 0, "", f"{table.path} with {sha256}", "another hash or none"))
    faults += [
        Fault(shown(path), 0, "", "declared tables", f"the unknown {stray}") for stray in sorted(listed)
    ]
    return faults
