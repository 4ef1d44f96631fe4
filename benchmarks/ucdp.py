"""The global UCDP file to a monthly series: `aleppo.ingest.ucdp` against `pandas.read_csv` and a groupby.

Usage: ``ALEPPO_RAW=FOLDER python benchmarks/ucdp.py [--events 400000] [--runs 5]``

A file of 400,000 events is made in a temporary folder by repeating the rows of a real GED file under new ids.
Both ways are run in turn, each in a process of its own, and the series must be the same. Measured are
the seconds from the open file to the finished series (imports left out for both), the seconds of the whole
process, and its peak resident memory. The result goes to ``_build/benchmarks/ucdp.json``.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {"times_faster": 3.0, "share_of_memory": 0.35}
MEASURES = ["low", "best", "high", "deaths_civilians"]


def make(source: Path, target: Path, events: int) -> None:
    """Write ``events`` rows to ``target``: those of ``source`` over and over, under new ids."""
    with source.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header, *rows = list(reader)
    place = [name.lower() for name in header].index("id")
    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        for number in range(events):
            row = list(rows[number % len(rows)])
            row[place] = str(number + 1)
            writer.writerow(row)


def by_aleppo(file: Path) -> tuple[float, list[list[Any]]]:
    """Seconds, and the series with the publisher's own names of governorates."""
    from aleppo.ingest import ucdp
    from aleppo.ingest.common import Governorates

    known = Governorates.known()
    started = time.perf_counter()
    source, found = ucdp.Source(file), ucdp.Found()
    series = ucdp.aggregate(ucdp.check(ucdp.read(source), source, found), known, found)
    seconds = time.perf_counter() - started
    key = ["month", "governorate", "type_of_violence"]
    return seconds, series[[*key, "events", *MEASURES]].values.tolist()


def by_pandas(file: Path) -> tuple[float, list[list[Any]]]:
    """The same with `pandas.read_csv` as it comes, followed by the same selection and groupby."""
    import pandas as pd

    from aleppo.ingest.common import UNMAPPED, Governorates
    from aleppo.ingest.ucdp import SYRIA, UCDP_TYPES

    known = Governorates.known()
    started = time.perf_counter()
    events = pd.read_csv(file)
    events = events[
        (events["country_id"] == SYRIA) & (events["date_prec"] != 5) & (events["where_prec"] != 6)
    ]
    key = [
        events["date_start"].str[:7].rename("month"),
        events["adm_1"].fillna("").map(lambda name: known.code(name) or UNMAPPED).rename("governorate"),
        events["type_of_violence"].map(lambda number: UCDP_TYPES[int(number) - 1]).rename("type_of_violence"),
    ]
    grouped = events.groupby(key)[MEASURES].agg("sum").astype("int64")
    grouped.insert(0, "events", events.groupby(key).size())
    series = grouped.reset_index()
    seconds = time.perf_counter() - started
    return seconds, series.values.tolist()


def one_run(way: str, file: Path) -> None:
    """Run one way in this process and print what it took, and a digest of its series."""
    seconds, series = {"aleppo": by_aleppo, "pandas": by_pandas}[way](file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kilobytes on Linux, bytes on macOS
    megabytes = peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "series": sorted(series, key=repr)}))


def measured(way: str, file: Path) -> dict[str, Any]:
    """One run of ``way`` in a process of its own."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), "--way", way, "--file", str(file)],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"ALEPPO_DATA": str(ROOT / "data")},
    )
    result: dict[str, Any] = json.loads(done.stdout)
    return result | {"process_seconds": time.perf_counter() - started}


def compare(file: Path, runs: int) -> dict[str, Any]:
    """Medians of both ways over ``runs`` runs each, taken in turn, and their ratios."""
    ways: dict[str, list[dict[str, Any]]] = {"aleppo": [], "pandas": []}
    for _ in range(runs):
        for way, results in ways.items():
            results.append(measured(way, file))
    same = all(
        mine["series"] == theirs["series"]
        for mine, theirs in zip(ways["aleppo"], ways["pandas"], strict=True)
    )
    if not same:
        raise SystemExit("the two ways disagree about the series")
    medians = {
        way: {
            name: round(statistics.median(result[name] for result in results), 3)
            for name in ("seconds", "process_seconds", "megabytes")
        }
        for way, results in ways.items()
    }
    mine, theirs = medians["aleppo"], medians["pandas"]
    return {
        "rows_of_series": len(ways["aleppo"][0]["series"]),
        "runs": runs,
        "medians": medians,
        "times_faster": round(theirs["seconds"] / mine["seconds"], 2),
        "times_faster_whole_process": round(theirs["process_seconds"] / mine["process_seconds"], 2),
        "share_of_memory": round(mine["megabytes"] / theirs["megabytes"], 3),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--events", type=int, default=400_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--way", choices=("aleppo", "pandas"), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.way:
        one_run(chosen.way, chosen.file)
        return 0
    raw = os.environ.get("ALEPPO_RAW")
    sources = sorted(Path(raw).rglob("*ged*.csv")) if raw else []
    if not sources:
        print("ALEPPO_RAW names no folder with a GED file: nothing measured")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ged.csv"
        make(sources[0], file, chosen.events)
        result = {"events": chosen.events, "megabytes_of_file": round(file.stat().st_size / 1e6, 1)}
        result |= compare(file, chosen.runs)
    result |= {"targets": TARGETS, "python": platform.python_version(), "cores": os.cpu_count()}
    result["met"] = (
        result["times_faster"] >= TARGETS["times_faster"]
        and result["share_of_memory"] <= TARGETS["share_of_memory"]
    )
    target = ROOT / "_build" / "benchmarks" / "ucdp.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(f"{chosen.events:,} events, {result['megabytes_of_file']:,} MB, medians of {chosen.runs} runs")
    print(f"{'':<10}{'seconds':>10}{'process':>10}{'MB':>8}")
    for way, row in result["medians"].items():
        print(f"{way:<10}{row['seconds']:>10.2f}{row['process_seconds']:>10.2f}{row['megabytes']:>8.0f}")
    print(
        f"{result['times_faster']} times faster (at least {TARGETS['times_faster']}), "
        f"{result['share_of_memory']} of the memory (at most {TARGETS['share_of_memory']}): "
        f"{'met' if result['met'] else 'NOT MET'}"
    )
    return 0 if result["met"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
