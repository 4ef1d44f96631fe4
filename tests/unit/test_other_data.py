"""The book on other data: made in a workplace, with what is absent worded, and the repository left alone."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from show_samples import cell, chart, notebook, sample, sheet, still_for
from small_notebooks import code, edit, make_data, markdown, write_notebook

from aleppo.bookkit import absent, other_data
from aleppo.bookkit.current import workplace
from aleppo.bookkit.fingerprints import Surroundings, staleness
from aleppo.cli import main
from aleppo.evidence.errors import AleppoError
from aleppo.show import stills

CONFIG = {"title": "A book", "sphinx": {"config": {"print_book": {"subtitle": "Of something"}}}}
CHAPTER = [markdown("# Who was there\n\n(a-place)=\n## Then"), "print(1)"]


def listing(folder: Path) -> dict[str, str]:
    """Path → hash of every file, to show that nothing was touched."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    write_notebook(root / "notebooks" / "who.ipynb", *CHAPTER)
    for name, words in {"index": "# Start", "folder/part": "part", "figures/one.svg": "<svg/>"}.items():
        page = root / "book" / (name if "." in name else f"{name}.md")
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(words, encoding="utf-8")
    (root / "_config.yml").write_text(yaml.safe_dump(CONFIG), encoding="utf-8")
    (root / "_toc.yml").write_text("root: book/index\n", encoding="utf-8")
    (root / "README.md").write_text("not of the book", encoding="utf-8")
    return root


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "workplace"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = make_data(tmp_path / "my <data> & more")
    (folder / "evidence" / "sources.csv").unlink(missing_ok=True)
    return folder


# --- the workplace ----------------------------------------------------------------------------------------


def test_the_own_data_are_worked_on_in_place_and_any_other_in_a_folder_of_its_own(tmp_path: Path) -> None:
    assert workplace(tmp_path, tmp_path / "data") == tmp_path
    one, two = (workplace(tmp_path, tmp_path / name / "data") for name in ("one", "two"))
    assert one != two
    assert one.parent == two.parent == tmp_path / "_build" / "other-data"
    assert workplace(tmp_path, tmp_path / "two" / ".." / "one" / "data") == one


def test_a_workplace_has_the_sources_of_the_book_and_the_checkout_stays_as_it_was(
    checkout: Path, place: Path, data: Path
) -> None:
    before, data_before = listing(checkout), listing(data)
    other_data.prepare(checkout, place, data)
    assert set(listing(place)) == {
        "_config.yml",
        "_toc.yml",
        "book/folder/part.md",
        "book/index.md",
        "notebooks/who.ipynb",
    }
    assert listing(checkout) == before
    assert listing(data) == data_before


def test_preparing_twice_changes_nothing(checkout: Path, place: Path, data: Path) -> None:
    other_data.prepare(checkout, place, data)
    before = listing(place)
    other_data.prepare(checkout, place, data)
    assert listing(place) == before


def test_what_is_gone_from_the_checkout_goes_from_the_workplace(
    checkout: Path, place: Path, data: Path
) -> None:
    other_data.prepare(checkout, place, data)
    (checkout / "book" / "folder" / "part.md").unlink()
    (checkout / "notebooks" / "who.ipynb").unlink()
    other_data.prepare(checkout, place, data)
    assert not (place / "book" / "folder" / "part.md").exists()
    assert not (place / "notebooks" / "who.ipynb").exists()


def test_a_notebook_keeps_the_outputs_of_the_workplace_while_its_cells_are_those_of_the_checkout(
    checkout: Path, place: Path, data: Path
) -> None:
    other_data.prepare(checkout, place, data)
    copy = place / "notebooks" / "who.ipynb"
    edit(copy, lambda content: content["cells"][1].update(execution_count=7))
    kept = copy.read_bytes()
    other_data.prepare(checkout, place, data)
    assert copy.read_bytes() == kept


