"""Tests of what ITV says of the front lines: the city, its roads, the siege and the assault."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    by_parts,
    cited_by,
    day,
    days_between,
    numbers_in,
    range_of,
    rows_naming,
    value_of_claim,
)
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import clock, control

CITY = "notebooks/who-held-the-city"
ROADS = "notebooks/corridors-and-sieges"
ALEPPO = "SY02"
YEAR = 365.25
MOSTLY = 2 / 3
"""Part of an area from which on it counts as one side's half of the city."""
SOON = 60
"""Days up to which a road that was opened counts as soon closed again."""
FEW = 0.01
"""Part of the people below which those who left count as hardly any."""
CLOSES = "2016-12-22"


@computed("ITV-05", chapter="notebooks/events-timeline", figure="fig-events-timeline")
def four_years(exhibits: Exhibits) -> Verdict:
    """Days from the first fighting in the city to the end of the evacuation, in whole years."""
    claimed = int(value_of_claim(exhibits, "ITV-05"))
    rows = exhibits.rows("events", "FR-002", "FR-114")
    start, end = rows["date_start"]["FR-002"], rows["date_end"]["FR-114"]
    days = days_between(start, end)
    years = days / YEAR
    near = abs(years - claimed) < 1
    return Verdict(
        verdict="supported" if int(years) == claimed else "partly" if near else "not_supported",
        confidence="high",
        reason="First and last day are each told by several sources, which differ by a day at the start.",
        says="From {start} to {end} the battle took {days}, which is {years}.",
        figures={
            "start": Amount("date", day(start)),
            "end": Amount("date", day(end)),
            "days": Amount("days", days),
            "years": Amount("quantity", years, unit="years"),
        },
        supports=cited_by(rows),
    )


@computed("ITV-11", chapter="notebooks/events-timeline", figure="tab-events")
def attack_of_july(exhibits: Exhibits) -> Verdict:
    """The month in the claim against the first fighting in the city and the announced offensive."""
    claimed = value_of_claim(exhibits, "ITV-11")
    rows = exhibits.rows("events", "FR-002", "FR-003")
    same = [day(date)[:7] == claimed for date in rows["date_start"]]
    return Verdict(
        verdict="supported" if all(same) else "contested" if any(same) else "not_supported",
        confidence="high",
        reason="An academic account, an agency's chronology and reports of the days agree on the month.",
        says="Fighting in the city opened on {first}; rebels announced their offensive on {announced}.",
        figures={
            "first": Amount("date", day(rows["date_start"]["FR-002"])),
            "announced": Amount("date", day(rows["date_start"]["FR-003"])),
        },
        supports=cited_by(rows),
    )


@computed("ITV-13", chapter=CITY, figure="fig-city-map")
def east_and_west(exhibits: Exhibits) -> Verdict:
    """How much of what each side held alone lay on its side of the citadel once the first weeks were over."""
    settled = exhibits.rows("events", "FR-005").iloc[0]
    places = exhibits["places"].set_index("place_id")
    state = control.state_on(exhibits["control_spells"], settled["date_end"]).join(
        places[["lon", "area_km2"]]
    )
    east = state["lon"] >= places.at["X-CITADEL", "lon"]
    held = state["area_km2"].fillna(0.0)
    opposition, government, kurdish = (
        held.where(state["holder"] == holder, 0.0)
        for holder in ("opposition", "government", "kurdish_ypg_sdf")
    )
    eastern = float(opposition[east].sum() / opposition.sum())
    western = float(government[~east].sum() / government.sum())
    return Verdict(
        verdict=by_parts(eastern >= MOSTLY, western >= MOSTLY),
        confidence="medium",
        reason="Coded from reports, many of them known to the year only; the halves are cut at the citadel.",
        says=(
            "On {settled} the part of the opposition's area that lay east of the citadel was {eastern}; of the "
            "government's, {western} lay west of it. Kurdish forces held {kurdish}, which the article leaves out."
        ),
        figures={
            "settled": Amount("date", day(settled["date_end"])),
            "eastern": Amount("share", eastern),
            "western": Amount("share", western),
            "kurdish": Amount("area", float(kurdish.sum())),
        },
        supports=exhibits.sources("claims", "ITV-13"),
    )


