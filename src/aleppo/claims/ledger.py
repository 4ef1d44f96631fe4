"""The ledger: every claim with its verdict, recomputed from the evidence and compared with the committed one."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from aleppo.claims.exhibits import ARTICLE_SOURCES, Exhibits
from aleppo.claims.registry import Test, computed_tests, judgements
from aleppo.claims.verdict import Verdict
from aleppo.evidence.documents import read_json
from aleppo.evidence.errors import AleppoError, EvidenceError, MissingTable
from aleppo.evidence.files import write_atomic
from aleppo.evidence.forms import CODE, CODES, TEXT, TEXTS, form_faults, listed, mapping, named
from aleppo.evidence.paths import data_dir, shown

LEDGER = "ledger.json"
STATED = ("claim", "article", "paraphrase", "attributed_to", "domain", "kind")
BOOK = "book"
"""What stands as the article of the book's own findings."""

COMPILED = (
    *("quantity", "value", "unit", "area", "period"),
    *("evidence_test", "check_status", "check_note", "source_ids"),
)
"""What the compilation noted of a claim of an article before the ledger decided it: columns of the table ``claims``."""

Entry = dict[str, Any]

_NAMES = ("claim", "article", "test", "verdict", "confidence")
_PLACE = {"type": "string", "pattern": r"\A[a-z0-9/-]*\Z", "description": "a place in the book"}
_AMOUNT = {"type": ["number", "string"], "description": "a number or a date"}
FORM = listed(
    mapping(
        "what a ledger says of a claim",
        {
            **dict.fromkeys(_NAMES, CODE),
            **dict.fromkeys(("paraphrase", "attributed_to", "reason", "says"), TEXT),
            "figures": named(
                mapping("a figure", {"kind": CODE}, low=_AMOUNT, best=_AMOUNT, high=_AMOUNT, unit=TEXT),
                "figures by their names",
            ),
            **dict.fromkeys(("supports", "opposes", "tables"), CODES),
            "evidence": TEXTS,
            **dict.fromkeys(("chapter", "figure"), _PLACE),
        },
        **dict.fromkeys(("domain", "kind", "data"), CODE),
    ),
    "a list of claims",
)


def evaluate(
    exhibits: Exhibits | None = None,
    tests: Mapping[str, Test] | None = None,
    only: Collection[str] | None = None,
) -> list[Entry]:
    """Every claim and every finding of the book with its verdict, in the order of their tables.

    An entry has ``claim, article, paraphrase, attributed_to, domain, kind, compiled`` (what there is of the columns
    ``COMPILED``), ``test`` (the function's name or ``judgement``), ``verdict, confidence, reason, says, figures,
    supports, opposes, evidence`` (named rows), ``tables, data`` (hash of what was looked at), ``chapter, figure``. With
    ``only``, these claims alone are decided.

    Raises AleppoError for a claim without a test or with two, a test of a claim that there is not, and a source
    that is not in the table ``sources``; MissingTable where the data lack a table that a test needs.
    """
    exhibits = exhibits or Exhibits()
    tests = tests if tests is not None else all_tests()
    claims = statements(exhibits)
    _each_has_one_test(set(claims["claim"]), set(tests))
    known = set(exhibits.fresh()["sources"]["source_id"])
    return [
        _entry(row, tests[row["claim"]], exhibits.fresh(), known)
        for row in claims.to_dict("records")
        if only is None or row["claim"] in only
    ]


def all_tests() -> dict[str, Test]:
    """Claim → its test; AleppoError for a claim with a computed test and a judgement."""
    by_function, by_judgement = computed_tests(), judgements(data_dir())
    both = sorted(set(by_function) & set(by_judgement))
    if both:
        raise AleppoError(f"{both[0]}: expected one test, found a computed one and a judgement")
    return {**by_function, **by_judgement}


def statements(exhibits: Exhibits) -> pd.DataFrame:
    """Claims of the articles, then findings of the book.

    Columns: ``claim, article, paraphrase, attributed_to, domain, kind``, and those of ``COMPILED``, which findings of
    the book do not have.
    """
    look = exhibits.fresh()
    claims = look["claims"].rename(columns={"claim_id": "claim"})
    findings = look["findings"].rename(columns={"finding_id": "claim", "statement": "paraphrase"})
    findings = findings.assign(article=BOOK, attributed_to="this book")
    columns = [*STATED, *COMPILED]
    both = (claims.reindex(columns=columns), findings.reindex(columns=columns).astype("string"))
    return pd.concat(both, ignore_index=True)


