"""The figure of six panels and the figure of lags, on small made evidence."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from aleppo.measure import clock as measure
from aleppo.show.chapters import one_clock as draw
from aleppo.show.chapters import toll_and_meetings
from aleppo.show.chapters.clock_panels import PANELS
from aleppo.show.figure import about

MONTHS = measure.months_between("2015-10", "2017-01")


def made(**changes):
    days = pd.date_range("2015-07-01", "2017-01-31", name="date")
    level = np.where(days < "2016-11-21", 1.0, np.where(days < "2016-12-22", 0.5, 0.0))
    weeks = pd.date_range("2015-07-06", "2017-01-30", freq="7D", name="week")
    truces = pd.DataFrame(
        {
            "label": ["Cessation", "Pause", "Windows"],
            "kind": ["nationwide", "local", "window"],
            "start": pd.to_datetime(["2016-02-27", "2016-10-18", "2016-08-11"]),
            "first_end": pd.to_datetime(["2016-04-22", "2016-10-22", None]),
            "last_end": pd.to_datetime(["2016-07-31", "2016-11-15", None]),
            "source_ids": ["a", "b", "c"],
            "verified": ["yes", "yes", "no"],
        }
    )
    votes = pd.DataFrame(
        {
            "date": pd.to_datetime(["2016-10-08", "2016-10-08", "2016-12-19"]),
            "symbol": ["S/1", "S/2", "S/RES/3"],
            "outcome": ["vetoed", "failed", "adopted"],
            "source_ids": ["d", "e", "f"],
            "verified": ["yes"] * 3,
        }
    )
    events = pd.DataFrame(
        {
            "event_id": ["FR-1"],
            "date": pd.to_datetime(["2016-07-17"]),
            "label": ["siege begins"],
            "source_ids": ["g"],
            "verified": ["no"],
        }
    )
    parts = {
        "first": "2015-07-01",
        "last": "2017-01-31",
        "shares": pd.DataFrame({"firm": level, "midpoint": level, "upper": level}, index=days),
        "weeks": pd.Series(range(len(weeks)), index=weeks),
        "incidents": pd.DataFrame(1, index=MONTHS, columns=list(measure.GRADES)),
        "strikes": pd.Series([3, 5], index=pd.to_datetime(["2016-01-25", "2016-02-01"]).rename("week")),
        "meetings": pd.DataFrame({"certain": 1, "possible": 3}, index=MONTHS),
        "votes": votes,
        "truces": truces,
        "events": events,
        "mapped_by": ("m",),
    }
    return draw.Clock(**(parts | changes))


def test_the_clock_has_six_panels_over_the_same_days():
    layout = draw.clock_figure(made()).payload["layout"]
    axes = [axis for name, axis in layout.items() if name.startswith("xaxis")]
    assert len(axes) == len(PANELS) == 6
    assert all(axis["range"] == ["2015-07-01", "2017-01-31"] for axis in axes)


def test_the_title_counts_days_votes_and_truces():
    title = about(draw.clock_figure(made()).payload)["title"]
    assert "within 32 days" in title
    assert "voted 3 times and 3 truces" in title


def test_incidents_stay_alleged_and_graded_in_every_trace():
    payload = draw.clock_figure(made()).payload
    bars = [trace["name"] for trace in payload["data"] if trace.get("name", "").startswith("alleged")]
    assert bars == [f"alleged, {grade}" for grade in measure.GRADES]


def test_what_is_not_verified_wears_a_dagger_on_the_clock():
    payload = draw.clock_figure(made()).payload
    text = json.dumps(payload, ensure_ascii=False)
    assert "siege begins †" in text
    assert "Windows †" in text
    assert "† marks the 2 for which no page was read" in about(payload)["caption"]


def test_two_texts_of_one_day_do_not_hide_each_other():
    payload = draw.clock_figure(made()).payload
    heights = {
        trace["name"]: trace["y"]
        for trace in payload["data"]
        if trace.get("name") in ("vetoed (1)", "failed (1)")
    }
    assert heights["vetoed (1)"] != heights["failed (1)"]


def test_the_download_holds_every_panel():
    rows = about(draw.clock_figure(made()).payload)["csv"].splitlines()
    panels = {row.split(",")[0] for row in rows[1:]}
    assert panels == {"east", "deaths", "incidents", "strikes", "council", "votes", "truces", "events"}


def test_the_table_of_months_gives_meetings_as_a_range_and_unknown_incidents_as_missing():
    clock = made()
    months = pd.DataFrame(
        {
            "month": ["2015-09", "2015-10"],
            "deaths": [5, 6],
            "incidents": pd.array([None, 5], dtype="Int64"),
            "certain": [0, 1],
            "possible": [2, 1],
            "votes": [0, 2],
            "vetoed": [0, 1],
            "truces": [0, 1],
        }
    )
    assert draw.months_table(months, clock).payload["rows"] == [
        ["September 2015", "5", "–", "0–2", "0", "0"],
        ["October 2015", "6", "5", "1", "2 (1 vetoed)", "1"],
    ]


@pytest.fixture
def table():
    parts = [
        pd.DataFrame(
            {"lag": [-1, 0, 1], "r": [0.1, 0.2, -0.1], "low": -0.3, "high": 0.4, "months": 71, "bound": 0.35}
        ).assign(counted=counted, treatment=treatment)
        for counted in ("certain", "possible")
        for treatment in ("level", "change")
    ]
    return pd.concat(parts, ignore_index=True)


def test_the_title_of_the_lags_says_how_many_leave_the_band(table):
    title = about(toll_and_meetings.lags_figure(table, "s").payload)["title"]
    assert title.endswith("no association beyond chance: 0 of 6 correlations leave the band")
    table.loc[(table["treatment"] == "change") & (table["lag"] == 0), "r"] = 0.5
    assert "2 of 6 correlations" in about(toll_and_meetings.lags_figure(table, "s").payload)["title"]


def test_every_lag_of_every_panel_is_drawn_with_its_interval(table):
    payload = toll_and_meetings.lags_figure(table, "s").payload
    dots = [trace for trace in payload["data"] if trace.get("mode") == "markers"]
    assert [trace["y"] for trace in dots] == [[0.1, 0.2, -0.1]] * 4
