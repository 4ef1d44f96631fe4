"""Which state of the data a figure or table shows."""

from __future__ import annotations

from collections.abc import Sequence

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import data_dir, shown


def vintage(tables: Sequence[str]) -> str:
    """When ``tables`` were retrieved, from their sidecars: an ISO date, or ``first/last`` when they differ.

    Raises AleppoError for a table that is not declared and for a sidecar without that date.
    """
    # imported when first needed: these bring the validation library with them
    from aleppo.evidence.manifest import read_sidecar, sidecar_path
    from aleppo.evidence.tables import TABLES

    dates = set()
    for name in tables:
        if name not in TABLES:
            raise AleppoError(f"a table: expected one of {', '.join(sorted(TABLES))}, found {name!r}")
        path = sidecar_path(data_dir(), TABLES[name])
        retrieved = read_sidecar(path).get("retrieved")
        if not retrieved:
            raise AleppoError(f"{shown(path)}: expected the date of retrieval, found none")
        dates.add(str(retrieved))
    ordered = sorted(dates)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]}/{ordered[-1]}"
