"""The review of the compiled rows, kept as tests: each correction made once would be missed if it were undone."""

from __future__ import annotations

import csv
import hashlib
import re
import unicodedata
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from book_prose import cited_by_the_pages

EVIDENCE = Path(__file__).resolve().parents[2] / "data" / "evidence"
TABLES = sorted(path.stem for path in EVIDENCE.glob("*.csv"))
SPELLS = {"control_spells": "place_id", "town_spells": "town_id"}
# Sources that no single row rests on: the outlines behind the places, the file behind the weekly deaths
BEHIND_WHOLE_TABLES = {
    "ocha-2016-city-neighbourhoods",
    "owid-20260611-ucdp-26-1",
    "ucdp-2020-syria-extract-notes",
    "guardian-2016-coalition-strikes",
    "un-2018-council-meetings",
    "vdc-2018-deaths-by-province",
}
LISTS_OF_EVENTS = re.compile(r"[A-Z][A-Z0-9-]+(;[A-Z][A-Z0-9-]+)*")


@cache
def rows(table: str) -> tuple[dict[str, str], ...]:
    with (EVIDENCE / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def row(table: str, key: str) -> dict[str, str]:
    """The row whose first column is ``key``."""
    found = [one for one in rows(table) if next(iter(one.values())) == key]
    assert len(found) == 1, f"{table}: {len(found)} rows called {key}"
    return found[0]


def ids(cell: str) -> list[str]:
    return [one for one in cell.split(";") if one]


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).casefold()


class Says(NamedTuple):
    """What the cell of one row has to say, and what it may not say."""

    table: str
    key: str
    column: str
    says: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


DETAILS = (
    Says("events", "FR-098", "summary", ("sohr said", "rebels denied losing sakhour")),
    Says("events", "FR-098", "note", ("n0122",)),
    Says("claims", "ITV-12", "check_status", ("supported",), ("not", "partly")),
    Says("claims", "ITV-12", "source_ids", ("afp-20160904",), ("afp-2016-key-dates",)),
    Says("claims", "ITV-23", "check_status", ("supported",), ("not", "partly")),
    Says("claims", "ITV-23", "check_note", ("18 august 2011", "european union", "germany")),
    Says("claims", "ITV-23", "source_ids", ("cnn-20110818",)),
    Says("claims", "CNN-26", "check_status", ("not_confirmed",)),
    Says(
        "claims",
        "CNN-26",
        "check_note",
        ("sheikh mohammed", "rashidiya", "scientific research centre", "no major town"),
    ),
    Says("estimates", "HLT-008", "note", ("at least 814", "july 2016")),
    Says("estimates", "DIS-004", "low", ("60000",)),
    Says("estimates", "DIS-004", "high", ("70000",)),
    Says("estimates", "DIS-004", "note", ("not yet displaced",)),
    Says("estimates", "RUS-026", "period_end", ("2016-09-29",)),
    Says(
        "events",
        "TOLL-EV-004",
        "summary",
        ("at least 147", "incomplete images", "more than 230", "state television"),
    ),
    Says("events", "TOLL-EV-004", "source_ids", ("hrw-20130604",)),
    Says("measures", "M32", "date_start", ("2016-10-20",)),
    Says("measures", "M32", "date_end", ("2016-10-21",)),
    Says("measures", "M32", "summary", ("after opposition led by italy", "some others"), ("insistence",)),
    Says("measures", "M11", "date_start", ("2016-06-24",)),
    Says(
        "measures",
        "M11",
        "summary",
        ("dated 24 june", "kremlin announced on 27 june", "sorrow, not of an apology"),
    ),
    Says("events", "FR-114", "summary", ("about 27,000", "over 7,000")),
    Says("events", "FR-114", "note", ("16,200", "18,000", "overtaken")),
    Says(
        "events",
        "FR-107",
        "summary",
        ("corroborated by several reliable sources", "wrong or exaggerated", "syrian army denied"),
    ),
    Says("events", "FR-107", "date_start", ("2016-12-12",)),
    Says("events", "FR-107", "date_end", ("2016-12-13",)),
    Says("estimates", "COI-001", "best", ("291",)),
    Says("events", "FR-063", "unit", ("witnesses",), ("interviews",)),
    Says("events", "FR-063", "value", ("291",)),
    Says("events", "FR-095", "actors", ("not attributed",), ("government",)),
    Says("events", "FR-013", "date_start", ("2013-10-06",)),
    Says("events", "FR-013", "date_end", ("2013-10-07",)),
    Says("events", "FR-013", "summary", ("only partly open until safira fell",)),
    Says("events", "FR-119", "date_start", ("2017-02-23",)),
    Says("events", "FR-119", "summary", ("sohr said that is still held about half",)),
    Says("events", "FR-119", "note", (), ("general knowledge",)),
    Says("events", "TOLL-EV-006", "date_start", ("2013-03-19",)),
    Says("events", "TOLL-EV-006", "date_end", ("2013-03-19",)),
    Says("events", "TOLL-EV-006", "summary", ("sohr reported at least 26 dead",)),
    Says("events", "FR-085", "summary", ("half of bustan al-basha on 6 october",)),
    Says("events", "FR-085", "note", (), ("does not name",)),
    Says("events", "FR-085", "source_ids", ("haaretz",)),
    Says("events", "FR-037", "verified", ("yes",)),
    Says("events", "FR-068", "verified", ("yes",)),
    Says("events", "FR-083", "verified", ("yes",)),
    Says("events", "FR-090", "verified", ("yes",)),
    Says("events", "FR-113", "verified", ("yes",)),
    Says("events", "FR-037", "note", ("sc18",)),
    Says("events", "FR-068", "note", ("m13",)),
    Says("events", "FR-083", "note", ("m19",)),
    Says("events", "FR-090", "note", ("cf18",)),
    Says("events", "FR-113", "note", ("m47",)),
    Says("estimates", "HLT-007", "verified", ("yes",)),
    Says("estimates", "HLT-009", "verified", ("yes",)),
    Says("events", "FR-100", "note", ("general knowledge",)),
    Says("measures", "M04", "note", ("general knowledge",)),
    Says("measures", "M18", "note", ("general knowledge",)),
    Says("measures", "M55", "note", ("general knowledge",)),
    Says("ceasefires", "CF03", "note", ("general knowledge",)),
    Says("events", "FR-112", "note", ("general knowledge",)),
    Says("events", "TOLL-EV-036", "note", ("not kept",)),
    Says("events", "TOLL-EV-040", "note", ("not kept",)),
    Says("events", "TOLL-EV-044", "note", ("not kept",)),
)

