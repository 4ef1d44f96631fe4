"""Figure and tables of the page on reconciliations and corrections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import EN_DASH, Printed, change, count, count_range, date, quantity, share
from aleppo.show.publishers import family
from aleppo.show.table import Table

SHORT = {
    "bodies": "Votes of the bodies",
    "council": "Votes of the Council",
    "airwars_archive": "Airwars, archive",
    "airwars_incidents": "Airwars, incidents",
    "airwars_deaths": "Airwars, deaths",
    "vdc": "VDC, batches",
    "ucdp": "UCDP, years",
    "control": "Eastern Aleppo, shares",
}
UNITS = {"percentage points": "points"}
# What sentences say of all comparisons → its column in the summary
SUMS = {"all": "checks", "exact": "exact", "within": "within", "beyond": "beyond"}
DONE = {"override": "", "drop": "left out", "note": "as published, and added to its "}
DAGGER = "\u2020"
BEYOND = 2.0  # where a residual stands that no tolerance allows, in tolerances
ROW = 0.11  # between points of one line that would cover each other, in lines
NEAR = 0.12  # residuals closer than this are drawn one above the other
_DATE = re.compile(r"^\d{4}-\d{2}(-\d{2})?(?=: )")


def summary_table(summary: pd.DataFrame, sources: Sequence[str], tables: Sequence[str]) -> Table:
    """One row per kind of comparison, from :func:`aleppo.measure.reconcile.summary`."""
    largest = [_signed(row.largest, row.unit) for row in summary.itertuples()]
    return Table(
        summary.assign(largest_residual=largest),
        id="reconciliations",
        caption=(
            "What is compared: number of comparisons, how many leave nothing over, how many stay within their "
            "tolerance or go beyond it"
        ),
        columns={
            "family": "Comparison",
            "checks": "Number",
            "exact": "Exact",
            "within": "Within",
            "beyond": "Beyond",
            "largest_residual": "Largest residual",
        },
        sources=sources,
        tables=tables,
    )


def reasons_table(reasons: pd.DataFrame, sources: Sequence[str], tables: Sequence[str]) -> Table:
    """What is allowed, and why, from :func:`aleppo.measure.reconcile.reasons`."""
    # the reason says "none" itself where nothing may be left over
    why = reasons["reason"].str.removesuffix(": none.")
    ended = why.where(why == reasons["reason"], why + ".")
    return Table(
        reasons.assign(allowed=[_allowed(row) for row in reasons.itertuples()], why=ended),
        id="tolerances",
        caption="What each kind of comparison may leave over, and why",
        columns={
            "family": "Comparison",
            "checks": "Number",
            "allowed": "Tolerance",
            "why": "Why",
        },
        sources=sources,
        tables=tables,
    )


def _allowed(row: Any) -> str:
    unit = UNITS.get(row.unit, row.unit)
    if row.tolerance_high == 0:
        return "none"
    low, high = (_number(value, row.unit) for value in (row.tolerance_low, row.tolerance_high))
    return f"{low} {unit}" if low == high else f"{low}{EN_DASH}{high} {unit}"


def with_tolerance(checks: pd.DataFrame) -> pd.DataFrame:
    """The comparisons that may leave something over, or that do."""
    return checks[(checks["tolerance"] > 0) | (checks["residual"] != 0)].reset_index(drop=True)


def numbers_said(checks: pd.DataFrame, summary: pd.DataFrame, rolls: pd.DataFrame) -> dict[str, Printed]:
    """Numbers of the page's sentences by their keys, from :func:`aleppo.measure.reconcile.every_check`.

    ``summary`` and ``rolls`` are :func:`aleppo.measure.reconcile.summary` and :func:`.incomplete_rolls`. Sentences name
    the comparisons of January 2016, of the VDC's batches and of the special session on Aleppo.
    """
    one = checks.set_index("check")
    incidents, deaths, batches = one.loc["MP-0138"], one.loc["MP-0139"], one.loc["vdc-batches-ids"]
    loose = with_tolerance(checks)
    shares, years = (loose.loc[loose["family"] == kind, "residual"] for kind in ("control", "ucdp"))
    special = rolls.set_index("vote_id").loc["HR22"]
    sums = {f"checks-{name}": count(summary[column].sum()) for name, column in SUMS.items()}
    return sums | {
        "checks-loose": count(len(loose)),
        "airwars-ours": count(incidents["ours"]),
        "airwars-published": count(incidents["published"]),
        "airwars-deaths-ours": count_range(deaths["ours_low"], deaths["ours_high"]),
        "airwars-deaths-published": count_range(deaths["published_low"], deaths["published_high"]),
        "checks-vdc-records": count(batches["ours"]),
        "checks-vdc-ids": count(batches["published_high"]),
        "checks-ucdp-residuals": count_range(*sorted(-years)),
        "checks-shares": count(len(shares)),
        "checks-shares-lower": count((shares > 0).sum()),
        "checks-rolls": count(len(rolls)),
        "checks-special-missing": count(special["missing"]),
        "checks-special-known": count(special["known"]),
    }


def largest_of_shares(checks: pd.DataFrame) -> float:
    """The largest residual of a published share of eastern Aleppo, without its sign, in percentage points."""
    return float(checks.loc[checks["family"] == "control", "residual"].abs().max())


def residual_figure(checks: pd.DataFrame, tables: Sequence[str]) -> Figure:
    """Every residual of ``with_tolerance(checks)`` as a part of its tolerance, by kind of comparison."""
    drawn = _placed(with_tolerance(checks))
    lines = [name for name in SHORT if name in set(drawn["family"])]
    beyond = int((drawn["holds"] == "no").sum())
    higher, lower = int((drawn["residual"] > 0).sum()), int((drawn["residual"] < 0).sum())
    worst = drawn.loc[drawn["part"].abs().idxmax()]
    stands = "all stay" if not beyond else f"all but {count(beyond)} stay"
    return Figure(
        _residual_drawing(drawn, lines),
        id="reconciliation-residuals",
        title=(
            f"Of {count(len(drawn))} comparisons that may leave something over, {stands} within their tolerance; "
            f"ours is the higher figure in {count(higher)} and the lower in {count(lower)}"
        ),
        caption=(
            "Each point is one comparison: the residual, ours minus the published figure, divided by the tolerance "
            "that was set for it. Beyond the dotted lines a comparison fails. Points that would cover each other "
            "stand one above the other; colour and sign tell who published the figure."
        ),
        alt=(
            f"Dot chart of {count(len(drawn))} residuals on {count(len(lines))} lines, "
            f"{', '.join(SHORT[name] for name in lines)}, from minus to plus the tolerance. {count(higher)} lie to "
            f"the right, where ours is the higher figure, and {count(lower)} to the left. The one nearest to its "
            f"tolerance, or farthest beyond, is {_words(worst['what'])} by {worst['publisher']}, at "
            f"{share(min(1.0, abs(worst['part'])))} of it."
        ),
        sources=cited(drawn),
        tables=tables,
        data=drawn[
            [
                "check",
                "family",
                "what",
                "publisher",
                "unit",
                "residual",
                "tolerance",
                "part",
                "holds",
                "verified",
            ]
        ],
        narrow={
            "height": 520,
            "xaxis": {
                "title": {"text": "percent of the tolerance"},
                "tickvals": [-1, 0, 1],
                "ticktext": ["−100", "0", "+100"],
            },
            "legend": {"y": -0.2},
        },
    )


def _residual_drawing(drawn: pd.DataFrame, lines: Sequence[str]) -> go.Figure:
    fig = go.Figure()
    for side in (-1, 1):
        fig.add_vline(x=side, line={"color": theme.AXIS, "width": 1, "dash": "dot"}, layer="below")
        words, anchor = ("ours lower", "left") if side < 0 else ("ours higher", "right")
        fig.add_annotation(
            x=side,
            y=1,
            yref="paper",
            text=words,
            xanchor=anchor,
            yanchor="bottom",
            xshift=-5 * side,
            showarrow=False,
            font={"color": theme.MUTED, "size": 13},
        )
    fig.add_vline(x=0, line={"color": theme.AXIS, "width": 1}, layer="below")
    for name, rows in drawn.groupby("publisher_family", sort=False):
        fig.add_scatter(
            x=rows["part"].round(4).tolist(),
            y=rows["at"].round(4).tolist(),
            mode="markers",
            name=name,
            marker={"color": theme.PUBLISHERS[name], "symbol": theme.SYMBOLS[name], "size": 10},
            text=[_point_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    fig.update_yaxes(
        tickvals=list(range(len(lines))),
        ticktext=[SHORT[name] for name in lines],
        range=[len(lines) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )
    reach = max(1.0, drawn["part"].abs().max()) + 0.15
    fig.update_xaxes(
        title="residual as a part of its tolerance",
        range=[-reach, reach],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        ticktext=["−100\u00a0%", "−50\u00a0%", "0", "+50\u00a0%", "+100\u00a0%"],
    )
    fig.update_layout(height=440, showlegend=True, margin={"t": 34}, legend={"y": -0.24})
    return fig


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with where each is drawn: ``part`` of its tolerance, and ``at``, its line, spread where crowded."""
    lines = {name: position for position, name in enumerate(n for n in SHORT if n in set(rows["family"]))}
    # without a tolerance anything that is left over is beyond it
    part = (rows["residual"] / rows["tolerance"]).where(
        rows["tolerance"] > 0, rows["residual"].map(lambda left: BEYOND if left > 0 else -BEYOND)
    )
    placed = rows.assign(part=part.round(4), publisher_family=rows["publisher"].map(family))
    at = pd.Series(0.0, index=placed.index)
    for name, some in placed.groupby("family", sort=False):
        taken: list[tuple[float, int]] = []
        for index, here in some["part"].sort_values(kind="stable").items():
            used = {level for there, level in taken if abs(there - here) < NEAR}
            level = next(step for step in _levels() if step not in used)
            taken.append((here, level))
            at[index] = lines[str(name)] + level * ROW
    return placed.assign(at=at)


