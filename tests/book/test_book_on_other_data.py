"""The whole book on other data, and the replication guide's worked example as a reader would type it.

Both take as long as a book takes to build; ``-m "not slow"`` leaves them out.
"""

from __future__ import annotations

import csv
import hashlib
import html
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aleppo.bookkit import current
from aleppo.bookkit.absent import NOT_AVAILABLE
from aleppo.bookkit.current import BUILD, TITLE, workplace
from aleppo.bookkit.fingerprints import find_notebooks, read_notebook
from aleppo.cli import commands
from aleppo.evidence.manifest import write_sidecars
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.tables import TABLES
from book_prose import fenced, shown
from made_release import write_release

pytestmark = pytest.mark.slow

GUIDE, EXAMPLE = "book/replication.md", "Swap in your own export"
CHANGED, MISSING = "vdc_deaths_weekly", "ucdp_ged_monthly"
PATIENCE = 1800
GLUED = "application/papermill.record/text/plain"


def listing(folder: Path, *without: str) -> dict[str, str]:
    """Path → hash of every file below ``folder`` but for the folders ``without``."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {*without, "__pycache__"} & set(path.relative_to(folder).parts)
    }


def glued(notebook: Path) -> dict[str, str]:
    """Key → number that a notebook gives to the prose."""
    found = {}
    for cell in read_notebook(notebook)["cells"]:
        for output in cell.get("outputs", []):
            name = output.get("metadata", {}).get("scrapbook", {}).get("name")
            if name and GLUED in output["data"]:
                found[name] = "".join(output["data"][GLUED]).strip("'")
    return found


def loads(notebook: Path) -> list[str]:
    record: dict[str, Any] = read_notebook(notebook)["metadata"].get("aleppo", {})
    return list(record.get("loads", []))


def text_of(page: Path) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.read_text(encoding="utf-8"))).split())


# --- a changed series and a missing table --------------------------------------------------------------------


@dataclass(frozen=True)
class OtherBook:
    """A book on data with one changed and one missing series, and what the commands said."""

    place: Path
    data: Path
    said: str
    verified: str

    def page(self, name: str) -> str:
        return text_of(self.place / "_build" / "html" / f"{name}.html")


def aleppo(*words: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != DATA_VARIABLE}
    if data is not None:
        environment[DATA_VARIABLE] = str(data)
    command = [sys.executable, "-c", "from aleppo.cli import main; raise SystemExit(main())", *words]
    return subprocess.run(
        command,
        cwd=repository(),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def git_status() -> str:
    command = ["git", "status", "--porcelain", "--untracked-files=all"]
    done = subprocess.run(command, cwd=repository(), capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


# Written by git, by builds, and by tests that run beside these
NOT_THE_BOOK = (".git", "_build", ".venv", ".hypothesis", ".pytest_cache")


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherBook]:
    data = tmp_path_factory.mktemp("other") / "thinner-data"
    shutil.copytree(repository() / "data", data)
    path = data / TABLES[CHANGED].path
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["governorate"] == "SY02" and row["week"] >= "2015-09-28":
            row["deaths"] = str(2 * int(row["deaths"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    for beside in (data / TABLES[MISSING].path).parent.glob(f"{MISSING}.*"):
        beside.unlink()
    write_sidecars(data)
    sealed, status = listing(data), git_status()
    stored = listing(repository(), *NOT_THE_BOOK)
    place = workplace(repository(), data)
    try:
        done = aleppo("book", "--html-only", data=data)
        assert done.returncode == 0, done.stderr
        verified = aleppo("verify", str(data))
        assert verified.returncode == 0, verified.stderr
        yield OtherBook(place, data, done.stdout + done.stderr, verified.stdout)
        assert listing(data) == sealed, "the data folder was written to"
        assert listing(repository(), *NOT_THE_BOOK) == stored, "the repository was written to"
        assert git_status() == status
    finally:
        shutil.rmtree(place, ignore_errors=True)


def test_the_book_lies_apart_from_the_published_one(other: OtherBook) -> None:
    assert other.place.is_relative_to(repository() / "_build" / "other-data")
    assert (other.place / "_build" / "html" / "index.html").is_file()


def test_other_numbers_are_computed_and_printed(other: OtherBook) -> None:
    name = "notebooks/recorded-deaths.ipynb"
    published, here = glued(repository() / name), glued(other.place / name)
    changed = [key for key in published if published[key] != here.get(key)]
    assert "ratio-highest" in changed
    assert here["ratio-highest"] in other.page("book/index")
    assert published["ratio-highest"] != here["ratio-highest"]


def test_every_chapter_that_needs_the_missing_table_says_so_and_no_other_does(other: OtherBook) -> None:
    need = {path.stem for path in find_notebooks() if MISSING in loads(path)}
    assert need, "no chapter loads the table any more: take another one for this test"
    for path in find_notebooks():
        words = other.page(f"notebooks/{path.stem}")
        assert ("Not available with these data" in words and MISSING in words) == (path.stem in need), (
            path.stem
        )
        if path.stem in need:
            assert f"{path.stem}: the data have no {MISSING}; its page says so" in other.said


def test_what_other_pages_quote_from_an_absent_chapter_is_worded(other: OtherBook) -> None:
    assert NOT_AVAILABLE in other.page("book/vintages")
    assert MISSING in other.page("book/vintages")


def test_every_page_says_that_it_is_not_the_published_book(other: OtherBook) -> None:
    for path in find_notebooks():
        assert "this is not the published book" in other.page(f"notebooks/{path.stem}")
    assert f"on other data ({other.data.name})" in other.page("book/data")


def test_the_book_and_verify_say_what_differs(other: OtherBook) -> None:
    words = other.page("book/vintages")
    for said in (other.verified, words):
        assert re.search(rf"{CHANGED}\W.*?0 rows added, 0 removed, \d+ changed; deaths [\d,]+ ->", said)
    assert f"absent: {MISSING} (" in other.verified
    assert "data verified" in other.verified


def test_a_second_build_finds_the_book_there(other: OtherBook) -> None:
    done = aleppo("book", "--html-only", data=other.data)
    assert done.returncode == 0, done.stderr
    assert "nothing changed since it was built" in done.stdout


# --- the worked example of the replication guide -------------------------------------------------------------

ACTIVATE = 'PATH="{tools}:$PATH"\nexport PATH\n'
COMMAND = '#!/bin/sh\nexec "{python}" -c "from aleppo.cli import main; raise SystemExit(main())" "$@"\n'
MAKE = '#!/bin/sh\nexec aleppo "$@"\n'


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the made-up release in the downloads, and commands in place of an environment.

    ``make book`` would set up an environment first; here it is only the command that it then runs.
    """
    home = tmp_path_factory.mktemp("home")
    root = home / "book"
    left_out = shutil.ignore_patterns(
        ".git", "_build", ".venv", "node_modules", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(repository(), root, ignore=left_out)
    tools = root / ".venv" / "bin"
    tools.mkdir(parents=True)
    for name, script in {"aleppo": COMMAND.format(python=sys.executable), "make": MAKE}.items():
        (tools / name).write_text(script, encoding="utf-8")
        (tools / name).chmod((tools / name).stat().st_mode | stat.S_IXUSR)
    (tools / "activate").write_text(ACTIVATE.format(tools=tools), encoding="utf-8")
    take_the_book_along(root)
    write_release(home / "Downloads")
    return root


def take_the_book_along(root: Path) -> None:
    """Put the book of this repository, if it was built, where the copy at ``root`` would have built it."""
    if current.built() is None:
        return
    for part in (*current.PARTS, "kept"):
        if (repository() / BUILD / part).is_dir():
            shutil.copytree(repository() / BUILD / part, root / BUILD / part)
    stamp = current.stamp(root, current.inputs_digest(root), list(current.PARTS))
    (root / BUILD / current.STAMP).write_text(stamp, encoding="utf-8")


def typed(root: Path, script: str) -> str:
    """What a shell prints that runs the commands ``script`` in the copy; each must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != DATA_VARIABLE}
    environment |= {"HOME": str(root.parent), "PYTHONPATH": str(root / "src")}
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_the_worked_example_does_and_says_what_the_guide_shows(checkout: Path) -> None:
    take_in, build, go_back = fenced(GUIDE, "bash", EXAMPLE)
    after_ingest, after_verify, after_build = fenced(GUIDE, "text", EXAMPLE)
    activate = take_in.split("\n")[0]
    before = listing(checkout, "_build")
    shown(typed(checkout, take_in), after_ingest)
    said = typed(checkout, f"{activate}\n{build}")
    shown(said, after_verify)
    shown(said, after_build)
    (place,) = (checkout / "_build" / "other-data").iterdir()
    assert (place / "_build" / "pdf" / f"{TITLE}.pdf").stat().st_size > 50_000
    page = text_of(place / "_build" / "html" / "book" / "vintages.html")
    assert "3 rows added, 0 removed, 33 changed" in page
    assert "GEDEvent_v26_1.csv" in text_of(place / "_build" / "html" / "book" / "data.html")
    assert listing(checkout, "_build") == before
    there = current.built() is not None
    again = typed(checkout, f"{activate}\n{go_back}")
    assert ("nothing changed since it was built" if there else "the book is built in") in again
    assert not (checkout / "_build" / "other-data").exists()
    assert not (checkout.parent / "my-data").exists()
    assert (checkout / "_build" / "html" / "index.html").is_file()


def test_rows_of_ones_own_are_added_as_the_guide_says(checkout: Path) -> None:
    mine = checkout.parent / "rows"
    shutil.copytree(checkout / "data", mine)
    for table, cells in {
        "sources": {
            "source_id": "zz-2027-made-up",
            "title": "Made up",
            "publisher": "Nobody",
            "read": "original",
        }
        | {"url": "https://example.org/", "type": "news", "language": "en"},
        "towns": {
            "town_id": "T-ZZ-MADE-UP",
            "name_en": "Nowhere",
            "governorate": "SY02",
            "lat": "36.0",
            "lon": "37.0",
        },
    }.items():
        path = mine / TABLES[table].path
        columns = TABLES[table].column_names
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow([cells.get(name, "") for name in columns])
    (script,) = (block for block in fenced(GUIDE, "sh") if "sidecars" in block)
    done = subprocess.run(
        ["sh", "-c", f". .venv/bin/activate\n{script}".replace("../my-data", "../rows")],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    # a town without a spell is a fault, told in a line: the guide says that rows that do not fit are refused
    assert "wrote" in done.stdout
    assert "T-ZZ-MADE-UP" in done.stdout + done.stderr
    assert json.loads((mine / "datapackage.json").read_text(encoding="utf-8"))


def test_every_other_command_of_the_guide_exists() -> None:
    lines = [line for block in fenced(GUIDE, "sh") for line in block.splitlines() if "aleppo " in line]
    assert lines
    for line in lines:
        words = line.partition("aleppo ")[2].split()
        command = commands.get_command(None, words[0])  # type: ignore[arg-type]
        assert command is not None, line
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words[1:] if word.startswith("--")} <= known, line
