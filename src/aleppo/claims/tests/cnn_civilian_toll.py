"""Tests of the claims of the CNN article on the people of Aleppo: those who fled, who stayed, and who were hit."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    amount,
    by_agreement,
    by_overlap,
    cited_by,
    day,
    in_words,
    latest_by_publisher,
    number,
    range_of,
)
from aleppo.claims.tests.cnn_front_lines import ALEPPO, OPPOSITION, alleged_incidents, article_day
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import corridors

PEOPLE = "people"
SAME_SEASON = ("2016-02-01", "2016-05-31")
"""From the month of the article to the last weeks before the fighting that led to the siege."""
PRESS = ("CNN", "press (ITV)")
"""The two articles under test: their figures are claims, not evidence."""
ROUNDED = 0.1
"""Fraction by which a round figure may miss another and still agree with it."""


def people_in_the_east(exhibits: Exhibits, first: str, last: str) -> pd.DataFrame:
    """Published figures of the people in the east, dated ``first`` to ``last``, without those of the two articles."""
    rows = corridors.population(exhibits["control_published"], exhibits["estimates"])
    own = rows["attributed_to"].str.startswith(PRESS)
    return rows[rows["date"].between(first, last) & ~own]


def amounts(rows: pd.DataFrame, unit: str = PEOPLE) -> list[Amount]:
    """The figures of ``rows`` with ``low, best, high``."""
    return [amount(row, unit=unit) for row in rows.to_dict("records")]


def displaced(exhibits: Exhibits) -> pd.DataFrame:
    """Figures of people driven from northern Aleppo in the first days of February 2016, each publisher's last."""
    rows = exhibits["estimates"]
    north = (rows["quantity"] == "displaced") & rows["area"].str.startswith("northern Aleppo")
    return latest_by_publisher(rows[north], day(article_day(exhibits)))


@computed("CNN-10", chapter="notebooks/siege-and-harm")
def tens_of_thousands_fled(exhibits: Exhibits) -> Verdict:
    """The claimed order of magnitude against each publisher's last figure by the day of the article."""
    claimed = in_words(str(exhibits.rows("claims", "CNN-10")["value"].iloc[0]))
    rows = displaced(exhibits)
    found = amounts(rows)
    later = exhibits.rows("events", "FR-043").iloc[0]
    return Verdict(
        verdict=by_overlap(claimed, found),
        confidence="high",
        reason="The United Nations and the Turkish government agree on the order, and later counts are higher.",
        says=(
            "Figures by the day of the article run over {published}. The United Nations counted {later} newly "
            "displaced in the governorate by the end of the month."
        ),
        figures={
            "published": range_of(found, unit=PEOPLE),
            "later": Amount("count", number(later["value"]), unit=PEOPLE),
        },
        supports=(*cited_by(rows), *exhibits.sources("events", "FR-043")),
    )


@computed("CNN-43", chapter="notebooks/siege-and-harm")
def thousands_at_the_border(exhibits: Exhibits) -> Verdict:
    """The claimed order of magnitude as a floor, against the figures that speak of the border."""
    claimed = in_words(str(exhibits.rows("claims", "CNN-43")["value"].iloc[0]))
    rows = exhibits.rows("estimates", "DIS-002", "DIS-004")
    found = amounts(rows)
    floor = Amount("count", low=claimed.low)
    return Verdict(
        verdict=by_overlap(floor, found),
        confidence="high",
        reason="Several figures of those days exist, and each is far above the claim, which is true but low.",
        says="The United Nations and the Turkish prime minister spoke of {published} at or on the way to the border.",
        figures={"published": range_of(found, unit=PEOPLE)},
        supports=(*cited_by(rows), "ap-20160208-troops-make"),
    )


