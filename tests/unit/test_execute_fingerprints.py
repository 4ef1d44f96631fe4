"""When stored outputs are stale, and what is said about it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from small_notebooks import code, edit, make_data, markdown, write_notebook

from aleppo.bookkit.fingerprints import STRATA, Surroundings, check, find_notebooks, read_notebook, record
from aleppo.evidence.errors import AleppoError


class Place:
    """A folder of data, a package and one executed notebook that loaded ``places`` and ``deaths``."""

    def __init__(self, folder: Path) -> None:
        self.data = make_data(folder / "data")
        self.package = folder / "package"
        for name in (*STRATA, "ingest", "bookkit", "cli"):
            (self.package / name).mkdir(parents=True)
            (self.package / name / "module.py").write_text("x = 1\n")
        self.notebook = write_notebook(
            folder / "notebooks" / "one.ipynb",
            markdown("# One"),
            code("a = 1", execution_count=1),
            code("a", execution_count=2),
        )
        self.execute("places", "deaths")

    def around(self) -> Surroundings:
        return Surroundings(self.data, self.package)

    def execute(self, *loads: str) -> None:
        def stamp(content: dict) -> None:
            content["metadata"]["aleppo"] = record(content, loads, self.around())

        edit(self.notebook, stamp)

    def reasons(self) -> tuple[str, ...]:
        stale = check([self.notebook], self.around())
        return stale[0].reasons if stale else ()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.chdir(tmp_path)
    return Place(tmp_path)


def in_cells(change: Callable[[list], object]) -> Callable[[Place], None]:
    return lambda place: edit(place.notebook, lambda content: change(content["cells"]))


def test_a_notebook_just_executed_is_current(place: Place) -> None:
    assert place.reasons() == ()


CURRENT = {
    "the prose changed": in_cells(lambda cells: cells[0].update(source="# Other words")),
    "a Markdown cell was added": in_cells(lambda cells: cells.append(markdown("More."))),
    "a cell is stored as lines": in_cells(lambda cells: cells[1].update(source=["a ", "= 1"])),
    "a table that it does not load changed": lambda place: (
        place.data / "evidence" / "events.csv"
    ).write_text("key,value\na,9\n"),
    "a sidecar's list of chapters changed": lambda place: (place.data / "evidence" / "places.yml").write_text(
        "title: A table\nretrieved: '2026-11-23'\nchapters: [one]\n"
    ),
    "the command line changed": lambda place: (place.package / "cli" / "module.py").write_text("x = 2\n"),
    "a loader changed": lambda place: (place.package / "ingest" / "module.py").write_text("x = 2\n"),
    "a module was compiled": lambda place: (
        (place.package / "show" / "__pycache__").mkdir(),
        (place.package / "show" / "__pycache__" / "module.pyc").write_bytes(b"0"),
    ),
}


@pytest.mark.parametrize("change", CURRENT.values(), ids=CURRENT)
def test_it_stays_current_when(change: Callable[[Place], object], place: Place) -> None:
    change(place)
    assert place.reasons() == ()


STALE = {
    "a code cell changed": (
        in_cells(lambda cells: cells[1].update(source="a = 2")),
        "its code cells changed",
    ),
    "code cells changed places": (in_cells(lambda cells: cells.reverse()), "its code cells changed"),
    "another kernel is named": (
        lambda place: edit(place.notebook, lambda c: c["metadata"].update(kernelspec={"name": "other"})),
        "its code cells changed",
    ),
    "a code cell was added": (
        in_cells(lambda cells: cells.append(code("b = 1"))),
        "code cell 3 was not executed; its code cells changed",
    ),
    "outputs were stripped": (
        in_cells(lambda cells: [cell.update(execution_count=None, outputs=[]) for cell in cells[1:]]),
        "code cell 1 was not executed",
    ),
    "a row of a table changed": (
        lambda place: (place.data / "evidence" / "places.csv").write_text("key,value\na,1\nb,3\n"),
        "data/evidence/places.csv changed",
    ),
    "a row of a series changed": (
        lambda place: (place.data / "series" / "deaths.csv").write_text("key,value\na,1\n"),
        "data/series/deaths.csv changed",
    ),
    "the vintage of a table changed": (
        lambda place: (place.data / "evidence" / "places.yml").write_text("retrieved: '2027-01-01'\n"),
        "data/evidence/places.csv changed",
    ),
    "a table is gone": (
        lambda place: (place.data / "series" / "deaths.csv").unlink(),
        "data/*/deaths.csv is missing",
    ),
    "its record was edited": (
        lambda place: edit(place.notebook, lambda c: c["metadata"]["aleppo"].update(fingerprint="0")),
        "its record of the last execution was changed by hand",
    ),
    "a load was taken from its record": (
        lambda place: edit(place.notebook, lambda c: c["metadata"]["aleppo"]["loads"].remove("deaths")),
        "its record of the last execution was changed by hand",
    ),
    "its record is gone": (
        lambda place: edit(place.notebook, lambda c: c["metadata"].clear()),
        "never executed by `aleppo run`",
    ),
}


@pytest.mark.parametrize(("change", "reason"), STALE.values(), ids=STALE)
def test_it_is_stale_and_says_why_when(change: Callable[[Place], object], reason: str, place: Place) -> None:
    change(place)
    assert "; ".join(place.reasons()) == reason


@pytest.mark.parametrize("stratum", STRATA)
def test_a_changed_part_of_the_package_is_named(stratum: str, place: Place) -> None:
    (place.package / stratum / "module.py").write_text("x = 2\n")
    assert place.reasons() == (f"src/aleppo/{stratum} changed",)


def test_a_new_file_of_the_package_makes_it_stale(place: Place) -> None:
    (place.package / "measure" / "new.py").write_text("")
    assert place.reasons() == ("src/aleppo/measure changed",)


def test_a_stale_notebook_is_shown_with_all_of_its_reasons(place: Place) -> None:
    (place.data / "evidence" / "places.csv").write_text("key,value\n")
    (place.package / "show" / "module.py").write_text("x = 2\n")
    [stale] = check([place.notebook], place.around())
    assert str(stale) == "notebooks/one.ipynb: src/aleppo/show changed; data/evidence/places.csv changed"


def test_recording_a_table_that_is_not_there_is_refused(place: Place) -> None:
    with pytest.raises(AleppoError, match=r"data/\*/nothing.csv: loaded by a notebook, found nothing there"):
        place.execute("nothing")


def test_editors_copies_are_not_notebooks_of_the_book(tmp_path: Path) -> None:
    write_notebook(tmp_path / ".ipynb_checkpoints" / "one-checkpoint.ipynb", "1")
    kept = write_notebook(tmp_path / "one.ipynb", "1")
    assert find_notebooks(tmp_path) == [kept]


NOT_NOTEBOOKS = {
    "a merge conflict": ('{\n<<<<<<< HEAD\n "cells": []', "row 2: expected a notebook's JSON"),
    "other JSON": ("[1, 2]", "expected a notebook of format 4, found other JSON"),
    "an old format": (
        '{"nbformat": 3, "worksheets": []}',
        "expected a notebook of format 4, found other JSON",
    ),
    "nothing": (None, "expected a notebook, found nothing there"),
}


@pytest.mark.parametrize(("text", "message"), NOT_NOTEBOOKS.values(), ids=NOT_NOTEBOOKS)
def test_a_file_that_is_no_notebook_gets_one_line(text: str | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(AleppoError) as caught:
        read_notebook(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_record_is_the_same_whatever_the_order_of_loads(place: Place) -> None:
    content = json.loads(place.notebook.read_text())
    one = record(content, ["deaths", "places", "deaths"], place.around())
    assert one == record(content, ["places", "deaths"], place.around())
    assert one["loads"] == ["deaths", "places"]


def test_a_notebook_that_judged_claims_is_stale_when_a_judgement_changes(tmp_path: Path) -> None:
    place = Place(tmp_path)
    (place.data / "judgements.yml").write_text("- claim: CNN-01\n")
    place.execute("places", "judgements")
    assert check([place.notebook], place.around()) == []
    (place.data / "judgements.yml").write_text("- claim: CNN-02\n")
    (stale,) = check([place.notebook], place.around())
    assert any("judgements.yml changed" in reason for reason in stale.reasons)
