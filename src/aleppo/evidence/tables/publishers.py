"""Series that ``aleppo ingest`` makes out of publishers' files, beside the weekly deaths of the VDC.

``TABLES`` are part of the data. ``OWN_FILE_TABLES`` are for a reader's own file: the publisher's terms do not
allow to pass the data on, or the book does not use it.
"""

from __future__ import annotations

from aleppo.evidence.tables.common import ISO3, bounds_in_order
from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    INTEGER,
    MONTH,
    TEXT,
    WEEK,
    Column,
    Licence,
    Metadata,
    RowCheck,
    Table,
)

GOVERNORATES = tuple(f"SY{number:02d}" for number in range(1, 15))
OUTSIDE = "outside_syria"
UNMAPPED = "unmapped"

# Unions of governorates for which deaths are kept by day. No governorate is in two of them and none stands
# alone: with either, the publisher's own rows could be worked out of the series.
VDC_REGIONS = {
    "north_west": ("SY02", "SY05", "SY06", "SY07"),
    "capital": ("SY01", "SY03"),
    "south": ("SY12", "SY13", "SY14"),
    "centre_and_east": ("SY04", "SY08", "SY09", "SY10", "SY11"),
}
WHOLE = "all"

VDC_CAUSES = (
    "Chemical Weapon",
    "Detention",
    "Execution",
    "Explosion",
    "Lack of Medical Access",
    "Shelling",
    "Shooting",
    "Siege",
    "Unknown",
)
VDC_BATCH2_CAUSES = (
    "Chemical and toxic gases",
    "Detention - Execution",
    "Detention - Torture",
    "Detention - Torture - Execution",
    "Explosion",
    "Field Execution",
    "Kidnapping - Execution",
    "Kidnapping - Torture",
    "Kidnapping - Torture - Execution",
    "Other",
    "Shelling",
    "Shooting",
    "Siege",
    "Un-allowed to seek Medical help",
    "Unknown",
    "Warplane shelling",
)
VDC_STATUSES = ("Civilian", "Non-Civilian")
OTHER_NATIONALITY = "other_nationality"
UNKNOWN = "unknown"

NOT_STATED = "not stated"
AIRWARS_GRADINGS = (
    "Confirmed",
    "Fair",
    "Weak",
    "Contested",
    "Discounted",
    "Contested, Discounted",
    NOT_STATED,
)
ATTRIBUTIONS = ("single", "several", "not_stated")
UCDP_TYPES = ("state_based", "non_state", "one_sided")
COUNTRIES = ("SYR", "IRQ", UNMAPPED)

_WEEK = Column("week", WEEK, "Monday on which the week begins.", hxl="#date+week")
_MONTH = Column("month", MONTH, "Month of the rows that were counted.", hxl="#date+month")


def _governorate(meaning: str, *further: str) -> Column:
    return Column("governorate", CODE, meaning, allowed=(*GOVERNORATES, *further), hxl="#adm1+code")


def _count(name: str, meaning: str, unit: str, hxl: str, required: bool = True) -> Column:
    return Column(name, INTEGER, meaning, unit=unit, required=required, low=0, hxl=hxl)


_VDC = "Violations Documentation Center in Syria (VDC)"
_VDC_LICENCE = Licence(name="not stated", basis="the publisher's file names no licence; the VDC is credited")

