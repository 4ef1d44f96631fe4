"""Figures and tables of the chapters, on small made evidence."""

import pandas as pd
import pytest

from aleppo.measure import toll
from aleppo.show.chapters import recorded_deaths, who_held_the_city
from aleppo.show.figure import about
from aleppo.show.publishers import family


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("SOHR via AFP", "SOHR"),
        ("Russian Reconciliation Centre", "Russian MoD"),
        ("Syrian army media", "Syrian government"),
        ("OCHA", "UN"),
        ("UN envoy", "UN"),
        ("Xinhua", "press"),
        ("civil defence spokesman", "other"),
    ],
)
def test_an_attribution_wears_the_sign_of_its_publisher(words, name):
    assert family(words) == name


@pytest.fixture
def shares():
    days = pd.date_range("2016-11-15", "2016-12-22", name="date")
    level = [max(0, 1 - step / 30) for step in range(len(days))]
    return pd.DataFrame(
        {"firm": [0.9 * value for value in level], "midpoint": level, "upper": level}, index=days
    )


@pytest.fixture
def published():
    return pd.DataFrame(
        {
            "published_id": ["CP-1", "CP-2", "CP-3"],
            "date": pd.to_datetime(["2016-11-28", "2016-12-12", "2016-12-12"]),
            "measure": ["share_retaken", "share_remaining", "area_remaining"],
            "share": [0.6, 0.1, 0.2],
            "attributed_to": ["SOHR", "OCHA", "SOHR via dpa"],
            "source_ids": ["a;b", "b", "c"],
            "firm": [0.5, 0.1, 0.1],
            "midpoint": [0.55, 0.11, 0.11],
            "upper": [0.58, 0.16, 0.16],
            "residual": [-0.05, 0.01, -0.09],
            "inside": [False, True, False],
        }
    )


def test_the_share_figure_draws_every_published_share_once(shares, published):
    payload = who_held_the_city.east_share_figure(shares, published, mapped_by=["m"]).payload
    points = [y for trace in payload["data"] if trace.get("mode") == "markers" for y in trace["y"]]
    assert sorted(points) == [0.1, 0.2, 0.6]


def test_published_shares_of_one_day_stand_side_by_side(shares, published):
    payload = who_held_the_city.east_share_figure(shares, published, mapped_by=["m"]).payload
    places = [x for trace in payload["data"] if trace.get("mode") == "markers" for x in trace["x"]]
    assert len(set(places)) == 3


def test_the_share_figure_cites_the_sources_of_its_points_and_of_its_places(shares, published):
    payload = who_held_the_city.east_share_figure(shares, published, mapped_by=["m"]).payload
    assert about(payload)["sources"] == ["a", "b", "c", "m"]


def test_the_residual_table_gives_the_sign_of_each_residual(published):
    rows = who_held_the_city.residual_table(published).payload["rows"]
    assert [row[4] for row in rows] == ["−5", "+1", "−9"]


@pytest.fixture
def weeks():
    monday = pd.date_range("2013-01-07", periods=260, freq="7D", name="week")
    return pd.Series([week % 40 for week in range(260)], index=monday, name="deaths")


def test_the_title_of_the_deaths_figure_gives_the_range_over_the_windows(weeks):
    windows = toll.mean_ratio(weeks, "2015-09-30", [(26, 26), (52, 52)])
    truces = pd.DataFrame(
        {
            "start": pd.to_datetime(["2016-02-27"]),
            "name": ["Cessation of hostilities"],
            "label": ["Cessation of hostilities"],
            "nationwide": [True],
            "source_ids": ["t"],
        }
    )
    title = about(recorded_deaths.weekly_deaths_figure(weeks, truces, windows, "vdc").payload)["title"]
    assert f"×{windows['ratio'].min():.2f} to ×{windows['ratio'].max():.2f}" in title
