"""Entries of the ledger in words."""

import pytest

from aleppo.show.ledger import amount_text, says_text, supports_word, verdict_words


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ({"kind": "count", "best": 21452, "unit": "people"}, "21,452 people"),
        ({"kind": "count", "low": 250000, "high": 275000}, "250,000–275,000"),
        ({"kind": "count", "low": 10, "unit": "people"}, "at least 10 people"),
        ({"kind": "count", "high": 8000}, "up to 8,000"),
        ({"kind": "count", "low": 10, "best": 12}, "12 (at least 10)"),
        ({"kind": "share", "low": 0.53, "best": 0.625, "high": 0.715}, "63 % [53–72 %]"),
        ({"kind": "ratio", "low": 0.75, "best": 1.31, "high": 2.29}, "×1.31 [0.75, 2.29]"),
        ({"kind": "ratio", "low": 0.75, "high": 2.29}, "×0.75–×2.29"),
        ({"kind": "area", "best": 120}, "120.0 km²"),
        ({"kind": "quantity", "best": 2.5, "unit": "km"}, "2.5 km"),
        ({"kind": "quantity", "low": 2.5, "best": 3, "high": 4, "unit": "km"}, "3 [2.5–4] km"),
        ({"kind": "days", "best": 1}, "1 day"),
        ({"kind": "days", "low": 1, "high": 4}, "1–4 days"),
        ({"kind": "date", "best": "2016-08-17"}, "17 August 2016"),
        ({"kind": "month", "best": "2016-08"}, "August 2016"),
        ({"kind": "text", "best": "nobody"}, "nobody"),
    ],
)
def test_a_figure_is_printed_with_its_range_and_unit(figure, text):
    assert amount_text(figure).replace("\u00a0", " ") == text


def test_the_sentence_carries_its_figures():
    entry = {"says": "Counts run to {deaths}.", "figures": {"deaths": {"kind": "count", "best": 1200}}}
    assert says_text(entry) == "Counts run to 1,200."


def test_a_verdict_is_said_with_its_confidence():
    assert verdict_words({"verdict": "partly", "confidence": "low"}) == "partly supported (low confidence)"


def test_what_was_read_on_a_claim_that_cannot_be_tested_is_not_called_for_it():
    assert supports_word({"verdict": "cannot_be_tested"}) == "Read"
    assert supports_word({"verdict": "supported"}) == "For"
