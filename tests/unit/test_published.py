"""A built book says by its manifest what it is; a copy that is another one is found out file by file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aleppo.bookkit import current, published
from aleppo.bookkit.published import MANIFEST, differences, hashes, read, verify, write
from aleppo.cli import main
from aleppo.evidence.errors import AleppoError

CITATION = """
cff-version: 1.2.0
title: A book
authors: [{name: Its authors}]
version: 1.2.3
date-released: 2026-11-23
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "checkout"
    (root / "data").mkdir(parents=True)
    (root / "data" / "table.csv").write_text("a\n1\n")
    (root / "CITATION.cff").write_text(CITATION)
    return root


@pytest.fixture
def book(checkout: Path, tmp_path: Path) -> Path:
    """A built book of three files, and its manifest."""
    return built(tmp_path / "copy", checkout)


def built(folder: Path, checkout: Path) -> Path:
    for name in ("index.html", "book/status.html", "_static/a.css"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"<p>{name}</p>")
    write(folder, checkout, checkout / "data")
    return folder


def test_a_manifest_names_the_edition_and_every_file_but_itself(book: Path, checkout: Path) -> None:
    found = read(book / MANIFEST)
    assert sorted(found.files) == ["_static/a.css", "book/status.html", "index.html"]
    assert found.edition == {
        "title": "A book",
        "version": "1.2.3",
        "released": "2026-11-23",
        "commit": "",
        "data": current.digest_data(checkout / "data"),
    }


def test_two_builds_of_the_same_files_give_the_same_manifest(
    book: Path, checkout: Path, tmp_path: Path
) -> None:
    again = built(tmp_path / "again", checkout)
    assert (again / MANIFEST).read_bytes() == (book / MANIFEST).read_bytes()


def test_a_whole_copy_is_verified_by_its_own_manifest_and_says_that_it_is_only_that(book: Path) -> None:
    report = verify(book)
    assert report.lines == ()
    assert report.line.startswith("book verified: 3 files, by its own manifest alone: version 1.2.3, data ")


def test_each_file_that_is_not_the_published_one_is_a_line(book: Path) -> None:
    (book / "index.html").write_text("<p>other</p>")
    (book / "_static" / "a.css").unlink()
    (book / "added.html").write_text("")
    report = verify(book)
    assert report.lines == ("missing: _static/a.css", "extra: added.html", "differs: index.html")
    assert report.line.startswith("book not verified: 3 differences, ")


def test_hidden_files_of_a_system_do_not_count(book: Path) -> None:
    (book / ".DS_Store").write_text("x")
    (book / ".cache").mkdir()
    (book / ".cache" / "y").write_text("y")
    assert verify(book).lines == ()


def test_a_link_is_not_followed(book: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.html").write_text("<p>index.html</p>")
    (book / "index.html").unlink()
    (book / "index.html").symlink_to(tmp_path / "elsewhere.html")
    (book / "loop").symlink_to(book)
    assert verify(book).lines == ("missing: index.html",)


def test_a_name_that_would_move_the_cursor_is_shown_in_its_parts(book: Path) -> None:
    (book / "x\x1b[2J.html").write_text("")
    assert verify(book).lines == (r"extra: 'x\x1b[2J.html'",)


def test_who_changes_a_copy_and_its_manifest_is_found_out_by_that_of_the_release(
    book: Path, checkout: Path
) -> None:
    (checkout / "book").mkdir()
    (checkout / published.COMMITTED).write_bytes((book / MANIFEST).read_bytes())
    assert verify(book, checkout).line.startswith(
        "book verified: 3 files, as published (book/published.json)"
    )
    (book / "index.html").write_text("<p>forged</p>")
    write(book, checkout, checkout / "data")
    assert verify(book).lines == ()
    assert verify(book, checkout).lines == ("differs: index.html",)


def test_a_copy_of_another_edition_is_told_before_its_files(book: Path, checkout: Path) -> None:
    (checkout / "book").mkdir()
    (checkout / published.COMMITTED).write_bytes((book / MANIFEST).read_bytes())
    (checkout / "CITATION.cff").write_text(CITATION.replace("1.2.3", "1.3.0"))
    write(book, checkout, checkout / "data")
    (line,) = verify(book, checkout).lines
    assert line.startswith("another edition: version 1.3.0, ")
    assert "; expected version 1.2.3, " in line


def test_the_book_built_here_is_what_a_copy_is_held_against_if_it_is_current(
    book: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = built(checkout / "_build" / "html", checkout)
    (here / "index.html").write_text("<p>newer</p>")
    write(here, checkout, checkout / "data")
    monkeypatch.setattr(current, "built", lambda root, html_only: object())
    assert verify(book, checkout).lines == ("differs: index.html",)
    assert "as built here" in verify(book, checkout).line
    assert "by its own manifest alone" in verify(here, checkout).line
    monkeypatch.setattr(current, "built", lambda root, html_only: None)
    assert "by its own manifest alone" in verify(book, checkout).line


def test_a_copy_without_its_manifest_can_be_held_against_another(book: Path, checkout: Path) -> None:
    (checkout / "book").mkdir()
    (checkout / published.COMMITTED).write_bytes((book / MANIFEST).read_bytes())
    (book / MANIFEST).unlink()
    assert verify(book, checkout).lines == (f"missing: {MANIFEST}",)
    with pytest.raises(AleppoError, match="expected the manifest of a built book, found none"):
        verify(book)


NO_MANIFEST = {
    "no JSON": "<html>",
    "other JSON": "[1, 2]",
    "another format": json.dumps({"format": 99}),
    "no edition": json.dumps({"format": 1, "files": {}}),
    "files without names": json.dumps(
        {"format": 1, "edition": dict.fromkeys(published.EDITION, ""), "files": []}
    ),
}


@pytest.mark.parametrize("text", NO_MANIFEST.values(), ids=NO_MANIFEST)
def test_what_is_no_manifest_is_refused_in_one_line(text: str, book: Path) -> None:
    (book / MANIFEST).write_text(text)
    with pytest.raises(AleppoError, match=r"manifest.json: expected (the|a) manifest of") as error:
        verify(book)
    assert "\n" not in str(error.value)


FILES = st.dictionaries(st.sampled_from("abcdefg"), st.sampled_from("0123"))


@given(FILES, FILES)
def test_every_file_that_either_side_has_alone_or_otherwise_is_told_once(
    files: dict[str, str], found: dict[str, str]
) -> None:
    told = differences(files, found)
    assert set(told) == {name for name in {*files, *found} if files.get(name) != found.get(name)}
    assert {name for name, kind in told.items() if kind == "missing"} == set(files) - set(found)
    assert {name for name, kind in told.items() if kind == "extra"} == set(found) - set(files)


def test_the_command_lists_differences_and_exits_with_1(
    book: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("aleppo.evidence.paths.repository", lambda: checkout)
    assert main(["verify", "--book", str(book)]) == 0
    assert capsys.readouterr().out.startswith("book verified: 3 files, ")
    (book / "index.html").unlink()
    assert main(["verify", "--book", str(book)]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err.splitlines()[0]) == ("", "missing: index.html")
    assert main(["verify", "--book", str(book / "nowhere")]) == 1
    assert "expected the folder of a built book" in capsys.readouterr().err


def test_hashes_are_those_of_the_bytes(book: Path) -> None:
    before = hashes(book)
    (book / "index.html").write_text("<p>index.html</p> ")
    after = hashes(book)
    assert {name for name in before if before[name] != after[name]} == {"index.html"}
