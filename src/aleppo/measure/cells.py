"""Schematic cells of the city: who borders whom, how long the front is, and what hangs together.

A cell is the Voronoi polygon of an OCHA reference point, clipped to a hull around all of them. Its outline is
*schematic*: it is no surveyed border, and areas are always taken from ``places.area_km2``, never from a cell.
Lengths and neighbours are those of the cells and share their limits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from aleppo.evidence.errors import AleppoError

# Lambert's equal-area projection around the citadel, metres: x to the east, y to the north.
LOCAL = "+proj=laea +lat_0=36.2 +lon_0=37.16 +datum=WGS84 +units=m +no_defs"
# The hull: discs of a little more than each place's area, with the gaps between them closed.
ROOM = 1.3
CLOSED = 700.0
# How far the hull may be smoothed, so that an arc is not drawn with a hundred corners.
SMOOTH = 40.0
# Two cells that touch along less than this are neighbours at a corner only.
SHORTEST = 25.0
KM = 1000.0


def local_points(places: pd.DataFrame) -> np.ndarray:
    """East and north of the citadel in kilometres, one row per place, in the local equal-area projection."""
    east, north = Transformer.from_crs("EPSG:4326", LOCAL, always_xy=True).transform(
        places["lon"].to_numpy(float), places["lat"].to_numpy(float)
    )
    return np.round(np.column_stack([east, north]) / KM, 3)


def voronoi_cells(places: pd.DataFrame) -> pd.DataFrame:
    """The schematic cell of each place that has a surface: ``cell`` (a polygon in km), indexed by ``place_id``.

    ``places`` needs ``place_id, lat, lon, area_km2``. The outline is the same on every machine: coordinates are
    rounded to metres. Raises AleppoError for fewer than three places and for two at one point.
    """
    inside = places[places["area_km2"].notna()].sort_values("place_id", ignore_index=True)
    if len(inside) < 3:
        raise AleppoError(f"schematic cells: expected at least 3 places with an area, found {len(inside)}")
    points = local_points(inside) * KM
    twice = pd.DataFrame(points).duplicated().to_numpy()
    if twice.any():
        name = inside["place_id"][int(twice.argmax())]
        raise AleppoError(f"schematic cells: expected one place at a point, found another where {name} is")
    hull = _hull(points, inside["area_km2"].to_numpy(float))
    regions = shapely.voronoi_polygons(shapely.multipoints(points), extend_to=hull, ordered=True)
    clipped = shapely.intersection(shapely.get_parts(regions), hull)
    parts = [_part_with(shape, point) for shape, point in zip(clipped, shapely.points(points), strict=True)]
    scaled = shapely.set_precision(shapely.transform(parts, lambda xy: xy / KM), 0.001)
    return pd.DataFrame(
        {"cell": shapely.normalize(scaled)}, index=pd.Index(inside["place_id"], name="place_id")
    )


def _hull(points: np.ndarray, areas: np.ndarray) -> shapely.Geometry:
    discs = shapely.buffer(shapely.points(points), ROOM * np.sqrt(areas * KM**2 / np.pi))
    closed = shapely.buffer(shapely.buffer(shapely.union_all(discs), CLOSED), -CLOSED)
    return shapely.simplify(closed, SMOOTH)


def _part_with(shape: shapely.Geometry, point: shapely.Geometry) -> shapely.Geometry:
    """Of a cell that the hull cuts in pieces, the one around its point."""
    parts = shapely.get_parts(shape)
    return parts[int(np.argmin(shapely.distance(parts, point)))]


def borders(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells that share an edge: ``one, other, km`` (``one`` before ``other``), the length of the shared edge."""
    shapes = cells["cell"].to_numpy()
    tree = shapely.STRtree(shapes)
    first, second = tree.query(shapes, predicate="intersects")
    pairs = first < second
    first, second = first[pairs], second[pairs]
    # rounding to metres leaves slits between neighbours: an edge is what lies within two metres of the other
    edge = shapely.intersection(shapely.boundary(shapes[first]), shapely.buffer(shapes[second], 0.002))
    km = np.round(shapely.length(edge), 3)
    names = cells.index.to_numpy()
    found = pd.DataFrame({"one": names[first], "other": names[second], "km": km})
    return found[found["km"] * KM >= SHORTEST].sort_values(["one", "other"], ignore_index=True)


