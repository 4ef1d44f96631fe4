"""Countries by their ISO 3166 alpha-3 code: names, as the ISO lists behind pycountry give them.

Names are not typed here. The lists hold today's names, inverted for sorting ("Korea, Republic of"); this module
turns them round. They do not keep the earlier names of a country that kept its code, nor the short forms that fit
a chart: two small tables of this module add what is needed, and `tests/unit/test_evidence_countries.py` fails when an
entry is no longer needed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import pycountry

from aleppo.evidence.errors import AleppoError


class Earlier(NamedTuple):
    """A name that a country bore in the United Nations before the year ``until``."""

    name: str
    until: int


# Renamed in the period of the evidence or since, and still under the same code
EARLIER = {
    "CPV": Earlier("Cape Verde", 2013),
    "CZE": Earlier("Czech Republic", 2016),
    "MKD": Earlier("The former Yugoslav Republic of Macedonia", 2019),
    "SWZ": Earlier("Swaziland", 2018),
    "TUR": Earlier("Turkey", 2022),
}

# Names for charts and tables where the ISO short name is too long and its common name is not what the
# United Nations writes
SHORT = {
    "COD": "DR Congo",
    "FSM": "Micronesia",
    "KOR": "Republic of Korea",
    "PRK": "DPR Korea",
    "VNM": "Viet Nam",
}


def is_code(iso3: object) -> bool:
    """Whether ``iso3`` is the alpha-3 code of a country, one in force or one that was withdrawn."""
    return isinstance(iso3, str) and _record(iso3) is not None


def name(iso3: str, year: int | None = None) -> str:
    """The short English name of a country, for charts and tables; with ``year``, the one it bore in that year.

    Raises AleppoError for a code that is not of ISO 3166.
    """
    record = _known(iso3)
    earlier = EARLIER.get(iso3)
    if earlier and year is not None and year < earlier.until:
        return earlier.name
    if iso3 in SHORT:
        return SHORT[iso3]
    return str(getattr(record, "common_name", None) or _turned(record.name))


def names(iso3: str) -> frozenset[str]:
    """Every English name known for a country, today's and earlier ones, folded by :func:`folded`.

    Raises AleppoError for a code that is not of ISO 3166.
    """
    record = _known(iso3)
    listed = {record.name, _turned(record.name), _bracketed(record.name)}
    listed |= {getattr(record, key, None) or record.name for key in ("common_name", "official_name")}
    if iso3 in EARLIER:
        listed.add(EARLIER[iso3].name)
    return frozenset(folded(one) for one in listed)


def agrees(iso3: str, text: str) -> bool:
    """Whether ``text`` is a name of the country: letter case, accents and a leading "the" do not matter."""
    return folded(text) in names(iso3)


def folded(text: str) -> str:
    """``text`` in lower case, without accents and a leading "the": what two spellings of a name share."""
    parts = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    bare = "".join(one for one in parts if not unicodedata.combining(one)).casefold().strip()
    return bare.removeprefix("the ")


def unknown(codes: Iterable[str]) -> list[str]:
    """Those of ``codes`` that are not of ISO 3166, each once, sorted."""
    return sorted({code for code in codes if not is_code(code)})


def _known(iso3: str) -> Any:
    record = _record(iso3)
    if record is None:
        raise AleppoError(f"a country: expected an ISO 3166 alpha-3 code, found {iso3!r}")
    return record


@cache
def _record(iso3: str) -> Any:
    return pycountry.countries.get(alpha_3=iso3) or pycountry.historic_countries.get(alpha_3=iso3)


def _turned(text: str) -> str:
    """ "Korea, Republic of" as "Republic of Korea"."""
    head, comma, tail = text.partition(", ")
    return f"{tail} {head}" if comma else text


def _bracketed(text: str) -> str:
    """ "Micronesia, Federated States of" as "Micronesia (Federated States of)"."""
    head, comma, tail = text.partition(", ")
    return f"{head} ({tail})" if comma else text
