"""The Sphinx extension for the looks of the web edition: openings, cover, contents in pictures, cards to share."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aleppo.bookkit import contents, cover, opening, pages, social


class LeaveOut(SphinxPostTransform):
    """Takes the cover and the contents in pictures out of editions that have their own."""

    default_priority = 6

    def run(self, **_: Any) -> None:
        if self.app.builder.format != "html":
            kinds: tuple[type[Any], ...] = (cover.Cover, contents.Contents)
            for kind in kinds:
                for node in list(self.document.findall(kind)):
                    node.parent.remove(node)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up every part of the design."""
    app.add_post_transform(LeaveOut)
    for part in (pages, opening, cover, contents, social):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