def _each_has_one_test(claims: set[str], tests: set[str]) -> None:
    if missing := sorted(claims - tests):
        raise AleppoError(
            f"{', '.join(missing)}: expected a test in aleppo.claims.tests or a judgement in judgements.yml, found none"
        )
    if unknown := sorted(tests - claims):
        raise AleppoError(f"{', '.join(unknown)}: expected a claim or finding of this id, found none")


def _entry(row: Mapping[str, Any], test: Test, exhibits: Exhibits, known: set[str]) -> Entry:
    claim = str(row["claim"])
    try:
        verdict = test.decide(exhibits)
    except MissingTable:
        raise
    except AleppoError as error:
        raise AleppoError(f"{claim}: {error}") from error
    for source in (*verdict.supports, *verdict.opposes):
        if source not in known:
            raise AleppoError(f"{claim}: expected ids of the table sources, found {source!r}")
    text = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
    stated = {name: text[name] for name in STATED}
    compiled = {name: text[name] for name in COMPILED if text[name]}
    return {**stated, "compiled": compiled, **_decided(verdict, test, text["article"]), **_seen(exhibits)}


def _decided(verdict: Verdict, test: Test, article: str) -> Entry:
    return {
        "test": test.name.removeprefix("aleppo.claims.tests."),
        "verdict": verdict.verdict,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
        "says": verdict.says,
        "figures": {key: amount.as_json() for key, amount in verdict.figures.items()},
        "supports": _beside(article, verdict.supports),
        "opposes": _beside(article, verdict.opposes),
        "chapter": test.chapter,
        "figure": test.figure,
    }


def _beside(article: str, sources: Sequence[str]) -> list[str]:
    """``sources`` without the article itself, which is no evidence for what it says.

    Where it stands alone it stays: the claim is then about the article, such as its date.
    """
    others = [source for source in sources if source != ARTICLE_SOURCES.get(article)]
    return others or list(sources)


def _seen(exhibits: Exhibits) -> Entry:
    return {"evidence": exhibits.named_rows(), "tables": exhibits.tables(), "data": exhibits.digest()}


def as_text(entries: list[Entry]) -> str:
    """The ledger as it is committed: JSON, one field per line, so that a change reads well in a diff."""
    return json.dumps(entries, ensure_ascii=False, indent=1) + "\n"


def committed(data: Path) -> list[Entry]:
    """The entries of ``data/ledger.json``; AleppoError when it is not there or cannot be read."""
    path = data / LEDGER
    if not path.is_file():
        raise AleppoError(
            f"{shown(path)}: expected the ledger, found nothing there (`aleppo claims --accept` writes it)"
        )
    entries: list[Entry] = read_json(path, "a ledger")
    if faults := form_faults(path, entries, FORM):
        raise EvidenceError(faults)
    return entries


def differences(before: list[Entry], now: list[Entry]) -> list[str]:
    """What changed from one ledger to another, a line each: claim, field, before and now."""
    old, new = ({str(entry["claim"]): entry for entry in entries} for entries in (before, now))
    lines = [f"{claim}: no longer on the ledger" for claim in old if claim not in new]
    for claim, entry in new.items():
        if claim not in old:
            lines.append(f"{claim}: new, {entry['verdict']}")
        else:
            lines += [f"{claim}: {change}" for change in _changes(old[claim], entry)]
    return lines


def _changes(before: Entry, now: Entry) -> list[str]:
    changes = []
    for name in [*now, *(name for name in before if name not in now)]:
        old, new = before.get(name), now.get(name)
        if old == new:
            continue
        if name == "figures":
            keys = [*(new or {}), *(key for key in old or {} if key not in (new or {}))]
            pairs = [(f"figure {key}", (old or {}).get(key), (new or {}).get(key)) for key in keys]
            changes += [f"{label}: {_told(one)} → {_told(two)}" for label, one, two in pairs if one != two]
        else:
            changes.append(f"{name}: {_told(old)} → {_told(new)}")
    return changes


def _told(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {part}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value) or "nothing"


def accept(entries: list[Entry], data: Path) -> Path:
    """Write ``entries`` as the committed ledger of ``data``."""
    return write_atomic(data / LEDGER, as_text(entries))
