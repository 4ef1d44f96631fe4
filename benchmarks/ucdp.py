"""The global UCDP file to a monthly series: `aleppo.ingest.ucdp` against `pandas.read_csv` and a groupby.

Usage: ``[ALEPPO_RAW=FOLDER] python benchmarks/ucdp.py [--events 400000] [--runs 5]``

A file of 400,000 events is made in a temporary folder by repeating rows under new ids. The rows are made up to look
like the publisher's: the 49 columns of a recent release, with as much text in each as the real extract of Syria has.
Where ALEPPO_RAW names a folder with a real GED file, a second file repeats the rows of that. Both ways are run in
turn, each in a process of its own, and the series must be the same. Measured are the processor seconds from the open
file to the finished series (all threads together, so that other work on the machine counts less; imports left out for
both), the seconds of the whole process by the clock, and its peak resident memory. ``report`` has the format of the
result, ``_build/benchmarks/ucdp.json``.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from report import ROOT, Row, row, write

TIMES_FASTER, SHARE_OF_MEMORY = 3.0, 0.35
MEASURES = ["low", "best", "high", "deaths_civilians"]


# Column, and the letters that a cell of it has on average in the real extract where it is text
COLUMNS = {
    "id": 0,
    "relid": 15,
    "year": 0,
    "active_year": 0,
    "code_status": 5,
    "type_of_violence": 0,
    "conflict_dset_id": 0,
    "conflict_new_id": 0,
    "conflict_name": 19,
    "dyad_dset_id": 0,
    "dyad_new_id": 0,
    "dyad_name": 31,
    "side_a_dset_id": 0,
    "side_a_new_id": 0,
    "side_a": 17,
    "side_b_dset_id": 0,
    "side_b_new_id": 0,
    "side_b": 11,
    "number_of_sources": 0,
    "source_article": 174,
    "source_office": 6,
    "source_date": 13,
    "source_headline": 150,
    "source_original": 5,
    "where_prec": 0,
    "where_coordinates": 15,
    "where_description": 40,
    "adm_1": 0,
    "adm_2": 18,
    "latitude": 0,
    "longitude": 0,
    "geom_wkt": 25,
    "priogrid_gid": 0,
    "country": 0,
    "country_id": 0,
    "region": 11,
    "event_clarity": 0,
    "date_prec": 0,
    "date_start": 0,
    "date_end": 0,
    "deaths_a": 0,
    "deaths_b": 0,
    "deaths_civilians": 0,
    "deaths_unknown": 0,
    "best": 0,
    "high": 0,
    "low": 0,
    "gwnoa": 0,
    "gwnob": 0,
}
PLACES = ("Aleppo", "Idlib", "Homs", "Hamah", "Damascus", "Ar Raqqah", "Dayr Az Zawr")
MADE_UP, SITES = 16_000, 1_900  # rows and places, as many as in the real extract


def made_up_rows() -> list[list[str]]:
    """Rows in the shape of a GED extract, the same in every run."""
    chance = random.Random(20150930)
    words = ["government", "forces", "village", "reported", "air strike", "killed", "near the town"]

    def text(letters: int) -> str:
        length = chance.randint(letters // 2, letters * 3 // 2)
        content = ""
        while len(content) < length:
            content += f"{chance.choice(words)} {chance.randint(1, 999)} "
        # the publisher quotes articles, and hardly any other cell
        return f'"{content[:length]}", and so on' if letters > 150 else content[:length].strip() or "x"

    sites = [(f"{chance.uniform(33, 36.5):.6f}", f"{chance.uniform(36.5, 40):.6f}") for _ in range(SITES)]
    rows = []
    for _ in range(MADE_UP):
        latitude, longitude = chance.choice(sites)
        day = f"{chance.randint(2016, 2019)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
        best = chance.randint(0, 30)
        known = {
            "year": day[:4],
            "type_of_violence": str(chance.randint(1, 3)),
            "where_prec": chance.choice("1112345") if chance.random() < 0.99 else "6",
            "adm_1": f"{chance.choice(PLACES)} Governorate",
            "latitude": latitude,
            "longitude": longitude,
            "country": "Syria",
            "country_id": "652",
            "date_prec": chance.choice("1112234") if chance.random() < 0.99 else "5",
            "date_start": day,
            "date_end": day,
            "deaths_civilians": str(chance.randint(0, best)),
            "best": str(best),
            "high": str(best + chance.randint(0, 5)),
            "low": str(best - chance.randint(0, best)),
        }
        rows.append(
            [
                known.get(name) or (text(letters) if letters else str(chance.randint(1, 20_000)))
                for name, letters in COLUMNS.items()
            ]
        )
    return rows


def real_rows() -> tuple[list[str], list[list[str]]] | None:
    """Header and rows of a GED file of the publisher's, if ALEPPO_RAW names a folder that has one."""
    raw = os.environ.get("ALEPPO_RAW")
    for path in sorted(Path(raw).rglob("*ged*.csv")) if raw else []:
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = list(csv.reader(stream))
        return header, rows
    return None


