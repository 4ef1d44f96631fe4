"""Reconciliations: what this book counts, held against what publishers themselves published.

Each comparison is one row: ours, the published figure, the residual between them, the tolerance, and why the
tolerance is what it is. Every function takes tables as ``load`` gives them and returns such rows; nothing is
averaged, and no tolerance is derived from the residual it judges.

An amount is a single figure (``best``), a range (``low`` and ``high``) or a bound (one of the two). The
residual is ours minus the published figure, by the first of these that fits:

- two single figures: their difference;
- a single figure of ours against a range or bound: its distance from it, zero inside;
- two ranges: the difference at the bound where they differ most; a range of ours against a bound: by how much
  ours lies beyond it.

Columns of a result, in ``COLUMNS``: ``check`` (id), ``family`` (key of ``FAMILIES``), ``what, publisher``,
``ours`` and ``published`` each with ``_low`` and ``_high`` (missing where there is none), ``unit, residual,
tolerance, reason, holds`` (yes or no) and ``source_ids``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pandas as pd

from aleppo.measure import control

FAMILIES = {
    "council": "Security Council: members' votes against totals",
    "bodies": "General Assembly and Human Rights Council: members' votes against totals",
    "airwars_archive": "Airwars archive: monthly series against an earlier tally",
    "airwars_incidents": "Airwars: incidents by month as published",
    "airwars_deaths": "Airwars: alleged deaths by month as published",
    "vdc": "VDC: batches of records against each other and against totals",
    "ucdp": "UCDP: monthly series against yearly figures",
    "control": "Eastern Aleppo: our share of a day against each published share",
}
COLUMNS = (
    "check",
    "family",
    "what",
    "publisher",
    "ours_low",
    "ours",
    "ours_high",
    "published_low",
    "published",
    "published_high",
    "unit",
    "residual",
    "tolerance",
    "reason",
    "holds",
    "source_ids",
)
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

POSITIONS = ("yes", "no", "abstain", "absent")
RUSSIAN, COALITION = "Russian Military", "U.S.-led Coalition"
GRADED = ("Fair", "Confirmed")
ALEPPO = "SY02"
INCIDENTS_REVISED = 0.05
UCDP_RAISED = 0.17
FIRST, REFERENCE, LAST = "2016-11-01", "2016-11-15", "2016-12-22"
ONE_DAY = pd.Timedelta(days=1)
SMALL = 1e-9  # of a person or a percentage point: what sums of floats may be off by


class Amount(NamedTuple):
    """A figure, a range or a bound; the parts that are not there are None."""

    low: float | None = None
    best: float | None = None
    high: float | None = None


def amount(row: Mapping[str, object]) -> Amount:
    """The ``low, best, high`` of a row of a table of published figures."""
    parts = (row[name] for name in ("low", "best", "high"))
    return Amount(*(None if pd.isna(part) else float(part) for part in parts))  # type: ignore[arg-type, call-overload]


def residual(ours: Amount, published: Amount) -> float:
    """Ours minus the published amount, as the module says; ValueError when nothing of them compares."""
    if ours.best is not None and published.best is not None:
        return ours.best - published.best
    low = ours.low if ours.low is not None else ours.best
    high = ours.high if ours.high is not None else ours.best
    below = None if low is None or published.low is None else low - published.low
    above = None if high is None or published.high is None else high - published.high
    if below is None and above is None:
        raise ValueError(f"nothing to compare in {ours} and {published}")
    if ours.best is not None or below is None or above is None:
        # inside the published range, or on the right side of its only bound, nothing is left over
        short, over = min(below or 0.0, 0.0), max(above or 0.0, 0.0)
        return short if short else over
    return below if abs(below) > abs(above) else above


def _check(
    check: str,
    family: str,
    what: str,
    publisher: str,
    unit: str,
    ours: Amount,
    published: Amount,
    tolerance: float,
    reason: str,
    source_ids: object,
) -> dict[str, object]:
    left = residual(ours, published)
    return {
        "check": check,
        "family": family,
        "what": what,
        "publisher": publisher,
        "ours_low": ours.low,
        "ours": ours.best,
        "ours_high": ours.high,
        "published_low": published.low,
        "published": published.best,
        "published_high": published.high,
        "unit": unit,
        "residual": round(left, 6),
        "tolerance": round(tolerance, 6),
        "reason": reason,
        "holds": "yes" if abs(left) <= tolerance + SMALL else "no",
        "source_ids": "" if pd.isna(source_ids) else str(source_ids),  # type: ignore[call-overload]
    }


def _frame(rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    numbers = [name for name in COLUMNS if name.startswith(("ours", "published", "resid", "toler"))]
    return pd.DataFrame(list(rows), columns=list(COLUMNS)).astype(dict.fromkeys(numbers, "float64"))


def every_check(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Every reconciliation of ``tables`` (name → frame, see ``TABLES``), in the order of ``FAMILIES``."""
    monthly, estimates = tables["monthly_published"], tables["estimates"]
    airwars = tables["airwars_monthly"]
    return pd.concat(
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


def summary(checks: pd.DataFrame) -> pd.DataFrame:
    """One row per family: how many checks, how many exact, within and beyond tolerance, and the largest residual.

    Columns: ``family`` (in words), ``checks, exact, within, beyond, largest, unit, reason``. ``largest`` keeps
    its sign; where a family has several reasons they follow each other.
    """
    rows = []
    for family, words in FAMILIES.items():
        some = checks[checks["family"] == family]
        if some.empty:
            continue
        exact = some["residual"] == 0
        holds = some["holds"] == "yes"
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
                "reason": " ".join(dict.fromkeys(some["reason"])),
            }
        )
    return pd.DataFrame(rows)


