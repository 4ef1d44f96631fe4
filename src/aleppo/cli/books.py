"""Commands that make the book: `book`, `run`, `stills`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aleppo.bookkit.plural import counted


@click.command()
@click.option("--html-only", is_flag=True, help="Leave PDF and EPUB out.")
@click.option("--force", is_flag=True, help="Build even if nothing changed.")
@click.option("--no-run", is_flag=True, help="Refuse stale notebooks instead of executing them.")
def book(html_only: bool, force: bool, no_run: bool) -> None:
    """Make the book: execute stale notebooks, then build HTML, PDF and EPUB.

    An unchanged book is left as it is. Any warning stops the build. With ALEPPO_DATA set to another folder than
    the repository's, the book is made in a folder of its own, and the published one stays as it is.
    """
    from aleppo.bookkit.current import built

    there = None if force else built(html_only=html_only)
    if there is None:
        from aleppo.bookkit.build import book as make
        from aleppo.cli.progress import book_progress

        with book_progress() as (say, progress):
            there = make(html_only, force, not no_run, say=say, progress=progress)
    said = (
        f"built in {there.seconds:.1f} s" if there.seconds else "current: nothing changed since it was built"
    )
    click.echo(f"the book is {said}")
    click.echo(f"HTML  {_shown(there.html)}")
    if there.pdf:
        click.echo(f"PDF   {_shown(there.pdf)}")
    if there.epub:
        click.echo(f"EPUB  {_shown(there.epub)}")


@click.command()
@click.argument("notebooks", nargs=-1)
@click.option("--all", "every", is_flag=True, help="Also execute the notebooks that are current.")
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1, 64), help="Kernels side by side."
)
@click.option("--check", "only_check", is_flag=True, help="List stale notebooks and why; execute nothing.")
@click.option("--record", is_flag=True, help="With --all: keep the seconds, for the page on the status.")
def run(notebooks: Sequence[str], every: bool, jobs: int, only_check: bool, record: bool) -> int:
    """Execute stale notebooks in place, several side by side.

    NOTEBOOKS are names or paths; all of the book's unless given. With ALEPPO_DATA set to another folder than
    the repository's, copies of them are executed, and the stored ones stay as they are.
    """
    from aleppo.bookkit import execution
    from aleppo.bookkit.current import BUILD, workplace
    from aleppo.bookkit.execute import run as execute
    from aleppo.bookkit.fingerprints import check
    from aleppo.bookkit.lock import only_one
    from aleppo.cli.progress import notebook_progress
    from aleppo.evidence.paths import data_dir, repository

    if record and (notebooks or only_check or not every):
        raise click.UsageError("--record goes with --all, and with every notebook")
    place = workplace(repository(), data_dir())
    if record and place != repository():
        raise click.UsageError("--record is for the book's own data")
    chosen = _choose(notebooks, _notebooks(place))
    if only_check:
        stale = check(chosen)
        for each in stale:
            click.echo(str(each))
        click.echo(f"{counted(len(chosen), 'notebook')}, {len(stale)} stale")
        return 1 if stale else 0
    with only_one(place / BUILD, _say), notebook_progress() as progress:
        executed = execute(chosen, jobs, progress, every)
    for done in executed:
        if done.absent:
            click.echo(f"{done.notebook.stem}: the data have no {done.absent}; its page says so")
    changed = sum(done.changed for done in executed)
    click.echo(f"{counted(len(chosen), 'notebook')}, {len(executed)} executed, {changed} changed")
    if record:
        click.echo(f"wrote {_shown(execution.write(place, executed, jobs))}")
    return 0


def _notebooks(place: Path) -> list[Path]:
    """The book's notebooks, or with other data than the repository's the copies that are worked on."""
    from aleppo.bookkit.current import BUILD
    from aleppo.bookkit.fingerprints import find_notebooks
    from aleppo.bookkit.lock import only_one
    from aleppo.bookkit.other_data import prepare
    from aleppo.evidence.paths import data_dir, repository

    if place == repository():
        return find_notebooks()
    with only_one(place / BUILD, _say):
        prepare(repository(), place, data_dir().resolve())
    _say(f"working on copies in {_shown(place)}")
    return find_notebooks(place / "notebooks")


@click.command()
@click.option("--check", "only_check", is_flag=True, help="List stale stills; draw nothing.")
@click.option("--all", "every", is_flag=True, help="Also draw the stills that are current.")
def stills(only_check: bool, every: bool) -> int:
    """Redraw the still pictures of figures that changed (needs a Chromium)."""
    from aleppo.bookkit.fingerprints import find_notebooks
    from aleppo.cli.progress import working
    from aleppo.evidence.paths import shown
    from aleppo.show import stills as pictures

    notebooks = find_notebooks()
    if only_check:
        stale = pictures.stale(notebooks)
        for each in stale:
            click.echo(str(each))
        click.echo(counted(len(stale), "stale still"))
        return 1 if stale else 0
    with working("drawing stills"):
        drawn = pictures.redraw(notebooks, everything=every)
    for path in drawn:
        click.echo(f"{'wrote' if path.exists() else 'removed'} {shown(path)}")
    if not drawn:
        click.echo("stills current")
    return 0


def _choose(wanted: Sequence[str], there: list[Path]) -> list[Path]:
    """The notebooks that ``wanted`` names by path or by name; all that are ``there`` when it names none."""
    from aleppo.evidence.errors import AleppoError

    if not wanted:
        return there
    chosen = []
    for name in wanted:
        path = Path(name)
        found = [path.resolve()] if path.is_file() else [each for each in there if each.stem == path.stem]
        if not found:
            names = ", ".join(each.stem for each in there) or "none"
            raise AleppoError(f"{name}: expected a notebook, found nothing there (the book's: {names})")
        chosen += found
    return sorted(set(chosen))


def _say(message: str) -> None:
    click.echo(message, err=True)


def _shown(path: Path) -> str:
    """``path`` as seen from the working folder, when it lies below it."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
