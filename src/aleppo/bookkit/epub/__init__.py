"""The EPUB edition: Sphinx builder ``bookepub``, the whole book as one file for readers of electronic books.

It has the pages, pictures and tables of the print edition, formulas as MathML, descriptions of all pictures, a table of
contents by parts, and no script. Nothing is fetched; the same sources with the same ``SOURCE_DATE_EPOCH`` give the
same bytes. The builder shares the document trees of the print edition. ``aleppo_cover`` is the still on its cover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aleppo.bookkit.epub.builder import EpubBuilder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["EpubBuilder", "setup"]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the builder; it reads its settings from ``print_book``, as the print edition does."""
    app.setup_extension("aleppo.bookkit.print")
    app.add_config_value("aleppo_cover", "book/figures/city-map.svg", "", types=(str,))
    app.add_builder(EpubBuilder)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
