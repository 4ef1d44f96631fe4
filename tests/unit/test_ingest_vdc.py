"""From the publisher's count per day and province to the series per week and governorate."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from aleppo.evidence import AleppoError, EvidenceError, Fault, load, verify
from aleppo.evidence.files import sha256_file
from aleppo.evidence.manifest import read_sidecar
from aleppo.evidence.tables import TABLES
from aleppo.ingest import PUBLISHERS, ingest, vdc
from data_copy import DataCopy

HEADER = ",".join(vdc.COLUMNS)


def line(day: str, **counts: str) -> str:
    """One row of the publisher's file; provinces that are not named have no death."""
    return ",".join([day, *(counts.get(name.replace(" ", "_"), "0.0") for name in vdc.PROVINCES)])


def file_of(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "export.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def faults_of(file: Path, data_copy: DataCopy) -> list[Fault]:
    """The faults of an ingest, which has then changed nothing."""
    before = data_copy.fingerprint()
    with pytest.raises(EvidenceError) as caught:
        ingest("vdc", file)
    assert data_copy.fingerprint() == before
    assert all("\n" not in str(fault) for fault in caught.value.faults)
    return list(caught.value.faults)


def test_days_become_weeks_that_begin_on_monday(data_copy: DataCopy, tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("2015-09-27", Aleppo="1.0"),  # a Sunday
        line("2015-09-28", Aleppo="2.0"),  # the Monday after
        line("2015-10-04", Aleppo="3.0", Idlib="4.0"),  # the Sunday of the same week
    )
    ingest("vdc", file)
    weekly = load("vdc_deaths_weekly").set_index(["week", "governorate"])["deaths"]
    assert weekly[(pd.Timestamp("2015-09-21"), "SY02")] == 1
    assert weekly[(pd.Timestamp("2015-09-28"), "SY02")] == 5
    assert weekly[(pd.Timestamp("2015-09-28"), "SY07")] == 4
    assert weekly.sum() == 10


def test_the_grid_is_complete_and_a_week_without_a_row_is_zero(data_copy: DataCopy, tmp_path: Path) -> None:
    file = file_of(tmp_path, line("2016-02-01", Aleppo="1"), line("2016-02-22", Homs="2"))
    result = ingest("vdc", file)
    weekly = load("vdc_deaths_weekly")
    assert result.rows == len(weekly) == 4 * 14
    assert weekly.loc[weekly["week"].between("2016-02-08", "2016-02-15"), "deaths"].sum() == 0
    assert not weekly.duplicated(["week", "governorate"]).any()


def test_days_are_kept_for_groups_of_governorates_and_a_day_without_a_row_is_zero(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    file = file_of(
        tmp_path, line("2016-02-03", Aleppo="1", Idlib="2", Homs="5"), line("2016-02-01", Sweida="4.0")
    )
    ingest("vdc", file)
    days = load("vdc_deaths_daily").pivot(index="day", columns="region", values="deaths")
    assert days.index.strftime("%m-%d").to_list() == ["02-01", "02-02", "02-03"]
    assert days["north_west"].to_list() == [0, 0, 3]
    assert days["south"].to_list() == [4, 0, 0]
    assert days["centre_and_east"].to_list() == [0, 0, 5]
    assert days["capital"].to_list() == [0, 0, 0]
    assert days["all"].to_list() == [4, 0, 8]


def test_with_the_file_at_hand_any_group_of_governorates_can_be_had_by_day() -> None:
    daily = pd.DataFrame({"SY01": [1, 2], "SY02": [3, 4]}, index=pd.to_datetime(["2016-02-01", "2016-02-03"]))
    days = vdc.by_region(daily, {"aleppo": ("SY02",)})
    assert days[days["region"] == "aleppo"]["deaths"].to_list() == [3, 0, 4]
    assert days[days["region"] == "all"]["deaths"].to_list() == [4, 0, 6]
    with pytest.raises(KeyError):
        vdc.by_region(daily, {"homs": ("SY04",)})


def test_totals_and_messages_tell_what_was_read(data_copy: DataCopy, tmp_path: Path) -> None:
    file = file_of(tmp_path, line("2016-02-01", Aleppo="1", Damascus_Suburbs="7.00"))
    result = ingest("vdc", file)
    assert result.totals == {f"SY{n:02d}": {2: 1, 3: 7}.get(n, 0) for n in range(1, 15)}
    assert result.path == data_copy.path("vdc_deaths_weekly")
    assert result.messages[:3] == (
        "1 days with records read, 8 deaths",
        "1 weeks from 2016-02-01 to 2016-02-01 for 14 governorates",
        "Aleppo (SY02): 1 deaths",
    )
    assert result.messages[3].startswith("against the series that was there: 0 rows added, 5,558 removed")


def test_the_sidecar_and_the_package_fit_the_new_series(data_copy: DataCopy, tmp_path: Path) -> None:
    ingest("vdc", file_of(tmp_path, line("2016-02-01", Aleppo="1"), line("2016-02-15", Aleppo="1")))
    path = data_copy.path("vdc_deaths_weekly")
    sidecar = read_sidecar(path.with_suffix(".yml"))
    assert sidecar["sha256"] == sha256_file(path)
    assert (sidecar["rows"], sidecar["first_date"], sidecar["last_date"]) == (42, "2016-02-01", "2016-02-15")
    assert verify(data_copy.folder).faults == ()


def test_an_ingest_does_not_bless_another_table_that_was_changed(data_copy: DataCopy, tmp_path: Path) -> None:
    data_copy.change("towns", lambda row: True, note="changed")
    ingest("vdc", file_of(tmp_path, line("2016-02-01")))
    (fault,) = verify(data_copy.folder).faults
    assert fault.file.endswith("towns.csv")


def test_the_same_file_gives_the_same_bytes_in_any_order_of_its_rows(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    days = [line("2016-02-01", Aleppo="1"), line("2016-02-09", Homs="2"), line("2016-02-17", Hama="3")]
    ingest("vdc", file_of(tmp_path, *days))
    before = data_copy.path("vdc_deaths_weekly").read_bytes()
    ingest("vdc", file_of(tmp_path, *reversed(days)))
    assert data_copy.path("vdc_deaths_weekly").read_bytes() == before


def test_another_folder_is_completed_so_that_the_book_can_run_on_it(
    data_copy: DataCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = data_copy.fingerprint()
    out = tmp_path / "out"
    result = ingest("vdc", file_of(tmp_path, line("2016-02-01", Aleppo="1")), out)
    assert result.path == out / "series/vdc_deaths_weekly.csv"
    assert result.messages[-1].startswith(f"{len(TABLES) - 2} tables copied from")
    assert verify(out).faults == ()
    assert data_copy.fingerprint() == before


@pytest.mark.parametrize("cell", ["3.5", "-1", "-1.0", "", "three", "1e3", "1,0", "nan"])
def test_a_cell_that_is_no_count_is_a_fault_with_row_and_column(
    data_copy: DataCopy, tmp_path: Path, cell: str
) -> None:
    quoted = f'"{cell}"' if "," in cell else cell
    file = file_of(tmp_path, line("2016-02-01"), line("2016-02-02", Homs=quoted))
    (fault,) = faults_of(file, data_copy)
    assert (fault.row, fault.column) == (3, "Homs")
    assert fault.expected == "a whole number of deaths, not below zero"
    assert fault.found == (f"'{cell}'" if cell not in ("", "nan") else "an empty cell")


@pytest.mark.parametrize("day", ["2016-02-30", "1/2/2016", "2016-2-1", ""])
def test_a_day_that_is_none_is_a_fault(data_copy: DataCopy, tmp_path: Path, day: str) -> None:
    (fault,) = faults_of(file_of(tmp_path, line(day)), data_copy)
    assert (fault.row, fault.column, fault.expected) == (2, "day", "a date written YYYY-MM-DD")


def test_a_day_that_occurs_twice_is_a_fault_that_names_both_rows(data_copy: DataCopy, tmp_path: Path) -> None:
    (fault,) = faults_of(file_of(tmp_path, line("2016-02-01"), line("2016-02-01")), data_copy)
    assert (fault.row, fault.found) == (3, "'2016-02-01', as in row 2")


def test_a_missing_province_is_a_missing_column(data_copy: DataCopy, tmp_path: Path) -> None:
    header = HEADER.replace(",Homs", "")
    short = line("2016-02-01").rsplit(",", 1)[0]
    (fault,) = faults_of(file_of(tmp_path, short, header=header), data_copy)
    assert (fault.row, fault.column, fault.expected) == (1, "Homs", "a column of this name")
    assert fault.found.startswith("only day, Aleppo, Damascus")


def test_an_unknown_province_and_a_missing_day_column_are_faults(data_copy: DataCopy, tmp_path: Path) -> None:
    header = HEADER.replace("day,", "date,")
    faults = faults_of(file_of(tmp_path, line("2016-02-01"), header=header), data_copy)
    assert [(fault.column, fault.found) for fault in faults] == [
        ("date", "'date'"),
        ("day", f"only {header.replace(',', ', ')}"),
    ]


def test_a_province_under_two_spellings_is_a_fault(data_copy: DataCopy, tmp_path: Path) -> None:
    (fault,) = faults_of(file_of(tmp_path, line("2016-02-01") + ",0.0", header=f"{HEADER},Idleb"), data_copy)
    assert (fault.column, fault.expected, fault.found) == ("Idleb", "one column for SY07", "Idlib and Idleb")


def test_another_known_spelling_of_a_province_is_accepted(data_copy: DataCopy, tmp_path: Path) -> None:
    header = HEADER.replace("Damascus Suburbs", "Rural Damascus")
    result = ingest("vdc", file_of(tmp_path, line("2016-02-01", Damascus_Suburbs="5"), header=header))
    assert result.totals["SY03"] == 5


@pytest.mark.parametrize(
    ("content", "row", "found"),
    [
        (b"", 0, "an empty file"),
        (HEADER.encode() + b"\n", 0, "only a header row"),
        (HEADER.encode() + b"\n2016-02-01,0.0,0.", 2, "the end of a file cut off"),
        (HEADER.encode() + b"\n2016-02-01,0.0,0.0\n", 2, "3 fields"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", 0, "a Git LFS pointer"),
        (b"<!doctype html>\n<title>Not found</title>\n", 1, "a web page"),
        ("day,Aleppo\n2016-02-01,é\n".encode("latin-1"), 2, "byte 0xe9"),
    ],
)
def test_what_is_not_the_publishers_file_is_one_clear_fault(
    data_copy: DataCopy, tmp_path: Path, content: bytes, row: int, found: str
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    (fault,) = faults_of(file, data_copy)
    assert fault.row == row
    assert found in fault.found


def test_a_folder_or_nothing_in_place_of_the_file_is_a_fault(data_copy: DataCopy, tmp_path: Path) -> None:
    assert [fault.found for fault in faults_of(tmp_path, data_copy)] == ["a folder"]
    assert [fault.found for fault in faults_of(tmp_path / "none.csv", data_copy)] == ["nothing there"]


def test_an_unknown_publisher_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AleppoError, match=r"nobody: expected a publisher, one of .*\bvdc\b"):
        ingest("nobody", tmp_path)


def test_a_file_in_place_of_the_folder_to_write_to_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    file = file_of(tmp_path, line("2016-02-01"))
    with pytest.raises(AleppoError, match="expected a folder for the series, found a file"):
        ingest("vdc", file, file)


def test_each_publisher_says_what_its_file_is_and_on_which_terms() -> None:
    for name, publisher in PUBLISHERS.items():
        assert publisher.name == name
        assert publisher.file and publisher.origin and publisher.licence and publisher.columns