@pytest.mark.parametrize("changed", [0, 1], ids=["prose", "code"])
def test_a_notebook_is_taken_over_anew_when_its_author_changed_it(
    checkout: Path, place: Path, data: Path, changed: int
) -> None:
    other_data.prepare(checkout, place, data)
    original = checkout / "notebooks" / "who.ipynb"
    edit(original, lambda content: content["cells"][changed].update(source="# Another"))
    other_data.prepare(checkout, place, data)
    assert (place / "notebooks" / "who.ipynb").read_bytes() == original.read_bytes()


def test_every_page_and_the_title_page_name_the_data(checkout: Path, place: Path, data: Path) -> None:
    other_data.prepare(checkout, place, data)
    sphinx = yaml.safe_load((place / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    assert sphinx["aleppo_other_data"] == data.name
    assert data.name in sphinx["print_book"]["subtitle"]
    assert sphinx["print_book"]["subtitle"].startswith("Of something. Made of the data folder")
    assert "this is not the published book" in sphinx["html_theme_options"]["announcement"]


def test_the_name_of_a_folder_is_never_taken_for_markup(checkout: Path, place: Path, data: Path) -> None:
    other_data.prepare(checkout, place, data)
    sphinx = yaml.safe_load((place / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]
    assert "my &lt;data&gt; &amp; more" in sphinx["html_theme_options"]["announcement"]


def test_a_citation_of_a_book_on_other_data_never_passes_for_the_release(
    checkout: Path, place: Path, data: Path
) -> None:
    (checkout / "CITATION.cff").write_text(yaml.safe_dump({"title": "A book", "version": "1.2.0"}))
    other_data.prepare(checkout, place, data)
    cited = yaml.safe_load((place / "CITATION.cff").read_text(encoding="utf-8"))
    assert cited == {"title": "A book", "version": "1.2.0 on other data (my _data_ _ more)"}


def test_the_bibliography_of_the_book_is_not_written_from_other_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ALEPPO_DATA", str(make_data(tmp_path / "mine")))
    assert main(["sources"]) == 1
    assert "ALEPPO_DATA names other data" in capsys.readouterr().err


# --- absent chapters --------------------------------------------------------------------------------------


def words_of(page: dict[str, Any]) -> str:
    return "\n".join(str(cell["source"]) for cell in page["cells"])


def stored(*cells: Any) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(nbformat.writes(notebook(*cells)))
    content["cells"].insert(0, {**markdown("# Who counts\n\n(the-sides)=\n## Sides"), "id": "first"})
    return content


def test_the_page_of_an_absent_chapter_keeps_its_title_and_says_which_table_is_missing() -> None:
    page = other_data.page_without(stored(), "airwars_monthly")
    assert words_of(page).startswith("# Who counts\n")
    assert "Not available with these data" in words_of(page)
    assert "`airwars_monthly`" in words_of(page)
    nbformat.validate(nbformat.from_dict(page))


def test_it_says_how_to_come_by_a_series_and_where_a_compiled_table_is() -> None:
    series = words_of(other_data.page_without(stored(), "ucdp_ged_monthly"))
    assert "aleppo ingest ucdp FILE --out DIR" in series
    compiled = words_of(other_data.page_without(stored(), "unsc_votes"))
    assert "copy `evidence/unsc_votes.csv` and its sidecar" in compiled


def test_it_remembers_the_labels_that_other_pages_may_refer_to() -> None:
    figure = {**code("draw"), "id": "draw", "metadata": {"mystnb": {"figure": {"name": "fig-weekly"}}}}
    content = stored(cell(sheet()))
    content["cells"].append(figure)
    labels = other_data.page_without(content, "unsc_votes")["metadata"]["aleppo"]["absent"]["labels"]
    assert labels == ["fig-weekly", "tab-weeks", "the-sides"]


def test_an_absent_page_is_current_until_its_table_is_there(tmp_path: Path) -> None:
    folder = make_data(tmp_path / "data")
    page = other_data.page_without(stored(), "unsc_votes")
    assert staleness(page, Surroundings(folder, tmp_path)) == []
    (folder / "evidence" / "unsc_votes.csv").write_text("key\na\n")
    (reason,) = staleness(page, Surroundings(folder, tmp_path))
    assert reason.endswith("unsc_votes.csv is there now")


def test_absent_chapters_are_found_by_their_document_names(place: Path) -> None:
    (place / "notebooks").mkdir(parents=True)
    page = other_data.page_without(stored(), "unsc_votes")
    (place / "notebooks" / "votes.ipynb").write_text(json.dumps(page))
    write_notebook(place / "notebooks" / "who.ipynb", *CHAPTER)
    assert {name: one["table"] for name, one in other_data.absent_chapters(place).items()} == {
        "notebooks/votes": "unsc_votes"
    }


def test_an_absent_page_is_replaced_when_its_author_changed_the_chapter(
    checkout: Path, place: Path, data: Path
) -> None:
    other_data.prepare(checkout, place, data)
    original, copy = (folder / "notebooks" / "who.ipynb" for folder in (checkout, place))
    copy.write_text(json.dumps(other_data.page_without(json.loads(copy.read_text()), "unsc_votes")))
    other_data.prepare(checkout, place, data)
    assert "absent" in json.loads(copy.read_text())["metadata"]["aleppo"]
    edit(original, lambda content: content["cells"][1].update(source="print(2)"))
    other_data.prepare(checkout, place, data)
    assert copy.read_bytes() == original.read_bytes()


# --- what other pages say of it ---------------------------------------------------------------------------

QUOTING = """# Start

```{toctree}
notebooks/votes
notebooks/there
```

There were {glue:text}`notebooks/votes.ipynb::votes:s` votes, see {numref}`fig-weekly`, {numref}`tab-weeks`,
{ref}`the-sides`, [here](#the-sides), [there](notebooks/votes.ipynb#sides) and {doc}`notebooks/votes`.
"""
LINES = 5  # the number, two references by number, one by name, one by a link


@pytest.fixture
def built(tmp_path: Path) -> Callable[[str, str], tuple[str, str]]:
    """Builds a small book with an absent chapter: the text of its first page, and the warnings."""

    def build(page: str, setting: str) -> tuple[str, str]:
        root, out = tmp_path / "book", tmp_path / "out"
        (root / "notebooks").mkdir(parents=True)
        (root / "index.md").write_text(page, encoding="utf-8")
        content = stored(cell(sheet()))
        content["cells"].append(
            {**code("draw"), "id": "draw", "metadata": {"mystnb": {"figure": {"name": "fig-weekly"}}}}
        )
        missing = other_data.page_without(content, "unsc_votes")
        (root / "notebooks" / "votes.ipynb").write_text(json.dumps(missing), encoding="utf-8")
        write_notebook(root / "notebooks" / "there.ipynb", {**markdown("# There"), "id": "there"})
        settings = {
            "extensions": ["myst_nb", "aleppo.bookkit.absent"],
            "nb_execution_mode": "off",
            "numfig": True,
            "html_theme": "basic",
            "aleppo_other_data": setting,
        }
        conf = "\n".join(f"{name} = {value!r}" for name, value in settings.items())
        (root / "conf.py").write_text(conf, encoding="utf-8")
        # a process of its own: what MyST-NB does to Sphinx stays in the process
        command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", str(root), str(out)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (out / "index.html").read_text(encoding="utf-8"), done.stderr

    return build


def test_numbers_and_references_of_an_absent_chapter_are_worded(
    built: Callable[[str, str], tuple[str, str]],
) -> None:
    page, warned = built(QUOTING, "mine")
    assert warned == ""
    assert page.count(absent.NOT_AVAILABLE) == LINES
    assert page.count('class="reference internal" href="notebooks/votes.html"') == 3
    assert f'here (<span class="aleppo-absent">{absent.NOT_AVAILABLE}</span>)' in page


def test_a_mistake_is_still_a_mistake_on_other_data(built: Callable[[str, str], tuple[str, str]]) -> None:
    wrong = QUOTING.replace("fig-weekly", "fig-weakly").replace("votes.ipynb::", "there.ipynb::")
    _, warned = built(wrong, "mine")
    assert "fig-weakly" in warned
    assert "votes" in warned and "there" in warned


def test_in_the_published_book_nothing_is_absent(built: Callable[[str, str], tuple[str, str]]) -> None:
    page, warned = built(QUOTING, "")
    assert absent.NOT_AVAILABLE not in page
    assert "fig-weekly" in warned and "tab-weeks" in warned


# --- stills -----------------------------------------------------------------------------------------------


@pytest.fixture
def pictured(tmp_path: Path, place: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, list[str]]:
    """A checkout with the still of one figure; a workplace that shows this figure and another."""
    same, other = sample(), sample(chart(mode="markers"), id="changed")
    root = tmp_path / "checkout"
    (root / "book" / "figures").mkdir(parents=True)
    (root / "book" / "figures" / "weekly.svg").write_text(still_for(same.payload))
    (root / "book" / "figures" / "changed.svg").write_text(still_for(sample().payload))
    (place / "notebooks").mkdir(parents=True)
    nbformat.write(notebook(cell(same), cell(other)), place / "notebooks" / "who.ipynb")
    said: list[str] = []

    def no_browser(*_: object, **__: object) -> list[Path]:
        raise AleppoError("no browser")

    monkeypatch.setattr(stills, "redraw", no_browser)
    return root, said


def test_the_still_of_an_unchanged_figure_is_taken_over_and_that_of_a_changed_one_is_not(
    pictured: tuple[Path, list[str]], place: Path
) -> None:
    root, said = pictured
    before = listing(root)
    other_data.settle_stills(root, place, said.append)
    assert [path.name for path in (place / "book" / "figures").iterdir()] == ["weekly.svg"]
    assert said == ["without a still, drawn by the pages alone: 1 of 2 figures (no browser)"]
    assert listing(root) == before


def test_an_earlier_still_of_other_data_is_never_shown(pictured: tuple[Path, list[str]], place: Path) -> None:
    root, said = pictured
    old = place / "book" / "figures" / "changed.svg"
    old.parent.mkdir(parents=True)
    old.write_text(still_for(sample(chart(mode="lines+markers")).payload))
    (old.parent / "gone.svg").write_text(still_for(sample().payload))
    other_data.settle_stills(root, place, said.append)
    assert not old.exists()
    assert not (old.parent / "gone.svg").exists()


def test_with_a_browser_every_still_is_drawn(
    pictured: tuple[Path, list[str]], place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, said = pictured
    drawn: list[Path] = []
    monkeypatch.setattr(stills, "redraw", lambda notebooks, folder: drawn.append(folder))
    other_data.settle_stills(root, place, said.append)
    assert drawn == [place / "book" / "figures"]
    assert said == []


# --- the ledger of claims ---


def test_the_ledger_of_other_data_is_written_to_the_workplace(tmp_path, monkeypatch):
    monkeypatch.setattr("aleppo.claims.ledger.evaluate", lambda: [{"claim": "F-01"}])
    said: list[str] = []
    other_data.settle_ledger(tmp_path, said.append)
    assert json.loads((tmp_path / "ledger.json").read_text()) == [{"claim": "F-01"}]
    assert said == []


def test_a_ledger_that_the_data_cannot_decide_is_left_out_with_the_reason(tmp_path, monkeypatch):
    def evaluate():
        raise AleppoError("series/airwars_monthly.csv: expected a table, found nothing there")

    (tmp_path / "ledger.json").write_text("[]")
    monkeypatch.setattr("aleppo.claims.ledger.evaluate", evaluate)
    said: list[str] = []
    other_data.settle_ledger(tmp_path, said.append)
    assert not (tmp_path / "ledger.json").exists()
    assert said == [
        "without the ledger of claims: series/airwars_monthly.csv: expected a table, found nothing there"
    ]
