"""Where the front-end and print assets are, for the book's own extensions.

The functions live in ``aleppo.show.assets``, because stills are drawn with the same fonts and bundle and
nothing in ``aleppo.show`` may import from here.
"""

from aleppo.show.assets import assets_dir, axe, font_dirs, is_small, plotly_bundle, search_library

__all__ = ["assets_dir", "axe", "font_dirs", "is_small", "plotly_bundle", "search_library"]