def connected_components(edges: pd.DataFrame, members: Collection[str]) -> list[list[str]]:
    """The cells ``members`` as groups that hang together over ``edges`` of :func:`borders`.

    Each group is sorted; the largest comes first, and of equals the one whose first name comes first.
    """
    parent = {name: name for name in members}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one, other in edges[["one", "other"]].itertuples(index=False):
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    groups: dict[str, list[str]] = {}
    for name in sorted(parent):
        groups.setdefault(root(name), []).append(name)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def connected_component(edges: pd.DataFrame, members: Collection[str], seed: str) -> list[str]:
    """The cells of ``members`` that hang together with ``seed``, sorted; empty when it is none of them."""
    for group in connected_components(edges, members):
        if seed in group:
            return group
    return []


def edge_cells(cells: pd.DataFrame) -> list[str]:
    """Cells on the outer edge of the city: those that share part of the hull's outline."""
    shapes = cells["cell"].to_numpy()
    outline = shapely.boundary(
        shapely.buffer(shapely.buffer(shapely.union_all(shapely.buffer(shapes, 0.003)), 0.02), -0.02)
    )
    touching = shapely.length(shapely.intersection(shapely.buffer(outline, 0.01), shapely.boundary(shapes)))
    return sorted(cells.index[touching * KM >= SHORTEST])


def touches_edge(cells: pd.DataFrame, members: Iterable[str]) -> bool:
    """Whether any of ``members`` lies on the outer edge of the city."""
    return not set(members).isdisjoint(edge_cells(cells))


def enclaves(edges: pd.DataFrame, members: Collection[str], gates: Collection[str]) -> pd.DataFrame:
    """Whether the parts of a party's ground are joined to ground outside the city.

    ``members`` are the cells it holds or contests; ``gates`` the cells into which a corridor leads that is open
    on that day. Returns one row per connected part, largest first: ``cells`` (a list), ``gates`` (those in
    it), ``enclosed`` (no gate in it). Which corridors are open is a dated fact, not a matter of geometry.
    """
    known = set(gates)
    parts = connected_components(edges, members)
    inside = [sorted(known.intersection(part)) for part in parts]
    return pd.DataFrame({"cells": parts, "gates": inside, "enclosed": [not found for found in inside]})


def front_lengths(edges: pd.DataFrame, holders: pd.DataFrame) -> pd.DataFrame:
    """Length in km of the edges between cells of different holders, by day.

    ``holders`` has one column per place and one row per day (:func:`aleppo.measure.control.holders_by_day`);
    places without a cell are passed over. Returns one column per pair of holders, named ``one|other`` in
    alphabetical order: where a place is contested the front runs somewhere inside it, so its edges are told apart
    (``contested|...``).
    """
    codes, names = pd.factorize(holders.to_numpy().ravel(), sort=True)
    table = pd.DataFrame(codes.reshape(holders.shape), index=holders.index, columns=holders.columns)
    known = edges[edges["one"].isin(table.columns) & edges["other"].isin(table.columns)]
    one, other = table[known["one"]].to_numpy(), table[known["other"]].to_numpy()
    low, high, km = np.minimum(one, other), np.maximum(one, other), known["km"].to_numpy()
    lengths = {
        f"{names[a]}|{names[b]}": np.round(((low == a) & (high == b)) @ km, 3)
        for a in range(len(names))
        for b in range(a + 1, len(names))
    }
    result = pd.DataFrame(lengths, index=holders.index)
    return result.loc[:, (result > 0).any()]
