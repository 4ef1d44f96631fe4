"""The places of the book and the spellings under which they are looked for, as a page and for the search.

Names come from the tables ``places``, ``towns`` and ``governorates``; further spellings from ``place_names.yml``, which
is reviewed by hand and is no evidence. The page ``book/places.md`` asks by comments, ``% places aleppo``, ``% places
towns`` and ``% places governorates``, for a table; each place has an anchor in it, ``place-n0226``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from sphinx.application import Sphinx

from aleppo.bookkit.catalogue import text as escaped
from aleppo.evidence import load, split_list
from aleppo.evidence.errors import AleppoError, MissingTable

SPELLINGS = Path(__file__).parent / "place_names.yml"
MARKER = re.compile(r"^% places (aleppo|towns|governorates)$", re.MULTILINE)
PAGE = "book/places"
# Group → its table.
GROUPS = {"aleppo": "places", "towns": "towns", "governorates": "governorates"}
_IDS = {"aleppo": "place_id", "towns": "town_id", "governorates": "governorate"}
# A remark of the table ``places``: the spelling of OCHA's list, with what that list adds to tell places apart.
_OCHA = re.compile(r"OCHA reference spelling ([^;(]+?)(?: - Aleppo)?(?: \(|;|$)")


@dataclass(frozen=True)
class Place:
    """A place: its id in the tables, its names, the table of the page that it stands in, and what it lies in."""

    id: str
    name: str
    arabic: str
    spellings: tuple[str, ...]
    group: str
    within: str = ""

    @property
    def anchor(self) -> str:
        """The label of the place on its page."""
        return f"place-{self.id.lower()}"

    @property
    def names(self) -> list[str]:
        """Every name, each once, the English one first."""
        return list(dict.fromkeys(name for name in (self.name, self.arabic, *self.spellings) if name))


def places() -> list[Place]:
    """Every place of the three tables, in the order of their names; AleppoError for spellings of an unknown id."""
    more = dict(yaml.safe_load(SPELLINGS.read_text(encoding="utf-8")))
    governorates = load("governorates").set_index("governorate")["name_en"].to_dict()
    found = [place for group in GROUPS for place in _of_table(group, more, governorates)]
    if unknown := sorted(set(more) - {place.id for place in found}):
        raise AleppoError(
            f"{SPELLINGS.name}: expected ids of places, towns and governorates, found {unknown[0]}"
        )
    return found


def _in_order(column: pd.Series) -> pd.Series:
    """Names as a reader looks for them: "Bab al-Hadid" before "Bab Qinnesrine"."""
    return column.str.casefold()


def _of_table(group: str, more: dict[str, list[str]], governorates: dict[str, str]) -> Iterator[Place]:
    rows = load(GROUPS[group]).sort_values(["name_en", _IDS[group]], key=_in_order).astype(object)
    for row in rows.where(rows.notna(), "").to_dict("records"):
        key = row[_IDS[group]]
        ocha = [words.strip() for words in _OCHA.findall(row.get("note", ""))]
        listed = [*split_list(row.get("aliases", "")), *ocha, *more.get(key, [])]
        spellings = tuple(
            dict.fromkeys(name for name in listed if name not in (row["name_en"], row["name_ar"]))
        )
        within = governorates.get(row["governorate"], "") if group == "towns" else ""
        yield Place(key, row["name_en"], row["name_ar"], spellings, group, within)


def table(group: str, listed: Iterable[Place]) -> str:
    """MyST table of the places of one group, each with its anchor."""
    head = ["Place", "Arabic", "Other spellings", *(["Governorate"] if group == "towns" else [])]
    lines = [
        # without a caption, which would take a number: the heading above says what it is
        ":::{list-table}",
        ":header-rows: 1",
        "",
        f"* - {head[0]}",
        *(f"  - {words}" for words in head[1:]),
    ]
    for place in (place for place in listed if place.group == group):
        cells = [place.arabic, ", ".join(place.spellings), *([place.within] if group == "towns" else [])]
        lines += [f"* - ({place.anchor})=", "", f"    {escaped(place.name)}"]
        lines += [f"  - {escaped(cell)}" for cell in cells]
    return "\n".join([*lines, ":::", ""])


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the tables where the page asks for them, before it is parsed."""
    if not MARKER.search(source[0]):
        return
    try:
        listed = places()
    except MissingTable as missing:
        source[0] = MARKER.sub(
            f"Not available with these data, which have no table {missing.table}.", source[0]
        )
        return
    source[0] = MARKER.sub(lambda found: table(found[1], listed), source[0])


def setup(app: Sphinx) -> dict[str, Any]:
    """Write the tables into the page that asks for them."""
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
