"""Tables that a page writes by itself: columns of numbers set to the right, rows that are stacked on a telephone."""

from __future__ import annotations

import re

import pytest
from small_pages import built

from aleppo.bookkit.vintages import list_table

ROWS = [("UCDP", "1,234", "23–39", "2016-02-01"), ("VDC", "–", "at most 7", "2016-03-01")]
HEADS = ("Publisher", "Events", "Range", "State of")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("tables")
    (folder / "source").mkdir()
    marked = "|a|b|\n|:--|--:|\n|12|words|\n"
    many = ROWS * 10
    tables = (
        list_table("Plain", "tab-plain", (1, 1, 1, 1), HEADS, ROWS),
        list_table("Stacked", "tab-stacked", (1, 1, 1, 1), HEADS, ROWS, stacked=True),
        "|Place|Other spellings|\n|---|---|\n" + "|Aleppo|Halab, Haleb, Alep, Beroea|\n" * len(many),
        list_table("Said", "tab-said", (4, 3, 2, 1), HEADS, many),
    )
    (folder / "source" / "index.md").write_text(
        "# Tables\n\n" + "\n\n".join((*tables[:2], marked, *tables[2:])), encoding="utf-8"
    )
    assert not built(folder, "aleppo.bookkit.web_tables")
    return (folder / "out" / "index.html").read_text(encoding="utf-8")


def rows_of(page: str, place: int) -> list[list[bool]]:
    """For each row of a table whether its cells stand to the right."""
    table = re.findall(r"<table.*?</table>", page, re.DOTALL)[place]
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    return [["text-right" in cell for cell in re.findall(r"<t[dh]\b[^>]*>", row)] for row in rows]


def test_numbers_stand_to_the_right_with_their_heading_and_dates_do_not(page: str) -> None:
    assert rows_of(page, 0) == [[False, True, True, False]] * 3


def test_a_column_stands_where_its_page_has_put_it(page: str) -> None:
    assert rows_of(page, 2) == [[False, True]] * 2


def test_only_a_table_that_asks_for_it_is_stacked(page: str) -> None:
    stacked = ["aleppo-stacked" in opening for opening in re.findall(r"<table[^>]*>", page)]
    assert stacked == [False, True, False, False, False]


def test_the_columns_of_a_long_table_have_their_widths_before_its_last_row_is_read(page: str) -> None:
    tables = re.findall(r"<table.*?</table>", page, re.DOTALL)
    widths = [
        [float(width) for width in re.findall(r'<col style="width: ([\d.]+)%', table)] for table in tables
    ]
    assert widths[2] == []  # short, and seen at once
    place, spellings = widths[3]
    assert place < spellings and place + spellings == pytest.approx(100, abs=0.2)
    assert widths[4] == [40, 30, 20, 10]
