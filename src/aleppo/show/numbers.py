"""Numbers, dates and ranges as the book prints them, and `say`, which hands them to the prose.

A range goes with every estimate: `say` refuses one that stands alone, unless it is told why (``ALONE``). What `count`
prints is declared a count; a date, a name and a range are no lone estimates either.

Formatters take plain or numpy numbers and return text; they raise AleppoError for anything that is not a
finite number (or a date), because a missing value must be worded by the author, never printed as "nan".
Spaces inside a number with its unit are no-break spaces (U+00A0), which every font in the book has.
Rounding is half away from zero on the decimal digits of the value, the same on every numpy. No locale.
"""

from __future__ import annotations

import calendar
import datetime
import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from numbers import Real
from typing import Any

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.signs import visible

NBSP = "\u00a0"
MINUS = "\u2212"
EN_DASH = "\u2013"
# From here on a ratio is told in three figures.
LARGE_RATIO = 1000
TIMES = "\u00d7"
GLUE_PREFIX = "application/papermill.record/"
MONTHS = tuple(calendar.month_name)[1:]

ALONE = {
    "whole": "a share, a sum or a length over everything that was coded or counted",
    "beside": "the other end of its range, or the range itself, stands beside it",
    "reading": "the figure beside it, with one choice made otherwise",
    "published": "its publisher gave one value and no range",
    "chosen": "it was set beforehand and not estimated",
    "chance": "it is what chance alone would give",
}
"""Why an estimate may stand without its low and high, in the words of a reader."""

_KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*")
# An estimate in words that were put together: a sign of a ratio, a unit after a number, or decimals.
_ESTIMATE = re.compile(rf"{TIMES}\d|\d{NBSP}[%a-z]|\d\.\d")
_RANGE = re.compile(rf"\[[^\]]*\d[^\]]*\]|\d{EN_DASH}{MINUS}?\d")
_said: dict[str, tuple[str, int]] = {}  # key → the cell that said it, and its run

Date = str | datetime.date


class Printed(str):
    """The text of a formatter; ``lone`` says whether it is an estimate without its low and high."""

    __slots__ = ("lone",)
    lone: bool

    def __new__(cls, text: str, lone: bool = False) -> Printed:
        printed = super().__new__(cls, text)
        printed.lone = lone
        return printed


def count(value: Any) -> Printed:
    """A whole number with commas: ``27,618``. Refuses a value with a fraction."""
    number = _decimal(value)
    if number != number.to_integral_value():
        raise AleppoError(f"a count: expected a whole number, found {value!r}")
    return Printed(_signed(number, 0))


def count_or(value: Any, none: str) -> str:
    """A whole number as `count` has it, or the word ``none`` where it is zero."""
    return count(value) if value else none


def quantity(value: Any, digits: int = 0, unit: str = "") -> Printed:
    """A measured number with ``digits`` decimals and an optional unit: ``1,234.5 km``."""
    return Printed(_with_unit(_signed(_decimal(value), digits), unit), lone=True)


def area(value: Any, digits: int = 1) -> Printed:
    """Square kilometres: ``40.4 km²``."""
    return quantity(value, digits, "km²")


def change(value: Any, digits: int = 0, unit: str = "") -> Printed:
    """A difference, always with its sign: ``+12``, ``−3.5``; zero has none."""
    number = _rounded(_decimal(value), digits)
    text = _signed(number, digits)
    return Printed(_with_unit(f"+{text}" if number > 0 else text, unit), lone=True)


def share(value: Any, digits: int = 0) -> Printed:
    """A fraction as a percentage: 0.534 gives ``53 %``.

    A share above zero is never printed as 0, nor one below the whole as 100: ``<1 %``, ``>99 %``.
    """
    return Printed(_with_unit(_percent(value, digits), "%"), lone=True)


def share_range(*bounds: Any, digits: int = 0) -> Printed:
    """Shares with their range: (low, high) gives ``48–59 %``, (low, best, high) ``53 % [48–59 %]``."""
    return _range("a range of shares", bounds, lambda value: _percent(value, digits), "%")


def count_range(*bounds: Any) -> Printed:
    """Counts with their range: (low, high) gives ``34–51``, (low, best, high) ``40 [34–51]``."""
    return _range("a range of counts", bounds, count)


