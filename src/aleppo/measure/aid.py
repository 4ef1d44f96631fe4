"""Aid, access and money: what was asked for, allowed, delivered and paid, as published.

All functions take the table ``access`` or other tables of ``data/`` as ``load`` gives them. Figures are used as
they were published; shares are computed only from two figures of the same source family, month and question.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aleppo.evidence import split_list

BESIEGED = {
    "besieged_population_un": "besieged, UN",
    "besieged_population_siege_watch": "besieged, Siege Watch",
    "besieged_eastern_aleppo_un": "eastern Aleppo, UN",
}
CONVOY = "Urum al-Kubra"


def figures(access: pd.DataFrame, series: Sequence[str]) -> pd.DataFrame:
    """Rows of ``series`` in the order of their dates, with ``at``: the day, or the middle of the month or year."""
    rows = access[access["series"].isin(series)]
    return rows.assign(at=_middle(rows["date"])).sort_values(["at", "series", "access_id"], ignore_index=True)


def _middle(dates: pd.Series) -> pd.Series:
    """Timestamps of partial dates: a day as it is, a month as its 15th, a year as its first of July."""
    texts = dates.astype(str)
    full = texts.where(texts.str.len() > 4, texts + "-07-01")
    return pd.to_datetime(full.where(full.str.len() > 7, full + "-15"))


def requested_and_reached(access: pd.DataFrame) -> pd.DataFrame:
    """People for whom convoys across lines were asked for and people reached, where a month has both.

    Returns ``date`` (YYYY-MM), ``requested, reached`` (people), ``share`` (a fraction), ``source_ids``.
    """
    asked, reached = (
        access[access["series"] == name].set_index("date")
        for name in ("crossline_people_requested", "crossline_people_reached")
    )
    months = sorted(set(asked.index) & set(reached.index))
    rows = pd.DataFrame(
        {
            "date": months,
            "requested": asked.loc[months, "value"].to_numpy(float),
            "reached": reached.loc[months, "value"].to_numpy(float),
            "source_ids": [
                _joined(asked.loc[month, "source_ids"], reached.loc[month, "source_ids"]) for month in months
            ],
        }
    )
    return rows.assign(share=rows["reached"] / rows["requested"])


def _joined(*cells: object) -> str:
    return ";".join(sorted({source for cell in cells for source in split_list(cell)}))


def funding(access: pd.DataFrame) -> pd.DataFrame:
    """Money asked for and received by the response plans, by year.

    Returns ``plan`` (inside Syria, or refugees), ``year``, ``required, funded`` (US dollars), ``share`` (funded of
    required, a fraction) and ``source_ids``. The refugee figures are the sums of five countries' rows.
    """
    plans = {
        "Inside Syria": ("syria_response_plan_required", "syria_response_plan_funded"),
        "Refugees, five countries": (
            "refugee_plan_required_fts_country_sum",
            "refugee_plan_funded_fts_country_sum",
        ),
    }
    parts = []
    for plan, names in plans.items():
        required, funded = (access[access["series"] == name].set_index("date") for name in names)
        years = sorted(set(required.index) & set(funded.index))
        parts.append(
            pd.DataFrame(
                {
                    "plan": plan,
                    "year": years,
                    "required": required.loc[years, "value"].to_numpy(float),
                    "funded": funded.loc[years, "value"].to_numpy(float),
                    "source_ids": [
                        _joined(required.loc[year, "source_ids"], funded.loc[year, "source_ids"])
                        for year in years
                    ],
                }
            )
        )
    both = pd.concat(parts, ignore_index=True)
    return both.assign(share=both["funded"] / both["required"])


def convoy_accounts(estimates: pd.DataFrame, measures: pd.DataFrame) -> pd.DataFrame:
    """Who said what of the attack on the convoy at Urum al-Kubra on 19 September 2016, by date.

    Counts of ``estimates`` come with ``low, best, high`` deaths and to whom the body attributes the attack; what
    ``measures`` has of the convoy comes as a statement. Columns: ``date, by, attributed, low, best, high, says,
    source_ids, verified``.
    """
    counted = estimates[estimates["area"].fillna("").str.contains(CONVOY)]
    counts = pd.DataFrame(
        {
            "date": counted["published"].astype(str),
            "by": counted["attributed_to"],
            "attributed": counted["perpetrator"],
            **{name: counted[name] for name in ("low", "best", "high")},
            "says": counted["note"],
            **{name: counted[name] for name in ("source_ids", "verified")},
        }
    )
    about = measures["summary"].str.contains("convoy") & ~measures["actor"].str.contains(
        "United Nations|Commission"
    )
    said = measures[about]
    statements = pd.DataFrame(
        {
            "date": said["date_start"].dt.strftime("%Y-%m-%d"),
            "by": said["actor"],
            "says": said["summary"],
            **{name: said[name] for name in ("source_ids", "verified")},
        }
    )
    return pd.concat([counts, statements], ignore_index=True).sort_values(["date", "by"], ignore_index=True)


def measures_in_order(measures: pd.DataFrame) -> pd.DataFrame:
    """The table ``measures`` by first day, with ``year``; rows of one day keep the order of their ids."""
    return measures.assign(year=measures["date_start"].dt.year.astype(str)).sort_values(
        ["date_start", "measure_id"], ignore_index=True
    )
