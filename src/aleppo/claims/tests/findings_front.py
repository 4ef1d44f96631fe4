"""Tests of the book's findings on the front lines."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._findings import BREAK, cited, counted, finding, low_high, ranged, some
from aleppo.claims.tests._rules import day
from aleppo.claims.verdict import Amount, Verdict
from aleppo.measure import control, corridors
from aleppo.measure import control_changes as changing

CITY = "notebooks/who-held-the-city"
ROADS = "notebooks/corridors-and-sieges"
LAST_PHASE = "2016-11-15"
CODED = "Coded from dated reports of neighbourhoods, many of them with low confidence."


def _captures(exhibits: Exhibits, first: str, last: str) -> pd.DataFrame:
    captures = changing.captures(exhibits["control_spells"], exhibits["places"])
    return captures[captures["date"].between(first, last)]


@computed("F-04", chapter=CITY, figure="fig-weekly-captures")
def city_line_stood_still(exhibits: Exhibits) -> Verdict:
    """Changes of holder in the city from the break to the end of June 2016, and the day of the next one."""
    later = _captures(exhibits, BREAK, "2016-12-31")
    still, after = later[later["date"] <= "2016-06-30"], later[later["date"] > "2016-06-30"]
    return finding(
        still.empty,
        "medium",
        f"{CODED} A flat line means that no change is reported.",
        "From 30 September 2015 to the end of June 2016 {still} of holder are coded in the city; the next is dated "
        "{next}.",
        {
            "still": some(len(still), "changes", "no changes"),
            "next": Amount("date", day(after["date"].min())),
        },
        cited(after.head(1)),
    )


@computed("F-05", chapter=CITY, figure="fig-weekly-captures")
def most_changes_in_the_last_weeks(exhibits: Exhibits) -> Verdict:
    """The share of changes of holder from 2013 on that falls from 15 November 2016 on."""
    later = _captures(exhibits, "2013-01-01", "2016-12-31")
    last = later[later["date"] >= LAST_PHASE]
    firm = int((last["confidence"] != "low").sum())
    return finding(
        len(last) > len(later) / 2,
        "medium",
        f"{CODED} The order in time does not tell what part the strikes had in it.",
        "Of {all} coded from 2013 on, {last} fall between 15 November and 22 December 2016.",
        {
            "all": counted(len(later), "changes of holder"),
            "last": Amount("count", low=firm, best=len(last), high=len(last)),
        },
    )


@computed("F-06", chapter=CITY, figure="fig-city-area")
def who_held_more_is_open(exhibits: Exhibits) -> Verdict:
    """Whether firm to upper of the two sides overlap on each day from 2013 to the break."""
    spells, places = exhibits["control_spells"], exhibits["places"]
    one, other = (
        control.held_area(spells, places, side, "2013-01-01", BREAK) for side in ("opposition", "government")
    )
    both = (one["firm_km2"] <= other["upper_km2"]) & (other["firm_km2"] <= one["upper_km2"])
    share = one.iloc[-1] / places["area_km2"].sum()
    return finding(
        bool(both.all()),
        "medium",
        "Large neighbourhoods at the edge are coded as contested; the bands hold every way of dividing them.",
        "The bands of the two sides overlap on {days} of {all} from 2013 to 30 September 2015. On the last of them "
        "the opposition held {share} of the city.",
        {
            "days": counted(int(both.sum())),
            "all": counted(len(both), "days"),
            "share": Amount(
                "share", low=share["firm_km2"], best=share["midpoint_km2"], high=share["upper_km2"]
            ),
        },
    )


def _pocket(exhibits: Exhibits) -> pd.DataFrame:
    spells = exhibits["control_spells"]
    return spells[
        spells["place_id"].isin(control.lost_between(spells, "opposition", LAST_PHASE, "2016-12-22"))
    ]


@computed("F-07", chapter=CITY, figure="fig-east-share")
def published_shares_of_the_pocket(exhibits: Exhibits) -> Verdict:
    """How many published shares of the pocket lie between our firm and our upper share of the same day."""
    area = control.held_area(_pocket(exhibits), exhibits["places"], "opposition", LAST_PHASE, "2016-12-22")
    shares = control.held_share(area, LAST_PHASE)
    published = control.published_shares(exhibits["control_published"], LAST_PHASE, "2016-12-22")
    compared = control.residuals(shares, published)
    inside, apart = int(compared["inside"].sum()), compared["residual"].abs()
    return finding(
        [inside > len(compared) / 2, inside < len(compared)],
        "medium",
        "Publishers do not say of what whole their shares are; ours are of the area of whole neighbourhoods.",
        "Of {all} of the eastern pocket {inside} lie between our firm and our upper share; the farthest is {far} "
        "from our midpoint.",
        {
            "all": counted(len(compared), "published shares"),
            "inside": counted(inside),
            "far": Amount("quantity", round(100 * float(apart.max()), 1), unit="percentage points"),
        },
        cited(published),
    )


@computed("F-08", chapter=CITY, figure="fig-weak-days")
def weakest_days_of_the_coding(exhibits: Exhibits) -> Verdict:
    """The day with most changes that rest on position alone, and their share from 6 to 8 December 2016."""
    codings = changing.codings_by_day(_pocket(exhibits), LAST_PHASE, "2016-12-22")
    changes = codings.loc["2016-12-06":"2016-12-08", ["high", "medium", "low"]].sum()
    weakest = codings["low"].idxmax()
    return finding(
        pd.Timestamp("2016-12-06") <= weakest <= pd.Timestamp("2016-12-08"),
        "high",
        "Counted over the coding itself; reports of the Old City contradict each other.",
        "Of {all} coded from 6 to 8 December 2016, {low} rest on the position of a place alone. The day with most of "
        "them is {weakest}.",
        {
            "all": counted(int(changes.sum()), "changes"),
            "low": counted(int(changes["low"])),
            "weakest": Amount("date", day(weakest)),
        },
    )


@computed("F-09", chapter=CITY, figure="fig-weekly-captures")
def both_directions_in_the_summer(exhibits: Exhibits) -> Verdict:
    """Places that the opposition took in August 2016, and how many of them it had lost by the end of September."""
    summer = _captures(exhibits, "2016-07-31", "2016-09-30")
    taken = summer[summer["captor"] == "opposition"]
    lost = summer[(summer["loser"] == "opposition") & summer["place_id"].isin(taken["place_id"])]
    return finding(
        [len(taken) > 0, len(lost) > 0],
        "high",
        "The link-up of 6 August and the return of the siege are told by agencies and both sides.",
        "From 31 July to 8 August 2016 the opposition took {taken} in the south-west; {lost} of them were lost again "
        "in September.",
        {"taken": counted(len(taken), "places"), "lost": counted(len(lost))},
        cited(lost),
    )


@computed("F-10", chapter=ROADS, figure="fig-route-lanes-2016")
def no_open_road_from_july(exhibits: Exhibits) -> Verdict:
    """Days from July to 22 December 2016 on which a road into the east is coded as open, cut or under fire."""
    east = corridors.connection(exhibits["corridor_states"], "opposition", "2016-07-01", "2016-12-22")
    opened, cut, fire = (corridors.days_in_state(east, state) for state in ("open", "cut", "under_fire"))
    return finding(
        opened[1] == 0,
        "medium",
        "Routes are coded from dated reports; what passed at night is in no record.",
        "From 1 July to 22 December 2016 a last way into the east is coded as open on {open}; all of them were cut on "
        "{cut}, and the best was under fire on {fire}.",
        {
            "open": ranged("days", opened) if opened[2] else some(0, none="no day"),
            "cut": ranged("days", cut),
            "fire": ranged("days", fire),
        },
    )


@computed("F-11", chapter=ROADS, figure="fig-route-lanes")
def an_open_road_until_february(exhibits: Exhibits) -> Verdict:
    """Whether a road into the east is coded as open on each day from August 2012 to 15 February 2016."""
    east = corridors.connection(exhibits["corridor_states"], "opposition", "2012-08-01", "2016-02-15")
    opened = corridors.days_in_state(east, "open")
    return finding(
        opened[1] == len(east),
        "low",
        "The state of most roads before October 2013 is known in outline only.",
        "On {open} of {all} from August 2012 to mid-February 2016 at least one road into the east is coded as open.",
        {"open": ranged("count", opened), "all": counted(len(east), "days")},
    )


@computed("F-12", chapter=ROADS, figure="fig-route-lanes")
def the_west_was_cut_off_too(exhibits: Exhibits) -> Verdict:
    """Days without any way into the west against those without any way into the east."""
    states = exhibits["corridor_states"]
    west = corridors.connection(states, "government", "2013-10-07", "2016-12-22", reach=("gate", "approach"))
    east = corridors.connection(states, "opposition", "2013-10-07", "2016-12-22")
    ours, theirs = (corridors.days_in_state(one, "cut") for one in (west, east))
    return finding(
        [ours[1] > 0, ours[2] < theirs[0]],
        "medium",
        "Sources differ on when the desert road could be used again in 2013; the crossing inside the city is left out.",
        "From 7 October 2013 on, the government-held west was without any way to central Syria on {west}, the "
        "opposition-held east on {east}.",
        {"west": ranged("days", ours), "east": ranged("days", theirs)},
    )


@computed("F-13", chapter=ROADS, figure="fig-siege-by-source")
def length_of_the_siege(exhibits: Exhibits) -> Verdict:
    """How far the lengths of the siege lie apart over first days and readings of August 2016."""
    lengths = corridors.siege_lengths(exhibits["siege_dates"])
    broken, unbroken, named = (
        lengths[lengths["reading"] == reading] for reading in ("broken", "unbroken", "designation")
    )
    spread = (broken["start"].max() - broken["start"].min()).days
    return finding(
        bool(lengths["longest"].max() > 1.5 * lengths["shortest"].min()),
        "high",
        "Dates of the sources themselves, side by side; they date different things.",
        "First days lie {spread} apart. The siege lasted {broken} without the weeks after the link-up of August 2016, "
        "{unbroken} with them, and {named} from the day on which OCHA named it one.",
        {
            "spread": Amount("days", spread),
            "broken": low_high("days", [broken["shortest"].min(), broken["longest"].max()]),
            "unbroken": low_high("days", [unbroken["shortest"].min(), unbroken["longest"].max()]),
            "named": low_high("days", [named["shortest"].min(), named["longest"].max()]),
        },
        cited(lengths),
    )


@computed("F-14", chapter=ROADS, figure="fig-people-in-the-east")
def people_in_the_east(exhibits: Exhibits) -> Verdict:
    """How far the figures of people in the east before December 2016 lie apart."""
    people = corridors.population(exhibits["control_published"], exhibits["estimates"])
    before = people[people["date"] < "2016-12-01"]
    figures = before[["low", "best", "high"]].stack().dropna().astype(float)
    return finding(
        bool(figures.max() > 2 * figures.min()),
        "high",
        "Every figure is an estimate by those who planned aid, by monitors or the press; nobody counted.",
        "{all} from before December 2016 give {people} in the opposition-held east.",
        {"all": counted(len(before), "figures"), "people": low_high("count", figures, "people")},
        cited(before),
    )


@computed("F-15", chapter=ROADS, figure="fig-route-lanes")
def which_gate_closed_when(exhibits: Exhibits) -> Verdict:
    """The days from which the Azaz road and the Castello road are coded as cut."""
    states = exhibits["corridor_states"]
    cut = states[states["state"] == "cut"].groupby("route_id")["start"]
    azaz, castello = cut.min()["R-AZAZ"], cut.min()["R-CASTELLO"]
    return finding(
        [pd.Timestamp(BREAK) < azaz, azaz < castello],
        "high",
        "Both days are told by several agencies; sources name days from 6 to 21 July 2016 for the second.",
        "The Azaz road is coded as cut from {azaz}, the Castello road from {castello}, {between} later.",
        {
            "azaz": Amount("date", day(azaz)),
            "castello": Amount("date", day(castello)),
            "between": Amount("days", (castello - azaz).days),
        },
        cited(states[(states["state"] == "cut") & states["start"].isin([azaz, castello])]),
    )