WORDING = (
    Says("events", "FR-063", "summary", ("the commission of inquiry, whose", "found that all parties")),
    Says("events", "TOLL-EV-068", "summary", ("the commission of inquiry found that",)),
    Says("events", "TOLL-EV-069", "summary", ("the commission of inquiry found that",)),
    Says("events", "TOLL-EV-070", "summary", ("the commission judged that",)),
    Says("events", "TOLL-EV-005", "summary", ("anf reported",)),
    Says("events", "FR-011", "summary", ("citing activists, sohr said", "state media spoke of 123 dead")),
    Says("events", "TOLL-EV-008", "summary", ("sohr said",)),
    Says("events", "TOLL-EV-014", "summary", ("sohr said",)),
    Says("events", "TOLL-EV-027", "summary", ("state media said", "sohr said")),
    Says("events", "TOLL-EV-046", "summary", ("state media said",), ("brother",)),
    Says("events", "TOLL-EV-044", "summary", ("according to state media",)),
    Says("events", "TOLL-EV-054", "summary", ("according to un investigators",)),
    Says("events", "TOLL-EV-056", "summary", ("according to un investigators",)),
    Says("events", "TOLL-EV-011", "summary", ("was reported to have shut",)),
    Says("events", "TOLL-EV-036", "summary", ("were reported treated",)),
    Says("events", "TOLL-EV-019", "summary", ("sohr also reported three children killed",)),
    Says("events", "TOLL-EV-009", "summary", ("46 fighters",)),
    Says("events", "TOLL-EV-022", "summary", ("amnesty, which called the shelling indiscriminate",)),
    Says("events", "TOLL-EV-022", "event_type", ("shelling",), ("indiscriminate",)),
    Says("events", "TOLL-EV-038", "actors", ("attributed to russian or syrian aircraft",)),
    Says("events", "TOLL-EV-040", "actors", ("attributed to russian or syrian aircraft",)),
    Says("events", "TOLL-EV-041", "actors", ("attributed to russian or syrian aircraft",)),
    Says("events", "TOLL-EV-052", "actors", ("attributed to russian or syrian aircraft",)),
    Says("events", "TOLL-EV-050", "actors", ("no actor named",), ("russian",)),
    Says("events", "FR-064", "note", ("contested between the army and the ypg",)),
    Says("events", "FR-115", "summary", ("35,000 people it called militants",)),
    Says("events", "AW-RS1728", "place", ("bab al-nayrab, aleppo",), ("[",)),
    # neither name nor age: either would say, with place and day, who it was
    Says("events", "FR-071", "summary", ("a wounded boy",), ("brother", "father", "year-old")),
    Says("claims", "ITV-41", "paraphrase", ("a wounded boy",), ("year-old",)),
    Says("claims", "CNN-50", "paraphrase", ("a young girl",), ("year-old",)),
    Says("events", "AW-RS0270", "note", ("aw-rs0279 may be the same event",)),
    Says("events", "AW-RS0279", "note", ("aw-rs0270 may be the same event",)),
    Says("events", "TOLL-EV-024", "note", ("may be part of fr-055",)),
    Says("estimates", "RUS-039", "note", ("rounds rus-012",)),
    Says("estimates", "RUS-012", "note", ("rus-039 rounds",)),
)


