"""A multiverse read as a whole, on frames small enough to reckon by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.model import reading
from aleppo.model.multiverse import CHOICES


def frame(ratios: list[float | None], **choices: list[object]) -> pd.DataFrame:
    size = len(ratios)
    columns: dict[str, object] = {choice: ["one"] * size for choice in CHOICES} | choices
    found = pd.DataFrame(columns)
    for name, factor in (("rate_ratio", 1.0), ("low", 0.5), ("high", 2.0)):
        found[name] = pd.array(
            [None if value is None else value * factor for value in ratios], dtype="Float64"
        )
    found["status"] = ["estimated" if value is not None else "no deaths in the window" for value in ratios]
    return found


def test_the_distribution_counts_signs_and_intervals_of_what_was_estimated() -> None:
    told = reading.distribution(frame([0.25, 0.5, 1.0, 2.0, 4.0, None]))
    assert (told.specifications, told.estimated) == (6, 5)
    assert told.median == pytest.approx(1.0)
    assert (told.above, told.below) == (0.4, 0.4)
    # half to double the ratio: 0.25 lies wholly below one and 4 wholly above; 0.5 and 2 just touch it
    assert (told.interval_above, told.interval_below, told.interval_holds_one) == (0.2, 0.2, 0.6)
    assert told.lower == pytest.approx(0.5)
    assert told.upper == pytest.approx(2.0)


def test_nothing_estimated_is_one_clear_line_that_says_why() -> None:
    with pytest.raises(AleppoError, match="at least one estimate, found none: no deaths in the window"):
        reading.distribution(frame([None, None]))


def test_the_choice_that_decides_holds_all_the_variance_and_one_without_effect_none() -> None:
    made = frame(
        [1.0, 4.0, 1.0, 4.0], baseline=[52, 104, 52, 104], model=["poisson", "poisson", "nb2", "nb2"]
    )
    table = reading.movers(made).set_index("choice")
    assert list(table.index) == ["baseline", "model"]
    assert table.loc["baseline", ["lowest_level", "lowest", "highest_level", "highest"]].tolist() == [
        "52", 1.0, "104", 4.0,
    ]  # fmt: skip
    assert table.loc["baseline", "spread"] == 4.0
    assert table["share"].tolist() == pytest.approx([1.0, 0.0])


def test_two_choices_that_only_matter_together_leave_the_variance_to_their_combination() -> None:
    made = frame(
        [1.0, 4.0, 4.0, 1.0], baseline=[52, 104, 52, 104], model=["poisson", "poisson", "nb2", "nb2"]
    )
    assert reading.movers(made)["share"].sum() == pytest.approx(0.0)


def test_the_curve_rises_and_keeps_both_ends() -> None:
    ratios = np.random.default_rng(2).lognormal(size=500).tolist()
    found = reading.curve(frame(ratios), 40)
    assert len(found) == 40
    assert found["rate_ratio"].is_monotonic_increasing
    assert found["rate_ratio"].iloc[[0, -1]].tolist() == [min(ratios), max(ratios)]
    assert found["rank"].iloc[[0, -1]].tolist() == [0.0, 1.0]


def test_ratios_that_differ_in_the_last_digits_only_stay_in_the_order_of_the_grid() -> None:
    made = frame([3.0, 2.0 * (1 + 1e-13), 2.0, 1.0], lags=[1, 2, 3, 4])
    assert reading.curve(made, 4)["lags"].tolist() == [4, 2, 3, 1]


def test_the_levels_of_a_choice_that_does_not_matter_are_spread_evenly_along_the_curve() -> None:
    ratios = np.repeat(np.linspace(1, 3, 200), 2).tolist()
    found = reading.shares_along(frame(ratios, model=["poisson", "nb2"] * 200), 10)
    assert found["share"].to_numpy() == pytest.approx(0.1)
    assert found.groupby("level")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert set(found["choice"]) == {"model"}
