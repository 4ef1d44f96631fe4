"""Reconciliations: what this book counts, held against what publishers themselves published.

Each comparison is one row: ours, the published figure, the residual between them, the tolerance, and why the
tolerance is what it is. Every function takes tables as ``load`` gives them and returns such rows; nothing is
averaged, and no tolerance is derived from the residual it judges. How a residual is taken is told in
``amounts``.

Columns of a result, in ``COLUMNS``: ``check`` (id), ``family`` (key of ``FAMILIES``), ``what, publisher``,
``ours`` and ``published`` each with ``_low`` and ``_high`` (missing where there is none), ``unit, residual,
tolerance, reason, holds`` and ``verified`` (yes or no) and ``source_ids``.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from aleppo.measure.reconcile.airwars import airwars_archive, airwars_published, airwars_sums, as_published
from aleppo.measure.reconcile.amounts import COLUMNS, Amount, Check, amount, residual
from aleppo.measure.reconcile.figures import estimate
from aleppo.measure.reconcile.shares import control_shares
from aleppo.measure.reconcile.ucdp import ucdp_years
from aleppo.measure.reconcile.vdc import CENTRE, vdc_batches, vdc_recorded
from aleppo.measure.reconcile.votes import body_votes, council_votes, incomplete_rolls

__all__ = [
    "COLUMNS",
    "FAMILIES",
    "TABLES",
    "Amount",
    "Check",
    "airwars_archive",
    "airwars_published",
    "airwars_sums",
    "amount",
    "body_votes",
    "control_shares",
    "council_votes",
    "every_check",
    "incomplete_rolls",
    "not_compared",
    "reasons",
    "residual",
    "summary",
    "ucdp_years",
    "vdc_batches",
    "vdc_recorded",
]

FAMILIES = {
    "council": "Security Council: members' votes against totals",
    "bodies": "General Assembly and Human Rights Council: members' votes against totals",
    "airwars_archive": "Airwars archive: monthly series against an earlier tally",
    "airwars_incidents": "Airwars: incidents by month against its own reports",
    "airwars_deaths": "Airwars: alleged deaths by month against its own reports",
    "vdc": "VDC: batches of records against each other, against ids and against totals",
    "ucdp": "UCDP: sums of the monthly series against yearly figures",
    "control": "Eastern Aleppo: our share of a day against each published share",
}
TABLES = (
    "unsc_votes",
    "unsc_member_votes",
    "un_body_votes",
    "un_body_member_votes",
    "airwars_monthly",
    "monthly_published",
    "vdc_deaths_weekly",
    "vdc_causes_weekly",
    "vdc_composition_monthly",
    "ucdp_ged_monthly",
    "estimates",
    "control_spells",
    "places",
    "control_published",
)
"""What :func:`every_check` needs."""


def every_check(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every reconciliation of ``tables`` (name → frame, see ``TABLES``), in the order of ``FAMILIES``."""
    monthly, estimates = tables["monthly_published"], tables["estimates"]
    airwars = tables["airwars_monthly"]
    found = pd.concat(
        [
            council_votes(tables["unsc_votes"], tables["unsc_member_votes"]),
            body_votes(tables["un_body_votes"], tables["un_body_member_votes"]),
            airwars_archive(airwars, monthly),
            airwars_published(airwars, monthly),
            vdc_batches(
                tables["vdc_deaths_weekly"],
                tables["vdc_causes_weekly"],
                tables["vdc_composition_monthly"],
                estimates,
            ),
            ucdp_years(tables["ucdp_ged_monthly"], estimates),
            control_shares(tables["control_spells"], tables["places"], tables["control_published"]),
        ],
        ignore_index=True,
    )
    order = found["family"].map(list(FAMILIES).index)
    return found.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def summary(checks: pd.DataFrame) -> pd.DataFrame:
    """One row per family: how many checks, how many exact, within and beyond tolerance, and the largest residual.

    Columns: ``family`` (in words), ``checks, exact, within, beyond, largest, unit``. ``largest`` keeps its sign.
    """
    rows = []
    for family, words in FAMILIES.items():
        some = checks[checks["family"] == family]
        if some.empty:
            continue
        exact, holds = some["residual"] == 0, some["holds"] == "yes"
        worst = some.loc[some["residual"].abs().idxmax()]
        rows.append(
            {
                "family": words,
                "checks": len(some),
                "exact": int((exact & holds).sum()),
                "within": int((~exact & holds).sum()),
                "beyond": int((~holds).sum()),
                "largest": float(worst["residual"]),
                "unit": str(worst["unit"]),
            }
        )
    return pd.DataFrame(rows)


def reasons(checks: pd.DataFrame) -> pd.DataFrame:
    """The tolerances and why: one row per family and reason.

    Columns: ``family`` (in words), ``checks``, ``tolerance_low, tolerance_high, unit`` and ``reason``.
    """
    grouped = checks.groupby(["family", "reason"], sort=False)
    rows = [
        {
            "family": FAMILIES[str(family)],
            "checks": len(some),
            "tolerance_low": float(some["tolerance"].min()),
            "tolerance_high": float(some["tolerance"].max()),
            "unit": str(some["unit"].iloc[0]),
            "reason": str(reason),
        }
        for (family, reason), some in grouped
    ]
    return pd.DataFrame(rows)


def not_compared(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Published figures near to ours that no check compares: ``what, figures`` (how many) and ``reason``."""
    published, estimates = tables["control_published"], tables["estimates"]
    years = estimates[
        (estimates["attributed_to"] == "UCDP") & (estimates["unit"] == "persons") & estimates["best"].notna()
    ]
    held = set(tables["ucdp_ged_monthly"]["month"].str[:4])
    shares = published[published["measure"].str.startswith("share_of_area")]
    city = shares["area_name"].str.startswith("Aleppo city")
    centre = estimate(estimates, CENTRE)
    end = str(centre["period_end"])[:7]
    part = vdc_recorded(tables["vdc_deaths_weekly"], None, end) / float(centre["best"])
    rows = [
        (
            "Votes of the General Assembly and the Human Rights Council",
            int((tables["un_body_votes"]["roll"] == "totals_only").sum()),
            "Only totals are known: there is no roll to add up.",
        ),
        (
            "Airwars figures of Iraq and Syria together",
            len(as_published(tables["monthly_published"], of_syria=False)),
            "The series is of Syria.",
        ),
        (
            "UCDP figures of whole years before the series",
            int((~years["period_start"].str[:4].isin(held)).sum()),
            "The extract that was read begins in January 2016.",
        ),
        (
            "The VDC's total of every recorded death",
            1,
            "The first batch is a part, collected page by page by a third party that missed records: to January "
            f"2017 it has {part:.0%} of the deaths that the centre counted. Which are missing is not known.",
        ),
        (
            "Shares of the whole city of Aleppo",
            int(city.sum()),
            "Claims by parties with another whole in mind: neighbourhoods under the Kurdish-led forces and the "
            "western edge count differently, and how is not documented.",
        ),
        (
            "Shares of single districts, towns and of the country",
            int((~city).sum()),
            "Control is coded by whole neighbourhoods and towns; the country is not coded.",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "figures", "reason"])