@computed("ITV-14", chapter=CITY, figure="fig-city-area")
def no_decisive_gain(exhibits: Exhibits) -> Verdict:
    """The opposition's part of the city after the first weeks and before the assault, and roads cut meanwhile."""
    first, last = (exhibits.rows("events", name).iloc[0] for name in ("FR-005", "FR-091"))
    span = first["date_end"], last["date_start"]
    spells, places = exhibits["control_spells"], exhibits["places"]
    daily = control.held_area(spells, places, "opposition", *span) / places["area_km2"].sum()
    then, now = (
        Amount("share", *daily.loc[date, ["midpoint_km2", "firm_km2", "upper_km2"]]) for date in span
    )
    roads = exhibits["corridor_states"]
    cut = roads[(roads["side"] == "opposition") & (roads["state"] == "cut") & roads["start"].between(*span)]
    overlap = float(then.low or 0) <= float(now.high or 0) and float(now.low or 0) <= float(then.high or 0)
    inside = "partly" if len(cut) else "supported"
    return Verdict(
        verdict=inside if overlap else "not_supported",
        confidence="medium",
        reason="The ranges of area are wide, since many districts stayed contested; roads are dated better.",
        says=(
            "The opposition held {then} of the city on {first} and {now} on {last}: the ranges overlap. Outside "
            "the city {roads} of the opposition were cut in these years."
        ),
        figures={
            "then": then,
            "now": now,
            "first": Amount("date", day(span[0])),
            "last": Amount("date", day(span[1])),
            "roads": Amount("count", int(cut["route_id"].nunique()), unit="roads"),
        },
        supports=exhibits.sources("claims", "ITV-14"),
        opposes=cited_by(cut),
    )


@computed("ITV-26", chapter="notebooks/where-the-strikes-fell")
def strikes_on_sukkari(exhibits: Exhibits) -> Verdict:
    """Recorded air strikes on the district, and how many are laid to Russian forces without dispute."""
    events = exhibits["events"]
    there = rows_naming(events, "Sukkari", "place")
    strikes = rows_naming(there, "strike", "event_type")
    russian = rows_naming(strikes, "Russian")
    alone = russian[~russian["actors"].str.contains("contested|Syrian")]
    shared = exhibits.rows("commission_findings", "COI-F23")
    denied = exhibits.rows("events", "FR-104")
    every = len(strikes) > 0 and len(alone) == len(strikes)
    return Verdict(
        verdict="supported" if every else "contested" if len(russian) else "not_supported",
        confidence="medium",
        reason="Strikes on the district are well recorded; whose aircraft they were is not settled.",
        says=(
            "Of {strikes} on the district in the chronology {russian} are laid to Russian or Syrian aircraft or to "
            "Russian forces with a dispute, {alone} to Russian forces without one. The Commission of Inquiry could "
            "often not tell the two air forces apart; Russia denied strikes on Aleppo after 18 October 2016."
        ),
        figures={
            "strikes": Amount("count", len(strikes), unit="air strikes"),
            "russian": Amount("count", len(russian) - len(alone)),
            "alone": Amount("count", len(alone)),
        },
        supports=cited_by(russian),
        opposes=cited_by(shared, denied),
    )


@computed("ITV-27", chapter="notebooks/one-clock", figure="fig-one-clock")
def daily_strikes(exhibits: Exhibits) -> Verdict:
    """Months with at least one alleged incident a day in the governorate, of the months of the campaign."""
    incidents = clock.alleged_incidents(exhibits["airwars_monthly"], ALEPPO, "Russia", "2015-10", "2016-12")
    each = incidents.sum(axis="columns")
    lengths = pd.PeriodIndex(each.index, freq="M").days_in_month
    daily = int((each.to_numpy() >= lengths).sum())
    fewest = str(each.idxmin())
    found = exhibits.rows("commission_findings", "COI-F03", "COI-F29", "COI-F30")
    halts = exhibits.rows("ceasefires", "CF08", "CF16", "CF17")
    return Verdict(
        verdict=by_parts(daily > 0, daily == len(each)),
        confidence="low",
        reason=(
            "Incidents of alleged harm, contested ones included, stand in for strikes, of which no daily list "
            "exists; what the strikes did for morale cannot be measured."
        ),
        says=(
            "In {daily} of {months} Airwars lists at least one incident a day that is laid to Russian forces, alone or "
            "with others; the month with the fewest is {fewest}. The Commission of Inquiry wrote of daily Syrian and "
            "Russian strikes from July 2016 and joined them to the encirclement. Declared halts in spring, September "
            "and from October broke the sequence."
        ),
        figures={
            "daily": Amount("count", daily),
            "months": Amount("count", len(each), unit="months"),
            "fewest": Amount("month", fewest),
        },
        supports=cited_by(found),
        opposes=cited_by(halts),
    )


