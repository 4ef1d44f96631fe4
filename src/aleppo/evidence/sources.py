"""Citations from the ``sources`` table: the bibliography of the book and the source lines of its figures.

A citation names the first publisher, and says so when only a copy was read or nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

import pandas as pd

from aleppo.evidence.errors import EvidenceError, Fault
from aleppo.evidence.files import write_atomic
from aleppo.evidence.load import load
from aleppo.evidence.paths import data_dir, repository, shown
from aleppo.evidence.signs import visible
from aleppo.evidence.tables import TABLES

BIBLIOGRAPHY = Path("book/references.bib")
HEADER = "% Generated from data/evidence/sources.csv by `aleppo sources`; edit the table, not this.\n"
UNDATED = "n.d."
# What stands in for a publisher where a row rests on no page
NO_SOURCE = "General knowledge (no source read)"

LETTERS = "abcdefghjkmnpqrstuvwxyz"
LANGUAGES = {
    "ar": "Arabic",
    "ca": "Catalan",
    "de": "German",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "hu": "Hungarian",
    "id": "Indonesian",
    "is": "Icelandic",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sr": "Serbian",
    "tr": "Turkish",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
# What a page is, in words; one of the press goes without saying.
TYPES = {
    "un_document": "United Nations document",
    "ngo_report": "Report of an organisation",
    "encyclopedia": "Encyclopedia that anybody edits",
    "academic": "Academic work",
    "analysis": "Analysis",
    "dataset": "Dataset",
    "government": "Government page",
    "party": "Page of a state or party that the text is about",
    "blog": "Blog",
    "monitor": "Page of a monitor",
    "forum": "Forum",
}
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# What pybtex reads as LaTeX, written so that the character itself is printed. A dollar sign needs nothing.
# Braces are printed as parentheses: no spelling of them survives both the parser and the formatter.
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": "(",
    "}": ")",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
}
_WEB = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_NO_ADDRESS = re.compile(r"[^!#-;=?-\[\]_a-z~]")
# The sentence of a note that says by whom a copy was carried, or what kind of copy it is.
_HOW_READ = re.compile(r"Read (?:as|in|at) (?:carried|a|an|mirror|the) ?.+?(?=\. [A-Z]|\.?$)")
_LIGATURES = re.compile(r"-(?=-)|`(?=`)|'(?=')|[?!](?=`)")


def bibtex(sources: pd.DataFrame) -> str:
    """The table ``sources`` as BibTeX, one entry per row in order of its id; the same table, the same text.

    Keys are the source ids. Entries are @dataset and @online, which pybtex sets alike and completely: by
    author, else by publisher, with title, date and address. What an author wrote in one year is told apart by
    ``extradate``, a letter that goes behind the year (the field is biblatex's).
    """
    publishers = set(sources["publisher"])
    records = [
        {str(name): "" if pd.isna(cell) else str(cell) for name, cell in row.items()}
        for row in sources.sort_values("source_id").to_dict("records")
    ]
    behind = letters(records, publishers)
    entries = [_entry(row, publishers, behind.get(row["source_id"], "")) for row in records]
    return HEADER + "".join(f"\n{entry}" for entry in entries)


def letters(records: Iterable[Mapping[str, str]], publishers: set[str]) -> dict[str, str]:
    """Id → the letter behind the year of each source that shares its author and year with another.

    They go by date, then by id: a to z, then za to zz, so that they sort as they are given.
    """
    alike: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in records:
        alike.setdefault((_cited_author(row, publishers), _date_parts(row["published"])[2]), []).append(row)
    found: dict[str, str] = {}
    for rows in alike.values():
        if len(rows) > 1:
            rows.sort(key=lambda row: (row["published"], row["source_id"]))
            found |= {row["source_id"]: _letter(place) for place, row in enumerate(rows)}
    return found


def _letter(place: int) -> str:
    """a, b … z, za, zb … zz, zza …; behind a year an i, an l or an o would be read as a digit."""
    return "z" * (place // len(LETTERS)) + LETTERS[place % len(LETTERS)]


def _cited_author(row: Mapping[str, str], publishers: set[str]) -> str:
    """Whom a citation names: the last names of one or two people, of the first of more; a body by its whole name."""
    names = [
        name if name.startswith("{") else name.split()[-1] for name in _authors(row["author"], publishers)
    ] or [row["publisher"]]
    return " and ".join(names) if len(names) <= 2 else f"{names[0]} et al."


def write_bibliography(root: Path | None = None) -> Path | None:
    """Write ``book/references.bib`` below ``root`` from the table; None when it was up to date."""
    path = (root or repository()) / BIBLIOGRAPHY
    text = bibtex(load("sources"))
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return None
    return write_atomic(path, text)


def cite_line(ids: Iterable[str]) -> str:
    """Publishers and years of ``ids`` for the foot of a figure: ``CNN (2016); UN OCHA (2016)``.

    In the order given, each publisher and year once. Raises EvidenceError for an id that is not in the
    table of sources.
    """
    sources = load("sources").set_index("source_id")
    wanted = list(ids)
    unknown = [one for one in wanted if one not in sources.index]
    if unknown:
        file = shown(data_dir() / TABLES["sources"].path)
        raise EvidenceError(
            [
                Fault(file, 0, "source_id", f"the source {one} that a figure cites", "no such row")
                for one in unknown
            ]
        )
    rows = sources.loc[wanted]
    short = [
        f"{publisher} ({UNDATED if pd.isna(published) else published[:4]})"
        for publisher, published in zip(rows["publisher"], rows["published"], strict=True)
    ]
    return "; ".join(dict.fromkeys(short))


def escape(text: str) -> str:
    """``text`` with the characters that BibTeX and LaTeX give a meaning written so that they print."""
    printed = "".join(_ESCAPES.get(character, character) for character in visible(text))
    # an empty group keeps "--" from becoming a dash, as in the addresses of copies
    return _LIGATURES.sub(lambda pair: f"{pair[0]}{{}}", printed)


def link(address: str) -> str:
    """``address`` as a link may have it: one of the web, with what would end a link or a field written in percent.

    Anything else that a cell may hold (a script, a file of the reader's) gives nothing.

    >>> link("https://doi.org/10.1/x{y}"), link("javascript:alert(1)")
    ('https://doi.org/10.1/x%7By%7D', '')
    """
    if not _WEB.match(address):
        return ""
    return _NO_ADDRESS.sub(lambda found: quote(found[0]), address)


def _entry(row: dict[str, str], publishers: set[str], letter: str) -> str:
    day, month, year = _date_parts(row["published"])
    authors = _authors(row["author"], publishers)
    # without an address of its own, the copy's is the only one a reader can follow
    address = row["url"] or row["copy_url"]
    fields = {
        "author": " and ".join(authors) if authors else f"{{{escape(row['publisher'])}}}",
        "title": f"{{{escape(row['title'])}}}",
        "howpublished": escape(row["publisher"]) if authors else "",
        "month": f"{day} {month}".strip(),
        "year": year,
        "extradate": letter,
        "note": escape(". ".join(_remarks(row))),
        "url": link(address),
    }
    kind = "dataset" if row["type"] == "dataset" else "online"
    lines = [f"  {name} = {{{value}}},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{row['source_id']},\n{''.join(lines)}}}\n"


def _date_parts(published: str) -> tuple[str, str, str]:
    """Day, name of the month and year, each as far as it is known."""
    parts = published.split("-")
    year = parts[0] or UNDATED
    month = MONTHS[int(parts[1]) - 1] if len(parts) > 1 else ""
    day = str(int(parts[2])) if len(parts) > 2 else ""
    return day, month, year


def _authors(cell: str, publishers: set[str]) -> list[str]:
    """The authors as BibTeX names; all but plain personal names are kept whole in braces."""
    names = (re.sub(r"\s*\([^)]*\)", "", part).strip() for part in cell.split(";"))
    return [
        escape(name) if _is_personal(name) and name not in publishers else f"{{{escape(name)}}}"
        for name in names
        if name
    ]


def _is_personal(name: str) -> bool:
    """Two to four capitalised words, none of them an acronym: "Edith M. Lederer", not "UN OCHA FTS"."""
    words = name.split()
    capitalised = all(word[0].isupper() and (word.endswith(".") or not word.isupper()) for word in words)
    return 2 <= len(words) <= 4 and "," not in name and capitalised


def _remarks(row: dict[str, str]) -> Sequence[str]:
    """What a reader should know of the page: what it is, how its date is known, what was read, and our note on it."""
    if row["publisher"] == NO_SOURCE:
        return [row["note"].rstrip(".")]
    remarks = [TYPES[row["type"]]] if row["type"] in TYPES else []
    if row["published_note"]:
        remarks.append(f"Date: {row['published_note']}")
    note = row["note"]
    if row["read"] == "copy":
        how, note = _how_read(row, note)
        remarks.append(how)
    elif row["read"] == "nothing":
        remarks.append("Not read; cited after other sources")
    if row["language"] != "en":
        remarks.append(f"In {LANGUAGES.get(row['language'], row['language'])}")
    if note:
        remarks.append(note.rstrip("."))
    return remarks


def _how_read(row: Mapping[str, str], note: str) -> tuple[str, str]:
    """How a copy was read, with its address unless that is the link of the entry; and the rest of the note."""
    told = _HOW_READ.search(note)
    said = told[0] if told else "Read as a copy"
    if told:
        note = f"{note[: told.start()]}{note[told.end() :].lstrip('. ')}".strip()
    if row["copy_url"] and row["url"]:
        said += f": {row['copy_url']}" if told else f" at {row['copy_url']}"
    elif row["copy_url"] and not told:
        said += f" at {urlsplit(row['copy_url']).netloc}"
    return said, note
