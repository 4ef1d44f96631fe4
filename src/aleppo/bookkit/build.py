"""Make the book: stale notebooks executed, then HTML, PDF and EPUB from the stored outputs, all or none.

Sphinx is run the way `jupyter-book build -W -n --keep-going` runs it (the same function with the same
configuration, without its command line), in processes of their own: one reads all pages, then from its document trees
come the web edition and, beside it, the print edition and the EPUB. Incremental builds hide warnings, therefore the
pages are read from nothing. Everything is built in a folder beside the book and moved into place at the end;
`_build/book.json`, which says what the book was built from, is taken away first and written last. A build that is
killed leaves the old book without that stamp, or no book, never one that looks finished and is not.

With other data than the repository's (``ALEPPO_DATA``) all of this happens in a workplace of its own; see
`aleppo.bookkit.other_data`.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aleppo.bookkit import current, editions, other_data
from aleppo.bookkit.current import BUILD, PARTS, STAMP, Built
from aleppo.bookkit.environment import inherited
from aleppo.bookkit.lock import only_one
from aleppo.bookkit.plural import counted
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic
from aleppo.evidence.paths import data_dir, repository, shown

if TYPE_CHECKING:
    from aleppo.bookkit.execute import Progress

__all__ = ["Built", "book"]

WORKSHOP = ".new-"
# Reads the pages, before any edition; what it says is wrong is told with what the editions say.
READING = "trees"
BUILDERS = {READING: "trees", "html": "html", "pdf": "typstpdf", "epub": "bookepub"}
READ = (0, 1)  # its exit codes when all pages are read, without and with warnings
# The newest release heads the changelog: "## 0.1.0 (2026-11-23)".
RELEASE = re.compile(r"^## \S+ \((\d{4}-\d{2}-\d{2})\)", re.MULTILINE)
ARTICLES = {"pdf": "a", "epub": "an"}
# Bytes without which a disk is full.
LEAST_ROOM = 1 << 20
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
# What Sphinx says besides what is wrong.
CHATTER = re.compile(
    r"^(build finished with problems|build succeeded|Exception occurred:|Please also report|A bug report can)"
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class _Part:
    """One face of the book under construction, or its reading: a child process and the folder it works in."""

    name: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def output(self) -> Path:
        return self.folder / self.name

    @property
    def file(self) -> Path:
        """The one file that a part other than the pages is."""
        return next(self.output.glob(f"*.{self.name}"))


def book(
    html_only: bool = False,
    force: bool = False,
    execute: bool = True,
    jobs: int = 2,
    say: Say | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build the book of this checkout, on its own data or those named, unless the one there is current.

    ``force`` builds in any case; ``execute`` says whether stale notebooks are executed or refused. ``say``
    hears what is being done, ``progress`` the steps of executing notebooks.

    Raises AleppoError, and leaves no book marked as finished, when a notebook fails or is stale, when a still
    is older than its figure, when prose has a typed figure, when the committed ledger of claims is not what the
    evidence gives now, or when a builder warned: every warning is listed with its page and line.
    """
    root, tell = repository(), say or (lambda message: None)
    data = data_dir().resolve()
    place = current.workplace(root, data)
    if not force and (there := current.built(root, html_only)):
        return there
    started = time.monotonic()
    with only_one(place / BUILD, tell):
        # Whoever held the lock may have built just this.
        if not force and (there := current.built(root, html_only)):
            return there
        if place != root:
            tell(f"working on copies in {shown(place)}, with the data in {shown(data)}")
            other_data.prepare(root, place, data)
        executed = _bring_up_to_date(place, execute, jobs, tell, progress)
        _judge_or_settle(root, place, tell)
        # the ledger of the repository's own data is checked while the builders work
        meanwhile = partial(_refuse_old_ledger, data) if place == root else None
        parts = ["html"] if html_only else list(PARTS)
        inputs = current.inputs_digest(root, data)
        (place / BUILD / STAMP).unlink(missing_ok=True)
        _build(place, parts, tell, meanwhile)
        write_atomic(place / BUILD / STAMP, current.stamp(place, inputs, parts))
    others = () if html_only else (current.pdf_file(place), current.epub_file(place))
    pdf, epub = others or (None, None)
    return Built(current.html_index(place), pdf, epub, executed, time.monotonic() - started)


