"""Events, and published figures of death, displacement, siege and damage."""

from __future__ import annotations

from aleppo.evidence.tables.common import (
    VERIFIED_HAS_SOURCES,
    at_least_one_of,
    both_or_neither,
    bounds_in_order,
    coordinates,
    days_in_order,
    governorate,
    note,
    partial_days_in_order,
    share_is_a_percentage,
    source_ids,
    unit,
    verified,
)
from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    IDS,
    MONTH,
    NUMBER,
    PARTIAL_DATE,
    TEXT,
    Column,
    Metadata,
    RowCheck,
    Table,
)

EVENTS = Table(
    name="events",
    group="evidence",
    key=("event_id",),
    columns=(
        Column("event_id", CODE, "Id of the event.", hxl="#event+id"),
        Column("date_start", DATE, "First day of the event.", hxl="#date+start"),
        Column("date_end", DATE, "Last day of the event.", hxl="#date+end"),
        Column(
            "date_precision",
            CODE,
            "How exactly the dates are known; with month or week they are the first and last day of it.",
            allowed=("day", "week", "month"),
            hxl="#date+precision",
        ),
        Column("domain", CODE, "Part of the subject that the event belongs to.", hxl="#event+domain"),
        Column("place", TEXT, "Where it happened, in words.", hxl="#loc+name"),
        governorate(required=False),
        *coordinates(required=False),
        Column(
            "actors",
            TEXT,
            "Who took part or to whom the event is attributed, in the words of the sources.",
            required=False,
            hxl="#group+actor",
        ),
        Column("event_type", TEXT, "Kind of event.", hxl="#event+type"),
        Column("summary", TEXT, "What happened, or is said to have happened, in own words.", hxl="#event"),
        Column(
            "value",
            NUMBER,
            "The figure that goes with the event, where there is one.",
            unit="as in unit",
            required=False,
            hxl="#affected",
        ),
        unit("What the figure counts, with its qualification.", required=False),
        source_ids(),
        verified(),
        note(),
        Column(
            "merged_from",
            IDS,
            "Ids of the rows of earlier compilations that were merged into this event.",
            required=False,
            hxl="#meta+id+merged",
        ),
    ),
    checks=(
        days_in_order("date_start", "date_end"),
        both_or_neither("lat", "lon"),
        VERIFIED_HAS_SOURCES,
    ),
    order=("date_start",),
    metadata=Metadata(
        title="Events",
        description=(
            "Dated events of the battle for Aleppo and of what surrounded it, July 2012 to March 2017: the "
            "front lines, the harm to civilians on both sides of the line, and the response abroad."
        ),
        known_gaps=(
            "Key events, not every event: monitors list thousands of incidents in the same years.",
            "Some early events were read only in encyclopedia copies.",
        ),
        usage_warnings=(
            "alleged",
            "approximate_coordinates",
            "copy_not_original",
            "not_verified_rows",
            "partisan_source",
            "selection",
        ),
        dates=("date_start", "date_end"),
    ),
)

