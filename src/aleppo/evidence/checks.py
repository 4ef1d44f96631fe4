"""Checks between tables: references, spells against the calendar, votes against totals.

Each takes the tables that could be read, by name, and returns faults; a table that could not be read is
passed over, because its own faults say why.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from aleppo.evidence.errors import Fault
from aleppo.evidence.load import split_list
from aleppo.evidence.rows import quoted, spell_words
from aleppo.evidence.tables import DECLARED
from aleppo.evidence.tables.core import IDS

CITY_WINDOW = (pd.Timestamp("2012-07-19"), pd.Timestamp("2016-12-22"))
TOWN_WINDOW = (pd.Timestamp("2015-01-01"), pd.Timestamp("2016-12-31"))
SPELLS = (
    ("control_spells", "places", "place_id", CITY_WINDOW),
    ("town_spells", "towns", "town_id", TOWN_WINDOW),
    # the routes have no table of their own: only the days of each can be checked
    ("corridor_states", "", "route_id", CITY_WINDOW),
)
VOTES = (("unsc_votes", "unsc_member_votes", "unsc_membership"), ("un_body_votes", "un_body_member_votes"))
COUNCIL_SIZE = 15
POSITIONS = ("yes", "no", "abstain", "absent")
ONE_DAY = pd.Timedelta(days=1)
# position of the row, first and last day
_Spell = tuple[int, pd.Timestamp, pd.Timestamp]


@dataclass(frozen=True)
class Found:
    """A table that could be read: the file as messages name it, its frame, and the line of each row."""

    file: str
    frame: pd.DataFrame
    lines: tuple[int, ...]

    def fault(self, position: int, column: str, expected: str, found: str) -> Fault:
        return Fault(self.file, self.lines[position], column, expected, found)


def partners(name: str) -> set[str]:
    """The tables that a check between tables reads together with the table ``name``, itself among them."""
    found = {name, *(target for _, target, _ in DECLARED[name].references)}
    found |= {
        other for other, table in DECLARED.items() for _, target, _ in table.references if target == name
    }
    for group in (*VOTES, *((spells, places) for spells, places, _, _ in SPELLS if places)):
        if name in group:
            found.update(group)
    return found


def reference_faults(found: dict[str, Found]) -> list[Fault]:
    """Every cell, or code of a list, that refers to a row that is not there."""
    faults = []
    for name, one in found.items():
        for column, target, key in DECLARED[name].references:
            if target not in found:
                continue
            known = set(found[target].frame[key].dropna())
            for position, cell in enumerate(one.frame[column.name]):
                codes = split_list(cell) if column.kind is IDS else [] if pd.isna(cell) else [cell]
                faults += [
                    one.fault(
                        position,
                        column.name,
                        f"a {key} of the table {target}",
                        quoted(code) + spell_words(one.frame.loc[position].to_dict()),
                    )
                    for code in codes
                    if code not in known
                ]
    return faults + _behind_tables(found)


def _behind_tables(found: dict[str, Found]) -> list[Fault]:
    """Sources that a table names as a whole and that are not there."""
    if "sources" not in found:
        return []
    one = found["sources"]
    known = set(one.frame["source_id"].dropna())
    return [
        Fault(one.file, 0, "source_id", f"the source {source} behind the table {name}", "no such row")
        for name in found
        for source in DECLARED[name].metadata.sources
        if source not in known
    ]


def unused_sources(found: dict[str, Found]) -> tuple[str, ...]:
    """Sources that neither a row nor a table as a whole refers to."""
    if "sources" not in found:
        return ()
    used = {source for table in DECLARED.values() for source in table.metadata.sources}
    for name, one in found.items():
        for column, target, _ in DECLARED[name].references:
            if target == "sources":
                for cell in one.frame[column.name].dropna().unique():
                    used.update(split_list(cell))
    return tuple(sorted(set(found["sources"].frame["source_id"].dropna()) - used))


def twin_faults(found: dict[str, Found]) -> list[Fault]:
    """Rows that say in every cell but their id what an earlier row says: one fact compiled twice.

    Only compiled tables whose key is an id of their own; in a series equal counts are no accident.
    """
    faults = []
    for name, one in found.items():
        table = DECLARED[name]
        if table.metadata.cls != "compiled" or len(table.key) > 1 or table.column(table.key[0]).refers:
            continue
        key = table.key[0]
        seen: dict[tuple[str, ...], int] = {}
        # as text, in which a missing cell is like another missing one
        cells = one.frame.drop(columns=key).astype("string").fillna("")
        for position, row in enumerate(cells.itertuples(index=False, name=None)):
            first = seen.setdefault(row, position)
            if first != position:
                found_in = f"what row {one.lines[first]} says"
                faults.append(one.fault(position, key, "a row that says something new", found_in))
    return faults


def spell_faults(found: dict[str, Found]) -> list[Fault]:
    """Places and days that are not covered exactly once by a spell."""
    faults: list[Fault] = []
    for spells, places, key, window in SPELLS:
        if spells not in found:
            continue
        one = found[spells]
        for place, its_spells in _by_place(one.frame, key):
            faults += _coverage_faults(one, place, its_spells, window)
        if places in found:
            covered = set(one.frame[key].dropna())
            listed = found[places]
            for position, place in enumerate(listed.frame[key]):
                if not pd.isna(place) and place not in covered:
                    faults.append(
                        listed.fault(
                            position, key, f"spells of {place} in the table {spells}", "not one spell"
                        )
                    )
    return faults


def _by_place(frame: pd.DataFrame, key: str) -> Iterator[tuple[str, list[_Spell]]]:
    """Each place with its spells as (position, start, end), by start; unreadable ones are left out."""
    whole = frame.dropna(subset=[key, "start", "end"]).sort_values([key, "start"], kind="stable")
    spells = zip(whole[key], whole.index, whole["start"], whole["end"], strict=True)
    for place, rows in itertools.groupby(spells, key=lambda spell: str(spell[0])):
        yield place, [spell[1:] for spell in rows]


def _coverage_faults(
    one: Found, place: str, spells: list[_Spell], window: tuple[pd.Timestamp, pd.Timestamp]
) -> list[Fault]:
    """Gaps, overlaps and days outside the window in the spells of one place, in order of start."""
    opens, closes = window
    faults = []
    due = opens
    for position, start, end in spells:
        if start < opens:
            faults.append(
                one.fault(position, "start", f"{place} from {_day(opens)} on", f"a start on {_day(start)}")
            )
        elif start > due:
            gap = _days(due, start - ONE_DAY)
            faults.append(one.fault(position, "start", f"a spell of {place} for {gap}", "a gap"))
        elif start < due:
            both = _days(start, min(due - ONE_DAY, end))
            faults.append(one.fault(position, "start", f"one spell of {place} for {both}", "an overlap"))
        # a spell that ends before it starts is a fault of its row; it covers nothing
        due = max(due, end + ONE_DAY)
    last = spells[-1][0]
    if due <= closes:
        gap = _days(due, closes)
        faults.append(one.fault(last, "end", f"a spell of {place} for {gap}", "a gap at the end"))
    elif due > closes + ONE_DAY:
        faults.append(
            one.fault(
                last, "end", f"{place} to {_day(closes)} at the latest", f"an end on {_day(due - ONE_DAY)}"
            )
        )
    return faults


def _day(day: pd.Timestamp) -> str:
    return day.date().isoformat()


def _days(first: pd.Timestamp, last: pd.Timestamp) -> str:
    return _day(first) if first == last else f"{_day(first)} to {_day(last)}"


def vote_faults(found: dict[str, Found]) -> list[Fault]:
    """Totals that the members' votes do not add up to, and members that had no seat."""
    faults: list[Fault] = []
    if {"unsc_votes", "unsc_member_votes"} <= set(found):
        faults += _total_faults(found["unsc_votes"], found["unsc_member_votes"], all_rolls=True)
        faults += _veto_faults(found["unsc_votes"], found["unsc_member_votes"])
        if "unsc_membership" in found:
            faults += _seat_faults(found["unsc_votes"], found["unsc_member_votes"], found["unsc_membership"])
    if {"un_body_votes", "un_body_member_votes"} <= set(found):
        faults += _total_faults(found["un_body_votes"], found["un_body_member_votes"], all_rolls=False)
    return faults


