"""UCDP GED files of any release become one series; broken ones are refused in one line."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aleppo.cli import main
from aleppo.evidence import EvidenceError, load, verify
from aleppo.ingest import ingest, ucdp
from aleppo.ingest.common import Governorates
from aleppo.ingest.reading import Source
from aleppo.ingest.streams import BLOCK
from data_copy import DataCopy
from publisher_files import GED_COLUMNS, ged, put, refused, series

COMMAND = (sys.executable, "-c", "import sys; from aleppo.cli import main; sys.exit(main())")


def test_events_are_summed_by_month_governorate_and_type(data_copy: DataCopy, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        ged(
            {},
            {"best": "4.0", "low": "4.0", "high": "4.0"},
            {"type_of_violence": "3.0"},
            {"adm_1": "Hamah Governorate"},
            {"date_start": "2016-08-31", "date_end": "2016-08-31"},
        ),
    )
    result = ingest("ucdp", file)
    assert series(result).to_csv(index=False, lineterminator="\n") == (
        "month,governorate,type_of_violence,events,low,best,high,deaths_civilians\n"
        "2016-07,SY02,one_sided,1,2,3,5,1\n"
        "2016-07,SY02,state_based,2,6,7,9,2\n"
        "2016-07,SY05,state_based,1,2,3,5,1\n"
        "2016-08,SY02,state_based,1,2,3,5,1\n"
    )
    assert result.totals == {"events": 5, "low": 12, "best": 16, "high": 24, "deaths_civilians": 5}
    assert verify(data_copy.folder).faults == ()


def test_events_of_no_use_by_month_are_dropped_with_counts(data_copy: DataCopy, tmp_path: Path) -> None:
    file = put(
        tmp_path,
        ged(
            {},
            {"date_prec": "5", "best": "900", "high": "900"},
            {"where_prec": "6"},
            {"date_prec": "5", "where_prec": "6"},
        ),
    )
    result = ingest("ucdp", file)
    assert result.rows == 1
    assert result.dropped == {
        "date_prec 5: known only to the year": 1,
        "where_prec 6: known only to the country": 1,
        "date_prec 5 and where_prec 6": 1,
    }
    assert "the events left out have 906 deaths (best)" in result.messages


def test_only_syria_is_taken_from_the_global_file(data_copy: DataCopy, tmp_path: Path) -> None:
    abroad = {
        "country": "Mali",
        "country_id": "432",
        "latitude": "16.7",
        "longitude": "-3.0",
        "adm_1": "Tombouctou",
    }
    result = ingest("ucdp", put(tmp_path, ged(abroad, {}, abroad, {"best": "4"})))
    assert result.totals["events"] == 2
    assert result.totals["best"] == 7


def test_odd_rows_of_other_countries_do_no_harm(data_copy: DataCopy, tmp_path: Path) -> None:
    abroad = {"country_id": "432", "latitude": "", "date_start": "1/2/2016", "best": "many", "id": "x"}
    assert ingest("ucdp", put(tmp_path, ged(abroad, {}))).totals["events"] == 1


def test_a_file_without_events_in_syria_says_so(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({"country_id": "432"})), data_copy)
    assert line.startswith(
        "column country_id: expected rows on Syria (652), found none among 1: take the global"
    )


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2016-07-03", "2016-07-03"),
        ("2016-07-03 00:00:00.000", "2016-07-04 00:00:00.000"),
        ("2016-07-03T00:00:00",) * 2,
    ],
)
def test_dates_of_every_release_are_read(data_copy: DataCopy, tmp_path: Path, start: str, end: str) -> None:
    result = ingest("ucdp", put(tmp_path, ged({"date_start": start, "date_end": end})))
    assert series(result)["month"].tolist() == ["2016-07"]


@pytest.mark.parametrize("change", [str.upper, str.title, lambda name: f" {name} "])
def test_names_of_columns_may_be_in_any_case(data_copy: DataCopy, tmp_path: Path, change: object) -> None:
    header, rest = ged({}).split("\n", 1)
    changed = ",".join(change(name) for name in header.split(","))  # type: ignore[operator]
    assert ingest("ucdp", put(tmp_path, f"{changed}\n{rest}")).totals["best"] == 3


def test_columns_may_stand_in_any_order(data_copy: DataCopy, tmp_path: Path) -> None:
    frame = pd.read_csv(io.StringIO(ged({}, {"best": "4"})), dtype="string", keep_default_na=False)
    file = put(tmp_path, frame[sorted(frame.columns, reverse=True)].to_csv(index=False))
    assert ingest("ucdp", file).totals["best"] == 7


def test_an_event_over_two_months_counts_where_it_begins(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("ucdp", put(tmp_path, ged({"date_start": "2016-11-15", "date_end": "2016-12-12"})))
    assert series(result)["month"].tolist() == ["2016-11"]
    assert "1 events span two months and are counted where they begin" in result.messages


def test_places_without_a_governorate_are_kept_apart_and_told(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("ucdp", put(tmp_path, ged({"adm_1": ""}, {"adm_1": "Sealand"}, {})))
    assert series(result)["governorate"].tolist() == ["SY02", "unmapped"]
    assert (
        "2 events in no governorate, kept as unmapped: 1 with adm_1 an empty cell, 1 with adm_1 'Sealand'"
        in result.messages
    )


@pytest.mark.parametrize(
    "name",
    ["Ar Raqqah Governorate", "ar raqqah", "Ar-Raqqa", "Raqqa governorate", "Raqqah  Province", "AR-RAQQA"],
)
def test_spellings_of_a_governorate_meet(name: str) -> None:
    assert Governorates.known().code(name) == "SY11"


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("GEDEvent_v26_1.csv", "26.1"),
        ("GEDEvent_v25_1.csv.gz", "25.1"),
        ("ged171-csv.zip", "17.1"),
        ("ged201.csv", "20.1"),
        ("ged-18.1.csv", "18.1"),
        ("ucdp_ged_syria_652.1601.1911.csv", "not stated"),
        ("events.csv", "not stated"),
    ],
)
def test_the_version_is_read_from_the_name(name: str, version: str) -> None:
    assert ucdp.version_of(name) == version


def test_the_version_is_in_the_result(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("ucdp", put(tmp_path, ged({}), "GEDEvent_v26_1.csv"))
    assert result.version == "26.1"
    assert result.messages[0] == "UCDP GED version: 26.1 (from the name of the file)"


def test_the_difference_to_the_series_before_is_told(data_copy: DataCopy, tmp_path: Path) -> None:
    ingest("ucdp", put(tmp_path, ged({}, {"date_start": "2016-08-01", "date_end": "2016-08-01"})))
    result = ingest("ucdp", put(tmp_path, ged({"best": "5"}, {"adm_1": "Idlib"})))
    assert result.messages[-1] == (
        "against the series that was there: 1 rows added, 1 removed, 1 changed; best 6 -> 8 (+2)"
    )


def test_the_same_events_in_another_order_give_the_same_bytes(data_copy: DataCopy, tmp_path: Path) -> None:
    events = [{"id": str(number), "adm_1": name} for number, name in enumerate(("Idlib", "Aleppo", "Homs"))]
    ingest("ucdp", put(tmp_path, ged(*events)))
    before = data_copy.path("ucdp_ged_monthly").read_bytes()
    result = ingest("ucdp", put(tmp_path, ged(*reversed(events))))
    assert data_copy.path("ucdp_ged_monthly").read_bytes() == before
    assert result.messages[-1] == "no difference to the series that was there"


# --- packed files ---------------------------------------------------------------------------------------


def zipped(*members: tuple[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ged.csv.gz", gzip.compress(ged({}).encode(), mtime=0)),
        ("ged.csv", gzip.compress(ged({}).encode(), mtime=0)),
        ("ged.zip", zipped(("GEDEvent_v25_1.csv", ged({})))),
        ("ged.zip", zipped(("ged.csv", ged({})), ("readme.txt", "read me"), ("__MACOSX/._ged.csv", "x"))),
        ("ged.zip", zipped(("folder/ged.csv", ged({})), ("folder/codebook.pdf", "%PDF"))),
    ],
)
def test_packed_files_are_read(data_copy: DataCopy, tmp_path: Path, name: str, content: bytes) -> None:
    assert ingest("ucdp", put(tmp_path, content, name)).totals["best"] == 3


def test_a_gzip_cut_short_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    content = gzip.compress(ged(*[{"best": str(n), "high": "999"} for n in range(500)]).encode())
    line = refused("ucdp", put(tmp_path, content[: len(content) // 2], "ged.csv.gz"), data_copy)
    assert "expected a whole archive, found one that is cut short or damaged" in line
    assert line.endswith("download it again")


def test_a_gzip_cut_short_far_behind_the_first_block_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    long = {"source_article": "x" * 3000}
    text = ged(*[long | {"id": str(n)} for n in range(3 * BLOCK // 3000)]).encode()
    content = gzip.compress(text, compresslevel=0)
    line = refused("ucdp", put(tmp_path, content[: len(content) * 9 // 10], "ged.csv.gz"), data_copy)
    assert "expected a whole archive" in line


def test_a_zip_cut_short_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    content = zipped(("ged.csv", ged({})))
    line = refused("ucdp", put(tmp_path, content[: len(content) - 30], "ged.zip"), data_copy)
    assert "expected a whole archive" in line


def test_a_damaged_zip_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    content = bytearray(zipped(("ged.csv", ged(*[{"best": str(n), "high": "999"} for n in range(500)]))))
    content[400:420] = bytes(20)
    assert "expected a whole archive" in refused("ucdp", put(tmp_path, bytes(content), "ged.zip"), data_copy)


def test_a_zip_with_two_tables_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    content = zipped(("ged251.csv", ged({})), ("ged261.csv", ged({})))
    line = refused("ucdp", put(tmp_path, content, "ged.zip"), data_copy)
    assert line == (
        "expected one CSV file in the archive, found 2 (ged251.csv, ged261.csv): "
        "unpack it and name the one that is meant"
    )


def test_a_zip_without_a_table_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, zipped(("codebook.pdf", "%PDF")), "ged.zip"), data_copy)
    assert line.startswith("expected one CSV file in the archive, found 0 (none)")


def test_a_file_that_only_claims_to_be_packed_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}), "ged.csv.gz"), data_copy)
    assert line.startswith("expected a gzip or zip archive, found something else")


# --- bad input ------------------------------------------------------------------------------------------

WRONG_CELLS = {
    "a date with slashes": (
        {"date_start": "31/07/2016"},
        "column date_start: expected a date written YYYY-MM-DD",
    ),
    "a date that is none": (
        {"date_end": "2016-02-30"},
        "column date_end: expected a date written YYYY-MM-DD",
    ),
    "negative deaths": ({"best": "-3"}, "column best: expected a number not below zero, found '-3'"),
    "half a death": ({"low": "2.5"}, "column low: expected a whole number, found '2.5'"),
    "no deaths stated": ({"best": ""}, "column best: expected a filled cell, found an empty cell"),
    "words for deaths": (
        {"deaths_civilians": "few"},
        "column deaths_civilians: expected a whole number, found 'few'",
    ),
    "an unknown type": (
        {"type_of_violence": "4"},
        "column type_of_violence: expected a type of violence from 1 to 3",
    ),
    "an unknown precision": (
        {"date_prec": "0"},
        "column date_prec: expected a precision from 1 to 5, found '0'",
    ),
    "a decimal comma": (
        {"latitude": "36,2"},
        "column latitude: expected a number with a decimal point, found '36,2'",
    ),
    "an id in words": ({"id": "SYR-1"}, "column id: expected a whole number, found 'SYR-1'"),
    "coordinates elsewhere": (
        {"latitude": "52.1", "longitude": "4.3"},
        "column latitude: expected a point in Syria",
    ),
}


@pytest.mark.parametrize(("cells", "message"), WRONG_CELLS.values(), ids=list(WRONG_CELLS))
def test_a_wrong_cell_is_refused_with_row_and_column(
    data_copy: DataCopy, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    line = refused("ucdp", put(tmp_path, ged({}, {"source_article": "two\nlines"}, cells, {})), data_copy)
    # the second event fills two lines of the file
    assert line.startswith(f"row 5, {message}")
    assert ": " in line.partition("found ")[2], "says what to do"


def test_swapped_coordinates_are_recognised(data_copy: DataCopy, tmp_path: Path) -> None:
    swapped = {"latitude": "38.5", "longitude": "36.2"}
    line = refused("ucdp", put(tmp_path, ged({}, swapped)), data_copy)
    assert line.startswith("row 3, column latitude: expected a point in Syria")
    assert line.endswith("found 38.5, 36.2: latitude and longitude look swapped: rename the two columns")


def test_a_best_estimate_outside_low_and_high_is_counted_and_told(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    result = ingest("ucdp", put(tmp_path, ged({}, {"low": "177", "best": "142", "high": "177"})))
    assert result.totals["best"] == 145
    (told,) = [message for message in result.messages if "outside low and high" in message]
    assert told.startswith("1 events have a best estimate outside low and high and are counted as published")
    assert "the first in row 3 (low 177, best 142, high 177)" in told


def test_a_best_estimate_outside_low_and_high_is_refused_when_strict(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    before = data_copy.fingerprint()
    with pytest.raises(
        EvidenceError, match=r"row 3, column best: expected a number from low to high, found low 9"
    ):
        ucdp.ingest(put(tmp_path, ged({}, {"low": "9"})), data_copy.folder, strict=True)
    assert data_copy.fingerprint() == before


@pytest.mark.parametrize("column", ucdp.COLUMNS)
def test_a_missing_column_is_named(data_copy: DataCopy, tmp_path: Path, column: str) -> None:
    frame = pd.read_csv(io.StringIO(ged({})), dtype="string", keep_default_na=False)
    line = refused("ucdp", put(tmp_path, frame.drop(columns=column).to_csv(index=False)), data_copy)
    assert line.startswith(f"row 1, column {column}: expected a column called {column}, found only id,") or (
        column == "id" and line.startswith("row 1, column id: expected a column called id, found only relid,")
    )


def test_a_renamed_column_is_guessed_at_but_not_taken(data_copy: DataCopy, tmp_path: Path) -> None:
    text = ged({}).replace("date_start", "start_date", 1)
    line = refused("ucdp", put(tmp_path, text), data_copy)
    assert line.startswith("row 1, column date_start: expected a column called date_start")
    assert line.endswith("if start_date is meant, rename it")


def test_a_column_that_stands_twice_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}).replace("deaths_a", "BEST", 1)), data_copy)
    assert line == "row 1, column best: expected this column once, found BEST and best: leave one of them out"


def test_a_release_without_header_is_recognised(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}, {}).split("\n", 1)[1]), data_copy)
    assert line.startswith("row 1, column id: expected a header row, found a row of values")


def test_semicolons_between_columns_are_recognised(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}).replace(",", ";")), data_copy)
    assert line == (
        "row 1: expected commas between the columns, found semicolons: "
        "export it again with commas between the columns"
    )


NO_TABLE: dict[str, tuple[bytes, str]] = {
    "an HTML error page": (
        b"<!DOCTYPE html>\n<html><h1>403</h1></html>\n",
        "found a web page saved under this name",
    ),
    "an empty file": (b"", "found an empty file"),
    "only blank lines": (b"\r\n \n", "found an empty file"),
    "a header only": ((",".join(GED_COLUMNS) + "\n").encode(), "found only a header row"),
    "a header without end": (",".join(GED_COLUMNS).encode(), "found only one line"),
    "a Git LFS pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
        "found a Git LFS pointer",
    ),
    "UTF-16": (ged({}).encode("utf-16"), "found UTF-16 or binary content"),
    "a spreadsheet": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "found UTF-16 or binary content"),
}


@pytest.mark.parametrize(("content", "message"), NO_TABLE.values(), ids=list(NO_TABLE))
def test_what_is_no_table_is_refused(
    data_copy: DataCopy, tmp_path: Path, content: bytes, message: str
) -> None:
    line = refused("ucdp", put(tmp_path, content), data_copy)
    assert message in line
    assert ": " in line.partition("found ")[2], "says what to do"


def test_a_missing_file_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    assert "found nothing there: check the path" in refused("ucdp", tmp_path / "none.csv", data_copy)


def test_a_folder_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    assert "expected a file, found a folder" in refused("ucdp", tmp_path, data_copy)


def test_duplicate_ids_are_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused(
        "ucdp", put(tmp_path, ged({"id": "7"}, {"id": "8"}, {"id": "7.0"}, {"id": "8"})), data_copy
    )
    assert line.startswith("row 4, column id: expected an id that occurs once, found '7' a second time")


def test_duplicate_ids_far_apart_are_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    long = {"source_article": "x" * 3000}
    rows = [long | {"id": str(n)} for n in range(2 * BLOCK // 3000)]
    line = refused("ucdp", put(tmp_path, ged({"id": "1"}, *rows[2:], {"id": "1"})), data_copy)
    assert line.startswith(f"row {len(rows) + 1}, column id: expected an id that occurs once")


@pytest.mark.parametrize("fields", ["1,2", "1,2,3" + "," * 60])
def test_a_row_with_fields_too_few_or_many_is_refused(
    data_copy: DataCopy, tmp_path: Path, fields: str
) -> None:
    line = refused("ucdp", put(tmp_path, ged({"source_article": "two\nlines"}) + fields + "\n"), data_copy)
    assert line.startswith(f"row 4: expected 49 fields, found {fields.count(',') + 1} fields")


def test_a_broken_row_that_is_not_utf8_is_refused_in_the_same_words(
    data_copy: DataCopy, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    content = ged({}).encode() + b"caf\xe9,2\n"
    line = refused("ucdp", put(tmp_path, content), data_copy)
    assert line.startswith("row 3: expected 49 fields, found 2 fields")
    assert capfd.readouterr().err == ""


def test_a_file_cut_off_in_its_last_line_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}, {})[:-1]), data_copy)
    assert line.startswith("row 3: expected a line break after the last row, found the end of the file")


def test_a_quote_left_open_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    text = ged({}, {"source_article": "OPEN"}, {}).replace("OPEN", '"open')
    assert refused("ucdp", put(tmp_path, text), data_copy).startswith("row 3: expected 49 fields")


def test_a_quote_left_open_in_the_last_cell_is_refused(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}, {"gwnob": "OPEN"}).replace("OPEN", '"652')), data_copy)
    assert line.startswith("row 3: expected closed quotes, found one that is still open")


@pytest.mark.parametrize("megabytes", [5, 10])
def test_a_row_of_many_megabytes_is_refused(data_copy: DataCopy, tmp_path: Path, megabytes: int) -> None:
    long = {"source_article": "x" * (megabytes << 20)}
    line = refused("ucdp", put(tmp_path, ged({}, {}, long, {})), data_copy)
    assert line == (
        f"row 4: expected a row of less than 2 MB, found one of about {megabytes} MB: "
        "look for a quote that is not closed, or shorten the text"
    )


# --- accepted oddities ----------------------------------------------------------------------------------


def test_crlf_line_ends_are_accepted(data_copy: DataCopy, tmp_path: Path) -> None:
    text = ged({}, {"source_article": "two\r\nlines"}, ends="\r\n")
    assert ingest("ucdp", put(tmp_path, text)).totals["events"] == 2


def test_a_byte_order_mark_is_accepted_with_a_message(data_copy: DataCopy, tmp_path: Path) -> None:
    result = ingest("ucdp", put(tmp_path, "\ufeff" + ged({})))
    assert result.totals["events"] == 1
    assert "a byte order mark at the start was left out" in result.messages


def test_cp1252_in_a_column_that_counts_is_accepted_with_a_message(
    data_copy: DataCopy, tmp_path: Path
) -> None:
    rows = ged({"adm_1": "Région d’Alep"}, {"adm_1": "Région d’Alep"}, {"adm_1": "حلب"}).encode()
    mixed = rows.replace("Région d’Alep".encode(), "Région d’Alep".encode("cp1252"))
    result = ingest("ucdp", put(tmp_path, mixed))
    assert "2 cells were not UTF-8 and have been read as CP1252 (Western European)" in result.messages
    assert series(result)["governorate"].tolist() == ["SY02", "unmapped"]
    assert any("'Région d’Alep'" in message for message in result.messages)


def test_any_bytes_in_columns_that_do_not_count_are_accepted(data_copy: DataCopy, tmp_path: Path) -> None:
    text = ged({"source_article": "BYTES"}, {}).encode().replace(b"BYTES", b"\xff\xfe caf\xe9 \x81")
    assert ingest("ucdp", put(tmp_path, text)).totals["events"] == 2


def test_line_breaks_quotes_and_commas_within_cells_are_accepted(data_copy: DataCopy, tmp_path: Path) -> None:
    article = '"SOHR, 2016-07-03,\nfirst ""line"""\n\n1,2,3\n"'
    result = ingest("ucdp", put(tmp_path, ged({"source_article": article}, {"source_headline": 'a "b'}, {})))
    assert result.totals["events"] == 3


