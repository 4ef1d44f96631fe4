"""Circumstances in which commands that write have to work or to say that they cannot, for ``faults.py``."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults_work import WORKS, Fault, Work, done, started


def one_clear_line(work: Work, clone: Path, found: subprocess.CompletedProcess[str], says: str) -> str:
    """The line with which a command stopped. Raises Fault unless it is clear, and nothing looks finished."""
    lines = [line for line in found.stderr.splitlines() if says in line]
    if found.returncode == 0:
        raise Fault(f"{work.name}: expected it to stop, and it ended well")
    if "Traceback" in found.stderr or not lines:
        raise Fault(f"{work.name}: expected one line with “{says}”, found {found.stderr[-600:]}")
    if done(work.finished, clone).returncode == 0 and work.name != "ingest":
        raise Fault(f"{work.name}: it stopped, and looks finished")
    return lines[0].strip()


def in_a_mount(script: str) -> list[str]:
    """What to put before a command so that ``script`` mounts something that only it sees."""
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", f'{script} && exec "$@"', "sh"]


def can_mount() -> bool:
    """Whether this machine lets us."""
    words = in_a_mount('mount -t tmpfs -o size=64k tmpfs "$PWD"')
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError):
        return subprocess.run([*words, "true"], cwd=folder, capture_output=True, check=False).returncode == 0
    return False


def full(folder: str) -> list[str]:
    """A disk on which ``folder`` is, without a free block."""
    return in_a_mount(
        f'scratch=$(mktemp -d) && cp -a {folder}/. "$scratch" && mount -t tmpfs -o size=256m tmpfs {folder}'
        f' && cp -a "$scratch"/. {folder} && rm -rf "$scratch"'
        f" && (cat /dev/zero > {folder}/.filler 2>/dev/null || true)"
    )


def fixed(folder: str) -> list[str]:
    """A disk on which ``folder`` can be read only."""
    return in_a_mount(f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}")


NO_SPACE, READ_ONLY, NOT_ALLOWED = "No space left on device", "Read-only file system", "Permission denied"


def stopped(
    works: Sequence[str], front: Callable[[Work], Sequence[str]], says: str
) -> Callable[[Path], list[str]]:
    """A circumstance in which each of ``works`` stops with a line that ``says`` why, and changes nothing."""

    def check(clone: Path) -> list[str]:
        lines = []
        for name in works:
            work = WORKS[name]
            work.begin(clone)
            before = work.state(clone)
            line = one_clear_line(work, clone, done(work.words, clone, front(work)), says)
            changed = {n for n, sha in work.state(clone).items() if before.get(n) != sha}
            if changed:
                raise Fault(f"{name}: it stopped, and changed {', '.join(sorted(changed))}")
            lines.append(f"{name}: {line}")
        return lines

    return check


def same(works: Sequence[str], front: Sequence[str] = (), **further: str) -> Callable[[Path], list[str]]:
    """A circumstance in which each of ``works`` ends well, with the bytes that it leaves anywhere."""

    def check(clone: Path) -> list[str]:
        lines = []
        for name in works:
            work = WORKS[name]
            states = []
            for begun in ((), front):
                work.begin(clone)
                found = done(work.words, clone, begun, **(further if begun is front else {}))
                if found.returncode:
                    raise Fault(f"{name}: expected it to work, found {found.stderr[-600:]}")
                states.append(work.state(clone))
            if states[0] != states[1]:
                raise Fault(f"{name}: it leaves other bytes there")
            lines.append(f"{name}: the same bytes")
        return lines

    return check


def both_at_once(clone: Path) -> list[str]:
    """Two builds started together: one waits for the other and finds the book current."""
    work = WORKS["book"]
    work.begin(clone)
    two = [started(work, clone, subprocess.PIPE) for _ in range(2)]
    said = [each.communicate() for each in two]
    if any(each.returncode for each in two):
        raise Fault(f"two at once: {' '.join(err[-300:] for _, err in said)}")
    waiting = sum("another build of this book is running" in err for _, err in said)
    if waiting != 1 or done(work.finished, clone).returncode:
        raise Fault(f"two at once: {waiting} said that it waits")
    return ["book: one waits for the other"]


def places(work: Work) -> str:
    """Where a command writes."""
    return {"run": "notebooks", "ingest": "data/series", "claims": "data", "book": "_build"}[work.name]


WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-all", "--inh-caps", "-all")


def closed(work: Work) -> list[str]:
    """Without the rights of root, in a checkout of which one folder may not be written to."""
    return [
        "sh",
        "-c",
        f'chmod 555 {places(work)} && trap "chmod 755 {places(work)}" EXIT && {" ".join(WITHOUT_RIGHTS)} "$@"',
        "sh",
    ]


# Under it the timers by which a kernel is waited for stand still, so that no notebook can be executed there.
FAKETIME = ("faketime", "2038-02-03 04:05:06")


@dataclass(frozen=True)
class Circumstance:
    """Where commands have to work or to say that they cannot; ``needs`` are programs, ``mounts`` the right to mount."""

    name: str
    check: Callable[[Path], list[str]]
    needs: tuple[str, ...] = ()
    mounts: bool = False

    def missing(self) -> str:
        """What this machine lacks for it; empty if nothing."""
        lacking = [name for name in self.needs if not shutil.which(name)]
        if lacking:
            return f"there is no {lacking[0]} here"
        return "mounting is not allowed here" if self.mounts and not can_mount() else ""


CIRCUMSTANCES = (
    Circumstance(
        "full disk",
        stopped(("ingest", "claims", "run", "book"), lambda work: full(places(work)), NO_SPACE),
        mounts=True,
    ),
    Circumstance(
        "data that cannot be written",
        stopped(("ingest", "claims"), lambda work: fixed("data"), READ_ONLY),
        mounts=True,
    ),
    Circumstance("a build from data that cannot be written", same(("book",), fixed("data")), mounts=True),
    Circumstance(
        "a folder without permission",
        stopped(("ingest", "claims", "run", "book"), closed, NOT_ALLOWED),
        needs=("setpriv",),
    ),
    Circumstance(
        "a clock in 2038",
        same(("ingest", "claims", "book"), FAKETIME),
        needs=("faketime",),
    ),
    Circumstance(
        "a plain locale",
        same(
            ("ingest", "claims", "run"),
            ("env",),
            LANG="C",
            LC_ALL="C",
            PYTHONUTF8="0",
            PYTHONCOERCECLOCALE="0",
        ),
    ),
    Circumstance("two builds at once", both_at_once),
)
