"""The whole data as one zip file: what `aleppo verify` asks for, what it is and under which terms, and checksums."""

from __future__ import annotations

from pathlib import Path

from aleppo.bookkit import citation
from aleppo.bookkit.zips import zipped
from aleppo.evidence.files import sha256_bytes
from aleppo.evidence.manifest import PACKAGE, present_tables, sidecar_path
from aleppo.evidence.paths import repository

FOLDER = "the-turn-at-aleppo-data"
NAME = f"{FOLDER}.zip"
SUMS = "SHA256SUMS"
# Beside the tables: corrections on loading, judgements on claims, and what became of the claims.
BESIDE = (PACKAGE, "corrections.yml", "judgements.yml", "ledger.json")
TERMS = ("LICENSE-CONTENT.md", citation.FILE)


def zipped_package(data: Path, root: Path) -> bytes:
    """The zip file of the folder ``data`` for the book of ``root``; the same data give the same bytes."""
    files: dict[str, bytes] = {}
    for table in present_tables(data):
        files[table.path] = (data / table.path).read_bytes()
        if (sidecar := sidecar_path(data, table)).is_file():
            files[sidecar.relative_to(data).as_posix()] = sidecar.read_bytes()
    files |= {name: (data / name).read_bytes() for name in BESIDE if (data / name).is_file()}
    for name in TERMS:
        # a book on other data says by a citation of its own that it is one
        found = next((path for path in (root / name, repository() / name) if path.is_file()), None)
        if found is not None:
            files[name] = found.read_bytes()
    files["README.md"] = readme(root, len(present_tables(data))).encode()
    files[SUMS] = sums(files).encode()
    return zipped({f"{FOLDER}/{name}": content for name, content in files.items()})


def sums(files: dict[str, bytes]) -> str:
    """Checksums of ``files`` in the form that ``sha256sum --check`` reads."""
    return "".join(f"{sha256_bytes(files[name])}  {name}\n" for name in sorted(files))


def readme(root: Path, tables: int) -> str:
    """What the package is, how to check it and what may be done with it."""
    named = (root / citation.FILE).is_file()
    book = citation.book_of(root) if named else None
    title = f"{book.title}, version {book.version}: the data" if book else "The data of the book"
    cited = f"Cite as: {citation.apa(citation.whole(book), book)}\n\n" if book else ""
    return (
        f"# {title}\n\n"
        f"{tables} tables as CSV (UTF-8, comma, dates YYYY-MM-DD, nothing for a missing value), each with a "
        "description beside it (YAML): publisher, licence and the day on which it was looked up, columns with units, "
        "known gaps, what it cannot be used for, SHA-256. "
        f"`{PACKAGE}` describes all of them to the Frictionless tools, with HXL tags. `corrections.yml` holds the "
        "corrections that are applied on loading, `ledger.json` the claims with their verdicts.\n\n"
        "## Check\n\n"
        f"    sha256sum --check {SUMS}      is every file whole?\n"
        "    aleppo verify FOLDER             the same, and schemas, references, spells and totals\n\n"
        "## Use\n\n"
        f"{cited}"
        "Terms are in `LICENSE-CONTENT.md`, and for each table in the file beside it. A spreadsheet guesses what a "
        "cell is: import text columns as text, or take the workbooks of the web edition, in which every cell has its "
        "type.\n"
    )
