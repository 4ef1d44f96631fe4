"""The book on other data than the repository's: ``ALEPPO_DATA=DIR``.

Notebooks are executed, and the book is built, in a workplace: a copy of the book's sources below the build
folder (`aleppo.bookkit.current.workplace`). The repository's stored notebooks, its stills and the published
book stay what they were, and nothing is written to the data folder either.

Some things may be otherwise there than in the published book, and each is visible to the reader:

- a chapter that needs a table which the data do not have is a page that says so (`page_without`), and what
  other pages quote from it is worded so (`aleppo.bookkit.absent`);
- the claims are judged anew on these data, or, where a test lacks what it reads, the ledger is left out
  (`settle_ledger`) and what quotes it says so;
- a still of other data is never shown: it is drawn again if a browser can be found, else taken out
  (`settle_stills`), and then the page draws the chart itself and print gives its description;
- every page, and the title page in print, says which data it was made of.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

import yaml

from aleppo.bookkit.current import digest
from aleppo.bookkit.fingerprints import Notebook, find_notebooks, read_notebook, source_of
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic
from aleppo.evidence.load import declared
from aleppo.evidence.sources import write_bibliography

FILES = ("_config.yml", "_toc.yml", "CHANGELOG.md")
BOOK, NOTEBOOKS, STILLS, CITATION = "book", "notebooks", "book/figures", "CITATION.cff"
TABLE_MIME = "application/vnd.aleppo.table+json"

_TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
_TARGET = re.compile(r"^\(([^)\s]+)\)=\s*$", re.MULTILINE)


def prepare(checkout: Path, place: Path, data: Path) -> None:
    """Bring the workplace ``place`` up to date with the sources of ``checkout`` for the folder ``data``.

    A notebook whose cells are those of the repository keeps the outputs it has in the workplace; whether
    they are still those of the data is for its fingerprint to say. Writes only below ``place``.
    """
    _copy_book(checkout, place)
    for name in FILES:
        if (checkout / name).is_file():
            write_atomic(place / name, (checkout / name).read_bytes())
    _copy_notebooks(checkout / NOTEBOOKS, place / NOTEBOOKS)
    _say_which_data(place / "_config.yml", data)
    _cite_as_other_data(checkout / CITATION, place / CITATION, data)
    _cite_their_sources(place, data)


def _copy_book(checkout: Path, place: Path) -> None:
    """The pages as they are in the checkout; stills stay, `settle_stills` says which."""
    if (place / BOOK).is_dir():
        for path in (place / BOOK).iterdir():
            if path != place / STILLS:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    if (checkout / BOOK).is_dir():
        stills = (checkout / STILLS).name
        shutil.copytree(
            checkout / BOOK, place / BOOK, ignore=shutil.ignore_patterns(stills), dirs_exist_ok=True
        )


def _copy_notebooks(theirs: Path, ours: Path) -> None:
    kept = set()
    for original in find_notebooks(theirs):
        copy = ours / original.relative_to(theirs)
        kept.add(copy)
        if not copy.is_file() or _made_from(read_notebook(copy)) != cells_digest(read_notebook(original)):
            write_atomic(copy, original.read_bytes())
    for left in find_notebooks(ours):
        if left not in kept:
            left.unlink()


def _made_from(notebook: Notebook) -> str:
    """`cells_digest` of the repository's notebook that a notebook of the workplace is a copy of."""
    absent = notebook.get("metadata", {}).get("aleppo", {}).get("absent")
    return str(absent["cells"]) if absent else cells_digest(notebook)


def cells_digest(notebook: Notebook) -> str:
    """Hash of what an author writes: the kind and the source of every cell, prose included."""
    return digest(*(f"{cell.get('cell_type')}\n{source_of(cell)}".encode() for cell in notebook["cells"]))


def _say_which_data(config: Path, data: Path) -> None:
    """Let every page and the title page of the print edition name the data."""
    if not config.is_file():
        return
    settings = yaml.safe_load(config.read_text(encoding="utf-8")) or {}
    words = f"Made of the data folder “{data.name}”; this is not the published book."
    sphinx = settings.setdefault("sphinx", {}).setdefault("config", {})
    sphinx["aleppo_other_data"] = data.name
    # the theme takes its announcement for HTML
    sphinx.setdefault("html_theme_options", {})["announcement"] = escape(words)
    printed = sphinx.setdefault("print_book", {})
    printed["subtitle"] = ". ".join(filter(None, (printed.get("subtitle"), words)))
    write_atomic(config, yaml.safe_dump(settings, allow_unicode=True, sort_keys=False))


