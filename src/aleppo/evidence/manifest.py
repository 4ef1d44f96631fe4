"""Sidecars and the data package: what a reader is told about each table, made from its declaration.

Beside each ``<name>.csv`` lies ``<name>.yml``. Nothing in it is typed by hand: words come from
``aleppo.evidence.tables``, hash, counts and dates from the file, chapters from what the executed notebooks
recorded. ``datapackage.json`` says the same of all tables to machines (Frictionless, with HXL tags).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from aleppo.evidence.corrections import digests, read_register
from aleppo.evidence.documents import read_yaml
from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.files import sha256_file, write_atomic
from aleppo.evidence.load import read_table, split_list
from aleppo.evidence.paths import repository, shown
from aleppo.evidence.tables import DECLARED, USAGE_WARNINGS, Table
from aleppo.evidence.tables.core import CLOSED, IDS, INTEGER, first_day, last_day
from aleppo.evidence.tables.schema import resource_name, resource_schema

PACKAGE = "datapackage.json"
MADE_FROM = ("file", "version", "sha256")
NOT_STATED = "not stated"
HXL_SCHEMA = "https://hxlstandard.org/standard/1-1final/"


def sidecar_path(data: Path, table: Table) -> Path:
    """Where the sidecar of ``table`` lies below the data folder."""
    return data / table.group / f"{table.name}.yml"


def present_tables(data: Path) -> list[Table]:
    """Declared tables whose file is below ``data``, in the order of declaration."""
    return [table for table in DECLARED.values() if (data / table.path).exists()]


def describe(
    table: Table,
    frame: pd.DataFrame,
    sha256: str,
    chapters: list[str],
    made_from: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The sidecar of ``table`` holding ``frame``, whose file has the given hash.

    ``made_from`` names the publisher's file behind a series: ``file``, ``version``, ``dated`` (the day on which
    the file was last saved) and ``sha256``. When it is not the one that the declaration's words are about, the
    first of the known gaps says so, and version and date are those of the file.
    """
    metadata = table.metadata
    first, last = _date_range(table, frame)
    other = _is_another_file(table, made_from)
    aggregated = metadata.cls == "aggregated"
    return {
        "title": metadata.title,
        "description": metadata.description,
        "class": metadata.cls,
        "publisher": metadata.publisher,
        "citation": _citation(table, made_from if other and metadata.file_sha256 else None),
        "licence": {
            "name": metadata.licence.name,
            "url": metadata.licence.url,
            "checked": metadata.licence.checked,
            "basis": metadata.licence.basis,
        },
        "retrieved": _retrieved(metadata.retrieved, made_from if other else None),
        **({"version": _version(metadata.version, made_from, other)} if aggregated else {}),
        "builder": metadata.builder,
        **({"made_from": {name: made_from[name] for name in MADE_FROM}} if made_from else {}),
        "sha256": sha256,
        "rows": len(frame),
        "first_date": first,
        "last_date": last,
        "columns": [
            {
                "name": column.name,
                "type": column.kind.name,
                "unit": column.unit,
                "meaning": column.meaning,
            }
            for column in table.columns
        ],
        "key": list(table.key),
        "known_gaps": [
            *_another_file(made_from if other and metadata.file_sha256 else None),
            *metadata.known_gaps,
        ],
        "usage_warnings": {name: USAGE_WARNINGS[name] for name in metadata.usage_warnings},
        "chapters": chapters,
        "sources": _source_ids(table, frame),
    }


def _citation(table: Table, another: Mapping[str, str] | None) -> str:
    """How the table is cited; of a file of the reader's own no more is known than its publisher, name and version."""
    metadata = table.metadata
    if another is not None:
        version = another["version"]
        release = f", version {version}" if version != NOT_STATED else ""
        return f"{metadata.publisher}, {another['file']}{release}; aggregated by The Turn at Aleppo."
    return metadata.citation or f"The Turn at Aleppo: {metadata.title}, {metadata.retrieved}."


