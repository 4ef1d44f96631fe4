"""Series that ``aleppo ingest`` makes out of records of the United Nations."""

from __future__ import annotations

from aleppo.evidence.tables.common import ISO3
from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    INTEGER,
    MONTH,
    TEXT,
    Column,
    Licence,
    Metadata,
    RowCheck,
    Table,
)
from aleppo.evidence.tables.publisher_words import count

UNSC_MEETINGS_MONTHLY = Table(
    name="unsc_meetings_monthly",
    group="series",
    key=("month",),
    columns=(
        Column("month", MONTH, "Month of the meetings.", hxl="#date+month"),
        count("meetings", "Meetings of the Council on any item.", "meetings", "#event+num"),
        count(
            "syria",
            "Meetings that are certain to have been on Syria: the item says so, or a text on Syria was voted on.",
            "meetings",
            "#event+num+syria",
        ),
        count(
            "middle_east_unclear",
            "Meetings on 'The situation in the Middle East' whose subject the log does not tell; Syria is the "
            "most frequent, Yemen, Lebanon and the observer force on the Golan are others.",
            "meetings",
            "#event+num+unclear",
        ),
        count(
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
