"""Is what a notebook stored still what it would show now?

A notebook keeps, in its own metadata, a record of what its last execution depended on::

    "aleppo": {
      "fingerprint": "<sha256 of the parts>",
      "loads": ["control_spells", "places"],
      "parts": {
        "cells": "<sha256 of the code cells and the kernel's name>",
        "package": {"evidence": "<sha256>", "measure": "<sha256>", ...},
        "tables": {"control_spells": "<sha256>", ...}
      }
    }

Each part is hashed on its own so that a stale notebook can say why it is stale. Markdown is in no part:
prose is edited without executing anything. Content decides, never a date: a fresh clone is as current as
the checkout it came from.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aleppo
from aleppo.bookkit.current import digest, digest_tree
from aleppo.claims.registry import JUDGEMENTS
from aleppo.evidence.corrections import REGISTER, Correction, of_table, read_register
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import data_dir, repository, shown

STRATA = ("evidence", "measure", "model", "claims", "show")
"""The parts of the package that a notebook can use; the rest cannot change what it shows."""

DEFAULT_KERNEL = "python3"
# The vintage printed under figures and tables comes from this line of a table's sidecar.
VINTAGE = re.compile(rb"^retrieved:.*$", re.MULTILINE)

Notebook = dict[str, Any]


@dataclass(frozen=True)
class Stale:
    """A notebook whose stored outputs can no longer be trusted, and every reason, in words."""

    notebook: Path
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        return f"{shown(self.notebook)}: {'; '.join(self.reasons)}"


@dataclass
class Surroundings:
    """What notebooks depend on outside themselves, hashed once for all of them."""

    data: Path
    package: Path
    tables: dict[str, Path] = field(init=False)
    strata: dict[str, str] = field(init=False)
    register: tuple[Correction, ...] = field(init=False)
    _hashes: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.tables = {path.stem: path for path in sorted(self.data.glob("*/*.csv"))}
        self.register = read_register(self.data)
        for name in (REGISTER, JUDGEMENTS):
            if (self.data / name).is_file():
                self.tables[Path(name).stem] = self.data / name
        self.strata = {name: digest_tree(self.package / name) for name in STRATA}

    @classmethod
    def here(cls) -> Surroundings:
        """The data and the package that a kernel started now would see."""
        return cls(data_dir().resolve(), Path(aleppo.__file__).resolve().parent)

    def table(self, name: str) -> str | None:
        """Hash of a table's rows, of the date they were retrieved and of the corrections that they get.

        None when there is no such table. The register of corrections and the judgements count as tables.
        """
        path = self.tables.get(name)
        if path is None:
            return None
        if name not in self._hashes:
            sidecar = path.with_suffix(".yml")
            vintage = VINTAGE.findall(sidecar.read_bytes()) if sidecar.is_file() else []
            corrections = (one.content.encode() for one in of_table(self.register, name))
            self._hashes[name] = digest(path.read_bytes(), *vintage, *corrections)
        return self._hashes[name]

    def shown_table(self, name: str) -> str:
        """A table's file as a message names it, whether it is there or not."""
        return shown(self.tables[name]) if name in self.tables else f"{shown(self.data)}/*/{name}.csv"


def check(notebooks: Iterable[Path] | None = None, surroundings: Surroundings | None = None) -> list[Stale]:
    """The notebooks (all of the book's unless given) that are stale, in order, with the reasons.

    Raises AleppoError for a file that is not a notebook.
    """
    around = surroundings or Surroundings.here()
    paths = find_notebooks() if notebooks is None else sorted(notebooks)
    judged = (Stale(path, tuple(staleness(read_notebook(path), around))) for path in paths)
    return [stale for stale in judged if stale.reasons]


