"""Tests of the book's findings on recorded deaths: the series across the break, and who counted what."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import ALEPPO, BREAK, counted, finding, low_high
from aleppo.claims.tests._rules import amount, number, range_of
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import toll
from aleppo.model import interrupted

WEEKS = "notebooks/recorded-deaths"
COUNTS = "notebooks/who-counts"
STRIKES = "notebooks/where-the-strikes-fell"
RUSSIAN = "Russian Military"
VDC = ("vdc-2018-deaths-by-province",)
AIRWARS = ("airwars-20260731-archive",)
ORIGIN = "One monitor's records by the place that the dead came from, which is not always where they died."


def _weeks(exhibits: Exhibits) -> pd.Series:
    return toll.weekly_deaths(exhibits["vdc_deaths_weekly"], ALEPPO, "2011-01-01", "2018-12-31")


@computed("F-03", chapter=WEEKS, figure="fig-weekly-deaths")
def rise_or_fall_hangs_on_the_window(exhibits: Exhibits) -> Verdict:
    """Whether ratios of weekly means over pairs of windows lie on both sides of one."""
    pairs = [(before, after) for before in (26, 52, 78, 104, 130) for after in (26, 52, 65)]
    ratios = toll.mean_ratio(_weeks(exhibits), BREAK, pairs)["ratio"]
    above, below = int((ratios > 1).sum()), int((ratios < 1).sum())
    return finding(
        above > 0 and below > 0,
        "high",
        f"Computed for every pair of window lengths. {ORIGIN}",
        "Set against the weeks before, the mean week from the break on comes out at {ratio} over {all}: {above} of "
        "them above one and {below} below.",
        {
            "ratio": low_high("ratio", ratios),
            "all": counted(len(ratios), "pairs of windows"),
            "above": counted(above),
            "below": counted(below),
        },
        VDC,
    )


@computed("F-24", chapter=WEEKS, figure="fig-weekly-deaths")
def worst_half_years(exhibits: Exhibits) -> Verdict:
    """Whether the three half-years with most recorded deaths lie before the break, and where the first after it is."""
    halves = toll.by_half_year(_weeks(exhibits)).sort_values("deaths", ascending=False, ignore_index=True)
    before = halves["half_year"] <= "2015 H1"
    worst, later = halves.head(3), halves[~before]
    return finding(
        bool(before.head(3).all()),
        "medium",
        f"Recording grew weaker in the last years. {ORIGIN}",
        "The three half-years with most recorded deaths, {deaths} each, all lie before the break. The worst of those "
        "after it, with {late}, has place {place} of {all}.",
        {
            "deaths": low_high("count", worst["deaths"], "deaths"),
            "late": counted(int(later["deaths"].iloc[0]), "recorded deaths"),
            "place": counted(int(later.index[0]) + 1),
            "all": counted(len(halves)),
        },
        VDC,
    )


@computed("F-25", chapter=WEEKS, figure="fig-weekly-deaths")
def the_weeks_before_were_a_trough(exhibits: Exhibits) -> Verdict:
    """The mean of the last eight weeks before the break against that of the year before it."""
    weeks = _weeks(exhibits)
    near, year = (toll.around(weeks, BREAK, span, 1)[0].mean() for span in (8, 52))
    return finding(
        bool(near < year),
        "medium",
        ORIGIN,
        "In the last eight weeks before the break {near} were recorded a week, in the last fifty-two {year}. A short "
        "stretch before the break makes almost any later one look worse.",
        {
            "near": Amount("quantity", round(float(near), 1), unit="deaths"),
            "year": Amount("quantity", round(float(year), 1)),
        },
        VDC,
    )


@computed("F-26", chapter=WEEKS)
def a_model_does_not_settle_it(exhibits: Exhibits) -> Verdict:
    """Level at the break over the trend of the weeks before, for several baselines; does an interval leave out one?"""
    weeks = _weeks(exhibits)
    fits = [
        interrupted.fit(weeks, BREAK, interrupted.Specification(baseline=baseline, season=season))
        for baseline in (52, 78, 104, 130)
        for season in ("none", "fourier1")
    ]
    ratios = [fit.rate_ratio for fit in fits]
    open_ended = sum(fit.low <= 1 <= fit.high for fit in fits)
    return finding(
        min(ratios) < 1 < max(ratios) or open_ended > len(fits) / 2,
        "medium",
        "A few specifications stand for many; none of them tells the strikes from what else changed in these months.",
        "Over {all} the level at the break comes to {ratio} of what the trend before leads to; of the "
        "intervals {open} reach across ×1, which is no change.",
        {
            "all": counted(len(fits), "specifications"),
            "ratio": low_high("ratio", ratios),
            "open": counted(open_ended),
        },
        VDC,
    )


@computed("F-27", chapter=WEEKS)
def most_recorded_were_civilians(exhibits: Exhibits) -> Verdict:
    """The share of civilians among the records in the year before and the year after the break."""
    batch = exhibits["vdc_composition_monthly"]
    shares = toll.composition_around(batch, ALEPPO, "2015-10", "status", "Civilian")
    return finding(
        [share > 0.5 for share in shares],
        "low",
        "One of two batches of one monitor, a quarter of its records; status is the monitor's.",
        "Of the recorded dead from Aleppo whose status the Violations Documentation Center gives by month, {before} "
        "were civilians in the year before October 2015 and {after} in the year from it.",
        {"before": Amount("share", shares[0]), "after": Amount("share", shares[1])},
        VDC,
    )


@computed("F-28", chapter=WEEKS)
def more_of_the_records_name_aircraft(exhibits: Exhibits) -> Verdict:
    """The share of deaths by air strike among the records in the year before and the year after the break."""
    batch = exhibits["vdc_composition_monthly"]
    before, after = toll.composition_around(batch, ALEPPO, "2015-10", "cause", "Warplane shelling")
    return finding(
        after > before,
        "low",
        "One of two batches of one monitor, which does not say whose aircraft.",
        "Of the recorded dead from Aleppo whose cause the Violations Documentation Center gives by month, air strikes "
        "are named for {before} in the year before October 2015 and for {after} in the year from it.",
        {"before": Amount("share", before), "after": Amount("share", after)},
        VDC,
    )


@computed("F-29", chapter=COUNTS, figure="fig-first-year")
def first_year_of_strikes(exhibits: Exhibits) -> Verdict:
    """Published civilian deaths attributed to Russian strikes in their first year: the spread without the zero."""
    ids = ("RUS-014", "RUS-026", "RUS-027", "RUS-045", "RUS-056")
    zero = exhibits.rows("estimates", "MOD-014").iloc[0]
    published = [amount(row) for row in exhibits.rows("estimates", *ids).to_dict("records")]
    spread = range_of(published, unit="civilians")
    assert isinstance(spread.low, float) and isinstance(spread.high, float)
    return finding(
        [spread.high > 2 * spread.low, number(zero["best"]) == 0],
        "high",
        "The figures are the publishers' own; they differ in whose deaths count and when an allegation does.",
        "For the first year of Russian strikes publishers give {spread}, the lowest as a minimum; the "
        "Russian Ministry of Defence said in the first seven months that there were {zero}.",
        {"spread": spread, "zero": Amount("text", "none" if number(zero["best"]) == 0 else "some")},
        exhibits.sources("estimates", *ids, "MOD-014"),
    )


@computed("F-30", chapter=COUNTS, figure="fig-first-year")
def early_counts_are_low(exhibits: Exhibits) -> Verdict:
    """One monitor's figure for the first year as published at its end, and two years later."""
    first, later = (float(row) for row in exhibits.rows("estimates", "RUS-026", "RUS-027")["best"])
    return finding(
        later > first,
        "high",
        "Both figures are of one monitor and one year, but for a day.",
        "The Syrian Network for Human Rights gave {first} for the first year of Russian strikes when it ended, and "
        "{later} for the same year afterwards.",
        {"first": counted(first, "civilians"), "later": counted(later)},
        exhibits.sources("estimates", "RUS-026", "RUS-027"),
    )


