"""What the chapter on aid and measures draws and lists."""

import pandas as pd
import pytest

from aleppo.show.chapters import aid_and_measures as draw
from aleppo.show.figure import about


@pytest.fixture
def besieged():
    return pd.DataFrame(
        {
            "access_id": ["A1", "A2", "A3"],
            "date": ["2016-05-27", "2016-10", "2016-11-21"],
            "at": pd.to_datetime(["2016-05-27", "2016-10-15", "2016-11-21"]),
            "series": ["besieged_population_un", "besieged_population_siege_watch", "besieged_population_un"],
            "value": [500.0, 2000.0, 900.0],
            "unit": ["people"] * 3,
            "source_ids": ["a", "b", "a;c"],
            "verified": ["no", "yes", "yes"],
            "note": [None] * 3,
        }
    )


def test_a_figure_that_is_not_verified_is_drawn_open_and_does_not_make_the_title(besieged):
    payload = draw.besieged_figure(besieged.assign(value=[5000.0, 2000.0, 900.0])).payload
    assert payload["data"][0]["marker"]["symbol"] == ["circle-open", "circle"]
    assert "900 people" in about(payload)["title"]


def test_the_share_reached_is_written_at_each_bar():
    rows = pd.DataFrame(
        {
            "date": ["2016-10", "2016-12"],
            "requested": [1000.0, 900.0],
            "reached": [250.0, 9.0],
            "share": [0.25, 0.01],
        }
    ).assign(source_ids="a")
    payload = draw.reached_figure(rows).payload
    texts = [item["text"].replace("\u00a0", " ") for item in payload["layout"]["annotations"]]
    assert texts == ["25 %", "1 %"]
    assert "1\u00a0% to 25\u00a0%" in about(payload)["title"]


def test_the_title_on_money_names_the_year_of_the_least_share():
    rows = pd.DataFrame(
        {
            "plan": ["Inside Syria", "Inside Syria", "Refugees, five countries"],
            "year": ["2014", "2016", "2016"],
            "required": [2e9, 3e9, 4e9],
            "funded": [1e9, 1e9, 2e9],
            "share": [0.5, 1 / 3, 0.5],
            "source_ids": ["f"] * 3,
        }
    )
    assert about(draw.funding_figure(rows).payload)["title"].endswith("least in 2016")


def test_deaths_are_worded_by_the_bounds_that_a_body_gave():
    rows = pd.DataFrame(
        {
            "date": ["2016", "2016-09-19", "2016-12-21", "2016-10-12"],
            "by": ["Airwars", "SOHR", "UN", "Russia"],
            "attributed": ["contested", "air raids", "not attributed", None],
            "low": [12.0, None, 10.0, None],
            "best": [None, 12.0, None, None],
            "high": [20.0, None, None, None],
            "says": [None, "First night.", None, "Denied it."],
            "source_ids": ["a", "b", "c", "d"],
            "verified": ["yes", "yes", "yes", "no"],
        }
    )
    table = draw.convoy_table(rows).payload
    assert [row[3] for row in table["rows"]] == ["12–20", "12", "at least 10", "–"]
    assert table["rows"][3][4] == "[not verified] Denied it."


def test_series_are_named_in_words_with_names_as_they_are_written():
    rows = pd.DataFrame(
        {
            "access_id": ["A1", "A2"],
            "date": ["2016-12-22", "2016-07-07"],
            "series": ["aleppo_evacuated_icrc_cumulative", "last_un_delivery_eastern_aleppo"],
            "value": [34000.0, 1.0],
            "unit": ["people", "event"],
            "source_ids": ["a", "b"],
            "verified": ["yes", "yes"],
            "note": [None, None],
        }
    )
    assert draw.in_print(rows.assign(series=["areas_permitted", "london_pledges_2016"])) == [1]
    cells = draw.access_table(rows).payload["rows"]
    assert [row[1] for row in cells] == [
        "Aleppo evacuated (ICRC), cumulative",
        "Last UN delivery eastern Aleppo",
    ]
    assert [row[2] for row in cells] == ["34,000 people", "took place"]


def test_measures_stand_in_the_lane_of_their_kind_and_every_one_is_listed():
    rows = pd.DataFrame(
        {
            "measure_id": ["M1", "M2", "M3"],
            "date_start": pd.to_datetime(["2014-05-08", "2016-10-03", "2016-10-04"]),
            "date_end": pd.to_datetime(["2014-05-08", "2016-10-03", "2016-10-06"]),
            "actor": ["United States", "France", "France"],
            "iso3": ["USA", "FRA", "FRA"],
            "kind": ["sanction", "statement", "statement"],
            "summary": ["Listed.", "Said.", "Said again."],
            "source_ids": ["a", "b", "c"],
            "verified": ["yes", "yes", "no"],
            "year": ["2014", "2016", "2016"],
        }
    )
    facts = about(draw.measures_figure(rows).payload)
    assert facts["title"].startswith("2 of 3 recorded measures")
    assert "1 from before or after the time shown is in the table only" in facts["caption"]
    cells = draw.measures_table(rows).payload["rows"]
    assert [row[3] for row in cells] == ["Listed.", "Said.", "[not verified] Said again."]