ESTIMATES = Table(
    name="estimates",
    group="evidence",
    key=("estimate_id",),
    columns=(
        Column("estimate_id", CODE, "Id of the estimate.", hxl="#meta+id"),
        Column("quantity", TEXT, "What is counted.", hxl="#indicator+name"),
        Column("population", TEXT, "Who is counted.", hxl="#population+type"),
        Column("area", TEXT, "Area of the count, in the publisher's words.", hxl="#loc+name"),
        governorate(required=False),
        Column("period_start", PARTIAL_DATE, "First day, month or year covered.", hxl="#date+start"),
        Column("period_end", PARTIAL_DATE, "Last day, month or year covered.", hxl="#date+end"),
        Column("low", NUMBER, "Lower bound, where given.", "as in unit", required=False, hxl="#affected+min"),
        Column(
            "best", NUMBER, "Best or only figure, where given.", "as in unit", required=False, hxl="#affected"
        ),
        Column(
            "high", NUMBER, "Upper bound, where given.", "as in unit", required=False, hxl="#affected+max"
        ),
        unit("Unit of the figures."),
        Column("method", TEXT, "How the figure was arrived at.", required=False, hxl="#meta+method"),
        Column("attributed_to", TEXT, "Who gave the figure.", hxl="#org+publisher+name"),
        Column(
            "perpetrator",
            TEXT,
            "To whom the publisher attributes what is counted; 'not attributed' where it does not say.",
            required=False,
            hxl="#group+perpetrator",
        ),
        Column(
            "published", PARTIAL_DATE, "When the figure was published.", required=False, hxl="#date+published"
        ),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(
        partial_days_in_order("period_start", "period_end"),
        bounds_in_order("low", "best", "high"),
        at_least_one_of("low", "best", "high"),
        share_is_a_percentage("quantity", "low", "best", "high"),
        VERIFIED_HAS_SOURCES,
    ),
    metadata=Metadata(
        title="Published estimates of the toll",
        description=(
            "Figures of death, displacement, siege, attacks on health care and damage as published, with "
            "period, area, population and method; rival figures stand side by side."
        ),
        known_gaps=(
            "Publishers revise their figures; the date of publication says which one this is.",
            "Some figures were read only as quoted by others.",
        ),
        usage_warnings=(
            "alleged",
            "copy_not_original",
            "mixed_definitions",
            "not_verified_rows",
            "partisan_source",
            "starts_at_the_break",
            "vintage",
        ),
        dates=("period_start", "period_end"),
    ),
)

MONTHLY_PUBLISHED = Table(
    name="monthly_published",
    group="evidence",
    key=("monthly_id",),
    columns=(
        Column("monthly_id", CODE, "Id of the figure.", pattern=r"MP-\d{4}", hxl="#meta+id"),
        Column("month", MONTH, "Month that the figure is for, or up to which it counts.", hxl="#date+month"),
        Column("series", TEXT, "Publisher and series.", hxl="#indicator+series"),
        Column("area", TEXT, "Area of the count, in the publisher's words.", hxl="#loc+name"),
        Column(
            "attributed_to", TEXT, "To whom the series attributes what it counts.", hxl="#group+perpetrator"
        ),
        Column("quantity", TEXT, "What is counted.", hxl="#indicator+name"),
        Column("low", NUMBER, "Lower bound, where given.", "as in unit", required=False, hxl="#affected+min"),
        Column(
            "best", NUMBER, "Best or only figure, where given.", "as in unit", required=False, hxl="#affected"
        ),
        Column(
            "high", NUMBER, "Upper bound, where given.", "as in unit", required=False, hxl="#affected+max"
        ),
        unit("Unit of the figures."),
        source_ids(),
        verified(),
        note(),
        Column(
            "bounds_note",
            TEXT,
            "Why the publisher's own bounds do not enclose its best figure, where they do not.",
            required=False,
            hxl="#meta+note+bounds",
        ),
    ),
    checks=(
        bounds_in_order("low", "best", "high", excuse="bounds_note"),
        at_least_one_of("low", "best", "high"),
        VERIFIED_HAS_SOURCES,
        RowCheck(
            ("low", "best", "high"),
            "no figure below zero",
            lambda rows: ~(rows[["low", "best", "high"]] < 0).any(axis="columns"),
        ),
    ),
    metadata=Metadata(
        title="Published monthly figures",
        description=(
            "Figures that publishers gave month by month or up to a month: deaths, incidents, sorties, "
            "people under siege, prices. Series that count up from a date say so in their name."
        ),
        known_gaps=(
            "Missing: SOHR for May, November and December 2016, SNHR for July 2016, UNHCR month by month.",
            "Cumulative figures jump when older cases are added; differences between months are no counts.",
        ),
        usage_warnings=(
            "alleged",
            "copy_not_original",
            "mixed_definitions",
            "not_verified_rows",
            "partisan_source",
            "starts_at_the_break",
            "vintage",
        ),
        dates=("month",),
    ),
)

COUNTERS = Table(
    name="counters",
    group="evidence",
    key=("counter",),
    columns=(
        Column("counter", CODE, "Short name of the counter.", pattern=r"[a-z_]+", hxl="#org+code"),
        Column("counter_name", TEXT, "Name of the counter.", hxl="#org+name"),
        Column("whom", TEXT, "Whose deaths it counts.", hxl="#population+type"),
        Column("where", TEXT, "Where it counts.", hxl="#loc+name"),
        Column("attribution", TEXT, "How it attributes deaths to a party.", hxl="#group+attribution"),
        Column("method", TEXT, "How it arrives at its figures.", hxl="#meta+method"),
        Column("limits", TEXT, "What its figures leave out or mix.", hxl="#meta+limits"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Who counts the dead, and how",
        description=(
            "The bodies whose figures of death this book compares: whose deaths each counts, where, how it "
            "attributes them, and what its figures leave out, as its own pages or those that quote it say."
        ),
        known_gaps=(
            "Practice changed over the years; a row says what the pages read say, mostly of 2015 to 2017.",
            "No counter's list of single records is part of this book.",
        ),
        usage_warnings=("copy_not_original", "mixed_definitions", "partisan_source"),
    ),
)

TABLES = (EVENTS, ESTIMATES, MONTHLY_PUBLISHED, COUNTERS)
