"""Truces: what days they touch, how long they lasted, and deaths around their start."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.measure import truces

CEASEFIRES = pd.DataFrame(
    [
        ("CF1", "Cessation of hostilities", "2016-02-27", "2016-07", "Nationwide, with exceptions"),
        ("CF2", "Silence regime", "2016-06-16", "2016-06-18", "Aleppo city"),
        ("CF3", "Vienna talks", "2015-10-30", "2015-10-30", "Diplomatic"),
        ("CF4", "Aleppo freeze proposal", "2014-10-30", "2015-03", "Aleppo city"),
        ("CF5", "Day of calm", "2016-03-01", "2016-03-02", "Nationwide"),
        ("CF6", "Later truce", "2018-03-01", None, "Nationwide"),
    ],
    columns=["ceasefire_id", "name", "start", "end", "area"],
)


def test_truces_are_those_that_covered_aleppo_and_came_into_force_in_the_period():
    table = truces.truces(CEASEFIRES, "2013-01-01", "2017-12-31")
    assert table["ceasefire_id"].to_list() == ["CF1", "CF5", "CF2"]


def test_a_nationwide_truce_is_one_that_did_not_end_within_two_days():
    table = truces.truces(CEASEFIRES, "2013-01-01", "2018-12-31").set_index("ceasefire_id")
    assert table["nationwide"].to_dict() == {"CF1": True, "CF5": False, "CF2": False, "CF6": True}


def test_an_end_known_to_the_month_is_no_day():
    assert pd.isna(truces.truces(CEASEFIRES, "2016-01-01", "2016-02-28").loc[0, "end"])


def ceasefires(**verified):
    return pd.DataFrame(
        {
            "ceasefire_id": ["CF1", "CF2", "CF3", "CF4"],
            "start": ["2016-05-05", "2016-05-07", "2016-05-20", "2016-01-01"],
            "end": ["2016-05-07", "2016-05-09", None, None],
            "source_ids": ["a", "b", "c", None],
            "verified": ["yes", verified.get("CF2", "yes"), "yes", "yes"],
        }
    )


def coding(**cells):
    return pd.DataFrame(
        {
            "ceasefire_id": ["CF1", "CF2", "CF3", "CF4"],
            "label": ["first calm", "second calm", "pause", "talks"],
            "kind": ["local", "local", "nationwide", "talks"],
            "broker": ["us_russia", "us_russia", "russia", "un"],
            "region": ["north_west", "north_west", "all", "all"],
            "extends": [None, "CF1", None, None],
            "first_end": pd.to_datetime(["2016-05-07", "2016-05-09", "2016-05-20", None]),
            "first_how": ["lapsed", "lapsed", "collapsed", None],
            "last_end": pd.to_datetime(["2016-05-07", "2016-05-12", "2016-05-29", None]),
            "last_how": ["lapsed", "collapsed", "in_force", None],
            "source_ids": ["a;x", "b", "c", "d"],
            "verified": ["yes"] * 4,
        }
        | cells
    )


def test_coded_truces_stand_in_the_order_of_their_start_with_the_sources_of_both_tables():
    rows = truces.coded(ceasefires(), coding())
    assert rows["ceasefire_id"].to_list() == ["CF4", "CF1", "CF2", "CF3"]
    assert rows["source_ids"].to_list() == ["d", "a;x", "b", "c"]


def test_a_truce_is_not_verified_when_either_table_says_so():
    rows = truces.coded(ceasefires(CF2="no"), coding(verified=["no", "yes", "yes", "yes"]))
    assert rows.set_index("ceasefire_id")["verified"].to_dict() == {
        "CF4": "yes",
        "CF1": "no",
        "CF2": "no",
        "CF3": "yes",
    }


def test_a_truce_that_is_not_coded_or_begins_on_no_day_is_refused():
    with pytest.raises(ValueError, match="not coded: CF4"):
        truces.coded(ceasefires(), coding().head(3))
    with pytest.raises(ValueError, match="no first day: CF1"):
        truces.coded(ceasefires().assign(start=["2016-05", *ceasefires()["start"][1:]]), coding())


def test_an_extension_belongs_to_the_spell_of_the_truce_that_it_extends():
    spells = truces.spells(truces.coded(ceasefires(), coding())).set_index("ceasefire_id")
    assert spells["members"].to_dict() == {"CF1": "CF1;CF2", "CF3": "CF3"}
    assert spells["label"].to_dict() == {"CF1": "first calm", "CF3": "pause"}


def test_a_spell_counts_its_first_and_its_last_day_at_both_readings_of_its_end():
    spells = truces.spells(truces.coded(ceasefires(), coding())).set_index("ceasefire_id")
    assert spells["first_days"].to_dict() == {"CF1": 5, "CF3": 1}
    assert spells["last_days"].to_dict() == {"CF1": 8, "CF3": 10}
    assert spells["first_collapsed"].to_dict() == {"CF1": False, "CF3": True}
    assert spells["last_collapsed"].to_dict() == {"CF1": True, "CF3": False}


def test_a_spell_is_marked_when_one_of_its_members_is_not_verified():
    spells = truces.spells(truces.coded(ceasefires(CF2="no"), coding())).set_index("ceasefire_id")
    assert spells["verified"].to_dict() == {"CF1": "no", "CF3": "yes"}


def test_truces_whose_windows_share_a_day_are_one_episode_and_sharing_is_passed_on():
    starts = pd.Series(pd.to_datetime(["2016-03-01", "2016-01-01", "2016-01-28", "2016-02-24", "2016-03-29"]))
    assert truces.episodes(starts, 14).to_list() == [0, 0, 0, 0, 1]


def test_other_truces_are_named_before_and_after_a_start_but_not_talks():
    rows = truces.coded(ceasefires(), coding()).set_index("ceasefire_id", drop=False)
    others = truces.others_within(rows, 14)
    assert others.loc["CF2"].to_list() == ["CF1", "CF3"]
    assert others.loc["CF1"].to_list() == ["", "CF2"]
    assert others.loc["CF4"].to_list() == ["", ""]


counts = st.lists(st.integers(0, 50), min_size=6, max_size=40)


@given(counts, st.integers(1, 3))
def test_sums_around_a_day_are_those_of_the_days_before_it_and_from_it_on(values, window):
    daily = pd.Series(values, index=pd.date_range("2016-01-01", periods=len(values)))
    around = truces.around_every_day(daily, window)
    for place, day in enumerate(around.days):
        at = (day - daily.index[0]).days
        assert around.before[place] == sum(values[at - window : at])
        assert around.after[place] == sum(values[at : at + window])
    assert len(around.days) == len(values) - 2 * window + 1


def test_no_deaths_on_one_side_give_a_change_with_a_bound():
    daily = pd.Series([0, 0, 3, 1], index=pd.date_range("2016-01-01", periods=4))
    assert truces.around_every_day(daily, 2).log_ratio == pytest.approx([np.log(4.5 / 0.5)])


def test_a_series_shorter_than_two_windows_is_refused():
    with pytest.raises(ValueError, match="5 days are fewer than two windows of 3"):
        truces.around_every_day(pd.Series([1] * 5, index=pd.date_range("2016-01-01", periods=5)), 3)


def test_days_by_region_become_one_column_each():
    series = pd.DataFrame(
        {
            "day": pd.to_datetime(["2016-01-01", "2016-01-01", "2016-01-02", "2016-01-02"]),
            "region": ["all", "north_west", "all", "north_west"],
            "deaths": pd.array([3, 1, 4, 0], dtype="Int64"),
        }
    )
    daily = truces.daily_deaths(series)
    assert daily["all"].to_list() == [3, 4]
    assert daily["north_west"].to_list() == [1, 0]
