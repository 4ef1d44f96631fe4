"""Is the built book the one that these files would give?

A hash of everything that goes into the book is kept beside what came out of it, so that an unchanged book is
recognised in a fraction of a second. Content decides, never a date. Only the standard library is imported,
and nothing of this package either: `make book` on an unchanged book must not wait for pandas.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BUILD, STAMP = "_build", "book.json"
OTHER = "other-data"
TITLE = "the-turn-at-aleppo"
PARTS = ("html", "pdf", "epub")
TREES = ("book", "notebooks", "src")
# At the root: pages, settings, locks and citations; what else lies there is not the book's.
ROOT_FILES = ("*.cff", "*.json", "*.lock", "*.md", "*.toml", "*.yml", "LICENSE*")
SETTINGS = ("SOURCE_DATE_EPOCH",)
# What a data folder is made of, as in `aleppo.evidence.paths`: it may be any folder with much else in it.
DATA_GROUPS = ("evidence", "series")
DATA_FILES = ("corrections.yml", "datapackage.json", "judgements.yml", "ledger.json")
LARGEST_DATA = 64 << 20


@dataclass(frozen=True)
class Built:
    """Where the book is; ``pdf`` and ``epub`` are None when only the HTML was asked for; 0 seconds if it was there."""

    html: Path
    pdf: Path | None
    epub: Path | None = None
    executed: int = 0
    seconds: float = 0.0


def checkout() -> Path:
    """The folder above ``src/``, where an editable installation is used from."""
    return Path(__file__).resolve().parents[3]


def data_folder(root: Path) -> Path:
    """The data that the book of the checkout ``root`` is made of now: ``ALEPPO_DATA``, else its own."""
    return Path(os.environ.get("ALEPPO_DATA") or root / "data").expanduser().resolve()


def workplace(root: Path, data: Path | None = None) -> Path:
    """The folder in which notebooks are executed and the book is built.

    The checkout ``root`` itself for its own data. For any other data a folder of its own below the build
    folder, named after the data, so that neither the stored notebooks nor the published book change.
    """
    folder = data.resolve() if data else data_folder(root)
    if folder == (root / "data").resolve():
        return root
    return root / BUILD / OTHER / f"{folder.name}-{digest(str(folder).encode())[:8]}"


def html_index(root: Path) -> Path:
    """The first page of the book."""
    return root / BUILD / "html" / "index.html"


def pdf_file(root: Path) -> Path:
    """The print edition."""
    return root / BUILD / "pdf" / f"{TITLE}.pdf"


def epub_file(root: Path) -> Path:
    """The edition for readers of electronic books."""
    return root / BUILD / "epub" / f"{TITLE}.epub"


def built(root: Path | None = None, html_only: bool = False) -> Built | None:
    """The book, if it was built whole from exactly the present files and nobody touched it since."""
    root = root or checkout()
    place = workplace(root)
    try:
        stamp = json.loads((place / BUILD / STAMP).read_text(encoding="utf-8"))
        parts = stamp["parts"]
        if not html_only and not set(PARTS) <= set(parts):
            return None
        if stamp["outputs"] != outputs_digest(place, parts) or stamp["inputs"] != inputs_digest(root):
            return None
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if html_only:
        return Built(html_index(place), None)
    return Built(html_index(place), pdf_file(place), epub_file(place))


def stamp(root: Path, inputs: str, parts: list[str]) -> str:
    """The text to keep as ``_build/book.json`` once ``parts`` (of ``PARTS``) were built from ``inputs``."""
    content = {"inputs": inputs, "outputs": outputs_digest(root, parts), "parts": sorted(parts)}
    return json.dumps(content, indent=1, sort_keys=True) + "\n"


def inputs_digest(root: Path, data: Path | None = None) -> str:
    """Hash of everything that can change the book: texts, notebooks, data, package, versions, settings."""
    data = data or data_folder(root)
    pieces = [repr([sys.version_info[:2], *(os.environ.get(name) for name in SETTINGS)]).encode()]
    for pattern in ROOT_FILES:
        for path in sorted(root.glob(pattern)):
            pieces += [path.name.encode(), path.read_bytes()]
    pieces += [digest_tree(root / name).encode() for name in TREES]
    pieces.append(digest_data(data).encode())
    pieces += [line.encode() for line in (*_installed(), *_assets(), commit(root))]
    return digest(*pieces)


def commit(root: Path) -> str:
    """The commit of the checkout, twelve digits, with ``+`` when files differ from it; empty outside git."""

    def git(*words: str) -> str:
        try:
            done = subprocess.run(
                ["git", "-C", str(root), *words], capture_output=True, text=True, check=False
            )
        except OSError:
            return ""
        return done.stdout.strip() if done.returncode == 0 else ""

    here = git("rev-parse", "--show-toplevel")
    if not here or Path(here).resolve() != root.resolve():
        return ""
    return git("rev-parse", "--short=12", "HEAD") + ("+" if git("status", "--porcelain", "-uno") else "")


def outputs_digest(root: Path, parts: Iterable[str]) -> str:
    """Hash of the names and sizes of what was built; OSError when the first page or another edition is missing."""
    pieces: list[str] = []
    if "html" in parts:
        html_index(root).stat()
        pieces += _listing(root / BUILD / "html")
    if "pdf" in parts:
        pieces.append(f"pdf {pdf_file(root).stat().st_size}")
    if "epub" in parts:
        pieces.append(f"epub {epub_file(root).stat().st_size}")
    return digest(*(piece.encode() for piece in pieces))


def digest(*pieces: bytes) -> str:
    """SHA-256 over ``pieces``, each with its length, so that no two lists of pieces look the same."""
    running = hashlib.sha256()
    for piece in pieces:
        running.update(len(piece).to_bytes(8, "big"))
        running.update(piece)
    return running.hexdigest()


def digest_tree(folder: Path) -> str:
    """Hash of each file below ``folder`` with its name; hidden and compiled files do not count."""
    pieces: list[bytes] = []
    for path in files_below(folder):
        pieces += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return digest(*pieces)


def digest_data(folder: Path) -> str:
    """`digest_tree` of what a data folder is made of; whatever else lies there is not read.

    Raises ValueError for a file that is none of the data by its size or its kind: nothing was made of it.
    """
    pieces: list[bytes] = []
    below = (path for group in DATA_GROUPS for path in files_below(folder / group))
    for path in (*below, *(folder / name for name in DATA_FILES)):
        if not path.exists():
            continue
        if not path.is_file() or path.stat().st_size > LARGEST_DATA:
            raise ValueError(f"{path} is no file of data")
        pieces += [path.relative_to(folder).as_posix().encode(), path.read_bytes()]
    return digest(*pieces)


def files_below(folder: Path) -> list[Path]:
    """Files below ``folder`` in order of their paths, without hidden ones and ``__pycache__``."""

    def walk(place: Path) -> Iterator[Path]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(place) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                if entry.is_dir():
                    yield from walk(Path(entry.path))
                else:
                    yield Path(entry.path)

    return sorted(walk(folder))


def _installed() -> list[str]:
    """Every installed distribution with its version, by the name of its metadata folder."""
    with contextlib.suppress(OSError):
        return sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    return []


def _assets() -> list[str]:
    """The fetched front-end files by name and size; their lock file is among the root's."""
    return _listing(Path(sys.prefix) / "share" / "aleppo" / "assets")


def _listing(folder: Path) -> list[str]:
    return [f"{path.relative_to(folder).as_posix()} {path.stat().st_size}" for path in files_below(folder)]
