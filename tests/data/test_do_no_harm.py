"""No table, notebook or download of the book holds personal data of victims, witnesses or people who document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aleppo.evidence.paths import repository
from harm_scan import (
    DECIMALS,
    DECIMALS_OF_A_REFERENCE,
    Allowed,
    Finding,
    left_over,
    read_notebook,
    scan_csv,
    scan_notebook,
    scan_text,
)

# Points of reference, of no event: neighbourhoods by OCHA, towns by gazetteer.
REFERENCES = ("places.csv", "towns.csv")

ALLOWED = (
    Allowed("ceasefires.csv", "a column", "name", "names of truces and talks, not of people"),
    Allowed("sources.csv", "a column", "author", "authors put their names to what they published"),
)
"""Findings that somebody looked at; public officials, authors and agencies belong here, with the reason."""


def tables() -> list[Path]:
    return sorted((repository() / "data").rglob("*.csv"))


def texts() -> list[Path]:
    root = repository()
    return sorted([*(root / "data").rglob("*.yml"), *root.glob("data/*.json"), *root.glob("book/*.md")])


def notebooks() -> list[Path]:
    return sorted((repository() / "notebooks").glob("*.ipynb"))


def built_tables() -> list[Path]:
    return sorted((repository() / "_build" / "html" / "_static").rglob("*.csv"))


def everything() -> Iterator[Finding]:
    for path in tables():
        finest = DECIMALS_OF_A_REFERENCE if path.name in REFERENCES else DECIMALS
        yield from scan_csv(path.name, path.read_text(encoding="utf-8"), finest)
    for path in texts():
        yield from scan_text(path.name, path.read_text(encoding="utf-8"))
    for path in notebooks():
        # a map shows points of reference beside those of events
        yield from scan_notebook(path.name, read_notebook(path), DECIMALS_OF_A_REFERENCE)
    for path in built_tables():
        yield from scan_csv(path.name, path.read_text(encoding="utf-8"), DECIMALS_OF_A_REFERENCE)


def test_there_is_something_to_scan() -> None:
    assert len(tables()) > 25
    assert len(notebooks()) > 10
    assert len(texts()) > 30


def test_nothing_in_the_book_is_personal_data_and_no_exception_is_idle() -> None:
    left, idle = left_over(everything(), ALLOWED)
    assert [str(finding) for finding in left] == []
    assert idle == [], "take the exception out: nothing needs it any more"


def test_every_exception_has_its_reason() -> None:
    assert all(len(one.reason) > 20 for one in ALLOWED)


# --- the scan can fail --------------------------------------------------------------------------------------

MADE_UP = 'event_id,date,place,lat,lon,summary\nE1,2016-05-01,"Somewhere, Aleppo",{lat},{lon},"{summary}"\n'


def kinds(summary: str, lat: str = "36.2", lon: str = "37.1") -> set[str]:
    return {
        found.kind for found in scan_csv("made-up.csv", MADE_UP.format(lat=lat, lon=lon, summary=summary))
    }


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("A 5-year-old boy was pulled out.", "an age"),
        ("A five-year-old boy was pulled out.", "an age"),
        ("A girl aged 7 died.", "an age"),
        ("An infant, three months old, died.", "an age"),
        ("A boy named Xandar was hurt.", "a person called by name"),
        ("A man later identified as Abu Xandar was hurt.", "a person called by name"),
        ("The nurse Xandra Yzan stayed.", "a name behind a person"),
        ("Xandar al-Yzan was killed on the way.", "a name of somebody harmed"),
        ("Xandra Yzan had been arrested before.", "a name of somebody harmed"),
        ("Dr Xandar was on duty.", "a title and a name"),
        ("She lost her brother Xandar.", "a relative"),
        ("Write to somebody@example.org about it.", "an e-mail address"),
        ("Call +963 21 555 0100 for help.", "a telephone number"),
        ("Phone: 0215550100.", "a telephone number"),
        ("As @xandar_made_up wrote.", "an account"),
        ("See https://twitter.com/xandar_made_up for it.", "an account"),
        ("See https://t.me/xandar_made_up for it.", "an account"),
        ("It fell at 36.20451, 37.15802 exactly.", "a point in words"),
    ],
)
def test_a_made_up_row_with_personal_data_is_found(summary: str, kind: str) -> None:
    assert kind in kinds(summary)


@pytest.mark.parametrize(
    "summary",
    [
        "SOHR said that 29 people were killed, 19 of them civilians.",
        "State media said rebel rockets killed three children at a school.",
        "A local doctor counted eight dead, five of them children.",
        "The Security Council adopted resolution 2268 on 26 February 2016.",
        "President Putin and President Erdogan agreed on a truce.",
        "Abu al-Duhur was captured; Tal Rifaat was retaken by the army.",
        "The year-long siege of al-Waer; a ten-day pause; 48-hour truce.",
        "See https://thealeppoproject.com/april-2016 and https://www.thedailybeast.com/syria.",
        "Between 1,006 and 1,410 deaths, 12.5 percent of 36.2 million.",
    ],
)
def test_ordinary_rows_are_not_held_for_personal_data(summary: str) -> None:
    assert kinds(summary) == set()


@pytest.mark.parametrize(
    "column",
    [
        "name",
        "Name",
        "victim_name",
        "age",
        "sex",
        "gender",
        "phone",
        "e-mail",
        "home address",
        "first_name",
        "witness",
    ],
)
def test_a_column_of_personal_data_is_found_by_its_name(column: str) -> None:
    (found,) = scan_csv("made-up.csv", f"id,{column}\n1,x\n")
    assert (found.kind, found.words) == ("a column", column)


@pytest.mark.parametrize(
    "column", ["area_name", "kind_name", "people", "percentage", "coverage", "stage", "actors"]
)
def test_a_column_that_only_looks_like_one_is_not(column: str) -> None:
    assert list(scan_csv("made-up.csv", f"id,{column}\n1,x\n")) == []


def test_a_point_finer_than_a_neighbourhood_needs_is_found() -> None:
    assert kinds("A market was hit.", "36.2045", "37.1580") == set()
    assert "a point" in kinds("A market was hit.", "36.20451", "37.15802")


@pytest.mark.parametrize(
    "words", ["A house was hit.", "A family of six died.", "Residential buildings were hit."]
)
def test_a_home_may_not_be_found_on_a_map(words: str) -> None:
    assert kinds(words, "36.204", "37.158") == set()
    assert "a point" in kinds(words, "36.2045", "37.1580")


def test_outputs_of_a_notebook_and_the_tables_behind_them_are_scanned() -> None:
    output = {
        "output_type": "display_data",
        "data": {"text/html": ["<p>A <b>5-year-old</b>", " boy</p>"], "made/up": {"csv": "id,age\n1,5\n"}},
    }
    cells = [
        {"cell_type": "markdown", "source": ["Write to somebody@example.org"]},
        {"cell_type": "code", "source": "", "outputs": [output]},
    ]
    found = {one.kind for one in scan_notebook("made-up.ipynb", {"cells": cells}, 5)}
    assert found == {"an e-mail address", "an age", "a column"}


def test_an_exception_covers_its_own_words_in_its_own_place_only() -> None:
    allowed = [Allowed("a.csv", "an age", "year-old", "a made-up reason for this test")]
    here, there = Finding("a.csv:2", "an age", "5-year-old"), Finding("b.csv:2", "an age", "5-year-old")
    other = Finding("a.csv:3", "an e-mail address", "a@b.org")
    assert left_over([here, there, other], allowed) == ([there, other], [])
    assert left_over([there], allowed) == ([there], allowed)
