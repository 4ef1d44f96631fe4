"""The claims ledger in the book: pages that list its entries, and roles that quote them.

A page asks for the entries of an article by a comment, ``% claims cnn`` (or ``itv``, ``book``); each gets an anchor,
``claim-cnn-02``. In any page ``{claim}`CNN-02` `` links there and shows the verdict, ``{says}`F-01` `` is the sentence
of an entry followed by that link, and ``{amount}`F-01.november` `` one of its figures. What is shown is
``data/ledger.json``, which `aleppo.claims.ledger` computes; `aleppo book` refuses one that is not current. With other
data it is the ledger of the workplace, and where there is none each place says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from aleppo.bookkit import page_language
from aleppo.bookkit.catalogue import anchor as table_anchor
from aleppo.claims import ledger
from aleppo.evidence import split_list
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import data_dir
from aleppo.show.ledger import VERDICT_WORDS, says_text, supports_word
from aleppo.show.numbers import count
from aleppo.show.translated import amount_text, verdict_text
from aleppo.show.wording import escaped, sentence

# "CNN (highlights and text)" stands in brackets itself
_BRACKETED = re.compile(r" \((.*?)\)")
# Units of values that name a day, a month or a year, which need none beside them
_OF_THE_CALENDAR = {"date", "dates", "month", "year"}
MARKER = re.compile(r"^% claims (\w+)$", re.MULTILINE)
UNDECIDED = "the ledger is not available with these data"
logger = logging.getLogger(__name__)

Entry = Mapping[str, Any]


class ClaimMark(nodes.inline):
    """The id of a claim in running text, with its verdict: on hover in HTML, in the margin in print, else behind it."""


def anchor(claim: str) -> str:
    """The label of a claim's place in the book."""
    return f"claim-{claim.lower()}"


def listing(entries: Iterable[Entry]) -> str:
    """MyST text of the entries, in their order; print sets them in two columns."""
    return "\n\n".join(["% print: two columns", *(_listed(entry) for entry in entries)]) + "\n"


def _listed(entry: Entry) -> str:
    claim = entry["claim"]
    by = _BRACKETED.sub(r", \1", entry["attributed_to"])
    who = f" ({escaped(by)})" if by and entry["article"] != ledger.BOOK else ""
    said = [("The evidence", escaped(sentence(says_text(entry))))]
    facts = [
        ("Confidence", f"{entry['confidence'].capitalize()}. {escaped(sentence(entry['reason']))}"),
        (supports_word(entry), _cited(entry["supports"])),
        ("Against", _cited(entry["opposes"])),
        ("In this book", _treated(entry)),
    ]
    # what a reader of paper cannot follow from there
    followed = [
        ("Looked at", _looked_at(entry)),
        ("As compiled", _compiled(entry.get("compiled", {}))),
        (
            "Decided by",
            f"`{entry['test']}`" if entry["test"] != "judgement" else "judgement on the rows named",
        ),
    ]
    return (
        f":::{{rubric}} {claim}: {VERDICT_WORDS[entry['verdict']]}\n:name: {anchor(claim)}\n"
        f":class: claim-verdict claim-{entry['verdict'].replace('_', '-')}\n:::\n\n"
        f"{escaped(sentence(entry['paraphrase']))}{who}\n\n"
        f"{_definitions(said)}\n\n{{.print-facts}}\n{_definitions(facts)}\n\n"
        f"{{.only-html}}\n{_definitions(followed)}"
    )


def _definitions(facts: Iterable[tuple[str, str]]) -> str:
    return "\n\n".join(f"{term}\n: {text}" for term, text in facts if text)


def _cited(sources: Sequence[str]) -> str:
    return f"{{cite:p}}`{','.join(sources)}`" if sources else ""


def _compiled(cells: Mapping[str, str]) -> str:
    """What was noted of a claim when it was compiled, before the ledger decided it; empty for a finding."""
    if not cells:
        return ""
    value = cells.get("value", "")
    unit = cells.get("unit", "")
    if value[:1].isdecimal() and unit not in _OF_THE_CALENDAR:
        value = f"{count(int(value)) if value.isdecimal() else value} {unit}"
    amount = ": ".join(filter(None, [cells.get("quantity"), value]))
    given = "; ".join(text for text in (amount, cells.get("area", ""), cells.get("period", "")) if text)
    said = [f"Given as {given}"] if given else []
    said.append(f"To be held against: {cells['evidence_test']}")
    said.append(f"First reading: {cells['check_status'].replace('_', ' ')}")
    said.extend([cells["check_note"]] if "check_note" in cells else [])
    text = escaped(" ".join(sentence(one) for one in said))
    return f"{text} {_cited(split_list(cells.get('source_ids')))}".strip()


def _looked_at(entry: Entry) -> str:
    rows = [f"{{row}}`{row}`" for row in entry["evidence"]]
    whole = [
        table
        for table in entry["tables"]
        if not any(row.startswith(f"{table}/") for row in entry["evidence"])
    ]
    links = [f"{{ref}}`{table} <{table_anchor(table)}>`" for table in whole]
    return ", ".join([*links, *rows])


def _treated(entry: Entry) -> str:
    page = f"{{doc}}`/{entry['chapter']}`" if entry["chapter"] else ""
    return f"{{numref}}`{entry['figure']}` in {page}" if page and entry["figure"] else page


