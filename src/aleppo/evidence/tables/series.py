"""Series aggregated from publishers' own files by ``aleppo ingest``."""

from __future__ import annotations

from aleppo.evidence.tables.common import governorate
from aleppo.evidence.tables.core import (
    CODE,
    COMPILED_LICENCE,
    INTEGER,
    NUMBER,
    WEEK,
    Column,
    Licence,
    Metadata,
    Table,
)

VDC_DEATHS_WEEKLY = Table(
    name="vdc_deaths_weekly",
    group="series",
    key=("week", "governorate"),
    columns=(
        Column("week", WEEK, "Monday on which the week begins.", hxl="#date+week"),
        governorate(),
        Column(
            "deaths",
            INTEGER,
            "Recorded deaths in the week of people who came from the governorate, civilians and combatants; "
            "zero when nothing was recorded.",
            unit="people",
            low=0,
            hxl="#affected+killed",
        ),
    ),
    metadata=Metadata(
        title="Deaths recorded by the Violations Documentation Center, by week and governorate",
        description=(
            "The Violations Documentation Center's recorded deaths, from its count per day and province, "
            "summed to weeks that begin on Monday. Every week from that of the first to that of the last day "
            "of the file has a row for each of the fourteen governorates."
        ),
        cls="aggregated",
        publisher="Violations Documentation Center in Syria (VDC)",
        citation=(
            "Violations Documentation Center in Syria, recorded deaths by province and day; aggregated to "
            "weeks by The Turn at Aleppo."
        ),
        licence=Licence(name="not stated", basis="the publisher's file names no licence"),
        builder="aleppo ingest vdc FILE",
        sources=("vdc-2018-deaths-by-province",),
        known_gaps=(
            "The first and the last week are cut by the first and the last day of the file.",
            "How late deaths were registered is not known: counts of the last months may be incomplete.",
            "A second batch of the publisher's records is not part of this series.",
            "The copy that was read was collected page by page by a third party, who notes that records were "
            "missed; which ones, and whether evenly over time, is not known.",
            "The publisher's own date of the export is not known; its last recorded day falls in the last week.",
        ),
        usage_warnings=(
            "all_statuses_mixed",
            "copy_not_original",
            "place_of_origin_not_of_death",
            "trough_at_the_break",
            "vintage",
        ),
        dates=("week",),
        file_sha256="c3eb87acea644434aed93abaf125d29d9294527d44cb24d5e2d2a22b3bc23a0b",
        version="not numbered; first batch of records, last recorded day 13 August 2018",
    ),
)


def _share(name: str, meaning: str) -> Column:
    tag = f"#indicator+share+{name}"
    return Column(name, NUMBER, meaning, unit="share", low=0, high=1, hxl=tag)


PLACEBO_BREAKS = Table(
    name="placebo_breaks",
    group="series",
    key=("governorate", "span", "week"),
    columns=(
        governorate(),
        Column(
            "span",
            CODE,
            "Which windows are summed up: before, those that end before the real break; across, all windows.",
            allowed=("before", "across"),
            hxl="#meta+span",
        ),
        Column("week", WEEK, "Monday of the first week after the placebo break.", hxl="#date+week"),
        Column(
            "specifications",
            INTEGER,
            "Specifications that give an estimate both at the placebo break and at the real one.",
            unit="specifications",
            low=1,
            hxl="#indicator+num",
        ),
        Column(
            "median",
            NUMBER,
            "Median rate ratio of these specifications at the placebo break.",
            unit="ratio",
            low=0,
            hxl="#indicator+ratio",
        ),
        _share("above", "Share of them with a rate ratio above one at the placebo break."),
        _share("interval_above", "Share with a 95 % interval wholly above one at the placebo break."),
        _share("interval_below", "Share with a 95 % interval wholly below one at the placebo break."),
        Column(
            "real_median",
            NUMBER,
            "Median rate ratio of the same specifications at the real break of 30 September 2015.",
            unit="ratio",
            low=0,
            hxl="#indicator+ratio+real",
        ),
        _share("real_above", "Share of them with a rate ratio above one at the real break."),
        _share("real_interval_above", "Share with a 95 % interval wholly above one at the real break."),
    ),
    metadata=Metadata(
        title="The multiverse of the break at placebo dates, recorded deaths of Aleppo governorate",
        description=(
            "Every specification of the break in recorded deaths of Aleppo governorate, estimated at each week "
            "from March 2012 to June 2015 as if the break had been there, and summed up by week beside the real "
            "break over the same specifications. Nearly three million regressions of the committed series, "
            "computed by the book itself."
        ),
        cls="aggregated",
        citation=(
            "The Turn at Aleppo, placebo breaks in deaths recorded by the Violations Documentation Center."
        ),
        licence=COMPILED_LICENCE,
        builder="aleppo multiverse Aleppo --placebo",
        sources=("vdc-2018-deaths-by-province",),
        known_gaps=(
            "Early and late placebo weeks have fewer specifications: long windows do not fit in.",
            "Neighbouring weeks share nearly all their data and are no independent trials.",
            "Placebo weeks hold offensives and truces of their own; they are other dates, not dates of peace.",
        ),
        usage_warnings=(
            "all_statuses_mixed",
            "place_of_origin_not_of_death",
            "trough_at_the_break",
            "vintage",
        ),
        version="computed from the committed series of recorded deaths",
        dates=("week",),
    ),
)

TABLES = (VDC_DEATHS_WEEKLY, PLACEBO_BREAKS)