def test_blank_lines_between_rows_are_accepted(data_copy: DataCopy, tmp_path: Path) -> None:
    assert ingest("ucdp", put(tmp_path, ged({}, {}).replace("\n", "\n\n"))).totals["events"] == 2


def test_the_row_in_a_message_counts_blank_lines_too(data_copy: DataCopy, tmp_path: Path) -> None:
    line = refused("ucdp", put(tmp_path, ged({}, {"best": "x"}).replace("\n", "\n\n")), data_copy)
    assert line.startswith("row 5, column best")


# --- against pandas -------------------------------------------------------------------------------------

# a carriage return by itself ends a line for every reader, and the csv module leaves it without quotes
cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=30)
event = st.fixed_dictionaries(
    {
        "source_article": cells,
        "where_description": st.sampled_from(["", "a\nb", 'say "no"', "a,b", "\r\n", '"', "\n\n"]),
        "adm_1": st.sampled_from(["Aleppo Governorate", "Idlib Governorate", "", "Elsewhere, “far”"]),
        "type_of_violence": st.sampled_from(["1", "2.0", "3"]),
        "country_id": st.sampled_from(["652", "652.0", "645"]),
        "date_prec": st.sampled_from(["1", "4", "5"]),
        "where_prec": st.sampled_from(["1", "6", "7"]),
        "date_start": st.dates(pd.Timestamp("1989-01-01").date(), pd.Timestamp("2026-12-31").date()).map(str),
        "best": st.integers(0, 9999).map(str),
        "low": st.integers(0, 9999).map(lambda number: f"{number}.0"),
    }
)


