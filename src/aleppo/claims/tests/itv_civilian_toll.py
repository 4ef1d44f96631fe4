"""Tests of ITV's figures of the civilian toll: the dead, the displaced, the trapped."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    agrees,
    amount,
    by_agreement,
    by_parts,
    cited_by,
    day,
    of_at_least,
    range_of,
    value_of_claim,
)
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import corridors, toll

HARM = "notebooks/siege-and-harm"
COUNTS = "notebooks/who-counts"
ALEPPO = "SY02"
ROUNDED = 0.05
"""Part by which a round figure may miss a count and still be it."""
NEAR = 0.1
"""Part by which the figure of a claim may miss the count that it was rounded from."""
MILLIONS, THOUSANDS = 2e6, 2e3
"""Least that the plural words say."""
PAUSE = 0.05
"""Part of the weeks that may pass without recorded deaths while one still speaks of almost no pause."""


def _deaths(exhibits: Exhibits, population: str) -> pd.DataFrame:
    """Published counts of the dead, without those that carry this article's own figures."""
    rows = exhibits["estimates"]
    own = rows["attributed_to"].str.contains("ITV")
    return rows[(rows["quantity"] == "deaths") & (rows["population"] == population) & ~own]


@computed("ITV-03", chapter=COUNTS)
def dead_of_the_war(exhibits: Exhibits) -> Verdict:
    """The figure against every published total for the country of 2016 and January 2017."""
    claimed = float(value_of_claim(exhibits, "ITV-03"))
    rows = _deaths(exhibits, "all persons")
    month = rows["period_end"].str[:7]
    whole = (rows["area"] == "Syria") & (rows["period_start"] == "2011-03")
    totals = rows[whole & month.between("2016-01", "2017-01")]
    amounts = [amount(row) for row in totals.to_dict("records")]
    held = pd.Series([agrees(claimed, one, ROUNDED) for one in amounts], index=totals.index)
    return Verdict(
        verdict=by_agreement(claimed, amounts, ROUNDED),
        confidence="high",
        reason=(
            "Bodies that document deaths one by one, estimate them or ask experts differ more than twofold. The round "
            "figure is near the Observatory's, which the article does not name here."
        ),
        says=(
            "{count} of 2016 and January 2017 run over {range}, combatants included; {held} lie within a twentieth of "
            "the figure or span it."
        ),
        figures={
            "count": Amount("count", len(totals), unit="published totals"),
            "range": range_of(amounts, unit="deaths"),
            "held": Amount("count", int(held.sum())),
        },
        supports=cited_by(totals[held]),
        opposes=cited_by(totals[~held]),
    )


@computed("ITV-04", chapter=HARM)
def displaced(exhibits: Exhibits) -> Verdict:
    """Registered refugees and displaced people within the country, as published in 2016."""
    rows = exhibits["estimates"]
    year = rows["period_end"].str.startswith("2016") & rows["area"].str.startswith("Syria")
    refugees = rows[year & (rows["quantity"] == "registered refugees")]
    within = rows[year & (rows["quantity"] == "internally displaced persons")]
    figures = {
        key: range_of([amount(row) for row in part.to_dict("records")], unit="people")
        for key, part in {"refugees": refugees, "within": within}.items()
    }
    return Verdict(
        verdict=by_parts(*(float(one.low or 0) >= MILLIONS for one in figures.values())),
        confidence="high",
        reason="Registrations and estimates of UN agencies agree on the size; each alone is in the millions.",
        says="In 2016 UN agencies gave {refugees} registered as refugees and {within} displaced within Syria.",
        figures=figures,
        supports=cited_by(refugees, within),
    )


