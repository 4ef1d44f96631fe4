"""Pages that are read soon on a slow line: one style sheet, scripts that wait, and the icons that are shown.

The theme and its extensions come with a dozen style sheets and scripts, most of which no page of this book has a
use for, and with an icon font of two thousand icons. Once all pages are written, their style sheets become one with
the rules that can match something (`aleppo.bookkit.one_sheet`), every script waits until the page is there, scripts
that every page has become one, and the icon fonts keep the icons that the style sheet shows.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import one_sheet

STATIC = "_static"
SHEET, SCRIPT = "aleppo-book.css", "aleppo-book.js"
# What decides on the colours of a page is run before any of it is shown.
AT_ONCE = "aleppo-mode.js"
# It asks for plotly, which takes the longest to come: before all others.
FIRST = ("aleppo-theme.js", "aleppo-steps.js", "aleppo-figure.js")
# Loads the others after these, on a page that asks for plotly while it is read.
LATER = "aleppo-later.js"
# Scripts that only a page with this in it has a use for.
INDEX = "Search.setIndex("
_RESULTS = 'id="search-results"'
ONLY_WITH = {
    "design-tabs.js": "sd-tab-set",
    "language_data.js": _RESULTS,
    "searchtools.js": _RESULTS,
    "searchindex.js": _RESULTS,
}
# Of the theme's 80 kB of Bootstrap its own script calls one thing, the bubbles of its buttons, whose words browsers
# show by themselves. A page with a menu of Bootstrap's keeps the whole of it.
BOOTSTRAP, BUBBLES = "bootstrap.js", "window.bootstrap = { Tooltip: function () {} };\n"
_MENU = re.compile(r'data-bs-toggle="(?!tooltip")')

_LINK = re.compile(r"<link\b[^>]*>\s*")
_HREF = re.compile(r'\bhref="([^"]+)"')
_LOADED = re.compile(r'<script\b([^>]*?)\bsrc="([^"]+)"([^>]*)></script>\s*')
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
# Statements of the theme that its scripts would have to be there for already, and that say what is so anyway.
_NEEDLESS = re.compile(
    r"<script>DOCUMENTATION_OPTIONS\.(?:pagename = '[^'<]*'|search_as_you_type = false);</script>\s*"
)
_NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
# A name that a script gives; one that it only looks for, ".menu", is in a page or nowhere.
_WORD = re.compile(r"(?<![.#\w-])[A-Za-z_][\w-]*")
_PRELOADED = re.compile(r'<link rel="preload" as="script" href="[^"]+">\s*')
# The page with the cover says so at its root: were it asked with :has(), browsers would ask it of every page whenever
# a chart puts a letter there.
_COVER, _ROOT, _WITH_COVER = 'class="aleppo-cover"', "<html ", '<html class="aleppo-first" '
_VIEWPORT = '<meta name="viewport"'
_VARIABLE = re.compile(r"--[A-Za-z][\w-]*")
_ICON = re.compile(r'"\\([0-9a-f]{4,5})"')
_ICON_FACE = re.compile(r"@font-face\{[^{}]*Font Awesome[^{}]*\}")
_ICON_FILE = re.compile(r"url\(([^)]+\.woff2)\)")


@dataclass
class Page:
    """A page as it was written, and what it loads: paths from the folder of the book, in order.

    ``tags`` has the address and the further attributes that the page gives for a script.
    """

    path: Path
    text: str
    up: str
    sheets: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    tags: dict[str, tuple[str, str]] = field(default_factory=dict)


def lighten(folder: Path) -> None:
    """Make every page below ``folder`` load less, and take away the files that none loads any more.

    A book in which some pages are light already, as Sphinx leaves it where it wrote few pages or none, stays as it is:
    what the light ones load was made for all of them.
    """
    pages = [page for path in sorted(folder.rglob("*.html")) if (page := _taken_apart(path, folder))]
    if any(f"{STATIC}/{SHEET}" in page.sheets for page in pages):
        return
    _use_little_of_bootstrap(folder, pages)
    texts = {
        name: (folder / name).read_text(encoding="utf-8") for name in {n for p in pages for n in p.scripts}
    }
    for page in pages:
        page.scripts = [name for name in page.scripts if _is_of_use(Path(name).name, texts[name], page)]
    shared = _shared(pages, texts)
    sheet = _write_sheet(folder, pages, texts.values())
    script = (
        _write(folder, SCRIPT, "".join(f"{texts[name].rstrip()}\n;\n" for name in shared)) if shared else ""
    )
    for page in pages:
        page.path.write_text(_put_together(page, sheet, shared, script), encoding="utf-8")
    _take_away(folder, {*shared, *(name for page in pages for name in page.sheets)}, pages)


def _take_away(folder: Path, joined: Iterable[str], pages: Iterable[Page]) -> None:
    """Take away the files that were ``joined``, and style sheets that these imported."""
    for name in joined:
        (folder / name).unlink()
    for path in (folder / STATIC).rglob("*.css"):
        if path.name != SHEET and not any(path.name in page.text for page in pages):
            path.unlink()


def _taken_apart(path: Path, folder: Path) -> Page | None:
    """The page at ``path`` without its style sheets and scripts; None for what is no page of the theme."""
    text = path.read_text(encoding="utf-8")
    if STATIC in path.relative_to(folder).parts or "</head>" not in text:
        return None
    page = Page(path, "", "../" * (len(path.relative_to(folder).parts) - 1))
    head, rest = text.split("</head>", 1)
    unscripted = _NOSCRIPT.findall(head)
    head = _LINK.sub(lambda found: _without_link(found, page), _NOSCRIPT.sub("<noscript></noscript>", head))
    head = _NEEDLESS.sub("", head)
    whole = _LOADED.sub(lambda found: _without_script(found, page), f"{head}</head>{rest}")
    kept = iter(unscripted)
    page.text = re.sub(r"<noscript></noscript>", lambda _: next(kept, "<noscript></noscript>"), whole)
    return page if page.sheets else None


def _without_link(found: re.Match[str], page: Page) -> str:
    link = found[0]
    if "preload" in link and 'as="script"' in link:
        return ""
    if 'rel="stylesheet"' not in link or "media=" in link:
        return link
    page.sheets.append(_inside(_HREF.search(link)[1], page))  # type: ignore[index]
    return ""


def _without_script(found: re.Match[str], page: Page) -> str:
    name = _inside(found[2], page)
    if Path(name).name == AT_ONCE:
        return found[0]
    if name not in page.scripts:
        page.scripts.append(name)
        further = re.sub(r'\bdefer(?:="defer")?|\s+', " ", f"{found[1]} {found[3]}").strip()
        page.tags[name] = (found[2], f" {further}" if further else "")
    return ""


def _inside(address: str, page: Page) -> str:
    """The path in the book of what ``page`` names by ``address``."""
    return address.partition("?")[0].removeprefix(page.up)


def _use_little_of_bootstrap(folder: Path, pages: Iterable[Page]) -> None:
    script = folder / STATIC / "scripts" / BOOTSTRAP
    if script.is_file() and not any(_MENU.search(page.text) for page in pages):
        script.write_text(BUBBLES, encoding="utf-8")


def _is_of_use(name: str, text: str, page: Page) -> bool:
    """Whether ``page`` has a use for the script ``name``; one that is a comment has none anywhere."""
    return bool(one_sheet.without_comments(text).strip()) and ONLY_WITH.get(name, "") in page.text


def _shared(pages: list[Page], texts: Mapping[str, str]) -> list[str]:
    """Scripts of every page that can be joined: not those that ask the browser for the element they come from."""
    return [
        name
        for name in (pages[0].scripts if pages else [])
        if all(name in page.scripts and not page.tags[name][1] for page in pages)
        and "currentScript" not in texts[name]
    ]


def _write_sheet(folder: Path, pages: list[Page], scripts: Iterable[str]) -> str:
    """Write the one style sheet; its address from the folder of the book."""
    known = {name for page in pages for names in _NAMES.findall(page.text) for name in names.split()}
    scripts = list(scripts)
    known.update(word for text in scripts if not text.startswith(INDEX) for word in _WORD.findall(text))
    variables = {
        name for text in (*scripts, *(page.text for page in pages)) for name in _VARIABLE.findall(text)
    }
    static = folder / STATIC
    names = dict.fromkeys(name for page in pages for name in page.sheets)
    parts = []
    for name in names:
        text = one_sheet.read(folder / name, static)
        # the book's own rules are also for what plotly draws
        own = Path(name).name.startswith("aleppo")
        parts.append(one_sheet.small(text if own else one_sheet.of_use(text, known)))
    whole = with_few_icons("\n".join(parts), static)
    return _write(folder, SHEET, one_sheet.without_idle_variables(whole, variables))


def with_few_icons(css: str, static: Path) -> str:
    """``css`` with icon fonts that have the icons it shows; a font without any of them is not named any more."""
    shown = {int(code, 16) for code in _ICON.findall(_ICON_FACE.sub("", css))}

    def fewer(found: re.Match[str]) -> str:
        named = _ICON_FILE.search(found[0])
        path = static / named[1] if named else None
        if path is None or not path.is_file():
            return found[0]
        cut = _cut(path, shown)
        path.with_suffix(".ttf").unlink(missing_ok=True)  # for browsers of 2014
        if cut is None:
            path.unlink()
            return ""
        path.write_bytes(cut)
        return re.sub(r"src:[^;}]+", f'src:url({named[1]}) format("woff2")', found[0])  # type: ignore[index]

    return _ICON_FACE.sub(fewer, css)


def _cut(font: Path, wanted: set[int]) -> bytes | None:
    """The font with the letters ``wanted`` and no others; None where it has none of them."""
    from fontTools import subset

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    options = subset.Options()
    options.flavor = "woff2"
    options.ignore_missing_unicodes = True
    whole = subset.load_font(str(font), options)
    if not wanted & set(whole.getBestCmap()):
        return None
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(whole)
    stream = io.BytesIO()
    subset.save_font(whole, stream, options)
    return stream.getvalue()


def _write(folder: Path, name: str, text: str) -> str:
    """Write a file of the book; its address, which changes when its text does."""
    (folder / STATIC / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    mark = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    return f"{STATIC}/{name}?v={mark}"


def _put_together(page: Page, sheet: str, shared: list[str], script: str) -> str:
    tags = list(_script_tags(page, shared, script))
    soon = [one.strip() for one in _PRELOADED.findall(page.text)]
    if soon:
        tags = _with_others_later(page, tags)
    before, after = _PRELOADED.sub("", page.text).split("</head>", 1)
    if _COVER in after:
        before = before.replace(_ROOT, _WITH_COVER, 1)
    # The style sheet is asked for first, and has the line to itself: browsers look no further than the policy before
    # they have read what follows, and the script AT_ONCE stops their reading. Plotly comes next, before the rest.
    before = before.replace(
        _VIEWPORT, f'<link rel="preload" as="style" href="{page.up}{sheet}">{_VIEWPORT}', 1
    )
    # after the title, so that what says the colours of the page comes before
    tags = [*soon, f'<link rel="stylesheet" href="{page.up}{sheet}">', *tags]
    return f"{before}{chr(10).join(tags)}\n</head>{after}"


def _with_others_later(page: Page, tags: list[str]) -> list[str]:
    """The ``tags`` of ``page``, of which LATER brings those that no figure waits for, in their order."""
    first = [tag for tag in tags if any(f"/{name}" in tag for name in FIRST)]
    others = [found[2] for tag in tags if tag not in first and (found := _LOADED.search(tag))]
    if not first or not others:
        return tags
    later = f'<script defer src="{page.up}{STATIC}/{LATER}" data-scripts="{" ".join(others)}"></script>'
    return [later, *first]


def _script_tags(page: Page, shared: list[str], script: str) -> Iterator[str]:
    first = [name for name in page.scripts if Path(name).name in FIRST]
    joined = False
    for name in [*first, *(name for name in page.scripts if name not in first)]:
        if name in shared:
            if not joined:
                yield f'<script defer src="{page.up}{script}"></script>'
            joined = True
        else:
            address, further = page.tags[name]
            yield f'<script defer src="{address}"{further}></script>'


def _lighten_build(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        lighten(Path(app.outdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Lighten the pages once all of them are written and every other mend is made."""
    app.connect("build-finished", _lighten_build, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
