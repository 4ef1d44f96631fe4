"""The command `multiverse`: every specification, at placebo breaks and on resamples too, here or on a cluster."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aleppo.cli.models import BREAK, area_of, refuse, tables_of

if TYPE_CHECKING:
    import pandas as pd

    from aleppo.model.engines import Dask, Local
    from aleppo.model.reading import Distribution
    from aleppo.model.scale import Study


@click.command()
@click.argument("area")
@click.option("--date", default=BREAK, show_default=True, help="Day of the break.")
@click.option(
    "--placebo", "with_placebo", is_flag=True, help="Also at every week from March 2012 to June 2015."
)
@click.option(
    "--resamples",
    default=0,
    show_default=True,
    type=click.IntRange(min=0),
    help="Also on so many resamples of the weeks, drawn in blocks.",
)
@click.option("--block", default=None, type=click.IntRange(min=1), help="Weeks in a block.  [default: 9]")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Of the resamples.")
@click.option(
    "--engine",
    default="local",
    show_default=True,
    type=click.Choice(["local", "dask"]),
    help="Where to compute.",
)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler, tcp://HOST:PORT.")
@click.option(
    "--partitions",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Keep results in this folder as they come; what is there already is not computed again.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="FILE.parquet for every row of the recorded counts; with --placebo also a data folder, for the series of "
    "its weeks.",
)
@click.option(
    "--jobs",
    default=2,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Processes side by side, of the engine local.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def multiverse(
    area: str,
    date: str,
    with_placebo: bool,
    resamples: int,
    block: int | None,
    seed: int,
    engine: str,
    scheduler: str | None,
    partitions: Path | None,
    out: Path | None,
    jobs: int,
    as_json: bool,
) -> None:
    """Every specification of the break in recorded deaths of AREA, read as a whole.

    Outcomes, windows, count models, trends, seasons, gaps around the break, errors and areas to compare with:
    tens of thousands of specifications. With --placebo the same at other dates, a few million of them, and where
    the real break ranks among those. With --resamples the same on weeks drawn anew in blocks, for intervals that
    are percentiles; the errors beside them reach over one week less than a block, which makes the choice of lags.

    With --partitions a run that was stopped goes on where it was when the same command is given again.
    """
    from aleppo.model import placebo, scale
    from aleppo.model.resample import BLOCK

    _check(out, with_placebo, resamples, block, partitions)
    where = _engine(engine, scheduler, jobs if with_placebo or resamples else 1)
    code, name = area_of(area)
    counts, controls = _grid_data()
    asked = scale.study(
        code,
        counts,
        controls,
        _day(date),
        placebo=placebo.days(date) if with_placebo else (),
        resamples=resamples,
        block=block or BLOCK,
        seed=seed,
    )
    numbers, lines = _computed(asked, where, partitions, out, name)
    if as_json:
        click.echo(json.dumps(numbers, allow_nan=False))
        return
    for line in lines:
        click.echo(line)


def _check(
    out: Path | None, with_placebo: bool, resamples: int, block: int | None, partitions: Path | None
) -> None:
    """What can be seen to be wrong before anything is read."""
    if out is not None and out.suffix != ".parquet" and not with_placebo:
        refuse(f"{out}: expected a file that ends in .parquet, found {out.suffix or 'no ending'}")
    if resamples and partitions is None:
        refuse("resamples: expected a folder to keep them in (--partitions DIR), found none")
    if block is not None and not resamples:
        refuse("block: expected a number of resamples to draw them for (--resamples N), found none")


def _engine(engine: str, scheduler: str | None, jobs: int) -> Local | Dask:
    from aleppo.model.engines import Dask, Local

    if engine == "local":
        if scheduler is not None:
            refuse(f"scheduler: expected one with --engine dask only, found {scheduler} with --engine local")
        return Local(jobs)
    if scheduler is None:
        refuse("scheduler: expected an address (--scheduler tcp://HOST:PORT) for --engine dask, found none")
    return Dask(scheduler)


def _day(date: str) -> str:
    """The day as the grid takes it; the same refusal as of a single break."""
    import pandas as pd

    try:
        return pd.Timestamp(date).strftime("%Y-%m-%d")
    except ValueError:
        refuse(f"date: expected a day such as 2015-09-30, found {date!r}")


def _grid_data() -> tuple[dict[str, Any], list[str]]:
    """The five outcomes of the grid, and the governorates to compare with."""
    from aleppo.evidence import load
    from aleppo.measure import toll

    tables = tables_of(*toll.GRID_OUTCOMES)
    counts = {outcome: toll.outcome_counts(outcome, tables) for outcome in toll.GRID_OUTCOMES}
    return counts, toll.less_exposed(load("airwars_monthly"), *toll.EXPOSURE_MONTHS).index.tolist()


def _computed(
    asked: Study, where: Local | Dask, partitions: Path | None, out: Path | None, name: str
) -> tuple[dict[str, object], list[str]]:
    """The study computed, and what is told of it: as numbers, and as lines."""
    from aleppo.cli.progress import pieces_progress
    from aleppo.evidence.paths import shown
    from aleppo.model import scale

    with _folder(partitions) as folder:
        with pieces_progress() as progress:
            ran = scale.run(asked, folder, where, progress=progress)
        numbers, lines = _recorded(asked, folder, out, name)
        if asked.resamples:
            drawn, more = _resampled(asked, folder)
            numbers["blocks"] = drawn
            lines += more
    if partitions is not None:
        lines.append(
            f"results in {shown(partitions)}: {ran.files:,} files, {ran.computed:,} of them computed now"
        )
    return numbers, lines


@contextlib.contextmanager
def _folder(partitions: Path | None) -> Iterator[Path]:
    """The folder to keep results in, or one for as long as they are read."""
    if partitions is not None:
        yield partitions
        return
    with tempfile.TemporaryDirectory(prefix="aleppo-") as folder:
        yield Path(folder)


def _recorded(asked: Study, folder: Path, out: Path | None, name: str) -> tuple[dict[str, object], list[str]]:
    """What the counts as recorded say; their rows written where they were asked for."""
    from aleppo.model import placebo, reading, scale

    real = scale.read(folder, resampled=False, days=[asked.day]).drop(columns="resample")
    told = reading.distribution(real)
    numbers: dict[str, object] = {"area": name, "governorate": asked.grid.area, "date": asked.day}
    numbers |= vars(told)
    lines = [*_distribution_lines(told, name, asked.day), *_mover_lines(reading.movers(real))]
    rows = real
    if asked.placebo:
        rows = scale.read(folder, resampled=False).drop(columns="resample")
        table = placebo.summary(replace(asked.grid, days=asked.placebo), real, rows, asked.day)
        rank = placebo.rank(table)
        fits = len(rows) - (0 if asked.day in asked.placebo else len(real))
        numbers |= {"placebo_fits": fits, "placebo_weeks": rank.weeks, "placebo_rank": rank.rank}
        lines += [
            f"placebo breaks     {fits:,} specifications at {rank.weeks} weeks whose windows end before the break",
            f"rank of the break  {rank.rank} of {rank.weeks + 1} by median ratio, highest first",
        ]
        if out is not None and out.suffix != ".parquet":
            lines.append(f"wrote {_store(table, asked.grid.area, out)}")
    if out is not None and out.suffix == ".parquet":
        lines.append(f"wrote {_parquet(rows, out)}: {len(rows):,} rows")
    return numbers, lines


def _resampled(asked: Study, folder: Path) -> tuple[dict[str, object], list[str]]:
    """What the resamples say."""
    from aleppo.model import resampled

    told, rank = resampled.told(folder), resampled.told_rank(folder)
    numbers: dict[str, object] = {"block": asked.block, "seed": asked.seed, **vars(told)}
    lines = [
        f"resamples          {told.resamples:,}, by blocks of {asked.block} weeks; {told.fits:,} estimates",
        f"median             ×{told.median:.2f} as recorded; 95 % of resamples ×{told.low:.2f} to ×{told.high:.2f}",
        f"sign of median     {told.above:.1%} of resamples above one, {told.below:.1%} below",
        f"95 % by blocks     {told.block_above:.1%} wholly above one, {told.block_below:.1%} wholly below, "
        f"{told.block_holds_one:.1%} holding one",
        f"95 % by HAC        {told.hac_above:.1%} wholly above one, {told.hac_below:.1%} wholly below, "
        f"{told.hac_holds_one:.1%} holding one",
        f"                   errors over {asked.block - 1} weeks, the same {told.intervals:,} specifications",
    ]
    if rank is not None:
        numbers |= {"rank_low": rank.low, "rank_high": rank.high}
        lines.append(
            f"rank of the break  95 % of resamples {rank.low:.0f} to {rank.high:.0f} of {rank.weeks + 1}, "
            "placebo weeks resampled too"
        )
    return numbers, lines


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
