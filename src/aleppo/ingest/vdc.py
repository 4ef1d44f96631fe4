"""The Violations Documentation Center's deaths per day and province, by week and, for regions, by day.

The publisher's file has a column ``day`` and one for each of fourteen provinces, in its own spelling, with
counts written as decimals ("3.0"). A day without a row had no recorded death. Counts mix civilians and
combatants, and the province is where the victim came from, not where they died.

Two series come of it: deaths per week and governorate, and deaths per day for groups of governorates. Days
by single province would be the publisher's file itself, which names no licence, so they are not passed on;
with the file at hand ``by_region`` gives any group by day.

Four stages: ``read`` the file, ``check`` it into whole counts, ``aggregate`` them to weeks and ``by_region``,
``write`` the series with their sidecars. Nothing is written before everything has been checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.files import sha256_bytes, write_atomic
from aleppo.evidence.load import load, split_list
from aleppo.evidence.manifest import chapters_by_table, describe, render_sidecar, sidecar_path
from aleppo.evidence.rows import Rows, quoted, read_rows
from aleppo.evidence.tables import TABLES
from aleppo.evidence.tables.core import DATE
from aleppo.evidence.tables.publisher_deaths import VDC_DEATHS_DAILY
from aleppo.evidence.tables.publisher_words import VDC_REGIONS, WHOLE
from aleppo.ingest.common import difference, made_from, write_series
from aleppo.ingest.folder import refuse_no_folder
from aleppo.ingest.result import IngestResult

TABLE = "vdc_deaths_weekly"
ALSO = VDC_DEATHS_DAILY.name
DAY = "day"
PROVINCES = (
    "Aleppo",
    "Damascus",
    "Damascus Suburbs",
    "Daraa",
    "Deir Ezzor",
    "Hama",
    "Hasakeh",
    "Homs",
    "Idlib",
    "Lattakia",
    "Quneitra",
    "Raqqa",
    "Sweida",
    "Tartous",
)
COLUMNS = (DAY, *PROVINCES)

# "3", "3.0" and "3.00" are three people; "3.5" and "-1" are no count
_COUNT = re.compile(r"([0-9]{1,9})(?:\.0*)?")


def ingest(file: Path, out_dir: Path) -> IngestResult:
    """Turn the publisher's ``file`` into ``series/vdc_deaths_weekly.csv`` and ``vdc_deaths_daily.csv``.

    Both stand with their sidecars below ``out_dir``; the result is that of the weeks, and its messages tell of
    the days too. Another folder than that of the data is completed with the other tables. Raises
    EvidenceError with every fault of the file; then nothing below ``out_dir`` has changed.
    """
    refuse_no_folder(out_dir)
    raw = read(file)
    daily = check(raw, codes_by_spelling(load("governorates")))
    result = write(aggregate(daily), out_dir, Path(file), days=len(daily))
    regions = write_series(VDC_DEATHS_DAILY, by_region(daily), out_dir, Path(file))
    told = f"{ALSO}: {regions.rows:,} rows, {len(VDC_REGIONS)} regions and all of them by day"
    return replace(result, messages=(*result.messages, told, *regions.messages))


def read(file: Path) -> Rows:
    """Stage 1: the file as rows of text. Raises EvidenceError when it is not a whole CSV file."""
    raw = read_rows(file)
    if raw.faults:
        raise EvidenceError(raw.faults)
    return raw


def codes_by_spelling(governorates: pd.DataFrame) -> dict[str, str]:
    """Spelling → P-code, for the English name and every alias of each governorate."""
    return {
        spelling: code
        for code, name, aliases in zip(
            governorates["governorate"], governorates["name_en"], governorates["aliases"], strict=True
        )
        for spelling in (name, *split_list(aliases))
    }


def check(raw: Rows, codes: Mapping[str, str]) -> pd.DataFrame:
    """Stage 2: a frame of whole counts, one row per day (index) and one column per P-code.

    Every day once, every governorate of ``codes`` once, every count a whole number of people. Raises
    EvidenceError with all that is not so.
    """
    faults = _header_faults(raw, codes)
    if faults:
        raise EvidenceError(faults)
    if not raw.rows:
        raise EvidenceError([Fault(raw.file, 0, "", "at least one day", "only a header row")])
    days, faults = _days(raw)
    counts: dict[str, list[int]] = {}
    for position, province in enumerate(raw.header):
        if province != DAY:
            cells = [fields[position] for fields in raw.rows]
            counts[codes[province]], wrong = _counts(raw, province, cells)
            faults += wrong
    if faults:
        raise EvidenceError(faults)
    frame = pd.DataFrame(counts, index=days)
    return frame.sort_index().sort_index(axis="columns")


def _days(raw: Rows) -> tuple[pd.DatetimeIndex, list[Fault]]:
    """The days of the rows, missing where there is a fault."""
    cells = pd.Series([fields[raw.header.index(DAY)] for fields in raw.rows], dtype="string")
    days = pd.to_datetime(cells.where(cells.str.fullmatch(DATE.pattern)), format="%Y-%m-%d", errors="coerce")
    faults = []
    first_line: dict[str, int] = {}
    for cell, day, line in zip(cells, days, raw.lines, strict=True):
        if pd.isna(day):
            faults.append(Fault(raw.file, line, DAY, DATE.expected, quoted(cell)))
        elif cell in first_line:
            found = f"{quoted(cell)}, as in row {first_line[cell]}"
            faults.append(Fault(raw.file, line, DAY, "a day that occurs once", found))
        first_line.setdefault(cell, line)
    return pd.DatetimeIndex(days, name=DAY), faults


def _counts(raw: Rows, province: str, cells: list[str]) -> tuple[list[int], list[Fault]]:
    """The whole numbers in ``cells``, zero where there is a fault."""
    counts, faults = [], []
    for cell, line in zip(cells, raw.lines, strict=True):
        match = _COUNT.fullmatch(cell)
        counts.append(int(match[1]) if match else 0)
        if match is None:
            expected = "a whole number of deaths, not below zero"
            faults.append(Fault(raw.file, line, province, expected, quoted(cell)))
    return counts, faults


def _header_faults(raw: Rows, codes: Mapping[str, str]) -> list[Fault]:
    faults = []
    listed = f"only {', '.join(raw.header)}"
    if DAY not in raw.header:
        faults.append(Fault(raw.file, 1, DAY, "a column of this name", listed))
    provinces = [name for name in raw.header if name != DAY]
    faults += [
        Fault(raw.file, 1, name, "the name of a governorate, as in the governorates table", quoted(name))
        for name in provinces
        if name not in codes
    ]
    by_code: dict[str, list[str]] = {}
    for name in provinces:
        by_code.setdefault(codes.get(name, ""), []).append(name)
    usual = {codes.get(name, ""): name for name in PROVINCES}
    for code in sorted(set(codes.values())):
        named = by_code.get(code, [])
        if not named:
            faults.append(Fault(raw.file, 1, usual.get(code, code), "a column of this name", listed))
        elif len(named) > 1:
            faults.append(Fault(raw.file, 1, named[1], f"one column for {code}", " and ".join(named)))
    return faults


def aggregate(daily: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: deaths by week and governorate, as columns week, governorate, deaths, sorted by both.

    Weeks begin on Monday. The grid is complete from the week of the first to that of the last day; a week
    without a row in the file has zero deaths.
    """
    mondays = daily.index - pd.to_timedelta(daily.index.day_of_week, unit="D")
    weeks = pd.date_range(mondays.min(), mondays.max(), freq="7D", name="week")
    weekly = daily.groupby(mondays).sum().reindex(weeks, fill_value=0)
    tidy = weekly.stack().rename_axis(["week", "governorate"]).rename("deaths")
    return tidy.reset_index().sort_values(["week", "governorate"], ignore_index=True)


