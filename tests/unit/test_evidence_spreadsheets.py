"""Words that a spreadsheet would compute are marked, numbers are not, and the mark can be taken off again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence.spreadsheets import computes, original, safe

COMPUTED = [
    "=1+1",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "-1;=2",
    "@SUM(A1:A9)",
    "\t=1",
    "\rwords",
    "\nwords",
    " =1",
    "\ufeff=1",
    "\u200b=1",
    "\u202e=1",
    "＝1",
    "＋A1",
    "－A1",
    "＠A1",
    "=",
    "- a point of a list",
    "+A1",
    "+1 A1",
    "-5 (of 7)",
    "'=1",
]
LEFT = [
    "-5",
    "-5.25",
    "+5",
    "-.5",
    "-1.2e-3",
    "-1,234",
    "-5%",
    "-5 %",
    "+120\u00a0km²",
    "+22.9 points",
    "−5",
    "– 3",
    "a=b",
    "n.d.",
    "'tis",
    "",
    "حلب",
]


@pytest.mark.parametrize("text", COMPUTED)
def test_what_would_be_computed_is_marked(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert original(safe(text)) == text


@pytest.mark.parametrize("text", LEFT)
def test_numbers_amounts_and_other_words_are_left_as_they_are(text: str) -> None:
    assert safe(text) == original(text) == text


STARTS = st.sampled_from(
    ["", "=", "+", "-", "@", "'", "\t", "\r", "\n", " ", "\u200b", "＝", "''=", "-1", "+1 "]
)


@given(STARTS, st.text(max_size=8))
def test_nothing_that_is_marked_is_computed_and_nothing_is_lost(start: str, rest: str) -> None:
    text = start + rest
    assert not computes(safe(text))
    assert original(safe(text)) == text


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers())
def test_every_number_is_left_as_it_is(number: float) -> None:
    assert safe(str(number)) == str(number)
    assert safe(f"{number:.10g}") == f"{number:.10g}"
