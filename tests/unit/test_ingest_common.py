"""What the publishers' modules share: cells, days, governorates, the difference, the list of publishers."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.evidence import TABLES, AleppoError, EvidenceError, load, verify
from aleppo.evidence.files import sha256_file
from aleppo.evidence.manifest import read_sidecar, write_sidecars
from aleppo.evidence.tables import DECLARED, OWN_FILE_TABLES
from aleppo.ingest import PUBLISHERS, ingest
from aleppo.ingest.cells import Field, Unreadable, day, folded, label, month, number, one_of, whole
from aleppo.ingest.common import Dropped, Governorates, difference, mondays, months, weeks, write_series
from aleppo.ingest.reading import Source
from aleppo.ingest.streams import BLOCK
from data_copy import DataCopy
from publisher_files import put

texts = st.text(max_size=12) | st.from_regex(r"-?\d{0,4}[.,]?\d{0,3}", fullmatch=True)


FILE = Path(__file__)
"""Stands for a publisher's file where a series is written without one."""


# --- cells ----------------------------------------------------------------------------------------------


@given(st.integers(0, 10**12), st.sampled_from(["", ".", ".0", ".000"]))
def test_whole_reads_what_python_writes(count: int, end: str) -> None:
    assert whole(f"{count}{end}") == count


@given(texts)
def test_whole_gives_a_count_or_refuses(text: str) -> None:
    try:
        found = whole(text)
    except Unreadable as refusal:
        assert refusal.expected in ("a whole number", "a number not below zero")
        assert refusal.advice
    else:
        assert found >= 0
        assert float(text) == found


@given(texts)
def test_number_gives_what_float_gives_or_refuses(text: str) -> None:
    try:
        found = number(text)
    except Unreadable:
        return
    assert found == float(text)
    assert np.isfinite(found)


@given(
    st.dates(date(1700, 1, 1), date(2199, 12, 31)),
    st.sampled_from(["", " 00:00:00", "T12:30:01", " 00:00:00.000"]),
)
def test_day_reads_iso_dates_with_or_without_a_time(when: date, time: str) -> None:
    assert day(when.isoformat() + time) == np.datetime64(when, "D")


@given(st.text(max_size=24) | st.from_regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", fullmatch=True))
def test_day_reads_nothing_but_iso_dates(text: str) -> None:
    try:
        found = day(text)
    except Unreadable as refusal:
        assert refusal.expected == "a date written YYYY-MM-DD"
    else:
        assert text.startswith(str(found))


@given(st.text(max_size=40))
def test_label_keeps_the_words_and_single_spaces(text: str) -> None:
    words = text.split()
    if any(unicodedata.category(sign) == "Cc" for sign in "".join(words)):
        with pytest.raises(Unreadable, match="without control characters"):
            label(text)
    else:
        assert label(text) == " ".join(words)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize("text", ["2016-13", "2016-1", "2016", "16-01", "2016-01-01"])
def test_month_reads_nothing_but_months(text: str) -> None:
    with pytest.raises(Unreadable):
        month(text)


def test_one_of_refuses_what_is_not_listed() -> None:
    parse = one_of("Fair", "Weak")
    assert parse("Fair") == "Fair"
    with pytest.raises(Unreadable, match="one of Fair, Weak"):
        parse("fair")


# --- rows -----------------------------------------------------------------------------------------------

row = st.lists(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20), min_size=3, max_size=3
)


@given(rows=st.lists(row, min_size=1, max_size=20), ends=st.sampled_from(["\n", "\r\n"]))
def test_any_text_comes_back_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], ends: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=ends, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    file = put(tmp_path_factory.mktemp("any"), stream.getvalue())
    read = Source(file).columns([Field(name, str, empty="") for name in ("c", "a")])
    assert read["a"].tolist() == [cells[0].strip() for cells in rows]
    assert read["c"].tolist() == [cells[2].strip() for cells in rows]


@given(
    st.lists(
        st.sampled_from(
            ["1", "2.0", "30.", "007", "x", "", "-1", "1e3", " 4 ", "٣", "0x1F", "+5", "1" * 15, "1" * 16]
        ),
        min_size=1,
        max_size=8,
    )
)
def test_a_column_of_counts_is_read_alike_all_at_once_and_one_by_one(
    tmp_path_factory: pytest.TempPathFactory, cells: list[str]
) -> None:
    file = put(tmp_path_factory.mktemp("ids"), "id,x\n" + "".join(f"{cell},y\n" for cell in cells))
    results = []
    for distinct in (True, False):
        try:
            fields = [Field("id", whole, "int64", distinct=distinct)]
            results.append(Source(file).columns(fields)["id"].tolist())
        except EvidenceError as error:
            results.append(str(error))
    assert results[0] == results[1]


