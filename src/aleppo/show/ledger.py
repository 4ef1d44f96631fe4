"""Entries of the claims ledger in words: figures with their range, verdicts, sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aleppo.show.numbers import (
    EN_DASH,
    NBSP,
    area,
    count,
    count_range,
    date,
    quantity,
    ratio,
    share,
    share_range,
)

VERDICT_WORDS = {
    "supported": "supported",
    "partly": "partly supported",
    "contested": "contested",
    "not_supported": "not supported",
    "corrected": "corrected",
    "cannot_be_tested": "cannot be tested",
    "forecast_borne_out": "forecast borne out",
    "forecast_not_borne_out": "forecast not borne out",
}


def amount_text(figure: Mapping[str, Any]) -> str:
    """A figure of a ledger entry as the book prints it: ``21,452 people``, ``62 % [53–72 %]``, ``at least 4``."""
    kind, unit = figure["kind"], figure.get("unit", "")
    if kind in ("date", "month"):
        return date(figure["best"])
    if kind == "text":
        return str(figure["best"])
    text = _ranged(kind, figure.get("low"), figure.get("best"), figure.get("high"))
    if kind == "days":
        one = figure.get("best") == 1 and figure.get("low") is None and figure.get("high") is None
        unit = "day" if one else "days"
    return f"{text}{NBSP}{unit}" if unit else text


def _ranged(kind: str, low: float | None, best: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return _both(kind, low, best, high)
    if best is not None:
        bound = f" (at least {one_text(kind, low)})" if low is not None else ""
        bound = f" (at most {one_text(kind, high)})" if high is not None else bound
        return one_text(kind, best) + bound
    return f"at least {one_text(kind, low)}" if low is not None else f"up to {one_text(kind, high)}"


def _both(kind: str, low: float, best: float | None, high: float) -> str:
    bounds = (low, high) if best is None else (low, best, high)
    if kind == "share":
        return share_range(*bounds)
    if kind in ("count", "days"):
        return count_range(*bounds)
    if kind == "ratio" and best is not None:
        return ratio(best, low, high)
    ends = f"{one_text(kind, low)}{EN_DASH}{one_text(kind, high)}"
    return ends if best is None else f"{one_text(kind, best)} [{ends}]"


_FORMS: dict[str, Callable[[Any], str]] = {
    "share": share,
    "count": count,
    "days": count,
    "ratio": ratio,
    "area": area,
}


def one_text(kind: str, value: float | None) -> str:
    """One number of a figure of this kind: ``53 %``, ``×1.31``, ``40.4 km²``."""
    return _FORMS.get(kind, _quantity)(value)


def _quantity(value: Any) -> str:
    return quantity(value, 0 if float(value).is_integer() else 1)


def says_text(entry: Mapping[str, Any]) -> str:
    """What the evidence shows, with the figures in their places."""
    return str(entry["says"]).format(**{key: amount_text(figure) for key, figure in entry["figures"].items()})


def supports_word(entry: Mapping[str, Any]) -> str:
    """What the sources beside those against a claim are to it: of one that cannot be tested, only what was read."""
    return "Read" if entry["verdict"] == "cannot_be_tested" else "For"


def verdict_words(entry: Mapping[str, Any]) -> str:
    """The verdict and its confidence: ``contested (medium confidence)``."""
    return f"{VERDICT_WORDS[entry['verdict']]} ({entry['confidence']} confidence)"
