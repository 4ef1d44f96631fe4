"""The form of documents that may come with a data folder from anywhere, held against it before they are used.

Their sentences are printed as they stand. Their names, hashes, dates and addresses become links, labels and commands
in the book, and are taken only if they are what they claim to be. A form is a JSON Schema whose parts say in
``description`` what is expected, in the words of a message.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.manifest import read_sidecar
from aleppo.evidence.paths import shown
from aleppo.evidence.rows import quoted

Form = dict[str, Any]

TEXT: Form = {"type": "string", "description": "text"}
TEXTS: Form = {"type": "array", "items": TEXT, "description": "a list of texts"}
CODE: Form = {
    "type": "string",
    "pattern": r"\A[A-Za-z0-9][A-Za-z0-9_.-]*\Z",
    "description": "a name without spaces",
}
CODES: Form = {"type": "array", "items": CODE, "description": "a list of names without spaces"}
HASH: Form = {"type": "string", "pattern": r"\A[0-9a-f]{64}\Z", "description": "a SHA-256 in hexadecimal"}
_DAY = r"\A[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?\Z"
DAY: Form = {"type": "string", "pattern": _DAY, "description": "a date written YYYY-MM-DD"}
NO_DAY: Form = {
    "type": ["string", "null"],
    "pattern": _DAY,
    "description": "a date written YYYY-MM-DD, or null",
}
ADDRESS: Form = {
    "type": "string",
    "pattern": r"\A(?:https?://[^\s\"'<>()\[\]\\`{}]+)?\Z",
    "description": "an address that begins with http:// or https://, or nothing",
}


def mapping(description: str, required: Mapping[str, Form], **optional: Form) -> Form:
    """The form of a mapping that has all names of ``required``, and may have those of ``optional``."""
    properties = {**required, **optional}
    return {
        "type": "object",
        "required": list(required),
        "properties": properties,
        "description": description,
    }


def listed(items: Form, description: str) -> Form:
    """The form of a list of ``items``."""
    return {"type": "array", "items": items, "description": description}


def named(values: Form, description: str, names: Form = CODE) -> Form:
    """The form of a mapping of any ``names`` to ``values``."""
    return {
        "type": "object",
        "propertyNames": names,
        "additionalProperties": values,
        "description": description,
    }


_LICENCE = {"name": TEXT, "url": ADDRESS, "checked": DAY, "basis": TEXT}
_COLUMN = {"name": CODE, "type": TEXT, "unit": TEXT, "meaning": TEXT}
SIDECAR: Form = mapping(
    "a sidecar",
    {
        "title": TEXT,
        "description": TEXT,
        "class": {"enum": ["compiled", "aggregated"], "description": "compiled or aggregated"},
        "publisher": TEXT,
        "citation": TEXT,
        "licence": mapping("name, url, checked and basis of a licence", _LICENCE),
        "retrieved": DAY,
        "builder": TEXT,
        "sha256": HASH,
        "rows": {"type": "integer", "minimum": 0, "description": "a number of rows"},
        "first_date": NO_DAY,
        "last_date": NO_DAY,
        "columns": listed(mapping("name, type, unit and meaning of a column", _COLUMN), "a list of columns"),
        "key": CODES,
        "known_gaps": TEXTS,
        "usage_warnings": named(TEXT, "warnings by their names"),
        "chapters": CODES,
        "sources": CODES,
    },
    version=TEXT,
    made_from=mapping("file, version and sha256", {"file": TEXT, "version": TEXT, "sha256": TEXT}),
    corrections=named(HASH, "hashes by the labels of corrections", TEXT),
)


@cache
def _validator(form: str) -> Any:
    # imported when first needed: it costs as much as reading every sidecar
    from jsonschema import Draft202012Validator

    return Draft202012Validator(json.loads(form))


def form_faults(path: Path, content: Any, form: Form) -> list[Fault]:
    """What in the ``content`` of the document at ``path`` is not of ``form``, by the name under which it stands."""
    errors = _validator(json.dumps(form)).iter_errors(content)
    return sorted({fault for error in errors for fault in _faults(shown(path), error)})


def _faults(file: str, error: Any) -> Iterator[Fault]:
    place = [str(part) for part in error.absolute_path]
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                expected = str(error.schema["properties"][name]["description"])
                yield Fault(file, 0, ".".join([*place, name]), expected, "none")
        return
    value = error.instance
    found = quoted(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    yield Fault(file, 0, ".".join(place), str(error.schema["description"]), found)


def read_described(path: Path) -> dict[str, Any]:
    """The content of the sidecar at ``path`` if it is of its form, fit for a page; EvidenceError with all faults."""
    content = with_days_as_text(read_sidecar(path))
    if faults := form_faults(path, content, SIDECAR):
        raise EvidenceError(faults)
    return dict(content)


def with_days_as_text(value: Any) -> Any:
    """``value`` with its dates as text: YAML without quotes gives dates where the project writes text."""
    if isinstance(value, Mapping):
        return {name: with_days_as_text(item) for name, item in value.items()}
    if isinstance(value, list):
        return [with_days_as_text(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
