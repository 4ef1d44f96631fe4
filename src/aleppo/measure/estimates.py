"""Who counts the dead, and how far the counts disagree where they answer the same question.

A *figure* is one row: what is counted (``quantity, population, area``), from ``start`` to ``end`` (days), as
``low, best, high`` of the publisher, who gave it (``counter``), when (``published``), where it stands in the
book's tables (``row_id``) and on what (``source_ids, verified``). A missing bound is missing.

Two figures answer the *same question* when quantity, population and area are the same and both ends of the
period agree within ``DAYS``. Only then is a ratio formed, to the lowest figure above zero; nothing is averaged.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from aleppo.evidence.tables.core import first_day, last_day

DEATHS, RUSSIAN = "deaths", "deaths attributed to Russian strikes"
CONVOY = "persons killed, Urum al-Kubra convoy"
ALL_PARTIES = "all parties"
BOUNDS = ["low", "best", "high"]
QUESTION = ["quantity", "population", "area"]
COLUMNS = [*QUESTION, "start", "end", *BOUNDS, "counter", "published", "row_id", "source_ids", "verified"]
DAYS = 1  # publishers close a year on its last day or on the day before
NOT_ALIKE = {"SYR-005": "holds 70,000 indirect deaths; SYR-060 is the part that compares"}
"""Estimates that share every field of a question but not its meaning, and why."""

# What a monthly series counts: (quantity, attributed_to) → (quantity, population, words after the counter)
_MONTHLY = {
    ("deaths, civilians", ALL_PARTIES): (DEATHS, "civilians", ""),
    ("deaths, all persons", ALL_PARTIES): (DEATHS, "all persons", ""),
    ("deaths, civilians (best)", "all UCDP dyads"): (DEATHS, "civilians", ""),
    ("deaths, all persons", "all UCDP dyads"): (DEATHS, "all persons", ""),
    ("deaths, civilians", "Russian forces"): (RUSSIAN, "civilians", ""),
    ("claimed civilian deaths, all alleged", "Russian forces (alleged)"): (
        RUSSIAN,
        "civilians",
        ", all alleged",
    ),
    ("claimed civilian deaths, graded fair or confirmed", "Russian forces (alleged)"): (
        RUSSIAN,
        "civilians",
        ", fair or confirmed",
    ),
}
_COUNTERS = {
    "Airwars incident archive (own tally)": "Airwars",
    "UCDP GED events (own tally)": "UCDP",
    "SNHR monthly toll (via UN)": "SNHR",
    "DCHRS Aleppo count": "DCHRS",
    "VDC Russian-strike count": "VDC",
}
# The UN quotes this one beside the Network's figure of the same month, for an unknown area and population
_LEFT_OUT = {"Syrian government figure (via UN)", "Airwars monthly (as published)"}


def published_totals(estimates: pd.DataFrame) -> pd.DataFrame:
    """Figures of death for a whole question, from the table ``estimates``: columns ``COLUMNS``.

    Kept are deaths by all parties together, deaths attributed to Russian strikes, and the dead of the convoy
    of 19 September 2016. Round figures of the press are left out, and so is a figure that only bounds where its
    counter gives a whole one for the same question.
    """
    whole = (estimates["quantity"] == DEATHS) & (estimates["perpetrator"] == ALL_PARTIES)
    counted = estimates["method"] != "press round figure"
    rows = estimates[counted & (whole | estimates["quantity"].isin([RUSSIAN, CONVOY]))]
    rows = rows[~rows["estimate_id"].isin(list(NOT_ALIKE))]
    figures = rows.assign(
        start=first_day(rows["period_start"]),
        end=last_day(rows["period_end"]),
        counter=rows["attributed_to"].map(short_name),
        row_id=rows["estimate_id"],
    )
    key = [*QUESTION, "start", "end", "attributed_to"]
    better = figures.groupby(key)["best"].transform("count") > 0
    only_bound = figures["best"].isna() & (figures["low"].isna() | figures["high"].isna())
    return figures.loc[~(only_bound & better), COLUMNS].reset_index(drop=True)


def short_name(attributed_to: str) -> str:
    """The counter in an attribution: ``UCDP GED`` is UCDP, ``Airwars (archive copy)`` is Airwars."""
    name = attributed_to.split(" (")[0].split(" via ")[0].split(" data,")[0]
    return "UCDP" if name.startswith("UCDP") else name


def monthly_figures(monthly: pd.DataFrame) -> pd.DataFrame:
    """Figures for one whole month, from the table ``monthly_published``: ``COLUMNS`` and ``month``.

    Cumulative series, parts of a month (as their note says), sorties and prices are left out.
    """
    rows = monthly[~monthly["series"].isin(list(_LEFT_OUT))]
    rows = rows[~rows["note"].fillna("").str.match(r"\d+-\d+ ")]
    kinds = pd.Series(
        [_MONTHLY.get(pair) for pair in zip(rows["quantity"], rows["attributed_to"], strict=True)],
        index=rows.index,
        dtype=object,
    )
    rows, kinds = rows[kinds.notna()], kinds.dropna()
    counter = rows["series"].map(lambda name: _COUNTERS.get(name, str(name).split(" monthly")[0]))
    figures = rows.assign(
        quantity=[kind[0] for kind in kinds],
        population=[kind[1] for kind in kinds],
        counter=counter + pd.Series([kind[2] for kind in kinds], index=rows.index),
        start=first_day(rows["month"]),
        end=last_day(rows["month"]),
        published=pd.NA,
        row_id=rows["monthly_id"],
    )
    return figures[["month", *COLUMNS]].reset_index(drop=True)


def over_common_months(figures: pd.DataFrame, counters: Sequence[str]) -> pd.DataFrame:
    """Each counter's sum over the months that all of ``counters`` published for one and the same question.

    ``figures`` is a part of :func:`monthly_figures` with one quantity, population and area. Low and high are
    summed with ``best`` in the place of a missing one, and stay missing where the counter gives no range.
    Returns one row per counter: ``counter, low, best, high, months`` (the months summed, joined by ``;``).
    Raises ValueError for more than one question, and when the counters share no month.
    """
    if len(figures[QUESTION].drop_duplicates()) != 1:
        raise ValueError("figures of one quantity, population and area are expected")
    some = figures[figures["counter"].isin(counters)]
    counted = some.groupby("month")["counter"].nunique()
    months = sorted(counted[counted == len(counters)].index)
    if not months:
        raise ValueError(f"{', '.join(counters)} share no month")
    rows = []
    for name in counters:
        mine = some[(some["counter"] == name) & some["month"].isin(months)]
        ranged = mine["low"].notna().any() or mine["high"].notna().any()
        rows.append(
            {
                "counter": name,
                "low": mine["low"].fillna(mine["best"]).sum() if ranged else float("nan"),
                "best": mine["best"].sum(min_count=len(mine)),
                "high": mine["high"].fillna(mine["best"]).sum() if ranged else float("nan"),
                "months": ";".join(months),
            }
        )
    return pd.DataFrame(rows)


def summed_question(figures: pd.DataFrame, counters: Sequence[str]) -> pd.DataFrame:
    """:func:`over_common_months` as figures: ``COLUMNS``, the area with the number of months summed.

    Raises what :func:`over_common_months` raises.
    """
    sums = over_common_months(figures, counters)
    months = sums["months"].iloc[0].split(";")
    used = figures[figures["month"].isin(months)].groupby("counter")
    head = figures.iloc[0]
    return sums.assign(
        quantity=head["quantity"],
        population=head["population"],
        area=f"{head['area']}, {len(months)} month{'s' if len(months) > 1 else ''}",
        start=pd.Timestamp(months[0]),
        end=pd.Timestamp(months[-1]) + pd.offsets.MonthEnd(0),
        published=pd.NA,
        row_id=sums["counter"].map(used["row_id"].agg(";".join)),
        source_ids=sums["counter"].map(used["source_ids"].agg(_united)),
        verified=sums["counter"].map(used["verified"].agg("min")),  # "no" before "yes"
    )[COLUMNS]


def _united(cells: pd.Series) -> str:
    return ";".join(sorted({name for cell in cells.dropna() for name in cell.split(";")}))


def first_year(estimates: pd.DataFrame, airwars: pd.DataFrame) -> pd.DataFrame:
    """Civilian deaths attributed to Russian strikes in Syria in the first year, by who says so.

    The year runs from 30 September 2015 to 29 or 30 September 2016. The ministry's figure is its latest
    statement within the year. Airwars stands whole (``published_totals``) and in parts from
    ``airwars_monthly``: incidents attributed to Russia alone by grading, and those that name other forces too.
    Columns: ``words, low, best, high, counter, published, row_id, source_ids, verified``, zero first.
    """
    totals = published_totals(estimates)
    year = totals["end"].between("2016-09-29", "2016-09-30") & (totals["start"] == "2015-09-30")
    asked = (totals["quantity"] == RUSSIAN) & (totals["population"] == "civilians")
    whole = totals[year & asked & (totals["area"] == "Syria")]
    denied = estimates[estimates["quantity"] == "civilians killed by Russian strikes (claim)"]
    denied = denied.sort_values("period_end").tail(1)
    denied = denied.assign(counter="Russian Ministry of Defence", row_id=denied["estimate_id"])
    rows = pd.concat([denied, whole, _graded(airwars)], ignore_index=True)
    rows["words"] = rows["words"].fillna("")
    height = rows["best"].fillna(rows["high"]).fillna(rows["low"])
    part = (rows["words"] != "").astype(int)
    order = pd.DataFrame({"part": part, "height": height}).sort_values(["part", "height"]).index
    kept = ["words", *BOUNDS, "counter", "published", "row_id", "source_ids", "verified"]
    return rows.loc[order, kept].reset_index(drop=True)


def _graded(airwars: pd.DataFrame) -> pd.DataFrame:
    russian = airwars["belligerent"].str.split(";").map(lambda names: "Russian Military" in names)
    rows = airwars[russian & airwars["month"].between("2015-09", "2016-09")]
    alone = rows["attribution"] == "single"
    weak = rows["grading"].isin(["Weak", "Discounted"])
    words = rows["grading"].str.lower().mask(weak, "weak or discounted")
    words = words.where(alone, "several forces named, any grading")
    sums = rows.groupby(words)[["killed_min", "killed_max"]].sum()
    return pd.DataFrame(
        {
            "words": sums.index,
            "low": sums["killed_min"].astype(float),
            "high": sums["killed_max"].astype(float),
            "best": float("nan"),
            "counter": "Airwars",
            "published": "2026",
            "row_id": "airwars_monthly",
            "source_ids": "airwars-20260731-archive",
            "verified": "yes",
        }
    )


def same_questions(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures that at least two counters give to the same question, with a number for each question.

    Adds ``question`` (from 0), and keeps the order of time within a question. ``figures`` needs ``COLUMNS``.
    """
    placed = figures.sort_values([*QUESTION, "start", "end"], kind="stable").reset_index(drop=True)
    numbers: list[int] = []
    heads: list[pd.Series] = []
    for _, row in placed.iterrows():
        found = next((number for number, head in enumerate(heads) if _alike(row, head)), len(heads))
        if found == len(heads):
            heads.append(row)
        numbers.append(found)
    placed = placed.assign(question=numbers)
    shared = placed.groupby("question")["counter"].transform(_counters)
    kept = placed[shared > 1].reset_index(drop=True)
    return kept.assign(question=pd.factorize(kept["question"])[0])


