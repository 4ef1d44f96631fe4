"""What the pages need for readers with a keyboard, without sight of colours, or without a liking for motion."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

SHEET = "aleppo-access.css"


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the style sheet into every page."""
    app.add_css_file(SHEET)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
