"""The ledger: one test per claim, verdicts from a fixed scale, and every change told."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from aleppo.claims import ledger
from aleppo.claims.exhibits import ARTICLE_SOURCES, Exhibits
from aleppo.claims.registry import Test, computed_tests, judgements
from aleppo.claims.verdict import SCALE, Amount, Verdict
from aleppo.evidence.errors import AleppoError, MissingTable

FRAMES = {
    "claims": pd.DataFrame(
        {
            "claim_id": ["CNN-01", "ITV-01"],
            "article": ["cnn", "itv"],
            "paraphrase": ["It was so.", "It was not."],
            "attributed_to": ["CNN", None],
            "domain": ["background", "front_lines"],
            "kind": ["event", "number"],
        }
    ),
    "findings": pd.DataFrame(
        {"finding_id": ["F-01"], "statement": ["We find."], "domain": ["front_lines"], "kind": ["change"]}
    ),
    "sources": pd.DataFrame({"source_id": ["one", "two"]}),
    "events": pd.DataFrame(
        {"event_id": ["FR-1", "FR-2"], "value": [3.0, 4.0], "source_ids": ["one;two", "two"]}
    ),
}


def verdict(**changes) -> Verdict:
    parts = {
        "verdict": "supported",
        "confidence": "high",
        "reason": "Two sources.",
        "says": "It was {deaths}.",
        "figures": {"deaths": Amount("count", 3, unit="people")},
    }
    return Verdict(**{**parts, **changes})


def decided(exhibits: Exhibits) -> Verdict:
    row = exhibits.rows("events", "FR-1").iloc[0]
    return verdict(
        figures={"deaths": Amount("count", row["value"])}, supports=exhibits.sources("events", "FR-1")
    )


@pytest.fixture
def frames():
    return {name: frame.copy() for name, frame in FRAMES.items()}


@pytest.fixture
def exhibits(frames):
    return Exhibits(frames.__getitem__)


@pytest.fixture
def tests():
    return {claim: Test("m.decided", decided, True, "notebooks/x") for claim in ("CNN-01", "ITV-01", "F-01")}


# --- verdicts ---


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"verdict": "true"}, "expected one of supported"),
        ({"confidence": "sure"}, "expected a confidence of high, medium, low, found 'sure'"),
        ({"reason": " "}, "expected a sentence as its reason"),
        ({"says": "It was {others}."}, "found deaths, others"),
        ({"says": "It was so."}, "found deaths"),
    ],
)
def test_a_verdict_off_the_scale_or_with_a_figure_that_is_not_named_is_refused(changes, message):
    with pytest.raises(AleppoError, match=message):
        verdict(**changes)


@pytest.mark.parametrize(
    "parts",
    [
        {"kind": "number", "best": 1},
        {"kind": "count"},
        {"kind": "count", "best": float("nan")},
        {"kind": "count", "low": 3, "best": 2},
        {"kind": "count", "best": "three"},
        {"kind": "date", "best": 3},
        {"kind": "date", "best": "2016-01-01", "high": 3},
    ],
)
def test_a_figure_without_a_finite_value_or_with_bounds_out_of_order_is_refused(parts):
    with pytest.raises(AleppoError, match="a figure"):
        Amount(**parts)


def test_a_figure_keeps_only_the_parts_it_has_and_no_noise_of_floats():
    assert Amount("share", low=0.1 + 0.2, high=0.5).as_json() == {"kind": "share", "low": 0.3, "high": 0.5}
    assert Amount("count", 3.0, unit="people").as_json() == {"kind": "count", "best": 3, "unit": "people"}


# --- what a test looked at ---


def test_what_a_test_looked_at_is_recorded_apart_from_other_tests(exhibits):
    exhibits.rows("events", "FR-2")
    assert exhibits.named_rows() == ["events/FR-2"]
    assert exhibits.fresh().named_rows() == []


def test_an_id_that_is_not_there_is_named(exhibits):
    with pytest.raises(AleppoError, match="events: expected a row with the event_id FR-9"):
        exhibits.rows("events", "FR-9")


def test_the_hash_of_named_rows_changes_with_them_and_not_with_others(frames, exhibits):
    exhibits.rows("events", "FR-1")
    before = exhibits.digest()
    frames["events"].loc[1, "value"] = 9.0
    other = Exhibits(frames.__getitem__)
    other.rows("events", "FR-1")
    assert other.digest() == before
    frames["events"].loc[0, "value"] = 9.0
    changed = Exhibits(frames.__getitem__)
    changed.rows("events", "FR-1")
    assert changed.digest() != before


# --- the ledger ---


def test_every_claim_and_finding_has_an_entry_in_order(exhibits, tests):
    entries = ledger.evaluate(exhibits, tests)
    assert [(entry["claim"], entry["article"]) for entry in entries] == [
        ("CNN-01", "cnn"),
        ("ITV-01", "itv"),
        ("F-01", "book"),
    ]
    assert entries[0]["figures"] == {"deaths": {"kind": "count", "best": 3}}
    assert entries[0]["supports"] == ["one", "two"]
    assert entries[0]["evidence"] == ["events/FR-1"]
    assert entries[1]["attributed_to"] == ""


def test_an_article_is_no_evidence_for_what_it_says_unless_the_claim_is_about_it(frames):
    own = ARTICLE_SOURCES["cnn"]
    frames["sources"] = pd.DataFrame({"source_id": ["one", own]})
    cases = {"CNN-01": (own, "one"), "ITV-01": (own,), "F-01": (own, "one")}
    tests = {
        claim: Test("m.decided", lambda _, of=of: verdict(supports=of, opposes=of[:1]), True, "notebooks/x")
        for claim, of in cases.items()
    }
    first, second, third = ledger.evaluate(Exhibits(frames.__getitem__), tests)
    assert first["supports"] == ["one"]
    assert first["opposes"] == [own]
    assert second["supports"] == [own]
    assert third["supports"] == sorted([own, "one"])


def test_a_claim_without_a_test_and_a_test_without_a_claim_are_named(exhibits, tests):
    with pytest.raises(AleppoError, match=r"ITV-01: expected a test in aleppo\.claims\.tests"):
        ledger.evaluate(exhibits, {name: test for name, test in tests.items() if name != "ITV-01"})
    with pytest.raises(AleppoError, match="ITV-99: expected a claim or finding"):
        ledger.evaluate(exhibits, {**tests, "ITV-99": tests["ITV-01"]})


def test_a_source_that_is_not_listed_is_named_with_its_claim(exhibits, tests):
    odd = Test("m.odd", lambda _: verdict(opposes=("three",)), True)
    with pytest.raises(AleppoError, match="CNN-01: expected ids of the table sources, found 'three'"):
        ledger.evaluate(exhibits, {**tests, "CNN-01": odd})


def test_the_same_evidence_gives_the_same_ledger_and_no_difference(exhibits, tests):
    one, two = ledger.evaluate(exhibits, tests), ledger.evaluate(exhibits, tests)
    assert ledger.as_text(one) == ledger.as_text(two)
    assert ledger.differences(one, two) == []


def test_a_changed_row_is_told_by_figure_and_by_hash(frames, exhibits, tests):
    before = ledger.evaluate(exhibits, tests)
    frames["events"].loc[0, "value"] = 5.0
    lines = ledger.differences(before, ledger.evaluate(Exhibits(frames.__getitem__), tests))
    assert "CNN-01: figure deaths: kind count, best 3 → kind count, best 5" in lines
    assert sum(line.startswith("CNN-01: data:") for line in lines) == 1


def test_a_changed_verdict_a_new_claim_and_a_lost_one_are_told(exhibits, tests):
    before = ledger.evaluate(exhibits, tests)
    now = [{**entry, "verdict": "contested"} if entry["claim"] == "F-01" else entry for entry in before]
    assert ledger.differences(before, now) == ["F-01: verdict: supported → contested"]
    assert ledger.differences(before[:1], before[:2]) == ["ITV-01: new, supported"]
    assert ledger.differences(before[:2], before[:1]) == ["ITV-01: no longer on the ledger"]


def test_what_is_accepted_is_what_is_read_again(exhibits, tests, tmp_path):
    entries = ledger.evaluate(exhibits, tests)
    ledger.accept(entries, tmp_path)
    assert ledger.committed(tmp_path) == json.loads(json.dumps(entries))


def test_a_ledger_that_is_missing_or_broken_is_named(tmp_path):
    with pytest.raises(AleppoError, match=r"aleppo claims --accept"):
        ledger.committed(tmp_path)
    (tmp_path / "ledger.json").write_text("{\n")
    with pytest.raises(AleppoError, match=r"ledger\.json: row 2: expected a ledger in JSON"):
        ledger.committed(tmp_path)


# --- judgements ---

GOOD = """
- claim: CNN-01
  verdict: cannot_be_tested
  confidence: low
  reason: One source only.
  says: Nobody wrote it down.
  evidence: [events/FR-1]
  supports: [one]
