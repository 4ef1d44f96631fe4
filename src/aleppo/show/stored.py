"""What the notebooks stored: the payloads of their figures and tables, and the data behind each as a frame."""

from __future__ import annotations

import difflib
import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import repository, shown
from aleppo.evidence.spreadsheets import original
from aleppo.show import figure, table

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def payloads(notebook: Path, mime: str) -> list[dict[str, Any]]:
    """The stored outputs of one type in ``notebook``, in order. AleppoError when it is no notebook."""
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
        return [
            output["data"][mime]
            for cell in content["cells"]
            for output in cell.get("outputs", [])
            if mime in output.get("data", {})
        ]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AleppoError(
            f"{shown(notebook)}: expected a notebook, found {type(error).__name__}: {error}"
        ) from error


def data(label: str, notebooks: Iterable[Path] | None = None) -> pd.DataFrame:
    """The data behind a figure or a table of the book, one line away.

    label      what the book calls it: ``fig-deaths-monthly``, ``tab-break-windows``
    notebooks  where to look; by default the notebooks of this checkout, whose stored outputs are the record

    Columns are those of the download: days as datetime64, numbers as numbers, everything else as text, an empty cell
    missing. ``attrs`` of the frame say ``label``, ``title``, ``sources`` (ids of the table of sources), ``vintage``
    and ``notebook``.

    Raises AleppoError, with the nearest label, when no notebook shows such a figure or table.

    >>> data("fig-besieged-people").attrs["label"]
    'fig-besieged-people'
    """
    paths = (
        sorted((repository() / "notebooks").glob("*.ipynb"))
        if notebooks is None
        else [Path(p) for p in notebooks]
    )
    known = {}
    for found, title, payload, path in _shown(paths):
        if found == label:
            frame = _frame(payload["csv"])
            frame.attrs = {
                "label": label,
                "title": title,
                "sources": list(payload["sources"]),
                "vintage": payload["vintage"],
                "notebook": path.name,
            }
            return frame
        known[found] = title
    near = difflib.get_close_matches(label, known, n=1, cutoff=0.4)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise AleppoError(
        f"{label}: expected the label of a figure or table of the book, found none so called{hint}"
    )


def labels() -> dict[str, str]:
    """Label → title of every figure and table that `data` knows, in the order of the notebooks' names."""
    paths = sorted((repository() / "notebooks").glob("*.ipynb"))
    return {label: title for label, title, _, _ in _shown(paths)}


def _shown(paths: Iterable[Path]) -> Iterator[tuple[str, str, dict[str, Any], Path]]:
    """Label, title, facts with the data, and notebook of everything shown."""
    for path in paths:
        for payload in payloads(path, figure.MIME):
            if facts := figure.about(payload):
                yield f"fig-{facts['id']}", facts["title"], facts, path
        for payload in payloads(path, table.MIME):
            yield f"tab-{payload['id']}", payload["caption"], payload, path


def _frame(text: str) -> pd.DataFrame:
    frame = pd.read_csv(io.StringIO(text), keep_default_na=False, na_values=[""])
    for name in frame.columns:
        cells = frame[name].dropna()
        if pd.api.types.is_string_dtype(frame[name]):
            frame[name] = frame[name].map(original, na_action="ignore")
        if len(cells) and all(isinstance(cell, str) and _DAY.fullmatch(cell) for cell in cells):
            frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame
