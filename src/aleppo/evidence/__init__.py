"""The one door to ``data/``: declared tables, validated typed frames, their sources and their checks."""

from __future__ import annotations

from aleppo.evidence.errors import AleppoError, EvidenceError, Fault, MissingTable
from aleppo.evidence.load import load, load_corrections, loaded, split_list
from aleppo.evidence.paths import data_dir, repository
from aleppo.evidence.tables import TABLES
from aleppo.evidence.verify import verify

__all__ = [
    "TABLES",
    "AleppoError",
    "EvidenceError",
    "Fault",
    "MissingTable",
    "data_dir",
    "load",
    "load_corrections",
    "loaded",
    "repository",
    "split_list",
    "verify",
]
