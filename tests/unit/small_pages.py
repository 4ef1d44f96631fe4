"""Pages of Markdown as Sphinx makes HTML of them, for tests of what the book's directives and roles write."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils


def built(folder: Path, *extensions: str, builder: str = "html", **settings: Any) -> str:
    """Build the pages below ``folder / "source"`` into ``folder / "out"``; what the build warned of.

    A further build with another ``builder`` takes the document trees of the first.
    """
    warnings = io.StringIO()
    known = {
        "extensions": ["myst_parser", *extensions],
        # said, because what an earlier build with notebooks set stays in Sphinx's own default
        "source_suffix": {".md": "markdown"},
        "myst_enable_extensions": ["colon_fence", "deflist"],
    }
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            str(folder / "source"), None, str(folder / "out"), str(folder / "trees"), builder,
            confoverrides=known | settings, status=None, warning=warnings,
        )  # fmt: skip
        app.build()
    return warnings.getvalue()