@computed("CNN-14", chapter="notebooks/siege-and-harm")
def wave_at_the_border(exhibits: Exhibits) -> Verdict:
    """Whether flight to a closed border is on record for the day, and how many people by how many publishers."""
    said = article_day(exhibits)
    event = exhibits.rows("events", "FR-043").iloc[0]
    rows = displaced(exhibits)
    on_the_day = event["date_start"] <= said <= event["date_end"]
    closed = "closed Turkish border" in str(event["summary"])
    counted = len(rows) >= 2
    return Verdict(
        verdict="supported"
        if on_the_day and closed and counted
        else "partly"
        if on_the_day
        else "not_supported",
        confidence="high",
        reason="Reported by OCHA, agencies and the Turkish authorities on the same days.",
        says=(
            "From {first} to {last} people fled towards a border that stayed closed; {publishers} give {published} "
            "by the day of the article."
        ),
        figures={
            "first": Amount("date", day(event["date_start"])),
            "last": Amount("date", day(event["date_end"])),
            "publishers": Amount("count", len(rows), unit="publishers"),
            "published": range_of(amounts(rows), unit=PEOPLE),
        },
        supports=(*exhibits.sources("events", "FR-043"), "ap-20160208-troops-make"),
    )


@computed("CNN-12", chapter="notebooks/corridors-and-sieges", figure="fig-people-in-the-east")
def hundreds_of_thousands_trapped(exhibits: Exhibits) -> Verdict:
    """The claimed order of magnitude against figures of that season, and whether the east was closed that day."""
    claimed = in_words(str(exhibits.rows("claims", "CNN-12")["value"].iloc[0]))
    said = article_day(exhibits)
    rows = people_in_the_east(exhibits, *SAME_SEASON)
    size = by_overlap(claimed, amounts(rows))
    gate = corridors.connection(exhibits["corridor_states"], OPPOSITION, said, said).iloc[0]
    closed = gate["least"] == "cut"
    return Verdict(
        verdict=size if closed or size != "supported" else "partly",
        confidence="medium",
        reason="The number stands; the United Nations spoke of people at risk of being cut off, not yet cut off.",
        says=(
            "Published figures of those months give {people} for the east of the city. The way in was {state} on the "
            "day of the article."
        ),
        figures={
            "people": range_of(amounts(rows), unit=PEOPLE),
            "state": Amount("text", str(gate["state"]).replace("_", " ")),
        },
        supports=cited_by(rows),
        opposes=exhibits.sources("events", "FR-048"),
    )


@computed("CNN-18", chapter="notebooks/corridors-and-sieges", figure="fig-people-in-the-east")
def residents_of_the_east(exhibits: Exhibits) -> Verdict:
    """The claimed number against every published one of 2016, those of the same season apart."""
    claimed = float(exhibits.rows("claims", "CNN-18")["value"].iloc[0])
    near = people_in_the_east(exhibits, *SAME_SEASON)
    year = people_in_the_east(exhibits, "2016-02-01", "2016-11-30")
    un = year[year["attributed_to"].str.contains("OCHA|UN |United Nations") & (year["date"] >= "2016-08-01")]
    inside, evacuated, sum_after = exhibits.rows("estimates", "POP-010", "DIS-016", "POP-009").to_dict(
        "records"
    )
    first_sum = float(inside["best"]) + float(evacuated["low"])
    after = Amount("count", low=first_sum, high=float(sum_after["best"]), unit=PEOPLE)
    return Verdict(
        verdict=by_agreement(claimed, [*amounts(year), after], ROUNDED),
        confidence="medium",
        reason=(
            "Nobody counted before the end. Figures of the same months agree within a tenth; counts after the battle "
            "come to less than half."
        ),
        says=(
            "Figures of the same months give {near}; all of 2016 before the last weeks run over {all}, those of the "
            "United Nations from August on over {un}. People counted after the battle, in the city and among the "
            "evacuated, come to {after}."
        ),
        figures={
            "near": range_of(amounts(near), unit=PEOPLE),
            "all": range_of(amounts(year), unit=PEOPLE),
            "un": range_of(amounts(un), unit=PEOPLE),
            "after": after,
        },
        supports=cited_by(near),
        opposes=(
            *exhibits.sources("estimates", "POP-019", "POP-008", "POP-009"),
            *exhibits.sources("control_published", "CP-029"),
        ),
    )