VDC_CAUSES_WEEKLY = Table(
    name="vdc_causes_weekly",
    group="series",
    key=("week", "cause"),
    columns=(
        _WEEK,
        Column("cause", TEXT, "Cause of death in the publisher's words.", allowed=VDC_CAUSES, hxl="#cause"),
        _count(
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
        _count(
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
        _MONTH,
        _governorate(
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
        _count("deaths", "Recorded deaths of this kind in the month.", "people", "#affected+killed"),
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
        _governorate(
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
        _count("incidents", "Incidents of alleged civilian harm.", "incidents", "#event+num"),
        _count(
            "killed_min",
            "Sum of the least numbers of civilians alleged killed; empty when no incident states one.",
            "people",
            "#affected+killed+min",
            required=False,
        ),
        _count(
            "killed_max",
            "Sum of the greatest numbers of civilians alleged killed; empty when no incident states one.",
            "people",
            "#affected+killed+max",
            required=False,
        ),
        _count(
            "killed_not_stated",
            "Incidents that state no number of killed and are missing from the sums.",
            "incidents",
            "#event+num+killed+unknown",
        ),
        _count(
            "injured_min",
            "Sum of the least numbers of civilians alleged injured; empty when no incident states one.",
            "people",
            "#affected+injured+min",
            required=False,
        ),
        _count(
            "injured_max",
            "Sum of the greatest numbers of civilians alleged injured; empty when no incident states one.",
            "people",
            "#affected+injured+max",
            required=False,
        ),
        _count(
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
        _governorate(
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
        _count("events", "Events that the publisher recorded.", "events", "#event+num"),
        _count("low", "Sum of the low estimates of deaths.", "people", "#affected+killed+low"),
        _count("best", "Sum of the best estimates of deaths.", "people", "#affected+killed+best"),
        _count("high", "Sum of the high estimates of deaths.", "people", "#affected+killed+high"),
        _count(
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

UNSC_MEETINGS_MONTHLY = Table(
    name="unsc_meetings_monthly",
    group="series",
    key=("month",),
    columns=(
        Column("month", MONTH, "Month of the meetings.", hxl="#date+month"),
        _count("meetings", "Meetings of the Council on any item.", "meetings", "#event+num"),
        _count(
            "syria",
            "Meetings that are certain to have been on Syria: the item says so, or a text on Syria was voted on.",
            "meetings",
            "#event+num+syria",
        ),
        _count(
            "middle_east_unclear",
            "Meetings on 'The situation in the Middle East' whose subject the log does not tell; Syria is the "
            "most frequent, Yemen, Lebanon and the observer force on the Golan are others.",
            "meetings",
            "#event+num+unclear",
        ),
        _count(
            "middle_east_other",
            "Meetings under the same item at which a resolution on another subject was voted on.",
            "meetings",
            "#event+num+other",
        ),
    ),
    checks=(
        RowCheck(
            ("meetings", "syria", "middle_east_unclear", "middle_east_other"),
            "no more meetings of one kind than meetings",
            lambda rows: (
                rows["syria"] + rows["middle_east_unclear"] + rows["middle_east_other"] <= rows["meetings"]
            ),
        ),
    ),
    metadata=Metadata(
        title="Meetings of the Security Council, by month and whether they were on Syria",
        description=(
            "Meetings of the United Nations Security Council from its meeting log, by month. The item 'The "
            "situation in the Middle East' also covers Yemen, Lebanon and the observer force on the Golan, so "
            "meetings that are certain to have been on Syria stand apart from those that cannot be told. A "
            "meeting that was resumed counts once. Every month of the log has a row."
        ),
        cls="aggregated",
        publisher="United Nations Security Council",
        citation=(
            "United Nations Security Council, meeting records 2012 to 2018; counted by month by The Turn at "
            "Aleppo."
        ),
        licence=Licence(name="not stated", basis="United Nations content; the copy names no licence"),
        builder="aleppo ingest unsc FILE",
        known_gaps=(
            "The log does not name the country of most meetings under 'The situation in the Middle East'.",
            "Meetings on terrorism, on mandates or on the Palestinian question that dealt with Syria among "
            "other things are not counted as meetings on Syria.",
            "Closed consultations, which are not meetings, are not in the log.",
        ),
        usage_warnings=("copy_not_original", "vintage"),
        dates=("month",),
        file_sha256="c6f4e2b102193f4518c917c174e51509ab43c360167e3a1d96e84b34b3ac5d05",
        version="not numbered; log of 2012 to 2018",
        sources=("un-2018-council-meetings",),
    ),
)

COALITION_STRIKES_WEEKLY = Table(
    name="coalition_strikes_weekly",
    group="series",
    key=("week", "country", "governorate"),
    columns=(
        _WEEK,
        Column(
            "country",
            CODE,
            "Country of the place that the daily report names, by its ISO 3166 code; unmapped where the place "
            "is not in the list of places.",
            allowed=COUNTRIES,
            hxl="#country+code",
        ),
        _governorate(
            "Governorate of the place, by its OCHA P-code; outside_syria in Iraq, unmapped where the place "
            "could not be found.",
            OUTSIDE,
            UNMAPPED,
        ),
        _count("strikes", "Strikes reported near places of the area.", "strikes", "#event+num+strikes"),
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

ACLED_MONTHLY = Table(
    name="acled_monthly",
    group="series",
    key=("month", "governorate", "event_type", "sub_event_type"),
    columns=(
        _MONTH,
        _governorate(
            "Governorate of the event, by its OCHA P-code; unmapped where it could not be told.", UNMAPPED
        ),
        Column("event_type", TEXT, "Type of event in the publisher's words.", hxl="#event+type"),
        Column("sub_event_type", TEXT, "Type within it in the publisher's words.", hxl="#event+subtype"),
        _count("events", "Events of this kind in the month.", "events", "#event+num"),
        _count("fatalities", "Reported deaths in these events.", "people", "#affected+killed"),
        _count("actors", "Different actors named in these events.", "actors", "#group+num"),
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

UNVOTES_SYRIA = Table(
    name="unvotes_syria",
    group="series",
    key=("date", "symbol", "roll_call", "iso3"),
    columns=(
        Column("date", DATE, "Day of the vote.", hxl="#date+vote"),
        Column(
            "symbol",
            TEXT,
            "Symbol of the resolution, as A/RES/66/253 B.",
            pattern=r"A/RES/\S+( [A-Z])?",
            hxl="#meta+symbol",
        ),
        Column(
            "roll_call",
            INTEGER,
            "The publisher's number of the roll call: votes on paragraphs and amendments have their own.",
            unit="number",
            low=0,
            hxl="#meta+id",
        ),
        Column("iso3", CODE, "Member that voted.", pattern=ISO3, hxl="#country+code"),
        Column("member", TEXT, "Name of the member in the publisher's file.", hxl="#country+name"),
        Column(
            "vote",
            CODE,
            "How it voted.",
            allowed=("yes", "abstain", "no", "absent"),
            hxl="#meta+vote",
        ),
    ),
    metadata=Metadata(
        title="Votes of the members of the General Assembly on resolutions on Syria",
        description=(
            "Votes on resolutions on the situation in Syria out of the standard dataset of votes in the United "
            "Nations General Assembly. It is made from the reader's own copy, to check the rolls of this book, "
            "and is not part of the book's data."
        ),
        cls="aggregated",
        publisher="Erik Voeten, Georgetown University",
        citation=(
            "Bailey, Michael A., Anton Strezhnev, and Erik Voeten (2017), Estimating Dynamic State Preferences "
            "from United Nations Voting Data, Journal of Conflict Resolution 61(2), 430-456."
        ),
        licence=Licence(name="not stated", basis="the terms of the reader's copy"),
        builder="aleppo ingest unvotes FILE",
        known_gaps=(
            "Only recorded votes are in the dataset: resolutions adopted without a vote are missing.",
        ),
        usage_warnings=("vintage",),
        dates=("date",),
    ),
)

TABLES = (
    VDC_DEATHS_DAILY,
    VDC_CAUSES_WEEKLY,
    VDC_COMPOSITION_MONTHLY,
    AIRWARS_MONTHLY,
    UCDP_GED_MONTHLY,
    UNSC_MEETINGS_MONTHLY,
    COALITION_STRIKES_WEEKLY,
)
OWN_FILE_TABLES = (ACLED_MONTHLY, UNVOTES_SYRIA)
