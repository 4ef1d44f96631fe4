"""For a book that has an address: a sitemap for search engines, and the changes as a feed (Atom).

Both are written only where ``html_baseurl`` is set, since they are lists of addresses. Days are those of the releases
in CHANGELOG.md.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sphinx.application import Sphinx

from aleppo.evidence.files import write_atomic

SITEMAP, FEED = "sitemap.xml", "changes.atom"
CHANGES = "CHANGELOG.md"
_RELEASE = re.compile(r"^## (\S+) \((\d{4}-\d{2}-\d{2})\)\s*$", re.MULTILINE)
_SITEMAPS, _ATOM = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Release:
    """A heading of the changelog: version, day (YYYY-MM-DD), and the points below it."""

    version: str
    day: str
    points: tuple[str, ...]


def releases(text: str) -> list[Release]:
    """The releases of a changelog, newest first, as they stand in it."""
    found = list(_RELEASE.finditer(text))
    ends = [*(one.start() for one in found[1:]), len(text)]
    return [
        Release(one[1], one[2], tuple(_points(text[one.end() : end])))
        for one, end in zip(found, ends, strict=True)
    ]


def _points(text: str) -> list[str]:
    items = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    return [" ".join(item.split()) for item in items]


def sitemap(base: str, pages: list[str], day: str) -> str:
    """A sitemap of ``pages`` (paths from the first one) below the address ``base``, changed on ``day``."""
    ElementTree.register_namespace("", _SITEMAPS)
    tree = ElementTree.Element(f"{{{_SITEMAPS}}}urlset")
    for page in pages:
        entry = ElementTree.SubElement(tree, f"{{{_SITEMAPS}}}url")
        ElementTree.SubElement(entry, f"{{{_SITEMAPS}}}loc").text = address(base, page)
        if day:
            ElementTree.SubElement(entry, f"{{{_SITEMAPS}}}lastmod").text = day
    return _document(tree)


def feed(base: str, title: str, author: str, listed: list[Release]) -> str:
    """The releases as an Atom feed of the book at the address ``base``."""
    ElementTree.register_namespace("", _ATOM)
    tree = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(tree, "id", address(base, ""))
    _add(tree, "title", f"{title}: changes")
    _add(tree, "updated", _moment(listed[0].day))
    _add(_add(tree, "author"), "name", author)
    _add(tree, "link", rel="self", href=address(base, FEED))
    _add(tree, "link", rel="alternate", href=address(base, ""))
    for one in listed:
        entry = _add(tree, "entry")
        _add(entry, "id", address(base, f"#release-{one.version}"))
        _add(entry, "title", f"{title} {one.version}")
        _add(entry, "updated", _moment(one.day))
        _add(entry, "link", rel="alternate", href=address(base, ""))
        points = "".join(f"<li>{escape(point)}</li>" for point in one.points)
        _add(entry, "content", f"<ul>{points}</ul>", type="html")
    return _document(tree)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text or None
    return element


def _document(tree: ElementTree.Element) -> str:
    ElementTree.indent(tree)
    body = ElementTree.tostring(tree, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}\n'


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def address(base: str, path: str) -> str:
    """The address of ``path`` below ``base``, which may end in a slash or not."""
    return f"{base.rstrip('/')}/{path}"


def _releases_of(app: Sphinx) -> list[Release]:
    file = Path(app.srcdir) / CHANGES
    return releases(file.read_text(encoding="utf-8")) if file.is_file() else []


def _write(app: Sphinx, error: Exception | None) -> None:
    base = app.config.html_baseurl
    if error is not None or app.builder.format != "html" or not base:
        return
    listed, out = _releases_of(app), Path(app.outdir)
    pages = sorted(app.builder.get_target_uri(name) for name in app.env.found_docs)
    write_atomic(out / SITEMAP, sitemap(base, pages, listed[0].day if listed else ""))
    if listed:
        title = str(app.config.html_title or app.config.project)
        write_atomic(out / FEED, feed(base, title, app.config.author, listed))


def _link(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Tell readers of feeds where it is, in the head of every page."""
    base = app.config.html_baseurl
    if base and _releases_of(app):
        link = (
            f'<link rel="alternate" type="application/atom+xml" title="Changes" href="{address(base, FEED)}">'
        )
        context["metatags"] = f"{context.get('metatags', '')}\n{link}"


def setup(app: Sphinx) -> dict[str, Any]:
    """Write sitemap and feed once the pages are written, if the book has an address."""
    app.connect("build-finished", _write)
    app.connect("html-page-context", _link)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
