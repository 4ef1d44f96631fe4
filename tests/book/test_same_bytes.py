"""The published book once more, elsewhere: in a folder of another name, in other surroundings, on another day."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

import own_scripts
from aleppo.bookkit.current import PARTS, commit
from aleppo.evidence.paths import repository

pytestmark = [pytest.mark.built, pytest.mark.slow]


@pytest.fixture(scope="module")
def reproduce() -> ModuleType:
    return own_scripts.script("reproduce")


def test_a_build_elsewhere_gives_the_same_bytes(
    reproduce: ModuleType, built_book: Path, tmp_path: Path
) -> None:
    made_of = commit(repository())
    if not made_of or made_of.endswith("+"):
        pytest.skip("only a commit can be built elsewhere, and files here differ from it")
    there = reproduce.hashes(reproduce.build(repository(), tmp_path, reproduce.ELSEWHERE))
    here = reproduce.hashes(built_book.parent)
    assert reproduce.BOOK == PARTS and len(here) > 300
    assert reproduce.differences(here, there) == []
