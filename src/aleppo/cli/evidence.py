"""Commands on the evidence: `verify`, `ingest`, `sources`, `sidecars`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

REFERENCES = "book/references.bib"


@click.command()
@click.argument("directory", required=False, type=click.Path(path_type=Path))
@click.option("--book", "of_book", is_flag=True, help="DIRECTORY is a built book: is it the published one?")
def verify(directory: Path | None, of_book: bool) -> None:
    """Is this the published data? Check hashes, schemas, references, spells and totals.

    DIRECTORY is the data folder; the book's own unless given. Of another folder it also says which series are
    absent and which tables are other than the published ones; neither is a fault.

    With --book it is the folder of a built book (the one built here unless given), every file of which is held
    against the manifest of the build, and against the book of this checkout if there is one.
    """
    if of_book:
        _verify_book(directory)
        return
    from aleppo.cli.progress import working
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.paths import data_dir
    from aleppo.evidence.verify import verify as check

    with working("verifying the data"):
        report = check(directory or data_dir())
    if report.faults:
        raise AleppoError("\n".join([*map(str, report.faults), *report.notes, report.line]))
    for note in report.notes:
        click.echo(note)
    click.echo(report.line)


def _verify_book(directory: Path | None) -> None:
    """Say whether the built book in ``directory`` is the published one, with a line for each file that is not."""
    from aleppo.bookkit import current, published
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.paths import repository

    checkout = repository()
    folder = directory or current.html_index(current.workplace(checkout)).parent
    report = published.verify(folder, checkout)
    if report.lines:
        raise AleppoError("\n".join([*report.lines, report.line]))
    click.echo(report.line)


@click.command()
@click.argument("publisher", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Data folder to write to.  [default: data]")
@click.option(
    "--list",
    "only_list",
    is_flag=True,
    help="List the publishers: where each file comes from, its terms, columns.",
)
def ingest(publisher: str | None, file: Path | None, out: Path | None, only_list: bool) -> None:
    """Turn a publisher's own FILE into a series of the book, with its sidecar.

    Says what was read, what was left out, and what the new series changes of the one that was there.
    """
    if only_list:
        for line in _publishers():
            click.echo(line)
        return
    if publisher is None or file is None:
        raise click.UsageError("expected PUBLISHER and FILE, or --list")
    from aleppo.cli.progress import file_progress
    from aleppo.evidence.paths import shown
    from aleppo.evidence.signs import visible
    from aleppo.ingest import ingest as take_in

    with file_progress(file.name) as progress:
        result = take_in(publisher, file, out, progress)
    for message in result.messages:
        click.echo(visible(message))
    click.echo(f"wrote {shown(result.path)}: {result.rows:,} rows")


def _publishers() -> Iterator[str]:
    """What is known of each publisher's file, in lines that fit the terminal, an empty one between two."""
    import shutil
    import textwrap

    from aleppo.ingest import PUBLISHERS

    width = max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
    for number, (_, each) in enumerate(sorted(PUBLISHERS.items())):
        if number:
            yield ""
        for line in each.lines:
            # the further lines of an entry stand below its words, not below its name
            yield from textwrap.wrap(
                line, width, subsequent_indent=" " * 12, break_long_words=False, break_on_hyphens=False
            )


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Say whether it is current; write nothing.")
def sources(only_check: bool) -> None:
    """Write the bibliography, book/references.bib, from the table of sources.

    With ALEPPO_DATA set to another folder there is nothing to do: a book on it writes its own.
    """
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.load import load
    from aleppo.evidence.paths import DATA_VARIABLE, data_dir, repository
    from aleppo.evidence.sources import bibtex

    named = os.environ.get(DATA_VARIABLE)
    if named and data_dir().resolve() != (repository() / "data").resolve():
        raise AleppoError(
            "ALEPPO_DATA names other data than the book's: its bibliography is written when the book is made of them"
        )
    target = repository() / REFERENCES
    _write_or_check({target: bibtex(load("sources"))}, only_check, "aleppo sources")


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Say whether they are current; write nothing.")
def sidecars(only_check: bool) -> None:
    """Write the sidecar of each table, and datapackage.json, from the declarations and the data."""
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.manifest import stale_sidecars, write_sidecars
    from aleppo.evidence.paths import data_dir, shown

    if not only_check:
        written = write_sidecars(data_dir())
        for path in written:
            click.echo(f"wrote {shown(path)}")
        click.echo(f"{len(written)} written" if written else "sidecars current")
        return
    if stale := stale_sidecars(data_dir()):
        raise AleppoError("\n".join(f"{shown(path)}: stale; run `aleppo sidecars`" for path in stale))
    click.echo("sidecars current")


def _write_or_check(texts: dict[Path, str], only_check: bool, command: str) -> None:
    """Write the texts that changed; with ``only_check``, raise AleppoError naming ``command`` instead."""
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.files import write_atomic
    from aleppo.evidence.paths import shown

    stale = [
        path for path, text in texts.items() if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    if stale and only_check:
        raise AleppoError("\n".join(f"{shown(path)}: stale; run `{command}`" for path in stale))
    for path in stale:
        write_atomic(path, texts[path])
        click.echo(f"wrote {shown(path)}")
    if not stale:
        click.echo(f"{', '.join(shown(path) for path in texts)} current")
