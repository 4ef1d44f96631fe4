"""The record of how long the notebooks took: ``book/execution.json``, written on purpose and committed.

`aleppo run --all --record` writes it; a build only reads it, so that no clock reaches a page. A recording belongs to
the fingerprint that its notebook had: once the notebook is another one, the page of the status says so.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aleppo.bookkit.fingerprints import read_notebook
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic

if TYPE_CHECKING:
    from aleppo.bookkit.execute import Executed

RECORD = Path("book") / "execution.json"


@dataclass(frozen=True)
class Recording:
    """One execution of every notebook: the machine in general terms, and each notebook's seconds and fingerprint."""

    cores: int
    python: str
    jobs: int
    notebooks: dict[str, tuple[float, str]]

    def of(self, name: str, fingerprint: str) -> float | None:
        """The seconds that the notebook ``name`` took as it is now; None if it was not recorded so."""
        seconds, then = self.notebooks.get(name, (0.0, ""))
        return seconds if fingerprint and then == fingerprint else None


def fingerprint(path: Path) -> str:
    """The fingerprint that the notebook at ``path`` has stored; empty for one that was never executed."""
    record = read_notebook(path).get("metadata", {}).get("aleppo", {})
    return str(record.get("fingerprint", "")) if isinstance(record, dict) else ""


def write(root: Path, executed: Iterable[Executed], jobs: int) -> Path:
    """Record an execution of every notebook below ``root`` that ran ``jobs`` kernels side by side; the file."""
    notebooks = {
        each.notebook.stem: {"fingerprint": fingerprint(each.notebook), "seconds": round(each.seconds, 1)}
        for each in executed
    }
    machine = {"cores": os.cpu_count() or 1, "jobs": jobs, "python": platform.python_version()}
    content = {"machine": machine, "notebooks": notebooks}
    return write_atomic(root / RECORD, json.dumps(content, indent=1, sort_keys=True) + "\n")


def read(root: Path) -> Recording | None:
    """The recording of the book at ``root``, or None if there is none. AleppoError for a file that is no recording."""
    path = root / RECORD
    if not path.is_file():
        return None
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        machine = content["machine"]
        notebooks = {
            str(name): (float(each["seconds"]), str(each["fingerprint"]))
            for name, each in content["notebooks"].items()
        }
        return Recording(int(machine["cores"]), str(machine["python"]), int(machine["jobs"]), notebooks)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AleppoError(
            f"{RECORD.as_posix()}: expected what `aleppo run --all --record` writes, found {type(error).__name__}"
        ) from error
