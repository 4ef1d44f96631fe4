"""The verdicts on the ITV article's claims on the front lines and the toll, on the committed data."""

from __future__ import annotations

import pytest

from aleppo.claims import ledger
from aleppo.claims.exhibits import Exhibits
from aleppo.claims.verdict import Verdict

DOMAINS = ("front_lines", "civilian_toll")


@pytest.fixture(scope="module")
def exhibits():
    return Exhibits()


@pytest.fixture(scope="module")
def tests():
    return ledger.all_tests()


@pytest.fixture(scope="module")
def claims(exhibits):
    rows = exhibits["claims"]
    return list(rows.loc[(rows["article"] == "itv") & rows["domain"].isin(DOMAINS), "claim_id"])


@pytest.fixture
def verdict(exhibits, tests):
    def decided(claim: str) -> Verdict:
        return tests[claim].decide(exhibits.fresh())

    return decided


def test_every_claim_has_a_test_and_most_are_computed(claims, tests):
    assert len(claims) == 47
    assert set(claims) <= set(tests)
    assert sum(tests[claim].computed for claim in claims) >= 30


@pytest.mark.parametrize(
    ("claim", "expected", "source"),
    [
        ("ITV-50", "corrected", "pj-media-20161221-human-rights"),
        ("ITV-41", "corrected", "bbc-20160818-conflict-outrage"),
        ("ITV-43", "corrected", "amnesty-20150505-barrel-bombs"),
        ("ITV-48", "corrected", "afp-20161022-truce-enters"),
        ("ITV-57", "contested", "ibt-20161128-huge-gains"),
        ("ITV-35", "contested", "un-20161221-s-2016-1093"),
    ],
)
def test_what_the_article_misstates_is_a_verdict_with_the_source_against_it(verdict, claim, expected, source):
    found = verdict(claim)
    assert found.verdict == expected
    assert source in found.opposes


def test_the_round_figure_is_the_observatorys_count_of_the_province_since_2011(verdict):
    figures = verdict("ITV-50").figures
    assert figures["count"].best == 21452
    assert (figures["area"].best, figures["start"].best) == ("Aleppo Governorate", "2011-03")


def test_the_picture_is_of_august_and_the_article_gives_september(verdict):
    figures = verdict("ITV-41").figures
    assert (figures["when"].best, figures["given"].best) == ("2016-08-17", "2016-09")


def test_fewer_than_a_hundred_people_were_counted_out_of_the_east_in_october(verdict):
    figures = verdict("ITV-48").figures
    assert figures["left"].best == 8 + 7 + 48
    assert figures["people"].best == 275000


def test_the_new_corridor_was_under_fire_and_lasted_about_a_month(verdict):
    assert verdict("ITV-30").verdict == "partly"
    days = verdict("ITV-31").figures["days"]
    assert (days.low, days.best, days.high) == (22, 29, 33)


def test_every_verdict_but_the_one_on_causes_names_a_source_of_the_table(claims, exhibits, verdict):
    known = set(exhibits["sources"]["source_id"])
    for claim in claims:
        found = verdict(claim)
        named = {*found.supports, *found.opposes}
        assert named <= known
        assert named or found.verdict == "cannot_be_tested"


def test_a_forecast_that_a_first_reading_called_borne_out_says_why_it_is_not_here(verdict):
    for claim in ("ITV-61", "ITV-64"):
        found = verdict(claim)
        assert found.verdict == "partly"
        assert "first reading" in found.reason