def _bring_up_to_date(place: Path, execute: bool, jobs: int, say: Say, progress: Progress | None) -> int:
    """Execute the stale notebooks of ``place``, or refuse them; how many were executed."""
    from aleppo.bookkit.fingerprints import check, find_notebooks

    stale = check(find_notebooks(place / "notebooks"))
    if not stale:
        return 0
    if not execute:
        reasons = "\n".join(map(str, stale))
        raise AleppoError(f"{reasons}\n{counted(len(stale), 'notebook')} stale: run `aleppo run`")
    from aleppo.bookkit.execute import run

    say(f"executing {counted(len(stale), 'stale notebook')}")
    return len(run([each.notebook for each in stale], jobs, progress))


def _judge_or_settle(root: Path, place: Path, say: Say) -> None:
    """Refuse what is not up to date in the book of the repository's own data, and renew it in one of other data."""
    if place == root:
        _refuse_stale_stills()
        _refuse_typed_figures(root)
    else:
        other_data.settle_stills(root, place, say)
        other_data.settle_ledger(place, say)
        _tell_absent(place, say)


def _refuse_stale_stills() -> None:
    """Raise AleppoError when a still picture is not the one of the figure a notebook shows now."""
    from aleppo.bookkit.fingerprints import find_notebooks
    from aleppo.show import stills

    if stale := stills.stale(find_notebooks()):
        raise AleppoError("\n".join([*map(str, stale), "redraw with `aleppo stills` (it needs a Chromium)"]))


def _refuse_typed_figures(root: Path) -> None:
    """Raise AleppoError for a figure that is typed in prose, and for one that is computed and used nowhere."""
    from aleppo.bookkit import prose

    prose.check(root)


def _refuse_old_ledger(data: Path) -> None:
    """Raise AleppoError when the committed ledger of claims is not what the evidence gives now, change by change."""
    from aleppo.claims import ledger

    if changes := ledger.differences(ledger.committed(data), ledger.evaluate()):
        raise AleppoError(
            "\n".join(
                [
                    *changes,
                    f"{shown(data / ledger.LEDGER)}: read the changes, then run `aleppo claims --accept`",
                ]
            )
        )


def _tell_absent(place: Path, say: Say) -> None:
    """Say which chapters the data could not fill."""
    for name, absent in other_data.absent_chapters(place).items():
        say(f"{name}: the data have no {absent['table']}; its page says so")


def _build(root: Path, parts: Sequence[str], say: Say, meanwhile: Callable[[], None] | None = None) -> None:
    """Build ``parts`` in a new folder and put them in the place of the old ones.

    ``meanwhile`` is called while the builders work; what it raises ends them.
    """
    for left in (root / BUILD).glob(f"{WORKSHOP}*"):  # by a build that was killed
        shutil.rmtree(left, ignore_errors=True)
    # A new name each time: builders that outlived a killed build must not write into this one.
    workshop = Path(tempfile.mkdtemp(prefix=WORKSHOP, dir=root / BUILD))
    say(f"building {_listed([part.upper() for part in parts])}")
    try:
        begun, faults = _run(root, parts, workshop, meanwhile)
        if any(faults.values()):
            raise AleppoError("\n".join(_told_once(faults)))
        made = {part.name: part for part in begun}
        if "html" in made:
            others = {name: part.file for name, part in made.items() if name != "html"}
            released = int(_environment(root)["SOURCE_DATE_EPOCH"])
            editions.finish(made["html"].output, others, root, data_dir(), released)
        for part in reversed(begun):
            _put_in_place(root, part)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _run(
    root: Path, parts: Sequence[str], workshop: Path, meanwhile: Callable[[], None] | None
) -> tuple[list[_Part], dict[str, list[str]]]:
    """Run the builders of ``parts``; what was begun, and what each said is wrong.

    First the pages are read, then the editions are written side by side; also after a reading with warnings, so that
    all that is wrong is told at once. A single edition is read and written by one run of Sphinx.
    """
    environment = _environment(root)
    begun: dict[str, _Part] = {}
    turn, stopped = threading.Lock(), threading.Event()

    def run(names: Sequence[str]) -> dict[str, list[str]]:
        with turn:
            if not stopped.is_set():
                begun.update({name: _begin(root, name, workshop, environment) for name in names})
        return {name: _finish(root, begun[name]) for name in names if name in begun}

    def run_all() -> dict[str, list[str]]:
        if len(parts) == 1:
            return run(parts)
        faults = run([READING])
        whole = READING in begun and begun[READING].process.returncode in READ
        return faults | run(parts) if whole else faults

    with ThreadPoolExecutor(1) as pool:
        try:
            running = pool.submit(run_all)
            if meanwhile:
                meanwhile()
            faults = running.result()
        finally:
            with turn:
                stopped.set()
                for part in begun.values():
                    part.process.kill()
    return [begun[name] for name in parts if name in begun], faults


