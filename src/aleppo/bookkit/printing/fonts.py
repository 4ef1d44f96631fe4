"""The families that the book is set in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import typst

SERIF, SANS, ARABIC = "Libertinus Serif", "Source Sans 3", "Amiri"
MONO, FORMULAS = "DejaVu Sans Mono", "New Computer Modern Math"
ARABIC_FALLBACK = MONO


@dataclass(frozen=True)
class FontChoice:
    folders: list[str]
    serif: str
    sans: str
    arabic: str
    missing: tuple[str, ...]

    def inputs(self) -> dict[str, str]:
        """What the template reads as ``sys.inputs``."""
        return {"serif": self.serif, "sans": self.sans, "arabic": self.arabic}


def choose_fonts(folders: list[Path]) -> FontChoice:
    """The families to set the book in, out of those in ``folders`` and those that the Typst wheel brings."""
    paths = [str(folder) for folder in folders]
    there = set(typst.Fonts(font_paths=paths, include_system_fonts=False).families())
    return FontChoice(
        folders=paths,
        serif=SERIF,
        sans=SANS if SANS in there else SERIF,
        arabic=ARABIC if ARABIC in there else ARABIC_FALLBACK,
        missing=tuple(name for name in (SANS, ARABIC) if name not in there),
    )
