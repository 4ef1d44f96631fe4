"""Every table of ``data/``, declared once."""

from __future__ import annotations

from aleppo.evidence.tables import control, lookup, response, series, toll, votes
from aleppo.evidence.tables.core import Column, Kind, Licence, Metadata, RowCheck, Table
from aleppo.evidence.tables.warnings import USAGE_WARNINGS

_GROUPS = (lookup.TABLES, control.TABLES, toll.TABLES, votes.TABLES, response.TABLES, series.TABLES)
TABLES: dict[str, Table] = {table.name: table for group in _GROUPS for table in group}

__all__ = ["TABLES", "USAGE_WARNINGS", "Column", "Kind", "Licence", "Metadata", "RowCheck", "Table"]
