"""The maps on the cover: the days they show, the colours of the book, and the same paths every time."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from aleppo.bookkit import city_strip, cover
from aleppo.bookkit.city_strip import AFTER, BEFORE, Strip
from aleppo.evidence import load
from aleppo.evidence.errors import AleppoError
from aleppo.measure.control import state_on
from aleppo.show import theme


@pytest.fixture(scope="module")
def strip() -> Strip:
    return city_strip.strip(load("control_spells"), load("places"))


def test_as_many_days_stand_before_the_break_as_after(strip: Strip) -> None:
    assert [each.day for each in strip.maps] == sorted([*BEFORE, *AFTER])
    assert strip.break_after == len(BEFORE) == len(AFTER)


def test_each_map_has_the_holders_of_its_day(strip: Strip) -> None:
    spells, places = load("control_spells"), load("places")
    with_area = set(places.loc[places["area_km2"].notna(), "place_id"])
    for each in strip.maps:
        holders = state_on(spells[spells["place_id"].isin(with_area)], each.day)["holder"]
        assert set(each.paths) <= set(holders) and len(each.paths) >= 2


def test_the_maps_leave_out_places_that_lie_apart_and_fill_their_frame(strip: Strip) -> None:
    assert 90 < strip.cells < int(load("places")["area_km2"].notna().sum())
    numbers = [int(number) for path in strip.maps[0].paths.values() for number in re.findall(r"-?\d+", path)]
    assert min(numbers) >= -2 and max(numbers) <= max(strip.width, strip.height) + 2


def test_the_file_has_the_colours_of_the_book_and_one_break(strip: Strip) -> None:
    drawn = city_strip.svg(strip)
    assert set(re.findall(r'fill="(#[^"]+)"', drawn)) <= set(theme.HOLDERS.values())
    assert drawn.count("stroke-dasharray") == 1
    assert drawn == city_strip.svg(city_strip.strip(load("control_spells"), load("places")))


def test_the_cover_draws_the_outlines_once_and_dates_every_map(strip: Strip) -> None:
    html = cover.strip_html(strip)
    assert html.count(f'id="{cover.OUTLINES}"') == 1
    assert html.count(f'href="#{cover.OUTLINES}"') == len(strip.maps) - 1
    # the year below the day: side by side they would be wider than a map on a telephone
    assert theme.BREAK_LABEL in html and "<span>29\u00a0September<br>2015</span>" in html
    assert f"{strip.cells} neighbourhoods" in html and 'role="img"' in html


def test_places_without_spells_are_no_map() -> None:
    spells = load("control_spells")
    with pytest.raises(AleppoError, match="expected spells"):
        city_strip.strip(spells.iloc[:0], load("places"))


def test_a_day_outside_the_spells_is_refused() -> None:
    with pytest.raises(AleppoError, match="1999"):
        city_strip.strip(
            load("control_spells"), load("places"), [pd.Timestamp("1999-01-01").date().isoformat()]
        )
