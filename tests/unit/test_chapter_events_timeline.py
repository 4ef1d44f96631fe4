"""What the chapter of events draws and lists."""

import pandas as pd
import pytest

from aleppo.measure import events
from aleppo.show.chapters import events_timeline
from aleppo.show.figure import about


@pytest.fixture
def chronology():
    return events.chronology(
        pd.DataFrame(
            {
                "event_id": ["A", "B", "C"],
                "date_start": pd.to_datetime(["2015-06-01", "2016-02-03", "2016-03-01"]),
                "date_end": pd.to_datetime(["2015-06-01", "2016-02-05", "2016-03-31"]),
                "date_precision": ["day", "day", "month"],
                "domain": ["front_lines", "medical", "medical"],
                "place": ["Azaz", "Anadan", "Haritan"],
                "governorate": ["SY02", "SY02", None],
                "actors": ["rebels", "contested", "contested"],
                "event_type": ["capture", "air_strike", "air_strike"],
                "summary": ["They took it.", "It was hit.", "It was hit again."],
                "value": [None, 3.0, None],
                "unit": [None, "deaths", None],
                "source_ids": ["a", "a;b", "c"],
                "verified": ["yes", "yes", "no"],
                "note": [None, "Two dates.", None],
            }
        )
    )


@pytest.fixture
def governorates():
    return pd.DataFrame({"governorate": ["SY02"], "name_en": ["Aleppo"]})


def test_every_event_is_drawn_once_and_an_unverified_one_hollow(chronology):
    traces = events_timeline.timeline_figure(chronology).payload["data"]
    points = [(x, trace["marker"]["symbol"]) for trace in traces for x in trace["x"]]
    assert sorted(points) == [
        ("2015-06-01", "circle"),
        ("2016-02-03", "circle"),
        ("2016-03-01", "circle-open"),
    ]


def test_the_title_gives_the_share_of_events_since_the_break(chronology):
    assert (
        "3 dated events, 67\u00a0% of them"
        in about(events_timeline.timeline_figure(chronology).payload)["title"]
    )


def test_the_table_words_dates_by_their_precision_and_marks_what_is_not_verified(chronology, governorates):
    rows = events_timeline.event_table(chronology, governorates, chronology["told_by"] > 1).payload["rows"]
    assert [row[0].replace("\u00a0", " ") for row in rows] == [
        "1 June 2015",
        "3–5 February 2016",
        "March 2016",
    ]
    assert rows[1][3] == "It was hit. (Two dates.)"
    assert rows[2][3] == "[not verified] It was hit again."


def test_the_table_prints_the_main_events_and_filters_by_governorate(chronology, governorates):
    payload = events_timeline.event_table(chronology, governorates, chronology["told_by"] > 1).payload
    assert payload["print_rows"] == [1]
    facet = {facet["label"]: facet for facet in payload["explore"]}["Governorate"]
    assert facet["choices"] == ["Aleppo", "elsewhere"]
    assert facet["rows"] == [[0], [0], [1]]


@pytest.mark.parametrize(
    ("note", "read"),
    [
        ("Vote SC18.", ""),
        ("Two dates; periods differ. TOLL-EV-024 may be part of it.", "Two dates; periods differ."),
        ("Made public in March (FR-120); see commission_findings.", "Made public in March."),
        ("Unanimity read; the count is inferred (see vote SC26).", "Unanimity read; the count is inferred."),
    ],
)
def test_a_note_is_read_without_the_ids_of_other_rows(note, read):
    assert events_timeline.for_readers(note) == read
