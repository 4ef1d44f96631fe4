"""Changes of the data, what is looked at for a difference, and the record of what nothing notices."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest
from small_notebooks import write_notebook

from aleppo.bookkit.fingerprints import find_notebooks
from aleppo.bookkit.mutation import changes, page, report, trials, watched
from aleppo.bookkit.mutation.changes import KINDS, Change, as_csv, in_order, moved, plan, rows_of
from aleppo.bookkit.mutation.forks import in_forks
from aleppo.bookkit.mutation.report import Line, Run
from aleppo.bookkit.mutation.trials import LOOKS, Outcome
from aleppo.cli import main
from aleppo.evidence.errors import AleppoError
from aleppo.evidence.paths import DATA_VARIABLE, repository
from aleppo.evidence.tables import TABLES
from aleppo.evidence.tables.core import IDS

DATA = repository() / "data"
# The chapters that are computed in about a second: only changes that concern no other are tried again here.
QUICK = {
    "aid-and-measures",
    "assembly-and-rights-council",
    "before-the-intervention",
    "corridors-and-sieges",
    "events-timeline",
    "where-the-strikes-fell",
}


@pytest.fixture(scope="module")
def drawn() -> list[Change]:
    return plan(DATA)


# --- changes ---


def test_every_column_of_every_table_is_changed_and_of_each_table_a_row_is_dropped(
    drawn: list[Change],
) -> None:
    places = {(change.table, change.column) for change in drawn}
    assert places == {(table.name, name) for table in TABLES.values() for name in (*table.column_names, "")}
    assert len(drawn) >= report.FEWEST
    assert Counter(change.kind for change in drawn)["dropped"] == len(TABLES)
    assert set(KINDS) == {change.kind for change in drawn}


def test_the_same_seed_draws_the_same_and_a_table_less_changes_no_other_draw(drawn: list[Change]) -> None:
    some = ["towns", "access"]
    assert plan(DATA, tables=some) == [change for change in drawn if change.table in some]
    assert plan(DATA, seed=1, tables=some) != plan(DATA, tables=some)


def test_a_change_changes_one_row_and_keeps_the_order_of_the_table(drawn: list[Change]) -> None:
    for change in drawn:
        table, before = TABLES[change.table], rows_of(DATA / TABLES[change.table].path)
        after = change.applied(before)
        gone = Counter(map(str, before)) - Counter(map(str, after))
        new = Counter(map(str, after)) - Counter(map(str, before))
        sizes = {"dropped": (1, 0), "doubled": (0, 1)}.get(change.kind, (1, 1))
        assert (gone.total(), new.total()) == sizes, change
        assert in_order(table, after) == after


def test_cells_stay_within_what_their_column_may_hold(drawn: list[Change]) -> None:
    for change in drawn:
        table = TABLES[change.table]
        for name, cell in change.cells:
            column = table.column(name)
            if column.allowed and cell and change.kind in ("category", "reference"):
                assert set(cell.split(";")) <= set(column.allowed), change
            if change.kind == "digit":
                low, high = column.low or 0, column.high if column.high is not None else float("inf")
                assert low <= float(cell) <= high, change
            if change.kind == "reference" and column.refers:
                target, _, key = column.refers.partition(".")
                known = {row[key] for row in rows_of(DATA / TABLES[target].path)}
                assert set(cell.split(";") if column.kind is IDS else [cell]) <= known, change
            if change.kind == "emptied":
                assert cell == "" and not column.required, change


@pytest.mark.parametrize(
    ("date", "steps", "after"),
    [
        ("2016-02-28", 2, "2016-03-01"),
        ("2016-01", -1, "2015-12"),
        ("2016", 5, "2017"),
        ("2016", -5, "2015"),
    ],
)
def test_a_date_moves_by_what_it_is_known_to(date: str, steps: int, after: str) -> None:
    assert moved(date, steps) == after


def test_the_files_of_the_data_are_written_as_they_are() -> None:
    for name in ("access", "claims", "unsc_votes"):
        path = DATA / TABLES[name].path
        assert as_csv(TABLES[name], rows_of(path)) == path.read_text(encoding="utf-8")


# --- what is looked at ---


def test_a_chapter_is_told_in_parts_until_a_cell_stops(tmp_path: Path) -> None:
    cells = [
        "from aleppo.show import say\nfrom aleppo.show.numbers import count\nfrom show_samples import sample, sheet",
        'say("deaths", count(3))\nsay("births", count(4))',
        "sheet()",
        "sample()",
        "import sys\nsys.stderr.write('beware')\n1 + 1",
        "raise KeyError('FR-001')",
        'say("never", count(5))',
    ]
    chapter = write_notebook(tmp_path / "chapter.ipynb", *cells)
    parts = list(watched.printed(chapter))
    assert [name for name, _ in parts] == [
        *("number deaths", "number births", "table weeks", "figure weekly"),
        *("output of code cell 5", "warning in code cell 5", "stops with KeyError"),
    ]
    assert list(watched.printed(chapter)) == parts


def test_a_file_to_download_is_no_part_of_what_is_printed(tmp_path: Path) -> None:
    def parts(frame: str) -> list[watched.Part]:
        source = f"import pandas as pd\nfrom show_samples import frame, sheet\nsheet({frame})"
        return list(watched.printed(write_notebook(tmp_path / "chapter.ipynb", source)))

    plain = parts("frame()")
    assert parts("frame().assign(note='a remark')") == plain
    assert parts("frame().assign(deaths=1.0)") != plain


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ([("a", "1"), ("b", "2")], ""),
        ([("a", "1"), ("b", "3")], "b"),
        ([("a", "1")], "b"),
        ([("a", "1"), ("b", "2"), ("c", "3")], "c"),
        ([("stops with KeyError", "")], "stops with KeyError"),
    ],
)
def test_the_first_part_that_differs_is_named(now: list[watched.Part], first: str) -> None:
    assert watched.first_difference([("a", "1"), ("b", "2")], iter(now)) == first


def test_parts_after_a_difference_are_not_computed() -> None:
    def now():
        yield "a", "2"
        raise AssertionError("read on")

    assert watched.first_difference([("a", "1"), ("b", "2")], now()) == "a"


def test_claims_are_concerned_by_their_tables_by_themselves_and_by_their_sources() -> None:
    known = [
        {"claim": "ITV-01", "tables": ["events"], "supports": ["cnn"], "opposes": []},
        {"claim": "ITV-02", "tables": ["places", "events"], "supports": [], "opposes": ["afp"]},
    ]
    assert watched.concerned(known, "events", "FR-1") == {"ITV-01", "ITV-02"}
    assert watched.concerned(known, "places", "N1") == {"ITV-02"}
    assert watched.concerned(known, "claims", "ITV-02") == {"ITV-02"}
    assert watched.concerned(known, "sources", "afp") == {"ITV-02"}
    assert watched.concerned(known, "towns", "T-1") == set()


# --- processes ---


def test_results_come_in_the_order_of_the_items_whatever_takes_longer() -> None:
    import time

    def work(item: int) -> int:
        time.sleep(0.2 if item == 0 else 0)
        return item * 10

    assert list(in_forks(work, range(5), 2)) == [0, 10, 20, 30, 40]


def test_what_a_process_raises_is_raised_and_one_that_dies_is_told() -> None:
    def refuse(item: int) -> int:
        raise AleppoError(f"no {item}")

    with pytest.raises(AleppoError, match=r"^no 7$"):
        list(in_forks(refuse, [7], 2))
    with pytest.raises(AleppoError, match="a process that ended with code 3"):
        list(in_forks(lambda item: os._exit(3), [7], 2))


def test_a_trial_leaves_the_environment_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DATA_VARIABLE, "before")
    list(in_forks(lambda item: os.environ.update({DATA_VARIABLE: item}), ["after"], 1))
    assert os.environ[DATA_VARIABLE] == "before"


# --- the recorded run ---


def line(table: str = "access", column: str = "note", noticed: str = "", kind: str = "word") -> Line:
    return Line(table, column, kind, "AC-001", "two words", "two", noticed, "")


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A book whose recorded run is of the data and the code that are there, with one change unnoticed."""
    (tmp_path / "book").mkdir()
    lines = [line(name, "x", "ledger") for name in TABLES] * 6
    report.write(tmp_path, Run(1, report.data_digest(DATA), report.code_digest(), (*lines, line())))
    explain(tmp_path, "- {table: access, column: note, reason: A remark.}\n")
    return tmp_path


