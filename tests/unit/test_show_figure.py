"""The figure: what it refuses, what it stores, and that its faces come from one drawing."""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from show_samples import SOURCES, chart, frame, sample

from aleppo.evidence.errors import AleppoError
from aleppo.show import figure, theme
from aleppo.show.wording import citations


def test_the_bundle_is_plotly_and_a_sentence() -> None:
    bundle = sample()._repr_mimebundle_()
    assert set(bundle) == {figure.MIME, "text/plain"}
    assert set(bundle[figure.MIME]) == {"data", "layout", "config"}
    assert bundle["text/plain"] == "A line that rises week by week from 0 to 39."


def test_the_bundle_is_json_and_the_same_twice() -> None:
    first, second = (json.dumps(sample().payload, sort_keys=True, allow_nan=False) for _ in range(2))
    assert first == second


def test_the_stored_layout_has_no_template_no_title_and_the_facts_in_meta() -> None:
    layout = sample().payload["layout"]
    assert "template" not in layout and "title" not in layout
    assert {"id", "title", "caption", "alt", "sources", "vintage", "csv"} <= set(layout["meta"]["aleppo"])


def test_the_height_is_always_stored() -> None:
    assert sample().payload["layout"]["height"] == theme.HEIGHT


def test_the_csv_is_the_frame_that_was_drawn() -> None:
    assert sample().payload["layout"]["meta"]["aleppo"]["csv"].splitlines()[:3] == [
        "week,deaths",
        "2015-06-01,0",
        "2015-06-08,1",
    ]


def test_the_vintage_is_the_date_of_the_sidecars() -> None:
    assert sample().payload["layout"]["meta"]["aleppo"]["vintage"].count("-") == 2


def test_numbers_are_rounded_so_that_versions_of_numpy_agree() -> None:
    payload = sample(chart(y=[n / 3 for n in range(40)])).payload
    assert payload["data"][0]["y"][:3] == [0, 0.3333333, 0.6666667]


def test_a_plotly_express_default_template_does_not_reach_the_notebook() -> None:
    assert "template" not in json.dumps(sample().payload)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Weekly Deaths"}, "expected an id"),
        ({"title": " "}, "title"),
        ({"caption": "two\nlines"}, "caption"),
        ({"alt": "Deaths rise from 0 to 39."}, "describes the chart"),
        ({"sources": []}, "sources"),
        ({"sources": "un-2016-report"}, "sources"),
        ({"sources": ["a", "a"]}, "each name once"),
        ({"tables": ["no_such_table"]}, "no_such_table"),
        ({"data": pd.DataFrame()}, "data"),
    ],
)
def test_a_figure_without_what_a_reader_needs_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(AleppoError, match=words):
        sample(**change)


@pytest.mark.parametrize(
    ("fig", "words"),
    [
        (chart().update_layout(title="Deaths"), "no title inside"),
        (chart().update_layout(width=700), "width of the page"),
        (go.Figure(go.Scattergl(x=[1], y=[2])), "render_mode"),
        (go.Figure(go.Choropleth(locations=["SYR"], z=[1])), "choropleth"),
        (go.Figure(go.Scattergeo(lon=[37], lat=[36])), "scattergeo"),
        (go.Figure().update_geos(visible=False), "scatter\\(fill"),
        (chart(line_color="red"), r"data\[0\]\.line\.color.*'red'"),
        (chart(marker={"color": ["#636efa"] * 40}), "#636efa"),
        (go.Figure(go.Heatmap(z=[[1, 2]], colorscale="Viridis")), "#"),
        (chart(y=[1.0, math.inf] * 20), "infinity"),
        (chart(y=[1.0, math.nan] * 20), "connectgaps"),
        (go.Figure(go.Scatter(x=list(range(60_000)), y=[0.123456] * 60_000)), "aggregate"),
        ("not a figure", "expected a plotly Figure"),
    ],
)
def test_a_chart_that_would_not_draw_alike_everywhere_is_refused(fig: Any, words: str) -> None:
    with pytest.raises(AleppoError, match=words):
        sample(fig)


def test_a_gap_that_is_meant_is_kept_as_one() -> None:
    payload = sample(chart(y=[1.0, math.nan] * 20, connectgaps=False)).payload
    assert payload["data"][0]["y"][:2] == [1, None]


def test_colours_of_the_theme_pass_with_and_without_alpha() -> None:
    sample(chart(fill="tozeroy", fillcolor=theme.tint(theme.HOLDERS["opposition"], 0.2)))


def test_the_cell_metadata_number_and_caption_the_figure() -> None:
    found = figure.cell_metadata(sample().payload)["mystnb"]["figure"]
    assert found["name"] == "fig-weekly"
    assert found["caption"].startswith("**Deaths rise from 0 to 39.** Recorded deaths by week. ")
    assert citations(SOURCES) in found["caption"]
    assert found["caption"].endswith("Data as of 23\u00a0November 2026.")


def test_markup_in_words_is_printed_and_not_obeyed() -> None:
    payload = sample(caption="Not *this*, nor [that](x), <b>, 5_000, $x$ & `code`.").payload
    caption = figure.cell_metadata(payload)["mystnb"]["figure"]["caption"]
    assert r"Not \*this\*, nor \[that\](x), \<b\>, 5\_000, \$x\$ \& \`code\`." in caption


def test_a_long_list_of_sources_is_counted_in_the_caption() -> None:
    many = [f"source-{number}" for number in range(20)]
    caption = figure.cell_metadata(sample(sources=many).payload)["mystnb"]["figure"]["caption"]
    assert "20 publications" in caption and "{cite" not in caption


