"""Figures and tables of the chapter on who held the city, on small made evidence."""

import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.measure import control, control_changes
from aleppo.show import map_steps
from aleppo.show.chapters import (
    who_held_the_city,
    who_held_the_city_maps,
    who_held_the_city_towns,
    who_held_the_city_years,
)
from aleppo.show.figure import about

SOURCES = ["s"]
PLACES = pd.DataFrame(
    {
        "place_id": ["N0001", "N0002", "N0003", "X-HILL"],
        "name_en": ["Alpha", "Beta", "Gamma", "Hill"],
        "name_ar": ["ألف", "باء", "جيم", None],
        "lon": [37.15, 37.17, 37.16, 37.20],
        "lat": [36.20, 36.20, 36.22, 36.25],
        "area_km2": [2.0, 3.0, 4.0, None],
    }
)


def spell(place, holder, start, end, confidence="high", precision="day", parties=None):
    return {
        "place_id": place,
        "holder": holder,
        "contested_by": parties,
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
        "confidence": confidence,
        "start_precision": precision,
        "source_ids": "s",
    }


OPENS, CLOSES = "2012-07-19", "2016-12-22"
SPELLS = pd.DataFrame(
    [
        spell("N0001", "government", OPENS, CLOSES),
        spell("N0002", "government", OPENS, "2012-07-31", "low"),
        spell("N0002", "opposition", "2012-08-01", "2016-11-26", "low", "month"),
        spell("N0002", "contested", "2016-11-27", "2016-12-05", parties="government;opposition"),
        spell("N0002", "government", "2016-12-06", CLOSES, "low"),
        spell("N0003", "kurdish_ypg_sdf", OPENS, CLOSES),
        spell("X-HILL", "opposition", OPENS, "2016-12-12"),
        spell("X-HILL", "government", "2016-12-13", CLOSES),
    ]
)


@pytest.fixture
def captures():
    return control_changes.captures(SPELLS, PLACES)


@pytest.fixture
def city_map(captures):
    return who_held_the_city_maps.city_map_figure(SPELLS, PLACES, captures, "2015-09-30")


def test_the_map_says_how_many_changes_fall_into_the_last_weeks(city_map):
    assert about(city_map.payload)["title"].startswith("2 of the 2 changes of holder")


def test_the_still_of_the_map_has_a_panel_for_each_of_eight_dates(city_map):
    layout = about(city_map.payload)["still"]["layout"]
    assert len(layout["annotations"]) == 8
    assert "2016" in layout["annotations"][-1]["text"]


def test_the_map_names_places_in_english_and_arabic(city_map):
    assert "<b>Alpha</b><br>ألف" in about(city_map.payload)["steps"]["names"]


def test_a_point_within_a_cell_is_on_the_large_map_only(captures):
    inside = PLACES.assign(lon=[37.15, 37.17, 37.16, 37.151], lat=[36.20, 36.20, 36.22, 36.201])
    figure = who_held_the_city_maps.city_map_figure(SPELLS, inside, captures, "2015-09-30")
    large = figure.payload["data"][:-1]
    still = about(figure.payload)["still"]["data"]
    points = [
        [trace for trace in traces if trace["mode"] == "markers" and trace.get("showlegend") is False]
        for traces in (large, still)
    ]
    hidden = [trace for trace in points[1] if trace["x"]]
    assert any(trace["x"] for trace in points[0])
    assert hidden == []


def test_the_sentence_of_a_date_counts_neighbourhoods_and_says_what_changed():
    days = pd.to_datetime(["2016-11-26", "2016-11-27"])
    words = [text.replace("\u00a0", " ") for text in who_held_the_city_maps.city_words(SPELLS, PLACES, days)]
    assert words[0] == (
        "On 26 November 2016, of 3 neighbourhoods, the armed opposition held 1 alone (3.0 km²), the government and "
        "its allies 1 (2.0 km²) and Kurdish-led forces 1 (4.0 km²); 0 were contested. 1 rest on low confidence."
    )
    assert words[1].endswith("1 were contested. 0 rest on low confidence. Now contested: Beta.")


def test_the_table_of_dates_prints_the_eight_of_the_still():
    table = who_held_the_city_maps.city_days_table(SPELLS, PLACES)
    printed = [
        table.payload["rows"][place][0].replace("\u00a0", " ") for place in table.payload["print_rows"]
    ]
    assert printed[0] == "1 August 2012"
    assert printed[-1] == "22 December 2016"
    assert len(printed) == 8


def test_the_table_of_places_gives_the_holder_on_each_date_and_the_last_capture(captures):
    rows = who_held_the_city_maps.places_table(SPELLS, PLACES, captures).payload["rows"]
    assert rows[1][3:8] == ["O", "O", "O", "C", "G"]
    assert rows[1][8].replace("\u00a0", " ") == "6 December 2016"
    assert rows[0][8] == "none"


