"""The command on the ledger: `claims`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click


@click.command()
@click.argument("claim", required=False)
@click.option(
    "--check", "only_check", is_flag=True, help="Recompute; fail where the committed ledger differs."
)
@click.option("--accept", is_flag=True, help="Recompute and record the outcome as the committed ledger.")
@click.option("--json", "as_json", is_flag=True, help="Print entries as JSON.")
def claims(claim: str | None, only_check: bool, accept: bool, as_json: bool) -> None:
    """Show the claims ledger: verdicts, figures, sources. CLAIM is an id such as ITV-12; all of them unless given.

    What is shown is the committed ledger, data/ledger.json. --check and --accept compute it anew.
    """
    from aleppo.claims import ledger
    from aleppo.evidence.paths import data_dir

    if accept or only_check:
        _recompute(accept)
        return
    entries = ledger.committed(data_dir())
    chosen = [entry for entry in entries if claim is None or entry["claim"] == claim.upper()]
    if not chosen:
        raise click.UsageError(f"expected the id of a claim, such as {entries[0]['claim']}, found {claim}")
    if as_json:
        click.echo(ledger.as_text(chosen), nl=False)
    elif claim is None:
        for entry in chosen:
            click.echo(_line(entry))
    else:
        click.echo(_whole(chosen[0]))


def _recompute(accept: bool) -> None:
    from aleppo.claims import ledger
    from aleppo.cli.progress import working
    from aleppo.evidence.errors import AleppoError
    from aleppo.evidence.paths import data_dir, shown

    data = data_dir()
    with working("testing the claims"):
        entries = ledger.evaluate()
    there = (data / ledger.LEDGER).is_file()
    changes = ledger.differences(ledger.committed(data) if there else [], entries)
    for change in changes:
        click.echo(change)
    if accept:
        path = ledger.accept(entries, data) if changes or not there else data / ledger.LEDGER
        click.echo(f"{shown(path)}: {len(entries)} claims, {len(changes)} changes recorded")
    elif changes:
        raise AleppoError(
            f"{shown(data / ledger.LEDGER)}: expected what the evidence gives now, found {len(changes)} differences "
            "(`aleppo claims --accept` records them)"
        )
    else:
        click.echo(f"the ledger is current: {len(entries)} claims")


def _line(entry: Mapping[str, Any]) -> str:
    from aleppo.show.ledger import VERDICT_WORDS

    return f"{entry['claim']:8}{VERDICT_WORDS[entry['verdict']]:24}{entry['paraphrase']}"


def _whole(entry: Mapping[str, Any]) -> str:
    from aleppo.show.ledger import says_text, supports_word, verdict_words

    lines = [
        f"{entry['claim']}  {entry['paraphrase']}",
        f"said by: {entry['attributed_to'] or 'the article'}",
        f"verdict: {verdict_words(entry)}",
        f"because: {says_text(entry)}",
        f"confidence: {entry['reason']}",
        f"test: {entry['test']}",
    ]
    for label, name in (
        (supports_word(entry).lower(), "supports"),
        ("against", "opposes"),
        ("evidence", "evidence"),
        ("tables", "tables"),
    ):
        if entry[name]:
            lines.append(f"{label}: {', '.join(entry[name])}")
    if entry["compiled"]:
        noted = (f"{name.replace('_', ' ')} {text}" for name, text in entry["compiled"].items())
        lines.append(f"as compiled: {'; '.join(noted)}")
    if entry["chapter"]:
        lines.append(f"chapter: {entry['chapter']}{'#' + entry['figure'] if entry['figure'] else ''}")
    return "\n".join(lines)
