"""Claims on the background and the response: another row gives another verdict."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.tests import _rules as rules
from aleppo.claims.tests import background_and_response as tests
from aleppo.claims.verdict import Amount


def exhibits(**frames: pd.DataFrame) -> Exhibits:
    return Exhibits(frames.__getitem__)


# --- the rules ---


@pytest.mark.parametrize(
    ("published", "held"),
    [
        (Amount("count", 100), True),
        (Amount("count", 104), False),
        (Amount("count", low=90, high=110), True),
        (Amount("count", low=101, high=110), False),
        (Amount("count", low=90), True),
        (Amount("count", low=101), False),
        (Amount("count", high=99), False),
        (Amount("count", best=95, low=90, high=98), False),
    ],
)
def test_a_claimed_figure_agrees_with_one_a_range_or_a_bound(published, held):
    assert rules.agrees(100, published) is held


def test_a_tolerance_widens_what_agrees():
    assert rules.agrees(100, Amount("count", 104), tolerance=0.05)


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        ([100, 100], "supported"),
        ([100, 90], "contested"),
        ([80, 90], "not_supported"),
        ([], "cannot_be_tested"),
    ],
)
def test_the_verdict_on_a_figure_follows_how_many_published_ones_agree(published, verdict):
    assert rules.by_agreement(100, [Amount("count", value) for value in published]) == verdict


def test_a_range_spans_rival_figures_without_averaging_them():
    spanned = rules.range_of(
        [Amount("count", 30), Amount("count", low=10), Amount("count", low=20, best=25, high=40)]
    )
    assert (spanned.low, spanned.best, spanned.high) == (10, None, 40)


# --- the claims ---


@pytest.mark.parametrize(
    ("published", "verdict"), [("2016-02-07", "supported"), ("2016-02-09", "not_supported")]
)
def test_the_day_of_an_article_is_the_day_of_its_source(published, verdict):
    seen = exhibits(
        claims=pd.DataFrame({"claim_id": ["CNN-01"], "value": ["2016-02-07 23:33 EST"]}),
        sources=pd.DataFrame({"source_id": ["cnn-20160207-siege-marks"], "published": [published]}),
    )
    assert tests.article_is_dated(seen).verdict == verdict


def weekly(early: int, late: int) -> pd.DataFrame:
    """Aleppo's deaths before and during the battle, beside four governorates that keep theirs."""
    rows = [("2011-06-06", "SY02", early), ("2014-01-06", "SY02", late)]
    rows += [
        (week, f"SY0{number}", 100 + number)
        for week in ("2011-06-06", "2014-01-06")
        for number in range(3, 7)
    ]
    frame = pd.DataFrame(rows, columns=["week", "governorate", "deaths"])
    return frame.assign(week=pd.to_datetime(frame["week"]))


@pytest.mark.parametrize(
    ("early", "late", "verdict"),
    [(1, 500, "supported"), (1, 104, "partly"), (500, 500, "not_supported"), (500, 1, "not_supported")],
)
def test_aleppo_came_late_if_its_rank_rose_to_the_first(early, late, verdict):
    assert tests.aleppo_came_late(exhibits(vdc_deaths_weekly=weekly(early, late))).verdict == verdict


def truces(end: str, cessation: bool) -> pd.DataFrame:
    rows = [
        (
            "T1",
            "Kerry-Lavrov truce",
            "2016-09-12",
            end,
            "United States; Russian Federation",
            "Nationwide",
            "a",
        )
    ]
    if cessation:
        rows.append(
            ("T2", "Cessation", "2016-02-27", None, "United States; Russian Federation", "Nationwide", "b")
        )
    names = ["ceasefire_id", "name", "start", "end", "brokers", "area", "source_ids"]
    return pd.DataFrame(rows, columns=names).astype("string")


@pytest.mark.parametrize(
    ("end", "cessation", "verdict"),
    [
        ("2016-09-19", False, "supported"),
        ("2016-09-19", True, "partly"),
        ("2016-12-19", True, "not_supported"),
    ],
)
def test_pauses_were_short_if_none_lasted_and_none_was_left_open(end, cessation, verdict):
    assert (
        tests.pauses_by_washington_and_moscow(exhibits(ceasefires=truces(end, cessation))).verdict == verdict
    )


@pytest.mark.parametrize(
    ("perpetrators", "said", "verdict"),
    [
        (("Syrian air force", "not attributed"), "2016-09-25", "contested"),
        (("Russia", "Russia"), "2016-09-25", "supported"),
        (("Syrian air force", "not attributed"), "2016-09-26", "corrected"),
    ],
)
def test_the_convoy_is_contested_while_the_inquiries_name_somebody_else(perpetrators, said, verdict):
    seen = exhibits(
        claims=pd.DataFrame({"claim_id": ["ITV-35"], "value": ["2016-09-25"]}),
        measures=pd.DataFrame(
            {"measure_id": ["M18"], "date_start": pd.to_datetime([said]), "source_ids": ["a"]}
        ),
        estimates=pd.DataFrame(
            {"estimate_id": ["COI-002", "COI-003"], "perpetrator": perpetrators, "source_ids": ["b", "c"]}
        ),
    )
    assert tests.johnson_on_the_convoy(seen).verdict == verdict


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        (("vetoed", "failed", "adopted"), "supported"),
        (("vetoed", "adopted", "adopted"), "partly"),
        (("adopted", "adopted", "adopted"), "not_supported"),
    ],
)
def test_rival_drafts_that_fail_on_one_day_show_that_there_was_no_common_approach(outcomes, verdict):
    votes = pd.DataFrame(
        {
            "date": pd.to_datetime(["2016-10-08", "2016-10-08", "2016-12-19"]),
            "touches": ["aleppo;aid", "aleppo", "aleppo"],
            "outcome": outcomes,
            "source_ids": ["a", "b", "c"],
        }
    )
    assert tests.no_common_approach(exhibits(unsc_votes=votes)).verdict == verdict
