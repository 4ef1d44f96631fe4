"""Tests of the claims in the later captions beside the CNN article: the Old City and the evacuation."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import day, days_between
from aleppo.claims.verdict import Amount, Verdict


@computed("CNN-46", chapter="notebooks/truces")
def waiting_at_amiriyah(exhibits: Exhibits) -> Verdict:
    """The day and the places of the claim against the start of the evacuation."""
    claimed = str(exhibits.rows("claims", "CNN-46")["period"].iloc[0])
    start = exhibits.rows("events", "FR-110").iloc[0]
    same_day = day(start["date_start"]) == claimed
    same_place = all(name in str(start["place"]) for name in ("Amiriyah", "Ramouseh"))
    return Verdict(
        verdict="supported" if same_day and same_place else "partly" if same_day else "not_supported",
        confidence="high",
        reason=(
            "OCHA and an agency agree on day and places. The caption itself calls Ramouseh the destination; it was "
            "the crossing."
        ),
        says="The first convoys left on {start} by the way {way}, for opposition-held areas to the west.",
        figures={
            "start": Amount("date", day(start["date_start"])),
            "way": Amount("text", str(start["place"])),
        },
        supports=exhibits.sources("events", "FR-110"),
    )


@computed("CNN-47", chapter="notebooks/truces")
def second_deal(exhibits: Exhibits) -> Verdict:
    """The days of the first deal, of its collapse and of the start under the next one, in order and adjoining."""
    deal, collapse, start = (
        exhibits.rows("events", one)["date_start"].iloc[0] for one in ("FR-108", "FR-109", "FR-110")
    )
    adjoining = days_between(collapse, start) == 2
    return Verdict(
        verdict="supported"
        if deal < collapse and adjoining
        else "partly"
        if deal < start
        else "not_supported",
        confidence="high",
        reason="Agencies, a newspaper and the United Nations report the same order of days.",
        says="A deal of {deal} collapsed on {collapse}; after a new one the first convoys left on {start}.",
        figures={
            "deal": Amount("date", day(deal)),
            "collapse": Amount("date", day(collapse)),
            "start": Amount("date", day(start)),
        },
        supports=exhibits.sources("events", "FR-108", "FR-109", "FR-110"),
    )


@computed("CNN-49", chapter="notebooks/who-held-the-city", figure="tab-city-days")
def shelling_of_the_old_city(exhibits: Exhibits) -> Verdict:
    """Whether fighting in the Old City, and shelling of it, are on record for the day of the caption."""
    claimed = pd.Timestamp(str(exhibits.rows("claims", "CNN-49")["period"].iloc[0]))
    fight, fire = (exhibits.rows("events", one).iloc[0] for one in ("FR-102", "TOLL-EV-060"))
    fought = fight["date_start"] <= claimed <= fight["date_end"] and "Old City" in str(fight["place"])
    apart = abs((fire["date_start"] - claimed).days)
    return Verdict(
        verdict="supported"
        if fought and apart == 0
        else "partly"
        if fought and apart <= 1
        else "not_supported",
        confidence="medium",
        reason="The battle for the Old City that day is well documented; the shelling itself rests on the caption.",
        says=(
            "The last parts of the Old City that the opposition held fell on {fell}; strikes and shelling of districts "
            "in and beside it are on record for {fired}."
        ),
        figures={
            "fell": Amount("date", day(fight["date_start"])),
            "fired": Amount("date", day(fire["date_start"])),
        },
        supports=exhibits.sources("events", "FR-102", "TOLL-EV-060"),
    )
