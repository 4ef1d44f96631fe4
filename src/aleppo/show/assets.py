"""Where the front-end and print assets are: dependencies fetched beside the environment, never committed.

``scripts/bootstrap.py`` runs ``npm ci`` on ``package-lock.json`` into ``<environment>/share/aleppo/assets``, and
makes there the small plotly bundle of the pages (``scripts/bundle_plotly.mjs``). Where npm could not be reached the
book is still built, on the plotly bundle of the Python wheel. That one always draws the stills.
"""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

SMALL_BUNDLE = "plotly-book.min.js"
AXE = Path("axe-core/axe.min.js")
SEARCH = Path("minisearch/dist/umd/index.js")


def assets_dir() -> Path:
    """Folder of the fetched npm packages; it may not exist."""
    return Path(sys.prefix) / "share" / "aleppo" / "assets" / "node_modules"


def plotly_bundle() -> Path:
    """The plotly.js that pages load: the small bundle of what the figures use, else the whole one."""
    small = assets_dir().parent / SMALL_BUNDLE
    return small if small.is_file() else whole_plotly()


def whole_plotly() -> Path:
    """The plotly.js of the plotly wheel, with every kind of trace."""
    return Path(str(files("plotly"))) / "package_data" / "plotly.min.js"


def is_small(bundle: Path) -> bool:
    """Whether ``bundle`` is the small one, which has only what the figures of the book use."""
    return bundle.name == SMALL_BUNDLE


def font_dirs() -> list[Path]:
    """Folders of the TTF fonts for the print edition and the stills; empty without the npm assets."""
    return sorted({font.parent for font in assets_dir().rglob("*.ttf")})


def search_library() -> Path | None:
    """MiniSearch, which ranks what the book's search finds, or None where it was not fetched."""
    script = assets_dir() / SEARCH
    return script if script.is_file() else None


def axe() -> Path | None:
    """The accessibility checker used by the browser tests, or None where it was not fetched."""
    script = assets_dir() / AXE
    return script if script.is_file() else None
