"""What reads files of strangers, each as a function of bytes that gives a result or raises AleppoError.

A target raises what the reader raises; whoever calls it lets AleppoError pass and nothing else.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

from aleppo.bookkit.fingerprints import code_cells, hash_cells, read_notebook
from aleppo.bookkit.published import verify as verify_book
from aleppo.claims.ledger import committed
from aleppo.claims.registry import judgements
from aleppo.cli import main
from aleppo.evidence.corrections import REGISTER, content_faults, read_register, target_faults
from aleppo.evidence.forms import read_described
from aleppo.evidence.load import read_corrected, read_table
from aleppo.evidence.manifest import PACKAGE, write_sidecars
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.tables import DECLARED
from aleppo.evidence.verify import verify
from aleppo.ingest import PUBLISHERS, acled, unsc
from aleppo.ingest import cells as rules
from aleppo.ingest.cells import Unreadable
from aleppo.show import numbers

Target = Callable[[bytes], object]

# Written out in a file's first byte: which table, and which file of a data folder, the rest of the bytes is.
TABLES = sorted(DECLARED)
SMALL = ("places", "towns", "governorates", "counters", "truce_coding", "unsc_membership")
FOLDER_FILES = (
    PACKAGE,
    REGISTER,
    "judgements.yml",
    "ledger.json",
    *(f"evidence/{name}.csv" for name in SMALL),
)
FOLDER_FILES += tuple(f"evidence/{name}.yml" for name in SMALL)


@contextlib.contextmanager
def _scratch(content: bytes, name: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        yield path


def _ingest(publisher: str) -> Target:
    def target(content: bytes) -> object:
        with _scratch(content, "export.csv") as path, contextlib.ExitStack() as patched:
            # the other tables are neither read nor copied: they are not what is tried
            for place in ("aleppo.ingest.common", "aleppo.ingest.vdc"):
                patched.enter_context(mock.patch(f"{place}.chapters_by_table", dict))
            patched.enter_context(mock.patch("aleppo.ingest.common.settle", lambda result, out_dir: result))
            return PUBLISHERS[publisher].ingest(path, path.parent / "out")

    return target


def _vetoes(content: bytes) -> object:
    with _scratch(content, "vetoes.csv") as path:
        return unsc.read_vetoes(path)


def _table(content: bytes) -> object:
    table = DECLARED[TABLES[content[0] % len(TABLES)] if content else TABLES[0]]
    with _scratch(content[1:], f"{table.name}.csv") as path:
        return read_table(table, path)


def _sidecar(content: bytes) -> object:
    with _scratch(content, "towns.yml") as path:
        return read_described(path)


def _corrections(content: bytes) -> object:
    towns = DECLARED["towns"]
    with _scratch(content, REGISTER) as path:
        register = read_register(path.parent)
        known = [one for one in register if one.target in DECLARED]
        of_towns = [one for one in known if one.target == towns.name]
        read_corrected(towns, repository() / "data" / towns.path, of_towns, {"a-source"})
        return [*target_faults(register), *content_faults(known, {"a-source"})]


def _judgements(content: bytes) -> object:
    with _scratch(content, "judgements.yml") as path:
        return judgements(path.parent)


def _ledger(content: bytes) -> object:
    with _scratch(content, "ledger.json") as path:
        return committed(path.parent)


def _notebook(content: bytes) -> object:
    with _scratch(content, "chapter.ipynb") as path:
        notebook = read_notebook(path)
        return hash_cells(notebook), code_cells(notebook)


def _manifest(content: bytes) -> object:
    with _scratch(content, "_static/manifest.json") as path:
        return verify_book(path.parents[1])


_sealed: list[tempfile.TemporaryDirectory[str]] = []


def sealed_folder() -> Path:
    """A small data folder with sidecars, made once in a process."""
    if not _sealed:
        _sealed.append(tempfile.TemporaryDirectory(prefix="fuzz-data-"))
        folder = Path(_sealed[0].name)
        data = repository() / "data"
        for name in SMALL:
            for ending in ("csv", "yml"):
                (folder / "evidence").mkdir(exist_ok=True)
                shutil.copyfile(
                    data / "evidence" / f"{name}.{ending}", folder / "evidence" / f"{name}.{ending}"
                )
        for name in (REGISTER, "judgements.yml", "ledger.json"):
            shutil.copyfile(data / name, folder / name)
        write_sidecars(folder)
    return Path(_sealed[0].name)


def _verify(content: bytes) -> object:
    name = FOLDER_FILES[content[0] % len(FOLDER_FILES)] if content else PACKAGE
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        folder = Path(scratch) / "data"
        shutil.copytree(sealed_folder(), folder)
        (folder / name).write_bytes(content[1:])
        return verify(folder).line


def _commands(content: bytes) -> object:
    """Ids of claims and of parts of the book, as they are typed."""
    text = content.decode("utf-8", "replace").replace("\x00", "")
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        codes = [main(["claims", "--", text]), main(["ingest", "--", text, os.devnull])]
    assert set(codes) <= {0, 1, 2}, codes
    return codes


def _cells(content: bytes) -> object:
    """Every way in which one cell of a publisher, or one number or date in prose, is read."""
    text = content.decode("utf-8", "replace")
    readers = (
        *(rules.whole, rules.counted, rules.number, rules.day, rules.month, rules.label),
        *(rules.folded, rules.one_of("a", "b"), acled.written_day),
    )
    found: list[object] = []
    for reader in readers:
        with contextlib.suppress(Unreadable):
            found.append(reader(text))
    found += [unsc.subject(text, text), numbers.date(text)]
    return found


TARGETS: dict[str, Target] = {
    **{f"ingest-{name}": _ingest(name) for name in sorted(PUBLISHERS)},
    "ingest-vetoes": _vetoes,
    "table": _table,
    "sidecar": _sidecar,
    "corrections": _corrections,
    "judgements": _judgements,
    "ledger": _ledger,
    "notebook": _notebook,
    "manifest": _manifest,
    "verify": _verify,
    "commands": _commands,
    "cells": _cells,
}


@contextlib.contextmanager
def on_the_books_own_data() -> Iterator[None]:
    """Whatever data the caller's surroundings name, targets read the repository's."""
    with mock.patch.dict(os.environ):
        os.environ.pop(DATA_VARIABLE, None)
        yield
