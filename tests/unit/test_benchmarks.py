"""What the benchmarks write, and the table that is made of it."""

from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aleppo.evidence.paths import repository
from aleppo.ingest import ingest
from data_copy import DataCopy

FOLDER = repository() / "benchmarks"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> object:
    """Loads a script of the benchmarks' folder, where they find each other by name."""
    monkeypatch.syspath_prepend(str(FOLDER))

    def load(name: str) -> ModuleType:
        for known in ("report", name):
            monkeypatch.delitem(sys.modules, known, raising=False)
        spec = importlib.util.spec_from_file_location(f"benchmark_{name}", FOLDER / f"{name}.py")
        assert spec is not None and spec.loader is not None
        loaded = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loaded)
        return loaded

    return load


def test_a_ratio_is_ours_by_the_others_so_that_less_is_better(module) -> None:
    row = module("report").row("reading", 1.25, "s", 5.0, "pandas", at_most=0.33)
    assert (row["ratio"], row["met"], row["budget"]) == (0.25, True, "at most 0.33")


def test_a_budget_is_judged_before_rounding(module) -> None:
    assert not module("report").row("reading", 0.334, "s", 1.0, "pandas", at_most=0.33)["met"]


def test_a_row_by_itself_has_a_budget_of_its_own(module) -> None:
    row = module("report").row("page", 151.0, "kB", at_most=150)
    assert (row["ratio"], row["met"]) == (None, False)


def test_a_result_names_its_script_and_its_machine(module, tmp_path: Path) -> None:
    report = module("report")
    path = report.write(
        "ucdp", [report.skipped("reading", "no file")], tmp_path / "deep" / "ucdp.json", runs=3
    )
    content = json.loads(path.read_text())
    assert content["script"] == "ucdp"
    assert "Python" in content["machine"]
    assert content["runs"] == 3
    assert content["rows"] == [{"what": "reading", "skipped": "no file"}]


def test_the_table_shows_what_was_measured_and_why_something_was_not(module) -> None:
    run, report = module("run"), module("report")
    results = [
        {"script": "ucdp", "rows": [report.row("reading", 1.25, "s", 5.0, "`pandas`")]},
        {"script": "book", "rows": [report.row("page", 22.0, "kB"), report.skipped("all", "no network")]},
    ]
    assert run.table(results).splitlines()[2:] == [
        "| page | 22 kB |  |  | `python benchmarks/book.py` |",
        "| all | not measured: no network |  |  | `python benchmarks/book.py` |",
        "| reading | 1.25 s | `pandas`: 5 s | 0.25 | `python benchmarks/ucdp.py` |",
    ]


