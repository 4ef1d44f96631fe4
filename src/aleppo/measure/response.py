"""The international response: truces that covered Aleppo."""

from __future__ import annotations

import pandas as pd


def truces(ceasefires: pd.DataFrame, start: str, end: str) -> pd.DataFrame:
    """Truces, pauses and aid windows that covered Aleppo and began between two days, in date order.

    ``ceasefires`` is the table of that name. Left out are talks (area "Diplomatic"), areas that do not hold
    Aleppo, and proposals that never came into force. ``start`` and ``end`` become days; an end known to the month, or
    not at all, is missing. Adds ``nationwide``: covers the country, and did not end within two days.
    """
    area, name = ceasefires["area"].fillna(""), ceasefires["name"]
    covers = area.str.contains("Aleppo|Nationwide") & ~name.str.contains("proposal|offer|Munich")
    rows = ceasefires[covers].assign(start=_full_days(ceasefires["start"]), end=_full_days(ceasefires["end"]))
    rows = rows[rows["start"].between(start, end)]
    brief = (rows["end"] - rows["start"]).dt.days <= 2
    nationwide = rows["area"].str.startswith("Nationwide") & ~brief
    return rows.assign(nationwide=nationwide).sort_values(["start", "ceasefire_id"], ignore_index=True)


def _full_days(dates: pd.Series) -> pd.Series:
    """Days as timestamps; a month or a year alone is no day, and becomes missing."""
    return pd.to_datetime(dates.astype(object), format="%Y-%m-%d", errors="coerce")
