"""How work is shown while it goes on: a bar on a terminal; anywhere else a line per notebook, and no more."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aleppo.bookkit.execute import Progress, Step

PATIENCE = 2.0
"""Seconds that pass before work on a file is shown: most of it is done by then."""

ENDINGS = {"done": "executed", "failed": "failed", "absent": "no data for"}


@contextlib.contextmanager
def pieces_progress() -> Iterator[Callable[[int, int], None] | None]:
    """A listener for work in pieces, `done` of `all`: a bar on a terminal, nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True)) as bars:
        task = bars.add_task("pieces of work", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


@contextlib.contextmanager
def notebook_progress() -> Iterator[Progress]:
    """A listener for `aleppo.bookkit.execute.run`, showing its steps on standard error."""
    with book_progress() as (_, steps):
        yield steps


@contextlib.contextmanager
def book_progress() -> Iterator[tuple[Callable[[str], None], Progress]]:
    """Listeners for `aleppo.bookkit.build.book`: for what it says it is doing, and for steps of notebooks.

    On a terminal what goes on has a bar that moves until the next thing begins, and each notebook a bar of its own.
    """
    if not sys.stderr.isatty():
        yield _told, _line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[cells]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}
        stages: list[TaskID] = []

        def say(message: str) -> None:
            for stage in stages:
                bars.update(stage, total=1, completed=1)
                bars.stop_task(stage)
            stages[:] = [bars.add_task(message, total=None, cells="")]

        def show(step: Step) -> None:
            name = step.notebook.stem
            ended = step.event in ("failed", "absent")
            cells = step.event if ended else f"{step.done}/{step.cells} cells"
            if step.event == "start":
                tasks[name] = bars.add_task(name, total=step.cells, cells=cells)
            else:
                bars.update(tasks[name], completed=step.done, cells=cells)
                if ended or step.event == "done":
                    bars.stop_task(tasks[name])

        yield say, show


@contextlib.contextmanager
def working(words: str) -> Iterator[None]:
    """Say on a terminal that ``words`` is being done, and for how long, until it is; nothing anywhere else."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bars.add_task(words, total=None)
        yield


def _told(message: str) -> None:
    click.echo(message, err=True)


def _line(step: Step) -> None:
    if word := ENDINGS.get(step.event):
        click.echo(f"{word} {step.notebook.stem} ({step.seconds:.1f} s)", err=True)


@contextlib.contextmanager
def file_progress(
    name: str, clock: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None] | None]:
    """A listener for the bytes read of the file ``name``, and of how many; None where there is no terminal.

    A bar on standard error appears once the work has taken more than ``PATIENCE`` seconds.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    began = clock()
    with contextlib.ExitStack() as stack:
        shown: list[tuple[Progress, TaskID]] = []

        def tell(done: int, total: int) -> None:
            if not shown:
                if clock() - began <= PATIENCE:
                    return
                bars = stack.enter_context(Progress(*columns, console=Console(stderr=True)))
                shown.append((bars, bars.add_task(name, total=total)))
            bars, task = shown[0]
            bars.update(task, completed=done, total=total)

        yield tell