def test_a_benchmark_that_fails_leaves_a_line_and_does_not_stop_the_others(
    module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run = module("run")
    a_readme_with(monkeypatch, tmp_path, run, "old\n", bad="raise SystemExit(3)", good="print('measured')")
    assert run.main([]) == 1
    assert "measured" in capfd.readouterr().out
    text = (tmp_path / "README.md").read_text()
    assert "| bad | not measured: `bad.py` ended with exit code 3 |" in text
    assert text.startswith("Before\n<!-- benchmarks -->\n| What |")
    assert text.endswith("<!-- /benchmarks -->\nAfter\n")
    assert "old" not in text


def a_readme_with(
    monkeypatch: pytest.MonkeyPatch, folder: Path, run: ModuleType, table: str, **scripts: str
) -> None:
    """A checkout in ``folder`` that has these benchmarks, and this table in its README."""
    monkeypatch.setattr(run, "HERE", folder / "benchmarks")
    monkeypatch.setattr(run.report, "ROOT", folder)
    monkeypatch.setattr(run.report, "RESULTS", folder / "results")
    (folder / "benchmarks").mkdir()
    for name, code in scripts.items():
        (folder / "benchmarks" / f"{name}.py").write_text(f"{code}\n")
    text = f"Before\n<!-- benchmarks -->\n{table}<!-- /benchmarks -->\nAfter\n"
    (folder / "README.md").write_text(text)


def test_a_benchmark_that_is_not_run_keeps_its_rows_and_one_that_is_gone_does_not(
    module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = module("run")
    rows = [f"| {name} | 9 s |  |  | `python benchmarks/{name}.py` |" for name in ("again", "gone", "other")]
    fails = "raise SystemExit(1)"
    a_readme_with(monkeypatch, tmp_path, run, "\n".join(rows) + "\n", again="", other=fails)
    line = run.report.row("again", 1.0, "s")
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "again.json").write_text(json.dumps({"script": "again", "rows": [line]}))
    run.write_table()
    table = (tmp_path / "README.md").read_text().splitlines()[4:-2]
    assert table == ["| again | 1 s |  |  | `python benchmarks/again.py` |", rows[2]]
    assert run.main(["again"]) == 0, "the other one would have failed"
    with pytest.raises(SystemExit):
        run.main(["gone"])


def test_every_benchmark_is_run_and_no_helper_is(module) -> None:
    names = {path.stem for path in module("run").scripts()}
    assert {"book", "interrupted", "scale", "ucdp"} <= names
    assert not {"report", "run"} & names


@pytest.mark.parametrize(("seconds", "met"), [([900.0, 719.0, 10.0], True), ([1.0, 800.0, 900.0], False)])
def test_the_tests_are_judged_by_their_twelve_minutes(
    module, seconds: list[float], met: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite = module("suite")
    monkeypatch.setattr(sys.modules["report"], "RESULTS", tmp_path)
    suite.report(seconds)
    (line,) = json.loads((tmp_path / "suite.json").read_text())["rows"]
    assert line["here"] == seconds[1]
    assert line["met"] is met


def test_rows_of_the_book_are_kept_as_they_come(
    module, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = module("book")

    def measure(folder: Path, runs: int) -> Iterator[dict[str, object]]:
        yield book.row("first", float(runs), "s")
        raise SystemExit("the second failed")

    monkeypatch.setattr(book, "measure", measure)
    monkeypatch.setattr(sys, "argv", ["book.py", str(tmp_path / "book.json"), "--runs", "7"])
    with pytest.raises(SystemExit, match="the second failed"):
        book.main()
    content = json.loads((tmp_path / "book.json").read_text())
    assert [(line["what"], line["here"]) for line in content["rows"]] == [("first", 7.0)]
    assert content["runs"] == 7


def test_a_suite_that_fails_is_not_measured(module) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        module("suite").seconds_of((sys.executable, "-c", "raise SystemExit(1)"))


def test_made_up_events_are_in_the_shape_that_the_ingest_reads(
    module, data_copy: DataCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ucdp = module("ucdp")
    monkeypatch.setattr(ucdp, "MADE_UP", 200)
    rows = ucdp.made_up_rows()
    assert rows == ucdp.made_up_rows(), "the same in every run"
    ucdp.make(list(ucdp.COLUMNS), rows, tmp_path / "ged.csv", 500)
    result = ingest("ucdp", tmp_path / "ged.csv")
    assert result.totals["events"] + sum(result.dropped.values()) == 500
    assert not any("outside low and high" in message for message in result.messages)


def test_without_the_publishers_files_there_are_no_real_rows(module, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALEPPO_RAW", raising=False)
    assert module("ucdp").real_rows() is None


def test_a_limit_is_a_budget_of_what_is_measured_here_beside_a_ratio(module) -> None:
    row = module("report").row("page", 2.6, "s", 8.0, "stock", limit=2.5)
    assert (row["ratio"], row["met"], row["budget"]) == (0.33, False, "at most 2.5 s")


def test_the_stock_page_has_plotly_once_and_the_rows_of_the_tables(module) -> None:
    pages = module("pages")
    drawing = {"data": [{"type": "bar", "x": [1], "y": [2]}], "layout": {}, "config": {}}
    first, left = pages.stock_output({pages.figure.MIME: drawing}, True)
    second, still_left = pages.stock_output({pages.figure.MIME: drawing}, left)
    assert len(first["text/html"]) > 4_000_000 > 10_000 > len(second["text/html"])
    assert (left, still_left) == (False, False)
    rows, _ = pages.stock_output({pages.table.MIME: {"csv": "a,b\n1,x\n"}}, False)
    assert "<td>x</td>" in rows["text/html"]


def test_pages_are_served_packed(module, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>words</p>" * 100, encoding="utf-8")
    with module("pages").serving(tmp_path) as address:
        with urllib.request.urlopen(f"{address}/page.html?v=1") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.read()).count(b"words") == 100
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{address}/other.html")
