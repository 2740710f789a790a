from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx as ox
import pytest
from hypothesis import given, settings, strategies as st

from corridors.core.errors import InputError
from corridors.network.build import build_network, join_roads
from corridors.network.convert import to_networkx, to_osmnx
from tests.network import toy

if TYPE_CHECKING:
    from corridors.core.types import Network


def joined(**changes: object) -> Network:
    nodes, edges = toy.road_tables()
    return join_roads(nodes, edges.assign(**changes), toy.port_table())


def test_ports_open_to_southbound_cars_only() -> None:
    network = joined()
    assert network.ports["poe_id"].tolist() == ["AZ-EEE", "AZ-WWW"]
    country = network.nodes["country"].to_numpy()
    assert (country[network.arcs.port_us] == "US").all()
    assert (country[network.arcs.port_mx] == "MX").all()
    assert network.edges.loc[network.arcs.port_edge, "poe_id"].tolist() == ["AZ-EEE", "AZ-WWW"]


def test_the_border_is_a_cut() -> None:
    network = joined()
    graph = to_networkx(network)
    north = [n for n, data in graph.nodes(data=True) if data["country"] == "US"]
    south = [n for n, data in graph.nodes(data=True) if data["country"] == "MX"]
    assert all(nx.has_path(graph, n, s) for n in north for s in south)
    assert not any(nx.has_path(graph, s, n) for n in north for s in south)
    ports = [(u, v, k) for u, v, k in graph.edges(keys=True) if graph.edges[u, v, k]["poe_id"]]
    graph.remove_edges_from(ports)
    assert len(ports) == 2
    assert not any(nx.has_path(graph.to_undirected(), n, s) for n in north for s in south)


def test_two_way_roads_give_two_arcs_and_ports_one() -> None:
    arcs = joined().arcs
    assert len(arcs.head) == 2 * 8 + 2
    assert (np.diff(arcs.tail) >= 0).all()
    assert len(joined(oneway=True).arcs.head) == 8 + 2


def test_field_fractions_sum_to_one() -> None:
    field = joined().arcs.field
    assert np.allclose(field.sum(axis=1), 1)


@given(st.permutations(range(len(toy.ROADS))))
@settings(deadline=None, max_examples=20)
def test_row_order_does_not_matter(order: list[int]) -> None:
    nodes, edges = toy.road_tables()
    one = join_roads(nodes, edges, toy.port_table())
    other = join_roads(nodes.iloc[::-1], edges.iloc[order], toy.port_table().iloc[::-1])
    assert one.edges["edge_id"].tolist() == other.edges["edge_id"].tolist()
    for name in ("tail", "head", "edge", "hours", "toll_km", "port_edge"):
        assert np.array_equal(getattr(one.arcs, name), getattr(other.arcs, name))


def test_a_road_across_the_border_is_refused() -> None:
    nodes, edges = toy.road_tables()
    edges.loc[4, "road_class"] = "mx_federal"
    with pytest.raises(InputError, match="from US to MX"):
        join_roads(nodes, edges, toy.port_table())


def test_unknown_nodes_are_all_named() -> None:
    nodes, edges = toy.road_tables()
    edges = edges.assign(u=edges["u"].replace(0, 99), source_row=range(2, 12))
    with pytest.raises(InputError) as caught:
        join_roads(nodes, edges, toy.port_table())
    assert [fault.row for fault in caught.value.faults] == [2, 3]


def test_roads_without_a_way_to_a_port_are_refused() -> None:
    nodes, edges = toy.road_tables()
    cut = edges[~edges["edge_id"].isin([1, 2, 3])]
    with pytest.raises(InputError, match="none of the 2 ports"):
        join_roads(nodes, cut, toy.port_table())


def test_one_way_roads_without_a_circle_are_refused() -> None:
    tables = toy.tables()
    roads = tables["road_edges"]
    one_way = {"road_edges": roads.assign(oneway=True)}
    with pytest.raises(InputError, match="8 one-way roads, none of them part of a circle"):
        build_network(tables | one_way)
    ring = roads["edge_id"].isin(roads["edge_id"][:3])
    turned = roads.assign(oneway=True)
    turned.loc[ring, ["u", "v"]] = [[0, 1], [1, 2], [2, 0]]
    assert len(build_network(tables | {"road_edges": turned}).ports)


def test_a_port_with_one_side_missing_is_dropped() -> None:
    nodes, edges = toy.road_tables()
    network = join_roads(nodes, edges[edges["edge_id"] != 6], toy.port_table())
    assert network.ports["poe_id"].tolist() == ["AZ-EEE"]


def test_networkx_carries_what_a_reader_needs(toy_network: Network) -> None:
    graph = to_networkx(toy_network)
    assert graph.number_of_edges() == len(toy_network.arcs.head)
    km = nx.shortest_path_length(graph, 0, 5, weight="km")
    assert km == pytest.approx(100 + 100 + 0.5)


def test_osmnx_functions_work_on_it(toy_network: Network) -> None:
    graph = to_osmnx(toy_network)
    nodes, edges = ox.graph_to_gdfs(graph)
    assert isinstance(edges, gpd.GeoDataFrame)
    assert len(nodes) == toy_network.arcs.nodes
    plane = ox.projection.project_graph(graph)
    south = plane.nodes[1]
    assert ox.distance.nearest_nodes(plane, south["x"] + 500, south["y"] - 500) == 1
    route = ox.routing.shortest_path(graph, 0, 5, weight="travel_time")
    assert route == [0, 1, 3, 5]
    starts = edges.geometry.apply(lambda line: line.coords[0])
    tails = [(nodes.loc[u, "x"], nodes.loc[u, "y"]) for u, _, _ in edges.index]
    assert np.allclose(np.array(starts.tolist()), np.array(tails))


@pytest.mark.parametrize("country", ["US", "MX"])
def test_roads_of_one_country_are_refused(country: str) -> None:
    """An extract of a city away from the border has nobody to join."""
    nodes, edges = toy.road_tables()
    nodes = nodes[nodes["country"] == country]
    own = edges[edges["u"].isin(nodes["node_id"]) & edges["v"].isin(nodes["node_id"])]
    with pytest.raises(InputError, match="none of the 2 ports open to southbound cars is joined"):
        join_roads(nodes, own, toy.port_table())
