"""Citations: every entry parses, prints what the table says, and tells what was read."""

from __future__ import annotations

import pandas as pd
import pytest
from pybtex.database import BibliographyData, parse_string
from pybtex.plugin import find_plugin

from aleppo.evidence import EvidenceError, load
from aleppo.evidence.sources import bibtex, cite_line
from aleppo.evidence.tables import TABLES


def sources(**cells: str) -> pd.DataFrame:
    row = {
        "source_id": "cnn-2016-siege",
        "title": "Aleppo siege",
        "publisher": "CNN",
        "published": "2016-02-07",
        "url": "https://cnn.example/a_b?c=%20&d",
        "read": "original",
        "type": "news",
        "language": "en",
    }
    columns = TABLES["sources"].column_names
    return pd.DataFrame([{name: (row | cells).get(name) or None for name in columns}], dtype="string")


def parsed(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


def printed(text: str) -> dict[str, str]:
    """Key → the entry as pybtex prints it in plain text."""
    style = find_plugin("pybtex.style.formatting", "unsrt")()
    plain = find_plugin("pybtex.backends", "plaintext")()
    data = parsed(text)
    entries = style.format_entries(list(data.entries.values()), data)
    return {entry.key: entry.text.render(plain) for entry in entries}


def test_a_publisher_stands_for_an_author_that_is_not_named() -> None:
    assert printed(bibtex(sources())) == {
        "cnn-2016-siege": "CNN. Aleppo siege. 7 February 2016. URL: https://cnn.example/a_b?c=%20&d."
    }


def test_persons_are_parsed_as_names_and_all_others_kept_whole() -> None:
    authors = "Edith M. Lederer; UN OCHA FTS; Price, Gohdes and Ball; Guha-Sapir et al.; A. Winning (data)"
    people = parsed(bibtex(sources(author=authors))).entries["cnn-2016-siege"].persons["author"]
    assert [" ".join(person.last_names) for person in people] == [
        "Lederer",
        "{UN OCHA FTS}",
        "{Price, Gohdes and Ball}",
        "{Guha-Sapir et al.}",
        "Winning",
    ]


def letters_of(*rows: dict[str, str]) -> dict[str, str]:
    table = pd.concat([sources(**cells) for cells in rows], ignore_index=True)
    return {key: entry.fields.get("extradate", "") for key, entry in parsed(bibtex(table)).entries.items()}


def test_sources_of_one_author_and_year_are_told_apart_by_date() -> None:
    assert letters_of(
        {"source_id": "one", "published": "2016-03-02"},
        {"source_id": "two", "published": "2016-03-01"},
        {"source_id": "three", "published": "2015-03-01"},
        {"source_id": "four", "author": "Edith M. Lederer"},
        {"source_id": "five", "author": "Jo Lederer; Ann Li; Bo Wu"},
        {"source_id": "six", "author": "Jo Lederer; Cy Ma; Di Fu"},
    ) == {"one": "b", "two": "a", "three": "", "four": "", "five": "a", "six": "b"}


def test_letters_sort_as_they_are_given() -> None:
    rows = [{"source_id": f"s{place:03d}", "published": "2016-01-01"} for place in range(60)]
    given = list(letters_of(*rows).values())
    assert given == sorted(set(given))
    assert (given[0], given[22], given[23], given[59]) == ("a", "z", "za", "zzq")
    # behind a year they would be read as digits
    assert not set("ilo") & set("".join(given))


def test_no_two_sources_of_the_book_are_cited_alike() -> None:
    entries = parsed(bibtex(load("sources"))).entries.values()
    cited = []
    for entry in entries:
        people = [" ".join(person.prelast_names + person.last_names) for person in entry.persons["author"]]
        named = " and ".join(people) if len(people) < 3 else f"{people[0]} et al."
        cited.append((named, entry.fields["year"], entry.fields.get("extradate", "")))
    assert len(set(cited)) == len(cited)


def test_the_publisher_is_named_beside_an_author() -> None:
    text = printed(bibtex(sources(author="Edith M. Lederer")))["cnn-2016-siege"]
    assert text.startswith("Edith M. Lederer. Aleppo siege. CNN, 7 February 2016.")


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (
            {"read": "copy", "copy_url": "https://copy.example/x--y_z"},
            "Read as a copy at https://copy.example/x--y_z. URL: https://cnn.example/",
        ),
        (
            {"read": "copy", "copy_url": "https://copy.example/x", "url": ""},
            "Read as a copy at copy.example. URL: https://copy.example/x.",
        ),
        ({"read": "copy", "url": ""}, "Read as a copy."),
        (
            {
                "read": "copy",
                "copy_url": "https://copy.example/x",
                "note": "State agency. Read as carried by Masress. Quotes SOHR.",
            },
            "Read as carried by Masress: https://copy.example/x. State agency. Quotes SOHR. URL: https://cnn",
        ),
        (
            {
                "read": "copy",
                "copy_url": "https://copy.example/x",
                "url": "",
                "note": "Read in a saved copy of 2023 of this page.",
            },
            "Read in a saved copy of 2023 of this page. URL: https://copy.example/x.",
        ),
        ({"read": "nothing", "url": ""}, "Not read; cited after other sources."),
        ({"language": "ar"}, "In Arabic. URL"),
        ({"published": "2016-02"}, "Aleppo siege. February 2016."),
        ({"published": "2016"}, "Aleppo siege. 2016."),
        ({"published": ""}, "Aleppo siege. n.d."),
    ],
)
def test_what_was_read_and_when_it_appeared_is_told(cells: dict[str, str], told: str) -> None:
    assert told in printed(bibtex(sources(**cells)))["cnn-2016-siege"]


