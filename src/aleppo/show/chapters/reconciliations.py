"""Figure and tables of the page on reconciliations and corrections."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import split_list
from aleppo.show import theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import EN_DASH, change, count, date, quantity, share
from aleppo.show.publishers import family
from aleppo.show.table import Table

SHORT = {
    "airwars_incidents": "Airwars, incidents",
    "airwars_deaths": "Airwars, deaths",
    "ucdp": "UCDP, years",
    "control": "Eastern Aleppo, shares",
}
UNITS = {"percentage points": "points"}
ROW = 0.09  # between points of one line that would cover each other, in lines
NEAR = 0.06  # residuals closer than this are drawn one above the other
_DATE = re.compile(r"^\d{4}-\d{2}(-\d{2})?(?=: )")


def summary_table(summary: pd.DataFrame, sources: Sequence[str], tables: Sequence[str]) -> Table:
    """One row per kind of comparison, from :func:`aleppo.measure.reconcile.summary`."""
    largest = [_signed(row.largest, row.unit) for row in summary.itertuples()]
    return Table(
        summary.assign(largest_residual=largest),
        id="reconciliations",
        caption=(
            "What is compared: number of comparisons, how many leave nothing over, how many stay within their "
            "tolerance or go beyond it, and why the tolerance is what it is"
        ),
        columns={
            "family": "Comparison",
            "checks": "Number",
            "exact": "Exact",
            "within": "Within",
            "beyond": "Beyond",
            "largest_residual": "Largest residual",
            "reason": "Tolerance, and why",
        },
        sources=sources,
        tables=tables,
    )


def with_tolerance(checks: pd.DataFrame) -> pd.DataFrame:
    """The comparisons that may leave something over, or that do."""
    return checks[(checks["tolerance"] > 0) | (checks["residual"] != 0)].reset_index(drop=True)


def residual_figure(checks: pd.DataFrame, tables: Sequence[str]) -> Figure:
    """Every residual of ``with_tolerance(checks)`` as a part of its tolerance, by kind of comparison."""
    drawn = _placed(with_tolerance(checks))
    fig = go.Figure()
    for side in (-1, 1):
        fig.add_vline(x=side, line={"color": theme.AXIS, "width": 1, "dash": "dot"}, layer="below")
    fig.add_vline(x=0, line={"color": theme.AXIS, "width": 1}, layer="below")
    for name, rows in drawn.groupby("publisher_family", sort=False):
        fig.add_scatter(
            x=rows["part"].round(4).tolist(),
            y=rows["at"].round(4).tolist(),
            mode="markers",
            name=name,
            marker={"color": theme.PUBLISHERS[name], "symbol": theme.SYMBOLS[name], "size": 9},
            text=[_point_text(row) for row in rows.itertuples()],
            hovertemplate="%{text}<extra></extra>",
        )
    lines = [name for name in SHORT if name in set(drawn["family"])]
    fig.update_yaxes(
        tickvals=list(range(len(lines))),
        ticktext=[SHORT[name] for name in lines],
        range=[len(lines) - 0.4, -0.6],
        showgrid=False,
    )
    reach = max(1.0, drawn["part"].abs().max()) + 0.15
    fig.update_xaxes(
        title="residual as a part of its tolerance",
        range=[-reach, reach],
        tickvals=[-1, -0.5, 0, 0.5, 1],
        tickformat="+.0%",
    )
    fig.update_layout(height=420, showlegend=True)
    beyond = int((drawn["holds"] == "no").sum())
    worst = drawn.loc[drawn["part"].abs().idxmax()]
    above = int((drawn["residual"] > 0).sum())
    stands = "all" if not beyond else f"all but {count(beyond)}"
    return Figure(
        fig,
        id="reconciliation-residuals",
        title=(
            f"Of {count(len(drawn))} comparisons that may leave something over, {stands} stay within their tolerance"
        ),
        caption=(
            "Each point is one comparison: the residual, ours minus the published figure, divided by the tolerance "
            "that was set for it. Beyond the dotted lines a comparison fails. Points that would cover each other "
            "stand one above the other."
        ),
        alt=(
            f"Dot chart of {count(len(drawn))} residuals on {count(len(lines))} lines, "
            f"{', '.join(SHORT[name] for name in lines)}, from minus to plus the tolerance. {count(above)} lie to the "
            f"right, where ours is the higher figure. The one nearest to its tolerance, or farthest beyond, is "
            f"{_words(worst['what'])} by {worst['publisher']}, at {share(min(1.0, abs(worst['part'])))} of it."
        ),
        sources=_sources(drawn),
        tables=tables,
        data=drawn[
            ["check", "family", "what", "publisher", "unit", "residual", "tolerance", "part", "holds"]
        ],
    )


def _placed(rows: pd.DataFrame) -> pd.DataFrame:
    """``rows`` with where each is drawn: ``part`` of its tolerance, and ``at``, its line, spread where crowded."""
    lines = {name: position for position, name in enumerate(n for n in SHORT if n in set(rows["family"]))}
    # without a tolerance anything that is left over is beyond it
    part = (rows["residual"] / rows["tolerance"]).where(
        rows["tolerance"] > 0, rows["residual"].map(lambda left: 2.0 if left > 0 else -2.0)
    )
    placed = rows.assign(part=part.round(4), publisher_family=rows["publisher"].map(family))
    at = pd.Series(0.0, index=placed.index)
    for name, some in placed.groupby("family", sort=False):
        taken: list[tuple[float, int]] = []
        for index, here in some["part"].sort_values(kind="stable").items():
            used = {level for there, level in taken if abs(there - here) < NEAR}
            level = next(step for step in _levels() if step not in used)
            taken.append((here, level))
            at[index] = lines.get(str(name), len(lines)) + level * ROW
    return placed.assign(at=at)


def _levels() -> Sequence[int]:
    """On the line, then above and below it in turn."""
    return [0, *(side * step for step in range(1, 50) for side in (-1, 1))]


def _point_text(row) -> str:
    return (
        f"{row.publisher}, {_words(row.what)}<br>ours {_amount(row, 'ours')}, published "
        f"{_amount(row, 'published')}<br>residual {_signed(row.residual, row.unit)}, tolerance "
        f"{_number(row.tolerance, row.unit)}"
    )


def residual_table(checks: pd.DataFrame, tables: Sequence[str]) -> Table:
    """The comparisons of ``with_tolerance(checks)`` one by one."""
    rows = with_tolerance(checks)
    shown = rows.assign(
        what=rows["what"].map(_words),
        compared=[_amount(row, "ours") for row in rows.itertuples()],
        published_as=[_amount(row, "published") for row in rows.itertuples()],
        left_over=[_signed(row.residual, "") for row in rows.itertuples()],
        allowed=[_number(row.tolerance, row.unit) for row in rows.itertuples()],
        unit=rows["unit"].replace(UNITS),
    )
    return Table(
        shown,
        id="reconciliation-residuals",
        caption=(
            "Comparisons that may leave something over: our figure and the published one (in brackets or with a dash "
            "their range), what is left between them, and what is allowed"
        ),
        columns={
            "what": "Figure",
            "publisher": "Published by",
            "compared": "Ours",
            "published_as": "Published",
            "unit": "Unit",
            "left_over": "Residual",
            "allowed": "Tolerance",
            "holds": "Holds",
            "source_ids": "Read in",
        },
        formats={"source_ids": "cite"},
        sources=_sources(rows),
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
    return Table(
        register,
        id="corrections",
        caption="Corrections to published rows: how each row was published, and what it is when the book reads it",
        columns={
            "target": "Table",
            "row": "Row",
            "published": "Published",
            "corrected": "Corrected",
            "reason": "Reason",
            "source_ids": "Sources",
        },
        formats={"source_ids": "cite", "row": _cells, "published": _cells, "corrected": _cells},
        sources=sorted({source for cell in register["source_ids"] for source in split_list(cell)}),
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


def _amount(row, name: str) -> str:
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


def _sources(rows: pd.DataFrame) -> list[str]:
    return sorted({source for cell in rows["source_ids"] for source in split_list(cell)})
