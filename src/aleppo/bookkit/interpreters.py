"""The record of the tests on each Python: ``book/interpreters.json``, written by `make interpreters` and committed.

A build only reads it. Each row belongs to the commit that was tested; the page of the status says which.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic

RECORD = Path("book") / "interpreters.json"


@dataclass(frozen=True)
class Trial:
    """One run of `make test`: the Python, the commit, how many tests passed, were skipped and failed, and seconds."""

    python: str
    commit: str
    passed: int
    skipped: int
    failed: int
    seconds: int


def counted(report: str, python: str, commit: str, seconds: float) -> Trial:
    """The trial that a JUnit ``report`` of pytest tells of. Raises AleppoError for a text that is none."""
    try:
        suites = list(ElementTree.fromstring(report).iter("testsuite"))
        total, skipped = (sum(int(suite.attrib[name]) for suite in suites) for name in ("tests", "skipped"))
        failed = sum(int(suite.attrib[name]) for suite in suites for name in ("failures", "errors"))
    except (ElementTree.ParseError, KeyError, ValueError) as error:
        raise AleppoError(f"expected a JUnit report of pytest, found {type(error).__name__}") from error
    return Trial(python, commit, total - skipped - failed, skipped, failed, round(seconds))


def write(root: Path, trials: Iterable[Trial]) -> Path:
    """Record ``trials`` in the order of their Pythons; the file."""
    listed = [asdict(trial) for trial in sorted(trials, key=lambda trial: _version(trial.python))]
    return write_atomic(root / RECORD, json.dumps({"trials": listed}, indent=1, sort_keys=True) + "\n")


def read(root: Path) -> list[Trial]:
    """The trials that the book at ``root`` records, none if it has no record. AleppoError for any other file."""
    path = root / RECORD
    if not path.is_file():
        return []
    try:
        content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return [Trial(**each) for each in content["trials"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AleppoError(
            f"{RECORD.as_posix()}: expected what `make interpreters` writes, found {type(error).__name__}"
        ) from error


def _version(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split(".") if part.isdigit())
