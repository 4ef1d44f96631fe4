"""The chronology: dated events in order, with the part of the subject each belongs to."""

from __future__ import annotations

import pandas as pd

from aleppo.evidence import split_list

SUBJECTS = {
    "Front lines": ("front_lines",),
    "Harm": (
        "airstrike",
        "shelling_bombing",
        "civilian_toll",
        "medical",
        "education",
        "chemical",
        "execution",
        "siege",
    ),
    "Response": ("international_response", "diplomacy", "un_finding", "humanitarian"),
    "Background": ("background",),
}
"""Subject → the domains of the table ``events`` that belong to it."""

_SUBJECT_OF = {domain: subject for subject, domains in SUBJECTS.items() for domain in domains}


def chronology(events: pd.DataFrame) -> pd.DataFrame:
    """``events`` (the table of that name) by first day, with ``subject``, ``year`` and ``told_by``.

    ``told_by`` is the number of sources that a row names. Rows of one day keep the order of their ids.
    Raises ``ValueError`` for a domain that no subject has.
    """
    unknown = sorted(set(events["domain"]) - set(_SUBJECT_OF))
    if unknown:
        raise ValueError(f"events: expected domains of measure.events.SUBJECTS, found {', '.join(unknown)}")
    told_by = events["source_ids"].map(lambda cell: len(split_list(cell)))
    return events.assign(
        subject=events["domain"].map(_SUBJECT_OF),
        year=events["date_start"].dt.year.astype(str),
        told_by=told_by,
    ).sort_values(["date_start", "event_id"], ignore_index=True)


def main_events(chronology: pd.DataFrame, start: str, end: str, at_least: int) -> pd.Series:
    """Whether each row began between two days, both included, and is told by ``at_least`` sources.

    The number of sources says how widely an event was written about, and that its account could be compared;
    it does not say how much harm was done.
    """
    return chronology["date_start"].between(start, end) & (chronology["told_by"] >= at_least)