def find_notebooks(folder: Path | None = None) -> list[Path]:
    """Every notebook below ``folder`` (the book's ``notebooks/`` unless given), without editors' copies.

    Raises AleppoError for a link that leads out of the folder: a notebook from elsewhere is executed only when
    somebody names it.
    """
    below = folder or repository() / "notebooks"
    found = sorted(path for path in below.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
    home = Path(os.path.realpath(below))
    for path in found:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
            raise AleppoError(
                f"{shown(path.parent)}/{path.name}: expected a notebook of this folder, found a link that leads "
                "out of it (`aleppo run FILE` executes a notebook from elsewhere)"
            )
    return found


def read_notebook(path: Path) -> Notebook:
    """The notebook at ``path`` as plain JSON.

    Raises AleppoError, with the line, when it is missing, not JSON (a merge conflict, say) or not a notebook
    of format 4.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise AleppoError(f"{shown(path)}: expected a notebook, found {_what(path, error)}") from error
    except UnicodeDecodeError as error:
        raise AleppoError(f"{shown(path)}: expected text in UTF-8, found another encoding") from error
    except json.JSONDecodeError as error:
        raise AleppoError(
            f"{shown(path)}: row {error.lineno}: expected a notebook's JSON, found {error.msg.lower()}"
        ) from error
    except (ValueError, RecursionError) as error:  # numbers and depths that Python does not read
        raise AleppoError(f"{shown(path)}: expected a notebook's JSON, found {error}") from error
    if not _is_notebook(content):
        raise AleppoError(f"{shown(path)}: expected a notebook of format 4, found other JSON")
    return content


def _is_notebook(content: Any) -> bool:
    """Whether ``content`` has the parts of a notebook that are read here, each of its kind."""
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        return False
    metadata, cells = content.get("metadata", {}), content.get("cells")
    return (
        isinstance(metadata, dict)
        and isinstance(metadata.get("kernelspec", {}), dict)
        and isinstance(cells, list)
        and all(map(_is_cell, cells))
    )


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or not isinstance(cell.get("metadata", {}), dict):
        return False
    source = cell.get("source", "")
    return isinstance(source, str) or (
        isinstance(source, list) and all(isinstance(line, str) for line in source)
    )


def staleness(notebook: Notebook, around: Surroundings) -> list[str]:
    """Why the stored outputs of ``notebook`` are not what executing it now would give; empty if they are."""
    record = notebook.get("metadata", {}).get("aleppo", {})
    if isinstance(record, dict) and "absent" in record:
        # a page in the place of a chapter whose table is absent: current until the table is there
        table = record["absent"]["table"]
        return [f"{around.shown_table(table)} is there now"] if around.table(table) else []
    unexecuted = [
        number
        for number, cell in enumerate(code_cells(notebook), 1)
        if source_of(cell).strip() and cell.get("execution_count") is None
    ]
    if not isinstance(record, dict) or "fingerprint" not in record or "parts" not in record:
        return ["never executed by `aleppo run`"]
    parts = record["parts"]
    loads = record.get("loads", [])
    reasons = [f"code cell {unexecuted[0]} was not executed"] if unexecuted else []
    if record["fingerprint"] != _hash_json(parts) or sorted(parts.get("tables", {})) != sorted(loads):
        reasons.append("its record of the last execution was changed by hand")
    if parts.get("cells") != hash_cells(notebook):
        reasons.append("its code cells changed")
    stored = parts.get("package", {})
    reasons += [f"src/aleppo/{name} changed" for name in STRATA if stored.get(name) != around.strata[name]]
    for name, then in sorted(parts.get("tables", {}).items()):
        now = around.table(name)
        if now != then:
            reasons.append(f"{around.shown_table(name)} {'changed' if now else 'is missing'}")
    return reasons


def record(notebook: Notebook, loads: Iterable[str], around: Surroundings) -> dict[str, Any]:
    """What to keep in the metadata of ``notebook`` after an execution that loaded the tables ``loads``.

    Raises AleppoError when a table it loaded is not in the data folder.
    """
    names = sorted(set(loads))
    tables: dict[str, str] = {}
    for name in names:
        content = around.table(name)
        if content is None:
            raise AleppoError(f"{around.shown_table(name)}: loaded by a notebook, found nothing there")
        tables[name] = content
    parts = {"cells": hash_cells(notebook), "package": around.strata, "tables": tables}
    return {"fingerprint": _hash_json(parts), "loads": names, "parts": parts}


def code_cells(notebook: Notebook) -> list[dict[str, Any]]:
    """The code cells of ``notebook`` in order, the empty ones included."""
    return [cell for cell in notebook["cells"] if cell.get("cell_type") == "code"]


def source_of(cell: dict[str, Any]) -> str:
    """The text of a cell, which is stored as one string or as lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def hash_cells(notebook: Notebook) -> str:
    """Hash of the kernel's name and of the source of each code cell, in order."""
    kernel = notebook.get("metadata", {}).get("kernelspec", {}).get("name", DEFAULT_KERNEL)
    return _hash_json([kernel, *map(source_of, code_cells(notebook))])


def _hash_json(value: Any) -> str:
    return digest(json.dumps(value, ensure_ascii=False, sort_keys=True).encode())


def _what(path: Path, error: OSError) -> str:
    if path.is_dir():
        return "a folder"
    return "nothing there" if not path.exists() else str(error.strerror)
