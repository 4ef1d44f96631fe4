"""Drawings of the chapter on recorded deaths and the break, on a small made multiverse."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from aleppo.measure.toll import Counts
from aleppo.model import changes, multiverse, reading
from aleppo.model.changes import Nearness, Search
from aleppo.model.multiverse import Choices
from aleppo.model.placebo import Rank
from aleppo.show.chapters import recorded_deaths_multiverse as draw
from aleppo.show.chapters import recorded_deaths_placebo as draw_placebo
from aleppo.show.figure import about

NAMES = {"SY02": "Aleppo", "SY07": "Idleb", "SY12": "Dar'a", "all": "All of Syria"}
CHOICES = Choices(baseline=(52, 104), horizon=(26,), season=("none",), donut=(0, 2), lags=(4, 8))


@cache
def counts() -> dict[str, Counts]:
    weeks = pd.date_range("2011-01-03", periods=300, freq="7D")
    generator = np.random.default_rng(9)
    step = np.where(weeks >= "2015-09-28", 1.3, 1.0)
    table = pd.DataFrame(
        {code: generator.poisson(40 * step) for code in ("SY02", "SY07", "SY12")}, index=weeks
    )
    return {"batch-1": Counts(table.assign(all=table.sum(axis=1)), np.ones(300), "week")}


@cache
def universe() -> pd.DataFrame:
    return multiverse.fit(
        multiverse.grid("SY02", counts(), ["SY07", "SY12"], ["2015-09-30"], choices=CHOICES)
    )


def test_the_headline_is_a_distribution_not_a_ratio() -> None:
    facts = about(draw.distribution_figure(universe(), "somebody").payload)
    told = reading.distribution(universe())
    assert facts["title"].startswith(f"Of {told.estimated} specifications {round(100 * told.above)}")
    assert "intervals cannot tell it from no change" in facts["title"]


def test_the_bars_of_the_distribution_add_up_to_all_specifications() -> None:
    payload = draw.distribution_figure(universe(), "somebody").payload
    assert sum(sum(trace["y"]) for trace in payload["data"]) == pytest.approx(1.0, abs=1e-3)


def test_below_the_curve_stands_every_level_of_every_choice_that_varies_once() -> None:
    payload = draw.curve_figure(universe(), NAMES).payload
    (heat,) = [trace for trace in payload["data"] if trace["type"] == "heatmap"]
    assert len(set(heat["y"])) == len(heat["y"])
    named = [label.strip() for label in heat["y"]]
    assert named == [
        "<b>weeks before</b>", "52 weeks", "104 weeks",
        "<b>count model</b>", "Poisson", "negative binomial",
        "<b>trend</b>", "held", "may change",
        "<b>gap in weeks</b>", "none", "2 weeks",
        "<b>set against</b>", "nothing", "Idleb", "Dar'a", "sum of these", "sum as exposure",
    ]  # fmt: skip
    for label, line in zip(named, heat["z"], strict=True):
        if not label.startswith("<b>"):
            assert sum(line) == pytest.approx(draw.BINS, abs=0.3)


def test_the_title_of_the_curve_names_the_levels_at_its_ends() -> None:
    first = reading.movers(universe()).iloc[0]
    title = about(draw.curve_figure(universe(), NAMES).payload)["title"]
    assert draw.CHOICE_WORDS[first["choice"]] in title
    assert draw.level_words(first["choice"], first["highest_level"], NAMES) in title


@pytest.mark.parametrize(
    ("choice", "level", "words"),
    [
        ("baseline", "52", "52 weeks"),
        ("slope", "False", "held"),
        ("comparison", "SY12", "Dar'a"),
        ("comparison", "SY99", "SY99"),
        ("donut", "0", "none"),
    ],
)
def test_levels_are_said_as_a_reader_would(choice: str, level: str, words: str) -> None:
    assert draw.level_words(choice, level, NAMES) == words


def test_the_table_of_movers_leaves_out_what_moves_nothing() -> None:
    table = draw.movers_table(reading.movers(universe()), NAMES)
    assert "lags of the errors" not in [row[0] for row in table.payload["rows"]]


def test_the_table_of_baselines_is_in_order() -> None:
    rows = draw.baseline_table(universe()).payload["rows"]
    assert [row[0] for row in rows] == ["52", "104"]


def test_the_areas_are_in_the_order_of_their_medians_and_the_marked_one_has_its_place() -> None:
    told = reading.by_area(counts(), "2015-09-30")
    payload = draw_placebo.areas_figure(told, NAMES, "SY02").payload
    (points,) = [trace for trace in payload["data"] if trace["mode"] == "markers"]
    assert points["x"] == sorted(points["x"])
    place = points["y"][::-1].index("Aleppo") + 1
    assert f"number {place} from the top" in about(payload)["title"]


@pytest.fixture
def placebos() -> pd.DataFrame:
    weeks = pd.date_range("2013-01-07", periods=4, freq="7D")
    return pd.DataFrame(
        {
            "span": ["before"] * 3 + ["across"],
            "week": weeks,
            "specifications": 10,
            "median": [0.5, 2.0, 4.0, 100.0],
            "real_median": [2.0, 2.0, 3.0, 1.0],
        }
    )


def test_the_rank_is_the_title_and_windows_across_the_break_are_not_drawn(placebos: pd.DataFrame) -> None:
    payload = draw_placebo.placebo_rank_figure(placebos, Rank(3, 2, 2)).payload
    assert about(payload)["title"].startswith("The real break ranks 3 among 4: 2 of 3 other weeks")
    (bars,) = payload["data"]
    assert sum(bars["y"]) == 3
    assert sum(height for height, place in zip(bars["y"], bars["x"], strict=True) if place > 0) == 2


def test_placebo_weeks_are_drawn_beside_the_real_break(placebos: pd.DataFrame) -> None:
    payload = draw_placebo.placebo_weeks_figure(placebos).payload
    assert [len(trace["x"]) for trace in payload["data"]] == [3, 3]
    assert "×0.50 to ×4.00" in about(payload)["title"]


def test_the_title_on_change_points_counts_the_settings_near_the_break() -> None:
    weeks = counts()["batch-1"].table["SY02"]
    points = changes.search(weeks, Search(("l2",), (1.0, 3.0), shortest=8, steady=True))
    near = Nearness(steps=4, settings=3, breaks=2, near=1, thrown=0.2, blind=0.25)
    figure = draw_placebo.changes_figure(weeks, changes.stability(points), near)
    assert about(figure.payload)["title"].startswith(
        "1 of 2 settings of the search find a change within 4 weeks"
    )


def test_strong_changes_within_a_month_are_said_once() -> None:
    days = pd.to_datetime(["2014-01-06", "2014-01-20", "2014-06-02", "2015-01-05"])
    table = pd.DataFrame({"week": days, "share": [0.9, 0.8, 0.6, 0.4]})
    said = draw_placebo.strong_changes(table).replace("\u00a0", " ")
    assert said == "6 January 2014 and 2 June 2014"
    assert draw_placebo.strong_changes(table, least=0.95) == "no date"
