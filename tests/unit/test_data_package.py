"""The data as one zip file: whole, checked by its sums and by the book's own check, and the same bytes twice."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from aleppo.bookkit import data_package
from aleppo.cli import main
from aleppo.evidence import data_dir, repository
from aleppo.evidence.manifest import present_tables


@pytest.fixture(scope="module")
def content() -> bytes:
    return data_package.zipped_package(data_dir(), repository())


@pytest.fixture
def unpacked(content: bytes, tmp_path: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    return tmp_path / data_package.FOLDER


def test_the_same_data_give_the_same_bytes(content: bytes) -> None:
    assert data_package.zipped_package(data_dir(), repository()) == content


def test_it_holds_every_table_with_its_sidecar_as_published_and_the_terms(unpacked: Path) -> None:
    for table in present_tables(data_dir()):
        for path in (Path(table.path), Path(table.path).with_suffix(".yml")):
            assert (unpacked / path).read_bytes() == (data_dir() / path).read_bytes()
    listed = json.loads((unpacked / "datapackage.json").read_text())["resources"]
    assert len(listed) == len(present_tables(data_dir()))
    assert "CC BY 4.0" in (unpacked / "LICENSE-CONTENT.md").read_text()
    assert "aleppo verify FOLDER" in (unpacked / "README.md").read_text()
    assert "version" in (unpacked / "README.md").read_text().splitlines()[0]


def test_its_sums_are_those_of_every_other_file(unpacked: Path) -> None:
    lines = (unpacked / data_package.SUMS).read_text().splitlines()
    told = {name: sha256 for sha256, name in (line.split("  ", 1) for line in lines)}
    there = {
        path.relative_to(unpacked).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in unpacked.rglob("*")
        if path.is_file() and path.name != data_package.SUMS
    }
    assert told == there


def test_the_unpacked_folder_is_verified_by_the_command(
    unpacked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(unpacked)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("data verified: ")


def test_a_folder_of_other_data_is_packed_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    made = data_package.zipped_package(tmp_path / "data", tmp_path)
    names = zipfile.ZipFile(io.BytesIO(made)).namelist()
    assert not [name for name in names if name.endswith(".csv")]
    assert f"{data_package.FOLDER}/README.md" in names
