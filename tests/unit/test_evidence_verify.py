"""What verify finds in a whole data folder, and between its tables."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from aleppo.evidence import TABLES, AleppoError, Fault, verify
from aleppo.evidence.checks import (
    Found,
    reference_faults,
    spell_faults,
    twin_faults,
    unused_sources,
    vote_faults,
)
from data_copy import DataCopy


def found(name: str, columns: dict[str, list[Any]]) -> Found:
    """A table of a few rows, typed as the checks expect it; its rows begin in line 2."""
    frame = pd.DataFrame(columns)
    for column in frame.columns:
        if column in {"start", "end", "date"}:
            frame[column] = pd.to_datetime(frame[column])
        elif pd.api.types.is_integer_dtype(frame[column]):
            frame[column] = frame[column].astype("Int64")
        else:
            frame[column] = frame[column].astype("string")
    return Found(f"{name}.csv", frame, tuple(range(2, len(frame) + 2)))


def said(faults: list[Fault]) -> list[str]:
    return [str(fault) for fault in faults]


# A whole folder


def test_sound_data_is_verified_with_its_counts(data_copy: DataCopy) -> None:
    report = verify(data_copy.folder)
    assert said(list(report.faults)) == []
    sources = len(data_copy.rows("sources"))
    assert report.line == f"data verified: {report.tables} tables, {report.rows:,} rows, {sources:,} sources"
    assert report.tables == len(list(data_copy.folder.rglob("*.csv")))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AleppoError, match="expected a folder of data, found nothing there"):
        verify(tmp_path / "data")


def test_a_changed_file_is_told_by_its_hash(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="changed")
    (fault,) = verify(data_copy.folder).faults
    assert fault.file.endswith("towns.csv")
    assert fault.expected.startswith("the bytes with sha256")


def test_a_fault_of_hash_hides_no_fault_of_content(data_copy: DataCopy) -> None:
    row = data_copy.change("towns", lambda row: True, lat="north")
    hidden = data_copy.change("events", lambda row: True, source_ids="nobody-2016-nothing")
    faults = verify(data_copy.folder).faults
    places = {(Path(fault.file).name, fault.row, fault.column) for fault in faults}
    assert {
        ("towns.csv", 0, ""),
        ("towns.csv", row, "lat"),
        ("events.csv", 0, ""),
        ("events.csv", hidden, "source_ids"),
    } == places


def test_a_table_that_cannot_be_read_does_not_stop_the_others(data_copy: DataCopy) -> None:
    data_copy.path("places").write_text("")
    data_copy.change("towns", lambda row: True, lat="north")
    names = {Path(fault.file).name for fault in verify(data_copy.folder).faults}
    assert names == {"places.csv", "towns.csv"}


def test_files_without_their_partner_are_faults(data_copy: DataCopy) -> None:
    (data_copy.folder / "evidence/towns.yml").unlink()
    (data_copy.folder / "evidence/notes.yml").write_text("title: none\n")
    (data_copy.folder / "evidence/extra.csv").write_text("a\n1\n")
    data_copy.path("access").unlink()
    texts = {
        (Path(fault.file).name, fault.found)
        for fault in verify(data_copy.folder).faults
        if not fault.file.endswith("datapackage.json")
    }
    assert texts == {
        ("towns.csv", "none"),
        ("notes.yml", "a sidecar alone"),
        ("access.yml", "a sidecar alone"),
        ("extra.csv", "a file of an unknown table"),
        ("access.csv", "nothing there"),
    }


def test_a_sidecar_that_is_no_yaml_or_lists_other_columns_is_a_fault(data_copy: DataCopy) -> None:
    (data_copy.folder / "evidence/towns.yml").write_text("title: [\n")
    places = data_copy.folder / "evidence/places.yml"
    places.write_text(places.read_text().replace("- name: area_km2\n", "- name: area_m2\n"))
    names = {
        (Path(fault.file).name, fault.column)
        for fault in verify(data_copy.folder).faults
        if not fault.file.endswith("datapackage.json")
    }
    assert names == {("towns.yml", ""), ("places.yml", "columns")}


def test_a_data_package_of_other_files_is_a_fault(data_copy: DataCopy) -> None:
    path = data_copy.folder / "datapackage.json"
    package = json.loads(path.read_text())
    package["resources"][0]["hash"] = "sha256:0"
    path.write_text(json.dumps(package))
    (fault,) = verify(data_copy.folder).faults
    assert fault.found == "another hash or none"
    path.write_text("{")
    (fault,) = verify(data_copy.folder).faults
    assert fault.expected == "a data package in JSON"
    path.unlink()
    (fault,) = verify(data_copy.folder).faults
    assert fault.found == "nothing there"


def test_words_that_a_spreadsheet_would_compute_are_a_fault_of_a_file_that_is_handed_on(
    data_copy: DataCopy,
) -> None:
    row = data_copy.change("events", lambda row: True, note="=HYPERLINK(A1)")
    found = [fault for fault in verify(data_copy.folder).faults if "spreadsheet" in fault.expected]
    assert [(fault.row, fault.column, fault.found) for fault in found] == [(row, "note", "'=HYPERLINK(A1)'")]


def test_rows_out_of_order_are_a_fault(data_copy: DataCopy) -> None:
    rows = data_copy.rows("towns")
    data_copy.write("towns", [rows[1], rows[0], *rows[2:]])
    faults = [fault for fault in verify(data_copy.folder).faults if fault.row]
    assert [(fault.row, fault.expected) for fault in faults] == [(3, "rows in order of town_id")]
    assert faults[0].found == f"{rows[0]['town_id']} after {rows[1]['town_id']}"


def test_a_missing_spell_is_found_in_the_real_table(data_copy: DataCopy) -> None:
    gone = data_copy.drop("control_spells", lambda row: row["start"] > "2016-01-01")
    expected = [f"a spell of {gone['place_id']} for {gone['start']} to {gone['end']}"]
    texts = [fault.expected for fault in verify(data_copy.folder).faults if fault.row]
    assert texts in (expected, [f"a spell of {gone['place_id']} for {gone['start']}"])


def test_a_changed_vote_is_found_in_the_real_table(data_copy: DataCopy) -> None:
    data_copy.change(
        "unsc_member_votes", lambda row: row["vote_id"] == "SC01" and row["vote"] == "abstain", vote="yes"
    )
    faults = [fault for fault in verify(data_copy.folder).faults if fault.row]
    assert {fault.column for fault in faults} == {"yes", "abstain"}
    assert all("'" in fault.expected and "SC01" in fault.expected for fault in faults)


# References


def test_a_dangling_code_is_named_with_its_table() -> None:
    tables = {
        "sources": found("sources", {"source_id": ["a", *TABLES["places"].metadata.sources]}),
        "places": found("places", {"place_id": ["N0001"]}),
        "control_spells": found(
            "control_spells", {"place_id": ["N0001", "N0009"], "source_ids": ["a;b", None]}
        ),
    }
    assert said(reference_faults(tables)) == [
        "control_spells.csv: row 3, column place_id: expected a place_id of the table places, found 'N0009'",
        "control_spells.csv: row 2, column source_ids: expected a source_id of the table sources, found 'b'",
    ]


def test_a_source_behind_a_whole_table_must_be_there() -> None:
    tables = {
        "sources": found("sources", {"source_id": ["a"]}),
        "places": found("places", {"place_id": ["N0001"]}),
    }
    (behind,) = TABLES["places"].metadata.sources
    assert said(reference_faults(tables)) == [
        f"sources.csv: column source_id: expected the source {behind} behind the table places, found no such row"
    ]


def test_a_fact_that_is_compiled_twice_under_two_ids_is_told_with_both_rows() -> None:
    whole = pd.array([None, 3, None, None], dtype="Int64")
    tables = {
        "un_body_votes": found(
            "un_body_votes", {"vote_id": ["A", "B", "C", "D"], "absent": whole, "note": None}
        ),
        "vdc_causes_weekly": found("vdc_causes_weekly", {"week": ["1", "2"], "deaths": [0, 0]}),
        "truce_coding": found("truce_coding", {"ceasefire_id": ["CF01", "CF02"], "kind": ["local", "local"]}),
    }
    assert said(twin_faults(tables)) == [
        "un_body_votes.csv: row 4, column vote_id: expected a row that says something new, found what row 2 says",
        "un_body_votes.csv: row 5, column vote_id: expected a row that says something new, found what row 2 says",
    ]


def test_sources_that_nothing_refers_to_are_listed() -> None:
    tables = {
        "sources": found("sources", {"source_id": ["a", "b", "c"]}),
        "access": found("access", {"source_ids": ["a;c", None]}),
    }
    assert unused_sources(tables) == ("b",)


# Spells: one place from 2012-07-19 to 2016-12-22


def spells(*spans: tuple[str, str], place: str = "N0001") -> dict[str, Found]:
    return {
        "places": found("places", {"place_id": ["N0001"]}),
        "control_spells": found(
            "control_spells",
            {
                "place_id": [place] * len(spans),
                "start": [start for start, _ in spans],
                "end": [end for _, end in spans],
            },
        ),
    }


def test_spells_that_follow_each_other_day_by_day_are_sound() -> None:
    assert spell_faults(spells(("2012-07-19", "2014-02-28"), ("2014-03-01", "2016-12-22"))) == []


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        (
            [("2012-07-19", "2014-02-28"), ("2014-03-03", "2016-12-22")],
            "row 3, column start: expected a spell of N0001 for 2014-03-01 to 2014-03-02, found a gap",
        ),
        (
            [("2012-07-19", "2014-02-28"), ("2014-02-28", "2016-12-22")],
            "row 3, column start: expected one spell of N0001 for 2014-02-28, found an overlap",
        ),
        (
            [("2012-07-19", "2016-12-22"), ("2014-02-01", "2014-02-28")],
            "row 3, column start: expected one spell of N0001 for 2014-02-01 to 2014-02-28, found an overlap",
        ),
        (
            [("2012-07-20", "2016-12-22")],
            "row 2, column start: expected a spell of N0001 for 2012-07-19, found a gap",
        ),
        (
            [("2012-07-18", "2016-12-22")],
            "row 2, column start: expected N0001 from 2012-07-19 on, found a start on 2012-07-18",
        ),
        (
            [("2012-07-19", "2016-12-20")],
            "row 2, column end: expected a spell of N0001 for 2016-12-21 to 2016-12-22, found a gap at the end",
        ),
        (
            [("2012-07-19", "2017-01-01")],
            "row 2, column end: expected N0001 to 2016-12-22 at the latest, found an end on 2017-01-01",
        ),
    ],
)
def test_a_gap_an_overlap_or_a_day_too_many_is_named_with_its_days(
    spans: list[tuple[str, str]], expected: str
) -> None:
    assert said(spell_faults(spells(*spans))) == [f"control_spells.csv: {expected}"]


def test_a_spell_that_ends_before_it_starts_covers_nothing() -> None:
    spans = [("2012-07-19", "2014-02-28"), ("2014-03-01", "2014-02-01"), ("2014-03-01", "2016-12-22")]
    assert spell_faults(spells(*spans)) == []


def test_a_place_without_spells_is_named_and_an_unknown_one_is_a_dangling_code() -> None:
    tables = spells(("2012-07-19", "2016-12-22"), place="N0009")
    assert said(spell_faults(tables)) == [
        "places.csv: row 2, column place_id: expected spells of N0001 in the table control_spells, "
        "found not one spell"
    ]
    assert [fault.found for fault in reference_faults(tables)] == ["'N0009'"]


# Votes


def council(votes: list[str], **cells: object) -> dict[str, Found]:
    """One vote of a council of fifteen; the first five members are permanent."""
    states = [f"A{letter}A" for letter in "ABCDEFGHIJKLMNO"]
    permanent = ["yes"] * 5 + ["no"] * 10
    total = {name: votes.count(name) for name in ("yes", "no", "abstain", "absent")}
    vote = {
        "vote_id": "SC01",
        "date": "2016-10-08",
        "outcome": "adopted",
        "vetoed_by": None,
        "roll": "complete",
    }
    return {
        "unsc_votes": found("unsc_votes", {name: [cell] for name, cell in (vote | total | cells).items()}),
        "unsc_member_votes": found(
            "unsc_member_votes",
            {"vote_id": ["SC01"] * 15, "iso3": states, "permanent": permanent, "vote": votes},
        ),
        "unsc_membership": found(
            "unsc_membership", {"year": [2016] * 15, "iso3": states, "permanent": permanent}
        ),
    }


ALL_YES = ["yes"] * 15
ONE_VETO = ["no"] + ["yes"] * 13 + ["no"]


def test_votes_that_add_up_are_sound() -> None:
    assert vote_faults(council(ALL_YES)) == []
    assert vote_faults(council(ONE_VETO, outcome="vetoed", vetoed_by="AAA")) == []


def test_a_total_that_members_do_not_add_up_to_is_a_fault() -> None:
    assert said(vote_faults(council(ALL_YES, yes=14))) == [
        "unsc_votes.csv: row 2, column yes: expected 14 members' votes 'yes' in SC01, found 15"
    ]


def test_a_veto_is_laid_to_the_permanent_members_that_voted_no() -> None:
    (fault,) = vote_faults(council(ONE_VETO, outcome="vetoed", vetoed_by="AAA;AOA"))
    assert (fault.column, fault.expected) == ("vetoed_by", "AAA, by the members' votes")
    (fault,) = vote_faults(council(ONE_VETO, outcome="vetoed"))
    assert fault.found == "an empty cell"


def test_a_vote_of_a_state_without_a_seat_is_a_fault() -> None:
    tables = council(ALL_YES)
    tables["unsc_member_votes"].frame.loc[14, "iso3"] = "ZZZ"
    assert said(vote_faults(tables)) == [
        "unsc_member_votes.csv: row 16, column iso3: expected a member of the Council in 2016, found 'ZZZ'"
    ]


def test_a_council_that_is_not_of_fifteen_is_a_fault() -> None:
    tables = council(ALL_YES)
    one = tables["unsc_membership"]
    tables["unsc_membership"] = Found(one.file, one.frame.iloc[:14].copy(), one.lines[:14])
    texts = [fault.expected for fault in vote_faults(tables)]
    assert texts == ["15 members in 2016", "a member of the Council in 2016"]


def test_a_member_that_is_permanent_in_one_table_only_is_a_fault() -> None:
    tables = council(ALL_YES)
    tables["unsc_member_votes"].frame.loc[0, "permanent"] = "no"
    (fault,) = vote_faults(tables)
    assert (fault.column, fault.expected) == ("permanent", "yes, as in unsc_membership")


def body(roll: str, votes: list[str], **total: int) -> dict[str, Found]:
    counts = {"yes": 2, "no": 1, "abstain": 1, "absent": 0} | total
    return {
        "un_body_votes": found(
            "un_body_votes", {"vote_id": ["GA01"], "roll": [roll], **{key: [n] for key, n in counts.items()}}
        ),
        "un_body_member_votes": found(
            "un_body_member_votes",
            {"vote_id": ["GA01"] * len(votes), "iso3": [f"A{n}A" for n in range(len(votes))], "vote": votes},
        ),
    }


def test_a_complete_roll_adds_up_exactly_and_a_partial_one_to_no_more() -> None:
    whole = ["yes", "yes", "no", "abstain"]
    assert vote_faults(body("complete", whole)) == []
    assert [fault.column for fault in vote_faults(body("complete", whole[:3]))] == ["abstain"]
    assert vote_faults(body("partial", [*whole[:3], "not_established"])) == []
    (fault,) = vote_faults(body("partial", [*whole, "no"]))
    assert (fault.expected, fault.found) == ("at most 1 members' votes 'no' in GA01", "2")


def test_a_vote_known_by_its_totals_has_no_members_votes() -> None:
    (fault,) = vote_faults(body("totals_only", ["yes"]))
    assert fault.expected == "no members' votes for totals_only"


# Spells that are wrong, as the reader of a whole folder is told of them: with the place and the days


def spell_of_the_middle(row: dict[str, str]) -> bool:
    return row["place_id"] == "N0119" and row["start"] == "2012-08-01"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"start": "2012-08-03"}, "a spell of N0119 for 2012-08-01 to 2012-08-02, found a gap"),
        ({"end": "2016-07-28"}, "one spell of N0119 for 2016-07-27 to 2016-07-28, found an overlap"),
        (
            {"place_id": "N0999"},
            "a place_id of the table places, found 'N0999' (spell of N0999, 2012-08-01 to 2016-07-26)",
        ),
        (
            {"end": "2012-07-30"},
            "start on or before end, found start '2012-08-01', end '2012-07-30' "
            "(spell of N0119, 2012-08-01 to 2012-07-30)",
        ),
        ({"holder": "rebels"}, "found 'rebels' (spell of N0119, 2012-08-01 to 2016-07-26)"),
    ],
)
def test_a_bad_spell_is_told_with_its_place_and_days(
    data_copy: DataCopy, cells: dict[str, str], words: str
) -> None:
    data_copy.change("control_spells", spell_of_the_middle, **cells)
    assert any(words in text for text in said(list(verify(data_copy.folder).faults)))


def test_a_fault_of_another_table_names_no_spell(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, governorate="SY99")
    assert not any("spell of" in text for text in said(list(verify(data_copy.folder).faults)))