def _entries(app: Sphinx) -> dict[str, Entry]:
    """Claim → its entry; empty with data that have no ledger. Read once in a build."""
    known = getattr(app, "_aleppo_ledger", None)
    if known is None:
        other = _on_other_data(app)
        try:
            known = {
                entry["claim"]: entry for entry in ledger.committed(Path(app.srcdir) if other else data_dir())
            }
        except AleppoError:
            if not other:
                raise
            known = {}
        app._aleppo_ledger = known  # type: ignore[attr-defined]
    return known


def listed(app: Sphinx) -> list[Entry]:
    """The entries of the ledger, in its order; none with data that have no ledger."""
    return list(_entries(app).values())


def _on_other_data(app: Sphinx) -> bool:
    return bool(getattr(app.config, "aleppo_other_data", ""))


def _write_into(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the entries where a page asks for them, before the page is parsed."""

    def shown(found: re.Match[str]) -> str:
        entries = [entry for entry in _entries(app).values() if entry["article"] == found[1]]
        if not entries and _on_other_data(app):
            return f"```{{admonition}} Not available with these data\n:class: warning\n{sentence(UNDECIDED)}\n```\n"
        if not entries:
            logger.warning("no claims of %r on the ledger", found[1], location=docname)
        return listing(entries)

    source[0] = MARKER.sub(shown, source[0])


class _LedgerRole(SphinxRole):
    """A role whose text begins with the id of an entry."""

    def entry(self, claim: str) -> Entry | None:
        """The entry, or None: after a warning that there is no such claim, or without one on other data."""
        found = _entries(self.env.app).get(claim)
        if found is None and not _on_other_data(self.env.app):
            where = self.get_location()
            logger.warning("%s: expected a claim on the ledger, found none so called", claim, location=where)
        return found

    def unknown(self) -> list[nodes.Node]:
        """What stands for an entry that is not there: the text as it was written, and on other data why."""
        words = f"{self.text} ({UNDECIDED})" if _on_other_data(self.env.app) else self.text
        return [nodes.Text(words)]

    def mark(self, entry: Entry) -> nodes.Node:
        """The link to an entry, with its verdict."""
        claim = entry["claim"]
        link = addnodes.pending_xref(
            "", refdomain="std", reftype="ref", reftarget=anchor(claim), refexplicit=True, refwarn=True
        )
        link["refdoc"] = self.env.docname
        link += nodes.inline(claim, claim)
        # around the link, because Sphinx keeps only the words of what is inside it
        return ClaimMark(
            claim,
            "",
            link,
            claim=claim,
            verdict=entry["verdict"],
            words=verdict_text(entry, page_language.language_read(self.env)),
            classes=["claim"],
        )


class ClaimRole(_LedgerRole):
    """``{claim}`ITV-12` ``: the id as a link to its entry."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        entry = self.entry(self.text)
        return (self.unknown() if entry is None else [self.mark(entry)]), []


class SaysRole(_LedgerRole):
    """``{says}`F-01` ``: the sentence of an entry, then its link."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        entry = self.entry(self.text)
        if entry is None:
            return self.unknown(), []
        return [nodes.Text(f"{sentence(says_text(entry))} "), self.mark(entry)], []


class AmountRole(_LedgerRole):
    """``{amount}`F-01.november` ``: one figure of an entry, with its range."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        claim, _, key = self.text.partition(".")
        entry = self.entry(claim)
        if entry is None:
            return self.unknown(), []
        if key not in entry["figures"]:
            there = ", ".join(entry["figures"]) or "none"
            logger.warning(
                "%s: expected a figure of %s, found %r", claim, there, key, location=self.get_location()
            )
            return [nodes.Text(self.text)], []
        try:
            text = amount_text(entry["figures"][key], page_language.language_read(self.env))
        except AleppoError as error:
            logger.warning("%s: %s", self.text, error, location=self.get_location())
            text = self.text
        return page_language.words(text), []


def visit_mark(translator: Any, node: ClaimMark) -> None:
    kind = node["verdict"].replace("_", "-")
    words = escape(f"{node['claim']}: {node['words']}", quote=True)
    translator.body.append(f'<span class="claim claim-{kind}" title="{words}">')


def depart_mark(translator: Any, node: ClaimMark) -> None:
    translator.body.append("</span>")


def visit_words(translator: Any, node: ClaimMark) -> None:
    translator.body.append('<span class="claim">')


def depart_words(translator: Any, node: ClaimMark) -> None:
    """In an EPUB, which has neither a margin nor a pointer, the verdict stands behind the id."""
    words = escape(VERDICT_WORDS[node["verdict"]])
    translator.body.append(f'</span> <span class="claim-words">({words})</span>')


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the listing and the roles, and the pages of rows that entries link to."""
    app.setup_extension("aleppo.bookkit.page_language")
    app.setup_extension("aleppo.bookkit.rows")
    app.add_node(ClaimMark, html=(visit_mark, depart_mark), epub=(visit_words, depart_words))
    app.add_role("claim", ClaimRole())
    app.add_role("says", SaysRole())
    app.add_role("amount", AmountRole())
    app.connect("source-read", _write_into)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
