"""The runs of the tests on each Python: counted from pytest's own report, recorded, told on the page of the status."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

import own_scripts
from aleppo.bookkit import interpreters
from aleppo.bookkit.current import commit
from aleppo.bookkit.interpreters import Trial
from aleppo.bookkit.status import interpreters_table
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository

REPORT = '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="4" tests="100"/></testsuites>'
OLD, NEW = Trial("3.9.18", "a" * 12, 5, 0, 0, 60), Trial("3.12.1", "b" * 12, 93, 4, 3, 150)


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return own_scripts.script("interpreters")


def program(path: Path, says: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!/bin/sh\necho {says}\nexit {code}\n")
    path.chmod(0o755)
    return path


def test_a_report_is_counted_and_an_error_is_a_failure() -> None:
    assert interpreters.counted(REPORT, "3.12.1", "b" * 12, 149.6) == NEW


@pytest.mark.parametrize("report", ["", "<testsuite/>", '<testsuite tests="many" skipped="0"/>'])
def test_a_text_that_is_no_report_is_refused(report: str) -> None:
    with pytest.raises(AleppoError, match="expected a JUnit report of pytest, found"):
        interpreters.counted(report, "3.12.1", "", 1.0)


def test_trials_are_kept_in_the_order_of_their_pythons(tmp_path: Path) -> None:
    assert interpreters.read(tmp_path) == []
    interpreters.write(tmp_path, [NEW, OLD])
    assert interpreters.read(tmp_path) == [OLD, NEW]


@pytest.mark.parametrize("text", ["", "[]", '{"trials": [{"python": "3.12"}]}', '{"trials": 1}'])
def test_another_file_in_the_place_of_the_record_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / interpreters.RECORD).write_text(text)
    with pytest.raises(
        AleppoError, match=r"^book/interpreters\.json: expected what `make interpreters` writes"
    ):
        interpreters.read(tmp_path)


def test_the_page_tells_each_run_with_its_commit_and_what_failed() -> None:
    table = interpreters_table([OLD, NEW])
    row = table.split("3.12.1", 1)[1]
    cells = [cell.strip(" *-") for cell in row.splitlines() if cell.strip()]
    assert cells[:-1] == [f"`{'b' * 12}`", "93", "4", "3", "2"]
    assert interpreters_table([]).startswith("No run of the tests was recorded")


def test_a_trial_belongs_to_the_commit_that_it_began_with(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # this one's tests commit to the checkout that they were cloned from, and write the report
    commits = "git -c user.name=A -c user.email=a@example.org commit --quiet --allow-empty -m More"
    (tmp_path / "Makefile").write_text(
        "test:\n"
        f'\tcd "$$(git config remote.origin.url)" && {commits}\n'
        f"\techo '{REPORT}' > \"$${{PYTEST_ADDOPTS#*=}}\"\n"
    )
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    subprocess.run([*git, "add", "Makefile"], check=True)
    subprocess.run([*git, *commits.split()[1:]], check=True)
    monkeypatch.setattr(script, "ROOT", tmp_path)
    began = commit(tmp_path)
    trial, _ = script.run(Path(sys.executable))
    assert trial.commit == began != commit(tmp_path)
    assert (trial.passed, trial.failed, trial.skipped) == (93, 3, 4)


def test_the_record_of_the_book_is_readable() -> None:
    assert all(trial.passed for trial in interpreters.read(repository()))


def test_pythons_are_found_on_the_path_first_and_stubs_are_no_pythons(
    script: ModuleType, tmp_path: Path
) -> None:
    versions = tmp_path / "pyenv" / "versions"
    program(versions / "3.12.1" / "bin" / "python", "3.12")
    newest = program(versions / "3.12.10" / "bin" / "python", "3.12")
    program(tmp_path / "bin" / "python3.12", "'pyenv: python3.12: command not found'", 127)
    on_path = program(tmp_path / "path" / "python3.13", "3.13")
    places = os.pathsep.join(str(tmp_path / name) for name in ("bin", "path"))
    environment = {"PYENV_ROOT": str(tmp_path / "pyenv"), "PATH": places}
    assert script.installed(script.WANTED, environment) == {"3.12": newest, "3.13": on_path}


def test_this_python_is_recognised(script: ModuleType) -> None:
    assert script.is_version(Path(sys.executable), f"{sys.version_info.major}.{sys.version_info.minor}")
    assert not script.is_version(Path(sys.executable), "2.7")


def test_the_oldest_that_is_wanted_is_the_oldest_that_the_package_is_for(script: ModuleType) -> None:
    project = tomllib.loads((repository() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == f">={script.WANTED[0]}"
