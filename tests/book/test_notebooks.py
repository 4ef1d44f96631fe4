"""The stored notebooks are a record: whole, quiet, thin, current, and audited by nbval.

nbval compares the outputs of a cell by mime type and value, JSON ones included, whatever their order between
types; it passes over metadata (so over the names of glued texts), execution counts, PNG and JPEG. Nothing in
our outputs varies, therefore no sanitising file is needed. It also passes over cells without an execution
count, which is why the counts are tested here.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import aleppo
from aleppo.bookkit import build, fingerprints
from aleppo.bookkit.fingerprints import (
    Surroundings,
    check,
    code_cells,
    find_notebooks,
    read_notebook,
    source_of,
)
from aleppo.bookkit.notebook_record import dump
from aleppo.evidence import TABLES
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository

NOTEBOOKS = find_notebooks()
LOADS = {path.stem: read_notebook(path)["metadata"].get("aleppo", {}).get("loads", []) for path in NOTEBOOKS}
LONGEST_CELL, LONGEST_FUNCTION = 16, 3
LONGEST_LIST = 26  # a cell that hands numbers to the prose is a list of them

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def code_of(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and cell of each code cell that is not empty."""
    for number, cell in enumerate(code_cells(read_notebook(path)), 1):
        if source_of(cell).strip():
            yield number, cell


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@each_notebook
def test_every_code_cell_was_executed_in_order(path: Path) -> None:
    counts = [cell["execution_count"] for _, cell in code_of(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_no_cell_shows_an_error_or_a_warning(path: Path) -> None:
    noisy = [
        number
        for number, cell in code_of(path)
        for output in cell["outputs"]
        if output["output_type"] == "error" or output.get("name") == "stderr"
    ]
    assert noisy == []


@each_notebook
def test_no_cell_is_long(path: Path) -> None:
    long = {
        number: len(source_of(cell).splitlines())
        for number, cell in code_of(path)
        if len(source_of(cell).splitlines()) > (LONGEST_LIST if "say(" in source_of(cell) else LONGEST_CELL)
    }
    assert long == {}


@each_notebook
def test_functions_are_in_the_package(path: Path) -> None:
    functions = [
        (number, node.name)
        for number, cell in code_of(path)
        for node in ast.walk(ast.parse(source_of(cell)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert functions == []


@each_notebook
def test_the_first_cell_is_the_title_and_the_limits_come_with_it(path: Path) -> None:
    first = read_notebook(path)["cells"][0]
    assert first["cell_type"] == "markdown"
    assert re.match(r"# \S", source_of(first))
    assert "Limits first" in source_of(first)


@each_notebook
def test_it_is_stored_the_way_aleppo_run_stores_it(path: Path) -> None:
    assert path.read_bytes() == dump(read_notebook(path))


@each_notebook
def test_nothing_in_it_tells_who_ran_it_where_or_on_which_python(path: Path) -> None:
    stored = path.read_text(encoding="utf-8")
    assert "version" not in read_notebook(path)["metadata"]["language_info"]
    assert str(repository()) not in stored
    assert str(Path.home()) not in stored or str(Path.home()) == "/"


def test_the_stored_outputs_are_current() -> None:
    assert [str(stale) for stale in check()] == []


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the book's data."""
    folder = tmp_path_factory.mktemp("copy") / "data"
    shutil.copytree(repository() / "data", folder)
    return folder


@pytest.fixture
def change_a_row(data: Path) -> Iterator[Callable[[str], None]]:
    """Change one row of a table of the copy, and put it back after the test."""
    before: dict[Path, bytes] = {}

    def change(name: str) -> None:
        [table] = data.glob(f"*/{name}.csv")
        before[table] = table.read_bytes()
        lines = table.read_text(encoding="utf-8").splitlines()
        lines[-1] += "1"
        table.write_text("\n".join(lines) + "\n", encoding="utf-8")

    yield change
    for table, content in before.items():
        table.write_bytes(content)


def around(data: Path) -> Surroundings:
    return Surroundings(data, Path(aleppo.__file__).parent)


def test_a_copy_of_the_data_leaves_every_notebook_current(data: Path) -> None:
    assert check(NOTEBOOKS, around(data)) == []


# the register of corrections is no table; tests/unit/test_evidence_corrections.py has it
@pytest.mark.parametrize("table", sorted({name for loads in LOADS.values() for name in loads} & set(TABLES)))
def test_one_changed_row_makes_exactly_the_notebooks_stale_that_load_its_table(
    table: str, data: Path, change_a_row: Callable[[str], None]
) -> None:
    change_a_row(table)
    stale = check(NOTEBOOKS, around(data))
    assert {each.notebook.stem for each in stale} == {name for name, loads in LOADS.items() if table in loads}
    assert all(re.fullmatch(rf"\S+/{table}\.csv changed", "; ".join(each.reasons)) for each in stale)


def test_a_changed_row_of_a_table_that_none_loads_makes_none_stale(
    data: Path, change_a_row: Callable[[str], None]
) -> None:
    loaded = {name for loads in LOADS.values() for name in loads}
    change_a_row(min(path.stem for path in data.glob("*/*.csv") if path.stem not in loaded))
    assert check(NOTEBOOKS, around(data)) == []


def test_a_stale_book_does_not_build(
    data: Path, change_a_row: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = min(name for loads in LOADS.values() for name in loads)
    change_a_row(table)
    monkeypatch.setenv("ALEPPO_DATA", str(data))
    shutil.copytree(repository() / "notebooks", tmp_path / "notebooks")
    for module in (build, fingerprints):
        monkeypatch.setattr(module, "repository", lambda: tmp_path)
    with pytest.raises(AleppoError, match=rf"{table}\.csv changed(.|\n)*stale: run `aleppo run`"):
        build.book(execute=False)
    assert not (tmp_path / "_build" / "html").exists()


# What a reader sees as a number, by where a notebook stores it.
TEXT, TABLE, FIGURE = (
    "application/papermill.record/text/plain",
    "application/vnd.aleppo.table+json",
    "application/vnd.plotly.v1+json",
)


def other_digits(text: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), text, count=1)


def change_text(data: dict[str, Any]) -> None:
    data[TEXT] = [other_digits("".join(data[TEXT]))]


def change_table(data: dict[str, Any]) -> None:
    rows = data[TABLE]["rows"]
    row, column = next(
        (r, c) for r, row in enumerate(rows) for c, cell in enumerate(row) if re.search(r"\d", str(cell))
    )
    rows[row][column] = other_digits(str(rows[row][column]))


def change_figure(data: dict[str, Any]) -> None:
    values = next(
        trace["y"]
        for trace in data[FIGURE]["data"]
        if any(isinstance(v, int | float) for v in trace.get("y", []))
    )
    place = next(i for i, value in enumerate(values) if isinstance(value, int | float))
    values[place] += 1


CHANGES = {"text": (TEXT, change_text), "table": (TABLE, change_table), "figure": (FIGURE, change_figure)}


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """Two copies of one stored notebook, as it is and with one number of each kind changed.

    The cells of the first that failed under ``unchanged``, and those of the second by the kind that was changed there;
    what else failed in it under ``beside``.
    """
    folder = tmp_path_factory.mktemp("audit")
    path = min(NOTEBOOKS, key=lambda each: (each.stat().st_size, each))
    shutil.copy(path, folder / "unchanged.ipynb")
    content = json.loads(path.read_text(encoding="utf-8"))
    changed: dict[str, str] = {}
    for name, (mime, change) in CHANGES.items():
        place, data = next(
            (f"Cell {place}", data)
            for place, cell in enumerate(code_cells(content))
            for data in outputs_with(cell, mime)
            if f"Cell {place}" not in changed
        )
        change(data)
        changed[place] = name
    (folder / "changed.ipynb").write_text(json.dumps(content), encoding="utf-8")
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    options = ["-q", "-rf", "-n2", "--dist=loadscope", "--nbval", "--nbval-current-env", "-pno:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        cwd=folder,
        env={**settings, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = re.findall(r"^FAILED (\w+)\.ipynb::(Cell \d+)", done.stdout, re.MULTILINE)
    assert failed, done.stdout + done.stderr
    found: dict[str, list[str]] = {name: [] for name in ("unchanged", "beside", *CHANGES)}
    for file, cell in failed:
        found["unchanged" if file == "unchanged" else changed.get(cell, "beside")].append(cell)
    return found


def outputs_with(cell: dict[str, Any], mime: str) -> Iterator[dict[str, Any]]:
    """The data of the outputs of ``cell`` that have ``mime`` and a digit in it."""
    for output in cell["outputs"]:
        found = output.get("data", {}).get(mime)
        if found is not None and re.search(r"\d", json.dumps(found)):
            yield output["data"]


def test_nbval_passes_a_notebook_as_it_is_stored(audit: dict[str, list[str]]) -> None:
    assert audit["unchanged"] == []


@pytest.mark.parametrize("kind", CHANGES)
def test_nbval_fails_when_one_stored_number_was_changed(kind: str, audit: dict[str, list[str]]) -> None:
    assert len(audit[kind]) == 1
    assert audit["beside"] == []
