"""Airwars' incidents of alleged civilian harm, counted by month, governorate, belligerent and grading.

The file has a row per incident. What it is not, is a set of clean categories: the governorate stands in two
columns, spelt in dozens of ways, at times misspelt, at times two of them with "or" between; incidents may be
attributed to several forces at once, in any order; gradings may be blank; three incidents have no usable date.

- Governorate: the column ``governorate`` and the column ``region`` each give a code or none. Where both give
  one they must agree. Cells that name two places, places that fit no governorate, and contradictions are
  counted as unmapped, never guessed from the free text of the location, which was found to be unreliable.
- Several forces stay together as one value, apart from the rows of each single force.
- A bound that is not stated is not zero: see ``aggregate``.

Four stages: ``read`` the file, ``check`` and map it, ``aggregate`` by month, ``write`` the series.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_strikes import AIRWARS_MONTHLY
from aleppo.evidence.tables.publisher_words import AIRWARS_GRADINGS, NOT_STATED
from aleppo.ingest.cells import Field, counted, day, label, one_of, whole
from aleppo.ingest.common import OUTSIDE, UNMAPPED, Dropped, Governorates, months, write_series
from aleppo.ingest.reading import Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = AIRWARS_MONTHLY.name
_NO_DAY = np.datetime64("NaT", "D")
_BOUNDS = ("civ_killed_min", "civ_killed_max", "civ_inj_min", "civ_inj_max")
FIELDS = (
    Field("airwars_id", whole, "int64", spellings=("id",), distinct=True),
    Field("date", day, "datetime64[D]", spellings=("incident_date",), empty=_NO_DAY),
    Field("date_end", day, "datetime64[D]", empty=_NO_DAY, optional=True),
    Field("region", label, empty=""),
    Field("governorate", label, empty=""),
    Field("belligerent", label, empty=""),
    Field("civ_grading", one_of(*AIRWARS_GRADINGS), empty=NOT_STATED, spellings=("civilian_harm_status",)),
    *(Field(name, counted, "float64", empty=np.nan) for name in _BOUNDS),
)
COLUMNS = tuple(one.name for one in FIELDS if not one.optional)
KEY = ["month", "governorate", "belligerent", "attribution", "grading"]

# Nothing in Syria was recorded before the archive begins; 1970-01-01 is what a computer writes for no date
EARLIEST = np.datetime64("2011-01-01", "D")

# Spellings of this publisher beyond the governorates table. Districts are listed where they lie within one
# governorate; what names two governorates, or none, is left out on purpose.
SPELLINGS = {
    "Al Hassakah": "SY08",
    "Al Hassaka": "SY08",
    "Al Hasaka": "SY08",
    "Hassakah": "SY08",
    "Hassaka": "SY08",
    "northern Hassaka": "SY08",
    "Aleppoo": "SY02",
    "northern Aleppo": "SY02",
    "western countryside of Aleppo": "SY02",
    "Afrin": "SY02",
    "Kobane": "SY02",
    "Kobani": "SY02",
    "Sarin": "SY02",
    "Al Suwayda": "SY13",
    "Ar Raqq": "SY11",
    "Ara Raqqah": "SY11",
    "Raqqa - Tal Abyad": "SY11",
    "Damascuc": "SY01",
    "Damascusus": "SY01",
    "Damasus": "SY01",
    "eastern Daraa": "SY12",
    "Deir Ez-Zour": "SY09",
    "eastern Hama": "SY05",
    "Homs countryside": "SY04",
    "Idib": "SY07",
    "Idlin": "SY07",
    "Ma'arat al-Numan": "SY07",
    "Al Qunaitra": "SY14",
    "Quneitra District": "SY14",
    "Al Anbar": OUTSIDE,
    "Erbil": OUTSIDE,
    "Haifa": OUTSIDE,
    "Hattai": OUTSIDE,
}

# Cells that name several governorates: they outweigh what the other column says
_SEVERAL = (" or ", " and ", "/")


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/airwars_monthly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source = Source(Path(file))
    dropped = Dropped()
    incidents = check(read(source, progress), source, Governorates.known(SPELLINGS), dropped)
    return write(aggregate(incidents), out_dir, source, dropped)


def read(source: Source, progress: Progress | None = None) -> pd.DataFrame:
    """Stage 1: one row per incident; days as datetime64, bounds as numbers, missing ones NaN."""
    return pd.DataFrame(source.columns(FIELDS, progress))


def check(
    incidents: pd.DataFrame, source: Source, governorates: Governorates, dropped: Dropped
) -> pd.DataFrame:
    """Stage 2: dated incidents with month, governorate, force, grading and bounds.

    Ids occur once and no least number exceeds its greatest, else EvidenceError. Incidents without a date,
    or dated before 2011, are left out and counted in ``dropped``. What could not be mapped is in
    the notes of ``source``.
    """
    _refuse_doubles(incidents, source)
    for low, high in (("civ_killed_min", "civ_killed_max"), ("civ_inj_min", "civ_inj_max")):
        wrong = (incidents[low] > incidents[high]).to_numpy()
        if wrong.any():
            record = int(wrong.argmax())
            least, most = incidents[low].iloc[record], incidents[high].iloc[record]
            expected, advice = f"no more than {high} ({most:g})", "correct one of the two"
            raise source.fault(record, low, expected, quoted(f"{least:g}"), advice)
    blank = incidents["date"].isna()
    early = incidents["date"] < EARLIEST
    dropped.add("without a date", blank.sum())
    dropped.add("dated before 2011 (1970 stands for no date)", early.sum())
    kept = incidents[~blank & ~early]
    _note_spans(kept, source)
    return _mapped(kept, governorates, source)


def aggregate(incidents: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: incidents and sums of bounds by month, governorate, belligerent and grading.

    A sum is over the incidents that state a number; how many do not is in the column beside it. Where only
    one bound is stated, a missing greatest number is taken to be the least one, the lowest it can be, and
    a missing least number adds nothing.
    """
    rows = incidents[KEY].assign(incidents=1)
    for name, short in (("killed", "killed"), ("injured", "inj")):
        low, high = incidents[f"civ_{short}_min"], incidents[f"civ_{short}_max"]
        rows[f"{name}_min"] = low.where(low.notna() | high.isna(), 0)
        rows[f"{name}_max"] = high.where(high.notna(), low)
        rows[f"{name}_not_stated"] = (low.isna() & high.isna()).astype("int64")
    return rows.groupby(KEY, sort=True).sum(min_count=1).reset_index()


