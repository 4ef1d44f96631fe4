"""Is this the published data, and does it hold together?

``verify`` looks at a whole data folder and collects everything wrong with it: files against the hashes of
their sidecars, cells against the declarations, references between tables, spells against the calendar, and
votes against their totals; all of it as published, and once more after the register of corrections. A fault
of one kind never hides one of another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from aleppo.evidence.checks import (
    Found,
    reference_faults,
    spell_faults,
    twin_faults,
    unused_sources,
    vote_faults,
)
from aleppo.evidence.corrections import (
    REGISTER,
    Correction,
    digests,
    of_table,
    read_register,
    target_faults,
)
from aleppo.evidence.differences import TableChange, changes
from aleppo.evidence.documents import read_json
from aleppo.evidence.errors import AleppoError, EvidenceError, Fault
from aleppo.evidence.files import sha256_file
from aleppo.evidence.forms import SIDECAR, form_faults, with_days_as_text
from aleppo.evidence.load import Reading, read_corrected, read_table, remedy
from aleppo.evidence.manifest import PACKAGE, read_sidecar, sidecar_path
from aleppo.evidence.paths import data_files, repository, shown
from aleppo.evidence.rows import quoted
from aleppo.evidence.spreadsheets import computes
from aleppo.evidence.tables import DECLARED, OWN_FILE_TABLES, TABLES, Table


@dataclass(frozen=True)
class Report:
    """The result of a verification: every fault, and the counts of what was read.

    Worth knowing and no fault: ``unused`` sources that no table refers to, ``absent`` series, and what is
    ``changed`` of the published tables.
    """

    faults: tuple[Fault, ...]
    tables: int
    rows: int
    sources: int
    unused: tuple[str, ...] = ()
    corrections: int = 0
    absent: tuple[str, ...] = ()
    changed: tuple[TableChange, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on what is corrected, absent or other than published."""
        corrected = (
            (f"corrected on loading: {self.corrections} rows, by {REGISTER}",) if self.corrections else ()
        )
        return (
            *corrected,
            *(f"absent: {name} ({remedy(DECLARED[name])})" for name in self.absent),
            *(f"other than published: {change.name} ({change.line})" for change in self.changed),
        )

    @property
    def line(self) -> str:
        """The closing line: what was verified, or how much is wrong."""
        if self.faults:
            return f"data not verified: {len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"
        counted = f"{self.tables:,} tables, {self.rows:,} rows, {self.sources:,} sources"
        return f"data verified: {counted}"


def verify(data: Path) -> Report:
    """Check every file below ``data``.

    Raises AleppoError when ``data`` is not a folder, or holds what is not to be read at all (`data_files`).
    """
    if not data.is_dir():
        instead = "a file" if data.exists() else "nothing there"
        raise AleppoError(f"{shown(data)}: expected a folder of data, found {instead}")
    data_files(data)
    published = _is_published(data)
    absent = [] if published else _absent_series(data)
    faults = _stray_files(data, absent)
    register, unreadable = _register(data)
    faults += unreadable
    readings: dict[str, Reading] = {}
    for table in DECLARED.values():
        path = data / table.path
        if not path.exists() and (table.name in OWN_FILE_TABLES or table.name in absent):
            continue
        if not path.exists():
            faults.append(Fault(shown(path), 0, "", "a file", "nothing there"))
            continue
        faults += _sidecar_faults(data, table, digests(register, table.name))
        readings[table.name] = read_table(table, path)
    faults += _package_faults(data, absent)
    faults += content_faults(data, readings)
    found = _found(data, readings)
    cited = {source for one in register for source in one.source_ids}
    return Report(
        faults=tuple(sorted(set(faults))),
        tables=len(found),
        rows=sum(len(one.frame) for one in found.values()),
        sources=len(found["sources"].frame) if "sources" in found else 0,
        unused=tuple(source for source in unused_sources(found) if source not in cited),
        corrections=len(register),
        absent=tuple(absent),
        changed=() if published else changes(data),
    )


def content_faults(data: Path, readings: Mapping[str, Reading]) -> list[Fault]:
    """What is wrong with the content of tables that were read from below ``data``, whatever their sidecars say.

    Cells and rows of each table, their order, what tables say of each other, and all of it once more after the
    corrections. ``readings`` is table → `aleppo.evidence.load.read_table` of its file.
    """
    register, _ = _register(data)
    found = _found(data, readings)
    sound = [name for name in found if not readings[name].faults]
    faults = [fault for reading in readings.values() for fault in reading.faults]
    for name, one in found.items():
        faults += [*_order_faults(DECLARED[name], one), *_formula_faults(DECLARED[name], one)]
    between = _faults_between(found)
    return [*faults, *between, *_correction_faults(data, found, sound, register, between)]


def _found(data: Path, readings: Mapping[str, Reading]) -> dict[str, Found]:
    """The tables that could be read, as the checks between tables want them."""
    return {
        name: Found(shown(data / DECLARED[name].path), reading.frame, reading.lines)
        for name, reading in readings.items()
        if reading.frame is not None
    }


def _faults_between(found: dict[str, Found]) -> list[Fault]:
    """What is wrong between tables, or between rows of one."""
    return [*reference_faults(found), *twin_faults(found), *spell_faults(found), *vote_faults(found)]


def _register(data: Path) -> tuple[tuple[Correction, ...], list[Fault]]:
    """The corrections of tables that there are, and what is wrong with the register's form."""
    try:
        register = read_register(data)
    except EvidenceError as error:
        return (), list(error.faults)
    return tuple(one for one in register if one.target in DECLARED), target_faults(register)


