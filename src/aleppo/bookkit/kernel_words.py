"""What a kernel says when something is wrong, on one line that names the place."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
PLACE = re.compile(r"^\s*(?:File (?P<file>.+?:\d+)|Cell In\s?\[\d+\], line (?P<line>\d+))", re.MULTILINE)
ARROW = re.compile(r"^-+>\s*\d+ (?P<code>.*)$", re.MULTILINE)
# A cell's code has a made-up file name, another one on every execution; only the line helps a reader.
CELL_FILE = re.compile(r" \(\d+\.py, line \d+\)")
CELL_PATH = re.compile(r"\S*ipykernel_\d+/\d+\.py:(\d+):")


def explained(name: str, message: str, traceback: str) -> str:
    """One line for an exception: what it was, and the last place of its traceback."""
    plain = COLOUR.sub("", traceback)
    places = list(PLACE.finditer(plain))
    arrows = list(ARROW.finditer(plain))
    where = ""
    if places:
        last = places[-1]
        where = f"line {last['line']}" if last["line"] else last["file"]
    if arrows:
        where = f"{where}: {arrows[-1]['code'].strip()}" if where else arrows[-1]["code"].strip()
    text = f"{name}: {one_line(CELL_FILE.sub('', message))}" if message else name
    return f"{text} ({where})" if where else text


def one_line(text: str, limit: int = 300) -> str:
    """``text`` on one line, cut where it gets long."""
    line = " ".join(COLOUR.sub("", text).split())
    return line if len(line) <= limit else f"{line[: limit - 1]}…"


def last_line(file: Path) -> str:
    """The last thing said in ``file``, if anything."""
    with contextlib.suppress(OSError):
        lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        return next((one_line(line) for line in reversed(lines) if line.strip()), "")
    return ""
