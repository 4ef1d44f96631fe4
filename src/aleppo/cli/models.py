"""The command `break`, and what both commands that estimate ask for: the area and its tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    import pandas as pd

    from aleppo.model.interrupted import Estimate, Specification

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

    code, name = area_of(area)
    tables = tables_of(outcome)
    counts = outcome_counts(outcome, tables)
    if code not in counts.table:
        refuse(f"{outcome}: expected the area all, for which alone it is known, found {name}")
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


def area_of(words: str) -> tuple[str, str]:
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
        refuse(f"area: expected a governorate's name, its P-code or all, found {words!r}{hint}")
    return code, names[code]


def tables_of(*outcomes: str) -> dict[str, pd.DataFrame]:
    """The tables that outcomes are made of."""
    from aleppo.evidence import load
    from aleppo.measure.toll import OUTCOMES

    for outcome in outcomes:
        if outcome not in OUTCOMES:
            refuse(f"outcome: expected one of {', '.join(OUTCOMES)}, found {outcome!r}")
    return {name: load(name) for outcome in outcomes for name in OUTCOMES[outcome].tables}


def refuse(message: str) -> NoReturn:
    from aleppo.evidence.errors import AleppoError

    raise AleppoError(message)
