"""What load hands out, and what it says of a table that is not sound."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from aleppo.evidence import TABLES, AleppoError, EvidenceError, load, loaded, split_list
from aleppo.evidence.errors import Fault
from data_copy import DataCopy, Row


def faults_of(table: str) -> list[Fault]:
    with pytest.raises(EvidenceError) as caught:
        load(table)
    assert all("\n" not in str(fault) for fault in caught.value.faults)
    return list(caught.value.faults)


def only_fault(table: str) -> Fault:
    (fault,) = faults_of(table)
    return fault


def first(row: Row) -> bool:
    return True


def test_a_frame_is_typed_as_its_table_is_declared() -> None:
    frame = load("events")
    assert frame["date_start"].dtype == "datetime64[ns]"
    assert isinstance(frame["summary"].dtype, pd.StringDtype)
    assert frame["lat"].dtype == "float64"
    assert load("unsc_votes")["yes"].dtype == "Int64"
    assert list(frame.columns) == list(TABLES["events"].column_names)
    assert frame.index.equals(pd.RangeIndex(len(frame)))


def test_an_empty_cell_is_missing_and_never_zero() -> None:
    estimates = load("estimates")
    assert estimates["low"].isna().any()
    assert estimates["note"].isna().any()
    assert not (estimates["note"] == "").any()


def test_each_call_returns_a_frame_of_its_own() -> None:
    one = load("towns")
    one["lat"] = 0.0
    assert (load("towns")["lat"] > 30).all()


def test_a_list_valued_cell_splits_into_its_codes() -> None:
    assert split_list("CHN;RUS") == ["CHN", "RUS"]
    assert split_list(pd.NA) == split_list(None) == split_list("") == []


def test_a_use_is_recorded_in_the_process_and_in_the_named_file(
    data_copy: DataCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "loads"
    monkeypatch.setenv("ALEPPO_LOADS", str(record))
    for name in ("towns", "places", "towns"):
        load(name)
    assert loaded() == ("towns", "places")
    assert record.read_text() == "towns\nplaces\ntowns\n"


def test_a_table_that_failed_is_not_recorded_as_used(data_copy: DataCopy) -> None:
    data_copy.path("towns").write_text("")
    faults_of("towns")
    assert loaded() == ()


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(AleppoError, match=r"evnets: expected the name of a table.*did you mean events"):
        load("evnets")


def test_a_changed_file_is_read_anew(data_copy: DataCopy) -> None:
    before = load("towns")
    data_copy.change("towns", first, name_en="Elsewhere")
    os.utime(data_copy.path("towns"), ns=(1, 1))
    assert load("towns")["name_en"][0] == "Elsewhere" != before["name_en"][0]


def test_a_missing_column_is_named_with_those_that_are_there(data_copy: DataCopy) -> None:
    names = [name for name in TABLES["towns"].column_names if name != "lat"]
    data_copy.write("towns", data_copy.rows("towns"), names)
    fault = only_fault("towns")
    assert (fault.row, fault.column, fault.expected) == (1, "lat", "a column of this name")
    assert fault.found == f"only {', '.join(names)}"


def test_without_a_column_of_the_key_no_row_is_called_a_repetition(data_copy: DataCopy) -> None:
    table = "vdc_deaths_weekly"
    names = [name for name in TABLES[table].column_names if name != "governorate"]
    data_copy.write(table, data_copy.rows(table), names)
    fault = only_fault(table)
    assert (fault.row, fault.column, fault.expected) == (1, "governorate", "a column of this name")


def test_an_unknown_column_is_named(data_copy: DataCopy) -> None:
    data_copy.write("towns", data_copy.rows("towns"), [*TABLES["towns"].column_names, "extra"])
    fault = only_fault("towns")
    assert (fault.row, fault.column, fault.found) == (1, "extra", "an unknown column")


def test_columns_in_another_order_are_a_fault(data_copy: DataCopy) -> None:
    names = list(TABLES["towns"].column_names)
    data_copy.write("towns", data_copy.rows("towns"), [names[1], names[0], *names[2:]])
    assert {fault.found for fault in faults_of("towns")} == {"it in another place"}


@pytest.mark.parametrize(
    ("table", "column", "value", "expected"),
    [
        ("towns", "lat", "north", "a number from 32 to 37.5"),
        ("towns", "lat", "48.2", "a number from 32 to 37.5"),
        ("towns", "governorate", "SY99", "a code without spaces, matching SY"),
        ("towns", "name_en", "", "text without spaces at its ends"),
        ("towns", "name_en", " Azaz", "text without spaces at its ends"),
        ("events", "date_start", "2016-02-30", "a date written YYYY-MM-DD"),
        ("events", "date_start", "3/2/2016", "a date written YYYY-MM-DD"),
        ("events", "date_precision", "hour", "one of day, week, month"),
        ("events", "source_ids", "a; b", "codes with ; between them and no spaces"),
        ("events", "verified", "maybe", "yes or no"),
        ("estimates", "published", "2016-13", "a date written YYYY-MM-DD, YYYY-MM or YYYY"),
        ("estimates", "best", "1,000", "a number"),
        ("monthly_published", "month", "2016-1", "a month written YYYY-MM"),
        ("unsc_votes", "yes", "15.0", "a whole number not below 0"),
        ("unsc_votes", "vetoed_by", "Russia", "codes with ; between them and no spaces, matching"),
        ("vdc_deaths_weekly", "week", "2016-02-02", "a Monday written YYYY-MM-DD"),
        ("vdc_deaths_weekly", "deaths", "-1", "a whole number not below 0"),
        ("control_spells", "holder", "rebels", "one of government, opposition"),
    ],
)
def test_a_cell_of_the_wrong_kind_is_one_fault_with_row_and_column(
    data_copy: DataCopy, table: str, column: str, value: str, expected: str
) -> None:
    row = data_copy.change(table, first, **{column: value})
    fault = only_fault(table)
    assert (fault.row, fault.column) == (row, column)
    assert fault.expected.startswith(expected)
    # a cell of a spell is told with the spell's place and days
    assert fault.found.partition(" (spell of ")[0] == (f"'{value}'" if value else "an empty cell")


def test_a_key_that_occurs_twice_is_a_fault_that_names_both_rows(data_copy: DataCopy) -> None:
    rows = data_copy.rows("towns")
    data_copy.write("towns", [*rows, rows[3]])
    fault = only_fault("towns")
    assert (fault.row, fault.column) == (len(rows) + 2, "town_id")
    assert fault.found == f"'{rows[3]['town_id']}', as in row 5"


def test_a_code_listed_twice_in_one_cell_is_a_fault(data_copy: DataCopy) -> None:
    row = data_copy.change("events", first, source_ids="a;b;a")
    assert (only_fault("events").row, only_fault("events").found) == (row, "'a;b;a'")


@pytest.mark.parametrize(
    ("table", "pick", "cells", "expected"),
    [
        ("control_spells", first, {"end": "2012-07-18"}, "start on or before end"),
        ("events", first, {"date_end": "2012-06-30"}, "date_start on or before date_end"),
        (
            "estimates",
            first,
            {"period_start": "2016-03", "period_end": "2016-02"},
            "period_start on or before",
        ),
        ("estimates", first, {"low": "5", "best": "4", "high": ""}, "low <= best <= high where given"),
        ("estimates", first, {"low": "", "best": "", "high": ""}, "at least one of low, best, high"),
        (
            "monthly_published",
            lambda row: not row["bounds_note"],
            {"low": "9", "best": "8", "high": ""},
            "low <= best <= high where given, or a reason in bounds_note",
        ),
        (
            "control_spells",
            lambda row: row["holder"] == "contested",
            {"contested_by": ""},
            "contested_by filled when the holder is contested, and only then",
        ),
        (
            "control_spells",
            lambda row: row["holder"] == "government",
            {"contested_by": "government"},
            "contested_by filled when the holder is contested, and only then",
        ),
        (
            "access",
            lambda row: row["verified"] == "yes",
            {"source_ids": ""},
            "sources where verified is yes",
        ),
        (
            "control_published",
            lambda row: row["measure"].startswith("share") and row["unit"] == "percent",
            {"value": "101"},
            "a share between 0 and 100 percent",
        ),
        ("events", lambda row: bool(row["lat"]), {"lat": ""}, "lat and lon both given or both empty"),
        ("unsc_votes", first, {"abstain": "9"}, "votes of fifteen members"),
        (
            "unsc_votes",
            lambda row: row["outcome"] == "vetoed",
            {"vetoed_by": ""},
            "vetoed_by filled when the outcome is vetoed, and only then",
        ),
        (
            "sources",
            lambda row: row["read"] == "original" and not row["note"],
            {"url": ""},
            "the address of what was read, or a note that says why there is none",
        ),
        ("claims", first, {"article": "itv"}, "an id that begins with the article's name"),
    ],
)
def test_a_row_that_contradicts_itself_is_one_fault(
    data_copy: DataCopy, table: str, pick: Callable[[Row], bool], cells: dict[str, str], expected: str
) -> None:
    row = data_copy.change(table, pick, **cells)
    fault = only_fault(table)
    assert fault.row == row
    assert fault.expected.startswith(expected)


def test_bounds_that_do_not_enclose_pass_when_a_note_explains_them(data_copy: DataCopy) -> None:
    data_copy.change(
        "monthly_published",
        lambda row: not row["bounds_note"],
        low="9",
        best="8",
        high="",
        bounds_note="As published.",
    )
    assert len(load("monthly_published")) == len(data_copy.rows("monthly_published"))


def test_all_faults_of_a_table_are_collected(data_copy: DataCopy) -> None:
    rows = data_copy.rows("towns")
    rows[0]["lat"] = "north"
    rows[1]["governorate"] = "SY99"
    rows[2]["name_en"] = ""
    data_copy.write("towns", rows)
    assert [(fault.row, fault.column) for fault in faults_of("towns")] == [
        (2, "lat"),
        (3, "governorate"),
        (4, "name_en"),
    ]


def test_an_unreadable_cell_is_not_reported_a_second_time_as_empty(data_copy: DataCopy) -> None:
    data_copy.change("control_spells", first, start="soon")
    assert only_fault("control_spells").column == "start"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "an empty file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "a Git LFS pointer"),
        (b"<!doctype html>\n<title>404</title>\n", "a web page"),
        (b"town_id,name_en\nT-X,caf\xe9\n", "byte 0xe9"),
    ],
)
def test_a_file_that_is_no_table_is_one_clear_fault(data_copy: DataCopy, content: bytes, found: str) -> None:
    data_copy.path("towns").write_bytes(content)
    assert found in only_fault("towns").found


def test_a_table_cut_off_in_the_middle_is_a_fault_of_its_last_row(data_copy: DataCopy) -> None:
    content = data_copy.path("towns").read_bytes()
    data_copy.path("towns").write_bytes(content[: len(content) // 2].rstrip(b"\n"))
    fault = only_fault("towns")
    assert fault.found == "the end of a file cut off"
    assert fault.row == content[: len(content) // 2].rstrip(b"\n").count(b"\n") + 1


def test_a_row_with_too_few_fields_is_a_fault(data_copy: DataCopy) -> None:
    with data_copy.path("towns").open("a", encoding="utf-8") as stream:
        stream.write("T-ZZZ,Nowhere\n")
    fault = only_fault("towns")
    assert (fault.expected, fault.found) == ("7 fields", "2 fields")


def test_a_folder_in_place_of_a_table_is_a_fault(data_copy: DataCopy) -> None:
    data_copy.path("towns").unlink()
    data_copy.path("towns").mkdir()
    assert only_fault("towns").found == "a folder"


def test_a_table_without_rows_is_a_fault(data_copy: DataCopy) -> None:
    data_copy.write("towns", [])
    assert only_fault("towns").found == "only a header row"
