"""What the pages need for readers with a keyboard, without sight of colours, or without a liking for motion."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

SHEET, SCRIPT = "aleppo-access.css", "aleppo-access.js"


def setup(app: Sphinx) -> dict[str, Any]:
    """Take the style sheet and the script into every page."""
    app.add_css_file(SHEET)
    app.add_js_file(SCRIPT, loading_method="defer")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