def make(header: list[str], rows: list[list[str]], target: Path, events: int) -> None:
    """Write ``events`` rows to ``target``: ``rows`` over and over, under new ids."""
    place = [name.lower() for name in header].index("id")

    def renumbered() -> Iterator[list[str]]:
        for number, event in enumerate(itertools.islice(itertools.cycle(rows), events), 1):
            yield [*event[:place], str(number), *event[place + 1 :]]

    with target.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(renumbered())


def by_aleppo(file: Path) -> tuple[float, list[list[Any]]]:
    """Seconds, and the series with the publisher's own names of governorates."""
    from aleppo.ingest import ucdp
    from aleppo.ingest.common import Governorates

    known = Governorates.known()
    started = time.process_time()
    source, found = ucdp.Source(file), ucdp.Found()
    series = ucdp.aggregate(ucdp.check(ucdp.read(source), source, found), known, found)
    seconds = time.process_time() - started
    key = ["month", "governorate", "type_of_violence"]
    return seconds, series[[*key, "events", *MEASURES]].values.tolist()


def by_pandas(file: Path) -> tuple[float, list[list[Any]]]:
    """The same with `pandas.read_csv` as it comes, followed by the same selection and groupby."""
    import pandas as pd

    from aleppo.ingest.common import UNMAPPED, Governorates
    from aleppo.ingest.ucdp import SYRIA, UCDP_TYPES

    known = Governorates.known()
    started = time.process_time()
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
    seconds = time.process_time() - started
    return seconds, series.values.tolist()


def one_run(way: str, file: Path) -> None:
    """Run one way in this process and print what it took, and a digest of its series."""
    seconds, series = {"aleppo": by_aleppo, "pandas": by_pandas}[way](file)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # kilobytes on Linux, bytes on macOS
    megabytes = peak / (1 << 20) if sys.platform == "darwin" else peak / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "series": sorted(series, key=repr)}))


def one_run_apart(way: str, file: Path) -> dict[str, Any]:
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
            results.append(one_run_apart(way, file))
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
    return {"rows_of_series": len(ways["aleppo"][0]["series"]), "runs": runs, "medians": medians}


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
    kinds = {"made-up rows": (list(COLUMNS), made_up_rows())}
    if real := real_rows():
        kinds["rows of a real file"] = real
    report([compared_on(rows, *kinds[rows], chosen.events, chosen.runs) for rows in kinds], chosen.events)
    return 0


def compared_on(
    kind: str, header: list[str], rows: list[list[str]], events: int, runs: int
) -> dict[str, Any]:
    """Both ways compared on a file of ``events`` events that repeats ``rows``, which are of a ``kind`` in words."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ged.csv"
        make(header, rows, file, events)
        megabytes = round(file.stat().st_size / 1e6, 1)
        return {"of": kind, "megabytes_of_file": megabytes, **compare(file, runs)}


def report(results: Sequence[dict[str, Any]], events: int) -> None:
    """Write and print what was measured."""
    lines = [line for result in results for line in lines_of(result, events)]
    write("ucdp", lines, events=events, results=list(results))
    for result in results:
        told(result, events)
    for line in lines:
        print(
            f"{line['what']}: ratio {line['ratio']} ({line['budget']}): {'met' if line['met'] else 'NOT MET'}"
        )


def lines_of(result: dict[str, Any], events: int) -> list[Row]:
    """The lines of README's table that one comparison gives."""
    mine, theirs = result["medians"]["aleppo"], result["medians"]["pandas"]
    what = f"UCDP file of {events:,} events ({result['of']}) to a monthly series"
    than = "`pandas.read_csv` and a groupby"
    return [
        row(what, mine["seconds"], "s", theirs["seconds"], than, 1 / TIMES_FASTER),
        row(f"{what}, peak memory", mine["megabytes"], "MB", theirs["megabytes"], than, SHARE_OF_MEMORY),
    ]


def told(result: dict[str, Any], events: int) -> None:
    """Print one comparison."""
    size, runs = result["megabytes_of_file"], result["runs"]
    print(f"{events:,} events ({result['of']}), {size:,} MB, medians of {runs} runs")
    print(f"{'':<10}{'processor s':>13}{'clock s':>10}{'MB':>8}")
    for way, taken in result["medians"].items():
        print(
            f"{way:<10}{taken['seconds']:>13.2f}{taken['process_seconds']:>10.2f}{taken['megabytes']:>8.0f}"
        )


if __name__ == "__main__":
    raise SystemExit(main())
