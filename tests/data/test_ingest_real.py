"""The committed series are what the commands make of the publishers' own files, byte for byte.

The files are not part of the book. With ``ALEPPO_RAW`` naming a folder that holds them, these tests run.
"""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest

from aleppo.evidence import TABLES, load
from aleppo.evidence.paths import repository
from aleppo.evidence.tables.publisher_words import VDC_REGIONS
from aleppo.ingest import PUBLISHERS, ingest, ucdp, unsc
from aleppo.ingest.common import Governorates
from data_copy import DataCopy

FILES = {
    "airwars": "airwars/airwars_syria_incidents.csv",
    "coalition": "coalition/centcom_strikes_guardian.tsv",
    "ucdp": "ucdp/ucdp_ged_syria_652.1601.1911.csv",
    "unsc": "un/unsc_meetings_2012_2018.csv",
    "vdc": "vdc/casualties_by_province_by_day.csv",
    "vdc_causes": "vdc/casualties_by_cause_of_death_by_day.csv",
    "vdc_composition": "vdc/batch2_monthly_by_province_status_cause.csv",
}


def raw(name: str) -> Path:
    """A publisher's own file; the test is skipped where there is none."""
    folder = os.environ.get("ALEPPO_RAW")
    if not folder:
        pytest.skip("ALEPPO_RAW is not set: the publishers' files are not part of the book")
    return Path(folder) / name


@pytest.mark.parametrize("publisher", FILES)
def test_the_committed_series_is_what_the_command_makes(publisher: str, data_copy: DataCopy) -> None:
    file = raw(FILES[publisher])
    paths = [TABLES[table].path for table in PUBLISHERS[publisher].tables]
    for path in paths:
        (data_copy.folder / path).unlink()
    ingest(publisher, file)
    for name in [*paths, *(str(Path(path).with_suffix(".yml")) for path in paths)]:
        committed = repository() / "data" / name
        assert (data_copy.folder / name).read_bytes() == committed.read_bytes(), name


def test_every_series_of_the_data_is_proved_here() -> None:
    proved = {table for publisher in FILES for table in PUBLISHERS[publisher].tables}
    ingested = [table for table in TABLES.values() if table.metadata.builder.startswith("aleppo ingest")]
    assert proved == {table.name for table in ingested}
    assert all(table.group == "series" for table in ingested)


def test_ged_sums_are_those_of_pandas() -> None:
    file = raw(FILES["ucdp"])
    known = Governorates.known()
    events = pd.read_csv(file)
    events = events[(events["date_prec"] != 5) & (events["where_prec"] != 6)]
    events = events.assign(
        month=events["date_start"].str[:7],
        governorate=[known.code(name) or "unmapped" for name in events["adm_1"].fillna("")],
        type_of_violence=[ucdp.UCDP_TYPES[int(number) - 1] for number in events["type_of_violence"]],
        events=1,
    )
    key = ["month", "governorate", "type_of_violence"]
    theirs = events.groupby(key)[["events", *ucdp.MEASURES]].sum().astype("Int64").reset_index()
    mine = load("ucdp_ged_monthly")
    assert mine.to_csv(index=False) == theirs.to_csv(index=False)


def test_the_list_of_vetoes_agrees_with_the_table_of_votes() -> None:
    listed = unsc.read_vetoes(raw("un/unsc_vetoes_1946_sept2022.csv"))
    assert len(listed) == 17
    assert unsc.compare_vetoes(listed, load("unsc_votes")) == []


# What the committed series hold, whether or not the publishers' files are there


def test_airwars_tallies_of_january_2016_are_close_to_its_published_figures() -> None:
    series = load("airwars_monthly")
    rows = series[(series["month"] == "2016-01") & series["belligerent"].str.contains("Russian Military")]
    assert rows[["incidents", "killed_min", "killed_max"]].sum().tolist() == [180, 1015, 1422]


def test_airwars_incidents_attributed_to_russia_before_2017_are_all_there() -> None:
    series = load("airwars_monthly")
    rows = series[
        series["month"].between("2015-09", "2016-12") & series["belligerent"].str.contains("Russian Military")
    ]
    assert rows["incidents"].sum() == 1811
    assert rows.loc[rows["governorate"] == "SY02", "incidents"].sum() == 960


def test_causes_and_provinces_of_the_first_batch_add_up_to_the_same_deaths_in_every_week() -> None:
    causes = load("vdc_causes_weekly").groupby("week")["deaths"].sum()
    provinces = load("vdc_deaths_weekly").groupby("week")["deaths"].sum()
    assert causes.sum() == 137_475
    assert causes.equals(provinces)


def test_days_by_region_add_up_to_the_weeks_by_governorate() -> None:
    days, weeks = load("vdc_deaths_daily"), load("vdc_deaths_weekly")
    region = {code: name for name, codes in VDC_REGIONS.items() for code in codes}
    by_week = weeks.groupby(["week", weeks["governorate"].map(region).rename("region")])["deaths"].sum()
    monday = (days["day"] - pd.to_timedelta(days["day"].dt.day_of_week, unit="D")).rename("week")
    parts = days[days["region"] != "all"]
    assert parts.groupby([monday, "region"])["deaths"].sum().equals(by_week)
    whole = days[days["region"] == "all"].set_index("day")["deaths"]
    assert whole.equals(parts.groupby("day")["deaths"].sum())
    assert whole.sum() == 137_475


def test_no_governorate_can_be_worked_out_of_the_days_by_region() -> None:
    groups = list(VDC_REGIONS.values())
    assert min(map(len, groups)) > 1
    assert sorted(code for group in groups for code in group) == [
        f"SY{number:02d}" for number in range(1, 15)
    ]


def test_the_second_batch_holds_its_deaths() -> None:
    series = load("vdc_composition_monthly")
    assert series["deaths"].sum() == 32_990
    assert series.loc[series["status"] == "Civilian", "deaths"].sum() == 24_173


def test_ged_deaths_of_aleppo_in_2016_are_close_to_the_yearly_tally() -> None:
    series = load("ucdp_ged_monthly")
    rows = series[series["month"].str.startswith("2016") & (series["governorate"] == "SY02")]
    estimates = load("estimates").set_index("estimate_id")
    yearly = estimates.loc["ALP-015", ["low", "best", "high"]].astype("int64")
    residual = yearly - rows[["low", "best", "high"]].sum()
    # the yearly tally has the events known only to the year as well: eight of them, with 565 deaths
    assert residual.tolist() == [565, 565, 565]
    assert (residual / yearly < 0.05).all()


def test_the_events_left_out_of_the_months_explain_the_yearly_tally_of_aleppo() -> None:
    events = pd.read_csv(raw(FILES["ucdp"]))
    aleppo = events[(events["year"] == 2016) & (events["adm_1"] == "Aleppo Governorate")]
    left_out = aleppo[(aleppo["date_prec"] == 5) | (aleppo["where_prec"] == 6)]
    assert left_out["best"].sum() == 565


def test_coalition_strikes_of_the_span_are_all_there() -> None:
    series = load("coalition_strikes_weekly")
    assert series["strikes"].sum() == 5697 - 25
    assert series["week"].min() == pd.Timestamp("2015-06-01")
    assert series["week"].max() == pd.Timestamp("2016-02-01")
