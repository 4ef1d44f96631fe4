"""The policy under which a browser reads every page of the web edition, and what lets the pages keep to it.

Nothing is loaded from another machine, no text is run as a script, and no script stands in a page: each is a file
of the book, so that words which look like a script are never one. The theme writes a few statements into its
pages; they are known one by one and moved to files. Any other script in a page is a warning, which fails the build:
a hash of whatever is found would bless what a stranger put there.

On a disk ``'self'`` means the book's own files too, in Chromium and in Firefox, so that one policy does for both.
"""

from __future__ import annotations

import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

# SHA-256 of nothing: plotly makes an empty style element and fills it rule by rule, which no policy forbids.
_EMPTY = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
DIRECTIVES: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    # widths of columns, heights of charts and all that plotly draws are attributes; a style element is none
    "style-src": "'self' 'unsafe-inline'",
    "style-src-elem": f"'self' {_EMPTY}",
    # the theme's style sheet draws its arrows from data: addresses
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'none'",
    "frame-src": "'none'",
    "object-src": "'none'",
    "base-uri": "'none'",
    # the field that asks the page of the search
    "form-action": "'self'",
}
POLICY = "; ".join(f"{name} {sources}" for name, sources in DIRECTIVES.items())
# No page tells another machine where its reader came from.
META = (
    f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY, quote=False)}">'
    '<meta name="referrer" content="no-referrer">'
)
CHARSET = re.compile(r'<meta charset="utf-8" ?/?>')
REDIRECTION = re.compile(r'<meta http-equiv="Refresh" content="0; url=([\w./-]+)" ?/?>')

SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_LIKE_A_HANDLER = re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE)
_NO_SCRIPT = re.compile(r'\btype="application/(?:ld\+)?json"')
# Statements of the theme and of extensions → the file that they are moved to; of those without one nothing needs them.
MOVED: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(
            r'document\.documentElement\.dataset\.mode = localStorage\.getItem\("mode"\) \|\| "\w*";\s*'
            r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) \|\| "\w*";'
        ),
        "aleppo-mode.js",
    ),
    (
        re.compile(
            r"(?:let toggle\w+|var togglebuttonSelector) = '[^'\\<]*';"
            r"|DOCUMENTATION_OPTIONS\.search_as_you_type = (?:true|false);"
        ),
        "aleppo-settings.js",
    ),
    (
        re.compile(
            r"// Activate the search field on page load\s*"
            r'let searchInput = document\.querySelector\("form\.bd-search input"\);\s*'
            r"if \(searchInput\) \{\s*searchInput\.focus\(\);\s*searchInput\.select\(\);"
            r'\s*console\.log\("[^"\\<]*"\);\s*\}'
        ),
        "aleppo-search-field.js",
    ),
    (re.compile(r"DOCUMENTATION_OPTIONS\.pagename = '[\w./-]*';"), ""),
)
# What is added to such a file.
ADDED: dict[str, Path] = {"aleppo-mode.js": Path(__file__).with_name("mode.js")}
# The theme's style for readers without scripts, as a file.
UNSCRIPTED = re.compile(r"<noscript>\s*<style>\s*(\.pst-js-only \{[^{}<]*\})\s*</style>\s*</noscript>")
UNSCRIPTED_FILE = "aleppo-unscripted.css"

# Where a link may lead: the book itself, the web, and a letter. A script or a file of the reader's is none.
SCHEMES = ("", "http", "https", "mailto")

Files = dict[str, dict[str, None]]
logger = logging.getLogger(__name__)


class OnlyWebLinks(SphinxPostTransform):
    """Leaves the words of a link that leads anywhere else, in every edition."""

    default_priority = 950  # after references have their targets

    def run(self, **_: Any) -> None:
        for link in list(self.document.findall(nodes.reference)):
            if not leads_to_the_web(link.get("refuri", "")):
                link.replace_self(nodes.inline("", "", *link.children))


