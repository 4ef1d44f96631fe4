"""Every reconciliation, on the committed data: one that does not hold is named with what is left over."""

from __future__ import annotations

import pandas as pd
import pytest

from aleppo.evidence import load, load_corrections
from aleppo.evidence.paths import DATA_VARIABLE
from aleppo.measure import reconcile


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(DATA_VARIABLE, raising=False)
        return {name: load(name) for name in reconcile.TABLES}


@pytest.fixture(scope="module")
def checks(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    return reconcile.every_check(tables).set_index("check")


@pytest.mark.parametrize("family", reconcile.FAMILIES)
def test_every_reconciliation_holds(family: str, checks: pd.DataFrame) -> None:
    some = checks[checks["family"] == family]
    assert len(some) > 0
    broken = some[some["holds"] != "yes"]
    assert [
        f"{name} ({row['what']}, {row['publisher']}): {row['residual']:+g} {row['unit']} left over, "
        f"{row['tolerance']:g} allowed"
        for name, row in broken.iterrows()
    ] == []


def test_every_comparison_has_an_id_of_its_own(checks: pd.DataFrame) -> None:
    assert checks.index.is_unique


def test_every_comparison_says_what_is_allowed_and_why(checks: pd.DataFrame) -> None:
    assert checks[["residual", "tolerance"]].notna().all(axis=None)
    assert checks["reason"].str.endswith(".").all()
    assert (checks["tolerance"] >= 0).all()


def test_every_vote_of_the_council_is_compared(checks: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> None:
    compared = set(checks.index[checks["family"] == "council"].str.rsplit("-", n=1).str[0])
    assert compared == set(tables["unsc_votes"]["vote_id"])


def test_airwars_incidents_of_january_2016_are_three_more_than_its_report_had(checks: pd.DataFrame) -> None:
    row = checks.loc["MP-0138"]
    assert (row["ours"], row["published"], row["residual"]) == (180, 177, 3)


def test_deaths_alleged_in_january_2016_are_a_few_more_than_in_the_report_of_airwars(
    checks: pd.DataFrame,
) -> None:
    row = checks.loc["MP-0139"]
    assert row[["ours_low", "ours_high"]].tolist() == [1015, 1422]
    assert row[["published_low", "published_high"]].tolist() == [1006, 1410]
    assert row["residual"] == 12


def test_every_figure_that_airwars_published_for_a_month_of_syria_is_compared(
    checks: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> None:
    monthly = tables["monthly_published"]
    own = monthly[(monthly["series"] == "Airwars monthly (as published)") & (monthly["area"] == "Syria")]
    assert set(own["monthly_id"]) <= set(checks.index)


def test_the_first_batch_of_the_vdc_is_counted_alike_by_place_and_by_cause(checks: pd.DataFrame) -> None:
    assert checks.loc["vdc-batch-1-deaths", ["ours", "published"]].tolist() == [137_475, 137_475]
    assert checks.loc["vdc-batch-1-weeks", ["ours", "published"]].tolist() == [398, 398]


def test_the_vdc_has_fewer_records_than_ids(checks: pd.DataFrame) -> None:
    row = checks.loc["vdc-batches-ids"]
    assert row["ours"] == 137_475 + 32_990
    assert row["ours"] < row["published_high"]


def test_the_months_of_ucdp_and_what_they_leave_out_are_its_year_of_aleppo(checks: pd.DataFrame) -> None:
    row = checks.loc["ucdp-aleppo-2016"]
    assert row[["ours_low", "ours", "ours_high"]].tolist() == [13_117, 13_214, 13_648]
    assert (row["residual"], row["tolerance"]) == (0, 0)


def test_a_later_release_of_ucdp_has_more_deaths_in_each_year(checks: pd.DataFrame) -> None:
    later = checks.loc[["ucdp-syria-2016", "ucdp-syria-2017"]]
    assert later["residual"].tolist() == [-5181, -5201]


def test_every_share_published_of_eastern_aleppo_is_compared(checks: pd.DataFrame) -> None:
    shares = checks[checks["family"] == "control"]
    assert len(shares) == 23
    assert shares["residual"].abs().max() < 23


def test_rolls_known_in_part_are_told_and_not_hidden(tables: dict[str, pd.DataFrame]) -> None:
    rolls = reconcile.incomplete_rolls(tables["un_body_votes"], tables["un_body_member_votes"])
    rolls = rolls.set_index("vote_id")
    assert rolls.loc["HR22", ["known", "missing"]].tolist() == [7, 40]
    assert "Zimbabwe" in rolls.loc["GA10", "note"]
    assert set(tables["un_body_votes"].query("roll == 'partial'")["vote_id"]) == set(rolls.index)


def test_a_figure_that_was_not_verified_is_known_as_such(
    checks: pd.DataFrame, tables: dict[str, pd.DataFrame]
) -> None:
    votes = tables["un_body_votes"].set_index("vote_id")["verified"]
    bodies = checks[checks["family"] == "bodies"]
    expected = bodies.index.str.rsplit("-", n=1).str[0].map(votes)
    assert bodies["verified"].tolist() == expected.tolist()


def test_what_is_left_out_of_the_comparisons_is_counted(tables: dict[str, pd.DataFrame]) -> None:
    left_out = reconcile.not_compared(tables)
    assert (left_out["figures"] > 0).all()
    assert len(left_out) == 6


def test_the_corrections_that_were_named_are_in_the_register() -> None:
    rows = load_corrections().set_index("label")
    assert {"round-count-of-civilians-killed", "month-of-the-picture-of-a-wounded-boy"} <= set(rows.index)
    before = load("estimates", corrected=False).set_index("estimate_id").loc["ALP-002"]
    after = load("estimates").set_index("estimate_id").loc["ALP-002"]
    assert (before["area"], before["period_start"]) == ("Aleppo (battle)", "2012-07")
    assert (after["area"], after["period_start"]) == ("Aleppo Governorate", "2011-03")


def test_a_claim_keeps_the_month_that_the_article_gives() -> None:
    claim = load("claims").set_index("claim_id").loc["ITV-41"]
    assert claim["value"] == "2016-09"
    assert claim["check_note"].endswith("The date to use is August 2016; the value is what the article says.")
