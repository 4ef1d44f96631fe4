"""The data chapter says of each table what its sidecar says."""

from dataclasses import replace

import pytest

from aleppo.bookkit import catalogue
from aleppo.bookkit.catalogue import Entry
from aleppo.evidence import data_dir
from aleppo.evidence.paths import repository
from aleppo.evidence.tables import TABLES, USAGE_WARNINGS
from data_copy import DataCopy

SIDECAR = {
    "title": "Votes [drafts] of *everybody*",
    "description": "What was voted.",
    "class": "aggregated",
    "publisher": "The publisher",
    "licence": {"name": "not stated", "url": "", "checked": "2026-11-23", "basis": "no page says"},
    "retrieved": "2026-11-20",
    "version": "26.1",
    "builder": "aleppo ingest votes FILE",
    "made_from": {"file": "votes_26.csv", "version": "26.1", "sha256": "cd" * 32},
    "rows": 1234,
    "first_date": "2011-10",
    "last_date": "2017-12-19",
    "sha256": "ab" * 32,
    "columns": [{"name": "yes", "type": "integer", "unit": "votes", "meaning": "In favour."}],
    "key": ["yes"],
    "usage_warnings": {"vintage": "May change."},
    "known_gaps": ["One meeting is missing."],
    "chapters": ["security-council"],
    "citation": "The publisher, votes.",
}
CITED = "Contributors. (2026). Votes [Data set]. In The book (version 9, data-votes, state of 2026-11-20)."
ENTRY = Entry("votes", "evidence/votes.csv", SIDECAR, "../_static/data", CITED)
COMPILED = SIDECAR | {
    "class": "compiled",
    "licence": {
        "name": "CC BY 4.0",
        "url": "https://example.org/by",
        "checked": "2026-11-23",
        "basis": "ours",
    },
}


def changed(**sidecar: object) -> Entry:
    return replace(ENTRY, sidecar=SIDECAR | sidecar)


@pytest.fixture
def page() -> str:
    return catalogue.catalogue([ENTRY])


@pytest.fixture
def on_the_screen(page: str) -> str:
    return page.partition("{only} html")[2].partition("{only} not html")[0]


@pytest.fixture
def in_print(page: str) -> str:
    return page.partition("{only} not html")[2]


def test_a_section_has_its_title_and_description_in_both_editions(page: str) -> None:
    head = page.partition("{only}")[0]
    assert "What was voted." in head
    assert f"({catalogue.anchor('votes')})=" in head


@pytest.mark.parametrize(
    "words",
    [
        "Publisher\n: The publisher",
        "Licence\n: not stated, looked up on 23\u00a0November 2026: no page says",
        "1,234 rows; October 2011 – December 2017",
        "20\u00a0November 2026; publisher's version: 26.1",
        "Made by\n: `aleppo ingest votes FILE` from `votes_26.csv`",
        "- May change.",
        "- One meeting is missing.",
        "{doc}`/notebooks/security-council`",
        '<a href="../_static/data/evidence/votes.csv" download>CSV, as published</a>',
        '<a href="../_static/data/evidence/votes.parquet" download>Parquet</a>',
        '<a href="../_static/data/evidence/votes.xlsx" download>Excel workbook (XLSX)</a>',
        '<a href="../_static/citations/data-votes.ris" download>RIS</a>',
        '<a href="../_static/data/evidence/votes.yml" download>description (YAML)</a>',
        "{dropdown} Columns (1)",
        "`yes` (key)",
        "integer (votes)",
        "In favour.",
    ],
)
def test_the_screen_says(on_the_screen: str, words: str) -> None:
    assert words in on_the_screen


@pytest.mark.parametrize(
    "words",
    [
        "The publisher; state of 20\u00a0November 2026; publisher's version: 26.1",
        "no page says",
        "Please note\n: vintage",
        "Known gaps\n: One meeting is missing.",
        "`evidence/votes.csv`, 1,234 rows; October 2011 – December 2017",
        "Cite as\n: The publisher, votes.",
    ],
)
def test_print_says(in_print: str, words: str) -> None:
    assert words in in_print


def test_print_has_neither_links_to_files_nor_meanings_of_columns(in_print: str) -> None:
    assert "download" not in in_print
    assert "In favour." not in in_print
    assert "Columns" not in in_print


def test_text_of_a_sidecar_is_never_taken_for_markup(page: str) -> None:
    assert r"### Votes \[drafts\] of \*everybody\*" in page


def test_an_entry_without_content_is_left_out() -> None:
    page = catalogue.catalogue([changed(known_gaps=[], chapters=[])])
    assert "Known gaps" not in page
    assert "Used in" not in page


def test_a_description_of_other_bytes_says_so() -> None:
    assert catalogue.STALE in catalogue.catalogue([replace(ENTRY, stale=True)])
    assert catalogue.STALE not in catalogue.catalogue([ENTRY])


def test_a_series_is_cited_with_its_publishers_words_state_version_and_licence() -> None:
    assert catalogue.cite_as(ENTRY) == (
        "The publisher, votes. State of 20\u00a0November 2026; source file 26.1. No licence stated."
    )


def test_a_compiled_table_is_cited_as_a_part_of_the_book_with_its_licence() -> None:
    assert catalogue.cite_as(replace(ENTRY, sidecar=COMPILED)) == f"{CITED} Licence: CC BY 4.0."


def test_a_table_of_other_data_is_not_cited_as_the_published_one() -> None:
    assert "Changed from the published" in catalogue.cite_as(replace(ENTRY, sidecar=COMPILED, changed=True))
    assert "Changed" not in catalogue.cite_as(replace(ENTRY, sidecar=COMPILED))


def test_the_overview_links_each_table_to_its_section(page: str) -> None:
    line = catalogue.overview([ENTRY])
    assert f"(#{catalogue.anchor('votes')})" in line
    assert f"({catalogue.anchor('votes')})=" in page


def test_every_warning_of_the_vocabulary_is_explained_by_the_name_that_print_uses() -> None:
    explained = catalogue.warnings()
    for name, meaning in USAGE_WARNINGS.items():
        assert f"{catalogue.words(name)}\n: {catalogue.text(meaning)}" in explained


def test_every_table_of_the_data_folder_has_an_entry() -> None:
    listed = catalogue.entries(data_dir(), "book/data", repository())
    assert {entry.name for entry in listed} <= set(TABLES)
    assert len(listed) > 20
    assert {entry.files for entry in listed} == {"../_static/data"}
    for entry in listed:
        assert entry.sidecar["title"].rstrip(".") in entry.cited and "version" in entry.cited


def test_a_table_that_was_edited_is_changed_and_its_description_stale(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="another")
    listed = {entry.name: entry for entry in catalogue.entries(data_copy.folder, "book/data", repository())}
    assert listed["towns"].changed and listed["towns"].stale
    assert not listed["places"].changed and not listed["places"].stale
