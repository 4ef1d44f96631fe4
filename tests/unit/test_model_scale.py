"""Studies in pieces: what they give, how they are kept, and that a folder is never two studies."""

from __future__ import annotations

import json
import pickle
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from scale_samples import DAY, FEW, PLACEBO, Counting, counts, files, study

from aleppo.evidence.errors import AleppoError
from aleppo.measure.toll import Counts
from aleppo.model import multiverse, partitions, placebo, resampled, scale
from aleppo.model.resample import Resample


@pytest.fixture(autouse=True)
def small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scale, "IN_A_FILE", 2)


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of four resamples, computed once."""
    folder = tmp_path_factory.mktemp("computed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "IN_A_FILE", 2)
        scale.run(study(), folder)
    return folder


# --- what it gives -------------------------------------------------------------------------------------------


def test_the_recorded_rows_are_the_multiverse_in_the_same_order(computed: Path) -> None:
    found = scale.read(computed, resampled=False)
    assert (found.pop("resample") == 0).all()
    pd.testing.assert_frame_equal(found, multiverse.fit(study().grid))


def test_a_resample_is_the_same_multiverse_on_other_weeks(computed: Path) -> None:
    found = scale.read(computed, recorded=False, outcomes=["weekly"], days=[DAY])
    asked = study()
    series, start = asked.grid.series[0], pd.Timestamp("2014-09-29")
    position = series.data.position(DAY)
    assert multiverse.start_of(series, position) == start
    task = multiverse.Task(0, 0, position, "nb2")
    for number in (1, 4):
        batch = multiverse.estimates(asked.grid, task, Resample(number, start))
        expected = multiverse.framed(asked.grid, task, batch)
        rows = found[(found["resample"] == number) & (found["model"] == "nb2")]
        assert rows["rate_ratio"].tolist() == expected["rate_ratio"].tolist()
        assert rows["n_deaths_pre"].tolist() == expected["n_deaths_pre"].tolist()
    assert found[["low", "high"]].isna().all(axis=None), "errors of weeks out of order are none"


def test_choices_are_told_and_lags_follow_the_block() -> None:
    assert study(resamples=0).grid.choices.lags == FEW.lags
    assert study(resamples=1).grid.choices.lags == (8,)
    assert study(resamples=1, block=5).grid.choices.lags == (4,)


def test_columns_breaks_and_outcomes_can_be_left_out(computed: Path) -> None:
    found = scale.read(
        computed, outcomes=["monthly"], days=PLACEBO, columns=["break", "rate_ratio", "outcome"]
    )
    assert list(found.columns) == ["outcome", "break", "rate_ratio"]
    assert set(found["outcome"]) == {"monthly"}
    # both placebo weeks are nearest to the same month
    assert found["break"].unique().tolist() == [pd.Timestamp("2013-06-01")]


def test_pieces_are_named_by_what_is_in_them_and_can_be_sent_alone() -> None:
    every = scale.pieces(study())
    names = [piece.name for piece in every]
    assert len(set(names)) == len(names) == 3 * 10
    assert names[0] == "weekly.2013-06-03.poisson.00000-00000.parquet"
    assert names[-1] == "monthly.2014-10-01.nb2.00003-00004.parquet"
    piece = every[-1]
    assert [series.outcome for series in piece.grid.series] == ["monthly"]
    assert len(pickle.dumps(piece)) < 20_000
    assert scale.compute(pickle.loads(pickle.dumps(piece))) == scale.compute(piece)


def test_seeds_come_from_the_plan_and_not_from_the_order(computed: Path, tmp_path: Path) -> None:
    """More placebo days and fewer outcomes, done backwards: a resample that both have is the same."""
    other = study(resamples=2, placebo=("2013-01-08", *PLACEBO))
    scale.run(replace(other, grid=replace(other.grid, series=other.grid.series[:1])), tmp_path, Counting())  # type: ignore[arg-type]
    rows = [
        scale.read(
            folder, recorded=False, outcomes=["weekly"], days=[DAY], columns=["resample", "rate_ratio"]
        )
        for folder in (computed, tmp_path)
    ]
    pd.testing.assert_frame_equal(rows[0][rows[0]["resample"] <= 2].reset_index(drop=True), rows[1])
    seeded = study(resamples=2, seed=1)
    assert scale.compute(scale.pieces(seeded)[-1]) != scale.compute(scale.pieces(study(resamples=2))[-1])


# --- how it is kept ------------------------------------------------------------------------------------------


def test_a_run_that_is_stopped_keeps_what_it_has_and_the_next_does_the_rest(
    computed: Path, tmp_path: Path
) -> None:
    """The engine works backwards, too: neither the order nor the number of runs shows in a byte."""
    first, second = Counting(after=12), Counting()
    told: list[tuple[int, int]] = []
    with pytest.raises(KeyboardInterrupt):
        scale.run(study(), tmp_path, first)  # type: ignore[arg-type]
    assert set(files(tmp_path)) == {partitions.PLAN, *first.names}
    with pytest.raises(AleppoError, match=r"expected 30 files of results, found 12 .*run the command again"):
        scale.read(tmp_path)
    ran = scale.run(study(), tmp_path, second, progress=lambda *each: told.append(each))  # type: ignore[arg-type]
    assert ran == scale.Ran(files=30, computed=18)
    assert told == [(done, 30) for done in range(12, 31)]
    assert not set(first.names) & set(second.names)
    assert files(tmp_path) == files(computed)


def test_only_what_is_missing_or_cannot_be_read_is_computed_again(computed: Path, tmp_path: Path) -> None:
    for name, content in files(computed).items():
        (tmp_path / name).write_bytes(content)
    every = [piece.name for piece in scale.pieces(study())]
    (tmp_path / every[3]).unlink()
    (tmp_path / every[17]).write_bytes(files(computed)[every[17]][:500])
    (tmp_path / f".{every[5]}.k1ll3d").write_bytes(b"half")
    engine = Counting()
    scale.run(study(), tmp_path, engine)  # type: ignore[arg-type]
    assert sorted(engine.names) == sorted([every[3], every[17]])
    assert files(tmp_path) == files(computed)


def test_a_file_says_nothing_of_when_it_was_made(computed: Path) -> None:
    path = next(computed.glob("*.parquet"))
    kept = pq.ParquetFile(path).metadata
    assert set(kept.metadata) <= {b"aleppo.plan", b"ARROW:schema"}
    assert kept.num_row_groups == 1
    assert json.loads((computed / partitions.PLAN).read_text()) == scale.plan(study())


def imports(module: str) -> set[str]:
    """Modules of the models that a module of theirs imports."""
    text = Path(scale.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    found = set(re.findall(r"^ *from aleppo\.model\.(\w+) import", text, re.MULTILINE))
    for names in re.findall(r"^ *from aleppo\.model import (.+)$", text, re.MULTILINE):
        found |= set(names.split(", "))
    return found


def test_the_plan_names_every_module_that_rows_are_made_by() -> None:
    reached, left = set[str](), {"scale"}
    while left:
        module = left.pop()
        reached.add(module)
        left |= imports(module) - reached - {"engines"}
    assert reached == set(partitions.CODE)


def other_counts() -> dict[str, Counts]:
    changed = counts()["monthly"].table.copy()
    changed.iloc[-1, 1] += 1
    return counts() | {"monthly": replace(counts()["monthly"], table=changed)}


def test_a_folder_of_other_data_is_refused(computed: Path) -> None:
    other = scale.study("SY02", other_counts(), ["SY01"], DAY, placebo=PLACEBO, choices=FEW, resamples=4)
    before = files(computed)
    with pytest.raises(
        AleppoError, match=r"plan.json: results of other data \(data.monthly: .*another folder"
    ):
        scale.run(other, computed)
    assert files(computed) == before


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"resamples": 6}, r"another plan \(resamples: 4 there, 6 asked for now\)"),
        ({"seed": 3}, r"another plan \(seed: 0 there, 3 asked for now\)"),
        ({"block": 7}, r"another plan \(choices.lags: \[8\] there, \[6\] asked for now\)"),
        ({"placebo": PLACEBO[:1]}, "another plan"),
    ],
)
def test_a_folder_of_another_plan_is_refused_in_one_line(
    computed: Path, further: dict[str, object], message: str
) -> None:
    with pytest.raises(AleppoError, match=message) as told:
        scale.run(study(**further), computed)  # type: ignore[arg-type]
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("part", ["aleppo", "code", "numpy", "pyarrow"])
def test_a_folder_of_another_version_is_refused(
    computed: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = partitions.made_with() | {part: "0.0.1"}
    monkeypatch.setattr(partitions, "made_with", lambda: there)
    with pytest.raises(AleppoError, match=rf"another version of the software \(made_with.{part}: "):
        scale.run(study(), computed)


def test_what_is_no_folder_of_results_is_refused(computed: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "plan.json").write_text("[]")
    for folder, message in {
        tmp_path: "expected an empty folder or one with a plan.json, found neither",
        tmp_path / "file": "expected a folder for the results, found a file",
        tmp_path / "broken": "expected the plan of the results, found something else",
    }.items():
        with pytest.raises(AleppoError, match=message):
            scale.run(study(), folder)
    with pytest.raises(AleppoError, match="expected the plan of the results, found nothing there"):
        scale.read(tmp_path / "none")


def test_two_runs_do_not_work_in_one_folder(computed: Path) -> None:
    with (
        partitions.alone(computed),
        pytest.raises(AleppoError, match="another run is at work in this folder"),
    ):
        scale.run(study(), computed)


def test_a_file_of_another_study_among_the_results_is_refused(computed: Path, tmp_path: Path) -> None:
    partitions.begin(tmp_path, scale.plan(study(seed=1)), [])
    name = scale.pieces(study())[0].name
    (tmp_path / name).write_bytes(files(computed)[name])
    with pytest.raises(
        AleppoError, match=f"{name}: expected results of the plan in plan.json, found results of"
    ):
        scale.run(study(seed=1), tmp_path)


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"resamples": -1}, "resamples: expected a whole number from 0, found -1"),
        ({"block": 0}, "block: expected a whole number of weeks from 1, found 0"),
        ({"block": 26}, "block: expected fewer than 26 weeks, .*horizon of 26 and a donut of 0, found 26"),
    ],
)
def test_a_study_that_cannot_be_is_refused(further: dict[str, object], message: str) -> None:
    with pytest.raises(AleppoError, match=message):
        study(**further)  # type: ignore[arg-type]


# --- how it is read ------------------------------------------------------------------------------------------


def test_intervals_are_percentiles_beside_those_of_hac_errors(computed: Path) -> None:
    table = resampled.intervals(computed)
    rows = scale.read(computed, days=[DAY])
    recorded, drawn = rows[rows["resample"] == 0], rows[rows["resample"] > 0]
    assert len(table) == recorded["rate_ratio"].notna().sum()
    for row in table.iloc[::7].itertuples():
        one = drawn[(drawn["outcome"] == row.outcome) & (drawn["specification"] == row.specification)]
        logs = np.log(one["rate_ratio"].dropna().to_numpy(dtype=float))
        assert row.resamples == len(logs)
        assert np.log([row.block_low, row.block_high]) == pytest.approx(np.quantile(logs, [0.025, 0.975]))
        assert row.above == (logs > 0).mean()
    assert (table["low"] < table["rate_ratio"]).all()


def test_few_estimates_make_no_interval(computed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resampled, "LEAST_ESTIMATED", 1.01)
    assert resampled.intervals(computed)["block_low"].isna().all()
    with pytest.raises(AleppoError, match="expected at least one estimate, found none"):
        resampled.told(computed)


def test_placebos_of_the_recorded_counts_are_those_of_the_multiverse(computed: Path) -> None:
    grid = study().grid
    real = multiverse.fit(replace(grid, days=(DAY,)))
    expected = placebo.summary(replace(grid, days=PLACEBO), real, multiverse.fit(grid), DAY)
    table = resampled.placebos(computed)
    found = table[table["resample"] == 0].sort_values(["span", "week"], ascending=[False, True])
    expected = expected.sort_values(["span", "week"], ascending=[False, True])
    for name in ("span", "week", "specifications"):
        assert found[name].tolist() == expected[name].tolist()
    for name in ("median", "real_median"):
        assert found[name].to_numpy() == pytest.approx(expected[name].to_numpy())
    assert resampled.ranks(table)[0] == placebo.rank(expected).rank


def test_a_study_is_told_in_a_few_numbers(computed: Path) -> None:
    told, rank = resampled.told(computed), resampled.told_rank(computed)
    middle = resampled.medians(computed)
    real = scale.read(computed, days=[DAY])
    for number, median in middle.items():
        logs = np.log(real.loc[real["resample"] == number, "rate_ratio"].dropna().to_numpy(dtype=float))
        assert np.log(median) == pytest.approx(np.median(logs))
    assert (told.resamples, told.median) == (4, middle[0])
    assert told.above == (middle[1:] > 1).mean()
    assert told.above + told.below == pytest.approx(1)
    assert told.fits == (real["resample"] > 0)[real["rate_ratio"].notna()].sum()
    assert told.block_above + told.block_below + told.block_holds_one == pytest.approx(1)
    assert rank is not None
    assert (rank.weeks, rank.rank) == (2, resampled.ranks(resampled.placebos(computed))[0])
    assert 1 <= rank.low <= rank.high <= 3


def test_without_placebo_days_there_is_no_rank(tmp_path: Path) -> None:
    scale.run(study(resamples=1, placebo=(), choices=replace(FEW, season=("none",))), tmp_path)
    assert resampled.placebos(tmp_path).empty
    assert resampled.told_rank(tmp_path) is None
