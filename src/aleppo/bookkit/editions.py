"""The other editions beside the pages: PDF, EPUB, the data and the pages themselves as files to take away.

A page asks for the list of them by a comment, ``% book-editions``. Which editions there are, and how large, is known
only when all of them are built: `finish` puts the files into the web edition, packs the whole of it as one zip file,
and writes the list into the pages, in that zip file without the zip file itself. So no link leads nowhere, whichever
part was built.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import data_package, downloads, published
from aleppo.bookkit.current import TITLE
from aleppo.bookkit.zips import zipped
from aleppo.evidence.files import sha256_bytes, write_atomic

MARKER = "% book-editions"
PLACE = "<!-- aleppo: editions -->"
FOLDER = "_static/book"
OFFLINE = f"{FOLDER}/{TITLE}-offline.zip"
DATA = (downloads.FOLDER / data_package.NAME).as_posix()
THIS_COPY = "<li>These pages are the offline copy of the web edition.</li>"


@dataclass(frozen=True)
class Edition:
    """A file to take away: its ``path`` in the web edition, its name in words, its size in bytes."""

    path: str
    words: str
    size: int


def finish(html: Path, editions: Mapping[str, Path], root: Path, data: Path, moment: int) -> None:
    """Complete the web edition in the folder ``html``: other editions, list, offline copy, manifest.

    ``editions`` are the files of those that were built (``pdf``, ``epub``), ``root`` and ``data`` what the book was
    made of, ``moment`` the release in seconds since 1970, which dates the files in the zip file.
    """
    # what Sphinx notes for its next run, of which there is none: it differs from folder to folder
    (html / ".buildinfo").unlink(missing_ok=True)
    listed = _put_beside(html, editions)
    waiting = _pages_that_wait(html)
    own = {name: _listed(text, name, listed, THIS_COPY).encode() for name, text in waiting.items()}
    size = _pack(html, own, root, data, datetime.fromtimestamp(moment, UTC))
    offline = Edition(OFFLINE, "These pages as one zip file, to be read without a network", size)
    for name, text in waiting.items():
        write_atomic(html / name, _listed(text, name, [*listed, offline], ""))
    elsewhere = {name: sha256_bytes(content) for name, content in own.items()}
    published.write(html, root, data, offline={**elsewhere, OFFLINE: ""})


def _put_beside(html: Path, editions: Mapping[str, Path]) -> list[Edition]:
    """Copy the editions that there are into the web edition."""
    words = {"pdf": "Print edition (PDF)", "epub": "For readers of electronic books (EPUB)"}
    listed = []
    for kind, file in editions.items():
        path = f"{FOLDER}/{TITLE}.{kind}"
        (html / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, html / path)
        listed.append(Edition(path, words[kind], file.stat().st_size))
    if (html / DATA).is_file():
        listed.append(
            Edition(DATA, "All data, with checksums (zip of CSV and YAML)", (html / DATA).stat().st_size)
        )
    return listed


def _pages_that_wait(html: Path) -> dict[str, str]:
    """The pages that ask for the list: path → text."""
    pages = {path.relative_to(html).as_posix(): path for path in sorted(html.rglob("*.html"))}
    texts = {name: path.read_text(encoding="utf-8") for name, path in pages.items()}
    return {name: text for name, text in texts.items() if PLACE in text}


def _listed(text: str, name: str, editions: Sequence[Edition], last: str) -> str:
    """A page with the list of ``editions``, and ``last`` at its end."""
    up = "../" * name.count("/")
    items = "".join(
        f'<li><a href="{up}{one.path}" download>{one.words}</a>, {megabytes(one.size)}</li>'
        for one in editions
    )
    return text.replace(PLACE, f"<ul>{items}{last}</ul>" if items or last else "")


def megabytes(size: int) -> str:
    """A size in bytes in words: "0.8 MB"; never less than a tenth."""
    return f"{max(size / 1e6, 0.1):.1f}\u00a0MB"


def _pack(html: Path, own: Mapping[str, bytes], root: Path, data: Path, moment: datetime) -> int:
    """Write the zip file of the web edition, with the pages ``own`` to it; its size."""
    files: dict[str, bytes | Path] = {
        path.relative_to(html).as_posix(): path
        for path in sorted(html.rglob("*"))
        if path.is_file() and path.relative_to(html).as_posix() not in (OFFLINE, published.MANIFEST)
    }
    files |= own
    hashes = published.hashes(html) | {name: sha256_bytes(content) for name, content in own.items()}
    hashes.pop(OFFLINE, None)
    files[published.MANIFEST] = published.manifest(root, data, hashes, form=published.COPY).encode()
    content = zipped({f"{TITLE}/{name}": one for name, one in files.items()}, moment)
    write_atomic(html / OFFLINE, content)
    return len(content)


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the place of the list where a page asks for it; only the web edition has one."""
    if MARKER in source[0]:
        place = f'::::{{only}} html\n<div class="aleppo-editions">{PLACE}</div>\n::::\n'
        source[0] = source[0].replace(MARKER, place)


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the place of the list into the pages that ask for it."""
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