def _begin(root: Path, name: str, folder: Path, environment: dict[str, str]) -> _Part:
    """Start the builder of one part; what it says goes to files, so that it never waits for a reader."""
    folder.mkdir(exist_ok=True)
    command = builder_command(root, folder / name, BUILDERS[name])
    with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
        process = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=err)
    return _Part(name, folder, process)


def builder_command(root: Path, output: Path, builder: str) -> list[str]:
    """The command line of one run of Sphinx."""
    return [sys.executable, "-m", "aleppo.bookkit.sphinx_run", str(root), str(output), builder]


def _finish(root: Path, part: _Part) -> list[str]:
    """Wait for a part; the lines that say what is wrong with it, none if it is whole."""
    code = part.process.wait()
    said = (part.folder / f"{part.name}.err").read_text(encoding="utf-8", errors="replace")
    lines = [line for line in _readable(said, root) if not CHATTER.match(line)]
    if code == 0 and not lines:
        missing = part.name == "html" and not (part.output / "index.html").is_file()
        lines = ["the builder ended without index.html"] if missing else []
        if part.name in ARTICLES and len(list(part.output.glob(f"*.{part.name}"))) != 1:
            lines = [f"the builder ended without {ARTICLES[part.name]} {part.name.upper()}"]
    elif not lines:
        # with a full disk it could not even write down why
        full = shutil.disk_usage(part.folder).free < LEAST_ROOM
        lines = [f"the builder ended with code {code}{f' ({os.strerror(errno.ENOSPC)})' if full else ''}"]
    return lines


def _told_once(faults: dict[str, list[str]]) -> list[str]:
    """Lines of all parts, each with the parts it was said of; what both builders found is one line."""
    parts: dict[str, list[str]] = {}
    for name, lines in faults.items():
        for line in dict.fromkeys(lines):
            parts.setdefault(line, []).append(name)
    return [f"{'+'.join(names)}: {line}" for line, names in parts.items()]


def _readable(said: str, root: Path) -> list[str]:
    """The lines of ``said`` without colours, with paths as seen from the root of the book."""
    plain = COLOUR.sub("", said).replace(f"{root}{os.sep}", "")
    return [line.rstrip() for line in plain.splitlines() if line.strip()]


def _put_in_place(root: Path, part: _Part) -> None:
    """Move a finished part to where readers find it; the old one is gone only after the new one is there."""
    if part.name != "html":
        place = {"pdf": current.pdf_file, "epub": current.epub_file}[part.name](root)
        place.parent.mkdir(parents=True, exist_ok=True)
        part.file.replace(place)
        return
    place = root / BUILD / part.name
    old = part.folder / "old"
    if place.exists():
        place.rename(old)
    part.output.rename(place)


def _environment(root: Path) -> dict[str, str]:
    """The builders' environment: the dates in the book are those of its release, not of the build."""
    return {
        **inherited(),
        "ALEPPO_DATA": str(data_dir().resolve()),
        "PYTHONWARNINGS": "ignore",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or str(release_epoch(root)),
    }


def release_epoch(root: Path) -> int:
    """Seconds since 1970 of the newest release in CHANGELOG.md, at midnight UTC.

    Raises AleppoError when there is none: without it two builds on two days would differ.
    """
    file = root / "CHANGELOG.md"
    found = RELEASE.search(file.read_text(encoding="utf-8")) if file.is_file() else None
    try:
        date = datetime.fromisoformat(found[1] if found else "none")
    except ValueError as error:
        what = found[1] if found else "none"
        raise AleppoError(
            f"{shown(file)}: expected a heading `## VERSION (YYYY-MM-DD)`, found {what}"
        ) from error
    return int(date.replace(tzinfo=UTC).timestamp())


def _listed(words: Sequence[str]) -> str:
    """Words as a list: "HTML, PDF and EPUB"."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
