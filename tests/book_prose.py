"""What the pages of the book say, for tests that hold it against the data or run it."""

from __future__ import annotations

import re
from functools import cache

from aleppo.bookkit.fingerprints import find_notebooks, read_notebook, source_of
from aleppo.evidence.paths import repository

CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@cache
def pages() -> dict[str, str]:
    """Text of every page, by its path: the pages of prose, and the prose of the notebooks."""
    root = repository()
    prose = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in root.glob("book/*.md")
    }
    for path in find_notebooks():
        cells = read_notebook(path)["cells"]
        prose[path.relative_to(root).as_posix()] = "\n\n".join(
            source_of(cell) for cell in cells if cell["cell_type"] == "markdown"
        )
    return prose


def cited_by_the_pages() -> frozenset[str]:
    """Ids of the sources that the prose cites."""
    keys = (
        key.strip() for text in pages().values() for group in CITED.findall(text) for key in group.split(",")
    )
    return frozenset(keys)


def fenced(page: str, language: str, section: str = "") -> list[str]:
    """The fenced blocks of ``page`` in ``language``, in their order; those of one section if it is named."""
    text = pages()[page]
    if section:
        text = text.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
        assert text, f"{page} has no section {section!r}"
    return [body for kind, body in FENCE.findall(text) if kind == language]


def shown(said: str, promised: str) -> None:
    """The lines that a page shows come in what was said, in their order; … stands for anything."""
    at = 0
    for line in promised.strip().split("\n"):
        pattern = ".*".join(re.escape(part) for part in line.strip().split("…"))
        found = re.compile(rf"^{pattern}$", re.MULTILINE).search(said, at)
        assert found, f"the page shows {line!r}, which was not said:\n{said}"
        at = found.end()
