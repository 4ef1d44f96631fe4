"""A small picture of each page: of its chapter's still where it has one, else of the shape of its text.

A still at a third of its size cannot be read, so its letters are left away, its lines made thicker and the rest cut to
the plot. A page without a figure is drawn as what it is: headings, lines of text and tables, as far as they fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from aleppo.show import theme

WIDTH, HEIGHT = 240, 150
AROUND = 8
# Strokes of a still are drawn so many times as thick, since the picture is a third as large.
THICKER = 2.0
LINE, WORDS_A_LINE, INDENT = 9, 9, 14

_PLOT = re.compile(
    r'<rect x="(-?[\d.]+)" y="(-?[\d.]+)" width="([\d.]+)" height="([\d.]+)" '
    r'style="fill: #000000; fill-opacity: 0; stroke-width: 0;"/>'
)
_TEXT = re.compile(r"<text\b.*?</text>", re.DOTALL)
_HEAD = re.compile(r"<!--.*?-->\s*<svg\b[^>]*?width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>", re.DOTALL)
_STROKE = re.compile(r"stroke-width: ([\d.]+)(px)?")
_DRAWN = re.compile(r' d="([^"]*)"')
_DECIMALS = re.compile(r"(-?\d+)\.(\d)\d*")


def of_still(still: str) -> str:
    """The small picture of a still (SVG as `aleppo.show.stills` draws it), in light colours."""
    head = _HEAD.match(still)
    width, height = (float(head[1]), float(head[2])) if head else (theme.STILL_WIDTH, theme.HEIGHT)
    body = still[head.end() :] if head else still
    left, top, across, down = _plot(body, width, height)
    body = _STROKE.sub(lambda found: f"stroke-width: {float(found[1]) * THICKER:g}px", _TEXT.sub("", body))
    # a tenth of a unit is a thirtieth of a pixel here
    body = _DRAWN.sub(lambda found: f' d="{_DECIMALS.sub(_tenth, found[1])}"', body)
    # as wide as the plot, from its top; what is taller is cut off below, what is lower stands in the middle
    visible = across * HEIGHT / WIDTH
    top -= max(0, (visible - down) / 2)
    box = f'viewBox="{left:g} {top:g} {across:g} {visible:g}" preserveAspectRatio="xMidYMin slice"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDTH}" '
        f'height="{HEIGHT}" {box}>{body.strip()}\n'
    )


def _tenth(found: re.Match[str]) -> str:
    return found[1] if found[2] == "0" else f"{found[1]}.{found[2]}"


def _plot(body: str, width: float, height: float) -> tuple[float, float, float, float]:
    """Left, top, width and height of what the panels of a still cover, with a little room around."""
    rects = [tuple(map(float, found)) for found in _PLOT.findall(body)]
    if not rects:
        return 0, 0, width, height
    left = min(x for x, _, _, _ in rects) - AROUND
    top = min(y for _, y, _, _ in rects) - AROUND
    right = max(x + across for x, _, across, _ in rects) + AROUND
    bottom = max(y + down for _, y, _, down in rects) + AROUND
    return left, top, right - left, bottom - top


def of_outline(outline: Sequence[tuple[str, int]]) -> str:
    """The small picture of a page without a figure: its blocks (`aleppo.bookkit.pages.Facts`) from the top."""
    rows: list[str] = []
    y = 14
    for kind, size in outline:
        if y > HEIGHT:
            break
        drawn, y = _block(kind, size, y)
        rows.extend(drawn)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(rows)}</svg>\n'
    )


def _block(kind: str, size: int, y: int) -> tuple[list[str], int]:
    """Bars of one block that begins at ``y``, and where the next one begins."""
    room = WIDTH - 2 * INDENT
    if kind == "heading":
        return [_bar(INDENT, y + 4, min(room, 22 * size), 7, theme.INK)], y + 20
    if kind == "table":
        rows = range(min(size, 6))
        return list(_rows(y, rows)), y + 10 * len(rows) + 6
    left = INDENT + (12 if kind == "item" else 0)
    lines = -(-size // WORDS_A_LINE) or 1
    last = (size - (lines - 1) * WORDS_A_LINE) / WORDS_A_LINE
    bars = [
        _bar(
            left,
            y + LINE * line,
            (room - left + INDENT) * (last if line == lines - 1 else 1),
            4,
            theme.colour("axis"),
        )
        for line in range(min(lines, 14))
    ]
    if kind == "item":
        bars.insert(0, _bar(INDENT, y, 5, 4, theme.colour("vermilion")))
    return bars, y + LINE * lines + 6


def _rows(y: int, rows: Iterable[int]) -> Iterable[str]:
    for row in rows:
        for column, part in enumerate((0.3, 0.2, 0.2, 0.14)):
            colour = theme.INK if row == 0 else theme.colour("axis")
            yield _bar(INDENT + column * 56, y + row * 10, part * 160, 4, colour)


def _bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    return f'<rect x="{x:g}" y="{y:g}" width="{max(width, 4):.0f}" height="{height:g}" fill="{colour}"/>'
