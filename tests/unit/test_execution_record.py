"""How long notebooks took is written on purpose, and belongs to the notebook as it was then."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from small_notebooks import write_notebook

from aleppo.bookkit import execution
from aleppo.bookkit.execute import Executed
from aleppo.cli import main
from aleppo.evidence.errors import AleppoError


def notebook(root: Path, name: str, fingerprint: str = "") -> Path:
    path = write_notebook(root / "notebooks" / f"{name}.ipynb", "1 + 1")
    content = json.loads(path.read_text())
    if fingerprint:
        content["metadata"]["aleppo"] = {"fingerprint": fingerprint}
    path.write_text(json.dumps(content))
    return path


def test_a_recording_has_rounded_seconds_by_fingerprint_and_no_name_of_the_machine(tmp_path: Path) -> None:
    one = notebook(tmp_path, "one", "ab12")
    file = execution.write(tmp_path, [Executed(one, 3.14159, (), True)], jobs=2)
    assert file == tmp_path / "book" / "execution.json"
    content = json.loads(file.read_text())
    assert content["notebooks"] == {"one": {"fingerprint": "ab12", "seconds": 3.1}}
    assert set(content["machine"]) == {"cores", "jobs", "python"}


def test_seconds_are_those_of_the_notebook_as_it_was(tmp_path: Path) -> None:
    one = notebook(tmp_path, "one", "ab12")
    execution.write(tmp_path, [Executed(one, 3.0, (), True)], jobs=2)
    recording = execution.read(tmp_path)
    assert recording is not None
    assert recording.of("one", "ab12") == 3.0
    assert recording.of("one", "cd34") is None
    assert recording.of("two", "ab12") is None
    assert recording.of("one", "") is None


def test_without_a_recording_there_is_none(tmp_path: Path) -> None:
    assert execution.read(tmp_path) is None


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"machine": {}}', '{"machine": {"cores": "x"}, "notebooks": {}}']
)
def test_a_file_that_is_no_recording_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / execution.RECORD).write_text(text)
    with pytest.raises(
        AleppoError, match=r"book/execution\.json: expected what `aleppo run --all --record` writes"
    ):
        execution.read(tmp_path)


@pytest.mark.parametrize(
    "words", [["--record"], ["--all", "--record", "one"], ["--all", "--check", "--record"]]
)
def test_only_an_execution_of_all_can_be_recorded(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *words]) == 2
    assert "--record goes with --all" in capsys.readouterr().err


def test_run_writes_the_recording_it_was_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    one = notebook(tmp_path, "one", "ab12")
    monkeypatch.delenv("ALEPPO_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    for module in ("aleppo.evidence.paths", "aleppo.bookkit.fingerprints"):
        monkeypatch.setattr(f"{module}.repository", lambda: tmp_path)
    ran = [Executed(one, 1.26, (), False)]
    monkeypatch.setattr("aleppo.bookkit.execute.run", lambda *_: ran)
    assert main(["run", "--all"]) == 0
    assert not (tmp_path / execution.RECORD).exists()
    assert main(["run", "--all", "--record", "--jobs", "3"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "wrote book/execution.json"
    recording = execution.read(tmp_path)
    assert recording is not None
    assert (recording.jobs, recording.notebooks) == (3, {"one": (1.3, "ab12")})


def test_other_data_are_not_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other").mkdir()
    monkeypatch.setenv("ALEPPO_DATA", str(tmp_path / "other"))
    assert main(["run", "--all", "--record"]) == 2
    assert "the book's own data" in capsys.readouterr().err
