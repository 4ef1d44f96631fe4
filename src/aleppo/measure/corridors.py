"""Corridors and sieges: was a part of the city connected to the outside, and for how long was it not?

A route has one state on each day: ``open``, ``under_fire``, ``cut`` or ``not_known``. Where sources differ on
the first day of a state, the table carries the earliest and the latest day that they give; between the two,
the state before and the state after are both possible. A part of the city is as well connected as the best of
its routes, so the days with two possible states become a range: the least and the most that sources allow.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.tables.core import first_day

STATES = ("cut", "under_fire", "open")
NOT_KNOWN = "not_known"
_WORST, _BEST = 0.0, float(len(STATES) - 1)


def connection(
    states: pd.DataFrame,
    side: str,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    reach: Sequence[str] = ("gate",),
) -> pd.DataFrame:
    """How well the part of the city that ``side`` held was connected on each day.

    ``states`` is the table ``corridor_states``. Within each kind of ``reach`` the best route counts; where
    several kinds are asked for, a way needs one of each, so the worse of them counts.

    Returns one row per day, indexed by ``date``, with ``state`` (as coded), ``least`` and ``most`` (over the
    rival dates; a route whose state is not known may be anything). Raises ``AleppoError`` when ``side`` has no
    route of a reach, or a day has no state.
    """
    days = pd.date_range(start, end, freq="D", name="date")
    levels = []
    for kind in reach:
        rows = states[(states["side"] == side) & (states["reach"] == kind)]
        if rows.empty:
            raise AleppoError(f"routes: expected one with side {side} and reach {kind}, found none")
        each = [_levels(route, days) for _, route in rows.groupby("route_id")]
        levels.append(np.stack([_best_of([one[row] for one in each]) for row in range(3)]))
    chain = np.stack(levels).min(axis=0)
    return pd.DataFrame(
        {name: [_name(level) for level in row] for name, row in zip(_COLUMNS, chain, strict=True)}, index=days
    )


_COLUMNS = ("state", "least", "most")


def _levels(route: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    """Coded, least and most possible level of one route on each day; NaN coded where it is not known."""
    coded = np.full(len(days), np.nan)
    covered = np.zeros(len(days), dtype=bool)
    for row in route.itertuples():
        inside = (days >= row.start) & (days <= row.end)
        coded[inside] = _level(row.state)
        covered |= inside
    if not covered.all():
        name = route["route_id"].iloc[0]
        raise AleppoError(f"{name}: expected a state on {days[~covered][0].date()}, found none")
    least = np.where(np.isnan(coded), _WORST, coded)
    most = np.where(np.isnan(coded), _BEST, coded)
    ordered = route.sort_values("start")
    for before, here in zip(ordered.itertuples(), list(ordered.itertuples())[1:], strict=False):
        earliest = here.start if pd.isna(here.start_earliest) else here.start_earliest
        latest = here.start if pd.isna(here.start_latest) else here.start_latest
        doubtful = (days >= earliest) & (days < latest)
        for state in (before.state, here.state):
            level = _level(state)
            low, high = (_WORST, _BEST) if np.isnan(level) else (level, level)
            least[doubtful] = np.minimum(least[doubtful], low)
            most[doubtful] = np.maximum(most[doubtful], high)
    return np.stack([coded, least, most])


def _level(state: str) -> float:
    return np.nan if state == NOT_KNOWN else float(STATES.index(state))


def _best_of(routes: list[np.ndarray]) -> np.ndarray:
    """The best known level of several routes; not known only where none is known to be open."""
    stacked = np.stack(routes)
    known = np.fmax.reduce(stacked, axis=0)
    return np.where(np.isnan(stacked).any(axis=0) & (known < _BEST), np.nan, known)


def _name(level: float) -> str:
    return NOT_KNOWN if np.isnan(level) else STATES[int(level)]


def days_in_state(connected: pd.DataFrame, state: str) -> tuple[int, int, int]:
    """Fewest, coded and most days of ``connected`` (of :func:`connection`) that are in ``state``.

    Fewest and most let every doubtful day fall on one side. Raises ``AleppoError`` for an unknown state.
    """
    if state not in STATES:
        raise AleppoError(f"state: expected one of {', '.join(STATES)}, found {state!r}")
    level = STATES.index(state)
    least, most = (connected[name].map(STATES.index) for name in ("least", "most"))
    certain = (least == level) & (most == level)
    possible = (least <= level) & (most >= level)
    return int(certain.sum()), int((connected["state"] == state).sum()), int(possible.sum())


def siege_lengths(dates: pd.DataFrame) -> pd.DataFrame:
    """Days for which the east counts as besieged, for every source of a first day.

    ``dates`` is the table ``siege_dates``. A length is the number of days from the first day to the day of
    the end, which is not counted. From each first day of the first siege there are two: ``broken`` leaves
    out the weeks between the link-up in August and the second siege, ``unbroken`` counts them. The designation
    is counted to the end alone. Where rival dates of the second siege or of its end stand side by side, a
    length runs from ``shortest`` to ``longest``.

    Returns one row per first day and reading: ``start, attributed_to, reading, shortest, longest, source_ids,
    verified``, in order of date. Raises ``AleppoError`` when a boundary is missing.
    """
    ends = _dates(dates, "second", "end")
    (pause,) = _dates(dates, "first", "end")[:1]
    again = _dates(dates, "second", "start")
    rows = []
    for row in dates[dates["boundary"] == "start"].sort_values("date").itertuples():
        whole = [(end - row.date).days for end in ends]
        second = [(end - start).days for end in ends for start in again]
        if row.siege == "first":
            first = (pause - row.date).days
            readings = {"broken": [first + length for length in second], "unbroken": whole}
        elif row.siege == "designation":
            readings = {"designation": whole}
        else:
            continue
        rows += [
            {
                "start": row.date,
                "attributed_to": row.attributed_to,
                "reading": reading,
                "shortest": min(lengths),
                "longest": max(lengths),
                "source_ids": row.source_ids,
                "verified": row.verified,
            }
            for reading, lengths in readings.items()
        ]
    return pd.DataFrame(rows)


def _dates(dates: pd.DataFrame, siege: str, boundary: str) -> list[pd.Timestamp]:
    found = dates.loc[(dates["siege"] == siege) & (dates["boundary"] == boundary), "date"]
    if found.empty:
        raise AleppoError(f"siege dates: expected one for the {boundary} of the {siege} siege, found none")
    return sorted(found)


def population(published: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Published figures of the people in the opposition-held east of the city, side by side.

    From ``control_published`` and ``estimates``; a figure that both tables hold (same day, same bounds) is
    kept once. Returns ``date`` (first day that a partial date may mean), ``day_known, low, best, high,
    attributed_to, source_ids, verified``, in order of date; a missing bound is missing.
    """
    ours = published[
        (published["measure"] == "population_estimate") & published["area_name"].str.startswith("East Aleppo")
    ]
    theirs = estimates[(estimates["quantity"] == "population") & (estimates["area"] == "Aleppo city (east)")]
    rows = pd.concat(
        [
            ours.rename(columns={"value_low": "low", "value": "best", "value_high": "high"}).assign(
                date=ours["date_start"], day_known=True
            ),
            theirs.assign(
                date=first_day(theirs["period_start"]), day_known=theirs["period_start"].str.len() == 10
            ),
        ],
        ignore_index=True,
    )
    kept = ["date", "day_known", "low", "best", "high", "attributed_to", "source_ids", "verified"]
    bounds = ["low", "best", "high"]
    rows[bounds] = rows[bounds].astype(float)
    return (
        rows[kept]
        .drop_duplicates(["date", *bounds])
        .sort_values(["date", "attributed_to"], ignore_index=True, kind="stable")
    )