def quantity_range(*bounds: Any, digits: int = 0, unit: str = "") -> Printed:
    """Measured numbers with their range: (low, high) gives ``23–39 km²``, (low, best, high) ``31 km² [23–39 km²]``."""
    return _range("a range", bounds, lambda value: _signed(_decimal(value), digits), unit)


def ratio(best: Any, low: Any = None, high: Any = None, digits: int = 2) -> Printed:
    """A rate ratio and its interval: ``×1.31 [0.75, 2.29]``; of a thousand and more, three figures and noughts."""
    text = f"{TIMES}{_of_a_ratio(best, digits)}"
    if low is None and high is None:
        return Printed(text, lone=True)
    if low is None or high is None:
        raise AleppoError("a ratio: expected both ends of the interval or neither, found one")
    _ascending("a ratio", low, best, high)
    return Printed(f"{text} [{_of_a_ratio(low, digits)}, {_of_a_ratio(high, digits)}]")


def _of_a_ratio(value: Any, digits: int) -> str:
    number = _decimal(value)
    if abs(number) < LARGE_RATIO:
        return _signed(number, digits)
    # further figures would promise what no estimate holds, and differ between libraries of linear algebra
    return _signed(number.quantize(Decimal(1).scaleb(number.adjusted() - 2), ROUND_HALF_UP), 0)


def ratio_range(low: Any, high: Any, digits: int = 2) -> Printed:
    """Two ratios as a range: ``×0.58–1.78``."""
    return Printed(f"{TIMES}{quantity_range(low, high, digits=digits)}")


def _range(what: str, bounds: tuple[Any, ...], text: Callable[[Any], str], unit: str = "") -> Printed:
    """(low, high) or (low, best, high) as printed; ends that print alike are one."""
    if len(bounds) not in (2, 3):
        raise AleppoError(f"{what}: expected 2 or 3 numbers, found {len(bounds)}")
    _ascending(what, *bounds)
    first, *best, last = map(text, bounds)
    both = _with_unit(first if first == last else f"{first}{EN_DASH}{last}", unit)
    return Printed(f"{_with_unit(best[0], unit)} [{both}]" if best else both)


def date(value: Date) -> str:
    """A day ``28 November 2016``, a month ``November 2016`` from ``2016-11``, a year from ``2016``."""
    year, month, day = date_parts(value)
    words = [str(day)] if day else []
    if month:
        words.append(MONTHS[month - 1])
    head = NBSP.join(words)
    return f"{head} {year}".strip()


def span(start: Date, end: Date) -> str:
    """Two dates with what they share said once: ``13–22 December 2016``, ``July–December 2016``."""
    first, last = date_parts(start), date_parts(end)
    if _precision(first) != _precision(last):
        raise AleppoError(
            f"a span of dates: expected two dates of one precision, found {start!r} and {end!r}"
        )
    if first > last:
        raise AleppoError(
            f"a span of dates: expected the first not after the last, found {start!r} to {end!r}"
        )
    if first == last:
        return date(end)
    year, month, day = first
    if year != last[0]:
        return f"{date(start)} {EN_DASH} {date(end)}" if month else f"{year}{EN_DASH}{last[0]}"
    if day and month == last[1]:
        return f"{day}{EN_DASH}{date(end)}"
    if day:
        return f"{day}{NBSP}{MONTHS[month - 1]} {EN_DASH} {date(end)}"
    return f"{MONTHS[month - 1]}{EN_DASH}{date(end)}"


def say(key: str, text: str, alone: str = "") -> None:
    """Give ``text`` to the prose under ``key``, once; the page uses it as ``{glue:text}`key` ``.

    An estimate goes with its low and high; one that stands alone needs a word of ``ALONE`` that says why.

    The display it makes is the one of ``myst_nb.glue(key, text, display=False)``, written here because
    importing myst_nb takes longer than most cells. Raises AleppoError for a text that is not one line of
    text, a key that is not lower-case words, a key said before in this kernel, and an estimate without its range.
    """
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise AleppoError(f"say: expected a key of lower-case words joined by - _ or ., found {key!r}")
    if not isinstance(text, str):
        raise AleppoError(
            f"say {key!r}: expected text from a formatter of aleppo.show.numbers, found {type(text).__name__}"
        )
    if not text.strip() or "\n" in text:
        raise AleppoError(f"say {key!r}: expected one line of text, found {text!r}")
    _check_range(key, text, alone)
    cell, run = _running_cell()
    before = _said.get(key)
    if before and not (cell and before[0] == cell and before[1] != run):
        raise AleppoError(f"say {key!r}: this key was said before in this notebook")
    _said[key] = cell, run
    from IPython.display import display

    display(
        {f"{GLUE_PREFIX}text/plain": repr(visible(text))},
        raw=True,
        metadata={"scrapbook": {"name": key, "mime_prefix": GLUE_PREFIX}},
    )


