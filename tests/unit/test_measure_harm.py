"""Siege and harm: both sides of the line by one counter, rival figures side by side."""

import pandas as pd
import pytest

from aleppo.measure import harm

NA = float("nan")


def estimate(key, best=NA, low=NA, high=NA, **other):
    row = {
        "estimate_id": key,
        "quantity": "deaths",
        "population": "civilians",
        "area": "Aleppo city (east)",
        "governorate": "SY02",
        "period_start": "2016-07-31",
        "period_end": "2016-08-31",
        "low": low,
        "best": best,
        "high": high,
        "attributed_to": "SOHR",
        "perpetrator": "aircraft",
        "source_ids": "s",
        "verified": "yes",
    }
    return row | other


WEST = {"area": "Aleppo city (west)", "perpetrator": "armed opposition shelling"}


def sides(*rows):
    parts = harm.two_sides(pd.DataFrame(rows))
    return parts, harm.side_totals(parts)


def test_parts_of_one_side_are_added_and_the_share_is_that_of_the_west():
    _, totals = sides(
        estimate("E1", 221.0), estimate("E2", 7.0, perpetrator="shelling"), estimate("W", 76.0, **WEST)
    )
    assert totals.loc[0, ["east", "west", "west_share", "days"]].tolist() == [228.0, 76.0, 0.25, 32]


@pytest.mark.parametrize(
    "other", [{"attributed_to": "OCHA"}, {"period_end": "2016-08-30"}, {"population": "all persons"}]
)
def test_sides_by_another_counter_period_or_population_are_not_paired(other):
    parts = harm.two_sides(pd.DataFrame([estimate("E", 10.0), estimate("W", 5.0, **WEST, **other)]))
    assert parts.empty


def test_a_window_of_lower_bounds_is_marked_as_such():
    _, totals = sides(estimate("E", low=300.0), estimate("W", low=80.0, **WEST))
    assert totals.loc[0, ["east", "west", "at_least"]].tolist() == [300.0, 80.0, True]


def test_windows_stand_in_order_of_time():
    _, totals = sides(
        estimate("E2", 1.0), estimate("W2", 1.0, **WEST),
        estimate("E1", 2.0, period_start="2016-04-22", period_end="2016-07-18"),
        estimate("W1", 2.0, **(WEST | {"period_start": "2016-04-22", "period_end": "2016-07-18"})),
    )  # fmt: skip
    assert totals["east"].tolist() == [2.0, 1.0]


def test_a_figure_in_both_tables_is_given_once():
    estimates = pd.DataFrame(
        [estimate("P", 320.0, quantity="population", period_start="2016-02-07", period_end="2016-02-07")]
    )
    control = pd.DataFrame(
        {
            "published_id": ["C1", "C2", "C3"],
            "date_start": ["2016-02-07", "2016-07-13", "2016-07-13"],
            "date_end": ["2016-02-07", "2016-07-13", "2016-07-13"],
            "area_name": ["East Aleppo city", "East Aleppo city", "Aleppo city"],
            "measure": ["population_estimate"] * 3,
            "value_low": [NA, NA, NA],
            "value": [320.0, 400.0, 1.0],
            "value_high": [NA, NA, NA],
            "attributed_to": ["CNN", "volunteer", "x"],
            "source_ids": ["a", "b", "c"],
            "verified": ["yes"] * 3,
        }
    )
    assert harm.people_in_the_east(estimates, control)["row_id"].tolist() == ["P", "C2"]


def test_evacuees_stand_by_the_day_they_reach_and_the_last_of_each_counter_can_be_taken():
    out = {"quantity": "evacuated", "area": harm.OUT_OF_THE_EAST, "period_start": "2016-12-15"}
    figures = harm.evacuated(
        pd.DataFrame(
            [
                estimate("B", 27.0, **out, period_end="2016-12-22"),
                estimate("A", 16.0, **out, period_end="2016-12-20"),
                estimate("C", 25.0, **out, period_end="2016-12-20", attributed_to="ICRC"),
                estimate("D", 1.0, **(out | {"area": "Foua and Kefraya"}), period_end="2016-12-20"),
            ]
        )
    )
    assert figures["row_id"].tolist() == ["A", "C", "B"]
    assert harm.latest_by_counter(figures)["row_id"].tolist() == ["C", "B"]


def test_displacement_outside_the_window_is_left_out():
    rows = [
        estimate("IN", 1.0, quantity="displaced", period_start="2016-02-01", period_end="2016-02-04"),
        estimate("LONG", 1.0, quantity="displaced", period_start="2016-02-01", period_end="2016-11-30"),
        estimate("IDLEB", 1.0, quantity="displaced", governorate="SY07", period_start="2016-02-01",
                 period_end="2016-02-04"),
    ]  # fmt: skip
    assert harm.displaced(pd.DataFrame(rows), "2016-01-25", "2016-02-29")["row_id"].tolist() == ["IN"]


def test_the_west_holds_government_held_aleppo_and_not_sheikh_maqsoud():
    rows = [
        estimate("ALP-1", 1.0, **WEST),
        estimate("WAL-1", 2.0, area="Aleppo", perpetrator="not stated"),
        estimate("WAL-2", 3.0, area="Aleppo city, Sheikh Maqsoud", perpetrator="armed opposition groups"),
        estimate("ALP-2", 4.0),
    ]
    assert sorted(harm.shelling_of_the_west(pd.DataFrame(rows))["row_id"]) == ["ALP-1", "WAL-1"]


@pytest.mark.parametrize(
    ("actors", "by"),
    [
        ("armed opposition including Fatah al-Sham", harm.BY_OPPOSITION),
        ("armed groups (COI)", harm.BY_OPPOSITION),
        ("Russian or Syrian aircraft (contested)", harm.BY_GOVERNMENT),
        ("Syrian government helicopters (HRW)", harm.BY_GOVERNMENT),
        ("disputed", harm.BY_NOBODY),
        ("Free Syrian Army; Syrian army", harm.BY_NOBODY),
        (
            "attributed by opposition to government side; state television blamed Jabhat al-Nusra",
            harm.BY_NOBODY,
        ),
        ("armed opposition (alleged; disputed)", harm.BY_NOBODY),
        (None, harm.BY_NOBODY),
    ],
)
def test_an_incident_is_given_to_a_side_only_where_the_sources_name_one(actors, by):
    events = pd.DataFrame(
        {
            "event_id": ["E"], "date_start": pd.to_datetime(["2016-05-03"]), "domain": ["shelling_bombing"],
            "governorate": ["SY02"], "actors": [actors], "value": [3.0], "unit": ["killed (at least)"],
        }
    )  # fmt: skip
    one = harm.incidents(events).iloc[0]
    assert (one["by"], one["killed"]) == (by, 3.0)


def test_figures_that_are_not_of_the_dead_are_no_killed():
    events = pd.DataFrame(
        {
            "event_id": ["E"], "date_start": pd.to_datetime(["2016-11-13"]), "domain": ["medical"],
            "governorate": ["SY02"], "actors": ["x"], "value": [5.0], "unit": ["hospitals"],
        }
    )  # fmt: skip
    assert pd.isna(harm.incidents(events).loc[0, "killed"])


def test_a_finding_of_the_commission_that_names_both_sides_counts_on_both():
    findings = pd.DataFrame(
        {
            "attributed_party": [
                "Syrian air force",
                "armed groups",
                "government and armed groups",
                "not separated",
            ]
        }
    )
    assert harm.commission_parties(findings) == (2, 2)
