"""The findings of the book on the committed data: all are put to a test, and what it gives is fixed here."""

from __future__ import annotations

import json
import re
import time

import pytest

from aleppo.claims import ledger
from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed_tests
from aleppo.evidence import load
from aleppo.evidence.paths import repository
from aleppo.show.ledger import amount_text, says_text


@pytest.fixture(scope="module")
def findings():
    statements = ledger.statements(Exhibits())
    wanted = statements.loc[statements["article"] == ledger.BOOK, "claim"]
    tests, seen, known = computed_tests(), Exhibits(), set(load("sources")["source_id"])
    rows = statements.set_index("claim", drop=False)
    return {claim: ledger._entry(rows.loc[claim], tests[claim], seen.fresh(), known) for claim in wanted}


def test_there_are_more_than_forty_and_each_has_a_computed_test(findings):
    assert len(findings) >= 40
    assert not [claim for claim in findings if claim not in computed_tests()]


def test_every_finding_still_follows_from_its_evidence(findings):
    assert {
        claim: entry["verdict"] for claim, entry in findings.items() if entry["verdict"] != "supported"
    } == {}


def test_a_good_part_of_them_says_what_the_data_cannot_tell(findings):
    limits = [entry for entry in findings.values() if entry["kind"] == "limit"]
    assert len(limits) >= 15
    assert {entry["domain"] for entry in limits} >= {"front_lines", "civilian_toll", "international_response"}


def test_statements_have_no_figures_of_their_own(findings):
    for entry in findings.values():
        words = re.sub(
            r"\b(?:\d{1,2} )?(?:[A-Z][a-z]+ )?20\d\d\b|\bto \d{1,2} [A-Z][a-z]+ 20\d\d",
            "",
            entry["paraphrase"],
        )
        words = re.sub(r"\d{1,2} (?:November|December)|from \d{1,2} to \d{1,2}|from \d{1,2}", "", words)
        assert not re.search(r"\d", words), entry["claim"]


@pytest.mark.parametrize(
    ("claim", "figure", "text"),
    [
        ("F-02", "vetoed", "11"),
        ("F-03", "ratio", "×0.62–×1.57"),
        ("F-05", "all", "79\u00a0changes of holder"),
        ("F-10", "cut", "130 [122–148]\u00a0days"),
        ("F-13", "named", "69–78\u00a0days"),
        ("F-16", "after", "20 [19–20]"),
        ("F-29", "spread", "2,700–9,667\u00a0civilians"),
        ("F-33", "all", "1,761\u00a0incidents"),
        ("F-37", "share", "8–50\u00a0%"),
        ("F-48", "after", "2"),
        ("F-52", "same", "141"),
        ("F-55", "possible", "53"),
        ("F-56", "change", "×0.74 [0.63, 0.87]"),
        ("F-61", "days", "8–156"),
        ("F-64", "share", "43–68\u00a0%"),
    ],
)
def test_a_figure_is_that_of_its_chapter(findings, claim, figure, text):
    assert amount_text(findings[claim]["figures"][figure]) == text


def test_each_sentence_can_be_read(findings):
    for claim, entry in findings.items():
        assert not re.search(r"[{}]|—|nan", says_text(entry)), claim


def test_each_chapter_and_label_is_there(findings):
    for claim, entry in findings.items():
        page = repository() / f"{entry['chapter']}.ipynb"
        assert page.is_file(), claim
        if entry["figure"]:
            assert f'"name": "{entry["figure"]}"' in page.read_text() or _is_table(page, entry["figure"]), (
                claim
            )


def _is_table(page, label):
    cells = json.loads(page.read_text())["cells"]
    sheets = [
        sheet
        for cell in cells
        for output in cell.get("outputs", [])
        if (sheet := output.get("data", {}).get("application/vnd.aleppo.table+json"))
    ]
    return label in {f"tab-{sheet['id']}" for sheet in sheets}


def test_the_tests_are_quick_enough_to_run_at_each_build():
    started, seen, tests = time.process_time(), Exhibits(), computed_tests()
    for claim in [name for name in tests if name.startswith("F-")]:
        tests[claim].decide(seen.fresh())
    assert time.process_time() - started < 15
