"""Code that a page names is there under that name."""

from __future__ import annotations

import importlib
import re

import pytest

from aleppo.evidence.paths import repository

NAMED = re.compile(r"`(aleppo(?:\.[A-Za-z_]\w*)+)(?:\([^`]*\))?`")
PAGES = sorted(
    path
    for pattern in ("*.md", "book/**/*.md", "notebooks/*.ipynb")
    for path in repository().glob(pattern)
    if NAMED.search(path.read_text(encoding="utf-8"))
)


def is_there(name: str) -> bool:
    """Whether ``name`` is a module, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        for part in parts[length:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_names_code_that_is_there(page) -> None:
    named = sorted(set(NAMED.findall(page.read_text(encoding="utf-8"))))
    assert [name for name in named if not is_there(name)] == []


def test_methods_name_what_computes_them() -> None:
    assert repository() / "book" / "methods.md" in PAGES
    assert not is_there("aleppo.measure.response")
