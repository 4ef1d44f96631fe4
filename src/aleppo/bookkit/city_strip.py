"""The battle in eight small maps: who held the city on days before and after 30 September 2015.

The picture on the cover and on the cards that are shared. It is drawn from the spells of the evidence and the schematic
cells of `aleppo.measure.cells`, in the book's colours: four days up to the eve of the break, four days since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from aleppo.evidence.errors import AleppoError
from aleppo.measure.cells import voronoi_cells
from aleppo.measure.control import state_on
from aleppo.show import theme
from aleppo.show.maps import ORDER

# The first day of the spells, two ends of years, the eve of the break; then a turn of the siege and the last weeks.
BEFORE = ("2012-07-19", "2012-12-31", "2014-12-31", "2015-09-29")
AFTER = ("2016-07-28", "2016-11-27", "2016-12-06", "2016-12-22")
UNITS = 100  # of the drawing, to a kilometre: ten metres each


@dataclass(frozen=True)
class Map:
    """One day: a path for each holder, in units of the strip."""

    day: str
    paths: Mapping[str, str]


@dataclass(frozen=True)
class Strip:
    """The maps in order, the outlines of all cells as one path, and the size of a map, in units of ten metres."""

    maps: tuple[Map, ...]
    outlines: str
    width: int
    height: int
    cells: int

    @property
    def break_after(self) -> int:
        """How many maps are of days before the break."""
        return sum(each.day < theme.BREAK.isoformat() for each in self.maps)


def strip(spells: pd.DataFrame, places: pd.DataFrame, days: Sequence[str] = (*BEFORE, *AFTER)) -> Strip:
    """The maps of ``days`` from the tables ``control_spells`` and ``places``.

    Raises AleppoError for a day on which a place has no spell, and for places without areas.
    """
    cells = _of_the_town(voronoi_cells(places))
    bounds = shapely.total_bounds(cells["cell"].to_numpy())
    if not np.isfinite(bounds).all():
        raise AleppoError("the strip of maps: expected places with an area, found none")
    left, bottom, right, top = bounds

    def moved(shape: shapely.Geometry) -> shapely.Geometry:
        # south is down on a screen
        return shapely.transform(
            shape, lambda xy: np.round((xy - [left, top]) * [UNITS, -UNITS]), include_z=False
        )

    shown = spells[spells["place_id"].isin(cells.index)]
    if shown.empty:
        raise AleppoError("the strip of maps: expected spells of places with an area, found none")
    maps = []
    for day in days:
        holders = state_on(shown, day)["holder"]
        maps.append(
            Map(
                day,
                {
                    holder: _path(moved(_joined(cells.loc[holders.index[holders == holder], "cell"])))
                    for holder in ORDER
                    if (holders == holder).any()
                },
            )
        )
    return Strip(
        maps=tuple(maps),
        outlines="".join(_path(moved(cell)) for cell in cells["cell"]),
        width=int(np.ceil((right - left) * UNITS)),
        height=int(np.ceil((top - bottom) * UNITS)),
        cells=len(cells),
    )


def _of_the_town(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells that hang together around the middle; a few places lie apart, and would make the maps small."""
    parts = shapely.get_parts(_joined(cells["cell"]))
    town = max(parts, key=shapely.area)
    return cells[shapely.intersects(cells["cell"].to_numpy(), town)]


def _joined(cells: pd.Series) -> shapely.Geometry:
    """Cells as one surface; rounding to metres leaves slits between neighbours, which are closed."""
    return shapely.simplify(
        shapely.union_all(shapely.buffer(cells.to_numpy(), 0.004, join_style="mitre")), 0.01
    )


def _path(shape: shapely.Geometry) -> str:
    rings = [
        ring
        for part in shapely.get_parts(shape)
        for ring in (part.exterior, *part.interiors)
        if len(ring.coords) > 3
    ]
    return "".join("M" + "L".join(f"{int(x)} {int(y)}" for x, y in ring.coords[:-1]) + "z" for ring in rings)


def _drawn(picture: Strip, each: Map) -> str:
    """One map in light colours, with the outlines of the cells."""
    held = "".join(
        f'<path fill="{theme.HOLDERS[holder]}" fill-rule="evenodd" d="{path}"/>'
        for holder, path in each.paths.items()
    )
    return f'{held}<path fill="none" stroke="{theme.PAPER}" stroke-width="7" d="{picture.outlines}"/>'


def svg(picture: Strip) -> str:
    """All maps side by side as a file of its own, in light colours, with the break drawn as in every chart."""
    step, gap = round(picture.width * 1.12), round(picture.width * 0.12)
    height = picture.height
    width = step * len(picture.maps) - gap
    groups = "".join(
        f'<g transform="translate({place * step} 0)">{_drawn(picture, each)}</g>'
        for place, each in enumerate(picture.maps)
    )
    at = picture.break_after * step - gap // 2
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'{groups}<path d="M{at} 0V{height}" stroke="{theme.INK}" stroke-width="18" stroke-dasharray="90 70"/></svg>\n'
    )
