"""Stills: stale ones are found by their hash, and drawing the same figure gives the same bytes."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from show_samples import cell, chart, notebook, sample, still_for

from aleppo.evidence.errors import AleppoError
from aleppo.show import figure, stills, theme
from aleppo.show.assets import font_dirs

RAW = (
    '<svg class="main-svg" xmlns="http://www.w3.org/2000/svg" width="720" height="420" style="">'
    '<defs id="defs-a1b2c3"><clipPath id="clipa1b2c3xy"><rect width="1.00049999" height="2"/></clipPath></defs>'
    '<g class="empty"/><g class="layer"><path clip-path="url(#clipa1b2c3xy)" data-index="0" d="M0,1.23456L2,3" '
    'style="opacity: 1; stroke: rgb(31, 95, 191); stroke-opacity: 1; fill-opacity: 0.5;"/>'
    '<text style="font-family: &quot;Source Sans 3&quot;, system-ui, sans-serif; font-size: 13px; '
    'fill: rgb(34, 40, 50);">rgb(1, 2, 3) is 1.23456</text></g></svg>'
)


def finished(raw: str = RAW) -> str:
    return stills.finished(raw, sample().payload).decode()


def stored(folder: Path, *shown: Any, name: str = "book") -> Path:
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook(*(cell(each) for each in shown)), path)
    return path


def test_a_still_begins_with_the_hash_of_its_drawing() -> None:
    assert finished().startswith(
        f"<!-- aleppo-figure sha256:{figure.drawing_hash(sample().payload)} -->\n<svg"
    )


def test_random_ids_are_replaced_wherever_they_are_used() -> None:
    assert finished() == finished(RAW.replace("a1b2c3", "ffee00"))
    ids = set(re.findall(r'id="([^"]+)"', finished()))
    assert set(re.findall(r"url\(#([^)]+)\)", finished())) <= ids


def test_colours_are_hexadecimal_so_that_the_dark_still_is_a_replacement() -> None:
    assert "stroke: #1f5fbf" in finished()
    assert theme.DARK_OF["#1f5fbf"] in theme.darkened(finished())


def test_text_is_never_touched() -> None:
    assert "rgb(1, 2, 3) is 1.23456" in finished()


def test_the_family_is_said_once_and_ends_with_one_that_every_reader_has() -> None:
    assert finished().count("font-family") == 1
    assert (
        ElementTree.fromstring(finished()).get("style")
        == 'font-family: "Source Sans 3", system-ui, sans-serif;'
    )


def test_what_draws_nothing_is_left_out() -> None:
    assert "class=" not in finished() and "<g/>" not in finished() and "1.23456L" not in finished()


def test_a_finished_still_is_xml() -> None:
    ElementTree.fromstring(finished())


def test_arabic_in_a_mixed_label_is_isolated() -> None:
    assert stills.isolated({"text": "in حلب الشرقية now"}) == {"text": "in \u2068حلب الشرقية\u2069 now"}


def test_arabic_with_a_line_break_is_refused() -> None:
    with pytest.raises(AleppoError, match="on one line"):
        stills.isolated(["حلب<br>Aleppo"])


def test_a_current_still_is_not_stale(tmp_path: Path) -> None:
    (tmp_path / "weekly.svg").write_text(still_for(sample().payload), encoding="utf-8")
    assert stills.stale([stored(tmp_path, sample())], tmp_path) == []


def test_a_missing_an_earlier_and_an_orphan_still_are_stale(tmp_path: Path) -> None:
    book = stored(tmp_path, sample(), sample(id="other"))
    (tmp_path / "weekly.svg").write_text(still_for(sample(chart(y=[1] * 40)).payload), encoding="utf-8")
    (tmp_path / "gone.svg").write_text("<svg/>", encoding="utf-8")
    found = {Path(each.still).stem: each.reason for each in stills.stale([book], tmp_path)}
    assert set(found) == {"weekly", "other", "gone"}
    assert "earlier state" in found["weekly"] and "found none" in found["other"] and "no" in found["gone"]


def test_an_id_in_two_notebooks_is_refused(tmp_path: Path) -> None:
    books = [stored(tmp_path, sample(), name=name) for name in ("one", "two")]
    with pytest.raises(AleppoError, match="each figure id once"):
        stills.stale(books, tmp_path)


def test_a_file_that_is_no_notebook_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AleppoError, match=r"broken\.ipynb"):
        stills.figures_in([path])


def test_figures_that_are_not_of_the_book_are_passed_over(tmp_path: Path) -> None:
    bare = nbformat.v4.new_output("display_data", data={figure.MIME: {"data": [], "layout": {}}})
    path = tmp_path / "bare.ipynb"
    nbformat.write(notebook(nbformat.v4.new_code_cell("x", outputs=[bare])), path)
    assert stills.figures_in([path]) == {}


def test_a_browser_named_in_the_environment_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
    with pytest.raises(AleppoError, match="no such file"):
        stills.browser()


def test_no_browser_at_all_is_said_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BROWSER_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(AleppoError, match="expected a Chromium"):
        stills.browser()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Path], bytes, bytes]:
    """The sample redrawn twice, in two runs of the browser."""
    pytest.importorskip("kaleido")
    try:
        stills.browser()
    except AleppoError as error:
        pytest.skip(str(error))
    if not font_dirs():
        pytest.skip("the book's fonts were not fetched")
    folder = tmp_path_factory.mktemp("stills")
    (folder / "gone.svg").write_text("<svg/>", encoding="utf-8")
    fig = theme.mark_break(chart())
    theme.label(fig, "2015-07-06", 30, "in حلب now", theme.INK)
    book = stored(folder, sample(fig), sample(id="other"))
    changed = stills.redraw([book], folder)
    first = (folder / "weekly.svg").read_bytes()
    stills.redraw([book], folder, everything=True)
    return book, changed, first, (folder / "weekly.svg").read_bytes()


@pytest.mark.browser
def test_redrawing_writes_what_is_stale_and_removes_orphans(drawn: Any) -> None:
    book, changed, _, _ = drawn
    assert sorted(path.name for path in changed) == ["gone.svg", "other.svg", "weekly.svg"]
    assert stills.stale([book], book.parent) == []


@pytest.mark.browser
def test_the_same_figure_gives_the_same_bytes(drawn: Any) -> None:
    _, _, first, second = drawn
    assert first == second


@pytest.mark.browser
def test_a_drawn_still_shows_the_words_of_the_figure_in_colours_of_the_theme(drawn: Any) -> None:
    picture = drawn[2].decode()
    assert "Russian air strikes begin" in picture and "\u2068حلب\u2069" in picture
    colours = set(re.findall(r"(?:fill|stroke): (#[0-9a-f]{6})", picture)) - {"#000000"}
    assert colours and colours <= set(theme.DARK_OF)


@pytest.mark.browser
def test_a_drawn_still_has_its_size_and_no_address(drawn: Any) -> None:
    root = ElementTree.fromstring(drawn[2].decode())
    assert (root.get("width"), root.get("height")) == (str(theme.STILL_WIDTH), str(theme.HEIGHT))
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", drawn[2].decode())


def lines_without_length(picture: str) -> list[str]:
    """Lines of four letters and more whose length the still does not say, on them or around them."""
    texts = ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")
    lines = [line for text in texts for line in ([text] if text.text or text.get("textLength") else text)]
    return [
        words for line in lines if len(words := "".join(line.itertext())) > 3 and not line.get("textLength")
    ]


@pytest.mark.browser
def test_a_drawn_line_has_its_length_for_readers_with_other_letters(drawn: Any) -> None:
    assert lines_without_length(drawn[2].decode()) == ["in \u2068حلب\u2069 now"]


def test_every_line_of_the_stills_of_the_book_has_its_length() -> None:
    pictures = [path.read_text(encoding="utf-8") for path in sorted(stills.stills_dir().glob("*.svg"))]
    assert sum(picture.count("textLength=") for picture in pictures) > len(pictures)
    assert [line for picture in pictures for line in lines_without_length(picture)] == []


@pytest.mark.browser
def test_drawing_leaves_the_environment_as_it_was(drawn: Any) -> None:
    assert "aleppo-fonts" not in os.environ.get("FONTCONFIG_FILE", "")


def test_the_browser_sees_only_the_fonts_of_the_book(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    with stills._only_fonts([tmp_path / "a & b"]):
        config = Path(os.environ["FONTCONFIG_FILE"]).read_text(encoding="utf-8")
        assert [each.text for each in ElementTree.fromstring(config).iter("dir")] == [str(tmp_path / "a & b")]
    assert "FONTCONFIG_FILE" not in os.environ


def test_a_payload_read_back_from_a_notebook_has_the_hash_it_was_stored_with(tmp_path: Path) -> None:
    path = stored(tmp_path, sample())
    read = json.loads(path.read_text(encoding="utf-8"))["cells"][0]["outputs"][0]["data"][figure.MIME]
    assert figure.drawing_hash(read) == figure.drawing_hash(sample().payload)
