"""Drawings of the chapter on tempo, on small made evidence."""

import numpy as np
import pandas as pd
import pytest

from aleppo.measure import tempo
from aleppo.model import changes
from aleppo.model import tempo as model
from aleppo.show.chapters import did_the_tempo_change as draw
from aleppo.show.figure import about

MONDAYS = pd.date_range("2015-01-05", periods=103, freq="7D", name="week")
SPELLS = pd.DataFrame({"source_ids": ["a;b", "c"]})


@pytest.fixture
def balance() -> pd.DataFrame:
    months = pd.period_range("2015-01", "2016-12", freq="M").strftime("%Y-%m")
    table = pd.DataFrame({"month": months, "gained": 0.0, "lost": 0.0})
    table.loc[table["month"] == "2015-05", "lost"] = 3.0
    table.loc[table["month"] == "2016-02", "gained"] = 8.0
    table.loc[table["month"] == "2016-07", ["gained", "lost"]] = 1.0
    return table.assign(net=table["gained"] - table["lost"], events=1)


@pytest.fixture
def weeks() -> pd.DataFrame:
    step = np.repeat([1, 6], [56, 47]) + np.arange(103) % 2
    return pd.DataFrame({"Government gains": step, "Government losses": np.arange(103) % 2}, index=MONDAYS)


def test_gains_stand_above_the_line_and_losses_below(balance: pd.DataFrame) -> None:
    payload = draw.balance_figure(balance, balance, [SPELLS]).payload
    gained, lost = (next(t for t in payload["data"] if t.get("name") == name) for name in ("gained", "lost"))
    assert min(gained["y"]) == 0 and max(lost["y"]) == 0
    assert sum(gained["y"]) == 9 and sum(lost["y"]) == -4


def test_a_month_in_which_gains_and_losses_were_even_is_marked_once(balance: pd.DataFrame) -> None:
    payload = draw.balance_figure(balance, balance, [SPELLS]).payload
    even = next(t for t in payload["data"] if t.get("name") == "gains and losses even")
    assert even["x"] == ["2016-07-15"]


def test_the_title_of_the_balance_counts_both_directions_before_and_after(balance: pd.DataFrame) -> None:
    title = about(draw.balance_figure(balance, balance, [SPELLS]).payload)["title"]
    assert "gained 0 and lost 3" in title and "gained 9 and lost 1" in title


def test_captures_of_low_confidence_are_shown_in_brackets() -> None:
    events = pd.DataFrame(
        {
            "date": pd.to_datetime(["2015-10-05", "2015-10-06"]),
            "front": "Aleppo",
            "taken_by": "government",
            "taken_from": "opposition",
            "confidence": ["high", "low"],
        }
    )
    rates = tempo.rates(events, "2015-09-30", "2015-09-07", "2015-10-25", ["front", "taken_by", "taken_from"])
    row = draw.rate_table(rates, SPELLS, {"government": "Government"}).payload["rows"][0]
    assert row[1:3] == ["Government from opposition", "0"] and row[4] == "2 [1]"


def test_every_break_is_drawn_in_the_panel_of_its_series(weeks: pd.DataFrame) -> None:
    points, rows = changes.across(weeks, MONDAYS[38], (4, 8))
    payload = draw.breaks_figure(points, list(weeks.columns), [SPELLS], found="A finding").payload
    drawn = sum(len(trace["x"]) for trace in payload["data"])
    assert drawn == len(points)
    assert draw.found_table(rows.iloc[:1], [SPELLS], (4, 8)).payload["rows"][0][0] == "Government gains"


def test_a_series_without_a_break_has_no_nearest_one(weeks: pd.DataFrame) -> None:
    flat = pd.DataFrame({"flat": pd.Series(1.0, index=MONDAYS)})
    _, rows = changes.across(flat, MONDAYS[38], (4, 8))
    shown = draw.found_table(rows, [SPELLS], (4, 8)).payload["rows"][0]
    assert shown[1:3] == ["0", "0 of 32, chance 0"] and shown[4] == "–"


def test_the_placebo_title_says_where_the_real_date_ranks(weeks: pd.DataFrame) -> None:
    table, rows = model.summary(weeks, "2015-09-30", 26)
    title = about(draw.placebo_figure(table, rows, 26, SPELLS).payload)["title"]
    assert f"ranks {rows['rank'].iloc[0]} for government gains" in title and "of 52 weeks" in title


def test_a_level_without_a_bound_is_a_dash(weeks: pd.DataFrame) -> None:
    rows = model.summary(weeks, "2015-09-30", 26)[1]
    unbounded = rows.assign(rate_ratio=np.nan, low=np.nan, high=np.nan)
    assert [row[4] for row in draw.model_table(unbounded, SPELLS).payload["rows"]] == ["–", "–"]


def test_published_changes_carry_their_sign_and_the_unread_their_mark() -> None:
    published = pd.DataFrame(
        {
            "published_id": ["CP-1", "CP-2"],
            "date_start": pd.to_datetime(["2015-09-29", "2015-09-15"]),
            "date_end": pd.to_datetime(["2015-11-16", "2015-09-15"]),
            "area_name": "Syria",
            "measure": ["net_change_in_area", "share_of_area"],
            "value": [120.0, 16.0],
            "unit": ["km2", "percent"],
            "holder": "government",
            "attributed_to": "IHS Conflict Monitor",
            "source_ids": ["a", "b"],
            "verified": ["yes", "no"],
        }
    )
    rows = draw.extent_table(published).payload["rows"]
    assert [row[3] for row in rows] == ["+120\u00a0km²", "16\u00a0% †"]
    assert about(draw.extent_figure(published).payload)["sources"] == ["b"]