def _check_range(key: str, text: str, alone: str) -> None:
    """Refuse an estimate without low and high that nothing was declared of, and a declaration that fits nothing."""
    lone = is_lone_estimate(text)
    if alone and alone not in ALONE:
        raise AleppoError(f"say {key!r}: expected alone as one of {', '.join(ALONE)}, found {alone!r}")
    if lone and not alone:
        raise AleppoError(
            f"say {key!r}: expected a count, or an estimate with its low and high, found {str(text)!r} alone "
            f"(or alone= with one of {', '.join(ALONE)})"
        )
    if alone and not lone:
        raise AleppoError(
            f"say {key!r}: expected no alone= with {str(text)!r}, which is no estimate without a range"
        )


def is_lone_estimate(text: str) -> bool:
    """Whether ``text`` gives an estimate without its low and high.

    The formatters know it of their own texts; of words put together it is told by their signs, units and decimals.
    """
    if isinstance(text, Printed):
        return text.lone
    return bool(_ESTIMATE.search(text)) and not _RANGE.search(text)


def forget_what_was_said() -> None:
    """Begin anew, as a fresh kernel does: every key may be said again."""
    _said.clear()


def _running_cell() -> tuple[str, int]:
    """The running cell's id, where the editor sends one, and the number of its run: a cell may be run again."""
    from IPython import get_ipython

    shell = get_ipython()
    sent = getattr(shell, "parent_header", None) or {}
    return str(sent.get("metadata", {}).get("cellId", "")), int(getattr(shell, "execution_count", 0))


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Real | Decimal) or not math.isfinite(value):
        raise AleppoError(f"a number to print: expected a finite number, found {value!r}")
    if isinstance(value, Decimal):
        return value
    # repr of the Python number is its shortest decimal form; numpy scalars are unwrapped first
    number = float(value)
    return Decimal(int(value) if number.is_integer() else repr(number))  # type: ignore[call-overload]


def _rounded(number: Decimal, digits: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _signed(number: Decimal, digits: int) -> str:
    rounded = _rounded(number, digits)
    text = f"{abs(rounded):,f}"
    return f"{MINUS}{text}" if rounded < 0 else text


def _with_unit(text: str, unit: str) -> str:
    return f"{text}{NBSP}{unit}" if unit else text


def _percent(value: Any, digits: int) -> str:
    number = _decimal(value)
    if not 0 <= number <= 1:
        raise AleppoError(f"a share: expected a fraction from 0 to 1, found {value!r}")
    step = Decimal(1).scaleb(-digits)
    rounded = _rounded(number * 100, digits)
    if rounded == 0 and number > 0:
        return f"<{step:f}"
    if rounded == 100 and number < 1:
        return f">{100 - step:f}"
    return f"{rounded:f}"


def _ascending(what: str, *values: Any) -> None:
    numbers = [_decimal(value) for value in values]
    if numbers != sorted(numbers):
        raise AleppoError(f"{what}: expected low to high, found {', '.join(map(str, values))}")


def date_parts(value: Date) -> tuple[int, int, int]:
    """Year, month, day; 0 where the date is partial."""
    text = value.isoformat()[:10] if isinstance(value, datetime.date) else str(value)
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", text)
    if not match:
        raise AleppoError(f"a date: expected YYYY, YYYY-MM or YYYY-MM-DD, found {value!r}")
    year, month, day = (int(part or 0) for part in match.groups())
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError as error:
        raise AleppoError(f"a date: expected a day of the calendar, found {value!r}") from error
    if (match[2] and not month) or (match[3] and not day):
        raise AleppoError(f"a date: expected a day of the calendar, found {value!r}")
    return year, month, day


def _precision(parts: tuple[int, int, int]) -> int:
    return sum(part > 0 for part in parts)
