"""Governorates, sources and the claims of the two founding articles."""

from __future__ import annotations

from aleppo.evidence.tables.common import source_ids
from aleppo.evidence.tables.core import CODE, PARTIAL_DATE, TEXT, Column, Metadata, RowCheck, Table

SOURCE_TYPES = (
    "academic",
    "analysis",
    "blog",
    "dataset",
    "encyclopedia",
    "forum",
    "government",
    "monitor",
    "news",
    "ngo_report",
    "party",
    "un_document",
)

GOVERNORATES = Table(
    name="governorates",
    group="evidence",
    key=("governorate",),
    columns=(
        Column(
            "governorate",
            CODE,
            "OCHA P-code of the governorate.",
            pattern=r"SY(0[1-9]|1[0-4])",
            hxl="#adm1+code",
        ),
        Column("name_en", TEXT, "Name in OCHA's English spelling.", hxl="#adm1+name+i_en"),
        Column("name_ar", TEXT, "Name in Arabic.", hxl="#adm1+name+i_ar"),
        Column(
            "aliases",
            TEXT,
            "Other spellings under which publishers list the governorate, separated by semicolons.",
            required=False,
            hxl="#adm1+name+alt",
        ),
    ),
    metadata=Metadata(
        title="Governorates of Syria",
        description=(
            "The fourteen governorates by OCHA P-code, with the spellings met in publishers' files. Every "
            "other table names a governorate by its P-code."
        ),
        known_gaps=("Only spellings that were met; a publisher's file may hold another.",),
        usage_warnings=(),
    ),
)

SOURCES = Table(
    name="sources",
    group="evidence",
    key=("source_id",),
    columns=(
        Column(
            "source_id",
            CODE,
            "Id of the source, readable and stable: publisher, date and a keyword; also its citation key.",
            pattern=r"[a-z0-9]+(-[a-z0-9]+)*",
            hxl="#meta+id",
        ),
        Column("title", TEXT, "Title of the page, report or dataset.", hxl="#meta+title"),
        Column("publisher", TEXT, "Who published it first.", hxl="#org+publisher+name"),
        Column(
            "author",
            TEXT,
            "Named authors, separated by semicolons; empty when the publisher names none.",
            required=False,
            hxl="#contact+author+name",
        ),
        Column(
            "published",
            PARTIAL_DATE,
            "Date of publication as far as it is known.",
            required=False,
            hxl="#date+published",
        ),
        Column(
            "published_note",
            TEXT,
            "Remark on the date of publication where it is inferred or uncertain.",
            required=False,
            hxl="#date+published+note",
        ),
        Column(
            "url",
            TEXT,
            "Address at the publisher's own site; empty when it is not known.",
            required=False,
            pattern=r"https?://\S+",
            hxl="#meta+url",
        ),
        Column(
            "copy_url",
            TEXT,
            "Address of the copy, mirror or repost that was read instead of the original.",
            required=False,
            pattern=r"https?://\S+",
            hxl="#meta+url+copy",
        ),
        Column(
            "read",
            CODE,
            "What was read: the original, a copy of it, or nothing (then it is known from other sources).",
            allowed=("original", "copy", "nothing"),
            hxl="#meta+read",
        ),
        Column("type", CODE, "Kind of source.", allowed=SOURCE_TYPES, hxl="#meta+type"),
        Column(
            "language",
            CODE,
            "Language of what was read, by its ISO 639-1 code.",
            pattern=r"[a-z]{2}",
            hxl="#meta+language",
        ),
        Column(
            "note",
            TEXT,
            "Remarks on the source: state or party outlet, mirror, extent read.",
            required=False,
            hxl="#meta+note",
        ),
    ),
    checks=(
        RowCheck(
            ("read", "url", "copy_url", "note"),
            "the address of what was read, or a note that says why there is none",
            lambda rows: (
                (rows["read"] == "nothing")
                | rows["copy_url"].notna()
                | ((rows["read"] == "original") & rows["url"].notna())
                | rows["note"].notna()
            ),
        ),
    ),
    metadata=Metadata(
        title="Sources",
        description=(
            "Every source that a row of another table rests on, once each, with its first publisher, its "
            "address, and whether the original, a copy or nothing was read."
        ),
        known_gaps=(
            "Of many pages only the beginning was available to read.",
            "Some sources were found only as reposts whose original address is not known.",
        ),
        usage_warnings=("copy_not_original", "partisan_source"),
        dates=("published",),
    ),
)

