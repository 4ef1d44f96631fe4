"""Series aggregated from publishers' own files by ``aleppo ingest``."""

from __future__ import annotations

from aleppo.evidence.tables.common import governorate
from aleppo.evidence.tables.core import INTEGER, WEEK, Column, Licence, Metadata, Table

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

TABLES = (VDC_DEATHS_WEEKLY,)