def _counters(names: pd.Series) -> int:
    """How many counters: two gradings of one counter are one."""
    return int(names.str.split(", ").str[0].nunique())


def _alike(row: pd.Series, head: pd.Series) -> bool:
    near = pd.Timedelta(days=DAYS)
    return (
        all(row[name] == head[name] for name in QUESTION)
        and abs(row["start"] - head["start"]) <= near
        and abs(row["end"] - head["end"]) <= near
    )


def ratios(figures: pd.DataFrame) -> pd.DataFrame:
    """Each figure over the lowest figure above zero of its ``question``: ``ratio_low, ratio, ratio_high``.

    The lowest (``lowest``) is the smallest of each figure's ``best``, or ``low`` where it gives a range only. A
    figure that only bounds from one side never is: "at least" says nothing of how low it lies. A figure of
    zero keeps ratio zero; a question without a whole figure above zero raises ValueError.
    """
    value = _whole_value(figures)
    lowest = value.where(value > 0).groupby(figures["question"]).transform("min")
    if lowest.isna().any():
        raise ValueError("every question needs a whole figure above zero")
    return figures.assign(
        lowest=lowest,
        ratio_low=figures["low"] / lowest,
        ratio=figures["best"] / lowest,
        ratio_high=figures["high"] / lowest,
    )


