"""Area held by a party, from spells."""

import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.measure import control

PLACES = pd.DataFrame({"place_id": ["A", "B", "X"], "area_km2": [3.0, 1.0, None]})


def spell(place, holder, start, end, parties=None):
    return {
        "place_id": place,
        "holder": holder,
        "contested_by": parties,
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
    }


SPELLS = pd.DataFrame(
    [
        spell("A", "opposition", "2016-11-01", "2016-11-03"),
        spell("A", "contested", "2016-11-04", "2016-11-05", "government;opposition"),
        spell("A", "government", "2016-11-06", "2016-11-30"),
        spell("B", "contested", "2016-11-01", "2016-11-30", "government;kurdish_ypg_sdf"),
        spell("X", "opposition", "2016-11-01", "2016-11-30"),
    ]
)


@pytest.fixture
def area():
    return control.held_area(SPELLS, PLACES, "opposition", "2016-11-02", "2016-11-07")


def test_a_day_counts_the_spells_that_cover_it_with_both_ends_included(area):
    assert area["firm_km2"].tolist() == [3, 3, 0, 0, 0, 0]


def test_a_place_that_the_party_contests_counts_half_at_the_midpoint_and_whole_above(area):
    assert area.loc["2016-11-05", ["firm_km2", "midpoint_km2", "upper_km2"]].tolist() == [0, 1.5, 3]


def test_a_place_contested_by_others_counts_nothing_for_the_party(area):
    assert area.loc["2016-11-06", "upper_km2"] == 0


def test_a_place_without_a_surface_counts_nothing(area):
    assert area.loc["2016-11-02", "upper_km2"] == 3


def test_the_places_lost_are_those_held_or_contested_before_and_not_after():
    assert control.lost_between(SPELLS, "opposition", "2016-11-04", "2016-11-10") == ["A"]


def test_a_place_still_contested_on_the_last_day_is_not_lost():
    assert control.lost_between(SPELLS, "opposition", "2016-11-01", "2016-11-05") == []


def test_shares_are_of_the_midpoint_on_the_reference_day(area):
    shares = control.held_share(area, "2016-11-03")
    assert shares.loc["2016-11-04"].tolist() == [0, 0.5, 1]


def test_a_reference_day_outside_the_period_is_refused(area):
    with pytest.raises(KeyError):
        control.held_share(area, "2016-12-01")


def published(rows):
    columns = ["published_id", "date_end", "area_name", "measure", "value"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.assign(attributed_to="a monitor", source_ids="s", date_end=pd.to_datetime(frame["date_end"]))


EAST = "East Aleppo (rebel-held area at start of Nov 2016 offensive)"


def test_published_figures_of_four_kinds_become_shares_still_held():
    table = published(
        [
            ("P1", "2016-11-27", EAST, "total_area", 50),
            ("P2", "2016-11-28", EAST, "share_retaken", 40),
            ("P3", "2016-12-01", EAST, "area_retaken", 20),
            ("P4", "2016-12-02", EAST, "share_remaining", 10),
            ("P5", "2016-12-03", "Aleppo city", "area_remaining", 5),
        ]
    )
    shares = control.published_shares(table, "2016-11-15", "2016-12-22")
    assert shares.set_index("published_id")["share"].to_dict() == pytest.approx(
        {"P2": 0.6, "P3": 0.6, "P4": 0.1, "P5": 0.1}
    )


def test_shares_of_another_area_are_left_out():
    table = published(
        [
            ("P1", "2016-11-27", EAST, "total_area", 50),
            ("P2", "2016-12-09", "Aleppo city (whole)", "share_of_area", 93),
        ]
    )
    assert control.published_shares(table, "2016-11-15", "2016-12-22").empty


def test_a_residual_is_our_midpoint_minus_the_published_share(area):
    shares = control.held_share(area, "2016-11-03")
    figures = pd.DataFrame({"date": [pd.Timestamp("2016-11-04")], "share": [0.4]})
    row = control.residuals(shares, figures).iloc[0]
    assert row["residual"] == pytest.approx(0.1)
    assert bool(row["inside"]) is True


def test_three_parties_contest_a_place_in_thirds():
    three = pd.DataFrame(
        [spell("A", "contested", "2016-11-01", "2016-11-03", "government;kurdish_ypg_sdf;opposition")]
    )
    area = control.held_area(three, PLACES, "opposition", "2016-11-01", "2016-11-01").iloc[0]
    assert area.tolist() == [0, 1, 3]


def test_the_midpoints_of_all_parties_add_up_to_the_area_of_all_places():
    areas = control.held_areas(SPELLS, PLACES, control.parties(SPELLS), "2016-11-01", "2016-11-30")
    assert set(areas.groupby("date")["midpoint_km2"].sum()) == {4.0}
    assert set(areas["holder"]) == {"government", "kurdish_ypg_sdf", "opposition"}


def test_the_state_of_a_day_names_the_holder_and_for_how_long():
    state = control.state_on(SPELLS, "2016-11-05")
    assert state["holder"].to_dict() == {"A": "contested", "B": "contested", "X": "opposition"}
    assert state.loc["A", "days"] == 2


def test_a_day_before_the_first_spell_has_no_state():
    with pytest.raises(AleppoError, match="2016-10-31: expected a spell of every place, found none of A"):
        control.state_on(SPELLS, "2016-10-31")


def test_two_spells_of_one_place_on_a_day_are_refused_by_name():
    twice = pd.concat([SPELLS, SPELLS.head(1)])
    with pytest.raises(AleppoError, match="2016-11-02: expected one spell of A, found two"):
        control.state_on(twice, "2016-11-02")


def test_holders_by_day_are_the_state_of_each_day():
    held = control.holders_by_day(SPELLS, "2016-11-03", "2016-11-06")
    assert held["A"].tolist() == ["opposition", "contested", "contested", "government"]
    assert held.loc["2016-11-05"].to_dict() == control.state_on(SPELLS, "2016-11-05")["holder"].to_dict()


def test_holders_of_a_day_without_a_spell_are_refused():
    with pytest.raises(AleppoError, match="2016-10-30"):
        control.holders_by_day(SPELLS, "2016-10-30", "2016-11-06")
