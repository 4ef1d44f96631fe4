"""How each truce is read for the study of truces: its kind, and when and how it ended."""

from __future__ import annotations

import pandas as pd

from aleppo.evidence.tables.common import days_in_order, source_ids, verified
from aleppo.evidence.tables.core import CODE, DATE, TEXT, Column, Metadata, RowCheck, Table
from aleppo.evidence.tables.publisher_words import WHOLE

KINDS = ("nationwide", "local", "window", "talks", "not_in_force")
BROKERS = ("us_russia", "russia", "russia_turkey", "un")
ENDS = ("collapsed", "lapsed", "completed", "in_force")
TERMS = ("first_end", "first_how", "last_end", "last_how")


def _ends_where_in_force(rows: pd.DataFrame) -> pd.Series:
    truce = rows["kind"].isin(["nationwide", "local"])
    filled = rows[list(TERMS)].notna()
    return (truce & filled.all(axis="columns")) | (~truce & ~filled.any(axis="columns"))


def _end(name: str, meaning: str) -> Column:
    return Column(name, DATE, meaning, required=False, hxl=f"#date+end+{name.split('_')[0]}")


def _how(name: str, reading: str) -> Column:
    return Column(
        name,
        CODE,
        f"How it ended at the {reading} reading: collapsed (fighting resumed or a party declared it over), lapsed "
        "(its agreed term ran out and no collapse is reported), completed (what it was for was done), in_force "
        "(not known to have ended on that day).",
        required=False,
        allowed=ENDS,
        hxl=f"#status+end+{name.split('_')[0]}",
    )


TRUCE_CODING = Table(
    name="truce_coding",
    group="evidence",
    key=("ceasefire_id",),
    columns=(
        Column(
            "ceasefire_id",
            CODE,
            "Row of the table of truces and talks.",
            refers="ceasefires.ceasefire_id",
            hxl="#event+id",
        ),
        Column("label", TEXT, "Short name for charts.", hxl="#event+name+short"),
        Column(
            "kind",
            CODE,
            "Kind of truce. Nationwide: a halt to fighting in the country or in several areas; local: one in and "
            "around Aleppo; window: hours or corridors without a halt for whole days; talks: nothing was to halt "
            "that day; not_in_force: proposed and never begun.",
            allowed=KINDS,
            hxl="#event+type",
        ),
        Column(
            "broker",
            CODE,
            "Who brokered or announced it, in four groups: the United States and the Russian Federation; the "
            "Russian Federation, alone or with the Syrian government; the Russian Federation with Turkey, later "
            "also Iran; the United Nations.",
            allowed=BROKERS,
            hxl="#group+broker",
        ),
        Column(
            "region",
            CODE,
            "Region of the daily series of deaths that holds its area best.",
            allowed=("north_west", WHOLE),
            hxl="#adm1+group",
        ),
        Column(
            "extends",
            CODE,
            "The truce that it extends without a break, if it does.",
            required=False,
            refers="ceasefires.ceasefire_id",
            hxl="#meta+id+previous",
        ),
        _end("first_end", "Earliest day on which the sources allow it to have ended; empty if it was none."),
        _how("first_how", "earliest"),
        _end("last_end", "Latest day on which the sources allow it to have ended; empty if it was none."),
        _how("last_how", "latest"),
        Column(
            "confidence",
            CODE,
            "How well its end is supported.",
            allowed=("high", "medium", "low"),
            hxl="#meta+confidence",
        ),
        Column("basis", TEXT, "Why it is read so, in a few words.", hxl="#meta+basis"),
        source_ids(required=True),
        verified(),
    ),
    checks=(
        days_in_order("first_end", "last_end"),
        RowCheck(
            ("kind", *TERMS),
            "both readings of the end for a halt to fighting, and for nothing else",
            _ends_where_in_force,
        ),
    ),
    metadata=Metadata(
        title="How each truce is read: its kind, its broker and its end",
        description=(
            "For each row of the table of truces and talks: what kind it was, which region's deaths it is set "
            "against, and the earliest and the latest day on which the sources allow it to have ended, with how."
        ),
        known_gaps=(
            "No source dates the end of most truces to the day: the two readings of the end are as far apart as "
            "the sources leave it.",
            "What the parties did between the first reported breach and the end is not coded.",
        ),
        usage_warnings=("coder_judgement", "copy_not_original", "selection"),
        dates=("first_end", "last_end"),
    ),
)

TABLES = (TRUCE_CODING,)
