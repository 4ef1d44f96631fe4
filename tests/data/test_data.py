"""The committed data is what it says it is."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd
import pytest
from frictionless import Package

from aleppo.evidence import load, split_list, verify
from aleppo.evidence.manifest import PACKAGE, stale_sidecars
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.sources import BIBLIOGRAPHY, bibtex
from aleppo.evidence.tables import TABLES, Table
from aleppo.ingest import vdc
from book_prose import cited_by_the_pages

RAW_VARIABLE = "ALEPPO_RAW"


@pytest.fixture(autouse=True)
def committed_data(monkeypatch: pytest.MonkeyPatch) -> None:
    """These tests are of the repository's own data, wherever the book runs from."""
    monkeypatch.delenv(DATA_VARIABLE, raising=False)


def test_the_committed_data_verifies() -> None:
    report = verify(repository() / "data")
    assert [str(fault) for fault in report.faults] == []
    assert report.tables == len(TABLES)


def test_every_source_is_used() -> None:
    assert set(verify(repository() / "data").unused) <= set(cited_by_the_pages())


def test_sidecars_and_package_are_current() -> None:
    stale = [path.name for path in stale_sidecars(repository() / "data")]
    assert stale == [], "run `aleppo sidecars`"


def test_the_bibliography_is_current() -> None:
    text = (repository() / BIBLIOGRAPHY).read_text(encoding="utf-8")
    assert text == bibtex(load("sources")), "run `aleppo sources`"


def test_the_data_package_is_valid_for_frictionless() -> None:
    report = Package(str(repository() / "data" / PACKAGE)).validate()
    errors = [(task.name, error.message) for task in report.tasks for error in task.errors]
    assert errors + [error.message for error in report.errors] == []
    assert len(report.tasks) == len(TABLES)


def test_files_are_utf8_with_plain_line_ends_and_no_spare_quotes() -> None:
    for table in TABLES.values():
        content = (repository() / "data" / table.path).read_bytes()
        assert b"\r" not in content, table.name
        assert content.endswith(b"\n") and not content.endswith(b"\n\n"), table.name
        assert not re.search(rb'(?:^|,)"[^",\n]*"(?=,|$)', content, re.MULTILINE), table.name


def test_recorded_deaths_of_aleppo_sum_to_the_published_total() -> None:
    weekly = load("vdc_deaths_weekly")
    sums = weekly.groupby("governorate")["deaths"].sum()
    assert sums["SY02"] == 27_618
    assert sums.sum() == 137_475
    assert weekly["week"].nunique() * 14 == len(weekly)
    assert (weekly.drop_duplicates("week")["week"].diff().dropna() == pd.Timedelta(weeks=1)).all()


def test_bounds_that_do_not_enclose_are_explained_and_are_three() -> None:
    monthly = load("monthly_published")
    crossed = monthly[(monthly["low"] > monthly["best"]) | (monthly["best"] > monthly["high"])]
    assert len(crossed) == 3
    assert crossed["bounds_note"].notna().all()


def test_the_council_voted_on_syria_as_often_as_is_known() -> None:
    votes = load("unsc_votes")
    vetoes = votes["vetoed_by"].map(split_list)
    assert len(votes) == 35
    assert (votes["outcome"] == "vetoed").sum() == 11
    assert vetoes.map(lambda members: "RUS" in members).sum() == 11
    assert vetoes.map(lambda members: "CHN" in members).sum() == 6


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_warnings_of_copies_and_unverified_rows_are_given_where_there_are_such(table: Table) -> None:
    frame = load(table.name)
    warnings = table.metadata.usage_warnings
    unverified = "verified" in frame and (frame["verified"] == "no").any()
    assert ("not_verified_rows" in warnings) == unverified
    if "source_ids" in frame:
        sources = load("sources")
        copies = set(sources.loc[sources["read"] == "copy", "source_id"])
        cited = {source for cell in frame["source_ids"] for source in split_list(cell)}
        assert ("copy_not_original" in warnings) == bool(cited & copies)


def test_the_unsettled_roll_stays_unsettled() -> None:
    members = load("un_body_member_votes")
    session = members[members["vote_id"] == "HR22"]
    assert len(session) == 47
    assert (session["vote"] == "not_established").sum() == 40
    assert (session["vote"] == "no").sum() == 7


@pytest.mark.skipif(
    RAW_VARIABLE not in os.environ, reason=f"{RAW_VARIABLE} names no folder of publishers' files"
)
def test_the_publishers_file_gives_the_committed_series_byte_for_byte(tmp_path: Path) -> None:
    file = Path(os.environ[RAW_VARIABLE]) / "vdc" / "casualties_by_province_by_day.csv"
    result = vdc.ingest(file, tmp_path)
    for made in (result.path, result.path.with_suffix(".yml")):
        assert made.read_bytes() == (repository() / "data/series" / made.name).read_bytes()
