"""`aleppo break` and `aleppo multiverse`: what they print, and one clear line for what cannot be."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from aleppo.cli import main
from aleppo.evidence import load
from aleppo.model import placebo, scale
from aleppo.model.multiverse import Choices
from aleppo.model.specification import Specification, design_matrix, kept_weeks

Capture = pytest.CaptureFixture[str]
FEW = Choices(baseline=(52,), horizon=(26,), season=("none",), donut=(0,), lags=(4,))


def asked(capsys: Capture, *words: str) -> dict[str, object]:
    assert main(["break", *words, "--json"]) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


@pytest.mark.parametrize(
    ("area", "code"), [("Aleppo", "SY02"), ("Idlib", "SY07"), ("Daraa", "SY12"), ("all", None)]
)
def test_a_break_is_that_of_statsmodels(area: str, code: str | None, capsys: Capture) -> None:
    found = asked(capsys, area, "--baseline", "78", "--horizon", "26", "--lags", "4", "--season", "fourier1")
    table = load("vdc_deaths_weekly")
    rows = table if code is None else table[table["governorate"] == code]
    weekly = rows.groupby("week")["deaths"].sum().astype(int)
    one = Specification(78, 26, season="fourier1", lags=4)
    weeks = weekly.index.get_loc("2015-09-28") + kept_weeks(one)
    design = design_matrix(one, weekly.index.month.to_numpy()[weeks])
    model = sm.GLM(weekly.to_numpy()[weeks], design, family=sm.families.Poisson())
    fitted = model.fit(tol=1e-13, cov_type="HAC", cov_kwds={"maxlags": 4})
    expected = np.exp([fitted.params[2], *fitted.conf_int()[2]])
    np.testing.assert_allclose([found[name] for name in ("rate_ratio", "low", "high")], expected, rtol=1e-6)
    assert (found["weeks_pre"], found["weeks_post"]) == (78, 26)
    assert found["n_deaths_pre"] == weekly["2014-03-31":"2015-09-21"].sum()
    assert found["n_deaths_post"] == weekly["2015-09-28":"2016-03-21"].sum()


def test_a_break_is_said_in_a_sentence_and_lines(capsys: Capture) -> None:
    assert main(["break", "SY02"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "Aleppo, recorded deaths, first batch: at the break of 2015-09-30 their rate is ×1.31 [0.75, 2.29] of what "
        "the trend of the 104 weeks before leads to."
    )
    assert [line.split()[0] for line in lines[1:]] == ["before", "after", "slope", "model"]


def test_every_name_of_a_governorate_is_the_same_area(capsys: Capture) -> None:
    found = [asked(capsys, name) for name in ("Idlib", "Idleb", "SY07", "sy07", "idlib governorate")]
    assert all(each == found[0] for each in found)


def test_what_is_known_by_month_is_counted_by_month(capsys: Capture) -> None:
    found = asked(capsys, "Aleppo", "--outcome", "civilians", "--donut", "4")
    assert (found["period"], found["baseline"], found["horizon"], found["donut"], found["lags"]) == (
        "month", 24, 15, 1, 2,
    )  # fmt: skip
    assert (found["months_pre"], found["months_post"]) == (23, 14)
    assert "weeks_pre" not in found


def test_a_held_slope_has_no_line(capsys: Capture) -> None:
    assert main(["break", "Aleppo", "--no-slope", "--model", "nb2", "--season", "month", "--donut", "2"]) == 0
    told = capsys.readouterr().out
    assert "\nslope" not in told
    assert "negative binomial (NB2), season by month, 2 weeks left out on each side" in told


REFUSED = {
    "a break before the series": (["Aleppo", "--date", "2009-09-30"], "outside the series"),
    "a break after the series": (["Aleppo", "--date", "2031-09-30"], "outside the series"),
    "a baseline before the data": (["Aleppo", "--baseline", "400"], "before the data"),
    "a horizon past the data": (["Aleppo", "--horizon", "400"], "past the data"),
    "an all-zero window": (
        ["SY10", "--date", "2016-07-13", "--baseline", "8", "--horizon", "8"],
        "no deaths in the window",
    ),
    "a separated fit": (
        ["SY13", "--date", "2016-06-01", "--baseline", "52", "--horizon", "26", "--season", "month"],
        "separate perfectly",
    ),
    "too few weeks": (["Aleppo", "--baseline", "2", "--horizon", "2"], "too few"),
    "a day that is none": (["Aleppo", "--date", "2015-02-30"], "date: expected a day"),
    "a missing day": (["Aleppo", "--date", "NaT"], "date: expected a day"),
    "an unknown area": (["Alepo"], "did you mean Aleppo?"),
    "an unknown model": (["Aleppo", "--model", "normal"], "model: expected poisson or nb2"),
    "an unknown outcome": (["Aleppo", "--outcome", "hunger"], "outcome: expected one of batch-1"),
    "an outcome of the country alone": (["Aleppo", "--outcome", "shelling"], "expected the area all"),
    "a donut as wide as the window": (["Aleppo", "--donut", "65"], "donut: expected fewer weeks"),
    "negative lags": (["Aleppo", "--lags", "-1"], "lags: expected a whole number of weeks from 0"),
}


@pytest.mark.parametrize("as_json", [False, True], ids=["words", "json"])
@pytest.mark.parametrize("kind", list(REFUSED))
def test_what_cannot_be_estimated_is_one_clear_line_and_code_1(
    kind: str, as_json: bool, capsys: Capture
) -> None:
    words, message = REFUSED[kind]
    assert main(["break", *words, *(["--json"] if as_json else [])]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert message in told.err
    assert told.err.count("\n") == 1
    assert "nan" not in told.err.lower().replace("nat", "")


def test_an_area_without_deaths_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    from aleppo.measure import toll

    real = toll.outcome_counts

    def emptied(*arguments: object) -> toll.Counts:
        found = real(*arguments)  # type: ignore[arg-type]
        return toll.Counts(found.table * 0, found.lengths, found.period)

    monkeypatch.setattr(toll, "outcome_counts", emptied)
    assert main(["break", "Aleppo"]) == 1
    assert "Aleppo: no deaths are recorded in any week" in capsys.readouterr().err


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A grid of few choices, so that a test takes no time."""
    real = scale.study
    monkeypatch.setattr(scale, "study", lambda *args, **kwargs: real(*args, **{"choices": FEW, **kwargs}))


