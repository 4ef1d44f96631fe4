"""From Airwars' incidents to the series by month, governorate, force and grading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import load, verify
from aleppo.ingest import ingest
from aleppo.ingest.airwars import SPELLINGS, aggregate, forces, governorate_of
from aleppo.ingest.common import Governorates
from data_copy import DataCopy
from publisher_files import csv_text, put, refused, series

COLUMNS = (
    "seq,code,airwars_id,url,date,date_type,location,region,governorate,belligerent,strike_type,civ_grading,"
    "civ_killed_min,civ_killed_max,civ_inj_min,civ_inj_max,date_end,latitude,longitude"
)
INCIDENT = {
    "date": "2016-01-04",
    "region": "Aleppo",
    "governorate": "Aleppo",
    "belligerent": "Russian Military",
    "civ_grading": "Fair",
    "civ_killed_min": "2.0",
    "civ_killed_max": "5.0",
    "civ_inj_min": "1.0",
    "civ_inj_max": "1.0",
}


def incidents(*rows: dict[str, str]) -> str:
    listed = [INCIDENT | {"airwars_id": str(number)} | row for number, row in enumerate(rows, 1)]
    return csv_text(listed, COLUMNS.split(","))


def test_incidents_are_counted_by_month_place_force_and_grading(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = ({}, {}, {"civ_grading": "Weak"}, {"date": "2016-02-01"}, {"region": "Idlib", "governorate": ""})
    result = ingest("airwars", put(tmp_path, incidents(*rows)))
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "month,governorate,belligerent,attribution,grading,incidents,killed_min,killed_max,killed_not_stated,"
        "injured_min,injured_max,injured_not_stated\n"
        "2016-01,SY02,Russian Military,single,Fair,2,4,10,0,2,2,0\n"
        "2016-01,SY02,Russian Military,single,Weak,1,2,5,0,1,1,0\n"
        "2016-01,SY07,Russian Military,single,Fair,1,2,5,0,1,1,0\n"
        "2016-02,SY02,Russian Military,single,Fair,1,2,5,0,1,1,0\n"
    )
    assert verify(data_copy.folder).faults == ()


def test_several_forces_stay_apart_from_each_of_them(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = (
        {"belligerent": "Russian Military, U.S.-led Coalition"},
        {"belligerent": "U.S.-led Coalition, Russian Military"},
        {},
        {"belligerent": ""},
    )
    result = ingest("airwars", put(tmp_path, incidents(*rows)))
    told = series(result)[["belligerent", "attribution", "incidents"]]
    assert told.values.tolist() == [
        ["Russian Military", "single", "1"],
        ["Russian Military;U.S.-led Coalition", "several", "2"],
        ["not stated", "not_stated", "1"],
    ]


def test_incidents_of_1970_and_without_a_date_are_dropped_with_counts(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    rows = ({}, {"date": "1970-01-01"}, {"date": ""}, {"date": ""})
    result = ingest("airwars", put(tmp_path, incidents(*rows)))
    assert result.totals["incidents"] == 1
    assert result.dropped == {"without a date": 2, "dated before 2011 (1970 stands for no date)": 1}
    assert "dropped: 2 rows, without a date" in result.messages


def test_a_number_that_is_not_stated_is_not_zero(data_copy: DataCopy, tmp_path: Path) -> None:
    blank = {"civ_killed_min": "", "civ_killed_max": "", "civ_inj_min": "", "civ_inj_max": ""}
    ingest("airwars", put(tmp_path, incidents(blank, {"region": "Homs", "governorate": ""} | blank, {})))
    told = load("airwars_monthly").set_index("governorate")
    assert told.loc["SY02", ["killed_min", "killed_max", "killed_not_stated"]].tolist() == [2, 5, 1]
    assert pd.isna(told.loc["SY04", "killed_min"])
    assert told.loc["SY04", "killed_not_stated"] == 1


@pytest.mark.parametrize(
    ("low", "high", "sums"),
    [("3", "", [3, 3, 0]), ("", "3", [0, 3, 0]), ("", "", [None, None, 1])],
)
def test_where_one_bound_is_missing_the_other_bounds_it(
    data_copy: DataCopy, tmp_path: Path, low: str, high: str, sums: list[int | None]
) -> None:
    ingest("airwars", put(tmp_path, incidents({"civ_killed_min": low, "civ_killed_max": high})))
    (row,) = load("airwars_monthly")[["killed_min", "killed_max", "killed_not_stated"]].values.tolist()
    assert [None if pd.isna(value) else value for value in row] == sums


def test_blank_gradings_are_kept_as_not_stated(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = ({"civ_grading": ""}, {"civ_grading": "Contested, Discounted"})
    result = ingest("airwars", put(tmp_path, incidents(*rows)))
    assert series(result)["grading"].tolist() == ["Contested, Discounted", "not stated"]


@pytest.mark.parametrize(
    ("governorate", "region", "code"),
    [
        ("Aleppo", "Aleppo", "SY02"),
        ("", "Deir Ezzor", "SY09"),
        ("Damascusus", "Damascus", "SY01"),
        ("Rural Damascus", "Rif Dimashq", "SY03"),
        ("36.38472222", "Aleppo", "SY02"),
        ("western countryside of Aleppo", "Aleppo", "SY02"),
        ("Idlib", "Ma'arat al-Numan", "SY07"),
        ("Hassakah", "Al Hassakah", "SY08"),
        ("", "Haifa", "outside_syria"),
        ("", "", "unmapped"),
        ("Aleppo", "Idlib", "unmapped"),
        ("Homs or Aleppo", "Homs", "unmapped"),
        ("Hama", "Hama and Idlib governorate", "unmapped"),
        ("Deir ez-Zor/Damascus", "Homs", "unmapped"),
        ("", "Al-Jazeera", "unmapped"),
    ],
)
def test_a_place_is_mapped_only_where_the_two_columns_settle_it(
    governorate: str, region: str, code: str
) -> None:
    assert governorate_of(governorate, region, Governorates.known(SPELLINGS)) == code


def test_unmapped_places_are_told_with_counts(data_copy: DataCopy, tmp_path: Path) -> None:
    rows = ({}, {"region": "Nowhere", "governorate": ""}, {"region": "Nowhere", "governorate": ""})
    result = ingest("airwars", put(tmp_path, incidents(*rows)))
    assert (
        "2 incidents in no certain governorate: 2 with governorate an empty cell and region 'Nowhere'"
        in result.messages
    )


names = st.sampled_from(["Russian Military", "U.S.-led Coalition", "YPG", "Turkish Military"])


@given(st.lists(names, min_size=1, max_size=4))
def test_the_order_of_forces_does_not_matter(listed: list[str]) -> None:
    text, kind = forces(", ".join(listed))
    assert (text, kind) == forces(", ".join(reversed(listed)))
    assert text.split(";") == sorted(set(listed))
    assert (kind == "several") == (len(set(listed)) > 1)


def test_an_incident_over_two_months_counts_where_it_begins(data_copy: DataCopy, tmp_path: Path) -> None:
    row = {"date": "2016-01-31", "date_end": "2016-02-01"}
    result = ingest("airwars", put(tmp_path, incidents(row)))
    assert series(result)["month"].tolist() == ["2016-01"]
    assert any("end in another month than they begin" in message for message in result.messages)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            {"civ_killed_min": "9"},
            "column civ_killed_min: expected no more than civ_killed_max (5), found '9'",
        ),
        ({"civ_inj_max": "-1"}, "column civ_inj_max: expected a number not below zero, found '-1'"),
        ({"civ_grading": "Certain"}, "column civ_grading: expected one of Confirmed, Fair, Weak"),
        ({"date": "4 January 2016"}, "column date: expected a date written YYYY-MM-DD"),
        ({"airwars_id": "1"}, "column airwars_id: expected an id that occurs once, found '1' a second time"),
    ],
)
def test_a_wrong_cell_is_refused(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    assert refused("airwars", put(tmp_path, incidents({}, cells)), data_copy).startswith(f"row 3, {message}")


def test_a_missing_grading_column_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    text = incidents({}).replace("civ_grading", "grading")
    line = refused("airwars", put(tmp_path, text), data_copy)
    assert line.startswith("row 1, column civ_grading: expected a column called civ_grading")
    assert line.endswith("if grading is meant, rename it")


bound = st.none() | st.integers(0, 400)
incident = st.fixed_dictionaries(
    {
        "month": st.sampled_from(["2016-01", "2016-02"]),
        "governorate": st.sampled_from(["SY02", "SY07"]),
        "belligerent": st.sampled_from(["Russian Military", "Russian Military;U.S.-led Coalition"]),
        "attribution": st.just("single"),
        "grading": st.sampled_from(["Fair", "Weak"]),
        "civ_killed_min": bound,
        "civ_killed_max": bound,
        "civ_inj_min": bound,
        "civ_inj_max": bound,
    }
)


@given(st.lists(incident, min_size=1, max_size=20))
def test_no_incident_and_no_stated_number_is_lost_or_counted_twice(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows).astype({name: "float64" for name in rows[0] if str(name).startswith("civ_")})
    series = aggregate(frame)
    assert series["incidents"].sum() == len(rows)
    for short, name in (("killed", "killed"), ("inj", "injured")):
        ends = [(row[f"civ_{short}_min"], row[f"civ_{short}_max"]) for row in rows]
        assert series[f"{name}_min"].sum() == sum(low or 0 for low, _ in ends)
        assert series[f"{name}_max"].sum() == sum((low or 0) if high is None else high for low, high in ends)
        assert series[f"{name}_not_stated"].sum() == ends.count((None, None))
