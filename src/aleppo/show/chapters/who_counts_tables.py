"""Tables of the chapter on who counts the dead."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aleppo.show.chapters.who_counts import question_words
from aleppo.show.numbers import count, date, quantity, span
from aleppo.show.ranges import amount, dagger, of_any_unit, sources_of
from aleppo.show.table import Table

MANY = 3  # counters of one question: what is printed of the rival figures
FIRST_YEAR = ("RUS-014", "RUS-026", "RUS-027", "RUS-056", "MOD-014")  # what is printed of the estimates
ESTIMATE_COLUMNS = (
    *("estimate_id", "kind", "quantity", "population", "area", "when", "said", "unit", "by", "year"),
    *("perpetrator", "verified", "source_ids", "note"),
)


def questions_table(compared: pd.DataFrame) -> Table:
    """Every answer to every question that has two: :func:`.estimates.ratios`."""
    rows = compared.assign(
        what=compared["question"].map(_questions(compared)),
        said=[amount(row.low, row.best, row.high) for row in compared.itertuples()],
        by=[dagger(row.counter, row.verified) for row in compared.itertuples()],
        times=[_times(row) for row in compared.itertuples()],
    )
    counters = compared["counter"].str.split(", ").str[0].groupby(compared["question"]).transform("nunique")
    many = (counters >= MANY).to_numpy().nonzero()[0].tolist()
    shown = ["what", "by", "said", "times", "published", "row_id", "source_ids", "verified"]
    return Table(
        rows[shown],
        id="same-question",
        caption=(
            "Rival figures for one and the same question, as published, and their ratio to the lowest. A dagger "
            f"marks what was not verified. In print only questions with {count(MANY)} counters or more"
        ),
        columns={
            "what": "Question",
            "by": "Counted by",
            "said": "Figure",
            "times": "Times the lowest",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=sources_of(compared["source_ids"]),
        tables=("estimates", "monthly_published", "vdc_deaths_weekly"),
        print_rows=many or None,
        explore={"what": "Question", "by": "Counted by"},
    )


def _questions(compared: pd.DataFrame) -> dict[int, str]:
    """Question → its words: those of its first figure, since the last day may differ by one."""
    heads = compared.groupby("question").head(1)
    return {row.question: question_words(row).replace("<br>", ", ") for row in heads.itertuples()}


def _times(row: Any) -> str:
    return amount(row.ratio_low, row.ratio, row.ratio_high, lambda value: quantity(value, 2))


def counters_table(counters: pd.DataFrame) -> Table:
    """Whose deaths each counter counts, where and how: the table ``counters``."""
    return Table(
        counters,
        id="counters",
        caption=(
            "Who counts: whose deaths, where, how they are attributed, and what is left out. In each counter's own "
            "words or those of the pages that quote it; a method claimed is not a method checked"
        ),
        columns={
            "counter_name": "Counter",
            "whom": "Whose deaths",
            "where": "Where",
            "attribution": "Attributed",
            "limits": "Left out or mixed",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=sources_of(counters["source_ids"]),
        tables=("counters",),
    )


def estimates_table(estimates: pd.DataFrame) -> Table:
    """Every published estimate, to search and filter: the table ``estimates``."""
    rows = estimates.assign(
        when=[_span(row.period_start, row.period_end) for row in estimates.itertuples()],
        said=[_said(row) for row in estimates.itertuples()],
        by=[dagger(row.attributed_to, row.verified) for row in estimates.itertuples()],
        year=estimates["period_end"].str[:4],
        verified=estimates["verified"].map({"yes": "verified", "no": "not verified"}),
        kind=estimates["quantity"].map(_kind),
    )
    return Table(
        rows[list(ESTIMATE_COLUMNS)],
        id="all-estimates",
        caption=(
            "Every published estimate that this book holds. In print only those of the first year of Russian strikes; "
            "a dagger marks what was not verified"
        ),
        columns={
            "quantity": "Quantity",
            "population": "Who",
            "area": "Where",
            "when": "When",
            "said": "Figure",
            "by": "Given by",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=sources_of(estimates["source_ids"]),
        tables=("estimates",),
        print_rows=rows["estimate_id"].isin(FIRST_YEAR).to_numpy().nonzero()[0].tolist(),
        explore={
            "kind": "Subject",
            "population": "Who",
            "area": "Where",
            "year": "Year",
            "verified": "Verified",
        },
    )


def _said(row: Any) -> str:
    return f"{amount(row.low, row.best, row.high, of_any_unit)} {row.unit}"


def _span(start: str, end: str) -> str:
    if start == end:
        return date(end)
    return span(start, end) if len(start) == len(end) else f"{date(start)} to {date(end)}"


_KINDS = {
    "death": "deaths",
    "killed": "deaths",
    "population": "siege and population",
    "siege": "siege and population",
    "displaced": "displacement",
    "evacuated": "displacement",
    "left eastern": "displacement",
    "arrivals": "displacement",
    "refugees": "displacement",
    "health": "health care",
    "hospital": "health care",
    "medical": "health care",
    "damage": "damage",
    "destroyed": "damage",
    "impact": "damage",
    "share of strikes": "strikes",
    "sorties": "strikes",
    "strikes": "strikes",
    "barrel": "strikes",
}


def _kind(text: str) -> str:
    return next((kind for sign, kind in _KINDS.items() if sign in text), "other")
