"""The tables as files: the same bytes twice, the types kept, the CSV as published."""

from __future__ import annotations

import datetime
import io
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aleppo.bookkit.downloads import parquet, write_files
from aleppo.bookkit.store import Store
from aleppo.evidence import EvidenceError
from aleppo.evidence.files import sha256_file
from aleppo.evidence.manifest import present_tables
from aleppo.evidence.tables import TABLES
from data_copy import DataCopy


def rows_of(data_copy: DataCopy, name: str) -> pa.Table:
    return pq.read_table(io.BytesIO(parquet(TABLES[name], data_copy.path(name))))


def test_the_same_file_gives_the_same_bytes(data_copy: DataCopy) -> None:
    for name in ("control_spells", "airwars_monthly", "estimates"):
        assert parquet(TABLES[name], data_copy.path(name)) == parquet(TABLES[name], data_copy.path(name))


def test_days_numbers_and_text_keep_their_types(data_copy: DataCopy) -> None:
    schema = rows_of(data_copy, "vdc_deaths_weekly").schema
    assert [str(field.type) for field in schema] == ["date32[day]", "string", "int64"]
    places = rows_of(data_copy, "places").schema
    assert str(places.field("area_km2").type) == "double"


def test_an_empty_cell_is_null_and_never_zero(data_copy: DataCopy) -> None:
    for name, column in (("airwars_monthly", "killed_min"), ("places", "area_km2"), ("events", "note")):
        empty = sum(row[column] == "" for row in data_copy.rows(name))
        assert empty > 0
        assert rows_of(data_copy, name).column(column).null_count == empty


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_cell_of_the_csv_is_in_the_parquet(data_copy: DataCopy, name: str) -> None:
    written = rows_of(data_copy, name)
    table, rows = TABLES[name], data_copy.rows(name)
    assert written.num_rows == len(rows)
    for column in table.columns:
        cells = written.column(column.name).to_pylist()
        for cell, row in zip(cells, rows, strict=True):
            said = row[column.name]
            if isinstance(cell, datetime.date):
                assert cell.isoformat() == said
            elif isinstance(cell, int | float):
                assert cell == float(said)
            else:
                assert (cell or "") == said


def test_units_meanings_and_the_hash_of_the_csv_travel_along(data_copy: DataCopy) -> None:
    schema = rows_of(data_copy, "vdc_deaths_weekly").schema
    assert schema.field("deaths").metadata[b"unit"] == b"people"
    assert schema.field("deaths").metadata[b"hxl"] == b"#affected+killed"
    assert schema.metadata[b"csv_sha256"].decode() == sha256_file(data_copy.path("vdc_deaths_weekly"))


def test_pandas_reads_it_without_the_project(data_copy: DataCopy, tmp_path: Path) -> None:
    path = tmp_path / "spells.parquet"
    path.write_bytes(parquet(TABLES["control_spells"], data_copy.path("control_spells")))
    assert len(pd.read_parquet(path)) == len(data_copy.rows("control_spells"))


def test_a_folder_of_files_is_a_data_package_with_the_published_csv(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    written = write_files(data_copy.folder, tmp_path, Store(tmp_path / "kept"))
    assert len(written) == 4 * len(present_tables(data_copy.folder)) + 1
    assert (tmp_path / "datapackage.json").is_file()
    for table in present_tables(data_copy.folder):
        assert (tmp_path / table.path).read_bytes() == data_copy.path(table.name).read_bytes()


def test_an_unsound_table_is_not_handed_on(data_copy: DataCopy, tmp_path: Path) -> None:
    data_copy.change("towns", lambda row: True, lat="north")
    with pytest.raises(EvidenceError, match="column lat"):
        write_files(data_copy.folder, tmp_path, Store(tmp_path / "kept"))
    assert not (tmp_path / TABLES["towns"].path).exists()
