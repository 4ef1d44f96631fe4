"""Writing whole files, and refusing what only looks like a data file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aleppo.evidence import AleppoError, EvidenceError, Fault, data_dir
from aleppo.evidence.files import read_checked_text, sha256_file, write_atomic
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.rows import quoted, read_rows


def only_fault(path: Path) -> Fault:
    with pytest.raises(EvidenceError) as caught:
        read_checked_text(path)
    (fault,) = caught.value.faults
    assert "\n" not in str(fault)
    return fault


def test_a_written_file_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "new" / "a.csv", "name\nحلب\n")
    assert read_checked_text(path) == "name\nحلب\n"


def test_writing_leaves_no_temporary_file_behind(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.csv", b"one\n")
    write_atomic(tmp_path / "a.csv", b"two\n")
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_bytes() == b"two\n"


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_atomic(tmp_path / "a.csv", "old\n")

    def fail(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(AleppoError, match=r"a\.csv: cannot be written \(No space left on device\)"):
        write_atomic(path, "new\n")
    assert path.read_text() == "old\n"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]


def test_what_a_killed_writer_left_is_cleared_away_and_what_another_writes_is_not(tmp_path: Path) -> None:
    left, written, of_another = (
        tmp_path / name for name in (".a.csv.1.part", ".a.csv.2.part", ".b.csv.1.part")
    )
    for path in (left, written, of_another):
        path.write_text("half")
    for path in (left, of_another):
        os.utime(path, (0, 0))
    write_atomic(tmp_path / "a.csv", "whole\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.csv.2.part", ".b.csv.1.part", "a.csv"]


def test_a_folder_is_no_place_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(AleppoError, match="expected a place for a file, found a folder"):
        write_atomic(tmp_path, "text\n")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    fault = only_fault(tmp_path / "a.csv")
    assert (fault.expected, fault.found) == ("a file", "nothing there")


def test_a_folder_in_place_of_a_file_is_said_to_be_one(tmp_path: Path) -> None:
    assert only_fault(tmp_path).found == "a folder"


@pytest.mark.parametrize(
    ("content", "row", "found"),
    [
        (b"", 0, "an empty file"),
        (b"\n \n", 0, "an empty file"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", 0, "a Git LFS pointer"),
        (b"<!DOCTYPE html>\n<html></html>\n", 1, "a web page"),
        (b"\n<HTML lang='en'>\n", 1, "a web page"),
        (b"\xff\xfea\x00,\x00b\x00\n\x00", 1, "UTF-16"),
        (b"a,b\nx,y\ncaf\xe9,z\n", 3, "byte 0xe9"),
        (b"\xef\xbb\xbfa,b\n1,2\n", 1, "a byte order mark"),
        (b"a,b\n1,2\n3,", 3, "the end of a file cut off"),
    ],
)
def test_what_only_looks_like_a_data_file_is_named(
    tmp_path: Path, content: bytes, row: int, found: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    fault = only_fault(path)
    assert fault.row == row
    assert found in fault.found
    assert fault.file.endswith("a.csv")


def test_a_short_row_and_an_empty_line_are_faults_with_their_rows(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "a.csv", 'a,b\n1,2\n3\n\n"x\ny",4\n5,6,7\n')
    rows = read_rows(path)
    assert [(fault.row, fault.expected, fault.found) for fault in rows.faults] == [
        (3, "2 fields", "1 fields"),
        (4, "2 fields", "an empty line"),
        (7, "2 fields", "3 fields"),
    ]
    assert rows.rows == (("1", "2"), ("x\ny", "4"))
    assert rows.lines == (2, 5)


def test_a_quote_that_is_never_closed_is_a_fault(tmp_path: Path) -> None:
    rows = read_rows(write_atomic(tmp_path / "a.csv", 'a,b\n1,"2\n3,4\n'))
    assert [fault.row for fault in rows.faults] == [2]


def test_a_column_named_twice_is_a_fault(tmp_path: Path) -> None:
    rows = read_rows(write_atomic(tmp_path / "a.csv", "a,a\n1,2\n"))
    assert [str(fault).split(": ", 1)[1] for fault in rows.faults] == [
        "row 1, column a: expected a column once, found it more than once"
    ]


def test_faults_are_said_in_one_line_and_in_file_order() -> None:
    late = Fault("b.csv", 10, "value", "a number", "'x'")
    early = Fault("b.csv", 9, "value", "a number", "'y'")
    assert str(EvidenceError([late, early])).splitlines() == [
        "b.csv: row 9, column value: expected a number, found 'y'",
        "b.csv: row 10, column value: expected a number, found 'x'",
    ]


def test_a_long_cell_is_cut_in_a_message() -> None:
    assert len(quoted("x" * 500)) == 82
    assert quoted(None) == quoted("") == "an empty cell"


def test_a_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "a", b"abc")
    assert sha256_file(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_data_folder_is_the_repositorys_unless_another_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(DATA_VARIABLE, raising=False)
    assert data_dir() == repository() / "data"
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert data_dir() == tmp_path


@pytest.mark.parametrize(("name", "found"), [("nowhere", "nothing there"), ("a.csv", "a file")])
def test_a_data_folder_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, found: str
) -> None:
    (tmp_path / "a.csv").touch()
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / name))
    with pytest.raises(AleppoError, match=f"ALEPPO_DATA=.*{name}: expected a folder of data, found {found}"):
        data_dir()
