"""Votes on Syria out of the standard dataset of votes in the United Nations General Assembly.

The dataset (Erik Voeten, Harvard Dataverse, doi:10.7910/DVN/LEJUQZ) is one CSV with a row per member and roll
call. Read are the columns that its releases from 2019 on have in common: ``rcid``, ``Country`` (three letters),
``Countryname``, ``vote`` (1 yes, 2 abstain, 3 no, 8 absent, 9 not a member), ``date``, ``unres`` (``R/66/253`` or
``A/RES/66/253``), ``short`` and ``descr``; the release of sessions 1 to 78 has 25 columns in all. The book ships
no series of it; with the reader's own copy, its rolls can be held against those of the book.

A roll call is on Syria when its description names the situation of human rights in the Syrian Arab Republic,
the situation in that country, or the mechanism on crimes committed in it; resolutions on the occupied Syrian
Golan are not.

Four stages: ``read`` batches of rows, ``check`` each, ``aggregate`` them into rolls, ``write`` the series.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_un import UNVOTES_SYRIA
from aleppo.ingest.cells import Field, Unreadable, day, label, whole
from aleppo.ingest.common import Dropped, write_series
from aleppo.ingest.reading import Batch, Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = UNVOTES_SYRIA.name
VOTES = {1: "yes", 2: "abstain", 3: "no", 8: "absent"}
NOT_A_MEMBER = 9
_SYRIA = re.compile(r"syrian arab republic|\bsyria\b", re.IGNORECASE)
_GOLAN = re.compile(r"golan", re.IGNORECASE)
_SYMBOL = re.compile(r"(?:A/)?(?:RES|R)/(ES-)?(\d+)/(\d+) ?([A-Z])?", re.IGNORECASE)

# Codes of the dataset that are not ISO 3166 alpha-3
_ISO3 = {"GFR": "DEU", "GER": "DEU", "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "YAR": "YEM", "SCG": "SRB"}


def _vote(text: str) -> int:
    number = whole(text)
    if number not in (*VOTES, NOT_A_MEMBER):
        raise Unreadable("a vote: 1, 2, 3, 8 or 9", "look it up in the publisher's codebook")
    return number


def _iso3(text: str) -> str:
    code = _ISO3.get(text.upper(), text.upper())
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Unreadable("a country of three letters", "take a release that has the column Country")
    return code


FIELDS = (
    Field("rcid", whole, "int64"),
    Field("Country", _iso3, empty=""),
    Field("Countryname", label, empty=""),
    Field("vote", _vote, "int64"),
    Field("date", day, "datetime64[D]"),
    Field("unres", label, empty=""),
    Field("short", label, empty="", optional=True),
    Field("descr", label, empty=""),
)
COLUMNS = tuple(one.name for one in FIELDS if not one.optional)


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn a reader's copy into ``series/unvotes_syria.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source, dropped = Source(Path(file)), Dropped()
    votes = aggregate(check(read(source, progress), source, dropped))
    return write(votes, out_dir, source, dropped)


def read(source: Source, progress: Progress | None = None) -> Iterator[Batch]:
    """Stage 1: the rows of roll calls on Syria, batch by batch, with the columns of ``FIELDS``."""
    return source.batches(
        FIELDS,
        progress,
        where=("descr", lambda texts: np.array([on_syria(text) for text in texts], dtype=bool)),
    )


def check(batches: Iterable[Batch], source: Source, dropped: Dropped) -> Iterator[Batch]:
    """Stage 2: votes of members, each member once per roll call, else EvidenceError."""
    seen: set[tuple[int, str]] = set()
    for batch in batches:
        member = batch.columns["vote"] != NOT_A_MEMBER
        dropped.add("states that were not members", (~member).sum())
        kept = batch.kept(member)
        for place, record in enumerate(kept.records):
            pair = (int(kept.columns["rcid"][place]), kept.columns["Country"][place])
            if not pair[1]:
                advice = "look the member up and fill it"
                raise source.fault(int(record), "Country", "a filled cell", quoted(""), advice)
            if pair in seen:
                found = f"{pair[1]} in roll call {pair[0]} a second time"
                raise source.fault(
                    int(record), "rcid", "one vote per member", found, "leave out one of the rows"
                )
            seen.add(pair)
            if symbol(kept.columns["unres"][place]) is None:
                found = quoted(kept.columns["unres"][place])
                raise source.fault(
                    int(record), "unres", "a resolution, as R/66/253", found, "correct the cell"
                )
        yield kept
    if not seen:
        found = f"none among {source.rows:,}"
        raise source.fault(None, "descr", "roll calls on Syria", found, "take the publisher's complete file")


def aggregate(batches: Iterable[Batch]) -> pd.DataFrame:
    """Stage 3: the rolls, one row per roll call and member, sorted."""
    rows = [
        {
            "date": cells["date"][place],
            "symbol": symbol(cells["unres"][place]),
            "roll_call": int(cells["rcid"][place]),
            "iso3": cells["Country"][place],
            "member": cells["Countryname"][place] or cells["Country"][place],
            "vote": VOTES[int(cells["vote"][place])],
        }
        for cells in (batch.columns for batch in batches)
        for place in range(len(cells["rcid"]))
    ]
    votes = pd.DataFrame(rows, columns=list(UNVOTES_SYRIA.column_names))
    return votes.sort_values(list(UNVOTES_SYRIA.key), ignore_index=True)


def write(votes: pd.DataFrame, out_dir: Path, source: Source, dropped: Dropped) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    messages = (
        f"{source.rows:,} rows read, {votes['roll_call'].nunique():,} roll calls on Syria with {len(votes):,} votes",
        *source.notes,
    )
    return write_series(UNVOTES_SYRIA, votes, out_dir, source.path, messages=messages, dropped=dropped)


def on_syria(description: str) -> bool:
    """Whether a roll call is on the situation in Syria.

    >>> on_syria("Situation of human rights in the Syrian Arab Republic"), on_syria("The occupied Syrian Golan")
    (True, False)
    """
    return bool(_SYRIA.search(description)) and not _GOLAN.search(description)


def symbol(unres: str) -> str | None:
    """The symbol of a resolution in the spelling of the votes tables; None when it is none.

    >>> symbol("R/66/253B"), symbol("A/RES/71/248")
    ('A/RES/66/253 B', 'A/RES/71/248')
    """
    match = _SYMBOL.fullmatch(unres)
    if match is None:
        return None
    letter = f" {match[4].upper()}" if match[4] else ""
    return f"A/RES/{match[1] or ''}{match[2]}/{match[3]}{letter}"
