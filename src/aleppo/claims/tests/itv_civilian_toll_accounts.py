"""Tests of what ITV says was done to civilians, and of who accused whom of it."""

from __future__ import annotations

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    amount,
    by_parts,
    cited_by,
    day,
    rows_naming,
    value_of_claim,
)
from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list

HARM = "notebooks/siege-and-harm"
STRIKES = "notebooks/where-the-strikes-fell"
SHORT_SUPPLY = 2.0
"""Times the national price from which on a basket of food counts as short in supply."""
WESTERN = ("United States", "United Kingdom", "France", "European Union")
"""Western powers as the table of measures names its actors."""


@computed("ITV-10", chapter=HARM)
def old_city(exhibits: Exhibits) -> Verdict:
    """The part of the old city severely damaged, and what made the impact sites in the city."""
    survey = exhibits.rows("events", "FR-118")
    sites = exhibits.rows("estimates", "DMG-005")
    damaged = float(survey["value"].iloc[0]) / 100
    from_the_air = "air" in str(sites["perpetrator"].iloc[0])
    return Verdict(
        verdict=by_parts(damaged >= 1 / 2, not from_the_air),
        confidence="medium",
        reason="Damage was surveyed on the spot by UNESCO; no survey read says what damaged the old city itself.",
        says=(
            "A mission of UNESCO judged {damaged} of the old city severely damaged by {surveyed}. That shelling did it "
            "is less sure: of {sites} in the whole city, mapped by Human Rights Watch to 2015, most were made from the "
            "air."
        ),
        figures={
            "damaged": Amount("share", damaged),
            "surveyed": Amount("date", day(survey["date_end"].iloc[0])),
            "sites": amount(sites.iloc[0], unit="impact sites"),
        },
        supports=cited_by(survey),
        opposes=cited_by(sites),
    )


@computed("ITV-33", chapter=STRIKES)
def western_accusations(exhibits: Exhibits) -> Verdict:
    """Western powers that spoke of war crimes or of medical targets, and to whom the inquiry laid the strikes."""
    measures = exhibits["measures"]
    spoke = rows_naming(measures, "war crime|medical|International Criminal Court", "summary")
    actors = [name for name in WESTERN if len(rows_naming(spoke, name, "actor"))]
    western = rows_naming(spoke, "|".join(WESTERN), "actor")
    found = exhibits.rows("commission_findings", "COI-F22", "COI-F30")
    open_question = exhibits.rows("commission_findings", "COI-F23")
    laid_to_russia = bool((found["attributed_party"] == "Russian forces").any())
    verdict = "supported" if laid_to_russia else "contested"
    return Verdict(
        verdict=verdict if actors else "not_supported",
        confidence="high",
        reason="That they accused is on record; whether they were right is what the parties and the inquiry differ on.",
        says=(
            "{powers} spoke of war crimes, of medical targets or of the Court. The Commission of Inquiry saw signs of "
            "deliberate strikes on hospitals, laid them to {party} and no specific crime to Russian forces, since the "
            "two could often not be told apart. Russia rejects the accusation."
        ),
        figures={
            "powers": Amount("count", len(actors), unit="Western powers"),
            "party": Amount("text", str(found["attributed_party"]["COI-F22"])),
        },
        supports=cited_by(western, found),
        opposes=cited_by(open_question, exhibits.rows("measures", "M24", "M29")),
    )


@computed("ITV-41", chapter="notebooks/reconciliations", figure="tab-corrections")
def month_of_the_picture(exhibits: Exhibits) -> Verdict:
    """The month in the article against the month of the strike in which the boy was hurt."""
    claimed = value_of_claim(exhibits, "ITV-41")
    strike = exhibits.rows("events", "FR-071")
    when = day(strike["date_start"].iloc[0])
    return Verdict(
        verdict="supported" if when[:7] == claimed else "corrected",
        confidence="high",
        reason="Reports of the next days carry the pictures, and the UN's bulletin of the month tells the strike.",
        says=(
            "The strike in Qaterji was on {when} and the pictures went round the world from the next day on; the "
            "article gives {given}."
        ),
        figures={"when": Amount("date", when), "given": Amount("month", claimed)},
        supports=() if when[:7] != claimed else cited_by(strike),
        opposes=cited_by(strike) if when[:7] != claimed else (),
    )


@computed("ITV-42", chapter="notebooks/who-counts")
def amnesty_on_both(exhibits: Exhibits) -> Verdict:
    """The parties to whom Amnesty's figures from 2015 on lay deaths of civilians."""
    rows = exhibits["estimates"]
    amnesty = rows[(rows["attributed_to"] == "Amnesty International") & (rows["published"] >= "2015")]
    at_aleppo = amnesty[amnesty["governorate"] == "SY02"]
    government, groups = (
        rows_naming(at_aleppo, words, "perpetrator") for words in ("government", "opposition")
    )
    report = exhibits.rows("claims", "ITV-42")
    return Verdict(
        verdict=by_parts(len(government) > 0, len(groups) > 0),
        confidence="high",
        reason="Amnesty's report of May 2015 and its later figures were read; the report is in the open.",
        says=(
            "Of Amnesty's figures for Aleppo {government} lay deaths of civilians to the government and {groups} to "
            "armed groups; its report of May 2015 speaks of war crimes by both, and of crimes against humanity by the "
            "government."
        ),
        figures={"government": Amount("count", len(government)), "groups": Amount("count", len(groups))},
        supports=cited_by(report, government, groups),
    )


