"""The map of the city, day by day, and its tables: the neighbourhoods in colours, areas and words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import shapely

from aleppo.measure import cells as geometry
from aleppo.measure.control import CONTESTED, held_areas, state_on
from aleppo.show import map_steps, maps, theme
from aleppo.show.figure import Figure
from aleppo.show.marks import cited
from aleppo.show.numbers import EN_DASH, area, count, date, quantity
from aleppo.show.table import Table

# The areas; the reports behind each spell are the sources of the map.
AREAS_FROM = "ocha-2016-city-neighbourhoods"
# Smaller neighbourhoods are in the web edition's table only.
PRINTED_KM2 = 0.4
CITY_HOLDERS = ("opposition", "government", "kurdish_ypg_sdf")
SHORT = {"government": "G", "opposition": "O", "kurdish_ypg_sdf": "K", CONTESTED: "C"}
CITY_DATES = (
    "2012-08-01",
    "2015-09-30",
    "2016-07-28",
    "2016-11-15",
    "2016-11-28",
    "2016-12-06",
    "2016-12-12",
    "2016-12-22",
)
# Which side of its sign a name stands on.
LANDMARKS = {
    "X-CASTELLO": ("Castello road", "above"),
    "X-KINDI": ("Kindi hospital", "above"),
    "X-AIRPORT": ("Airport", "left"),
    "X-RASHIDEEN": ("Rashideen", "right"),
    "X-MINYAN": ("Minyan", "above"),
}
ANCHORS = {"left": "right", "right": "left", "above": "center", "below": "center"}


def city_items(places: pd.DataFrame) -> list[maps.Item]:
    """The schematic cells of the neighbourhoods and the points outside OCHA's list, cells first."""
    ordered = pd.concat([places[places["area_km2"].notna()], places[places["area_km2"].isna()]])
    return maps.cell_items(ordered, geometry.voronoi_cells(places), geometry.local_points(ordered))


def city_map_figure(spells: pd.DataFrame, places: pd.DataFrame, captures: pd.DataFrame, first: str) -> Figure:
    """Who held each neighbourhood on each day, with a slider; in print the eight key dates.

    ``captures`` is :func:`aleppo.measure.control_changes.captures`; the slider stands at ``first``.
    """
    items = city_items(places)
    days = city_days(spells)
    fig, steps = map_steps.stepped(spells, items, days, city_words(spells, places, days), first, "place_id")
    frame = maps.frame_around(items, 0.4)
    dress(fig, frame, height=640)
    maps.scale_bar(fig, frame[0][0] + 0.6, frame[1][0] + 0.5, 2)
    for item in items:
        if item.id in LANDMARKS:
            name_beside(fig, item.at, *LANDMARKS[item.id])
    later = captures[captures["date"] >= "2013-01-01"]
    last = (later["date"] >= "2016-11-15").sum()
    keyed = [state_on(spells, day) for day in CITY_DATES]
    return Figure(
        fig,
        id="city-map",
        title=(
            f"{count(last)} of the {count(len(later))} changes of holder coded from 2013 on fall into the last "
            "weeks, 15 November to 22 December 2016"
        ),
        caption=(
            "Each cell stands for one of OCHA's 109 neighbourhoods and is schematic: it is drawn around the "
            "neighbourhood's reference point and is no surveyed border. Squares and circles are places outside "
            "OCHA's list (in print those outside every cell). "
            "Colour: who held the place on the day; hatched or hollow: low confidence, the holder "
            "follows from the place's position. In the web edition a slider moves through "
            f"{count(len(days))} dates from July 2012 to December 2016, daily from 15 November 2016."
        ),
        alt=(
            "Maps of Aleppo on eight dates. On 1 August 2012 the opposition holds much of the east and south; on "
            f"30 September 2015 it holds {_neighbourhoods(keyed[1], 'opposition')} of 109 neighbourhoods alone, "
            f"on 15 November 2016 {_neighbourhoods(keyed[3], 'opposition')}, on 28 November "
            f"{_neighbourhoods(keyed[4], 'opposition')} after the north-east is lost, on 6 December "
            f"{_neighbourhoods(keyed[5], 'opposition')}, on 12 December {_neighbourhoods(keyed[6], 'opposition')} "
            f"and on 22 December {_neighbourhoods(keyed[7], 'opposition')}, while the government's colour "
            "spreads from the west over the whole city except the Kurdish-led quarters in the north"
        ),
        sources=cited(spells, AREAS_FROM),
        tables=("control_spells", "places"),
        data=drawn(spells, places, "place_id"),
        still=maps.small_multiples(
            spells, _not_within(items), [pd.Timestamp(day) for day in CITY_DATES], frame, "place_id", size=5
        ),
        steps=steps,
        narrow=narrow(fig),
    )


