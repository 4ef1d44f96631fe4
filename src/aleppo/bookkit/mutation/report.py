"""The outcome of the last full run: ``book/mutations.json``, written on purpose and committed, with its reading.

The report belongs to the data and to the code that draws and judges changes, whose hashes it has. What no check
notices is explained, column by column, in ``book/unnoticed.yml``, which people write.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aleppo.bookkit.current import digest
from aleppo.bookkit.mutation.changes import KINDS, SEED, Change, rows_of
from aleppo.bookkit.mutation.trials import LOOKS, Outcome
from aleppo.claims.registry import JUDGEMENTS
from aleppo.evidence.corrections import REGISTER
from aleppo.evidence.errors import AleppoError, Fault
from aleppo.evidence.files import write_atomic
from aleppo.evidence.tables import TABLES

REPORT = Path("book") / "mutations.json"
EXPLAINED = Path("book") / "unnoticed.yml"
MODULES = ("changes.py", "trials.py", "watched.py")
"""What decides which changes are made and what is noticed of them."""
FEWEST, MOST_UNNOTICED = 200, 0.1
"""A run makes at least so many changes, and at most this share of them may go unnoticed."""
LONGEST = 90


@dataclass(frozen=True)
class Line:
    """One change of the report: where it was made, from what to what, and what noticed it (or nothing)."""

    table: str
    column: str
    kind: str
    row: str
    before: str
    after: str
    noticed: str
    where: str


@dataclass(frozen=True)
class Run:
    """A run that was recorded: the seed, the hashes of data and code, and a line for each change."""

    seed: int
    data: str
    code: str
    lines: tuple[Line, ...]

    @property
    def unnoticed(self) -> tuple[Line, ...]:
        """The changes that nothing noticed."""
        return tuple(line for line in self.lines if not line.noticed)

    @property
    def share(self) -> float:
        """The share of changes that nothing noticed, 0 to 1."""
        return len(self.unnoticed) / len(self.lines)

    @property
    def rows_only(self) -> tuple[Line, ...]:
        """The changes that change a printed row and nothing else."""
        return tuple(line for line in self.lines if line.noticed == LOOKS[-1])


def run_of(data: Path, outcomes: Iterable[Outcome], seed: int = SEED) -> Run:
    """The record of ``outcomes`` on the tables below ``data``."""
    rows = {name: rows_of(data / TABLES[name].path) for name in TABLES}
    lines = []
    for outcome in outcomes:
        change = outcome.change
        before = rows[change.table][change.position]
        lines.append(
            Line(
                *(change.table, change.column, change.kind, change.row),
                before=_cells(change, before),
                after=_cells(change, dict(change.cells)),
                noticed=outcome.noticed,
                where=shortened(outcome.where),
            )
        )
    return Run(seed, data_digest(data), code_digest(), tuple(lines))


def _cells(change: Change, row: Mapping[str, str]) -> str:
    """The cells of ``row`` that ``change`` is about, in words."""
    return "; ".join(shortened(row[name]) or "empty" for name, _ in change.cells)


def shortened(text: str) -> str:
    """``text`` as the record keeps it."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def data_digest(data: Path) -> str:
    """Hash of everything below ``data`` that a chapter or a claim reads: the tables, corrections and judgements."""
    paths = [*(data / table.path for table in TABLES.values()), data / REGISTER, data / JUDGEMENTS]
    return digest(*(path.read_bytes() for path in paths))


def code_digest() -> str:
    """Hash of the modules that draw changes and judge them."""
    return digest(*((Path(__file__).parent / name).read_bytes() for name in MODULES))