def _is_another_file(table: Table, made_from: Mapping[str, str] | None) -> bool:
    """Whether a series was made from another file than the one that its declaration is about."""
    return made_from is not None and made_from["sha256"] != table.metadata.file_sha256


def _retrieved(declared: str, another: Mapping[str, str] | None) -> str:
    """The date of the data: of a file of the reader's own, the day on which it was saved."""
    return declared if another is None else another.get("dated") or declared


def _version(declared: str, made_from: Mapping[str, str] | None, other: bool) -> str:
    """The publisher's version: of the declaration's file what is known of it, else what the file states."""
    if made_from is None:
        return NOT_STATED
    return declared if declared and not other else made_from["version"]


def _another_file(made_from: Mapping[str, str] | None) -> list[str]:
    """A warning for a series that was not made from the file that the declaration is about."""
    if made_from is None:
        return []
    return [
        f"Made from {made_from['file']} (version {made_from['version']}): what is said here of span, version "
        "and gaps is about the file behind the book's own series."
    ]


def _made_from(sidecar: Path, sha256: str) -> dict[str, str] | None:
    """What the sidecar that is there says of the publisher's file, if it is about the same series.

    Only the ingest has seen that file, so this is the one statement that cannot be computed anew.
    """
    try:
        content = read_sidecar(sidecar)
    except EvidenceError:
        return None
    made_from = content.get("made_from")
    if content.get("sha256") != sha256 or not isinstance(made_from, dict):
        return None
    dated = str(content.get("retrieved", ""))
    return {name: str(made_from.get(name, "")) for name in MADE_FROM} | {"dated": dated}


def render_sidecar(content: dict[str, Any]) -> str:
    """The sidecar as YAML text: the same content gives the same bytes."""
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def read_sidecar(path: Path) -> dict[str, Any]:
    """The content of the sidecar at ``path``; EvidenceError when it is not one."""
    content = read_yaml(path, "a sidecar")
    if not isinstance(content, dict):
        raise EvidenceError([Fault(shown(path), 1, "", "a sidecar in YAML", "no names with values")])
    return content


def chapters_by_table(notebooks: Path | None = None) -> dict[str, list[str]]:
    """Table name → notebooks that loaded it when they were last executed, as names without ending.

    Read from the ``aleppo.loads`` metadata that the runner stores in each notebook.
    """
    folder = notebooks if notebooks is not None else repository() / "notebooks"
    used: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        metadata = json.loads(path.read_text(encoding="utf-8")).get("metadata", {})
        for name in metadata.get("aleppo", {}).get("loads", []):
            used.setdefault(name, []).append(path.stem)
    return used


def sidecars(data: Path) -> dict[Path, str]:
    """Path → text of every sidecar as it should be for the tables that are below ``data``.

    Raises EvidenceError with the faults of all tables when one of them is not sound.
    """
    chapters = chapters_by_table()
    register = read_register(data)
    faults: list[Fault] = []
    texts: dict[Path, str] = {}
    for table in present_tables(data):
        path = data / table.path
        reading = read_table(table, path)
        if reading.faults or reading.frame is None:
            faults.extend(reading.faults)
            continue
        sha256 = sha256_file(path)
        made_from = _made_from(sidecar_path(data, table), sha256)
        content = describe(table, reading.frame, sha256, chapters.get(table.name, []), made_from)
        if corrected := digests(register, table.name):
            content["corrections"] = corrected
        texts[sidecar_path(data, table)] = render_sidecar(content)
    if faults:
        raise EvidenceError(faults)
    return texts


def write_sidecars(data: Path) -> list[Path]:
    """Write every sidecar and ``datapackage.json`` that is missing or out of date; return those written.

    This declares the files as they are to be the published ones, so it is a step of its own and no side
    effect of another. Raises EvidenceError, and writes nothing, while a table is not sound.
    """
    written = [path for path, text in sidecars(data).items() if _write_if_new(path, text)]
    return written + write_package(data)