def _not_within(items: list[maps.Item]) -> list[maps.Item]:
    """The items without the points that lie within a cell: on small maps they would hide it."""
    cells = [shapely.Polygon(zip(item.x, item.y, strict=True)) for item in items if not item.is_point]
    ground = shapely.union_all(cells)
    return [item for item in items if not item.is_point or not shapely.contains_xy(ground, *item.at)]


def _neighbourhoods(state: pd.DataFrame, holder: str) -> str:
    inside = state.index.str.startswith("N")
    return count(((state["holder"] == holder) & inside).sum())


def dress(fig: go.Figure, frame: tuple[list[float], list[float]], height: int) -> None:
    maps.flat_axes(fig, frame)
    fig.update_layout(
        height=height,
        showlegend=True,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 0,
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
        },
    )


def narrow(fig: go.Figure, names: Collection[str] = ()) -> dict[str, Any]:
    """On a telephone: the length of the scale bar, and of the names on the map only those that begin like ``names``."""
    kept = [
        note.to_plotly_json()
        for note in fig.layout.annotations
        if note.text.endswith(" km") or note.text.startswith(tuple(names))
    ]
    return {"height": 450, "legend": {"font": {"size": 12}}, "annotations": kept}


def drawn(spells: pd.DataFrame, places: pd.DataFrame, key: str) -> pd.DataFrame:
    names = places.set_index(key)[["name_en", "name_ar"]]
    columns = [key, "holder", "contested_by", "start", "end", "start_precision", "confidence"]
    return spells[columns].join(names, on=key)


def city_words(spells: pd.DataFrame, places: pd.DataFrame, days: pd.DatetimeIndex) -> list[str]:
    """Some sentences for each of ``days``: who held how much, how sure, and what changed since the day before."""
    areas = held_areas(spells, places, CITY_HOLDERS, days[0], days[-1])
    firm = areas.set_index("holder", append=True)["firm_km2"]
    names = places.set_index("place_id")["name_en"].to_dict()
    inside = places.loc[places["area_km2"].notna(), "place_id"]
    states = [state_on(spells, day) for day in days]
    words = []
    for day, state in zip(days, states, strict=True):
        counted = state.loc[inside]
        held = [
            f"{map_steps.HOLDER_WORDS[holder]} {'held ' if number == 0 else ''}"
            f"{count((counted['holder'] == holder).sum())}{' alone' if number == 0 else ''} "
            f"({area(firm[day, holder])})"
            for number, holder in enumerate(CITY_HOLDERS)
        ]
        words.append(
            f"On {date(day)}, of {count(len(counted))} neighbourhoods, {held[0]}, {held[1]} and {held[2]}; "
            f"{count((counted['holder'] == CONTESTED).sum())} were contested. "
            f"{count((counted['confidence'] == 'low').sum())} rest on low confidence."
        )
    with_inner = with_changes(words, [state.loc[inside] for state in states], names)
    outer = with_changes([""] * len(states), [state.drop(index=inside) for state in states], names)
    return [
        f"{text} Outside these: {change[0].lower()}{change[1:]}" if change else text
        for text, change in zip(with_inner, outer, strict=True)
    ]


def with_changes(words: list[str], states: list[pd.DataFrame], names: dict[str, str]) -> list[str]:
    """Each of ``words`` followed by what changed since the state before."""
    result = words[:1]
    for text, before, after in zip(words[1:], states, states[1:], strict=False):
        changed = map_steps.changed_words(before["holder"].to_dict(), after["holder"].to_dict(), names)
        result.append(f"{text} {changed}".strip())
    return result


def key_dates_table(spells: pd.DataFrame, places: pd.DataFrame, fronts: pd.DataFrame) -> Table:
    """Area held, places contested, and the length of the front on the key dates of the city.

    ``fronts`` is :func:`aleppo.measure.cells.front_lengths` over all these days.
    """
    days = pd.to_datetime(list(CITY_DATES))
    areas = held_areas(spells, places, CITY_HOLDERS, days[0], days[-1]).loc[days]
    words = city_words(spells, places, days)
    rows = pd.DataFrame({"date": days})
    for holder in CITY_HOLDERS:
        held = areas[areas["holder"] == holder]
        for bound in ("firm_km2", "midpoint_km2", "upper_km2"):
            rows[f"{holder}_{bound}"] = held[bound].round(2).to_numpy()
        rows[holder] = [_area_range(row) for row in held.itertuples()]
    states = [state_on(spells, day) for day in days]
    inside = places.loc[places["area_km2"].notna(), "place_id"]
    rows["contested"] = [(state.loc[inside, "holder"] == CONTESTED).sum() for state in states]
    rows["low"] = [(state.loc[inside, "confidence"] == "low").sum() for state in states]
    rows["front_km"] = opposition_front(fronts).loc[days].round(1).to_numpy()
    rows["words"] = words
    return Table(
        rows,
        id="city-key-dates",
        caption=(
            "The city on eight dates: area held as midpoint with firm to upper, neighbourhoods contested and resting "
            "on low confidence (Low; both of 109), and the length of the opposition's front on the schematic cells"
        ),
        columns={
            "date": "Day",
            "opposition": ("Opposition", "km²"),
            "government": ("Government", "km²"),
            "kurdish_ypg_sdf": ("Kurdish-led", "km²"),
            "contested": "Contested",
            "low": "Low",
            "front_km": ("Front", "km"),
        },
        formats={"date": date, "front_km": quantity},
        sources=[AREAS_FROM],
        tables=("control_spells", "places"),
    )


