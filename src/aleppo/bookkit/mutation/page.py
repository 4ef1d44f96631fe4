"""What the page on unnoticed changes takes from the recorded run when the book is made.

Comments of ``book/mutations.md`` are replaced: what the run came to, the same by table and by kind of change, and every
change that nothing noticed with the reason. Only the record is read, so that a build runs no trial.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

from aleppo.bookkit import markers
from aleppo.bookkit.catalogue import anchor, text
from aleppo.bookkit.mutation import report
from aleppo.bookkit.mutation.changes import KINDS
from aleppo.bookkit.mutation.report import Run
from aleppo.bookkit.mutation.trials import LOOKS
from aleppo.bookkit.vintages import list_table
from aleppo.evidence.paths import data_dir, repository
from aleppo.evidence.tables import TABLES
from aleppo.show.numbers import count, share

SUMMARY, BY_TABLE, BY_KIND = "% mutation-summary", "% mutation-tables", "% mutation-kinds"
UNNOTICED = "% mutation-unnoticed"
ROWS_ONLY = "% mutation-rows"
NO_RUN = "No run was recorded for this edition.\n"
HEADS = {
    "verification": "Verification",
    "ledger": "Ledger",
    "chapter": "A chapter",
    "bibliography": "Bibliography",
    "rows": "Its row alone",
    "": "Nothing",
}
"""Where a change was first noticed → heading of its column."""


def summary(run: Run) -> str:
    """MyST sentences on what ``run`` came to."""
    looks = Counter(line.noticed for line in run.lines)
    found = [f"{count(looks[look])} by {said}" for look, said in _BY.items() if looks[look]]
    lost = len(run.unnoticed)
    return (
        f"The recorded run made {count(len(run.lines))} changes in {count(len(TABLES))} tables, drawn with the seed "
        f"{run.seed}. First noticed were {', '.join(found)}. Nothing noticed {count(lost)} of them, "
        f"{share(run.share, 1)}; a test fails from {share(report.MOST_UNNOTICED)} on.\n"
    )


_BY = {
    "verification": "the verification of the data",
    "ledger": "the ledger of claims",
    "chapter": "a number, table or figure of a chapter",
    "bibliography": "the bibliography",
    "rows": "the list of rows alone",
}


def by_table(run: Run) -> str:
    """MyST table: for each table, how many changes were noticed where."""
    rows = [(_named(name), *_counts(found)) for name, found in report.by_table(run)]
    caption = "Changes by table, and where each was first noticed"
    return _table(caption, "tab-mutation-tables", "Table", rows)


def _named(name: str) -> str:
    """The title of a table, as a link to its place in the data chapter where the data of the book have it."""
    title = text(TABLES[name].metadata.title)
    return f"[{title}](#{anchor(name)})" if (data_dir() / TABLES[name].path).is_file() else title


def by_kind(run: Run) -> str:
    """MyST table: for each kind of change, how many were noticed where."""
    rows = [(text(KINDS[name].capitalize()), *_counts(found)) for name, found in report.by_kind(run)]
    return _table("Changes by kind, and where each was first noticed", "tab-mutation-kinds", "Change", rows)


def _counts(found: Counter[str]) -> Iterable[str]:
    yield count(found.total())
    for look in (*LOOKS, ""):
        yield count(found[look])


def _table(caption: str, name: str, first: str, rows: Iterable[Iterable[str]]) -> str:
    heads = (first, "Changes", *(HEADS[look] for look in (*LOOKS, "")))
    return list_table(caption, name, (30, 10, 13, 10, 11, 14, 12, 10), heads, rows)


def unnoticed(run: Run, why: Mapping[tuple[str, str], str]) -> str:
    """MyST table of the changes that nothing noticed, each with the reason; a sentence where there is none."""
    if not run.unnoticed:
        return "Every change was noticed.\n"
    rows = [
        (
            f"`{line.table}` {text(line.row)}",
            f"`{line.column}`: {_change(line)}" if line.column else text(KINDS[line.kind]),
            text(why.get(report.place_of(line), "not explained")),
        )
        for line in run.unnoticed
    ]
    heads = ("Row", "Change", "Why nothing notices")
    caption = "Changes that nothing noticed, and why"
    return list_table(caption, "tab-mutation-unnoticed", (24, 36, 40), heads, rows, stacked=True)


def rows_only(run: Run) -> str:
    """MyST list of the columns in which a change changes a printed row and nothing else, table by table."""
    found: dict[str, list[str]] = {}
    for line in run.rows_only:
        found.setdefault(line.table, []).append(f"`{line.column}`" if line.column else KINDS[line.kind])
    if not found:
        return "There is none.\n"
    return "\n".join(f"- {_named(name)}: {', '.join(found[name])}" for name in found) + "\n"


def _change(line: report.Line) -> str:
    return f"{text(line.before)} → {text(line.after)}"


def parts(root: Path) -> dict[str, Callable[[], str]]:
    """Comment → what writes the text in its place, for the run recorded below ``root``; a sentence without one."""

    def told(write: Callable[[Run], str]) -> Callable[[], str]:
        return lambda: write(report.read(root)) if (root / report.REPORT).is_file() else NO_RUN

    return {
        SUMMARY: told(summary),
        BY_TABLE: told(by_table),
        BY_KIND: told(by_kind),
        ROWS_ONLY: told(rows_only),
        UNNOTICED: told(lambda run: unnoticed(run, report.explanations(root))),
    }


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    markers.fill(source, parts(repository()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the page where it asks for it."""
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
