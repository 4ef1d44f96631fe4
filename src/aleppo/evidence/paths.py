"""Where the repository and its data are."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from aleppo.evidence.errors import AleppoError, EvidenceError, Fault

DATA_VARIABLE = "ALEPPO_DATA"
GROUPS = ("evidence", "series")
"""Folders of a data folder that hold tables and sidecars."""

REGISTERS = ("corrections.yml", "datapackage.json", "judgements.yml", "ledger.json")
"""Files of a data folder that are about its tables."""

LARGEST = 64 << 20
"""Bytes of a file in a data folder; the largest of the book's own has a quarter of a million."""


def repository() -> Path:
    """The folder that holds ``pyproject.toml``: the checkout this package runs from.

    Raises AleppoError when the package was installed away from its checkout, because the notebooks, the
    book and the data are only there.
    """
    for folder in Path(__file__).resolve().parents:
        if (folder / "pyproject.toml").is_file() and (folder / "src" / "aleppo").is_dir():
            return folder
    raise AleppoError(
        f"{Path(__file__).parent}: expected a checkout of the book around this package, found none "
        "(install it with `pip install -e .` from the repository)"
    )


def data_dir() -> Path:
    """The folder of tables to read: ``ALEPPO_DATA`` if set, else ``data/`` of the repository.

    Raises AleppoError when that is not a folder, or not one that can be read safely: see ``data_files``.
    """
    named = os.environ.get(DATA_VARIABLE)
    folder = Path(named).expanduser() if named else repository() / "data"
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        origin = f"{DATA_VARIABLE}={named}" if named else str(folder)
        raise AleppoError(f"{origin}: expected a folder of data, found {found}")
    data_files(folder)
    return folder


def data_files(folder: Path) -> list[Path]:
    """The files that a data folder is made of, in order: tables and sidecars of ``GROUPS``, and ``REGISTERS``.

    The folder may be any that somebody names. What is in it may lie behind links too, but not outside it: else
    whoever sends a folder decides what is read, and published, of the machine that reads it. Raises EvidenceError
    for every link that leads out, for what is neither file nor folder (a pipe would be waited for), and for
    a file of more than ``LARGEST`` bytes.
    """
    home = os.path.realpath(folder)
    faults: list[Fault] = []
    found = []
    for path in _listed(folder, home, faults):
        if fault := _unsafe(path, home):
            faults.append(fault)
        else:
            found.append(path)
    if faults:
        raise EvidenceError(faults)
    return sorted(found)


def _listed(folder: Path, home: str, faults: list[Fault]) -> Iterator[Path]:
    """The paths below ``folder`` that are read by name; a group that is not looked into is added to ``faults``."""
    for name in REGISTERS:
        if os.path.lexists(folder / name):
            yield folder / name
    for group in GROUPS:
        place = folder / group
        if not os.path.lexists(place):
            continue
        if fault := _leads_out(place, home):
            faults.append(fault)
            continue
        try:
            with os.scandir(place) as entries:
                names = [entry.name for entry in entries]
        except OSError as error:
            faults.append(Fault(shown(place), 0, "", "a folder that can be read", str(error.strerror)))
            continue
        yield from (place / name for name in names if name.endswith((".csv", ".yml")) and name[0] != ".")


def _leads_out(path: Path, home: str) -> Fault | None:
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(home):
        return Fault(_named(path), 0, "", "a file inside the data folder", "a link that leads out of it")
    return None


def _unsafe(path: Path, home: str) -> Fault | None:
    """Why the file of a data folder at ``path`` is not read, if it is not."""
    if fault := _leads_out(path, home):
        return fault
    try:
        about = path.stat()
    except OSError as error:
        return Fault(_named(path), 0, "", "a file that can be read", str(error.strerror))
    if stat.S_ISDIR(about.st_mode):
        return None  # told by whoever wants the file
    if not stat.S_ISREG(about.st_mode):
        return Fault(_named(path), 0, "", "a file", "a pipe or a device")
    if about.st_size > LARGEST:
        return too_large(_named(path), about.st_size)
    return None


def too_large(file: str, size: int) -> Fault:
    """The fault of a ``file`` of a data folder that has ``size`` bytes."""
    return Fault(file, 0, "", f"a file of at most {LARGEST >> 20} MB", f"one of {size >> 20:,} MB")


def _named(path: Path) -> str:
    """``path`` as a message names it, a link by its own name."""
    return f"{shown(path.parent)}/{path.name}"


def shown(path: Path) -> str:
    """``path`` as a message names it: relative to the working folder when it lies below it."""
    try:
        # not Path.resolve, which raises for a link that leads to itself
        return Path(os.path.realpath(path)).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
