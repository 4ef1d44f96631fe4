"""The controlled vocabulary of usage warnings: what may mislead in a table, one sentence each."""

from __future__ import annotations

USAGE_WARNINGS: dict[str, str] = {
    "alleged": (
        "Rows repeat what a party or an observer said; who said it is named, and recording a claim is not "
        "endorsing it."
    ),
    "all_statuses_mixed": "Civilians and combatants are counted together and cannot be told apart here.",
    "approximate_coordinates": (
        "Coordinates were placed from gazetteer knowledge and may be hundreds of metres from the event."
    ),
    "coder_judgement": (
        "A person decided how to code each row from what the sources say; another may decide otherwise, "
        "so the stated confidence travels with every result."
    ),
    "copy_not_original": (
        "Some sources were read only as a copy, mirror or encyclopedia entry; the sources table says which."
    ),
    "mixed_definitions": (
        "Publishers count different people, places and causes; figures must not be added up or averaged "
        "across publishers."
    ),
    "not_a_vote": "Rows record who asked for a session, which says nothing about how a member voted in it.",
    "not_verified_rows": (
        "Rows that are not verified rest on general knowledge and may be printed only when marked so."
    ),
    "partisan_source": "Some sources belong to a party of the war or to its backers; the publisher is named.",
    "place_of_origin_not_of_death": (
        "The governorate is where the victim came from, which agrees with the place of death in only about "
        "half of the records that give both."
    ),
    "schematic": (
        "Places are points with an area, not surveyed borders; any map drawn from them is schematic."
    ),
    "selection": (
        "Rows are what was found and kept, not a complete record of what happened; an absent row is no "
        "evidence of absence."
    ),
    "starts_at_the_break": (
        "Some series begin with the intervention of 30 September 2015 and can say nothing about change at it."
    ),
    "totals_without_roll": (
        "For some votes only the totals are known; who voted how is not established and must not be inferred."
    ),
    "trough_at_the_break": (
        "September 2015 is an unusually quiet month in this series, so a short baseline makes an effect by "
        "itself; report windows together, never one alone."
    ),
    "vintage": (
        "Later releases of a publisher may change past figures; the stated date says which one this is."
    ),
}
