"""Series of recorded deaths that ``aleppo ingest`` makes out of files of the VDC, UCDP and ACLED."""

from __future__ import annotations

from aleppo.evidence.tables.core import CODE, DATE, MONTH, TEXT, Column, Licence, Metadata, Table
from aleppo.evidence.tables.publisher_words import (
    MONTH_COLUMN,
    OTHER_NATIONALITY,
    UCDP_TYPES,
    UNKNOWN,
    UNMAPPED,
    VDC_BATCH2_CAUSES,
    VDC_CAUSES,
    VDC_REGIONS,
    VDC_STATUSES,
    WEEK_COLUMN,
    WHOLE,
    count,
    governorate,
)

_VDC = "Violations Documentation Center in Syria (VDC)"
_VDC_LICENCE = Licence(name="not stated", basis="the publisher's file names no licence; the VDC is credited")

VDC_CAUSES_WEEKLY = Table(
    name="vdc_causes_weekly",
    group="series",
    key=("week", "cause"),
    columns=(
        WEEK_COLUMN,
        Column("cause", TEXT, "Cause of death in the publisher's words.", allowed=VDC_CAUSES, hxl="#cause"),
        count(
            "deaths",
            "Recorded deaths of this cause in the week in all of Syria, civilians and combatants; zero when "
            "nothing was recorded.",
            "people",
            "#affected+killed",
        ),
    ),
    metadata=Metadata(
        title="Deaths recorded by the Violations Documentation Center, by week and cause",
        description=(
            "The Violations Documentation Center's recorded deaths in Syria, from its count per day and cause, "
            "summed to weeks that begin on Monday. Every week from that of the first to that of the last day "
            "of the file has a row for each of nine causes. It is the same batch of records as the deaths by "
            "week and governorate, and the two add up to the same number."
        ),
        cls="aggregated",
        publisher=_VDC,
        citation=(
            "Violations Documentation Center in Syria, recorded deaths by cause and day, 5 January 2011 to "
            "13 August 2018; aggregated to weeks by The Turn at Aleppo."
        ),
        licence=_VDC_LICENCE,
        builder="aleppo ingest vdc_causes FILE",
        known_gaps=(
            "Shelling from the air and from the ground is one cause.",
            "Causes are for all of Syria; the file does not cross them with provinces.",
            "The first and the last week are cut by the first and the last day of the file.",
            "Records thin out towards the end of the file: late zeros may mean that recording stopped.",
            "The publisher's own date of this export is not known; its last recorded day is 13 August 2018.",
        ),
        usage_warnings=("all_statuses_mixed", "trough_at_the_break", "vintage"),
        dates=("week",),
        file_sha256="841ea922c9bb9015a7c8f3bd97d72cdb4a9cdbd8aa99345093d271ae68f7a346",
        version="not numbered; first batch of records, last recorded day 13 August 2018",
        sources=("vdc-2018-deaths-by-province",),
    ),
)

VDC_DEATHS_DAILY = Table(
    name="vdc_deaths_daily",
    group="series",
    key=("day", "region"),
    columns=(
        Column("day", DATE, "Day of death as the publisher recorded it.", hxl="#date+day"),
        Column(
            "region",
            CODE,
            "Union of governorates the victims came from: north_west is Aleppo, Idlib, Hama and Lattakia; capital "
            "is Damascus and Rural Damascus; south is Daraa, Quneitra and As-Sweida; centre_and_east is Homs, "
            "Tartous, Ar-Raqqa, Deir-ez-Zor and Al-Hasakeh; all is the sum of these four.",
            allowed=(*VDC_REGIONS, WHOLE),
            hxl="#adm1+group",
        ),
        count(
            "deaths",
            "Recorded deaths of the day of people who came from the region, civilians and combatants; zero when "
            "nothing was recorded.",
            "people",
            "#affected+killed",
        ),
    ),
    metadata=Metadata(
        title="Deaths recorded by the Violations Documentation Center, by day and region",
        description=(
            "The Violations Documentation Center's recorded deaths, from its count per day and province, summed "
            "over groups of governorates. Every day from the first to the last of the file has a row for each "
            "of four regions that share no governorate, and for all of them. The north-west is the area of the "
            "first de-escalation zone of May 2017 and holds Aleppo; by week, the series adds up to the deaths by "
            "week and governorate."
        ),
        cls="aggregated",
        publisher=_VDC,
        citation=(
            "Violations Documentation Center in Syria, recorded deaths by province and day, 5 January 2011 to "
            "13 August 2018; summed over regions by The Turn at Aleppo."
        ),
        licence=_VDC_LICENCE,
        builder="aleppo ingest vdc FILE",
        known_gaps=(
            "Single governorates by day are the publisher's own file and are not passed on; whoever holds the file "
            "gets any group of them from aleppo.ingest.vdc.by_region.",
            "The north-west is not Aleppo alone: about six in ten of its deaths in 2016 are of people from Aleppo.",
            "A death that is known to the month or week may stand under one of its days; the file does not say.",
            "Records thin out towards the end of the file: late zeros may mean that recording stopped.",
            "A second batch of the publisher's records is not part of this series.",
            "The publisher's own date of this export is not known; its last recorded day is 13 August 2018.",
        ),
        usage_warnings=(
            "all_statuses_mixed",
            "place_of_origin_not_of_death",
            "trough_at_the_break",
            "vintage",
        ),
        dates=("day",),
        file_sha256="c3eb87acea644434aed93abaf125d29d9294527d44cb24d5e2d2a22b3bc23a0b",
        version="not numbered; first batch of records, last recorded day 13 August 2018",
        sources=("vdc-2018-deaths-by-province",),
    ),
)

