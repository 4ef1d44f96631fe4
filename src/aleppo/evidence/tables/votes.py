"""Votes of the Security Council, the General Assembly and the Human Rights Council."""

from __future__ import annotations

import pandas as pd

from aleppo.evidence.tables.common import (
    ISO3,
    VERIFIED_HAS_SOURCES,
    count,
    iso3,
    member,
    note,
    source_ids,
    verified,
)
from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    IDS,
    INTEGER,
    TEXT,
    YES_NO,
    Column,
    Metadata,
    RowCheck,
    Table,
)


def _totals(rows: pd.DataFrame) -> pd.Series:
    return rows[["yes", "no", "abstain", "absent"]].sum(axis="columns")


UNSC_VOTES = Table(
    name="unsc_votes",
    group="evidence",
    key=("vote_id",),
    columns=(
        Column("vote_id", CODE, "Id of the vote.", pattern=r"SC\d{2,3}", hxl="#meta+id"),
        Column("date", DATE, "Day of the vote.", hxl="#date"),
        Column("symbol", TEXT, "Document symbol of the resolution or draft.", hxl="#meta+symbol"),
        Column(
            "kind", CODE, "Whether it became a resolution.", allowed=("resolution", "draft"), hxl="#meta+kind"
        ),
        Column(
            "number",
            INTEGER,
            "Number of the resolution, where adopted.",
            unit="number",
            required=False,
            hxl="#meta+number",
        ),
        Column("subject", TEXT, "What the text was about, in own words.", hxl="#description"),
        Column(
            "sponsors", TEXT, "Who put the text forward, as far as known.", required=False, hxl="#org+sponsor"
        ),
        Column(
            "outcome",
            CODE,
            "What came of it.",
            allowed=("adopted", "vetoed", "failed"),
            hxl="#status+outcome",
        ),
        count("yes", "Members in favour.", hxl="#indicator+votes+yes+num"),
        count("no", "Members against.", hxl="#indicator+votes+no+num"),
        count("abstain", "Members that abstained.", hxl="#indicator+votes+abstain+num"),
        count("absent", "Members that did not take part.", hxl="#indicator+votes+absent+num"),
        Column(
            "vetoed_by",
            IDS,
            "Permanent members whose vote against stopped the text, by ISO 3166 code.",
            required=False,
            pattern=rf"{ISO3}(;{ISO3})*",
            hxl="#country+code",
        ),
        Column("touches", IDS, "Subjects that the text touches.", hxl="#subject"),
        source_ids(),
        verified(),
        note(),
        Column(
            "roll",
            CODE,
            "Whether the vote of every member is on record in the table of member votes.",
            allowed=("complete", "incomplete"),
            hxl="#meta+roll",
        ),
    ),
    checks=(
        VERIFIED_HAS_SOURCES,
        RowCheck(
            ("yes", "no", "abstain", "absent"),
            "votes of fifteen members",
            lambda rows: _totals(rows) == 15,
        ),
        RowCheck(
            ("outcome", "vetoed_by"),
            "vetoed_by filled when the outcome is vetoed, and only then",
            lambda rows: (rows["outcome"] == "vetoed") == rows["vetoed_by"].notna(),
        ),
        RowCheck(
            ("kind", "number", "outcome"),
            "a number when the text became a resolution, and only then",
            lambda rows: (
                ((rows["kind"] == "resolution") == rows["number"].notna())
                & ((rows["kind"] == "resolution") == (rows["outcome"] == "adopted"))
            ),
        ),
        RowCheck(
            ("outcome", "yes"),
            "nine votes in favour where the text was adopted or vetoed, fewer where it failed",
            lambda rows: (rows["yes"] >= 9) == (rows["outcome"] != "failed"),
        ),
    ),
    metadata=Metadata(
        title="Security Council votes on Syria, 2011–2017",
        description=(
            "Every recorded vote of the Council on a text about Syria that was found, with its outcome, its "
            "totals and the vetoes."
        ),
        known_gaps=(
            "Renewals of the observer force in the Golan are left out.",
            "The sponsors of resolutions 2209 and 2254 are not established.",
        ),
        usage_warnings=("copy_not_original", "selection"),
        dates=("date",),
    ),
)

_PERMANENT = Column(
    "permanent", YES_NO, "Whether it is one of the five permanent members.", hxl="#country+permanent"
)
_YEAR = Column(
    "year", INTEGER, "Calendar year of membership.", unit="year", low=1946, high=2100, hxl="#date+year"
)

