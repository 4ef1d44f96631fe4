"""The battle and the response on one clock: every series by its own week or month, and side by side by month."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

GRADED = {
    "Confirmed": "confirmed or fair",
    "Fair": "confirmed or fair",
    "Weak": "weak",
    "Contested": "contested",
    "Discounted": "discounted",
    "Contested, Discounted": "discounted",
    "not stated": "not graded",
}
GRADES = tuple(dict.fromkeys(GRADED.values()))


def monthly_deaths(daily: pd.Series) -> pd.Series:
    """Recorded deaths by calendar month (index YYYY-MM), of the months that ``daily`` holds whole.

    ``daily`` is a column of :func:`aleppo.measure.truces.daily_deaths`.
    """
    months = daily.index.to_period("M")
    sums = daily.groupby(months).agg(["sum", "size"])
    whole = sums["size"].to_numpy() == sums.index.days_in_month
    kept = sums.loc[whole, "sum"]
    return pd.Series(
        kept.to_numpy(), index=pd.Index(kept.index.strftime("%Y-%m"), name="month"), name="deaths"
    )


def meetings_by_month(series: pd.DataFrame) -> pd.DataFrame:
    """Council meetings by month: ``certain`` on Syria, and ``possible`` with those whose subject is not told.

    ``series`` is ``unsc_meetings_monthly``. The true number on Syria lies between the two.
    """
    rows = series.set_index("month")[["syria", "middle_east_unclear"]].astype("int64")
    possible = rows["syria"] + rows["middle_east_unclear"]
    return pd.DataFrame({"certain": rows["syria"], "possible": possible})


def months_between(first: str, last: str) -> pd.Index:
    """Every month YYYY-MM from ``first`` to ``last``."""
    return pd.Index(pd.period_range(first, last, freq="M").strftime("%Y-%m"), name="month")


def alleged_incidents(
    series: pd.DataFrame, governorate: str, force: str, first: str, last: str
) -> pd.DataFrame:
    """Incidents of alleged civilian harm by month and grading, attributed to ``force`` alone or with others.

    ``series`` is ``airwars_monthly``; ``force`` is part of the name of a belligerent. One row per month from
    ``first`` to ``last`` (zero where none is in the archive) and one column per grade of ``GRADES``.
    """
    named = series["belligerent"].str.contains(force, regex=False)
    rows = series[named & (series["governorate"] == governorate)]
    wide = rows.groupby(["month", rows["grading"].map(GRADED).rename("grade")])["incidents"].sum().unstack()
    return wide.reindex(index=months_between(first, last), columns=list(GRADES)).fillna(0).astype("int64")


def strikes_by_week(series: pd.DataFrame, governorate: str) -> pd.Series:
    """Strikes that the coalition reported in one governorate, by the Monday of the week.

    ``series`` is ``coalition_strikes_weekly``; weeks outside its span are missing from the result, not zero.
    """
    rows = series[(series["country"] == "SYR") & (series["governorate"] == governorate)]
    return rows.set_index("week")["strikes"].astype("int64").sort_index()


def key_events(events: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Chosen rows of ``events`` with a short ``label``, on the day they ended (``date``), in that order.

    Raises ``KeyError`` for an id that is not there.
    """
    rows = events.set_index("event_id").loc[list(labels)]
    found = rows.assign(date=pd.to_datetime(rows["date_end"].astype(str)), label=list(labels.values()))
    return found.reset_index()[["event_id", "date", "label", "source_ids", "verified"]].sort_values(
        "date", ignore_index=True
    )


def by_month(
    first: str,
    last: str,
    *,
    deaths: pd.Series,
    incidents: pd.DataFrame,
    meetings: pd.DataFrame,
    votes: pd.DataFrame,
    truces: pd.DataFrame,
) -> pd.DataFrame:
    """The series side by side, one row per month from ``first`` to ``last``.

    ``deaths`` of :func:`monthly_deaths`, ``incidents`` of :func:`alleged_incidents`, ``meetings`` of
    :func:`meetings_by_month`, ``votes`` and ``truces`` with a day each in ``date`` and ``start``. Columns
    ``month, deaths, incidents, certain, possible, votes, vetoed, truces``; incidents are missing before the archive.
    """
    months = months_between(first, last)
    month_of_vote = votes["date"].dt.strftime("%Y-%m")
    table = pd.DataFrame(
        {
            "deaths": deaths.reindex(months),
            "incidents": incidents.sum(axis="columns").reindex(months).astype("Int64"),
            "certain": meetings["certain"].reindex(months),
            "possible": meetings["possible"].reindex(months),
            "votes": month_of_vote.value_counts().reindex(months, fill_value=0),
            "vetoed": month_of_vote[votes["outcome"] == "vetoed"]
            .value_counts()
            .reindex(months, fill_value=0),
            "truces": truces["start"].dt.strftime("%Y-%m").value_counts().reindex(months, fill_value=0),
        }
    )
    return table.reset_index()
