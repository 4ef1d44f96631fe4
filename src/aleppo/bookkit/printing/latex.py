"""What the optional LaTeX builders need: SVG figures as PDF, letters, and the command for Arabic runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import typst
from sphinx.transforms.post_transforms.images import ImageConverter

from aleppo.bookkit import assets
from aleppo.bookkit.printing.fonts import choose_fonts
from aleppo.bookkit.printing.markup import literal
from aleppo.bookkit.printing.settings import moment


class SvgForLatex(ImageConverter):
    """SVG figures as PDF for builders that cannot take SVG, drawn by Typst: no Inkscape, no browser."""

    conversion_rules = [  # noqa: RUF012
        ("image/svg+xml", "application/pdf")
    ]

    def is_available(self) -> bool:
        return True

    def convert(self, _from: str, _to: str) -> bool:
        source = Path(_from)
        page = f"#set page(width: auto, height: auto, margin: 0pt)\n#image({literal(source.name)})\n"
        fonts = choose_fonts(assets.font_dirs())
        day = moment(self.config.print_book.get("date"), Path(self.app.confdir), os.environ)
        target = Path(_to)
        target.parent.mkdir(parents=True, exist_ok=True)
        holder = target.with_suffix(".typ")
        copy = holder.with_name(source.name)
        if copy != source:
            shutil.copyfile(source, copy)
        holder.write_text(page, encoding="utf-8")
        typst.compile(
            str(holder),
            output=str(target),
            root=str(holder.parent),
            font_paths=fonts.folders,
            ignore_system_fonts=True,
            timestamp=int(day.timestamp()),
        )
        return True


# LaTeX's own letters have no Cyrillic, and it leaves out what it has no letter for.
LETTERS = {
    "": "SourceSans3_400Regular.ttf",
    "ItalicFont": "SourceSans3_400Regular_Italic.ttf",
    "BoldFont": "SourceSans3_600SemiBold.ttf",
    "BoldItalicFont": "SourceSans3_600SemiBold_Italic.ttf",
}
ARABIC = {"": "Amiri_400Regular.ttf", "Script": "Arabic", "BoldFont": "Amiri_700Bold.ttf"}


def latex_preamble(fonts: list[Path]) -> tuple[str, list[str]]:
    """LaTeX lines for the letters and Arabic runs (``\\bookarabic``), and the font files needed beside the ``.tex``.

    A family whose files are not all in ``fonts`` is left out: LaTeX's own letters take its place.
    """
    # TeXXeT sets a run from right to left; citations in captions need a robust \hyperlink.
    lines = ["\\AtBeginDocument{\\MakeRobust\\hyperlink}", "\\TeXXeTstate=1"]
    files: list[str] = []
    for family, command, without in (
        (LETTERS, "\\setmainfont", ""),
        (LETTERS, "\\setsansfont", ""),
        (ARABIC, "\\newfontfamily\\bookarabicfont", "\\newcommand{\\bookarabicfont}{}"),
    ):
        found = font_files(family, fonts)
        options = ",".join(f"{name}={value}" for name, value in family.items() if name)
        lines.append(f"{command}{{{family['']}}}[{options}]" if found else without)
        files += found
    lines.append("\\newcommand{\\bookarabic}[1]{{\\bookarabicfont\\beginR #1\\endR}}")
    return "\n".join(filter(None, lines)) + "\n", list(dict.fromkeys(files))


def font_files(family: Mapping[str, str], fonts: Iterable[Path]) -> list[str]:
    """The files of ``family`` in the folders ``fonts``, none unless all are there."""
    names = [value for value in family.values() if value.endswith(".ttf")]
    files = {name: str(folder / name) for folder in fonts for name in names if (folder / name).is_file()}
    return [files[name] for name in names] if len(files) == len(names) else []
