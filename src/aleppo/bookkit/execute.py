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
import re
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
from aleppo.bookkit.other_data import page_without
from aleppo.evidence.errors import AleppoError, MissingTable
from aleppo.evidence.files import write_atomic
from aleppo.evidence.manifest import write_chapters
from aleppo.evidence.paths import data_dir, repository, shown

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

__all__ = ["Executed", "Progress", "Stale", "Step", "check", "find_notebooks", "run"]

PLOTLY_MIME = "application/vnd.plotly.v1+json"
CELL_TIMEOUT = 600
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": DEFAULT_KERNEL}
# As little of the language as the book's renderer and JupyterLab need: the version would differ.
LANGUAGE_INFO = {"file_extension": ".py", "name": "python", "pygments_lexer": "ipython3"}
# What editors and runners leave in cells: times, folds and trust are no part of the record.
VOLATILE_CELL_METADATA = ("execution", "ExecuteTime", "collapsed", "scrolled", "trusted")

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"^\s*(?:File (?P<file>.+?:\d+)|Cell In\s?\[\d+\], line (?P<line>\d+))", re.MULTILINE)
ARROW = re.compile(r"^-+>\s*\d+ (?P<code>.*)$", re.MULTILINE)

# A cell's code has a made-up file name, another one on every execution; only the line helps a reader.
CELL_FILE = re.compile(r" \(\d+\.py, line \d+\)")
CELL_PATH = re.compile(r"\S*ipykernel_\d+/\d+\.py:(\d+):")

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
    # What each table's sidecar says of the chapters that use it follows from what the notebooks loaded.
    if not other:
        write_chapters(data_dir())
    if failures:
        raise AleppoError("\n".join(failures))
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
                _prepared(notebook), path, Path(folder), loads_file, timeout, count_cell
            )
            loads = _read_loads(loads_file)
        _refuse_noise(notebook)
        _stamp_figures(notebook, loads)
        notebook["metadata"]["aleppo"] = record(notebook, loads, around)
        changed = written(dump(notebook))
    except _Absent as error:
        if not other:
            say("failed")
            raise _Failed(f"{shown(path)}: {error}") from error
        changed = written(dump(_prepared(page_without(json.loads(before), error.table))))
        say("absent")
        return Executed(path, time.monotonic() - started, (), changed, error.table)
    except AleppoError as error:
        say("failed")
        raise _Failed(f"{shown(path)}: {error}") from error
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
        raise AleppoError(f"code cell {at}: {_explain(error.ename, error.evalue, traceback)}") from error
    except CellTimeoutError as error:
        raise AleppoError(f"code cell {at}: ran longer than {timeout:g} s") from error
    except DeadKernelError as error:
        last = _last_line(folder / "stderr")
        raise AleppoError(
            f"code cell {at}: the kernel ended ({last or 'was there enough memory?'})"
        ) from error
    except RuntimeError as error:
        why = _last_line(folder / "stderr") or _one_line(str(error))
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


def _prepared(notebook: Notebook) -> Notebook:
    """``notebook`` with no outputs, with an id on each cell, and without what varies between machines."""
    metadata = {key: value for key, value in notebook.get("metadata", {}).items() if key != "widgets"}
    kernel = metadata.get("kernelspec", {}).get("name", DEFAULT_KERNEL)
    if kernel != DEFAULT_KERNEL:
        raise AleppoError(f"expected the kernel {DEFAULT_KERNEL}, found {kernel}")
    metadata |= {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO}
    taken = {cell["id"] for cell in notebook["cells"] if "id" in cell}
    cells = []
    seen: set[str] = set()
    for number, cell in enumerate(notebook["cells"], 1):
        name = cell.get("id")
        if name is None or name in seen:
            name = _free_id(number, taken)
        seen.add(name)
        taken.add(name)
        kept = {k: v for k, v in cell.get("metadata", {}).items() if k not in VOLATILE_CELL_METADATA}
        plain = {**cell, "id": name, "metadata": kept, "source": source_of(cell)}
        if cell.get("cell_type") == "code":
            plain |= {"execution_count": None, "outputs": []}
        cells.append(plain)
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _free_id(number: int, taken: set[str]) -> str:
    """An id for a cell that has none, from its place, so that nothing random is stored."""
    while (name := f"cell-{number}") in taken:
        number += 1
    return name


