"""The data behind a figure or table: one line, the same numbers as the download, and a clear refusal."""

from __future__ import annotations

import io
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from show_samples import cell, notebook, sample, sheet

from aleppo import show
from aleppo.evidence import load
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository
from aleppo.show import figure, table
from aleppo.show.figure import Figure
from aleppo.show.stills import stills_dir
from aleppo.show.stored import payloads
from aleppo.show.table import Table


def stored(folder: Path, *shown: Figure | Table) -> Path:
    path = folder / "chapter.ipynb"
    nbformat.write(notebook(*map(cell, shown)), path)
    return path


def test_a_figure_of_the_book_gives_the_frame_of_its_download() -> None:
    chapter = repository() / "notebooks" / "who-counts.ipynb"
    facts = next(
        facts
        for payload in payloads(chapter, figure.MIME)
        if (facts := figure.about(payload)) and facts["id"] == "deaths-monthly"
    )
    frame = show.data("fig-deaths-monthly")
    lines = facts["csv"].splitlines()
    assert list(frame.columns) == lines[0].split(",")
    assert len(frame) == facts["rows"] == len(lines) - 1
    assert frame.attrs["title"] == facts["title"]
    assert set(frame.attrs["sources"]) <= set(load("sources")["source_id"])


def test_everything_that_the_book_shows_has_a_label() -> None:
    known = show.labels()
    assert len([label for label in known if label.startswith("fig-")]) == len(
        list(stills_dir().glob("*.svg"))
    )
    assert "tab-break-windows" in known


def test_days_numbers_and_empty_cells_keep_their_kind(tmp_path: Path) -> None:
    drawn = sample()
    path = stored(tmp_path, drawn, sheet())
    facts = figure.about(drawn.payload)
    assert facts is not None
    frame = show.data(f"fig-{facts['id']}", [path])
    plain = pd.read_csv(io.StringIO(facts["csv"]))
    assert frame.shape == plain.shape
    assert frame.attrs["notebook"] == "chapter.ipynb"
    numbers = [name for name in plain.columns if pd.api.types.is_numeric_dtype(plain[name])]
    assert numbers
    for name in numbers:
        assert frame[name].sum() == plain[name].sum()
    rows = payloads(path, table.MIME)[0]
    assert len(show.data(f"tab-{rows['id']}", [path])) == len(rows["rows"])


def test_days_become_dates() -> None:
    frame = show.data("fig-weekly-deaths")
    assert [name for name in frame if pd.api.types.is_datetime64_any_dtype(frame[name])]


def test_an_unknown_label_is_refused_with_the_nearest() -> None:
    with pytest.raises(AleppoError, match="did you mean fig-weekly-deaths"):
        show.data("fig-weekly-death")


def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path: Path) -> None:
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{}")
    with pytest.raises(AleppoError, match=r"bad\.ipynb: expected a notebook"):
        show.data("fig-x", [bad])
