"""The tables as files of the HTML edition: the CSV as published, the same rows as Parquet and XLSX, the sidecar.

They lie below ``_static/data`` in the folders that they have in ``data/``, with ``datapackage.json`` beside
them, so that this part of a built book is a data package that can be copied and read by itself. Beside them lies the
whole of it as one zip file (`aleppo.bookkit.data_package`).
"""

from __future__ import annotations

import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pyarrow as pa
from sphinx.application import Sphinx

from aleppo.bookkit import data_package, sheets
from aleppo.bookkit.exports import parquet_bytes
from aleppo.bookkit.store import Store
from aleppo.evidence import data_dir
from aleppo.evidence.errors import EvidenceError
from aleppo.evidence.files import sha256_file, write_atomic
from aleppo.evidence.load import read_table
from aleppo.evidence.manifest import PACKAGE, present_tables, read_sidecar, sidecar_path
from aleppo.evidence.rows import read_rows
from aleppo.evidence.tables import Table
from aleppo.evidence.tables.core import DATE, INTEGER, NUMBER, WEEK, Column

FOLDER = Path("_static") / "data"
KINDS = {DATE.name: "date", WEEK.name: "date", INTEGER.name: "integer", NUMBER.name: "number"}
"""Kinds of columns that are not text, as `aleppo.show.plain.kinds` calls them."""


def write_files(data: Path, folder: Path, kept: Store) -> list[Path]:
    """Write every table below ``data`` to ``folder`` as CSV, Parquet, workbook and sidecar; the paths written.

    A workbook that is ``kept`` from an earlier build is not made again.

    Raises EvidenceError with all faults for a table that is not sound: it would not be handed on.
    """
    written: list[Path] = []
    for table in present_tables(data):
        target = folder / table.path
        content = parquet(table, data / table.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        written.append(Path(shutil.copyfile(data / table.path, target)))
        written.append(write_atomic(target.with_suffix(".parquet"), content))
        if (sidecar := sidecar_path(data, table)).is_file():
            written.append(Path(shutil.copyfile(sidecar, target.with_suffix(".yml"))))
            written.append(write_atomic(target.with_suffix(".xlsx"), workbook(table, data, kept)))
    if (data / PACKAGE).is_file():
        written.append(Path(shutil.copyfile(data / PACKAGE, folder / PACKAGE)))
    return written


def parquet(table: Table, path: Path) -> bytes:
    """The rows of the CSV file at ``path`` as Parquet, as published: without the corrections of the register.

    Days are dates, whole numbers 64-bit integers, an empty cell is null. Unit, meaning and HXL tag travel with
    each column, the hash of the CSV with the table. The same file gives the same bytes.
    """
    reading = read_table(table, path)
    if reading.faults or reading.frame is None:
        raise EvidenceError(reading.faults)
    fields = [_field(column) for column in table.columns]
    schema = pa.schema(fields, metadata=_about(table, path))
    arrays = [
        pa.Array.from_pandas(reading.frame[field.name], type=_read_as(field.type)).cast(field.type)
        for field in fields
    ]
    return parquet_bytes(pa.Table.from_arrays(arrays, schema=schema))


def workbook(table: Table, data: Path, kept: Store) -> bytes:
    """The rows of a table below ``data`` as an XLSX file, as published; its first sheet says what the sidecar says."""
    path, beside = data / table.path, sidecar_path(data, table)
    columns = [
        sheets.Column(column.name, KINDS.get(column.kind.name, "text"), column.meaning, column.unit)
        for column in table.columns
    ]
    made_by = (Path(sheets.__file__).read_bytes(), version("xlsxwriter"))
    key = kept.key(path.read_bytes(), beside.read_bytes(), repr(columns), *made_by)
    found = kept.get(key)
    if found is not None:
        return found
    sidecar = read_sidecar(beside)
    return kept.put(key, sheets.workbook(sidecar["title"], _said(sidecar), columns, read_rows(path).rows))


def _said(sidecar: dict[str, Any]) -> dict[str, str]:
    """What the first sheet of a workbook says of a table: heading → words."""
    licence = sidecar["licence"]
    terms = f"{licence['name']}, looked up on {licence['checked']}: {licence['basis']}"
    facts = {
        "Description": sidecar["description"],
        "Published by": sidecar["publisher"],
        "Sources": sidecar["citation"],
        "State of": str(sidecar["retrieved"]),
        "Licence": f"{terms} {licence['url']}".strip(),
        "Please note": " ".join(sidecar["usage_warnings"].values()),
        "Known gaps": " ".join(sidecar["known_gaps"]),
        "SHA-256 of the CSV": sidecar["sha256"],
    }
    return {heading: words for heading, words in facts.items() if words}


def _field(column: Column) -> pa.Field:
    types = {
        DATE.name: pa.date32(),
        WEEK.name: pa.date32(),
        INTEGER.name: pa.int64(),
        NUMBER.name: pa.float64(),
    }
    notes = {"description": column.meaning, "unit": column.unit, "hxl": column.hxl}
    return pa.field(
        column.name,
        types.get(column.kind.name, pa.string()),
        nullable=not column.required,
        metadata={name: note for name, note in notes.items() if note},
    )


def _read_as(wanted: pa.DataType) -> pa.DataType:
    """The type in which pandas holds what is ``wanted``: it has timestamps where the file has days."""
    return pa.timestamp("ns") if wanted == pa.date32() else wanted


def _about(table: Table, path: Path) -> dict[str, str]:
    metadata = table.metadata
    return {
        "title": metadata.title,
        "publisher": metadata.publisher,
        "licence": metadata.licence.name,
        "csv_sha256": sha256_file(path),
    }


def _write(app: Sphinx) -> None:
    if app.builder.format != "html":
        return
    data, folder = data_dir(), Path(app.outdir) / FOLDER
    write_files(data, folder, Store.of(app))
    write_atomic(folder / data_package.NAME, data_package.zipped_package(data, Path(app.srcdir)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the files into the HTML edition when it is begun."""
    app.connect("builder-inited", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