def test_the_multiverse_is_told_as_a_whole(few: None, capsys: Capture) -> None:
    assert main(["multiverse", "Aleppo"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Aleppo, break of 2015-09-30: ")
    assert [line.split()[0] for line in lines[1:5]] == ["rate", "sign", "95", "choices"]


def test_the_multiverse_goes_to_parquet_whole(few: None, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "new" / "rows.parquet"
    assert main(["multiverse", "Aleppo", "--out", str(target), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = pd.read_parquet(target)
    assert len(rows) == told["specifications"]
    assert rows["rate_ratio"].notna().sum() == told["estimated"]
    assert (target.parent / "rows.parquet").exists() and len(list(target.parent.iterdir())) == 1


def test_the_placebo_series_is_written_into_a_data_folder(
    few: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    real = placebo.days
    monkeypatch.setattr(placebo, "days", lambda day: real(day, "2013-03-01", "2013-06-30"))
    assert main(["multiverse", "Aleppo", "--placebo", "--jobs", "1", "--out", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "rank of the break" in told
    table = pd.read_csv(tmp_path / "series/placebo_breaks.csv")
    assert set(table["governorate"]) == {"SY02"}
    assert not table.isna().any(axis=None)
    assert (tmp_path / "series/placebo_breaks.yml").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--out", "rows.csv"], "expected a file that ends in .parquet, found .csv"),
        (["--date", "2031-01-01"], "found none: the break is outside the series"),
        (["--date", "soon"], "date: expected a day"),
    ],
)
def test_a_multiverse_that_cannot_be_is_one_clear_line(
    few: None, words: list[str], message: str, capsys: Capture
) -> None:
    assert main(["multiverse", "Aleppo", *words]) == 1
    told = capsys.readouterr()
    assert message in told.err
    assert told.err.count("\n") == 1
