"""ACLED's events in Syria out of a reader's own export, by month, governorate and type.

ACLED's terms do not allow to pass its data on, so no series of it is part of the book: export your own from
acleddata.com and write it to a data folder of your own. Exports before and after the change of columns of
20 March 2023 will do (``data_id``, ``iso3`` and ``event_id_no_cnty`` went, ``disorder_type``,
``civilian_targeting`` and ``tags`` came), with names in lower or upper case, with or without underscores, for
one country or all of them. Dates may be written 2017-01-31, 31 January 2017 or 31-Jan-2017; numbers with
slashes are refused, as 02/01/2017 has two readings.

Four stages: ``read`` batches of rows, ``check`` each, ``aggregate`` them, ``write`` the series.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_deaths import ACLED_MONTHLY
from aleppo.ingest.cells import Field, Unreadable, counted, day, label
from aleppo.ingest.common import UNMAPPED, Dropped, Governorates, months, write_series
from aleppo.ingest.reading import Batch, Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = ACLED_MONTHLY.name
COUNTRY = "Syria"
_WRITTEN = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})")
_NAMES = tuple(name.casefold() for name in calendar.month_name[1:])


def written_day(text: str) -> np.datetime64:
    """A day written YYYY-MM-DD, 31 January 2017 or 31-Jan-2017."""
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return day(text)
    name = match[2].casefold()
    numbers = [place for place, full in enumerate(_NAMES, 1) if name in (full, full[:3])]
    if not numbers:
        raise Unreadable("a date with the English name of a month", "export the file again in English")
    return day(f"{match[3]}-{numbers[0]:02d}-{int(match[1]):02d}")


FIELDS = (
    Field("event_id_cnty", label, spellings=("event id cnty",)),
    Field("event_date", written_day, "datetime64[D]", spellings=("event date",)),
    Field("event_type", label, spellings=("event type",)),
    Field("sub_event_type", label, spellings=("sub event type",), empty="not stated"),
    Field("actor1", label, spellings=("actor 1",), empty=""),
    Field("actor2", label, spellings=("actor 2",), empty=""),
    Field("country", label),
    Field("admin1", label, spellings=("admin 1",), empty=""),
    Field("fatalities", counted, "int64"),
)
COLUMNS = tuple(one.name for one in FIELDS)
Key = tuple[str, str, str, str]


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn a reader's export into ``series/acled_monthly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source, dropped, unplaced = Source(Path(file)), Dropped(), Counter[str]()
    events = check(read(source, progress), source, dropped)
    return write(aggregate(events, Governorates.known(), unplaced), out_dir, source, dropped, unplaced)


def read(source: Source, progress: Progress | None = None) -> Iterator[Batch]:
    """Stage 1: the rows on Syria, batch by batch, with the columns of ``FIELDS``."""
    return source.batches(FIELDS, progress, where=("country", lambda country: country == COUNTRY))


def check(batches: Iterable[Batch], source: Source, dropped: Dropped) -> Iterator[Batch]:
    """Stage 2: the same rows. Every event id occurs once and there is an event in Syria, else EvidenceError."""
    seen: dict[str, int] = {}
    kept = 0
    for batch in batches:
        for event, record in zip(batch.columns["event_id_cnty"], batch.records, strict=True):
            if event in seen:
                found = f"{quoted(event)}, as in row {source.line_of(seen[event])}"
                advice = (
                    "exports of two dates may have been joined, or one per actor made: take one per event"
                )
                raise source.fault(int(record), "event_id_cnty", "an id that occurs once", found, advice)
            seen[event] = int(record)
        kept += len(batch.records)
        yield batch
    if not kept:
        found = f"none among {source.rows:,}"
        raise source.fault(None, "country", f"rows on {COUNTRY}", found, "export the events of Syria")
    dropped.add("in other countries", source.rows - kept)


def aggregate(events: Iterable[Batch], governorates: Governorates, unplaced: Counter[str]) -> pd.DataFrame:
    """Stage 3: events, deaths and different actors by month, governorate, type and type within it."""
    counts: Counter[Key] = Counter()
    deaths: Counter[Key] = Counter()
    actors: defaultdict[Key, set[str]] = defaultdict(set)
    for batch in events:
        cells = batch.columns
        month = months(cells["event_date"])
        for place in range(len(batch.records)):
            name = cells["admin1"][place]
            code = governorates.code(name) or UNMAPPED
            if code == UNMAPPED:
                unplaced[name] += 1
            key = (str(month[place]), code, cells["event_type"][place], cells["sub_event_type"][place])
            counts[key] += 1
            deaths[key] += int(cells["fatalities"][place])
            actors[key] |= {cells["actor1"][place], cells["actor2"][place]} - {""}
    return pd.DataFrame(
        [(*key, counts[key], deaths[key], len(actors[key])) for key in sorted(counts)],
        columns=list(ACLED_MONTHLY.column_names),
    )


def write(
    series: pd.DataFrame, out_dir: Path, source: Source, dropped: Dropped, unplaced: Counter[str]
) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    messages = [
        f"{int(series['events'].sum()):,} events in Syria from {series['month'].min()} to "
        f"{series['month'].max()}, {int(series['fatalities'].sum()):,} reported deaths",
        "ACLED's terms do not allow to pass this series on: keep it in a data folder of your own",
        *source.notes,
    ]
    if unplaced:
        listed = ", ".join(f"{rows:,} with admin1 {quoted(name)}" for name, rows in sorted(unplaced.items()))
        messages.append(f"{unplaced.total():,} events in no governorate, kept as {UNMAPPED}: {listed}")
    return write_series(ACLED_MONTHLY, series, out_dir, source.path, messages=messages, dropped=dropped)
