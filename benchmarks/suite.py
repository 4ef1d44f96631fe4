"""How long `make test` takes where everything that it needs is set up: environment, compiled bytecode, current book.

    python benchmarks/suite.py

The median of five runs, most of an hour; what is measured is written after each. Tests that fail end it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import time
from collections.abc import Sequence

from report import ROOT, row, write

WARM = (("make", "lint"), (".venv/bin/aleppo", "book"))
MOST = 720  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    for command in WARM:
        seconds_of(command)
    taken: list[float] = []
    for _ in range(runs):
        taken.append(seconds_of(("make", "test")))
        report(taken)
    return 0


def seconds_of(command: Sequence[str]) -> float:
    """The seconds that ``command`` takes; CalledProcessError when it fails."""
    started = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - started


def report(seconds: Sequence[float]) -> None:
    """Write and print what was measured."""
    line = row("`make test`, everything set up before", statistics.median(seconds), "s", limit=MOST)
    write("suite", [line], seconds=[round(each, 1) for each in seconds])
    print(
        f"{line['what']}: {line['here']:g} s ({line['budget']}): {'met' if line['met'] else 'NOT MET'}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
