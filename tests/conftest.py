"""Fixtures that tests of several rooms share."""

from __future__ import annotations

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.manifest import write_sidecars
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.show import stills
from data_copy import DataCopy

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# An example takes as long as it takes on a busy machine. The same ones are tried each time; `make fuzz` finds others.
settings.register_profile("book", deadline=None, derandomize=True)
settings.load_profile("book")

# Files that readers once stumbled over, notebooks among them: not tests.
collect_ignore_glob = ["seeds/*"]

# A browser that neither shares a profile with anybody nor calls home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium or Chrome, under Playwright; ``BROWSER_PATH`` names another one than is found."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        try:
            path: str | None = str(stills.browser())
        except AleppoError as error:
            # the browser that Playwright itself may have fetched
            path = None if Path(driver.chromium.executable_path).is_file() else pytest.skip(str(error))
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


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
