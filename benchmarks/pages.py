"""How soon a chapter is read and its first chart works on a telephone, against the stock way of showing charts.

    python benchmarks/pages.py [OUTPUT] [--runs 5]

A Chromium slowed down to a telephone of the middle class (a quarter of this machine's speed, 150 ms to the server and
back, 1.6 Mbit/s) reads the built book from a server whose files lie packed beside it, by brotli; packed by gzip they
are about a tenth larger. The alternative is the same chapter as Jupyter Book makes it by itself, with the charts as
plotly's renderer ``notebook`` stores them. The two take turns.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.server
import io
import json
import mimetypes
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
from report import RESULTS, ROOT, Row, row, skipped, write

from aleppo.evidence.errors import AleppoError
from aleppo.show import figure, stills, table

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HTML = ROOT / "_build" / "html"
SIZE = {"width": 390, "height": 844}
SLOW_LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SLOWER = 4
READABLE, INTERACTIVE = 1.0, 2.5  # seconds
STOCK = "stock Jupyter Book, plotly's `notebook` renderer"
# Notes when something is shown, then goes to the first chart as a reader would, and notes when it is drawn.
WATCH = """(drawn) => {
  window.noted = {};
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (entry.name === 'first-contentful-paint') window.noted.readable = entry.startTime;
  })).observe({ type: 'paint', buffered: true });
  const look = () => {
    const chart = window.noted.readable && document.querySelector(drawn.chart);
    if (chart && !window.noted.came) { chart.scrollIntoView(); window.noted.came = true; }
    if (chart && document.querySelector(drawn.done)) window.noted.interactive = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
OURS = {"chart": ".aleppo-figure", "done": '.aleppo-figure[data-state="drawn"]'}
THEIRS = {"chart": ".plotly-graph-div", "done": ".plotly-graph-div .main-svg .subplot"}
LOADED = """() => ['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))
  .reduce((sum, entry) => sum + entry.encodedBodySize, 0)"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("output", type=Path, nargs="?", default=RESULTS / "pages.json")
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    try:
        browser = stills.browser()
    except AleppoError as error:
        write("pages", [skipped("a chapter on a telephone", str(error))], given.output)
        return
    run(Path(sys.executable).parent / "aleppo", "book", "--html-only", cwd=ROOT)
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(browser, Path(folder), given.runs)
    write("pages", rows, given.output, runs=given.runs)


def measure(browser: Path, folder: Path, runs: int) -> list[Row]:
    """The rows: the chapter of middle weight against its stock page, then the heaviest chapter."""
    from playwright.sync_api import sync_playwright

    chapters = by_weight()
    middle, heaviest = chapters[len(chapters) // 2], chapters[-1]
    stock = stock_page(middle, folder)
    with serving(HTML) as ours, serving(stock.parent) as theirs, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        visits: dict[str, list[dict[str, float]]] = {"ours": [], "stock": [], "heaviest": []}
        for _ in range(runs):
            visits["ours"].append(visited(chromium, f"{ours}/notebooks/{middle}.html", OURS))
            visits["stock"].append(visited(chromium, f"{theirs}/{stock.name}", THEIRS))
            visits["heaviest"].append(visited(chromium, f"{ours}/notebooks/{heaviest}.html", OURS))
        chromium.close()
    found = {
        name: {what: statistics.median(one[what] for one in each) for what in each[0]}
        for name, each in visits.items()
    }
    return [*against_stock(middle, found["ours"], found["stock"]), *alone(heaviest, found["heaviest"])]


def against_stock(chapter: str, ours: dict[str, float], stock: dict[str, float]) -> list[Row]:
    return [
        row(
            f"a chapter is readable ({chapter})",
            ours["readable"],
            "s",
            stock["readable"],
            STOCK,
            limit=READABLE,
        ),
        row(
            "its first chart works", ours["interactive"], "s", stock["interactive"], STOCK, limit=INTERACTIVE
        ),
        row("what is loaded for that, packed", ours["loaded"], "kB", stock["loaded"], STOCK),
    ]


def alone(chapter: str, found: dict[str, float]) -> list[Row]:
    return [
        row(f"the heaviest chapter is readable ({chapter})", found["readable"], "s", limit=READABLE),
        row("its first chart works", found["interactive"], "s", limit=INTERACTIVE),
    ]


def by_weight() -> list[str]:
    """The chapters that ask for plotly at once, by what their pages weigh, packed."""
    pages = [
        page
        for page in (HTML / "notebooks").glob("*.html")
        if 'rel="preload" as="script"' in page.read_text(encoding="utf-8")
    ]
    return [page.stem for page in sorted(pages, key=lambda page: len(gzip.compress(page.read_bytes())))]


def stock_page(chapter: str, folder: Path) -> Path:
    """The chapter as one page of a stock book, built in ``folder``."""
    notebook = json.loads((ROOT / "notebooks" / f"{chapter}.ipynb").read_text(encoding="utf-8"))
    library = True
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        for output in cell.get("outputs", []):
            output["data"], library = stock_output(output.get("data", {}), library)
            output["metadata"] = {}
    (folder / "chapter.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "_config.yml").write_text(
        "title: Stock\nexecute: {execute_notebooks: 'off'}\n", encoding="utf-8"
    )
    (folder / "_toc.yml").write_text("format: jb-book\nroot: chapter\n", encoding="utf-8")
    run(Path(sys.executable).parent / "jupyter-book", "build", folder, cwd=folder)
    return folder / "_build" / "html" / "chapter.html"


def stock_output(data: dict[str, Any], library: bool) -> tuple[dict[str, Any], bool]:
    """An output as plotly's renderer and pandas would have stored it; ``library``: whether plotly is still to come."""
    import pandas as pd
    import plotly.io as pio

    if figure.MIME in data:
        drawing = {name: data[figure.MIME][name] for name in ("data", "layout")}
        page = pio.to_html(drawing, full_html=False, include_plotlyjs=library, validate=False)
        return {"text/html": page}, False
    if table.MIME in data:
        frame = pd.read_csv(io.StringIO(data[table.MIME]["csv"]))
        return {"text/html": frame.to_html()}, library
    return {"text/plain": data.get("text/plain", "")}, library


def visited(browser: Browser, address: str, drawn: dict[str, str]) -> dict[str, float]:
    """Seconds until the page at ``address`` shows something and until its first chart is drawn; kB loaded by then."""
    context = browser.new_context(viewport=SIZE, is_mobile=True, has_touch=True, device_scale_factor=2)
    try:
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW_LINE)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(f"({WATCH})({json.dumps(drawn)})")
        page.goto(address, wait_until="commit", timeout=120_000)
        page.wait_for_function("() => window.noted.interactive", timeout=120_000)
        noted = page.evaluate("() => window.noted")
        return {
            "readable": noted["readable"] / 1000,
            "interactive": noted["interactive"] / 1000,
            "loaded": page.evaluate(LOADED) / 1000,
        }
    finally:
        context.close()


class _Packing(http.server.BaseHTTPRequestHandler):
    """Sends the files of ``folder`` packed, as web servers do."""

    protocol_version = "HTTP/1.1"
    folder: Path
    packed: dict[str, bytes]

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].lstrip("/")
        path = self.folder / name
        content = path.read_bytes() if path.is_file() else b""
        self.send_response(200 if path.is_file() else 404)
        if path.suffix not in (".woff2", ".png"):
            better = "br" in self.headers.get("Accept-Encoding", "")
            key = f"{name} {better}"
            if key not in self.packed:
                self.packed[key] = brotli.compress(content) if better else gzip.compress(content, 9)
            content = self.packed[key]
            self.send_header("Content-Encoding", "br" if better else "gzip")
        self.send_header("Content-Type", mimetypes.guess_type(name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address at which ``folder`` is served."""
    handler = type("Packing", (_Packing,), {"folder": folder, "packed": {}})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def run(*command: str | Path, cwd: Path) -> None:
    done = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{command[0]} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")


if __name__ == "__main__":
    main()