def test_a_column_that_may_be_missing_is_empty(tmp_path: Path) -> None:
    read = Source(put(tmp_path, "a\n1\n2\n")).columns(
        [Field("a", whole, "int64"), Field("b", label, empty="", optional=True)]
    )
    assert read["b"].tolist() == ["", ""]


def test_rows_that_are_not_looked_at_may_hold_anything(tmp_path: Path) -> None:
    file = put(tmp_path, "a,b\n1,x\n2,5\n1,y\n2,6\n")
    fields = [Field("a", whole, "int64"), Field("b", whole, "int64")]
    (batch,) = Source(file).batches(fields, where=("a", lambda values: values == 2))
    assert batch.columns["b"].tolist() == [5, 6]
    assert batch.records.tolist() == [1, 3]


def test_the_row_of_a_fault_is_that_of_the_file_when_rows_are_left_out(tmp_path: Path) -> None:
    file = put(tmp_path, "a,b\n1,x\n2,5\n1,y\n2,wrong\n")
    fields = [Field("a", whole, "int64"), Field("b", whole, "int64")]
    with pytest.raises(EvidenceError, match=r"row 5, column b: expected a whole number, found 'wrong'"):
        list(Source(file).batches(fields, where=("a", lambda values: values == 2)))


def test_a_fault_is_told_before_a_broken_row_some_blocks_below_it(tmp_path: Path) -> None:
    filling = "1,y\n" * (3 * BLOCK // 4)
    file = put(tmp_path, f"a,b\nwrong,y\n{filling}1,y,z\n")
    with pytest.raises(EvidenceError, match=r"row 2, column a: expected a whole number, found 'wrong'"):
        list(Source(file).batches([Field("a", whole, "int64")]))
    file = put(tmp_path, f"a,b\n1,y\n{filling}1,y,z\n")
    with pytest.raises(EvidenceError, match=r"expected 2 fields, found 3 fields"):
        list(Source(file).batches([Field("a", whole, "int64")]))


# --- days and sums --------------------------------------------------------------------------------------


@given(st.dates(date(1970, 1, 5), date(2100, 1, 1)))
def test_every_day_belongs_to_the_monday_on_or_before_it(when: date) -> None:
    (found,) = mondays(np.array([when], dtype="datetime64[D]"))
    monday = found.astype(date)
    assert monday.weekday() == 0
    assert 0 <= (when - monday).days < 7


def test_weeks_leave_no_gap() -> None:
    found = weeks(np.array(["2016-02-03", "2016-01-05"], dtype="datetime64[D]"))
    assert [str(week) for week in found] == [
        "2016-01-04",
        "2016-01-11",
        "2016-01-18",
        "2016-01-25",
        "2016-02-01",
    ]


def test_months_are_those_of_the_days() -> None:
    assert months(np.array(["2015-09-30", "2015-10-01"], dtype="datetime64[D]")).tolist() == [
        "2015-09",
        "2015-10",
    ]


def test_dropped_rows_are_added_up_by_reason() -> None:
    dropped = Dropped()
    dropped.add("old", 2)
    dropped.add("none", 0)
    dropped.add("old", 1)
    assert dropped == {"old": 3}


# --- governorates ---------------------------------------------------------------------------------------


def test_every_spelling_of_the_governorates_table_finds_its_code() -> None:
    known = Governorates.known()
    for row in load("governorates").itertuples():
        for name in (row.name_en, row.name_ar, *str(row.aliases).split(";")):
            assert known.code(name) == row.governorate
            assert known.code(f" {name.upper()}  Governorate") == row.governorate


@pytest.mark.parametrize("name", ["", None, "Governorate", "Alepp", "Beirut", "Homs or Aleppo"])
def test_what_is_no_governorate_has_no_code(name: str | None) -> None:
    assert Governorates.known().code(name) is None


def test_no_spelling_means_two_governorates() -> None:
    names = [
        (folded(name), row.governorate)
        for row in load("governorates").itertuples()
        for name in (row.name_en, row.name_ar, *str(row.aliases).split(";"))
    ]
    assert len(dict(names)) == len(set(names))


# --- series ---------------------------------------------------------------------------------------------


def meetings(**cells: object) -> pd.DataFrame:
    row = {"month": "2016-01", "meetings": 5, "syria": 1, "middle_east_unclear": 2, "middle_east_other": 0}
    return pd.DataFrame([row | cells])


def test_a_series_that_breaks_its_declaration_is_not_written(data_copy: DataCopy) -> None:
    before = data_copy.fingerprint()
    with pytest.raises(EvidenceError, match="no more meetings of one kind than meetings"):
        write_series(TABLES["unsc_meetings_monthly"], meetings(syria=9), data_copy.folder, FILE)
    assert data_copy.fingerprint() == before


def test_a_series_is_not_written_into_a_file(data_copy: DataCopy, tmp_path: Path) -> None:
    with pytest.raises(AleppoError, match="expected a folder for the series, found a file"):
        write_series(TABLES["unsc_meetings_monthly"], meetings(), put(tmp_path, "x"), FILE)


def test_the_first_series_has_no_difference(data_copy: DataCopy) -> None:
    data_copy.path("unsc_meetings_monthly").unlink()
    result = write_series(TABLES["unsc_meetings_monthly"], meetings(), data_copy.folder, FILE)
    assert result.difference is None
    assert verify(data_copy.folder).faults == ()


def test_the_difference_counts_rows_by_key_and_sums(tmp_path: Path) -> None:
    table = TABLES["unsc_meetings_monthly"]
    header = ",".join(table.column_names)
    old = put(tmp_path, f"{header}\n2016-01,5,1,2,0\n2016-02,4,0,0,0\n2016-03,1,0,0,0\n")
    found = difference(table, old, f"{header}\n2016-01,5,1,2,0\n2016-02,6,1,0,0\n2016-04,1,0,0,0\n")
    assert found is not None
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert found.totals == {"meetings": (10, 12), "syria": (1, 2)}
    assert found.line == (
        "against the series that was there: 1 rows added, 1 removed, 1 changed; "
        "meetings 10 -> 12 (+2); syria 1 -> 2 (+1)"
    )


def test_the_sidecar_names_the_file_and_warns_when_it_is_another_than_the_books(data_copy: DataCopy) -> None:
    write_series(TABLES["unsc_meetings_monthly"], meetings(), data_copy.folder, FILE, version="2.0")
    path = data_copy.path("unsc_meetings_monthly").with_suffix(".yml")
    sidecar = read_sidecar(path)
    assert sidecar["made_from"] == {"file": FILE.name, "version": "2.0", "sha256": sha256_file(FILE)}
    assert sidecar["known_gaps"][0].startswith(
        f"Made from {FILE.name} (version 2.0): what is said here of span"
    )
    before = path.read_bytes()
    write_sidecars(data_copy.folder)
    assert path.read_bytes() == before, "writing the sidecars anew keeps what only the ingest knew"


def test_the_sidecar_forgets_the_file_when_the_series_is_another(data_copy: DataCopy) -> None:
    write_series(TABLES["unsc_meetings_monthly"], meetings(), data_copy.folder, FILE)
    data_copy.change("unsc_meetings_monthly", lambda row: True, meetings="7")
    write_sidecars(data_copy.folder)
    assert "made_from" not in read_sidecar(data_copy.path("unsc_meetings_monthly").with_suffix(".yml"))


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"month,meetings\n2016-01,many\n"])
def test_a_series_that_cannot_be_read_has_no_difference(data_copy: DataCopy, content: bytes) -> None:
    data_copy.path("unsc_meetings_monthly").write_bytes(content)
    result = write_series(TABLES["unsc_meetings_monthly"], meetings(), data_copy.folder, FILE)
    assert result.difference is None
    assert result.rows == 1


