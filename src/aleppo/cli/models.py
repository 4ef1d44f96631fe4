"""Commands that estimate: `break`, `multiverse`."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    import pandas as pd

    from aleppo.model.interrupted import Estimate, Specification
    from aleppo.model.reading import Distribution

BREAK = "2015-09-30"
MODEL_NAMES = {"poisson": "Poisson", "nb2": "negative binomial (NB2)"}


@click.command("break")
@click.argument("area")
@click.option("--date", default=BREAK, show_default=True, help="Day of the break.")
@click.option("--baseline", default=104, show_default=True, type=int, help="Weeks before the break.")
@click.option("--horizon", default=65, show_default=True, type=int, help="Weeks from the break on.")
@click.option("--model", default="poisson", show_default=True, help="poisson or nb2.")
@click.option("--donut", default=0, show_default=True, type=int, help="Weeks left out on each side.")
@click.option(
    "--lags", default=8, show_default=True, type=int, help="Weeks of autocorrelation in the errors."
)
@click.option("--season", default="none", show_default=True, help="none, month, or fourier1 to fourier6.")
@click.option(
    "--slope/--no-slope", default=True, show_default=True, help="May the trend change at the break?"
)
@click.option("--outcome", default="batch-1", show_default=True, help="Which recorded deaths are counted.")
@click.option("--json", "as_json", is_flag=True, help="Print the estimate as JSON.")
def one_break(
    area: str,
    date: str,
    baseline: int,
    horizon: int,
    model: str,
    donut: int,
    lags: int,
    season: str,
    slope: bool,
    outcome: str,
    as_json: bool,
) -> None:
    """Did recorded deaths of AREA change level at a date? One specification, with its 95 % interval.

    AREA is a governorate's English name, another name of it, its P-code, or all. Outcomes: batch-1 (weekly),
    and by month, for which weeks are turned into months, batch-1-and-2, batch-2, civilians and air-strikes;
    shelling for all only. One specification says little: `aleppo multiverse` computes all of them.
    """
    from aleppo.measure.toll import OUTCOMES, outcome_counts
    from aleppo.model.interrupted import fit
    from aleppo.model.specification import Specification, in_months

    code, name = _area(area)
    tables = _tables(outcome)
    counts = outcome_counts(outcome, tables)
    if code not in counts.table:
        _refuse(f"{outcome}: expected the area all, for which alone it is known, found {name}")
    turned = in_months if counts.period == "month" else int
    chosen = Specification(
        baseline=turned(baseline),
        horizon=turned(horizon),
        model=model,
        donut=turned(donut),
        lags=turned(lags),
        season=season,
        slope=slope,
        period=counts.period,
    )
    lengths = counts.lengths if counts.period == "month" else None
    found = fit(counts.table[code].rename(name), date, chosen, lengths=lengths)
    if as_json:
        about = {"area": name, "governorate": code, "date": date, "outcome": outcome, "period": counts.period}
        click.echo(json.dumps(about | _numbers(found, chosen), allow_nan=False))
        return
    for line in _said(found, chosen, name, date, OUTCOMES[outcome].words):
        click.echo(line)


@click.command()
@click.argument("area")
@click.option("--date", default=BREAK, show_default=True, help="Day of the break.")
@click.option(
    "--placebo", "with_placebo", is_flag=True, help="Also at every week from March 2012 to June 2015."
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="FILE.parquet for every row; with --placebo also a data folder, for the series of its weeks.",
)
@click.option(
    "--jobs", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes side by side."
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def multiverse(area: str, date: str, with_placebo: bool, out: Path | None, jobs: int, as_json: bool) -> None:
    """Every specification of the break in recorded deaths of AREA, read as a whole.

    Outcomes, windows, count models, trends, seasons, gaps around the break, errors and areas to compare with:
    tens of thousands of specifications. With --placebo the same at other dates, a few million of them, and where
    the real break ranks among those.
    """
    from aleppo.evidence.errors import AleppoError
    from aleppo.model import multiverse as grids
    from aleppo.model import placebo, reading

    code, name = _area(area)
    if out is not None and out.suffix != ".parquet" and not with_placebo:
        raise AleppoError(f"{out}: expected a file that ends in .parquet, found {out.suffix or 'no ending'}")
    counts, controls = _grid_data()
    with _bar() as progress:
        real = grids.fit(grids.grid(code, counts, controls, [_day(date)]), progress=progress)
    told = reading.distribution(real)
    numbers: dict[str, object] = {"area": name, "governorate": code, "date": date} | vars(told)
    lines = [*_distribution_lines(told, name, date), *_mover_lines(reading.movers(real))]
    rows = real
    if with_placebo:
        whole = grids.grid(code, counts, controls, placebo.days(date))
        with _bar() as progress:
            rows = grids.fit(whole, jobs=jobs, progress=progress)
        table = placebo.summary(whole, real, rows, date)
        rank = placebo.rank(table)
        numbers |= {"placebo_fits": len(rows), "placebo_weeks": rank.weeks, "placebo_rank": rank.rank}
        lines += [
            f"placebo breaks     {len(rows):,} specifications at {rank.weeks} weeks whose windows end before "
            "the break",
            f"rank of the break  {rank.rank} of {rank.weeks + 1} by median ratio, highest first",
        ]
        if out is not None and out.suffix != ".parquet":
            lines.append(f"wrote {_store(table, code, out)}")
    if out is not None and out.suffix == ".parquet":
        lines.append(f"wrote {_parquet(rows, out)}: {len(rows):,} rows")
    if as_json:
        click.echo(json.dumps(numbers, allow_nan=False))
        return
    for line in lines:
        click.echo(line)


def _day(date: str) -> str:
    """The day as the grid takes it; the same refusal as of a single break."""
    import pandas as pd

    try:
        return pd.Timestamp(date).strftime("%Y-%m-%d")
    except ValueError:
        _refuse(f"date: expected a day such as 2015-09-30, found {date!r}")


def _grid_data() -> tuple[dict[str, Any], list[str]]:
    """The five outcomes of the grid, and the governorates to compare with."""
    from aleppo.evidence import load
    from aleppo.measure import toll

    tables = _tables(*toll.GRID_OUTCOMES)
    counts = {outcome: toll.outcome_counts(outcome, tables) for outcome in toll.GRID_OUTCOMES}
    return counts, toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index.tolist()


def _distribution_lines(told: Distribution, name: str, date: str) -> list[str]:
    return [
        f"{name}, break of {date}: {told.specifications:,} specifications, {told.estimated:,} with an estimate",
        f"rate ratio         median ×{told.median:.2f}; half of them ×{told.lower:.2f} to ×{told.upper:.2f}; "
        f"nine in ten ×{told.lowest:.2f} to ×{told.highest:.2f}",
        f"sign               {told.above:.1%} above one, {told.below:.1%} below",
        f"95 % interval      {told.interval_above:.1%} wholly above one, {told.interval_below:.1%} wholly below, "
        f"{told.interval_holds_one:.1%} holding one",
    ]


def _mover_lines(movers: pd.DataFrame) -> list[str]:
    from aleppo.evidence import load

    table = load("governorates")
    names = dict(zip(table["governorate"], table["name_en"], strict=True))
    lines = ["choices by how far they move the median:"]
    for row in movers[movers["spread"] > 1].itertuples(index=False):
        low, high = (names.get(level, level) for level in (row.lowest_level, row.highest_level))
        lines.append(
            f"  {row.choice:<11} ×{row.lowest:.2f} ({low}) to ×{row.highest:.2f} ({high}); "
            f"{row.share:.0%} of the variance"
        )
    return lines


@contextlib.contextmanager
def _bar() -> Iterator[Callable[[int, int], None] | None]:
    """A progress bar on a terminal, nothing anywhere else."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("specifications", total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)


