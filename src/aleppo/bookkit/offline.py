"""The Sphinx extension that makes the HTML edition whole without a network.

It registers the figures and tables of `aleppo.show` (`aleppo.bookkit.mime`), formulas as MathML, words in other
scripts, the mends of the theme, the web fonts and the policy of the pages (`aleppo.bookkit.content_policy`), and puts
the package's style sheet and scripts, the colours and templates of the house theme, and one copy of plotly into the
book's static files.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from aleppo import __version__
from aleppo.bookkit import captions, content_policy, foreign_words, mathml, mime, theme_mends, web_fonts
from aleppo.bookkit.assets import is_small, plotly_bundle
from aleppo.bookkit.mime import FigureMime, TableMime
from aleppo.show import theme
from aleppo.show.palette import css_variables
from aleppo.show.plain import compact

__all__ = ["FigureMime", "TableMime", "setup"]

STATIC = Path(__file__).parent / "static"
SHEETS = Path(__file__).parent / "styles"
# In the order in which they are read: what comes later may overrule what came before.
SHEET_ORDER = ("parts.css", "text.css", "page.css", "cover.css")
SHEET = "aleppo.css"
logger = logging.getLogger(__name__)


def add_static_files(app: Sphinx) -> None:
    """Offer the package's static files, write the house theme as a script, and copy plotly once.

    Done when the builder starts, because Jupyter Book adds every file of a static folder named in its
    configuration to every page.
    """
    if app.builder.format != "html":
        return
    app.config.html_static_path.append(str(STATIC))
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    # a script rather than JSON: a page opened from a disk may not fetch
    (static / mime.FIGURE_SCRIPTS[0]).write_text(
        f"window.aleppoTheme={compact(theme.for_the_page())};\n", encoding="utf-8"
    )
    (static / SHEET).write_text(style_sheet(), encoding="utf-8")
    bundle = plotly_bundle()
    if not is_small(bundle):
        logger.info(
            "figures: the small plotly bundle is not there; the whole one of the plotly package is used"
        )
    shutil.copyfile(bundle, static / "plotly.min.js")


def style_sheet() -> str:
    """The style sheet of the book: the colours of its figures, then the sheets by concern; one file for one request."""
    parts = [(SHEETS / name).read_text(encoding="utf-8") for name in SHEET_ORDER]
    return "\n".join([css_variables(), *parts])


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up everything the HTML edition needs; print editions take the Arabic runs and the images."""
    for part in (mime, mathml, foreign_words, theme_mends, web_fonts, captions, content_policy):
        part.setup(app)
    app.add_css_file(SHEET)
    app.connect("builder-inited", add_static_files)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
