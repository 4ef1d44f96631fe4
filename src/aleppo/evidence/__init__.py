"""The one door to ``data/``: declared tables, validated typed frames, their sources and their checks."""

from __future__ import annotations

from aleppo.evidence.errors import AleppoError, EvidenceError, Fault
from aleppo.evidence.load import load, loaded, split_list
from aleppo.evidence.paths import data_dir, repository
from aleppo.evidence.tables import TABLES
from aleppo.evidence.verify import verify

__all__ = [
    "TABLES",
    "AleppoError",
    "EvidenceError",
    "Fault",
    "data_dir",
    "load",
    "loaded",
    "repository",
    "split_list",
    "verify",
]
