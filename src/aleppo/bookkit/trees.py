"""Sphinx builder ``trees``: every page read, and nothing written but the document trees that all editions share.

Reading the pages takes about as long as writing an edition of them. Nothing that is done while a page is read may
depend on the edition: what differs between editions is settled by transforms of the trees (Sphinx's post-transforms).
"""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder

NUMBERING = "sphinx_multitoc_numbering"


class TreesBuilder(Builder):
    """Leaves the document trees and the environment of Sphinx in its ``doctreedir``."""

    name = format = "trees"
    epilog = "The document trees are in %(outdir)s."

    def get_outdated_docs(self) -> str:
        return "all documents"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return docname

    def write(self, build_docnames: Any, updated_docnames: Any, method: str = "update") -> None:
        """No edition is written."""

    def prepare_writing(self, docnames: set[str]) -> None:
        """No edition is written."""

    def write_doc(self, docname: str, doctree: Any) -> None:
        """No edition is written."""


def allow_processes(app: Sphinx, *_: Any) -> None:
    """Let pages be read by several processes, of which the extension that numbers sections does not say a word.

    It numbers them when all pages are read, in the first process.
    """
    if NUMBERING in app.extensions:
        app.extensions[NUMBERING].parallel_read_safe = True


def write_with_one(app: Sphinx, *_: Any) -> None:
    """Leave the writing to one process: the index for the search is gathered while the pages are written."""
    app.parallel = 1


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_builder(TreesBuilder)
    app.connect("env-before-read-docs", allow_processes)
    app.connect("env-updated", write_with_one)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
