"""The chapter on who counts, drawn on small made figures."""

import pandas as pd
import pytest

from aleppo.measure import estimates as counts
from aleppo.show.chapters import who_counts as draw
from aleppo.show.chapters import who_counts_numbers as numbers
from aleppo.show.chapters import who_counts_tables as tables
from aleppo.show.figure import about

NA = float("nan")


@pytest.fixture
def year():
    return pd.DataFrame(
        {
            "words": ["", "", "", "fair"],
            "low": [NA, NA, 60.0, 20.0],
            "best": [0.0, 30.0, NA, NA],
            "high": [NA, NA, 90.0, 40.0],
            "counter": ["Russian Ministry of Defence", "SNHR", "Airwars", "Airwars"],
            "published": ["2016-04", "2016-10-01", "2026", "2026"],
            "row_id": ["D", "B", "A", "airwars_monthly"],
            "source_ids": ["d", "b", "a", "a"],
            "verified": ["yes", "no", "yes", "yes"],
        }
    )


def test_the_title_of_the_year_runs_from_the_lowest_to_the_highest_figure(year):
    assert about(draw.first_year_figure(year).payload)["title"].startswith("From 0 to 90:")


def test_the_year_says_who_and_when_and_marks_what_was_not_verified(year):
    alt = about(draw.first_year_figure(year).payload)["alt"]
    assert "Syrian Network (SNHR), published 2016†: 30" in alt
    assert "Airwars, all alleged: 60–90" in alt
    assert "Airwars, of these: graded fair: 20–40" in alt


def test_the_year_cites_every_source_once(year):
    assert about(draw.first_year_figure(year).payload)["sources"] == ["a", "b", "d"]


def figure_rows():
    rows = []
    for month, values in {"2016-02": (100.0, 110.0, 60.0), "2016-03": (50.0, 60.0, 30.0)}.items():
        for counter, value in zip(("SOHR", "SNHR", "UCDP"), values, strict=True):
            rows.append(("deaths", "civilians", "Syria", month, counter, NA, value, NA))
        rows.append(("deaths", "all persons", "Aleppo Governorate", month, "UCDP", 90.0, 100.0, 120.0))
        rows.append((counts.RUSSIAN, "civilians", "Syria", month, "SNHR", NA, 13.0, NA))
        rows.append((counts.RUSSIAN, "civilians", "Syria", month, "Airwars, all alleged", 208.0, NA, 284.0))
        rows.append(
            (counts.RUSSIAN, "civilians", "Syria", month, "Airwars, fair or confirmed", 69.0, NA, 82.0)
        )
    names = ["quantity", "population", "area", "month", "counter", "low", "best", "high"]
    return pd.DataFrame(rows, columns=names).assign(row_id="r", source_ids="s", verified="yes")


def test_both_panels_of_months_are_drawn_and_a_month_without_a_figure_breaks_the_line():
    rows = figure_rows()
    gone = rows[~((rows["month"] == "2016-02") & (rows["counter"] == "SOHR"))]
    vdc = pd.Series([70, 80], index=["2016-02", "2016-03"])
    payload = draw.monthly_figure(gone, vdc).payload
    sohr = next(t for t in payload["data"] if t.get("text") and t["text"][0].startswith("SOHR"))
    assert sohr["y"] == [None, 50]
    assert {row.split(",")[0] for row in about(payload)["csv"].splitlines()[1:]} == {
        '"Syria',
        '"Aleppo Governorate',
    }


def test_the_months_of_russian_strikes_name_march_with_both_figures():
    joint = pd.DataFrame(
        {"month": ["2016-03"], "low": [NA], "best": [223.0], "high": [NA], "row_id": ["j"], "source_ids": ["j"],
         "verified": ["yes"]}
    )  # fmt: skip
    facts = about(draw.russian_months_figure(figure_rows(), joint).payload)
    assert "SNHR attributes 13" in facts["title"]
    assert facts["title"].endswith("208–284")
    assert "SNHR lies below the second in 2 months, inside it in 0 and above it in 0" in facts["alt"]


