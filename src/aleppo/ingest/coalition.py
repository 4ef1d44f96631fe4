"""Strikes that the US-led coalition reported, per place and day, summed by week and governorate.

The file has tabs between its columns ``date``, ``place`` and ``strikes``. Places are assigned by the list
below, one by one; a place that is not in it is counted as unmapped, never guessed from its spelling. The list
rests on the file itself too: each day's report gives the places in Syria first and those in Iraq after them,
both in alphabetical order, so that the country of a place is known even where its governorate is not.

A whole day's list that stands twice in the file, row for row, is counted once. Single rows that recur
are kept, as a report may list a place on two lines.

Four stages: ``read`` the file, ``check`` it, ``aggregate`` by week, ``write`` the series.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_strikes import COALITION_STRIKES_WEEKLY
from aleppo.evidence.tables.publisher_words import GOVERNORATES
from aleppo.ingest.cells import Field, counted, day, folded, label
from aleppo.ingest.common import OUTSIDE, UNMAPPED, Dropped, mondays, weeks, write_series
from aleppo.ingest.reading import Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = COALITION_STRIKES_WEEKLY.name
FIELDS = (
    Field("date", day, "datetime64[D]", spellings=("day",)),
    Field("place", label, spellings=("location",)),
    Field("strikes", counted, "int64"),
)
COLUMNS = tuple(one.name for one in FIELDS)

SYRIA, IRAQ = "SYR", "IRQ"
_SYRIAN = {
    "Abu Kamal": "SY09",
    "Al Bab": "SY02",
    "Al Bukamal": "SY09",
    "Al Hasakah": "SY08",
    "Al Hawl": "SY08",
    "Aleppo": "SY02",
    "Ar Raqqah": "SY11",
    "Ayn Isa": "SY11",
    "Dayr Az Zawr": "SY09",
    "Hasakah": "SY08",
    "Idlib": "SY07",
    "Kobani": "SY02",
    "Manbij": "SY02",
    "Mar’a": "SY02",
    "Palmyra": "SY04",
    "Tal Abyad": "SY11",
    "Tal Jibbin": "SY02",
    # Listed among the places in Syria; no gazetteer that was read has them
    "Tamakh": UNMAPPED,
    "Washiyah": UNMAPPED,
}
_IRAQI = (
    "Al Asad",
    "Al Baghdadi",
    "Al Huwayjah",
    "Al Qaim",
    "Albu Hayat",
    "Ar Rutbah",
    "Balad",
    "Bayji",
    "Erbil",
    "Fallujah",
    "Habbaniyah",
    "Haditha",
    "Hit",
    "Kirkuk",
    "Kisik",
    "Makhmur",
    "Mosul",
    "Qayyarah",
    "Ramadi",
    "Rawah",
    "Samarra",
    "Sinjar",
    "Sultan Abdallah",
    "Tal Afar",
    "Tikrit",
    "Tuz",
    "Waleed",
)
PLACES: dict[str, tuple[str, str]] = {
    **{folded(name): (SYRIA, governorate) for name, governorate in _SYRIAN.items()},
    **{folded(name): (IRAQ, OUTSIDE) for name in _IRAQI},
}
"""Place, as ``folded`` → country and governorate."""

AREAS = (
    (IRAQ, OUTSIDE),
    *((SYRIA, governorate) for governorate in (*GOVERNORATES, UNMAPPED)),
    (UNMAPPED, UNMAPPED),
)
"""The rows of each week."""


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/coalition_strikes_weekly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source, dropped = Source(Path(file), delimiter="\t"), Dropped()
    strikes = check(read(source, progress), source, dropped)
    return write(aggregate(strikes), out_dir, source, dropped)


def read(source: Source, progress: Progress | None = None) -> pd.DataFrame:
    """Stage 1: one row per row of the file, ``date`` as datetime64, ``strikes`` a whole number."""
    return pd.DataFrame(source.columns(FIELDS, progress))


def check(strikes: pd.DataFrame, source: Source, dropped: Dropped) -> pd.DataFrame:
    """Stage 2: the rows with country and governorate of their places, repeated lists left out.

    Places that are not in the list, and rows that recur, go to the notes of ``source``.
    """
    kept = strikes.drop(index=_repeated_lists(strikes, source, dropped))
    again = kept.duplicated(["date", "place"], keep=False)
    if again.any():
        source.notes.append(
            f"{again.sum()} rows name a place that their day names elsewhere too; all of them are counted"
        )
    unknown = Counter(name for name in kept["place"] if folded(name) not in PLACES)
    if unknown:
        listed = ", ".join(f"{quoted(name)} ({rows})" for name, rows in sorted(unknown.items()))
        source.notes.append(f"{unknown.total()} rows name places that are not in the list: {listed}")
    areas = [PLACES.get(folded(name), (UNMAPPED, UNMAPPED)) for name in kept["place"]]
    return kept.assign(country=[area[0] for area in areas], governorate=[area[1] for area in areas])


def aggregate(strikes: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: strikes by week, country and governorate over the complete grid of weeks and areas."""
    days = strikes["date"].to_numpy().astype("datetime64[D]")
    summed = strikes["strikes"].groupby([mondays(days), strikes["country"], strikes["governorate"]]).sum()
    grid = pd.MultiIndex.from_tuples(
        [(pd.Timestamp(week), *area) for week in weeks(days) for area in AREAS],
        names=["week", "country", "governorate"],
    )
    return summed.reindex(grid, fill_value=0).rename("strikes").reset_index()


def write(series: pd.DataFrame, out_dir: Path, source: Source, dropped: Dropped) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    by_country = series.groupby("country")["strikes"].sum()
    lost = int(series.loc[series["governorate"] == UNMAPPED, "strikes"].sum())
    messages = (
        f"{source.rows:,} rows read, {int(series['strikes'].sum()):,} strikes counted: "
        f"{int(by_country[SYRIA]):,} in Syria, {int(by_country[IRAQ]):,} in Iraq",
        f"{lost:,} strikes near places in no known governorate, kept as {UNMAPPED}",
        *source.notes,
    )
    return write_series(
        COALITION_STRIKES_WEEKLY, series, out_dir, source.path, messages=messages, dropped=dropped
    )


def _repeated_lists(strikes: pd.DataFrame, source: Source, dropped: Dropped) -> list[int]:
    """The rows of second lists: a day of at least three rows whose second half repeats its first."""
    second: list[int] = []
    for date, rows in strikes.groupby("date", sort=True):
        half, odd = divmod(len(rows), 2)
        lines = list(zip(rows["place"], rows["strikes"], strict=True))
        if not odd and half >= 3 and lines[:half] == lines[half:]:
            second += list(rows.index[half:])
            source.notes.append(
                f"the list of {np.datetime_as_string(np.datetime64(str(date)), unit='D')} stands twice in the "
                f"file, from row {source.line_of(int(rows.index[0]))}, and is counted once"
            )
    dropped.add("a list that repeats the one above it", len(second))
    return second