def explain(root: Path, text: str) -> None:
    (root / report.EXPLAINED).write_text(text, encoding="utf-8")


def test_a_run_is_read_as_it_was_written(recorded: Path) -> None:
    run = report.read(recorded)
    before = (recorded / report.REPORT).read_bytes()
    assert report.write(recorded, run).read_bytes() == before
    assert run.unnoticed == (line(),) and run.share == 1 / len(run.lines)
    assert report.faults(recorded, DATA) == []


def test_a_run_on_other_data_or_by_other_code_is_refused(recorded: Path) -> None:
    run = report.read(recorded)
    report.write(recorded, Run(run.seed, "0" * 64, "1" * 64, run.lines))
    assert [fault.column for fault in report.faults(recorded, DATA)] == ["data", "code"]


def test_too_few_changes_a_table_without_any_and_too_much_unnoticed_are_refused(recorded: Path) -> None:
    run = report.read(recorded)
    report.write(recorded, Run(run.seed, run.data, run.code, (line("towns", "x", "ledger"), line())))
    told = [fault.expected for fault in report.faults(recorded, DATA)]
    assert told == [f"at least {report.FEWEST} changes", "changes of every table", "less than 10% unnoticed"]


def test_what_goes_unnoticed_is_explained_and_nothing_else_is(recorded: Path) -> None:
    explain(recorded, "- {table: towns, column: note, reason: A remark.}\n")
    assert [(fault.expected, fault.found) for fault in report.faults(recorded, DATA)] == [
        ("why access.note goes unnoticed", "nothing"),
        ("only what goes unnoticed", "towns.note"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "- {table: access, column: note}\n",
        "- {table: access, column: note, reason: ''}\n",
        "- {table: access, column: note, reason: a}\n- {table: access, column: note, reason: b}\n",
    ],
)
def test_an_explanation_that_is_not_whole_is_refused(recorded: Path, text: str) -> None:
    explain(recorded, text)
    with pytest.raises(AleppoError, match=r"unnoticed\.yml: expected"):
        report.explanations(recorded)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"seed": 1}', '{"seed": 1, "data": "", "code": "", "changes": [{}]}']
)
def test_another_file_in_the_place_of_the_record_is_named(recorded: Path, text: str) -> None:
    (recorded / report.REPORT).write_text(text)
    with pytest.raises(AleppoError, match=r"book/mutations\.json: expected what `aleppo mutate` writes"):
        report.read(recorded)


