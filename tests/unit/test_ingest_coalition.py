"""From the coalition's strikes per place and day to the series by week and governorate."""

from __future__ import annotations

from pathlib import Path

import pytest

from aleppo.evidence import load, verify
from aleppo.evidence.tables.publisher_words import GOVERNORATES
from aleppo.ingest import ingest
from aleppo.ingest.cells import folded
from aleppo.ingest.coalition import AREAS, PLACES
from data_copy import DataCopy
from publisher_files import csv_text, put, refused


def strikes(*rows: tuple[str, str, str]) -> str:
    names = ("date", "place", "strikes")
    return csv_text([dict(zip(names, row, strict=True)) for row in rows], names, comma="\t")


def counted() -> list[tuple[str, str, str, int]]:
    series = load("coalition_strikes_weekly")
    kept = series[series["strikes"] > 0]
    return [
        (row.week.date().isoformat(), row.country, row.governorate, row.strikes) for row in kept.itertuples()
    ]


def test_places_become_governorates_and_days_weeks(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = (
        ("2015-10-01", "Mar’a", "2"),
        ("2015-10-04", "Aleppo", "1"),
        ("2015-10-04", "Ramadi", "7"),
        ("2015-10-13", "Palmyra", "1"),
    )
    result = ingest("coalition", put(tmp_path, strikes(*rows)))
    assert counted() == [
        ("2015-09-28", "IRQ", "outside_syria", 7),
        ("2015-09-28", "SYR", "SY02", 3),
        ("2015-10-12", "SYR", "SY04", 1),
    ]
    assert result.rows == 3 * len(AREAS)
    assert verify(data_copy.folder).faults == ()


def test_unknown_places_are_kept_as_unmapped_and_told(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = (("2015-10-01", "Atlantis", "2"), ("2015-10-02", "Atlantis", "1"), ("2015-10-02", "Washiyah", "4"))
    result = ingest("coalition", put(tmp_path, strikes(*rows)))
    assert counted() == [
        ("2015-09-28", "SYR", "unmapped", 4),
        ("2015-09-28", "unmapped", "unmapped", 3),
    ]
    assert "2 rows name places that are not in the list: 'Atlantis' (2)" in result.messages
    assert "7 strikes near places in no known governorate, kept as unmapped" in result.messages


def test_a_list_that_stands_twice_is_counted_once(data_copy: DataCopy, tmp_path: Path) -> None:
    listed = [("2015-10-31", "Al Hawl", "3"), ("2015-10-31", "Mar’a", "6"), ("2015-10-31", "Mosul", "2")]
    result = ingest("coalition", put(tmp_path, strikes(("2015-10-30", "Mosul", "1"), *listed, *listed)))
    assert sum(row[3] for row in counted()) == 12
    assert result.dropped == {"a list that repeats the one above it": 3}
    assert any("2015-10-31 stands twice in the file, from row 3" in message for message in result.messages)


def test_single_rows_that_recur_are_counted_and_told(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("coalition", put(tmp_path, strikes(*[("2015-08-07", "Aleppo", "1")] * 2)))
    assert counted() == [("2015-08-03", "SYR", "SY02", 2)]
    assert any("all of them are counted" in message for message in result.messages)


def test_every_place_is_in_one_country_and_governorate() -> None:
    for name, (country, governorate) in PLACES.items():
        assert folded(name) == name
        assert (country, governorate) in AREAS
        assert (country == "SYR") == (governorate in (*GOVERNORATES, "unmapped"))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("1 Oct 2015", "Mosul", "1"), "column date: expected a date written YYYY-MM-DD"),
        (("2015-10-01", "", "1"), "column place: expected a filled cell"),
        (("2015-10-01", "Mosul", "several"), "column strikes: expected a whole number"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, row: tuple[str, str, str], message: str
) -> None:
    text = strikes(("2015-10-01", "Mosul", "1"), row)
    assert refused("coalition", put(tmp_path, text), data_copy).startswith(f"row 3, {message}")


def test_commas_instead_of_tabs_are_recognised(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("coalition", put(tmp_path, "date,place,strikes\n2015-10-01,Mosul,1\n"), data_copy)
    assert line.startswith("row 1: expected tabs between the columns, found commas")
