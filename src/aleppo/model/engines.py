"""Where pieces of work are done: in processes of this machine, or on the workers of a Dask scheduler.

An engine takes pieces and a function, and gives each piece back with its result as soon as there is one, in any
order. Everything a piece needs travels with it. A worker that is killed costs the piece it was busy with and no
other: that piece is done again by another.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import re
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeVar

from aleppo.evidence.errors import AleppoError
from aleppo.model.partitions import made_with

ADDRESS = re.compile(r"(tcp|tls)://[^/\s:]+:\d{1,5}")
AHEAD = 3
"""Pieces handed out for each thread of the workers: enough that none waits, few enough that none piles up."""
PATIENCE = 15.0
"""Seconds to wait for a scheduler, and then for its first worker."""
FORLORN = 600.0
"""Seconds that a scheduler may be without any worker before nothing more is hoped for."""
PAUSE = 1.0
"""Seconds between two looks at whether there still are workers."""
ATTEMPTS = 3
"""Times that processes of this machine may be killed one after another without a single piece done."""


class Named(Protocol):
    """A piece of work; its name is unlike that of any other piece of its plan."""

    @property
    def name(self) -> str: ...


P = TypeVar("P", bound=Named)
Work = Callable[[P], bytes]
Results = Iterator[tuple[P, bytes]]


@contextlib.contextmanager
def single_threaded() -> Iterator[None]:
    """Linear algebra on one thread, wherever a worker was started and whatever it was told.

    Pieces run side by side already: threads below them would only get into each other's way.
    """
    with _libraries().limit(limits=1):
        yield


@cache
def _libraries() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@dataclass(frozen=True)
class Local:
    """``jobs`` processes of this machine; with one, the process that asks."""

    jobs: int = 1

    def each(self, pieces: Sequence[P], work: Work[P]) -> Results[P]:
        """Every piece with its result; processes that are killed are started anew.

        Raises ``AleppoError`` when they are killed again and again with nothing done in between.
        """
        if self.jobs <= 1 or len(pieces) <= 1:
            yield from ((piece, work(piece)) for piece in pieces)
            return
        from joblib.externals.loky.process_executor import TerminatedWorkerError

        left, in_vain = {piece.name: piece for piece in pieces}, 0
        while left:
            try:
                for name, result in self._side_by_side(list(left.values()), work):
                    in_vain = 0
                    yield left.pop(name), result
            except TerminatedWorkerError:
                in_vain += 1
                if in_vain == ATTEMPTS:
                    raise AleppoError(
                        f"engine local: processes were killed {ATTEMPTS} times with none of {len(left)} pieces done "
                        "(out of memory? try fewer with --jobs); what was done before is kept"
                    ) from None

    def _side_by_side(self, pieces: Sequence[P], work: Work[P]) -> Iterator[tuple[str, bytes]]:
        from joblib import Parallel, delayed, parallel_config

        with parallel_config(backend="loky", inner_max_num_threads=1):
            run = Parallel(n_jobs=self.jobs, return_as="generator_unordered", batch_size=1)
            yield from run(delayed(_named)(piece, work) for piece in pieces)


def _named(piece: P, work: Work[P]) -> tuple[str, bytes]:
    return piece.name, work(piece)


@dataclass(frozen=True)
class Dask:
    """The workers of the Dask scheduler at ``address``; they need this package, and none of its data."""

    address: str
    patience: float = PATIENCE
    forlorn: float = FORLORN

    def each(self, pieces: Sequence[P], work: Work[P]) -> Results[P]:
        """Every piece with its result.

        Raises ``AleppoError``, in one line, for an address that is none, a scheduler that does not answer, one
        without workers, workers with other versions, a piece that fails, and when the scheduler or the last of its
        workers goes away.
        """
        with _quiet(), self._client() as client:
            try:
                self._check_versions(client)
                yield from self._results(client, iter(pieces), work)
            except OSError:
                raise AleppoError(self._gone()) from None

    @contextlib.contextmanager
    def _client(self) -> Iterator[Any]:
        if not ADDRESS.fullmatch(self.address):
            raise AleppoError(f"scheduler: expected an address tcp://HOST:PORT, found {self.address!r}")
        try:
            from distributed import Client
        except ImportError:
            raise AleppoError(
                "engine dask: expected the packages dask and distributed, found none (pip install 'aleppo[scale]')"
            ) from None
        try:
            with warnings.catch_warnings():  # of other versions, which are looked at below
                warnings.simplefilter("ignore")
                client = Client(self.address, timeout=self.patience, set_as_default=False)
        except Exception as error:
            reason = str(error).split("\n")[0] or type(error).__name__
            raise AleppoError(
                f"{self.address}: expected a Dask scheduler, found none that answers ({reason})"
            ) from None
        try:
            yield client
        finally:
            with contextlib.suppress(Exception):
                client.close(timeout=5)

    def _check_versions(self, client: Any) -> None:
        try:
            client.wait_for_workers(1, timeout=self.patience)
        except TimeoutError:
            raise AleppoError(
                f"{self.address}: expected workers at this scheduler, found none in {self.patience:g} seconds "
                f"(start one with `dask worker {self.address}`)"
            ) from None
        found = client.get_versions(packages=["aleppo", "pyarrow"])
        here = found["client"]["packages"]
        wanted = ("aleppo", "python", "distributed", "numpy", "pandas", "pyarrow")
        for worker, package in itertools.product(sorted(found["workers"]), wanted):
            there = found["workers"][worker]["packages"].get(package)
            if there != here[package]:
                raise AleppoError(
                    f"worker {worker}: expected {package} {here[package]} as here, found {there or 'none'}"
                )

    def _results(self, client: Any, pieces: Iterator[P], work: Work[P]) -> Results[P]:
        from distributed import as_completed

        busy: dict[str, tuple[P, Any]] = {}
        queue = as_completed(loop=client.loop, with_results=True, raise_errors=False)

        def hand_out() -> None:
            width = AHEAD * max(1, sum(client.nthreads().values()))
            for piece in itertools.islice(pieces, max(0, width - len(busy))):
                future = client.submit(_checked, piece, work, made_with(), pure=False)
                busy[future.key] = (piece, future)
                queue.add(future)

        hand_out()
        while busy:
            self._wait(client, queue)
            future, result = next(queue)
            piece, _ = busy.pop(future.key)
            # by the result and not by the status: the worker may have been killed since it was fetched
            if not isinstance(result, bytes):
                raise AleppoError(self._why(piece, future, result))
            yield piece, result
            hand_out()

    def _wait(self, client: Any, queue: Any) -> None:
        """Until there is a result; as long as there are workers, or may be again."""
        last = time.monotonic()
        while not queue.has_ready():
            now = time.monotonic()
            if client.nthreads():
                last = now
            elif now - last > self.forlorn:
                raise AleppoError(
                    f"{self.address}: expected workers at this scheduler, found none for {self.forlorn:g} seconds; "
                    "what was done is kept, run the command again"
                )
            while time.monotonic() - now < PAUSE and not queue.has_ready():
                time.sleep(PAUSE / 20)

    def _gone(self) -> str:
        return f"{self.address}: the scheduler went away; what was done is kept, run the command again"

    def _why(self, piece: Named, future: Any, result: Any) -> str:
        """Why a piece came to nothing, in one line."""
        if future.cancelled():
            return self._gone()
        error = result[1] if isinstance(result, tuple) else result
        if isinstance(error, AleppoError):
            return str(error)
        said = (str(error).split("\n")[0] or "no reason given").strip()
        return f"{self.address}: {piece.name} failed on a worker ({type(error).__name__}: {said})"


def _checked(piece: P, work: Work[P], expected: dict[str, str]) -> bytes:
    """The work, on a worker whose software is that of who asked: it may have come after the others were looked at."""
    found = made_with()
    for part, version in expected.items():
        if found[part] != version:
            from distributed import get_worker

            raise AleppoError(
                f"worker {get_worker().address}: expected {part} {version} as here, found {found[part]}"
            )
    return work(piece)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The library's own account of lost connections is kept off the terminal; what matters is said in a line."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
