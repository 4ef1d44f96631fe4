"""Notebooks of a few cells for the tests of execution and of the build."""

from __future__ import annotations

import json
from pathlib import Path

LOADS = 'import os\nwith open(os.environ["ALEPPO_LOADS"], "a") as file:\n    file.write("{}\\n")'


def loading(*tables: str) -> str:
    """A cell that records the use of ``tables`` the way `aleppo.evidence.load` does."""
    return LOADS.format("\\n".join(tables))


def code(source: str, **extra: object) -> dict[str, object]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
        **extra,
    }


def markdown(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def write_notebook(path: Path, *cells: str | dict[str, object]) -> Path:
    """A notebook at ``path`` with ``cells``; a string is the source of a code cell."""
    written = [code(cell) if isinstance(cell, str) else cell for cell in cells]
    content = {"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def edit(path: Path, change: object) -> None:
    """Apply ``change`` to the notebook at ``path`` and write it back."""
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)  # type: ignore[operator]
    path.write_text(json.dumps(content), encoding="utf-8")


def make_data(folder: Path) -> Path:
    """A data folder with three tables of two rows and their sidecars."""
    for name in ("evidence/places", "evidence/events", "series/deaths"):
        table = folder / f"{name}.csv"
        table.parent.mkdir(parents=True, exist_ok=True)
        table.write_text("key,value\na,1\nb,2\n", encoding="utf-8")
        table.with_suffix(".yml").write_text("title: A table\nretrieved: '2026-11-23'\nchapters: []\n")
    return folder
