"""What members of the Security Council said of their votes."""

from __future__ import annotations

from aleppo.evidence.tables.common import VERIFIED_HAS_SOURCES, iso3, member, note, source_ids, verified
from aleppo.evidence.tables.core import CODE, TEXT, Column, Metadata, Table

VOTE_EXPLANATIONS = Table(
    name="vote_explanations",
    group="evidence",
    key=("vote_id", "iso3"),
    columns=(
        Column(
            "vote_id",
            CODE,
            "The vote that the statement is about.",
            refers="unsc_votes.vote_id",
            hxl="#meta+id",
        ),
        iso3("Member of the Council that made the statement, by its ISO 3166 code."),
        member(),
        Column(
            "position",
            TEXT,
            "What the member said of the text or of its vote, in our words; in the chamber unless the note says "
            "otherwise.",
            hxl="#description",
        ),
        source_ids(required=True),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="What members of the Security Council said of their votes",
        description=(
            "Statements with which members explained or commented on their votes on Syria, shortened and in our "
            "words: what they claimed, not what is established."
        ),
        known_gaps=(
            "Only statements of which a page was read; most members spoke in most meetings.",
            "For most of the unanimous resolutions no statement was read.",
            "News agencies of the members themselves carry a good part of the statements.",
        ),
        usage_warnings=("alleged", "copy_not_original", "partisan_source", "selection"),
    ),
)

TABLES = (VOTE_EXPLANATIONS,)
