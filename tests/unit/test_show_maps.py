"""Maps without tiles: groups, the changes that a slider carries, and the words beside them."""

import json
import subprocess
from pathlib import Path
from shutil import which

import pandas as pd
import pytest

from aleppo.evidence.errors import AleppoError
from aleppo.show import map_steps, maps, theme

SQUARE = ([0.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0, 0.0])
ITEMS = [
    maps.Item("A", "Alpha", *SQUARE, (0.5, 0.5)),
    maps.Item("B", "Beta", [2.0, 3.0, 2.0, 2.0], [0.0, 0.0, 1.0, 0.0], (2.3, 0.3)),
    maps.Item("X", "Xi", [5.0], [5.0], (5.0, 5.0)),
]


def spell(place, holder, start, end, confidence="high", precision="day", parties=None):
    return {
        "place_id": place,
        "holder": holder,
        "contested_by": parties,
        "start": pd.Timestamp(start),
        "end": pd.Timestamp(end),
        "confidence": confidence,
        "start_precision": precision,
    }


SPELLS = pd.DataFrame(
    [
        spell("A", "opposition", "2016-11-01", "2016-11-09", "low", "month"),
        spell("A", "government", "2016-11-10", "2016-11-30"),
        spell("B", "opposition", "2016-11-01", "2016-11-04"),
        spell("B", "contested", "2016-11-05", "2016-11-06", parties="government;opposition"),
        spell("B", "government", "2016-11-07", "2016-11-30", precision="week"),
        spell("X", "government", "2016-11-01", "2016-11-30"),
    ]
)
DAYS = pd.to_datetime(["2016-11-01", "2016-11-05", "2016-11-10", "2016-11-30"])
WORDS = ["one", "two", "three", "four"]


@pytest.fixture
def map_and_steps():
    return map_steps.stepped(SPELLS, ITEMS, DAYS, WORDS, "2016-11-05", "place_id")


def test_groups_are_outlines_before_points_in_the_order_of_the_legend():
    names = [(group.holder, group.low, group.point) for group in maps.groups_of(SPELLS, ITEMS, "place_id")]
    assert names == [
        ("government", False, False),
        ("opposition", False, False),
        ("opposition", True, False),
        ("contested", False, False),
        ("government", False, True),
    ]


def test_outlines_of_one_group_are_kept_apart_by_a_gap():
    trace = maps.filled(maps.group_trace(maps.Group("government", False, False)), ITEMS[:2])
    assert list(trace.x) == [*SQUARE[0], None, 2.0, 3.0, 2.0, 2.0]


def test_low_confidence_is_hatched_and_its_points_are_hollow():
    low = maps.group_trace(maps.Group("opposition", True, False))
    assert low.fillpattern.shape == "/"
    assert maps.group_trace(maps.Group("opposition", False, False)).fillpattern.shape is None
    hollow = maps.group_trace(maps.Group("opposition", True, True)).marker
    assert hollow.symbol == "circle" and hollow.color == theme.PAPER
    assert hollow.line.color == theme.HOLDERS["opposition"]


def test_a_slider_carries_changes_and_not_states(map_and_steps):
    _, steps = map_and_steps
    assert [row[:2] for row in steps["changes"]] == [[0, 0], [0, 2], [1, 0], [1, 1], [1, 2], [2, 0]]


def test_a_spell_between_two_steps_is_passed_over():
    rows, _ = map_steps.changes(SPELLS, ITEMS, DAYS[[0, 2, 3]], "place_id")
    assert [row[:2] for row in rows if row[0] == 1] == [[1, 0], [1, 1]]


def test_a_place_without_a_state_on_the_first_day_is_refused_by_name():
    late = SPELLS[~((SPELLS["place_id"] == "B") & (SPELLS["start"] < "2016-11-05"))]
    with pytest.raises(AleppoError, match="B: expected a spell on 2016-11-01"):
        map_steps.changes(late, ITEMS, DAYS, "place_id")


def test_each_day_has_its_sentence():
    with pytest.raises(AleppoError, match="a sentence for each of 4 days, found 1"):
        map_steps.stepped(SPELLS, ITEMS, DAYS, ["one"], "2016-11-05", "place_id")


def test_the_slider_starts_on_one_of_its_days():
    with pytest.raises(AleppoError, match="2016-11-06 among its days"):
        map_steps.stepped(SPELLS, ITEMS, DAYS, WORDS, "2016-11-06", "place_id")


def test_the_map_is_drawn_at_the_step_it_starts_with(map_and_steps):
    fig, steps = map_and_steps
    assert steps["first"] == 1
    drawn = {trace.fillcolor: len(trace.x) for trace in fig.data[: len(steps["groups"])] if len(trace.x)}
    assert drawn[theme.tint(theme.HOLDERS["contested"], maps.FILL)] == 4
    assert fig.data[steps["hover"]].text[1].startswith("Beta<br>Contested: Government and allies")


