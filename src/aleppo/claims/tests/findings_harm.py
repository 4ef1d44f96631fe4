"""Tests of the book's findings on siege, displacement and harm on both sides of the line."""

from __future__ import annotations

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import cited, counted, finding, low_high
from aleppo.claims.tests._rules import amount, number
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import harm

CHAPTER = "notebooks/siege-and-harm"


@computed("F-37", chapter=CHAPTER, figure="fig-two-sides")
def civilians_died_on_both_sides(exhibits: Exhibits) -> Verdict:
    """The share of the west in deaths on both sides, in each period for which one counter gives both."""
    parts = harm.two_sides(exhibits["estimates"])
    sides = harm.side_totals(parts)
    return finding(
        bool((sides[["east", "west"]] > 0).all(axis=None)),
        "medium",
        "Counters with people on both sides; who fired is in most cases their inference.",
        "In {periods} of 2016 for which one counter gives deaths on both sides of the line, those in the "
        "government-held west are {share} of the two.",
        {"periods": counted(len(sides), "periods"), "share": low_high("share", sides["west_share"])},
        cited(parts),
    )


@computed("F-38", chapter=CHAPTER, figure="fig-west-deaths")
def totals_of_the_west_contradict(exhibits: Exhibits) -> Verdict:
    """Two totals of one government service for nearly the same years."""
    rows = exhibits.rows("estimates", "WAL-004", "WAL-005")
    figures = rows["best"].astype(float)
    return finding(
        bool(figures.max() > 1.2 * figures.min()),
        "high",
        "Both are of the government's forensic service; one is said to be incomplete.",
        "For deaths in the city from 2012 to 2020 the government's forensic service is cited with totals of {totals}.",
        {"totals": low_high("count", figures, "people")},
        exhibits.sources("estimates", "WAL-004", "WAL-005"),
    )


@computed("F-39", chapter=CHAPTER, figure="fig-evacuated")
def counts_of_the_evacuated(exhibits: Exhibits) -> Verdict:
    """Figures of people taken out of the east to one and the same day, 20 December 2016."""
    counts = exhibits.rows("estimates", "DIS-010", "DIS-011")["best"].astype(float)
    turkish = exhibits.rows("access", "AC-005")["value"].astype(float)
    figures = [*counts, *turkish]
    return finding(
        max(figures) > 1.5 * min(figures),
        "high",
        "Three counters on one day; they do not say how they counted.",
        "To 20 December 2016 the Observatory, the Red Cross and Turkey gave {people} evacuated.",
        {"people": low_high("count", figures, "people")},
        (*exhibits.sources("estimates", "DIS-010", "DIS-011"), *exhibits.sources("access", "AC-005")),
    )


@computed("F-40", chapter=CHAPTER, figure="fig-displaced")
def displacement_from_the_east(exhibits: Exhibits) -> Verdict:
    """The count of OCHA to mid-December 2016 against the sum that the Russian ministry announced."""
    un, ministry = (
        amount(row, unit="people")
        for row in exhibits.rows("estimates", "DIS-009", "MOD-018").to_dict("records")
    )
    assert isinstance(un.best, float) and isinstance(ministry.low, float)
    return finding(
        ministry.low > 1.5 * un.best,
        "medium",
        "The two counted different people at different places; no page that was read explains the gap.",
        "Out of the eastern quarters OCHA counted {un} by mid-December 2016; announcements of the Russian Ministry of "
        "Defence add up to {ministry}.",
        {"un": un, "ministry": ministry},
        exhibits.sources("estimates", "DIS-009", "MOD-018"),
    )


@computed("F-41", chapter=CHAPTER, figure="tab-damage")
def damage_cannot_be_divided(exhibits: Exhibits) -> Verdict:
    """Whether two counts of damage enclose the break, and none between the break and the second divides them."""
    before, after = exhibits.rows("estimates", "DMG-002", "DMG-001").to_dict("records")
    table = exhibits["estimates"]
    counts = table[(table["quantity"] == before["quantity"]) & (table["area"] == before["area"])]
    between = counts["period_end"].between(
        str(before["period_end"]), str(after["period_start"]), inclusive="neither"
    )
    return finding(
        [str(before["period_end"]) < "2015-09-30" < str(after["period_start"]), not between.any()],
        "high",
        "Both counts are by one publisher from satellite images; they have a date and no author.",
        "Damaged structures counted on images rose from {before} in spring 2015 to {after} in September 2016. Without "
        "an image between, the growth cannot be divided into before and after 30 September 2015, nor among those who "
        "fired.",
        {"before": amount(before), "after": amount(after)},
        exhibits.sources("estimates", "DMG-001", "DMG-002"),
    )


