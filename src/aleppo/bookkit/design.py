"""The Sphinx extension for the looks of the web edition: openings, cover, contents in pictures, cards to share."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import opening, pages


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up every part of the design."""
    for part in (pages, opening):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
