"""Run the whole of `make test` on every Python that the book is for and that is installed, and record the results.

    make interpreters
    python scripts/interpreters.py --only 3.13

For each of Python 3.11, 3.12 and 3.13 that is on the path, or below pyenv's folder, a fresh clone of this commit with
an environment of its own. What each run counted goes to ``book/interpreters.json``, from which the page of the status
is written; the last lines of a run that failed are printed, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from aleppo.bookkit import interpreters
from aleppo.bookkit.current import commit
from aleppo.bookkit.interpreters import Trial

ROOT = Path(__file__).resolve().parents[1]
WANTED = ("3.11", "3.12", "3.13")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--only", nargs="*", choices=WANTED, default=WANTED)
    chosen = words.parse_args().only
    there = installed(chosen, os.environ)
    for version in chosen:
        if version not in there:
            print(f"Python {version}: not installed here")
    trials = {version_of(trial): trial for trial in interpreters.read(ROOT)}
    for version, program in there.items():
        trial, said = run(program)
        trials[version] = trial
        print(f"Python {trial.python}: {trial.passed} passed, {trial.skipped} skipped, {trial.failed} failed")
        if trial.failed:
            print(said[-3000:])
        interpreters.write(ROOT, trials.values())
    return 1 if any(trial.failed for trial in trials.values()) else 0


def installed(wanted: Sequence[str], environment: Mapping[str, str]) -> dict[str, Path]:
    """Version → program of each wanted Python, the first that runs: on the path, else the newest that pyenv has."""
    pyenv = Path(environment.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    found = {}
    for version in wanted:
        on_path = shutil.which(f"python{version}", path=environment.get("PATH"))
        newest = sorted(
            pyenv.glob(f"{version}.*/bin/python"), key=lambda path: _numbers(path.parts[-3]), reverse=True
        )
        programs = [*([Path(on_path)] if on_path else []), *newest]
        usable = next((program for program in programs if is_version(program, version)), None)
        if usable:
            found[version] = usable
    return found


def is_version(program: Path, version: str) -> bool:
    """Whether ``program`` runs and is this Python; a stub that only names one is not."""
    ask = [str(program), "-c", "import sys, venv; print('%d.%d' % sys.version_info[:2])"]
    done = subprocess.run(ask, capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout.strip() == version


def version_of(trial: Trial) -> str:
    """The Python of a trial without its last number."""
    return ".".join(trial.python.split(".")[:2])


def run(program: Path) -> tuple[Trial, str]:
    """`make test` in a clone of this commit on the Python ``program``; what it counted, and what it said."""
    python = subprocess.run(
        [str(program), "-c", "import platform; print(platform.python_version())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    with tempfile.TemporaryDirectory() as scratch:
        clone, report = Path(scratch) / "book", Path(scratch) / "report.xml"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        tried = commit(clone)  # before the run: work goes on in the checkout meanwhile
        started = time.monotonic()
        done = subprocess.run(
            ["make", "test", f"PYTHON={program}"],
            cwd=clone,
            env={**os.environ, "PYTEST_ADDOPTS": f"--junitxml={report}"},
            capture_output=True,
            text=True,
            check=False,
        )
        seconds = time.monotonic() - started
        said = done.stdout + done.stderr
        if not report.is_file():  # it did not come as far as the tests
            return Trial(python, tried, 0, 0, 1, round(seconds)), said
        return interpreters.counted(report.read_text(encoding="utf-8"), python, tried, seconds), said


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


if __name__ == "__main__":
    sys.exit(main())
