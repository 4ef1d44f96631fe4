"""The commands that write, as ``faults.py`` tries them: what each may change, where it begins, when it looks done."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
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


def make_clone(place: Path) -> Path:
    """This commit in a folder of its own below ``place``."""
    clone = place / PLACE
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    return clone


def surroundings(clone: Path, **further: str) -> dict[str, str]:
    """The environment in which the commands of the clone run."""
    kept = {name: value for name, value in os.environ.items() if name != "ALEPPO_DATA"}
    return {**kept, "PYTHONPATH": str(clone / "src"), **further}


def started(work: Work, clone: Path, output: int) -> subprocess.Popen[str]:
    """``work``, running in the clone with a session of its own; what it says goes to ``output``."""
    return subprocess.Popen(
        work.words,
        cwd=clone,
        env=surroundings(clone),
        stdout=output,
        stderr=output,
        text=True,
        start_new_session=True,
    )


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