def spread(compared: pd.DataFrame) -> pd.DataFrame:
    """For each question of :func:`ratios`, how far the answers of different counters lie apart.

    ``widest`` is the highest bound of a figure over the lowest figure of any *other* counter; ``sure`` takes of
    each figure its end nearest to that lowest, so that the range of one counter alone makes no disagreement.
    Gradings of one counter are not compared with each other. One row per ``question``, with ``counters`` (how
    many), the fields of the question, ``start`` and ``end``.
    """
    rows = []
    for number, some in compared.groupby("question"):
        names = some["counter"].str.split(", ").str[0]
        ends, value = some[BOUNDS], _whole_value(some)
        others = [value[(names != name) & (value > 0)].min() for name in names]
        head = some.iloc[0]
        rows.append(
            {
                "question": number,
                **{name: head[name] for name in [*QUESTION, "start", "end"]},
                "counters": names.nunique(),
                "widest": (ends.max(axis="columns") / others).max(),
                "sure": (ends.min(axis="columns") / others).max(),
            }
        )
    return pd.DataFrame(rows)


def _whole_value(figures: pd.DataFrame) -> pd.Series:
    """The figure to divide by: ``best``, or ``low`` of a range; missing for a figure that only bounds."""
    return figures["best"].fillna(figures["low"].where(figures["high"].notna()))