@computed("CNN-44", chapter="notebooks/corridors-and-sieges", figure="fig-people-in-the-east")
def civilians_left_in_december(exhibits: Exhibits) -> Verdict:
    """The claimed number against dated figures of December 2016 before the end of the evacuation."""
    claimed = float(exhibits.rows("claims", "CNN-44")["value"].iloc[0])
    rows = people_in_the_east(exhibits, "2016-12-01", "2016-12-22")
    rows = rows[rows["day_known"]]
    first, last = (rows["date"].iloc[end] for end in (0, -1))
    return Verdict(
        verdict=by_agreement(claimed, amounts(rows), ROUNDED),
        confidence="medium",
        reason="Two United Nations figures a week apart, while the area shrank and people left.",
        says="Figures of the United Nations for the parts still held give {people} between {first} and {last}.",
        figures={
            "people": range_of(amounts(rows), unit=PEOPLE),
            "first": Amount("date", day(first)),
            "last": Amount("date", day(last)),
        },
        supports=exhibits.sources("control_published", "CP-058"),
        opposes=exhibits.sources("control_published", "CP-074"),
    )


@computed("CNN-19", chapter="notebooks/where-the-strikes-fell")
def continual_bombardment(exhibits: Exhibits) -> Verdict:
    """Incidents per day alleged in the governorate that month, and deaths coded to the city against months beside."""
    said = article_day(exhibits)
    month = said.strftime("%Y-%m")
    incidents = alleged_incidents(exhibits, month, ALEPPO)
    a_day = incidents / said.days_in_month
    published = exhibits["monthly_published"]
    city = published[
        (published["series"] == "UCDP GED events (own tally)")
        & (published["area"] == "Aleppo city")
        & (published["quantity"] == "deaths, all persons")
    ].set_index("month")["best"]
    beside = [float(city[str(one)]) for one in (said.to_period("M") - 1, said.to_period("M") + 1)]
    deaths = float(city[month])
    daily, heavier = a_day >= 1, deaths > max(beside)
    return Verdict(
        verdict="partly" if daily and heavier else "contested" if daily or heavier else "not_supported",
        confidence="low",
        reason=(
            "No log of strikes for the east alone was found: one series is of the governorate, the other of the "
            "whole city and all causes."
        ),
        says=(
            "In February 2016 Airwars has {rate} of alleged harm a day in the governorate attributed to Russian "
            "forces. UCDP's events of the city hold {deaths} that month, against {beside} in the months beside it."
        ),
        figures={
            "rate": Amount("quantity", a_day, unit="incidents"),
            "deaths": Amount("count", deaths, unit="deaths"),
            "beside": Amount("count", low=min(beside), high=max(beside)),
        },
        supports=("airwars-20260731-archive", "ucdp-20200121-ged191", "observer-20160206-bombarded-lives"),
    )


@computed("CNN-45", chapter="notebooks/siege-and-harm")
def executions_reported(exhibits: Exhibits) -> Verdict:
    """Whether killings were reported at the time, and what the Commission of Inquiry found later."""
    reported = exhibits.rows("estimates", "COI-007").iloc[0]
    event = exhibits.rows("events", "FR-107").iloc[0]
    finding = exhibits.rows("commission_findings", "COI-F08").iloc[0]
    was_reported = float(reported["low"]) > 0
    found = "executed" in str(finding["finding"]) and "pro-government" in str(finding["attributed_party"])
    denied = "denied" in str(event["summary"])
    told = "contested" if denied else "partly"
    return Verdict(
        verdict="supported" if was_reported and found else told if was_reported else "not_supported",
        confidence="high",
        reason=(
            "The claim is that executions were reported, and they were. The army denied killings; the Commission of "
            "Inquiry later found executions by some pro-government forces."
        ),
        says=(
            "On {first} and the next day the human rights office of the United Nations told of reports, corroborated "
            "by several sources, of {killed} killed by pro-government forces, and hoped that they were wrong or "
            "exaggerated. The army denied it."
        ),
        figures={
            "first": Amount("date", day(event["date_start"])),
            "killed": Amount("count", low=float(reported["low"]), unit="civilians"),
        },
        supports=(
            *exhibits.sources("estimates", "COI-007"),
            *exhibits.sources("commission_findings", "COI-F08"),
        ),
    )
