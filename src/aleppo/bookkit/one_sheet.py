"""One style sheet out of several: imports put in, addresses kept, and what no page has a use for left out.

A selector is of use when every class and id in it stands in some page or script. What a function such as ``:not()``
asks for is not looked at, nor is a name with an escape in it; when in doubt a rule stays. One that asks whether there
is any second element is left out: browsers ask it again whenever a chart puts a letter on the page, and corners are
all that it rounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path, PurePosixPath

_STRING = r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'"""
_TOKEN = re.compile(rf"/\*.*?\*/|{_STRING}|\burl\((?:[^)\"'\\]|\\.)*\)|[{{}};]", re.DOTALL)
_COMMENT = re.compile(rf"(/\*.*?\*/)|{_STRING}", re.DOTALL)
_SPACE = re.compile(rf"\s*([{{}};])\s*|\s+|({_STRING})", re.DOTALL)
_IMPORT = re.compile(r"""@import\s+(?:url\()?\s*["']?([^"')\s]+)["']?\s*\)?\s*$""")
_URL = re.compile(r"""\burl\(\s*(["']?)(?!data:|https?:|#)([^"')]+)\1\s*\)""")
_WORDS = re.compile(_STRING)
_FUNCTION = re.compile(r":[\w-]+\([^()]*\)")
_NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
_COSTLY = ":has(> *:nth-child("
_SEPARATOR = re.compile(rf"[,()\[\]]|{_STRING}")
_WITHIN = rf"\((?:[^()\"']|{_STRING}|\((?:[^()\"']|{_STRING})*\))*\)"
_VARIABLE = re.compile(rf"(?<=[{{;\s])(--[\w-]+)\s*:((?:[^;{{}}\"'()]|{_STRING}|{_WITHIN})*)(?:;|(?=\}}))")
_EMPTY = re.compile(r"[^{};]*\{\s*\}")
_USED = re.compile(r"\bvar\(\s*(--[\w-]+)")
# Blocks that hold rules themselves.
_NESTING = ("@media", "@supports", "@container", "@layer")


def read(sheet: Path, below: Path) -> str:
    """The text of ``sheet`` with its imports in their places and addresses as seen from the folder ``below``."""
    text = without_comments(sheet.read_text(encoding="utf-8", errors="surrogateescape"))
    folder = PurePosixPath(sheet.parent.relative_to(below).as_posix())

    def moved(found: re.Match[str]) -> str:
        return f"url({found[1]}{_joined(folder, found[2])}{found[1]})"

    parts = []
    for prelude, body in statements(text):
        imported = _IMPORT.match(prelude.strip()) if body is None else None
        if imported:
            parts.append(read(below / _joined(folder, imported[1]), below))
        elif body is not None:
            parts.append(f"{prelude}{{{_URL.sub(moved, body)}}}")
        elif not prelude.strip().startswith("@charset"):
            parts.append(f"{prelude};")
    return "".join(parts)


def without_comments(css: str) -> str:
    """``css`` without its comments; what looks like one inside a string stays."""
    return _COMMENT.sub(lambda found: "" if found[1] else found[0], css)


def statements(css: str) -> Iterator[tuple[str, str | None]]:
    """What stands on the top level of ``css``: what is before the braces and what is in them, None without braces."""
    depth, start, opened, prelude = 0, 0, 0, ""
    for token in _TOKEN.finditer(css):
        if token[0] == "{":
            if depth == 0:
                prelude, opened = css[start : token.start()], token.end()
            depth += 1
        elif token[0] == "}":
            depth -= 1
            if depth == 0:
                yield prelude, css[opened : token.start()]
                start = token.end()
        elif token[0] == ";" and depth == 0:
            yield css[start : token.start()], None
            start = token.end()


def of_use(css: str, known: Collection[str]) -> str:
    """The rules of ``css`` that can match where ``known`` are the names of classes and ids; blank without any."""
    kept = []
    for prelude, body in statements(css):
        head = prelude.strip()
        if body is None:
            kept.append(f"{head};")
        elif head.startswith(_NESTING):
            if inner := of_use(body, known):
                kept.append(f"{head}{{{inner}}}")
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        elif selectors := [one for one in _selectors(head) if _can_match(one, known.__contains__)]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def without_idle_variables(css: str, elsewhere: Collection[str] = ()) -> str:
    """``css`` without variables whose value it never asks for, unless they are among the names ``elsewhere``.

    Rules that said nothing else go too.
    """
    before = ""
    while before != css:  # a variable may have been asked for by an idle one only
        before, used = css, {*elsewhere, *_USED.findall(css)}
        idle = {name for name, _ in _VARIABLE.findall(css)} - used
        css = _EMPTY.sub("", _VARIABLE.sub(partial(_unless, idle), css))
    return css


def _unless(names: Collection[str], found: re.Match[str]) -> str:
    """What was ``found``, unless its name is among ``names``."""
    return "" if found[1] in names else found[0]


def small(css: str) -> str:
    """``css`` without the white space that means nothing."""
    return _SPACE.sub(lambda found: found[2] or found[1] or " ", css).strip()


def _selectors(prelude: str) -> list[str]:
    """The selectors of a rule: what is between commas that stand in no brackets."""
    parts, start, depth = [], 0, 0
    for found in _SEPARATOR.finditer(prelude):
        if found[0] in "([":
            depth += 1
        elif found[0] in ")]":
            depth -= 1
        elif found[0] == "," and depth == 0:
            parts.append(prelude[start : found.start()].strip())
            start = found.end()
    return [*parts, prelude[start:].strip()]


def _can_match(selector: str, is_known: Callable[[str], bool]) -> bool:
    if "\\" in selector:
        return True
    if _COSTLY in selector:
        return False
    selector, before = _WORDS.sub("", selector), ""
    while before != selector:  # from the innermost function outwards
        before, selector = selector, _FUNCTION.sub("", selector)
    return all(map(is_known, _NAME.findall(selector)))


def _joined(folder: PurePosixPath, address: str) -> str:
    """``address`` as seen from ``folder``, as one that is seen from the folder above it; what follows ``?`` stays."""
    parts: list[str] = []
    for part in (folder / address).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)