def _parquet(rows: pd.DataFrame, out: Path) -> str:
    """Write every row, whole or not at all."""
    import io

    from aleppo.evidence.files import write_atomic
    from aleppo.evidence.paths import shown

    stream = io.BytesIO()
    rows.to_parquet(stream, index=False)
    return shown(write_atomic(out, stream.getvalue()))


def _store(table: pd.DataFrame, code: str, out: Path) -> str:
    """Write the series of placebo weeks into a data folder, with its sidecar."""
    from aleppo.evidence.files import sha256_bytes, write_atomic
    from aleppo.evidence.load import declared, read_table
    from aleppo.evidence.manifest import (
        chapters_by_table,
        describe,
        render_sidecar,
        sidecar_path,
        write_package,
    )
    from aleppo.evidence.paths import shown
    from aleppo.ingest.folder import refuse_no_folder
    from aleppo.model.placebo import series_text

    refuse_no_folder(out)
    series = declared("placebo_breaks")
    text = series_text(table, code)
    path = write_atomic(out / series.path, text)
    reading = read_table(series, path)
    assert reading.frame is not None
    chapters = chapters_by_table().get(series.name, [])
    content = describe(series, reading.frame, sha256_bytes(text.encode()), chapters)
    write_atomic(sidecar_path(out, series), render_sidecar(content))
    write_package(out)
    return f"{shown(path)}: {len(reading.frame):,} rows"


