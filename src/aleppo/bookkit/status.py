"""What the page on the status takes from the book when it is made.

Comments of ``book/status.md`` are replaced: the edition, how long each notebook took when it was last recorded and the
tables that it loads, versions of packages from the lock file, hashes of the data, what `aleppo verify` says, and the
reconciliations. Nothing is read from a clock or from the machine of the build: the same files give the same page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from sphinx.application import Sphinx

from aleppo.bookkit import execution, interpreters, markers, published
from aleppo.bookkit.catalogue import anchor, text
from aleppo.bookkit.execution import Recording
from aleppo.bookkit.fingerprints import find_notebooks, read_notebook
from aleppo.bookkit.interpreters import Trial
from aleppo.bookkit.vintages import list_table
from aleppo.evidence import data_dir, load
from aleppo.evidence.errors import MissingTable
from aleppo.evidence.files import sha256_file
from aleppo.evidence.forms import read_described
from aleppo.evidence.manifest import present_tables, sidecar_path
from aleppo.evidence.paths import repository
from aleppo.evidence.tables import DECLARED
from aleppo.evidence.verify import Report, verify
from aleppo.measure import reconcile
from aleppo.show.numbers import count, date, quantity

EDITION, NOTEBOOKS, PACKAGES = "% status-edition", "% status-notebooks", "% status-packages"
INTERPRETERS = "% status-interpreters"
DATA, VERIFICATION, RECONCILIATIONS = "% status-data", "% status-verification", "% status-reconciliations"
LOCK = "requirements.lock"
# What computes or composes something that a reader sees, and for what.
COMPUTING = {
    "numpy": "arrays, random draws",
    "pandas": "tables",
    "scipy": "distributions",
    "statsmodels": "regressions, survival curves",
    "ruptures": "change points",
    "shapely": "schematic cells",
    "pyproj": "projections",
    "pandera": "declarations of tables",
    "pyarrow": "Parquet files",
    "joblib": "work on several cores",
    "dask": "work on several machines",
    "plotly": "charts",
    "nbclient": "execution of notebooks",
    "jupyter-book": "the book",
    "sphinx": "its pages",
    "myst-nb": "its notebooks",
    "typst": "the print edition",
}
_PINNED = re.compile(r"^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)[ \t]*(?:;([^\\\n]*))?", re.MULTILINE)
_MARKER = re.compile(r"python_(?:full_)?version (<|>=) '([\d.]+)'")
_BOUND = {"<": "before", ">=": "from"}
SHORT = 12  # digits of a hash that tell two files apart


def edition_lines(edition: Mapping[str, str]) -> str:
    """MyST definition list of an edition (`aleppo.bookkit.published.edition`)."""
    facts = [
        ("Version", text(edition["version"]) or "none"),
        ("Released", date(edition["released"]) if edition["released"] else "not released"),
        ("Commit", f"`{edition['commit']}`" if edition["commit"] else "outside a repository"),
        ("Data", f"`{edition['data']}`"),
    ]
    return "\n\n".join(f"{term}\n: {said}" for term, said in facts) + "\n"


def notebooks_table(notebooks: Sequence[Path], recording: Recording | None) -> str:
    """MyST table of notebooks in their order: seconds as recorded, fingerprint, and the tables each loads.

    Seconds are told only of a notebook that still is what was recorded.
    """
    rows = []
    for path in notebooks:
        record = read_notebook(path).get("metadata", {}).get("aleppo", {})
        fingerprint = str(record.get("fingerprint", ""))
        rows.append(
            (
                f"{{doc}}`/notebooks/{path.stem}`",
                _seconds(recording, path.stem, fingerprint),
                f"`{fingerprint[:SHORT]}`" if fingerprint else "never executed",
                ", ".join(map(_linked, record.get("loads", []))) or "no table",
            )
        )
    caption = "Notebooks: seconds of their recorded execution, fingerprint, and the tables that they load"
    head = ("Notebook", "Seconds", "Fingerprint", "Tables")
    return list_table(caption, "tab-status-notebooks", (26, 14, 18, 42), head, rows, stacked=True)


def _seconds(recording: Recording | None, name: str, fingerprint: str) -> str:
    if recording is None or name not in recording.notebooks:
        return "not recorded"
    seconds = recording.of(name, fingerprint)
    return "changed since it was recorded" if seconds is None else quantity(seconds, 1)


def _linked(table: str) -> str:
    """A table's name, as a link to its place in the data chapter if it has one there."""
    return f"{{ref}}`{table} <{anchor(table)}>`" if table in DECLARED else f"`{table}`"


def recording_sentence(recording: Recording | None) -> str:
    """On what kind of machine the seconds were taken."""
    if recording is None:
        return "No execution was recorded for this edition.\n"
    return (
        f"The seconds were recorded with Python {recording.python} on a machine with {count(recording.cores)} cores, "
        f"{count(recording.jobs)} notebooks at a time.\n"
    )


def locked_versions(lock: str) -> dict[str, str]:
    """Name → version of every package that the lock file ``lock`` pins; each with its Python where they differ."""
    found: dict[str, list[str]] = {}
    for name, version, marker in _PINNED.findall(lock):
        said = _MARKER.sub(lambda bound: f"{_BOUND[bound[1]]} Python {bound[2]}", marker.strip())
        found.setdefault(name.lower(), []).append(f"{version} {said}".strip())
    return {name: "; ".join(versions) for name, versions in found.items()}