# --- the list of publishers -----------------------------------------------------------------------------


@pytest.mark.parametrize("publisher", PUBLISHERS.values(), ids=list(PUBLISHERS))
def test_every_publisher_says_what_it_takes(publisher: object) -> None:
    name, lines = publisher.name, publisher.lines  # type: ignore[attr-defined]
    assert lines[0].startswith(f"{name}: ")
    assert [line.split()[0] for line in lines[1:]] == ["file", "from", "licence", "columns", "series"]
    assert "https://" in lines[2]
    assert publisher.table in DECLARED  # type: ignore[attr-defined]


def test_every_series_has_one_publisher_and_names_its_command() -> None:
    tables = [table for publisher in PUBLISHERS.values() for table in publisher.tables]
    series = [table for table in DECLARED.values() if table.group == "series"]
    ingested = [table.name for table in series if table.metadata.builder.startswith("aleppo ingest")]
    assert sorted(tables) == sorted(ingested)
    for publisher in PUBLISHERS.values():
        for table in publisher.tables:
            assert DECLARED[table].metadata.builder == f"aleppo ingest {publisher.name} FILE"


def test_series_of_a_readers_own_file_are_no_part_of_the_data(data_copy: DataCopy) -> None:
    assert set(OWN_FILE_TABLES) == {"acled_monthly", "unvotes_syria"}
    assert not set(OWN_FILE_TABLES) & set(TABLES)
    assert [path.name for path in data_copy.folder.rglob("*.csv") if path.stem in OWN_FILE_TABLES] == []
    assert verify(data_copy.folder).faults == ()


def test_a_publisher_may_be_written_with_hyphens(data_copy: DataCopy, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="found an empty file"):
        ingest("vdc-causes", put(tmp_path, ""))
