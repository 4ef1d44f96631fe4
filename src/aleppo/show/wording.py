"""Captions: the words under a figure and above a table, as MyST text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.signs import visible
from aleppo.show.numbers import date, span

# More citations than this are longer than the caption they end.
MOST_CITED = 6
LISTED_ON_THE_WEB = "all in the bibliography; the web edition lists them under the "

ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# Punctuation that MyST could read as markup. A backslash before any of these is dropped by the parser.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~$^@&])")
_ORDERED = re.compile(r"^(\d+)([.)])(?=\s)")
_LEADING = re.compile(r"^([-+=:%(])")
# What the table of sources takes as an id; anything else would end the role that cites it.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def checked_id(what: str, value: object) -> str:
    """``value`` if it is a kebab-case id, else AleppoError."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        raise AleppoError(f"{what}: expected an id of lower-case words joined by -, found {value!r}")
    return value


def checked_text(what: str, value: object) -> str:
    """``value`` as it may be shown if it is one line of text, else AleppoError."""
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        raise AleppoError(f"{what}: expected one line of text, found {value!r}")
    return visible(value).strip()


def checked_names(what: str, values: object) -> list[str]:
    """``values`` as a list if they are one or more different names without spaces, else AleppoError."""
    names = [] if isinstance(values, str) or not isinstance(values, Sequence) else list(values)
    if not names or not all(isinstance(name, str) and CODE.fullmatch(name) for name in names):
        raise AleppoError(f"{what}: expected a list of one or more names, found {values!r}")
    if len(set(names)) != len(names):
        raise AleppoError(f"{what}: expected each name once, found {names!r}")
    return names


def escaped(text: str) -> str:
    """``text`` so that MyST prints it as it stands, on one line."""
    marked = _MARKUP.sub(r"\\\1", visible(text))
    return _LEADING.sub(r"\\\1", _ORDERED.sub(r"\1\\\2", marked))


def sentence(text: str) -> str:
    """``text`` with a full stop unless it ends a sentence already."""
    return text if text.endswith((".", "!", "?", "…", ".”", ".’", '."')) else f"{text}."


def vintage_words(vintage: str) -> str:
    """``2026-11-23`` as "23 November 2026"; two dates as their span."""
    first, _, last = vintage.partition("/")
    return span(first, last) if last else date(first)


def citations(sources: Sequence[str]) -> str:
    """The sources as one MyST citation."""
    return f"{{cite:p}}`{','.join(sources)}`"


def cited_in_caption(sources: Sequence[str]) -> bool:
    """Whether a caption has room to cite every one of ``sources``."""
    return len(sources) <= MOST_CITED


def sources_words(sources: Sequence[str], vintage: str, what: str) -> str:
    """The end of the caption of a ``what`` (chart or table): its sources, and when the data were retrieved.

    A long list is cited under the chart or table in the web edition instead; the bibliography has it in both.
    """
    as_of = f"Data as of {vintage_words(vintage)}."
    if not cited_in_caption(sources):
        return f"Sources: {len(sources)} publications, {LISTED_ON_THE_WEB}{what}. {as_of}"
    noun = "Source" if len(sources) == 1 else "Sources"
    return f"{noun}: {citations(sources)}. {as_of}"


def on_the_page(words: str, what: str) -> str:
    """The end of a caption as the web edition says it, where a long list does stand under the ``what``."""
    return words.replace(f"{LISTED_ON_THE_WEB}{what}", f"listed under the {what}")