@computed("F-42", chapter=CHAPTER, figure="tab-prices")
def food_in_the_east(exhibits: Exhibits) -> Verdict:
    """The price of a food basket in the east in November 2016 over the national average and over that of January."""
    east, later, average = (
        float(value) for value in exhibits.rows("estimates", "PRC-001", "PRC-004", "PRC-005")["best"]
    )
    return finding(
        [east > 2 * average, later < east],
        "medium",
        "One basket of one publisher; prices in two months.",
        "In November 2016 the World Food Programme's basket cost {times} the national average in the east; in January "
        "2017, after the siege, {later} of its price of November in the city.",
        {"times": Amount("ratio", east / average), "later": Amount("share", later / east)},
        exhibits.sources("estimates", "PRC-001", "PRC-004", "PRC-005"),
    )


@computed("F-43", chapter=CHAPTER, figure="fig-besieged-east")
def planned_and_counted_people(exhibits: Exhibits) -> Verdict:
    """The planning figure for the east in autumn 2016 against what was counted after its fall."""
    planned, counted_later = (
        float(value) for value in exhibits.rows("estimates", "POP-004", "POP-009")["best"]
    )
    return finding(
        planned > 1.5 * counted_later,
        "medium",
        "The later figure is this book's addition of two counts, without the dead and those who left unregistered.",
        "The United Nations planned with {planned} in the east; those counted afterwards, registered or evacuated, add "
        "up to {later}. Who makes up the difference cannot be told.",
        {"planned": counted(planned, "people"), "later": counted(counted_later)},
        exhibits.sources("estimates", "POP-004", "POP-009"),
    )


@computed("F-44", chapter=CHAPTER)
def commission_on_all_sides(exhibits: Exhibits) -> Verdict:
    """To whom the findings of the Commission of Inquiry attribute violations."""
    findings = exhibits["commission_findings"]
    government, groups = harm.commission_parties(findings)
    return finding(
        [government > 0, groups > 0],
        "medium",
        "One inquiry, which could not enter the country; read in part.",
        "Of {all} of the Commission of Inquiry on Aleppo that were read, {government} name forces of the government or "
        "its allies, and {groups} name armed groups.",
        {
            "all": counted(len(findings), "findings and notes on method"),
            "government": counted(government),
            "groups": counted(groups),
        },
        cited(findings),
    )


@computed("F-45", chapter="notebooks/where-the-strikes-fell", figure="fig-strikes-months")
def air_forces_not_separated(exhibits: Exhibits) -> Verdict:
    """Whether the Commission separated the air forces, and how many alleged incidents name both or are contested."""
    row = exhibits.rows("commission_findings", "COI-F23").iloc[0]
    series = exhibits["airwars_monthly"]
    rows = series[(series["governorate"] == "SY02") & (series["month"] <= "2016-12")]
    rows = rows[rows["belligerent"].str.contains("Russian Military", regex=False)]
    contested = float(
        rows.loc[rows["grading"].str.startswith("Contested"), "incidents"].sum() / rows["incidents"].sum()
    )
    return finding(
        ["not separated" in str(row["attributed_party"]), contested > 0.25],
        "medium",
        "An inquiry and an archive say the same for different reasons.",
        "The Commission of Inquiry could not assign many strikes to one of the two air forces; of the incidents in "
        "Aleppo governorate to December 2016 that reports collected by Airwars attribute to Russian forces, alone or "
        "with others, {contested} are graded contested.",
        {"contested": Amount("share", contested)},
        (*exhibits.sources("commission_findings", "COI-F23"), "airwars-20260731-archive"),
    )


@computed("F-46", chapter=CHAPTER, figure="fig-west-deaths")
def shelling_of_the_west_before(exhibits: Exhibits) -> Verdict:
    """What is recorded for the west before the intervention's first full year, by unlike counters."""
    first, second = exhibits.rows("estimates", "ALP-020", "WAL-001").to_dict("records")
    return finding(
        [(number(row["low"]) or number(row["best"]) or 0) > 0 for row in (first, second)],
        "low",
        "One figure is a minimum for the governorate, the other a count by a party's own service.",
        "Amnesty International attributed {first} in Aleppo governorate to opposition groups in 2014; for 2015 the "
        "government's forensic service gave {second} killed by shells in the west.",
        {"first": amount(first, unit="civilian deaths"), "second": amount(second, unit="civilians")},
        exhibits.sources("estimates", "ALP-020", "WAL-001"),
    )
