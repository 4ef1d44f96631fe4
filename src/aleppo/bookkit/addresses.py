"""Addresses of sources in the bibliography, as readers are shown them; the link is the whole address."""

from __future__ import annotations

import re
from typing import Any
from unicodedata import name
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

_FRONT = re.compile(r"^(https?://)?(www\.)?")
_CODES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
# Signs that an address holds as codes and that cannot be taken for its own.
_PLAIN = frozenset("()–—‘’“”,'")


def bare(uri: str) -> str:
    """An address without what every address has."""
    return _FRONT.sub("", uri).rstrip("/")


def on_screen(uri: str) -> str:
    """An address as the web edition and the EPUB show it: bare, with a sign for a part in another script.

    Addresses hold a letter of such a script as six signs, which nobody reads.

    >>> on_screen("https://www.example.org/%D8%AD%D9%84%D8%A8/2016/"), on_screen("https://example.org/a%28b%29")
    ('example.org/…/2016', 'example.org/a(b)')
    """
    return "/".join(map(_part, bare(uri).split("/")))


def _part(part: str) -> str:
    """What stands between two strokes of an address."""
    letters = filter(str.isalpha, unquote(part))
    if any(not name(letter, "").startswith("LATIN") for letter in letters):
        return "…"
    return _CODES.sub(_decoded, part)


def _decoded(codes: re.Match[str]) -> str:
    """The signs that ``codes`` stand for, if all of them are letters or plain; else the codes."""
    signs = unquote(codes[0])
    return signs if all(sign.isalpha() or sign in _PLAIN for sign in signs) else codes[0]


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
