"""From the publisher's second batch to the series by month, governorate, status and cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from aleppo.evidence import verify
from aleppo.ingest import ingest
from aleppo.ingest.vdc_composition import COLUMNS
from data_copy import DataCopy
from publisher_files import csv_text, put, refused, series

ROW = {
    "month": "2016-01",
    "province_origin": "Aleppo",
    "status": "Civilian",
    "cause": "Warplane shelling",
    "deaths": "7",
}


def counts(*rows: dict[str, str]) -> str:
    return csv_text([ROW | row for row in rows], COLUMNS)


def test_provinces_become_codes_and_the_rest_stays_in_the_publishers_words(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    rows = (
        {},
        {
            "province_origin": "Damascus Suburbs",
            "status": "Non-Civilian",
            "cause": "Un-allowed to seek Medical help",
        },
        {"province_origin": "Other Nationalities"},
        {"province_origin": "Unknown", "month": "2015-12"},
    )
    result = ingest("vdc_composition", put(tmp_path, counts(*rows)))
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "month,governorate,status,cause,deaths\n"
        "2015-12,unknown,Civilian,Warplane shelling,7\n"
        "2016-01,SY02,Civilian,Warplane shelling,7\n"
        "2016-01,SY03,Non-Civilian,Un-allowed to seek Medical help,7\n"
        "2016-01,other_nationality,Civilian,Warplane shelling,7\n"
    )
    assert verify(data_copy.folder).faults == ()


def test_two_spellings_of_a_province_are_added_up(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest(
        "vdc_composition", put(tmp_path, counts({"province_origin": "Idlib"}, {"province_origin": "Idleb"}))
    )
    assert series(result)["deaths"].tolist() == ["14"]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"month": "Jan 2016"}, "column month: expected a month written YYYY-MM, found 'Jan 2016'"),
        ({"status": "Unknown"}, "column status: expected one of Civilian, Non-Civilian, found 'Unknown'"),
        ({"cause": "Barrel bomb"}, "column cause: expected one of Chemical and toxic gases,"),
        ({"deaths": "0.5"}, "column deaths: expected a whole number, found '0.5'"),
        (
            {"province_origin": "Alepo"},
            "column province_origin: expected a governorate of Syria, found 'Alepo'",
        ),
        ({"province_origin": ""}, "column province_origin: expected a filled cell"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    text = counts({"month": "2016-02"}, cells)
    assert refused("vdc_composition", put(tmp_path, text), data_copy).startswith(f"row 3, {message}")


def test_a_combination_that_stands_twice_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused(
        "vdc_composition", put(tmp_path, counts({}, {"month": "2016-02"}, {"deaths": "1"})), data_copy
    )
    assert line.startswith(
        "row 4, column month: expected a combination that occurs once, found 2016-01, Aleppo"
    )