def test_metadata_of_a_bare_plotly_figure_are_refused() -> None:
    with pytest.raises(AleppoError, match="another plotly figure"):
        figure.cell_metadata({"data": [], "layout": {}})


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("data", 0, "y", 3), 99),
        (("data", 0, "line", "color"), theme.PUBLISHERS["SOHR"]),
        (("layout", "height"), 500),
    ],
)
def test_the_hash_of_the_drawing_changes_with_what_is_drawn(path: tuple[Any, ...], value: Any) -> None:
    before = sample().payload
    after = copy.deepcopy(before)
    place: Any = after
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert figure.drawing_hash(before) != figure.drawing_hash(after)


def test_the_hash_of_the_drawing_changes_with_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    before = figure.drawing_hash(sample().payload)
    monkeypatch.setattr(theme, "INK", "#000001")
    monkeypatch.setattr(theme, "FAMILY", "serif")
    assert figure.drawing_hash(sample().payload) != before


def test_the_hash_of_the_drawing_does_not_change_with_words_alone() -> None:
    assert figure.drawing_hash(sample().payload) == figure.drawing_hash(
        sample(caption="Other words.").payload
    )


def test_the_page_gets_neither_the_words_nor_the_csv() -> None:
    text = json.dumps(figure.for_the_page(sample().payload))
    assert "2015-06-01" in text and "Recorded deaths by week" not in text and "week,deaths" not in text


def marked(**changes: Any) -> dict[str, Any]:
    fig = theme.mark_break(chart())
    theme.mark_dates(fig, {"2015-11-11": "Something else that happened"})
    return sample(fig, **changes).payload


def test_marked_dates_get_room_above_the_plot_and_more_of_it_on_a_narrow_screen() -> None:
    layout = marked()["layout"]
    narrow = layout["meta"]["aleppo"]["narrow"]
    assert narrow["margin"]["t"] >= layout["margin"]["t"] >= theme.ROW_HEIGHT
    assert narrow["height"] - layout["height"] == narrow["margin"]["t"] - layout["margin"]["t"]


def test_the_axis_of_marked_dates_is_fixed_to_its_days() -> None:
    first, last = marked()["layout"]["xaxis"]["range"]
    assert first < "2015-06-01" and last > "2016-02-29"


def test_a_date_marked_outside_a_fixed_axis_is_refused() -> None:
    fig = theme.mark_break(chart()).update_xaxes(range=["2016-01-01", "2016-02-01"])
    with pytest.raises(AleppoError, match="dates to mark"):
        sample(fig)


def test_the_authors_narrow_layout_wins() -> None:
    assert marked(narrow={"height": 333})["layout"]["meta"]["aleppo"]["narrow"]["height"] == 333


def test_a_narrow_drawing_is_the_same_data_in_the_narrow_template() -> None:
    payload = marked()
    wide, narrow = figure.drawing(payload), figure.drawing(payload, narrow=True)
    assert wide["data"] == narrow["data"]
    assert narrow["layout"]["template"]["layout"]["xaxis"]["nticks"] == 5


@pytest.mark.parametrize(
    ("names", "shown"), [((None, None), False), (("a", None), False), (("a", "b"), True)]
)
def test_a_legend_is_there_only_to_tell_named_traces_apart(names: tuple[Any, Any], shown: bool) -> None:
    fig = go.Figure([go.Scatter(x=[1], y=[n], name=name) for n, name in enumerate(names)])
    payload = sample(fig, data=frame()).payload
    assert payload["layout"]["showlegend"] is shown
    assert [trace.get("showlegend") for trace in payload["data"]] == [
        None if name else False for name in names
    ]


def test_days_are_worded_in_full_under_the_pointer() -> None:
    assert sample().payload["layout"]["xaxis"]["hoverformat"] == "%-d %B %Y"


def test_plotly_accepts_what_is_stored() -> None:
    payload = marked()
    go.Figure(data=payload["data"], layout=payload["layout"])
    narrow = figure.drawing(payload, narrow=True)
    go.Figure(data=narrow["data"], layout=narrow["layout"])


STEPS = {"name": "Date", "labels": ["one"], "words": ["first"], "first": 0}


def test_a_figure_may_print_another_chart_than_the_one_it_draws() -> None:
    other = chart(line_color=theme.PUBLISHERS["SOHR"])
    payload = sample(still=other).payload
    assert payload["data"][0]["line"]["color"] == theme.PUBLISHERS["VDC"]
    assert figure.still_drawing(payload)["data"][0]["line"]["color"] == theme.PUBLISHERS["SOHR"]
    assert figure.drawing_hash(payload) != figure.drawing_hash(sample().payload)


def test_without_a_still_of_its_own_the_figure_prints_itself() -> None:
    payload = sample().payload
    assert figure.still_drawing(payload) == figure.drawing(payload)


def test_a_still_is_checked_like_the_figure() -> None:
    with pytest.raises(AleppoError, match=r"weekly: still: data.*expected a colour of aleppo\.show\.theme"):
        sample(still=chart(line_color="#123456"))


def test_the_page_gets_the_steps_and_not_the_still() -> None:
    page = figure.for_the_page(sample(still=chart(), steps=STEPS).payload)
    assert page["layout"]["meta"]["steps"] == STEPS
    assert "still" not in page["layout"]["meta"]


def test_steps_without_a_still_are_refused() -> None:
    with pytest.raises(AleppoError, match="expected a still beside its steps"):
        sample(steps=STEPS)
