"""Tables of the chapter on aid, access and measures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aleppo.show.marks import cited
from aleppo.show.numbers import count, count_range, date, quantity, span
from aleppo.show.table import MISSING, Table

NOT_VERIFIED = "not verified"
KINDS = {
    "statement": ("statements", "slate"),
    "diplomatic": ("diplomacy", "blue"),
    "legal": ("law, inquiries", "purple"),
    "sanction": ("sanctions", "amber"),
    "military": ("military steps", "brick"),
    "aid": ("aid", "green"),
}
NAMES = {
    **{name: name.upper() for name in ("un", "icrc", "isil", "issg", "fts", "sg", "3rp")},
    **{
        name: name.capitalize()
        for name in ("aleppo", "turkey", "turkish", "jordan", "london", "syria", "october")
    },
    **{name: name.capitalize() for name in ("madaya", "zabadani", "foah", "kefraya", "ramtha", "urum")},
    "kubra": "Kubra",
    "crossborder": "cross-border",
    "crossline": "cross-line",
    "interagency": "inter-agency",
}
# What is said of a series at the end of its name
ENDS = {
    "cumulative": ", cumulative",
    "in period": ", in the period",
    "in month to date": ", in the month to date",
    "in month": ", in the month",
}
BODIES = ("UN", "ICRC")
# Series of the table that print keeps
PRINTED = (
    *("aleppo_", "besieged_eastern", "last_un", "crossline_people_reached", "crossline_people_requested"),
    *(
        "syria_response_plan_required",
        "syria_response_plan_funded",
        "refugee_plan_3rp",
        "london",
        "joint_appeal",
    ),
)
MEASURE_COLUMNS = (
    *("measure_id", "when", "date_start", "date_end", "year", "actor", "iso3", "kind", "what", "verified"),
    "source_ids",
)


def convoy_table(rows: pd.DataFrame) -> Table:
    """Each body's account of the convoy attack; ``rows`` is :func:`aleppo.measure.aid.convoy_accounts`."""
    shown = rows.assign(
        deaths=[_deaths(row) for row in rows.itertuples()],
        says=[_marked(row.says, row.verified) or MISSING for row in rows.itertuples()],
        when=[date(value) for value in rows["date"]],
    )
    return Table(
        shown[
            [
                "when",
                "date",
                "by",
                "attributed",
                "deaths",
                "low",
                "best",
                "high",
                "says",
                "verified",
                "source_ids",
            ]
        ],
        id="convoy-accounts",
        caption=(
            "The attack on the convoy at Urum al-Kubra on 19 September 2016: what each body counted or said, "
            "by the date on which it did"
        ),
        columns={
            "when": "Said on",
            "by": "By",
            "attributed": "Attributed to",
            "deaths": "Deaths",
            "says": "In short",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(rows),
        tables=("estimates", "measures"),
    )


def _deaths(row: Any) -> str:
    low, best, high = row.low, row.best, row.high
    if not pd.isna(low) and not pd.isna(high):
        return count_range(low, high)
    if not pd.isna(best):
        return count(best)
    if not pd.isna(low):
        return f"at least {count(low)}"
    return f"up to {count(high)}" if not pd.isna(high) else "–"


def in_print(access: pd.DataFrame) -> list[int]:
    """The rows of `access_table` that are printed: eastern Aleppo, people reached across lines, and money."""
    return [place for place, name in enumerate(access["series"]) if name.startswith(PRINTED)]


def access_table(access: pd.DataFrame) -> Table:
    """Every figure on access, to search and filter; in print those of `in_print`."""
    rows = access.assign(
        what=access["series"].map(_series_words),
        figure=[_figure(row) for row in access.itertuples()],
        remark=[_marked(row.note, row.verified) for row in access.itertuples()],
        year=access["date"].str[:4],
        when=[date(value) for value in access["date"]],
    )
    return Table(
        rows[
            [
                "access_id",
                "when",
                "date",
                "year",
                "what",
                "figure",
                "value",
                "unit",
                "remark",
                "verified",
                "source_ids",
            ]
        ],
        id="access",
        caption="Figures on siege, access, convoys, evacuation and money, as published",
        columns={
            "when": "When",
            "what": "What",
            "figure": "Figure",
            "remark": "Remark",
            "source_ids": "Sources",
        },
        formats={"source_ids": "cite"},
        explore={"year": "Year", "unit": "Unit", "verified": "Verified"},
        sources=cited(access),
        tables=("access",),
        print_rows=in_print(access),
    )


def _series_words(name: str) -> str:
    """The name of a series as words: names of bodies and places as they are written, what is said of it behind it."""
    words = " ".join(NAMES.get(word, word) for word in name.split("_"))
    end = next((end for end in ENDS if words.endswith(f" {end}")), "")
    words = words.removesuffix(f" {end}")
    body = next((body for body in BODIES if words.endswith(f" {body}")), "")
    if body:
        words = f"{words.removesuffix(f' {body}')} ({body})"
    return f"{words[0].upper()}{words[1:]}{ENDS.get(end, '')}"


def _figure(row: Any) -> str:
    if row.unit == "event":
        return "took place"
    value = quantity(row.value, 0 if float(row.value).is_integer() else 1)
    return f"{value} {row.unit}".replace("percent", "per cent")


def _marked(text: Any, verified: str) -> str:
    words = "" if pd.isna(text) else str(text)
    return words if verified == "yes" else f"[{NOT_VERIFIED}] {words}".strip()


def measures_table(measures: pd.DataFrame) -> Table:
    """Every measure, to search and filter; ``measures`` is :func:`.aid.measures_in_order`."""
    rows = measures.assign(
        when=[span(row.date_start, row.date_end) for row in measures.itertuples()],
        kind=measures["kind"].map({kind: words for kind, (words, _) in KINDS.items()}),
        what=[_marked(row.summary, row.verified) for row in measures.itertuples()],
    )
    return Table(
        rows[list(MEASURE_COLUMNS)],
        id="measures",
        caption="Measures and statements of states and organisations, by first day",
        columns={
            "when": "When",
            "actor": "By",
            "kind": "Kind",
            "what": "What",
            "source_ids": "Sources",
        },
        formats={"source_ids": "cite"},
        explore={"kind": "Kind", "actor": "By", "year": "Year"},
        sources=cited(measures),
        tables=("measures",),
    )
