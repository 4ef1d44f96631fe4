"""Numbers in prose: none is typed, none that was computed is left lying, and all come through `aleppo.show.say`.

The text of every page and of every notebook's Markdown is read without its code, its roles and its addresses. What
is left may have digits only in dates and years, in the symbols of documents, in identifiers, in numbered lists, and in
the phrases of ``book/typed-figures.yml``, each with its reason. Any other digit is a figure somebody typed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from aleppo.bookkit import translations
from aleppo.evidence.errors import AleppoError, Fault
from aleppo.show.numbers import GLUE_PREFIX, MONTHS

ALLOWED = "book/typed-figures.yml"
_MONTH = "|".join(MONTHS)
_DAY = r"\d{1,2}"
_YEAR = r"(?:19|20)\d\d"
_LINK = r"(?:\s*(?:–|-|to|and|or|until|,|/)\s*)"
# What may hold digits, in the order in which it is taken out.
_FREE = [
    re.compile(pattern)
    for pattern in (
        rf"\b{_DAY}(?:{_LINK}{_DAY})*\s+(?:{_MONTH})(?:\s+{_YEAR})?\b",
        rf"\b(?:{_MONTH})\s+{_YEAR}\b",
        r"\b[AS]/(?:RES|HRC|PV|INF|C\.\d)?/?[\w./-]*\d[\w./()-]*",
        r"\bS-\d+/\d+\b",
        r"\b95[ \u00a0]%(?= (?:confidence )?intervals?\b)",  # the name of an interval, not a share
        r"\bresolutions?\s+\d+(?:\s*/\s*\d+)?(?:(?:,| and)\s+\d+)*",
        r"\b(?:ISO|WGS|UTF|CP|SHA|EPUB|NB|MDE)[ -]?\d[\d.:/-]*",
        r"\b(?:Python|Jupyter Book|plotly|pandas|CC BY(?:-SA)?|BSD|Apache|Article|Chapter VII?)\s+\d[\d.]*(?:-Clause)?",
        r"\b[A-Z]{1,6}-?\d{1,5}\b",
        rf"\b{_YEAR}(?:{_LINK}{_YEAR})?(?:s\b)?",
    )
]
_FENCE = re.compile(r"^(\s*)(`{3,}|:{3,}|~{3,})\s*(\S*)")
_TAKEN_OUT = [
    re.compile(r"\{[\w:.-]+\}`[^`]*`"),  # roles
    re.compile(r"`+[^`]*`+"),  # code
    # formulas, whose single digits are constants and indices; one with a longer number stays
    re.compile(r"\$\$?(?:(?!\d[\d.,]*\d)[^$])+\$\$?"),
    re.compile(r"\]\([^)]*\)"),  # targets of links
    re.compile(r"<[^<>\s]*[:/#][^<>\s]*>"),  # addresses
    re.compile(r"https?://\S+"),
    re.compile(r"^\s*(?:%|:[\w-]+:|\([\w-]+\)=).*$"),  # comments, options, labels
    re.compile(r"^\s*\d+[.)]\s"),  # numbered lists
    re.compile(r"\{[#.][^}]*\}"),  # attributes
]
_DIGITS = re.compile(r"\S*\d\S*")
_GLUES = re.compile(r"\bglue\(|\bmyst_nb\b")
_GLUE = re.compile(r"\{glue:?\w*\}`([^`]*)`|:::?\{glue:?\w*\}\s*(\S+)|```\{glue:?\w*\}\s*(\S+)")


@dataclass(frozen=True)
class Passage:
    """One line of prose and where it stands."""

    file: str
    line: int
    text: str


def typed_figures(passages: Iterable[Passage], allowed: Mapping[str, Mapping[str, str]]) -> list[Fault]:
    """Every digit in ``passages`` that stands for a figure, and every phrase of ``allowed`` that is not there.

    ``allowed`` is file → phrase → reason, from `allowed_phrases`.
    """
    faults, used = [], set()
    for passage in passages:
        text = passage.text
        for pattern in _TAKEN_OUT:
            text = pattern.sub(" ", text)
        for phrase in allowed.get(passage.file, {}):
            if phrase in text:
                used.add((passage.file, phrase))
                text = text.replace(phrase, " ")
        for pattern in _FREE:
            text = pattern.sub(" ", text)
        faults += [
            Fault(passage.file, passage.line, "", "a figure from glue, with its range", repr(found))
            for found in _DIGITS.findall(text)
        ]
    for file, phrases in allowed.items():
        for phrase in phrases:
            if (file, phrase) not in used:
                faults.append(Fault(ALLOWED, 0, "", f"only phrases that {file} has", repr(phrase)))
    return faults


def passages(root: Path) -> Iterator[Passage]:
    """Every line of prose below ``root``: pages of ``book/`` and Markdown cells of ``notebooks/``.

    Lines of a notebook are counted over its Markdown cells, as a reader of the page would meet them.
    """
    for path in sorted((root / "book").glob("*.md")):
        yield from _prose(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8").split("\n"))
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        lines = [line for cell in _cells(path, "markdown") for line in [*_source(cell).split("\n"), ""]]
        yield from _prose(path.relative_to(root).as_posix(), lines)


def _prose(file: str, lines: Iterable[str]) -> Iterator[Passage]:
    """The lines that are text: not inside a fence of code, and not the fence itself."""
    inside: str | None = None
    for number, line in enumerate(lines, start=1):
        fence = _FENCE.match(line)
        if inside is not None:
            if fence and fence[2].startswith(inside) and not fence[3]:
                inside = None
            continue
        if fence:
            # a fence of code hides its lines; a directive's lines are text
            inside = fence[2] if _is_code(fence) else None
            yield Passage(file, number, line.split("}", 1)[1] if "}" in line else "")
            continue
        yield Passage(file, number, line)


def _is_code(fence: re.Match[str]) -> bool:
    """Whether an opening fence begins code: it names a language, not a directive."""
    return not fence[2].startswith(":") and bool(fence[3]) and not fence[3].startswith("{")


def _cells(path: Path, kind: str) -> list[dict[str, Any]]:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def _source(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def allowed_phrases(root: Path) -> dict[str, dict[str, str]]:
    """The reviewed phrases: file → phrase → reason. AleppoError for an entry without one of the three."""
    path = root / ALLOWED
    if not path.is_file():
        return {}
    found: dict[str, dict[str, str]] = {}
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []:
        if set(entry) != {"file", "phrase", "reason"} or not all(
            str(part).strip() for part in entry.values()
        ):
            raise AleppoError(f"{ALLOWED}: expected file, phrase and reason, found {entry}")
        found.setdefault(entry["file"], {})[str(entry["phrase"])] = str(entry["reason"])
    return found


def orphan_keys(root: Path) -> list[Fault]:
    """Every key that a notebook says and no page uses."""
    used = {key for file, text in _texts(root) for key in _used(file, text)}
    return [
        Fault(file, 0, "", "a key that some page uses", key)
        for file, key in _said(root)
        if (file, key) not in used
    ]


def _texts(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "book").glob("*.md")):
        yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        yield path.relative_to(root).as_posix(), "\n".join(_source(cell) for cell in _cells(path, "markdown"))


def _used(file: str, text: str) -> Iterator[tuple[str, str]]:
    """Notebook and key of every reference to a said text; a bare key is the page's own."""
    for groups in _GLUE.findall(text):
        name = next(group for group in groups if group)
        place, _, key = name.rpartition("::")
        key = key.split(":")[0] if place else name.split(":")[0]
        yield (f"notebooks/{Path(place).name}" if place else file), key


def _said(root: Path) -> Iterator[tuple[str, str]]:
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in _cells(path, "code"):
            for output in cell.get("outputs", []):
                for mime in output.get("data", {}):
                    if mime.startswith(GLUE_PREFIX):
                        yield path.relative_to(root).as_posix(), output["metadata"]["scrapbook"]["name"]


def glued_past_say(root: Path) -> list[Fault]:
    """Every code cell that glues by itself: only `aleppo.show.say` asks for the range of an estimate."""
    return [
        Fault(
            path.relative_to(root).as_posix(),
            0,
            "",
            "texts through aleppo.show.say",
            f"glue in code cell {place}",
        )
        for path in sorted((root / "notebooks").glob("*.ipynb"))
        for place, cell in enumerate(_cells(path, "code"), 1)
        if _GLUES.search(_source(cell))
    ]


def check(root: Path) -> None:
    """Raise AleppoError, a line each, with every fault of the prose: see the functions that this calls."""
    faults = [
        *typed_figures(passages(root), allowed_phrases(root)),
        *orphan_keys(root),
        *glued_past_say(root),
        *translations.faults(root),
    ]
    if faults:
        raise AleppoError("\n".join(map(str, faults)))
