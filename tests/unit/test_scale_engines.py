"""Where pieces are done: processes that are killed, and a real Dask scheduler whose workers come and go.

The commands that start the scheduler and its workers, and those that use them, are those of the replication guide.
Workers run on a bare copy of the package: no repository and no data are theirs.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from scale_samples import FEW, PLACEBO, files, killed_once, study

import aleppo
from aleppo.cli import main
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import DATA_VARIABLE
from aleppo.model import engines, partitions, scale
from aleppo.model.engines import Dask, Local, single_threaded
from aleppo.model.multiverse import Choices
from aleppo.model.scale import Piece, Study
from book_prose import fenced, shown

GUIDE, SECTION = "book/replication.md", "Compute more, on more machines"
PATIENCE = 240
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "IN_A_FILE", 2)


def small() -> Study:
    """Two breaks by week and two by month: 8 tasks, 16 pieces."""
    return study(resamples=2, placebo=PLACEBO[:1], choices=replace(FEW, season=("none",)))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the small study, computed in this process."""
    folder = tmp_path_factory.mktemp("here")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "IN_A_FILE", 2)
        scale.run(small(), folder)
    return files(folder)


# --- processes of this machine -------------------------------------------------------------------------------


def test_linear_algebra_runs_on_one_thread() -> None:
    from threadpoolctl import threadpool_info

    with single_threaded():
        pools = [pool["num_threads"] for pool in threadpool_info()]
    assert pools, "there is a library of linear algebra below numpy"
    assert set(pools) == {1}


