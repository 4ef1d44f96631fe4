"""Columns and row checks that several tables share."""

from __future__ import annotations

import pandas as pd

from aleppo.evidence.tables.core import (
    CODE,
    DATE,
    IDS,
    INTEGER,
    NUMBER,
    TEXT,
    YES_NO,
    Column,
    RowCheck,
    first_day,
    last_day,
)

GOVERNORATE = r"SY(0[1-9]|1[0-4])"
ISO3 = r"[A-Z]{3}"
HOLDERS = ("government", "opposition", "kurdish_ypg_sdf", "islamic_state", "contested")
PARTIES = HOLDERS[:-1]
PRECISIONS = ("day", "week", "month", "year")

# A little wider than Syria, so that border crossings and points offshore fall inside
SOUTH, NORTH, WEST, EAST = 32.0, 37.5, 35.0, 42.5


def source_ids(required: bool = False) -> Column:
    """The column of the sources that say what a row says."""
    return Column(
        "source_ids",
        IDS,
        "Ids of the sources that say so, in the sources table, separated by semicolons.",
        required=required,
        refers="sources.source_id",
        hxl="#meta+source",
    )


def verified() -> Column:
    """The column that says whether a page or file behind the row was read."""
    return Column(
        "verified",
        YES_NO,
        "Whether a page or file that says so was read; yes does not mean that what a party claims is true.",
        hxl="#meta+verified",
    )


def note() -> Column:
    """The column of remarks."""
    return Column(
        "note",
        TEXT,
        "Remarks on reading, rival figures and limits of the row.",
        required=False,
        hxl="#meta+note",
    )


def governorate(required: bool = True) -> Column:
    """The column of the governorate, by P-code."""
    return Column(
        "governorate",
        CODE,
        "Governorate, by its OCHA P-code.",
        required=required,
        pattern=GOVERNORATE,
        refers="governorates.governorate",
        hxl="#adm1+code",
    )


def coordinates(required: bool) -> tuple[Column, Column]:
    """The columns of latitude and longitude, WGS 84 in degrees."""
    return (
        Column(
            "lat",
            NUMBER,
            "Latitude of the point in WGS 84.",
            unit="degrees north",
            required=required,
            low=SOUTH,
            high=NORTH,
            hxl="#geo+lat",
        ),
        Column(
            "lon",
            NUMBER,
            "Longitude of the point in WGS 84.",
            unit="degrees east",
            required=required,
            low=WEST,
            high=EAST,
            hxl="#geo+lon",
        ),
    )


def iso3(meaning: str, required: bool = True) -> Column:
    """A column of a country, by ISO 3166 alpha-3; ``meaning`` says whose."""
    return Column("iso3", CODE, meaning, required=required, pattern=ISO3, hxl="#country+code")


def member() -> Column:
    """The column of a member state that votes."""
    return Column("member", TEXT, "Name of the member state in English.", hxl="#country+name")


def unit(meaning: str, required: bool = True) -> Column:
    """The column of the unit in which the figures of the row are given."""
    return Column("unit", TEXT, meaning, required=required, hxl="#indicator+unit")


def count(name: str, meaning: str, *, required: bool = True, hxl: str = "") -> Column:
    """A column of a number of people, events or votes, never below zero."""
    return Column(name, INTEGER, meaning, unit="members", required=required, low=0, hxl=hxl)