def _name(case: Says) -> str:
    return f"{case.table}-{case.key}-{case.column}"


def _check(case: Says) -> None:
    cell = plain(row(case.table, case.key)[case.column])
    for words in case.says:
        assert words in cell, f"{_name(case)}: {words!r} missing from {cell!r}"
    for words in case.never:
        assert words not in cell, f"{_name(case)}: {words!r} in {cell!r}"


@pytest.mark.parametrize("case", DETAILS, ids=_name)
def test_a_detail_that_was_mended_stays_mended(case: Says) -> None:
    _check(case)


@pytest.mark.parametrize("case", WORDING, ids=_name)
def test_wording_names_who_reported_it_and_stays_neutral(case: Says) -> None:
    _check(case)


MERGES = (
    ("FR-011", "TOLL-EV-007"),
    ("FR-055", "TOLL-EV-028"),
    ("FR-063", "TOLL-EV-067"),
    ("FR-071", "TOLL-EV-033"),
    ("FR-078", "TOLL-EV-037"),
    ("FR-095", "TOLL-EV-059"),
    ("FR-103", "TOLL-EV-061"),
    ("FR-107", "TOLL-EV-062"),
    ("FR-111", "TOLL-EV-064"),
    ("FR-112", "TOLL-EV-065"),
    ("FR-114", "TOLL-EV-063"),
)


@pytest.mark.parametrize(("kept", "gone"), MERGES)
def test_an_event_told_twice_is_one_row_that_lists_the_other(kept: str, gone: str) -> None:
    assert gone not in {one["event_id"] for one in rows("events")}
    assert gone in ids(row("events", kept)["merged_from"])


def test_every_merged_event_is_gone_and_no_merge_is_unexpected() -> None:
    merged = {one["event_id"]: one["merged_from"] for one in rows("events") if one["merged_from"]}
    assert merged == dict(MERGES)
    assert all(LISTS_OF_EVENTS.fullmatch(gone) for gone in merged.values())


def test_publication_of_the_inquiry_and_its_findings_stay_separate_rows() -> None:
    published = row("events", "FR-120")
    assert published["date_start"] == published["date_end"] == "2017-03-01"
    for finding in ("FR-063", "TOLL-EV-068", "TOLL-EV-069", "TOLL-EV-070"):
        assert row("events", finding)["date_end"] == "2016-12-22"
        assert finding in published["note"]


def test_the_steps_of_the_evacuation_point_to_the_row_that_counts_it() -> None:
    for step in ("FR-108", "FR-110", "FR-111"):
        assert "FR-114" in row("events", step)["note"]


def test_published_control_over_an_interval_has_two_dates() -> None:
    spans = [
        (one["date_start"], one["date_end"], one["measure"], one["value"])
        for one in rows("control_published")
        if one["date_start"] != one["date_end"] and one["date_start"] < "2017"
    ]
    assert spans == [
        ("2015-01-01", "2015-08-10", "change_in_area_fully_controlled", "-18"),
        ("2015-09-29", "2015-11-16", "net_change_in_area", "120"),
        ("2015-09-29", "2015-11-16", "net_change_vs_IS", "-120"),
        ("2015-09-29", "2015-11-16", "net_change_vs_rebels", "240"),
    ]


