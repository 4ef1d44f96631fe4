"""One at a time: executing notebooks and building the book write to the same files."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path


@contextlib.contextmanager
def only_one(folder: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock of the build ``folder``; whoever comes second says that it waits, and waits.

    The lock belongs to the open file, so that it ends with the process, however that ends.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as handle:
        try:
            import fcntl
        except ModuleNotFoundError:  # Windows has no such lock; two at once are then on their own
            yield
            return
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build of this book is running; waiting for it to end")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