def test_a_run_says_from_what_to_what(drawn: list[Change]) -> None:
    change = next(change for change in drawn if change.table == "access" and change.column == "value")
    run = report.run_of(DATA, [Outcome(change, "ledger", "x" * 200)])
    [found] = run.lines
    before = rows_of(DATA / TABLES["access"].path)[change.position]["value"]
    assert (found.before, found.after) == (before, dict(change.cells)["value"])
    assert len(found.where) == report.LONGEST


def test_the_page_tells_the_share_the_tables_the_kinds_and_every_reason(recorded: Path) -> None:
    told = {marker: write() for marker, write in page.parts(recorded).items()}
    assert "223 changes in 37 tables" in told[page.SUMMARY] and "0.4\u00a0%" in told[page.SUMMARY]
    assert told[page.BY_TABLE].count("](#data-") == len(TABLES)
    assert "A word is left out of a text" in told[page.BY_KIND]
    assert "two words → two" in told[page.UNNOTICED] and "A remark." in told[page.UNNOTICED]


def test_a_table_that_other_data_lack_is_named_without_a_link(
    recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data" / "evidence").mkdir(parents=True)
    (tmp_path / "data" / "evidence" / "towns.csv").write_text("")
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path / "data"))
    told = page.by_table(report.read(recorded))
    assert told.count("](#data-") == 1 and "](#data-towns)" in told
    assert TABLES["access"].metadata.title in told


def test_the_command_refuses_other_data_and_a_record_that_is_not_current(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(DATA_VARIABLE, str(tmp_path))
    assert main(["mutate"]) == 1
    assert "expected the repository's own data" in capsys.readouterr().err
    monkeypatch.delenv(DATA_VARIABLE)
    monkeypatch.setattr(report, "code_digest", lambda: "0" * 64)
    assert main(["mutate", "--check"]) == 1
    assert "column code: expected a run on what is there now" in capsys.readouterr().err


# --- this book ---


def test_the_recorded_run_of_this_book_is_current_and_little_goes_unnoticed() -> None:
    assert report.faults(repository(), DATA) == []


def test_changes_of_the_recorded_run_are_noticed_where_it_says(drawn: list[Change]) -> None:
    """Some changes of each look, drawn from those that concern quick chapters only, are made and judged again."""
    run = report.read(repository())
    told = {(each.table, each.column, each.kind, each.row): each for each in run.lines}
    slow = [chapter for chapter in watched.chapters(find_notebooks()) if chapter.name not in QUICK]
    heavy = set().union(*(chapter.loads for chapter in slow)) | {"sources"}
    groups: dict[str, list[Change]] = {look: [] for look in (*LOOKS, "")}
    for change in drawn:
        each = told[change.table, change.column, change.kind, change.row]
        if change.table not in heavy:
            groups[each.noticed].append(change)
    pick = random.Random(changes.SEED)
    some = [
        change
        for look in ("verification", "ledger", "chapter", "rows", "")
        for change in pick.sample(groups[look], min(2, len(groups[look])))
    ]
    notebooks = [path for path in find_notebooks() if path.stem in QUICK]
    book = trials.stored_book(repository(), notebooks, some)
    outcomes = list(trials.judged(book, some, 2))
    assert [outcome.change for outcome in outcomes] == some
    for outcome in outcomes:
        change = outcome.change
        each = told[change.table, change.column, change.kind, change.row]
        assert (outcome.noticed, report.shortened(outcome.where)) == (each.noticed, each.where), change
