"""The figures and tables of the claims ledger, on a ledger of a few made entries."""

from __future__ import annotations

from typing import Any

import pytest

from aleppo.claims.verdict import SCALE
from aleppo.show.chapters import claims_ledger as draw


def entry(claim: str, verdict: str, **changes: Any) -> dict[str, Any]:
    article = {"C": "cnn", "I": "itv", "F": "book"}[claim[0]]
    return {
        "claim": claim,
        "article": article,
        "domain": "front_lines",
        "kind": "event",
        "paraphrase": "The road was cut",
        "verdict": verdict,
        "confidence": "low",
        "says": "It was cut for {days}.",
        "figures": {"days": {"kind": "days", "low": 3, "high": 5}},
        "chapter": "notebooks/corridors-and-sieges",
        "test": "front_lines.road",
        **changes,
    }


ENTRIES = [
    entry("CNN-01", "supported"),
    entry("CNN-02", "corrected", kind="causal", test="judgement"),
    entry("ITV-01", "supported", domain="background", chapter=""),
    entry("F-01", "supported", kind="limit"),
]


@pytest.fixture
def rows():
    return draw.frame(ENTRIES)


def test_an_entry_is_put_into_words_with_its_figures(rows):
    first = rows.iloc[0]
    assert first["shows"] == "It was cut for 3–5\u00a0days."
    assert (first["article"], first["domain"], first["chapter"]) == (
        "CNN",
        "Front lines",
        "Corridors and sieges",
    )
    assert rows["by"].to_list() == ["computed", "judgement", "computed", "computed"]


def test_scores_count_every_claim_once(rows):
    table = draw.scores(rows, "domain")
    assert table["claims"].sum() == len(ENTRIES)
    assert table["article"].to_list() == ["CNN", "ITV", "This book"]
    assert (table[list(SCALE)].sum(axis="columns") == table["claims"]).all()


def test_every_verdict_has_a_colour_and_a_sign_of_its_own():
    assert set(draw.COLOURS) == set(draw.PATTERNS) == set(SCALE)
    assert len(set(draw.COLOURS.values())) == len(SCALE)


def test_the_scorecard_says_what_became_of_each_article(rows):
    about = draw.score_figure(rows, "domain").payload["layout"]["meta"]["aleppo"]
    assert about["title"] == (
        "Of the claims of each article, CNN: 50\u00a0% supported, 50\u00a0% not supported or corrected; "
        "ITV: 100\u00a0% supported, 0\u00a0% not supported or corrected"
    )
    assert "This book, front lines: 1 supported." in about["alt"]


def test_by_kind_the_findings_of_the_book_are_left_out(rows):
    figure = draw.score_figure(rows, "kind")
    labels = {label for trace in figure.payload["data"] for label in trace["y"]}
    assert labels == {"CNN: causal", "CNN: event", "ITV: event"}
    assert (
        "events and numbers 100\u00a0% are supported" in figure.payload["layout"]["meta"]["aleppo"]["title"]
    )


def test_the_ledger_can_be_explored_and_links_each_id(rows):
    payload = draw.ledger_table(rows).payload
    assert payload["columns"][0]["kind"] == "claim"
    assert [facet["label"] for facet in payload["explore"]] == [
        "Verdict", "Article", "Domain", "Kind", "Confidence", "Decided by",
    ]  # fmt: skip
    assert payload["print_rows"] == [1]


def test_the_table_of_scores_tells_how_many_were_computed(rows):
    payload = draw.score_table(rows).payload
    computed = next(row for row in payload["rows"] if row[0] == "Decided by a computation")
    assert computed[1:] == ["1", "1", "1"]


def test_the_scale_has_every_verdict():
    assert len(draw.scale_table().payload["rows"]) == len(SCALE)
