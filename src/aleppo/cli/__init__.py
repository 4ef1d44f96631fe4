"""The command line: `aleppo COMMAND`. What it prints and how it exits; the work is done elsewhere.

Exit codes: 0 done; 1 something the reader can mend, said on standard error; 2 wrong use of the command;
130 stopped from the keyboard. Commands import what they need when they run, so that help is immediate.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from aleppo import __version__
from aleppo.cli.books import book, run, stills
from aleppo.cli.cite import cite
from aleppo.cli.claims import claims
from aleppo.cli.evidence import ingest, sidecars, sources, verify
from aleppo.cli.models import one_break
from aleppo.cli.multiverse import multiverse
from aleppo.cli.mutate import mutate

STOPPED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aleppo")
def commands() -> None:
    """The Turn at Aleppo: the book, its notebooks and its evidence."""


_COMMANDS = (
    *(book, run, stills, claims, cite),
    *(one_break, multiverse),
    *(verify, ingest, sources, sidecars, mutate),
)
for command in _COMMANDS:
    commands.add_command(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no error that a reader can mend shows a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with commands.make_context("aleppo", words) as context:
            code = commands.invoke(context)
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("aleppo: stopped", err=True)
        return STOPPED
    except BrokenPipeError:
        # The reader of our output has seen enough. Python must not try to flush the rest on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if not _is_for_the_reader(error):
            raise
        from aleppo.evidence.signs import visible

        # a message may quote a file of anybody, and a terminal obeys some signs
        for line in _said(error).split("\n"):
            click.echo(visible(line), err=True)
        return 1


def _is_for_the_reader(error: Exception) -> bool:
    """Whether a reader can mend it: an error of the book's own, and a disk that does not do what it should."""
    from aleppo.evidence.errors import AleppoError

    return isinstance(error, AleppoError) or (
        isinstance(error, OSError) and bool(error.filename and error.strerror)
    )


def _said(error: Exception) -> str:
    from aleppo.evidence.paths import shown

    if isinstance(error, OSError):
        return f"{shown(Path(os.fsdecode(error.filename)))}: {error.strerror}"
    return str(error)
