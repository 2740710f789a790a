"""V10 of docs/method.md 7.3: how a road network happens to be written down changes nothing; equal roads share alike."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import LineString

from corridors.core.settings import CostSettings
from corridors.inference.fitting import InferencePlan, infer, prepare_problem
from corridors.inference.routing import draw_costs, edge_flow, prepare_routing, route_world
from corridors.network import build_evidence, build_network
from tests.network import toy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, FloatArray, Network

    RoadTables = tuple[pd.DataFrame, gpd.GeoDataFrame]

MEX2 = 9
"""Row of the road from the city to the far town."""


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return toy.population(tmp_path_factory.mktemp("people"))


def built(roads: RoadTables, people: Path) -> tuple[Network, Evidence]:
    nodes, edges = roads
    tables = {**toy.tables(), "road_nodes": nodes, "road_edges": edges}
    network = build_network(tables)
    return network, build_evidence(tables, people, network)


def inferred(roads: RoadTables, people: Path) -> tuple[FlowDraws, dict[str, FloatArray]]:
    network, evidence = built(roads, people)
    posterior = infer(prepare_problem(network.arcs, evidence, InferencePlan(worlds=4)))
    shares = dict(zip(network.edges["ref"], posterior.edge_share.T, strict=True))
    return posterior, shares


def relabelled(roads: RoadTables) -> RoadTables:
    nodes, edges = roads
    new = dict(zip(nodes["node_id"], np.random.default_rng(4).permutation(len(nodes)) + 100, strict=True))
    nodes = nodes.assign(node_id=nodes["node_id"].map(new)).sample(frac=1, random_state=4, ignore_index=True)
    edges = edges.assign(u=edges["u"].map(new), v=edges["v"].map(new))
    return nodes, edges.sample(frac=1, random_state=5, ignore_index=True)


def with_road(roads: RoadTables, like: int, *stops: tuple[float, float, int], km: float) -> RoadTables:
    """Return the roads with one more through (lon, lat, node) stops, in equal parts; like another in all else."""
    nodes, edges = roads
    known = set(nodes["node_id"])
    new = [[node, lon, lat, "MX", ""] for lon, lat, node in stops if node not in known]
    rows = [
        {
            **edges.iloc[like].to_dict(),
            "edge_id": 1000 + len(edges) + n,
            "u": start[2],
            "v": end[2],
            "km": km / (len(stops) - 1),
            "geometry": LineString([start[:2], end[:2]]),
        }
        for n, (start, end) in enumerate(pairwise(stops))
    ]
    more = pd.concat([edges, gpd.GeoDataFrame(rows, geometry="geometry", crs=edges.crs)], ignore_index=True)
    return pd.concat([nodes, pd.DataFrame(new, columns=nodes.columns)], ignore_index=True), more


def cut_in_two(roads: RoadTables) -> RoadTables:
    nodes, edges = with_road(roads, MEX2, (-110.0, 30.0, 7), (-109.5, 30.0, 50), (-109.0, 30.0, 8), km=80.0)
    return nodes, edges.drop(index=MEX2).reset_index(drop=True)


def with_dead_end(roads: RoadTables) -> RoadTables:
    nodes, edges = with_road(roads, MEX2, (-109.0, 30.0, 8), (-108.5, 30.4, 51), km=60.0)
    edges.loc[len(edges) - 1, "ref"] = "NOWHERE"
    return nodes, edges


@pytest.mark.parametrize("change", [relabelled, cut_in_two, with_dead_end])
def test_the_way_roads_are_written_down_changes_nothing(
    change: Callable[[RoadTables], RoadTables], people: Path
) -> None:
    as_drawn, shares = inferred(toy.road_tables(), people)
    changed, new = inferred(change(toy.road_tables()), people)
    # costs are whole hundredths of a second, so two halves may cost one more than the whole
    for name in ("port_share", "state_pair", "zone_port", "port_municipality"):
        assert np.abs(getattr(as_drawn, name) - getattr(changed, name)).max() < 1e-5, name
    for ref, share in shares.items():
        assert np.abs(share - new[ref]).max() < 1e-5, ref
    assert np.abs(new.get("NOWHERE", np.zeros(1))).max() == 0


def test_equal_roads_share_alike(people: Path) -> None:
    """Two roads of one length to the far town, in different cells: half of the worlds find either cheaper."""
    nodes, edges = toy.road_tables()
    roads = (nodes, edges.drop(index=MEX2).reset_index(drop=True))
    for n, lat in enumerate((31.2, 28.8)):
        roads = with_road(
            roads, MEX2 - 1, (-110.0, 30.0, 7), (-109.5, lat, 60 + n), (-109.0, 30.0, 8), km=300.0
        )
        roads[1].loc[len(roads[1]) - 2 :, "ref"] = f"ROAD{n}"
    network, evidence = built(roads, people)
    ready = prepare_routing(network.arcs, evidence.connectors)
    to_far = np.zeros((2, 4))
    to_far[:, 0] = 0.5  # 08001 comes first
    from_zones = np.full((len(evidence.zones), 2), 0.5 / len(evidence.zones))
    worlds = 400
    total = np.zeros(len(network.edges))
    for n in range(worlds):
        costs = draw_costs(network.arcs, CostSettings(), seed=3, world=n)
        total += edge_flow(ready, route_world(ready, costs), from_zones, to_far)
    share = [total[(network.edges["ref"] == f"ROAD{n}").to_numpy()].min() / worlds for n in range(2)]
    assert sum(share) == pytest.approx(1)
    assert abs(share[0] - 0.5) < 3.3 * 0.5 / np.sqrt(worlds)
