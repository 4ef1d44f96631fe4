"""A map over days: what changes from step to step of its slider, and the words for it.

A day's state of a map is a list of (item, group), see `aleppo.show.maps`, and the slider needs only the changes:
``stepped`` gives them to the page, which moves the outlines from one trace to another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence.errors import AleppoError
from aleppo.show import theme
from aleppo.show.maps import ORDER, Group, Item, add_legend, draw_state, groups_of
from aleppo.show.numbers import date

HOLDER_WORDS = {
    "government": "the government and its allies",
    "opposition": "the armed opposition",
    "kurdish_ypg_sdf": "Kurdish-led forces",
    "islamic_state": "Islamic State",
    "contested": "contested",
}


def stepped(
    spells: pd.DataFrame,
    items: Sequence[Item],
    days: pd.DatetimeIndex,
    words: Sequence[str],
    first: str,
    key: str,
) -> tuple[go.Figure, dict[str, Any]]:
    """The map on the day ``first``, and the steps for its slider.

    One sentence of ``words`` per day of ``days``. The figure has the groups' traces, then one of hover texts, then
    the legend; the caller sets its axes (`aleppo.show.maps.flat_axes`).
    """
    if len(words) != len(days):
        raise AleppoError(f"a slider: expected a sentence for each of {len(days)} days, found {len(words)}")
    if pd.Timestamp(first) not in days:
        raise AleppoError(f"a slider: expected {first} among its days, found it between two of them")
    start = int(days.searchsorted(pd.Timestamp(first)))
    groups = groups_of(spells, items, key)
    rows, texts = changes(spells, items, days, key)
    fig = go.Figure()
    draw_state(fig, spells, items, days[start], key)
    state = {number: text for number, step, _, text in rows if step <= start}
    _hover_texts(fig, items, [texts[state[number]] for number in range(len(items))])
    add_legend(fig, groups)
    steps = {
        "name": "Date",
        "labels": [date(day) for day in days],
        "words": list(words),
        "first": start,
        "groups": list(range(len(groups))),
        "hover": len(groups),
        "items": [[item.x, item.y] for item in items],
        "names": [item.name for item in items],
        "texts": texts,
        "changes": rows,
    }
    return fig, steps


def _hover_texts(fig: go.Figure, items: Sequence[Item], states: Sequence[str]) -> None:
    """What is said of each item under a pointer: its name and its state, on signs that are not seen."""
    fig.add_scatter(
        x=[item.at[0] for item in items],
        y=[item.at[1] for item in items],
        mode="markers",
        marker={"size": 12, "opacity": 0, "color": theme.INK},
        text=[f"{item.name}<br>{state}" for item, state in zip(items, states, strict=True)],
        hovertemplate="%{text}<extra></extra>",
        showlegend=False,
    )


def changes(
    spells: pd.DataFrame, items: Sequence[Item], days: pd.DatetimeIndex, key: str
) -> tuple[list[list[int]], list[str]]:
    """The slider's changes ``[item, step, group, text]`` in order of item and step, and the texts they point to.

    ``days`` are the days of the steps. A spell that covers none of them is passed over. Raises AleppoError when a
    place has no state on the first day.
    """
    groups = {group: number for number, group in enumerate(groups_of(spells, items, key))}
    texts: dict[str, int] = {}
    rows: list[list[int]] = []
    by_place = dict(tuple(spells.sort_values("start").groupby(key)))
    for number, item in enumerate(items):
        steps = set()
        for spell in by_place.get(item.id, spells.head(0)).itertuples():
            step = int(days.searchsorted(spell.start))
            if step == len(days) or days[step] > spell.end:
                continue
            group = groups[Group(spell.holder, spell.confidence == "low", item.is_point)]
            rows.append([number, step, group, texts.setdefault(state_words(spell), len(texts))])
            steps.add(step)
        if 0 not in steps:
            raise AleppoError(f"{item.id}: expected a spell on {days[0].date()}, found none")
    return rows, list(texts)


def state_words(spell: Any) -> str:
    """The hover text of a spell: who, since when, how sure."""
    since = {"day": "since {}", "week": "since about {}"}.get(spell.start_precision)
    if since:
        words = since.format(date(spell.start))
    else:
        length = {"month": 7, "year": 4}[spell.start_precision]
        words = f"since {date(spell.start.strftime('%Y-%m-%d')[:length])}"
    holder = theme.HOLDER_NAMES[spell.holder]
    if isinstance(spell.contested_by, str):
        sides = [theme.HOLDER_NAMES[party] for party in spell.contested_by.split(";")]
        holder = f"Contested: {', '.join(sides)}"
    return f"{holder}<br>{words}; {spell.confidence} confidence"


def step_days(
    spells: pd.DataFrame, first: str, last: str, dense: str, also: Sequence[str] = ()
) -> pd.DatetimeIndex:
    """Days of a slider: the first of each month, each day of a change, ``also``, and from ``dense`` on every day."""
    opens, closes = pd.Timestamp(first), pd.Timestamp(last)
    starts = pd.DatetimeIndex(spells["start"].unique())
    days = (
        pd.DatetimeIndex([opens, closes])
        .union(pd.date_range(opens, closes, freq="MS"))
        .union(starts[(starts >= opens) & (starts <= closes)])
        .union(pd.date_range(dense, closes, freq="D"))
        .union(pd.to_datetime(list(also)))
    )
    return days.as_unit("ns")


def changed_words(before: Mapping[str, str], after: Mapping[str, str], names: Mapping[str, str]) -> str:
    """What changed between two states (place → holder), in words; empty when nothing did."""
    parts = []
    for holder in ORDER:
        to = [names[place] for place in after if after[place] == holder and before[place] != holder]
        if to and holder == "contested":
            parts.append(f"Now contested: {joined(to)}.")
        elif to:
            parts.append(f"Now held by {HOLDER_WORDS[holder]}: {joined(to)}.")
    return " ".join(parts)


def joined(names: Sequence[str], most: int = 6) -> str:
    """Names as a list in words, cut after ``most`` with the number of the others."""
    shown = list(names[:most])
    rest = len(names) - len(shown)
    if rest:
        return f"{', '.join(shown)} and {rest} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
