"""The multiverse: what is in the grid, and that no division of the work shows in the result."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import cache

import numpy as np
import pandas as pd
import pytest
import scale_samples

from aleppo.evidence.errors import AleppoError
from aleppo.model import multiverse
from aleppo.model.interrupted import fit
from aleppo.model.multiverse import Choices, Grid, grid, specifications, tasks
from aleppo.model.specification import Specification, kept_weeks, parameters

DAYS = ("2014-03-05", "2014-03-12", "2014-09-30")
FEW = Choices(
    baseline=(52, 104),
    horizon=(26, 52),
    season=("none", "month"),
    slope=(True, False),
    donut=(0, 2),
    lags=(4, 8),
)
AREAS = (("SY01", 1.0), ("SY02", 2.0), ("SY03", 0.01))


@cache
def small() -> Grid:
    return grid("SY02", scale_samples.counts(AREAS), ["SY01", "SY02", "SY03"], DAYS, choices=FEW)


@cache
def whole() -> pd.DataFrame:
    return multiverse.fit(small())


def bytes_of(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_of_the_library_below_does_not_show(threads: str) -> None:
    code = (
        "import sys; sys.path.insert(0, 'tests/unit'); import hashlib, test_model_multiverse as t;"
        "print(hashlib.sha256(t.bytes_of(t.whole())).hexdigest())"
    )
    settings_ = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | settings_, capture_output=True, text=True, check=True
    )
    import hashlib

    assert done.stdout.strip() == hashlib.sha256(bytes_of(whole())).hexdigest()


def test_tasks_are_in_a_fixed_order() -> None:
    every = tasks(small())
    assert [task.number for task in every] == list(range(len(every)))
    assert tasks(small()) == every
    # two outcomes, two models; three weeks, and two months that these weeks are nearest to
    assert len(every) == 2 * 3 + 2 * 2


def test_a_row_is_what_a_single_fit_says() -> None:
    frame, data = whole(), scale_samples.counts(AREAS)
    rows = frame[frame["rate_ratio"].notna() & (frame["comparison"] == "SY01")]
    for row in rows.sample(25, random_state=1).itertuples():
        each = data[row.outcome]
        monthly = each.period == "month"
        turned = multiverse.in_months if monthly else int
        one = Specification(
            *(turned(value) for value in (row.baseline, row.horizon)),
            row.model,
            turned(row.donut),
            turned(row.lags),
            row.season,
            "ratio",
            row.slope,
            each.period,
        )
        kept = each.table.index >= ("2011-03-01" if monthly else multiverse.FIRST)
        lengths = each.lengths[kept] if monthly else None
        found = fit(
            each.table["SY02"][kept], row._2, one, comparison=each.table["SY01"][kept], lengths=lengths
        )
        np.testing.assert_allclose(
            [row.rate_ratio, row.low, row.high], [found.rate_ratio, found.low, found.high], rtol=1e-7
        )
        assert (row.n_deaths_pre, row.n_deaths_post) == (found.n_deaths_pre, found.n_deaths_post)


def test_a_number_of_a_specification_is_the_same_at_every_break() -> None:
    choices = list(multiverse.CHOICES)
    named = whole().groupby(["outcome", "specification"], observed=True)[choices].nunique()
    assert (named == 1).all(axis=None)
    assert not whole().duplicated(["outcome", "break", "specification"]).any()


def test_what_has_no_estimate_says_why_and_holds_no_number() -> None:
    frame = whole()
    assert not frame[["n_deaths_pre", "n_deaths_post", "specification"]].isna().any(axis=None)
    empty = frame["rate_ratio"].isna()
    assert empty.any()
    assert (frame.loc[empty, "status"] != "estimated").all()
    assert (frame.loc[~empty, "status"] == "estimated").all()
    numbers = frame.loc[~empty, ["rate_ratio", "low", "high"]].to_numpy(dtype=float)
    assert np.isfinite(numbers).all()
    assert ((numbers[:, 1] <= numbers[:, 0]) & (numbers[:, 0] <= numbers[:, 2])).all()


@pytest.mark.parametrize("period", ["week", "month"])
def test_every_specification_has_three_periods_for_each_coefficient_and_stands_once(period: str) -> None:
    found = [one for model in ("poisson", "nb2") for one, _ in specifications(Choices(), period, model)]
    assert len(set(found)) == len(found)
    assert all(len(kept_weeks(one)) >= 3 * parameters(one.season, 12, one.slope) for one in found)
    assert {one.period for one in found} == {period}


def test_the_default_grid_of_weeks_is_full() -> None:
    assert len(specifications(Choices(), "week", "poisson")) == 4 * 3 * 3 * 2 * 3 * 3


def test_an_area_is_not_compared_with_itself_nor_the_country_with_its_parts() -> None:
    assert [name for name, _, _ in small().series[0].comparisons] == [
        "none", "SY01", "SY03", "sum", "sum as exposure",
    ]  # fmt: skip
    country = grid("all", scale_samples.counts(AREAS), ["SY01"], DAYS, choices=FEW)
    assert [name for name, _, _ in country.series[0].comparisons] == ["none"]


def test_an_unknown_area_and_a_choice_without_values_are_refused() -> None:
    with pytest.raises(
        AleppoError, match="weekly: expected an area out of SY01, SY02, SY03, all, found 'SY99'"
    ):
        grid("SY99", scale_samples.counts(AREAS), [], DAYS)
    with pytest.raises(AleppoError, match="lags: expected at least one value"):
        Choices(lags=())
