"""Commands killed while they write, short: `make faults` does the same for longer, to more of them, and worse."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import own_scripts
from aleppo.evidence.paths import repository


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return own_scripts.script("faults")


@pytest.fixture(scope="module")
def clone(script: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    if not (repository() / ".git").exists() or not shutil.which("git"):
        pytest.skip("a clone can be made of a repository only")
    place = tmp_path_factory.mktemp("faults")
    yield script.make_clone(place)
    shutil.rmtree(place)


@pytest.mark.parametrize(("work", "kills"), [("ingest", 3), ("run", 1)])
def test_a_killed_command_leaves_whole_files_and_the_next_run_ends_well(
    work: str, kills: int, script: ModuleType, clone: Path
) -> None:
    assert len(list(script.kill_often(script.WORKS[work], clone, kills, script.SEED))) == kills


def words(*given: str) -> tuple[str, ...]:
    """A command of the tests: a line of Python."""
    return (sys.executable, "-c", *given)


WRITES_HALF = "import time; f = open('out', 'w'); f.write('ne'); f.flush(); time.sleep(60)"


@pytest.mark.parametrize(
    ("left", "finished", "fault"),
    [
        ({"a": "old", "b": "old"}, 0, ""),
        ({"a": "new", "b": "new"}, 0, ""),
        ({"a": "new", "b": "old"}, 1, ""),
        ({"b": "old"}, 1, ""),
        ({"a": "new", "b": "old"}, 0, "a state between the two passes for finished"),
        ({"a": "half", "b": "old"}, 1, "a is neither what it was nor what it becomes"),
        ({"a": "old", "b": "old", "c": "half"}, 1, "c is neither what it was nor what it becomes"),
    ],
)
def test_what_a_kill_leaves_is_judged(
    left: dict[str, str], finished: int, fault: str, script: ModuleType, tmp_path: Path
) -> None:
    work = script.Work("work", (), ("*",), lambda clone: None, words(f"raise SystemExit({finished})"))
    states = []
    for state in ({"a": "old", "b": "old"}, {"a": "new", "b": "new"}, left):
        for path in tmp_path.iterdir():
            path.unlink()
        for name, text in state.items():
            (tmp_path / name).write_text(text)
        states.append(work.state(tmp_path))
    if fault:
        with pytest.raises(script.Fault, match=fault):
            script.judge(work, tmp_path, *states[:2])
    else:
        assert script.judge(work, tmp_path, *states[:2])


def test_a_folder_that_is_replaced_as_one_is_no_mixture(script: ModuleType, tmp_path: Path) -> None:
    work = script.Work("work", (), ("book/*",), lambda clone: None, words("raise SystemExit(1)"), ("book",))
    (tmp_path / "book").mkdir()
    states = []
    for texts in (("old", "old"), ("new", "new"), ("old", "new")):
        for name, text in zip("ab", texts, strict=True):
            (tmp_path / "book" / name).write_text(text)
        states.append(work.state(tmp_path))
    with pytest.raises(script.Fault, match="book is a mixture of old and new"):
        script.judge(work, tmp_path, *states[:2])


def test_a_command_that_writes_in_place_is_found_out(script: ModuleType, tmp_path: Path) -> None:
    def begin(clone: Path) -> None:
        (clone / "out").write_text("old")

    begin(tmp_path)
    work = script.Work("work", words(WRITES_HALF), ("out",), begin, words("raise SystemExit(1)"))
    before = work.state(tmp_path)
    while work.state(tmp_path) == before:
        assert script.kill_once(work, tmp_path, 1.0, family=True)
    half = work.state(tmp_path)
    (tmp_path / "out").write_text("new")
    after = work.state(tmp_path)
    (tmp_path / "out").write_text("ne")
    assert work.state(tmp_path) == half
    with pytest.raises(script.Fault, match="out is neither what it was nor what it becomes"):
        script.judge(work, tmp_path, before, after)


def test_kills_are_shared_out_and_at_least_fifty_over_all(script: ModuleType) -> None:
    assert script.shares(10, ["a", "b", "book"]) == {"a": 6, "b": 3, "book": 1}
    assert sum(script.shares(script.KILLS, list(script.WORKS)).values()) == script.KILLS
    assert script.KILLS >= 50
    assert set(script.WORKS) == {"run", "ingest", "claims", "book"}


def test_a_program_that_is_not_there_is_said(script: ModuleType) -> None:
    circumstance = script.Circumstance("far away", lambda clone: [], needs=("no-such-program",))
    assert circumstance.missing() == "there is no no-such-program here"