def test_areas_of_a_key_date_stand_with_their_range():
    fronts = pd.DataFrame(
        {"contested|opposition": 1.0, "government|kurdish": 5.0}, index=pd.date_range(OPENS, CLOSES)
    )
    rows = who_held_the_city_maps.key_dates_table(SPELLS, PLACES, fronts).payload["rows"]
    by_day = {row[0].replace("\u00a0", " "): row for row in rows}
    assert by_day["28 November 2016"][1:3] == ["2 [0–3]", "4 [2–5]"]
    assert by_day["28 November 2016"][-1] == "1"


def test_the_area_figure_draws_a_band_and_a_line_for_each_party():
    areas = control.held_areas(SPELLS, PLACES, control.parties(SPELLS), OPENS, CLOSES)
    figure = who_held_the_city_years.city_area_figure(areas, SOURCES)
    assert len(figure.payload["data"]) == 9
    assert len(figure.payload["data"][0]["x"]) < 10


def test_pale_bars_are_the_captures_of_low_confidence(captures):
    weeks = control_changes.weekly_captures(captures, OPENS, CLOSES)
    sure = control_changes.weekly_captures(captures, OPENS, CLOSES, confidences=("high", "medium"))
    figure = who_held_the_city_years.weekly_captures_figure(weeks, sure, 1, SOURCES)
    shades = {
        trace["marker"]["color"].rpartition(",")[2]: trace["customdata"] for trace in figure.payload["data"]
    }
    assert [row[1] for row in shades["0.45)"]] == [1]
    title = about(figure.payload)["title"]
    assert title.endswith("fall into the weeks of 5\u00a0December and 12\u00a0December 2016")


def test_the_days_of_weak_coding_are_counted_in_the_title():
    days = pd.date_range("2016-11-15", "2016-12-22", name="date")
    codings = pd.DataFrame({"high": 0, "medium": 0, "low": 0, "contested": 0, "resting_low": 0}, index=days)
    codings.loc["2016-12-06", ["high", "low"]] = [2, 3]
    codings.loc["2016-11-28", ["high", "low"]] = [4, 1]
    title = about(who_held_the_city.weak_days_figure(codings, SOURCES).payload)["title"]
    assert title.startswith("5 of 10 changes, and 3 of the 4 coded with low confidence")


def test_the_share_figure_draws_both_edges_of_the_simulated_band():
    days = pd.date_range("2016-11-15", "2016-12-22", name="date")
    shares = pd.DataFrame({"firm": 0.4, "midpoint": 0.5, "upper": 0.6}, index=days)
    band = pd.DataFrame({"low": 0.45, "median": 0.5, "high": 0.55}, index=days)
    published = pd.DataFrame(
        {
            "published_id": ["CP-1"],
            "date": pd.to_datetime(["2016-11-28"]),
            "measure": ["share_retaken"],
            "share": [0.5],
            "attributed_to": ["SOHR"],
            "source_ids": ["a"],
            "inside": [True],
        }
    )
    figure = who_held_the_city.east_share_figure(shares, published, ["m"], simulated=band)
    dashed = [trace for trace in figure.payload["data"] if trace.get("line", {}).get("dash") == "dash"]
    assert [trace["y"][0] for trace in dashed] == [0.45, 0.55]
    assert "simulated_high" in about(figure.payload)["csv"]


def test_the_map_of_towns_draws_palmyra_nearer_and_says_so():
    towns = pd.DataFrame(
        {
            "town_id": ["T-AZAZ", "T-NUBL", "T-PALMYRA"],
            "name_en": ["Azaz", "Nubl", "Palmyra"],
            "name_ar": [None, None, None],
            "lon": [37.0, 37.1, 38.3],
            "lat": [36.6, 36.4, 34.6],
        }
    )
    spells = pd.DataFrame(
        [spell(town, "government", "2015-01-01", "2016-12-31") for town in towns["town_id"]]
    ).rename(columns={"place_id": "town_id"})
    figure = who_held_the_city_towns.town_map_figure(spells, towns, "2015-09-30")
    items = about(figure.payload)["steps"]["items"]
    assert items[1][1][0] - items[2][1][0] == pytest.approx(who_held_the_city_towns.FURTHER_SOUTH, abs=0.1)
    assert any("further south" in note["text"] for note in figure.payload["layout"]["annotations"])


def test_on_a_telephone_the_name_of_the_city_stands_clear_of_every_sign():
    towns = load("towns")
    figure = who_held_the_city_towns.town_map_figure(load("town_spells"), towns, "2015-09-30")
    told = about(figure.payload)
    (name,) = [note for note in told["narrow"]["annotations"] if note["text"] == "Aleppo"]
    west, east = figure.payload["layout"]["xaxis"]["range"]
    pixel = (east - west) / 358  # of a screen of 390
    # six letters of 13 pixels, the sign and a little air
    box = (name["x"] - 6 * pixel, name["x"] + 50 * pixel, name["y"] - 13 * pixel, name["y"] + 13 * pixel)
    assert name["xanchor"] == "left" and name["yanchor"] == "middle"
    signs = [(x, y) for (x,), (y,) in told["steps"]["items"]]
    assert not [(x, y) for x, y in signs if box[0] < x < box[1] and box[2] < y < box[3]]


def test_the_words_of_holders_cover_every_holder_of_the_legend():
    assert set(map_steps.HOLDER_WORDS) == set(map_steps.ORDER)