def write(series: pd.DataFrame, out_dir: Path, source: Source, dropped: Dropped) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    kept = int(series["incidents"].sum())
    several = int(series.loc[series["attribution"] == "several", "incidents"].sum())
    messages = (
        f"{kept + sum(dropped.values()):,} incidents read, {kept:,} counted from {series['month'].min()} to "
        f"{series['month'].max()}, {several:,} of them attributed to several forces",
        *source.notes,
    )
    return write_series(AIRWARS_MONTHLY, series, out_dir, source.path, messages=messages, dropped=dropped)


def governorate_of(governorate: str, region: str, governorates: Governorates) -> str:
    """The code of an incident from the publisher's two columns; ``unmapped`` where they do not settle it.

    >>> known = Governorates({"aleppo": "SY02", "idlib": "SY07"})
    >>> governorate_of("", "Aleppo", known), governorate_of("Idlib", "Aleppo", known)
    ('SY02', 'unmapped')
    """
    if any(sign in f" {cell} " for cell in (governorate, region) for sign in _SEVERAL):
        return UNMAPPED
    found = {code for cell in (governorate, region) if (code := governorates.code(cell))}
    return found.pop() if len(found) == 1 else UNMAPPED


def forces(belligerent: str) -> tuple[str, str]:
    """The forces in alphabetical order with semicolons between, and the kind of attribution.

    >>> forces("U.S.-led Coalition, Russian Military")
    ('Russian Military;U.S.-led Coalition', 'several')
    >>> forces("")
    ('not stated', 'not_stated')
    """
    names = sorted({name.strip() for name in belligerent.replace(";", ",").split(",")} - {""})
    if not names:
        return NOT_STATED, "not_stated"
    return ";".join(names), "several" if len(names) > 1 else "single"


def _refuse_doubles(incidents: pd.DataFrame, source: Source) -> None:
    again = incidents["airwars_id"].duplicated().to_numpy()
    if again.any():
        record = int(again.argmax())
        found = f"'{incidents['airwars_id'].iloc[record]}' a second time"
        raise source.fault(record, "airwars_id", "an id that occurs once", found, "leave out one of the rows")


def _note_spans(kept: pd.DataFrame, source: Source) -> None:
    ends = kept["date_end"]
    across = ends.notna() & (ends.dt.to_period("M") != kept["date"].dt.to_period("M"))
    if across.any():
        backwards = int((ends < kept["date"]).sum())
        source.notes.append(
            f"{across.sum()} incidents end in another month than they begin and are counted where they begin"
            + (f"; {backwards} of them end before they begin" if backwards else "")
        )


def _mapped(kept: pd.DataFrame, governorates: Governorates, source: Source) -> pd.DataFrame:
    """The incidents with the columns of the key; unmapped places go to the notes."""
    places = list(zip(kept["governorate"], kept["region"], strict=True))
    codes = {pair: governorate_of(*pair, governorates) for pair in dict.fromkeys(places)}
    named = {text: forces(text) for text in kept["belligerent"].unique()}
    unmapped = Counter(pair for pair in places if codes[pair] == UNMAPPED)
    if unmapped:
        listed = "; ".join(
            f"{count} with governorate {quoted(pair[0])} and region {quoted(pair[1])}"
            for pair, count in sorted(unmapped.items(), key=lambda item: (-item[1], item[0]))
        )
        source.notes.append(f"{sum(unmapped.values())} incidents in no certain governorate: {listed}")
    return kept.assign(
        month=months(kept["date"].to_numpy()),
        governorate=[codes[pair] for pair in places],
        attribution=[named[text][1] for text in kept["belligerent"]],
        belligerent=[named[text][0] for text in kept["belligerent"]],
        grading=kept["civ_grading"],
    )