def spell_columns(owner: Column) -> tuple[Column, ...]:
    """Columns of a table of spells: who held ``owner`` from one day to another."""
    return (
        owner,
        Column(
            "holder",
            CODE,
            "Who held the place during the spell; contested when no single holder can be supported.",
            allowed=HOLDERS,
            hxl="#group+holder",
        ),
        Column(
            "contested_by",
            IDS,
            "The parties between whom a contested place was divided or disputed; empty otherwise.",
            required=False,
            allowed=PARTIES,
            hxl="#group+contested",
        ),
        Column("start", DATE, "First day of the spell.", hxl="#date+start"),
        Column("end", DATE, "Last day of the spell, included in it.", hxl="#date+end"),
        Column(
            "start_precision",
            CODE,
            "How exactly the first day is known.",
            allowed=PRECISIONS,
            hxl="#date+start+precision",
        ),
        Column(
            "confidence",
            CODE,
            "How well the holder is supported: high when a cited source names the place with a day, medium "
            "when it is one of a named group or lies between two dated statements, low when it follows from "
            "the place's position relative to the line.",
            allowed=("high", "medium", "low"),
            hxl="#meta+confidence",
        ),
        Column("basis", TEXT, "Why the spell is coded so, in a few words.", hxl="#meta+basis"),
        source_ids(required=True),
    )


SPELL_CHECKS = (
    RowCheck(
        ("holder", "contested_by"),
        "contested_by filled when the holder is contested, and only then",
        lambda rows: (rows["holder"] == "contested") == rows["contested_by"].notna(),
    ),
)


def days_in_order(start: str, end: str) -> RowCheck:
    """``end`` is not before ``start``; rows without one of the two pass."""

    def test(rows: pd.DataFrame) -> pd.Series:
        return rows[start].isna() | rows[end].isna() | (rows[start] <= rows[end])

    return RowCheck((start, end), f"{start} on or before {end}", test)


def partial_days_in_order(start: str, end: str) -> RowCheck:
    """The first day that ``start`` may mean is not after the last day that ``end`` may mean."""

    def test(rows: pd.DataFrame) -> pd.Series:
        return (
            rows[start].isna() | rows[end].isna() | (first_day(rows[start]) <= last_day(rows[end]))
        ).astype(bool)

    return RowCheck((start, end), f"{start} on or before {end}", test)


def bounds_in_order(*names: str, excuse: str = "") -> RowCheck:
    """Bounds that are there rise from left to right, unless the column ``excuse`` explains why not."""

    def test(rows: pd.DataFrame) -> pd.Series:
        kept = pd.Series(True, index=rows.index)
        for position, lower in enumerate(names):
            for upper in names[position + 1 :]:
                kept &= rows[lower].isna() | rows[upper].isna() | (rows[lower] <= rows[upper])
        return kept | rows[excuse].notna() if excuse else kept

    rule = f"{' <= '.join(names)} where given"
    return RowCheck(names, rule + (f", or a reason in {excuse}" if excuse else ""), test)


def at_least_one_of(*names: str) -> RowCheck:
    """A row has a cell in at least one of the columns ``names``."""
    return RowCheck(
        names,
        f"at least one of {', '.join(names)}",
        lambda rows: rows[list(names)].notna().any(axis="columns"),
    )


def both_or_neither(first: str, second: str) -> RowCheck:
    """A row has cells in both columns, or in neither."""
    return RowCheck(
        (first, second),
        f"{first} and {second} both given or both empty",
        lambda rows: rows[first].notna() == rows[second].notna(),
    )


VERIFIED_HAS_SOURCES = RowCheck(
    ("verified", "source_ids"),
    "sources where verified is yes",
    lambda rows: (rows["verified"] != "yes") | rows["source_ids"].notna(),
)


def share_is_a_percentage(subject: str, *values: str) -> RowCheck:
    """Where ``subject`` is a share in percent, ``values`` lie between 0 and 100.

    Changes, growth and prices may be any percentage, so only what calls itself a share is held to it.
    """

    def test(rows: pd.DataFrame) -> pd.Series:
        share = rows[subject].str.contains("share", case=False) & (rows["unit"] == "percent")
        inside = pd.Series(True, index=rows.index)
        for value in values:
            inside &= rows[value].isna() | rows[value].between(0, 100)
        return ~share.fillna(False).astype(bool) | inside

    return RowCheck((subject, "unit", *values), "a share between 0 and 100 percent", test)