def by_pandas(text: str) -> pd.DataFrame:
    """The same sums, the plain way."""
    known = Governorates.known()
    events = pd.read_csv(io.StringIO(text, newline=""))
    events = events[(events["country_id"] == 652) & (events["date_prec"] != 5) & (events["where_prec"] != 6)]
    events = events.assign(
        month=events["date_start"].str[:7],
        governorate=[known.code(name) or "unmapped" for name in events["adm_1"].fillna("")],
        type_of_violence=[ucdp.UCDP_TYPES[int(number) - 1] for number in events["type_of_violence"]],
        events=1,
    )
    key = ["month", "governorate", "type_of_violence"]
    sums = events.groupby(key)[["events", *ucdp.MEASURES]].sum().astype("int64")
    return sums.reset_index()


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(events=st.lists(event, min_size=1, max_size=25), ends=st.sampled_from(["\n", "\r\n"]))
def test_sums_are_those_of_pandas_whatever_stands_in_the_cells(
    tmp_path_factory: pytest.TempPathFactory, events: list[dict[str, str]], ends: str
) -> None:
    text = ged(*events, {"country_id": "652"}, ends=ends)
    file = put(tmp_path_factory.mktemp("ged"), text)
    source, found = Source(file), ucdp.Found()
    mine = ucdp.aggregate(ucdp.check(ucdp.read(source), source, found), Governorates.known(), found)
    theirs = by_pandas(text)
    assert mine.to_csv(index=False) == theirs.to_csv(index=False)


