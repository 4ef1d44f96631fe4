"""What a notebook shows: figures, tables and the numbers in the prose."""

from aleppo.show.figure import Figure
from aleppo.show.numbers import (
    area,
    change,
    count,
    count_range,
    date,
    quantity,
    ratio,
    say,
    share,
    share_range,
    span,
)
from aleppo.show.stored import data, labels
from aleppo.show.table import Table

__all__ = [
    "Figure",
    "Table",
    "area",
    "change",
    "count",
    "count_range",
    "data",
    "date",
    "labels",
    "quantity",
    "ratio",
    "say",
    "share",
    "share_range",
    "span",
]
