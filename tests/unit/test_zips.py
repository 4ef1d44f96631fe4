"""Zip files: the same bytes for the same content, and no name that leads out of a folder."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aleppo.bookkit.store import Store
from aleppo.bookkit.zips import zipped

DAY = datetime(2026, 11, 24, tzinfo=UTC)


def entries(content: bytes) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(io.BytesIO(content)).infolist()


def test_order_dates_and_rights_are_those_of_the_content_alone(tmp_path: Path) -> None:
    file = tmp_path / "b"
    file.write_bytes(b"x" * 1000)
    before = zipped({"c": b"1", "a/b": file, "first": b"2"}, DAY, first=["first"])
    os.utime(file, (0, 0))
    file.chmod(0o600)
    assert zipped({"first": b"2", "a/b": file, "c": b"1"}, DAY, first=["first"]) == before
    assert [entry.filename for entry in entries(before)] == ["first", "a/b", "c"]
    assert {entry.date_time for entry in entries(before)} == {(2026, 11, 24, 0, 0, 0)}
    assert {entry.external_attr >> 16 for entry in entries(before)} == {0o100644}
    assert {entry.create_system for entry in entries(before)} == {3}


def test_what_is_packed_already_is_stored() -> None:
    made = zipped({"a.png": b"0" * 1000, "a.csv": b"0" * 1000, "mimetype": b"0" * 1000}, first=["mimetype"])
    assert {entry.filename: entry.compress_size < 1000 for entry in entries(made)} == {
        "mimetype": False,
        "a.csv": True,
        "a.png": False,
    }


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "a\\b", ""])
def test_a_name_that_leads_out_of_the_folder_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="expected a name below its folder"):
        zipped({name: b""})


def test_a_day_before_the_first_that_the_format_knows_is_that_one() -> None:
    [entry] = entries(zipped({"a": b""}, datetime(1970, 1, 1, tzinfo=UTC)))
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_what_no_build_asked_for_is_not_kept(tmp_path: Path) -> None:
    first = Store(tmp_path / "kept")
    one, two = Store.key("a", b"1"), Store.key("a", b"2")
    assert len({one, two, Store.key("a1", b"")}) == 3
    assert first.get(one) is None
    assert first.put(one, b"one") == b"one"
    first.put(two, b"two")
    later = Store(tmp_path / "kept")
    assert later.get(one) == b"one"
    later.tidy()
    assert (later.get(one), later.get(two)) == (b"one", None)
