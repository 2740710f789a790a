"""Convert the network to graphs of networkx and osmnx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from corridors.core.geo import GEOGRAPHIC

if TYPE_CHECKING:
    from corridors.core.types import Network


def to_networkx(network: Network) -> nx.MultiDiGraph[int]:
    """Return a graph of every arc open to southbound cars, with `edge_id ref road_class km hours toll poe_id`.

    Nodes are positions in `network.nodes` and carry `x`, `y` (degrees) and `country`.
    """
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs=f"EPSG:{GEOGRAPHIC}")
    nodes, edges, arcs = network.nodes, network.edges, network.arcs
    graph.add_nodes_from(
        (i, {"x": x, "y": y, "country": country})
        for i, x, y, country in zip(nodes.index, nodes["lon"], nodes["lat"], nodes["country"], strict=True)
    )
    columns = ["edge_id", "ref", "road_class", "km", "hours", "toll", "poe_id"]
    data = edges[columns].to_dict("records")
    graph.add_edges_from(
        (tail, head, data[edge].copy())
        for tail, head, edge in zip(arcs.tail.tolist(), arcs.head.tolist(), arcs.edge.tolist(), strict=True)
    )
    return graph


def to_osmnx(network: Network) -> nx.MultiDiGraph[int]:
    """Return the graph with the attributes of osmnx v2: `osmid highway length (m) maxspeed oneway name geometry`.

    osmnx's own functions (`graph_to_gdfs`, `routing.shortest_path`, `distance.nearest_nodes`, `io.save_graphml`)
    work on the result. `travel_time` is in seconds, named as by `osmnx.add_edge_travel_times`.
    """
    graph = to_networkx(network)
    lines = network.edges.geometry.to_numpy()
    starts = network.edges["u"].to_numpy()
    row = {edge_id: i for i, edge_id in enumerate(network.edges["edge_id"])}
    kmh = network.edges["kmh"].to_numpy()
    oneway = network.edges["oneway"].to_numpy(dtype=bool)
    for tail, _, data in graph.edges(data=True):
        i = row[data["edge_id"]]
        line = lines[i]
        data.update(
            osmid=i,
            highway=data["road_class"],
            name=data["ref"],
            length=data["km"] * 1000,
            maxspeed=float(kmh[i]),
            travel_time=data["hours"] * 3600,
            oneway=bool(oneway[i]) or bool(data["poe_id"]),
            reversed=bool(tail != starts[i]),
            geometry=line if tail == starts[i] else line.reverse(),
        )
    return graph
