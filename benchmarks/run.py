"""Run every benchmark, or those named, and put the results into README's table: ``make bench``.

    .venv/bin/python benchmarks/run.py                    all of them
    .venv/bin/python benchmarks/run.py book multiverse    these two; the rows of the others stay as they are

Each benchmark is a script of its own that writes ``_build/benchmarks/<name>.json`` (``report`` has the format);
this one runs them one after another and writes their rows between the two markers in README.md. A benchmark that
fails does not keep the others from running: its line says so, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import report

HERE = Path(__file__).parent
NO_BENCHMARKS = {"run.py", "report.py"}
MARKERS = re.compile(r"(<!-- benchmarks -->\n)(.*?)(<!-- /benchmarks -->)", re.DOTALL)
# The last cell of a row: which script it is of.
REPRODUCE = re.compile(r"`python benchmarks/(\w+)\.py` \|$")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="a script of this folder, without .py")
    chosen = {script.stem: script for script in scripts()}
    if names := parser.parse_args(arguments).names:
        if unknown := sorted(set(names) - set(chosen)):
            parser.error(f"expected names of {', '.join(chosen)}; found {', '.join(unknown)}")
        chosen = {name: script for name, script in chosen.items() if name in names}
    failed = [script for script in chosen.values() if not measure(script)]
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
    """Put every result that there is into the README; returns them.

    Rows of a benchmark without a result, which was measured in another checkout, stay as they are.
    """
    readme = report.ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    results = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(report.RESULTS.glob("*.json"))]
    known = {script.stem for script in scripts()}

    def renewed(found: re.Match[str]) -> str:
        kept = {name: lines for name, lines in rows_by_script(found[2]).items() if name in known}
        return found[1] + table(results, kept) + found[3]

    readme.write_text(MARKERS.sub(renewed, text), encoding="utf-8")
    return results


def rows_by_script(table: str) -> dict[str, list[str]]:
    """The rows of a table in Markdown, by the script that measured them."""
    rows: dict[str, list[str]] = {}
    for line in table.splitlines():
        if found := REPRODUCE.search(line):
            rows.setdefault(found[1], []).append(line)
    return rows


def table(results: Sequence[dict], kept: dict[str, list[str]] | None = None) -> str:
    """The table of ``results``, and of rows ``kept`` of other scripts, in Markdown; less is better in every line."""
    rows = dict(kept or {})
    for result in results:
        reproduce = f"`python benchmarks/{result['script']}.py`"
        rows[result["script"]] = [f"| {' | '.join([*cells(row), reproduce])} |" for row in result["rows"]]
    head = ["| What | Here | Compared with | Ratio | Reproduce |", "|---|---|---|---|---|"]
    return "\n".join([*head, *(line for _, lines in sorted(rows.items()) for line in lines)]) + "\n"


def cells(row: report.Row) -> list[str]:
    """What, here, compared with, ratio."""
    if "skipped" in row:
        return [row["what"], f"not measured: {row['skipped']}", "", ""]
    other = f"{row['than']}: {row['against']:,g} {row['unit']}" if row["against"] else ""
    ratio = f"{row['ratio']:g}" if row["ratio"] else ""
    return [row["what"], f"{row['here']:,g} {row['unit']}", other, ratio]


if __name__ == "__main__":
    raise SystemExit(main())
