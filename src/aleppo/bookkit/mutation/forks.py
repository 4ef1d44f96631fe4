"""Work in processes forked from this one: each has all that this one imported and read, and leaves nothing behind."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from aleppo.evidence.errors import AleppoError

T = TypeVar("T")
R = TypeVar("R")


def in_forks(work: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """``work`` of each item in a process forked from this one, ``jobs`` at a time; results in the order of the items.

    Nothing but the result has to be sent. AleppoError where the system cannot fork, and for a process that ended
    without a result; an exception of ``work`` is raised here.
    """
    if "fork" not in multiprocessing.get_all_start_methods():
        raise AleppoError("expected a system that can fork a process (Linux, macOS), found another")
    waiting = list(enumerate(items))[::-1]
    running: dict[Any, tuple[int, Any]] = {}
    done: dict[int, R] = {}
    due = 0
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, item = waiting.pop()
                connection, process = _fork(work, item)
                running[connection] = place, process
            for ready in wait(list(running)):
                place, process = running.pop(ready)
                done[place] = _result(ready, process)
            while due in done:
                yield done.pop(due)
                due += 1
    finally:
        for connection, (_, process) in running.items():
            process.terminate()
            process.join()
            connection.close()


def _fork(work: Callable[[T], R], item: T) -> tuple[Connection, Any]:
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)

    def child() -> None:
        try:
            there.send((work(item), None))
        except BaseException as error:
            said = str(error) if isinstance(error, AleppoError) else repr(error)
            there.send((None, AleppoError(said)))

    process = context.Process(target=child)
    process.start()
    there.close()
    return here, process


def _result(connection: Any, process: Any) -> Any:
    try:
        result, error = connection.recv()
    except EOFError:
        process.join()
        raise AleppoError(
            f"expected a result, found a process that ended with code {process.exitcode}"
        ) from None
    finally:
        connection.close()
    process.join()
    if error is not None:
        raise error
    return result
