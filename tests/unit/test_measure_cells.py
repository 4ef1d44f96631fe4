"""Schematic cells: neighbours, lengths, and what hangs together."""

import pandas as pd
import pytest
import shapely

from aleppo.evidence.errors import AleppoError
from aleppo.measure import cells


def grid(columns=3, rows=3):
    """Places a kilometre apart, named a1, a2 … from south-west, each of one square kilometre."""
    return pd.DataFrame(
        [
            {
                "place_id": f"{'abcdef'[row]}{column + 1}",
                "lon": 37.16 + 0.0111 * column,
                "lat": 36.2 + 0.009 * row,
                "area_km2": 1.0,
            }
            for row in range(rows)
            for column in range(columns)
        ]
    )


@pytest.fixture(scope="module")
def nine():
    return cells.voronoi_cells(grid())


@pytest.fixture(scope="module")
def edges(nine):
    return cells.borders(nine)


def test_every_place_with_a_surface_has_the_cell_around_its_point(nine):
    points = cells.local_points(grid())
    assert list(nine.index) == sorted(grid()["place_id"])
    for place, point in zip(grid()["place_id"], points, strict=True):
        assert shapely.contains_xy(nine.at[place, "cell"], *point)


def test_a_place_without_a_surface_has_no_cell():
    places = grid()
    places.loc[0, "area_km2"] = None
    assert "a1" not in cells.voronoi_cells(places).index


def test_cells_do_not_overlap_and_leave_no_hole(nine):
    shapes = nine["cell"].to_numpy()
    union = shapely.union_all(shapely.buffer(shapes, 0.002))
    assert sum(shapely.area(shapes)) == pytest.approx(shapely.area(union), rel=0.01)
    assert shapely.get_num_interior_rings(union) == 0


def test_the_same_places_give_the_same_cells_in_any_order(nine):
    again = cells.voronoi_cells(grid().sample(frac=1, random_state=1))
    assert (
        shapely.to_wkt(again["cell"].to_numpy()).tolist() == shapely.to_wkt(nine["cell"].to_numpy()).tolist()
    )


def test_two_places_at_one_point_are_refused_by_name():
    twice = pd.concat([grid(), grid().head(1).assign(place_id="z9")])
    with pytest.raises(AleppoError, match="where z9 is"):
        cells.voronoi_cells(twice)


def test_two_places_make_no_cells():
    with pytest.raises(AleppoError, match="at least 3 places with an area, found 2"):
        cells.voronoi_cells(grid(columns=2, rows=1))


def test_neighbours_share_an_edge_of_their_length_and_diagonals_none(edges):
    pairs = {(one, other): km for one, other, km in edges.itertuples(index=False)}
    assert pairs["a2", "b2"] == pytest.approx(1.0, abs=0.02)
    assert ("a1", "b2") not in pairs
    assert ("a1", "a3") not in pairs


def test_the_middle_is_not_on_the_outer_edge(nine):
    assert cells.edge_cells(nine) == sorted(set(nine.index) - {"b2"})
    assert not cells.touches_edge(nine, ["b2"])
    assert cells.touches_edge(nine, ["b2", "c1"])


def test_parts_that_touch_at_a_corner_do_not_hang_together(edges):
    assert cells.connected_components(edges, ["a1", "a2", "b2", "c3"]) == [["a1", "a2", "b2"], ["c3"]]


def test_a_component_is_empty_where_its_seed_is_not_held(edges):
    assert cells.connected_component(edges, ["a1", "a2"], "c3") == []
    assert cells.connected_component(edges, ["a2", "a1", "c3"], "a1") == ["a1", "a2"]


def test_a_part_is_enclosed_when_no_open_corridor_leads_into_it(edges):
    held = ["a1", "a2", "c3"]
    closed = cells.enclaves(edges, held, gates=[])
    assert closed["enclosed"].tolist() == [True, True]
    opened = cells.enclaves(edges, held, gates=["c3", "b2"])
    assert opened["enclosed"].tolist() == [True, False]
    assert opened["gates"].tolist() == [[], ["c3"]]


def test_the_front_is_the_edges_between_different_holders(edges):
    row = {"a": "government", "b": "contested", "c": "opposition"}
    holders = pd.DataFrame([{f"{r}{n}": row[r] for r in "abc" for n in (1, 2, 3)}])
    lengths = cells.front_lengths(edges, holders).iloc[0].to_dict()
    between = {
        "contested|government": ("a", "b"),
        "contested|opposition": ("b", "c"),
    }
    assert set(lengths) == set(between)
    for pair, rows in between.items():
        shared = edges[edges["one"].str[0].eq(rows[0]) & edges["other"].str[0].eq(rows[1])]
        assert lengths[pair] == pytest.approx(shared["km"].sum())


def test_one_holder_everywhere_has_no_front(edges):
    holders = pd.DataFrame([{f"{r}{n}": "government" for r in "abc" for n in (1, 2, 3)}])
    assert cells.front_lengths(edges, holders).empty
