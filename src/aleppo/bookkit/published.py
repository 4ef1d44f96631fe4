"""Is this built book the published one? A manifest of hashes, and a folder held against it.

The last thing that a build writes is ``_static/manifest.json``: the edition, a hash of the data, and the SHA-256 of
every file of the web edition but the manifest's own, the print edition, the EPUB and the zip files among them. A copy
can be held against its own manifest, which tells whether it arrived whole; and against that of a checkout, which
whoever changed the copy could not change as well. The copy that is unpacked from the offline zip file has another list
of files to take away on its pages; the manifest has the hashes of these pages too, and the copy's own says that it is
one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aleppo.bookkit import citation, current
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import sha256_file, write_atomic
from aleppo.evidence.paths import shown

MANIFEST = "_static/manifest.json"
COMMITTED = "book/published.json"
"""Where a checkout may keep the manifest of its release."""
FORMAT = 1
EDITION = ("title", "version", "released", "commit", "data")
KINDS = ("differs", "missing", "extra")
WEB, COPY = "web", "offline"
"""Forms of the web edition: at an address, and unpacked from its own zip file."""


@dataclass(frozen=True)
class Manifest:
    """An edition (``EDITION`` → words) and the SHA-256 of each of its files, by path from the first page's folder.

    ``offline`` are the files that are otherwise in the offline copy, with an empty hash for one that it lacks; ``form``
    says which of the two the manifest is of.
    """

    edition: Mapping[str, str]
    files: Mapping[str, str]
    offline: Mapping[str, str] = field(default_factory=dict)
    form: str = WEB

    def files_of(self, form: str) -> dict[str, str]:
        """The files of the edition in one of its forms."""
        files = {**self.files, **(self.offline if form != self.form else {})}
        return {name: sha256 for name, sha256 in files.items() if sha256}

    @property
    def named(self) -> str:
        """The edition in words."""
        parts = (f"{name} {self.edition[name]}" for name in ("version", "commit") if self.edition[name])
        return ", ".join([*parts, f"data {self.edition['data'][:12]}"])


@dataclass(frozen=True)
class Report:
    """What a folder is: ``lines``, one per file or fact that differs, empty if none; ``against`` in words."""

    lines: tuple[str, ...]
    against: str
    files: int

    @property
    def line(self) -> str:
        """The closing line."""
        if not self.lines:
            return f"book verified: {self.files} files, {self.against}"
        count = len(self.lines)
        return f"book not verified: {count} difference{'s' if count > 1 else ''}, {self.against}"


def edition(root: Path, data: Path) -> dict[str, str]:
    """What edition a book of ``root`` made of the folder ``data`` is; empty words where ``root`` does not say."""
    words = dict.fromkeys(EDITION, "")
    if (root / "CITATION.cff").is_file():
        book = citation.book_of(root)
        words |= {"title": book.title, "version": book.version, "released": book.released}
        words |= {"commit": book.commit}
    return words | {"data": current.digest_data(data)}


def hashes(folder: Path) -> dict[str, str]:
    """Path → SHA-256 of every file below ``folder`` but the manifest; what is hidden does not count.

    A link is not followed and counts as a file that is not there.
    """
    return {
        name: sha256_file(path)
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in _files(folder))
        if name != MANIFEST
    }


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                yield path


def write(folder: Path, root: Path, data: Path, offline: Mapping[str, str] | None = None) -> Path:
    """Write the manifest of the web edition in ``folder``, built from ``root`` and ``data``; the file.

    ``offline`` says what is otherwise in its offline copy: see `Manifest`.
    """
    return write_atomic(folder / MANIFEST, manifest(root, data, hashes(folder), offline=offline))


def manifest(
    root: Path,
    data: Path,
    files: Mapping[str, str],
    form: str = WEB,
    offline: Mapping[str, str] | None = None,
) -> str:
    """The text of a manifest of ``files`` (path → SHA-256)."""
    content = {"format": FORMAT, "edition": edition(root, data), "files": dict(files), "form": form}
    if offline:
        content["offline"] = dict(offline)
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def read(path: Path) -> Manifest:
    """The manifest at ``path``. AleppoError when it is not there or is no manifest."""
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise AleppoError(
                f"{shown(path)}: expected a manifest of format {FORMAT}, found {content['format']!r}"
            )
        found = Manifest(
            {name: str(content["edition"][name]) for name in EDITION},
            {str(name): str(sha256) for name, sha256 in content["files"].items()},
            {str(name): str(sha256) for name, sha256 in content.get("offline", {}).items()},
            str(content.get("form", WEB)),
        )
    except OSError as error:
        raise AleppoError(f"{shown(path)}: expected the manifest of a built book, found none") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise AleppoError(
            f"{shown(path)}: expected the manifest of a built book, found {type(error).__name__}"
        ) from error
    return found


def differences(files: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    """Path → one of ``KINDS``, for each file of which ``found`` is not what ``files`` says."""
    kinds = {
        name: "missing" if name not in found else "differs" if found[name] != sha256 else ""
        for name, sha256 in files.items()
    }
    kinds |= {name: "extra" for name in found if name not in files}
    return {name: kind for name, kind in sorted(kinds.items()) if kind}


def reference(checkout: Path, folder: Path) -> tuple[Manifest, str] | None:
    """The manifest to hold ``folder`` against, and what it is in words; None if ``checkout`` has none.

    The committed one of a release comes first; else that of the book built here, if it is of the present files and is
    not ``folder`` itself.
    """
    if (checkout / COMMITTED).is_file():
        return read(checkout / COMMITTED), f"as published ({COMMITTED})"
    built = checkout / current.BUILD / "html"
    if folder.resolve() != built.resolve() and current.built(checkout, html_only=True):
        return read(built / MANIFEST), "as built here"
    return None


def verify(folder: Path, checkout: Path | None = None) -> Report:
    """Hold the web edition in ``folder`` against its manifest, and against that of ``checkout`` if it has one.

    Raises AleppoError when ``folder`` is no folder, or neither it nor the checkout has a manifest.
    """
    if not folder.is_dir():
        raise AleppoError(f"{shown(folder)}: expected the folder of a built book, found none")
    other = reference(checkout, folder) if checkout else None
    own = read(folder / MANIFEST) if other is None or (folder / MANIFEST).is_file() else None
    found = hashes(folder)
    kinds = differences(own.files, found) if own else {}
    lines: list[str] = []
    if other:
        theirs, words = other
        kinds |= differences(theirs.files_of(own.form if own else WEB), found)
        if own is None:
            lines.append(f"missing: {MANIFEST}")
        elif own.edition != theirs.edition:
            lines.append(f"another edition: {own.named}; expected {theirs.named}")
        against = f"{words}: {theirs.named}"
    else:
        assert own is not None
        against = f"by its own manifest alone: {own.named}"
    # a name that a terminal would not show as it is, is shown in its parts
    lines += [
        f"{kind}: {name if name.isprintable() else ascii(name)}" for name, kind in sorted(kinds.items())
    ]
    return Report(tuple(lines), against, len(found))
