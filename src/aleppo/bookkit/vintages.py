"""What the page on vintages takes from the data when the book is made.

Three comments of ``book/vintages.md`` are replaced: the series with their versions and the chapters that load
them, from the sidecars; figures that a publisher gave at two times, computed from the tables; and, in a book
on other data than the repository's, what those data change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from sphinx.application import Sphinx

from aleppo.bookkit import markers
from aleppo.bookkit.catalogue import anchor, chapters, day, text
from aleppo.evidence import data_dir, load
from aleppo.evidence.differences import TableChange, changes
from aleppo.evidence.errors import MissingTable
from aleppo.evidence.forms import read_described
from aleppo.evidence.manifest import present_tables, sidecar_path
from aleppo.evidence.paths import repository
from aleppo.evidence.tables import Table
from aleppo.measure import reconcile
from aleppo.show.numbers import change, count, count_range

SERIES, COMPARISONS, DIFFERENCES = "% vintage-series", "% vintage-comparisons", "% vintage-differences"
NO_CHAPTER = "no chapter"
LATER = "ucdp"


def series_table(described: Iterable[tuple[Table, Mapping[str, Any]]]) -> str:
    """MyST table of the ingested series: version, state, span, and the chapters that load each."""
    rows = [
        (
            f"[{text(sidecar['title'])}](#{anchor(table.name)})",
            # plain spaces: the column is narrow on a telephone
            f"{text(sidecar['version'])}; state of {day(sidecar['retrieved'])}".replace("\u00a0", " "),
            chapters(sidecar["chapters"]) or NO_CHAPTER,
        )
        for table, sidecar in described
    ]
    return list_table(
        "Series made from publishers' files, with the version of the file and the chapters that load them",
        "tab-vintage-series",
        (32, 40, 28),
        ("Series", "Publisher's version", "Loaded by"),
        rows or [("none in these data", "", "")],
        stacked=True,
    )


def comparisons_table(checks: pd.DataFrame, absent: Sequence[str] = ()) -> str:
    """MyST table of figures given at two times; ``checks`` has the columns of `aleppo.measure.reconcile`.

    A monthly report of Airwars is older than the archive that the book's series was made from; the yearly
    figures of UCDP are of a later release than the extract. ``absent`` are tables that a comparison lacks.
    """
    rows = [(f"not available with these data: `{name}`", "", "", "") for name in absent]
    for row in checks.to_dict("records"):
        earlier, later = ("ours", "published") if row["family"] == LATER else ("published", "ours")
        rows.append(
            (
                f"{text(row['publisher'])}, {text(row['what'])}",
                _amount(row, earlier),
                _amount(row, later),
                _relative(row, earlier, later),
            )
        )
    return list_table(
        "The same figure in two states of a publisher's data",
        "tab-vintage-comparisons",
        (46, 19, 19, 16),
        ("Figure", "Earlier state", "Later state", "Change"),
        rows,
    )


def comparisons(tables: Callable[[str], pd.DataFrame] = load) -> str:
    """`comparisons_table` of everything that two states of one publisher's data can be compared on.

    A line says so where the data lack a table for it; the table itself is always there to be referred to.
    """
    found, absent = [], []
    for compare, series, published in (
        (reconcile.airwars_published, "airwars_monthly", "monthly_published"),
        (reconcile.ucdp_years, "ucdp_ged_monthly", "estimates"),
    ):
        try:
            checks = compare(tables(series), tables(published))
        except MissingTable as error:
            absent.append(error.table)
            continue
        # one extract counted twice is no second state
        found.append(checks[checks["check"] != "ucdp-aleppo-2016"])
    return comparisons_table(pd.concat(found, ignore_index=True) if found else pd.DataFrame(), absent)


def differences(found: Sequence[TableChange] | None) -> str:
    """What the data of this build change of the published ones; ``found`` is None for the published book."""
    if found is None:
        return "This edition is made of the published data: there is nothing to set against them.\n"
    if not found:
        return "The tables of these data are the published ones, byte for byte.\n"
    lines = "\n".join(f"- `{one.name}`: {text(one.line)}" for one in found)
    return f"The data of this edition differ from the published ones in these tables:\n\n{lines}\n"


def _amount(row: Mapping[str, Any], name: str) -> str:
    low, best, high = (row[column] for column in (f"{name}_low", name, f"{name}_high"))
    if pd.notna(best):
        return count(best)
    if pd.notna(low) and pd.notna(high):
        return count_range(low, high)
    return f"at least {count(low)}" if pd.notna(low) else f"at most {count(high)}"


def _relative(row: Mapping[str, Any], earlier: str, later: str) -> str:
    """The change in percent: of the figures, else of the bounds that both have."""
    pairs = {
        part: (row[f"{earlier}{part}"], row[f"{later}{part}"])
        for part in ("", "_low", "_high")
        if pd.notna(row[f"{earlier}{part}"]) and pd.notna(row[f"{later}{part}"])
    }
    chosen = [pairs[""]] if "" in pairs else list(pairs.values())
    said = [change(100 * (now / then - 1), 1, "%") for then, now in chosen if then]
    return " and ".join(dict.fromkeys(said)) or "not comparable"


def list_table(
    caption: str,
    name: str,
    widths: Iterable[int],
    head: Iterable[str],
    rows: Iterable[Iterable[str]],
    stacked: bool = False,
) -> str:
    """MyST table with a caption and a label; ``widths`` are shares of the measure.

    Rows of a table that is ``stacked`` are told one cell below the other on a telephone, without headings.
    """
    lines = ["* - " + "\n  - ".join(row) for row in (tuple(head), *map(tuple, rows))]
    options = f":name: {name}\n:header-rows: 1\n:widths: {' '.join(map(str, widths))}\n"
    options += ":class: aleppo-stacked\n" if stacked else ""
    return f":::{{list-table}} {caption}\n{options}\n" + "\n".join(lines) + "\n:::\n"


def _described(data: Path) -> list[tuple[Table, dict[str, Any]]]:
    return [
        (table, read_described(sidecar_path(data, table)))
        for table in present_tables(data)
        if table.metadata.cls == "aggregated"
    ]


def _differences_of(data: Path) -> str:
    home = data.resolve() == (repository() / "data").resolve()
    return differences(None if home else changes(data))


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    data = data_dir()
    parts: dict[str, Callable[[], str]] = {
        SERIES: lambda: series_table(_described(data)),
        COMPARISONS: comparisons,
        DIFFERENCES: partial(_differences_of, data),
    }
    markers.fill(source, parts)


def setup(app: Sphinx) -> dict[str, bool]:
    """Write the three parts into the page that asks for them."""
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
