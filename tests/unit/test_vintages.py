"""What the page on vintages takes from the data."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from aleppo.bookkit import vintages
from aleppo.evidence import load
from aleppo.evidence.differences import TableChange
from aleppo.evidence.errors import MissingTable
from aleppo.evidence.tables import TABLES

PARTS = ("ours_low", "ours", "ours_high", "published_low", "published", "published_high")


def check(family: str, what: str = "deaths", **figures: float) -> dict[str, Any]:
    return {"check": "x", "family": family, "publisher": "P", "what": what} | {
        p: figures.get(p) for p in PARTS
    }


def cells(*rows: dict[str, Any]) -> list[list[str]]:
    """The rows of the table below its head."""
    table = vintages.comparisons_table(pd.DataFrame(rows))
    blocks = table.split("* - ")[2:]
    return [[cell.strip().removesuffix("\n:::") for cell in block.split("\n  - ")] for block in blocks]


def test_a_report_is_the_earlier_state_and_the_archive_the_later_one() -> None:
    assert cells(check("airwars_incidents", ours=180, published=150)) == [
        ["P, deaths", "150", "180", "+20.0\u00a0%"]
    ]


def test_an_extract_is_the_earlier_state_and_the_yearly_release_the_later_one() -> None:
    assert cells(check("ucdp", ours=100, published=110)) == [["P, deaths", "100", "110", "+10.0\u00a0%"]]


def test_of_a_range_the_change_of_both_bounds_is_told() -> None:
    row = check("airwars_deaths", ours_low=600, ours_high=865, published_low=500, published_high=865)
    assert cells(row) == [["P, deaths", "500–865", "600–865", "+20.0\u00a0% and 0.0\u00a0%"]]


def test_a_bound_alone_is_compared_with_its_bound_and_with_no_other() -> None:
    at_most = check("airwars_deaths", ours_low=6, ours_high=12, published_high=10)
    at_least = check("airwars_incidents", ours=12, published_low=10)
    assert [row[1:] for row in cells(at_most, at_least)] == [
        ["at most 10", "6–12", "+20.0\u00a0%"],
        ["at least 10", "12", "not comparable"],
    ]


def test_every_series_of_the_book_is_listed_with_its_version_and_the_chapters_that_load_it() -> None:
    table = TABLES["ucdp_ged_monthly"]
    sidecar: dict[str, Any] = {
        "title": "GED",
        "version": "26.1",
        "retrieved": "2026-11-23",
        "chapters": ["who-counts"],
    }
    listed = vintages.series_table([(table, sidecar), (table, sidecar | {"chapters": []})])
    assert "[GED](#data-ucdp-ged-monthly)" in listed
    assert "26.1; state of 23 November 2026" in listed
    assert "{doc}`/notebooks/who-counts`" in listed
    assert vintages.NO_CHAPTER in listed


def test_the_published_figures_can_be_compared() -> None:
    said = vintages.comparisons()
    assert "Airwars, 2016-01: alleged incidents" in said
    assert "UCDP, Syria 2016" in said
    assert "ucdp-aleppo" not in said


@pytest.mark.parametrize("absent", ["airwars_monthly", "ucdp_ged_monthly"])
def test_a_comparison_that_lacks_its_table_says_so_and_the_others_stay(absent: str) -> None:
    def some(name: str) -> pd.DataFrame:
        if name == absent:
            raise MissingTable(name, "somewhere", "make it")
        return load(name)

    said = vintages.comparisons(some)
    assert f"not available with these data: `{absent}`" in said
    assert ":name: tab-vintage-comparisons" in said
    assert ("UCDP, Syria" in said) == (absent == "airwars_monthly")
    assert ("Airwars, 2016" in said) == (absent != "airwars_monthly")


def test_data_without_any_of_it_leave_a_table_to_refer_to() -> None:
    def none(name: str) -> pd.DataFrame:
        raise MissingTable(name, "somewhere", "make it")

    assert ":name: tab-vintage-comparisons" in vintages.comparisons(none)
    assert ":name: tab-vintage-series" in vintages.series_table([])


def test_what_differs_is_told_for_other_data_only() -> None:
    assert "published data" in vintages.differences(None)
    assert "byte for byte" in vintages.differences(())
    said = vintages.differences([TableChange("towns", added=2)])
    assert "- `towns`: 2 rows added, 0 removed, 0 changed" in said
