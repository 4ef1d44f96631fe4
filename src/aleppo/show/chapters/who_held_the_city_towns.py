"""The second map of the chapter on who held the city: towns and bases around it, in 2015 and 2016."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.measure import cells as geometry
from aleppo.measure.control import CONTESTED, state_on
from aleppo.show import map_steps, maps, theme
from aleppo.show.chapters.who_held_the_city_maps import (
    drawn,
    dress,
    name_beside,
    narrow,
    with_changes,
)
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import NBSP, count, date

TOWN_DATES = (
    "2015-01-01",
    "2015-09-30",
    "2015-11-15",
    "2016-02-15",
    "2016-04-02",
    "2016-06-18",
    "2016-08-31",
    "2016-12-31",
)
# Which side of its sign a name stands on.
LABELLED = {
    "T-AZAZ": "left",
    "T-AFRIN": "left",
    "T-NUBL": "left",
    "T-ALBAB": "right",
    "T-MANBIJ": "right",
    "T-JARABLUS": "left",
    "T-KOBANI": "left",
    "T-KWEIRES": "above",
    "T-KHANASSER": "right",
    "T-EIS": "left",
    "T-IDLIB": "left",
    "T-JISR": "above",
    "T-MUREK": "right",
    "T-SALMA": "below",
    "T-ABUDUHUR": "right",
    "T-RAI": "right",
}
PALMYRA = "T-PALMYRA"
FURTHER_SOUTH = 14.0
# The city itself is on the other map.
CITY: dict[str, Any] = {
    "type": "circle",
    "x0": -7,
    "x1": 7,
    "y0": -7,
    "y1": 7,
    "line": {"color": theme.AXIS, "width": 1, "dash": "dot"},
    "layer": "below",
}


def town_map_figure(spells: pd.DataFrame, towns: pd.DataFrame, first: str) -> Figure:
    """Who held each town and base of the governorate and the neighbouring fronts, with a slider."""
    items, frame = _town_ground(towns)
    days = map_steps.step_days(spells, "2015-01-01", "2016-12-31", "2016-12-31", TOWN_DATES)
    fig, steps = map_steps.stepped(spells, items, days, town_words(spells, towns, days), first, "town_id")
    dress(fig, frame, height=620)
    _label_towns(fig, items, towns)
    maps.scale_bar(fig, frame[0][0] + 2, frame[1][0] + 3, 25)
    still = maps.small_multiples(
        spells, items, [pd.Timestamp(day) for day in TOWN_DATES], frame, "town_id", size=7
    )
    _orient(still, items)
    counts = {day: _towns_held(spells, day) for day in ("2015-09-30", "2016-12-31")}
    before, after = counts["2015-09-30"], counts["2016-12-31"]
    return Figure(
        fig,
        id="town-map",
        title=(
            f"Of {count(len(towns))} towns and bases the government held {count(before.get('government', 0))} alone on "
            f"30 September 2015 and {count(after.get('government', 0))} at the end of 2016, the opposition "
            f"{count(before.get('opposition', 0))} and then {count(after.get('opposition', 0))}"
        ),
        caption=(
            "Each sign is a town, a base or a site at its approximate coordinates; the choice follows what the "
            "fighting of 2015 and 2016 made known, so numbers of towns measure neither ground nor people. Sign and "
            "colour: who held it on the day; hollow: low confidence. Palmyra lies further south than it is drawn. "
            f"In the web edition a slider moves through {count(len(days))} dates."
        ),
        alt=(
            "Maps of northern Syria on eight dates in 2015 and 2016. Government signs spread south of Aleppo in late "
            "2015 and north of it in February 2016, and some in the south are lost again by June 2016; Islamic State "
            f"holds {count(before.get('islamic_state', 0))} of the places in the east and north-east on 30 September "
            f"2015 and {count(after.get('islamic_state', 0))} at the end of 2016, most of the others having passed to "
            "Kurdish-led forces or to the opposition"
        ),
        sources=cited(spells),
        tables=("town_spells", "towns"),
        data=drawn(spells, towns, "town_id"),
        still=still,
        steps=steps,
        narrow=_narrow_towns(fig),
    )


def _town_ground(towns: pd.DataFrame) -> tuple[list[maps.Item], tuple[list[float], list[float]]]:
    """The towns as points in km, with Palmyra drawn below the others rather than 70 km further south."""
    points = geometry.local_points(towns)
    far = (towns["town_id"] == PALMYRA).to_numpy()
    points[far, 1] = points[~far, 1].min() - FURTHER_SOUTH
    items = maps.point_items(towns, points)
    return items, maps.frame_around(items, 9)


def _label_towns(fig: go.Figure, items: Sequence[maps.Item], towns: pd.DataFrame) -> None:
    names = towns.set_index("town_id")["name_en"]
    for item in items:
        if item.id in LABELLED:
            name_beside(fig, item.at, names[item.id], LABELLED[item.id])
        elif item.id == PALMYRA:
            name_beside(fig, item.at, f"Palmyra (lies 75{NBSP}km further south)", "left")
    fig.add_shape(CITY)
    theme.label(fig, 0, -3, "Aleppo", theme.MUTED, anchor="center")


def _narrow_towns(fig: go.Figure) -> dict[str, Any]:
    """On a telephone the circle of the city is smaller than its name, which stands below it, clear of the signs."""
    small = narrow(fig, ("Aleppo", "Idlib", "Manbij", "Afrin", "Palmyra"))
    below = {"x": -4, "y": -28, "xanchor": "left", "yanchor": "middle"}
    notes = [note | (below if note["text"] == "Aleppo" else {}) for note in small["annotations"]]
    return small | {"annotations": notes}


def _orient(still: go.Figure, items: Sequence[maps.Item]) -> None:
    """Aleppo as a dotted circle in every panel, and a few names in the first."""
    for number in range(len(TOWN_DATES)):
        suffix = "" if number == 0 else str(number + 1)
        still.add_shape(CITY, xref=f"x{suffix}", yref=f"y{suffix}")
    names = {"T-IDLIB": ("Idlib", "left"), "T-MANBIJ": ("Manbij", "above"), PALMYRA: ("Palmyra", "left")}
    for item in items:
        if item.id in names:
            name_beside(still, item.at, *names[item.id])
    theme.label(still, 0, -24, "Aleppo", theme.MUTED, shift=0)
    for note in still.layout.annotations[len(TOWN_DATES) :]:
        note.update(xref="x", yref="y", font={"size": 11})


def _towns_held(spells: pd.DataFrame, day: str) -> dict[str, int]:
    return _state_of_towns(spells, day)["holder"].value_counts().to_dict()


def _state_of_towns(spells: pd.DataFrame, day: Any) -> pd.DataFrame:
    return state_on(spells.rename(columns={"town_id": "place_id"}), day)


def town_words(spells: pd.DataFrame, towns: pd.DataFrame, days: pd.DatetimeIndex) -> list[str]:
    """Some sentences for each of ``days``: who held how many of the towns, and what changed since."""
    names = towns.set_index("town_id")["name_en"].to_dict()
    states = [_state_of_towns(spells, day) for day in days]
    words = []
    for day, state in zip(days, states, strict=True):
        numbers = state["holder"].value_counts()
        held = [
            f"{map_steps.HOLDER_WORDS[holder]} {count(numbers.get(holder, 0))}" for holder in maps.ORDER[:4]
        ]
        words.append(
            f"On {date(day)}, of {count(len(state))} towns and bases shown: {', '.join(held)}; contested "
            f"{count(numbers.get(CONTESTED, 0))}."
        )
    return with_changes(words, states, names)
