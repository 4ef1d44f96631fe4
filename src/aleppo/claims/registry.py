"""Which test decides which claim: computed ones register themselves, judgements are read from ``data/``."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aleppo.claims.exhibits import Exhibits
from aleppo.claims.verdict import Verdict
from aleppo.evidence.documents import read_yaml
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.load import record_use
from aleppo.evidence.paths import shown

JUDGEMENTS = "judgements.yml"
Decide = Callable[[Exhibits], Verdict]
_FIELDS = {
    "claim",
    "verdict",
    "confidence",
    "reason",
    "says",
    "evidence",
    "supports",
    "opposes",
    "chapter",
    "figure",
}
_REQUIRED = {"claim", "verdict", "confidence", "reason", "says", "evidence"}
_LISTS = {"evidence", "supports", "opposes"}
# these two become links in the book
_PLACES = {"chapter": re.compile(r"(?:(?:book|notebooks)/[a-z0-9-]+)?"), "figure": re.compile(r"[a-z0-9-]*")}


@dataclass(frozen=True)
class Test:
    """How a claim is decided: by the function ``decide``, called ``name``; where the book treats it.

    ``chapter`` is a page of the book (``notebooks/truces``), ``figure`` a label on it (``fig-…`` or ``tab-…``);
    both may be empty.
    """

    __test__ = False  # the word is the field's; pytest must not collect the class

    name: str
    decide: Decide
    computed: bool
    chapter: str = ""
    figure: str = ""


_computed: dict[str, Test] = {}


def computed(*claims: str, chapter: str = "", figure: str = "") -> Callable[[Decide], Decide]:
    """Register the decorated function as the test of ``claims``.

    Raises AleppoError for a claim that has a computed test already.
    """

    def register(decide: Decide) -> Decide:
        for claim in claims:
            if claim in _computed:
                raise AleppoError(
                    f"{claim}: expected one test, found {_computed[claim].name} and {decide.__name__}"
                )
            _computed[claim] = Test(f"{decide.__module__}.{decide.__name__}", decide, True, chapter, figure)
        return decide

    return register


def computed_tests() -> Mapping[str, Test]:
    """Claim → its computed test, from every module of `aleppo.claims.tests`."""
    package = importlib.import_module("aleppo.claims.tests")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(_computed)


def judgements(data: Path) -> dict[str, Test]:
    """Claim → the judgement on it in ``data/judgements.yml``, which names the rows that it rests on.

    Raises AleppoError, naming file and claim, for an entry that lacks a field, has an unknown one, or is there
    twice; and for a file that is no list of entries.
    """
    path = data / JUDGEMENTS
    if not path.is_file():
        return {}
    record_use(path.stem)
    entries = read_yaml(path, "a list of judgements") or []
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise AleppoError(f"{shown(path)}: expected a list of judgements, found something else")
    found: dict[str, Test] = {}
    for entry in entries:
        claim = str(entry.get("claim", "an entry without a claim"))
        where = f"{shown(path)}: {claim}"
        _check_fields(where, entry)
        if claim in found:
            raise AleppoError(f"{where}: expected one judgement, found two")
        found[claim] = Test(
            "judgement", _judge(where, entry), False, entry.get("chapter", ""), entry.get("figure", "")
        )
    return found


def _check_fields(where: str, entry: Mapping[str, Any]) -> None:
    missing, unknown = _REQUIRED - set(entry), set(entry) - _FIELDS
    if missing:
        raise AleppoError(f"{where}: expected the field {min(missing)}, found none")
    if unknown:
        found = min(map(str, unknown))
        raise AleppoError(f"{where}: expected only {', '.join(sorted(_FIELDS))}, found {found}")
    for name, value in entry.items():
        if name not in _LISTS and not isinstance(value, str):
            raise AleppoError(f"{where}: expected text as {name}, found {value!r}")
        if name in _LISTS and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise AleppoError(f"{where}: expected a list as {name}, of text, found {value!r}")
    for name, form in _PLACES.items():
        if not form.fullmatch(entry.get(name, "")):
            raise AleppoError(f"{where}: expected a place in the book as {name}, found {entry[name]!r}")


def _judge(where: str, entry: Mapping[str, Any]) -> Decide:
    """The judgement as a test: it looks at the rows that it names, so that they exist and are hashed."""

    def judgement(exhibits: Exhibits) -> Verdict:
        _look_at(exhibits, where, entry["evidence"])
        try:
            return Verdict(
                verdict=entry["verdict"],
                confidence=entry["confidence"],
                reason=entry["reason"],
                says=entry["says"],
                supports=tuple(entry.get("supports", [])),
                opposes=tuple(entry.get("opposes", [])),
            )
        except AleppoError as error:
            raise AleppoError(f"{where}: {error}") from error

    return judgement


def _look_at(exhibits: Exhibits, where: str, rows: Iterable[str]) -> None:
    for row in rows:
        table, _, name = row.partition("/")
        if not name:
            raise AleppoError(f"{where}: expected evidence as table/id, found {row!r}")
        exhibits.rows(table, name)
