"""What a reader sees of the data, in parts that can be compared: faults, verdicts, chapters, the bibliography.

A chapter is computed as the book computes it, from the code cells of its notebook, but in this process, without a
kernel. Its parts are what the page prints: the text of each number, the cells of each table, the drawing of each
figure. What is only in a file to download is not among them, nor is a hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from aleppo.bookkit.fingerprints import code_cells, read_notebook, source_of
from aleppo.claims import ledger
from aleppo.evidence import load
from aleppo.evidence.sources import bibtex
from aleppo.show import figure, numbers, table
from aleppo.show.plain import compact

STOPS = "stops with"
LEDGER_CHAPTER = "claims-ledger"
"""The notebook that shows the ledger and nothing else: it changes when, and only when, an entry does."""

OF_FILES = ("csv", "kinds")
"""What a table or figure holds for its file alone."""
_ENTRY = re.compile(r"^@\w+\{([^,]+),", re.MULTILINE)
_CITED = re.compile(r"\{cite:\w+\}`([^`]+)`")

Part = tuple[str, str]
"""What a part is called, and the hash of what it prints."""


@dataclass(frozen=True)
class Chapter:
    """A notebook: its name, its file, the tables it loads, and the parts that it has stored."""

    name: str
    path: Path
    loads: frozenset[str]
    parts: tuple[Part, ...]


def chapters(paths: Iterable[Path]) -> list[Chapter]:
    """The notebooks that print something of a table themselves, with the tables they loaded when last executed."""
    found = []
    for path in paths:
        loads = read_notebook(path).get("metadata", {}).get("aleppo", {}).get("loads", [])
        if path.stem != LEDGER_CHAPTER:
            found.append(Chapter(path.stem, path, frozenset(loads), tuple(stored(path))))
    return found


def printed(path: Path) -> Iterator[Part]:
    """The parts of the chapter at ``path``, one after the other as its cells run; the last is what stopped it, if any.

    Each call runs in a shell of its own. What a cell says on standard error is a part too, because the book refuses it.
    """
    from IPython.utils.capture import capture_output

    shell = _fresh_shell()
    numbers.forget_what_was_said()
    for place, cell in enumerate(code_cells(read_notebook(path)), 1):
        shown = shell.display_pub.outputs
        shown.clear()
        with capture_output(display=False) as said:
            result = shell.run_cell(source_of(cell))
        for output in shown:
            yield _part(output["data"], output["metadata"] or {}, place)
        if error := result.error_before_exec or result.error_in_exec:
            yield f"{STOPS} {type(error).__name__}", ""
            return
        for stream, text in (("warning", said.stderr), ("text", said.stdout)):
            if text:
                yield f"{stream} in code cell {place}", _digest(text)


def _fresh_shell() -> Any:
    """A shell of IPython as a new kernel has one, which keeps what is displayed in ``display_pub.outputs``."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class LastLine(DisplayHook):
        """The value of a cell's last line, kept beside what the cell displayed."""

        shell: Any

        def write_output_prompt(self) -> None:
            """No prompt."""

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self.shell.display_pub.publish(format_dict, md_dict)

        def finish_displayhook(self) -> None:
            """No line break."""

    settings = Config()
    settings.HistoryManager.enabled = False
    InteractiveShell.clear_instance()
    return InteractiveShell.instance(
        config=settings,
        colors="nocolor",
        displayhook_class=LastLine,
        display_pub_class=CapturingDisplayPublisher,
    )


def stored(path: Path) -> Iterator[Part]:
    """The parts of the chapter at ``path`` as its notebook has them stored."""
    for place, cell in enumerate(code_cells(read_notebook(path)), 1):
        for output in cell["outputs"]:
            if "data" in output:
                yield _part(output["data"], output["metadata"], place)


def _part(data: Mapping[str, Any], metadata: Mapping[str, Any], cell: int) -> Part:
    """What an output prints, without the file behind it."""
    if f"{numbers.GLUE_PREFIX}text/plain" in data:
        return f"number {metadata['scrapbook']['name']}", _digest(data[f"{numbers.GLUE_PREFIX}text/plain"])
    if table.MIME in data:
        payload = {key: value for key, value in data[table.MIME].items() if key not in OF_FILES}
        return f"table {payload['id']}", _digest(compact(payload))
    if figure.MIME in data and (facts := figure.about(data[figure.MIME])):
        payload = data[figure.MIME]
        meta = {key: value for key, value in facts.items() if key not in (*OF_FILES, "rows")}
        drawn = {**payload, "layout": {**payload["layout"], "meta": meta}}
        return f"figure {facts['id']}", _digest(compact(drawn))
    return f"output of code cell {cell}", _digest(compact(dict(data)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def first_difference(before: Iterable[Part], now: Iterable[Part]) -> str:
    """What the first part that is not as it was is called, empty if all are; ``now`` is read no further than that."""
    for old, new in zip_longest(before, now):
        if old != new:
            return str((new or old)[0])
    return ""


def entries(only: Collection[str] | None = None) -> list[ledger.Entry]:
    """The ledger of the data (or its entries on ``only``) as a reader sees it."""
    return without_hashes(ledger.evaluate(only=only))


def without_hashes(found: Iterable[ledger.Entry]) -> list[ledger.Entry]:
    """Entries without the hash of what their tests looked at, which changes with any row."""
    return [{key: value for key, value in entry.items() if key != "data"} for entry in found]


def concerned(known: Iterable[ledger.Entry], name: str, row: str) -> set[str]:
    """Claims whose entry could change with the row ``row`` of the table ``name``.

    Those whose test looks at the table; the claim itself in a list of claims; and those that name the source.
    """
    found = {entry["claim"] for entry in known if name in entry["tables"]}
    if name in ("claims", "findings"):
        found.add(row)
    if name == "sources":
        found |= {entry["claim"] for entry in known if row in (*entry["supports"], *entry["opposes"])}
    return found


def references(cited: Collection[str]) -> dict[str, str]:
    """Id → entry of the bibliography, of the sources that are ``cited``."""
    text = bibtex(load("sources"))
    begins = [(found[1], found.start()) for found in _ENTRY.finditer(text)]
    ends = [start for _, start in begins[1:]] + [len(text)]
    return {key: text[start:end] for (key, start), end in zip(begins, ends, strict=True) if key in cited}


def cited(root: Path, known: Iterable[ledger.Entry]) -> frozenset[str]:
    """Ids that the book below ``root`` cites: in prose, tables, figures, and the ``known`` entries of the ledger."""
    found: set[str] = set()
    for entry in known:
        found.update(entry["supports"], entry["opposes"])
    pages = [path.read_text(encoding="utf-8") for path in sorted((root / "book").glob("*.md"))]
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        notebook = read_notebook(path)
        pages += [source_of(cell) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
        for cell in code_cells(notebook):
            for output in cell["outputs"]:
                found.update(_cited_in(output.get("data", {})))
    for keys in _CITED.findall("\n".join(pages)):
        found.update(key.strip() for key in keys.split(","))
    return frozenset(found)


def _cited_in(data: Mapping[str, Any]) -> Iterator[str]:
    if sheet := data.get(table.MIME):
        yield from sheet["sources"]
        for place, column in enumerate(sheet["columns"]):
            if column["kind"] == table.CITE:
                for row in sheet["rows"]:
                    yield from row[place].split(";")
    if facts := figure.about(data.get(figure.MIME, {})):
        yield from facts["sources"]
