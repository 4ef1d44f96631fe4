"""Truces, measures, access for aid, and what UN reports found."""

from __future__ import annotations

from aleppo.evidence.tables.common import (
    ISO3,
    VERIFIED_HAS_SOURCES,
    days_in_order,
    note,
    partial_days_in_order,
    source_ids,
    unit,
    verified,
)
from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    IDS,
    INTEGER,
    NUMBER,
    PARTIAL_DATE,
    TEXT,
    Column,
    Metadata,
    Table,
)

CEASEFIRES = Table(
    name="ceasefires",
    group="evidence",
    key=("ceasefire_id",),
    columns=(
        Column("ceasefire_id", CODE, "Id of the truce or talks.", pattern=r"CF\d{2}", hxl="#meta+id"),
        Column("name", TEXT, "Name by which it is known.", hxl="#event+name"),
        Column("start", PARTIAL_DATE, "Day on which it took effect or was held.", hxl="#date+start"),
        Column(
            "end",
            PARTIAL_DATE,
            "Last day, or month in which it is held to have ended; empty when no end is agreed.",
            required=False,
            hxl="#date+end",
        ),
        Column("brokers", TEXT, "Who brokered or announced it.", hxl="#group+broker"),
        Column("area", TEXT, "Where it was to hold.", hxl="#loc+name"),
        Column("terms", TEXT, "What was agreed or announced, in own words.", hxl="#description"),
        Column("outcome", TEXT, "What came of it, as reported.", hxl="#description+outcome"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(partial_days_in_order("start", "end"), VERIFIED_HAS_SOURCES),
    metadata=Metadata(
        title="Truces and talks",
        description=(
            "Truces, pauses and rounds of talks that touched Aleppo, with their terms and what came of them."
        ),
        known_gaps=("Local truces elsewhere are left out.", "Some ends are a judgement of the sources."),
        usage_warnings=("coder_judgement", "copy_not_original", "selection"),
        dates=("start", "end"),
    ),
)

MEASURES = Table(
    name="measures",
    group="evidence",
    key=("measure_id",),
    columns=(
        Column("measure_id", CODE, "Id of the measure.", pattern=r"M\d{2,3}", hxl="#meta+id"),
        Column("date_start", DATE, "First day of the measure.", hxl="#date+start"),
        Column("date_end", DATE, "Last day; the same as the first for an act of one day.", hxl="#date+end"),
        Column("actor", TEXT, "State or body that acted.", hxl="#org+name"),
        Column(
            "iso3",
            IDS,
            "State that acted, by its ISO 3166 code; several with semicolons, empty for a body.",
            required=False,
            pattern=rf"{ISO3}(;{ISO3})*",
            hxl="#country+code",
        ),
        Column(
            "kind",
            CODE,
            "Kind of measure.",
            allowed=("aid", "diplomatic", "legal", "military", "sanction", "statement"),
            hxl="#activity+type",
        ),
        Column("summary", TEXT, "What was done or said, in own words.", hxl="#description"),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(days_in_order("date_start", "date_end"), VERIFIED_HAS_SOURCES),
    metadata=Metadata(
        title="Measures of states and bodies",
        description="Sanctions, statements, legal and military steps over Aleppo and the intervention.",
        known_gaps=("A choice of steps that were reported widely, not a register of all.",),
        usage_warnings=("copy_not_original", "partisan_source", "selection"),
        dates=("date_start", "date_end"),
    ),
)

ACCESS = Table(
    name="access",
    group="evidence",
    key=("access_id",),
    columns=(
        Column("access_id", CODE, "Id of the figure.", pattern=r"AC-\d{3}", hxl="#meta+id"),
        Column("date", PARTIAL_DATE, "Day, month or year of the figure.", hxl="#date"),
        Column("series", CODE, "What is counted.", hxl="#indicator+name"),
        Column("value", NUMBER, "The figure.", unit="as in unit", low=0, hxl="#indicator+value+num"),
        unit("Unit of the figure."),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Aid, access and money",
        description=(
            "Figures on convoys, trucks, people reached, people under siege, evacuations and funding, as "
            "published by the United Nations and others."
        ),
        known_gaps=("Cross-border trucks month by month are not in the compilation.",),
        usage_warnings=("copy_not_original", "mixed_definitions", "not_verified_rows", "selection"),
        dates=("date",),
    ),
)

COMMISSION_FINDINGS = Table(
    name="commission_findings",
    group="evidence",
    key=("finding_id",),
    columns=(
        Column("finding_id", CODE, "Id of the finding.", pattern=r"COI-F\d{2}", hxl="#meta+id"),
        Column(
            "paragraph",
            TEXT,
            "Paragraph of the report, or Summary; given only where the page read shows it.",
            required=False,
            hxl="#meta+paragraph",
        ),
        Column("subject", TEXT, "What the finding is about.", hxl="#subject"),
        Column("finding", TEXT, "The finding in own words.", hxl="#description"),
        Column("attributed_party", TEXT, "To whom the Commission attributes it.", hxl="#group+perpetrator"),
        Column(
            "standard_of_proof",
            TEXT,
            "The Commission's standard of proof for it.",
            required=False,
            hxl="#meta+proof",
        ),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Findings of the Commission of Inquiry on Aleppo",
        description=(
            "Findings of the report on Aleppo of the Independent International Commission of Inquiry on the "
            "Syrian Arab Republic, made public on 1 March 2017: 21 July to 22 December 2016."
        ),
        known_gaps=(
            "A paragraph is numbered only where the page that was read shows the number.",
            "Numbered paragraphs on schools, on the west of the city and on executions were not found.",
        ),
        usage_warnings=("copy_not_original",),
    ),
)

SECRETARY_GENERAL_REPORTS = Table(
    name="secretary_general_reports",
    group="evidence",
    key=("report_no",),
    columns=(
        Column(
            "report_no",
            INTEGER,
            "Place of the report in the series since resolution 2139.",
            unit="number",
            low=1,
            hxl="#meta+number",
        ),
        Column("symbol", TEXT, "Document symbol.", pattern=r"S/\d{4}/\d+", hxl="#meta+symbol"),
        Column(
            "dated", DATE, "Date on the report, where it was seen.", required=False, hxl="#date+published"
        ),
        Column("data_for", TEXT, "Month or months that the report is about.", hxl="#date"),
        Column(
            "url",
            TEXT,
            "Address at which it was read.",
            required=False,
            pattern=r"https?://\S+",
            hxl="#meta+url",
        ),
        source_ids(),
        verified(),
        note(),
    ),
    checks=(VERIFIED_HAS_SOURCES,),
    metadata=Metadata(
        title="Reports of the Secretary-General on access for aid",
        description="Those of the monthly reports on access for aid in Syria that were found.",
        known_gaps=("Not every report of these years; of most only the opening was read.",),
        usage_warnings=("copy_not_original", "not_verified_rows"),
        dates=("dated",),
    ),
)

TABLES = (CEASEFIRES, MEASURES, ACCESS, COMMISSION_FINDINGS, SECRETARY_GENERAL_REPORTS)
