"""Tests of what ITV says of those who fought, and of the country once the battle was decided."""

from __future__ import annotations

import pandas as pd

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.registry import computed
from aleppo.claims.tests._rules import (
    by_agreement,
    by_parts,
    cited_by,
    day,
    front_line,
    numbers_in,
    rows_naming,
)
from aleppo.claims.verdict import Amount, Verdict
from aleppo.evidence import split_list
from aleppo.evidence.errors import AleppoError

CHRONOLOGY = "notebooks/events-timeline"
ALEPPO = "SY02"
BATTLE = ("2012-07-19", "2016-12-22")
CAMPAIGN = ("2015-09-30", "2016-12-22")
LARGE = 0.1
"""Part of the country from which on an area counts as large."""
STATES = {
    "Russia": "Russia",
    "Iran": "Iran|IRGC",
    "Iraq": "Iraqi",
    "Afghanistan": "Afghan",
    "China": "Chin",
    "North Korea": "Korea",
}
"""State → how the actors of an event name it, its forces or fighters from it."""
NUSRA = "Nusra|Fatah al-Sham"
FREE_ARMY = "FSA|Free Syrian Army"


@computed("ITV-17", chapter=CHRONOLOGY, figure="tab-events")
def most_support(exhibits: Exhibits) -> Verdict:
    """Which states the events of the front line name, as far as they may have helped the government."""
    front = front_line(exhibits, CAMPAIGN)
    named = {state: rows_naming(front, words) for state, words in STATES.items()}
    counts = pd.Series({state: len(rows) for state, rows in named.items()}).sort_values(ascending=False)
    others = counts.drop(["Russia", "Iran"])
    ahead = [bool(counts[state] > others.max()) for state in ("Russia", "Iran")]
    return Verdict(
        verdict=by_parts(*ahead),
        confidence="low",
        reason="Events that name a party are counted, not aid; money and arms are in no table.",
        says=(
            "Of {events} of the front line from 30 September 2015 to the evacuation {russia} name Russian forces or "
            "authorities and {iran} Iranian ones; of other states the one named most is named in {other}. Hezbollah, "
            "which is no state, is named in {hezbollah}."
        ),
        figures={
            "events": Amount("count", len(front), unit="events"),
            "russia": Amount("count", int(counts["Russia"])),
            "iran": Amount("count", int(counts["Iran"])),
            "other": Amount("count", int(others.max())),
            "hezbollah": Amount("count", len(rows_naming(front, "Hezbollah"))),
        },
        supports=cited_by(exhibits.rows("claims", "ITV-17")),
    )


@computed("ITV-18", chapter=CHRONOLOGY, figure="tab-events")
def hezbollah_iraqis_afghans(exhibits: Exhibits) -> Verdict:
    """Events of the front line that name Hezbollah, Iraqi and Afghan fighters; two of each bear the claim out."""
    front = front_line(exhibits, BATTLE)
    named = {
        key: rows_naming(front, words)
        for key, words in {"hezbollah": "Hezbollah", "iraqi": "Iraqi", "afghan": "Afghan"}.items()
    }
    return Verdict(
        verdict=by_parts(*(len(rows) >= 2 for rows in named.values())),
        confidence="high",
        reason="Several events each, from sources on both sides and from agencies.",
        says=(
            "Among the events of the front line {hezbollah} name Hezbollah, {iraqi} Iraqi and {afghan} Afghan fighters "
            "on the government's side."
        ),
        figures={key: Amount("count", len(rows)) for key, rows in named.items()},
        supports=cited_by(exhibits.rows("claims", "ITV-18")),
    )


@computed("ITV-20", chapter=CHRONOLOGY, figure="tab-events")
def led_by_the_free_army(exhibits: Exhibits) -> Verdict:
    """How often events at Aleppo name the Free Syrian Army, and how often Jaish al-Fatah or al-Nusra."""
    front = front_line(exhibits, BATTLE, ALEPPO)
    free = rows_naming(front, FREE_ARMY)
    islamist = rows_naming(front, f"Jaish al-Fatah|{NUSRA}")
    leads = len(free) > len(islamist)
    return Verdict(
        verdict="supported" if leads else "contested" if len(free) else "not_supported",
        confidence="low",
        reason="Most events name rebels only; who is named depends on the source, and nobody counted fighters by name.",
        says=(
            "Where the events of the front line at Aleppo name groups, {free} name the Free Syrian Army and "
            "{islamist} Jaish al-Fatah or the former al-Nusra, who led the offensives of 2016; in the city the "
            "alliance Fatah Halab joined groups of both kinds."
        ),
        figures={"free": Amount("count", len(free)), "islamist": Amount("count", len(islamist))},
        supports=cited_by(free),
        opposes=cited_by(islamist[islamist["date_start"] >= "2016-01-01"]),
    )


