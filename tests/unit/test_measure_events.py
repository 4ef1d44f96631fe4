"""The chronology of events."""

import pandas as pd
import pytest

from aleppo.measure import events


@pytest.fixture
def rows():
    return pd.DataFrame(
        {
            "event_id": ["B", "A", "C"],
            "date_start": pd.to_datetime(["2016-02-03", "2016-02-03", "2015-09-30"]),
            "domain": ["front_lines", "medical", "diplomacy"],
            "source_ids": ["a;b;c", "a", "a;b;c"],
        }
    )


def test_events_stand_in_the_order_of_their_first_day_then_of_their_ids(rows):
    assert list(events.chronology(rows)["event_id"]) == ["C", "A", "B"]


def test_each_event_belongs_to_the_subject_of_its_domain(rows):
    assert list(events.chronology(rows)["subject"]) == ["Response", "Harm", "Front lines"]


def test_a_domain_without_a_subject_is_named(rows):
    with pytest.raises(ValueError, match="found sport"):
        events.chronology(rows.assign(domain="sport"))


def test_main_events_are_those_of_the_time_that_enough_sources_tell(rows):
    every = events.chronology(rows)
    assert list(every["event_id"][events.main_events(every, "2015-09-30", "2016-12-31", at_least=3)]) == [
        "C",
        "B",
    ]
    assert list(every["event_id"][events.main_events(every, "2016-01-01", "2016-12-31", at_least=3)]) == ["B"]
    assert list(every["event_id"][events.main_events(every, "2015-09-30", "2015-09-30", at_least=3)]) == ["C"]
