"""Figures and tables of the chapter on truces, on small made evidence."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from aleppo.measure import truces as measure
from aleppo.model import truces as model
from aleppo.show.chapters import truce_changes, truce_checks, truce_survival
from aleppo.show.chapters import truces as draw
from aleppo.show.figure import about

SETS = {"all halts": ("nationwide", "local"), "talks and offers": ("talks",)}


@pytest.fixture
def rows():
    ids = ["CF01", "CF02", "CF03", "CF04", "CF05"]
    return pd.DataFrame(
        {
            "ceasefire_id": ids,
            "name": ["Plan", "Truce", "Talks", "Pause", "More talks"],
            "label": ["Plan", "Truce", "Talks", "Pause", "More talks"],
            "start": pd.to_datetime(["2012-04-12", "2016-02-27", "2016-05-01", "2016-10-18", "2017-01-23"]),
            "agreed_end": [None, "2016-07", None, "2016-10-22", None],
            "kind": ["nationwide", "nationwide", "talks", "local", "talks"],
            "broker": ["un", "us_russia", "un", "russia", "russia_turkey"],
            "brokers": ["UN", "United States; Russia", "UN", "Russia", "Russia; Turkey"],
            "region": ["all", "all", "all", "north_west", "all"],
            "extends": [None] * 5,
            "first_end": pd.to_datetime(["2012-04-14", "2016-04-22", None, "2016-10-22", None]),
            "first_how": ["collapsed", "collapsed", None, "lapsed", None],
            "last_end": pd.to_datetime(["2012-07-20", "2016-07-31", None, "2016-11-15", None]),
            "last_how": ["collapsed", "collapsed", None, "collapsed", None],
            "confidence": ["low", "low", "high", "medium", "high"],
            "basis": ["b"] * 5,
            "area": ["Nationwide"] * 5,
            "terms": ["t"] * 5,
            "outcome": ["o"] * 5,
            "note": [None] * 5,
            "source_ids": ["a", "b;c", "d", "e", "f"],
            "verified": ["yes", "no", "yes", "yes", "yes"],
        }
    )


@pytest.fixture
def daily():
    days = pd.date_range("2012-01-01", "2017-12-31")
    random = np.random.default_rng(5)
    return pd.DataFrame(random.poisson(30, (len(days), 2)), index=days, columns=["all", "north_west"])


@pytest.fixture
def study(daily, rows):
    return model.event_study(daily, rows, model.Design(placebos=200))


def words(figure):
    facts = about(figure.payload)
    return f"{facts['title']} {facts['caption']} {facts['alt']}"


def test_the_lanes_give_every_row_a_lane_and_count_what_collapsed(rows):
    figure = draw.lanes_figure(rows)
    axis = figure.payload["layout"]["yaxis"]
    assert axis["tickvals"] == [0, 1, 2, 3, 4]
    assert "Of 5 truces, pauses and rounds of talks, 3 were to halt fighting, and 2–3 of those" in words(
        figure
    )


def test_a_row_that_is_not_verified_wears_a_dagger_in_every_chart_and_table(rows, study):
    for figure in (draw.lanes_figure(rows), truce_changes.changes_figure(study)):
        assert "Truce †" in json.dumps(figure.payload["layout"], ensure_ascii=False)
        assert "† marks the 1 for which no page was read" in words(figure)
    table = draw.truces_table(rows)
    assert [row[1] for row in table.payload["rows"]][1] == "Truce † (Nationwide or several areas)"
    spells = measure.spells(rows)
    figure = truce_survival.survival_figure(spells, {"kind": model.survival_band(spells, "kind")})
    assert "† marks the 1" in words(figure)


def test_where_every_row_was_read_the_words_say_so_and_no_dagger_is_drawn(rows):
    figure = draw.lanes_figure(rows.assign(verified="yes"))
    assert "Every truce drawn here rests on a page that was read" in words(figure)
    assert "†" not in json.dumps(figure.payload, ensure_ascii=False)


def test_the_end_of_a_truce_is_told_with_both_readings_and_its_confidence(rows):
    ends = [row[4] for row in draw.truces_table(rows).payload["rows"]]
    nbsp = "\u00a0"
    assert ends[1] == f"July 2016; read as 22{nbsp}April – 31{nbsp}July 2016, collapsed (low confidence)"
    assert ends[2] == "none given"
    assert ends[3].endswith(
        f"read as 22{nbsp}October – 15{nbsp}November 2016, ran out or collapsed (medium confidence)"
    )


def test_print_has_the_halts_and_the_web_can_be_filtered_by_kind_and_broker(rows):
    payload = draw.truces_table(rows).payload
    assert payload["print_rows"] == [0, 1, 3]
    assert [facet["label"] for facet in payload["explore"]] == ["Kind", "Brokered by"]


def test_the_changes_are_drawn_kind_by_kind_each_on_its_band(study):
    payload = truce_changes.changes_figure(study).payload
    labels = payload["layout"]["yaxis"]["ticktext"]
    assert [text for text in labels if text.startswith("<b>")] == [
        "<b>Nationwide or several areas</b>",
        "<b>Aleppo only</b>",
        "<b>Talks</b>",
    ]
    band = next(trace for trace in payload["data"] if trace.get("name") == "95\u00a0% of placebo starts")
    assert [x for x in band["x"] if x is not None][:2] == study.each.loc[0, ["low", "high"]].astype(
        float
    ).round(4).to_list()
    dots = [x for trace in payload["data"] if "placebo band" in trace.get("name", "") for x in trace["x"]]
    assert sorted(dots) == sorted(study.each["ratio"].round(4))


def test_the_title_of_the_changes_counts_what_lies_outside(study):
    each = study.each.assign(ratio=[0.1, 1.0, 1.0, 0.1, 1.0])
    changed = model.Study(each, study.observed, study.placebos, study.design)
    assert "At 2 of 3 halts to fighting, in 2 episodes" in words(truce_changes.changes_figure(changed))


def test_the_pooled_figure_says_interval_and_rank_of_every_set(study):
    table = model.pooled(study, SETS)
    figure = truce_changes.pooled_figure(study, table, SETS)
    first = table.iloc[0]
    assert f"[{first['low']:.2f}, {first['high']:.2f}]" in about(figure.payload)["title"]
    assert f"rank {first['rank']} among 201" in about(figure.payload)["title"]
    drawn = pd.DataFrame([row.split(",") for row in about(figure.payload)["csv"].splitlines()[1:]])
    assert drawn.groupby(0)[2].apply(lambda cells: cells.astype(float).sum()).to_list() == [200, 200]


def test_the_tables_of_the_pooled_change_have_a_row_for_every_set_and_move(study, daily, rows):
    assert len(truce_changes.pooled_table(model.pooled(study, SETS), study).payload["rows"]) == 2
    moves = model.moved(daily, rows, (-14, 0), SETS)
    table = truce_checks.moved_table(moves, rows)
    assert [row[:2] for row in table.payload["rows"]] == [
        ["−14", "All halts"],
        ["−14", "Talks and offers"],
        ["0", "All halts"],
        ["0", "Talks and offers"],
    ]


def test_the_title_of_the_choices_gives_their_span(daily, rows):
    over = model.over_windows(daily, rows, (7, 14), {"all halts": SETS["all halts"]})
    title = about(truce_checks.windows_figure(over, rows).payload)["title"]
    assert f"×{over['estimate'].min():.2f} to ×{over['estimate'].max():.2f}" in title
    assert title.startswith("Over 6 choices")


def test_every_panel_of_the_survival_figure_says_how_many_truces_it_has(rows):
    spells = measure.spells(rows)
    bands = {by: model.survival_band(spells, by) for by in ("kind", "broker")}
    figure = truce_survival.survival_figure(spells, bands)
    titles = [note["text"] for note in figure.payload["layout"]["annotations"]]
    assert "<b>Nationwide or</b><br><b>several areas</b><br>n = 2, collapsed: 2" in titles
    assert "<b>Russia, with or</b><br><b>without Damascus</b><br>n = 1, collapsed: 0–1" in titles
    assert len(titles) == 5


def test_a_median_without_a_bound_is_worded_and_never_a_number(rows):
    spells = measure.spells(rows)
    cells = [
        row[3] for row in truce_survival.survival_table(model.medians(spells, "kind"), spells).payload["rows"]
    ]
    assert cells == ["not reached", "3 [from 3]"]