def _total_faults(votes: Found, members: Found, *, all_rolls: bool) -> list[Fault]:
    """Per vote and position: the members' votes against the total.

    A complete roll adds up exactly, a partial one to no more than the total, and a vote of which only
    totals are known has no members' votes. The Security Council's rolls are all complete in number; its
    ``roll`` says whether each of them was read.
    """
    counted = members.frame.groupby(["vote_id", "vote"]).size()
    with_rows = set(members.frame["vote_id"].dropna())
    faults = []
    for position, vote in enumerate(votes.frame.to_dict("records")):
        whole = all_rolls or vote["roll"] == "complete"
        if not whole and vote["roll"] == "totals_only":
            if vote["vote_id"] in with_rows:
                faults.append(votes.fault(position, "roll", "no members' votes for totals_only", "some"))
            continue
        for name in POSITIONS:
            total, sum_ = vote[name], int(counted.get((vote["vote_id"], name), 0))
            if pd.isna(total):
                continue
            if (sum_ != total) if whole else (sum_ > total):
                limit = "" if whole else "at most "
                expected = f"{limit}{total} members' votes '{name}' in {vote['vote_id']}"
                faults.append(votes.fault(position, name, expected, str(sum_)))
    return faults


def _veto_faults(votes: Found, members: Found) -> list[Fault]:
    """The members a veto is laid to: permanent ones that voted against a text with enough votes."""
    against = members.frame[(members.frame["permanent"] == "yes") & (members.frame["vote"] == "no")]
    by_vote = {str(vote): set(cells) for vote, cells in against.groupby("vote_id")["iso3"]}
    faults = []
    for position, vote in enumerate(votes.frame.to_dict("records")):
        named = set(split_list(vote["vetoed_by"]))
        actual = by_vote.get(vote["vote_id"], set()) if vote["outcome"] == "vetoed" else set()
        if named != actual:
            expected = ";".join(sorted(actual)) or "nobody"
            faults.append(
                votes.fault(
                    position, "vetoed_by", f"{expected}, by the members' votes", quoted(vote["vetoed_by"])
                )
            )
    return faults