@computed("F-31", chapter=COUNTS, figure="fig-deaths-monthly")
def a_monthly_file_leaves_deaths_out(exhibits: Exhibits) -> Verdict:
    """Deaths of 2016 in events that UCDP's monthly file does not hold, beside those that it does."""
    series = exhibits["ucdp_ged_monthly"]
    held = float(series.loc[series["month"].between("2016-01", "2016-12"), "best"].sum())
    left = amount(exhibits.rows("estimates", "SYR-055").iloc[0], unit="deaths")
    assert isinstance(left.best, float)
    return finding(
        left.best > 0.1 * (held + left.best),
        "high",
        "Counted in one extract of the publisher's events; what is known to the year or the country only has no month.",
        "UCDP's monthly series holds {held} of 2016 in Syria; {left} lie in events without a month or a governorate.",
        {"held": counted(held, "deaths"), "left": left},
        exhibits.sources("estimates", "SYR-055"),
    )


@computed("F-32", chapter=COUNTS, figure="tab-same-question")
def two_tolls_of_aleppo(exhibits: Exhibits) -> Verdict:
    """Whether the two figures most quoted as the toll of Aleppo answer the same question."""
    one, other = exhibits.rows("estimates", "ALP-001", "ALP-005").to_dict("records")
    differ = [one["area"] != other["area"], one["period_start"] != other["period_start"]]
    return finding(
        differ,
        "high",
        "Area and period as the publishers state them.",
        "The Observatory's {one} killed are those of the governorate since {since}, the Violations "
        "Documentation Center's {other} of the battle since {start}.",
        {
            "one": amount(one, unit="civilians"),
            "since": Amount("month", str(one["period_start"])[:7]),
            "other": amount(other),
            "start": Amount("month", str(other["period_start"])[:7]),
        },
        exhibits.sources("estimates", "ALP-001", "ALP-005"),
    )


