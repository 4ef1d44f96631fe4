"""Connection by road and lengths of siege, on small made evidence."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence.errors import AleppoError
from aleppo.measure import corridors


def routes(*rows: tuple) -> pd.DataFrame:
    """Rows of (route, side, reach, state, start, end, earliest, latest)."""
    names = ["route_id", "side", "reach", "state", "start", "end", "start_earliest", "start_latest"]
    frame = pd.DataFrame(rows, columns=names)
    for name in names[4:]:
        frame[name] = pd.to_datetime(frame[name])
    return frame


CASTELLO = (
    ("R-C", "opposition", "gate", "open", "2016-07-01", "2016-07-04", None, None),
    ("R-C", "opposition", "gate", "cut", "2016-07-05", "2016-07-10", "2016-07-03", "2016-07-07"),
)
RAMOUSEH = (
    ("R-R", "opposition", "gate", "cut", "2016-07-01", "2016-07-07", None, None),
    ("R-R", "opposition", "gate", "under_fire", "2016-07-08", "2016-07-10", None, None),
)


def connected(*rows: tuple, **options) -> pd.DataFrame:
    return corridors.connection(routes(*rows), "opposition", "2016-07-01", "2016-07-10", **options)


def test_a_part_of_the_city_is_as_well_connected_as_the_best_of_its_gates() -> None:
    states = connected(*CASTELLO, *RAMOUSEH)["state"]
    assert list(states) == ["open"] * 4 + ["cut"] * 3 + ["under_fire"] * 3


def test_between_rival_dates_both_states_are_possible() -> None:
    both = connected(*CASTELLO)
    assert list(both["least"]) == ["open"] * 2 + ["cut"] * 8
    assert list(both["most"]) == ["open"] * 6 + ["cut"] * 4


def test_days_in_a_state_run_from_the_certain_to_the_possible() -> None:
    assert corridors.days_in_state(connected(*CASTELLO), "cut") == (4, 6, 8)
    assert corridors.days_in_state(connected(*CASTELLO), "open") == (2, 4, 6)


def test_a_way_needs_an_open_approach_and_an_open_gate() -> None:
    approach = ("R-M", "opposition", "approach", "cut", "2016-07-01", "2016-07-10", None, None)
    assert set(connected(*CASTELLO, approach, reach=("gate", "approach"))["state"]) == {"cut"}


def test_a_route_of_which_nothing_is_known_may_be_anything() -> None:
    unknown = ("R-X", "opposition", "gate", "not_known", "2016-07-01", "2016-07-10", None, None)
    states = connected(*RAMOUSEH, unknown)
    assert list(states.iloc[0]) == ["not_known", "cut", "open"]


def test_an_open_gate_makes_an_unknown_one_indifferent() -> None:
    unknown = ("R-X", "opposition", "gate", "not_known", "2016-07-01", "2016-07-10", None, None)
    assert list(connected(*CASTELLO, unknown).iloc[0]) == ["open", "open", "open"]


def test_a_day_without_a_state_is_told_with_its_route() -> None:
    with pytest.raises(AleppoError, match="R-C: expected a state on 2016-07-05"):
        connected(CASTELLO[0])


def test_a_side_without_a_route_is_an_error() -> None:
    with pytest.raises(AleppoError, match="side government"):
        corridors.connection(routes(*CASTELLO), "government", "2016-07-01", "2016-07-02")


@given(st.lists(st.sampled_from(corridors.STATES), min_size=1, max_size=6))
def test_what_is_coded_lies_between_the_least_and_the_most(states: list[str]) -> None:
    rows = [
        ("R-H", "opposition", "gate", state, day, day, day - pd.Timedelta(days=1), day + pd.Timedelta(days=1))
        for state, day in zip(states, pd.date_range("2016-07-01", periods=len(states)), strict=True)
    ]
    last = rows[-1][5]
    found = corridors.connection(routes(*rows), "opposition", "2016-07-01", last)
    level = found.map(corridors.STATES.index)
    assert (level["least"] <= level["state"]).all() and (level["state"] <= level["most"]).all()


def siege_dates(*rows: tuple) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["siege", "boundary", "date", "attributed_to"])
    return frame.assign(date=pd.to_datetime(frame["date"]), source_ids="s", verified="yes")


SIEGE = (
    ("first", "start", "2016-07-07", "OCHA"),
    ("first", "start", "2016-07-17", "SOHR"),
    ("first", "end", "2016-08-06", "Reuters"),
    ("second", "start", "2016-09-04", "AFP"),
    ("second", "start", "2016-09-08", "SOHR"),
    ("second", "end", "2016-12-13", "Turkey"),
    ("second", "end", "2016-12-22", "ICRC"),
    ("designation", "start", "2016-10-05", "OCHA"),
)


def test_a_siege_has_one_length_with_the_august_weeks_and_one_without() -> None:
    lengths = corridors.siege_lengths(siege_dates(*SIEGE)).set_index(["attributed_to", "reading"])
    assert lengths.loc[("SOHR", "unbroken"), ["shortest", "longest"]].tolist() == [149, 158]
    assert lengths.loc[("SOHR", "broken"), ["shortest", "longest"]].tolist() == [20 + 96, 20 + 109]
    assert lengths.loc[("OCHA", "designation"), ["shortest", "longest"]].tolist() == [69, 78]


def test_an_earlier_first_day_never_makes_a_siege_shorter() -> None:
    lengths = corridors.siege_lengths(siege_dates(*SIEGE)).query("reading == 'broken'")
    assert lengths["longest"].is_monotonic_decreasing


def test_a_siege_without_an_end_has_no_length() -> None:
    with pytest.raises(AleppoError, match="end of the second siege"):
        corridors.siege_lengths(siege_dates(*SIEGE[:5]))


def test_a_figure_in_both_tables_is_kept_once_and_a_missing_bound_stays_missing() -> None:
    published = pd.DataFrame(
        {
            "measure": ["population_estimate", "population_estimate"],
            "area_name": ["East Aleppo city", "Syria"],
            "date_start": pd.to_datetime(["2016-08-19", "2016-08-19"]),
            "value_low": [250_000.0, None],
            "value": [None, 1.0],
            "value_high": [275_000.0, None],
            "attributed_to": ["OCHA", "x"],
            "source_ids": ["a", "b"],
            "verified": "yes",
        }
    )
    estimates = pd.DataFrame(
        {
            "quantity": "population",
            "area": "Aleppo city (east)",
            "period_start": pd.array(["2016-08-19", "2016-11"], dtype="string"),
            "low": [250_000.0, 110_000.0],
            "best": [None, None],
            "high": [275_000.0, 326_000.0],
            "attributed_to": ["OCHA", "review"],
            "source_ids": ["a", "c"],
            "verified": "yes",
        }
    )
    people = corridors.population(published, estimates)
    assert people["attributed_to"].tolist() == ["OCHA", "review"]
    assert people["best"].isna().all()
    assert people["day_known"].tolist() == [True, False]