CLAIMS = Table(
    name="claims",
    group="evidence",
    key=("claim_id",),
    columns=(
        Column(
            "claim_id",
            CODE,
            "Id of the claim: the article and its place in it.",
            pattern=r"(CNN|ITV)-\d{2,3}",
            hxl="#meta+id",
        ),
        Column(
            "article",
            CODE,
            "Which of the two founding articles makes it.",
            allowed=("cnn", "itv"),
            hxl="#meta+article",
        ),
        Column("paraphrase", TEXT, "The claim in own words.", hxl="#description"),
        Column(
            "domain",
            CODE,
            "Part of the subject that it belongs to.",
            allowed=("background", "civilian_toll", "front_lines", "international_response"),
            hxl="#meta+domain",
        ),
        Column(
            "kind",
            CODE,
            "What sort of claim it is.",
            allowed=("actor", "assessment", "causal", "date", "event", "forecast", "number"),
            hxl="#meta+kind",
        ),
        Column(
            "quantity",
            TEXT,
            "What is counted or dated, where the claim has a figure.",
            required=False,
            hxl="#indicator+name",
        ),
        Column(
            "value",
            TEXT,
            "The figure or date as the article gives it, right or wrong.",
            required=False,
            hxl="#indicator+value",
        ),
        Column("unit", TEXT, "Unit of the figure.", required=False, hxl="#indicator+unit"),
        Column("area", TEXT, "Area that the claim speaks of, in words.", required=False, hxl="#loc+name"),
        Column(
            "period", TEXT, "Time that the claim speaks of, in words.", required=False, hxl="#date+period"
        ),
        Column(
            "attributed_to",
            TEXT,
            "Who says so, in the article's own attribution.",
            required=False,
            hxl="#org+attributed+name",
        ),
        Column(
            "evidence_test", TEXT, "What would show the claim to be right or wrong.", hxl="#description+test"
        ),
        Column(
            "check_status",
            CODE,
            "First verdict on the claim from the sources that were read.",
            allowed=(
                "assessment_shared_by_sources",
                "contested",
                "corrected",
                "forecast_borne_out",
                "forecast_mixed",
                "forecast_not_borne_out",
                "not_confirmed",
                "not_tested",
                "partly_supported",
                "quotation_verified",
                "supported",
            ),
            hxl="#status+check",
        ),
        Column(
            "check_note",
            TEXT,
            "What the sources show, in a sentence or two.",
            required=False,
            hxl="#description+check",
        ),
        source_ids(),
    ),
    checks=(
        RowCheck(
            ("claim_id", "article"),
            "an id that begins with the article's name",
            lambda rows: rows["claim_id"].str[:3].str.lower() == rows["article"],
        ),
    ),
    metadata=Metadata(
        title="Claims of the two founding articles",
        description=(
            "Every checkable claim of the articles of CNN (February 2016) and ITV News (December 2016), in "
            "own words, with the test that would decide it and a first verdict."
        ),
        known_gaps=("Claims marked not_tested were not decided when they were compiled.",),
        usage_warnings=("coder_judgement", "alleged", "copy_not_original"),
    ),
)

FINDINGS = Table(
    name="findings",
    group="evidence",
    key=("finding_id",),
    columns=(
        Column("finding_id", CODE, "Id of the finding.", pattern=r"F-\d{2}", hxl="#meta+id"),
        Column(
            "statement",
            TEXT,
            "What the book says, in one sentence without its figures, which are computed.",
            hxl="#description",
        ),
        Column(
            "domain",
            CODE,
            "Part of the subject that it belongs to.",
            allowed=("background", "civilian_toll", "front_lines", "international_response"),
            hxl="#meta+domain",
        ),
        Column(
            "kind",
            CODE,
            "What sort of statement it is; a limit says what the data cannot tell.",
            allowed=("change", "comparison", "count", "date", "disagreement", "limit"),
            hxl="#meta+kind",
        ),
    ),
    metadata=Metadata(
        title="Findings of the book",
        description=(
            "What this book itself states, one sentence each. Like the claims of the articles each is tested "
            "against the evidence whenever the ledger is computed."
        ),
        known_gaps=("Statements that have a test; what chapters say beyond them is in the chapters.",),
        usage_warnings=("coder_judgement",),
    ),
)

TABLES = (GOVERNORATES, SOURCES, CLAIMS, FINDINGS)
