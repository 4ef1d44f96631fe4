"""Every table of ``data/``, declared once."""

from __future__ import annotations

from aleppo.evidence.tables import (
    control,
    explanations,
    lookup,
    publishers,
    response,
    series,
    toll,
    truces,
    votes,
)
from aleppo.evidence.tables.core import Column, Kind, Licence, Metadata, RowCheck, Table
from aleppo.evidence.tables.warnings import USAGE_WARNINGS

_GROUPS = (
    lookup.TABLES,
    control.TABLES,
    toll.TABLES,
    votes.TABLES,
    explanations.TABLES,
    response.TABLES,
    truces.TABLES,
    series.TABLES,
    publishers.TABLES,
)
TABLES: dict[str, Table] = {table.name: table for group in _GROUPS for table in group}

OWN_FILE_TABLES: dict[str, Table] = {table.name: table for table in publishers.OWN_FILE_TABLES}
"""Series that only a reader's own data folder can hold; the book's data is whole without them."""

DECLARED: dict[str, Table] = TABLES | OWN_FILE_TABLES
"""Every table that can be loaded."""

__all__ = [
    "DECLARED",
    "OWN_FILE_TABLES",
    "TABLES",
    "USAGE_WARNINGS",
    "Column",
    "Kind",
    "Licence",
    "Metadata",
    "RowCheck",
    "Table",
]