def write_chapters(data: Path) -> list[Path]:
    """Bring only the ``chapters`` of the sidecars up to date with the executed notebooks.

    Hashes stay as they are: that a notebook ran says nothing about who changed a table.
    """
    chapters = chapters_by_table()
    written = []
    for table in present_tables(data):
        path = sidecar_path(data, table)
        if path.is_file():
            content = read_sidecar(path) | {"chapters": chapters.get(table.name, [])}
            if _write_if_new(path, render_sidecar(content)):
                written.append(path)
    return written


def write_package(data: Path) -> list[Path]:
    """Write ``datapackage.json`` if it is missing or out of date with the sidecars; return it if written."""
    package = data / PACKAGE
    return [package] if _write_if_new(package, render_package(datapackage(data))) else []


def stale_sidecars(data: Path) -> list[Path]:
    """Sidecars and data package that ``write_sidecars`` would write."""
    stale = [path for path, text in sidecars(data).items() if _text_of(path) != text]
    package = data / PACKAGE
    if _text_of(package) != render_package(datapackage(data)):
        stale.append(package)
    return stale


def datapackage(data: Path) -> dict[str, Any]:
    """The Frictionless data package of the tables below ``data`` that have a sidecar.

    Hashes are those of the sidecars, not of the files, so that a changed file does not pass for published.
    """
    described = [
        (table, read_sidecar(sidecar_path(data, table)))
        for table in present_tables(data)
        if sidecar_path(data, table).is_file()
    ]
    vintage = max((str(sidecar.get("retrieved")) for _, sidecar in described), default=CLOSED)
    return {
        "name": "the-turn-at-aleppo",
        "title": "The Turn at Aleppo: evidence tables and series",
        "description": (
            "Evidence on the battle for Aleppo, 2012–2016, compiled from published sources: control of the "
            "city and the towns around it, the toll, and the international response."
        ),
        "profile": "tabular-data-package",
        "created": f"{vintage}T00:00:00Z",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "hxl": HXL_SCHEMA,
        "resources": [_resource(table, sidecar) for table, sidecar in described],
    }


def render_package(content: dict[str, Any]) -> str:
    """The data package as JSON text: the same content gives the same bytes."""
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _resource(table: Table, sidecar: dict[str, Any]) -> dict[str, Any]:
    metadata = table.metadata
    licence: dict[str, str] = {"name": metadata.licence.name.replace(" ", "-")}
    if metadata.licence.url:
        licence["path"] = metadata.licence.url
    return {
        "name": resource_name(table.name),
        "type": "table",
        "title": metadata.title,
        "description": metadata.description,
        "path": table.path,
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "hash": f"sha256:{sidecar.get('sha256')}",
        "licenses": [licence],
        "sources": [{"title": metadata.publisher}],
        "schema": resource_schema(table),
    }


def _date_range(table: Table, frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """First and last day in the table's date columns; None for a table without dates."""
    firsts: list[pd.Timestamp] = []
    lasts: list[pd.Timestamp] = []
    for name in table.metadata.dates:
        cells = frame[name].dropna()
        if cells.empty:
            continue
        if table.column(name).kind is INTEGER:
            cells = cells.astype("string")
        if pd.api.types.is_datetime64_any_dtype(cells):
            firsts.append(cells.min())
            lasts.append(cells.max())
        else:
            firsts.append(first_day(cells).min())
            lasts.append(last_day(cells).max())
    if not firsts:
        return None, None
    return min(firsts).date().isoformat(), max(lasts).date().isoformat()


def _source_ids(table: Table, frame: pd.DataFrame) -> list[str]:
    """Ids of the sources behind the table: those it names as a whole and those of its rows."""
    ids = set(table.metadata.sources)
    for column, target, _ in table.references:
        if target == "sources" and column.kind is IDS:
            for cell in frame[column.name].dropna():
                ids.update(split_list(cell))
    return sorted(ids)


def _text_of(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _write_if_new(path: Path, text: str) -> bool:
    if _text_of(path) == text:
        return False
    write_atomic(path, text)
    return True
