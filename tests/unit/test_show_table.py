"""The table: formatted once, sortable by what it means, downloadable as it is."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from show_samples import sheet

from aleppo.evidence.errors import AleppoError
from aleppo.show import count, table

ROWS = pd.DataFrame(
    {
        "place": ["Aleppo", "Idleb", "Homs"],
        "day": pd.to_datetime(["2016-11-28", None, "2015-09-30"]),
        "deaths": pd.array([1200, 3, None], dtype="Int64"),
        "share": [0.5, 0.25, 0.125],
        "by": ["a-1;b-2", "a-1", None],
    }
)


def made(**changes: Any) -> dict[str, Any]:
    columns: dict[str, Any] = {"place": "Place", "day": "Day", "deaths": ("Deaths", "persons")}
    return sheet(ROWS, **{"columns": columns, **changes}).payload


def test_cells_are_formatted_and_missing_ones_are_dashes() -> None:
    assert made()["rows"] == [
        ["Aleppo", "28\u00a0November 2016", "1,200"],
        ["Idleb", "–", "3"],
        ["Homs", "30\u00a0September 2015", "–"],
    ]


def test_columns_carry_their_unit_and_their_side() -> None:
    assert made()["columns"][2] == {
        "key": "deaths",
        "label": "Deaths",
        "unit": "persons",
        "align": "right",
        "kind": "text",
    }
    assert table.heading(made()["columns"][2]) == "Deaths (persons)"


def test_numbers_and_dates_are_sorted_as_such_and_words_by_their_letters() -> None:
    assert made()["sort"] == [None, ["2016-11-28T00:00:00", None, "2015-09-30T00:00:00"], [1200, 3, None]]


def test_a_format_gives_the_text_and_the_value_still_sorts() -> None:
    payload = made(columns={"share": "Share"}, formats={"share": lambda value: f"{value:.0%}"})
    assert payload["rows"] == [["50%"], ["25%"], ["12%"]]
    assert payload["sort"] == [[0.5, 0.25, 0.125]]


def test_a_column_of_source_ids_is_marked_to_be_cited() -> None:
    payload = made(columns={"by": "Source"}, formats={"by": "cite"})
    assert payload["columns"][0]["kind"] == table.CITE
    assert payload["rows"] == [["a-1;b-2"], ["a-1"], ["–"]]


def test_the_csv_holds_every_column_unformatted() -> None:
    assert made()["csv"].splitlines()[:2] == [
        "place,day,deaths,share,by",
        "Aleppo,2016-11-28,1200,0.5,a-1;b-2",
    ]


@pytest.mark.parametrize(
    ("chosen", "kept"), [(None, None), (2, [0, 1]), ([2, 0], [0, 2]), (3, None), (9, None)]
)
def test_rows_for_print_are_the_first_or_the_chosen(chosen: Any, kept: list[int] | None) -> None:
    assert made(print_rows=chosen)["print_rows"] == kept


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"columns": {"nothing": "Nothing"}}, "nothing"),
        ({"columns": {}}, "columns to show"),
        ({"formats": {"nothing": count}}, "nothing"),
        ({"formats": {"deaths": lambda value: value}}, "expected text from its format"),
        ({"formats": {"deaths": "citation"}}, "expected a function, 'cite' or 'claim'"),
        ({"print_rows": [3]}, "rows from 0 to 2"),
        ({"print_rows": 0}, "rows from 0 to 2"),
        ({"id": "Weeks"}, "expected an id"),
        ({"caption": ""}, "caption"),
        ({"sources": []}, "sources"),
    ],
)
def test_a_table_that_could_not_be_made_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(AleppoError, match=words):
        made(**change)


def test_the_bundle_has_a_face_for_the_book_for_editors_and_for_a_terminal() -> None:
    bundle = sheet()._repr_mimebundle_()
    assert list(bundle) == [table.MIME, "text/html", "text/plain"]
    assert bundle["text/plain"] == "Recorded deaths by week. 40 rows."
    json.dumps(bundle, allow_nan=False)


def test_editors_get_plain_html_with_markup_escaped() -> None:
    page = table.as_html(made(caption="Deaths <b>&</b> more"))
    assert "Deaths &lt;b&gt;&amp;&lt;/b&gt; more" in page
    assert '<td style="text-align:right">1,200</td>' in page


def test_the_caption_ends_with_sources_and_vintage() -> None:
    text = table.caption_text(made())
    assert text.startswith(
        "Recorded deaths by week. Sources: {cite:p}`un-2016-report,news-2016-story`. Data as of "
    )


def test_rows_are_filtered_by_each_value_that_a_cell_holds() -> None:
    facets = made(columns={"place": "Place", "by": "Published by"}, explore=["by"])["explore"]
    assert facets == [
        {"label": "Published by", "choices": ["a-1", "b-2"], "rows": [[0, 1], [0], []]},
    ]


def test_a_filter_may_use_a_column_that_is_not_shown_under_a_name_of_its_own() -> None:
    assert [facet["label"] for facet in made(explore={"by": "Monitor"})["explore"]] == ["Monitor"]
    assert [facet["label"] for facet in made(explore=["by"])["explore"]] == ["By"]


def test_a_table_without_filters_says_nothing_of_them() -> None:
    assert "explore" not in made()


def test_a_filter_by_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(
        AleppoError, match="expected a column of place, day, deaths, share, by, found 'colour'"
    ):
        made(explore=["colour"])
