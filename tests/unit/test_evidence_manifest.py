"""Sidecars and data package: made from the declaration and the file, the same every time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from aleppo.evidence import TABLES, EvidenceError, load, verify
from aleppo.evidence.files import sha256_file
from aleppo.evidence.manifest import (
    chapters_by_table,
    datapackage,
    describe,
    read_sidecar,
    render_package,
    render_sidecar,
    sidecar_path,
    stale_sidecars,
    write_chapters,
    write_sidecars,
)
from data_copy import DataCopy


def notebook(path: Path, *loads: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": [], "metadata": {"aleppo": {"loads": list(loads)}}}))


def test_a_sidecar_holds_the_contract_in_order(data_copy: DataCopy) -> None:
    content = describe(TABLES["towns"], load("towns"), "0" * 64, ["fronts"])
    assert list(content) == [
        "title",
        "description",
        "class",
        "publisher",
        "citation",
        "licence",
        "retrieved",
        "builder",
        "sha256",
        "rows",
        "first_date",
        "last_date",
        "columns",
        "key",
        "known_gaps",
        "usage_warnings",
        "chapters",
        "sources",
    ]
    assert list(content["licence"]) == ["name", "url", "checked", "basis"]
    assert list(content["columns"][0]) == ["name", "type", "unit", "meaning"]
    assert content["rows"] == len(data_copy.rows("towns"))
    assert content["chapters"] == ["fronts"]


MADE_FROM = {"file": "ged.csv", "version": "26.1", "dated": "2027-06-01", "sha256": "1" * 64}


def test_a_series_made_from_another_file_has_the_version_and_date_of_that_file() -> None:
    table = TABLES["ucdp_ged_monthly"]
    content = describe(table, load(table.name), "0" * 64, [], MADE_FROM)
    assert (content["version"], content["retrieved"]) == ("26.1", "2027-06-01")
    assert content["made_from"] == {"file": "ged.csv", "version": "26.1", "sha256": "1" * 64}
    assert content["known_gaps"][0].startswith("Made from ged.csv (version 26.1)")


def test_a_series_made_from_the_file_of_its_declaration_has_what_is_known_of_that_file() -> None:
    table = TABLES["ucdp_ged_monthly"]
    own = MADE_FROM | {"version": "not stated", "sha256": table.metadata.file_sha256}
    content = describe(table, load(table.name), "0" * 64, [], own)
    assert content["version"] == table.metadata.version
    assert content["retrieved"] == table.metadata.retrieved
    assert content["known_gaps"] == list(table.metadata.known_gaps)


def test_a_series_of_unknown_origin_claims_no_version() -> None:
    table = TABLES["ucdp_ged_monthly"]
    assert describe(table, load(table.name), "0" * 64, [])["version"] == "not stated"


def test_renewing_sidecars_keeps_the_date_and_version_of_the_readers_own_file(data_copy: DataCopy) -> None:
    table = TABLES["ucdp_ged_monthly"]
    beside, sha256 = sidecar_path(data_copy.folder, table), sha256_file(data_copy.path(table.name))
    mine = render_sidecar(describe(table, load(table.name), sha256, [], MADE_FROM))
    beside.write_text(mine, encoding="utf-8")
    write_sidecars(data_copy.folder)
    again = read_sidecar(beside)
    assert (again["version"], again["retrieved"]) == ("26.1", "2027-06-01")


def test_a_sidecar_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    content = describe(TABLES["events"], load("events"), "0" * 64, [])
    path = tmp_path / "events.yml"
    path.write_text(render_sidecar(content), encoding="utf-8")
    assert read_sidecar(path) == content
    assert render_sidecar(read_sidecar(path)) == render_sidecar(content)


def test_dates_come_from_the_rows_also_partial_ones() -> None:
    spells = describe(TABLES["control_spells"], load("control_spells"), "", [])
    assert (spells["first_date"], spells["last_date"]) == ("2012-07-19", "2016-12-22")
    months = describe(TABLES["monthly_published"], load("monthly_published"), "", [])
    assert months["first_date"].endswith("-01")
    assert months["last_date"] > months["first_date"]
    seats = describe(TABLES["unsc_membership"], load("unsc_membership"), "", [])
    assert (seats["first_date"], seats["last_date"]) == ("2011-01-01", "2017-12-31")
    assert describe(TABLES["towns"], load("towns"), "", [])["first_date"] is None


def test_sources_are_those_of_the_rows_and_those_of_the_table() -> None:
    frame = load("access")
    assert set(";".join(frame["source_ids"].dropna()).split(";")) == set(
        describe(TABLES["access"], frame, "", [])["sources"]
    )
    series = TABLES["vdc_deaths_weekly"]
    assert describe(series, load("vdc_deaths_weekly"), "", [])["sources"] == list(series.metadata.sources)


def test_chapters_come_from_what_the_notebooks_recorded(tmp_path: Path) -> None:
    notebook(tmp_path / "b.ipynb", "towns")
    notebook(tmp_path / "a.ipynb", "towns", "places")
    (tmp_path / "c.ipynb").write_text('{"cells": [], "metadata": {}}')
    assert chapters_by_table(tmp_path) == {"places": ["a"], "towns": ["a", "b"]}


def test_writing_twice_writes_nothing_the_second_time(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="changed")
    written = {path.name for path in write_sidecars(data_copy.folder)}
    assert {"towns.yml", "datapackage.json"} <= written
    before = data_copy.fingerprint()
    assert write_sidecars(data_copy.folder) == []
    assert stale_sidecars(data_copy.folder) == []
    assert data_copy.fingerprint() == before
    assert verify(data_copy.folder).faults == ()


def test_unsound_data_gets_no_sidecars(data_copy: DataCopy) -> None:
    data_copy.change("places", lambda row: True, note="changed")
    data_copy.change("towns", lambda row: True, lat="north")
    before = data_copy.fingerprint()
    with pytest.raises(EvidenceError, match="column lat"):
        write_sidecars(data_copy.folder)
    assert data_copy.fingerprint() == before


def test_bringing_chapters_up_to_date_does_not_bless_a_changed_table(
    data_copy: DataCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_copy.change("towns", lambda row: True, note="changed")
    monkeypatch.setattr("aleppo.evidence.manifest.chapters_by_table", lambda: {"towns": ["fronts"]})
    write_chapters(data_copy.folder)
    sidecar = read_sidecar(sidecar_path(data_copy.folder, TABLES["towns"]))
    assert sidecar["chapters"] == ["fronts"]
    assert sidecar["sha256"] != sha256_file(data_copy.path("towns"))


def test_a_package_carries_the_hashes_of_the_sidecars(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="changed")
    hashes = {resource["path"]: resource["hash"] for resource in datapackage(data_copy.folder)["resources"]}
    assert hashes["evidence/towns.csv"] != f"sha256:{sha256_file(data_copy.path('towns'))}"
    assert hashes["evidence/places.csv"] == f"sha256:{sha256_file(data_copy.path('places'))}"


def test_the_package_text_is_the_same_twice(data_copy: DataCopy) -> None:
    one, two = (render_package(datapackage(data_copy.folder)) for _ in range(2))
    assert one == two
    assert one.endswith("}\n")


@pytest.mark.parametrize("text", ["- a\n- b\n", "title: [\n", "just words\n"])
def test_what_is_no_sidecar_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.yml"
    path.write_text(text)
    with pytest.raises(EvidenceError, match="expected a sidecar in YAML") as caught:
        read_sidecar(path)
    assert "\n" not in str(caught.value)


def test_plain_yaml_readers_see_lists_and_names_only(data_copy: DataCopy) -> None:
    content = yaml.safe_load(sidecar_path(data_copy.folder, TABLES["towns"]).read_text(encoding="utf-8"))
    assert isinstance(content["retrieved"], str)
    assert set(content["usage_warnings"]) == set(TABLES["towns"].metadata.usage_warnings)
