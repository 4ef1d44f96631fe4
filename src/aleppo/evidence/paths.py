"""Where the repository and its data are."""

from __future__ import annotations

import os
from pathlib import Path

from aleppo.evidence.errors import AleppoError

DATA_VARIABLE = "ALEPPO_DATA"


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

    Raises AleppoError when that is not a folder.
    """
    named = os.environ.get(DATA_VARIABLE)
    folder = Path(named).expanduser() if named else repository() / "data"
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        origin = f"{DATA_VARIABLE}={named}" if named else str(folder)
        raise AleppoError(f"{origin}: expected a folder of data, found {found}")
    return folder


def shown(path: Path) -> str:
    """``path`` as a message names it: relative to the working folder when it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
