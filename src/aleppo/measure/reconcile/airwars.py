"""Airwars: our monthly series against an earlier tally of the archive and against the monthly reports."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from aleppo.measure.reconcile.amounts import Amount, Check, amount, frame

RUSSIAN, COALITION = "Russian Military", "U.S.-led Coalition"
GRADED = ("Fair", "Confirmed")
ALEPPO = "SY02"
OWN_TALLY, AS_PUBLISHED = "Airwars incident archive (own tally)", "Airwars monthly (as published)"
INCIDENTS_REVISED = 0.05

SAME_ARCHIVE = "Two counts of one copy of the archive, made by different programs: none."
INCIDENTS = (
    "A monthly report has what was known within weeks; incidents have been added, merged and withdrawn "
    "since. Five percent is our judgement of that."
)
DEATHS = (
    "Deaths are alleged as a range per incident, and records are still revised: a bound may have moved by "
    "no more than the width of the archive's own range for the month."
)


def airwars_sums(
    series: pd.DataFrame, months: Iterable[str], *, russian: bool, aleppo: bool = False, graded: bool = False
) -> tuple[Amount, Amount]:
    """Incidents, and deaths alleged in them, of some months: in Syria, or in Aleppo governorate alone.

    ``russian`` counts every incident in which Russian forces are among those named, else those laid to the
    coalition alone; ``graded`` counts those graded fair or confirmed only. The archive's Russian incidents
    begin on 30 September 2015, and publishers count that day with October. Syria is what the archive lists
    under Syria, the few places that it puts beyond the border included.
    """
    chosen = set(months)
    if russian and "2015-10" in chosen:
        chosen.add("2015-09")
    named = series["belligerent"]
    rows = series["month"].isin(chosen)
    rows &= named.str.split(";").map(lambda names: RUSSIAN in names) if russian else named == COALITION
    if aleppo:
        rows &= series["governorate"] == ALEPPO
    if graded:
        rows &= series["grading"].isin(GRADED)
    found = series[rows]
    incidents, least, most = (float(found[name].sum()) for name in ("incidents", "killed_min", "killed_max"))
    return Amount(best=incidents), Amount(low=least, high=most)


def airwars_archive(series: pd.DataFrame, monthly: pd.DataFrame) -> pd.DataFrame:
    """The series against the tallies that an earlier count of the same archive gave, month by month."""
    checks = []
    for row in monthly[monthly["series"] == OWN_TALLY].to_dict("records"):
        incidents, deaths = airwars_sums(
            series,
            [row["month"]],
            russian=row["attributed_to"].startswith("Russian"),
            aleppo=row["area"] != "Syria",
            graded="graded" in row["quantity"],
        )
        counts = row["quantity"].startswith("incidents")
        checks.append(
            Check(
                row["monthly_id"],
                "airwars_archive",
                f"{row['month']}: {row['quantity']}, {row['area']}, {row['attributed_to']}",
                "Airwars",
                "incidents" if counts else "people",
                incidents if counts else deaths,
                amount(row),
                0.0,
                SAME_ARCHIVE,
                row["source_ids"],
                str(row["verified"]),
            )
        )
    return frame(checks)


def airwars_published(series: pd.DataFrame, monthly: pd.DataFrame) -> pd.DataFrame:
    """The series against the figures that Airwars itself published for a month, as far as they are of Syria."""
    checks = []
    for row in as_published(monthly).to_dict("records"):
        incidents, deaths = airwars_sums(
            series, [row["month"]], russian=True, graded="graded" in row["quantity"]
        )
        counts, published = row["quantity"] == "alleged incidents", amount(row)
        checks.append(
            Check(
                row["monthly_id"],
                "airwars_incidents" if counts else "airwars_deaths",
                f"{row['month']}: {row['quantity']}",
                "Airwars",
                "incidents" if counts else "people",
                incidents if counts else deaths,
                published,
                _allowed(published) if counts else (deaths.high or 0.0) - (deaths.low or 0.0),
                INCIDENTS if counts else DEATHS,
                row["source_ids"],
                str(row["verified"]),
            )
        )
    return frame(checks)


def as_published(monthly: pd.DataFrame, *, of_syria: bool = True) -> pd.DataFrame:
    """The rows of Airwars' own monthly figures that are of Syria, or those that are not."""
    ours = monthly["series"] == AS_PUBLISHED
    return monthly[ours & ((monthly["area"] == "Syria") == of_syria)]


def _allowed(published: Amount) -> float:
    """Incidents that a report may be off by: a share of its figure, or of the bound that it gives."""
    figure = next(part for part in (published.best, published.low, published.high) if part is not None)
    return INCIDENTS_REVISED * figure
