"""A workbook: types kept, nothing computed, what it is on the first sheet, the same bytes twice."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest

from aleppo.bookkit.sheets import ABOUT, DATA, LETTERS, Column, workbook
from aleppo.evidence.errors import AleppoError

COLUMNS = [
    Column("week", "date", "The Monday.", ""),
    Column("deaths", "integer", "Recorded deaths.", "people"),
    Column("ratio", "number"),
    Column("said", "text", "What was said."),
]
ROWS = [
    ["2015-06-01", "7", "-0.25", "=1+1"],
    ["", "", "", "-2+3"],
    ["2016-12-22", "-3", "1e-05", "https://example.org"],
    ["2016-12-23", "0", "12", "007"],
]
ABOUT_IT = {"Caption": "Weeks.", "Sources": "@SUM(A1)", "Published by": "Its authors"}


def made(rows: list[list[str]] = ROWS) -> bytes:
    return workbook("=Weeks", ABOUT_IT, COLUMNS, rows)


def cells(name: str = DATA) -> list[list[openpyxl.cell.Cell]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(made()))[name].iter_rows()]


def test_numbers_are_numbers_days_are_days_and_what_is_missing_is_empty() -> None:
    head, first, second, third, _ = cells()
    assert [cell.value for cell in head] == ["week", "deaths", "ratio", "said"]
    assert [cell.value for cell in first[:3]] == [datetime.datetime(2015, 6, 1), 7, -0.25]
    assert first[0].number_format == "yyyy-mm-dd"
    assert [cell.value for cell in second[:3]] == [None, None, None]
    assert [cell.value for cell in third[1:3]] == [-3, 1e-05]


def test_words_are_never_formulas_links_or_numbers() -> None:
    said = [row[3] for row in cells()[1:]]
    assert [(cell.value, cell.data_type) for cell in said] == [
        ("=1+1", "s"),
        ("-2+3", "s"),
        ("https://example.org", "s"),
        ("007", "s"),
    ]
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    assert not any("<f>" in text or "<hyperlink" in text for text in parts.values())


def test_the_first_sheet_says_what_it_is_in_words_that_are_not_computed() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made()))[ABOUT]
    assert openpyxl.load_workbook(io.BytesIO(made())).sheetnames == [ABOUT, DATA]
    told = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert told | ABOUT_IT == told
    assert told["deaths"] == "Recorded deaths. (people)" and told["ratio"] == "number"
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("=Weeks", "s")
    assert sheet["B4"].data_type == "s"


def test_the_same_rows_give_the_same_bytes_without_a_date_of_the_build() -> None:
    assert made() == made()
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "2000-01-01T00:00:00Z" in archive.read("docProps/core.xml").decode()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["soon", "1", "1", ""], "=Weeks: row 1, column week: expected date, found 'soon'"),
        (["", "many", "1", ""], "column deaths: expected integer, found 'many'"),
        (["", "", "", "x" * (LETTERS + 1)], "at most 32,767 letters"),
    ],
)
def test_a_cell_that_is_not_of_its_kind_is_refused_with_its_place(row: list[str], words: str) -> None:
    with pytest.raises(AleppoError) as error:
        made([row])
    assert words in str(error.value)
