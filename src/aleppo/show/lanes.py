"""Dated points in lanes: where in its lane each is drawn, so that points close in time do not cover each other."""

from __future__ import annotations

import textwrap

import pandas as pd

STEP = 0.12  # between points of one lane that fall within the same fortnight, in lanes
LEVELS = 3
WIDEST = 22  # letters of a lane's name on one line


def places_in_lanes(
    lanes: pd.Series, dates: pd.Series, *, days: int | None = None, step: float = STEP, levels: int = LEVELS
) -> pd.Series:
    """Heights for points in ``lanes`` (numbers from 0) at ``dates``: around the middle of the lane, in turns.

    Points of one lane and fortnight go to the middle, above it, below it and so on, up to ``levels`` steps away.
    With ``days`` those are together that follow each other by fewer days; ``dates`` are in order then.
    """
    near = (
        dates.dt.to_period("M").astype(str) + (dates.dt.day > 15).astype(str)
        if days is None
        else (dates.groupby(lanes).diff() >= pd.Timedelta(days=days)).groupby(lanes).cumsum()
    )
    turn = lanes.groupby([lanes, near]).cumcount() % (2 * levels + 1)
    side = (turn + 1) // 2 * step
    return (lanes + side.where(turn % 2 == 1, -side)).round(2)


def folded(name: str, widest: int = WIDEST) -> str:
    """The name of a lane on as many lines of ``widest`` letters as it needs beside the plot."""
    return "<br>".join(textwrap.wrap(name, widest, break_long_words=False, break_on_hyphens=False))
