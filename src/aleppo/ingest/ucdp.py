"""UCDP's Georeferenced Event Dataset, summed by month, governorate and type of violence.

Any release from 17 to 26 will do: column names in lower or upper case, dates with or without a time behind
them, the extract of one country or the global file of 400,000 events, as .csv, .csv.gz or .zip. The file is
read as a stream, a few MB at a time and only the columns that count; what is kept are sums and ids.

- Only events in Syria (``country_id`` 652) are looked at closely.
- Events known only to the year (``date_prec`` 5: they stand on 1 January) or only to the country
  (``where_prec`` 6) have no place in a monthly series by governorate and are left out, with counts.
- The publisher's best estimate lies outside its own low and high in some rows. They are counted as published
  and reported; ``strict`` refuses them.
- An event that spans two months is counted in the month in which it begins.

Four stages: ``read`` batches of rows, ``check`` each, ``aggregate`` them, ``write`` the series.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.common import EAST, NORTH, SOUTH, WEST
from aleppo.evidence.tables.publisher_deaths import UCDP_GED_MONTHLY
from aleppo.evidence.tables.publisher_words import NOT_STATED, UCDP_TYPES
from aleppo.ingest.cells import Field, Unreadable, counted, day, label, number, whole
from aleppo.ingest.common import UNMAPPED, Dropped, Governorates, write_series
from aleppo.ingest.reading import Batch, Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = UCDP_GED_MONTHLY.name
SYRIA = 652
"""Syria's code in the list of Gleditsch and Ward, which UCDP uses."""

_YEAR_ONLY, _COUNTRY_ONLY = 5, 6
MEASURES = ("low", "best", "high", "deaths_civilians")


def _between(low: int, high: int, of_what: str) -> Callable[[str], int]:
    def parse(text: str) -> int:
        found = whole(text)
        if not low <= found <= high:
            raise Unreadable(f"{of_what} from {low} to {high}", "look it up in the publisher's codebook")
        return found

    return parse


FIELDS = (
    Field("id", whole, "int64", distinct=True),
    Field("type_of_violence", _between(1, 3, "a type of violence"), "int64"),
    Field("adm_1", label, empty=""),
    Field("latitude", number, "float64"),
    Field("longitude", number, "float64"),
    Field("country_id", whole, "int64", empty=-1),
    Field("date_prec", _between(1, 5, "a precision"), "int64"),
    Field("where_prec", _between(1, 7, "a precision"), "int64"),
    Field("date_start", day, "datetime64[D]"),
    Field("date_end", day, "datetime64[D]"),
    *(Field(name, counted, "int64") for name in MEASURES),
)
COLUMNS = tuple(one.name for one in FIELDS)

_RELEASE = re.compile(r"(?:ged|gedevent)[-_ ]?v?[-_ ]?(\d{2})[-_.]?(\d)(?!\d)", re.IGNORECASE)