@computed("ITV-29", chapter="notebooks/corridors-and-sieges", figure="fig-people-in-the-east")
def trapped(exhibits: Exhibits) -> Verdict:
    """The figure as a lower bound against those published in the siege and the counts made after it."""
    claimed = float(value_of_claim(exhibits, "ITV-29"))
    people = corridors.population(exhibits["control_published"], exhibits["estimates"])
    after = exhibits.rows("estimates", "POP-009")
    during = people[people["date"].between("2016-07-01", "2016-11-30")]
    then = [amount(row) for row in during.to_dict("records")]
    counted = amount(after.iloc[0], unit="people")
    return Verdict(
        verdict=of_at_least(claimed, [*then, counted]),
        confidence="medium",
        reason="Nobody could count in the siege; counts of those who came out are lower than most estimates.",
        says=(
            "Figures published in the siege run over {then}; the UN's lie at or above the claim, the Observatory's "
            "and the least of a later review below it. Counts of those evacuated and registered afterwards add up to "
            "{counted}."
        ),
        figures={"then": range_of(then, unit="people"), "counted": counted},
        supports=cited_by(during[during["low"].fillna(during["best"]) >= claimed]),
        opposes=cited_by(during[during["low"].fillna(during["best"]) < claimed], after),
    )


@computed("ITV-36", chapter="notebooks/corridors-and-sieges", figure="tab-people-figures")
def mostly_civilians(exhibits: Exhibits) -> Verdict:
    """Fighters as a part of the people in the east: fewest over most, most over fewest."""
    rows = exhibits.rows("control_published", "CP-035", "CP-036", "CP-038")
    counted = exhibits.rows("estimates", "POP-009")
    envoy, damascus = rows["value"]["CP-035"], rows["value_low"]["CP-038"]
    fighters = sorted(float(one) for one in (envoy, damascus))
    people = sorted(float(one) for one in (rows["value"]["CP-036"], counted["best"].iloc[0]))
    low, high = fighters[0] / people[1], fighters[1] / people[0]
    found = exhibits.rows("commission_findings", "COI-F06", "COI-F26")
    return Verdict(
        verdict="partly" if high < 1 / 2 else "contested" if low < 1 / 2 else "not_supported",
        confidence="medium",
        reason=(
            "The first half is a ratio of estimates; that people were pawns is a word of judgement, near what the "
            "Commission found of shields and of an evacuation agreed for strategic ends."
        ),
        says=(
            "Published figures put fighters at {fighters} and people at {people}, so that fighters made up {part}. "
            "Damascus and the UN envoy agree that they were few."
        ),
        figures={
            "fighters": Amount("count", low=fighters[0], high=fighters[1]),
            "people": Amount("count", low=people[0], high=people[1]),
            "part": Amount("share", low=low, high=high),
        },
        supports=cited_by(rows, counted, found),
    )


@computed("ITV-44", chapter="notebooks/recorded-deaths", figure="fig-weekly-deaths")
def almost_without_pause(exhibits: Exhibits) -> Verdict:
    """Weeks of the battle without recorded deaths of people from the governorate, and the lowest week of 2016."""
    weeks = toll.weekly_deaths(exhibits["vdc_deaths_weekly"], ALEPPO, "2012-07-16", "2016-12-19")
    without = int((weeks == 0).sum())
    year = weeks[weeks.index >= "2016-01-04"]
    part = without / len(weeks)
    return Verdict(
        verdict="supported" if part <= PAUSE else "partly" if part < 1 / 4 else "not_supported",
        confidence="medium",
        reason="One monitor's records, by the place that the dead came from; horror is more than deaths.",
        says=(
            "Of {weeks} of the battle {without} are without a recorded death of people from the governorate. It was "
            "not even: in 2016 the week of {lowest} has {least} and the worst has {most}."
        ),
        figures={
            "weeks": Amount("count", len(weeks), unit="weeks"),
            "without": Amount("count", without),
            "lowest": Amount("date", day(year.idxmin())),
            "least": Amount("count", int(year.min()), unit="deaths"),
            "most": Amount("count", int(year.max())),
        },
        supports=("vdc-2018-deaths-by-province",),
        opposes=exhibits.sources("claims", "ITV-44"),
    )


