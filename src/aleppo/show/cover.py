"""The picture of the cover: who held each neighbourhood of the city, a thread of time for each.

It is drawn from the spells of control when the book is made, so that other data give another cover. Nothing on it is a
measure to read off; the chapter on who held the city has the figures.
"""

from __future__ import annotations

import pandas as pd

from aleppo.measure.control import CONTESTED
from aleppo.show.theme import BREAK, FAMILY, HOLDERS, darkened

WIDTH, ROW = 2100, 10
OVERLAP = 0.8  # so that no seam shows between two rows
ABOVE, BELOW = 60, 60
TALLEST_LETTERS = 30
LIGHT = "#ffffff"


def cover(spells: pd.DataFrame) -> str:
    """SVG of the spells of control (``place_id, holder, start, end``): a row a place, a rectangle a spell.

    Places stand in the order of the days that the opposition held them, the longest first. The day on which the
    Russian air strikes begin is a line through all of them; years are marked below.
    """
    first, last = spells["start"].min(), spells["end"].max()
    day = WIDTH / ((last - first).days + 1)
    rows = {place: number for number, place in enumerate(_order(spells))}
    height = ABOVE + ROW * len(rows) + BELOW

    def across(moment: pd.Timestamp) -> float:
        return (moment - first).days * day

    threads = [
        f'<rect x="{across(spell.start):.1f}" y="{ABOVE + ROW * rows[spell.place_id]:.1f}" '
        f'width="{((spell.end - spell.start).days + 1) * day:.1f}" height="{ROW + OVERLAP}" '
        f'fill="{HOLDERS[spell.holder if spell.holder in HOLDERS else CONTESTED]}"/>'
        for spell in spells.sort_values(["place_id", "start"]).itertuples()
    ]
    turn = across(pd.Timestamp(BREAK))
    label = f"{BREAK.day} {BREAK:%B %Y}"
    years = [
        _text(across(start) + 8, height - 14, str(start.year), LIGHT, "start")
        for start in pd.date_range(first, last, freq="YS")
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}">{darkened("".join(threads))}'
        f'<rect x="{turn - 1.5:.1f}" y="{ABOVE - 20}" width="3" height="{height - ABOVE - 14:g}" fill="{LIGHT}"/>'
        f"{_text(turn, ABOVE - 30, label, LIGHT, 'middle')}{''.join(years)}</svg>\n"
    )


def _order(spells: pd.DataFrame) -> list[str]:
    """Places by the days that the opposition held them, the longest first; ties by id."""
    lengths = (spells["end"] - spells["start"]).dt.days + 1
    held = lengths.where(spells["holder"] == "opposition", 0).groupby(spells["place_id"]).sum()
    return [str(place) for place in held.sort_index().sort_values(ascending=False, kind="stable").index]


def _text(x: float, y: float, words: str, colour: str, anchor: str) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FAMILY.replace(chr(34), chr(39))}" '
        f'font-size="{TALLEST_LETTERS}" fill="{colour}" text-anchor="{anchor}">{words}</text>'
    )
