"""The bibliography of sphinxcontrib-bibtex, made quick enough for hundreds of sources cited thousands of times.

The same citations in the same words; what the domain works out at every citation is worked out once. By itself it
reads the metadata of every installed package for each citation, and every citation of the book for each source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from docutils import nodes
from pybtex.backends import plaintext
from pybtex.plugin import register_plugin
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinxcontrib.bibtex import domain
from sphinxcontrib.bibtex.citation_target import parse_citation_targets


class QuickBibtexDomain(domain.BibtexDomain):
    """The domain ``cite`` with an index of what is cited where, and a memory of the citations it has written."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        self._written: dict[tuple[str, str, str], nodes.Element] = {}
        self._by_key: dict[str, list[tuple[int, domain.Citation]]] = {}
        self._sought: set[str] | None = None

    @property
    def citations(self) -> list[domain.Citation]:
        """Every citation of a bibliography; while a reference is written, only those that it names."""
        whole: list[domain.Citation] = self.data["citations"]
        if self._sought is None:
            return whole
        if not self._by_key:
            for place, each in enumerate(whole):
                self._by_key.setdefault(each.key, []).append((place, each))
        # in the order of the bibliography, which is that of the sources in a citation
        return [
            each for _, each in sorted(pair for key in self._sought for pair in self._by_key.get(key, ()))
        ]

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
                raise ExtensionError(
                    f"{bibliography_key.docname}: filter of a bibliography: {error}"
                ) from error
            if fits or entry.key in bibliography.keys:
                yield key, entry

    def resolve_xref(  # type: ignore[override]
        self, env: Any, fromdocname: str, builder: Any, typ: str, target: str, node: Any, contnode: Any
    ) -> nodes.Element:
        """The references of one citation; those of the same page to the same sources are written once."""
        place = (fromdocname, typ, target)
        if place not in self._written:
            self._sought = {named.key for named in parse_citation_targets(target)}
            try:
                written = super().resolve_xref(env, fromdocname, builder, typ, target, node, contnode)
            finally:
                complete, self._sought = self._sought <= self._by_key.keys(), None
            if not complete:  # the warning is due at every place that names an unknown source
                return written
            self._written[place] = written
        return self._written[place].deepcopy()


def setup(app: Sphinx) -> dict[str, Any]:
    """Put the quick domain in the place of the extension's own."""
    app.setup_extension("sphinxcontrib.bibtex")
    # asked for by name at every citation: what is registered here is found before packages are searched
    register_plugin("pybtex.backends", "plaintext", plaintext.Backend, force=True)
    app.add_domain(QuickBibtexDomain, override=True)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
