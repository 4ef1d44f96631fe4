"""The chapter on alleged strikes: grading and "alleged" never leave a figure or a table."""

import pandas as pd
import pytest

from aleppo.measure import strikes
from aleppo.show.chapters import where_the_strikes_fell as draw
from aleppo.show.figure import about

NA = float("nan")
NAMES = {"SY02": "Aleppo", "SY07": "Idleb", "SY08": "Al-Hasakeh"}


@pytest.fixture
def incidents():
    rows = pd.DataFrame(
        [
            ("2015-09", "SY07", "Russian Military", "single", "Fair", 1, 2, 3),
            ("2015-10", "SY02", "Russian Military", "single", "Fair", 6, 10, 20),
            ("2015-10", "SY02", "Russian Military", "single", "Contested", 4, 5, 6),
            ("2015-11", "SY02", "Russian Military;U.S.-led Coalition", "several", "Contested", 2, 9, 9),
            ("2015-11", "SY07", "Russian Military", "single", "Weak", 3, 1, 1),
        ],
        columns=[
            *("month", "governorate", "belligerent", "attribution", "grading"),
            *("incidents", "killed_min", "killed_max"),
        ],
    )
    return strikes.russian_incidents(rows.assign(killed_not_stated=0), "2015-09", "2016-12")


def words(payload):
    facts = about(payload)
    return tuple(facts[name].replace("\xa0", " ") for name in ("title", "caption", "alt"))


def grids(incidents):
    alone = incidents[incidents["alone"]]
    months = ["2015-09", "2015-10", "2015-11"]
    return strikes.grid(alone, months), strikes.grid(alone[alone["grade"] == strikes.FAIR], months)


def test_alleged_and_grading_stand_in_title_and_caption_of_both_figures(incidents):
    for figure in (draw.months_figure(incidents), draw.grid_figure(*grids(incidents), NAMES)):
        for text in words(figure.payload)[:2]:
            assert "alleged" in text
            assert "grad" in text


def test_the_title_counts_incidents_of_russia_alone_with_the_range_of_deaths(incidents):
    title = words(draw.months_figure(incidents).payload)[0]
    assert title.startswith("14 incidents")
    assert "7 of them graded fair or confirmed; 18–30 civilians" in title


def test_incidents_that_name_other_forces_are_a_bar_of_their_own(incidents):
    bars = {t["name"]: t["y"] for t in draw.months_figure(incidents).payload["data"] if t["type"] == "bar"}
    assert bars == {
        "fair or confirmed": [1, 6, 0],
        "contested": [0, 4, 0],
        "weak, discounted or not graded": [0, 0, 3],
        "other forces named too": [0, 0, 2],
    }


def test_the_grids_share_one_shade_and_say_what_they_count(incidents):
    payload = draw.grid_figure(*grids(incidents), NAMES).payload
    panels = [t for t in payload["data"] if t["type"] == "heatmap"]
    assert {(t["zmin"], t["zmax"]) for t in panels} == {(0, 10)}
    assert [t["z"] for t in panels] == [[[0, 10, 0], [1, 0, 3]], [[0, 6, 0], [1, 0, 0]]]
    notes = " ".join(note["text"] for note in payload["layout"]["annotations"])
    assert "all gradings, alleged" in notes and "graded fair or confirmed, alleged" in notes


def test_the_columns_of_the_governorates_say_alleged_and_graded(incidents):
    table = draw.governorate_table(strikes.by_governorate(incidents), NAMES).payload
    heads = [column["label"] for column in table["columns"]]
    assert "Alleged incidents" in heads and "Alleged killed, fair or confirmed" in heads
    assert table["rows"][0] == ["Aleppo", "10", "6", "4", "0", "15–26", "10–20", "0", "2"]


@pytest.fixture
def shares():
    return pd.DataFrame(
        {
            "estimate_id": ["TGT-001", "TGT-004", "TGT-009"],
            "low": [NA, 0.766, NA],
            "best": [0.0, NA, 0.86],
            "high": [NA, 0.8, NA],
            "said_of": ["on", "not", "on"],
            "attributed_to": ["Russian air force", "Reuters", "IHS Jane's Terrorism and Insurgency Center"],
            "perpetrator": ["Russian forces", "Russian forces", "Russian and Syrian forces"],
            "period_start": ["2015-09-30", "2015-09-30", "2015-09"],
            "period_end": ["2015-10-01", "2015-10-21", "2018-03"],
            "method": "m",
            "source_ids": ["a", "b", "c"],
            "verified": "yes",
        }
    )


def test_the_claim_of_the_article_stands_in_its_place_in_time(shares):
    title, _, alt = words(draw.outside_figure(shares, pd.Series({"claim_id": "CNN-39"})).payload)
    assert "run from 77 % to 86 %" in title
    places = [alt.index(text) for text in ("Russian air force", "Reuters", "CNN article", "IHS Jane's")]
    assert places == sorted(places)
    assert "IHS Jane's, Russian and Syrian strikes" in alt


def test_a_share_is_said_as_it_was_published(shares):
    assert [draw.said_range(row).replace("\xa0", " ") for _, row in shares.iterrows()] == [
        "0 %",
        "77–80 %",
        "86 %",
    ]


def test_the_other_campaign_is_counted_on_both_sides_of_the_break():
    weeks = pd.DataFrame(
        {"SY02": [3, 5], "SY08": [1, 0], "other": [0, 2]},
        index=pd.DatetimeIndex(["2015-09-21", "2015-09-28"], name="week"),
    )
    figure = draw.coalition_figure(weeks, NAMES, "g").payload
    title, caption, alt = words(figure)
    assert "11 strikes" in title and "8 of them" in title
    assert "3 of 4" in alt and "after that 5 of 7" in alt
    assert "cannot be set against" in caption
