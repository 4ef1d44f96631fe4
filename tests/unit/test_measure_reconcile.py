"""Residuals, tolerances and what holds, on small made evidence."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.measure import reconcile
from aleppo.measure.reconcile import Amount, Check, residual, shares
from aleppo.measure.reconcile.amounts import frame

# --- residuals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ours", "published", "left"),
    [
        (Amount(best=180), Amount(best=177), 3),
        (Amount(5, 6, 9), Amount(best=8), -2),
        (Amount(best=7), Amount(low=5, high=9), 0),
        (Amount(best=4), Amount(low=5, high=9), -1),
        (Amount(best=11), Amount(low=5, high=9), 2),
        (Amount(best=152), Amount(low=120), 0),
        (Amount(best=110), Amount(low=120), -10),
        (Amount(best=3), Amount(high=5), 0),
        (Amount(best=6), Amount(high=5), 1),
        (Amount(low=1015, high=1422), Amount(low=1006, high=1410), 12),
        (Amount(low=900, high=1411), Amount(low=1006, high=1410), -106),
        (Amount(low=685, high=1264), Amount(high=1005), 259),
        (Amount(low=685, high=900), Amount(high=1005), 0),
    ],
)
def test_a_residual_is_what_lies_between_two_amounts(ours: Amount, published: Amount, left: float) -> None:
    assert residual(ours, published) == left


def test_amounts_without_a_part_in_common_do_not_compare() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        residual(Amount(low=1), Amount(high=2))


numbers = st.integers(0, 10**6).map(float)


@given(numbers, numbers, numbers)
def test_inside_a_published_range_nothing_is_left_over_and_outside_the_distance_is(
    figure: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    left = residual(Amount(best=figure), Amount(low=low, high=high))
    assert left == min(figure - low, 0) + max(figure - high, 0)


@given(numbers, numbers, numbers, numbers)
def test_two_ranges_leave_nothing_over_only_when_they_are_the_same(
    a: float, b: float, c: float, d: float
) -> None:
    ours, published = Amount(low=min(a, b), high=max(a, b)), Amount(low=min(c, d), high=max(c, d))
    assert (residual(ours, published) == 0) == (ours == published)


@pytest.mark.parametrize(("tolerance", "holds"), [(2.9, "no"), (3.0, "yes"), (4.0, "yes")])
def test_a_check_holds_up_to_its_tolerance_and_no_further(tolerance: float, holds: str) -> None:
    row = Check(
        "c", "vdc", "w", "VDC", "people", Amount(best=10), Amount(best=13), tolerance, "because", "s"
    ).row
    assert (row["residual"], row["holds"]) == (-3, holds)


def test_a_missing_bound_is_read_as_none_and_never_as_zero() -> None:
    assert reconcile.amount({"low": float("nan"), "best": 4, "high": pd.NA}) == Amount(None, 4.0, None)


# --- votes ----------------------------------------------------------------------------------------------


def body(vote: str, roll: str = "complete", note: str = "", **totals: int) -> dict[str, object]:
    return {
        "vote_id": vote,
        "date": pd.Timestamp("2016-10-21"),
        "symbol": f"A/{vote}",
        "roll": roll,
        "yes": totals.get("yes"),
        "no": totals.get("no"),
        "abstain": totals.get("abstain"),
        "absent": totals.get("absent"),
        "source_ids": "un",
        "verified": "yes",
        "note": note,
    }


def members(vote: str, **votes: int) -> list[dict[str, object]]:
    return [{"vote_id": vote, "vote": position} for position, count in votes.items() for _ in range(count)]


def test_a_whole_roll_must_add_up_to_its_totals() -> None:
    checks = reconcile.body_votes(
        pd.DataFrame([body("V1", yes=2, no=1)]), pd.DataFrame(members("V1", yes=2, no=2))
    ).set_index("check")
    assert checks["residual"].to_dict() == {"V1-yes": 0, "V1-no": 1}
    assert checks["holds"].to_dict() == {"V1-yes": "yes", "V1-no": "no"}


def test_a_position_without_a_total_has_no_check() -> None:
    votes = pd.DataFrame([body("V1", yes=2, no=1)])
    assert set(reconcile.body_votes(votes, pd.DataFrame(members("V1", yes=2)))["check"]) == {
        "V1-yes",
        "V1-no",
    }


def test_votes_missing_from_a_partial_roll_are_no_failure_but_one_too_many_is() -> None:
    votes = pd.DataFrame([body("V1", roll="partial", yes=24, no=7)])
    roll = pd.DataFrame(members("V1", no=8, not_established=24))
    checks = reconcile.body_votes(votes, roll).set_index("check")
    assert checks["holds"].to_dict() == {"V1-yes": "yes", "V1-no": "no"}
    assert checks.loc["V1-no", "residual"] == 1


def test_totals_without_a_roll_are_not_compared() -> None:
    votes = pd.DataFrame([body("V1", roll="totals_only", yes=24)])
    assert reconcile.body_votes(votes, pd.DataFrame(members("V2", yes=1))).empty


def test_a_total_made_from_the_roll_says_that_its_agreement_proves_little() -> None:
    votes = pd.DataFrame([body("V1", note="Totals computed from the dataset roll call; first text", yes=1)])
    [reason] = reconcile.body_votes(votes, pd.DataFrame(members("V1", yes=1)))["reason"]
    assert "added up from this roll" in reason


def test_an_incomplete_roll_is_told_with_what_is_known_and_what_is_missing() -> None:
    votes = pd.DataFrame(
        [
            body("V1", roll="partial", note="Seven named", yes=24, no=7, abstain=16, absent=0),
            body("V2", yes=1),
        ]
    )
    roll = pd.DataFrame(members("V1", no=7, not_established=40) + members("V2", yes=1))
    [row] = reconcile.incomplete_rolls(votes, roll).to_dict("records")
    assert (row["vote_id"], row["known"], row["missing"], row["note"]) == ("V1", 7, 40, "Seven named")


def test_a_vote_of_the_council_compares_each_of_its_totals() -> None:
    votes = pd.DataFrame([body("SC1", yes=3, no=2, abstain=0, absent=0)])
    checks = reconcile.council_votes(votes, pd.DataFrame(members("SC1", yes=3, no=2)))
    assert len(checks) == 4
    assert set(checks["holds"]) == {"yes"}


# --- Airwars --------------------------------------------------------------------------------------------

INCIDENTS = pd.DataFrame(
    [
        # month, governorate, belligerent, grading, incidents, killed_min, killed_max
        ("2015-09", "SY02", "Russian Military", "Fair", 1, 1, 2),
        ("2015-10", "SY02", "Russian Military", "Fair", 2, 10, 20),
        ("2015-10", "SY05", "Russian Military;Syrian Regime", "Contested", 3, 30, 40),
        ("2015-10", "SY05", "Syrian Regime", "Fair", 5, 50, 60),
        ("2015-10", "SY02", "U.S.-led Coalition", "Fair", 7, 70, 80),
        ("2015-10", "SY02", "Russian Military;U.S.-led Coalition", "Fair", 1, 0, 0),
        ("2015-10", "outside_syria", "U.S.-led Coalition", "Weak", 1, 1, 1),
    ],
    columns=["month", "governorate", "belligerent", "grading", "incidents", "killed_min", "killed_max"],
)


@pytest.mark.parametrize(
    ("asked", "incidents", "low", "high"),
    [
        ({"russian": True}, 7, 41, 62),
        ({"russian": True, "aleppo": True}, 4, 11, 22),
        ({"russian": True, "graded": True}, 4, 11, 22),
        ({"russian": False}, 8, 71, 81),
    ],
    ids=["with the last day of September", "Aleppo", "graded", "the coalition alone, and beyond the border"],
)
def test_sums_of_incidents_are_of_the_force_the_place_and_the_grading(
    asked: dict[str, bool], incidents: int, low: int, high: int
) -> None:
    found = reconcile.airwars_sums(INCIDENTS, ["2015-10"], **asked)
    assert found == (Amount(best=incidents), Amount(low=low, high=high))


def monthly(**cells: object) -> pd.DataFrame:
    row = {
        "monthly_id": "MP-1",
        "month": "2015-10",
        "series": "Airwars monthly (as published)",
        "area": "Syria",
        "attributed_to": "Russian forces (alleged)",
        "quantity": "alleged incidents",
        "low": None,
        "best": None,
        "high": None,
        "source_ids": "airwars",
        "verified": "yes",
    }
    return pd.DataFrame([row | cells])


def test_incidents_may_differ_from_a_report_by_five_percent_of_it() -> None:
    [row] = reconcile.airwars_published(INCIDENTS, monthly(best=10)).to_dict("records")
    assert (row["residual"], row["tolerance"], row["holds"]) == (-3, 0.5, "no")


def test_deaths_may_differ_from_a_report_by_the_width_of_our_own_range() -> None:
    rows = monthly(quantity="claimed civilian deaths, all alleged", low=30, high=45)
    [row] = reconcile.airwars_published(INCIDENTS, rows).to_dict("records")
    assert (row["family"], row["residual"], row["tolerance"]) == ("airwars_deaths", 17, 21)


def test_figures_of_iraq_and_syria_together_are_not_compared() -> None:
    assert reconcile.airwars_published(INCIDENTS, monthly(area="Iraq and Syria", best=10)).empty


def test_the_archive_must_give_what_an_earlier_tally_of_it_gave() -> None:
    rows = monthly(series="Airwars incident archive (own tally)", quantity="incidents, all alleged", best=6)
    [row] = reconcile.airwars_archive(INCIDENTS, rows).to_dict("records")
    assert (row["residual"], row["tolerance"], row["holds"]) == (1, 0, "no")


# --- VDC and UCDP ---------------------------------------------------------------------------------------


def estimates(**changes: dict[str, object]) -> pd.DataFrame:
    rows = {
        "SYR-024": {"best": 30.0, "period_end": "2016-12"},
        "SYR-020": {"best": 60.0, "period_end": "2017-01-31"},
        "SYR-057": {"high": 100.0, "period_end": "2019"},
        "ALP-015": {"low": 8.0, "best": 9.0, "high": 12.0, "area": "Aleppo Governorate"},
        "ALP-078": {"low": 4.0, "best": 5.0, "high": 6.0},
        "SYR-030": {"low": 20.0, "best": 22.0, "high": 30.0, "area": "Syria"},
        "SYR-055": {"low": 2.0, "best": 2.0, "high": 2.0},
        "SYR-031": {"low": 20.0, "best": 20.0, "high": 30.0, "area": "Syria"},
        "SYR-056": {"low": 1.0, "best": 1.0, "high": 1.0},
    }
    empty = {"low": None, "best": None, "high": None, "source_ids": "s", "verified": "yes"}
    listed = [{"estimate_id": name, **empty, **row, **changes.get(name, {})} for name, row in rows.items()]
    return pd.DataFrame(listed)


WEEKS = pd.to_datetime(["2016-12-19", "2016-12-26", "2017-01-02"])
BY_PLACE = pd.DataFrame({"week": WEEKS.repeat(2), "deaths": [5, 5, 6, 6, 7, 7]})
BY_CAUSE = pd.DataFrame({"week": WEEKS, "deaths": [10, 12, 14]})
SECOND = pd.DataFrame({"month": ["2016-12", "2017-01"], "deaths": [20, 30]})


def vdc(**changes: pd.DataFrame) -> pd.DataFrame:
    given_ = {"weekly": BY_PLACE, "causes": BY_CAUSE, "composition": SECOND, "estimates": estimates()}
    return reconcile.vdc_batches(**given_ | changes).set_index("check")


def test_two_counts_of_one_batch_must_agree_in_sum_and_in_every_week() -> None:
    assert set(vdc()["holds"]) == {"yes"}
    moved = BY_CAUSE.assign(deaths=[11, 11, 14])
    found = vdc(causes=moved)["residual"]
    assert (found["vdc-batch-1-deaths"], found["vdc-batch-1-weeks"]) == (0, -2)


def test_a_week_that_only_one_of_two_counts_has_does_not_agree() -> None:
    assert vdc(causes=BY_CAUSE.iloc[:2])["residual"]["vdc-batch-1-weeks"] == -1


def test_both_batches_together_must_lie_between_the_two_published_totals() -> None:
    row = vdc().loc["vdc-batches-to-2016"]
    assert (row["ours"], row["published_low"], row["published_high"]) == (42, 30, 60)
    lower = estimates(**{"SYR-020": {"best": 40.0}})
    assert vdc(estimates=lower)["residual"]["vdc-batches-to-2016"] == 2


def test_there_cannot_be_more_records_than_ids() -> None:
    assert vdc().loc["vdc-batches-ids", ["ours", "published_high", "residual"]].tolist() == [86, 100, 0]
    fewer = estimates(**{"SYR-057": {"high": 80.0}})
    assert vdc(estimates=fewer)["holds"]["vdc-batches-ids"] == "no"


GED = pd.DataFrame(
    [
        ("2016-01", "SY02", 3, 3, 5),
        ("2016-12", "SY02", 1, 1, 1),
        ("2016-12", "SY05", 9, 10, 11),
        ("2017-01", "SY02", 7, 9, 9),
    ],
    columns=["month", "governorate", "low", "best", "high"],
)


def test_a_year_is_the_months_and_the_events_left_out_of_them() -> None:
    found = reconcile.ucdp_years(GED, estimates()).set_index("check")
    row = found.loc["ucdp-aleppo-2016"]
    assert row[["ours_low", "ours", "ours_high"]].tolist() == [8, 9, 12]
    assert (row["residual"], row["tolerance"]) == (0, 0)


def test_a_later_release_may_have_raised_a_year_by_as_much_as_one_is_known_to_have() -> None:
    found = reconcile.ucdp_years(GED, estimates()).set_index("check")
    row = found.loc["ucdp-syria-2016"]
    assert row["residual"] == 16 - 22
    assert row["tolerance"] == pytest.approx(22 - 22 / 1.17)
    assert row["holds"] == "no"


def test_a_year_whose_events_left_out_are_not_known_has_no_row() -> None:
    with pytest.raises(KeyError, match="ALP-078"):
        reconcile.ucdp_years(GED, estimates()[lambda rows: rows["estimate_id"] != "ALP-078"])


# --- control --------------------------------------------------------------------------------------------


def test_the_tolerance_of_a_share_is_half_the_band_and_half_the_spread_around_the_day() -> None:
    published = pd.DataFrame(
        {
            "date": pd.to_datetime(["2016-12-05", "2016-12-06", "2016-12-08"]),
            "share": [0.35, 0.15, 0.9],
        }
    )
    assert shares.tolerance(pd.Timestamp("2016-12-06"), 0.2, published) == pytest.approx(0.2)
    assert shares.tolerance(pd.Timestamp("2016-12-08"), 0.2, published) == pytest.approx(0.1)


def test_a_published_share_is_held_against_our_midpoint_of_the_day() -> None:
    spells = pd.DataFrame(
        [
            ("A", "opposition", None, "2016-11-01", "2016-11-27"),
            ("A", "government", None, "2016-11-28", "2016-12-22"),
            ("B", "opposition", None, "2016-11-01", "2016-12-12"),
            ("B", "government", None, "2016-12-13", "2016-12-22"),
        ],
        columns=["place_id", "holder", "contested_by", "start", "end"],
    )
    spells = spells.assign(start=pd.to_datetime(spells["start"]), end=pd.to_datetime(spells["end"]))
    places = pd.DataFrame({"place_id": ["A", "B"], "area_km2": [6.0, 4.0]})
    published = pd.DataFrame(
        [
            ("CP-1", "2016-11-28", "share_retaken", 70.0, "SOHR"),
            ("CP-2", "2016-11-27", "total_area", 45.0, "army"),
        ],
        columns=["published_id", "date_end", "measure", "value", "attributed_to"],
    ).assign(area_name="East Aleppo (opposition)", source_ids="s", verified="no")
    [row] = reconcile.control_shares(spells, places, published).to_dict("records")
    assert row["check"] == "CP-1"
    assert (row["ours"], row["residual"]) == (pytest.approx(40), pytest.approx(10))
    assert row["tolerance"] == 0
    assert (row["holds"], row["verified"]) == ("no", "no")


# --- all of them ----------------------------------------------------------------------------------------


def checks() -> pd.DataFrame:
    def one(check: str, family: str, ours: float, tolerance: float, reason: str) -> Check:
        return Check(
            check, family, check, "X", "people", Amount(best=ours), Amount(best=10), tolerance, reason
        )

    return frame(
        [
            one("a", "vdc", 10, 0, "none"),
            one("b", "vdc", 12, 5, "five"),
            one("c", "vdc", 3, 5, "five"),
            one("d", "ucdp", 10, 0, "none"),
        ]
    )


def test_a_summary_counts_exact_within_and_beyond_and_gives_the_largest_with_its_sign() -> None:
    [vdc_row, ucdp_row] = reconcile.summary(checks()).to_dict("records")
    assert [vdc_row[name] for name in ("checks", "exact", "within", "beyond", "largest")] == [3, 1, 1, 1, -7]
    assert ucdp_row["largest"] == 0


def test_reasons_are_listed_once_per_kind_with_the_tolerances_they_stand_for() -> None:
    rows = reconcile.reasons(checks())
    assert rows["reason"].tolist() == ["none", "five", "none"]
    assert rows["checks"].tolist() == [1, 2, 1]
    assert rows["tolerance_high"].tolist() == [0, 5, 0]