def _numbers(found: Estimate, chosen: Specification) -> dict[str, object]:
    """Specification and estimate as plain numbers; of months, what counts them is named after them."""
    from dataclasses import asdict

    asked = {key: value for key, value in asdict(chosen).items() if key not in ("comparison", "period")}
    numbers: dict[str, object] = asked | found.as_dict()
    if chosen.period == "month":
        numbers = {key.replace("weeks_", "months_"): value for key, value in numbers.items()}
    return numbers


def _said(found: Estimate, chosen: Specification, name: str, date: str, outcome: str) -> list[str]:
    """The estimate as a sentence and lines."""
    unit = chosen.period
    season = "no season" if chosen.season == "none" else f"season by {chosen.season}"
    donut = f", {chosen.donut} {unit}s left out on each side" if chosen.donut else ""
    lines = [
        f"{name}, {outcome}: at the break of {date} their rate is ×{found.rate_ratio:.2f} "
        f"[{found.low:.2f}, {found.high:.2f}] of what the trend of the {chosen.baseline} {unit}s before leads to.",
        f"before  {found.weeks_pre} {unit}s, {found.n_deaths_pre:,} deaths",
        f"after   {found.weeks_post} {unit}s, {found.n_deaths_post:,} deaths",
        f"model   {MODEL_NAMES[chosen.model]}, {season}{donut}; 95 % interval, Newey-West errors over "
        f"{chosen.lags} {unit}s",
    ]
    if chosen.slope:
        lines.insert(
            3,
            f"slope   ×{found.slope_ratio:.3f} [{found.slope_low:.3f}, {found.slope_high:.3f}] "
            f"growth a {unit} after the break over that before",
        )
    return lines


def _area(words: str) -> tuple[str, str]:
    """P-code and English name of an area; ``all`` is all of Syria."""
    import difflib

    from aleppo.evidence import load
    from aleppo.ingest.common import Governorates

    if words.strip().lower() == "all":
        return "all", "all of Syria"
    table = load("governorates")
    names = dict(zip(table["governorate"].astype(str), table["name_en"].astype(str), strict=True))
    code = words.strip().upper()
    if code not in names:
        code = Governorates.known().code(words) or ""
    if code not in names:
        near = difflib.get_close_matches(words, names.values(), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        _refuse(f"area: expected a governorate's name, its P-code or all, found {words!r}{hint}")
    return code, names[code]


def _tables(*outcomes: str) -> dict[str, pd.DataFrame]:
    """The tables that outcomes are made of."""
    from aleppo.evidence import load
    from aleppo.measure.toll import OUTCOMES

    for outcome in outcomes:
        if outcome not in OUTCOMES:
            _refuse(f"outcome: expected one of {', '.join(OUTCOMES)}, found {outcome!r}")
    return {name: load(name) for outcome in outcomes for name in OUTCOMES[outcome].tables}


def _refuse(message: str) -> NoReturn:
    from aleppo.evidence.errors import AleppoError

    raise AleppoError(message)
