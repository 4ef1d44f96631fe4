"""The data folder that an ingest leaves behind."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from aleppo.evidence.corrections import REGISTER
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.manifest import present_tables, sidecar_path, write_package
from aleppo.evidence.paths import data_dir, data_files, shown
from aleppo.ingest.result import IngestResult


def refuse_no_folder(out_dir: Path) -> None:
    """Raise AleppoError when ``out_dir`` is there and is no folder, or leads out of itself (`data_files`)."""
    if out_dir.exists() and not out_dir.is_dir():
        raise AleppoError(f"{shown(out_dir)}: expected a folder for the series, found a file")
    data_files(out_dir)


def settle(result: IngestResult, out_dir: Path) -> IngestResult:
    """Make ``out_dir``, in which a series was just written, a data folder the book can run on.

    Tables that are missing there are copied with their sidecars from where the data is read, so that
    ``ALEPPO_DATA`` can point to it; ``datapackage.json`` is brought up to date. Tables that are there stay
    as they are, and so do their hashes: an ingest vouches for its own series only.
    """
    home = data_dir()
    copied = 0
    if out_dir.resolve() != home.resolve():
        for table in present_tables(home):
            if not (out_dir / table.path).exists():
                _copy(home / table.path, out_dir / table.path)
                _copy(sidecar_path(home, table), sidecar_path(out_dir, table))
                copied += 1
        if not (out_dir / REGISTER).exists():
            _copy(home / REGISTER, out_dir / REGISTER)
    write_package(out_dir)
    if not copied:
        return result
    told = f"{copied} tables copied from {shown(home)} to complete {shown(out_dir)}"
    return replace(result, messages=(*result.messages, told))


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
