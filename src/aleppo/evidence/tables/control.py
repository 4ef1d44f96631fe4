"""Who held what: neighbourhoods of Aleppo, towns around it, and published figures of control."""

from __future__ import annotations

from aleppo.evidence.tables.common import (
    PRECISIONS,
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
from aleppo.evidence.tables.core import CODE, DATE, NUMBER, TEXT, Column, Metadata, RowCheck, Table

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

CORRIDOR_STATES = Table(
    name="corridor_states",
    group="evidence",
    key=("route_id", "start"),
    columns=(
        Column("route_id", CODE, "Id of the route.", pattern=r"R-[A-Z0-9-]+", hxl="#loc+code"),
        Column(
            "name_en",
            TEXT,
            "Name of the route in English, with the side of the city that it leads to.",
            hxl="#loc+route+name",
        ),
        Column(
            "side",
            CODE,
            "Which part of the city the route would supply: the opposition's or the government's.",
            allowed=("opposition", "government"),
            hxl="#group+holder",
        ),
        Column(
            "reach",
            CODE,
            "Whether it is a gate, the last way into that part of the city, or an approach from farther off.",
            allowed=("gate", "approach"),
            hxl="#loc+route+type",
        ),
        Column(
            "state",
            CODE,
            "The state of the route for that side: open, in use; under_fire, in use only at the risk of fire or "
            "for part of the day; cut, closed to it; not_known, no statement was read.",
            allowed=("open", "under_fire", "cut", "not_known"),
            hxl="#status",
        ),
        Column("start", DATE, "First day of the state.", hxl="#date+start"),
        Column("end", DATE, "Last day of the state, included in it.", hxl="#date+end"),
        Column(
            "start_precision",
            CODE,
            "How exactly the first day is known.",
            allowed=PRECISIONS,
            hxl="#date+start+precision",
        ),
        Column(
            "start_earliest",
            DATE,
            "Earliest first day that a source gives, where sources differ or name a stretch.",
            required=False,
            hxl="#date+start+earliest",
        ),
        Column(
            "start_latest",
            DATE,
            "Latest first day that a source gives, where sources differ or name a stretch.",
            required=False,
            hxl="#date+start+latest",
        ),
        Column(
            "confidence",
            CODE,
            "How well the state is supported: high when a cited source names the road with a day, medium when "
            "it names the road without one, low when the state follows from who held the land beside it.",
            allowed=("high", "medium", "low"),
            hxl="#meta+confidence",
        ),
        Column("basis", TEXT, "Why the state is coded so, in a few words.", hxl="#meta+basis"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(
        days_in_order("start", "end"),
        days_in_order("start_earliest", "start"),
        days_in_order("start", "start_latest"),
        RowCheck(
            ("route_id", "name_en", "side", "reach"),
            "one name, side and reach for each route",
            lambda rows: (
                rows.groupby("route_id")[["name_en", "side", "reach"]].transform("nunique").le(1).all(axis=1)
            ),
        ),
        VERIFIED_HAS_SOURCES,
    ),
    metadata=Metadata(
        title="Routes into Aleppo, day by day",
        description=(
            "Whether each road into the opposition-held and the government-held part of Aleppo was open, under "
            "fire or cut, as spells without gap or overlap from 19 July 2012 to 22 December 2016."
        ),
        known_gaps=(
            "Short closures by fighting or weather are not coded one by one.",
            "What passed on the roads of 2012 and early 2013 is mostly not known.",
            "Side roads, tunnels, smuggling and the crossing at Bustan al-Qasr within the city are left out.",
        ),
        usage_warnings=("coder_judgement", "copy_not_original", "not_verified_rows", "partisan_source"),
        dates=("start", "end"),
    ),
)

SIEGE_DATES = Table(
    name="siege_dates",
    group="evidence",
    key=("siege_date_id",),
    columns=(
        Column("siege_date_id", CODE, "Id of the date.", pattern=r"SD-\d{2}", hxl="#meta+id"),
        Column(
            "siege",
            CODE,
            "What is dated: the first siege of the east, the second, or its designation as besieged.",
            allowed=("first", "second", "designation"),
            hxl="#event+type",
        ),
        Column(
            "boundary",
            CODE,
            "Whether it begins or ends on that day.",
            allowed=("start", "end"),
            hxl="#date+type",
        ),
        Column("date", DATE, "The day that the source gives.", hxl="#date+occurred"),
        Column("attributed_to", TEXT, "Who dates it so.", hxl="#org+publisher+name"),
        Column("meaning", TEXT, "What the source says of that day, in a few words.", hxl="#description"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="When eastern Aleppo was besieged, by source",
        description=(
            "Days from which and to which sources count the opposition-held east of Aleppo as besieged, rival "
            "dates side by side."
        ),
        known_gaps=("The day on which the United Nations put the east on its list was not read.",),
        usage_warnings=(
            "alleged",
            "copy_not_original",
            "mixed_definitions",
            "partisan_source",
            "selection",
        ),
        dates=("date",),
    ),
)

TABLES = (PLACES, CONTROL_SPELLS, TOWNS, TOWN_SPELLS, CONTROL_PUBLISHED, CORRIDOR_STATES, SIEGE_DATES)