def test_a_dataset_is_entered_as_one() -> None:
    assert parsed(bibtex(sources(type="dataset"))).entries["cnn-2016-siege"].type == "dataset"


@pytest.mark.parametrize(
    "title",
    [
        "100 % & 50 $ #1 a_b ~ back\\slash ^",
        "More than $10bn, says Cameron",
        "a -- b --- c",
        "It's “quoted” ‘so’",
        'He said "no"',
        "معركة حلب",
        "İstanbul’da çatışma – Köln",
    ],
)
def test_no_character_of_a_title_is_lost(title: str) -> None:
    assert f"CNN. {title}." in printed(bibtex(sources(title=title)))["cnn-2016-siege"]


def test_braces_cannot_unbalance_the_bibliography() -> None:
    assert "CNN. a (b c) d." in printed(bibtex(sources(title="a {b c} d")))["cnn-2016-siege"]


def test_the_whole_table_parses_and_prints_every_title() -> None:
    table = load("sources")
    text = bibtex(table)
    entries = printed(text)
    assert list(parsed(text).entries) == sorted(table["source_id"])
    missing = [
        row.source_id for row in table.itertuples() if row.title.rstrip(".") not in entries[row.source_id]
    ]
    assert missing == []


def test_the_order_of_the_rows_does_not_matter() -> None:
    table = load("sources")
    assert bibtex(table.iloc[::-1]) == bibtex(table)


def test_a_source_line_names_each_publisher_and_year_once() -> None:
    table = load("sources").dropna(subset=["published"]).set_index("source_id")
    one = table.index[0]
    same = f"{table['publisher'][one]} ({table['published'][one][:4]})"
    other = next(key for key in table.index if table["publisher"][key] != table["publisher"][one])
    line = cite_line([one, other, one])
    assert line == f"{same}; {table['publisher'][other]} ({table['published'][other][:4]})"


def test_an_unknown_source_cannot_be_cited() -> None:
    with pytest.raises(EvidenceError, match="expected the source nobody-2016 that a figure cites"):
        cite_line(["nobody-2016"])
