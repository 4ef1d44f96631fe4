"""The Security Council's meeting log, counted by month, with meetings on Syria apart.

The log names the item of each meeting, and "The situation in the Middle East" also covers Yemen, Lebanon and
the observer force on the Golan (UNDOF). What a meeting was on is therefore one of three:

- on Syria, when the item itself names it;
- what a text was on that was voted on in it: see ``SYRIA_TEXTS`` and ``OTHER_TEXTS``;
- unclear otherwise, and counted as that.

A meeting that was resumed, or that stands in two rows because of two outcomes, counts once.

Four stages: ``read`` the log, ``check`` it into meetings, ``aggregate`` by month, ``write`` the series. The
publisher's list of vetoes makes no series: ``compare_vetoes`` holds it against the table of votes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from aleppo.evidence.rows import quoted
from aleppo.evidence.tables.publisher_un import UNSC_MEETINGS_MONTHLY
from aleppo.ingest.cells import Field, Unreadable, day, label
from aleppo.ingest.common import Dropped, write_series
from aleppo.ingest.reading import Progress, Source
from aleppo.ingest.result import IngestResult

TABLE = UNSC_MEETINGS_MONTHLY.name
_RECORD = re.compile(r"(S/PV\.\d+)(?: ?\( ?(?:closed|resumption ?\d*|part [IVX\d]+) ?\))*", re.IGNORECASE)
_TEXT = re.compile(r"S/RES/(\d+) ?\(\d{4}\)|(S/\d{4}/\d+)(?!\s*\))")
_ITEM = re.compile(r"(?:the )?(?:situation )?(?:in )?(?:the )?middle east", re.IGNORECASE)


def _record(text: str) -> str:
    match = _RECORD.fullmatch(label(text))
    if match is None:
        raise Unreadable("a meeting record, as S/PV.7785 (closed)", "correct the cell")
    return match[1]


FIELDS = (
    Field("record", _record),
    Field("date", day, "datetime64[D]"),
    Field("topic", label, empty=""),
    Field("outcome", label, empty=""),
)
COLUMNS = tuple(one.name for one in FIELDS)

SYRIA_TEXTS = frozenset(
    {
        *("2042", "2043", "2059", "2118", "2139", "2165", "2191", "2209", "2235", "2254", "2258", "2268"),
        *("2314", "2319", "2328", "2332", "2336", "2393", "2401", "2449"),
        *("S/2011/612", "S/2012/77", "S/2012/538", "S/2014/348", "S/2016/846", "S/2016/847", "S/2016/1026"),
        *("S/2017/172", "S/2017/315", "S/2017/884", "S/2017/962", "S/2017/968", "S/2017/970"),
        *("S/2018/175", "S/2018/321", "S/2018/322"),
    }
)
"""Resolutions by number and drafts by symbol on Syria under the item on the Middle East, 2011 to 2018."""

OTHER_TEXTS = frozenset(
    {
        # the observer force on the Golan (UNDOF), renewed twice a year
        *("2052", "2084", "2108", "2131", "2163", "2192", "2229", "2257", "2294", "2330", "2361", "2394"),
        *("2426", "2450"),
        # the interim force in Lebanon (UNIFIL), renewed every August
        *("2064", "2115", "2172", "2236", "2305", "2373", "2433"),
        # Yemen
        *("2051", "2140", "2201", "2204", "2216", "2266", "2342", "2402", "2451", "S/2018/156"),
    }
)
"""The same for other subjects."""

VETO_FIELDS = (
    Field("date", label),
    Field("draft", label),
    Field("crisis_topic", label, empty=""),
    *(Field(f"member_veto{number}", label, empty="") for number in (1, 2, 3)),
)
_MEMBERS = {"China": "CHN", "Russia": "RUS", "USSR": "RUS", "USA": "USA", "UK": "GBR", "France": "FRA"}
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def ingest(file: Path, out_dir: Path, progress: Progress | None = None) -> IngestResult:
    """Turn the Council's meeting log into ``series/unsc_meetings_monthly.csv`` below ``out_dir``.

    Raises EvidenceError with the first fault of the file; then nothing below ``out_dir`` has changed.
    """
    source, dropped = Source(Path(file)), Dropped()
    meetings = check(read(source, progress), source, dropped)
    return write(aggregate(meetings), out_dir, source, dropped)


def read(source: Source, progress: Progress | None = None) -> pd.DataFrame:
    """Stage 1: one row per row of the log; ``record`` is the meeting without "(closed)" and the like."""
    return pd.DataFrame(source.columns(FIELDS, progress))


def check(rows: pd.DataFrame, source: Source, dropped: Dropped) -> pd.DataFrame:
    """Stage 2: one row per meeting with its first ``date`` and ``subject``; further rows are counted.

    Raises EvidenceError when two rows of a meeting lie more than a month apart, as no meeting is resumed
    so late: the record is then misspelt.
    """
    first = rows.groupby("record")["date"].transform("min")
    late = (rows["date"] - first).dt.days > 31
    if late.any():
        record = int(late.to_numpy().argmax())
        found = f"{quoted(rows['record'].iloc[record])} on {rows['date'].iloc[record].date()}"
        expected = f"a meeting of about {first.iloc[record].date()}, as in the other row of this record"
        raise source.fault(record, "record", expected, found, "correct record or date")
    subjects = rows.assign(
        date=first,
        subject=[subject(*cells) for cells in zip(rows["topic"], rows["outcome"], strict=True)],
    )
    # where rows of one meeting differ, what is certain outweighs what is not
    order = {"syria": 0, "middle_east_other": 1, "middle_east_unclear": 2, "": 3}
    ranked = subjects.assign(rank=subjects["subject"].map(order)).sort_values(
        ["record", "rank"], kind="stable"
    )
    meetings = ranked.drop_duplicates("record")
    dropped.add("resumptions and second outcomes of a meeting that is counted", len(rows) - len(meetings))
    return meetings[["record", "date", "subject"]]


def aggregate(meetings: pd.DataFrame) -> pd.DataFrame:
    """Stage 3: meetings by month and subject, every month from the first to the last."""
    month = meetings["date"].dt.to_period("M")
    span = pd.period_range(month.min(), month.max(), freq="M", name="month")
    counts = pd.DataFrame({"meetings": month.value_counts()})
    for name in ("syria", "middle_east_unclear", "middle_east_other"):
        counts[name] = month[meetings["subject"] == name].value_counts()
    monthly = counts.reindex(span).fillna(0).astype("int64")
    return monthly.rename_axis("month").reset_index().assign(month=lambda rows: rows["month"].astype("str"))


def write(series: pd.DataFrame, out_dir: Path, source: Source, dropped: Dropped) -> IngestResult:
    """Stage 4: the series and its sidecar below ``out_dir``."""
    sums = series.drop(columns="month").sum()
    messages = (
        f"{source.rows:,} rows read, {sums['meetings']:,} meetings from {series['month'].min()} to "
        f"{series['month'].max()}",
        f"{sums['syria']:,} certain to be on Syria, {sums['middle_east_unclear']:,} on the Middle East without a "
        f"subject, {sums['middle_east_other']:,} on the Middle East with another subject",
        *source.notes,
    )
    return write_series(
        UNSC_MEETINGS_MONTHLY, series, out_dir, source.path, messages=messages, dropped=dropped
    )


def subject(topic: str, outcome: str) -> str:
    """What a meeting was on: syria, middle_east_other, middle_east_unclear, or "" for any other item.

    >>> subject("The situation in the Middle East", "S/RES/2254 (2015) 15-0-0")
    'syria'
    >>> subject("The situation in the Middle East", "--"), subject("The situation in Mali", "--")
    ('middle_east_unclear', '')
    """
    if "syria" in topic.casefold():
        return "syria"
    if _ITEM.fullmatch(topic) is None:
        return ""
    texts = {number or symbol for number, symbol in _TEXT.findall(outcome)}
    if texts & SYRIA_TEXTS:
        return "syria"
    return "middle_east_other" if texts & OTHER_TEXTS else "middle_east_unclear"


def read_vetoes(file: Path) -> pd.DataFrame:
    """The publisher's vetoes on Syria: ``symbol``, ``date`` and ``vetoed_by`` as in the table of votes.

    Raises EvidenceError with the first fault of the file.
    """
    source = Source(Path(file), open_end=True)
    rows = pd.DataFrame(source.columns(VETO_FIELDS))
    kept = rows[rows["crisis_topic"].str.casefold() == "syria"]
    vetoes = []
    for record, row in kept.iterrows():
        match = _AMERICAN.fullmatch(row["date"])
        if match is None:
            raise source.fault(
                int(record), "date", "a date written M/D/YYYY", quoted(row["date"]), "correct it"
            )
        names = [row[f"member_veto{number}"] for number in (1, 2, 3) if row[f"member_veto{number}"]]
        unknown = [name for name in names if name not in _MEMBERS]
        if unknown:
            expected = f"one of {', '.join(_MEMBERS)}"
            raise source.fault(int(record), "member_veto1", expected, quoted(unknown[0]), "correct it")
        date = np.datetime64(f"{match[3]}-{int(match[1]):02d}-{int(match[2]):02d}", "D")
        vetoed_by = ";".join(sorted({_MEMBERS[name] for name in names}))
        vetoes.append({"symbol": row["draft"], "date": pd.Timestamp(date), "vetoed_by": vetoed_by})
    return pd.DataFrame(vetoes, columns=["symbol", "date", "vetoed_by"])


def compare_vetoes(vetoes: pd.DataFrame, votes: pd.DataFrame) -> list[str]:
    """Every difference between the publisher's vetoes and the table of votes, within the span of the table.

    ``vetoes`` as from ``read_vetoes``, ``votes`` as the table ``unsc_votes``. None: the two agree.
    """
    first, last = votes["date"].min(), votes["date"].max()
    listed = {row.symbol: row for row in vetoes[vetoes["date"].between(first, last)].itertuples()}
    counted = {row.symbol: row for row in votes[votes["outcome"] == "vetoed"].itertuples()}
    return [*_differences(listed, counted, listed.keys() | counted.keys())]


def _differences(listed: dict, counted: dict, symbols: Iterable[str]) -> Iterable[str]:
    for symbol in sorted(symbols):
        if symbol not in counted:
            yield f"{symbol}: in the list of vetoes, not in the table of votes"
        elif symbol not in listed:
            yield f"{symbol}: in the table of votes, not in the list of vetoes"
        else:
            theirs, ours = listed[symbol], counted[symbol]
            if theirs.date != ours.date:
                yield f"{symbol}: on {theirs.date.date()} in the list, on {ours.date.date()} in the table"
            if theirs.vetoed_by != ours.vetoed_by:
                yield f"{symbol}: vetoed by {theirs.vetoed_by} in the list, by {ours.vetoed_by} in the table"
