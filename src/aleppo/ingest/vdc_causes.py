"""The Violations Documentation Center's deaths per day and cause, made into deaths per week.

The publisher's file has a column ``day`` and one for each of nine causes, with counts written as decimals
("3.0"). A day without a row had no recorded death. Shelling from the air and from the ground is one cause.

Four stages: ``read`` the file, ``check`` its days, ``aggregate`` them to weeks, ``write`` the series.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.tables.publisher_deaths import VDC_CAUSES_WEEKLY
from aleppo.evidence.tables.publisher_words import VDC_CAUSES
from aleppo.ingest.cells import Field, counted, day
from aleppo.ingest.common import mondays, weeks, write_series
from aleppo.ingest.reading import Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = VDC_CAUSES_WEEKLY.name
FIELDS = (Field("day", day, "datetime64[D]"), *(Field(cause, counted, "int64") for cause in VDC_CAUSES))
COLUMNS = tuple(one.name for one in FIELDS)


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/vdc_causes_weekly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source = Source(Path(file))
    daily = check(read(source, progress), source)
    return write(aggregate(daily), out_dir, source, days=len(daily))


def read(source: Source, progress: Progress | None = None) -> pd.DataFrame:
    """Stage 1: one row per row of the file, ``day`` as datetime64 and a whole number per cause."""
    return pd.DataFrame(source.columns(FIELDS, progress))


def check(daily: pd.DataFrame, source: Source) -> pd.DataFrame:
    """Stage 2: every day once. Raises EvidenceError naming the row of the first that is not."""
    again = daily["day"].duplicated()
    if again.any():
        record = int(again.to_numpy().argmax())
        found = f"'{daily['day'].iloc[record].date()}' a second time"
        raise source.fault(record, "day", "a day that occurs once", found, "leave out the wrong row")
    return daily


def aggregate(daily: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: deaths by week and cause over the complete grid of both, sorted."""
    days = daily["day"].to_numpy().astype("datetime64[D]")
    grid = pd.DatetimeIndex(weeks(days), name="week")
    weekly = daily.drop(columns="day").groupby(mondays(days)).sum().reindex(grid, fill_value=0)
    weekly.columns.name = "cause"
    return weekly.stack().rename("deaths").reset_index()


def write(weekly: pd.DataFrame, out_dir: Path, source: Source, *, days: int) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    total = int(weekly["deaths"].sum())
    first, last = (np.datetime_as_string(weekly["week"].to_numpy()[end], unit="D") for end in (0, -1))
    messages = (
        *source.notes,
        f"{days:,} days with records read, {total:,} deaths of {weekly['cause'].nunique()} causes",
        f"{weekly['week'].nunique():,} weeks from {first} to {last}",
    )
    return write_series(VDC_CAUSES_WEEKLY, weekly, out_dir, source.path, messages=messages)