VDC_COMPOSITION_MONTHLY = Table(
    name="vdc_composition_monthly",
    group="series",
    key=("month", "governorate", "status", "cause"),
    columns=(
        MONTH_COLUMN,
        governorate(
            "Governorate the victim came from, by its OCHA P-code; other_nationality for people from abroad, "
            "unknown where the publisher does not know.",
            OTHER_NATIONALITY,
            UNKNOWN,
        ),
        Column(
            "status",
            TEXT,
            "Civil status in the publisher's words.",
            allowed=VDC_STATUSES,
            hxl="#population+status",
        ),
        Column(
            "cause", TEXT, "Cause of death in the publisher's words.", allowed=VDC_BATCH2_CAUSES, hxl="#cause"
        ),
        count("deaths", "Recorded deaths of this kind in the month.", "people", "#affected+killed"),
    ),
    metadata=Metadata(
        title="Composition of a second batch of deaths recorded by the Violations Documentation Center",
        description=(
            "A second batch of the Violations Documentation Center's records by month, province of origin, "
            "civil status and cause, which unlike the first tells air strikes ('Warplane shelling') from other "
            "shelling. Only combinations that occur have a row."
        ),
        cls="aggregated",
        publisher=_VDC,
        citation=(
            "Violations Documentation Center in Syria, second batch of records by month, province, status and "
            "cause, March 2011 to May 2019; arranged by The Turn at Aleppo."
        ),
        licence=_VDC_LICENCE,
        builder="aleppo ingest vdc_composition FILE",
        known_gaps=(
            "Believed to be disjoint from the first batch, which no document of the publisher says: use it for "
            "composition, and the two together only to see how much a result depends on it.",
            "The batch is a quarter of the size of the first and is not known to be a random part of the whole.",
            "An absent combination is zero recorded deaths of that kind, not zero deaths.",
        ),
        usage_warnings=("place_of_origin_not_of_death", "selection", "vintage"),
        dates=("month",),
        file_sha256="ac49e4f99b4445fe07b31d5b9cc4b0820879eb31792443b78bc0d7d1d8a79e38",
        version="not numbered; second batch of records, to May 2019",
    ),
)