def opposition_front(fronts: pd.DataFrame) -> pd.Series:
    """Length of the edges of the opposition's sole ground towards any other, contested places included."""
    sides = [name for name in fronts.columns if "opposition" in name.split("|")]
    return fronts[sides].sum(axis="columns")


def _area_range(row: Any) -> str:
    middle, low, high = (quantity(value) for value in (row.midpoint_km2, row.firm_km2, row.upper_km2))
    return middle if low == high else f"{middle} [{low}{EN_DASH}{high}]"


def places_table(spells: pd.DataFrame, places: pd.DataFrame, captures: pd.DataFrame) -> Table:
    """Every place with its names, its holder on five dates, and how its last capture is coded."""
    shown = {"2012-08-01": "2012", "2015-09-30": "2015", "2016-11-15": "15 Nov", "2016-11-28": "28 Nov"}
    shown["2016-12-12"] = "12 Dec"
    rows = places.set_index("place_id")[["name_en", "name_ar", "area_km2"]]
    for day in shown:
        rows[day] = state_on(spells, day)["holder"].map(SHORT)
    last = captures.drop_duplicates("place_id", keep="last").set_index("place_id")
    rows["last_capture"] = [
        _capture_words(last.loc[place]) if place in last.index else "none" for place in rows.index
    ]
    rows["confidence"] = last["confidence"].reindex(rows.index)
    changed = (rows["2016-11-15"] != rows["2016-12-12"]) & (rows["area_km2"] >= PRINTED_KM2)
    return Table(
        rows.reset_index(),
        id="city-places",
        caption=(
            "The places of the city with their holder on five dates (1 August 2012, 30 September 2015, and "
            "three of 2016): G government, O opposition, K Kurdish-led, C contested; the last capture, from "
            "one sole holder to another, and the confidence with which it is coded. In print the larger ones "
            "(from 0.4 km²) that changed from 15 November to 12 December 2016"
        ),
        columns={
            "name_en": "Place",
            "name_ar": "Arabic",
            "area_km2": ("Area", "km²"),
            **shown,
            "last_capture": "Last capture",
            "confidence": "Confidence",
        },
        formats={"area_km2": lambda value: quantity(value, 2)},
        explore=["confidence", "2015-09-30", "2016-12-12"],
        sources=[AREAS_FROM],
        tables=("control_spells", "places"),
        print_rows=[number for number, kept in enumerate(changed) if kept],
    )


def _capture_words(row: pd.Series) -> str:
    day = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[row["start_precision"]]
    about = "about " if row["start_precision"] == "week" else ""
    return f"{about}{date(row['date'].strftime(day))}"


def city_days_table(spells: pd.DataFrame, places: pd.DataFrame) -> Table:
    """The city map in words: every date of the slider, in print the eight of the still."""
    days = city_days(spells)
    words = city_words(spells, places, days)
    return Table(
        pd.DataFrame({"date": days, "words": [_without_date(text) for text in words]}),
        id="city-days",
        caption=(
            "The map of the city in words, for every date of its slider: neighbourhoods and area held alone, and "
            "what changed since the date before. In print the eight dates of the figure"
        ),
        columns={"date": "Day", "words": "What the map shows"},
        formats={"date": date},
        sources=[AREAS_FROM],
        tables=("control_spells", "places"),
        print_rows=[int(days.searchsorted(pd.Timestamp(day))) for day in CITY_DATES],
    )


def _without_date(text: str) -> str:
    rest = text.partition(", ")[2]
    return rest[:1].upper() + rest[1:]


def city_days(spells: pd.DataFrame) -> pd.DatetimeIndex:
    """The dates of the city's slider."""
    return map_steps.step_days(spells, "2012-07-19", "2016-12-22", "2016-11-15", CITY_DATES)


def name_beside(fig: go.Figure, at: tuple[float, float], text: str, side: str) -> None:
    """Write ``text`` on one side of the sign at ``at``."""
    theme.label(fig, *at, text, theme.INK, anchor=ANCHORS[side], shift=9)
    shift = {"above": 6, "below": -24}.get(side, 0)
    fig.layout.annotations[-1].update(yshift=shift)
