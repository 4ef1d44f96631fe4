"""Words that a spreadsheet would take for a formula: the one rule for every file that a spreadsheet may open.

A spreadsheet computes a cell of a CSV file that begins with ``=``, ``+``, ``-`` or ``@``, whoever wrote it, and some
also one that begins with a tab or a line break. Files made for readers go through `safe`. Tables as published keep
their bytes, which their hashes name; `aleppo verify` refuses such a cell in them. Workbooks need neither: there each
cell says itself whether it is text (`aleppo.bookkit.sheets`).
"""

from __future__ import annotations

import re

# What stands before the words of a cell without being seen, and the signs that begin a formula, also in full width.
_UNSEEN = "\\s\u00a0\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_FORMULA = re.compile(f"[\t\r\n\v\f]|[{_UNSEEN}]*[=+\\-@＝＋－＠]")
# A number is a number to a spreadsheet too, and one with a unit can call nothing: "-5", "+1.2e-3", "+120 km²".
_AMOUNT = re.compile(
    r"[+-]?(?:\d[\d,]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?:[ \u00a0]?(?:[^\W\d_]|[%°²³ \u00a0])*)?"
)
MARK = "'"


def computes(text: str) -> bool:
    """Whether a spreadsheet may take ``text`` for a formula rather than for words or a number."""
    return bool(_FORMULA.match(text)) and not _AMOUNT.fullmatch(text)


def safe(text: str) -> str:
    """``text`` as words to every spreadsheet: with an apostrophe before it where it would be computed, else as it is.

    Negative numbers, numbers with a sign and amounts with a unit stay what they are.

    >>> safe("=HYPERLINK(1)"), safe("-5.2"), safe("+3 points")
    ("'=HYPERLINK(1)", '-5.2', '+3 points')
    """
    return f"{MARK}{text}" if computes(text.lstrip(MARK)) else text


def original(text: str) -> str:
    """What `safe` was given when it gave ``text``.

    >>> original("'=HYPERLINK(1)"), original("'tis"), original("-5.2")
    ('=HYPERLINK(1)', "'tis", '-5.2')
    """
    return text[1:] if text.startswith(MARK) and computes(text.lstrip(MARK)) else text
