"""A second batch of the Violations Documentation Center's records, by month, province, status and cause.

The publisher's file is already a count: one row per month, province of origin, civil status and cause. It is
the only one that tells air strikes ("Warplane shelling") from other shelling. Statuses and causes are kept
in the publisher's words; one that is not in the list is refused, so that a new one cannot slip in unseen.

Four stages: ``read`` the file, ``check`` provinces and doubles, ``aggregate`` by P-code, ``write`` the series.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_deaths import VDC_COMPOSITION_MONTHLY
from aleppo.evidence.tables.publisher_words import OTHER_NATIONALITY, UNKNOWN, VDC_BATCH2_CAUSES, VDC_STATUSES
from aleppo.ingest.cells import Field, counted, label, month, one_of
from aleppo.ingest.common import Governorates, summed, write_series
from aleppo.ingest.reading import Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = VDC_COMPOSITION_MONTHLY.name
KEY = ("month", "province_origin", "status", "cause")
FIELDS = (
    Field("month", month),
    Field("province_origin", label),
    Field("status", one_of(*VDC_STATUSES)),
    Field("cause", one_of(*VDC_BATCH2_CAUSES)),
    Field("deaths", counted, "int64"),
)
COLUMNS = tuple(one.name for one in FIELDS)

SPECIAL = {"Other Nationalities": OTHER_NATIONALITY, "Unknown": UNKNOWN}


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/vdc_composition_monthly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source = Source(Path(file))
    rows = check(read(source, progress), source, Governorates.known(SPECIAL))
    return write(aggregate(rows), out_dir, source)


def read(source: Source, progress: Progress | None = None) -> pd.DataFrame:
    """Stage 1: one row per row of the file, ``deaths`` a whole number, the rest text."""
    return pd.DataFrame(source.columns(FIELDS, progress))


def check(rows: pd.DataFrame, source: Source, governorates: Governorates) -> pd.DataFrame:
    """Stage 2: rows with their ``governorate``. Every province is known and every combination occurs once."""
    codes = {name: governorates.code(name) for name in rows["province_origin"].unique()}
    for name, code in codes.items():
        if code is None:
            record = int((rows["province_origin"] == name).to_numpy().argmax())
            advice = "add the spelling to the aliases of the governorates table"
            raise source.fault(record, "province_origin", "a governorate of Syria", quoted(name), advice)
    again = rows.duplicated(list(KEY))
    if again.any():
        record = int(again.to_numpy().argmax())
        found = ", ".join(str(rows[name].iloc[record]) for name in KEY) + " a second time"
        raise source.fault(
            record, "month", "a combination that occurs once", found, "leave out the wrong row"
        )
    return rows.assign(governorate=rows["province_origin"].map(codes))


def aggregate(rows: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: deaths by month, governorate, status and cause, sorted."""
    key = ["month", "governorate", "status", "cause"]
    return summed(rows[[*key, "deaths"]], key)


def write(series: pd.DataFrame, out_dir: Path, source: Source) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    civilians = int(series.loc[series["status"] == "Civilian", "deaths"].sum())
    messages = (
        *source.notes,
        f"{len(series):,} combinations from {series['month'].min()} to {series['month'].max()}, "
        f"{series['deaths'].sum():,} deaths, {civilians:,} of them of civilians",
    )
    return write_series(VDC_COMPOSITION_MONTHLY, series, out_dir, source.path, messages=messages)
