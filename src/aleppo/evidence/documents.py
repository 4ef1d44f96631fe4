"""YAML and JSON that may come from anybody: read as plain values, with a bound to what they can cost.

Only plain values come out, whatever a document says of types. A document in YAML may refer to a part of itself a
thousand times over, and to that a thousand times, and so be larger than memory once it is written out: it is
measured first, with its repetitions. Depth and length of single values are bounded too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml

from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.files import read_checked_text
from aleppo.evidence.paths import shown

DEEPEST = 30
"""Lists and mappings inside one another."""

LONGEST = 50_000
"""Characters of one value in YAML: a number with as many digits as a file can have would take days to read."""

LARGEST_WRITTEN_OUT = 5_000_000
"""Values and characters of a document in YAML with all its repetitions; the largest of the book has a tenth of it."""

# libyaml reads the same YAML about eight times faster; it is missing from some builds of PyYAML
_Safe: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# every scalar stays the text that is written
_Text: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# what the constructors of dates and numbers raise for a 13th month or a number that no machine has
_NO_VALUE = (ValueError, OverflowError, TypeError, AttributeError, LookupError)

T = TypeVar("T")


def read_yaml(path: Path, what: str) -> Any:
    """The values of the YAML document at ``path``; ``what`` says in messages what is expected there.

    Raises EvidenceError with one fault, and its row where one is known, for anything that is no such document.
    """
    return _parsed(path, what, lambda text: yaml.load(text, Loader=_Safe))


def read_yaml_nodes(path: Path, what: str) -> yaml.Node | None:
    """The nodes of the YAML document at ``path``, their scalars as the text that is written; like ``read_yaml``."""
    return _parsed(path, what, lambda text: _Text(text).get_single_node())


def read_json(path: Path, what: str) -> Any:
    """The values of the JSON document at ``path``; like ``read_yaml``."""
    # an end that is missing is a fault of JSON too
    text = read_checked_text(path, ended=False)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _fault(path, error.lineno, f"{what} in JSON", error.msg.lower()) from error
    except RecursionError as error:
        raise _fault(path, 0, f"{what} in JSON", "lists inside lists inside lists") from error
    except ValueError as error:  # a number of more digits than Python reads
        raise _fault(path, 0, f"{what} in JSON", str(error)) from error


def _parsed(path: Path, what: str, parse: Callable[[str], T]) -> T:
    text = read_checked_text(path)
    expected = f"{what} in YAML"
    try:
        _bounded(path, text, expected)
        return parse(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "something else")
        raise _fault(path, mark.line + 1 if mark else 0, expected, found) from error
    except _NO_VALUE as error:
        raise _fault(path, 0, expected, f"a value that is none ({error})") from error


def _bounded(path: Path, text: str, expected: str) -> None:
    """Raise EvidenceError if ``text`` is deeper, longer or with its repetitions larger than a document may be."""
    anchored: dict[str, int] = {}
    # what is open: its anchor, and its size so far
    open_parts: list[tuple[str | None, int]] = [(None, 0)]
    for event in yaml.parse(text, Loader=_Safe):
        found, size, anchor = "", 0, getattr(event, "anchor", None)
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append((anchor, 1))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, size = open_parts.pop()
        elif isinstance(event, yaml.ScalarEvent):
            size = 1 + len(event.value)
        elif isinstance(event, yaml.AliasEvent):
            size = anchored.get(anchor or "", 0)
        outer, so_far = open_parts.pop()
        open_parts.append((outer, so_far + size))
        if anchor is not None and not isinstance(event, yaml.AliasEvent | yaml.CollectionStartEvent):
            anchored[anchor] = size
        if len(open_parts) > DEEPEST + 1:
            found = f"more than {DEEPEST} lists and mappings inside one another"
        elif isinstance(event, yaml.ScalarEvent) and size > LONGEST:
            found = f"a value of {size - 1:,} characters"
        elif isinstance(event, yaml.AliasEvent) and not size:
            found = f"*{anchor}, which is not there or a part of itself"
        elif so_far + size > LARGEST_WRITTEN_OUT:
            found = f"more than {LARGEST_WRITTEN_OUT:,} characters, with what it repeats"
        if found:
            raise _fault(path, event.start_mark.line + 1 if event.start_mark else 0, expected, found)


def _fault(path: Path, row: int, expected: str, found: str) -> EvidenceError:
    return EvidenceError([Fault(shown(path), row, "", expected, " ".join(found.split()))])
