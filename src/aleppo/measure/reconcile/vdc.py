"""VDC: two batches of records against each other, against totals of the database, and against its ids."""

from __future__ import annotations

import pandas as pd

from aleppo.measure.reconcile.amounts import Amount, Check, frame
from aleppo.measure.reconcile.figures import estimate

SOURCE = "vdc-2018-deaths-by-province"
STUDY, CENTRE, IDS = "SYR-024", "SYR-020", "SYR-057"

SAME_RECORDS = "One batch of records, counted twice by who collected them: none."
BETWEEN = (
    "Two published totals of the same database are far apart, direct violent deaths only and every death; both "
    "batches together must lie between them: none."
)
ONE_ID_EACH = (
    "Each record has an id of its own, so that there can be no more records than ids; how many ids were never "
    "used is not known: none."
)


def vdc_batches(
    weekly: pd.DataFrame, causes: pd.DataFrame, composition: pd.DataFrame, estimates: pd.DataFrame
) -> pd.DataFrame:
    """The first batch by governorate against the same batch by cause; both batches against totals and ids.

    What was read are counts, not records with their ids, so that no record can be traced from one batch to
    the other; what can be held against each other are sums. Of the ids only their number is known.
    """
    by_place = weekly.groupby("week")["deaths"].sum()
    by_cause = causes.groupby("week")["deaths"].sum()
    weeks = by_place.index.union(by_cause.index)
    agree = by_place.reindex(weeks, fill_value=0).eq(by_cause.reindex(weeks, fill_value=0))
    study, centre, ids = (estimate(estimates, name) for name in (STUDY, CENTRE, IDS))
    end = str(study["period_end"])
    return frame(
        [
            Check(
                "vdc-batch-1-deaths",
                "vdc",
                "first batch: deaths by governorate against deaths by cause",
                "VDC",
                "people",
                Amount(best=float(by_place.sum())),
                Amount(best=float(by_cause.sum())),
                0.0,
                SAME_RECORDS,
                SOURCE,
            ),
            Check(
                "vdc-batch-1-weeks",
                "vdc",
                "first batch: weeks in which the two agree, of all weeks",
                "VDC",
                "weeks",
                Amount(best=float(agree.sum())),
                Amount(best=float(len(weeks))),
                0.0,
                SAME_RECORDS,
                SOURCE,
            ),
            Check(
                "vdc-batches-ids",
                "vdc",
                "both batches: deaths against the ids that the database's pages had",
                "VDC",
                "people",
                Amount(best=vdc_recorded(weekly, composition, None)),
                Amount(high=float(ids["high"])),
                0.0,
                ONE_ID_EACH,
                f"{ids['source_ids']};{SOURCE}",
                str(ids["verified"]),
            ),
            Check(
                "vdc-batches-to-2016",
                "vdc",
                f"both batches to {end}: deaths against two totals of the database",
                "VDC",
                "people",
                Amount(best=vdc_recorded(weekly, composition, end)),
                Amount(low=float(study["best"]), high=float(centre["best"])),
                0.0,
                BETWEEN,
                f"{study['source_ids']};{centre['source_ids']};{SOURCE}",
                "yes" if {study["verified"], centre["verified"]} == {"yes"} else "no",
            ),
        ]
    )


def vdc_recorded(weekly: pd.DataFrame, composition: pd.DataFrame | None, end: str | None) -> float:
    """Deaths in the first batch, and in the second if given, up to the end of the month ``end``, if given.

    A week counts with the month in which it begins.
    """
    if end is not None:
        weekly = weekly[weekly["week"] <= pd.Period(end, "M").end_time]
        composition = None if composition is None else composition[composition["month"] <= end]
    second = 0.0 if composition is None else float(composition["deaths"].sum())
    return float(weekly["deaths"].sum()) + second
