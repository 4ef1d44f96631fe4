"""Turning what a figure or table holds into plain, short, repeatable JSON and CSV."""

from __future__ import annotations

import base64
import csv
import datetime
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.signs import visible
from aleppo.evidence.spreadsheets import safe

# Enough for a coordinate of five decimals, few enough that two versions of numpy print the same.
SIGNIFICANT = 7
# The beginning of a tag that plotly would follow, other than <br>, <b> and the <extra> of a label.
_TAG = re.compile(r"<(?!(?:br|/?b|/?extra)>)(?=[^<>]*>)")


def plain(value: Any, where: str, *, gaps: bool = False) -> Any:
    """``value`` as lists, mappings, text and numbers of JSON.

    Arrays (also plotly's base64 ones) become lists, midnights become days, floats are rounded to
    `SIGNIFICANT` digits and whole ones become integers. A missing number becomes null where ``gaps`` is true.
    ``where`` names the value in messages. Raises AleppoError for infinity, for a missing number otherwise,
    and for anything that has no place in JSON.
    """
    if isinstance(value, str):
        return visible(value)
    if value is None or isinstance(value, bool | np.bool_):
        return bool(value) if isinstance(value, np.bool_) else value
    if isinstance(value, Mapping):
        if set(value) >= {"dtype", "bdata"}:
            return plain(_decoded(value), where, gaps=gaps)
        return {
            str(key): plain(item, f"{where}.{key}" if where else str(key), gaps=gaps)
            for key, item in value.items()
        }
    if isinstance(value, datetime.date | np.datetime64):
        return _iso(value, where, gaps)
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return _number(float(value), where, gaps)
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return plain(value.item(), where, gaps=gaps)
    if isinstance(value, list | tuple | np.ndarray | pd.Series | pd.Index | pd.api.extensions.ExtensionArray):
        return [plain(item, f"{where}[{place}]", gaps=gaps) for place, item in enumerate(value)]
    if value is pd.NA:
        return _number(math.nan, where, gaps)
    raise AleppoError(f"{where}: expected numbers, text or dates, found {type(value).__name__}")


def compact(value: Any) -> str:
    """``value`` as JSON with sorted keys and no spaces: the same value gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def csv_text(frame: pd.DataFrame) -> str:
    """``frame`` as CSV: comma, LF, UTF-8, ISO dates, yes/no, nothing for a missing value, no index.

    Words that a spreadsheet would take for a formula have an apostrophe before them (`aleppo.evidence.spreadsheets`).
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([safe(str(column)) for column in frame.columns])
    writer.writerows([[_cell(value) for value in row] for row in frame.itertuples(index=False, name=None)])
    return stream.getvalue()


def kinds(frame: pd.DataFrame) -> list[str]:
    """What each column of ``frame`` holds: ``integer``, ``number``, ``date``, ``yes/no`` or ``text``.

    The values decide, since a column of objects may hold any of them; one without values is of its own type.
    """
    return [_kind(frame[column]) for column in frame.columns]


def _kind(series: pd.Series) -> str:
    values = [value for value in series if not is_missing(value)]
    if not values:
        numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
        return "number" if numeric else "date" if pd.api.types.is_datetime64_any_dtype(series) else "text"
    if all(isinstance(value, bool | np.bool_) for value in values):
        return "yes/no"
    if all(isinstance(value, datetime.date | np.datetime64) for value in values):
        days = all(pd.Timestamp(value) == pd.Timestamp(value).normalize() for value in values)
        return "date" if days else "text"
    if any(isinstance(value, bool | np.bool_) for value in values):
        return "text"
    if all(isinstance(value, Integral) for value in values):
        return "integer"
    return "number" if all(isinstance(value, Real) for value in values) else "text"


def inert(text: str) -> str:
    """``text`` of a table so that a chart prints it as it stands: plotly reads some tags and entities in any text.

    >>> inert('<a href="x">R&amp;D</a> < 3')
    '&lt;a href="x">R&amp;amp;D&lt;/a> &lt; 3'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;")


def marked_cells(frame: pd.DataFrame) -> list[str]:
    """The cells of ``frame`` that plotly would read as markup, the longest first; hardly any table has one."""
    texts = {
        visible(cell)
        for name in frame.columns
        if not pd.api.types.is_numeric_dtype(frame[name])
        for cell in frame[name]
        if isinstance(cell, str)
    }
    return sorted((text for text in texts if "<" in text or "&" in text), key=lambda text: (-len(text), text))


def printed(value: Any, cells: Sequence[str] = ()) -> Any:
    """``value``, the parts of a chart, so that plotly prints the ``cells`` of its table as they stand.

    Of what is left it makes lines, weight and labels (<br>, <b>, <extra>) and nothing else: other tags are printed
    too, wherever they come from, as plotly makes links of some and takes any style from others.
    """
    if isinstance(value, str):
        if cells:  # in one pass: what is written for one cell is not looked at for another
            value = re.sub("|".join(map(re.escape, cells)), lambda found: inert(found[0]), value)
        return _TAG.sub("&lt;", value) if "<" in value else value
    if isinstance(value, Mapping):
        return {key: printed(item, cells) for key, item in value.items()}
    return [printed(item, cells) for item in value] if isinstance(value, list) else value


def tidy(frame: Any, what: str) -> pd.DataFrame:
    """``frame`` with a named index made a column; AleppoError unless it is a frame with rows and plain names."""
    if not isinstance(frame, pd.DataFrame):
        raise AleppoError(f"{what}: expected its data as a DataFrame, found {type(frame).__name__}")
    named = [name for name in frame.index.names if name is not None]
    result = frame.reset_index() if named else frame
    if result.empty:
        raise AleppoError(f"{what}: expected data with rows and columns, found none")
    if not all(isinstance(column, str) for column in result.columns):
        raise AleppoError(f"{what}: expected columns named by text, found {list(result.columns)!r}")
    return result


def is_missing(value: Any) -> bool:
    """Whether ``value`` is one of the ways pandas says that there is none."""
    return (
        value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
    )


def _decoded(packed: Mapping[str, Any]) -> np.ndarray:
    array = np.frombuffer(base64.b64decode(packed["bdata"]), dtype=np.dtype(packed["dtype"]))
    shape = packed.get("shape")
    if shape is None:
        return array
    sizes = shape.split(",") if isinstance(shape, str) else shape
    return array.reshape([int(size) for size in sizes])


def _number(number: float, where: str, gaps: bool) -> int | float | None:
    if math.isnan(number):
        if gaps:
            return None
        raise AleppoError(
            f"{where}: expected a number, found a missing one (leave the row out, or set connectgaps on a "
            "line to say what a gap means)"
        )
    if math.isinf(number):
        raise AleppoError(f"{where}: expected a finite number, found infinity")
    rounded = float(f"{number:.{SIGNIFICANT}g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def _iso(value: datetime.date | np.datetime64, where: str, gaps: bool) -> str | None:
    stamp = pd.Timestamp(value)
    if stamp is pd.NaT:
        return _number(math.nan, where, gaps)  # type: ignore[return-value]
    return stamp.date().isoformat() if stamp == stamp.normalize() else stamp.isoformat()


def _cell(value: Any) -> str:
    if is_missing(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, datetime.date | np.datetime64):
        return _iso(value, "", False) or ""
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, Real):
        return f"{float(value):.10g}"
    if isinstance(value, list | tuple):
        return safe(";".join(_cell(item) for item in value))
    return safe(visible(str(value)))
