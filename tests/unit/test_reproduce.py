"""Two builds compared: what counts as the book, what as a difference, and under which circumstances they are made."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

import own_scripts


@pytest.fixture(scope="module")
def script() -> ModuleType:
    return own_scripts.script("reproduce")


def tree(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def test_every_file_of_a_build_counts_but_what_says_when_it_was_made(
    script: ModuleType, tmp_path: Path
) -> None:
    built = tree(tmp_path, html__index="a", pdf__book="b", **{"book.json": "c", "other-data__x": "d"})
    assert sorted(script.hashes(built)) == ["html/index", "pdf/book"]


def test_a_file_that_is_not_the_same_in_both_is_named(script: ModuleType, tmp_path: Path) -> None:
    one = script.hashes(tree(tmp_path / "1", html__a="1", html__b="1", html__c="1"))
    other = script.hashes(tree(tmp_path / "2", html__a="1", html__b="2", html__d="1"))
    assert script.differences(one, other) == [
        "only in the first: html/c",
        "only in the second: html/d",
        "differs: html/b",
    ]
    assert script.differences(one, dict(one)) == []


def test_the_two_are_built_under_other_circumstances(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    here, elsewhere = script.HERE, script.ELSEWHERE
    assert here.command(["make"]) == ["taskset", "-c", "0", "make"]
    assert elsewhere.command(["make"]) == ["faketime", elsewhere.day, "make"]
    assert all(
        here.environment[name] != elsewhere.environment[name] for name in ("LANG", "TZ", "PYTHONHASHSEED")
    )
    assert not elsewhere.folder.isascii()