@computed("ITV-46", chapter=HARM)
def food_and_fuel(exhibits: Exhibits) -> Verdict:
    """The price of a food basket in the east against the national one, and the last delivery by the UN."""
    prices = exhibits.rows("estimates", "PRC-001", "PRC-005", "PRC-008")
    last = exhibits.rows("access", "AC-110")
    found = exhibits.rows("commission_findings", "COI-F02")
    times = float(prices["best"]["PRC-001"]) / float(prices["best"]["PRC-005"])
    before = str(last["date"].iloc[0]) < str(prices["period_start"]["PRC-001"])
    return Verdict(
        verdict=by_parts(times >= SHORT_SUPPLY, before),
        confidence="high",
        reason="The World Food Programme's prices, the UN's records of deliveries and the inquiry agree.",
        says=(
            "A basket of food in the east cost {times} the national average in {month}, a litre of petrol {petrol} in "
            "October; the last delivery by the UN was on {last}. The Commission of Inquiry lays the want of food and "
            "medicine to the siege."
        ),
        figures={
            "times": Amount("quantity", times, unit="times"),
            "month": Amount("month", str(prices["period_start"]["PRC-001"])),
            "petrol": amount(prices.loc["PRC-008"], "quantity", "Syrian pounds"),
            "last": Amount("date", str(last["date"].iloc[0])),
        },
        supports=cited_by(prices, last, found),
    )


@computed("ITV-47", chapter=HARM)
def medical_cases(exhibits: Exhibits) -> Verdict:
    """Days of the pages that report appeals or plans to bring out medical cases."""
    pages = split_list(exhibits.rows("claims", "ITV-47")["source_ids"].iloc[0])
    days = sorted(set(exhibits.rows("sources", *pages)["published"].astype(str).str[:10]))
    failed = exhibits.rows("events", "FR-088")
    return Verdict(
        verdict=by_parts(len(days) > 0, len(days) > 1),
        confidence="medium",
        reason="Reports of the UN's words on several days; a list of all appeals was not read.",
        says=(
            "Pages of {days}, from {first} to {last}, report such appeals and plans by the UN; in the pause of October "
            "no medical evacuation took place."
        ),
        figures={
            "days": Amount("count", len(days), unit="days"),
            "first": Amount("date", days[0]),
            "last": Amount("date", days[-1]),
        },
        supports=(*pages, *cited_by(failed)),
    )


@computed("ITV-49", chapter=HARM)
def human_shields(exhibits: Exhibits) -> Verdict:
    """Findings of the Commission of Inquiry on shields and on people kept from leaving, beside earlier words."""
    findings = exhibits["commission_findings"]
    shields = rows_naming(findings, "shields", "finding")
    kept = rows_naming(findings, "stop people leaving|limited movement", "finding")
    said = exhibits.rows("events", "FR-103")
    return Verdict(
        verdict=by_parts(len(shields) > 0, len(kept) > 0),
        confidence="high",
        reason="The accusation is on record before the article and was found true of some groups after it.",
        says=(
            "The UN human rights office reported on {said} that groups stopped people leaving. Of the Commission's "
            "findings {shields} speak of shields and {kept} of people kept from leaving, each of some armed groups and "
            "not of all."
        ),
        figures={
            "said": Amount("date", day(said["date_start"].iloc[0])),
            "shields": Amount("count", len(shields)),
            "kept": Amount("count", len(kept)),
        },
        supports=cited_by(shields, kept, said),
    )


@computed("ITV-55", chapter=HARM)
def men_missing(exhibits: Exhibits) -> Verdict:
    """The word of number in the claim against the summary of the briefing, and how the UN put it."""
    claimed = value_of_claim(exhibits, "ITV-55")
    briefing = exhibits.rows("events", "FR-103")
    summary = str(briefing["summary"].iloc[0])
    said = f"{claimed} of men" in summary
    later = exhibits.rows("commission_findings", "COI-F08")
    return Verdict(
        verdict="supported" if said else "not_supported",
        confidence="high",
        reason="Agencies carry the briefing; the office spoke of allegations that it had received.",
        says=(
            "The UN human rights office spoke on {said} of {number} of men missing after they crossed to "
            "government-held areas, as allegations. The Commission of Inquiry later found that men and boys were taken "
            "and conscripted and that others remain unaccounted for."
        ),
        figures={
            "said": Amount("date", day(briefing["date_start"].iloc[0])),
            "number": Amount("text", claimed),
        },
        supports=cited_by(briefing, later),
    )