def _refuse_noise(notebook: Notebook) -> None:
    """Raise AleppoError if a cell wrote a warning or an error: a reader would see it in the book."""
    for number, cell in enumerate(code_cells(notebook), 1):
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                raise AleppoError(f"code cell {number}: {output['ename']}: {_one_line(output['evalue'])}")
            if output["output_type"] == "stream" and output["name"] == "stderr":
                said = CELL_PATH.sub(r"line \1:", _one_line(output["text"]))
                raise AleppoError(f"code cell {number}: expected a quiet cell, found {said}")


def _stamp_figures(notebook: Notebook, loads: Iterable[str]) -> None:
    """Give each cell that shows a figure the name and caption that number it in the book.

    They come from the figure itself, so that authors write them once. A stamp on a cell that no longer
    shows a figure is taken off. Raises AleppoError for two figures in one cell, and for a figure that
    names a table which the notebook did not load.
    """
    for number, cell in enumerate(code_cells(notebook), 1):
        book = cell["metadata"].get("mystnb", {})
        if str(book.get("figure", {}).get("name", "")).startswith("fig-"):
            del book["figure"]
            if not book:
                del cell["metadata"]["mystnb"]
        payloads = [payload for output in cell["outputs"] if (payload := _figure_of(output))]
        if len(payloads) > 1:
            raise AleppoError(f"code cell {number}: expected one figure per cell, found {len(payloads)}")
        for payload in payloads:
            from aleppo.show.figure import cell_metadata

            named = payload["layout"]["meta"]["aleppo"].get("tables", [])
            if unread := sorted(set(named) - set(loads)):
                raise AleppoError(
                    f"code cell {number}: expected the figure's tables to be loaded, found {unread[0]} not loaded"
                )
            _merge(cell["metadata"], cell_metadata(payload))


def _figure_of(output: dict[str, Any]) -> dict[str, Any] | None:
    """The payload of one of the book's own figures, or None for any other output."""
    payload = output.get("data", {}).get(PLOTLY_MIME)
    if isinstance(payload, dict) and "aleppo" in (payload.get("layout", {}).get("meta") or {}):
        return payload
    return None


def _merge(into: dict[str, Any], extra: dict[str, Any]) -> None:
    for key, value in extra.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def dump(notebook: Notebook) -> bytes:
    """The one way a notebook is written: keys sorted, indented by one, long texts as lines, a final newline.

    Raises AleppoError when it does not keep to the notebook format.
    """
    import nbformat
    from nbformat.v4 import to_notebook
    from nbformat.v4.nbjson import writes

    node = to_notebook(notebook)
    try:
        nbformat.validate(node)
    except nbformat.ValidationError as error:
        raise AleppoError(f"is not a valid notebook: {_one_line(str(error))}") from error
    return (writes(node) + "\n").encode("utf-8")


def _explain(name: str, message: str, traceback: str) -> str:
    """One line for an exception: what it was, and the last place of its traceback."""
    plain = COLOUR.sub("", traceback)
    places = list(PLACE.finditer(plain))
    arrows = list(ARROW.finditer(plain))
    where = ""
    if places:
        last = places[-1]
        where = f"line {last['line']}" if last["line"] else last["file"]
    if arrows:
        where = f"{where}: {arrows[-1]['code'].strip()}" if where else arrows[-1]["code"].strip()
    text = f"{name}: {_one_line(CELL_FILE.sub('', message))}" if message else name
    return f"{text} ({where})" if where else text


def _one_line(text: str, limit: int = 300) -> str:
    """``text`` on one line, cut where it gets long."""
    line = " ".join(COLOUR.sub("", text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def _last_line(file: Path) -> str:
    """The last thing said in ``file``, if anything."""
    with contextlib.suppress(OSError):
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((_one_line(line) for line in reversed(lines) if line.strip()), "")
    return ""


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
