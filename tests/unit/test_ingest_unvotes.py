"""The standard dataset of General Assembly votes becomes the rolls of the resolutions on Syria."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import load, verify
from aleppo.ingest import ingest
from aleppo.ingest.unvotes import on_syria, symbol
from data_copy import DataCopy
from publisher_files import csv_text, put, refused, series

_COLUMNS = (
    ",rcid,ccode,member,vote,Country,Countryname,session,abstain,yes,no,importantvote,date,unres,amend,para,short,"
    "descr,me,nu,di,hr,co,ec,ident,resid"
)
VOTE = {
    "rcid": "5300",
    "vote": "1",
    "Country": "FRA",
    "Countryname": "France",
    "date": "2012-02-16",
    "unres": "R/66/253",
    "descr": "The situation in the Syrian Arab Republic",
}


def votes(*rows: dict[str, str]) -> str:
    return csv_text([VOTE | row for row in rows], _COLUMNS.split(","))


def test_rolls_on_syria_are_taken_in_words(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = (
        {},
        {"Country": "RUS", "Countryname": "Russia", "vote": "3"},
        {"Country": "IND", "Countryname": "India", "vote": "2"},
        {"Country": "KIR", "Countryname": "Kiribati", "vote": "8"},
        {"Country": "SSD", "Countryname": "South Sudan", "vote": "9"},
        {"rcid": "5400", "descr": "The occupied Syrian Golan"},
        {"rcid": "5401", "descr": "The law of the sea"},
    )
    result = ingest("unvotes", put(tmp_path, votes(*rows)))
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "date,symbol,roll_call,iso3,member,vote\n"
        "2012-02-16,A/RES/66/253,5300,FRA,France,yes\n"
        "2012-02-16,A/RES/66/253,5300,IND,India,abstain\n"
        "2012-02-16,A/RES/66/253,5300,KIR,Kiribati,absent\n"
        "2012-02-16,A/RES/66/253,5300,RUS,Russia,no\n"
    )
    assert result.dropped == {"states that were not members": 1}
    assert verify(data_copy.folder).faults == ()
    assert len(load("unvotes_syria")) == 4


@pytest.mark.parametrize(
    ("unres", "expected"),
    [
        ("R/66/253", "A/RES/66/253"),
        ("R/66/253B", "A/RES/66/253 B"),
        ("A/RES/71/248", "A/RES/71/248"),
        ("R/ES-11/1", "A/RES/ES-11/1"),
        ("A/66/L.36", None),
        ("", None),
    ],
)
def test_symbols_are_spelt_as_in_the_votes_tables(unres: str, expected: str | None) -> None:
    assert symbol(unres) == expected


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("Situation of human rights in the Syrian Arab Republic : resolution", True),
        ("SITUATION OF HUMAN RIGHTS IN SYRIA", True),
        ("The occupied Syrian Golan", False),
        ("Question of Assyrian antiquities", False),
    ],
)
def test_only_the_situation_in_syria_counts(description: str, found: bool) -> None:
    assert on_syria(description) is found


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Country": "RUS", "vote": "4"}, "column vote: expected a vote: 1, 2, 3, 8 or 9, found '4'"),
        ({"Country": "RU"}, "column Country: expected a country of three letters, found 'RU'"),
        ({"Country": ""}, "column Country: expected a filled cell"),
        ({}, "column rcid: expected one vote per member, found FRA in roll call 5300 a second time"),
        (
            {"Country": "RUS", "unres": "L.36"},
            "column unres: expected a resolution, as R/66/253, found 'L.36'",
        ),
        ({"Country": "RUS", "date": "16-Feb-12"}, "column date: expected a date written YYYY-MM-DD"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    assert refused("unvotes", put(tmp_path, votes({}, cells)), data_copy).startswith(f"row 3, {message}")


def test_a_file_without_roll_calls_on_syria_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("unvotes", put(tmp_path, votes({"descr": "The law of the sea"})), data_copy)
    assert line.startswith("column descr: expected roll calls on Syria, found none among 1")


@given(session=st.integers(1, 99), number=st.integers(1, 999), part=st.sampled_from(["", "A", "B"]))
def test_a_symbol_is_spelt_the_same_however_the_data_set_writes_it(
    session: int, number: int, part: str
) -> None:
    expected = f"A/RES/{session}/{number}" + (f" {part}" if part else "")
    for written in (f"R/{session}/{number}{part}", f"A/RES/{session}/{number} {part}".strip(), expected):
        assert symbol(written) == expected


@given(st.text(max_size=20))
def test_a_text_is_a_symbol_or_none(text: str) -> None:
    found = symbol(text)
    assert found is None or (found.startswith("A/RES/") and symbol(found) == found)
