"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest

from aleppo.evidence.manifest import write_sidecars
from aleppo.evidence.paths import DATA_VARIABLE, repository
from data_copy import DataCopy

# Files that readers once stumbled over, notebooks among them: not tests.
collect_ignore_glob = ["seeds/*"]


@pytest.fixture(scope="session")
def sealed_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's data with sidecars that fit it; whether the committed ones do is tests/data's to say."""
    folder = tmp_path_factory.mktemp("sealed") / "data"
    shutil.copytree(repository() / "data", folder)
    write_sidecars(folder)
    return folder


@pytest.fixture
def data_copy(sealed_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataCopy:
    """A copy of the data for one test, which ``load`` reads for its length."""
    folder = tmp_path / "data"
    shutil.copytree(sealed_data, folder)
    monkeypatch.setenv(DATA_VARIABLE, str(folder))
    # the package's name `load` is the function, so the module is asked for by name
    module = importlib.import_module("aleppo.evidence.load")
    monkeypatch.setattr(module, "_cache", {})
    monkeypatch.setattr(module, "_used", {})
    return DataCopy(folder)
