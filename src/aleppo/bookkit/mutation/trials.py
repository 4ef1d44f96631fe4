"""Make each change on a copy of the data and look for a difference, the cheapest look first.

Each trial runs in a process of its own, forked from one that has imported everything and read every table; the copy is
a folder of links with one file of its own. So a trial costs what it computes, and nothing that it does stays.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import pkgutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, TypeVar

from aleppo.bookkit.mutation import watched
from aleppo.bookkit.mutation.changes import Change, as_csv, rows_of
from aleppo.bookkit.mutation.watched import Chapter
from aleppo.claims import ledger
from aleppo.evidence import load
from aleppo.evidence.checks import partners
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.load import Reading, read_table
from aleppo.evidence.paths import DATA_VARIABLE, data_dir, shown
from aleppo.evidence.tables import DECLARED, TABLES
from aleppo.evidence.verify import content_faults

LOOKS = ("verification", "ledger", "chapter", "bibliography")
"""Where a change can be noticed, in the order in which it is looked for."""
WARM = ("aleppo.measure", "aleppo.model", "aleppo.claims.tests", "aleppo.show.chapters")

T, R = TypeVar("T"), TypeVar("R")


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


def book_of(root: Path, notebooks: Iterable[Path], jobs: int = 2) -> Book:
    """The book at ``root`` with these ``notebooks``, computed on the data of this process.

    AleppoError for what is not as it is stored, in the notebooks and in the committed ledger: then a difference would say
    nothing of a change.
    """
    data = data_dir().resolve()
    _warm_up()
    readings = {name: read_table(table, data / table.path) for name, table in TABLES.items()}
    if faults := content_faults(data, readings):
        raise AleppoError("\n".join(map(str, faults)))
    chapters = watched.chapters(notebooks)
    looks: list[Callable[[], Any]] = [watched.entries, *(_Timed(chapter.path) for chapter in chapters)]
    entries, *timed = in_forks(lambda look: look(), looks, jobs)
    if changes := ledger.differences(watched.without_hashes(ledger.committed(data)), entries):
        raise AleppoError(f"{ledger.LEDGER}: expected what the evidence gives now, found {changes[0]}")
    found = []
    for chapter, (seconds, parts) in zip(chapters, timed, strict=True):
        if where := watched.first_difference(watched.stored(chapter.path), parts):
            raise AleppoError(
                f"{shown(chapter.path)}: expected what it has stored, found another {where} (`aleppo run` renews it)"
            )
        found.append(replace(chapter, seconds=seconds, parts=tuple(parts)))
    references = watched.references(watched.cited(root, entries))
    return Book(data, readings, entries, sorted(found, key=lambda each: each.seconds), references)


def judged(book: Book, changes: Sequence[Change], jobs: int = 2) -> Iterator[Outcome]:
    """The outcome of each of ``changes``, in their order, as soon as it and those before it are known."""
    return in_forks(lambda change: _trial(book, change), changes, jobs)


def _trial(book: Book, change: Change) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="aleppo-") as folder:
        data = Path(folder) / "data"
        _copy_with(book.data, change, data)
        os.environ[DATA_VARIABLE] = str(data)
        for look, noticed in zip(LOOKS, (_verification, _ledger, _chapters, _bibliography), strict=True):
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
    name = change.table
    beside = {other: book.readings[other] for other in partners(name) if other in book.readings}
    beside[name] = read_table(DECLARED[name], data / DECLARED[name].path)
    faults = content_faults(data, beside)
    if not faults:
        return ""
    first = min(faults)
    return f"{first.column}: expected {first.expected}" if first.column else f"expected {first.expected}"


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
    for module in ("IPython.core.interactiveshell", "statsmodels.api"):
        importlib.import_module(module)
    for table in TABLES:
        load(table, corrected=False)
        load(table)


def in_forks(work: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """``work`` of each item in a process forked from this one, ``jobs`` of them at a time; results in the order of items.

    Nothing but the result has to be sent. AleppoError where the system cannot fork, and for a process that ended
    without a result; an exception of ``work`` is raised here.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise AleppoError("expected a system that can fork a process (Linux, macOS), found another")
    waiting = list(enumerate(items))[::-1]
    running: dict[Connection, tuple[int, Any]] = {}
    done: dict[int, R] = {}
    due = 0
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, item = waiting.pop()
                connection, process = _fork(work, item)
                running[connection] = place, process
            for ready in wait(list(running)):
                place, process = running.pop(ready)  # type: ignore[arg-type]
                done[place] = _result(ready, process)  # type: ignore[arg-type]
            while due in done:
                yield done.pop(due)
                due += 1
    finally:
        for connection, (_, process) in running.items():
            process.terminate()
            process.join()
            connection.close()


def _fork(work: Callable[[T], R], item: T) -> tuple[Connection, Any]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def child() -> None:
        try:
            there.send((work(item), None))
        except BaseException as error:
            there.send((None, error if isinstance(error, AleppoError) else AleppoError(repr(error))))

    process = context.Process(target=child)
    process.start()
    there.close()
    return here, process


def _result(connection: Connection, process: Any) -> Any:
    try:
        result, error = connection.recv()
    except EOFError:
        process.join()
        raise AleppoError(
            f"expected a result, found a process that ended with code {process.exitcode}"
        ) from None
    finally:
        connection.close()
    process.join()
    if error is not None:
        raise error
    return result
