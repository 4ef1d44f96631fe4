"""Drawings of the chapter on the battle before the intervention, on small made evidence."""

import pandas as pd
import pytest

from aleppo.show.chapters import before_the_intervention as draw
from aleppo.show.figure import about


@pytest.fixture
def advances() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "event_id": ["E1", "E2", "E3"],
            "date_start": pd.to_datetime(["2012-07-22", "2013-10-06", "2015-02-17"]),
            "date_precision": ["month", "day", "day"],
            "place": ["crossing", "road", "villages"],
            "actors": ["rebels", "Syrian army", "Syrian army; rebels"],
            "event_type": ["capture", "route_opened", "failed_offensive"],
            "summary": ["Taken.", "Opened.", "Failed."],
            "source_ids": ["a", "b", "c"],
            "verified": ["yes", "no", "yes"],
            "side": pd.array(["opposition", "government", None], dtype="string"),
        }
    )


@pytest.fixture
def balance() -> pd.DataFrame:
    months = pd.period_range("2012-07", "2015-09", freq="M").strftime("%Y-%m")
    table = pd.DataFrame({"month": months, "gained": 0.0, "lost": 0.0})
    table.loc[table["month"] == "2012-08", "gained"] = 39.0
    table.loc[table["month"] == "2013-11", "lost"] = 2.0
    return table


def test_advances_stand_in_the_lane_of_their_side_and_others_are_not_drawn(
    advances: pd.DataFrame, balance: pd.DataFrame
) -> None:
    payload = draw.advances_figure(advances, balance, balance, pd.DataFrame({"source_ids": ["s"]})).payload
    axis = payload["layout"]["yaxis"]
    names = dict(zip(axis["tickvals"], axis["ticktext"], strict=True))
    lanes = {names[trace["y"][0]]: trace["x"] for trace in payload["data"] if trace.get("mode") == "markers"}
    assert lanes == {"Armed<br>opposition": ["2012-07-22"], "Government<br>and allies": ["2013-10-06"]}


def test_the_title_sets_the_first_weeks_beside_the_years_after(
    advances: pd.DataFrame, balance: pd.DataFrame
) -> None:
    sure = balance.assign(gained=balance["gained"].clip(upper=23.0))
    figure = draw.advances_figure(advances, balance, sure, advances)
    title = about(figure.payload)["title"]
    assert "23–39\u00a0km² changed hands" in title and "2.0\u00a0km² in the three years" in title
    bars = {trace["name"]: max(trace["y"]) for trace in figure.payload["data"] if trace["type"] == "bar"}
    assert bars["taken by the opposition"] == 23 and bars["the same, of low confidence"] == 16


def test_signs_close_in_time_stand_one_above_another(advances: pd.DataFrame, balance: pd.DataFrame) -> None:
    near = advances.assign(
        side="opposition", date_start=pd.to_datetime(["2012-07-22", "2012-08-01", "2015-02-17"])
    )
    payload = draw.advances_figure(near, balance, balance, advances).payload
    (heights,) = [trace["y"] for trace in payload["data"] if trace.get("mode") == "markers"]
    assert len(set(heights)) == 2 and heights[0] == heights[2]


def test_the_table_dates_by_the_month_where_no_day_is_known_and_marks_the_unread(
    advances: pd.DataFrame,
) -> None:
    rows = draw.events_table(advances).payload["rows"]
    assert [row[0] for row in rows] == ["July 2012", "6\u00a0October 2013", "17\u00a0February 2015"]
    assert [row[2] for row in rows] == ["Armed opposition", "Government and allies", "no line moved"]
    assert rows[1][3] == "Opened. †"
