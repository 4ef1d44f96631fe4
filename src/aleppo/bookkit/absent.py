"""What the pages of a book on other data say where a chapter is absent (`aleppo.bookkit.other_data`).

A number quoted from such a chapter, or a reference to one of its figures, tables and places, becomes the words
"not available with these data". In the published book nothing is absent and nothing of this happens: there an
unknown key or label stops the build.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit.other_data import absent_chapters

NOT_AVAILABLE = "not available with these data"


def _note_absent(app: Sphinx) -> None:
    absent = absent_chapters(Path(app.srcdir)) if app.config.aleppo_other_data else {}
    app.env.aleppo_absent = absent  # type: ignore[attr-defined]


class WordAbsentParts(SphinxPostTransform):
    """Numbers quoted from an absent chapter, and Markdown links into it, become words instead of a gap."""

    # before MyST-NB looks the keys up (5) and MyST-Parser the targets of its links (9)
    default_priority = 4

    def run(self, **_: Any) -> None:
        from myst_nb.ext.glue.utils import PendingGlueReference

        absent = getattr(self.env, "aleppo_absent", {})
        if not absent:
            return
        for node in list(self.document.findall(PendingGlueReference)):
            if node.refdoc in absent:
                node.replace_self(_words())
        labels = _absent_labels(absent.values())
        for link in list(self.document.findall(addnodes.pending_xref)):
            if link.get("reftype") == "myst":
                _word_link(link, absent, labels)


def _word_link(link: addnodes.pending_xref, absent: dict[str, Any], labels: set[str]) -> None:
    """A link to a place in an absent chapter leads to the page; one to a label of it keeps its text and says so."""
    if link.get("refdomain") == "doc":
        if link["reftarget"] in absent:
            link["reftargetid"] = None
    elif link.get("reftarget", "").lower() in labels:
        said = link.astext()
        link.replace_self([nodes.Text(f"{said} ("), _words(), nodes.Text(")")] if said else _words())


def _word_reference(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, content: nodes.Element
) -> nodes.Element | None:
    """Words for a reference to a figure, table or place of an absent chapter; None for any other."""
    labels = _absent_labels(getattr(env, "aleppo_absent", {}).values())
    return _words() if node.get("reftarget", "").lower() in labels else None


def _absent_labels(chapters: Iterable[dict[str, Any]]) -> set[str]:
    return {label.lower() for chapter in chapters for label in chapter["labels"]}


def _words() -> nodes.inline:
    return nodes.inline(NOT_AVAILABLE, NOT_AVAILABLE, classes=["aleppo-absent"])


def setup(app: Sphinx) -> None:
    """Register the setting ``aleppo_other_data`` (empty in the published book) and what follows from it."""
    app.add_config_value("aleppo_other_data", "", "env", types=(str,))
    app.connect("builder-inited", _note_absent)
    app.connect("missing-reference", _word_reference)
    app.add_post_transform(WordAbsentParts)
