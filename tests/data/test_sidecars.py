"""Every table says all that a reader has to know before using it; nothing of it is only declared."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from aleppo.evidence.manifest import PACKAGE, chapters_by_table, read_sidecar, sidecar_path
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.tables import DECLARED, TABLES, USAGE_WARNINGS, Table
from aleppo.evidence.tables.core import CLOSED, INTEGER, NUMBER

HXL = re.compile(r"#[a-z][a-z0-9_]*(\+[a-z][a-z0-9_]*)*")
ONE_LINE = re.compile(r"[^\n]*")
every_table = pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
every_declared = pytest.mark.parametrize("table", DECLARED.values(), ids=list(DECLARED))


@pytest.fixture(autouse=True)
def committed_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


def sidecar(table: Table) -> dict[str, Any]:
    return read_sidecar(sidecar_path(repository() / "data", table))


@every_table
def test_a_sidecar_leaves_nothing_open(table: Table) -> None:
    said = sidecar(table)
    for name in ("title", "description", "class", "publisher", "citation", "retrieved", "builder", "sha256"):
        assert said[name], name
    assert said["class"] in ("compiled", "aggregated")
    assert said["rows"] > 0
    assert bool(said["first_date"]) == bool(table.metadata.dates)
    assert said["known_gaps"], "a table without a known gap has not been looked at"


@every_table
def test_a_licence_has_a_name_the_day_it_was_looked_up_and_what_against(table: Table) -> None:
    licence = sidecar(table)["licence"]
    assert licence["name"]
    assert date.fromisoformat(licence["checked"]) <= date.fromisoformat(CLOSED)
    assert len(licence["basis"]) > 20
    assert licence["name"] == "not stated" or licence["url"].startswith("https://")


@every_declared
def test_warnings_are_of_the_vocabulary_and_said_in_its_words(table: Table) -> None:
    names = table.metadata.usage_warnings
    assert set(names) <= set(USAGE_WARNINGS)
    assert len(set(names)) == len(names)
    if table.name in TABLES:
        assert sidecar(table)["usage_warnings"] == {name: USAGE_WARNINGS[name] for name in names}


def test_every_word_of_the_vocabulary_is_used() -> None:
    used = {name for table in DECLARED.values() for name in table.metadata.usage_warnings}
    assert used == set(USAGE_WARNINGS)


@every_declared
def test_a_column_has_a_meaning_in_a_sentence_a_unit_where_it_counts_and_an_hxl_tag(table: Table) -> None:
    for column in table.columns:
        assert column.meaning.endswith(".") and len(column.meaning) >= 10, column.name
        assert ONE_LINE.fullmatch(column.meaning), column.name
        assert bool(column.unit) or column.kind not in (INTEGER, NUMBER), column.name
        assert HXL.fullmatch(column.hxl), column.name


@every_declared
def test_no_two_columns_of_a_table_have_one_hxl_tag(table: Table) -> None:
    tags = [column.hxl for column in table.columns]
    assert sorted(tags) == sorted(set(tags))


@every_table
def test_chapters_are_those_that_loaded_the_table_when_they_were_executed(table: Table) -> None:
    assert sidecar(table)["chapters"] == chapters_by_table().get(table.name, [])


@every_table
def test_a_series_names_its_publishers_file_its_version_and_how_it_is_made(table: Table) -> None:
    said = sidecar(table)
    if table.metadata.cls == "compiled":
        assert "made_from" not in said and "version" not in said
        return
    if not said["builder"].startswith("aleppo ingest"):  # computed from other series by the book itself
        assert said["builder"].startswith("aleppo ") and "made_from" not in said
        return
    assert said["version"] not in ("", "not stated"), "say what is known of the release"
    assert said["made_from"]["sha256"] == table.metadata.file_sha256
    assert said["made_from"]["file"]
    assert said["builder"] == f"aleppo ingest {said['builder'].split()[2]} FILE"
    assert said["sources"] or said["citation"]


@every_declared
def test_a_series_whose_publisher_goes_on_revising_warns_of_it(table: Table) -> None:
    finished = {"coalition_strikes_weekly"}
    if table.metadata.cls == "aggregated" and table.name not in finished:
        assert "vintage" in table.metadata.usage_warnings


def test_the_data_package_carries_units_meanings_tags_licences_and_hashes_of_all() -> None:
    package = json.loads((repository() / "data" / PACKAGE).read_text(encoding="utf-8"))
    listed = {resource["path"]: resource for resource in package["resources"]}
    assert set(listed) == {table.path for table in TABLES.values()}
    for table in TABLES.values():
        resource, said = listed[table.path], sidecar(table)
        assert resource["hash"] == f"sha256:{said['sha256']}"
        assert resource["licenses"][0]["name"]
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(fields) == [column["name"] for column in said["columns"]]
        for column in table.columns:
            field = fields[column.name]
            assert (field["description"], field["hxl"]) == (column.meaning, column.hxl)
            assert field.get("unit", "") == column.unit