@computed("ITV-24", chapter=CHRONOLOGY, figure="tab-events")
def former_nusra(exhibits: Exhibits) -> Verdict:
    """Events that name al-Nusra or its later name beside rebels, and the envoy's count of its fighters."""
    front = front_line(exhibits, BATTLE)
    named = rows_naming(front, NUSRA)
    renamed = exhibits.rows("events", "FR-066")
    envoy = exhibits.rows("events", "FR-084")
    fighters = numbers_in(
        str(envoy["summary"].iloc[0]).replace("ex-Nusra", "former fighters"), "former fighters"
    )
    counted = sum(fighters)
    return Verdict(
        verdict=by_parts(len(named) >= 2, counted > 0),
        confidence="high",
        reason="Sources of all sides name the group; its part among the fighters rests on one count.",
        says=(
            "Among the events of the front line {named} name al-Nusra or its later name among those who fought the "
            "government; it took that name on {renamed}. The UN envoy put its fighters in the east at {counted} of at "
            "most {fighters}."
        ),
        figures={
            "named": Amount("count", len(named)),
            "renamed": Amount("date", day(renamed["date_start"].iloc[0])),
            "counted": Amount("count", counted),
            "fighters": Amount("count", float(envoy["value"].iloc[0])),
        },
        supports=cited_by(renamed, envoy),
    )


@computed("ITV-57")
def five_cities(exhibits: Exhibits) -> Verdict:
    """The number in the claim against those of the agencies whose wording it follows."""
    claim = exhibits.rows("claims", "ITV-57").iloc[0]
    claimed = int(claim["value"])
    numbers = numbers_in(str(claim["check_note"]), "major cities|largest")
    pages = split_list(claim["source_ids"])
    if len(numbers) != len(pages):
        raise AleppoError(
            f"claims: ITV-57: expected a number of cities for each source, found {len(numbers)}"
        )
    same = tuple(page for page, number in zip(pages, numbers, strict=True) if number == claimed)
    return Verdict(
        verdict=by_agreement(claimed, [Amount("count", number) for number in numbers]),
        confidence="medium",
        reason="Agency copies of the time count differently and do not list what they count.",
        says=(
            "Agence France-Presse gives {afp} major cities; text in the manner of Reuters gives the {reuters} largest "
            "and the coast. Neither is a list."
        ),
        figures={"afp": Amount("count", numbers[0]), "reuters": Amount("count", numbers[-1])},
        supports=same,
        opposes=tuple(page for page in pages if page not in same),
    )


@computed("ITV-63", chapter="notebooks/did-the-tempo-change", figure="tab-published-extent")
def large_parts(exhibits: Exhibits) -> Verdict:
    """The Observatory's shares of the country held by rebels and by Kurdish-led forces."""
    rows = exhibits.rows("control_published", "CP-084", "CP-092", "CP-085")
    rebel, kurdish, government = (float(value) / 100 for value in rows["value"])
    return Verdict(
        verdict=by_parts(rebel >= LARGE, kurdish >= LARGE),
        confidence="medium",
        reason="One publisher, read in press copies; the Kurdish share is of four months later.",
        says=(
            "The Observatory gives rebels {rebel} of the country on {rebel_day} and Kurdish-led forces {kurdish} on "
            "{kurdish_day}, beside {government} for the government."
        ),
        figures={
            "rebel": Amount("share", rebel),
            "rebel_day": Amount("date", day(rows["date_end"]["CP-084"])),
            "kurdish": Amount("share", kurdish),
            "kurdish_day": Amount("date", day(rows["date_end"]["CP-092"])),
            "government": Amount("share", government),
        },
        supports=cited_by(rows),
    )
