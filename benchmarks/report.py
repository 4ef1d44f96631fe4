"""What every benchmark writes: ``_build/benchmarks/<script>.json``, with the rows that the README's table shows.

    {"script": "ucdp", "machine": "2 cores, Linux x86_64, Python 3.11.2", "rows": [
      {"what": "…", "here": 0.61, "unit": "s", "against": 3.2, "than": "`pandas.read_csv`…", "ratio": 0.19,
       "budget": "at most 0.33", "met": true}]}

``here`` is what the project takes and ``against`` what the obvious alternative takes, in the same unit and run;
``ratio`` is the first by the second, so that less is better. A row without ``against`` stands for itself. A row
that could not be measured has ``skipped``, with the reason, in the place of figures.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "_build" / "benchmarks"

Row = dict[str, Any]


def row(
    what: str,
    here: float,
    unit: str,
    against: float | None = None,
    than: str = "",
    at_most: float | None = None,
    limit: float | None = None,
) -> Row:
    """One line of the table; ``at_most`` is the budget, of the ratio where there is one, else of ``here``.

    ``limit`` is a budget of ``here`` beside a ratio.
    """
    ratio = float(f"{here / against:.2g}") if against else None
    result: Row = {
        "what": what,
        "here": float(f"{here:.3g}"),
        "unit": unit,
        "against": against and float(f"{against:.3g}"),
        "than": than,
        "ratio": ratio,
    }
    if at_most is not None:
        measured = here / against if against else here
        result |= {"budget": f"at most {at_most:.2g}", "met": measured <= at_most}
    if limit is not None:
        result |= {"budget": f"at most {limit:g} {unit}", "met": here <= limit}
    return result


def skipped(what: str, reason: str) -> Row:
    """A line that could not be measured, and why."""
    return {"what": what, "skipped": reason}


def write(script: str, rows: Sequence[Row], target: Path | None = None, **further: Any) -> Path:
    """Write the result of ``script``; ``further`` says how it was measured."""
    path = target or RESULTS / f"{script}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"script": script, "machine": machine(), **further, "rows": list(rows)}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return path


def machine() -> str:
    """What the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