def _levels() -> Sequence[int]:
    """On the line, then above and below it in turn."""
    return [0, *(side * step for step in range(1, 50) for side in (-1, 1))]


def _point_text(row: Any) -> str:
    return (
        f"{row.publisher}, {_words(row.what)}<br>ours {_amount(row, 'ours')}, published "
        f"{_amount(row, 'published')}<br>residual {_signed(row.residual, row.unit)}, tolerance "
        f"{_number(row.tolerance, row.unit)}"
    )


def residual_table(checks: pd.DataFrame, tables: Sequence[str]) -> Table:
    """Every comparison, those of ``with_tolerance(checks)`` first; the others are left out in print."""
    loose = with_tolerance(checks)
    rows = pd.concat([loose, checks[~checks["check"].isin(loose["check"])]], ignore_index=True)
    marks = rows["verified"].map({"yes": "", "no": f" {DAGGER}"})
    shown = rows.assign(
        figure=rows["what"].map(_words) + marks,
        kind=rows["family"].map(SHORT),
        compared=[_amount(row, "ours") for row in rows.itertuples()],
        published_as=[_amount(row, "published") for row in rows.itertuples()],
        left_over=[_signed(row.residual, row.unit) for row in rows.itertuples()],
        allowed=[_number(row.tolerance, row.unit) for row in rows.itertuples()],
    )
    return Table(
        shown,
        id="reconciliation-residuals",
        caption=(
            "Every comparison: our figure and the published one (in brackets or with a dash their range), what is "
            f"left between them, and what is allowed; in print those that may leave something over. {DAGGER} a "
            "figure that rests on general knowledge and was not verified"
        ),
        columns={
            "figure": "Figure",
            "publisher": "Published by",
            "compared": "Ours",
            "published_as": "Published",
            "left_over": "Residual",
            "allowed": "Tolerance",
            "holds": "Holds",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(loose),
        tables=tables,
        print_rows=len(loose) or None,
        explore={"kind": "Comparison", "publisher": "Published by"},
    )


def rolls_table(rolls: pd.DataFrame, tables: Sequence[str]) -> Table:
    """The rolls that are known in part, from :func:`aleppo.measure.reconcile.incomplete_rolls`."""
    marks = rolls["verified"].map({"yes": "", "no": f" {DAGGER}"})
    return Table(
        rolls.assign(vote=rolls["symbol"] + marks),
        id="incomplete-rolls",
        caption=(
            "Rolls that are known in part: members whose vote is known, votes in the totals that are no known "
            f"member's, and what is on record. {DAGGER} totals that rest on general knowledge and were not verified"
        ),
        columns={
            "vote": "Vote",
            "date": "Date",
            "known": "Known",
            "missing": "Missing",
            "note": "On record",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=cited(rolls),
        tables=tables,
    )


def not_compared_table(left_out: pd.DataFrame, sources: Sequence[str], tables: Sequence[str]) -> Table:
    """Published figures that nothing of ours is held against, from :func:`.reconcile.not_compared`."""
    return Table(
        left_out,
        id="not-compared",
        caption="What is not compared, and why",
        columns={"what": "Figures", "figures": "Number", "reason": "Reason"},
        sources=sources,
        tables=tables,
    )


def corrections_table(register: pd.DataFrame) -> Table:
    """Every entry of the register of corrections, from :func:`aleppo.evidence.load_corrections`."""
    ids = register["row"].str.replace(r"\w+: ", "", regex=True)
    return Table(
        register.assign(
            where=ids + " of " + register["target"].map(_cells),
            becomes=register["action"].map(DONE) + register["corrected"].map(_cells),
        ),
        id="corrections",
        caption="Corrections to published rows: how each row was published, and what it is when the book reads it",
        columns={
            "where": "Row and table",
            "published": "Published",
            "becomes": "Read as",
            "reason": "Reason",
            "source_ids": "Sources",
        },
        formats={"source_ids": "cite", "published": _cells},
        sources=cited(register),
        tables=sorted(set(register["target"])),
    )


def _cells(text: str) -> str:
    """Cells in words: column names without underscores."""
    return text.replace("_", " ")


def _words(what: str) -> str:
    """What is compared, with the date at its beginning in words."""
    return _DATE.sub(lambda match: date(match[0]), what)


def _digits(unit: str) -> int:
    return 1 if unit == "percentage points" else 0


def _number(value: float, unit: str) -> str:
    # a tolerance in whole people would be more exact than it is; what is under ten keeps a decimal
    return quantity(value, 1 if abs(value) < 10 and not float(value).is_integer() else _digits(unit))


def _signed(value: float, unit: str) -> str:
    digits = 0 if float(value).is_integer() else 1
    text = change(value, digits)
    return f"{text} {UNITS.get(unit, unit)}".strip() if value else text


def _amount(row: Any, name: str) -> str:
    """A figure with its range, a range, or a bound, of the columns ``name``, ``name_low`` and ``name_high``."""
    low, best, high = (getattr(row, part) for part in (f"{name}_low", name, f"{name}_high"))
    digits = _digits(row.unit)
    ends = None
    if not pd.isna(low) and not pd.isna(high):
        ends = f"{quantity(low, digits)}{EN_DASH}{quantity(high, digits)}"
    if not pd.isna(best):
        return quantity(best, digits) + (f" [{ends}]" if ends else "")
    if ends:
        return ends
    return f"at least {quantity(low, digits)}" if pd.isna(high) else f"up to {quantity(high, digits)}"
