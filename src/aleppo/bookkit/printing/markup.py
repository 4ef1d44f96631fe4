"""Typst literals, calls and text: markup in which no character of the book means something by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import tex2typst
from docutils import nodes

from aleppo.bookkit.printing.labels import UntranslatableError

ZERO_WIDTH_SPACE = "\u200b"
LONGEST_WORD = 28  # characters; a longer one may be broken after the signs below
BREAK_AFTER = re.compile(r"(?<=[/._\-=&?;:–])(?=[^\s/])|(?<=,)(?=[^\s/\d])")  # and not within a number
PIXEL = 0.75  # points
MACROS = {r"\lVert": r"\|", r"\rVert": r"\|", r"\lvert": "|", r"\rvert": "|"}


def string(text: str) -> str:
    """A Typst string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def literal(value: Any) -> str:
    """A Python value (None, bool, number, str, list, dict) as a Typst literal."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return string(value)
    if isinstance(value, Raw):
        return value.markup
    if isinstance(value, dict):
        return "(" + (", ".join(f"{key}: {literal(v)}" for key, v in value.items()) or ":") + ")"
    if isinstance(value, Sequence):
        return array(literal(v) for v in value)
    raise TypeError(f"no Typst literal for {type(value).__name__}")


@dataclass(frozen=True)
class Raw:
    """Markup that is already Typst code, for :func:`literal`."""

    markup: str


def array(items: Iterable[str]) -> str:
    """A Typst array; one item needs its trailing comma."""
    listed = list(items)
    return "(" + ", ".join(listed) + ("," if len(listed) == 1 else "") + ")"


def call(name: str, *contents: str, **arguments: Any) -> str:
    """``#name(key: value)[content]``; underscores in keys become hyphens, values equal to None are left out."""
    given = [
        f"{key.replace('_', '-')}: {literal(value)}" for key, value in arguments.items() if value is not None
    ]
    inside = f"({', '.join(given)})" if given or not contents else ""
    return f"#{name}{inside}" + "".join(f"[{content}]" for content in contents)


_SPECIAL = re.compile(r"[\\#$*_`<>@\[\]~'\"/=+]|(?<![^\W\d_])-|-(?![^\W\d_])|\.(?=\.)|(?<=\.)\.")
_ENUMERATED = re.compile(r"^(\s*\d+)([.)])")


def escape(text: str) -> str:
    """Text as Typst markup in which no character has a meaning of its own."""
    flat = re.sub(r"[ \t\r\n\f\v]+", " ", text)
    return _ENUMERATED.sub(r"\1\\\2", _SPECIAL.sub(lambda found: "\\" + found.group(), flat))


def breakable(text: str) -> str:
    """The text with invisible break points in words too long for a line; addresses break by themselves."""
    if "://" in text:
        return text

    def loosen(found: re.Match[str]) -> str:
        word = found.group()
        pieces = BREAK_AFTER.split(word)
        return ZERO_WIDTH_SPACE.join(
            piece[i : i + LONGEST_WORD]
            for piece in pieces
            for i in range(0, max(len(piece), 1), LONGEST_WORD)
        )

    return re.sub(rf"\S{{{LONGEST_WORD + 1},}}", loosen, text)


def longest_words(texts: Iterable[str], count: int = 3) -> list[str]:
    """The longest unbreakable words, which decide how narrow a column can be."""
    words = {
        word for text in texts for word in re.split(rf"[\s{ZERO_WIDTH_SPACE}]+", breakable(text)) if word
    }
    return sorted(words, key=lambda word: (-len(word), word))[:count]


def math(node: nodes.Node, tex: str) -> str:
    """TeX mathematics as Typst mathematics."""
    tex = re.sub(r"\\label\{[^}]*\}", "", tex).strip()
    try:
        return str(tex2typst.tex2typst(tex, custom_tex_macros=MACROS)).strip()
    except ValueError as error:
        reason = str(error).splitlines()[0]
        raise UntranslatableError(node, f"formula {tex!r} cannot be converted: {reason}") from error


def spoken(tex: str) -> str:
    """What a screen reader is given for a formula: its source on one line."""
    return " ".join(re.sub(r"\\label\{[^}]*\}", "", tex).split())


def length(node: nodes.Element, key: str = "width") -> Raw | None:
    """A docutils length as a Typst length."""
    given = str(node.get(key) or "").strip()
    if not given:
        return None
    found = re.fullmatch(r"([\d.]+)\s*(px|pt|mm|cm|in|em|%)?", given)
    if not found:
        raise UntranslatableError(
            node, f"{key} {given!r}: expected a number with px, pt, mm, cm, in, em or %"
        )
    number, unit = float(found.group(1)), found.group(2) or "px"
    if unit == "px":
        number, unit = number * PIXEL, "pt"
    return Raw(f"{number:g}{unit}")
