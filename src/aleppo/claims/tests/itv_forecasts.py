"""Tests of what ITV, and those whom it quotes, foresaw at the end of the battle."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import ARTICLE_SOURCES, Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    by_parts,
    cited_by,
    day,
    forecast_by_parts,
    front_line,
    rows_naming,
    value_of_claim,
)
from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list
from aleppo.measure import tempo, toll

CHRONOLOGY = "notebooks/events-timeline"
ALEPPO, IDLIB = "SY02", "SY07"
AFTER = "2016-12-26"
"""The first Monday after the evacuation."""
HALF_YEAR, YEAR = 26, 52
"""Weeks looked at on one side of the end of the battle."""
SHORTLY = 14
"""Days before the article within which something counts as shortly before."""


def _published(exhibits: Exhibits) -> pd.Timestamp:
    """The day of the article."""
    return pd.Timestamp(exhibits.rows("sources", ARTICLE_SOURCES["itv"])["published"].iloc[0])


@computed("ITV-58", chapter="notebooks/aid-and-measures", figure="tab-measures")
def symbolic_win(exhibits: Exhibits) -> Verdict:
    """Statements of victory from Damascus and its allies in the month after the article."""
    since = _published(exhibits)
    measures = exhibits["measures"]
    month = measures[measures["date_start"].between(since, since + pd.Timedelta(days=31))]
    hailed = rows_naming(month, "victory|welcomed the outcome", "summary")
    own = rows_naming(hailed, "SYR", "iso3")
    allies = rows_naming(hailed, "IRN|RUS", "iso3")
    army = exhibits.rows("events", "FR-114")
    return Verdict(
        verdict=forecast_by_parts(len(own) > 0, len(allies) > 0),
        confidence="medium",
        reason="The statements are on record; what they did for anybody's mind cannot be measured.",
        says=(
            "In the month after the article {own} of the Syrian president and {allies} of Tehran and Moscow hail the "
            "outcome as a victory or welcome it; the army declared full control on {declared}."
        ),
        figures={
            "own": Amount(
                "count", len(own), unit="recorded statement" if len(own) == 1 else "recorded statements"
            ),
            "allies": Amount("count", len(allies)),
            "declared": Amount("date", day(army["date_end"].iloc[0])),
        },
        supports=cited_by(hailed, exhibits.rows("claims", "ITV-58")),
    )


@computed("ITV-60", chapter="notebooks/recorded-deaths", figure="fig-weekly-deaths")
def huge_step(exhibits: Exhibits) -> Verdict:
    """The day of the words against the days of the pages that carry them, and deaths recorded afterwards."""
    claimed = value_of_claim(exhibits, "ITV-60")
    pages = split_list(exhibits.rows("claims", "ITV-60")["source_ids"].iloc[0])
    published = exhibits.rows("sources", *pages)["published"].astype(str).str[:10]
    same = [one == claimed for one in published]
    weekly = exhibits["vdc_deaths_weekly"]
    after = weekly[weekly["week"] >= AFTER].groupby("week")["deaths"].sum().head(HALF_YEAR)
    return Verdict(
        verdict="supported" if all(same) else "contested" if any(same) else "not_supported",
        confidence="high",
        reason="Agencies carry the words on one day; the verdict is on the words, not on what they foretell.",
        says=(
            "{pages} of {day} carry the words. That the war would go on was right: deaths were recorded in {weeks} of "
            "the {all} weeks that followed the evacuation."
        ),
        figures={
            "pages": Amount("count", len(pages), unit="pages"),
            "day": Amount("date", published.min()),
            "weeks": Amount("count", int((after > 0).sum())),
            "all": Amount("count", len(after)),
        },
        supports=tuple(pages),
    )


@computed("ITV-61", chapter="notebooks/recorded-deaths")
def idlib_next(exhibits: Exhibits) -> Verdict:
    """Weeks with recorded deaths in the year after, and where the front-line events after the battle lie."""
    weekly = exhibits["vdc_deaths_weekly"]
    year = weekly[weekly["week"] >= AFTER].groupby("week")["deaths"].sum().head(YEAR)
    events = exhibits["events"]
    last = day(events["date_start"].max())
    later = front_line(exhibits, (AFTER, last))
    army = rows_naming(later, "Syrian army")
    idlib = army[army["governorate"] == IDLIB]
    truce = exhibits.rows("ceasefires", "CF21")
    feared = exhibits.rows("sources", "daily-star-20161223-army-retaken")
    return Verdict(
        verdict=forecast_by_parts(bool((year > 0).all()), len(idlib) > 0),
        confidence="low",
        reason=(
            "The tables of events end in spring 2017. A first reading called the forecast borne out because "
            "the UN envoy feared the same; a shared fear is no event."
        ),
        says=(
            "Deaths were recorded in {weeks} of the {all} weeks after the evacuation. The events of these months hold "
            "{army} of the Syrian army, {idlib} of them in Idlib; a nationwide truce began on {truce}."
        ),
        figures={
            "weeks": Amount("count", int((year > 0).sum())),
            "all": Amount("count", len(year)),
            "army": Amount("count", len(army), unit="advance" if len(army) == 1 else "advances"),
            "idlib": Amount("count", len(idlib)),
            "truce": Amount("date", str(truce["start"].iloc[0])),
        },
        supports=tuple(feared.index),
        opposes=cited_by(truce, army),
    )


@computed("ITV-62", chapter="notebooks/did-the-tempo-change", figure="fig-monthly-balance")
def guard_and_attack(exhibits: Exhibits) -> Verdict:
    """Towns that the government lost in the last month of the battle, and its attacks on rebels after it."""
    taken = tempo.captures(exhibits["town_spells"])
    lost = taken[(taken["taken_from"] == "government") & (taken["date"] >= "2016-11-22")]
    later = rows_naming(
        front_line(exhibits, (AFTER, day(exhibits["events"]["date_start"].max()))), "Syrian army"
    )
    on_rebels = rows_naming(later, "rebel|Jaish|opposition")
    return Verdict(
        verdict=by_parts(len(lost) > 0, len(on_rebels) > 0),
        confidence="low",
        reason="Only towns of the north and Palmyra are coded, to the end of 2016; the events end in spring 2017.",
        says=(
            "From 22 November to the end of 2016 the government lost {lost} of the towns that are coded, which bears "
            "out the need to guard. The events of the months after the battle hold {later} of its army, {rebels} of "
            "them on rebels."
        ),
        figures={
            "lost": Amount("count", len(lost)),
            "later": Amount("count", len(later), unit="advance" if len(later) == 1 else "advances"),
            "rebels": Amount("count", len(on_rebels)),
        },
        supports=exhibits.sources("claims", "ITV-62"),
    )


def _taken_by_islamic_state(exhibits: Exhibits) -> pd.DataFrame:
    """Towns that Islamic State took from the government, by day."""
    taken = tempo.captures(exhibits["town_spells"])
    return taken[(taken["taken_by"] == "islamic_state") & (taken["taken_from"] == "government")]


@computed("ITV-64", chapter=CHRONOLOGY, figure="tab-events")
def poised_to_exploit(exhibits: Exhibits) -> Verdict:
    """Towns that Islamic State took from the government in the battle's last weeks, and after the article."""
    since = _published(exhibits)
    taken = _taken_by_islamic_state(exhibits)
    shortly = taken[taken["date"].between(since - pd.Timedelta(days=SHORTLY), since)]
    later = taken[taken["date"] > since]
    regained = exhibits.rows("events", "FR-121")
    return Verdict(
        verdict=forecast_by_parts(len(shortly) > 0, len(later) > 0),
        confidence="low",
        reason=(
            "Towns are coded to the end of 2016. Palmyra fell before the article, so it is what the forecast rests on "
            "and no proof of it; a first reading counted it as borne out."
        ),
        says=(
            "Islamic State took {shortly} of the towns that are coded from the government in the {days} before the "
            "article and {later} after it, and then attacked the T4 air base; the army announced on {regained} that it "
            "had Palmyra again."
        ),
        figures={
            "shortly": Amount("count", len(shortly)),
            "days": Amount("days", SHORTLY),
            "later": Amount("count", len(later)),
            "regained": Amount("date", day(regained["date_start"].iloc[0])),
        },
        supports=exhibits.sources("events", "FR-105"),
        opposes=cited_by(regained),
    )