@computed("ITV-50", chapter=COUNTS)
def dead_of_the_battle(exhibits: Exhibits) -> Verdict:
    """The Observatory's count nearest to the figure, and whether its area and period are those of the claim."""
    claimed = float(value_of_claim(exhibits, "ITV-50"))
    rows = _deaths(exhibits, "civilians")
    late = rows["period_end"].str.startswith("2016-12") & rows["area"].str.startswith("Aleppo")
    own = rows[late & (rows["attributed_to"] == "SOHR")]
    nearest = own.loc[(own["best"] - claimed).abs().idxmin()]
    rivals = exhibits.rows("estimates", "ALP-005")
    the_battle = nearest["area"] != "Aleppo Governorate" and str(nearest["period_start"]) >= "2012-07"
    near = agrees(claimed, amount(nearest), NEAR)
    return Verdict(
        verdict="corrected" if not the_battle else "supported" if near else "not_supported",
        confidence="high",
        reason="The Observatory's own release gives area and period; the article's round figure keeps neither.",
        says=(
            "The Observatory's count nearest to the figure is {count} killed in {area} from {start} to {end}, by all "
            "parties: not the toll of the city, nor of the four years. For the battle the Violations Documentation "
            "Center, as quoted in an encyclopedia, records {rival}."
        ),
        figures={
            "count": amount(nearest, unit="civilians"),
            "area": Amount("text", str(nearest["area"])),
            "start": Amount("month", str(nearest["period_start"])[:7]),
            "end": Amount("date", str(nearest["period_end"])),
            "rival": amount(rivals.iloc[0], unit="civilians"),
        },
        opposes=cited_by(own[own["estimate_id"] == nearest["estimate_id"]], rivals),
    )


@computed("ITV-52", chapter=COUNTS)
def dead_of_the_assault(exhibits: Exhibits) -> Verdict:
    """The figure between the Observatory's counts for the east of the week, and the other side of the line."""
    claimed = float(value_of_claim(exhibits, "ITV-52"))
    rows = _deaths(exhibits, "civilians")
    count = rows[(rows["attributed_to"] == "SOHR") & (rows["period_start"] == "2016-11-15")]
    east, west = (
        count[count["area"] == f"Aleppo city ({side})"].sort_values("period_end") for side in ("east", "west")
    )
    span = range_of([amount(row) for row in east.to_dict("records")])
    others = exhibits.rows("estimates", "ALP-055", "ALP-069")
    reached = float(span.high or 0) >= claimed
    return Verdict(
        verdict="supported" if agrees(claimed, span) else "partly" if reached else "not_supported",
        confidence="high",
        reason="Two releases of the Observatory lie on either side of it; other counts of the east are higher.",
        says=(
            "For the east the Observatory gives {first} to {first_day} and {last} to {last_day}. It counts {west} more "
            "in the west, killed by shelling of armed groups, which the article leaves out. A forensic authority and "
            "the White Helmets count {others} in the east within ten days."
        ),
        figures={
            "first": Amount("count", float(east["best"].iloc[0]), unit="civilians"),
            "first_day": Amount("date", str(east["period_end"].iloc[0])),
            "last": Amount("count", float(east["best"].iloc[-1])),
            "last_day": Amount("date", str(east["period_end"].iloc[-1])),
            "west": Amount("count", float(west["best"].iloc[-1])),
            "others": range_of([amount(row) for row in others.to_dict("records")]),
        },
        supports=cited_by(east, exhibits.rows("claims", "ITV-52")),
    )


@computed("ITV-54", chapter=HARM)
def thousands_fled(exhibits: Exhibits) -> Verdict:
    """Every published figure of people who fled within the east or out of it before the evacuation."""
    rows = exhibits["estimates"]
    fled = rows[
        (rows["quantity"] == "displaced")
        & (rows["area"] == "Aleppo city (east)")
        & rows["period_start"].between("2016-11-15", "2016-12-13")
    ]
    others = exhibits.rows("control_published", "CP-055", "CP-068")
    amounts = [amount(row) for row in fled.to_dict("records")]
    every = range_of([*amounts, *(Amount("count", float(value)) for value in others["value"])], unit="people")
    return Verdict(
        verdict=by_parts(float(every.low or 0) >= THOUSANDS, float(every.high or 0) >= THOUSANDS),
        confidence="high",
        reason=(
            "The UN, the Observatory and state television all give tens of thousands; they differ more than twofold."
        ),
        says=(
            "Figures of those who fled from late November to mid-December run over {every}: the UN's are the lowest, "
            "state television's the highest."
        ),
        figures={"every": every},
        supports=cited_by(fled, others),
    )
