"""The files of a table agree with one another, cell by cell, and say what they are."""

from __future__ import annotations

import csv
import datetime
import io

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
from show_samples import sheet

from aleppo.bookkit import exports
from aleppo.bookkit.citation import Book, Part
from aleppo.show.plain import kinds

BOOK = Book("The book", ("Its authors",), "1.2.3", "2026-11-23", "https://example.org/", "")
PART = Part("table", "tab-weeks", "Weeks", "notebooks/weeks", "tab-weeks", "data as of 2026-11-20")
FRAME = pd.DataFrame(
    {
        "week": pd.to_datetime(["2015-06-01", None, "2015-06-15"]),
        "deaths": pd.array([7, None, -3], dtype="Int64"),
        "ratio": [0.1234567891234, None, -2.5],
        "alleged": pd.Series([True, None, False], dtype="object"),
        "said": ["=1+1", None, "'tis"],
        "code": ["007", "-2+3", '2,5\n"x"'],
        "nothing": pd.Series([None, None, None], dtype="object"),
    }
)


def payload() -> dict:
    return sheet(FRAME, columns={"week": "Week of", "deaths": ("Deaths", "people")}).payload


def test_a_column_is_of_the_kind_of_its_values() -> None:
    assert dict(zip(FRAME.columns, kinds(FRAME), strict=True)) == {
        "week": "date",
        "deaths": "integer",
        "ratio": "number",
        "alleged": "yes/no",
        "said": "text",
        "code": "text",
        "nothing": "text",
    }
    other = pd.DataFrame(
        {
            "moment": pd.to_datetime(["2015-06-01 10:00"]),
            "mixed": pd.Series([True], dtype="object"),
            "none": pd.Series([None], dtype="float64"),
            "never": pd.Series([None], dtype="datetime64[ns]"),
        }
    )
    assert kinds(other) == ["text", "yes/no", "number", "date"]
    assert kinds(pd.DataFrame({"a": pd.Series([True, 2], dtype="object")})) == ["text"]


def test_the_csv_marks_what_a_spreadsheet_would_compute_and_no_number() -> None:
    rows = list(csv.reader(io.StringIO(payload()["csv"], newline="")))
    assert rows[1] == ["2015-06-01", "7", "0.1234567891", "yes", "'=1+1", "007", ""]
    assert rows[2][5] == "'-2+3"
    assert rows[3][1:3] == ["-3", "-2.5"]


def test_parquet_and_workbook_have_the_cells_of_the_csv_without_its_marks() -> None:
    shown = payload()
    header, rows = exports.rows_of(shown)
    assert rows[0][4] == "=1+1" and rows[1][5] == "-2+3"
    about = exports.about_table(shown, PART, BOOK)
    stored = pq.read_table(io.BytesIO(exports.table_parquet(shown, about)))
    assert [str(field.type) for field in stored.schema] == [
        "date32[day]",
        "int64",
        "double",
        "bool",
        "string",
        "string",
        "string",
    ]
    loaded = openpyxl.load_workbook(io.BytesIO(exports.table_workbook(shown, about)))["Data"]
    sheet_rows = list(loaded.iter_rows(min_row=2, values_only=True))
    for place, name in enumerate(header):
        for row, cell, other in zip(rows, stored.column(name).to_pylist(), sheet_rows, strict=True):
            assert as_csv(cell) == as_csv(other[place]) == row[place]


def as_csv(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    return f"{cell:.10g}" if isinstance(cell, int | float) else str(cell)


def test_the_same_table_gives_the_same_files() -> None:
    about = exports.about_table(payload(), PART, BOOK)
    assert exports.table_parquet(payload(), about) == exports.table_parquet(payload(), about)
    assert exports.table_workbook(payload(), about) == exports.table_workbook(payload(), about)


def test_a_file_says_what_it_is_of_which_state_and_on_what_terms() -> None:
    about = exports.about_table(payload(), PART, BOOK)
    assert about["Caption"] == "Recorded deaths by week."
    assert about["Sources"] == "un-2016-report; news-2016-story"
    assert "2026" in about["Data as of"] and "CC BY 4.0" in about["Licence"]
    assert about["Book"] == "The book, version 1.2.3"
    assert about["Cite as"].startswith("Its authors. (2026). Weeks [Table]. In The book")
    metadata = pq.read_schema(io.BytesIO(exports.table_parquet(payload(), about))).metadata
    assert metadata[b"Cite as"].decode() == about["Cite as"]
    assert "Cite as" not in exports.about_table(payload(), None, None)


def test_the_line_under_a_picture_names_the_book_the_figure_and_its_sources() -> None:
    facts = {"id": "x", "vintage": "2026-11-20", "sources": ["un-2016-report"]}
    part = Part("figure", "fig-x", "X", "notebooks/weeks", "fig-x")
    assert exports.credit(facts, part, BOOK) == (
        "The book, version 1.2.3, fig-x. Data as of 20\u00a0November 2026. Sources: un-2016-report. CC BY 4.0. "
        "https://example.org/notebooks/weeks.html#fig-x"
    )
    assert exports.credit(facts, None, None).startswith("fig-x. Data as of")
    many = {**facts, "sources": [f"source-{number}" for number in range(40)]}
    assert "Sources: 40 publications, named in the book." in exports.credit(many, part, BOOK)
