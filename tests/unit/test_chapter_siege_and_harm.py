"""The chapter on siege and harm: both sides of the line on one scale, every figure with its range and date."""

import pandas as pd
import pytest

from aleppo.measure import harm
from aleppo.show import theme
from aleppo.show.chapters import siege_and_harm as draw
from aleppo.show.chapters import siege_and_harm_tables as tables
from aleppo.show.figure import about

NA = float("nan")


def figures(*rows):
    frame = pd.DataFrame(
        rows, columns=["row_id", "attributed_to", "period_start", "period_end", "low", "best", "high"]
    )
    return frame.assign(source_ids="s", verified="yes")


def estimate(key, best, side, **other):
    east = side == "east"
    row = {
        "estimate_id": key, "quantity": "deaths", "population": "civilians", "governorate": "SY02",
        "area": "Aleppo city (east)" if east else "Aleppo city (west)", "period_start": "2016-07-31",
        "period_end": "2016-08-31", "low": NA, "best": best, "high": NA, "attributed_to": "SOHR",
        "perpetrator": "aircraft" if east else "armed opposition shelling", "source_ids": "s", "verified": "yes",
    }  # fmt: skip
    return row | other


@pytest.fixture
def two_sides():
    parts = harm.two_sides(
        pd.DataFrame(
            [
                estimate("E1", 221.0, "east"),
                estimate("E2", 7.0, "east", perpetrator="government shelling"),
                estimate("W", 76.0, "west"),
            ]
        )
    )
    return draw.two_sides_figure(parts, harm.side_totals(parts)).payload


def test_both_sides_are_bars_of_one_width_on_one_axis_in_their_own_colours(two_sides):
    bars = [t for t in two_sides["data"] if t["type"] == "bar"]
    assert {t["width"] for t in bars} == {draw.BAR}
    assert [(t["base"], t["x"]) for t in bars] == [([0], [221]), ([221], [7]), ([0], [76])]
    assert bars[0]["marker"]["color"] == theme.HOLDERS["opposition"]
    assert bars[2]["marker"]["color"] == theme.HOLDERS["government"]


def test_the_sides_are_named_with_their_sums_and_the_share_of_the_west(two_sides):
    facts = about(two_sides)
    assert "25\xa0% of the deaths" in facts["title"]
    assert "SOHR, 31 July – 31 Aug 2016: east 228, west 76" in facts["alt"]


def test_the_people_of_the_east_run_from_the_lowest_bound_to_the_highest_before_the_offensive():
    rows = figures(
        (
            "A",
            "published figures, as reviewed by the Atlantic Council",
            "2016-07",
            "2016-11",
            30_000,
            NA,
            326_000,
        ),
        ("B", "United Nations", "2016-07-12", "2016-07-12", NA, 300_000, NA),
        ("C", "OHCHR", "2016-12-09", "2016-12-09", NA, 10_000, NA),
        ("POP-009", "own addition of OCHA counts", "2016-12-31", "2016-12-31", NA, 147_000, NA),
    )
    facts = about(draw.people_figure(rows).payload)
    assert "from 30,000 to 326,000" in facts["title"]
    assert facts["title"].endswith("147,000")


def test_evacuees_are_compared_on_one_day_and_at_the_end():
    rows = figures(
        ("DIS-011", "SOHR", "2016-12-15", "2016-12-20", NA, 16_200, NA),
        ("DIS-010", "ICRC", "2016-12-15", "2016-12-20", NA, 25_000, NA),
        ("X", "OCHA", "2016-12-15", "2016-12-22", 36_000, NA, NA),
        ("Y", "Turkish prime minister Yildirim", "2016-12-15", "2016-12-22", NA, 40_000, NA),
    )
    rows.loc[1, "verified"] = "no"
    facts = about(draw.evacuated_figure(rows).payload)
    assert "SOHR counted 16,200" in facts["title"] and "from 36,000 to 40,000" in facts["title"]
    assert "ICRC, 15–20 Dec 2016†: 25,000" in facts["alt"]


def test_displacement_tells_counts_from_announcements():
    february = figures(("A", "IOM", "2016-02-01", "2016-02-15", NA, 78_000, NA)).assign(quantity="displaced")
    december = figures(
        ("B", "OCHA", "2016-11-24", "2016-12-12", NA, 37_000, NA),
        ("C", "Russian Ministry of Defence / General Staff", "2016-11-26", "2016-12-16", 95_000, NA, 110_000),
    ).assign(quantity=["displaced", "persons said to have left eastern Aleppo"])
    facts = about(draw.displaced_figure(february, december).payload)
    assert "OCHA counted up to 37,000" in facts["title"] and "up to 110,000" in facts["title"]
    assert "Russian Ministry of Defence, said to have left, 26 Nov – 16 Dec 2016" in facts["alt"]


def test_the_west_says_who_counted_when_and_whom():
    rows = figures(
        ("WAL-001", "Aleppo forensic medicine (government)", "2015-01", "2015-12", NA, 930, NA),
        ("WAL-003", "General Authority for Forensic Medicine (government)", "2012", "2017", NA, 13_000, NA),
        ("WAL-005", "General Authority for Forensic Medicine (government)", "2012", "2020", NA, 9_414, NA),
    ).assign(area="Aleppo", population=["civilians", "all persons", "all persons"],
             perpetrator=["armed opposition shelling", "armed groups", "not stated"])  # fmt: skip
    facts = about(draw.west_figure(rows).payload)
    assert "930 civilians" in facts["title"] and "from 9,414 to 13,000" in facts["title"]
    assert "forensic authority, 2012 – 2020, all persons, any cause: 9,414" in facts["alt"]


def test_the_forensic_service_wears_the_sign_of_the_government():
    rows = figures(("WAL-001", "Aleppo forensic medicine (government)", "2015-01", "2015-12", NA, 930, NA))
    drawn, _ = draw._rows(rows, draw.who)
    assert drawn["family"].tolist() == ["Syrian government"]


@pytest.fixture
def incidents():
    events = pd.DataFrame(
        {
            "event_id": ["E1", "E2", "E3"],
            "date_start": pd.to_datetime(["2016-05-03", "2016-09-23", "2016-10-01"]),
            "date_precision": ["day", "month", "day"],
            "domain": ["medical", "airstrike", "airstrike"],
            "governorate": "SY02",
            "place": ["western Aleppo", "Eastern Aleppo", "Sakhour"],
            "actors": ["armed opposition", "attributed to Russian or Syrian aircraft", "disputed"],
            "summary": "What is said.",
            "value": [3.0, 406.0, NA],
            "unit": ["killed", "killed (east)", None],
            "source_ids": ["a", "b", "c"],
            "verified": ["yes", "yes", "no"],
        }
    )
    return tables.incidents_table(harm.incidents(events)).payload


def test_incidents_of_both_sides_stand_in_one_table_to_filter_by_side(incidents):
    assert incidents["explore"][0]["choices"] == [
        "Syrian or Russian forces",
        "armed opposition",
        "disputed or nobody",
    ]
    assert [row[0] for row in incidents["rows"]] == ["3\xa0May 2016", "September 2016", "1\xa0October 2016"]


def test_one_rule_chooses_what_is_printed_of_either_side(incidents):
    assert incidents["print_rows"] == [1]


def test_an_incident_that_was_not_verified_is_marked(incidents):
    assert incidents["rows"][2][3] == "disputed†"
    assert incidents["rows"][2][2] == "–"
