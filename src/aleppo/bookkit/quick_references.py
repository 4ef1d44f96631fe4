"""References of Sphinx and sphinxcontrib-bibtex, made quick enough for a book with thousands of them.

The same references in the same words; what the two work out anew at every reference is worked out once. By
themselves they read the metadata of every installed package for each citation, look through every citation of the
book for each source, and unpack the whole page that a numbered figure or table is on for each reference to it.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

from docutils import nodes
from pybtex.backends import plaintext
from pybtex.database import Person
from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style
from pybtex.style.sorting.author_year_title import SortingStyle
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.errors import ExtensionError
from sphinxcontrib.bibtex import domain, plugin
from sphinxcontrib.bibtex.bibfile import BibData
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.style.referencing import BracketStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

STYLE = "author_year_semicolons"
"""The name of `Semicolons` for ``bibtex_reference_style``."""


ORDER, ENTRIES = "book", "book"
"""The names of `ByName` among the orders, and of `Plain` among the styles of entries."""


@dataclass
class Semicolons(AuthorYearReferenceStyle):
    """Author and year as they come, with a semicolon between sources: commas stand between authors."""

    bracket_parenthetical: BracketStyle = field(default_factory=partial(BracketStyle, sep="; "))


class ByName(SortingStyle):
    """One alphabet for persons and bodies: without the braces around a body's name, and without accents."""

    def person_key(self, person: Person) -> str:
        plain = unicodedata.normalize("NFKD", super().person_key(person))
        return "".join(
            letter for letter in plain if letter not in "{}\\" and not unicodedata.combining(letter)
        )


class Plain(Style):
    """The plain style of entries, in the order of `ByName`."""

    default_sorting_style = ORDER


class QuickBibtexDomain(domain.BibtexDomain):
    """The domain ``cite`` with an index of what is cited where, and a memory of the citations it has written."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._written: dict[tuple[str, str, str], nodes.Element] = {}
        self._by_key: dict[str, list[tuple[int, domain.Citation]]] = {}
        self._sought: set[str] | None = None
        self._lettered: BibData | None = None

    @property
    def bibdata(self) -> BibData:
        """The entries as they were read, each with its letter behind the year."""
        read: BibData = self.data["bibdata"]
        for entry in read.data.entries.values() if read is not self._lettered else ():
            _with_letter(entry.fields)
        self._lettered = read
        return read

    @property
    def citations(self) -> list[domain.Citation]:
        """Every citation of a bibliography; while a reference is written, only those that it names."""
        whole: list[domain.Citation] = self.data["citations"]
        if self._sought is None:
            return whole
        if not self._by_key:
            for place, each in enumerate(whole):
                self._by_key.setdefault(each.key, []).append((place, each))
        found = [pair for key in self._sought for pair in self._by_key.get(key, ())]
        # in the order of the bibliography, which decides that of the sources in a citation
        return [each for _, each in sorted(found, key=lambda pair: pair[0])]

    def get_filtered_entries(self, bibliography_key: Any) -> Iterable[tuple[str, Any]]:
        """Key and entry of each source that the bibliography's filter lets through.

        Raises ExtensionError for a filter that cannot be read.
        """
        bibliography = self.bibliographies[bibliography_key]
        cited = defaultdict(set)
        for reference in self.citation_refs:
            for target in reference.targets:
                cited[target.key].add(reference.docname)
        for entry in self.get_entries(bibliography.bibfiles):
            key = bibliography.keyprefix + entry.key
            visitor = domain._FilterVisitor(entry, bibliography_key.docname, cited.get(key, set()))
            try:
                fits = visitor.visit(bibliography.filter_)
            except ValueError as error:
                place = f"{bibliography_key.docname}:{bibliography.line}"
                raise ExtensionError(f"{place}: the filter of a bibliography: {error}") from error
            if fits or entry.key in bibliography.keys:
                yield key, entry

    def resolve_xref(
        self, env: Any, fromdocname: str, builder: Any, typ: str, target: str, node: Any, contnode: Any
    ) -> nodes.Element:
        """The references of one citation; those of the same page to the same sources are written once."""
        place = (fromdocname, typ, target)
        if place not in self._written:
            self._sought = {named.key for named in parse_citation_targets(target)}
            try:
                written = super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
            finally:
                known, self._sought = self._sought <= self._by_key.keys(), None
            if not known:  # a warning is due at every place that names an unknown source
                return written
            self._written[place] = written
        return self._written[place].deepcopy()


def _with_letter(fields: MutableMapping[str, str]) -> None:
    """Put the letter that tells sources of one author and year apart behind the year, in citations and in the list.

    Entries are kept from build to build, so that the letter goes over only once.
    """
    letter = fields.get("extradate", "")
    if letter:
        year = fields["year"]
        fields["year"] = f"{year}{letter}" if year[-1].isdigit() else f"{year}-{letter}"
        del fields["extradate"]


class QuickStandardDomain(StandardDomain):
    """The domain ``std``, which keeps the pages that numbered references lead to."""

    def _resolve_numref_xref(self, env: Any, *rest: Any) -> nodes.Element | None:
        return super()._resolve_numref_xref(cast(Any, _Kept.of(env)), *rest)


class _Kept:
    """The environment of the build with the document trees it was asked for; they are read only."""

    def __init__(self, env: Any) -> None:
        self._env = env
        self._trees: dict[str, nodes.document] = {}

    @classmethod
    def of(cls, env: Any) -> _Kept:
        if not hasattr(env.app, "_aleppo_trees"):
            env.app._aleppo_trees = cls(env)
        return env.app._aleppo_trees

    def get_doctree(self, docname: str) -> nodes.document:
        if docname not in self._trees:
            self._trees[docname] = self._env.get_doctree(docname)
        return self._trees[docname]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._env, name)


def setup(app: Sphinx) -> dict[str, Any]:
    """Put the quick domains in the places of those that Sphinx and the bibliography come with."""
    app.setup_extension("sphinxcontrib.bibtex")
    # asked for by name at every citation: what is registered here is found before packages are searched
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    register_plugin("pybtex.style.sorting", ORDER, ByName, force=True)
    register_plugin("pybtex.style.formatting", ENTRIES, Plain, force=True)
    plugin.register_plugin("sphinxcontrib.bibtex.style.referencing", STYLE, Semicolons, force=True)
    app.add_domain(QuickBibtexDomain, override=True)
    app.add_domain(QuickStandardDomain, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