@computed("ITV-28", chapter=ROADS, figure="fig-siege-by-source")
def route_cut_in_july(exhibits: Exhibits) -> Verdict:
    """The month in the claim against every published first day of the first siege."""
    claimed = value_of_claim(exhibits, "ITV-28")
    dates = exhibits["siege_dates"]
    starts = dates[(dates["siege"] == "first") & (dates["boundary"] == "start")].sort_values("date")
    same = [day(date)[:7] == claimed for date in starts["date"]]
    return Verdict(
        verdict="supported" if all(same) else "contested" if any(same) else "not_supported",
        confidence="high",
        reason="Bodies of both sides and of neither give different days, all within one month.",
        says=(
            "{count} give a first day of the siege, from {first} to {last}; they differ on whether fire on the "
            "Castello road or its capture counts."
        ),
        figures={
            "count": Amount("count", len(starts), unit="publishers"),
            "first": Amount("date", day(starts["date"].iloc[0])),
            "last": Amount("date", day(starts["date"].iloc[-1])),
        },
        supports=cited_by(starts),
    )


def _ramouseh(exhibits: Exhibits) -> tuple[pd.Series, pd.Series]:
    """The state of the road into the east from the link-up on, and the one that follows it."""
    linked = exhibits.rows("siege_dates", "SD-07")["date"].iloc[0]
    roads = exhibits["corridor_states"]
    road = roads[roads["route_id"] == "R-RAMOUSEH-EAST"].sort_values("start")
    opened = road[road["start"] <= linked].iloc[-1]
    return opened, road[road["start"] > linked].iloc[0]


@computed("ITV-30", chapter=ROADS, figure="fig-route-lanes-2016")
def new_corridor(exhibits: Exhibits) -> Verdict:
    """The state of the Ramouseh road from the day that rebels linked up through it."""
    opened, _ = _ramouseh(exhibits)
    linked = exhibits.sources("siege_dates", "SD-07")
    verdict = {"open": "supported", "under_fire": "partly"}.get(str(opened["state"]), "not_supported")
    words = {"open": "open", "under_fire": "passable under fire"}.get(str(opened["state"]), "cut")
    return Verdict(
        verdict=verdict,
        confidence="high",
        reason="Agencies, the Observatory and the UN describe the road alike; pro-government media deny the breach.",
        says=(
            "Rebels linked up with the east on {linked}. The road is coded as {state}: the Observatory called it "
            "military and unsafe for civilians, the UN noted small supplies, pro-government media denied that the "
            "siege was broken."
        ),
        figures={"linked": Amount("date", day(opened["start"])), "state": Amount("text", words)},
        supports=linked,
        opposes=tuple(set(exhibits.sources("events", "FR-067")) - set(linked)),
    )


@computed("ITV-31", chapter=ROADS, figure="fig-route-lanes-2016")
def corridor_closed(exhibits: Exhibits) -> Verdict:
    """Days from the link-up to the closure of the road, over the rival dates of the closure."""
    opened, closed = _ramouseh(exhibits)
    dates = (closed["start_earliest"], closed["start"], closed["start_latest"])
    low, best, high = ((date - opened["start"]).days for date in dates)
    shut = closed["state"] == "cut"
    verdict = "supported" if shut and high <= SOON else "partly" if shut else "not_supported"
    return Verdict(
        verdict=verdict,
        confidence="high",
        reason="Agencies of several countries report the recapture; sources differ by days on when it was whole.",
        says="The road was closed again on {closed}, after {days}.",
        figures={"closed": Amount("date", day(closed["start"])), "days": Amount("days", best, low, high)},
        supports=exhibits.sources("events", "FR-073", "FR-074"),
    )


