"""The command on citations: `cite`."""

from __future__ import annotations

import difflib

import click


@click.command()
@click.argument("what", default="book")
@click.option(
    "--format",
    "form",
    default="apa",
    show_default=True,
    type=click.Choice(["apa", "bibtex", "ris", "csl"]),
    help="How the citation is written.",
)
@click.option("--list", "only_list", is_flag=True, help="List everything that can be cited.")
def cite(what: str, form: str, only_list: bool) -> None:
    """Print the citation of the book, or of WHAT: a chapter (truces), fig-…, tab-… or data-…."""
    from aleppo.bookkit import citation
    from aleppo.evidence.paths import data_dir, repository

    root = repository()
    parts = citation.parts(root, data_dir())
    if only_list:
        for name, part in parts.items():
            click.echo(f"{name}  {part.kind}: {part.title}")
        return
    if what not in parts:
        near = difflib.get_close_matches(what, parts, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; `aleppo cite --list` has all of them"
        raise click.UsageError(f"expected a part of the book, found {what!r}{hint}")
    click.echo(citation.cite(parts[what], citation.book_of(root), form))
