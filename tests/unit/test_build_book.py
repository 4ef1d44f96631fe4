"""The order of a build: what is refused, what is left behind, and when nothing is done."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_notebooks import code, loading, make_data, markdown, write_notebook

from aleppo.bookkit import build, current, execute, fingerprints
from aleppo.bookkit.fingerprints import Surroundings, record
from aleppo.evidence.errors import AleppoError

# A stand-in for Sphinx: it makes the files of a part, and does what the file `behaviour` beside it says.
BUILDER = """
import json, os, pathlib, sys
root, output, builder = map(pathlib.Path, sys.argv[1:])
wish = json.loads((root / "behaviour").read_text()).get(str(builder), {})
with (root / "calls").open("a") as calls:
    stamped = (root / "_build" / "book.json").exists()
    calls.write(f"{builder} {os.environ['SOURCE_DATE_EPOCH']} {stamped}\\n")
sys.stderr.write(wish.get("says", ""))
output.mkdir()
makes = {"trees": "nothing", "html": "index.html", "typstpdf": "print.pdf", "bookepub": "print.epub"}
for name in wish.get("makes", [makes[str(builder)]]):
    (output / name).write_text("new")
sys.exit(wish.get("code", 0))
"""


class Project:
    """A small book in a folder of its own, with a stand-in for the builders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.messages: list[str] = []
        (root / "book").mkdir()
        (root / "book" / "index.md").write_text("# Book\n")
        (root / "src" / "aleppo").mkdir(parents=True)
        (root / "src" / "aleppo" / "module.py").write_text("x = 1\n")
        (root / "builder.py").write_text(BUILDER)
        for name in ("_config.yml", "_toc.yml", "requirements.lock"):
            (root / name).write_text("a: 1\n")
        (root / "CHANGELOG.md").write_text("# Changes\n\n## 0.2.0 (2026-11-23)\n\n## 0.1.0 (2025-01-01)\n")
        self.notebook = write_notebook(
            root / "notebooks" / "one.ipynb", markdown("# One"), code("1", execution_count=1)
        )
        self.behave()
        make_data(root / "data")
        self.stamp_notebook()

    def stamp_notebook(self) -> None:
        content = json.loads(self.notebook.read_text())
        content["metadata"]["aleppo"] = record(content, ["places"], Surroundings.here())
        self.notebook.write_text(json.dumps(content))

    def behave(self, **parts: dict[str, object]) -> None:
        (self.root / "behaviour").write_text(json.dumps(parts))

    def calls(self) -> list[str]:
        file = self.root / "calls"
        return file.read_text().splitlines() if file.exists() else []

    def begun(self) -> list[str]:
        return [call.split()[0] for call in self.calls()]

    def book(self, **options: object) -> current.Built:
        return build.book(say=self.messages.append, **options)  # type: ignore[arg-type]

    @property
    def stamp(self) -> Path:
        return self.root / "_build" / "book.json"

    @property
    def html(self) -> Path:
        return self.root / "_build" / "html" / "index.html"

    @property
    def pdf(self) -> Path:
        return self.root / "_build" / "pdf" / "the-turn-at-aleppo.pdf"

    @property
    def epub(self) -> Path:
        return self.root / "_build" / "epub" / "the-turn-at-aleppo.epub"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("ALEPPO_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.chdir(tmp_path)
    for module in (build, execute, fingerprints):
        monkeypatch.setattr(module, "repository", lambda: tmp_path)
    monkeypatch.setattr("aleppo.show.stills.stale", lambda notebooks: [])
    monkeypatch.setattr("aleppo.claims.ledger.evaluate", list)
    monkeypatch.setattr("aleppo.claims.ledger.committed", lambda data: [])
    command = [sys.executable, str(tmp_path / "builder.py")]
    monkeypatch.setattr(build, "builder_command", lambda *words: [*command, *map(str, words)])
    (tmp_path / "data").mkdir()
    return Project(tmp_path)


def test_a_build_leaves_all_editions_and_says_where_they_are(project: Project) -> None:
    made = project.book()
    assert (made.html, made.pdf, made.epub) == (project.html, project.pdf, project.epub)
    assert project.html.read_text() == project.pdf.read_text() == project.epub.read_text() == "new"
    assert made.seconds > 0


def test_nothing_else_is_left_beside_them(project: Project) -> None:
    project.book()
    assert {path.name for path in (project.root / "_build").iterdir()} == {
        ".lock",
        "book.json",
        "epub",
        "html",
        "pdf",
    }


def test_a_second_build_does_nothing(project: Project) -> None:
    project.book()
    calls = project.calls()
    again = project.book()
    assert (again.html, again.pdf, again.epub, again.seconds) == (
        project.html,
        project.pdf,
        project.epub,
        0.0,
    )
    assert project.calls() == calls


def test_a_forced_build_builds_again(project: Project) -> None:
    project.book()
    project.book(force=True)
    assert len(project.calls()) == 8


CHANGES: dict[str, Callable[[Project], object]] = {
    "a page": lambda p: (p.root / "book" / "index.md").write_text("# Other\n"),
    "a new picture": lambda p: (p.root / "book" / "new.svg").write_text("<svg/>"),
    "the prose of a notebook": lambda p: p.notebook.write_text(
        p.notebook.read_text().replace("# One", "# Two")
    ),
    "a table": lambda p: (p.root / "data" / "evidence" / "events.csv").write_text("key,value\n"),
    "a sidecar": lambda p: (p.root / "data" / "evidence" / "events.yml").write_text("title: Other\n"),
    "the package": lambda p: (p.root / "src" / "aleppo" / "module.py").write_text("x = 2\n"),
    "the settings": lambda p: (p.root / "_config.yml").write_text("a: 2\n"),
    "the contents": lambda p: (p.root / "_toc.yml").write_text("a: 2\n"),
    "the lock": lambda p: (p.root / "requirements.lock").write_text("a: 2\n"),
    "the release": lambda p: (p.root / "CHANGELOG.md").write_text("## 0.3.0 (2026-12-24)\n"),
    "a built page that was lost": lambda p: p.html.unlink(),
    "a built page that was cut": lambda p: p.html.write_text(""),
    "a PDF that was lost": lambda p: p.pdf.unlink(),
    "an EPUB that was lost": lambda p: p.epub.unlink(),
    "a spoilt stamp": lambda p: p.stamp.write_text("{"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_book_is_no_longer_current_after_a_change_of(
    change: Callable[[Project], object], project: Project
) -> None:
    project.book()
    assert current.built(project.root) is not None
    change(project)
    assert current.built(project.root) is None


def test_dates_of_files_do_not_count(project: Project) -> None:
    project.book()
    os.utime(project.root / "book" / "index.md", (0, 0))
    assert current.built(project.root) is not None


def test_a_page_saved_with_its_old_date_and_size_counts(project: Project) -> None:
    page = project.root / "book" / "index.md"
    before = page.stat()
    project.book()
    page.write_text("# Bork\n")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert page.stat().st_size == before.st_size
    assert current.built(project.root) is None


def test_html_alone_does_not_pass_for_the_whole_book(project: Project) -> None:
    made = project.book(html_only=True)
    assert made.pdf is None and made.epub is None
    assert current.built(project.root, html_only=True) is not None
    assert current.built(project.root) is None
    assert project.begun() == ["html"]


def test_the_dates_in_the_book_are_those_of_the_newest_release(project: Project) -> None:
    project.book()
    assert {call.split()[1] for call in project.calls()} == {"1795392000"}


def test_the_readers_own_epoch_comes_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "7")
    project.book()
    assert {call.split()[1] for call in project.calls()} == {"7"}


def test_a_changelog_without_a_dated_release_is_refused(project: Project) -> None:
    (project.root / "CHANGELOG.md").write_text("# Changes\n")
    with pytest.raises(AleppoError, match=r"CHANGELOG.md: expected a heading .* found none"):
        project.book()


def test_no_stamp_is_there_while_the_book_is_built(project: Project) -> None:
    project.book()
    project.book(force=True)
    assert {call.split()[2] for call in project.calls()} == {"False"}


WARNED = "\x1b[31m{root}/book/index.md:3: WARNING: unknown document: 'nowhere' [ref.doc]\x1b[39;49;00m\n"
FAULTS = {
    "a warning": (
        {"html": {"says": WARNED, "code": 1}},
        "html: book/index.md:3: WARNING: unknown document: 'nowhere' [ref.doc]",
    ),
    "a warning that a builder did not count": (
        {"typstpdf": {"says": "something odd\n"}},
        "pdf: something odd",
    ),
    "the same warning of two builders": (
        {"html": {"says": WARNED, "code": 1}, "typstpdf": {"says": WARNED, "code": 1}},
        "html+pdf: book/index.md:3: WARNING: unknown document: 'nowhere' [ref.doc]",
    ),
    "a warning while the pages are read, and one after that": (
        {"trees": {"says": WARNED, "code": 1}, "typstpdf": {"says": "something odd\n"}},
        "trees: book/index.md:3: WARNING: unknown document: 'nowhere' [ref.doc]\npdf: something odd",
    ),
    "a builder that fails in silence": ({"html": {"code": 3}}, "html: the builder ended with code 3"),
    "no first page": ({"html": {"makes": ["other.html"]}}, "html: the builder ended without index.html"),
    "no PDF": ({"typstpdf": {"makes": ["print.typ"]}}, "pdf: the builder ended without a PDF"),
    "no EPUB": ({"bookepub": {"makes": ["mimetype"]}}, "epub: the builder ended without an EPUB"),
    "a warning of the last builder": ({"bookepub": {"says": "odd\n"}}, "epub: odd"),
}


@pytest.mark.parametrize(("behaviour", "message"), FAULTS.values(), ids=FAULTS)
def test_a_build_is_refused_for(behaviour: dict, message: str, project: Project) -> None:
    project.book()
    text = json.dumps(behaviour).replace("{root}", str(project.root))
    (project.root / "behaviour").write_text(text)
    with pytest.raises(AleppoError) as caught:
        project.book(force=True)
    assert str(caught.value) == message
    assert current.built(project.root) is None
    assert not project.stamp.exists()


def test_a_builder_that_ends_on_a_full_disk_says_so(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.behave(html={"code": 1})
    monkeypatch.setattr(build.shutil, "disk_usage", lambda _: SimpleNamespace(free=0))
    with pytest.raises(AleppoError, match=r"ended with code 1 \(No space left on device\)"):
        project.book()


def test_a_refused_build_leaves_the_old_pages_and_no_half_built_ones(project: Project) -> None:
    project.book()
    project.html.write_text("old")
    project.behave(typstpdf={"says": "odd\n"})
    with pytest.raises(AleppoError):
        project.book(force=True)
    assert project.html.read_text() == "old"
    assert {path.name for path in (project.root / "_build").iterdir()} == {".lock", "epub", "html", "pdf"}


def test_stale_notebooks_are_executed_before_the_book_is_built(project: Project) -> None:
    write_notebook(project.notebook, markdown("# One"), loading("places"))
    assert project.book().executed == 1
    assert fingerprints.check([project.notebook]) == []
    assert project.messages == ["executing 1 stale notebook", "building HTML, PDF and EPUB"]


def test_a_notebook_that_fails_stops_the_build(project: Project) -> None:
    write_notebook(project.notebook, "1 / 0")
    with pytest.raises(AleppoError, match="code cell 1: ZeroDivisionError"):
        project.book()
    assert project.calls() == []


def test_stale_notebooks_are_refused_when_they_are_not_to_be_executed(project: Project) -> None:
    (project.root / "data" / "evidence" / "places.csv").write_text("key,value\n")
    with pytest.raises(AleppoError) as caught:
        project.book(execute=False)
    assert str(caught.value) == (
        "notebooks/one.ipynb: data/evidence/places.csv changed\n1 notebook stale: run `aleppo run`"
    )
    assert project.calls() == []


def test_stale_stills_are_refused_with_the_command_that_redraws_them(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aleppo.show.stills.stale", lambda notebooks: ["book/figures/shares.svg: missing"])
    with pytest.raises(AleppoError) as caught:
        project.book()
    assert str(caught.value) == (
        "book/figures/shares.svg: missing\nredraw with `aleppo stills` (it needs a Chromium)"
    )
    assert project.calls() == []


def test_a_ledger_that_is_not_what_the_evidence_gives_is_refused_change_by_change(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {"claim": "F-01", "verdict": "supported"}
    monkeypatch.setattr("aleppo.claims.ledger.committed", lambda data: [old])
    monkeypatch.setattr("aleppo.claims.ledger.evaluate", lambda: [{**old, "verdict": "contested"}])
    with pytest.raises(AleppoError) as refusal:
        project.book()
    assert str(refusal.value) == (
        "F-01: verdict: supported → contested\n"
        "data/ledger.json: read the changes, then run `aleppo claims --accept`"
    )
    assert not project.calls()


def test_a_book_without_a_ledger_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def committed(data: Path) -> None:
        raise AleppoError(f"{data.name}/ledger.json: expected the ledger, found nothing there")

    monkeypatch.setattr("aleppo.claims.ledger.committed", committed)
    with pytest.raises(AleppoError, match="expected the ledger, found nothing there"):
        project.book()
    assert not project.calls()


def test_a_figure_typed_in_prose_is_refused_with_its_line(project: Project) -> None:
    (project.root / "book" / "index.md").write_text("# Book\n\nOf them 417 died.\n")
    with pytest.raises(AleppoError, match=r"book/index\.md:? ?(row|line)? ?3.*417"):
        project.book()
    assert not project.calls()


def test_a_second_build_at_once_waits_and_then_finds_the_book_current(project: Project) -> None:
    project.book()
    stamp = project.stamp.read_bytes()
    project.stamp.unlink()
    with (project.root / "_build" / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        made: list[current.Built] = []
        second = threading.Thread(target=lambda: made.append(project.book()))
        second.start()
        until = time.monotonic() + 20
        while len(project.messages) < 2 and time.monotonic() < until:
            time.sleep(0.01)
        assert project.messages[-1] == "another build of this book is running; waiting for it to end"
        project.stamp.write_bytes(stamp)
    second.join(timeout=20)
    assert [each.seconds for each in made] == [0.0]
    assert len(project.calls()) == 4


def test_the_pages_are_read_once_before_every_edition(project: Project) -> None:
    project.book()
    first, *editions = project.begun()
    assert first == "trees"
    assert sorted(editions) == ["bookepub", "html", "typstpdf"]


def test_no_edition_is_begun_where_the_pages_could_not_be_read(project: Project) -> None:
    project.behave(trees={"says": "odd\n", "code": 2})
    with pytest.raises(AleppoError, match=r"^trees: odd$"):
        project.book()
    assert project.begun() == ["trees"]


def test_every_edition_finds_the_document_trees_beside_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    places: dict[str, Path] = {}
    begin = build._begin

    def watched(root: Path, name: str, folder: Path, environment: dict[str, str]) -> object:
        places[name] = folder
        return begin(root, name, folder, environment)

    monkeypatch.setattr(build, "_begin", watched)
    project.book()
    assert set(places) == {"trees", "html", "pdf", "epub"}
    assert len(set(places.values())) == 1


def test_what_a_killed_build_left_is_cleared_away(project: Project) -> None:
    left = project.root / "_build" / f"{build.WORKSHOP}x" / "html"
    left.mkdir(parents=True)
    project.book()
    assert not left.parent.exists()


def test_a_build_that_dies_leaves_nothing_that_looks_finished(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.book()

    def die(*_: object) -> None:
        raise SystemExit(9)

    monkeypatch.setattr(build, "_put_in_place", die)
    with pytest.raises(SystemExit):
        project.book(force=True)
    assert current.built(project.root) is None


def test_recognising_a_current_book_imports_nothing_heavy() -> None:
    heavy = [
        "pandas",
        "numpy",
        "plotly",
        "sphinx",
        "nbclient",
        "nbformat",
        "rich",
        "aleppo.evidence",
        "aleppo.show",
    ]
    asked = f"import sys; import aleppo.bookkit.current; print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "[]"
