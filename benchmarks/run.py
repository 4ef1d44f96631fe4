"""Run every benchmark and put the results into README's table: ``make bench``.

Each benchmark is a script of its own that writes ``_build/benchmarks/<name>.json``; this one runs them one after
another and writes the rows of those that compare the book between the two markers in README.md.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "_build" / "benchmarks"
MARKERS = re.compile(r"(<!-- benchmarks -->\n).*?(<!-- /benchmarks -->)", re.DOTALL)


def main() -> None:
    for script in sorted(Path(__file__).parent.glob("*.py")):
        if script.name != Path(__file__).name:
            subprocess.run([sys.executable, script], check=True)
    write_table()


def write_table() -> None:
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    readme.write_text(MARKERS.sub(lambda found: found[1] + table() + found[2], text), encoding="utf-8")


def table() -> str:
    lines = ["| What | Here | Compared with | Ratio | Reproduce |", "|---|---|---|---|---|"]
    for result in sorted(RESULTS.glob("*.json")):
        reproduce = f"`python benchmarks/{result.stem}.py`"
        for row in json.loads(result.read_text()).get("rows", []):
            other = f"{row['than']}: {row['other']:g} {row['unit']}" if row["other"] else ""
            ratio = f"{row['ratio']:g}" if row["ratio"] else ""
            lines.append(
                f"| {row['what']} | {row['ours']:g} {row['unit']} | {other} | {ratio} | {reproduce} |"
            )
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