@pytest.mark.parametrize("rows", [1, 700, 2000])
def test_sums_do_not_depend_on_where_a_block_ends(data_copy: DataCopy, tmp_path: Path, rows: int) -> None:
    events = [
        {"source_article": "line\n" * (number % 700) + f'"quoted, {number}"', "best": str(number % 7)}
        for number in range(rows)
    ]
    text = ged(*events)
    result = ingest("ucdp", put(tmp_path, text))
    assert result.totals["events"] == rows
    assert result.totals["best"] == by_pandas(text)["best"].sum()


def test_progress_ends_at_the_size_of_the_file(data_copy: DataCopy, tmp_path: Path) -> None:
    file = put(tmp_path, ged({}, {}))
    told: list[tuple[int, int]] = []
    ingest("ucdp", file, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (file.stat().st_size, file.stat().st_size)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_the_command_says_one_line_and_exits_with_1(data_copy: DataCopy, tmp_path: Path) -> None:
    file = put(tmp_path, ged({}, {"best": "-1"}))
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from aleppo.cli import main; sys.exit(main())",
            "ingest",
            "ucdp",
            str(file),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "row 3, column best: expected a number not below zero, found '-1'" in done.stderr


def test_the_command_writes_the_series(
    data_copy: DataCopy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ingest", "ucdp", str(put(tmp_path, ged({})))]) == 0
    assert len(load("ucdp_ged_monthly")) == 1
    assert "1 events in Syria counted from 2016-07 to 2016-07, 3 deaths (best)" in capsys.readouterr().out
