"""The declarations agree with themselves, and say things that a reader understands."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from aleppo.evidence.tables import TABLES, USAGE_WARNINGS, Table
from aleppo.evidence.tables.core import IDS, first_day, last_day
from aleppo.evidence.tables.schema import dataframe_schema, resource_schema

every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))


@every_table
def test_key_order_and_dates_are_columns(table: Table) -> None:
    named = {*table.key, *table.order, *table.metadata.dates}
    assert table.key
    assert named <= set(table.column_names)


@every_table
def test_no_column_is_declared_twice(table: Table) -> None:
    assert len(set(table.column_names)) == len(table.columns)


@every_table
def test_references_lead_to_the_key_of_a_table(table: Table) -> None:
    for _, target, column in table.references:
        assert TABLES[target].key == (column,)


@every_table
def test_row_checks_speak_of_columns_that_are_there(table: Table) -> None:
    for check in table.checks:
        assert set(check.columns) <= set(table.column_names)


@every_table
def test_every_column_means_something_in_a_sentence(table: Table) -> None:
    for column in table.columns:
        assert re.fullmatch(r"[A-Z].{8,}\.", column.meaning), column.name


@every_table
def test_the_usage_warnings_are_of_the_vocabulary(table: Table) -> None:
    assert set(table.metadata.usage_warnings) <= set(USAGE_WARNINGS)
    assert len(set(table.metadata.usage_warnings)) == len(table.metadata.usage_warnings)


@every_table
def test_the_metadata_names_title_licence_and_a_day_of_its_check(table: Table) -> None:
    metadata = table.metadata
    assert metadata.title and metadata.description.endswith(".")
    assert metadata.cls in {"compiled", "aggregated"}
    assert metadata.licence.name and metadata.licence.basis
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", metadata.licence.checked)
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", metadata.retrieved)


def test_every_usage_warning_is_used_and_is_a_sentence() -> None:
    used = {name for table in TABLES.values() for name in table.metadata.usage_warnings}
    assert used == set(USAGE_WARNINGS)
    assert all(sentence.endswith(".") for sentence in USAGE_WARNINGS.values())


@every_table
def test_the_schema_is_strict_and_typed_by_the_declaration(table: Table) -> None:
    schema = dataframe_schema(table)
    assert schema.strict and schema.ordered and schema.coerce
    assert schema.unique == list(table.key)
    assert {name: str(column.dtype) for name, column in schema.columns.items()} == {
        column.name: column.kind.dtype.replace("string", "string[pyarrow]")
        if "pyarrow" in str(schema.columns[column.name].dtype)
        else column.kind.dtype
        for column in table.columns
    }


@every_table
def test_the_resource_lists_the_same_columns_and_keys(table: Table) -> None:
    schema = resource_schema(table)
    assert [field["name"] for field in schema["fields"]] == list(table.column_names)
    assert schema["primaryKey"] == list(table.key)
    foreign = {key["fields"][0] for key in schema.get("foreignKeys", [])}
    assert foreign == {column.name for column, _, _ in table.references if column.kind is not IDS}


@every_table
def test_hxl_tags_are_written_as_hxl_writes_them(table: Table) -> None:
    tags = [column.hxl for column in table.columns if column.hxl]
    assert tags
    for tag in tags:
        assert re.fullmatch(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*", tag), tag


def test_a_partial_date_spans_its_day_its_month_or_its_year() -> None:
    cells = pd.Series(["2016", "2016-02", "2016-02-29", "2016-02-30"], dtype="string")
    assert first_day(cells).dt.strftime("%Y-%m-%d").tolist()[:3] == ["2016-01-01", "2016-02-01", "2016-02-29"]
    assert last_day(cells).dt.strftime("%Y-%m-%d").tolist()[:3] == ["2016-12-31", "2016-02-29", "2016-02-29"]
    assert first_day(cells).isna().tolist() == [False, False, False, True]
