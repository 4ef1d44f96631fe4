"""Photograph the pages of the built book, to be looked at: light and dark, wide and narrow.

    .venv/bin/python scripts/photograph.py                      every page
    .venv/bin/python scripts/photograph.py truces one-clock     pages whose path holds one of the words
    .venv/bin/python scripts/photograph.py --modes dark --widths 390

Each page is read through first, so that every figure is drawn; a long page is cut into columns that stand side by
side on sheets, ``_build/pictures/PAGE.MODE.WIDTH.NUMBER.png``. Needs what the browser tests need.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import io
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

from aleppo.evidence.errors import AleppoError
from aleppo.show import stills

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
# Height of a column of a sheet, and the width that a sheet may have, CSS pixels.
COLUMN, SHEET, GAP = 1800, 1700, 24
# Milliseconds; a page of many figures on a busy machine takes its time.
PATIENCE = 240_000
SCROLL = """async () => {
  // what a page lays out only when a reader comes near would be blank in a picture of all of it
  document.querySelectorAll('.aleppo-long .pst-scrollable-table-container, .citation').forEach((one) => {
    one.style.contentVisibility = 'visible';
  });
  for (let y = 0; y < document.body.scrollHeight; y += 700) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 60));
  }
  scrollTo(0, 0);
}"""
SETTLED = """() => [...document.querySelectorAll('.aleppo-figure')]
  .every((figure) => ['drawn', 'failed'].includes(figure.dataset.state))"""


def main() -> int:
    """Photograph what the command line asks for; the exit code."""
    arguments = argparse.ArgumentParser(description="Photograph the pages of the built book.")
    arguments.add_argument("words", nargs="*", help="only pages whose path holds one of these")
    arguments.add_argument("--book", type=Path, default=ROOT / "_build" / "html")
    arguments.add_argument("--out", type=Path, default=ROOT / "_build" / "pictures")
    arguments.add_argument("--modes", nargs="+", default=["light", "dark"], choices=["light", "dark"])
    arguments.add_argument("--widths", nargs="+", type=int, default=[1280, 390])
    arguments.add_argument("--most", type=int, default=100, help="sheets of one page, at most")
    asked = arguments.parse_args()
    found = [
        page for page in pages(asked.book) if not asked.words or any(word in page for word in asked.words)
    ]
    if not found:
        print(
            f"{asked.book}: expected pages to photograph, found none (`make book` builds them)",
            file=sys.stderr,
        )
        return 1
    asked.out.mkdir(parents=True, exist_ok=True)
    try:
        chromium = str(stills.browser())
    except AleppoError as error:
        print(error, file=sys.stderr)
        return 1
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        with served(asked.book) as address:
            for page in found:
                for width in asked.widths:
                    for name in photographed(
                        browser, address, page, width, asked.modes, asked.out, asked.most
                    ):
                        print(name, flush=True)
        browser.close()
    return 0


@contextlib.contextmanager
def served(book: Path) -> Iterator[str]:
    """The address of the book on a server of this machine: from a disk a browser keeps no letters for later."""
    handler = functools.partial(Quiet, directory=str(book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and says nothing."""

    def log_message(self, *_: object) -> None:
        """Nothing."""


def pages(book: Path) -> list[str]:
    """The pages of the book, as paths in it, without the one at the root that only leads on."""
    return sorted(
        path.relative_to(book).as_posix()
        for path in book.rglob("*.html")
        if "_static" not in path.parts
        and 'http-equiv="Refresh"' not in path.read_text(encoding="utf-8")[:1000]
    )


def photographed(
    browser: Browser, address: str, name: str, width: int, modes: list[str], out: Path, most: int
) -> Iterator[Path]:
    """Write the sheets of one page at one width, and say which."""
    narrow = width <= 600
    context = browser.new_context(
        viewport={"width": width, "height": 844 if narrow else 900},
        has_touch=narrow,
        is_mobile=narrow,
        bypass_csp=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    # twice: letters that come late are kept for the next page, as a reader's browser keeps them
    for _ in range(2):
        page.goto(address + name, wait_until="load")
        page.evaluate("() => document.fonts.ready")
    # nothing is to be caught on its way
    page.add_style_tag(content="* { transition: none !important; animation-duration: 0s !important; }")
    for mode in modes:
        page.evaluate("(mode) => { document.documentElement.dataset.theme = mode; }", mode)
        page.evaluate(SCROLL)
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(300)
        plain = name.removesuffix(".html").replace("/", "-")
        for number, sheet in enumerate(sheets(page, width, most)):
            path = out / f"{plain}.{mode}.{width}.{number}.png"
            sheet.save(path)
            yield path
    context.close()


def sheets(page: Page, width: int, most: int) -> Iterator[Image.Image]:
    """The page as columns of one height, as many on a sheet as fit."""
    height = int(page.evaluate("() => document.documentElement.scrollHeight"))
    beside = max(1, SHEET // (width + GAP))
    tops = list(range(0, height, COLUMN))
    for first in range(0, min(len(tops), most * beside), beside):
        columns = tops[first : first + beside]
        tall = min(COLUMN, height - columns[0])
        sheet = Image.new("RGB", (len(columns) * (width + GAP) - GAP, tall), "#b9c0c9")
        for place, top in enumerate(columns):
            clip = {"x": 0, "y": top, "width": width, "height": min(COLUMN, height - top)}
            column = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type]
            sheet.paste(Image.open(io.BytesIO(column)), (place * (width + GAP), 0))
        yield sheet


if __name__ == "__main__":
    sys.exit(main())
