"""Who held what: neighbourhoods of Aleppo, towns around it, and published figures of control."""

from __future__ import annotations

from aleppo.evidence.tables.common import (
    SPELL_CHECKS,
    VERIFIED_HAS_SOURCES,
    bounds_in_order,
    coordinates,
    days_in_order,
    governorate,
    note,
    share_is_a_percentage,
    source_ids,
    spell_columns,
    unit,
    verified,
)
from aleppo.evidence.tables.core import CODE, DATE, NUMBER, TEXT, Column, Metadata, Table

CONTROL_WARNINGS = ("coder_judgement", "copy_not_original", "partisan_source", "schematic")

PLACES = Table(
    name="places",
    group="evidence",
    key=("place_id",),
    columns=(
        Column(
            "place_id",
            CODE,
            "Id of the place: the P-code suffix of an OCHA neighbourhood (N...), or X- and a name for a "
            "point outside OCHA's list.",
            pattern=r"(N\d{4}|X-[A-Z0-9-]+)",
            hxl="#loc+code",
        ),
        Column(
            "name_en", TEXT, "Name in English, in OCHA's spelling where it has one.", hxl="#loc+name+i_en"
        ),
        Column("name_ar", TEXT, "Name in Arabic.", required=False, hxl="#loc+name+i_ar"),
        *coordinates(required=True),
        Column(
            "area_km2",
            NUMBER,
            "Area of the neighbourhood in a local equal-area projection; empty for points outside the list.",
            unit="km2",
            required=False,
            low=0,
            hxl="#indicator+area",
        ),
        note(),
    ),
    metadata=Metadata(
        title="Places of Aleppo",
        description=(
            "The 109 neighbourhoods of Aleppo in OCHA's reference list, each as a point inside it with its "
            "area, and further points outside that list that the fighting made known."
        ),
        known_gaps=(
            "Several reported quarters are no neighbourhood of OCHA's list and are points here.",
            "The outlines of the neighbourhoods are OCHA's and are not repeated here.",
        ),
        usage_warnings=("approximate_coordinates", "schematic"),
        sources=("ocha-2016-city-neighbourhoods",),
    ),
)

CONTROL_SPELLS = Table(
    name="control_spells",
    group="evidence",
    key=("place_id", "start"),
    columns=spell_columns(
        Column("place_id", CODE, "The place that was held.", refers="places.place_id", hxl="#loc+code")
    ),
    checks=(days_in_order("start", "end"), *SPELL_CHECKS),
    metadata=Metadata(
        title="Control of the neighbourhoods of Aleppo, day by day",
        description=(
            "Who held each place of the places table on each day from 19 July 2012 to 22 December 2016, as "
            "spells without gap or overlap. A spell starts on the day on which the new state is reported."
        ),
        known_gaps=(
            "The first spell of a place starts where the window starts, which is no event.",
            "Opening dates in 2012 are mostly dates of a group of places and good to the month at best.",
            "Offices of Islamic State inside opposition districts in 2013 and early 2014 are not coded.",
            "More than half of the spells have low confidence: they follow from the place's position.",
        ),
        usage_warnings=CONTROL_WARNINGS,
        dates=("start", "end"),
    ),
)

TOWNS = Table(
    name="towns",
    group="evidence",
    key=("town_id",),
    columns=(
        Column("town_id", CODE, "Id of the town or base.", pattern=r"T-[A-Z0-9-]+", hxl="#loc+code"),
        Column("name_en", TEXT, "Name in English.", hxl="#loc+name+i_en"),
        Column("name_ar", TEXT, "Name in Arabic.", required=False, hxl="#loc+name+i_ar"),
        governorate(),
        *coordinates(required=True),
        note(),
    ),
    metadata=Metadata(
        title="Towns and bases",
        description="Towns, bases and crossings in and around Aleppo governorate, as points.",
        known_gaps=("The choice follows what the fighting of 2015 and 2016 made known.",),
        usage_warnings=("approximate_coordinates", "selection"),
    ),
)

TOWN_SPELLS = Table(
    name="town_spells",
    group="evidence",
    key=("town_id", "start"),
    columns=spell_columns(
        Column("town_id", CODE, "The town that was held.", refers="towns.town_id", hxl="#loc+code")
    ),
    checks=(days_in_order("start", "end"), *SPELL_CHECKS),
    metadata=Metadata(
        title="Control of towns, day by day",
        description=(
            "Who held each town of the towns table on each day of 2015 and 2016, as spells without gap or "
            "overlap."
        ),
        known_gaps=("The first spell of a town starts on 1 January 2015, which is no event.",),
        usage_warnings=CONTROL_WARNINGS,
        dates=("start", "end"),
    ),
)

CONTROL_PUBLISHED = Table(
    name="control_published",
    group="evidence",
    key=("published_id",),
    columns=(
        Column("published_id", CODE, "Id of the figure.", pattern=r"CP-\d{3}", hxl="#meta+id"),
        Column("date_start", DATE, "First day that the figure speaks of.", hxl="#date+start"),
        Column("date_end", DATE, "Last day that the figure speaks of.", hxl="#date+end"),
        Column("area_name", TEXT, "The area that is measured or that the share is of.", hxl="#loc+name"),
        Column("measure", CODE, "What is measured.", hxl="#indicator+name"),
        Column(
            "value_low",
            NUMBER,
            "Lower end where a range was published.",
            "as in unit",
            required=False,
            hxl="#indicator+value+min",
        ),
        Column(
            "value",
            NUMBER,
            "The figure where one was published.",
            "as in unit",
            required=False,
            hxl="#indicator+value+num",
        ),
        Column(
            "value_high",
            NUMBER,
            "Upper end where a range was published.",
            "as in unit",
            required=False,
            hxl="#indicator+value+max",
        ),
        unit("Unit of the figure.", required=False),
        Column("holder", TEXT, "Who holds what is measured.", required=False, hxl="#group+holder"),
        Column("attributed_to", TEXT, "Who gave the figure.", required=False, hxl="#org+publisher+name"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(
        days_in_order("date_start", "date_end"),
        bounds_in_order("value_low", "value", "value_high"),
        share_is_a_percentage("measure", "value_low", "value", "value_high"),
        VERIFIED_HAS_SOURCES,
    ),
    metadata=Metadata(
        title="Published figures of control",
        description=(
            "Shares, areas, distances and populations as published, one row for each source's figure; rival "
            "figures stand side by side."
        ),
        known_gaps=("Found figures only; there is no complete list of what was published.",),
        usage_warnings=("alleged", "mixed_definitions", "partisan_source", "selection", "copy_not_original"),
        dates=("date_start", "date_end"),
    ),
)

TABLES = (PLACES, CONTROL_SPELLS, TOWNS, TOWN_SPELLS, CONTROL_PUBLISHED)