def test_published_control_given_as_a_range_has_two_bounds() -> None:
    ranges = {
        (one["date_start"], one["value_low"], one["value_high"])
        for one in rows("control_published")
        if one["value_low"] or one["value_high"]
    }
    assert ranges == {
        ("2016-07-07", "0.5", "1"),
        ("2016-07-12", "200000", "250000"),
        ("2016-08-19", "250000", "275000"),
        ("2016-11-20", "5000", "7000"),
    }
    assert all(not one["value"] for one in rows("control_published") if one["value_low"])


def test_a_low_estimate_above_the_best_is_explained_and_there_are_three() -> None:
    odd = [
        one
        for one in rows("monthly_published")
        if one["low"] and one["best"] and float(one["low"]) > float(one["best"])
    ]
    assert [(one["month"], one["low"], one["best"]) for one in odd] == [
        ("2016-01", "2829", "2794"),
        ("2016-03", "350", "348"),
        ("2016-11", "3480", "3475"),
    ]
    assert all(one["bounds_note"] for one in odd)
    assert sum(bool(one["bounds_note"]) for one in rows("monthly_published")) == 3


def test_the_first_year_count_of_september_2016_ends_on_the_29th() -> None:
    found = [one for one in rows("monthly_published") if one["month"] == "2016-09" and one["best"] == "3264"]
    assert len(found) == 1
    assert "29 September 2016" in found[0]["note"]


def test_the_drawdown_assessment_is_dated_to_the_day_and_its_point_lies_ashore() -> None:
    event = row("events", "FR-052")
    assert event["date_precision"] == "day"
    assert float(event["lon"]) > 35.88


@pytest.mark.parametrize("table", SPELLS)
def test_no_two_spells_in_a_row_have_one_holder(table: str) -> None:
    key = SPELLS[table]
    for before, here in zip(rows(table), rows(table)[1:], strict=False):
        if before[key] == here[key] and before["holder"] != "contested":
            assert before["holder"] != here["holder"], f"{here[key]} from {here['start']}"


def test_the_opposition_held_mashhad_in_one_spell() -> None:
    held = [
        one for one in rows("control_spells") if one["place_id"] == "N0218" and one["holder"] == "opposition"
    ]
    assert [(one["start"], one["end"]) for one in held] == [("2012-08-01", "2016-12-21")]


def test_the_fall_of_sheikh_saeed_in_2013_has_medium_confidence_and_both_days() -> None:
    (spell,) = [
        one for one in rows("control_spells") if (one["place_id"], one["start"]) == ("N0225", "2013-02-02")
    ]
    assert spell["confidence"] == "medium"
    assert "1 February (AFP)" in spell["basis"] and "2 February 2013 (AP, SOHR)" in spell["basis"]


def test_haydariya_is_contested_between_the_army_and_the_ypg_at_the_end() -> None:
    last = [one for one in rows("control_spells") if one["place_id"] == "N0122"][-1]
    assert (last["holder"], last["contested_by"]) == ("contested", "government;kurdish_ypg_sdf")


def test_spells_cover_every_place_and_day_exactly_once() -> None:
    windows = {
        "control_spells": ("places", "2012-07-19", "2016-12-22"),
        "town_spells": ("towns", "2015-01-01", "2016-12-31"),
    }
    for table, (places, opens, closes) in windows.items():
        due: dict[str, date] = {}
        for one in rows(table):
            place = one[SPELLS[table]]
            assert date.fromisoformat(one["start"]) == due.get(place, date.fromisoformat(opens)), one
            due[place] = date.fromisoformat(one["end"]) + timedelta(days=1)
        assert set(due) == {next(iter(one.values())) for one in rows(places)}
        assert set(due.values()) == {date.fromisoformat(closes) + timedelta(days=1)}


@pytest.mark.parametrize("place", ["N0138", "N0141", "N0182", "N0216"])
def test_the_basis_of_a_spell_says_government(place: str) -> None:
    bases = [plain(one["basis"]) for one in rows("control_spells") if one["place_id"] == place]
    assert any("government-" in basis for basis in bases)


@pytest.mark.parametrize("table", ["events", "estimates", "towns"])
def test_governorates_are_given_by_p_code(table: str) -> None:
    known = {one["governorate"] for one in rows("governorates")} | {""}
    assert {one["governorate"] for one in rows(table)} <= known


def test_other_spellings_of_governorates_are_listed_as_aliases() -> None:
    aliases = {alias for one in rows("governorates") for alias in ids(one["aliases"])}
    assert {"Idlib", "Latakia", "Deir ez-Zor", "Tartus", "Raqqa", "Hasakah"} <= aliases


