"""Points in lanes: where each is drawn, so that points close in time do not cover each other."""

import pandas as pd

from aleppo.show.lanes import places_in_lanes


def test_points_of_one_lane_and_fortnight_take_turns_around_its_middle() -> None:
    dates = pd.Series(pd.to_datetime(["2016-01-02", "2016-01-09", "2016-01-20", "2016-01-03"]))
    assert places_in_lanes(pd.Series([0, 0, 0, 1]), dates).tolist() == [0, 0.12, 0, 1]


def test_points_that_follow_each_other_within_some_days_take_turns() -> None:
    dates = pd.Series(pd.to_datetime(["2016-01-14", "2016-01-20", "2016-02-10", "2016-06-01"]))
    heights = places_in_lanes(pd.Series([0, 0, 0, 0]), dates, days=30, step=0.2, levels=1)
    assert heights.tolist() == [0, 0.2, -0.2, 0]
