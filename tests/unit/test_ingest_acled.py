"""A reader's own ACLED export becomes a series in a data folder of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import load, verify
from aleppo.evidence.tables import TABLES
from aleppo.ingest import ingest
from aleppo.ingest.acled import written_day
from aleppo.ingest.cells import Unreadable
from data_copy import DataCopy
from publisher_files import csv_text, put, refused, series

_OLD = (
    "data_id,iso,event_id_cnty,event_id_no_cnty,event_date,year,time_precision,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,region,country,admin1,admin2,admin3,location,"
    "latitude,longitude,geo_precision,source,source_scale,notes,fatalities,timestamp,iso3"
)
_NEW = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,assoc_actor_1,"
    "inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,country,admin1,admin2,admin3,"
    "location,latitude,longitude,geo_precision,source,source_scale,notes,fatalities,tags,timestamp"
)
OLD, NEW = _OLD.split(","), _NEW.split(",")
EVENT = {
    "event_date": "2017-02-03",
    "event_type": "Explosions/Remote violence",
    "sub_event_type": "Air/drone strike",
    "actor1": "Force A",
    "actor2": "Civilians (Syria)",
    "country": "Syria",
    "admin1": "Aleppo",
    "fatalities": "2",
}


def export(*rows: dict[str, str], columns: list[str] = NEW) -> str:
    listed = [EVENT | {"event_id_cnty": f"SYR{number}"} | row for number, row in enumerate(rows, 1)]
    return csv_text(listed, columns)


@pytest.mark.parametrize(
    "columns", [OLD, NEW, [name.upper() for name in NEW]], ids=["old", "new", "upper case"]
)
def test_events_are_summed_by_month_governorate_and_type(
    data_copy: DataCopy, tmp_path: Path, columns: list[str]
) -> None:
    rows = (
        {},
        {"actor1": "Force B"},
        {"sub_event_type": "Shelling"},
        {"admin1": "Ar-Raqqa", "event_date": "2017-03-01"},
    )
    text = export(*rows, columns=[name.lower() for name in columns])
    rest = text.split("\n", 1)[1]
    result = ingest("acled", put(tmp_path, f"{','.join(columns)}\n{rest}"))
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "month,governorate,event_type,sub_event_type,events,fatalities,actors\n"
        "2017-02,SY02,Explosions/Remote violence,Air/drone strike,2,4,3\n"
        "2017-02,SY02,Explosions/Remote violence,Shelling,1,2,2\n"
        "2017-03,SY11,Explosions/Remote violence,Air/drone strike,1,2,2\n"
    )


def test_the_folder_it_was_written_to_is_still_verified(data_copy: DataCopy, tmp_path: Path) -> None:
    ingest("acled", put(tmp_path, export({})))
    report = verify(data_copy.folder)
    assert report.faults == ()
    assert report.tables == len(TABLES) + 1
    assert load("acled_monthly")["fatalities"].tolist() == [2]


def test_a_reader_is_told_not_to_pass_it_on(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("acled", put(tmp_path, export({})))
    assert any("do not allow to pass this series on" in message for message in result.messages)


def test_other_countries_are_dropped_with_counts(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("acled", put(tmp_path, export({}, {"country": "Iraq"}, {"country": "Iraq"})))
    assert result.totals["events"] == 1
    assert result.dropped == {"in other countries": 2}


@pytest.mark.parametrize(
    "text", ["2017-02-03", "3 February 2017", "03-February-2017", "03-Feb-2017", "3 feb 2017"]
)
def test_dates_are_read_in_every_spelling_of_the_publisher(text: str) -> None:
    assert written_day(text) == np.datetime64("2017-02-03")


@given(
    when=st.dates(date(1997, 1, 1), date(2100, 1, 1)),
    spelling=st.sampled_from(["%Y-%m-%d", "%d %B %Y", "%d-%B-%Y", "%d-%b-%Y", "%d %b %Y"]),
)
def test_a_day_comes_back_from_every_spelling_of_it(when: date, spelling: str) -> None:
    assert written_day(when.strftime(spelling)) == np.datetime64(when)


@given(st.text(max_size=20))
def test_any_other_text_is_a_day_or_is_refused_in_words(text: str) -> None:
    try:
        found = written_day(text)
    except Unreadable as refusal:
        assert refusal.expected
        assert refusal.advice
    else:
        assert str(found)[:4] in text


@pytest.mark.parametrize("text", ["02/03/2017", "3 Febr 2017", "31 February 2017", "3 février 2017", "2017"])
def test_dates_with_two_readings_or_none_are_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        written_day(text)


def test_places_without_a_governorate_are_kept_apart_and_told(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("acled", put(tmp_path, export({"admin1": "Golan"})))
    assert series(result)["governorate"].tolist() == ["unmapped"]
    assert "1 events in no governorate, kept as unmapped: 1 with admin1 'Golan'" in result.messages


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"fatalities": "-1"}, "column fatalities: expected a number not below zero"),
        ({"event_date": "02/03/2017"}, "column event_date: expected a date written YYYY-MM-DD"),
        (
            {"event_id_cnty": "SYR1"},
            "column event_id_cnty: expected an id that occurs once, found 'SYR1', as in row 2",
        ),
        ({"event_type": ""}, "column event_type: expected a filled cell"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    assert refused("acled", put(tmp_path, export({}, cells)), data_copy).startswith(f"row 3, {message}")


def test_an_export_without_syria_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("acled", put(tmp_path, export({"country": "Iraq"})), data_copy)
    assert line.startswith("column country: expected rows on Syria, found none among 1")