# First 16 hex digits of the SHA-256 of each name in lower case, so that this file does not carry the names
NAMES_OF_VICTIMS = frozenset(
    {
        "1a84ef3df88628f2",
        "59642a7ba5d40b66",
        "9a6964a78c3b8e76",
        "b08b5741ad784693",
        "beb0c80d04be942f",
        "cd6b3c1566862101",
        "d391f11b3b9f8ced",
        "da74c66cf72f75a8",
        "e11808464de4ac68",
        "e95b22708629e7bc",
    }
)


def _hashed(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()[:16]


@pytest.mark.parametrize("table", TABLES)
def test_no_table_carries_the_name_of_a_victim(table: str) -> None:
    text = unicodedata.normalize("NFKC", (EVIDENCE / f"{table}.csv").read_text(encoding="utf-8")).lower()
    words = set(re.findall(r"[^\W\d_]+", text))
    assert not {word for word in words if _hashed(word) in NAMES_OF_VICTIMS}


def test_the_check_for_names_finds_one_that_is_there() -> None:
    sample = "".join(chr(ord(letter) - 1) for letter in "pnsbo")
    assert _hashed(sample) in NAMES_OF_VICTIMS


@pytest.mark.parametrize("table", [table for table in TABLES if table != "sources"])
def test_the_word_regime_stands_only_in_quotation_marks(table: str) -> None:
    for one in rows(table):
        for column, cell in one.items():
            rest = re.sub(r"\"[^\"]*\"", "", cell)
            assert "regime" not in rest.casefold(), f"{table}, {column}: {cell}"


@pytest.mark.parametrize("table", TABLES)
def test_no_table_speaks_of_files_that_a_reader_does_not_have(table: str) -> None:
    text = (EVIDENCE / f"{table}.csv").read_text(encoding="utf-8")
    assert not re.search(
        r"articles/0|\(file |\(local file|\bseed\b|\bstored\b|\b(FR|NB)_[A-Z]", text, re.IGNORECASE
    )


@pytest.mark.parametrize("table", [table for table in TABLES if table != "sources"])
def test_every_source_named_exists(table: str) -> None:
    known = {one["source_id"] for one in rows("sources")}
    for one in rows(table):
        assert set(ids(one.get("source_ids", ""))) <= known, one


def test_every_source_is_used_and_addressless_ones_say_why() -> None:
    used = {i for table in TABLES for one in rows(table) for i in ids(one.get("source_ids", ""))}
    assert {one["source_id"] for one in rows("sources")} == used | BEHIND_WHOLE_TABLES | set(
        cited_by_the_pages()
    )
    for one in rows("sources"):
        assert one["url"] or one["copy_url"] or one["note"], one["source_id"]


def test_a_source_stands_once() -> None:
    seen: dict[tuple[str, ...], str] = {}
    for one in rows("sources"):
        address = one["copy_url"] or one["url"]
        if address:
            key = (re.sub(r"^https?://(www\.)?", "", address).rstrip("/"), one["copy_url"])
            assert key not in seen, f"{one['source_id']} and {seen.get(key)}"
            seen[key] = one["source_id"]


@pytest.mark.parametrize("table", TABLES)
def test_a_row_whose_sources_were_not_read_is_not_called_verified(table: str) -> None:
    read = {one["source_id"]: one["read"] for one in rows("sources")}
    for one in rows(table):
        if one.get("verified") == "yes":
            assert any(read[source] != "nothing" for source in ids(one["source_ids"])), one


def test_rows_that_were_never_verified_stay_so() -> None:
    for key in (
        "DIS-003",
        "DIS-014",
        "HLT-006",
        "HLT-010",
        "MOD-012",
        "MOD-016",
        "PRC-006",
        "RUS-006",
        "RUS-023",
        "RUS-024",
        "ALP-072",
    ):
        assert row("estimates", key)["verified"] == "no"
    assert row("events", "TOLL-EV-048")["verified"] == "no"


def test_encyclopedias_are_marked_as_such() -> None:
    for one in rows("sources"):
        if one["publisher"] == "Wikipedia":
            assert one["type"] == "encyclopedia", one["source_id"]


def test_the_special_session_names_seven_votes_and_leaves_forty_open() -> None:
    votes = [one["vote"] for one in rows("un_body_member_votes") if one["vote_id"] == "HR22"]
    assert (votes.count("no"), votes.count("not_established"), len(votes)) == (7, 40, 47)
