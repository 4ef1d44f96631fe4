"""What the committed tables say about routes, sieges and the tempo of the front."""

import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.measure import corridors, tempo
from aleppo.model import changes
from aleppo.model import tempo as model

BREAK = "2015-09-30"


@pytest.fixture(scope="module")
def states() -> pd.DataFrame:
    return load("corridor_states")


@pytest.fixture(scope="module")
def fallen() -> pd.DataFrame:
    return tempo.fronts(tempo.captures(load("town_spells")), load("towns"), load("governorates"))


@pytest.mark.parametrize(
    ("day", "state", "least", "most"),
    [
        ("2015-09-30", "open", "open", "open"),
        ("2016-02-20", "under_fire", "under_fire", "under_fire"),
        ("2016-07-10", "under_fire", "cut", "under_fire"),
        ("2016-07-19", "cut", "cut", "under_fire"),
        ("2016-07-25", "cut", "cut", "cut"),
        ("2016-08-20", "under_fire", "under_fire", "under_fire"),
        ("2016-09-02", "under_fire", "cut", "under_fire"),
        ("2016-10-15", "cut", "cut", "cut"),
    ],
)
def test_the_east_was_connected_as_the_dated_facts_have_it(
    states: pd.DataFrame, day: str, state: str, least: str, most: str
) -> None:
    found = corridors.connection(states, "opposition", day, day).iloc[0]
    assert (found["state"], found["least"], found["most"]) == (state, least, most)


def test_the_azaz_road_is_cut_on_3_february_2016(states: pd.DataFrame) -> None:
    (row,) = states[(states["route_id"] == "R-AZAZ") & (states["state"] == "cut")].itertuples()
    assert row.start == pd.Timestamp("2016-02-03")


def test_rival_first_days_of_the_siege_stand_side_by_side() -> None:
    dates = load("siege_dates")
    first = dates[(dates["siege"] == "first") & (dates["boundary"] == "start")]["date"]
    assert set(first.dt.strftime("%m-%d")) >= {"07-06", "07-07", "07-17", "07-21"}


def test_no_definition_makes_the_siege_shorter_than_69_or_longer_than_169_days() -> None:
    lengths = corridors.siege_lengths(load("siege_dates"))
    assert (lengths["shortest"].min(), lengths["longest"].max()) == (69, 169)


def test_figures_of_the_people_in_the_east_run_to_400000() -> None:
    people = corridors.population(load("control_published"), load("estimates"))
    assert people["best"].max() == 400_000
    assert people["low"].min() == 110_000


def test_the_government_took_one_listed_town_in_2015_before_the_break_and_twenty_from_it(
    fallen: pd.DataFrame,
) -> None:
    rates = tempo.rates(fallen, BREAK, "2015-01-05", "2016-12-25", ["taken_by"]).set_index("taken_by")
    assert rates.loc["government", ["before", "after"]].tolist() == [1, 20]


def test_palmyra_was_lost_taken_and_lost(fallen: pd.DataFrame) -> None:
    assert fallen[fallen["name"] == "Palmyra"]["taken_by"].tolist() == [
        "islamic_state",
        "government",
        "islamic_state",
    ]


def test_no_search_finds_a_break_in_the_governments_captures_within_four_weeks_of_the_date(
    fallen: pd.DataFrame,
) -> None:
    weeks = tempo.both_ways(fallen, "government", "2015-01-05", "2016-12-25")
    _, rows = changes.across(weeks[["taken by"]], pd.Timestamp("2015-09-28"), (4, 8))
    assert rows.iloc[0]["found_4"] == 0
    assert rows.iloc[0]["nearest"] == pd.Timestamp("2015-11-09")


def test_the_real_date_ranks_first_for_the_governments_captures_and_not_for_its_losses(
    fallen: pd.DataFrame,
) -> None:
    weeks = tempo.both_ways(fallen, "government", "2015-01-05", "2016-12-25")
    ranks = model.summary(weeks, BREAK, 26)[1].set_index("series")["rank"]
    assert ranks["taken by"] == 1
    assert ranks["taken from"] > 20
