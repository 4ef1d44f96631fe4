"""Tables of the chapter on siege, displacement, and deaths on both sides of the line."""

from __future__ import annotations

from typing import Any

import pandas as pd

from aleppo.measure.harm import BY_GOVERNMENT, BY_NOBODY, BY_OPPOSITION
from aleppo.show.chapters.siege_and_harm import when, who
from aleppo.show.numbers import count, date
from aleppo.show.ranges import amount, dagger, of_any_unit, sources_of
from aleppo.show.table import Table

MANY = 20  # dead or more: what is printed of the incidents, whoever is held responsible
NAMED = {
    BY_OPPOSITION: "armed opposition",
    BY_GOVERNMENT: "Syrian or Russian forces",
    BY_NOBODY: "disputed or nobody",
}


def _shown(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(
        when=[when(row) for row in rows.itertuples()],
        said=[amount(row.low, row.best, row.high, of_any_unit) for row in rows.itertuples()],
        by=[dagger(who(row), row.verified) for row in rows.itertuples()],
        what=rows["quantity"].str.replace("not applicable", "", regex=False),
    )


def _estimates(rows: pd.DataFrame, *, id: str, caption: str, heads: dict[str, str]) -> Table:
    shown = _shown(rows)
    kept = [
        "estimate_id",
        "what",
        "area",
        "when",
        "said",
        "unit",
        "by",
        "perpetrator",
        "verified",
        "source_ids",
        "note",
    ]
    return Table(
        shown[kept],
        id=id,
        caption=caption,
        columns={**heads, "source_ids": "Read in"},
        formats={"source_ids": "cite"},
        sources=sources_of(rows["source_ids"]),
        tables=("estimates",),
    )


def health_table(estimates: pd.DataFrame) -> Table:
    """Attacks on health care and what still worked: estimates of the group HLT."""
    return _estimates(
        estimates[estimates["estimate_id"].str.startswith("HLT-")],
        id="health-care",
        caption=(
            "Hospitals hit and out of service, attacks on health care, and medical staff and rescuers killed, as "
            "published. What counts as an attack, and whether one building counts once or each time, differs by "
            "counter. A dagger marks what was not verified"
        ),
        heads={
            "what": "What",
            "area": "Where",
            "when": "When",
            "said": "Figure",
            "by": "Counted by",
            "perpetrator": "Attributed to",
        },
    )


def price_table(estimates: pd.DataFrame) -> Table:
    """Prices of food and fuel: estimates of the group PRC."""
    return _estimates(
        estimates[estimates["estimate_id"].str.startswith("PRC-")],
        id="prices",
        caption=(
            "Prices of food and fuel in Aleppo and on average in Syria, as published. A dagger marks what was not "
            "verified"
        ),
        heads={
            "what": "Goods",
            "area": "Where",
            "when": "When",
            "said": "Price",
            "unit": "Unit",
            "by": "Published by",
        },
    )


def damage_table(estimates: pd.DataFrame) -> Table:
    """Damage to buildings: estimates of the group DMG."""
    return _estimates(
        estimates[estimates["estimate_id"].str.startswith("DMG-")],
        id="damage",
        caption=(
            "Damage in Aleppo as published, mostly from satellite images. A dagger marks what was not verified"
        ),
        heads={
            "what": "What",
            "area": "Where",
            "when": "When",
            "said": "Figure",
            "unit": "Unit",
            "by": "Published by",
        },
    )


def incidents_table(incidents: pd.DataFrame) -> Table:
    """Incidents on both sides of the line: :func:`aleppo.measure.harm.incidents`."""
    rows = incidents.assign(
        day=[_day(row) for row in incidents.itertuples()],
        by=incidents["by"].map(NAMED),
        year=incidents["date_start"].dt.year.astype(str),
        kind=incidents["domain"].str.replace("_", ", "),
        what=incidents["place"] + ": " + incidents["summary"],
        toll=[_toll(row) for row in incidents.itertuples()],
        actors=[dagger(str(row.actors), row.verified) for row in incidents.itertuples()],
        verified=incidents["verified"].map({"yes": "verified", "no": "not verified"}),
    )
    many = (incidents["killed"] >= MANY).to_numpy().nonzero()[0].tolist()
    kept = [
        "event_id",
        "day",
        "place",
        "what",
        "toll",
        "by",
        "actors",
        "kind",
        "year",
        "verified",
        "source_ids",
    ]
    return Table(
        rows[kept],
        id="incidents",
        caption=(
            "Incidents of violence in Aleppo governorate that this book holds, on both sides of the line, with the "
            "parties that the sources name. They are a selection, not a count: incidents alleged against Russia come "
            f"from an archive that has no like for the west. In print those with {count(MANY)} or more dead; a dagger "
            "marks what was not verified"
        ),
        columns={
            "day": "Day",
            "what": "Where, and what is reported",
            "toll": "Figure",
            "actors": "Parties named",
        },
        sources=sources_of(incidents["source_ids"]),
        tables=("events",),
        print_rows=many,
        explore={"by": "Attributed to", "kind": "Kind", "year": "Year", "verified": "Verified"},
    )


def _day(row: Any) -> str:
    return date(row.date_start) if row.date_precision == "day" else date(row.date_start.strftime("%Y-%m"))


def _toll(row: Any) -> str:
    return "–" if pd.isna(row.value) else f"{of_any_unit(row.value)} {row.unit}"