def _cite_as_other_data(theirs: Path, ours: Path, data: Path) -> None:
    """The book's citation, whose version says that the book was made of other data: nobody takes it for the release."""
    if not theirs.is_file():
        return
    content = yaml.safe_load(theirs.read_text(encoding="utf-8"))
    # what names a folder may be no part of a citation in BibTeX or RIS
    name = re.sub(r"[^\w .-]", "_", data.name)
    content["version"] = f"{content.get('version', '')} on other data ({name})".strip()
    write_atomic(ours, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def _cite_their_sources(place: Path, data: Path) -> None:
    """The bibliography from the sources of ``data``, which may cite what the published data do not."""
    if (data / "evidence" / "sources.csv").is_file():
        write_bibliography(place)


# --- chapters that the data cannot fill -------------------------------------------------------------------


def page_without(notebook: Notebook, table: str) -> Notebook:
    """The notebook that stands for ``notebook`` where ``table`` is absent: its title and what is missing.

    Its metadata keep the labels that the chapter had, so that references to them can be worded.
    """
    declaration = declared(table)
    prose = "\n\n".join(source_of(cell) for cell in notebook["cells"] if cell.get("cell_type") == "markdown")
    title = found[1] if (found := _TITLE.search(prose)) else "A chapter"
    if declaration.metadata.cls == "aggregated":
        command = f"{declaration.metadata.builder} --out DIR"
        way = f"This command makes it from the publisher's file:\n\n```\n{command}\n```"
    else:
        way = (
            f"It is one of the tables compiled for this book: copy `{declaration.path}` and its sidecar from the "
            "published data."
        )
    text = (
        f"# {title}\n\n````{{admonition}} Not available with these data\n:class: warning\n"
        f"This chapter is computed from the table `{table}` ({declaration.metadata.title}), which the data folder "
        f"of this build does not have. {way}\n````\n"
    )
    absent = {"table": table, "labels": sorted(_labels(notebook)), "cells": cells_digest(notebook)}
    return {
        "cells": [{"cell_type": "markdown", "id": "absent", "metadata": {}, "source": text}],
        "metadata": {"aleppo": {"absent": absent}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _labels(notebook: Notebook) -> Iterator[str]:
    """Labels of the figures, tables and places of a chapter that other pages may refer to."""
    for cell in notebook["cells"]:
        if cell.get("cell_type") == "markdown":
            yield from _TARGET.findall(source_of(cell))
        if name := cell.get("metadata", {}).get("mystnb", {}).get("figure", {}).get("name"):
            yield str(name)
        for output in cell.get("outputs", []):
            if sheet := output.get("data", {}).get(TABLE_MIME):
                yield f"tab-{sheet['id']}"


def absent_chapters(place: Path) -> dict[str, dict[str, Any]]:
    """Document name → what its page says is absent, for the notebooks of a workplace."""
    found = {}
    for path in find_notebooks(place / NOTEBOOKS):
        record = json.loads(path.read_text(encoding="utf-8")).get("metadata", {}).get("aleppo", {})
        if "absent" in record:
            found[path.relative_to(place).with_suffix("").as_posix()] = record["absent"]
    return found


# --- the ledger of claims ---------------------------------------------------------------------------------


def settle_ledger(place: Path, say: Callable[[str], None]) -> None:
    """Write the ledger of the data in use to the workplace; where they cannot decide every claim, leave it out."""
    from aleppo.claims import ledger

    file = place / ledger.LEDGER
    try:
        write_atomic(file, ledger.as_text(ledger.evaluate()))
    except AleppoError as error:
        file.unlink(missing_ok=True)
        say(f"without the ledger of claims: {error}")


# --- stills -----------------------------------------------------------------------------------------------


def settle_stills(checkout: Path, place: Path, say: Callable[[str], None]) -> None:
    """Leave below ``place`` only stills of what its notebooks show.

    The repository's still of an unchanged figure is taken over; others are drawn where a Chromium is found,
    and taken out where there is none.
    """
    from aleppo.show import figure, stills

    folder = place / STILLS
    notebooks = find_notebooks(place / NOTEBOOKS)
    wanted = {
        f"{name}.svg": figure.drawing_hash(payload) for name, payload in stills.figures_in(notebooks).items()
    }
    for name, drawing in wanted.items():
        if stills.hash_of(folder / name) != drawing == stills.hash_of(checkout / STILLS / name):
            write_atomic(folder / name, (checkout / STILLS / name).read_bytes())
    if not stills.stale(notebooks, folder):
        return
    try:
        stills.redraw(notebooks, folder)
    except AleppoError as error:
        for path in folder.glob("*.svg"):
            if stills.hash_of(path) != wanted.get(path.name):
                path.unlink()
        left = sum(not (folder / name).is_file() for name in wanted)
        say(f"without a still, drawn by the pages alone: {left} of {len(wanted)} figures ({error})")
