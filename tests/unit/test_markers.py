"""Comments of a page are replaced by what is written when the book is made."""

from __future__ import annotations

import pytest

from aleppo.bookkit import markers
from aleppo.bookkit.plural import counted


def test_every_comment_of_the_page_is_replaced_wherever_it_stands() -> None:
    source = ["% one\n\nWords.\n\n% two\n\n% one\n"]
    markers.fill(source, {"% one": lambda: "first", "% two": lambda: "second"})
    assert source == ["first\n\nWords.\n\nsecond\n\nfirst\n"]


def test_what_the_page_does_not_ask_for_is_not_computed() -> None:
    def never() -> str:
        raise AssertionError

    source = ["Words.\n"]
    markers.fill(source, {"% one": never})
    assert source == ["Words.\n"]


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 notebooks"), (1, "1 notebook"), (2, "2 notebooks"), (11, "11 notebooks")]
)
def test_a_noun_is_in_the_singular_after_one_alone(number: int, words: str) -> None:
    assert counted(number, "notebook") == words