"""


def judged(folder: Path, text: str):
    (folder / "judgements.yml").write_text(text)
    return judgements(folder)


def test_a_judgement_names_its_rows_and_gives_its_verdict(tmp_path, exhibits):
    test = judged(tmp_path, GOOD)["CNN-01"]
    assert not test.computed
    assert test.decide(exhibits).verdict == "cannot_be_tested"
    assert exhibits.named_rows() == ["events/FR-1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("  reason: One source only.\n", ""), "CNN-01: expected the field reason"),
        (GOOD + "  mood: grave\n", "CNN-01: expected only .* found mood"),
        (GOOD + GOOD, "CNN-01: expected one judgement, found two"),
        ("claim: CNN-01\n", "expected a list of judgements"),
        ("- [\n", "expected a list of judgements in YAML"),
        (GOOD.replace("[events/FR-1]", "events/FR-1"), "expected a list as evidence"),
    ],
)
def test_a_judgement_that_is_not_whole_is_named(tmp_path, text, message):
    with pytest.raises(AleppoError, match=message):
        judged(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("events/FR-1", "FR-1", "CNN-01: expected evidence as table/id"),
        ("events/FR-1", "events/FR-7", "expected a row with the event_id FR-7"),
        ("cannot_be_tested", "unclear", "CNN-01: a verdict: expected one of supported"),
    ],
)
def test_a_judgement_on_rows_that_are_not_there_or_off_the_scale_is_refused(
    tmp_path, exhibits, old, new, message
):
    with pytest.raises(AleppoError, match=message):
        judged(tmp_path, GOOD.replace(old, new))["CNN-01"].decide(exhibits)


# --- the tests there are ---


def test_computed_tests_register_themselves_once_and_name_their_function():
    tests = computed_tests()
    assert tests["F-01"].computed
    assert tests["F-01"].name == "aleppo.claims.tests.front_lines.eastern_pocket"


def test_each_verdict_of_the_scale_has_words():
    from aleppo.show.ledger import VERDICT_WORDS

    assert list(VERDICT_WORDS) == list(SCALE)


def test_a_table_that_is_absent_is_told_as_such_so_that_a_page_can_say_so(exhibits, tests):
    def without(_: Exhibits) -> Verdict:
        raise MissingTable("events", "data/evidence/events.csv", "copy it")

    lacking = {**tests, "F-01": Test("m.without", without, True)}
    with pytest.raises(MissingTable):
        ledger.evaluate(exhibits, lacking)
