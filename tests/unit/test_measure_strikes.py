"""Alleged Russian strikes: gradings kept, several forces kept apart, shares turned the right way round."""

import pandas as pd
import pytest

from aleppo.measure import strikes

NA = float("nan")


def rows(*given):
    names = ["month", "governorate", "belligerent", "grading", "incidents", "killed_min", "killed_max"]
    frame = pd.DataFrame(given, columns=names)
    several = frame["belligerent"].str.contains(";")
    return frame.assign(attribution=several.map({True: "several", False: "single"}), killed_not_stated=0)


RUSSIA, BOTH = "Russian Military", "Russian Military;U.S.-led Coalition"


@pytest.fixture
def incidents():
    series = rows(
        ("2015-10", "SY02", RUSSIA, "Fair", 3, 10, 20),
        ("2015-10", "SY02", RUSSIA, "Contested", 4, 5, 6),
        ("2015-10", "SY02", BOTH, "Confirmed", 9, 90, 99),
        ("2015-11", "SY01", RUSSIA, "Weak", 1, 1, 1),
        ("2015-11", "SY03", RUSSIA, "not stated", 1, 0, 2),
        ("2015-11", "SY07", "U.S.-led Coalition", "Fair", 50, 50, 50),
        ("2017-01", "SY02", RUSSIA, "Fair", 70, 70, 70),
    )
    return strikes.russian_incidents(series, "2015-09", "2016-12")


def test_only_incidents_that_name_russia_within_the_months_are_kept(incidents):
    assert incidents["incidents"].sum() == 18
    assert set(incidents["month"]) == {"2015-10", "2015-11"}


def test_a_force_whose_name_only_begins_like_that_of_russia_is_not_russia():
    series = rows(("2015-10", "SY02", "Russian Military Police", "Fair", 1, 1, 1))
    assert strikes.russian_incidents(series, "2015-09", "2016-12").empty


def test_incidents_that_name_several_forces_are_told_apart(incidents):
    assert incidents.loc[~incidents["alone"], "incidents"].sum() == 9


def test_confirmed_goes_with_fair_and_an_unknown_grading_is_refused(incidents):
    assert incidents.loc[incidents["grading"] == "Confirmed", "grade"].tolist() == [strikes.FAIR]
    with pytest.raises(KeyError):
        strikes.russian_incidents(rows(("2015-10", "SY02", RUSSIA, "Certain", 1, 1, 1)), "2015-09", "2016-12")


def test_damascus_and_its_countryside_stand_together(incidents):
    table = strikes.by_governorate(incidents).set_index("governorate")
    assert table.at["SY01;SY03", "incidents"] == 2
    assert table.at["SY01;SY03", "other_incidents"] == 2


def test_the_table_of_governorates_counts_several_forces_in_no_other_column(incidents):
    aleppo = strikes.by_governorate(incidents).set_index("governorate").loc["SY02"]
    assert aleppo[["incidents", "fair_incidents", "contested_incidents", "several_incidents"]].tolist() == [
        7,
        3,
        4,
        9,
    ]
    assert aleppo[["killed_min", "killed_max", "fair_killed_min", "fair_killed_max"]].tolist() == [
        15,
        26,
        10,
        20,
    ]


def test_a_governorate_named_only_with_several_forces_has_its_row():
    table = strikes.by_governorate(
        strikes.russian_incidents(rows(("2015-10", "SY08", BOTH, "Fair", 2, 1, 1)), "2015-09", "2016-12")
    )
    assert table[["governorate", "incidents", "several_incidents"]].to_numpy().tolist() == [["SY08", 0, 2]]


def test_the_grid_has_every_month_and_puts_most_incidents_first(incidents):
    grid = strikes.grid(incidents, ["2015-09", "2015-10", "2015-11"])
    assert grid.index.tolist() == ["SY02", "SY01;SY03"]
    assert grid.to_numpy().tolist() == [[0, 16, 0], [0, 0, 2]]


def test_sums_by_month_keep_every_incident(incidents):
    assert strikes.by_month(incidents)["incidents"].tolist() == [16, 2]
    assert strikes.by_month(incidents, ["grade"])["incidents"].sum() == 18


def test_shares_are_of_incidents_and_refuse_an_empty_whole(incidents):
    alone = incidents[incidents["alone"]]
    assert strikes.fair_share(alone) == pytest.approx(3 / 9)
    assert strikes.place_share(alone, "SY02") == pytest.approx(7 / 9)
    for share in (strikes.fair_share, lambda none: strikes.place_share(none, "SY02")):
        with pytest.raises(ValueError, match="no incidents"):
            share(alone.iloc[:0])


def published(key, quantity, end, low=NA, best=NA, high=NA):
    return {
        "estimate_id": key, "quantity": quantity, "low": low, "best": best, "high": high, "attributed_to": key,
        "perpetrator": "Russian forces", "period_start": "2015-09-30", "period_end": end, "method": "m",
        "source_ids": "s", "verified": "yes",
    }  # fmt: skip


def test_a_share_on_islamic_state_is_taken_from_the_whole_with_its_bounds_turned():
    shares = strikes.not_on_islamic_state(
        pd.DataFrame(
            [
                published("late", strikes.ON, "2016-03", low=10.0, high=30.0),
                published("early", strikes.NOT_ON, "2015-10-21", low=76.6, high=80.0),
                published("none", strikes.ON, "2015-10-01", best=100.0),
                published("other", "deaths", "2015-10-01", best=1.0),
            ]
        )
    ).set_index("estimate_id")
    assert shares.index.tolist() == ["none", "early", "late"]
    assert shares.at["none", "best"] == 0.0
    assert shares.loc["early", ["low", "high"]].tolist() == [0.766, 0.8]
    assert shares.loc["late", ["low", "high"]].tolist() == [0.7, 0.9]


def test_a_lower_bound_of_a_share_on_islamic_state_becomes_an_upper_bound():
    one = strikes.not_on_islamic_state(pd.DataFrame([published("x", strikes.ON, "2016", low=20.0)])).iloc[0]
    assert pd.isna(one["low"]) and one["high"] == 0.8


def test_coalition_weeks_hold_syria_only_and_put_the_rest_together():
    weekly = pd.DataFrame(
        {
            "week": pd.to_datetime(["2015-10-05"] * 4),
            "country": ["SYR", "SYR", "SYR", "IRQ"],
            "governorate": ["SY02", "SY04", "unmapped", "outside_syria"],
            "strikes": [5, 2, 1, 99],
        }
    )
    weeks = strikes.coalition_weeks(weekly, ["SY02", "SY08"])
    assert weeks.loc["2015-10-05"].to_dict() == {"SY02": 5, "SY08": 0, "other": 3}
