"""How long the book takes, against the stock way of making it; every ratio within one run.

    python benchmarks/book.py [OUTPUT] [--runs 5]

Works on copies of the tracked files in a temporary folder, so the checkout and its book are left alone.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from report import RESULTS, ROOT, Row, row, write

BIN = Path(sys.executable).parent
FIRST_LIMIT, PDF_LIMIT = 90, 10  # seconds; the second was set for a book of ten pages
# Where package managers keep what they fetched; an empty folder stands in for a machine that never did.
CACHES = ("PIP_CACHE_DIR", "UV_CACHE_DIR", "npm_config_cache", "XDG_CACHE_HOME")
# Typst sets the pages of a print edition that was written before; a process of its own, since it remembers its work.
COMPOSE = """
import sys, typst
from aleppo.bookkit import assets
from aleppo.bookkit.printing.fonts import choose_fonts
fonts = choose_fonts(assets.font_dirs())
source, root = sys.argv[1:]
typst.compile(source, root=root, font_paths=fonts.folders, ignore_system_fonts=True, sys_inputs=fonts.inputs(),
              pdf_standards=["ua-1"])
"""
FULL_BUNDLE = "plotly/package_data/plotly.min.js"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("output", type=Path, nargs="?", default=RESULTS / "book.json")
    arguments.add_argument("--runs", type=int, default=5)
    given = arguments.parse_args()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        for measured in measure(Path(folder), given.runs):
            # an hour's work: each row is kept as it comes
            rows.append(measured)
            write("book", rows, given.output, runs=given.runs)


def measure(folder: Path, runs: int) -> Iterator[Row]:
    """Every row of the book's, in the order of the table."""
    ours, stock = copy_of_the_book(folder / "ours"), copy_of_the_book(folder / "stock")
    use_stock_execution(stock)
    first = median(from_nothing(folder / "bare"), runs)
    yield row("a bare clone to HTML, PDF and EPUB, downloads included", first, "s", at_most=FIRST_LIMIT)
    yield row("HTML, PDF and EPUB from stored outputs, cold", median(force(ours), runs), "s")
    yield from print_edition(ours, folder, runs)
    yield from against_jupyter_book(ours, stock, runs)
    all_at_once = median(command(ours, "aleppo", "run", "--all"), runs)
    one_by_one = median(command(ours, "aleppo", "run", "--all", "--jobs", "1"), runs)
    yield row("all notebooks executed", all_at_once, "s", one_by_one, "one kernel after another", 0.6)
    yield from sizes(ours / "_build" / "html")


def force(book: Path, *options: str) -> Callable[[], None]:
    """The whole book anew, whatever stands there."""
    return command(book, "aleppo", "book", "--force", *options)


def print_edition(book: Path, folder: Path, runs: int) -> Iterator[Row]:
    """The PDF by itself, beside the one of Jupyter Book's own LaTeX builder where there is TeX."""
    made, latex = folder / "print", folder / "latex"
    ours = command(
        book, "python", "-m", "aleppo.bookkit.sphinx_run", str(book), str(made / "pdf"), "typstpdf"
    )
    theirs = command(book, "jupyter-book", "build", ".", "--builder", "pdflatex", "--path-output", str(latex))
    pdf = median(ours, runs, before=lambda: shutil.rmtree(made, ignore_errors=True))
    by_latex, than = None, ""
    if shutil.which("latexmk"):
        by_latex = median(theirs, runs, before=lambda: shutil.rmtree(latex, ignore_errors=True))
        than = "`make latex`, with TeX installed"
    yield row("PDF from stored outputs, cold, by itself", pdf, "s", by_latex, than, limit=PDF_LIMIT)
    written = next((made / "pdf" / "typst").glob("the-turn-*.typ"))
    composing = command(book, "python", "-c", COMPOSE, str(written), str(written.parent))
    yield row("of that, Typst setting the pages", median(composing, runs), "s")


def against_jupyter_book(ours: Path, stock: Path, runs: int) -> Iterator[Row]:
    """The pages cold, and with nothing changed; leaves ``ours`` built."""
    jupyter_book = command(stock, "jupyter-book", "build", ".")
    cold = median(force(ours, "--html-only"), runs)
    stock_cold = median(
        jupyter_book, runs, before=lambda: shutil.rmtree(stock / "_build", ignore_errors=True)
    )
    than = "`jupyter-book build`, executing, cold cache"
    yield row("HTML from stored outputs, cold", cold, "s", stock_cold, than, 0.35)
    force(ours)()
    again, stock_again = median(command(ours, "aleppo", "book"), runs), median(jupyter_book, runs)
    than = "`jupyter-book build`, no change"
    yield row("`make book` with nothing changed", again, "s", stock_again, than, 1)


def from_nothing(folder: Path) -> Callable[[], None]:
    """`make book` in a clone of this commit, with nothing fetched before."""

    def run() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder / "book")], check=True)
        settings = {
            name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")
        }
        settings |= {name: str(folder / name) for name in CACHES}
        python = Path(sys.base_prefix) / "bin" / "python3"
        done = subprocess.run(
            ["make", "book", f"PYTHON={python}"],
            cwd=folder / "book",
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"make book failed in a bare clone:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    return run


def sizes(html: Path) -> list[Row]:
    """Packed sizes, kB: the heaviest chapter with its figures' data, the plotly bundle, and the index of the search."""
    chapters = {page.stem: packed(page) for page in sorted((html / "notebooks").glob("*.html"))}
    heaviest = max(chapters, key=chapters.__getitem__)
    bundle = next(html.glob("_static/**/plotly*.js"))
    whole = next(Path(sys.prefix).glob(f"lib/python*/site-packages/{FULL_BUNDLE}"))
    return [
        row(f"heaviest chapter page, packed ({heaviest})", chapters[heaviest], "kB", at_most=150),
        row("plotly, packed, once per book", packed(bundle), "kB", packed(whole), "the whole plotly.js"),
        row(
            "index of the search, packed, when somebody searches",
            packed(html / "_static" / "aleppo-search-index.js"),
            "kB",
            at_most=150,
        ),
    ]


def packed(path: Path) -> float:
    return len(gzip.compress(path.read_bytes(), 9, mtime=0)) / 1000


def copy_of_the_book(target: Path) -> Path:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, target / name)
    return target


def use_stock_execution(book: Path) -> None:
    """The same book as Jupyter Book makes it by itself: it executes the notebooks, and caches what they gave."""
    config = book / "_config.yml"
    config.write_text(re.sub(r'execute_notebooks: "off"', "execute_notebooks: cache", config.read_text()))


def command(book: Path, *words: str) -> Callable[[], None]:
    # The copy's own package, ahead of the one that is installed.
    settings = {
        **os.environ,
        "PYTHONPATH": str(book / "src"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }

    def run() -> None:
        done = subprocess.run(
            [BIN / words[0], *words[1:]], cwd=book, env=settings, capture_output=True, text=True, check=False
        )
        if done.returncode:
            sys.exit(f"{' '.join(words)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")

    return run


def median(run: Callable[[], None], runs: int, before: Callable[[], object] | None = None) -> float:
    taken = []
    for _ in range(runs):
        if before:
            before()
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