@computed("ITV-65", chapter=CHRONOLOGY, figure="tab-events")
def palmyra_shortly_before(exhibits: Exhibits) -> Verdict:
    """Days from the fall of Palmyra to the article."""
    since = _published(exhibits)
    taken = _taken_by_islamic_state(exhibits)
    palmyra = taken[(taken["place"] == "T-PALMYRA") & (taken["date"] <= since)]
    event = exhibits.rows("events", "FR-105")
    fell = palmyra["date"].max() if len(palmyra) else event["date_start"].iloc[0]
    ago = (since - fell).days
    return Verdict(
        verdict="not_supported" if palmyra.empty else "supported" if ago <= SHORTLY else "partly",
        confidence="high",
        reason="An agency, a regional outlet and chronologies tell the fall of the town and the attack on the base.",
        says=(
            "Islamic State took Palmyra from the government on {fell}, {ago} before the article, and attacked the T4 "
            "air base in eastern Homs."
        ),
        figures={"fell": Amount("date", day(fell)), "ago": Amount("days", ago)},
        supports=cited_by(event),
    )


@computed("ITV-66", chapter="notebooks/recorded-deaths", figure="fig-weekly-deaths")
def no_peace_in_the_city(exhibits: Exhibits) -> Verdict:
    """Recorded deaths of people from the governorate in the half-year after the battle beside that before it."""
    weeks = toll.weekly_deaths(exhibits["vdc_deaths_weekly"], ALEPPO, "2016-01-04", "2017-12-25")
    row = toll.mean_ratio(weeks, AFTER, [(HALF_YEAR, HALF_YEAR)]).iloc[0]
    after = weeks[weeks.index >= AFTER].head(HALF_YEAR)
    went_on = bool((after > 0).mean() > 0.9)
    return Verdict(
        verdict=forecast_by_parts(went_on, bool(row["ratio"] >= 1)),
        confidence="low",
        reason="Deaths are those of people from the governorate, wherever they died; peace is more than fewer deaths.",
        says=(
            "In the half-year after the battle {after} a week were recorded of people from the governorate, {ratio} "
            "of the number before it; {still} of {all} weeks passed without any. The UN called the city "
            "relatively calm in January 2017, and told of main water cut off from the middle of that month."
        ),
        figures={
            "after": Amount("quantity", float(row["mean_after"]), unit="deaths"),
            "ratio": Amount("share", float(row["ratio"])),
            "still": Amount("count", int((after == 0).sum())),
            "all": Amount("count", len(after)),
        },
        supports=("ocha-20170204-sitrep-15",),
        opposes=("ocha-20170112-sitrep-13",),
    )