def _correction_faults(
    data: Path,
    found: dict[str, Found],
    sound: list[str],
    register: tuple[Correction, ...],
    between: list[Fault],
) -> list[Fault]:
    """What is wrong with sound tables only once they are corrected, told of the corrections.

    ``between`` is what is wrong between the tables before that.
    """
    sources = set(found["sources"].frame["source_id"].dropna()) if "sources" in found else set()
    faults: list[Fault] = []
    corrected = dict(found)
    for name in sorted({one.target for one in register} & set(sound)):
        table = DECLARED[name]
        reading = read_corrected(table, data / table.path, of_table(register, name), sources)
        faults += reading.faults
        if reading.frame is not None:
            corrected[name] = Found(found[name].file, reading.frame, reading.lines)
    if not register:
        return faults
    labels = ", ".join(one.label for one in register)
    brought = set(_faults_between(corrected)) - set(between)
    return faults + [
        replace(fault, found=f"{fault.found}, once {REGISTER} is applied ({labels})") for fault in brought
    ]


def _is_published(data: Path) -> bool:
    """Whether ``data`` is the repository's own folder, in which nothing may be absent."""
    return data.resolve() == (repository() / "data").resolve()


def _absent_series(data: Path) -> list[str]:
    """Published series that ``data`` does not have."""
    return [
        table.name
        for table in TABLES.values()
        if table.metadata.cls == "aggregated" and not (data / table.path).exists()
    ]


def _stray_files(data: Path, absent: list[str]) -> list[Fault]:
    """CSV files that no declaration knows, and sidecars without their CSV that is not known to be absent."""
    known = {data / table.path for table in DECLARED.values()}
    faults = [
        Fault(shown(path), 0, "", "a declared table", "a file of an unknown table")
        for path in sorted(data.rglob("*.csv"))
        if path not in known
    ]
    groups = {table.group for table in DECLARED.values()}
    for path in sorted(path for group in groups for path in (data / group).glob("*.yml")):
        if not path.with_suffix(".csv").exists() and path.stem not in absent:
            faults.append(Fault(shown(path), 0, "", f"{path.stem}.csv beside it", "a sidecar alone"))
    return faults


def _sidecar_faults(data: Path, table: Table, corrections: dict[str, str]) -> list[Fault]:
    """The file and its corrections (label → hash) against what its sidecar says of them."""
    path, beside = data / table.path, sidecar_path(data, table)
    if not beside.exists():
        return [Fault(shown(path), 0, "", f"a sidecar {beside.name} beside it", "none")]
    try:
        sidecar = read_sidecar(beside)
    except EvidenceError as error:
        return list(error.faults)
    faults = form_faults(beside, with_days_as_text(sidecar), SIDECAR)
    if path.is_file():
        sha256 = sha256_file(path)
        if sidecar.get("sha256") != sha256:
            expected = f"the bytes with sha256 {sidecar.get('sha256')} of its sidecar"
            faults.append(Fault(shown(path), 0, "", expected, sha256))
    if sidecar.get("corrections", {}) != corrections:
        expected = (
            f"the corrections of {REGISTER} ({', '.join(corrections) or 'none'}); run `aleppo sidecars`"
        )
        faults.append(Fault(shown(beside), 0, "corrections", expected, "others"))
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
    keys = [tuple(key) for key in one.frame[order].itertuples(index=False, name=None)]
    unknown = one.frame[order].isna().any(axis="columns").tolist()
    for position in range(1, len(keys)):
        before, here = keys[position - 1], keys[position]
        if unknown[position - 1] or unknown[position]:
            continue
        if here < before:
            expected = f"rows in order of {', '.join(order)}"
            found = f"{_key_text(here)} after {_key_text(before)}"
            return [Fault(one.file, one.lines[position], order[0], expected, found)]
    return []


def _formula_faults(table: Table, one: Found) -> list[Fault]:
    """Cells that a spreadsheet would compute: the file is handed on as it is, so that they may not be in it."""
    faults = []
    for column in table.columns:
        cells = one.frame[column.name]
        if cells.dtype != "string":
            continue
        for cell in cells.dropna().unique():
            if computes(cell):
                position = cells.tolist().index(cell)
                expected = "words that no spreadsheet takes for a formula"
                faults.append(Fault(one.file, one.lines[position], column.name, expected, quoted(cell)))
    return faults


def _key_text(key: tuple[object, ...]) -> str:
    return " ".join(part.date().isoformat() if isinstance(part, pd.Timestamp) else str(part) for part in key)


def _package_faults(data: Path, absent: list[str]) -> list[Fault]:
    """``datapackage.json`` against the sidecars: the same tables with the same hashes, but for absent ones."""
    path = data / PACKAGE
    if not path.exists():
        return [Fault(shown(path), 0, "", "a data package", "nothing there")]
    try:
        package = read_json(path, "a data package")
        # paths are compared with those of the declarations, and never opened
        listed = {str(resource["path"]): resource["hash"] for resource in package["resources"]}
    except EvidenceError as error:
        return list(error.faults)
    except (KeyError, TypeError) as error:
        return [Fault(shown(path), 0, "", "a data package in JSON", type(error).__name__)]
    faults = []
    for table in DECLARED.values():
        beside = sidecar_path(data, table)
        if table.name in absent:
            listed.pop(table.path, None)
        if table.name in absent or not beside.exists():
            continue
        try:
            sha256 = f"sha256:{read_sidecar(beside).get('sha256')}"
        except EvidenceError:
            continue
        if listed.pop(table.path, None) != sha256:
            faults.append(Fault(shown(path), 0, "", f"{table.path} with {sha256}", "another hash or none"))
    faults += [
        Fault(shown(path), 0, "", "declared tables", f"the unknown {quoted(stray)}")
        for stray in sorted(listed)
    ]
    return faults
