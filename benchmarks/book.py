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
from collections.abc import Callable
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
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(Path(folder), given.runs)
    write("book", rows, given.output, runs=given.runs)


def measure(folder: Path, runs: int) -> list[Row]:
    ours, stock = copy_of_the_book(folder / "ours"), copy_of_the_book(folder / "stock")
    use_stock_execution(stock)
    book = command(ours, "aleppo", "book", "--force")
    html = command(ours, "aleppo", "book", "--html-only", "--force")
    again = command(ours, "aleppo", "book")
    jupyter_book = command(stock, "jupyter-book", "build", ".")
    print_edition = command(
        ours,
        "python",
        "-m",
        "aleppo.bookkit.sphinx_run",
        str(ours),
        str(folder / "print" / "pdf"),
        "typstpdf",
    )
    latex = command(
        ours, "jupyter-book", "build", ".", "--builder", "pdflatex", "--path-output", str(folder / "latex")
    )
    run_all = command(ours, "aleppo", "run", "--all")
    one_by_one = command(ours, "aleppo", "run", "--all", "--jobs", "1")

    first = median(from_nothing(folder / "bare"), runs)
    both = median(book, runs)
    pdf = median(print_edition, runs, before=lambda: shutil.rmtree(folder / "print", ignore_errors=True))
    written = next((folder / "print" / "pdf" / "typst").glob("the-turn-*.typ"))
    composing = median(command(ours, "python", "-c", COMPOSE, str(written), str(written.parent)), runs)
    by_latex = (
        median(latex, runs, before=lambda: shutil.rmtree(folder / "latex", ignore_errors=True))
        if shutil.which("latexmk")
        else None
    )
    cold = median(html, runs)
    stock_cold = median(
        jupyter_book, runs, before=lambda: shutil.rmtree(stock / "_build", ignore_errors=True)
    )
    book()
    unchanged, stock_unchanged = median(again, runs), median(jupyter_book, runs)
    executed, converted = median(run_all, runs), median(one_by_one, runs)
    return [
        row("a bare clone to HTML, PDF and EPUB, downloads included", first, "s", at_most=FIRST_LIMIT),
        row("HTML, PDF and EPUB from stored outputs, cold", both, "s"),
        row(
            "PDF from stored outputs, cold, by itself",
            pdf,
            "s",
            by_latex,
            "`make latex`, with TeX installed" if by_latex else "",
            limit=PDF_LIMIT,
        ),
        row("of that, Typst setting the pages", composing, "s"),
        row(
            "HTML from stored outputs, cold",
            cold,
            "s",
            stock_cold,
            "`jupyter-book build`, executing, cold cache",
            0.35,
        ),
        row(
            "`make book` with nothing changed",
            unchanged,
            "s",
            stock_unchanged,
            "`jupyter-book build`, no change",
            1,
        ),
        row("all notebooks executed", executed, "s", converted, "one kernel after another", 0.6),
        *sizes(ours / "_build" / "html"),
    ]


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
