"""Text of others as it may be shown: on one line, in the order in which it reads, without signs that nobody sees.

A title may hold anything. Control characters end lines, ring bells, move cursors and are forbidden in XML; overrides
of direction show words in another order than they stand in. Readers see a replacement character in their place.
"""

from __future__ import annotations

import re

REPLACED = "\ufffd"
# what ends a line, a field or a page for somebody: Python, Markdown, JavaScript, a terminal
_SPACES = re.compile("[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]+")
# other controls; embeddings, overrides and isolates of direction; halves of pairs; what is no character at all
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)


def visible(text: str) -> str:
    """``text`` on one line, with `REPLACED` for every sign that would act and not be seen.

    >>> visible("Aleppo\\x07\\n") == f"Aleppo{REPLACED} "
    True
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSEEN.sub(REPLACED, _SPACES.sub(" ", text))