@computed("ITV-32", chapter=CITY, figure="fig-east-share")
def step_by_step(exhibits: Exhibits) -> Verdict:
    """The Observatory's shares in order of date, and the offensives of the weeks between siege and last step."""
    restored = exhibits.rows("siege_dates", "SD-10")["date"].iloc[0]
    published = control.published_shares(exhibits["control_published"], day(restored), CLOSES)
    observed = published[published["attributed_to"] == "SOHR"]
    taken = 1 - observed["share"]
    steps = len(taken) > 2 and bool(taken.is_monotonic_increasing)
    events = exhibits["events"]
    offensives = events[
        (events["governorate"] == ALEPPO)
        & events["event_type"].isin(["ground_offensive", "air_offensive"])
        & events["date_start"].between(restored, CLOSES)
    ]
    return Verdict(
        verdict=by_parts(steps, steps and offensives.empty),
        confidence="medium",
        reason="The steps are published by several sides; that the siege led to them is an order in time.",
        says=(
            "The siege was whole again on {restored}. By the Observatory's figures the retaken part of the east then "
            "rose in {steps}, {taken}. In the same months the table of events has {offensives} on the city: what the "
            "siege brought about and what the assaults did cannot be told apart."
        ),
        figures={
            "restored": Amount("date", day(restored)),
            "steps": Amount("count", len(taken), unit="steps"),
            "taken": range_of([Amount("share", float(one)) for one in taken], "share"),
            "offensives": Amount("count", len(offensives), unit="offensives"),
        },
        supports=cited_by(observed),
        opposes=cited_by(offensives),
    )


@computed("ITV-48", chapter="notebooks/truces", figure="tab-truces")
def october_pause(exhibits: Exhibits) -> Verdict:
    """Those counted on their way out in the pause and the days after it, beside the people in the east."""
    event = exhibits.rows("events", "FR-088").iloc[0]
    pause = exhibits.rows("ceasefires", "CF17").iloc[0]
    people = float(exhibits.rows("control_published", "CP-036")["value"].iloc[0])
    left = sum(numbers_in(str(event["note"]), "wounded fighters|civilians|women and children"))
    evacuated = "no UN medical evacuation" not in str(event["summary"])
    verdict = "corrected" if left / people < FEW and not evacuated else "partly"
    return Verdict(
        verdict=verdict if left / people < 1 / 2 else "not_supported",
        confidence="high",
        reason="The Observatory, the UN and the Russian military agree that hardly anybody left; on why, they do not.",
        says=(
            "Air strikes stopped on {start} and the pause on the ground ended on {end}. With {corridors} on offer "
            "counts of the Russian military add up to {left} who left, the last of them after the pause, of {people} "
            "by the UN's estimate; no medical evacuation by the UN took place. Moscow blamed armed groups, "
            "the UN several sides."
        ),
        figures={
            "start": Amount("date", str(pause["start"])),
            "end": Amount("date", str(pause["end"])),
            "corridors": Amount("count", float(event["value"]), unit="corridors"),
            "left": Amount("count", left, unit="people"),
            "people": Amount("count", people),
        },
        opposes=cited_by(exhibits.rows("events", "FR-088"), exhibits.rows("ceasefires", "CF17")),
    )


@computed("ITV-53", chapter=CITY, figure="fig-east-share")
def assault_of_november(exhibits: Exhibits) -> Verdict:
    """The day in the claim against the renewed bombing and the day from which the Observatory counts."""
    claimed = value_of_claim(exhibits, "ITV-53")
    event = exhibits.rows("events", "FR-091")
    counts = exhibits.rows("estimates", "ALP-045", "ALP-046", "ALP-047")
    days = [day(event["date_start"].iloc[0]), *counts["period_start"]]
    apart = [abs((pd.Timestamp(one) - pd.Timestamp(claimed)).days) for one in days]
    return Verdict(
        verdict="supported" if max(apart) == 0 else "partly" if max(apart) <= 7 else "corrected",
        confidence="high",
        reason="Reports of the day and the period of the Observatory's counts agree on it.",
        says=(
            "Bombing of the east resumed on {resumed}, and the Observatory counts the dead of the assault from "
            "{counted} on. Russia said that it struck Idlib and Homs that day, not Aleppo."
        ),
        figures={
            "resumed": Amount("date", days[0]),
            "counted": Amount("date", str(min(counts["period_start"]))),
        },
        supports=cited_by(event, counts),
    )