UNSC_MEMBER_VOTES = Table(
    name="unsc_member_votes",
    group="evidence",
    key=("vote_id", "iso3"),
    columns=(
        Column(
            "vote_id",
            CODE,
            "The vote that the member took part in.",
            refers="unsc_votes.vote_id",
            hxl="#meta+id",
        ),
        iso3("Member of the Council, by its ISO 3166 code."),
        member(),
        _PERMANENT,
        Column(
            "vote", CODE, "How it voted.", allowed=("yes", "no", "abstain", "absent"), hxl="#indicator+vote"
        ),
        source_ids(),
        verified(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="How each member of the Security Council voted",
        description=(
            "One row for each of the fifteen members in each vote of the table of Security Council votes."
        ),
        known_gaps=(
            "Where a page gives only a unanimous total, the roll follows from the membership of the year.",
        ),
        usage_warnings=("copy_not_original",),
    ),
)

UNSC_MEMBERSHIP = Table(
    name="unsc_membership",
    group="evidence",
    key=("year", "iso3"),
    columns=(
        _YEAR,
        iso3("Member of the Council, by its ISO 3166 code."),
        member(),
        _PERMANENT,
        source_ids(),
        verified(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Members of the Security Council, 2011–2017",
        description="The fifteen members of the Council in each year.",
        known_gaps=("Syria itself was no member in these years; what it said in debates is in no table.",),
        usage_warnings=("copy_not_original",),
        dates=("year",),
    ),
)

UN_BODY_VOTES = Table(
    name="un_body_votes",
    group="evidence",
    key=("vote_id",),
    columns=(
        Column("vote_id", CODE, "Id of the vote.", pattern=r"(GA|HR)\d{2,3}", hxl="#meta+id"),
        Column("date", DATE, "Day of the vote.", hxl="#date"),
        Column(
            "body",
            TEXT,
            "The body that voted.",
            allowed=("UN General Assembly", "UN Human Rights Council"),
            hxl="#org+name",
        ),
        Column("symbol", TEXT, "Document symbol of the resolution.", required=False, hxl="#meta+symbol"),
        Column("subject", TEXT, "What the text was about, in own words.", hxl="#description"),
        Column(
            "sponsors", TEXT, "Who put the text forward, as far as known.", required=False, hxl="#org+sponsor"
        ),
        Column("outcome", CODE, "What came of it.", allowed=("adopted", "rejected"), hxl="#status+outcome"),
        count("yes", "Members in favour.", hxl="#indicator+votes+yes+num"),
        count("no", "Members against.", hxl="#indicator+votes+no+num"),
        count("abstain", "Members that abstained.", hxl="#indicator+votes+abstain+num"),
        count(
            "absent",
            "Members that did not take part, where recorded.",
            required=False,
            hxl="#indicator+votes+absent+num",
        ),
        Column(
            "roll",
            CODE,
            "What is on record of single members: all of them, some, or the totals only.",
            allowed=("complete", "partial", "totals_only"),
            hxl="#meta+roll",
        ),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(
        VERIFIED_HAS_SOURCES,
        RowCheck(
            ("body", "yes", "no", "abstain", "absent"),
            "no more votes than the body has members (193 in the Assembly, 47 in the Council)",
            lambda rows: (
                _totals(rows) <= rows["body"].map({"UN General Assembly": 193, "UN Human Rights Council": 47})
            ),
        ),
    ),
    metadata=Metadata(
        title="General Assembly and Human Rights Council votes on Syria, 2011–2017",
        description="Recorded votes of the two bodies on resolutions about Syria, with their totals.",
        known_gaps=(
            "For more than half of the votes the totals rest on general knowledge; those rows are not verified.",
            "The full roll of the Human Rights Council's special session on Aleppo is not established.",
        ),
        usage_warnings=("copy_not_original", "not_verified_rows", "totals_without_roll"),
        dates=("date",),
    ),
)

UN_BODY_MEMBER_VOTES = Table(
    name="un_body_member_votes",
    group="evidence",
    key=("vote_id", "iso3"),
    columns=(
        Column(
            "vote_id",
            CODE,
            "The vote that the member took part in.",
            refers="un_body_votes.vote_id",
            hxl="#meta+id",
        ),
        iso3("Member of the body, by its ISO 3166 code."),
        member(),
        Column(
            "vote",
            CODE,
            "How it voted; not_established where it is a member and no page says how it voted.",
            allowed=("yes", "no", "abstain", "absent", "not_established"),
            hxl="#indicator+vote",
        ),
        source_ids(),
        verified(),
    ),
    checks=(
        VERIFIED_HAS_SOURCES,
        RowCheck(
            ("vote", "verified"),
            "verified=no where the vote is not established",
            lambda rows: (rows["vote"] != "not_established") | (rows["verified"] == "no"),
        ),
    ),
    metadata=Metadata(
        title="How members voted in the General Assembly and the Human Rights Council",
        description=(
            "One row for each member whose vote is on record, and for members whose vote is known to be "
            "missing from the record."
        ),
        known_gaps=(
            "Forty of the forty-seven votes of the special session on Aleppo are not established.",
            "Votes of which only totals are known have no rows here.",
        ),
        usage_warnings=("copy_not_original", "not_verified_rows", "totals_without_roll"),
    ),
)

SESSION_REQUESTERS = Table(
    name="session_requesters",
    group="evidence",
    key=("vote_id", "iso3"),
    columns=(
        Column(
            "vote_id",
            CODE,
            "The vote that the session led to.",
            refers="un_body_votes.vote_id",
            hxl="#meta+id",
        ),
        iso3("State, by its ISO 3166 code."),
        member(),
        Column("role", TEXT, "What it did.", hxl="#activity+role"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Who asked for the special session on Aleppo",
        description=(
            "Members of the Human Rights Council that asked for its special session of 21 October 2016."
        ),
        known_gaps=("Only members of the Council on the page that was read; other states are not listed.",),
        usage_warnings=("copy_not_original", "not_a_vote"),
    ),
)

TABLES = (
    UNSC_VOTES,
    UNSC_MEMBER_VOTES,
    UNSC_MEMBERSHIP,
    UN_BODY_VOTES,
    UN_BODY_MEMBER_VOTES,
    SESSION_REQUESTERS,
)
