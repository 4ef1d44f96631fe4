"""The ledger in the book: listed on pages, quoted by roles, and loud about what is not on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import small_pages
from docutils import nodes

from aleppo.bookkit import claims
from aleppo.evidence.paths import DATA_VARIABLE

ENTRY: dict[str, Any] = {
    "claim": "CNN-02",
    "article": "cnn",
    "paraphrase": "The city was *besieged*",
    "attributed_to": "CNN headline",
    "compiled": {},
    "verdict": "contested",
    "confidence": "medium",
    "reason": "Two bodies differ.",
    "says": "Dates run from {first} on; {people} lived there.",
    "figures": {
        "first": {"kind": "date", "best": "2016-07-06"},
        "people": {"kind": "count", "low": 30000, "high": 400000, "unit": "people"},
    },
    "supports": [],
    "opposes": [],
    "evidence": ["events/FR-078"],
    "tables": ["events"],
    "chapter": "",
    "figure": "",
    "test": "front_lines.siege",
    "data": "ab",
}
FINDING = {**ENTRY, "claim": "F-01", "article": "book", "attributed_to": "this book", "verdict": "supported"}


def built(
    folder: Path, monkeypatch: pytest.MonkeyPatch, page: str, other: list[dict[str, Any]] | None = None
) -> tuple[str, str]:
    """The HTML of a page, and what the build warned of; on other data with ``other`` as the workplace's ledger."""
    data = folder / "data"
    data.mkdir()
    (data / "ledger.json").write_text(json.dumps([ENTRY, FINDING]))
    monkeypatch.setenv(DATA_VARIABLE, str(data))
    source = folder / "source"
    source.mkdir()
    if other:
        (source / "ledger.json").write_text(json.dumps(other))
    (source / "index.md").write_text(f"# Page\n\n{page}\n\n% claims cnn\n\n% claims book\n")
    if other is None:
        warned = small_pages.built(folder, "aleppo.bookkit.claims")
    else:
        known = ("aleppo.bookkit.claims", "aleppo.bookkit.absent")
        warned = small_pages.built(folder, *known, aleppo_other_data="theirs")
    return (folder / "out" / "index.html").read_text(), warned


def test_an_entry_is_listed_with_its_verdict_its_evidence_and_its_grounds():
    text = claims.listing([ENTRY])
    for words in (
        ":::{rubric} CNN-02: contested\n:name: claim-cnn-02",
        r"The city was \*besieged\*. (CNN headline)",
        "The evidence\n: Dates run from 6\u00a0July 2016 on; 30,000–400,000\u00a0people lived there.",
        "Confidence\n: Medium. Two bodies differ.",
        "Looked at\n: {row}`events/FR-078`",
        "Decided by\n: `front_lines.siege`",
    ):
        assert words in text


def test_what_an_entry_does_not_have_is_not_listed():
    text = claims.listing([ENTRY])
    assert "Against" not in text
    assert "In this book" not in text


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "given"),
    [
        ("civilians trapped", "100000", "people", "civilians trapped: 100,000 people"),
        ("year", "2011", "year", "year: 2011"),
        ("people fled", "tens of thousands", "people", "people fled: tens of thousands"),
        ("pause", "18-22 Oct 2016", "dates", "pause: 18-22 Oct 2016"),
    ],
)
def test_what_was_compiled_of_a_claim_reads_as_a_sentence(quantity, value, unit, given):
    noted = {"evidence_test": "counts", "check_status": "not_tested"}
    compiled = {"quantity": quantity, "value": value, "unit": unit, **noted}
    assert f"As compiled\n: Given as {given}. " in claims.listing([{**ENTRY, "compiled": compiled}])


def test_sources_tables_and_the_chapter_are_links():
    entry = {**ENTRY, "supports": ["a", "b"], "evidence": [], "chapter": "notebooks/x", "figure": "fig-y"}
    text = claims.listing([entry])
    assert "For\n: {cite:p}`a,b`" in text
    assert "{ref}`events <data-events>`" in text
    assert "{numref}`fig-y` in {doc}`/notebooks/x`" in text


def test_a_role_links_to_the_entry_and_shows_its_verdict(tmp_path, monkeypatch):
    page, warned = built(tmp_path, monkeypatch, "It was {claim}`CNN-02`.")
    assert 'href="#claim-cnn-02"' in page
    assert 'class="claim claim-contested" title="CNN-02: contested (medium confidence)"' in page
    assert 'id="claim-cnn-02"' in page
    assert "WARNING" not in warned


def test_a_sentence_and_a_figure_are_taken_from_the_ledger(tmp_path, monkeypatch):
    page, warned = built(tmp_path, monkeypatch, "{says}`F-01` Of {amount}`F-01.people` I speak.")
    assert 'people lived there. <span class="claim claim-supported"' in page
    assert "Of 30,000–400,000\u00a0people I speak." in page
    assert "WARNING" not in warned


@pytest.mark.parametrize(
    ("text", "warning"),
    [
        ("{claim}`CNN-99`", "CNN-99: expected a claim on the ledger"),
        ("{says}`CNN-99`", "CNN-99: expected a claim on the ledger"),
        ("{amount}`CNN-99.people`", "CNN-99: expected a claim on the ledger"),
        ("{amount}`F-01.dogs`", "F-01: expected a figure of first, people, found 'dogs'"),
        ("\n\n% claims itv\n", "no claims of 'itv' on the ledger"),
    ],
)
def test_what_is_not_on_the_ledger_is_warned_of(tmp_path, monkeypatch, text, warning):
    _, warned = built(tmp_path, monkeypatch, text)
    assert warning in warned


def test_in_print_the_verdict_stands_in_the_margin():
    from test_print_writer import page

    mark = claims.ClaimMark(
        "CNN-02", "CNN-02", claim="CNN-02", verdict="contested", words="contested (low confidence)"
    )
    paragraph = nodes.paragraph("", "", mark)
    assert "#claim-mark[contested (low confidence)][CNN\\-02];" in page(paragraph).write()


# --- other data ---


def test_on_other_data_the_ledger_of_the_workplace_is_shown(tmp_path, monkeypatch):
    theirs = [{**ENTRY, "verdict": "supported"}, FINDING]
    page, warned = built(tmp_path, monkeypatch, "It was {claim}`CNN-02`.", other=theirs)
    assert "CNN-02: supported (medium confidence)" in page
    assert "WARNING" not in warned


def test_on_other_data_without_a_ledger_each_place_says_so(tmp_path, monkeypatch):
    page, warned = built(tmp_path, monkeypatch, "{says}`F-01` and {amount}`F-01.people`.", other=[])
    assert f"F-01 ({claims.UNDECIDED})" in page
    assert f"F-01.people ({claims.UNDECIDED})" in page
    assert page.count("Not available with these data") == 2
    assert "WARNING" not in warned
