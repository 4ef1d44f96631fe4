"""The package of an EPUB: its pages, what it says of itself, the table of contents, and the file."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from aleppo.bookkit.epub.pages import page, properties
from aleppo.bookkit.zips import zipped

if TYPE_CHECKING:
    from aleppo.bookkit.printing.settings import Settings

FOLDER = "EPUB"
SHEET, COVER = "book.css", "cover.png"
MEDIA = {
    ".css": "text/css",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".xhtml": "application/xhtml+xml",
}
CONTAINER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    f'<rootfile full-path="{FOLDER}/package.opf" media-type="application/oebps-package+xml"/>'
    "</rootfiles></container>\n"
)
# What a reader with other needs may count on (schema.org, as EPUB Accessibility asks for).
ACCESS = (
    ("accessMode", "textual"),
    ("accessMode", "visual"),
    ("accessModeSufficient", "textual"),
    ("accessibilityFeature", "alternativeText"),
    ("accessibilityFeature", "MathML"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityHazard", "none"),
    (
        "accessibilitySummary",
        "Every chart has a description and its title says what it shows; formulas are MathML; there is no script.",
    ),
)


@dataclass(frozen=True)
class Chapter:
    """A page of the book: its name, title with number, part, depth, HTML, and its sections (anchor, title)."""

    name: str
    title: str
    part: str
    level: int
    body: str
    sections: Sequence[tuple[str, str]] = field(default=())

    @property
    def file(self) -> str:
        return f"{self.name}.xhtml"


def packed(
    about: Settings, chapters: Sequence[Chapter], images: Mapping[str, bytes | Path], sheet: str, cover: bytes
) -> bytes:
    """The bytes of the EPUB: ``images`` are names in the book → pictures, ``cover`` a PNG."""
    pages = {
        "cover.xhtml": page(about.title, _cover(about), about.language, SHEET, "cover"),
        "title.xhtml": page(about.title, _title_page(about), about.language, SHEET, "titlepage"),
        "nav.xhtml": page("Contents", _contents(chapters), about.language, SHEET),
        **{
            one.file: page(one.title, one.body, about.language, "../" * one.name.count("/") + SHEET)
            for one in chapters
        },
    }
    content: dict[str, bytes | Path] = {name: text.encode() for name, text in pages.items()}
    content |= {SHEET: sheet.encode(), COVER: cover, **images}
    order = ["cover.xhtml", "title.xhtml", "nav.xhtml", *(one.file for one in chapters)]
    package = _package(about, order, {name: properties(text) for name, text in pages.items()}, content)
    files: dict[str, bytes | Path] = {f"{FOLDER}/{name}": one for name, one in content.items()}
    files |= {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER.encode(),
        f"{FOLDER}/package.opf": package.encode(),
    }
    return zipped(files, about.moment, first=["mimetype"])


def _package(
    about: Settings, order: Sequence[str], properties: Mapping[str, str], content: Mapping[str, object]
) -> str:
    said = {**properties, "nav.xhtml": "nav", COVER: "cover-image"}
    ids = {name: f"file-{number}" for number, name in enumerate(sorted(content))}
    items = "\n".join(
        f'<item id="{ids[name]}" href="{escape(name)}" media-type="{MEDIA[Path(name).suffix]}"'
        + (f' properties="{said[name]}"' if said.get(name) else "")
        + "/>"
        for name in sorted(content)
    )
    spine = "\n".join(f'<itemref idref="{ids[name]}"/>' for name in order)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<package xmlns="http://www.idpf.org/2007/opf" version="3.0" xml:lang="{about.language}" '
        'unique-identifier="id">\n'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{_metadata(about)}\n</metadata>\n'
        f"<manifest>\n{items}\n</manifest>\n<spine>\n{spine}\n</spine>\n</package>\n"
    )


def _metadata(about: Settings) -> str:
    identifier = uuid.uuid5(uuid.NAMESPACE_URL, f"{about.address or about.title}#{about.version}")
    day = about.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = [
        f'<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier>',
        f"<dc:title>{escape(about.title)}</dc:title>",
        f"<dc:language>{about.language}</dc:language>",
        *(f"<dc:creator>{escape(name)}</dc:creator>" for name in about.authors),
        f"<dc:date>{day[:10]}</dc:date>",
        f'<meta property="dcterms:modified">{day}</meta>',
        *(f"<dc:subject>{escape(word)}</dc:subject>" for word in about.keywords),
    ]
    facts += [f"<dc:description>{escape(about.subtitle)}</dc:description>"] if about.subtitle else []
    facts += [f"<dc:rights>{escape(about.licence)}</dc:rights>"] if about.licence else []
    facts += [f"<dc:source>{escape(about.address)}</dc:source>"] if about.address else []
    facts += [f'<meta property="schema:{name}">{escape(said)}</meta>' for name, said in ACCESS]
    return "\n".join(facts)


def _cover(about: Settings) -> str:
    words = f"Cover: {about.title}"
    return f'<section class="cover"><img src="{COVER}" alt="{escape(words)}" role="doc-cover"/></section>'


def _title_page(about: Settings) -> str:
    day = f"{about.moment.day} {about.moment:%B %Y}"
    lines = [
        f"<h1>{escape(about.title)}</h1>",
        f'<p class="subtitle">{escape(about.subtitle)}</p>' if about.subtitle else "",
        f"<p>{escape(', '.join(about.authors))}</p>",
        f"<p>Version {escape(about.version)}, {day}</p>",
        f"<p>{escape(about.licence)}</p>" if about.licence else "",
    ]
    return f'<section class="title-page">{"".join(lines)}</section>'


def _contents(chapters: Sequence[Chapter]) -> str:
    entries = []
    for part, held in groupby(chapters, key=lambda one: one.part):
        listed = "\n".join(map(_entry, held))
        entries.append(f"<li><span>{escape(part)}</span>\n<ol>\n{listed}\n</ol></li>" if part else listed)
    first = chapters[0].file
    return (
        '<nav epub:type="toc" role="doc-toc" id="toc"><h1>Contents</h1>\n<ol>\n'
        + "\n".join(entries)
        + '\n</ol></nav>\n<nav epub:type="landmarks" hidden="hidden"><h2>Landmarks</h2><ol>'
        '<li><a epub:type="cover" href="cover.xhtml">Cover</a></li>'
        '<li><a epub:type="toc" href="#toc">Contents</a></li>'
        f'<li><a epub:type="bodymatter" href="{escape(first)}">Text</a></li></ol></nav>'
    )


def _entry(one: Chapter) -> str:
    below = "".join(
        f'<li><a href="{escape(one.file)}#{escape(anchor)}">{escape(title)}</a></li>'
        for anchor, title in one.sections
    )
    return f'<li><a href="{escape(one.file)}">{escape(one.title)}</a>' + (
        f"<ol>{below}</ol></li>" if below else "</li>"
    )
