"""What executing notebooks leaves behind, in real kernels."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from small_notebooks import code, loading, make_data, markdown, write_notebook

from aleppo.bookkit.execute import Durations, Executed, Step, run
from aleppo.bookkit.fingerprints import check, read_notebook
from aleppo.evidence.errors import AleppoError

PLOTLY = "application/vnd.plotly.v1+json"
ABOUT = {
    "id": "shares",
    "title": "Half was held",
    "caption": "Shares by day.",
    "alt": "A line.",
    "sources": ["someone-2016-report"],
    "tables": ["places"],
    "vintage": "2026-11-23",
}


def figure(**changes: object) -> str:
    """A cell that shows a figure of the book."""
    payload = {"data": [], "layout": {"meta": {"aleppo": {**ABOUT, **changes}}}, "config": {}}
    bundle = {PLOTLY: payload, "text/plain": "A line."}
    return f"from IPython.display import display\ndisplay({bundle!r}, raw=True)"


GOOD = {
    "tidy": [
        markdown("# Tidy"),
        'print({"one", "two", "three", "four"})',
        "sum([0.1] * 3)",
        loading("deaths", "places", "deaths"),
        code("", metadata={"tags": ["empty"]}),
        code("1 + 1", metadata={"execution": {"iopub": "2020"}, "collapsed": True, "tags": ["kept"]}),
    ],
    "figures": [
        loading("places"),
        figure(),
        code("2", metadata={"mystnb": {"figure": {"name": "fig-gone", "caption": "Old."}}}),
    ],
    "surroundings": [
        "import os, sys\n(os.environ['TZ'], os.environ['PYTHONHASHSEED'], os.path.basename(os.getcwd()))",
        "sys.executable",
    ],
}
BAD = {
    "raises": ["1", "def halve(x):\n    return x / 0\nhalve(1)"],
    "warns": ["import warnings", "warnings.warn('old')"],
    "broken": ["a ="],
    "dies": ["import os, sys\nprint('no more room', file=sys.__stderr__, flush=True)\nos._exit(3)"],
    "loads-nothing-there": [loading("nothing")],
    "two-figures": [loading("places"), f"{figure()}\n{figure(id='other')}"],
    "unread-table": [figure(tables=["events"])],
    "other-kernel": ["1"],
}


@dataclass
class Outcome:
    """A folder of notebooks after one run of all of them."""

    folder: Path
    before: dict[str, bytes]
    message: str
    stale: set[str]
    steps: list[Step] = field(default_factory=list)

    def notebook(self, name: str) -> dict:
        return read_notebook(self.folder / f"{name}.ipynb")

    def outputs(self, name: str, number: int) -> list[dict]:
        return [c for c in self.notebook(name)["cells"] if c["cell_type"] == "code"][number - 1]["outputs"]

    def line(self, name: str) -> str:
        [line] = [each for each in self.message.splitlines() if f"/{name}.ipynb: " in each]
        return line.partition(".ipynb: ")[2]


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcome]:
    root = tmp_path_factory.mktemp("run")
    folder = root / "notebooks"
    for name, cells in {**GOOD, **BAD}.items():
        write_notebook(folder / f"{name}.ipynb", *cells)
    odd = json.loads((folder / "other-kernel.ipynb").read_text())
    odd["metadata"] = {"kernelspec": {"name": "ir"}}
    (folder / "other-kernel.ipynb").write_text(json.dumps(odd))
    before = {path.stem: path.read_bytes() for path in folder.glob("*.ipynb")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ALEPPO_DATA", str(make_data(root / "data")))
        patch.setenv("TZ", "Asia/Damascus")
        steps: list[Step] = []
        with pytest.raises(AleppoError) as caught:
            run(folder.glob("*.ipynb"), progress=steps.append, history=root / "build" / "execution.json")
        stale = {each.notebook.stem for each in check(folder.glob("*.ipynb"))}
        yield Outcome(folder, before, str(caught.value), stale, steps)


def test_notebooks_that_run_are_written_although_others_fail(outcome: Outcome) -> None:
    assert outcome.stale == set(BAD)


@pytest.mark.parametrize("name", BAD)
def test_a_notebook_that_fails_is_left_as_it_was(name: str, outcome: Outcome) -> None:
    assert (outcome.folder / f"{name}.ipynb").read_bytes() == outcome.before[name]


def test_nothing_else_is_left_in_the_folder(outcome: Outcome) -> None:
    assert {path.name for path in outcome.folder.iterdir()} == {f"{name}.ipynb" for name in outcome.before}


MESSAGES = {
    "raises": "code cell 2: ZeroDivisionError: division by zero (line 2: return x / 0)",
    "warns": "code cell 2: expected a quiet cell, found line 1: UserWarning: old warnings.warn('old')",
    "broken": "code cell 1: SyntaxError: invalid syntax (line 1)",
    "dies": "code cell 1: the kernel ended (no more room)",
    "two-figures": "code cell 2: expected one figure per cell, found 2",
    "unread-table": "code cell 1: expected the figure's tables to be loaded, found events not loaded",
    "other-kernel": "expected the kernel python3, found ir",
}


@pytest.mark.parametrize(("name", "message"), MESSAGES.items(), ids=MESSAGES)
def test_a_failure_is_one_line_with_its_cell_and_cause(name: str, message: str, outcome: Outcome) -> None:
    assert outcome.line(name) == message


def test_a_table_that_is_not_there_is_named(outcome: Outcome) -> None:
    assert outcome.line("loads-nothing-there").endswith(
        "data/*/nothing.csv: loaded by a notebook, found nothing there"
    )


def test_every_failure_is_told_once(outcome: Outcome) -> None:
    assert len(outcome.message.splitlines()) == len(BAD)


def test_the_tables_that_were_loaded_are_recorded_once_and_in_order(outcome: Outcome) -> None:
    assert outcome.notebook("tidy")["metadata"]["aleppo"]["loads"] == ["deaths", "places"]


def test_each_cell_that_has_code_has_its_number(outcome: Outcome) -> None:
    cells = [cell for cell in outcome.notebook("tidy")["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == [1, 2, 3, None, 4]


def test_what_varies_between_runs_and_machines_is_not_stored(outcome: Outcome) -> None:
    stored = outcome.notebook("tidy")
    assert stored["metadata"]["language_info"] == {
        "file_extension": ".py",
        "name": "python",
        "pygments_lexer": "ipython3",
    }
    assert stored["cells"][-1]["metadata"] == {"tags": ["kept"]}


def test_a_figure_gives_its_cell_a_name_and_a_caption(outcome: Outcome) -> None:
    book = outcome.notebook("figures")["cells"][1]["metadata"]["mystnb"]["figure"]
    assert book["name"] == "fig-shares"
    assert "Half was held" in book["caption"]


def test_a_cell_that_shows_no_figure_any_more_loses_its_caption(outcome: Outcome) -> None:
    assert outcome.notebook("figures")["cells"][2]["metadata"] == {}


def test_a_kernel_runs_in_the_folder_of_its_notebook_with_fixed_settings(outcome: Outcome) -> None:
    assert outcome.outputs("surroundings", 1)[0]["data"]["text/plain"] == ["('UTC', '0', 'notebooks')"]


def test_a_kernel_runs_on_the_interpreter_of_the_book(outcome: Outcome) -> None:
    assert outcome.outputs("surroundings", 2)[0]["data"]["text/plain"] == [repr(sys.executable)]


def test_progress_tells_every_start_cell_and_end(outcome: Outcome) -> None:
    tidy = [(step.event, step.done) for step in outcome.steps if step.notebook.stem == "tidy"]
    assert tidy == [("start", 0), ("cell", 1), ("cell", 2), ("cell", 3), ("cell", 4), ("done", 4)]
    raises = [(step.event, step.done) for step in outcome.steps if step.notebook.stem == "raises"]
    assert raises == [("start", 0), ("cell", 1), ("failed", 1)]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ALEPPO_DATA", str(make_data(tmp_path / "data")))
    return tmp_path


def test_executing_again_leaves_the_same_bytes(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_notebook(project / "tidy.ipynb", *GOOD["tidy"], *GOOD["figures"])
    history = project / "history.json"
    [first] = run([path], history=history)
    once = path.read_bytes()
    monkeypatch.setenv("PYTHONHASHSEED", "42")
    monkeypatch.setenv("TZ", "Asia/Damascus")
    [second] = run([path], history=history, all=True)
    assert path.read_bytes() == once
    assert (first.changed, second.changed) == (True, False)


def test_a_current_notebook_is_executed_only_when_all_are_asked_for(project: Path) -> None:
    path = write_notebook(project / "one.ipynb", "1 + 1")
    history = project / "history.json"
    assert [each.notebook for each in run([path], history=history)] == [path]
    assert run([path], history=history) == []
    assert [each.notebook for each in run([path], history=history, all=True)] == [path]


def test_two_notebooks_run_side_by_side(project: Path) -> None:
    wait = (
        "import pathlib, time\n"
        "pathlib.Path('{mine}').touch()\n"
        "until = time.time() + 30\n"
        "while not pathlib.Path('{theirs}').exists() and time.time() < until: time.sleep(0.02)\n"
        "assert pathlib.Path('{theirs}').exists()"
    )
    one = write_notebook(project / "one.ipynb", wait.format(mine="a", theirs="b"))
    two = write_notebook(project / "two.ipynb", wait.format(mine="b", theirs="a"))
    assert len(run([one, two], jobs=2, history=project / "history.json")) == 2


def test_a_cell_that_takes_too_long_fails(project: Path) -> None:
    path = write_notebook(project / "slow.ipynb", "1", "import time; time.sleep(60)")
    with pytest.raises(AleppoError, match="code cell 2: ran longer than 1 s"):
        run([path], timeout=1, history=project / "history.json")


def test_a_notebook_edited_while_it_runs_is_not_overwritten(project: Path) -> None:
    path = project / "one.ipynb"
    write_notebook(path, f"open({str(path)!r}, 'a').write(' ')")
    with pytest.raises(AleppoError, match="was edited while it was executed; nothing was written"):
        run([path], history=project / "history.json")
    assert path.read_bytes().endswith(b" ")


def test_the_longest_notebook_starts_first_and_an_unknown_one_before_it(tmp_path: Path) -> None:
    durations = Durations(tmp_path / "execution.json")
    durations.keep([Executed(Path(f"{name}.ipynb"), s, (), False) for name, s in (("a", 1.0), ("b", 9.0))])
    again = Durations(tmp_path / "execution.json")
    paths = [Path("a.ipynb"), Path("b.ipynb"), Path("new.ipynb")]
    assert [path.stem for path in sorted(paths, key=again.longest_first)] == ["new", "b", "a"]


def test_a_spoilt_file_of_durations_is_no_obstacle(tmp_path: Path) -> None:
    file = tmp_path / "execution.json"
    file.write_text("[")
    assert Durations(file).seconds == {}


def test_less_than_one_job_is_refused() -> None:
    with pytest.raises(AleppoError, match="expected at least one job, found 0"):
        run([], jobs=0)


def test_ctrl_c_ends_with_130_and_leaves_neither_kernel_nor_change(project: Path) -> None:
    begun = project / "begun"
    sleep = (
        f"import os, pathlib, time\npathlib.Path({str(begun)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    path = write_notebook(project / "slow.ipynb", sleep)
    before = path.read_bytes()
    command = [sys.executable, "-c", "import sys; from aleppo.cli import main; sys.exit(main())"]
    process = subprocess.Popen(
        [*command, "run", str(path)],
        stderr=subprocess.PIPE,
        text=True,
        # a shell that runs the tests in the background has them ignore Ctrl-C, and what they start too
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not (begun.exists() and begun.read_text()) and time.monotonic() < until:
        time.sleep(0.05)
    kernel = Path(f"/proc/{begun.read_text()}")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 130
    assert process.stderr is not None
    said = process.stderr.read()
    assert said.endswith("aleppo: stopped\n")
    assert "Traceback" not in said
    assert not kernel.exists()
    assert path.read_bytes() == before
