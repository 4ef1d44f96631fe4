"""Build the book twice from this commit, under circumstances as different as they come, and compare every byte.

    make reproduce

Two clones in folders of different names (one with spaces and Arabic letters), with different locales, time zones,
hash seeds and numbers of cores and, where the program ``faketime`` is installed, on different days: one of them in
2038. What differs is listed, and the exit code is 1; nothing differs, and it is 0.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = "_build"
# The book; what else the build leaves beside it says when and where that was, and is kept for the next one.
BOOK = ("html", "pdf", "epub")


@dataclass(frozen=True)
class Circumstances:
    """Where and how one of the two is built: name of its folder, environment, cores, and the day by the clock."""

    folder: str
    environment: dict[str, str] = field(default_factory=dict)
    cores: str = ""
    day: str = ""

    def command(self, words: Sequence[str]) -> list[str]:
        """``words`` under this clock and on these cores, as far as the machine has the programs for it."""
        front: list[str] = []
        if self.cores and shutil.which("taskset"):
            front += ["taskset", "-c", self.cores]
        if self.day and shutil.which("faketime"):
            front += ["faketime", self.day]
        return [*front, *words]


HERE = Circumstances("a", {"LANG": "C", "LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}, cores="0")
ELSEWHERE = Circumstances(
    "another place كتاب",
    {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "Asia/Damascus", "PYTHONHASHSEED": "4711"},
    day="2038-02-03 04:05:06",
)


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--keep", type=Path, help="keep the two builds in this folder")
    kept = words.parse_args().keep
    with tempfile.TemporaryDirectory() as scratch:
        place = kept.resolve() if kept else Path(scratch)
        trees = [build(ROOT, place, circumstances) for circumstances in (HERE, ELSEWHERE)]
        if not shutil.which("faketime"):
            print("both on the same day: there is no faketime here")
        found = differences(*(hashes(tree) for tree in trees))
        for line in found:
            print(line)
        count = len(hashes(trees[0]))
    print(f"{count} files, {len(found)} differ" if found else f"{count} files, the same bytes twice")
    return 1 if found else 0


def build(source: Path, place: Path, circumstances: Circumstances) -> Path:
    """Clone ``source`` below ``place`` and build the book there; the folder of what was built."""
    clone = place / circumstances.folder
    subprocess.run(["git", "clone", "--quiet", str(source), str(clone)], check=True)
    environment = {**os.environ, **circumstances.environment, "PYTHONPATH": str(clone / "src")}
    make = [sys.executable, "-c", "import sys; from aleppo.cli import main; sys.exit(main(['book']))"]
    subprocess.run(circumstances.command(make), cwd=clone, env=environment, check=True)
    return clone / BUILD


def hashes(tree: Path) -> dict[str, str]:
    """Path → SHA-256 of every file of a build; what stands beside the book does not count."""
    return {
        path.relative_to(tree).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(tree.rglob("*"))
        if path.is_file() and path.relative_to(tree).parts[0] in BOOK
    }


def differences(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """A line for each file that only one build has, or that is not the same in both."""
    lines = [f"only in the first: {name}" for name in one if name not in other]
    lines += [f"only in the second: {name}" for name in other if name not in one]
    return lines + [f"differs: {name}" for name in one if name in other and one[name] != other[name]]


if __name__ == "__main__":
    sys.exit(main())