def _seat_faults(votes: Found, members: Found, membership: Found) -> list[Fault]:
    """Members' votes of states without a seat that year, seats without a vote, and councils not of 15."""
    faults = []
    sizes = membership.frame.groupby("year").size()
    for year, size in sizes.items():
        if size != COUNCIL_SIZE:
            position = int((membership.frame["year"] == year).idxmax())
            faults.append(membership.fault(position, "year", f"{COUNCIL_SIZE} members in {year}", str(size)))
    years = votes.frame.set_index("vote_id")["date"].dt.year.to_dict()
    seats = {
        (int(row["year"]), row["iso3"]): row["permanent"]
        for row in membership.frame.dropna(subset=["year", "iso3"]).to_dict("records")
    }
    for position, row in enumerate(members.frame.to_dict("records")):
        year = years.get(row["vote_id"])
        if year is None or pd.isna(year) or pd.isna(row["iso3"]):
            continue
        permanent = seats.get((int(year), row["iso3"]))
        if permanent is None:
            faults.append(
                members.fault(
                    position, "iso3", f"a member of the Council in {int(year)}", quoted(row["iso3"])
                )
            )
        elif permanent != row["permanent"]:
            faults.append(
                members.fault(
                    position, "permanent", f"{permanent}, as in unsc_membership", quoted(row["permanent"])
                )
            )
    return faults
