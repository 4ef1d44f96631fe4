"""What the commands print, how they exit, and that no mendable error shows a traceback."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_notebooks import make_data, write_notebook

from aleppo import __version__
from aleppo.bookkit.current import Built
from aleppo.bookkit.execute import Executed
from aleppo.bookkit.fingerprints import Stale
from aleppo.cli import main
from aleppo.cli.progress import book_progress, notebook_progress, working
from aleppo.evidence.errors import AleppoError, Fault
from aleppo.evidence.paths import repository
from aleppo.evidence.verify import Report

COMMAND = [sys.executable, "-c", "import sys; from aleppo.cli import main; sys.exit(main())"]
# Named like functions of their package, which the dotted path would find instead.
LOAD, VERIFY = map(importlib.import_module, ("aleppo.evidence.load", "aleppo.evidence.verify"))
COMMANDS = ("book", "break", "ingest", "multiverse", "run", "sidecars", "sources", "stills", "verify")


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " not in listed] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert f"Usage: aleppo {name}" in capsys.readouterr().out


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"aleppo, version {__version__}\n"


def test_help_waits_for_nothing_heavy() -> None:
    heavy = ("pandas", "plotly", "sphinx", "nbclient", "rich", "yaml")
    asked = (
        "import sys; from aleppo.cli import main; main(['--help']); "
        f"sys.stderr.write(str([name for name in {heavy} if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stderr == "[]"


WRONG_USE = {
    "an unknown command": ["nothing"],
    "an unknown option": ["run", "--fast"],
    "no job": ["run", "--jobs", "0"],
    "a publisher without a file": ["ingest", "vdc"],
}


@pytest.mark.parametrize("words", WRONG_USE.values(), ids=WRONG_USE)
def test_wrong_use_exits_with_2_and_says_how_to_go_on(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    assert "Try 'aleppo" in capsys.readouterr().err


MENDABLE = {
    "a folder that is not there": (
        ["verify", "/nowhere/at/all"],
        "/nowhere/at/all: expected a folder of data",
    ),
    "an unknown publisher": (["ingest", "nobody", "x.csv"], "nobody: expected a publisher, one of "),
    "a file that is not there": (["ingest", "vdc", "/nowhere.csv"], "/nowhere.csv: expected a file"),
    "an unknown notebook": (["run", "nothing"], "nothing: expected a notebook, found nothing there"),
}


@pytest.mark.parametrize(("words", "message"), MENDABLE.values(), ids=MENDABLE)
def test_what_the_reader_can_mend_is_one_line_and_exits_with_1(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(message)
    assert len(said.err.splitlines()) == 1


def test_a_mistake_of_the_program_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VERIFY, "verify", lambda data: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["verify"])


def test_stopping_from_the_keyboard_exits_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stop(data: Path) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(VERIFY, "verify", stop)
    assert main(["verify"]) == 130
    assert capsys.readouterr().err == "aleppo: stopped\n"


def test_a_reader_who_closes_the_pipe_hears_no_complaint() -> None:
    process = subprocess.Popen(
        [*COMMAND, "ingest", "--list"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=20) == 0


def test_verify_ends_with_what_was_verified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(VERIFY, "verify", lambda data: Report((), 25, 9000, 900))
    assert main(["verify"]) == 0
    assert capsys.readouterr().out == "data verified: 25 tables, 9,000 rows, 900 sources\n"


def test_verify_lists_every_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faults = (Fault("a.csv", 2, "value", "a number", "'x'"), Fault("b.csv", 0, "", "a file", "nothing there"))
    monkeypatch.setattr(VERIFY, "verify", lambda data: Report(faults, 0, 0, 0))
    assert main(["verify"]) == 1
    assert capsys.readouterr().err.splitlines() == [
        "a.csv: row 2, column value: expected a number, found 'x'",
        "b.csv: expected a file, found nothing there",
        "data not verified: 2 faults",
    ]


@pytest.fixture
def notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEPPO_DATA", str(make_data(tmp_path / "data")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("aleppo.evidence.paths.repository", lambda: tmp_path)
    monkeypatch.setattr("aleppo.bookkit.fingerprints.repository", lambda: tmp_path)
    monkeypatch.setattr("aleppo.bookkit.execute.repository", lambda: tmp_path)
    return write_notebook(tmp_path / "notebooks" / "one.ipynb", "1 + 1")


def test_run_check_lists_stale_notebooks_and_exits_with_1(
    notebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = notebook.read_bytes()
    assert main(["run", "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "notebooks/one.ipynb: never executed by `aleppo run`",
        "1 notebook, 1 stale",
    ]
    assert notebook.read_bytes() == before


def test_run_executes_what_is_stale_and_then_has_nothing_to_do(
    notebook: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run"]) == 0
    said = capsys.readouterr()
    assert said.out == "1 notebook, 1 executed, 1 changed\n"
    assert said.err.startswith("executed one (")
    assert main(["run", "one"]) == 0
    assert capsys.readouterr().out == "1 notebook, 0 executed, 0 changed\n"
    assert main(["run", "--check", "notebooks/one.ipynb"]) == 0


def test_run_passes_its_options_on(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[object, ...]] = []

    def listen(paths: list[Path], jobs: int, progress: object, every: bool) -> list[Executed]:
        asked.append((paths, jobs, every))
        return [Executed(notebook, 1.0, (), False)]

    monkeypatch.setattr("aleppo.bookkit.execute.run", listen)
    assert main(["run", "--all", "--jobs", "3"]) == 0
    assert asked == [([notebook], 3, True)]
    assert capsys.readouterr().out == "1 notebook, 1 executed, 0 changed\n"


def test_a_terminal_gets_a_bar_for_each_notebook(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    from aleppo.bookkit.execute import run

    with notebook_progress() as progress:
        run([notebook], progress=progress)
    assert "1/1 cells" in capsys.readouterr().err


def test_a_terminal_is_told_what_goes_on_while_the_book_is_built_or_data_are_verified(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with book_progress() as (say, _):
        say("building HTML and PDF")
        say("packing")
    said = capsys.readouterr().err
    assert "building HTML and PDF" in said
    assert "packing" in said
    with working("verifying the data"):
        pass
    assert "verifying the data" in capsys.readouterr().err


def test_a_log_gets_one_line_for_each_stage_and_none_for_waiting(capsys: pytest.CaptureFixture[str]) -> None:
    with book_progress() as (say, _), working("verifying the data"):
        say("building HTML and PDF")
    assert capsys.readouterr().err == "building HTML and PDF\n"


def built_by(monkeypatch: pytest.MonkeyPatch, folder: Path, seconds: float) -> list[tuple[object, ...]]:
    """Make `aleppo book` build nothing and return a book in ``folder``; the options it was asked with."""
    asked: list[tuple[object, ...]] = []

    def make(html_only: bool, force: bool, execute: bool, **_: object) -> Built:
        asked.append((html_only, force, execute))
        others = (
            [None, None]
            if html_only
            else [folder / "_build" / kind / f"book.{kind}" for kind in ("pdf", "epub")]
        )
        return Built(folder / "_build" / "html" / "index.html", *others, 0, seconds)

    monkeypatch.setattr("aleppo.bookkit.current.built", lambda root=None, html_only=False: None)
    monkeypatch.setattr("aleppo.bookkit.build.book", make)
    monkeypatch.chdir(folder)
    return asked


def test_book_prints_where_the_editions_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = built_by(monkeypatch, tmp_path, 4.26)
    assert main(["book"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "the book is built in 4.3 s",
        "HTML  _build/html/index.html",
        "PDF   _build/pdf/book.pdf",
        "EPUB  _build/epub/book.epub",
    ]
    assert asked == [(False, False, True)]


def test_book_passes_its_options_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = built_by(monkeypatch, tmp_path, 4.26)
    assert main(["book", "--html-only", "--force", "--no-run"]) == 0
    assert asked == [(True, True, False)]
    said = capsys.readouterr().out
    assert "PDF" not in said and "EPUB" not in said


def test_book_says_that_nothing_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = built_by(monkeypatch, tmp_path, 4.26)
    there = Built(tmp_path / "_build" / "html" / "index.html", None)
    monkeypatch.setattr("aleppo.bookkit.current.built", lambda root=None, html_only=False: there)
    assert main(["book"]) == 0
    assert capsys.readouterr().out.startswith("the book is current: nothing changed since it was built\n")
    assert asked == []


def test_a_book_that_cannot_be_built_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> Built:
        raise AleppoError(str(Stale(tmp_path / "one.ipynb", ("its code cells changed",))))

    built_by(monkeypatch, tmp_path, 1.0)
    monkeypatch.setattr("aleppo.bookkit.build.book", refuse)
    assert main(["book"]) == 1
    assert capsys.readouterr().err == "one.ipynb: its code cells changed\n"


def test_stills_check_lists_what_is_stale(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("aleppo.show.stills.stale", lambda notebooks: ["book/figures/a.svg: missing"])
    assert main(["stills", "--check"]) == 1
    assert capsys.readouterr().out.splitlines() == ["book/figures/a.svg: missing", "1 stale still"]


def test_stills_names_what_was_written_and_what_was_removed(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = notebook.with_name("drawn.svg")
    drawn.write_text("<svg/>")
    gone = notebook.with_name("gone.svg")
    monkeypatch.setattr("aleppo.show.stills.redraw", lambda notebooks, everything: [drawn, gone])
    assert main(["stills"]) == 0
    assert capsys.readouterr().out.splitlines() == ["wrote notebooks/drawn.svg", "removed notebooks/gone.svg"]


def test_sources_are_written_once_and_then_current(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(LOAD, "load", lambda name: name)
    monkeypatch.setattr("aleppo.evidence.sources.bibtex", lambda table: f"% {table}\n")
    assert main(["sources", "--check"]) == 1
    assert capsys.readouterr().err == "book/references.bib: stale; run `aleppo sources`\n"
    assert main(["sources"]) == 0
    assert capsys.readouterr().out == "wrote book/references.bib\n"
    assert (Path.cwd() / "book" / "references.bib").read_text() == "% sources\n"
    assert main(["sources", "--check"]) == 0
    assert capsys.readouterr().out == "book/references.bib current\n"


def test_stale_sidecars_are_named(
    notebook: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = [Path.cwd() / "data" / "evidence" / "places.yml"]
    monkeypatch.setattr("aleppo.evidence.manifest.stale_sidecars", lambda data: stale)
    monkeypatch.setattr("aleppo.evidence.manifest.write_sidecars", lambda data: stale)
    assert main(["sidecars", "--check"]) == 1
    assert capsys.readouterr().err == "data/evidence/places.yml: stale; run `aleppo sidecars`\n"
    assert main(["sidecars"]) == 0
    assert capsys.readouterr().out == "wrote data/evidence/places.yml\n1 written\n"


def test_the_installed_command_runs() -> None:
    command = Path(sys.executable).with_name("aleppo")
    done = subprocess.run(
        [command, "--version"], capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_disk_that_refuses_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(repository() / "_build" / "book.json"))

    monkeypatch.setattr("aleppo.bookkit.build.book", refuse)
    monkeypatch.setattr("aleppo.bookkit.current.built", lambda *_: None)
    assert main(["book", "--force"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("_build/book.json: Permission denied")