def by_region(daily: pd.DataFrame, regions: Mapping[str, Sequence[str]] = VDC_REGIONS) -> pd.DataFrame:
    """Stage 3, by day: deaths of groups of governorates, as columns day, region, deaths, sorted by both.

    ``daily`` is of :func:`check`; ``regions`` has the P-codes of each group, to which ``all`` is added, the sum
    over every governorate. Every day from the first to the last has a row; one without a row in the file
    has zero deaths. Raises KeyError for a code that the file does not hold.
    """
    days = pd.date_range(daily.index.min(), daily.index.max(), freq="D", name=DAY)
    whole = daily.reindex(days, fill_value=0)
    sums = {region: whole[list(codes)].sum(axis="columns") for region, codes in regions.items()}
    wide = pd.DataFrame(sums | {WHOLE: whole.sum(axis="columns")})
    tidy = wide.stack().rename_axis([DAY, "region"]).rename("deaths")
    return tidy.reset_index().sort_values([DAY, "region"], ignore_index=True)


def write(weekly: pd.DataFrame, out_dir: Path, file: Path, *, days: int) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``, each whole or not at all."""
    table = TABLES[TABLE]
    path = out_dir / table.path
    text = weekly.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    chapters = chapters_by_table().get(TABLE, [])
    sidecar = describe(table, weekly, sha256_bytes(text.encode("utf-8")), chapters, made_from(file))
    before = difference(table, path, text)
    write_atomic(path, text)
    write_atomic(sidecar_path(out_dir, table), render_sidecar(sidecar))
    totals = {
        str(code): int(deaths) for code, deaths in weekly.groupby("governorate")["deaths"].sum().items()
    }
    first, last = weekly["week"].min().date(), weekly["week"].max().date()
    return IngestResult(
        path=path,
        rows=len(weekly),
        totals=totals,
        messages=(
            f"{days} days with records read, {sum(totals.values())} deaths",
            f"{weekly['week'].nunique()} weeks from {first} to {last} for {len(totals)} governorates",
            f"Aleppo (SY02): {totals['SY02']} deaths",
            *([before.line] if before else []),
        ),
        difference=before,
    )
