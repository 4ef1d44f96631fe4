"""Stills: the SVG of each figure for print, for pages without JavaScript and for first paint.

Stills are drawn by plotly itself, through kaleido, in a Chromium that sees only the book's own fonts, so that
text is measured with the letters it is printed in. They are committed; each begins with the hash of the
drawing it was made from, so that making the book needs no browser and a stale still is found by comparing
two hashes. The same figure gives the same bytes: random ids are replaced and numbers shortened.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from aleppo.evidence.errors import AleppoError
from aleppo.evidence.files import write_atomic
from aleppo.evidence.paths import repository, shown
from aleppo.show import figure
from aleppo.show.assets import font_dirs, whole_plotly
from aleppo.show.stored import payloads
from aleppo.show.theme import FAMILY, STILL_WIDTH

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# What makes plotly say how long its lines are, since in a picture a browser has no letters but its own
WIDTHS = Path(__file__).with_name("still_widths.js")
HEAD = re.compile(r"<!-- aleppo-figure sha256:([0-9a-f]{64}) -->\n")
ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"

_ARABIC_RUN = re.compile(f"[{ARABIC}]+(?:[ \u00a0]+[{ARABIC}]+)*")
_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<match target="font">
<edit name="hinting" mode="assign"><bool>false</bool></edit>
<edit name="autohint" mode="assign"><bool>false</bool></edit>
</match>
<alias binding="same"><family>sans-serif</family><prefer><family>Source Sans 3</family></prefer></alias>
</fontconfig>
"""


@dataclass(frozen=True, order=True)
class Stale:
    """A still that does not show the figure it is named for, and why."""

    still: str
    reason: str

    def __str__(self) -> str:
        return f"{self.still}: {self.reason}"


def stills_dir() -> Path:
    """The folder of the book's stills."""
    return repository() / "book" / "figures"


def figures_in(notebooks: Iterable[Path]) -> dict[str, dict[str, Any]]:
    """Figure id → stored payload, from the outputs of ``notebooks`` in the order given.

    Raises AleppoError for a notebook that cannot be read and for an id used by two figures.
    """
    found: dict[str, dict[str, Any]] = {}
    owner: dict[str, Path] = {}
    for path in notebooks:
        for payload in payloads(path, figure.MIME):
            facts = figure.about(payload)
            if facts is None:
                continue
            name = facts["id"]
            if name in found:
                raise AleppoError(
                    f"{shown(path)}: expected each figure id once, found {name!r} also in {shown(owner[name])}"
                )
            found[name], owner[name] = payload, path
    return found


def hash_of(still: Path) -> str | None:
    """The hash a still was drawn from, or None if there is no such still."""
    try:
        with still.open(encoding="utf-8") as stream:
            match = HEAD.match(stream.readline())
    except (OSError, UnicodeDecodeError):
        return None
    return match[1] if match else None


def stale(notebooks: Iterable[Path], folder: Path | None = None) -> list[Stale]:
    """Stills that are missing, show an earlier state, or belong to no figure of ``notebooks``."""
    where = folder or stills_dir()
    figures = figures_in(notebooks)
    wrong = []
    for name, payload in figures.items():
        path = where / f"{name}.svg"
        found = hash_of(path)
        if found is None:
            wrong.append(Stale(shown(path), "expected the still of this figure, found none"))
        elif found != figure.drawing_hash(payload):
            wrong.append(Stale(shown(path), "expected a still of the stored figure, found an earlier state"))
    wrong.extend(
        Stale(shown(path), "expected a figure of this id in a notebook, found none")
        for path in sorted(where.glob("*.svg"))
        if path.stem not in figures
    )
    return sorted(wrong)


