"""Execute notebooks in place, several side by side, and keep what they depended on.

The stored outputs are the record of the book, so that an execution must leave the same bytes whoever runs
it, whenever and on whichever Python: nothing is timed into the file, JSON keys are sorted, the interpreter's
version is left out, and the kernel sees one hash seed, one time zone and none of the user's own IPython
settings. A notebook is written whole after all of its cells ran quietly, or not at all.

Kernels are driven with nbclient's asynchronous client. Its signal handlers would swallow Ctrl-C, therefore
the event loop lives in a thread of its own and the main thread keeps the signals.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import os
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from aleppo.bookkit.current import workplace
from aleppo.bookkit.environment import inherited
from aleppo.bookkit.fingerprints import (
    DEFAULT_KERNEL,
    Notebook,
    Stale,
    Surroundings,
    check,
    code_cells,
    find_notebooks,
    read_notebook,
    record,
    source_of,
)
from aleppo.bookkit.kernel_words import explained, last_line, one_line
from aleppo.bookkit.notebook_record import LANGUAGE_INFO, dump, prepared, refuse_noise, stamp_figures
from aleppo.bookkit.other_data import page_without
from aleppo.evidence.errors import AleppoError, MissingTable
from aleppo.evidence.files import write_atomic
from aleppo.evidence.manifest import write_chapters
from aleppo.evidence.paths import data_dir, repository, shown

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

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


class _Absent(AleppoError):
    """A cell asked for a table that the data folder does not have."""

    def __init__(self, table: str, message: str) -> None:
        self.table = table
        super().__init__(message)


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
    chosen = find_notebooks() if paths is None else sorted(paths)
    other = workplace(repository(), around.data) != repository()
    if other:
        _refuse_the_stored(chosen)
    if not all:
        chosen = [stale.notebook for stale in check(chosen, around)]
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

    def written(content: bytes) -> bool:
        if path.read_bytes() != before:
            raise AleppoError("was edited while it was executed; nothing was written")
        if content != before:
            write_atomic(path, content)
        return content != before

    say("start")
    try:
        with tempfile.TemporaryDirectory(prefix="aleppo-") as folder:
            loads_file = Path(folder) / "loads"
            notebook = await _in_a_kernel(
                prepared(notebook), path, Path(folder), loads_file, timeout, count_cell
            )
            loads = _read_loads(loads_file)
        refuse_noise(notebook)
        stamp_figures(notebook, loads)
        notebook["metadata"]["aleppo"] = record(notebook, loads, around)
        changed = written(dump(notebook))
    except _Absent as error:
        if not other:
            say("failed")
            raise _Failed(f"{shown(path)}: {error}") from error
        changed = written(dump(prepared(page_without(json.loads(before), error.table))))
        say("absent")
        return Executed(path, time.monotonic() - started, (), changed, error.table)
    except AleppoError as error:
        say("failed")
        # what is wrong with the file itself names it already
        raise _Failed(f"{shown(path)}: {str(error).removeprefix(f'{shown(path)}: ')}") from error
    say("done")
    return Executed(path, time.monotonic() - started, tuple(loads), changed)


async def _in_a_kernel(
    notebook: Notebook,
    path: Path,
    folder: Path,
    loads_file: Path,
    timeout: float,
    count_cell: Callable[[], None],
) -> Notebook:
    """``notebook`` with the outputs of its cells; AleppoError names the cell that failed and why."""
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
    from nbformat.v4 import to_notebook

    at, traceback = 0, ""

    def cell_starts(cell: Any, cell_index: int) -> None:
        nonlocal at
        at = sum(each["cell_type"] == "code" for each in notebook["cells"][: cell_index + 1])

    def cell_fails(cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        nonlocal traceback
        traceback = "\n".join(execute_reply["content"].get("traceback", []))

    def cell_ran(cell: Any, cell_index: int, execute_reply: dict[str, Any]) -> None:
        if execute_reply["content"].get("status") == "ok":
            count_cell()

    client = NotebookClient(
        to_notebook(notebook),
        km=_kernel_of_this_python(folder),
        timeout=timeout,
        # by default the outputs of a cell are given up after four seconds, in silence: a busy machine lost some
        iopub_timeout=math.ceil(timeout),
        raise_on_iopub_timeout=True,
        record_timing=False,
        coalesce_streams=True,
        force_raise_errors=True,
        store_widget_state=False,
        skip_cells_with_tag="",
        # Nothing is lost by not asking the kernel to end: what it loaded is on disk line by line.
        shutdown_kernel="immediate",
        resources={"metadata": {"path": str(path.parent)}},
        on_cell_execute=cell_starts,
        on_cell_error=cell_fails,
        on_cell_executed=cell_ran,
    )
    try:
        with (folder / "stderr").open("wb") as stderr:
            executed = await client.async_execute(
                env=_environment(folder, loads_file), stderr=stderr, cleanup_kc=True
            )
    except CellExecutionError as error:
        if error.ename == MissingTable.__name__:
            raise _Absent(error.evalue.partition(":")[0], f"code cell {at}: {error.evalue}") from error
        raise AleppoError(f"code cell {at}: {explained(error.ename, error.evalue, traceback)}") from error
    except CellTimeoutError as error:
        raise AleppoError(f"code cell {at}: ran longer than {timeout:g} s") from error
    except DeadKernelError as error:
        last = last_line(folder / "stderr")
        raise AleppoError(
            f"code cell {at}: the kernel ended ({last or 'was there enough memory?'})"
        ) from error
    except RuntimeError as error:
        why = last_line(folder / "stderr") or one_line(str(error))
        raise AleppoError(f"no kernel could be started ({why})") from error
    plain: Notebook = json.loads(json.dumps(executed))
    plain["metadata"]["language_info"] = LANGUAGE_INFO
    return plain


def _kernel_of_this_python(folder: Path) -> AsyncKernelManager:
    """A kernel on the running interpreter, whatever kernels the user has installed under the same name."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager

    class ThisPython(KernelSpecManager):
        def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
            return KernelSpec(resource_dir=RESOURCES, **get_kernel_dict())

    return AsyncKernelManager(
        kernel_name=DEFAULT_KERNEL,
        kernel_spec_manager=ThisPython(),
        # Sockets in a private folder: no port to run out of or to be listened to. Windows has only TCP.
        transport="tcp" if os.name == "nt" else "ipc",
        connection_file=str(folder / "kernel.json"),
    )


def _environment(folder: Path, loads_file: Path) -> dict[str, str]:
    """The kernel's environment: everything that could reach an output is fixed."""
    return {
        **inherited(),
        "ALEPPO_DATA": str(data_dir().resolve()),
        "ALEPPO_LOADS": str(loads_file),
        "IPYTHONDIR": str(folder / "ipython"),
        "PYTHONWARNINGS": "",
        # Two kernels share the machine, and sums of floats do not depend on how many cores it has.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _read_loads(file: Path) -> list[str]:
    """The names of the tables that were loaded, each once, in order; the file is there only if one was."""
    if not file.exists():
        return []
    return sorted({line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()})


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
