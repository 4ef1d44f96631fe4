"""Values as plain JSON and CSV: short, repeatable, and nothing missing in silence."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.show.plain import compact, csv_text, plain, tidy


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.1) + 0.2, 0.3),
        (37.13518, 37.13518),
        (1234567.891, 1234568),
        (2.0, 2),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.array([1.0, 2.5]), [1, 2.5]),
        (np.array([[1, 2], [3, 4]]), [[1, 2], [3, 4]]),
        (pd.Series([1, 2]), [1, 2]),
        (pd.array([1, 2], dtype="Int64"), [1, 2]),
        (pd.Timestamp("2016-11-28"), "2016-11-28"),
        (pd.Timestamp("2016-11-28 12:00"), "2016-11-28T12:00:00"),
        (np.datetime64("2016-11-28"), "2016-11-28"),
        (datetime.date(2016, 11, 28), "2016-11-28"),
        (("a", None), ["a", None]),
        ({"k": (1,)}, {"k": [1]}),
    ],
)
def test_a_value_becomes_plain_json(value: Any, expected: Any) -> None:
    assert plain(value, "here") == expected


def test_arrays_that_plotly_packed_in_base64_come_back_as_lists() -> None:
    packed = go.Figure(go.Scatter(y=np.array([1.5, 2.25]))).to_plotly_json()["data"][0]["y"]
    assert "bdata" in packed
    assert plain(packed, "y") == [1.5, 2.25]


def test_packed_tables_of_numbers_keep_their_shape() -> None:
    packed = go.Figure(go.Heatmap(z=np.array([[1, 2, 3], [4, 5, 6]]))).to_plotly_json()["data"][0]["z"]
    assert plain(packed, "z") == [[1, 2, 3], [4, 5, 6]]


@pytest.mark.parametrize("missing", [math.nan, np.float64("nan"), pd.NA, pd.NaT])
def test_a_missing_value_is_refused_with_its_place(missing: Any) -> None:
    with pytest.raises(AleppoError, match=r"trace 1\.y\[1\]"):
        plain({"y": [1, missing]}, "trace 1")


@pytest.mark.parametrize("missing", [math.nan, pd.NA, pd.NaT])
def test_a_missing_value_is_null_where_gaps_are_meant(missing: Any) -> None:
    assert plain([1, missing], "y", gaps=True) == [1, None]


def test_infinity_is_refused_even_where_gaps_are_meant() -> None:
    with pytest.raises(AleppoError, match="infinity"):
        plain([math.inf], "y", gaps=True)


def test_an_object_that_json_does_not_know_is_refused() -> None:
    with pytest.raises(AleppoError, match="found set"):
        plain({1}, "x")


def test_compact_json_does_not_depend_on_the_order_of_keys() -> None:
    assert compact({"b": 1, "a": "é"}) == compact({"a": "é", "b": 1}) == '{"a":"é","b":1}'


def test_csv_writes_dates_flags_lists_and_missing_values_plainly() -> None:
    frame = pd.DataFrame(
        {
            "day": pd.to_datetime(["2016-11-28", None]),
            "n": pd.array([3, None], dtype="Int64"),
            "share": [0.1 + 0.2, 1.0],
            "verified": [True, False],
            "words": ['a "b", c', "حلب"],
        }
    )
    assert csv_text(frame) == ('day,n,share,verified,words\n2016-11-28,3,0.3,yes,"a ""b"", c"\n,,1,no,حلب\n')


def test_a_named_index_becomes_a_column_and_an_unnamed_one_does_not() -> None:
    named = pd.DataFrame({"n": [1]}, index=pd.Index(["x"], name="place"))
    assert list(tidy(named, "figure f").columns) == ["place", "n"]
    assert list(tidy(pd.DataFrame({"n": [1]}), "figure f").columns) == ["n"]


@pytest.mark.parametrize("frame", [pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame({1: [2]}), [1, 2]])
def test_data_that_could_not_be_downloaded_are_refused(frame: Any) -> None:
    with pytest.raises(AleppoError, match="figure f"):
        tidy(frame, "figure f")
