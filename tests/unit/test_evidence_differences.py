"""What another data folder changes of the published tables."""

from __future__ import annotations

from aleppo.evidence import verify
from aleppo.evidence.differences import TableChange, changes
from data_copy import DataCopy


def only(data_copy: DataCopy) -> TableChange:
    (found,) = changes(data_copy.folder)
    return found


def test_a_copy_of_the_published_data_changes_nothing(data_copy: DataCopy) -> None:
    assert changes(data_copy.folder) == ()


def test_rows_added_removed_and_changed_are_counted_by_key_with_the_sums_of_a_series(
    data_copy: DataCopy,
) -> None:
    rows = data_copy.rows("ucdp_ged_monthly")
    before = sum(int(row["best"]) for row in rows)
    gone, changed = rows.pop(0), rows[0]
    changed["best"] = str(int(changed["best"]) + 7)
    rows += [changed | {"month": "2031-01", "best": "5"}, changed | {"month": "2031-02", "best": "6"}]
    data_copy.write("ucdp_ged_monthly", rows)
    found = only(data_copy)
    assert (found.name, found.added, found.removed, found.changed) == ("ucdp_ged_monthly", 2, 1, 1)
    assert found.totals["best"] == (before, before - int(gone["best"]) + 7 + 5 + 6)
    assert "2 rows added, 1 removed, 1 changed" in found.line
    assert f"best {before:,} -> " in found.line


def test_a_compiled_table_has_rows_and_no_sums(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="another")
    assert only(data_copy).line == "0 rows added, 0 removed, 1 changed"


def test_the_same_rows_in_other_bytes_are_told_as_such(data_copy: DataCopy) -> None:
    path = data_copy.path("towns")
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert only(data_copy).line == "the same rows in other bytes"


def test_other_columns_cannot_be_compared(data_copy: DataCopy) -> None:
    data_copy.path("towns").write_text("a\n1\n")
    assert only(data_copy).line == "it cannot be compared row by row"


def test_a_table_that_the_published_data_do_not_have_is_the_readers_own(data_copy: DataCopy) -> None:
    (data_copy.folder / "series" / "acled_monthly.csv").write_text("a\n1\n")
    assert "of your own" in only(data_copy).line


def test_verify_says_what_differs(data_copy: DataCopy) -> None:
    data_copy.change("towns", lambda row: True, note="another")
    notes = verify(data_copy.folder).notes
    assert "other than published: towns (0 rows added, 0 removed, 1 changed)" in notes