def redraw(
    notebooks: Iterable[Path],
    folder: Path | None = None,
    *,
    everything: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> list[Path]:
    """Draw the stills that are stale (or ``everything``) and remove those of no figure.

    Returns the files written or removed. ``progress`` is told each figure's id and how many there are.
    """
    where = folder or stills_dir()
    figures = figures_in(notebooks)
    wanted = {
        name: payload
        for name, payload in figures.items()
        if everything or hash_of(where / f"{name}.svg") != figure.drawing_hash(payload)
    }
    changed = []
    # closed here, so that the browser ends with this function whatever happens
    with contextlib.closing(draw_all(list(wanted.values()))) as pictures:
        for name in wanted:
            if progress:
                progress(name, len(wanted))
            changed.append(write_atomic(where / f"{name}.svg", next(pictures)))
    for path in sorted(where.glob("*.svg")):
        if path.stem not in figures:
            path.unlink()
            changed.append(path)
    return changed


def draw(payload: dict[str, Any]) -> bytes:
    """The still of one figure: see `draw_all`."""
    with contextlib.closing(draw_all([payload])) as pictures:
        return next(pictures)


def draw_all(payloads: Sequence[dict[str, Any]]) -> Generator[bytes, None, None]:
    """The stills of ``payloads``, in order, as SVG; one browser draws them all.

    Raises AleppoError when kaleido, a Chromium or the fonts are not there, or when drawing fails.
    """
    if not payloads:
        return
    try:
        import kaleido
    except ImportError as error:
        raise AleppoError("stills: expected kaleido, found none (`pip install -e .[stills]`)") from error
    chromium = browser()
    folders = font_dirs()
    if not folders:
        raise AleppoError(
            "stills: expected the book's fonts, found none (npm could not be reached at set-up)"
        )
    page = kaleido.PageGenerator(
        plotly=(whole_plotly().as_uri(), "utf-8"), mathjax=False, others=[(WIDTHS.as_uri(), "utf-8")]
    )
    with _only_fonts(folders):
        kaleido.start_sync_server(n=1, path=str(chromium), page_generator=page, silence_warnings=True)
        try:
            for payload in payloads:
                drawing = isolated(figure.still_drawing(payload))
                height = drawing["layout"]["height"]
                options = {"format": "svg", "width": STILL_WIDTH, "height": height}
                try:
                    raw = kaleido.calc_fig_sync(drawing, opts=options)
                except Exception as error:  # kaleido raises what the page threw, of any class
                    name = (figure.about(payload) or {}).get("id")
                    raise AleppoError(
                        f"figure {name}: expected a picture from plotly, found {error}"
                    ) from error
                yield finished(raw.decode("utf-8"), payload)
        finally:
            kaleido.stop_sync_server(silence_warnings=True)


def browser() -> Path:
    """The Chromium to draw with: ``BROWSER_PATH`` if set, else the first of the usual names on the path."""
    named = os.environ.get("BROWSER_PATH")
    if named:
        if not Path(named).is_file():
            raise AleppoError(f"BROWSER_PATH={named}: expected a Chromium or Chrome, found no such file")
        return Path(named)
    for name in BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise AleppoError(
        f"stills: expected a Chromium or Chrome ({', '.join(BROWSERS)}, or BROWSER_PATH), found none"
    )


def isolated(value: Any) -> Any:
    """``value`` with Arabic runs in its texts set apart, so that a mixed line is laid out as it is read."""
    if isinstance(value, str):
        if "<br" in value and _ARABIC_RUN.search(value):
            raise AleppoError(f"a label: expected Arabic on one line, found a line break in {value!r}")
        return _ARABIC_RUN.sub(lambda run: f"\u2068{run[0]}\u2069", value)
    if isinstance(value, dict):
        return {key: isolated(item) for key, item in value.items()}
    if isinstance(value, list):
        return [isolated(item) for item in value]
    return value


def finished(raw: str, payload: dict[str, Any]) -> bytes:
    """The SVG as it is stored: hash first, repeatable, short, with a family list that every reader ends."""
    svg = re.sub(r"<[^>]+>", _short_tag, _with_fixed_ids(raw))
    svg = svg.replace("<svg", f'<svg style="font-family: {escape(FAMILY, {chr(34): "&quot;"})};"', 1)
    # plotly leaves a group for every layer that could have been there
    empty = re.compile(r"<(g|path|defs|clipPath)/>|<(g|defs)></\2>")
    while empty.search(svg):
        svg = empty.sub("", svg)
    return f"<!-- aleppo-figure sha256:{figure.drawing_hash(payload)} -->\n{svg.strip()}\n".encode()


def _short_tag(match: re.Match[str]) -> str:
    """One tag without what print and browsers do not need; text between tags is never touched."""
    tag = re.sub(r"rgb\((\d+), (\d+), (\d+)\)", _hexadecimal, match[0])
    tag = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), tag)
    # the house family is set once, on the root; opacity is not inherited, so 1 says nothing
    tag = re.sub(r"font-family: (?:&quot;|[^;\"])*; ?|(?<![-\w])opacity: 1; ?", "", tag)
    return re.sub(r' (?:class|data-[a-z-]+)="[^"]*"| style=""', "", tag)


def _hexadecimal(match: re.Match[str]) -> str:
    return "#" + "".join(f"{int(match[part]):02x}" for part in (1, 2, 3))


def _with_fixed_ids(svg: str) -> str:
    names: dict[str, str] = {}
    for name in re.findall(r'\bid="([^"]+)"', svg):
        names.setdefault(name, f"a{len(names)}")
    for name in sorted(names, key=len, reverse=True):
        svg = re.sub(rf'(?<=["#]){re.escape(name)}(?=["&\')])', names[name], svg)
    return svg


@contextlib.contextmanager
def _only_fonts(folders: Sequence[Path]) -> Iterator[None]:
    """Programs started inside see the fonts in ``folders`` and no other (through fontconfig)."""
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="aleppo-fonts-", ignore_cleanup_errors=True) as place:
        lines = "\n".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders)
        config = Path(place) / "fonts.conf"
        config.write_text(_FONTS.format(folders=lines, cache=escape(place)), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            if before is None:
                os.environ.pop("FONTCONFIG_FILE", None)
            else:
                os.environ["FONTCONFIG_FILE"] = before
