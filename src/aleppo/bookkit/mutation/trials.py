"""Make each change on a copy of the data and look for a difference, the cheapest look first.

Each trial runs in a process of its own, forked from one that has imported everything and read every table; the copy is
a folder of links with one file of its own. So a trial costs what it computes, and nothing that it does stays.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aleppo.bookkit.mutation import watched
from aleppo.bookkit.mutation.changes import Change, as_csv, rows_of
from aleppo.bookkit.mutation.forks import in_forks
from aleppo.bookkit.mutation.watched import Chapter
from aleppo.bookkit.rows import place_of, table_html
from aleppo.claims import ledger
from aleppo.evidence import load
from aleppo.evidence.checks import partners
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.load import Reading, read_table
from aleppo.evidence.paths import DATA_VARIABLE, data_dir, shown
from aleppo.evidence.tables import DECLARED, TABLES
from aleppo.evidence.verify import content_faults

LOOKS = ("verification", "ledger", "chapter", "bibliography", "rows")
"""Where a change can be noticed, in the order in which it is looked for.

The last are the pages that print every compiled row: what is noticed only there changes a row and nothing else.
"""
WARM = ("aleppo.measure", "aleppo.model", "aleppo.claims.tests", "aleppo.show.chapters")


@dataclass(frozen=True)
class Outcome:
    """What noticed a change: one of ``LOOKS`` with the place in words, or nothing, with both empty."""

    change: Change
    noticed: str = ""
    where: str = ""


@dataclass(frozen=True)
class Book:
    """What the data as they are give: what every trial is compared with."""

    data: Path
    readings: Mapping[str, Reading]
    entries: Sequence[ledger.Entry]
    chapters: Sequence[Chapter]
    references: Mapping[str, str]


def book_of(root: Path, notebooks: Iterable[Path], changes: Iterable[Change], jobs: int = 2) -> Book:
    """The book at ``root`` with these ``notebooks``, as far as ``changes`` concern it; controlled.

    What is stored, in the notebooks and in the committed ledger, is computed anew on the data of this process as every
    trial computes it. AleppoError for what does not come out as it is stored, with what renews it: then a difference
    would say nothing of a change.
    """
    book = stored_book(root, notebooks, changes)
    for name in book.readings:
        if faults := content_faults(book.data, _beside(book, name)):
            raise AleppoError("\n".join(map(str, faults)))
    _warm_up()
    looks: list[Callable[[], Any]] = [watched.entries, *(_Timed(chapter.path) for chapter in book.chapters)]
    entries, *timed = in_forks(lambda look: look(), looks, jobs)
    if differing := ledger.differences(list(book.entries), entries):
        raise AleppoError(
            f"{ledger.LEDGER}: expected what the evidence gives now, found {differing[0]} (`aleppo claims --accept`)"
        )
    for chapter, (_, parts) in zip(book.chapters, timed, strict=True):
        if where := watched.first_difference(chapter.parts, parts):
            raise AleppoError(
                f"{shown(chapter.path)}: expected what it has stored, found another {where} (`aleppo run` renews it)"
            )
    seconds = {chapter.name: took for chapter, (took, _) in zip(book.chapters, timed, strict=True)}
    return replace(book, chapters=sorted(book.chapters, key=lambda chapter: seconds[chapter.name]))


def stored_book(root: Path, notebooks: Iterable[Path], changes: Iterable[Change]) -> Book:
    """The book as it is stored, as far as ``changes`` concern it. AleppoError for data that do not verify."""
    data = data_dir().resolve()
    tables = {change.table for change in changes}
    beside = {"sources"}.union(*map(partners, tables)) & set(TABLES)
    readings = {name: read_table(TABLES[name], data / TABLES[name].path) for name in sorted(beside)}
    if faults := content_faults(data, readings):
        raise AleppoError("\n".join(map(str, faults)))
    entries = watched.without_hashes(ledger.committed(data))
    chapters = [chapter for chapter in watched.chapters(notebooks) if chapter.loads & tables]
    references = watched.references(watched.cited(root, entries)) if "sources" in tables else {}
    return Book(data, readings, entries, chapters, references)


def judged(book: Book, changes: Sequence[Change], jobs: int = 2) -> Iterator[Outcome]:
    """The outcome of each of ``changes``, in their order, as soon as it and those before it are known."""
    return in_forks(lambda change: _trial(book, change), changes, jobs)


def _trial(book: Book, change: Change) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="aleppo-") as folder:
        data = Path(folder) / "data"
        _copy_with(book.data, change, data)
        os.environ[DATA_VARIABLE] = str(data)
        for look, noticed in zip(LOOKS, _LOOKING, strict=True):
            if where := noticed(book, change, data):
                return Outcome(change, look, where)
    return Outcome(change)


def _copy_with(data: Path, change: Change, copy: Path) -> None:
    """``data`` with the change as the folder ``copy``: links, and the changed file."""
    table = DECLARED[change.table]
    for path in sorted(data.rglob("*")):
        target = copy / path.relative_to(data)
        if path.is_dir():
            target.mkdir(parents=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        if path != data / table.path:
            target.symlink_to(path)
    rows = change.applied(rows_of(data / table.path))
    (copy / table.path).write_text(as_csv(table, rows), encoding="utf-8", newline="")


def _verification(book: Book, change: Change, data: Path) -> str:
    table = DECLARED[change.table]
    changed = read_table(table, data / table.path)
    faults = content_faults(data, {**_beside(book, table.name), table.name: changed})
    if not faults:
        return ""
    first = min(faults)
    return f"{first.column}: expected {first.expected}" if first.column else f"expected {first.expected}"


def _beside(book: Book, name: str) -> dict[str, Reading]:
    """What the checks read together with the table ``name``; the register of corrections names sources."""
    wanted = {"sources", *partners(name)}
    return {other: reading for other, reading in book.readings.items() if other in wanted}


def _ledger(book: Book, change: Change, data: Path) -> str:
    only = watched.concerned(book.entries, change.table, change.row)
    if not only:
        return ""
    try:
        now = watched.entries(only)
    except AleppoError as error:
        return str(error)
    except Exception as error:  # whatever stops a test stops the ledger
        return f"stops with {type(error).__name__}"
    before = [entry for entry in book.entries if entry["claim"] in only]
    return next(iter(ledger.differences(before, now)), "")


def _chapters(book: Book, change: Change, data: Path) -> str:
    for chapter in book.chapters:
        if change.table in chapter.loads and (
            where := watched.first_difference(chapter.parts, watched.printed(chapter.path))
        ):
            return f"{chapter.name}: {where}"
    return ""


def _bibliography(book: Book, change: Change, data: Path) -> str:
    if change.table != "sources":
        return ""
    now = watched.references(book.references.keys())
    return next((key for key, entry in book.references.items() if now.get(key) != entry), "")


def _rows(book: Book, change: Change, data: Path) -> str:
    page = place_of().get(change.table, "")
    table = DECLARED[change.table]
    return page if page and table_html(table, data) != table_html(table, book.data) else ""


_LOOKING = (_verification, _ledger, _chapters, _bibliography, _rows)


@dataclass(frozen=True)
class _Timed:
    """A chapter to compute, with the seconds that it takes."""

    path: Path

    def __call__(self) -> tuple[float, list[watched.Part]]:
        started = time.monotonic()
        parts = list(watched.printed(self.path))
        return time.monotonic() - started, parts


def _warm_up() -> None:
    """Import what chapters import and read every table, so that no fork has to."""
    for name in WARM:
        package = importlib.import_module(name)
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{name}.{module.name}")
    for library in ("IPython.core.interactiveshell", "statsmodels.api"):
        importlib.import_module(library)
    for table in TABLES:
        load(table, corrected=False)
        load(table)
