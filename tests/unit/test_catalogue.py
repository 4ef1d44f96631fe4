"""The data chapter says of each table what its sidecar says."""

from pathlib import Path

import pytest

from aleppo.bookkit import catalogue
from aleppo.evidence import data_dir
from aleppo.evidence.tables import TABLES

SIDECAR = {
    "title": "Votes [drafts] of *everybody*",
    "description": "What was voted.",
    "class": "aggregated",
    "publisher": "The publisher",
    "licence": {"name": "not stated", "url": "", "checked": "2026-11-23", "basis": "no page says"},
    "retrieved": "2026-11-20",
    "builder": "aleppo ingest votes FILE",
    "rows": 1234,
    "first_date": "2011-10",
    "last_date": "2017-12-19",
    "sha256": "ab" * 32,
    "columns": [{"name": "yes", "type": "integer", "unit": "votes", "meaning": "In favour."}],
    "usage_warnings": {"vintage": "May change."},
    "known_gaps": ["One meeting is missing."],
    "chapters": ["security-council"],
    "citation": "The publisher, votes.",
}


@pytest.fixture
def page():
    return catalogue.catalogue([("votes", "../data/evidence/votes.csv", SIDECAR)])


@pytest.mark.parametrize(
    "words",
    [
        "What was voted.",
        "Publisher\n: The publisher",
        "Licence\n: not stated, looked up on 23\u00a0November 2026: no page says",
        "1,234 rows; October 2011 – December 2017",
        "Made by\n: `aleppo ingest votes FILE`",
        "- May change.",
        "- One meeting is missing.",
        "{doc}`/notebooks/security-council`",
        "{download}`votes.csv <../data/evidence/votes.csv>`",
        "integer, votes",
        "In favour.",
    ],
)
def test_a_section_says(page, words):
    assert words in page


def test_text_of_a_sidecar_is_never_taken_for_markup(page):
    assert r"## Votes \[drafts\] of \*everybody\*" in page


def test_an_entry_without_content_is_left_out():
    page = catalogue.catalogue([("votes", "votes.csv", {**SIDECAR, "known_gaps": [], "chapters": []})])
    assert "Known gaps" not in page
    assert "Used in" not in page


def test_the_overview_links_each_table_to_its_section(page):
    line = catalogue.overview([("votes", "votes.csv", SIDECAR)])
    assert f"(#{catalogue.anchor('votes')})" in line
    assert f"{{#{catalogue.anchor('votes')}}}" in page


def test_every_table_of_the_data_folder_has_an_entry_with_a_path_that_exists():
    page = Path(__file__).resolve().parents[2] / "book" / "data.md"
    listed = catalogue.entries(data_dir(), page)
    assert {name for name, _, _ in listed} <= set(TABLES)
    assert all((page.parent / path).is_file() for _, path, _ in listed)
    assert len(listed) > 20