def write(root: Path, run: Run) -> Path:
    """Record ``run`` below ``root``; the same run gives the same bytes."""
    content = {
        "seed": run.seed,
        "data": run.data,
        "code": run.code,
        "changes": [vars(line) for line in run.lines],
    }
    return write_atomic(root / REPORT, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def read(root: Path) -> Run:
    """The run recorded below ``root``. AleppoError where there is none, or another file."""
    path = root / REPORT
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        lines = tuple(Line(**line) for line in content["changes"])
        return Run(int(content["seed"]), str(content["data"]), str(content["code"]), lines)
    except FileNotFoundError as error:
        raise AleppoError(
            f"{REPORT.as_posix()}: expected what `aleppo mutate` writes, found nothing there"
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise AleppoError(
            f"{REPORT.as_posix()}: expected what `aleppo mutate` writes, found {type(error).__name__}"
        ) from error


def explanations(root: Path) -> dict[tuple[str, str], str]:
    """Why a change goes unnoticed, by table and column. AleppoError for an entry that is not whole, or there twice."""
    found: dict[tuple[str, str], str] = {}
    path = root / EXPLAINED
    for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None) or []:
        whole = isinstance(entry, dict) and set(entry) == {"table", "column", "reason"}
        if not whole or not all(str(part).strip() for part in entry.values()):
            raise AleppoError(f"{EXPLAINED.as_posix()}: expected table, column and reason, found {entry}")
        place = (str(entry["table"]), str(entry["column"]))
        if place in found:
            raise AleppoError(f"{EXPLAINED.as_posix()}: expected {'.'.join(place)} once, found it twice")
        found[place] = " ".join(str(entry["reason"]).split())
    return found


def faults(root: Path, data: Path) -> list[Fault]:
    """What is wrong with the run recorded below ``root``: of other data or code, too short, too much unnoticed.

    Also every change that went unnoticed without an explanation, and every explanation that no change needs.
    """
    run, why = read(root), explanations(root)
    file, found = REPORT.as_posix(), []
    for what, then, now in (("data", run.data, data_digest(data)), ("code", run.code, code_digest())):
        if then != now:
            found.append(
                Fault(file, 0, what, f"a run on what is there now, {now[:12]} (`aleppo mutate`)", then[:12])
            )
    if len(run.lines) < FEWEST:
        found.append(Fault(file, 0, "", f"at least {FEWEST} changes", str(len(run.lines))))
    if missing := sorted(set(TABLES) - {line.table for line in run.lines}):
        found.append(Fault(file, 0, "", "changes of every table", f"none of {', '.join(missing)}"))
    if run.share >= MOST_UNNOTICED:
        found.append(Fault(file, 0, "", f"less than {MOST_UNNOTICED:.0%} unnoticed", f"{run.share:.1%}"))
    places = {place_of(line) for line in run.unnoticed}
    for place in sorted(places - set(why)):
        found.append(Fault(EXPLAINED.as_posix(), 0, "", f"why {'.'.join(place)} goes unnoticed", "nothing"))
    for place in sorted(set(why) - places):
        found.append(Fault(EXPLAINED.as_posix(), 0, "", "only what goes unnoticed", ".".join(place)))
    return found


def place_of(line: Line) -> tuple[str, str]:
    """What a line is explained under: its table and column, of a whole row the kind of change in brackets."""
    return line.table, line.column or f"({line.kind})"


def counted(
    lines: Iterable[Line], by: Callable[[Line], str], order: Sequence[str]
) -> list[tuple[str, Counter[str]]]:
    """For each group in ``order`` that has lines, how many of them each look noticed ("" for nothing)."""
    groups: dict[str, Counter[str]] = {}
    for line in lines:
        groups.setdefault(by(line), Counter())[line.noticed] += 1
    return [(name, groups[name]) for name in order if name in groups]


def by_table(run: Run) -> list[tuple[str, Counter[str]]]:
    """Table → look → changes."""
    return counted(run.lines, lambda line: line.table, tuple(TABLES))


def by_kind(run: Run) -> list[tuple[str, Counter[str]]]:
    """Kind of change → look → changes."""
    return counted(run.lines, lambda line: line.kind, tuple(KINDS))
