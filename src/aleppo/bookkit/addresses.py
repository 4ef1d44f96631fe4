"""Addresses of sources in the bibliography, as readers are shown them; the link is the whole address."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_FRONT = re.compile(r"^(https?://)?(www\.)?")
# A part of a path in a script that addresses cannot hold: six signs for a letter.
_ENCODED = re.compile(r"[^/]*(?:%[0-9a-fA-F]{2}){3,}[^/]*")


def bare(uri: str) -> str:
    """An address without what every address has."""
    return _FRONT.sub("", uri).rstrip("/")


def on_screen(uri: str) -> str:
    """An address as the web edition and the EPUB show it: bare, with a sign for what is only codes of letters.

    >>> on_screen("https://www.example.org/%D8%AD%D9%84%D8%A8/2016/")
    'example.org/…/2016'
    """
    return _ENCODED.sub("…", bare(uri))


class AddressesOfSources(SphinxPostTransform):
    """Shows the address of each source of the bibliography as `on_screen` words it."""

    # before the theme's own, which shows no more of an address at GitHub than whose and which repository it is
    default_priority = 390
    formats = ("html",)

    def run(self, **_: Any) -> None:
        for source in self.document.findall(nodes.citation):
            for link in source.findall(nodes.reference):
                uri = link.get("refuri")
                if uri and link.astext() == uri:
                    link.clear()
                    link += nodes.Text(on_screen(uri))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the transform."""
    app.add_post_transform(AddressesOfSources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
