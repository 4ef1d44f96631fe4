"""What the optional LaTeX builders need: SVG figures as PDF, and the command for Arabic runs."""

from __future__ import annotations

import os
import shutil
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


def latex_preamble(fonts: list[Path]) -> tuple[str, list[str]]:
    """LaTeX lines that define ``\\bookarabic``, and the font files they need beside the ``.tex``."""
    # TeXXeT sets a run from right to left; citations in captions need a robust \hyperlink.
    lines = ["\\AtBeginDocument{\\MakeRobust\\hyperlink}", "\\TeXXeTstate=1"]
    regular, bold = "Amiri_400Regular.ttf", "Amiri_700Bold.ttf"
    files = [str(folder / name) for folder in fonts for name in (regular, bold) if (folder / name).is_file()]
    if len(files) == 2:
        lines.append(f"\\newfontfamily\\bookarabicfont{{{regular}}}[Script=Arabic,BoldFont={bold}]")
    else:
        lines.append("\\newcommand{\\bookarabicfont}{}")
        files = []
    lines.append("\\newcommand{\\bookarabic}[1]{{\\bookarabicfont\\beginR #1\\endR}}")
    return "\n".join(lines) + "\n", files
