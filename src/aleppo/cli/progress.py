"""How long work is shown while it goes on: a bar on a terminal, a line per notebook anywhere else."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aleppo.bookkit.execute import Progress, Step

ENDINGS = {"done": "executed", "failed": "failed", "absent": "no data for"}


@contextlib.contextmanager
def notebook_progress() -> Iterator[Progress]:
    """A listener for `aleppo.bookkit.execute.run`, showing its steps on standard error."""
    if not sys.stderr.isatty():
        yield _line
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[cells]}"))
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bars:
        tasks: dict[str, TaskID] = {}

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

        yield show


def _line(step: Step) -> None:
    if word := ENDINGS.get(step.event):
        click.echo(f"{word} {step.notebook.stem} ({step.seconds:.1f} s)", err=True)