def test_sentences_on_common_months_sum_what_all_three_counters_give():
    rows = figure_rows()
    civilians = rows[(rows["quantity"] == "deaths") & (rows["population"] == "civilians")]
    alone = civilians[(civilians["counter"] == "SOHR") & (civilians["month"] == "2016-02")].assign(
        month="2016-04"
    )
    assert numbers.of_common_months(pd.concat([civilians, alone])) == {
        "counts-common-months": "2",
        "counts-common-sohr": "150",
        "counts-common-snhr": "170",
        "counts-common-ucdp": "90",
    }


def test_sentences_on_russian_months_place_the_network_by_the_range_of_airwars_up_to_december():
    rows = figure_rows()
    russian = rows[rows["quantity"] == counts.RUSSIAN]
    inside = russian[russian["month"] == "2016-02"].assign(month="2016-12")
    inside.loc[inside["counter"] == "SNHR", "best"] = 75.0
    later = inside.assign(month="2017-01")
    assert numbers.of_russian_months(pd.concat([russian, inside, later])) == {
        "counts-placed": "3",
        "counts-placed-below": "2",
        "counts-placed-inside": "1",
        "counts-placed-above": "0",
        "counts-placed-all": "3",
        "counts-march-snhr": "13",
        "counts-march-airwars": "208–284",
        "counts-march-fair": "69–82",
    }


@pytest.fixture
def compared():
    rows = pd.DataFrame(
        {
            "quantity": counts.RUSSIAN,
            "population": "civilians",
            "area": "Syria",
            "start": pd.Timestamp("2015-09-30"),
            "end": pd.Timestamp("2016-09-30"),
            "low": [NA, 60.0, 27.0],
            "best": [30.0, NA, NA],
            "high": [NA, 90.0, NA],
            "counter": ["SNHR", "Airwars", "UK government"],
            "published": ["2016", "2026", "2016"],
            "row_id": ["B", "A", "C"],
            "source_ids": ["b", "a", "c"],
            "verified": ["no", "yes", "yes"],
        }
    )
    return counts.ratios(counts.same_questions(rows))


def test_the_disagreement_is_named_with_its_question_and_size(compared):
    facts = about(draw.disagreement_figure(compared, counts.spread(compared)).payload)
    assert "by ×3.00 to ×3.00" in facts["title"]
    assert "civilians, attributed to Russian strikes in Syria, 30 Sept 2015 – 30 Sept 2016" in facts["title"]


def test_what_is_only_drawn_as_ranges_has_the_sign_of_a_range_in_the_legend(compared):
    data = draw.disagreement_figure(compared, counts.spread(compared)).payload["data"]
    signs = {t["name"]: t["marker"]["symbol"] for t in data if t.get("showlegend")}
    assert signs == {"SNHR": "square", "Airwars": "line-ns-open"}


def test_the_table_of_questions_gives_figure_and_ratio_with_their_ranges(compared):
    rows = tables.questions_table(compared).payload["rows"]
    assert [row[1:4] for row in rows] == [
        ["SNHR†", "30", "1.00"],
        ["Airwars", "60–90", "2.00–3.00"],
        ["UK government", "at least 27", "at least 0.90"],
    ]


def test_the_table_of_estimates_can_be_filtered_and_prints_the_first_year():
    row = {
        "estimate_id": "RUS-014", "quantity": "deaths attributed to Russian strikes", "population": "civilians",
        "area": "Syria", "period_start": "2015-09-30", "period_end": "2016-09-30", "low": NA, "best": 3804.0,
        "high": NA, "unit": "persons", "attributed_to": "SOHR", "perpetrator": "Russian forces (alleged)",
        "source_ids": "s", "verified": "yes", "note": pd.NA,
    }  # fmt: skip
    other = row | {
        "estimate_id": "HLT-001",
        "quantity": "functioning hospitals",
        "best": 0.0,
        "verified": "no",
    }
    payload = tables.estimates_table(pd.DataFrame([other, row])).payload
    assert payload["print_rows"] == [1]
    assert payload["rows"][0][5] == "SOHR†"
    assert payload["explore"][0]["choices"] == ["deaths", "health care"]