def packages_table(locked: Mapping[str, str], wanted: Mapping[str, str] = COMPUTING) -> str:
    """MyST table of the packages in ``wanted`` (name → what for) with the version that ``locked`` pins."""
    rows = [
        (name, text(locked[name]) if name in locked else "not locked", text(use))
        for name, use in wanted.items()
    ]
    caption = "Packages that compute or compose what a reader sees, as pinned by the lock file"
    head = ("Package", "Version", "For")
    return list_table(caption, "tab-status-packages", (26, 20, 54), head, rows, stacked=True)


def interpreters_table(trials: Sequence[Trial]) -> str:
    """MyST table of the runs of the tests, one per Python, or a sentence that there is none."""
    if not trials:
        return "No run of the tests was recorded for this edition.\n"
    rows = [
        (
            text(each.python),
            f"`{each.commit}`" if each.commit else "outside a repository",
            count(each.passed),
            count(each.skipped),
            count(each.failed),
            count(round(each.seconds / 60)),
        )
        for each in trials
    ]
    caption = "Runs of all tests, each on a fresh clone with an environment of its own"
    head = ("Python", "Commit", "Passed", "Skipped", "Failed", "Minutes")
    return list_table(caption, "tab-status-interpreters", (18, 24, 14, 14, 14, 16), head, rows)


def data_table(data: Path) -> str:
    """MyST table of every table below ``data``: rows, date of its state, first digits of its SHA-256."""
    rows = []
    for table in present_tables(data):
        sidecar = read_described(sidecar_path(data, table))
        sha256 = sha256_file(data / table.path)
        marked = "" if sidecar.get("sha256") == sha256 else " (other than described)"
        rows.append(
            (
                f"[{text(sidecar['title'])}](#{anchor(table.name)})",
                count(sidecar["rows"]),
                date(str(sidecar["retrieved"])),
                f"`{sha256[:SHORT]}`{marked}",
            )
        )
    caption = "Tables of the data with the first digits of their SHA-256"
    head = ("Table", "Rows", "State of", "SHA-256")
    return list_table(caption, "tab-status-data", (46, 14, 20, 20), head, rows)


def verification(report: Report) -> str:
    """MyST text of what `aleppo verify` says: its closing line, its notes and its faults."""
    lines = [*(str(fault) for fault in report.faults), *report.notes]
    listed = "".join(f"\n- {text(line)}" for line in lines)
    return f"`aleppo verify` says of the data of this edition: *{text(report.line)}*.\n{listed}\n"


def reconciliations_table(summary: pd.DataFrame) -> str:
    """MyST table of `aleppo.measure.reconcile.summary`: one line per family of comparisons."""
    rows = [
        (
            text(row["family"]),
            count(row["checks"]),
            count(row["exact"]),
            count(row["within"]),
            count(row["beyond"]),
            f"{_residual(float(row['largest']))} {text(row['unit'])}",
        )
        for row in summary.to_dict("records")
    ]
    caption = "Reconciliations: what the book counts against what publishers published"
    head = ("What is compared", "Checks", "Exact", "Within tolerance", "Beyond", "Largest residual")
    return list_table(caption, "tab-status-reconciliations", (36, 11, 11, 13, 11, 18), head, rows)


def _residual(value: float) -> str:
    return quantity(value, 0 if value.is_integer() else 1)


def reconciliations(tables: Callable[[str], pd.DataFrame] = load) -> str:
    """`reconciliations_table` of the data, or a sentence naming the table for want of which there is none."""
    try:
        checks = reconcile.every_check({name: tables(name) for name in reconcile.TABLES})
    except MissingTable as error:
        return f"Not available with these data: they have no `{error.table}`.\n"
    return reconciliations_table(reconcile.summary(checks))


def in_order(notebooks: Iterable[Path], pages: Iterable[str]) -> list[Path]:
    """``notebooks`` in the order of ``pages`` (names of documents), others after them."""
    place = {page: number for number, page in enumerate(pages)}
    return sorted(notebooks, key=lambda path: (place.get(f"notebooks/{path.stem}", len(place)), path.stem))


def _notebooks(root: Path) -> str:
    from sphinx_external_toc.parsing import parse_toc_yaml

    recording = execution.read(root)
    listed = in_order(find_notebooks(root / "notebooks"), parse_toc_yaml(root / "_toc.yml"))
    return f"{recording_sentence(recording)}\n{notebooks_table(listed, recording)}"


def parts(root: Path, data: Path) -> dict[str, Callable[[], str]]:
    """Comment → what writes the text in its place, for the book at ``root`` made of ``data``."""
    return {
        EDITION: lambda: edition_lines(published.edition(root, data)),
        NOTEBOOKS: lambda: _notebooks(root),
        PACKAGES: lambda: packages_table(locked_versions((repository() / LOCK).read_text(encoding="utf-8"))),
        INTERPRETERS: lambda: interpreters_table(interpreters.read(root)),
        DATA: lambda: data_table(data),
        VERIFICATION: lambda: verification(verify(data)),
        RECONCILIATIONS: reconciliations,
    }


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    markers.fill(source, parts(Path(app.srcdir), data_dir()))


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the page on the status where it asks for it."""
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
