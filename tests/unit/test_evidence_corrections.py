"""The register of corrections: what an entry does to a row, and how it fails when it no longer fits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from small_notebooks import code, edit, make_data, write_notebook

from aleppo.bookkit.current import digest_tree
from aleppo.bookkit.fingerprints import STRATA, Surroundings, check, record
from aleppo.evidence import EvidenceError, load, load_corrections, verify
from aleppo.evidence.corrections import REGISTER, read_register
from aleppo.evidence.manifest import read_sidecar, write_sidecars
from data_copy import DataCopy

ROUND = {
    "label": "a-round-figure",
    "target": "estimates",
    "match": {"estimate_id": "ALP-002"},
    "action": "override",
    "expect": {"area": "Aleppo (battle)", "best": "20000"},
    "set": {"area": "Aleppo Governorate"},
    "reason": "The figure is of another area.",
    "source_ids": ["pj-media-20161221-human-rights"],
    "status": "open",
}
DROPPED = ROUND | {"label": "a-row-too-many", "action": "drop", "set": {}}
NOTED = ROUND | {
    "label": "a-remark",
    "target": "claims",
    "match": {"claim_id": "ITV-41"},
    "action": "note",
    "expect": {"value": "2016-09"},
    "set": {"check_note": "Look again."},
}

Entry = dict[str, object]


def register(data_copy: DataCopy, *entries: Entry) -> Path:
    """Put ``entries`` in place of the register of the copy."""
    path = data_copy.folder / REGISTER
    path.write_text(yaml.safe_dump([*entries], sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def refusal(table: str = "estimates") -> str:
    """The one line with which a load of ``table`` is refused."""
    with pytest.raises(EvidenceError) as caught:
        load(table)
    line = str(caught.value)
    assert "\n" not in line
    return line


def estimate(*, corrected: bool = True) -> dict[str, object]:
    rows = load("estimates", corrected=corrected).set_index("estimate_id")
    return dict(rows.loc["ALP-002"])


# --- what an entry does ---------------------------------------------------------------------------------


def test_an_override_changes_what_is_loaded_and_nothing_else_of_the_row(data_copy: DataCopy) -> None:
    register(data_copy, ROUND)
    before, after = estimate(corrected=False), estimate()
    changed = {
        name for name in before if str(before[name]) != str(after[name])
    }  # as text: a missing cell is not equal to itself
    assert changed == {"area"}
    assert (before["area"], after["area"]) == ("Aleppo (battle)", "Aleppo Governorate")


def test_without_corrections_the_frame_is_what_was_published(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, DROPPED | {"match": {"estimate_id": "ALP-003"}, "expect": {"best": "31183"}})
    published = load("estimates", corrected=False)
    stored = data_copy.rows("estimates")
    assert published["estimate_id"].tolist() == [row["estimate_id"] for row in stored]
    assert published["area"].tolist() == [row["area"] for row in stored]
    assert len(load("estimates")) == len(stored) - 1


def test_a_drop_leaves_the_row_out(data_copy: DataCopy) -> None:
    register(data_copy, DROPPED)
    assert "ALP-002" not in load("estimates")["estimate_id"].tolist()


def test_a_note_is_added_behind_the_text_that_is_there(data_copy: DataCopy) -> None:
    register(data_copy, NOTED)
    before = load("claims", corrected=False).set_index("claim_id").loc["ITV-41"]
    after = load("claims").set_index("claim_id").loc["ITV-41"]
    assert after["check_note"] == f"{before['check_note']} Look again."
    assert after["value"] == before["value"] == "2016-09"


def test_two_notes_may_stand_in_one_cell(data_copy: DataCopy) -> None:
    register(data_copy, NOTED, NOTED | {"label": "another", "set": {"check_note": "And again."}})
    note = load("claims").set_index("claim_id").loc["ITV-41", "check_note"]
    assert note.endswith(" Look again. And again.")


def test_no_file_is_touched_by_a_correction(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, NOTED)
    before = data_copy.fingerprint()
    load("estimates")
    load("claims")
    load_corrections()
    assert data_copy.fingerprint() == before


def test_the_order_of_entries_means_nothing(data_copy: DataCopy) -> None:
    other = ROUND | {
        "label": "other",
        "expect": {"period_start": "2012-07"},
        "set": {"period_start": "2011-03"},
    }
    register(data_copy, ROUND, other)
    forwards = load("estimates")
    register(data_copy, other, ROUND)
    assert load("estimates").equals(forwards)


def test_a_changed_register_is_read_anew(data_copy: DataCopy) -> None:
    register(data_copy, ROUND)
    assert estimate()["area"] == "Aleppo Governorate"
    register(data_copy, ROUND | {"set": {"area": "Aleppo province"}})
    assert estimate()["area"] == "Aleppo province"


def test_a_data_folder_without_a_register_has_no_corrections(data_copy: DataCopy) -> None:
    (data_copy.folder / REGISTER).unlink()
    assert estimate()["area"] == "Aleppo (battle)"
    assert load_corrections().empty


def test_the_register_can_be_read_as_a_frame(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, NOTED)
    rows = load_corrections()
    assert rows["label"].tolist() == ["a-round-figure", "a-remark"]
    assert rows["published"][0] == "area: Aleppo (battle); best: 20000"
    assert rows["corrected"][0] == "area: Aleppo Governorate"
    assert rows["source_ids"][0] == "pj-media-20161221-human-rights"


# --- entries that do not fit ----------------------------------------------------------------------------

MISFITS = {
    "it matches nothing": (
        {"match": {"estimate_id": "ALP-999"}},
        "column match: expected correction a-round-figure to match one row of estimates, found none",
    ),
    "it matches twice": (
        {"match": {"area": "Aleppo (battle)"}},
        "column match: expected correction a-round-figure to match one row of estimates, found 12 (rows 3 and 4 "
        "and 5 and more)",
    ),
    "its guard no longer holds": (
        {"expect": {"area": "Aleppo (battle)", "best": "21000"}},
        "column expect: expected correction a-round-figure to find '21000' in row 3, column best of estimates, "
        "found '20000'",
    ),
    "its table is not there": (
        {"target": "estimations"},
        "column target: expected correction a-round-figure to name a table, found 'estimations'",
    ),
    "a column to match is not there": (
        {"match": {"id": "ALP-002"}},
        "column match: expected correction a-round-figure to name a column of estimates, found 'id'",
    ),
    "a column to set is not there": (
        {"expect": {"region": "x"}, "set": {"region": "y"}},
        "to name a column of estimates, found 'region'",
    ),
    "its source is not in the table of sources": (
        {"source_ids": ["somebody-2016-said-so"]},
        "column source_ids: expected correction a-round-figure to name a source_id of the table sources, found "
        "'somebody-2016-said-so'",
    ),
    "what it sets does not fit the column": (
        {"expect": {"best": "20000"}, "set": {"best": "many"}},
        "column set: expected correction a-round-figure to leave a number",
    ),
    "a note goes to a column that is no text": (
        {"action": "note", "set": {"best": "or so"}},
        "column set: expected correction a-round-figure to add its note to a column of text, found 'best'",
    ),
}


@pytest.mark.parametrize(("change", "message"), MISFITS.values(), ids=MISFITS)
def test_an_entry_that_does_not_fit_fails_with_its_label_when(
    change: Entry, message: str, data_copy: DataCopy
) -> None:
    register(data_copy, ROUND | change)
    with pytest.raises(EvidenceError) as caught:
        load("estimates")
    lines = str(caught.value).splitlines()
    assert all(f"{REGISTER}: row 1, " in line for line in lines)
    assert any(message in line for line in lines), lines


@pytest.mark.parametrize(("change", "message"), MISFITS.values(), ids=MISFITS)
def test_verify_finds_the_same_when(change: Entry, message: str, data_copy: DataCopy) -> None:
    register(data_copy, ROUND | change)
    assert any(message in str(fault) for fault in verify(data_copy.folder).faults)


def test_a_table_is_still_there_as_published_while_an_entry_does_not_fit(data_copy: DataCopy) -> None:
    register(data_copy, ROUND | {"match": {"estimate_id": "ALP-999"}})
    refusal()
    assert estimate(corrected=False)["area"] == "Aleppo (battle)"


def test_a_table_without_corrections_loads_while_another_ones_do_not_fit(data_copy: DataCopy) -> None:
    register(data_copy, ROUND | {"match": {"estimate_id": "ALP-999"}})
    assert len(load("towns")) > 0


def test_two_entries_cannot_change_one_cell(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, ROUND | {"label": "another", "set": {"area": "Aleppo city"}})
    assert (
        "correction another to change a cell of estimates that no other changes, found a-round-figure changing it"
        in refusal()
    )


def test_a_row_cannot_be_dropped_and_changed(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, DROPPED)
    assert "correction a-row-too-many to change a cell of estimates that no other changes" in refusal()


@pytest.mark.parametrize("action", ["override", "drop"])
def test_a_claim_keeps_what_was_said_and_gets_no_more_than_a_note(action: str, data_copy: DataCopy) -> None:
    changes = {"value": "2016-08"} if action == "override" else {}
    register(data_copy, NOTED | {"action": action, "set": changes})
    assert "correction a-remark to add a note only, as claims keeps what was said" in refusal("claims")


# --- registers that cannot be relied on -----------------------------------------------------------------

MALFORMED = {
    "it is no YAML": ("- label: [\n", "row 2: expected a list of corrections in YAML"),
    "it is no list": ("label: one\n", "row 1: expected a list of corrections in YAML, found something else"),
    "an entry is a word": ("- one\n", "expected a correction, as names with values, found something else"),
    "a name is missing": (
        {"reason": None},
        "column reason: expected correction a-round-figure to have a reason",
    ),
    "a name is unknown": (
        {"sett": {"area": "x"}},
        "column sett: expected correction a-round-figure to have only",
    ),
    "an action is unknown": (
        {"action": "scale"},
        "column action: expected correction a-round-figure to have one of override, drop, note, found 'scale'",
    ),
    "a status is unknown": (
        {"status": "done"},
        "column status: expected correction a-round-figure to have one of open, reported, mended, found 'done'",
    ),
    "nothing is to be matched": (
        {"match": {}},
        "column match: expected correction a-round-figure to have at least one column, found none",
    ),
    "nothing is guarded": (
        {"expect": {}},
        "column expect: expected correction a-round-figure to have at least one column, found none",
    ),
    "a cell is set without a guard": (
        {"set": {"period_start": "2011-03"}},
        "column expect: expected correction a-round-figure to have a guard for every cell that it sets, found none "
        "for period_start",
    ),
    "what is set stands there already": (
        {"set": {"area": "Aleppo (battle)"}},
        "column set: expected correction a-round-figure to change what it sets, found what stands there already",
    ),
    "nothing is set": (
        {"set": {}},
        "column set: expected correction a-round-figure to set at least one cell, found none",
    ),
    "a drop sets something": (
        {"action": "drop"},
        "column set: expected correction a-round-figure to set nothing, as it drops the row",
    ),
    "it has no source": (
        {"source_ids": []},
        "column source_ids: expected correction a-round-figure to have a list of one or more source ids",
    ),
    "a cell is a list": (
        {"match": {"estimate_id": ["ALP-002"]}},
        "column match: expected correction a-round-figure to have columns with one value each",
    ),
}


@pytest.mark.parametrize(("content", "message"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_register_is_refused_with_row_and_name_when(
    content: str | Entry, message: str, data_copy: DataCopy
) -> None:
    if isinstance(content, str):
        (data_copy.folder / REGISTER).write_text(content, encoding="utf-8")
    else:
        kept = {name: value for name, value in (ROUND | content).items() if value is not None}
        register(data_copy, kept)
    with pytest.raises(EvidenceError) as caught:
        load("estimates")
    assert any(message in line for line in str(caught.value).splitlines()), str(caught.value)


def test_a_name_given_twice_is_a_fault_and_not_the_last_one_taken(data_copy: DataCopy) -> None:
    text = register(data_copy, ROUND).read_text()
    (data_copy.folder / REGISTER).write_text(text + "  status: mended\n")
    assert "correction a-round-figure to name each thing once, found status twice" in refusal()


def test_a_label_that_repeats_is_a_fault_with_both_rows(data_copy: DataCopy) -> None:
    register(data_copy, ROUND, NOTED | {"label": "a-round-figure"})
    assert "expected each label once, and a-round-figure stands in row 1, found it again" in refusal()


def test_every_fault_of_a_register_is_told_at_once(data_copy: DataCopy) -> None:
    register(data_copy, ROUND | {"status": "done", "action": "scale"}, NOTED | {"reason": ""})
    with pytest.raises(EvidenceError) as caught:
        load("estimates")
    assert len(caught.value.faults) == 3


def test_figures_and_dates_are_compared_as_they_are_written(data_copy: DataCopy) -> None:
    # YAML would make a number of the one and a sum of the other
    (data_copy.folder / REGISTER).write_text(
        "- {label: as-written, target: estimates, match: {estimate_id: ALP-002}, action: override,\n"
        "   expect: {best: 20000, period_start: 2012-07}, set: {period_start: 2011-03}, reason: Earlier.,\n"
        "   source_ids: [pj-media-20161221-human-rights], status: open}\n"
    )
    assert estimate()["period_start"] == "2011-03"


# --- what else knows of corrections ---------------------------------------------------------------------


def test_sidecars_say_which_corrections_their_table_gets(data_copy: DataCopy) -> None:
    register(data_copy, ROUND)
    stale = [str(fault) for fault in verify(data_copy.folder).faults]
    assert any("estimates.yml: column corrections" in fault for fault in stale)
    write_sidecars(data_copy.folder)
    assert verify(data_copy.folder).faults == ()
    sidecar = read_sidecar(data_copy.path("estimates").with_suffix(".yml"))
    [entry] = read_register(data_copy.folder)
    assert sidecar["corrections"] == {"a-round-figure": hashlib.sha256(entry.content.encode()).hexdigest()}


class Notebook:
    """One executed notebook that loaded ``places`` of a small data folder with a register."""

    def __init__(self, folder: Path) -> None:
        self.data = make_data(folder / "data")
        self.package = folder / "package"
        for name in STRATA:
            (self.package / name).mkdir(parents=True)
        self.correct(ROUND | {"target": "places"})
        self.path = write_notebook(folder / "notebooks" / "one.ipynb", code("a = 1", execution_count=1))
        edit(
            self.path,
            lambda content: content["metadata"].update(aleppo=record(content, ["places"], self.around)),
        )

    @property
    def around(self) -> Surroundings:
        return Surroundings(self.data, self.package)

    @property
    def stale(self) -> bool:
        return bool(check([self.path], self.around))

    def correct(self, *entries: Entry) -> None:
        (self.data / REGISTER).write_text(yaml.safe_dump([*entries], sort_keys=False))


CHANGES: dict[str, tuple[Callable[[Notebook], None], bool]] = {
    "a correction of its table changed": (
        lambda one: one.correct(ROUND | {"target": "places", "set": {"area": "Elsewhere"}}),
        True,
    ),
    "a correction of its table was added": (
        lambda one: one.correct(
            ROUND | {"target": "places"}, ROUND | {"target": "places", "label": "second"}
        ),
        True,
    ),
    "the corrections of its table are gone": (lambda one: (one.data / REGISTER).unlink(), True),
    "a correction of another table was added": (
        lambda one: one.correct(ROUND | {"target": "places"}, NOTED | {"target": "events"}),
        False,
    ),
}


@pytest.mark.parametrize(("change", "stale"), CHANGES.values(), ids=CHANGES)
def test_a_notebook_is_stale_only_when_what_it_loads_is_corrected_otherwise(
    change: Callable[[Notebook], None], stale: bool, tmp_path: Path
) -> None:
    one = Notebook(tmp_path)
    assert not one.stale
    change(one)
    assert one.stale is stale


def test_the_built_book_is_not_current_after_a_changed_correction(data_copy: DataCopy) -> None:
    register(data_copy, ROUND)
    before = digest_tree(data_copy.folder)
    register(data_copy, ROUND | {"reason": "Another reason."})
    assert digest_tree(data_copy.folder) != before
