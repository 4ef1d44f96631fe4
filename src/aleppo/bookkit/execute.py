"""Execute notebooks in place, several side by side, and keep what they depended on.

The stored outputs are the record of the book, so that an execution must leave the same bytes whoever runs
it, whenever and on whichever Python: nothing is timed into the file, JSON keys are sorted, the interpreter's
version is left out, and the kernel sees one hash seed, one time zone and none of the user's own IPython
settings. A notebook is written whole after all of its cells ran quietly, or not at all.

Each runs in a kernel of its own (`aleppo.bookkit.kernel`). The signal handlers of the client that drives kernels
would swallow Ctrl-C, therefore the event loop lives in a thread of its own and the main thread keeps the signals.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

from aleppo.bookkit.current import workplace
from aleppo.bookkit.fingerprints import (
    Stale,
    Surroundings,
    check,
    code_cells,
    find_notebooks,
    read_notebook,
    record,
    source_of,
)
from aleppo.bookkit.kernel import Absent, run_cells
from aleppo.bookkit.notebook_record import dump, prepared, refuse_noise, stamp_figures
from aleppo.bookkit.other_data import page_without
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic
from aleppo.evidence.manifest import write_chapters
from aleppo.evidence.paths import data_dir, repository, shown

__all__ = ["Executed", "Progress", "Stale", "Step", "check", "find_notebooks", "run"]

CELL_TIMEOUT = 600


T = TypeVar("T")
Event = Literal["start", "cell", "done", "failed", "absent"]


@dataclass(frozen=True)
class Executed:
    """One notebook that ran: how long it took, the tables it loaded, and whether its file changed.

    ``absent`` is the table for want of which the notebook, made of other data than the repository's, became
    a page that says so; empty for a notebook that ran to its end.
    """

    notebook: Path
    seconds: float
    loads: tuple[str, ...]
    changed: bool
    absent: str = ""


@dataclass(frozen=True)
class Step:
    """Something that happened to one notebook: ``done`` of its ``cells`` code cells have run."""

    notebook: Path
    event: Event
    done: int
    cells: int
    seconds: float


Progress = Callable[[Step], None]


class _Failed(AleppoError):
    """One notebook did not run; the others go on."""


def run(
    paths: Iterable[Path] | None = None,
    jobs: int = 2,
    progress: Progress | None = None,
    all: bool = False,
    timeout: float = CELL_TIMEOUT,
    history: Path | None = None,
) -> list[Executed]:
    """Execute the stale notebooks among ``paths`` (all of the book's unless given) with ``jobs`` kernels.

    ``all`` executes the current ones as well. ``timeout`` is seconds per cell. ``progress`` is called from
    another thread, once when a notebook starts, after each of its cells, and when it is done or failed, or
    turned into a page that says which table is absent.
    ``history`` is the file of last known durations, by which the longest notebook starts first.

    With other data than the repository's a notebook that fails only because the data have not a table becomes
    a page that says so (`aleppo.bookkit.other_data`); the repository's own notebooks are then refused.

    Returns what ran, in the order of the notebooks. Raises AleppoError with a line per notebook that failed
    (its cell, the exception and where it was raised) after the others have run; a notebook that failed is
    left as it was.
    """
    if jobs < 1:
        raise AleppoError(f"expected at least one job, found {jobs}")
    around = Surroundings.here()
    other = workplace(repository(), around.data) != repository()
    chosen = _chosen(paths, around, all, other)
    if not chosen:
        return []
    for name in around.tables:
        # Hashed before a kernel reads them: a table that is edited meanwhile leaves its notebooks stale.
        around.table(name)
    durations = Durations(history or repository() / "_build" / "execution.json")
    queue = deque(sorted(chosen, key=durations.longest_first))
    tell = progress or (lambda step: None)
    outcomes = _in_a_loop_of_its_own(
        lambda stop: _work_through(
            queue, jobs, stop, lambda path: _execute(path, around, timeout, tell, other)
        )
    )
    executed = sorted((o for o in outcomes if isinstance(o, Executed)), key=lambda each: each.notebook)
    durations.keep(executed)
    failures = sorted(str(o) for o in outcomes if isinstance(o, _Failed))
    if failures:
        raise AleppoError("\n".join(failures))
    # What each table's sidecar says of the chapters that use it follows from what the notebooks loaded.
    if not other:
        write_chapters(data_dir())
    return executed


def _chosen(paths: Iterable[Path] | None, around: Surroundings, all: bool, other: bool) -> list[Path]:
    """The notebooks to execute: those among ``paths`` that are stale, or ``all``."""
    chosen = find_notebooks() if paths is None else sorted(paths)
    if other:
        _refuse_the_stored(chosen)
    return chosen if all else [stale.notebook for stale in check(chosen, around)]


def _refuse_the_stored(paths: Iterable[Path]) -> None:
    """Raise AleppoError for a notebook of the repository: its stored outputs are of the repository's data."""
    stored = (repository() / "notebooks").resolve()
    for path in paths:
        if path.resolve().is_relative_to(stored):
            raise AleppoError(
                f"{shown(path)}: expected a copy to execute on other data, found the stored notebook of the book "
                "(`aleppo run` works on copies)"
            )


async def _work_through(
    queue: deque[Path],
    jobs: int,
    stop: threading.Event,
    execute: Callable[[Path], Coroutine[Any, Any, Executed]],
) -> list[Executed | _Failed]:
    """Empty ``queue`` with ``jobs`` workers; a failed notebook is an outcome, anything else is raised."""
    outcomes: list[Executed | _Failed] = []

    async def worker() -> None:
        while queue and not stop.is_set():
            try:
                outcomes.append(await execute(queue.popleft()))
            except _Failed as failure:
                outcomes.append(failure)

    await asyncio.gather(*(worker() for _ in range(min(jobs, len(queue)))))
    return outcomes


def _in_a_loop_of_its_own(work: Callable[[threading.Event], Coroutine[Any, Any, T]]) -> T:
    """The result of ``work``, run in another thread; Ctrl-C stops its kernels before it is raised here."""
    loop, stop, ended = asyncio.new_event_loop(), threading.Event(), threading.Event()

    async def watched() -> T:
        try:
            return await work(stop)
        finally:
            ended.set()

    thread = threading.Thread(target=loop.run_forever, name="kernels", daemon=True)
    thread.start()
    future = asyncio.run_coroutine_threadsafe(watched(), loop)
    try:
        return future.result()
    except BaseException:
        stop.set()
        future.cancel()
        # One cancellation lets each client shut its kernel down; a second one would interrupt that.
        ended.wait(timeout=20)
        with contextlib.suppress(Exception):
            asyncio.run_coroutine_threadsafe(_cancel_what_is_left(), loop).result(timeout=5)
        raise
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _cancel_what_is_left() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def _execute(path: Path, around: Surroundings, timeout: float, tell: Progress, other: bool) -> Executed:
    """Run one notebook in a fresh kernel and write it; where that fails, raise _Failed and write nothing.

    On ``other`` data than the repository's a notebook whose table is absent is written as a page saying so.
    """
    started = time.monotonic()
    try:
        notebook, before = read_notebook(path), path.read_bytes()
    except AleppoError as error:
        raise _Failed(str(error)) from error
    cells = sum(bool(source_of(cell).strip()) for cell in code_cells(notebook))
    done = 0

    def say(event: Event) -> None:
        tell(Step(path, event, done, cells, time.monotonic() - started))

    def count_cell() -> None:
        nonlocal done
        done += 1
        say("cell")

    say("start")
    try:
        notebook, loads = await run_cells(prepared(notebook), path, timeout, count_cell)
        refuse_noise(notebook)
        stamp_figures(notebook, loads)
        notebook["metadata"]["aleppo"] = record(notebook, loads, around)
        changed = _written(path, before, dump(notebook))
    except Absent as error:
        if not other:
            say("failed")
            raise _Failed(f"{shown(path)}: {error}") from error
        page = page_without(json.loads(before), error.table)
        changed = _written(path, before, dump(prepared(page)))
        say("absent")
        return Executed(path, time.monotonic() - started, (), changed, error.table)
    except AleppoError as error:
        say("failed")
        # what is wrong with the file itself names it already
        raise _Failed(f"{shown(path)}: {str(error).removeprefix(f'{shown(path)}: ')}") from error
    say("done")
    return Executed(path, time.monotonic() - started, tuple(loads), changed)


def _written(path: Path, before: bytes, content: bytes) -> bool:
    """Write a notebook whose file was ``before`` when it was read; whether that changes the file."""
    if path.read_bytes() != before:
        raise AleppoError("was edited while it was executed; nothing was written")
    if content != before:
        write_atomic(path, content)
    return content != before


class Durations:
    """Seconds that each notebook last took, kept in the build folder: a hint, never a part of the record."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.seconds: dict[str, float] = {}
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(file.read_text(encoding="utf-8"))
            self.seconds = {str(name): float(value) for name, value in known.items()}

    def longest_first(self, path: Path) -> tuple[float, str]:
        """Sorting key; a notebook never timed might be the longest and starts first."""
        return -self.seconds.get(path.stem, float("inf")), path.name

    def keep(self, executed: Sequence[Executed]) -> None:
        """Remember how long ``executed`` took; a build folder that cannot be written loses only the hint."""
        self.seconds |= {each.notebook.stem: round(each.seconds, 2) for each in executed}
        with contextlib.suppress(AleppoError):
            write_atomic(self.file, json.dumps(self.seconds, indent=1, sort_keys=True) + "\n")