# Votes


def council_votes(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Each total of each vote of the Security Council against the votes of its members. All rolls are whole."""
    counted = members.groupby(["vote_id", "vote"]).size()
    reason = "Totals and roll are of the same fifteen members: none."
    return _frame(
        _check(
            f"{vote['vote_id']}-{position}",
            "council",
            f"{vote['symbol']}: {position}",
            "United Nations",
            "members",
            Amount(best=float(counted.get((vote["vote_id"], position), 0))),
            Amount(best=float(vote[position])),
            0.0,
            reason,
            vote["source_ids"],
        )
        for vote in votes.to_dict("records")
        for position in POSITIONS
        if not pd.isna(vote[position])
    )


def body_votes(votes: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Each total of votes of other bodies against the members whose votes are known.

    A whole roll leaves nothing over; of a partial one, no more may be missing than the votes that are not
    known, and none may be too many. Votes of which only totals are known have no rows.
    """
    counted = members.groupby(["vote_id", "vote"]).size()
    whole = "Totals and roll are of the same members: none."
    partial = (
        "Of some rolls only some votes are known: the others may be missing, and no vote may be too many."
    )
    rows = []
    for vote in votes[votes["roll"] != "totals_only"].to_dict("records"):
        totals = {name: float(vote[name]) for name in POSITIONS if not pd.isna(vote[name])}
        known = {name: float(counted.get((vote["vote_id"], name), 0)) for name in totals}
        complete = vote["roll"] == "complete"
        unknown = 0.0 if complete else sum(totals.values()) - sum(known.values())
        for name, total in totals.items():
            # with a partial roll, one vote too many is one that no unknown vote explains
            tolerance = unknown if known[name] <= total else 0.0
            rows.append(
                _check(
                    f"{vote['vote_id']}-{name}",
                    "bodies",
                    f"{vote['symbol']}: {name}",
                    "United Nations",
                    "members",
                    Amount(best=known[name]),
                    Amount(best=total),
                    tolerance,
                    whole if complete else partial,
                    vote["source_ids"],
                )
            )
    return _frame(rows)


# Airwars


def airwars_sums(
    series: pd.DataFrame, months: Iterable[str], *, russian: bool, aleppo: bool = False, graded: bool = False
) -> tuple[Amount, Amount]:
    """Incidents, and deaths alleged in them, of some months: in Syria, or in Aleppo governorate alone.

    ``russian`` counts every incident in which Russian forces are among those named, else those laid to the
    coalition alone; ``graded`` counts those graded fair or confirmed only. The archive's Russian incidents
    begin on 30 September 2015, and publishers count that day with October.
    """
    chosen = set(months)
    if russian and "2015-10" in chosen:
        chosen.add("2015-09")
    named = series["belligerent"]
    rows = series["month"].isin(chosen) & (series["governorate"] != "outside_syria")
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
    reason = "Two counts of one copy of the archive, made by different programs: none."
    rows = []
    for row in monthly[monthly["series"] == "Airwars incident archive (own tally)"].to_dict("records"):
        incidents, deaths = airwars_sums(
            series,
            [row["month"]],
            russian=row["attributed_to"].startswith("Russian"),
            aleppo=row["area"] != "Syria",
            graded="graded" in row["quantity"],
        )
        counts = row["quantity"].startswith("incidents")
        rows.append(
            _check(
                row["monthly_id"],
                "airwars_archive",
                f"{row['month']}, {row['area']}, {row['attributed_to']}: {row['quantity']}",
                "Airwars",
                "incidents" if counts else "people",
                incidents if counts else deaths,
                amount(row),
                0.0,
                reason,
                row["source_ids"],
            )
        )
    return _frame(rows)


def airwars_published(series: pd.DataFrame, monthly: pd.DataFrame) -> pd.DataFrame:
    """The series against the figures that Airwars itself published for a month, as far as they are of Syria."""
    of_incidents = (
        "A monthly report has what was known within weeks; incidents have been added, merged and withdrawn "
        "since. Five percent is our judgement of that."
    )
    of_deaths = (
        "Deaths are alleged as a range per incident, and records are still revised: a bound may have moved by "
        "no more than the width of the archive's own range for the month."
    )
    rows = []
    for row in _airwars_as_published(monthly).to_dict("records"):
        incidents, deaths = airwars_sums(
            series, [row["month"]], russian=True, graded="graded" in row["quantity"]
        )
        counts, published = row["quantity"] == "alleged incidents", amount(row)
        if counts:
            figure = published.best if published.best is not None else published.low or published.high or 0.0
            tolerance = INCIDENTS_REVISED * figure
        else:
            tolerance = (deaths.high or 0.0) - (deaths.low or 0.0)
        rows.append(
            _check(
                row["monthly_id"],
                "airwars_incidents" if counts else "airwars_deaths",
                f"{row['month']}: {row['quantity']}",
                "Airwars",
                "incidents" if counts else "people",
                incidents if counts else deaths,
                published,
                tolerance,
                of_incidents if counts else of_deaths,
                row["source_ids"],
            )
        )
    return _frame(rows)


def _airwars_as_published(monthly: pd.DataFrame, *, of_syria: bool = True) -> pd.DataFrame:
    ours = monthly["series"] == "Airwars monthly (as published)"
    return monthly[ours & ((monthly["area"] == "Syria") == of_syria)]


# VDC


def vdc_batches(
    weekly: pd.DataFrame, causes: pd.DataFrame, composition: pd.DataFrame, estimates: pd.DataFrame
) -> pd.DataFrame:
    """The first batch by governorate against the same batch by cause, and both batches against totals.

    The publisher's files hold counts, not the ids of records, so that no record can be traced; what can be
    held against each other are sums. For the years to 2016 two totals of the publisher's database were
    published, a study's (direct violent deaths) and the centre's own (every death), and the two batches
    together ought to lie between them.
    """
    same = "One batch of records, counted twice by the publisher: none."
    source = "vdc-2018-deaths-by-province"
    by_place = weekly.groupby("week")["deaths"].sum()
    by_cause = causes.groupby("week")["deaths"].sum()
    agree = by_place.eq(by_cause.reindex(by_place.index))
    rows = [
        _check(
            "vdc-batch-1-deaths",
            "vdc",
            "first batch, deaths by governorate against deaths by cause",
            "VDC",
            "people",
            Amount(best=float(by_place.sum())),
            Amount(best=float(by_cause.sum())),
            0.0,
            same,
            source,
        ),
        _check(
            "vdc-batch-1-weeks",
            "vdc",
            "first batch, weeks in which the two agree",
            "VDC",
            "weeks",
            Amount(best=float(agree.sum())),
            Amount(best=float(len(by_place))),
            0.0,
            same,
            source,
        ),
    ]
    study, centre = _estimate(estimates, "SYR-024"), _estimate(estimates, "SYR-020")
    end = str(study["period_end"])
    rows.append(
        _check(
            "vdc-batches-to-2016",
            "vdc",
            f"both batches to {end} against two totals of the centre's database",
            "VDC",
            "people",
            Amount(best=vdc_recorded(weekly, composition, end)),
            Amount(low=float(study["best"]), high=float(centre["best"])),
            0.0,
            "Two published totals of the same database are far apart; both batches together must lie between them.",
            f"{study['source_ids']};{centre['source_ids']};{source}",
        )
    )
    return _frame(rows)


def vdc_recorded(weekly: pd.DataFrame, composition: pd.DataFrame | None, end: str) -> float:
    """Deaths in the first batch, and in the second if given, up to the end of the month ``end``.

    A week counts with the month in which it begins.
    """
    last = pd.Period(end, "M").end_time
    first = float(weekly.loc[weekly["week"] <= last, "deaths"].sum())
    if composition is None:
        return first
    return first + float(composition.loc[composition["month"] <= end, "deaths"].sum())


# UCDP


def ucdp_years(series: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Sums of the monthly series and of the events it leaves out, by year, against yearly figures.

    The series leaves out events known only to the year or to the country; the table of estimates has their
    deaths. For Aleppo in 2016 the yearly figure is a tally of the same extract, for Syria it is that of a
    later release of the publisher.
    """
    same = "One extract, counted twice: none."
    later = (
        "The yearly figure is of release 25.1, the series of the line of 19.1: releases add events that were "
        "coded late, and one release is known to have raised a year by 17 percent."
    )
    raised = 1 - 1 / (1 + UCDP_RAISED)
    rows = []
    for check, area, year, published_id, left_out_id in (
        ("ucdp-aleppo-2016", ALEPPO, "2016", "ALP-015", "ALP-078"),
        ("ucdp-syria-2016", "", "2016", "SYR-030", "SYR-055"),
        ("ucdp-syria-2017", "", "2017", "SYR-031", "SYR-056"),
    ):
        published, left_out = _estimate(estimates, published_id), _estimate(estimates, left_out_id)
        some = series[series["month"].str.startswith(year)]
        if area:
            some = some[some["governorate"] == area]
        ours = Amount(*(float(some[name].sum()) + float(left_out[name]) for name in ("low", "best", "high")))
        rows.append(
            _check(
                check,
                "ucdp",
                f"{published['area']} {year}: {some['best'].sum():,} deaths by month and "
                f"{left_out['best']:,.0f} in events without a month or a place",
                "UCDP",
                "people",
                ours,
                amount(published),
                0.0 if area else raised * float(published["best"]),
                same if area else later,
                ";".join(dict.fromkeys([str(left_out["source_ids"]), str(published["source_ids"])])),
            )
        )
    return _frame(rows)


def _estimate(estimates: pd.DataFrame, estimate_id: str) -> pd.Series:
    """The row of one estimate; KeyError when there is none."""
    return estimates.set_index("estimate_id").loc[estimate_id]


# Control


def control_shares(spells: pd.DataFrame, places: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Our midpoint of the share of eastern Aleppo held by the opposition against each published share.

    In percentage points. The tolerance is half of our band on the day, for contested neighbourhoods count half
    by convention, and half of the distance between the highest and the lowest share published within a day of
    it: our figure cannot be asked to be nearer to a publisher than publishers are to each other.
    """
    reason = (
        "Half of our band, since contested neighbourhoods count half by convention, and half of the spread of "
        "the shares that were published within a day: publishers differ as much among themselves."
    )
    lost = control.lost_between(spells, "opposition", REFERENCE, LAST)
    pocket = spells[spells["place_id"].isin(lost)]
    shares = control.held_share(control.held_area(pocket, places, "opposition", FIRST, LAST), REFERENCE)
    both = control.residuals(shares, control.published_shares(published, REFERENCE, LAST))
    rows = []
    for row in both.to_dict("records"):
        near = both.loc[(both["date"] - row["date"]).abs() <= ONE_DAY, "share"]
        tolerance = (row["upper"] - row["firm"]) / 2 + (near.max() - near.min()) / 2
        rows.append(
            _check(
                row["published_id"],
                "control",
                f"{row['date'].date().isoformat()}: {row['measure'].replace('_', ' ')}",
                row["attributed_to"],
                "percentage points",
                Amount(*(100 * row[name] for name in ("firm", "midpoint", "upper"))),
                Amount(best=100 * row["share"]),
                100 * tolerance,
                reason,
                row["source_ids"],
            )
        )
    return _frame(rows)


# What cannot be compared


def not_compared(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Published figures near to ours that no check compares: ``what, figures`` (how many) and ``reason``."""
    bodies, published = tables["un_body_votes"], tables["control_published"]
    estimates = tables["estimates"]
    years = estimates[
        (estimates["attributed_to"] == "UCDP") & (estimates["unit"] == "persons") & estimates["best"].notna()
    ]
    held = set(tables["ucdp_ged_monthly"]["month"].str[:4])
    shares = published[published["measure"].str.startswith("share_of_area")]
    city = shares["area_name"].str.startswith("Aleppo city")
    country = shares["area_name"] == "Syria"
    batch, end = tables["vdc_deaths_weekly"], "2017-01"
    part = vdc_recorded(batch, None, end) / float(_estimate(estimates, "SYR-020")["best"])
    rows = [
        (
            "Votes of the General Assembly and the Human Rights Council",
            int((bodies["roll"] == "totals_only").sum()),
            "Only totals are known: there is no roll to add up.",
        ),
        (
            "Airwars figures of Iraq and Syria together",
            len(_airwars_as_published(tables["monthly_published"], of_syria=False)),
            "The series is of Syria.",
        ),
        (
            "UCDP figures of whole years before the series",
            int((~years["period_start"].str[:4].isin(held)).sum()),
            "The extract that was read begins in January 2016.",
        ),
        (
            "Ids of the records of the VDC",
            0,
            "The files that were read hold counts by day, not records. The first batch is a part: to January 2017 "
            f"it has {part:.0%} of the deaths that the centre counted.",
        ),
        (
            "Shares of the whole city of Aleppo",
            int(city.sum()),
            "Claims by parties with another whole in mind: neighbourhoods under the Kurdish-led forces and the "
            "western edge count differently, and how is not documented.",
        ),
        (
            "Shares of single districts, towns and of the country",
            int((country | ~(city | country)).sum()),
            "Control is coded by whole neighbourhoods and towns; the country is not coded.",
        ),
    ]
    return pd.DataFrame(rows, columns=["what", "figures", "reason"])
