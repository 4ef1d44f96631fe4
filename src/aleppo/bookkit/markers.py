"""Comments of a page that are replaced when the book is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def fill(source: list[str], parts: Mapping[str, Callable[[], str]]) -> None:
    """Put into a page's ``source``, as Sphinx hands it over before it is parsed, what each part writes.

    ``parts`` are comment → what writes the text in its place; of those that the page does not have, nothing is
    computed.
    """
    for marker, write in parts.items():
        if marker in source[0]:
            source[0] = source[0].replace(marker, write())
