"""How resamples of the multiverse of Aleppo are divided: one process, two, and one and two Dask workers.

    python benchmarks/scale.py [--out _build/benchmarks/scale.json] [--resamples N]

The same study is computed four times, each time into an empty folder, and all must give the same bytes. Seconds by
the clock from the first piece to the last file. Processes of this machine are started within that time, as they are
for whoever gives the command; the scheduler and its workers are there already, as they are on a cluster. Scheduler,
workers and whoever asks share the cores of one machine here: on a cluster they do not.
"""

from __future__ import annotations

import argparse
import contextlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from report import row, write

from aleppo.evidence import load
from aleppo.measure import toll
from aleppo.model import scale
from aleppo.model.engines import Dask, Local

BREAK, AREA = "2015-09-30", "SY02"
IN_A_FILE = 2  # so that even a short study has enough pieces for workers to end together
DASK = Path(sys.executable).with_name("dask")


def study(resamples: int) -> scale.Study:
    tables = {name: load(name) for name in ("vdc_deaths_weekly", "vdc_composition_monthly")}
    counts = {name: toll.outcome_counts(name, tables) for name in toll.GRID_OUTCOMES}
    controls = toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index.tolist()
    return scale.study(AREA, counts, controls, BREAK, resamples=resamples)


def measure(asked: scale.Study, engine: Local | Dask) -> tuple[float, dict[str, bytes]]:
    """Seconds, and the files that came of it."""
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        scale.run(asked, Path(folder), engine)
        seconds = time.perf_counter() - began
        return seconds, {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@contextlib.contextmanager
def cluster(workers: int) -> Iterator[str]:
    """The address of a scheduler on loopback with so many workers of one thread."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    port = address.rpartition(":")[2]
    commands = [["scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]]
    commands += [["worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"]] * workers
    with tempfile.TemporaryDirectory() as folder:
        started = [
            subprocess.Popen([str(DASK), *words], cwd=folder, stderr=subprocess.DEVNULL) for words in commands
        ]
        try:
            with Client(address, timeout=120, set_as_default=False) as client:
                client.wait_for_workers(workers, timeout=120)
            yield address
        finally:
            for process in reversed(started):
                process.kill()
                process.wait()


def on_dask(asked: scale.Study, workers: int) -> tuple[float, dict[str, bytes]]:
    """As ``measure``, on workers that have imported what they need."""
    with cluster(workers) as address:
        measure(replace(asked, resamples=0), Dask(address))
        return measure(asked, Dask(address))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--resamples", type=int, default=20)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    scale.IN_A_FILE = IN_A_FILE
    asked = study(options.resamples)
    ways: list[Callable[[], tuple[float, dict[str, bytes]]]] = [
        lambda: measure(asked, Local(1)),
        lambda: measure(asked, Local(2)),
        lambda: on_dask(asked, 1),
        lambda: on_dask(asked, 2),
    ]
    runs = [[way() for way in ways] for _ in range(options.runs)]
    files = runs[0][0][1]
    if any(made != files for run in runs for _, made in run):
        raise SystemExit("expected the same bytes from every engine, found others")
    one, two, one_worker, two_workers = (
        statistics.median(times)
        for times in zip(*([seconds for seconds, _ in run] for run in runs), strict=True)
    )
    rows = [
        row(
            f"{options.resamples} resamples of the multiverse of Aleppo, two processes",
            two,
            "s",
            one,
            "one process",
        ),
        row("the same, one Dask worker", one_worker, "s", one, "one process without Dask"),
        row("the same, two Dask workers", two_workers, "s", one_worker, "one Dask worker"),
    ]
    for each in rows:
        print(f"{each['what']}: {each['here']} s; {each['than']}: {each['against']} s")
    write("scale", rows, options.out, resamples=options.resamples, runs=options.runs, files=len(files))


if __name__ == "__main__":
    main()