UCDP_GED_MONTHLY = Table(
    name="ucdp_ged_monthly",
    group="series",
    key=("month", "governorate", "type_of_violence"),
    columns=(
        Column(
            "month",
            MONTH,
            "Month in which the event happened or, when it lasted, began.",
            hxl="#date+month",
        ),
        governorate(
            "Governorate of the event, by its OCHA P-code; unmapped where the publisher names none.", UNMAPPED
        ),
        Column(
            "type_of_violence",
            CODE,
            "State-based conflict, conflict between groups none of which is a state, or one-sided violence "
            "against civilians (the publisher's types 1, 2 and 3).",
            allowed=UCDP_TYPES,
            hxl="#event+type",
        ),
        count("events", "Events that the publisher recorded.", "events", "#event+num"),
        count("low", "Sum of the low estimates of deaths.", "people", "#affected+killed+low"),
        count("best", "Sum of the best estimates of deaths.", "people", "#affected+killed+best"),
        count("high", "Sum of the high estimates of deaths.", "people", "#affected+killed+high"),
        count(
            "deaths_civilians",
            "Sum of the deaths of civilians within the best estimates.",
            "people",
            "#affected+killed+civilians",
        ),
    ),
    metadata=Metadata(
        title="UCDP georeferenced events in Syria, by month, governorate and type of violence",
        description=(
            "Events and deaths in Syria from the Uppsala Conflict Data Program's Georeferenced Event Dataset, "
            "summed by month, governorate and type of violence. Events known only to the year (date precision "
            "5) or only to the country (where precision 6) are left out. Only combinations that occur have a "
            "row."
        ),
        cls="aggregated",
        publisher="Uppsala Conflict Data Program (UCDP), Uppsala University",
        citation=(
            "Sundberg, Ralph, and Erik Melander (2013), Introducing the UCDP Georeferenced Event Dataset, Journal "
            "of Peace Research 50(4), 523-532; UCDP Georeferenced Event Dataset, events in Syria, January 2016 "
            "to November 2019, an extract in the line of version 19.1 carried by a copy of 21 January 2020; summed "
            "by month by The Turn at Aleppo."
        ),
        licence=Licence(
            name="CC BY 4.0",
            url="https://creativecommons.org/licenses/by/4.0/",
            basis="the terms under which UCDP publishes the dataset",
        ),
        builder="aleppo ingest ucdp FILE",
        known_gaps=(
            "Nothing before 2016: the series does not cross the intervention.",
            "In some of the publisher's rows the best estimate lies outside low and high, so that sums may too.",
            "An event that spans two months is counted in the month in which it began.",
            "The file itself does not state its version.",
            "The extract has all clear events, also of pairs of parties that did not reach 25 deaths in the year, "
            "which the yearly global releases leave out.",
            "A later release may raise past figures: release 26.1 raised the deaths of one year by 17 percent.",
        ),
        usage_warnings=("copy_not_original", "mixed_definitions", "starts_at_the_break", "vintage"),
        dates=("month",),
        file_sha256="1cc0a9a2632c73eda8215a37ac9585ebeae5b50bab856ebfbec571e0d274f086",
        version="not numbered; extract 652.1601.1911 on Syria, in the line of release 19.1",
        sources=("ucdp-20200121-ged191", "ucdp-2020-syria-extract-notes", "owid-20260611-ucdp-26-1"),
    ),
)

ACLED_MONTHLY = Table(
    name="acled_monthly",
    group="series",
    key=("month", "governorate", "event_type", "sub_event_type"),
    columns=(
        MONTH_COLUMN,
        governorate(
            "Governorate of the event, by its OCHA P-code; unmapped where it could not be told.", UNMAPPED
        ),
        Column("event_type", TEXT, "Type of event in the publisher's words.", hxl="#event+type"),
        Column("sub_event_type", TEXT, "Type within it in the publisher's words.", hxl="#event+subtype"),
        count("events", "Events of this kind in the month.", "events", "#event+num"),
        count("fatalities", "Reported deaths in these events.", "people", "#affected+killed"),
        count("actors", "Different actors named in these events.", "actors", "#group+num"),
    ),
    metadata=Metadata(
        title="ACLED events in Syria, by month, governorate and type",
        description=(
            "Events and reported deaths in Syria from an export of the Armed Conflict Location & Event Data "
            "Project, summed by month, governorate and type. It is made from the reader's own export and is "
            "not part of the book's data."
        ),
        cls="aggregated",
        publisher="Armed Conflict Location & Event Data (ACLED)",
        citation=(
            "Armed Conflict Location & Event Data Project (ACLED), acleddata.com; the reader's own export, "
            "summed by month."
        ),
        licence=Licence(
            name="ACLED terms of use",
            url="https://acleddata.com/terms-and-conditions/",
            basis="the publisher's terms do not allow to pass on its data; each reader exports their own",
        ),
        builder="aleppo ingest acled FILE",
        known_gaps=(
            "The publisher's record of Syria begins in January 2017, after the battle for Aleppo.",
            "Deaths are reported by the sources of each event and are often the lowest figure.",
        ),
        usage_warnings=("mixed_definitions", "starts_at_the_break", "vintage"),
        dates=("month",),
    ),
)
