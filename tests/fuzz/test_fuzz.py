"""Any input of a stranger gives a result or an AleppoError: the seeds of past failures, and a short campaign.

`make fuzz` runs the long one, which writes down what it finds.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from inputs import SEEDS, edited, samples, seeds
from targets import TARGETS, on_the_books_own_data

from aleppo.evidence.errors import AleppoError

EXAMPLES = 12
PAST = [(target, path) for target in TARGETS for path in seeds(target)]


@pytest.fixture(autouse=True, scope="module")
def own_data() -> Iterator[None]:
    with on_the_books_own_data():
        yield


def outcome(target: str, content: bytes) -> str:
    """One line for an input that is refused, nothing for one that is taken."""
    try:
        TARGETS[target](content)
    except AleppoError as error:
        assert str(error).strip()
        return str(error)
    return ""


def test_every_folder_of_seeds_is_of_a_target() -> None:
    assert {path.name for path in SEEDS.iterdir()} <= set(TARGETS)
    assert PAST


@pytest.mark.parametrize(("target", "path"), PAST, ids=[f"{target}/{path.name}" for target, path in PAST])
def test_what_once_failed_is_a_result_or_an_error_for_its_reader(target: str, path: Path) -> None:
    outcome(target, path.read_bytes())


@pytest.mark.parametrize("target", [name for name in TARGETS if name != "verify"])
def test_a_sound_file_is_taken_so_that_the_campaign_begins_behind_the_first_check(target: str) -> None:
    assert "" in {outcome(target, content) for content in samples(target)[:3]}


@pytest.mark.parametrize("target", TARGETS)
def test_a_file_that_somebody_meddled_with_gives_a_result_or_an_error_for_its_reader(target: str) -> None:
    @seed(20151130)
    @settings(
        max_examples=3 if target == "verify" else EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(edited(target))
    def tried(content: bytes) -> None:
        outcome(target, content)

    tried()
