"""What the repository itself promises: locks without hosts, pinned actions, its files in their place."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = [
    *("README.md", "CHANGELOG.md", "LICENSE", "LICENSE-CONTENT.md"),
    *("Makefile", "pyproject.toml", "requirements.lock", "package.json", "package-lock.json"),
    *("_config.yml", "_toc.yml", ".ci/run", ".github/workflows/book.yml"),
]


def tracked():
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("name", EXPECTED)
def test_the_file_is_there(name):
    assert (ROOT / name).is_file()


def test_the_python_lock_names_no_host():
    assert not re.search(r"https?://|index-url", (ROOT / "requirements.lock").read_text())


def test_the_npm_lock_has_an_integrity_hash_for_every_package_and_no_host():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [
        name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")
    ] == []
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_the_workflow_pins_every_action_by_commit_and_reads_only_by_default():
    text = (ROOT / ".github/workflows/book.yml").read_text()
    uses = re.findall(r"uses: (\S+)", text)
    assert uses
    assert [use for use in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", use)] == []
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


def test_the_contents_name_pages_that_exist():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    pages = [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]
    missing = [
        page for page in pages if not any((ROOT / f"{page}{end}").is_file() for end in (".md", ".ipynb"))
    ]
    assert missing == []


def test_no_third_party_asset_is_under_version_control():
    assets = {".ttf", ".otf", ".woff", ".woff2", ".shp", ".geojson"}
    assert [file.name for file in tracked() if file.suffix in assets or file.name.startswith("plotly")] == []


def test_no_tracked_file_is_larger_than_a_megabyte():
    # a stored notebook has each number of a figure on a line of its own
    limit = {".ipynb": 1_500_000}
    assert [f.name for f in tracked() if f.stat().st_size > limit.get(f.suffix, 1_000_000)] == []
