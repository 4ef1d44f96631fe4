"""The letters of the web edition, served from the book itself: the same faces as in print and in the stills.

Each font comes in pieces of one script, of which a browser fetches only those whose letters are on the page.
Without the npm packages nothing is written, and the pages are set in the reader's own sans serif.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from sphinx.application import Sphinx

from aleppo.bookkit.assets import assets_dir
from aleppo.bookkit.page_language import language_of

SHEET = "aleppo-fonts.css"
SCRIPT = "aleppo-letters.js"
FOLDER = "fonts"
# The letters that every page begins with, and what a page in another language begins with besides. Such a page is
# held until they are there, or shown in the reader's own for good (mode.js): on a page of one script alone, letters
# that come a moment late would move all of it.
FIRST = "source-sans-3-latin-wght-normal.woff2"


class Letters(NamedTuple):
    """The font files that a page in a language begins with, and the ``note`` that a telephone has of them (SCRIPT)."""

    files: tuple[str, ...]
    note: str


FIRST_BESIDES = {
    "ar": Letters(("amiri-arabic-400-normal.woff2", "amiri-arabic-700-normal.woff2"), "arabic"),
    "ru": Letters(("source-sans-3-cyrillic-wght-normal.woff2",), "letters"),
}
# On a telephone the letters wait until a page was read (SCRIPT), Arabic ones until a page in Arabic was. From a disk,
# where nothing is remembered from page to page, they are there at once, and a page may wait for them.
_FAMILY, _FROM_DISK = '"Source Sans 3"', '"Source Sans 3 from a disk"'
_FIRST_READ = """html[data-held="now"] .bd-main { visibility: hidden; }
html[data-held="late"] article div[lang] {
  --pst-font-family-base: var(--pst-font-family-base-system);
  --pst-font-family-heading: var(--pst-font-family-base-system);
  font-family: var(--pst-font-family-base-system);
}
@media (min-width: 768px) {
  html[data-disk] {
    --pst-font-family-base: "Source Sans 3 from a disk", var(--pst-font-family-base-system);
    --pst-font-family-heading: "Source Sans 3 from a disk", var(--pst-font-family-base-system);
  }
}
@media (max-width: 767px) {
  html:not([data-letters]) {
    --pst-font-family-base: var(--pst-font-family-base-system);
    --pst-font-family-heading: var(--pst-font-family-base-system);
  }
  html:not([data-arabic]) [lang="ar"] { font-family: var(--pst-font-family-base-system); }
}
"""
_ARABIC = "U+0600-06FF,U+0750-077F,U+08A0-08FF,U+200C-200F,U+FB50-FDFF,U+FE70-FEFF"
# style sheet in its package → name of the face, the pieces wanted, and their letters where the sheet has none
FACES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "@fontsource-variable/source-sans-3/wght.css": ("Source Sans 3", ("latin", "latin-ext", "cyrillic"), ""),
    "@fontsource-variable/source-sans-3/wght-italic.css": (
        "Source Sans 3",
        ("latin", "latin-ext", "cyrillic"),
        "",
    ),
    "@fontsource/amiri/arabic-400.css": ("Amiri", ("arabic",), _ARABIC),
    "@fontsource/amiri/arabic-700.css": ("Amiri", ("arabic",), _ARABIC),
}

_FACE = re.compile(r"@font-face\s*\{(.*?)\}", re.DOTALL)
_FILE = re.compile(r"url\(\.?/?(files/[\w.-]+\.woff2)\)")


def faces(packages: Path) -> dict[str, tuple[Path, str]]:
    """Font file's name → the file and its ``@font-face`` rule, for what is there below ``packages``."""
    found: dict[str, tuple[Path, str]] = {}
    for sheet, (family, pieces, letters) in FACES.items():
        path = packages / sheet
        if not path.is_file():
            continue
        for rule in _FACE.findall(path.read_text(encoding="utf-8")):
            link = _FILE.search(rule)
            if link is None or not any(
                f"-{piece}-{rest}" in link[1] for piece in pieces for rest in ("wght", "4", "7")
            ):
                continue
            file = path.parent / link[1]
            found[file.name] = (file, _rule(rule, family, file.name, letters))
    return found


def _rule(rule: str, family: str, file: str, letters: str) -> str:
    told = dict(re.findall(r"([\w-]+):\s*([^;]+);", rule))
    parts = {
        "font-family": f'"{family}"',
        "font-style": told.get("font-style", "normal"),
        "font-weight": told.get("font-weight", "400"),
        # a font that comes too late waits for the next page: letters that change would move the text
        "font-display": "optional",
        "src": f'url("{FOLDER}/{file}") format("woff2")',
        "unicode-range": told.get("unicode-range", letters),
    }
    return "@font-face { " + " ".join(f"{name}: {value};" for name, value in parts.items() if value) + " }\n"


def add_fonts(app: Sphinx) -> None:
    """Put the fonts and their style sheet into the static files of an HTML edition."""
    if app.builder.format != "html":
        return
    found = faces(assets_dir())
    if not found:
        return
    static = Path(app.outdir) / "_static"
    (static / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, (file, _) in found.items():
        shutil.copyfile(file, static / FOLDER / name)
    rules = [rule for _, rule in found.values()]
    waiting = [
        rule.replace(_FAMILY, _FROM_DISK).replace("optional", "block") for rule in rules if _FAMILY in rule
    ]
    (static / SHEET).write_text("".join([*rules, *waiting, _FIRST_READ]), encoding="utf-8")
    app.add_css_file(SHEET)
    app.add_js_file(SCRIPT)


def name_first(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Say in each page where the letters are that its first words are set in (mode.js asks for them)."""
    if app.builder.format != "html":
        return
    besides = FIRST_BESIDES.get(language_of(app.env, pagename))
    there = [
        context["pathto"](f"_static/{FOLDER}/{name}", resource=True)
        for name in (FIRST, *(besides.files if besides else ()))
        if (Path(app.outdir) / "_static" / FOLDER / name).is_file()
    ]
    if there:
        held = f' data-held-for="{besides.note}"' if besides else ""
        tag = f'<meta name="aleppo-letters" content="{" ".join(there)}"{held}>'
        context["metatags"] = context.get("metatags", "") + tag


def setup(app: Sphinx) -> None:
    """Connect the fonts."""
    app.connect("builder-inited", add_fonts)
    app.connect("html-page-context", name_first)
