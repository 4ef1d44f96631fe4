"""What is not verified is marked, and what rows cite is named once."""

import pandas as pd

from aleppo.show.marks import cited, marked


def test_only_what_is_not_verified_is_marked():
    assert marked("Idlib", "yes") == "Idlib"
    assert marked("Idlib", "no") == "Idlib †"
    assert marked("", "no") == "†"


def test_sources_are_named_once_in_order_with_further_ones():
    rows = pd.DataFrame({"source_ids": ["b;a", "a", None]})
    assert cited(rows, "c", "a") == ["a", "b", "c"]
