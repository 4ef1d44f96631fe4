"""Figures as PNG files: the committed still, its title above and whose it is below, composed by Typst.

A picture that is taken out of the book and shown elsewhere keeps what it says and where it comes from. All of them
are composed in one run, without a browser, in the book's own letters. Without title and credit it is the still alone.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import typst

from aleppo.bookkit import assets
from aleppo.bookkit.printing.fonts import choose_fonts
from aleppo.bookkit.store import Store
from aleppo.show.theme import STILL_WIDTH

TEMPLATE = Path(__file__).parent / "picture.typ"
# Points on the page for a pixel of the still, and pixels of the picture for an inch: three for two of the still.
POINTS, PER_INCH = 0.75, 144


@dataclass(frozen=True)
class Picture:
    """A still (SVG) with the ``title`` to set above and the ``credit`` to set below it."""

    still: str
    title: str = ""
    credit: str = ""


def pictures(wanted: Mapping[str, Picture], kept: Store) -> dict[str, bytes]:
    """Each of ``wanted`` as PNG; what is ``kept`` is not composed again. The same picture has the same bytes."""
    fonts = choose_fonts(assets.font_dirs())
    told = (TEMPLATE.read_text(encoding="utf-8"), version("typst"), fonts.sans, fonts.arabic)
    keys = {
        name: kept.key(one.still, one.title, one.credit, *told, str(PER_INCH)) for name, one in wanted.items()
    }
    found = {name: kept.get(key) for name, key in keys.items()}
    missing = {name: wanted[name] for name, content in found.items() if content is None}
    made = {name: kept.put(keys[name], content) for name, content in _composed(missing).items()}
    return {name: content if content is not None else made[name] for name, content in found.items()}


def _composed(wanted: Mapping[str, Picture]) -> dict[str, bytes]:
    if not wanted:
        return {}
    fonts = choose_fonts(assets.font_dirs())
    with tempfile.TemporaryDirectory(prefix="aleppo-pictures-") as place:
        folder = Path(place)
        entries = []
        for number, one in enumerate(wanted.values()):
            (folder / f"{number}.svg").write_text(one.still, encoding="utf-8")
            entries.append({"file": f"{number}.svg", "title": one.title, "credit": one.credit})
        (folder / "pictures.json").write_text(json.dumps(entries), encoding="utf-8")
        (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
        made = typst.compile(
            str(folder / TEMPLATE.name),
            root=place,
            format="png",
            ppi=PER_INCH,
            font_paths=fonts.folders,
            ignore_system_fonts=True,
            sys_inputs={**fonts.inputs(), "width": str(STILL_WIDTH * POINTS)},
        )
    pages = [made] if isinstance(made, bytes) else list(made or [])
    return dict(zip(wanted, pages, strict=True))
