"""Imports run one way through the strata of the package."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aleppo.evidence.paths import repository


def lint_imports(folder: Path, package: Path) -> subprocess.CompletedProcess[str]:
    """Run the repository's import contract on the package below ``package``."""
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or "lint-imports"
    return subprocess.run(
        [command, "--config", str(folder / "pyproject.toml"), "--no-cache"],
        cwd=folder,
        env={"PYTHONPATH": str(package), "PATH": str(Path(sys.executable).parent)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_stratum_imports_from_a_later_one() -> None:
    result = lint_imports(repository(), repository() / "src")
    assert result.returncode == 0, result.stdout


def test_the_contract_fails_when_a_stratum_looks_up(tmp_path: Path) -> None:
    shutil.copytree(repository() / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(repository() / "pyproject.toml", tmp_path)
    paths = tmp_path / "src/aleppo/evidence/paths.py"
    paths.write_text(paths.read_text() + "\nfrom aleppo.show import numbers as numbers\n")
    result = lint_imports(tmp_path, tmp_path / "src")
    assert result.returncode != 0
    assert "aleppo.evidence.paths -> aleppo.show" in result.stdout


def test_every_room_of_the_package_is_a_stratum() -> None:
    tomllib = pytest.importorskip("tomllib")
    settings = tomllib.loads((repository() / "pyproject.toml").read_text())
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    rooms = {
        f"aleppo.{folder.name}"
        for folder in (repository() / "src/aleppo").iterdir()
        if (folder / "__init__.py").is_file()
    }
    assert rooms == set(contract["layers"])
