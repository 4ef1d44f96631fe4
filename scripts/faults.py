"""Kill the commands that write, put them where they can hardly work, and look at what is left.

    make faults                      # KILLS=60
    python scripts/faults.py --only ingest run --kills 20

In a clone of this commit, in a folder with spaces and Arabic letters in its path. Each of ``aleppo run``, ``aleppo
ingest``, ``aleppo claims --accept`` and ``aleppo book`` is killed with SIGKILL at seeded random moments, half of them
near its end, where it writes; half of the kills take its children along, and half leave them orphans. After each kill
every file must be whole, as it was before or as an undisturbed run leaves it; nothing that is between the two may pass
for finished; and the same command must then end well, with the same bytes as if nothing had been.

The circumstances are a full disk, data that cannot be written, a folder without permission, a clock in 2038, a plain
locale, and two builds at once: a command works there, with the same bytes, or stops with one clear line and changes
nothing. Where the machine has no program to make a circumstance with, that is said. The exit code is 1 when anything
was found.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEED, KILLS = 20150930, 60
PLACE = "a place كتاب"
SPEAK = "import sys; from aleppo.cli import main; sys.exit(main())"
IS_BUILT = "import sys; from aleppo.bookkit import current; sys.exit(current.built() is None)"
EMPTIED = ("before-the-intervention", "events-timeline")
GONE = ""

State = dict[str, str]


class Fault(Exception):
    """Something that must not happen; the message says what."""


@dataclass(frozen=True)
class Work:
    """A command that writes: its words, the files that it may change, and how a state that it changes is made.

    ``wholes`` are folders that are replaced as one: their files are of one state or of none. ``finished`` are words
    of a command that ends with 0 exactly where the work looks done.
    """

    name: str
    words: tuple[str, ...]
    files: tuple[str, ...]
    begin: Callable[[Path], None]
    finished: tuple[str, ...]
    wholes: tuple[str, ...] = ()

    def state(self, clone: Path) -> State:
        """Path → SHA-256 of every file that the command may change; what is hidden does not count."""
        found = sorted({path for pattern in self.files for path in clone.glob(pattern) if path.is_file()})
        return {
            path.relative_to(clone).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in found
            if not path.name.startswith(".")
        }


# --- what is killed ---------------------------------------------------------------------------------------------------


def empty_notebooks(clone: Path) -> None:
    """Two notebooks as if they had never been executed."""
    import nbformat

    restore(clone, "notebooks")
    for name in EMPTIED:
        path = clone / "notebooks" / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.pop("aleppo", None)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, path)


def old_series(clone: Path) -> None:
    """The committed series of UCDP, beside a newer release that was made up for the tests."""
    restore(clone, "data")
    sys.path[:0] = [str(ROOT / "tests")]
    from made_release import write_release

    write_release(clone / "_build" / "release")


def old_ledger(clone: Path) -> None:
    """A ledger with one verdict that the evidence does not give."""
    restore(clone, "data")
    path = clone / "data" / "ledger.json"
    text = path.read_text(encoding="utf-8")
    changed = text.replace('"verdict": "supported"', '"verdict": "contested"', 1)
    if changed == text:
        raise Fault("the ledger has no supported claim to change")
    path.write_text(changed, encoding="utf-8")


def old_book(clone: Path) -> None:
    """A book of other days, marked as built from something else."""
    restore(clone, "notebooks", "data")
    build = clone / "_build"
    for name in ("html", "pdf", "epub"):
        shutil.rmtree(build / name, ignore_errors=True)
        (build / name).mkdir(parents=True)
    (build / "html" / "index.html").write_text("old")
    (build / "html" / "old.html").write_text("old")
    for kind in ("pdf", "epub"):
        (build / kind / f"the-turn-at-aleppo.{kind}").write_text("old")
    (build / "book.json").write_text('{"inputs": "", "outputs": "", "parts": ["epub", "html", "pdf"]}')


def restore(clone: Path, *names: str) -> None:
    """``names`` of the clone as they were committed, and nothing beside them."""
    subprocess.run(["git", "-C", str(clone), "checkout", "--quiet", "--", *names], check=True)
    subprocess.run(["git", "-C", str(clone), "clean", "-fdxq", "--", *names], check=True)


ALEPPO = (sys.executable, "-c", SPEAK)
WORKS = {
    work.name: work
    for work in (
        Work(
            "run",
            (*ALEPPO, "run"),
            ("notebooks/*", "data/**/*"),
            empty_notebooks,
            (*ALEPPO, "run", "--check"),
        ),
        Work(
            "ingest",
            (*ALEPPO, "ingest", "ucdp", "_build/release/GEDEvent_v26_1.csv"),
            ("data/**/*",),
            old_series,
            (*ALEPPO, "verify"),
        ),
        Work(
            "claims",
            (*ALEPPO, "claims", "--accept"),
            ("data/**/*",),
            old_ledger,
            (*ALEPPO, "claims", "--check"),
        ),
        Work(
            "book",
            (*ALEPPO, "book"),
            (
                "_build/html/**/*",
                "_build/pdf/*",
                "_build/epub/*",
                "_build/book.json",
                "notebooks/*",
                "data/**/*",
            ),
            old_book,
            (sys.executable, "-c", IS_BUILT),
            wholes=("_build/html",),
        ),
    )
}


# --- kills ------------------------------------------------------------------------------------------------------------


def make_clone(place: Path) -> Path:
    """This commit in a folder of its own below ``place``."""
    clone = place / PLACE
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    return clone


def surroundings(clone: Path, **further: str) -> dict[str, str]:
    """The environment in which the commands of the clone run."""
    kept = {name: value for name, value in os.environ.items() if name != "ALEPPO_DATA"}
    return {**kept, "PYTHONPATH": str(clone / "src"), **further}


def done(
    words: Sequence[str], clone: Path, front: Sequence[str] = (), **further: str
) -> subprocess.CompletedProcess[str]:
    """Run ``words`` in the clone, behind the program ``front`` if there is one, to the end."""
    return subprocess.run(
        [*front, *words],
        cwd=clone,
        env=surroundings(clone, **further),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )


def kill_often(work: Work, clone: Path, kills: int, seed: int) -> Iterator[str]:
    """Kill ``work`` so many times; a line on each, with what was left. Raises Fault."""
    draw = random.Random(f"{seed} {work.name}")
    work.begin(clone)
    before = work.state(clone)
    started = time.monotonic()
    whole = done(work.words, clone)
    seconds = time.monotonic() - started
    work.begin(clone)
    started = time.monotonic()  # the first time also fills caches
    done(work.words, clone)
    seconds = min(seconds, time.monotonic() - started)
    if whole.returncode:
        raise Fault(f"{work.name}: undisturbed it ended with {whole.returncode}: {whole.stderr[-300:]}")
    after = work.state(clone)
    if before == after:
        raise Fault(f"{work.name}: undisturbed it changed nothing")
    for number in range(kills):
        moment = draw.uniform(0, seconds) if number % 2 else seconds * draw.uniform(0.8, 1)
        family = draw.random() < 0.5
        work.begin(clone)
        killed = kill_once(work, clone, moment, family)
        left = judge(work, clone, before, after)
        again = done(work.words, clone)
        if again.returncode:
            raise Fault(
                f"{work.name}: after a kill at {moment:.2f} s the next run failed: {again.stderr[-300:]}"
            )
        if work.state(clone) != after:
            raise Fault(f"{work.name}: after a kill at {moment:.2f} s the next run left other bytes")
        ended = "killed" if killed else "ended by itself"
        with_whom = "with its children" if family else "alone"
        yield f"{work.name} {number + 1}: {ended} at {moment:.2f} of {seconds:.2f} s, {with_whom}; left {left}"


def kill_once(work: Work, clone: Path, moment: float, family: bool) -> bool:
    """Start ``work`` and kill it after so many seconds; whether it was still running."""
    process = subprocess.Popen(
        work.words,
        cwd=clone,
        env=surroundings(clone),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(moment)
        return False
    if family:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    return True


def judge(work: Work, clone: Path, before: State, after: State) -> str:
    """What is left after a kill, in a word. Raises Fault for half a file, and for what only looks finished."""
    left = work.state(clone)
    for name in sorted({*before, *after, *left}):
        if left.get(name, GONE) not in (before.get(name, GONE), after.get(name, GONE)) and name in left:
            raise Fault(f"{work.name}: {name} is neither what it was nor what it becomes")
    for folder in work.wholes:
        here, old, new = (
            {n: s for n, s in each.items() if n.startswith(folder)} for each in (left, before, after)
        )
        if here and here not in (old, new):
            raise Fault(f"{work.name}: {folder} is a mixture of old and new")
    looks_finished = done(work.finished, clone).returncode == 0
    if looks_finished and left not in (before, after):
        raise Fault(f"{work.name}: a state between the two passes for finished")
    return "as before" if left == before else "finished" if left == after else "between, and seen to be"


# --- circumstances ----------------------------------------------------------------------------------------------------


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
    two = [
        subprocess.Popen(
            work.words,
            cwd=clone,
            env=surroundings(clone),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
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


def shares(kills: int, names: Sequence[str]) -> Mapping[str, int]:
    """How many of the kills each command gets: a build takes ten times as long as the others, and gets a third."""
    turns = [name for name in names for _ in range(1 if name == "book" else 3)]
    return {name: sum(turns[number % len(turns)] == name for number in range(kills)) for name in names}


def named(words: Sequence[str] | None) -> list[Circumstance]:
    """The circumstances whose names hold one of ``words``: none for none, all where nothing was said."""
    return [each for each in CIRCUMSTANCES if words is None or any(word in each.name for word in words)]


def main(given: Sequence[str] | None = None) -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--kills", type=int, default=KILLS, help="over all commands together")
    words.add_argument("--seed", type=int, default=SEED)
    words.add_argument("--only", nargs="*", choices=list(WORKS), default=list(WORKS), help="commands to kill")
    words.add_argument(
        "--circumstances", nargs="*", metavar="WORDS", help="only those whose names hold a word"
    )
    chosen = words.parse_args(given)
    found, ends = 0, Counter[str]()
    with tempfile.TemporaryDirectory() as scratch:
        clone = make_clone(Path(scratch))
        for name, kills in shares(chosen.kills, chosen.only).items():
            try:
                for line in kill_often(WORKS[name], clone, kills, chosen.seed) if kills else ():
                    ends[line.rsplit("; left ", 1)[1]] += 1
                    print(line, flush=True)
            except Fault as fault:
                found += 1
                print(f"FAULT {fault}", flush=True)
        for each in named(chosen.circumstances):
            if lacking := each.missing():
                print(f"{each.name}: not tried, {lacking}")
                continue
            try:
                for line in each.check(clone):
                    print(f"{each.name}: {line}", flush=True)
            except Fault as fault:
                found += 1
                print(f"FAULT {each.name}: {fault}", flush=True)
    left = ", ".join(f"{count} {what}" for what, count in sorted(ends.items()))
    print(f"{sum(ends.values())} kills ({left}); {found or 'no'} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