def against_range(figures: pd.DataFrame, counter: str, ranged: str) -> pd.Series:
    """For each month that both give, where the figure of ``counter`` lies: below, inside or above the range.

    ``figures`` is a part of :func:`monthly_figures` with one question; ``ranged`` is a counter with low and high.
    """
    mine = figures[figures["counter"] == counter].set_index("month")["best"].dropna()
    span = figures[figures["counter"] == ranged].set_index("month")[["low", "high"]].dropna()
    both = span.join(mine.rename("value"), how="inner").sort_index()
    place = pd.Series("inside", index=both.index)
    return place.mask(both["value"] < both["low"], "below").mask(both["value"] > both["high"], "above")


def yearly_deaths(weekly: pd.DataFrame, years: Sequence[int], source_ids: str) -> pd.DataFrame:
    """Deaths of all persons in Syria by year from ``vdc_deaths_weekly``, as figures: ``COLUMNS``.

    A week counts in the year in which it begins.
    """
    totals = weekly.groupby(weekly["week"].dt.year)["deaths"].sum()
    rows = [
        {
            "quantity": DEATHS,
            "population": "all persons",
            "area": "Syria",
            "start": pd.Timestamp(year, 1, 1),
            "end": pd.Timestamp(year, 12, 31),
            "best": float(totals[year]),
            "counter": "VDC",
            "published": "2018",
            "row_id": "vdc_deaths_weekly",
            "source_ids": source_ids,
            "verified": "yes",
        }
        for year in years
    ]
    return pd.DataFrame(rows).reindex(columns=COLUMNS)


def monthly_deaths(weekly: pd.DataFrame, governorate: str) -> pd.Series:
    """Deaths of one governorate from ``vdc_deaths_weekly`` by the month in which the week begins."""
    rows = weekly[weekly["governorate"] == governorate]
    return rows.groupby(rows["week"].dt.strftime("%Y-%m"))["deaths"].sum()
