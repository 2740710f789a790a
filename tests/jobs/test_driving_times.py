"""Printed driving times on the shipped roads (docs/method.md 2.6), and the ways that pay no toll."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.config import Config
from corridors.core.geo import PLANE, to_plane
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_network
from corridors.network.build import largest_component

if TYPE_CHECKING:
    from corridors.core.types import Network

TOLERANCE = 0.15
LONGER = 1.05
"""A line that is longer than the printed distance by more shows that the distance is not this road's."""


@dataclass(frozen=True)
class Roads:
    """The network as a graph of hours, with or without tolls, and the lines that places are looked for on."""

    network: Network
    lines: np.ndarray
    usable: np.ndarray

    def way(self, row: Any) -> tuple[float, float]:
        """Hours and kilometers of the quickest way of a row, from the point of a road nearest to each end."""
        arcs, edges = self.network.arcs, self.network.edges
        table = pd.DataFrame(
            {"tail": arcs.tail, "head": arcs.head, "edge": arcs.edge, "hours": arcs.hours}
        ).sort_values("hours")
        if row.free:
            table = table[~edges["toll"].to_numpy()[table["edge"]]]
        best = table.drop_duplicates(["tail", "head"])
        graph = csr_array((best["hours"], (best["tail"], best["head"])), shape=(arcs.nodes, arcs.nodes))
        starts = self.ends(row.origin_lon, row.origin_lat, _country(row.origin))
        stops = self.ends(row.destination_lon, row.destination_lat, _country(row.destination))
        hours, before = dijkstra(graph, indices=[node for node, _, _ in starts], return_predecessors=True)
        total, first, last = min(
            (hours[i, stop[0]] + start[1] + stop[1], i, j)
            for i, start in enumerate(starts)
            for j, stop in enumerate(stops)
        )
        km = starts[first][2] + stops[last][2]
        length = best.set_index(["tail", "head"])["edge"]
        node = stops[last][0]
        while np.isfinite(total) and node != starts[first][0]:
            km += edges["km"].iloc[length[(before[first, node], node)]]
            node = before[first, node]
        return float(total), float(km)

    def ends(self, lon: float, lat: float, country: str) -> list[tuple[int, float, float]]:
        """Node, hours and kilometers to both ends of the edge nearest to a place, in its country."""
        point = shapely.Point(to_plane(np.array([lon]), np.array([lat]))[0])
        here = self.usable & (self.network.edges["country"] == country).to_numpy()
        at = int(np.where(here, shapely.distance(self.lines, point), np.inf).argmin())
        edge = self.network.edges.iloc[at]
        along = shapely.line_locate_point(self.lines[at], point, normalized=True)
        return [
            (int(edge[node]), part * edge["hours"], part * edge["km"])
            for node, part in (("u", along), ("v", 1 - along))
        ]


def _country(place: str) -> str:
    """Country of a place: those of the United States are named with their state, as "Mesa AZ"."""
    return "US" if re.search(r" [A-Z]{2}$", place) else "MX"


@pytest.fixture(scope="module")
def printed() -> pd.DataFrame:
    return load_inputs(Config()).tables["driving_times"]


@pytest.fixture(scope="module")
def roads() -> Roads:
    network = build_network(load_inputs(Config()))
    arcs, edges = network.arcs, network.edges
    main = largest_component(arcs.nodes, arcs.tail, arcs.head)
    usable = ~edges["road_class"].isin(["poe", "connector"]).to_numpy() & main[edges["u"]]
    return Roads(network, edges.geometry.to_crs(PLANE).to_numpy(), usable)


def test_driving_times_are_within_fifteen_percent(roads: Roads, printed: pd.DataFrame) -> None:
    assert len(printed) == 14
    found = pd.DataFrame([roads.way(row) for row in printed.itertuples()], columns=["hours", "km"])
    table = printed.assign(**found)
    table["longer"] = (table["km"] / table["printed_km"]).fillna(1.0)
    table["ratio"] = table["hours"] / table["printed_hours"]
    # Hermosillo - Chihuahua is printed as 536 km, and chords along MEX-16 alone are 610: its speed is compared.
    doubtful = table["longer"] > LONGER
    assert table.loc[doubtful, "origin"].tolist() == ["Hermosillo"]
    table.loc[doubtful, "ratio"] /= table["longer"]
    shown = table[["origin", "destination", "hours", "km", "longer", "ratio"]].round(2)
    assert table["ratio"].between(1 - TOLERANCE, 1 + TOLERANCE).all(), f"\n{shown.to_string()}"


def test_the_free_road_from_durango_to_mazatlan_is_there(roads: Roads, printed: pd.DataFrame) -> None:
    row: Any = next(row for row in printed.itertuples() if row.free)
    hours, km = roads.way(row)
    assert (row.origin, row.destination) == ("Durango", "Mazatlán")
    assert 260 < km < 305
    assert hours > 2 * roads.way(row._replace(free=False))[0]


def test_the_free_road_from_mazatlan_to_tepic_is_there(roads: Roads, printed: pd.DataFrame) -> None:
    """MEX-15, which shares 12 km with the toll road."""
    row: Any = next(row for row in printed.itertuples() if row.free)
    tepic = {"destination": "Tepic", "destination_lon": -104.8957, "destination_lat": 21.5042}
    there = {"origin": "Mazatlán", "origin_lon": row.destination_lon, "origin_lat": row.destination_lat}
    _, km = roads.way(row._replace(**there, **tepic))
    assert 280 < km < 350
