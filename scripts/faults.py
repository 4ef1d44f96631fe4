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
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from faults_circumstances import CIRCUMSTANCES, Circumstance
from faults_work import GONE, WORKS, Fault, State, Work, done, make_clone, started

SEED, KILLS = 20150930, 60


def kill_often(work: Work, clone: Path, kills: int, seed: int) -> Iterator[str]:
    """Kill ``work`` so many times; a line on each, with what was left. Raises Fault."""
    draw = random.Random(f"{seed} {work.name}")
    work.begin(clone)
    before = work.state(clone)
    begun = time.monotonic()
    whole = done(work.words, clone)
    seconds = time.monotonic() - begun
    work.begin(clone)
    begun = time.monotonic()  # the first time also fills caches
    done(work.words, clone)
    seconds = min(seconds, time.monotonic() - begun)
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
    process = started(work, clone, subprocess.DEVNULL)
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
