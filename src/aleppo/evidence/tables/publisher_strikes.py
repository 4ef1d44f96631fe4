"""Series of strikes that ``aleppo ingest`` makes out of files of Airwars and of the Coalition."""

from __future__ import annotations

from aleppo.evidence.tables.common import bounds_in_order
from aleppo.evidence.tables.core import CODE, MONTH, TEXT, Column, Licence, Metadata, RowCheck, Table
from aleppo.evidence.tables.publisher_words import (
    AIRWARS_GRADINGS,
    ATTRIBUTIONS,
    COUNTRIES,
    OUTSIDE,
    UNMAPPED,
    WEEK_COLUMN,
    count,
    governorate,
)

AIRWARS_MONTHLY = Table(
    name="airwars_monthly",
    group="series",
    key=("month", "governorate", "belligerent", "grading"),
    columns=(
        Column(
            "month",
            MONTH,
            "Month in which the incident happened or, when it lasted, began.",
            hxl="#date+month",
        ),
        governorate(
            "Governorate of the incident, by its OCHA P-code; outside_syria for places abroad, unmapped where "
            "the publisher names none, several or contradicting ones.",
            OUTSIDE,
            UNMAPPED,
        ),
        Column(
            "belligerent",
            TEXT,
            "Forces to which the incident was attributed, in the publisher's words, several of them in "
            "alphabetical order with semicolons between; 'not stated' where the publisher names none.",
            hxl="#group+name+alleged",
        ),
        Column(
            "attribution",
            CODE,
            "Whether the incidents were attributed to one force, to several, or to none.",
            allowed=ATTRIBUTIONS,
            hxl="#group+attribution",
        ),
        Column(
            "grading",
            TEXT,
            "The publisher's grading of the evidence; it must travel with every count.",
            allowed=AIRWARS_GRADINGS,
            hxl="#meta+grading",
        ),
        count("incidents", "Incidents of alleged civilian harm.", "incidents", "#event+num"),
        count(
            "killed_min",
            "Sum of the least numbers of civilians alleged killed; empty when no incident states one.",
            "people",
            "#affected+killed+min",
            required=False,
        ),
        count(
            "killed_max",
            "Sum of the greatest numbers of civilians alleged killed; empty when no incident states one.",
            "people",
            "#affected+killed+max",
            required=False,
        ),
        count(
            "killed_not_stated",
            "Incidents that state no number of killed and are missing from the sums.",
            "incidents",
            "#event+num+killed+unknown",
        ),
        count(
            "injured_min",
            "Sum of the least numbers of civilians alleged injured; empty when no incident states one.",
            "people",
            "#affected+injured+min",
            required=False,
        ),
        count(
            "injured_max",
            "Sum of the greatest numbers of civilians alleged injured; empty when no incident states one.",
            "people",
            "#affected+injured+max",
            required=False,
        ),
        count(
            "injured_not_stated",
            "Incidents that state no number of injured and are missing from the sums.",
            "incidents",
            "#event+num+injured+unknown",
        ),
    ),
    checks=(
        bounds_in_order("killed_min", "killed_max"),
        bounds_in_order("injured_min", "injured_max"),
        RowCheck(
            ("belligerent", "attribution"),
            "attribution several where several forces are named, and only then",
            lambda rows: rows["belligerent"].str.contains(";") == (rows["attribution"] == "several"),
        ),
    ),
    metadata=Metadata(
        title="Incidents of alleged civilian harm in Airwars' archive, by month, place, force and grading",
        description=(
            "Incidents in Syria in which civilians are alleged to have been harmed by named forces, from "
            "Airwars' archive, counted by month, governorate, force and grading of the evidence, with the sums "
            "of the least and greatest numbers of people alleged killed and injured. Incidents attributed to "
            "several forces have rows of their own and must not be added to those of one force alone without "
            "saying so. Only combinations that occur have a row."
        ),
        cls="aggregated",
        publisher="Airwars",
        citation=(
            "Airwars, archive of incidents of alleged civilian harm in Syria, as copied on 31 July 2026, incidents "
            "from September 2014 to March 2026; counted by month by The Turn at Aleppo."
        ),
        licence=Licence(
            name="not stated", basis="the copy that was read names no licence; Airwars is credited"
        ),
        builder="aleppo ingest airwars FILE",
        known_gaps=(
            "Monitoring of Russian strikes starts on 30 September 2015 by construction.",
            "Strikes of the Syrian government alone were not monitored in this archive.",
            "One incident dated 1970 and two without a date are left out.",
            "The publisher writes Damascus for much of Rural Damascus as well; keep the two together.",
            "An incident that lasted is counted in the month in which it began.",
            "Where an incident states only one bound, a missing greatest number is taken to be the least one "
            "and a missing least number adds nothing.",
        ),
        usage_warnings=("alleged", "copy_not_original", "selection", "starts_at_the_break", "vintage"),
        dates=("month",),
        file_sha256="ab21a55360b58515ac06aa243522aa1614f19d7c09cffa33d77204c70a010bcb",
        version="not numbered; archive as copied on 31 July 2026",
        sources=("airwars-20260731-archive",),
    ),
)

COALITION_STRIKES_WEEKLY = Table(
    name="coalition_strikes_weekly",
    group="series",
    key=("week", "country", "governorate"),
    columns=(
        WEEK_COLUMN,
        Column(
            "country",
            CODE,
            "Country of the place that the daily report names, by its ISO 3166 code; unmapped where the place "
            "is not in the list of places.",
            allowed=COUNTRIES,
            hxl="#country+code",
        ),
        governorate(
            "Governorate of the place, by its OCHA P-code; outside_syria in Iraq, unmapped where the place "
            "could not be found.",
            OUTSIDE,
            UNMAPPED,
        ),
        count("strikes", "Strikes reported near places of the area.", "strikes", "#event+num+strikes"),
    ),
    metadata=Metadata(
        title="Strikes reported by the US-led coalition in Syria and Iraq, by week and governorate",
        description=(
            "Strikes that the US-led coalition reported near named places in Syria and Iraq, as the Guardian "
            "compiled them by day, summed to weeks that begin on Monday. Each place is assigned to a governorate "
            "of Syria or to Iraq by a list. Every week from that of the first to that of the last day has a "
            "row for each governorate, for Iraq, and for places that could not be assigned."
        ),
        cls="aggregated",
        publisher="The Guardian, from reports of US Central Command",
        citation=(
            "The Guardian, coalition strikes by place and day from reports of US Central Command, 1 June 2015 "
            "to 7 February 2016; summed by week by The Turn at Aleppo."
        ),
        licence=Licence(name="not stated", basis="the copy that was read names no licence"),
        builder="aleppo ingest coalition FILE",
        known_gaps=(
            "A strike in these reports may be one bomb or many aircraft over one target.",
            "'Near' a place may be tens of kilometres from it, and in another governorate.",
            "Washiyah and Tamakh are listed among places in Syria, but in which governorate is not known.",
            "The list of 31 October 2015 stands twice in the file and is counted once.",
        ),
        usage_warnings=("copy_not_original", "partisan_source", "selection"),
        dates=("week",),
        file_sha256="63c018c02edbffa938d244540199f0e6af4b7a6ada90b2b14df972b1717f89e5",
        version="not numbered; compilation to 7 February 2016",
        sources=("guardian-2016-coalition-strikes",),
    ),
)
