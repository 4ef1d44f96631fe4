"""What a run of Sphinx over a small book catches, and that it gives the same bytes twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from small_notebooks import markdown, write_notebook

from aleppo.bookkit.build import COLOUR, builder_command
from aleppo.bookkit.environment import inherited

CONFIG = """
title: A small book
only_build_toc_files: true
execute:
  execute_notebooks: "off"
latex:
  use_jupyterbook_latex: false
sphinx:
  config:
    extensions: [myst_nb, jupyter_book, sphinx_comments, sphinx_external_toc, sphinx_design, sphinx_book_theme,
                 sphinx_multitoc_numbering, aleppo.bookkit.trees]
    html_theme_options: {navbar_persistent: []}
"""
CONTENTS = "format: jb-book\nroot: book/index\nchapters:\n  - file: book/one\n  - file: notebooks/two\n"


@pytest.fixture
def small_book(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "book").mkdir(parents=True)
    (root / "_config.yml").write_text(CONFIG)
    (root / "_toc.yml").write_text(CONTENTS)
    (root / "book" / "index.md").write_text("# Book\n\nWords.\n")
    (root / "book" / "one.md").write_text("# One\n\n[Two](../notebooks/two.ipynb)\n")
    write_notebook(root / "notebooks" / "two.ipynb", {**markdown("# Two"), "id": "two"})
    return root


ALONE = """
import sys
from pathlib import Path
from aleppo.bookkit import sphinx_run
sphinx_run.READERS = 1
sys.exit(sphinx_run.main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
"""


def sphinx(
    root: Path, output: Path, builder: str = "html", seed: str = "0", alone: bool = False
) -> subprocess.CompletedProcess[str]:
    output.parent.mkdir(parents=True, exist_ok=True)
    environment = {**inherited(), "PYTHONHASHSEED": seed, "SOURCE_DATE_EPOCH": "1795392000"}
    command = builder_command(root, output, builder)
    if alone:  # one process reads all pages
        command = [sys.executable, "-c", ALONE, *command[-3:]]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_is_run_by_this_interpreter(tmp_path: Path) -> None:
    assert builder_command(tmp_path, tmp_path / "html", "html")[0] == sys.executable


def test_a_sound_book_is_built_in_silence_and_the_same_twice(small_book: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a" / "html", tmp_path / "elsewhere" / "html"
    for place, seed in ((first, "0"), (second, "11")):
        done = sphinx(small_book, place, seed=seed)
        assert (done.returncode, done.stderr) == (0, "")
    assert Path("index.html") in files(first)
    assert files(first) == files(second)


def files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_pages_read_by_two_processes_make_the_same_book_as_by_one(small_book: Path, tmp_path: Path) -> None:
    names = [f"more-{number}" for number in range(8)]  # with a few pages Sphinx takes but one process
    for name in names:
        (small_book / "book" / f"{name}.md").write_text(
            f"# {name}\n\n(at-{name})=\n## Below\n\n[One](one.md)\n"
        )
    links = "\n".join(f"{{ref}}`at-{name}`" for name in names)
    (small_book / "book" / "one.md").write_text(f"# One\n\n{links}\n")
    listed = "".join(f"  - file: book/{name}\n" for name in names)
    numbered = CONTENTS.replace("chapters:", "options:\n  numbered: true\nchapters:")
    (small_book / "_toc.yml").write_text(numbered + listed)
    for place in ("alone/html", "at-once/html", "in-turn/trees", "in-turn/html"):
        done = sphinx(small_book, tmp_path / place, place.rpartition("/")[2], alone="alone" in place)
        assert (done.stderr, done.returncode) == ("", 0)
    alone, at_once, in_turn = (files(tmp_path / name / "html") for name in ("alone", "at-once", "in-turn"))
    assert alone == at_once == in_turn


def test_every_mistake_is_told_with_its_page_and_line(small_book: Path, tmp_path: Path) -> None:
    (small_book / "_config.yml").write_text(f"{CONFIG}\nlaunch_button: {{}}\n")
    (small_book / "book" / "index.md").write_text("# Book\n\nWords.\n\n{numref}`fig-nowhere`\n")
    (small_book / "book" / "one.md").write_text("# One\n\n### Too deep\n\n[Gone](gone.md)\n")
    (small_book / "book" / "lost.md").write_text("# Lost\n")
    (small_book / "book" / "_part.md").write_text("Words to include.\n")
    runs = [sphinx(small_book, tmp_path / "out" / builder, builder) for builder in ("trees", "html")]
    assert [done.returncode for done in runs] == [1, 1]
    said = "".join(done.stderr for done in runs)
    told = COLOUR.sub("", said).replace(f"{small_book}/", "").splitlines()
    for start in (
        "_config.yml: WARNING: unknown key launch_button",
        "book/lost.md: WARNING: not in _toc.yml",
        "book/index.md:5: WARNING: undefined label: 'fig-nowhere'",
        "book/one.md:3: WARNING: Non-consecutive header level increase; H1 to H3",
        "book/one.md:5: WARNING: 'myst' cross-reference target not found: 'gone.md'",
    ):
        assert any(line.startswith(start) for line in told), (start, told)
    assert not any("_part.md" in line for line in told)
