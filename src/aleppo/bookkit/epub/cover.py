"""The cover of the EPUB edition, composed by Typst in the book's own letters."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typst

from aleppo.bookkit import assets
from aleppo.bookkit.printing.fonts import choose_fonts

if TYPE_CHECKING:
    from aleppo.bookkit.printing.settings import Settings

TEMPLATE = Path(__file__).parent / "cover.typ"


def cover_picture(about: Settings, picture: Path | None = None) -> bytes:
    """The cover as PNG, 1,200 by 1,800 pixels, with ``picture`` (an SVG) on it if there is one."""
    fonts = choose_fonts(assets.font_dirs())
    with tempfile.TemporaryDirectory(prefix="aleppo-cover-") as folder:
        source = Path(folder) / "cover.typ"
        source.write_bytes(TEMPLATE.read_bytes())
        words = {
            "title": about.title,
            "subtitle": about.subtitle or "",
            "authors": ", ".join(about.authors),
            "version": about.version,
            "sans": fonts.sans,
            "serif": fonts.serif,
        }
        if picture is not None and picture.is_file():
            (Path(folder) / "picture.svg").write_bytes(picture.read_bytes())
            words["picture"] = "picture.svg"
        made = typst.compile(
            str(source),
            root=folder,
            format="png",
            ppi=200,
            font_paths=fonts.folders,
            ignore_system_fonts=True,
            sys_inputs=words,
        )
    assert isinstance(made, bytes)
    return made
