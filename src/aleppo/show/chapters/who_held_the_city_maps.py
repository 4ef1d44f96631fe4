"""Maps of the chapter on who held the city: its neighbourhoods, and the towns and bases around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aleppo.evidence import split_list
from aleppo.measure import cells as geometry
from aleppo.measure.control import CONTESTED, held_areas, state_on
from aleppo.show import maps, theme
from aleppo.show.figure import Figure
from aleppo.show.numbers import EN_DASH, NBSP, area, count, date, quantity
from aleppo.show.table import Table

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
    "T-TALRIFAAT": "right",
    "T-ALBAB": "right",
    "T-MANBIJ": "right",
    "T-JARABLUS": "left",
    "T-KOBANI": "left",
    "T-KWEIRES": "right",
    "T-KHANASSER": "right",
    "T-EIS": "left",
    "T-IDLIB": "left",
    "T-JISR": "above",
    "T-MUREK": "right",
    "T-SALMA": "below",
    "T-ABUDUHUR": "right",
    "T-RAI": "right",
}
LANDMARKS = {
    "X-CASTELLO": ("Castello road", "above"),
    "X-KINDI": ("Kindi hospital", "above"),
    "X-AIRPORT": ("Airport", "left"),
    "X-RASHIDEEN": ("Rashideen", "below"),
    "X-MINYAN": ("Minyan", "above"),
    "X-RAMARTY": ("Military academies", "below"),
}
ANCHORS = {"left": "right", "right": "left", "above": "center", "below": "center"}
PALMYRA = "T-PALMYRA"
FURTHER_SOUTH = 14.0


def sources_of(spells: pd.DataFrame, *more: str) -> list[str]:
    """Every source of ``spells``, sorted, with ``more``."""
    return sorted({source for cell in spells["source_ids"] for source in split_list(cell)} | set(more))


def city_items(places: pd.DataFrame) -> list[maps.Item]:
    """The schematic cells of the neighbourhoods and the points outside OCHA's list, cells first."""
    ordered = places.sort_values(["area_km2", "place_id"], na_position="last")
    ordered = pd.concat([ordered[ordered["area_km2"].notna()], ordered[ordered["area_km2"].isna()]])
    return maps.cell_items(ordered, geometry.voronoi_cells(places), geometry.local_points(ordered))


def city_map_figure(spells: pd.DataFrame, places: pd.DataFrame, captures: pd.DataFrame, first: str) -> Figure:
    """Who held each neighbourhood on each day, with a slider; in print the eight key dates.

    ``captures`` is :func:`aleppo.measure.control_changes.captures`; the slider stands at ``first``.
    """
    items = city_items(places)
    days = maps.step_days(spells, "2012-07-19", "2016-12-22", "2016-11-15", CITY_DATES)
    fig, steps = maps.stepped(spells, items, days, city_words(spells, places, days), first, "place_id")
    frame = maps.frame_around(items, 0.4)
    _dress(fig, frame, height=640)
    maps.scale_bar(fig, frame[0][0] + 0.6, frame[1][0] + 0.5, 2)
    for item in items:
        if item.id in LANDMARKS:
            _name_beside(fig, item.at, *LANDMARKS[item.id])
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
            "OCHA's list. Colour: who held the place on the day; hatched or hollow: low confidence, the holder "
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
        sources=sources_of(spells, "ocha-2016-city-neighbourhoods"),
        tables=("control_spells", "places"),
        data=_drawn(spells, places, "place_id"),
        still=maps.small_multiples(
            spells, items, [pd.Timestamp(day) for day in CITY_DATES], frame, "place_id", size=5
        ),
        steps=steps,
        narrow={"height": 470, "legend": {"font": {"size": 12}}, "annotations": []},
    )


def _neighbourhoods(state: pd.DataFrame, holder: str) -> str:
    inside = state.index.str.startswith("N")
    return count(((state["holder"] == holder) & inside).sum())


def _dress(fig: go.Figure, frame: tuple[list[float], list[float]], height: int) -> None:
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


def _drawn(spells: pd.DataFrame, places: pd.DataFrame, key: str) -> pd.DataFrame:
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
            f"{maps.HOLDER_WORDS[holder]} {'held ' if number == 0 else ''}"
            f"{count((counted['holder'] == holder).sum())}{' alone' if number == 0 else ''} "
            f"({area(firm[day, holder])})"
            for number, holder in enumerate(CITY_HOLDERS)
        ]
        words.append(
            f"On {date(day)}, of {count(len(counted))} neighbourhoods, {held[0]}, {held[1]} and {held[2]}; "
            f"{count((counted['holder'] == CONTESTED).sum())} were contested. "
            f"{count((counted['confidence'] == 'low').sum())} rest on low confidence."
        )
    return _with_changes(words, states, names)