def _alleged(exhibits: Exhibits) -> pd.DataFrame:
    """Incidents alleged against Russian forces alone, to December 2016."""
    series = exhibits["airwars_monthly"]
    return series[(series["belligerent"] == RUSSIAN) & (series["month"] <= "2016-12")]


def _incidents(rows: pd.DataFrame, chosen: pd.Series) -> float:
    return float(rows.loc[chosen, "incidents"].sum() / rows["incidents"].sum())


def _graded(rows: pd.DataFrame) -> pd.Series:
    return rows["grading"].isin(["Fair", "Confirmed"])


@computed("F-33", chapter=STRIKES, figure="fig-strikes-grid")
def half_of_the_allegations_in_aleppo(exhibits: Exhibits) -> Verdict:
    """The share of alleged incidents in Aleppo governorate, of all gradings and of the better graded ones."""
    rows = _alleged(exhibits)
    graded = rows[_graded(rows)]
    shares = [_incidents(part, part["governorate"] == ALEPPO) for part in (rows, graded)]
    return finding(
        [share > 0.5 for share in shares],
        "medium",
        "Local reports of civilian harm, alleged; a strike without such a report is not in the archive.",
        "Of {all} alleged against Russian forces alone to December 2016, {aleppo} lie in Aleppo governorate, and "
        "{fair} of those graded fair or confirmed.",
        {
            "all": counted(float(rows["incidents"].sum()), "incidents"),
            "aleppo": Amount("share", shares[0]),
            "fair": Amount("share", shares[1]),
        },
        AIRWARS,
    )


@computed("F-34", chapter=STRIKES, figure="fig-strikes-grid")
def allegations_move_to_aleppo(exhibits: Exhibits) -> Verdict:
    """The share of alleged incidents in Aleppo in 2015 and in the second half of 2016."""
    rows = _alleged(exhibits)
    early, late = rows[rows["month"] <= "2015-12"], rows[rows["month"] >= "2016-07"]
    first, last = (_incidents(part, part["governorate"] == ALEPPO) for part in (early, late))
    return finding(
        last > first,
        "medium",
        "Attention moved to Aleppo as well, and an archive of local reports grows where reporters are.",
        "Of the incidents alleged in 2015, {first} lie in Aleppo governorate; of those in the second half of 2016, "
        "{last}.",
        {"first": Amount("share", first), "last": Amount("share", last)},
        AIRWARS,
    )


@computed("F-35", chapter=STRIKES, figure="fig-strikes-months")
def grading_shifts(exhibits: Exhibits) -> Verdict:
    """The share of alleged incidents graded fair or confirmed in 2015 and in the second half of 2016."""
    rows = _alleged(exhibits)
    early, late = rows[rows["month"] <= "2015-12"], rows[rows["month"] >= "2016-07"]
    first, last = (_incidents(part, _graded(part)) for part in (early, late))
    return finding(
        last < first,
        "high",
        "Counted over the archive as it was read; its gradings are revised from time to time.",
        "Of the incidents alleged in 2015, {first} are graded fair or confirmed; of those in the second half of 2016, "
        "{last}. Whether evidence, air forces or backlog changed cannot be told.",
        {"first": Amount("share", first), "last": Amount("share", last)},
        AIRWARS,
    )


@computed("F-36", chapter=STRIKES, figure="fig-strikes-months")
def no_series_of_strikes_crosses_the_break(exhibits: Exhibits) -> Verdict:
    """The first month of the archive of alleged Russian strikes against the break."""
    series = exhibits["airwars_monthly"]
    first = series.loc[series["belligerent"].str.contains(RUSSIAN, regex=False), "month"].min()
    return finding(
        bool(first >= BREAK[:7]),
        "high",
        "The publisher began to watch Russian strikes when they began, and no strikes by the Syrian government alone.",
        "The archive of alleged Russian strikes begins in {first}. No series here holds strikes by the Syrian "
        "government, so that a rise or fall of all air strikes at the break cannot be measured.",
        {"first": Amount("month", str(first))},
        AIRWARS,
    )
