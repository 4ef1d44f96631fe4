"""Run every benchmark and put the results into README's table: ``make bench``.

Each benchmark is a script of its own that writes ``_build/benchmarks/<name>.json`` (``report`` has the format);
this one runs them one after another and writes their rows between the two markers in README.md. A benchmark that
fails does not keep the others from running: its line says so, and the exit code is 1.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import report

HERE = Path(__file__).parent
NO_BENCHMARKS = {"run.py", "report.py"}
MARKERS = re.compile(r"(<!-- benchmarks -->\n).*?(<!-- /benchmarks -->)", re.DOTALL)


def main() -> int:
    failed = [script for script in scripts() if not measure(script)]
    results = write_table()
    for result in results:
        for row in result["rows"]:
            if row.get("met") is False:
                measured = f"{row['here']} {row['unit']}, ratio {row['ratio']}"
                print(f"{result['script']}: {row['what']}: {measured}, budget {row['budget']}")
    for script in failed:
        print(f"{script.name} failed", file=sys.stderr)
    return 1 if failed else 0


def scripts() -> list[Path]:
    return sorted(path for path in HERE.glob("*.py") if path.name not in NO_BENCHMARKS)


def measure(script: Path) -> bool:
    """Run one benchmark; whether it came to an end. One that did not leaves a line that says so."""
    print(f"== {script.name}", flush=True)
    (report.RESULTS / f"{script.stem}.json").unlink(missing_ok=True)
    done = subprocess.run([sys.executable, script], check=False)
    if done.returncode:
        reason = f"`{script.name}` ended with exit code {done.returncode}"
        report.write(script.stem, [report.skipped(script.stem, reason)])
    return done.returncode == 0


def write_table() -> list[dict]:
    """Put every result that there is into the README; returns them."""
    readme = report.ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(report.RESULTS.glob("*.json"))]
    readme.write_text(MARKERS.sub(lambda found: found[1] + table(results) + found[2], text), encoding="utf-8")
    return results


def table(results: Sequence[dict]) -> str:
    """The table of ``results`` in Markdown; less is better in every line."""
    lines = ["| What | Here | Compared with | Ratio | Reproduce |", "|---|---|---|---|---|"]
    for result in results:
        reproduce = f"`python benchmarks/{result['script']}.py`"
        lines += [f"| {' | '.join([*cells(row), reproduce])} |" for row in result["rows"]]
    return "\n".join(lines) + "\n"


def cells(row: report.Row) -> list[str]:
    """What, here, compared with, ratio."""
    if "skipped" in row:
        return [row["what"], f"not measured: {row['skipped']}", "", ""]
    other = f"{row['than']}: {row['against']:,g} {row['unit']}" if row["against"] else ""
    ratio = f"{row['ratio']:g}" if row["ratio"] else ""
    return [row["what"], f"{row['here']:,g} {row['unit']}", other, ratio]


if __name__ == "__main__":
    raise SystemExit(main())