def test_a_killed_process_costs_no_result_and_two_give_the_bytes_of_one(
    here: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = tmp_path / "killed"
    monkeypatch.setattr(scale, "compute", partial(killed_once, flag=str(flag)))
    scale.run(small(), tmp_path / "two", Local(jobs=2))
    assert flag.exists(), "a process was killed"
    assert files(tmp_path / "two") == here


def test_work_that_is_always_killed_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    tries: list[int] = []

    def killed(engine: Local, pieces: list[Piece], work: object) -> Iterator[tuple[str, bytes]]:
        tries.append(len(pieces))
        if len(tries) == 2:
            yield pieces[0].name, b"done"
        raise TerminatedWorkerError

    monkeypatch.setattr(Local, "_side_by_side", killed)
    with pytest.raises(AleppoError, match=r"killed 3 times with none of 15 pieces done .*is kept") as told:
        list(Local(jobs=2).each(scale.pieces(small()), scale.compute))
    assert tries == [16, 16, 15, 15]
    assert "\n" not in str(told.value)


# --- a scheduler and its workers -----------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def address(port: int) -> str:
    return f"tcp://127.0.0.1:{port}"


def as_typed(line: str, port: int) -> str:
    """A command of the guide on this machine."""
    return line.replace("\\\n", " ").replace("HOST", "127.0.0.1").replace("8786", str(port))


def typed(line: str, port: int, *further: str, **environment: str) -> subprocess.Popen[bytes]:
    """A command of the guide, started as a reader would in a terminal of their own."""
    words = as_typed(line, port).split()
    command = [str(Path(sys.executable).with_name(words[0])), *words[1:], *further]
    return subprocess.Popen(
        command, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextlib.contextmanager
def ended(*processes: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def scheduler(port: int) -> Iterator[subprocess.Popen[bytes]]:
    start, *_ = fenced(GUIDE, "bash", SECTION)
    process = typed(start, port, "--host", "127.0.0.1")
    with ended(process):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            assert process.poll() is None, "the scheduler did not start"
            time.sleep(0.2)
        yield process


@pytest.fixture(scope="module")
def start_worker(
    port: int, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], subprocess.Popen[bytes]]:
    """Starts a worker of one process, on a copy of the package without anything around it."""
    bare = tmp_path_factory.mktemp("bare")
    left_out = shutil.ignore_patterns("__pycache__")
    shutil.copytree(Path(aleppo.__file__).parent, bare / "aleppo", ignore=left_out)
    _, start, *_ = fenced(GUIDE, "bash", SECTION)
    places = {"PYTHONPATH": str(bare), DATA_VARIABLE: str(bare / "no-data")}
    further = ("--no-nanny", "--no-dashboard", "--local-directory", str(bare))
    return lambda: typed(start, port, *further, **places)


@pytest.fixture(scope="module")
def workers(
    scheduler: subprocess.Popen[bytes], start_worker: Callable[[], subprocess.Popen[bytes]], address: str
) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two workers that are there."""
    from distributed import Client

    found = [start_worker(), start_worker()]
    with ended(*found):
        with Client(address, set_as_default=False, timeout=PATIENCE) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield found


class Killing:
    """A listener that kills a process once its worker is in the middle of a piece."""

    def __init__(self, victim: subprocess.Popen[bytes], address: str) -> None:
        from distributed import Client

        self.victim, self.address, self.after = victim, address, 0
        with Client(address, set_as_default=False) as client:
            pids = client.run(os.getpid)
        self.worker = next(worker for worker, pid in pids.items() if pid == victim.pid)

    def __call__(self, done: int, every: int) -> None:
        from distributed import Client

        if self.after or not 1 <= done < every - 4:
            return
        # a quick machine would be done with all pieces before it has said what it does
        self.victim.send_signal(signal.SIGSTOP)
        with Client(self.address, set_as_default=False) as client:
            busy = bool(client.processing().get(self.worker))
        self.victim.send_signal(signal.SIGKILL if busy else signal.SIGCONT)
        if busy:
            self.victim.wait()
            self.after = done


@pytest.mark.usefixtures("scheduler")
def test_a_scheduler_without_workers_is_one_clear_line(address: str) -> None:
    with pytest.raises(AleppoError, match="expected workers at this scheduler, found none"):
        list(Dask(address, patience=5).each(scale.pieces(small()), scale.compute))


def test_a_worker_killed_midway_costs_no_result_and_the_bytes_are_the_same(
    here: dict[str, bytes], workers: list[subprocess.Popen[bytes]], address: str, tmp_path: Path
) -> None:
    listener = Killing(workers[0], address)
    ran = scale.run(small(), tmp_path / "dask", Dask(address), progress=listener)
    assert listener.after, "the worker was killed in the middle"
    assert ran.computed == len(here) - 1
    assert files(tmp_path / "dask") == here


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid of the fewest choices, so that a test takes no time."""
    real, one = scale.study, Choices((52,), (26,), season=("none",), slope=(False,), donut=(0,), lags=(4,))
    monkeypatch.setattr(scale, "study", lambda *args, **more: real(*args, **{"choices": one, **more}))


@pytest.mark.usefixtures("few", "workers")
def test_the_worked_example_of_the_guide(
    port: int, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As typed, with few resamples of few specifications; then again, when nothing is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "book").mkdir()
    monkeypatch.chdir(tmp_path / "book")
    *_, first, again = fenced(GUIDE, "bash", SECTION)
    for line, promised in zip((first, again), fenced(GUIDE, "text", SECTION), strict=True):
        words = as_typed(line, port).replace("1000", "2").split()
        assert words.pop(0) == "aleppo"
        assert main(words) == 0
        shown(capsys.readouterr().out, promised.replace("1,000", "2"))
    here = words[: words.index("--engine")]
    assert main([*here, "--json"]) == 0, "one computer may go on with what others began"
    told = json.loads(capsys.readouterr().out)
    assert (told["blocks"]["resamples"], told["blocks"]["block"]) == (2, 9)
    assert (tmp_path / "resamples" / partitions.PLAN).is_file()


@pytest.mark.usefixtures("few", "workers")
def test_the_recorded_rows_come_from_dask_as_from_here(address: str, tmp_path: Path, capsys: Capture) -> None:
    ways = {"here": [], "dask": ["--engine", "dask", "--scheduler", address]}
    for name, words in ways.items():
        assert main(["multiverse", "all", "--out", str(tmp_path / f"{name}.parquet"), *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(lines) // 2 - 1] == lines[len(lines) // 2 : -1]
    assert (tmp_path / "here.parquet").read_bytes() == (tmp_path / "dask.parquet").read_bytes()


@pytest.mark.usefixtures("workers")
def test_other_versions_on_a_worker_are_one_clear_line(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    made = partitions.made_with() | {"code": "0" * 64}
    monkeypatch.setattr(engines, "made_with", lambda: made)
    with pytest.raises(
        AleppoError, match=r"^worker tcp://127.0.0.1:\d+: expected code 0+ as here, found \w+$"
    ):
        list(Dask(address).each(scale.pieces(small()), scale.compute))
    real = distributed.versions.get_versions

    def other(packages: list[str] | None = None) -> dict[str, Any]:
        found = real(packages=packages)
        return found | {"packages": found["packages"] | {"pandas": "99.0"}}

    monkeypatch.setattr(distributed.versions, "get_versions", other)
    with pytest.raises(
        AleppoError, match=r"^worker tcp://127.0.0.1:\d+: expected pandas 99.0 as here, found 3"
    ):
        list(Dask(address).each(scale.pieces(small()), scale.compute))


@pytest.mark.usefixtures("workers")
def test_work_that_fails_on_a_worker_is_one_clear_line(address: str) -> None:
    with pytest.raises(
        AleppoError, match=rf"^{address}: .*parquet failed on a worker \(TypeError: .*\)$"
    ) as told:
        list(Dask(address).each(scale.pieces(small()), len))  # type: ignore[arg-type]
    assert "\n" not in str(told.value)


def test_the_last_worker_may_go_and_another_come_and_then_the_scheduler_go(
    workers: list[subprocess.Popen[bytes]],
    scheduler: subprocess.Popen[bytes],
    start_worker: Callable[[], subprocess.Popen[bytes]],
    address: str,
    here: dict[str, bytes],
    tmp_path: Path,
) -> None:
    """One clear line each time, what was done stays, and the next run goes on from it."""

    def kill(process: subprocess.Popen[bytes], after: int) -> Callable[[int, int], None]:
        return lambda done, every: process.send_signal(signal.SIGKILL) if done == after else None

    with pytest.raises(
        AleppoError, match=f"{address}: expected workers at this scheduler, found none for 1 sec"
    ):
        scale.run(small(), tmp_path / "dask", Dask(address, forlorn=1), progress=kill(workers[1], 3))
    assert 4 <= len(files(tmp_path / "dask")) < len(here)
    went = pytest.raises(AleppoError, match=f"{address}: the scheduler went away; what was done is kept")
    with ended(start_worker()), went:
        scale.run(small(), tmp_path / "dask", Dask(address, patience=PATIENCE), progress=kill(scheduler, 10))
    kept = files(tmp_path / "dask")
    assert 11 <= len(kept) < len(here)
    assert kept.items() <= here.items()
    with pytest.raises(AleppoError, match=f"{address}: expected a Dask scheduler, found none that answers"):
        scale.run(small(), tmp_path / "dask", Dask(address, patience=0.5))


# --- what cannot be ------------------------------------------------------------------------------------------

RESAMPLES = ["--resamples", "2", "--partitions", "x"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["--engine", "dask"],
            r"expected an address (--scheduler tcp://HOST:PORT) for --engine dask, found none",
        ),
        (
            ["--scheduler", "tcp://h:1"],
            "expected one with --engine dask only, found tcp://h:1 with --engine local",
        ),
        (["--engine", "dask", "--scheduler", "h:1"], "expected an address tcp://HOST:PORT, found 'h:1'"),
        (["--resamples", "2"], "expected a folder to keep them in (--partitions DIR), found none"),
        (["--block", "4"], "expected a number of resamples to draw them for (--resamples N), found none"),
        ([*RESAMPLES, "--block", "30"], "block: expected fewer than 26 weeks"),
    ],
)
def test_an_engine_that_cannot_be_is_one_clear_line(
    few: None,
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["multiverse", "all", *words]) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1


def test_without_dask_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        AleppoError, match=r"expected the packages dask and distributed, found none \(pip install"
    ):
        list(Dask("tcp://127.0.0.1:1").each(scale.pieces(small()), scale.compute))
