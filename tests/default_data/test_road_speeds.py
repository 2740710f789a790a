"""Speeds of the shipped roads: federal roads cut where their bends begin, and nothing else changed."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely import LineString

from corridors.default_data.road_speeds import with_speeds
from corridors.sources.roads.winding import STRAIGHT_KMH

PLAIN = [(-110.0 + 0.01 * n, 28.4) for n in range(40)]
SIERRA = [(-109.6 + 0.01 * n, 28.4 + 0.01 * (n % 2)) for n in range(40)]


def raw_edges() -> gpd.GeoDataFrame:
    """A federal road from a plain into mountains, the toll road beside it, and roads that no rule is for."""
    shape = LineString(PLAIN + SIERRA)
    return gpd.GeoDataFrame(
        {
            "u": "MX1",
            "v": "MX2",
            "km": 90.0,
            "cls": ["mx_federal", "mx_toll", "mx_toll", "mx_toll", "mx_freeway", "us_state"],
            "toll": [False, True, True, True, False, False],
            "kmh": [78, 105, 105, 95, 80, 90],
            "ref": ["MEX16", "MEX16D", "MEX16/MEX16D", "SLP80D", None, "AZ1"],
            "country": ["MX", "MX", "MX", "MX", "MX", "US"],
        },
        geometry=[shape] * 6,
        crs=4326,
    )


def test_a_federal_road_is_cut_where_its_bends_begin() -> None:
    raw = raw_edges()
    edges, nodes = with_speeds(raw)
    road = edges[edges["ref"] == "MEX16"]
    assert len(road) > 2
    assert road["kmh"].iloc[0] == STRAIGHT_KMH > road["kmh"].iloc[-1]
    assert (road["kmh"].to_numpy()[1:] != road["kmh"].to_numpy()[:-1]).all()
    assert road["km"].sum() == pytest.approx(90.0, abs=1e-3 * len(road))
    assert shapely.line_merge(shapely.union_all(road.geometry.to_numpy())).equals(raw.geometry[0])
    assert [road["u"].iloc[0], road["v"].iloc[-1]] == ["MX1", "MX2"]
    assert road["u"].tolist()[1:] == road["v"].tolist()[:-1]
    at = nodes.set_index("node")
    for row in road.iloc[1:].itertuples():
        assert row.geometry.coords[0] == tuple(at.loc[row.u, ["lon", "lat"]])


def test_only_federal_roads_wind_and_toll_motorways_have_the_speed_of_their_class() -> None:
    edges, nodes = with_speeds(raw_edges())
    speeds = {ref: set(rows["kmh"]) for ref, rows in edges.groupby("ref")}
    assert speeds["MEX16/MEX16D"] == speeds["MEX16"]
    assert [speeds[ref] for ref in ("MEX16D", "SLP80D", "", "AZ1")] == [{100}, {95}, {80}, {90}]
    assert len(nodes) == nodes["node"].nunique() == len(set(edges["u"])) - 1
    assert set(nodes["country"]) == {"MX"}


def test_a_straight_road_is_one_edge() -> None:
    raw = raw_edges().iloc[:1]
    straight = raw.set_geometry(gpd.GeoSeries([LineString(PLAIN[:2])], index=raw.index, crs=4326))
    edges, nodes = with_speeds(straight)
    assert edges["kmh"].tolist() == [STRAIGHT_KMH]
    assert edges["km"].tolist() == [90.0]
    assert np.array_equal(shapely.get_coordinates(edges.geometry.to_numpy()), PLAIN[:2])
    assert nodes.empty


def test_a_short_piece_shared_with_a_toll_road_is_free() -> None:
    raw = raw_edges().iloc[[2]]
    short = with_speeds(raw.assign(km=14.0))[0]
    assert set(short["cls"]) == {"mx_federal"}
    assert not short["toll"].any()
    long = with_speeds(raw.assign(km=16.0))[0]
    assert set(long["cls"]) == {"mx_toll"}
    assert long["toll"].all()
