"""Numbers of things in words that the book and its commands say of themselves."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """``1 notebook``, ``2 notebooks``; for nouns that take an s."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
