"""The book, its chapters, figures, tables and data, each with a citation in four formats."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from aleppo.bookkit import citation, cite
from aleppo.bookkit.citation import Book, Part
from aleppo.cli import commands
from aleppo.evidence import data_dir, repository
from aleppo.evidence.errors import AleppoError

BOOK = Book("The Turn at Aleppo", ("The contributors", "Doe, Jane"), "0.2.0", "2026-11-23", "", "abc123")
ONLINE = Book(
    "The Turn at Aleppo", ("The contributors",), "0.2.0", "2026-11-23", "https://example.org/book/", ""
)
WHOLE = Part("book", "book", "The Turn at Aleppo")
CHAPTER = Part("chapter", "notebooks/truces", "Truces: did violence fall?", "notebooks/truces")
FIGURE = Part(
    "figure", "fig-x", "Half of it <b> & 53 % fell", "notebooks/truces", "fig-x", "data as of 2026-11-20"
)


def test_the_book_is_cited_with_its_version_and_commit():
    assert citation.apa(WHOLE, BOOK) == (
        "The contributors & Doe, Jane. (2026). The Turn at Aleppo (version 0.2.0, commit abc123)."
    )


def test_a_figure_is_cited_in_the_book_with_its_anchor_and_the_state_of_its_data():
    assert citation.apa(FIGURE, ONLINE) == (
        "The contributors. (2026). Half of it <b> & 53 % fell [Figure]. In The Turn at Aleppo "
        "(version 0.2.0, fig-x, data as of 2026-11-20). https://example.org/book/notebooks/truces.html#fig-x"
    )


def test_bibtex_keeps_names_whole_and_escapes_what_tex_would_read():
    text = citation.cite(FIGURE, BOOK, "bibtex")
    assert text.startswith("@misc{turn-at-aleppo-2026-fig-x,\n")
    assert "author = {{The contributors} and {Doe, Jane}}" in text
    assert r"title = {{Half of it <b> \& 53 \% fell}}" in text
    assert citation.cite(CHAPTER, BOOK, "bibtex").startswith("@incollection{")
    assert text.count("{") == text.count("}")


def test_ris_begins_with_its_type_ends_with_its_end_and_has_an_author_a_line():
    lines = citation.cite(CHAPTER, BOOK, "ris").split("\n")
    assert lines[0] == "TY  - CHAP"
    assert lines[-1] == "ER  - "
    assert [line for line in lines if line.startswith("AU")] == ["AU  - The contributors", "AU  - Doe, Jane"]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)


def test_csl_names_the_container_and_the_day():
    [item] = json.loads(citation.cite(CHAPTER, ONLINE, "csl"))
    assert item["container-title"] == "The Turn at Aleppo"
    assert item["issued"] == {"date-parts": [[2026, 11, 23]]}
    assert item["URL"] == "https://example.org/book/notebooks/truces.html"


def test_an_unknown_format_is_refused():
    with pytest.raises(AleppoError, match="expected a format of apa, bibtex, ris, csl, found 'mla'"):
        citation.cite(WHOLE, BOOK, "mla")


def test_everything_of_this_book_can_be_cited():
    parts = citation.parts(repository(), data_dir())
    kinds = {part.kind for part in parts.values()}
    assert kinds == {"book", "chapter", "figure", "table", "dataset"}
    assert parts["truces"] is parts["notebooks/truces"]
    assert parts["fig-east-share"].page == "notebooks/who-held-the-city"
    book = citation.book_of(repository())
    for part in parts.values():
        for form in citation.FORMATS:
            assert part.title.rstrip(".")[:20].split(" ")[0] in citation.cite(part, book, form)


def test_a_citation_file_without_a_version_is_named(tmp_path: Path):
    with pytest.raises(AleppoError, match=r"CITATION\.cff: expected it at the root"):
        citation.book_of(tmp_path)
    (tmp_path / "CITATION.cff").write_text("title: x\nauthors: [{name: y}]\ndate-released: 2026-01-01\n")
    with pytest.raises(AleppoError, match=r"CITATION\.cff: expected title.* found no 'version'"):
        citation.book_of(tmp_path)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "meta":
            self.pairs.append((known["name"] or "", known["content"] or ""))


def read(text: str) -> dict[str, list[str]]:
    parser = Tags()
    parser.feed(text)
    found: dict[str, list[str]] = {}
    for name, content in parser.pairs:
        found.setdefault(name, []).append(content)
    return found


def test_tags_survive_characters_that_html_would_read():
    found = read(cite.tags(FIGURE, BOOK))
    assert found["citation_title"] == ["Half of it <b> & 53 % fell"]
    assert found["citation_author"] == ["The contributors", "Doe, Jane"]
    assert found["citation_inbook_title"] == ["The Turn at Aleppo"]
    assert found["DC.creator"] == found["citation_author"]


def test_linked_data_is_a_chapter_of_the_book_and_closes_no_element():
    text = cite.linked_data(Part("chapter", "x", "</script><b>", "x"), BOOK)
    content = json.loads(text.removeprefix('<script type="application/ld+json">').removesuffix("</script>"))
    assert content["@type"] == "Chapter"
    assert content["name"] == "</script><b>"
    assert content["isPartOf"]["@type"] == "Book"
    assert text.count("</script>") == 1


def test_each_table_of_the_data_is_a_dataset_with_its_creator():
    found = cite.datasets(BOOK)
    assert {"@type", "name", "description", "creator", "dateModified"} <= set(found[0])
    assert "distribution" not in found[0]
    assert any(dataset["creator"]["name"].startswith("Airwars") for dataset in found)


def test_a_dataset_of_a_book_with_an_address_says_where_its_files_are():
    found = {dataset["name"]: dataset["distribution"] for dataset in cite.datasets(ONLINE)}
    for files in found.values():
        assert [file["encodingFormat"].split("/")[0] for file in files] == [
            "text",
            "application",
            "application",
        ]
        assert all(file["contentUrl"].startswith("https://example.org/book/_static/data/") for file in files)
    assert read(cite.tags(FIGURE, ONLINE))["DC.identifier"] == [
        "https://example.org/book/notebooks/truces.html#fig-x"
    ]


def test_the_citation_file_is_one_of_the_citation_file_format():
    names = metadata.files("cffconvert") or []
    [schema] = [name for name in names if name.as_posix().endswith("schemas/1.2.0/schema.json")]
    content = yaml.load((repository() / "CITATION.cff").read_text(), yaml.BaseLoader)
    validator = jsonschema.Draft7Validator(
        json.loads(Path(str(schema.locate())).read_text()), format_checker=jsonschema.FormatChecker()
    )
    assert [error.message for error in validator.iter_errors(content)] == []
    assert validator.is_valid({**content, "date-released": "soon"}) is False
    assert validator.is_valid({key: value for key, value in content.items() if key != "authors"}) is False


def test_the_command_prints_a_citation_and_suggests_what_was_meant():
    result = CliRunner().invoke(commands, ["cite", "fig-east-share", "--format", "ris"])
    assert result.output.startswith("TY  - FIGURE\n")
    result = CliRunner().invoke(commands, ["cite", "trces"])
    assert result.exit_code == 2
    assert "did you mean truces?" in result.output


def test_the_deposit_says_what_the_citation_file_says():
    root = repository()
    deposit = json.loads((root / ".zenodo.json").read_text())
    cff = yaml.safe_load((root / "CITATION.cff").read_text())
    assert deposit["title"] == cff["title"]
    assert deposit["version"] == str(cff["version"])
    assert deposit["publication_date"] == str(cff["date-released"])
    assert [one["name"] for one in deposit["creators"]] == [one["name"] for one in cff["authors"]]
    assert deposit["keywords"] == cff["keywords"]
    assert deposit["license"] in [name.lower() for name in cff["license"]]


def test_the_release_of_the_citation_file_heads_the_changelog():
    cff = yaml.safe_load((repository() / "CITATION.cff").read_text())
    newest = re.search(r"^## (\S+) \((\S+)\)", (repository() / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest.groups() == (str(cff["version"]), str(cff["date-released"]))