def state_at(steps, step):
    """What aleppo-steps.js does: the last change of each item up to the step."""
    state = {}
    for item, since, group, _ in steps["changes"]:
        if since <= step:
            state[item] = group
    return state


@pytest.mark.parametrize("day", [str(day.date()) for day in DAYS])
def test_the_changes_up_to_a_step_give_the_map_drawn_for_its_day(day):
    fig, steps = map_steps.stepped(SPELLS, ITEMS, DAYS, WORDS, day, "place_id")
    for group in range(len(steps["groups"])):
        wanted = [ITEMS[item] for item, now in state_at(steps, steps["first"]).items() if now == group]
        drawn = [value for value in fig.data[group].x if value is not None]
        assert drawn == [value for item in wanted for value in item.x]


@pytest.mark.skipif(which("node") is None, reason="no node to run the page's script with")
def test_the_pages_script_draws_the_same_step(tmp_path: Path):
    fig, steps = map_steps.stepped(SPELLS, ITEMS, DAYS, WORDS, "2016-11-10", "place_id")
    script = Path(maps.__file__).parents[1] / "bookkit" / "static" / "aleppo-steps.js"
    program = f"""
      const stored = {json.dumps({"layout": {"meta": {"steps": steps}}})};
      const parts = {{ data: Array.from({{ length: {len(fig.data)} }}, () => ({{}})) }};
      const figure = {{ querySelector: (what) => what.includes("script")
        ? {{ textContent: JSON.stringify(stored) }} : {{ value: "2" }} }};
      global.window = {{ matchMedia: () => ({{ matches: false }}) }};
      global.document = {{ querySelectorAll: () => [] }};
      require({json.dumps(str(script))});
      window.aleppoSteps(figure, parts);
      console.log(JSON.stringify(parts.data.map((trace) => trace.x || null)));
    """
    file = tmp_path / "run.cjs"
    file.write_text(program)
    done = subprocess.run(["node", str(file)], capture_output=True, text=True, check=True)
    drawn = [[v for v in xs if v is not None] for xs in json.loads(done.stdout)[: len(steps["groups"])]]
    assert drawn == [[v for v in trace.x if v is not None] for trace in fig.data[: len(steps["groups"])]]


@pytest.mark.parametrize(
    ("precision", "words"),
    [
        ("day", "since 1 November 2016"),
        ("week", "since about 1 November 2016"),
        ("month", "since November 2016"),
        ("year", "since 2016"),
    ],
)
def test_a_start_is_worded_as_exactly_as_it_is_known(precision, words):
    row = next(SPELLS.head(1).assign(start_precision=precision).itertuples())
    assert words + ";" in map_steps.state_words(row).replace("\u00a0", " ")


def test_the_legend_names_every_holder_once_and_low_confidence(map_and_steps):
    fig, _ = map_and_steps
    names = [trace.name for trace in fig.data if trace.showlegend]
    assert names == [
        "Government and allies",
        "Armed opposition",
        "Contested",
        "Low confidence (hatched)",
    ]


def test_small_multiples_show_each_day_in_a_panel_of_its_own():
    fig = maps.small_multiples(SPELLS, ITEMS, list(DAYS), ([0, 6], [0, 6]), "place_id")
    assert [note.text for note in fig.layout.annotations] == [
        f"<b>{day.day}\u00a0November 2016</b>" for day in DAYS
    ]
    assert {trace.xaxis for trace in fig.data if trace.showlegend is False} == {"x", "x2", "x3", "x4"}


def test_names_are_listed_in_words_and_cut_where_they_are_many():
    assert map_steps.joined(["a"]) == "a"
    assert map_steps.joined(["a", "b", "c"]) == "a, b and c"
    assert map_steps.joined(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"


def test_what_changed_is_said_by_holder_and_nothing_when_nothing_did():
    before, after = {"A": "opposition", "B": "opposition"}, {"A": "government", "B": "contested"}
    names = {"A": "Alpha", "B": "Beta"}
    assert map_steps.changed_words(before, after, names) == (
        "Now held by the government and its allies: Alpha. Now contested: Beta."
    )
    assert map_steps.changed_words(after, after, names) == ""


def test_the_slider_stops_at_months_at_changes_and_at_every_day_where_it_is_dense():
    days = map_steps.step_days(SPELLS, "2016-10-15", "2016-11-30", "2016-11-28", ["2016-11-20"])
    assert [day.strftime("%m-%d") for day in days] == [
        "10-15",
        "11-01",
        "11-05",
        "11-07",
        "11-10",
        "11-20",
        "11-28",
        "11-29",
        "11-30",
    ]
