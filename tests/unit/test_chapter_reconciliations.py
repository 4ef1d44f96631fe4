"""Figure and tables of the page on reconciliations, on small made comparisons."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.measure import reconcile
from aleppo.measure.reconcile import Amount, Check
from aleppo.measure.reconcile.amounts import frame
from aleppo.show.chapters import reconciliations as draw
from aleppo.show.figure import about

TABLES = ["estimates"]
RUSSIAN, OTHER = "Russian Reconciliation Centre", "civil defence spokesman"


def check(name: str, **changes: object) -> Check:
    row = {
        "check": name,
        "family": "control",
        "what": "2016-12-05: share retaken",
        "publisher": "SOHR",
        "unit": "percentage points",
        "ours": Amount(30, 40, 50),
        "published": Amount(best=35),
        "tolerance": 10.0,
        "reason": "Half of our band.",
        "source_ids": "a;b",
    }
    return Check(**row | changes)  # type: ignore[arg-type]


def incidents(name: str, **changes: object) -> Check:
    row = {
        "family": "airwars_incidents",
        "what": "2016-01: alleged incidents",
        "publisher": "Airwars",
        "unit": "incidents",
        "ours": Amount(best=180),
        "published": Amount(best=177),
        "tolerance": 8.85,
        "reason": "Five percent.",
        "source_ids": "c",
    }
    return check(name, **row | changes)


def exact(name: str, **changes: object) -> Check:
    row = {
        "family": "council",
        "what": "S/RES/1: yes",
        "publisher": "United Nations",
        "unit": "members",
        "ours": Amount(best=15),
        "published": Amount(best=15),
        "tolerance": 0.0,
        "reason": "Totals and roll are of the same fifteen members: none.",
        "source_ids": "d",
    }
    return check(name, **row | changes)


@pytest.fixture
def checks() -> pd.DataFrame:
    return frame([exact("SC1-yes"), incidents("MP-1"), check("CP-1"), check("CP-2", publisher=RUSSIAN)])


def points(payload: dict) -> dict[str, list[tuple[float, float]]]:
    traces = payload["data"]
    return {trace["name"]: list(zip(trace["x"], trace["y"], strict=True)) for trace in traces}


def test_what_must_agree_and_does_is_not_drawn(checks: pd.DataFrame) -> None:
    assert draw.with_tolerance(checks)["check"].tolist() == ["MP-1", "CP-1", "CP-2"]


def test_what_must_agree_and_does_not_is_drawn(checks: pd.DataFrame) -> None:
    broken = pd.concat([checks, frame([exact("SC2-yes", ours=Amount(best=14))])])
    assert "SC2-yes" in draw.with_tolerance(broken)["check"].tolist()
    payload = draw.residual_figure(broken, TABLES).payload
    [point] = points(payload)["UN"]
    assert point[0] == -draw.BEYOND
    assert "all but 1 stay within their tolerance" in about(payload)["title"]


def test_sentences_count_comparisons_and_quote_those_that_they_name(checks: pd.DataFrame) -> None:
    ours, published = Amount(high=1422, low=1015), Amount(high=1410, low=1006)
    named = [
        incidents("MP-0138", ours=Amount(best=181)),
        incidents("MP-0139", family="airwars_deaths", ours=ours, published=published, tolerance=400.0),
        exact("vdc-batches-ids", family="vdc", ours=Amount(best=178_165), published=Amount(high=250_000)),
        *(
            incidents(name, family="ucdp", ours=Amount(best=lower))
            for name, lower in (("u1", 170), ("u2", 175))
        ),
    ]
    compared = pd.concat([checks, frame(named)], ignore_index=True)
    rolls = pd.DataFrame({"vote_id": ["HR16", "HR22"], "missing": [2, 40], "known": [1, 7]})
    said = draw.numbers_said(compared, reconcile.summary(compared), rolls)
    assert said["checks-all"] == "9"
    assert (said["checks-exact"], said["checks-beyond"]) == ("2", "0")
    assert (said["airwars-ours"], said["airwars-published"]) == ("181", "177")
    assert (said["airwars-deaths-ours"], said["airwars-deaths-published"]) == ("1,015–1,422", "1,006–1,410")
    assert (said["checks-vdc-records"], said["checks-vdc-ids"]) == ("178,165", "250,000")
    assert said["checks-ucdp-residuals"] == "2–7"
    assert (said["checks-shares"], said["checks-shares-lower"]) == ("2", "2")
    assert (said["checks-rolls"], said["checks-special-missing"], said["checks-special-known"]) == (
        "2",
        "40",
        "7",
    )
    assert draw.largest_of_shares(compared) == 5.0


def test_every_point_is_the_residual_as_a_part_of_its_tolerance(checks: pd.DataFrame) -> None:
    drawn = points(draw.residual_figure(checks, TABLES).payload)
    assert drawn["Airwars"][0][0] == pytest.approx(3 / 8.85, abs=1e-4)
    assert drawn["SOHR"][0][0] == drawn["Russian MoD"][0][0] == 0.5


def test_points_that_would_cover_each_other_stand_one_above_the_other(checks: pd.DataFrame) -> None:
    drawn = points(draw.residual_figure(checks, TABLES).payload)
    assert drawn["SOHR"][0][1] != drawn["Russian MoD"][0][1]


def test_the_title_counts_what_holds_and_on_which_side_ours_lies(checks: pd.DataFrame) -> None:
    lower = frame([check("CP-3", ours=Amount(20, 30, 40))])
    found = about(draw.residual_figure(pd.concat([checks, lower]), TABLES).payload)
    assert found["title"].startswith("Of 4 comparisons that may leave something over, all stay within")
    assert found["title"].endswith("ours is the higher figure in 3 and the lower in 1")
    assert found["sources"] == ["a", "b", "c"]


def test_the_alt_text_names_the_comparison_nearest_to_its_tolerance(checks: pd.DataFrame) -> None:
    near = frame([check("CP-3", publisher=OTHER, tolerance=5.5)])
    alt = draw.residual_figure(pd.concat([checks, near]), TABLES).alt
    assert f"5\u00a0December 2016: share retaken by {OTHER}, at 91\u00a0% of it" in alt


def row(table: object, place: int = 0) -> dict[str, str]:
    payload = table.payload  # type: ignore[attr-defined]
    heads = [column["label"] for column in payload["columns"]]
    return dict(zip(heads, payload["rows"][place], strict=True))


def test_the_table_has_every_comparison_and_prints_those_that_may_leave_something_over(
    checks: pd.DataFrame,
) -> None:
    payload = draw.residual_table(checks, TABLES).payload
    assert len(payload["rows"]) == 4
    assert payload["print_rows"] == [0, 1, 2]
    assert payload["rows"][3][0] == "S/RES/1: yes"


def test_a_row_has_residual_and_tolerance_in_the_unit_of_its_figure(checks: pd.DataFrame) -> None:
    table = draw.residual_table(checks, TABLES)
    assert row(table) == {
        "Figure": "January 2016: alleged incidents",
        "Published by": "Airwars",
        "Ours": "180",
        "Published": "177",
        "Residual": "+3 incidents",
        "Tolerance": "8.9",
        "Holds": "yes",
        "Read in": "c",
    }
    assert row(table, 1)["Ours"] == "40.0 [30.0–50.0]"
    assert row(table, 1)["Residual"] == "+5 points"


@pytest.mark.parametrize(
    ("published", "words"),
    [
        (Amount(low=120), "at least 120"),
        (Amount(high=120), "up to 120"),
        (Amount(low=100, high=120), "100–120"),
        (Amount(100, 110, 120), "110 [100–120]"),
    ],
)
def test_an_amount_is_a_figure_a_range_or_a_bound(published: Amount, words: str) -> None:
    table = draw.residual_table(frame([incidents("MP-1", published=published)]), TABLES)
    assert row(table)["Published"] == words


def test_a_figure_that_was_not_verified_is_marked_in_every_table() -> None:
    table = draw.residual_table(frame([incidents("MP-1", verified="no"), incidents("MP-2")]), TABLES)
    assert [row(table, place)["Figure"][-1] for place in (0, 1)] == ["†", "s"]


def test_tolerances_are_listed_with_their_reasons(checks: pd.DataFrame) -> None:
    table = draw.reasons_table(reconcile.reasons(checks), ["a"], TABLES)
    rows = [row(table, place) for place in range(3)]
    assert [found["Tolerance"] for found in rows] == ["none", "8.9 incidents", "10.0 points"]
    assert rows[0]["Why"] == "Totals and roll are of the same fifteen members."
    assert rows[2]["Number"] == "2"


def test_the_summary_shows_the_largest_residual_with_its_unit(checks: pd.DataFrame) -> None:
    table = draw.summary_table(reconcile.summary(checks), ["a"], TABLES)
    assert [row(table, place)["Largest residual"] for place in range(3)] == ["0", "+3 incidents", "+5 points"]


def test_a_roll_known_in_part_shows_what_is_missing_and_marks_what_was_not_verified() -> None:
    rolls = pd.DataFrame(
        {
            "vote_id": ["HR22", "HR16"],
            "date": pd.to_datetime(["2016-10-21", "2015-03-27"]),
            "symbol": ["A/HRC/RES/S-25/1", "A/HRC/RES/28/20"],
            "known": [7, 29],
            "missing": [40, 18],
            "note": ["Seven named", "Yes list seen"],
            "verified": ["yes", "no"],
            "source_ids": ["a", "b"],
        }
    )
    table = draw.rolls_table(rolls, TABLES)
    assert (row(table)["Known"], row(table)["Missing"]) == ("7", "40")
    assert row(table, 1)["Vote"] == "A/HRC/RES/28/20 †"


def test_a_correction_is_shown_as_published_and_as_it_is_read() -> None:
    register = pd.DataFrame(
        {
            "label": ["one", "two", "three"],
            "target": ["estimates", "claims", "towns"],
            "row": ["estimate_id: ALP-002", "claim_id: ITV-41", "town_id: T; area: Aleppo"],
            "action": ["override", "note", "drop"],
            "published": ["area: Aleppo (battle)", "value: 2016-09", "lat: 36"],
            "corrected": ["area: Aleppo Governorate", "check_note: Use August.", ""],
            "reason": ["Because.", "Because.", "Because."],
            "source_ids": ["a", "b;a", "c"],
            "status": ["open"] * 3,
        }
    )
    table = draw.corrections_table(register)
    assert [row(table, place)["Row and table"] for place in range(3)] == [
        "ALP-002 of estimates",
        "ITV-41 of claims",
        "T; Aleppo of towns",
    ]
    assert [row(table, place)["Read as"] for place in range(3)] == [
        "area: Aleppo Governorate",
        "as published, and added to its check note: Use August.",
        "left out",
    ]
    assert table.payload["sources"] == ["a", "b", "c"]


def test_what_is_not_compared_is_listed_with_the_reason() -> None:
    left_out = pd.DataFrame({"what": ["Shares"], "figures": [6], "reason": ["Another whole."]})
    assert row(draw.not_compared_table(left_out, ["a"], TABLES)) == {
        "Figures": "Shares",
        "Number": "6",
        "Reason": "Another whole.",
    }
