"""The page on the status: everything from files, nothing from a clock, and what is otherwise is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small_notebooks import write_notebook

from aleppo.bookkit import status
from aleppo.bookkit.execution import Recording
from aleppo.evidence import load
from aleppo.evidence.differences import TableChange
from aleppo.evidence.errors import Fault, MissingTable
from aleppo.evidence.paths import repository
from aleppo.evidence.verify import Report


def notebook(folder: Path, name: str, **record: Any) -> Path:
    path = write_notebook(folder / f"{name}.ipynb", "1")
    content = json.loads(path.read_text())
    content["metadata"]["aleppo"] = record
    path.write_text(json.dumps(content))
    return path


def rows(table: str) -> list[list[str]]:
    """The cells of a list table below its head."""
    return [
        [cell.strip().removesuffix("\n:::") for cell in row.split("\n  - ")]
        for row in table.split("* - ")[2:]
    ]


def recorded(**notebooks: tuple[float, str]) -> Recording:
    return Recording(2, "3.13.1", 2, notebooks)


def test_a_notebook_has_its_recorded_seconds_fingerprint_and_tables(tmp_path: Path) -> None:
    one = notebook(tmp_path, "one", fingerprint="ab12cd34ef56ab12", loads=["places", "corrections"])
    (found,) = rows(status.notebooks_table([one], recorded(one=(3.2, "ab12cd34ef56ab12"))))
    assert found == [
        "{doc}`/notebooks/one`",
        "3.2",
        "`ab12cd34ef56`",
        "{ref}`places <data-places>`, `corrections`",
    ]


def test_a_notebook_that_changed_since_has_no_seconds_and_says_so(tmp_path: Path) -> None:
    one = notebook(tmp_path, "one", fingerprint="ab12")
    two = notebook(tmp_path, "two")
    table = status.notebooks_table([one, two], recorded(one=(3.2, "cd34")))
    assert [row[1:] for row in rows(table)] == [
        ["changed since it was recorded", "`ab12`", "no table"],
        ["not recorded", "never executed", "no table"],
    ]


def test_the_machine_is_told_by_what_it_is_like() -> None:
    assert status.recording_sentence(recorded()) == (
        "The seconds were recorded with Python 3.13.1 on a machine with 2 cores, 2 notebooks at a time.\n"
    )
    assert "No execution was recorded" in status.recording_sentence(None)


def test_notebooks_stand_in_the_order_of_the_book() -> None:
    paths = [Path(f"notebooks/{name}.ipynb") for name in ("a", "b", "c")]
    pages = ["book/index", "notebooks/c", "notebooks/a"]
    assert [path.stem for path in status.in_order(paths, pages)] == ["c", "a", "b"]


LOCK = """
alabaster==0.7.16 \\
    --hash=sha256:b467
NumPy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:0
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:1
dask[complete]==2026.8.0 \\
    # via aleppo
"""


def test_versions_are_those_of_the_lock_with_their_python_where_they_differ() -> None:
    assert status.locked_versions(LOCK) == {
        "alabaster": "0.7.16",
        "numpy": "2.4.6 before Python 3.12; 2.5.5 from Python 3.12",
        "dask": "2026.8.0",
    }


def test_a_package_that_is_not_locked_says_so() -> None:
    table = status.packages_table({"numpy": "2.5.5"}, {"numpy": "arrays", "gone": "nothing"})
    assert rows(table) == [["numpy", "2.5.5", "arrays"], ["gone", "not locked", "nothing"]]


def test_every_package_of_the_page_is_locked() -> None:
    locked = status.locked_versions((repository() / status.LOCK).read_text())
    assert [name for name in status.COMPUTING if name not in locked] == []


def test_verification_gives_the_line_the_notes_and_each_fault() -> None:
    change = TableChange("events", 1, 0, 2)
    fault = Fault("a.csv", 2, "value", "a number", "'x_y'")
    said = status.verification(Report((fault,), 3, 10, 2, changed=(change,)))
    assert "*data not verified: 1 fault*" in said
    assert "- a.csv: row 2, column value: expected a number, found 'x\\_y'" in said
    assert "- other than published: events (" in said


def test_a_residual_keeps_its_sign_and_unit() -> None:
    summary = pd.DataFrame(
        {
            "family": ["UCDP"], "checks": [3], "exact": [1], "within": [2], "beyond": [0],
            "largest": [-5201.0], "unit": ["people"],
        }
    )  # fmt: skip
    (found,) = rows(status.reconciliations_table(summary))
    assert found == ["UCDP", "3", "1", "2", "0", "\u22125,201 people"]


def test_without_a_table_there_are_no_reconciliations_and_the_page_says_which() -> None:
    def tables(name: str) -> pd.DataFrame:
        if name == "airwars_monthly":
            raise MissingTable(name, "data", "a command")
        return load(name)

    assert "they have no `airwars_monthly`" in status.reconciliations(tables)


def test_an_edition_without_release_or_repository_says_so() -> None:
    plain = {"title": "", "version": "", "released": "", "commit": "", "data": "ab"}
    lines = status.edition_lines(plain)
    assert "not released" in lines
    assert "outside a repository" in lines


@pytest.mark.parametrize("marker", [status.EDITION, status.NOTEBOOKS, status.PACKAGES, status.DATA])
def test_the_page_of_this_book_asks_for_each_part_and_gets_the_same_twice(marker: str) -> None:
    root = repository()
    assert marker in (root / "book" / "status.md").read_text()
    write = status.parts(root, root / "data")[marker]
    assert write() == write() != ""