def leads_to_the_web(address: str) -> bool:
    """Whether a link to ``address`` stays in the book or leads to one of ``SCHEMES``.

    >>> leads_to_the_web("https://un.org"), leads_to_the_web("data.html#x"), leads_to_the_web(" javascript:f()")
    (True, True, False)
    """
    # browsers pass over spaces and controls in the scheme of an address
    scheme, colon, _ = re.sub(r"[\s\x00-\x20\x7f-\x9f]", "", address).partition(":")
    return not colon or bool(re.search(r"[/?#]", scheme)) or scheme.lower() in SCHEMES


def guarded(page: str, up: str, files: Files) -> tuple[str, list[str]]:
    """``page`` under the policy, and the scripts in it that are not known.

    ``up`` leads from the page to the first folder of the book. Statements that are moved out are added to ``files``
    (name of the file → its statements in order); what is not known stays, and is not run.
    """
    unknown: list[str] = []
    named: set[str] = set()

    def moved(found: re.Match[str]) -> str:
        attributes, body = found[1], found[2].strip()
        if re.search(r"\bsrc=", attributes) or _NO_SCRIPT.search(attributes):
            return found[0]
        name = next((file for pattern, file in MOVED if pattern.fullmatch(body)), None)
        if name is None:
            unknown.append(body)
            return found[0]
        if not name:
            return ""
        files.setdefault(name, {}).setdefault(body)
        if name in named:
            return ""
        named.add(name)
        return f'<script src="{up}_static/{name}"></script>'

    def styled(found: re.Match[str]) -> str:
        files.setdefault(UNSCRIPTED_FILE, {}).setdefault(found[1])
        return f'<noscript><link rel="stylesheet" href="{up}_static/{UNSCRIPTED_FILE}"></noscript>'

    page = UNSCRIPTED.sub(styled, SCRIPT.sub(moved, page))
    return CHARSET.sub(lambda charset: charset[0] + META, page, count=1), unknown


class _Handlers(HTMLParser):
    """Finds attributes of a page that would be scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [f"<{tag} {name}>" for name, _ in attrs if name.startswith("on")]


def handlers(page: str) -> list[str]:
    """Attributes of ``page`` that a browser would run as scripts without the policy, and does not with it."""
    if not _LIKE_A_HANDLER.search(page):  # taking every page apart takes longer than writing it
        return []
    parser = _Handlers()
    parser.feed(page)
    return parser.found


def leading_on(target: str, title: str) -> str:
    """The page at the root, which leads on to ``target``."""
    address = escape(target, quote=True)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8">{META}'
        f'<meta http-equiv="Refresh" content="0; url={address}"><title>{escape(title)}</title></head>\n'
        f'<body><p><a href="{address}">{escape(title)}</a></p></body>\n</html>\n'
    )


def guard(folder: Path, title: str) -> list[str]:
    """Put every page below ``folder`` under the policy; a line for each page that cannot be."""
    files: Files = {}
    faults: list[str] = []
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder)
        page = path.read_text(encoding="utf-8")
        if redirection := REDIRECTION.fullmatch(page.strip()):
            path.write_text(leading_on(redirection[1], title), encoding="utf-8")
            continue
        page, unknown = guarded(page, "../" * (len(name.parts) - 1), files)
        path.write_text(page, encoding="utf-8")
        faults += [
            f"{name.as_posix()}: expected scripts as files, found one in the page ({' '.join(one.split())[:60]})"
            for one in (*unknown, *handlers(page))
        ]
        if META not in page:
            faults.append(f'{name.as_posix()}: expected <meta charset="utf-8"> in its head, found none')
    for moved_to, statements in files.items():
        added = ADDED[moved_to].read_text(encoding="utf-8") if moved_to in ADDED else ""
        (folder / "_static" / moved_to).write_text("\n".join([*statements, added]), encoding="utf-8")
    return faults


def _guard_build(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        for fault in guard(Path(app.outdir), app.config.project):
            logger.warning("%s", fault)


def setup(app: Sphinx) -> dict[str, Any]:
    """Keep links to the web, and guard the pages once all of them are written, the one at the root included."""
    app.add_post_transform(OnlyWebLinks)
    app.connect("build-finished", _guard_build, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
