"""The rows behind what the ITV article says of the international community.

Each statement of the article (table ``claims``) gets the votes, truces and measures that bear on it, chosen by rule
where a rule can say it, and by id where only a reading can.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from aleppo.evidence import split_list
from aleppo.measure.truces import full_days
from aleppo.measure.votes import BREAK, touching

PUBLISHED = pd.Timestamp("2016-12-13")  # the article's own date
INAUGURATION = pd.Timestamp("2017-01-20")  # what the last statement waits for
BOTH = ("United States", "Russian Federation")
# Russian drafts that no vote was taken on, and the sanctions that the European Union did not threaten
NOT_PUT_TO_VOTE = ("M07", "M57")
DROPPED = ("M32",)
# An agreement reached in talks, which the halt two weeks later carried out
AGREED_IN_TALKS = ("CF07",)


@dataclass(frozen=True)
class Evidence:
    """The rows that bear on one statement: ``votes``, ``truces`` and ``measures``; any may be empty."""

    claim_id: str
    votes: pd.DataFrame
    truces: pd.DataFrame
    measures: pd.DataFrame

    @property
    def rows(self) -> list[str]:
        """Ids of all rows."""
        return [*self.votes["vote_id"], *self.truces["ceasefire_id"], *self.measures["measure_id"]]

    @property
    def sources(self) -> list[str]:
        """Ids of the sources of all rows, each once, sorted."""
        cells = pd.concat([frame["source_ids"] for frame in (self.votes, self.truces, self.measures)])
        return sorted({source for cell in cells for source in split_list(cell)})


def brokered_by_both(ceasefires: pd.DataFrame) -> pd.DataFrame:
    """Truces and talks that the United States and the Russian Federation brokered or led together.

    ``ceasefires`` is the table of that name. Adds ``talks`` (nothing was to halt) and ``days`` from start to end,
    missing where no day of the end is on record.
    """
    rows = ceasefires[_names_both(ceasefires["brokers"])]
    start, end = (
        pd.to_datetime(rows[name].astype(object), format="%Y-%m-%d", errors="coerce")
        for name in ("start", "end")
    )
    talks = (rows["area"] == "Diplomatic") | rows["ceasefire_id"].isin(AGREED_IN_TALKS)
    return rows.assign(talks=talks, days=(end - start).dt.days)


def no_common_approach(votes: pd.DataFrame, ceasefires: pd.DataFrame, measures: pd.DataFrame) -> Evidence:
    """ITV-37: texts on a truce or a political way out, from the break to the article, adopted or not."""
    rows = _between(votes, BREAK, PUBLISHED)
    about = rows["vote_id"].isin(touching(rows, "ceasefire")["vote_id"]) | rows["vote_id"].isin(
        touching(rows, "political")["vote_id"]
    )
    named = measures[measures["measure_id"].isin([*NOT_PUT_TO_VOTE, *DROPPED])]
    return Evidence("ITV-37", rows[about], ceasefires.head(0), named)


def no_protection_no_peace(votes: pd.DataFrame, ceasefires: pd.DataFrame, measures: pd.DataFrame) -> Evidence:
    """ITV-38: texts that touched Aleppo, and states' statements, from the break to the article; the halts after."""
    said = measures[
        (measures["kind"] == "statement") & full_days(measures["date_start"]).between(BREAK, PUBLISHED)
    ]
    halts = ceasefires[
        full_days(ceasefires["start"]).between(PUBLISHED, pd.Timestamp("2016-12-31"))
        & (ceasefires["area"] != "Diplomatic")
    ]
    return Evidence("ITV-38", touching(_between(votes, BREAK, PUBLISHED), "aleppo"), halts, said)


def only_pauses(votes: pd.DataFrame, ceasefires: pd.DataFrame, measures: pd.DataFrame) -> Evidence:
    """ITV-39: what the United States and the Russian Federation brokered together, and the votes that took it up."""
    both = brokered_by_both(ceasefires)
    sponsored = votes[_names_both(votes["sponsors"])]
    return Evidence("ITV-39", touching(sponsored, "ceasefire"), both, measures.head(0))


def un_russia_dynamic(votes: pd.DataFrame, ceasefires: pd.DataFrame, measures: pd.DataFrame) -> Evidence:
    """ITV-40: the votes after the change of government in the United States that the article waits for."""
    return Evidence("ITV-40", votes[votes["date"] > INAUGURATION], ceasefires.head(0), measures.head(0))


def statements(votes: pd.DataFrame, ceasefires: pd.DataFrame, measures: pd.DataFrame) -> list[Evidence]:
    """The evidence on every statement, in the order of the article.

    ``votes`` is :func:`aleppo.measure.votes.council_votes`; ``ceasefires`` and ``measures`` are the tables.
    """
    rules = (no_common_approach, no_protection_no_peace, only_pauses, un_russia_dynamic)
    return [rule(votes, ceasefires, measures) for rule in rules]


def _names_both(cells: pd.Series) -> pd.Series:
    return cells.map(lambda cell: all(name in str(cell) for name in BOTH)).astype(bool)


def _between(votes: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> pd.DataFrame:
    return votes[votes["date"].between(first, last)]
