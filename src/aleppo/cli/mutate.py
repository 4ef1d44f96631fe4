"""The command on the book's own checks: `mutate`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from aleppo.bookkit.mutation.report import Run

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


@click.command()
@click.option("--table", "tables", multiple=True, help="Only changes of this table; nothing is recorded.")
@click.option("--seed", type=int, help="Another draw; nothing is recorded.")
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1, 64), help="Trials side by side.")
@click.option(
    "--check", "only_check", is_flag=True, help="Ask whether the recorded run is current and sound."
)
def mutate(tables: tuple[str, ...], seed: int | None, jobs: int, only_check: bool) -> None:
    """Change the data a little, a row at a time on a copy, and see whether anything notices.

    Every column of every table is changed once, and of each table a row dropped and a row doubled. A change is noticed
    when the verification fails, an entry of the ledger changes, or a chapter prints another number, table or figure;
    hashes do not count. What nothing notices is listed. The run takes minutes and is recorded in book/mutations.json.
    """
    # Trials are processes of their own; threads of a library would only stand in each other's way.
    os.environ.update(dict.fromkeys(THREADS, "1"))
    from aleppo.bookkit.mutation import report
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.paths import data_dir, repository

    root, data = repository(), data_dir().resolve()
    if only_check:
        if faults := report.faults(root, data):
            raise AleppoError("\n".join(map(str, faults)))
        click.echo(_line(report.read(root)))
        return
    if data != (root / "data").resolve():
        raise AleppoError("mutate: expected the repository's own data, which its notebooks are stored for")
    run = _run(tables, seed, jobs)
    if tables or seed is not None:
        click.echo(_line(run))
        return
    click.echo(f"{report.write(root, run).relative_to(root).as_posix()}: {_line(run)}")


def _run(tables: tuple[str, ...], seed: int | None, jobs: int) -> Run:
    """The run, with a line on standard output for each change that nothing noticed."""
    from aleppo.bookkit.fingerprints import find_notebooks
    from aleppo.bookkit.mutation import changes, report, trials
    from aleppo.evidence.load import declared
    from aleppo.evidence.paths import data_dir, repository

    data = data_dir()
    seed = changes.SEED if seed is None else seed
    plan = changes.plan(data, seed, [declared(name).name for name in tables] or changes.TABLES)
    click.echo(f"{len(plan)} changes; computing the book as it is", err=True)
    book = trials.book_of(repository(), find_notebooks(), plan, jobs)
    outcomes = []
    with click.progressbar(length=len(plan), label="trials", file=sys.stderr) as bar:
        for outcome in trials.judged(book, plan, jobs):
            outcomes.append(outcome)
            bar.update(1)
            if not outcome.noticed:
                change = outcome.change
                click.echo(f"unnoticed: {change.table} {change.row}: {change.column or 'row'} {change.kind}")
    return report.run_of(data, outcomes, seed)


def _line(run: Run) -> str:
    """The closing line: how many changes, and how many of them nothing noticed."""
    return f"{len(run.lines)} changes, {len(run.unnoticed)} unnoticed ({run.share:.1%})"