def _with_changes(words: list[str], states: list[pd.DataFrame], names: dict[str, str]) -> list[str]:
    """Each of ``words`` followed by what changed since the state before."""
    result = words[:1]
    for text, before, after in zip(words[1:], states, states[1:], strict=False):
        changed = maps.changed_words(before["holder"].to_dict(), after["holder"].to_dict(), names)
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
            "on low confidence (of 109), and the length of the opposition's front on the schematic cells"
        ),
        columns={
            "date": "Day",
            "opposition": ("Opposition", "km²"),
            "government": ("Government", "km²"),
            "kurdish_ypg_sdf": ("Kurdish-led", "km²"),
            "contested": "Contested",
            "low": "Low confidence",
            "front_km": ("Front", "km"),
        },
        formats={"date": date, "front_km": lambda value: quantity(value, 1)},
        sources=sources_of(spells, "ocha-2016-city-neighbourhoods"),
        tables=("control_spells", "places"),
    )


def opposition_front(fronts: pd.DataFrame) -> pd.Series:
    """Length of the edges of the opposition's sole ground towards any other, contested places included."""
    sides = [name for name in fronts.columns if "opposition" in name.split("|")]
    return fronts[sides].sum(axis="columns")


def _area_range(row: Any) -> str:
    middle, low, high = (quantity(value, 1) for value in (row.midpoint_km2, row.firm_km2, row.upper_km2))
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
    changed = rows["2016-11-15"] != rows["2016-12-12"]
    return Table(
        rows.reset_index(),
        id="city-places",
        caption=(
            "The places of the city with their holder on five dates (1 August 2012, 30 September 2015, and three of "
            "2016): G government, O opposition, K Kurdish-led, C contested; the last change of holder, and the "
            "confidence with which it is coded. In print those that changed from 15 November to 12 December 2016"
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
        sources=sources_of(spells, "ocha-2016-city-neighbourhoods"),
        tables=("control_spells", "places"),
        print_rows=[number for number, kept in enumerate(changed) if kept],
    )


def _capture_words(row: pd.Series) -> str:
    day = {"day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[row["start_precision"]]
    about = "about " if row["start_precision"] == "week" else ""
    return f"{SHORT[row['captor']]}, {about}{date(row['date'].strftime(day))}"


# --- towns and bases ------------------------------------------------------------------------------------------


def town_map_figure(spells: pd.DataFrame, towns: pd.DataFrame, first: str) -> Figure:
    """Who held each town and base of the governorate and the neighbouring fronts, with a slider."""
    items, frame = _town_ground(towns)
    days = maps.step_days(spells, "2015-01-01", "2016-12-31", "2016-12-31", TOWN_DATES)
    fig, steps = maps.stepped(spells, items, days, town_words(spells, towns, days), first, "town_id")
    _dress(fig, frame, height=620)
    _label_towns(fig, items, towns)
    maps.scale_bar(fig, frame[0][0] + 2, frame[1][0] + 3, 25)
    still = maps.small_multiples(
        spells, items, [pd.Timestamp(day) for day in TOWN_DATES], frame, "town_id", size=7
    )
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
        sources=sources_of(spells),
        tables=("town_spells", "towns"),
        data=_drawn(spells, towns, "town_id"),
        still=still,
        steps=steps,
        narrow={"height": 470, "legend": {"font": {"size": 12}}, "annotations": []},
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
            _name_beside(fig, item.at, names[item.id], LABELLED[item.id])
        elif item.id == PALMYRA:
            _name_beside(fig, item.at, f"Palmyra (lies 75{NBSP}km further south)", "left")
    # the city itself is on the other map
    fig.add_shape(
        type="circle",
        x0=-7,
        x1=7,
        y0=-7,
        y1=7,
        line={"color": theme.AXIS, "width": 1, "dash": "dot"},
        layer="below",
    )
    theme.label(fig, 0, -3, "Aleppo", theme.MUTED, anchor="center")


def _name_beside(fig: go.Figure, at: tuple[float, float], text: str, side: str) -> None:
    """Write ``text`` on one side of the sign at ``at``."""
    theme.label(fig, *at, text, theme.INK, anchor=ANCHORS[side], shift=9)
    shift = {"above": 6, "below": -24}.get(side, 0)
    fig.layout.annotations[-1].update(yshift=shift)


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
        held = [f"{maps.HOLDER_WORDS[holder]} {count(numbers.get(holder, 0))}" for holder in maps.ORDER[:4]]
        words.append(
            f"On {date(day)}, of {count(len(state))} towns and bases shown: {', '.join(held)}; contested "
            f"{count(numbers.get(CONTESTED, 0))}."
        )
    return _with_changes(words, states, names)
