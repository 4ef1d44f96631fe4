"""What the chapter on who held the city says, on the committed spells."""

import numpy as np
import pandas as pd
import pytest

from aleppo.evidence import load
from aleppo.measure import cells, control
from aleppo.measure import control_changes as changing
from aleppo.measure import control_simulation as simulation

OPENS, CLOSES = "2012-07-19", "2016-12-22"


@pytest.fixture(scope="module")
def spells():
    return load("control_spells")


@pytest.fixture(scope="module")
def places():
    return load("places")


@pytest.fixture(scope="module")
def captures(spells, places):
    return changing.captures(spells, places)


@pytest.fixture(scope="module")
def pocket(spells):
    return spells[spells["place_id"].isin(control.lost_between(spells, "opposition", "2016-11-15", CLOSES))]


def test_areas_of_all_parties_add_up_to_the_city_on_every_day(spells, places):
    areas = control.held_areas(spells, places, control.parties(spells), OPENS, CLOSES)
    assert np.allclose(areas.groupby(level=0)["midpoint_km2"].sum(), places["area_km2"].sum(), atol=1e-4)


def test_nothing_changed_hands_in_the_city_between_the_break_and_july_2016(captures):
    assert not captures["date"].between("2015-09-30", "2016-06-30").any()


def test_most_changes_from_2013_on_fall_into_the_last_weeks(captures):
    later = captures[captures["date"] >= "2013-01-01"]
    assert (len(later), (later["date"] >= "2016-11-15").sum()) == (79, 61)


def test_every_neighbourhood_has_a_cell_and_every_cell_a_neighbour_or_an_edge(places):
    drawn = cells.voronoi_cells(places)
    edges = cells.borders(drawn)
    assert len(drawn) == 109
    alone = set(drawn.index) - set(edges["one"]) - set(edges["other"])
    assert alone == {"N0227"}


def test_the_eastern_pocket_hangs_together_until_it_is_cut_in_december(spells, places):
    edges = cells.borders(cells.voronoi_cells(places))
    parts = {}
    for day in ("2016-11-15", "2016-12-13"):
        state = control.state_on(spells, day)
        held = state.index[
            (state["holder"] == "opposition") | control.contests(state, "opposition").to_numpy(bool)
        ]
        inside = [place for place in held if place.startswith("N")]
        parts[day] = cells.enclaves(edges, inside, gates=[])
    assert len(parts["2016-11-15"]["cells"].iloc[0]) > 60
    assert parts["2016-12-13"]["cells"].map(len).max() < 15
    assert parts["2016-12-13"]["enclosed"].all()


def test_the_simulated_band_holds_most_published_shares_and_the_midpoint_until_december(pocket, places):
    area = control.held_area(pocket, places, "opposition", "2016-11-15", CLOSES)
    shares = control.held_share(area, "2016-11-15")
    drawn = simulation.simulate_area(pocket, places, "opposition", "2016-11-15", CLOSES)
    band = simulation.simulated_band(drawn, shares.index, area["midpoint_km2"].iloc[0])
    november = (
        shares["midpoint"]
        .loc[:"2016-11-30"]
        .between(band["low"].loc[:"2016-11-30"], band["high"].loc[:"2016-11-30"])
    )
    assert november.mean() > 0.9


def test_a_day_of_delay_moves_28_november_more_than_leaving_out_the_weak_spells(pocket, places):
    table = simulation.sensitivities(pocket, places, "opposition", "2016-11-15", ["2016-11-28"])
    share = table.set_index("reading")["2016-11-28"]
    weak = share["low-confidence spells of a month or less left out, days to the spell before"]
    assert abs(share["every start a day later"] - share["as coded"]) > abs(weak - share["as coded"])


def test_the_coding_is_weakest_on_6_and_7_december(pocket):
    low = changing.codings_by_day(pocket, "2016-11-15", CLOSES)["low"]
    assert low.idxmax() == pd.Timestamp("2016-12-06")
    assert low.loc["2016-12-06":"2016-12-08"].sum() == 16