@dataclass
class Tally:
    """What has been summed so far: ``sums[key]`` holds events and the measures; see ``_key``."""

    governorates: list[str]
    first: int = 0
    sums: np.ndarray = field(default_factory=lambda: np.zeros((0, 1 + len(MEASURES)), dtype=np.int64))

    @property
    def width(self) -> int:
        """Keys per month: governorates × types of violence."""
        return len(self.governorates) * len(UCDP_TYPES)

    def add(self, month: np.ndarray, place: np.ndarray, violence: np.ndarray, values: np.ndarray) -> None:
        """Add events; ``month`` counts from January 1970, ``values`` has a row per event."""
        if not len(month):
            return
        self._reach(int(month.min()), int(month.max()))
        key = (month - self.first) * self.width + place * len(UCDP_TYPES) + (violence - 1)
        for column in range(values.shape[1]):
            # counts stay far below 2**53, so that sums in floating point are exact
            added = np.bincount(key, weights=values[:, column], minlength=len(self.sums))
            self.sums[:, column] += added.astype(np.int64)

    def _reach(self, first: int, last: int) -> None:
        """Make room for the months from ``first`` to ``last``."""
        if not len(self.sums):
            self.first = first
        before = max(0, self.first - first)
        after = max(0, last + 1 - self.first - len(self.sums) // self.width)
        if before or after:
            self.sums = np.pad(self.sums, ((before * self.width, after * self.width), (0, 0)))
            self.first -= before

    def frame(self) -> pd.DataFrame:
        """The keys with events as a frame: month, governorate, type_of_violence, events and measures."""
        keys = np.flatnonzero(self.sums[:, 0])
        month = (self.first + keys // self.width).astype("datetime64[M]").astype("str")
        place, violence = np.divmod(keys % self.width, len(UCDP_TYPES))
        named = {
            "month": month,
            "governorate": np.array(self.governorates, dtype=object)[place],
            "type_of_violence": np.array(UCDP_TYPES, dtype=object)[violence],
        }
        counts = dict(zip(("events", *MEASURES), self.sums[keys].T, strict=True))
        frame = pd.DataFrame(named | counts)
        return frame.sort_values(list(UCDP_GED_MONTHLY.key), ignore_index=True)


@dataclass
class Found:
    """What a reader should know about the rows of a file, counted on the way."""

    spanning: int = 0
    unplaced: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    outside_example: tuple[int, str] = (0, "")
    dropped: Dropped = field(default_factory=Dropped)
    dropped_best: int = 0


def ingest(
    file: Path, out_dir: Path, progress: Progress | None = None, *, strict: bool = False
) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/ucdp_ged_monthly.csv`` below ``out_dir``.

    With ``strict``, a best estimate outside low and high is a fault. Raises EvidenceError with the first
    fault of the file; then nothing below ``out_dir`` has changed.
    """
    source, found = Source(Path(file)), Found()
    events = check(read(source, progress), source, found, strict=strict)
    return write(aggregate(events, Governorates.known(), found), out_dir, source, found)


def read(source: Source, progress: Progress | None = None) -> Iterator[Batch]:
    """Stage 1: the rows on Syria, batch by batch, with the columns of ``FIELDS``."""
    return source.batches(FIELDS, progress, where=("country_id", lambda country: country == SYRIA))


def check(batches: Iterable[Batch], source: Source, found: Found, *, strict: bool = False) -> Iterator[Batch]:
    """Stage 2: the events that are precise enough for the series.

    Every id occurs once and every point lies in or around Syria, else EvidenceError. What is left out, and
    what is odd and counted nevertheless, is added to ``found``.
    """
    ids, records = [], []
    for batch in batches:
        _refuse_far_points(batch, source)
        _look_at_estimates(batch, source, found, strict)
        ids.append(batch.columns["id"])
        records.append(batch.records)
        kept = _precise(batch, found)
        starts, ends = (kept.columns[name].astype("datetime64[M]") for name in ("date_start", "date_end"))
        found.spanning += int((starts != ends).sum())
        yield kept
    _refuse_doubles(np.concatenate(ids), np.concatenate(records), source)
    if found.outside:
        record, example = found.outside_example
        source.notes.append(
            f"{found.outside:,} events have a best estimate outside low and high and are counted as published, "
            f"the first in row {source.line_of(record)} ({example}); the strict option refuses them"
        )


def aggregate(events: Iterable[Batch], governorates: Governorates, found: Found) -> pd.DataFrame:
    """Stage 3: events and sums of deaths by month, governorate and type of violence, sorted."""
    tally = Tally([*sorted(set(governorates.codes.values())), UNMAPPED])
    index = {code: place for place, code in enumerate(tally.governorates)}
    for batch in events:
        place_of_name, names = pd.factorize(batch.columns["adm_1"])
        codes = [governorates.code(name) for name in names]
        events_of_name = np.bincount(place_of_name, minlength=len(names)).tolist()
        found.unplaced.update(
            {name: n for name, code, n in zip(names, codes, events_of_name, strict=True) if code is None}
        )
        places = np.array([index[code or UNMAPPED] for code in codes], dtype="int64")
        tally.add(
            batch.columns["date_start"].astype("datetime64[M]").astype("int64"),
            places[place_of_name],
            batch.columns["type_of_violence"],
            np.column_stack(
                [np.ones(len(place_of_name), dtype="int64"), *(batch.columns[name] for name in MEASURES)]
            ),
        )
    return tally.frame()


def write(series: pd.DataFrame, out_dir: Path, source: Source, found: Found) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    if series.empty:
        raise source.fault(
            None,
            "date_prec",
            "an event that is known to the month and to the governorate",
            "none",
            "take the publisher's complete file",
        )
    version = version_of(source.path.name)
    messages = [
        f"UCDP GED version: {version}{' (from the name of the file)' if version != NOT_STATED else ''}",
        f"{source.rows:,} events read; {int(series['events'].sum()):,} events in Syria counted from "
        f"{series['month'].min()} to {series['month'].max()}, {int(series['best'].sum()):,} deaths (best)",
        *source.notes,
    ]
    if found.dropped_best:
        messages.append(f"the events left out have {found.dropped_best:,} deaths (best)")
    if found.spanning:
        messages.append(f"{found.spanning:,} events span two months and are counted where they begin")
    if found.unplaced:
        listed = ", ".join(
            f"{count:,} with adm_1 {quoted(name)}" for name, count in sorted(found.unplaced.items())
        )
        messages.append(f"{found.unplaced.total():,} events in no governorate, kept as {UNMAPPED}: {listed}")
    return write_series(
        UCDP_GED_MONTHLY,
        series,
        out_dir,
        source.path,
        messages=messages,
        dropped=found.dropped,
        version=version,
    )


def version_of(name: str) -> str:
    """The release that a file name states, as ``26.1``; "not stated" where it states none.

    >>> version_of("GEDEvent_v26_1.csv"), version_of("ged171-csv.zip"), version_of("syria.csv")
    ('26.1', '17.1', 'not stated')
    """
    match = _RELEASE.search(name)
    return f"{match[1]}.{match[2]}" if match else NOT_STATED


def _refuse_far_points(batch: Batch, source: Source) -> None:
    """Syria's box is wider than high: swapped coordinates leave it in nearly every row."""
    lat, lon = batch.columns["latitude"], batch.columns["longitude"]
    far = ~((lat >= SOUTH) & (lat <= NORTH) & (lon >= WEST) & (lon <= EAST))
    if not far.any():
        return
    place = int(far.argmax())
    here, there = lat[place], lon[place]
    swapped = SOUTH <= there <= NORTH and WEST <= here <= EAST
    advice = "latitude and longitude look swapped: rename the two columns" if swapped else "correct the point"
    expected = f"a point in Syria (latitude {SOUTH:g} to {NORTH:g}, longitude {WEST:g} to {EAST:g})"
    raise source.fault(int(batch.records[place]), "latitude", expected, f"{here:g}, {there:g}", advice)


def _look_at_estimates(batch: Batch, source: Source, found: Found, strict: bool) -> None:
    low, best, high = (batch.columns[name] for name in ("low", "best", "high"))
    outside = (best < low) | (best > high)
    if not outside.any():
        return
    place = int(outside.argmax())
    example = f"low {low[place]}, best {best[place]}, high {high[place]}"
    record = int(batch.records[place])
    if strict:
        advice = "correct it, or leave out the strict option to count it as published"
        raise source.fault(record, "best", "a number from low to high", example, advice)
    if not found.outside:
        found.outside_example = (record, example)
    found.outside += int(outside.sum())


def _precise(batch: Batch, found: Found) -> Batch:
    """The events without those known only to the year or only to the country."""
    year_only = batch.columns["date_prec"] == _YEAR_ONLY
    country_only = batch.columns["where_prec"] == _COUNTRY_ONLY
    found.dropped.add("date_prec 5: known only to the year", (year_only & ~country_only).sum())
    found.dropped.add("where_prec 6: known only to the country", (country_only & ~year_only).sum())
    found.dropped.add("date_prec 5 and where_prec 6", (year_only & country_only).sum())
    left_out = year_only | country_only
    found.dropped_best += int(batch.columns["best"][left_out].sum())
    return batch.kept(~left_out)


def _refuse_doubles(ids: np.ndarray, records: np.ndarray, source: Source) -> None:
    if not len(ids):
        found = f"none among {source.rows:,}"
        raise source.fault(
            None, "country_id", f"rows on Syria ({SYRIA})", found, "take the global file or the one on Syria"
        )
    order = np.argsort(ids, kind="stable")
    again = np.flatnonzero(ids[order][1:] == ids[order][:-1])
    if len(again):
        place = order[again + 1].min()
        found = f"'{ids[place]}' a second time"
        advice = "two releases may have been joined: keep one, or leave out the row"
        raise source.fault(int(records[place]), "id", "an id that occurs once", found, advice)
