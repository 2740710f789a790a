"""Roads of every format become one network that crosses the border at ports of entry alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import osmnx
import pandas as pd
import pytest

from corridors.network.build import join_roads
from corridors.network.convert import to_networkx, to_osmnx
from corridors.sources import Context, load_as
from tests.sources.osm_world import MX, US
from tests.sources.toy import CAR_PORTS, MAP, lines, pbf, written

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import Network
    from corridors.jobs.inputs import Inputs
    from corridors.sources.schemas import Loaded

FORMATS = ("osm_pbf", "osm_xml", "road_table", "travel_mapping")


def loaded_as(name: str, folder: Path, shipped: Inputs) -> Loaded:
    """The toy's roads, read from a file of a format."""
    columns = {}
    path = folder
    if name == "osm_pbf":
        pbf(US, folder / "us.osm.pbf")
        pbf(MX, folder / "mx.osm.pbf")
    elif name == "osm_xml":
        US.write(folder / "us.osm")
        MX.write(folder / "mx.osm")
    elif name == "road_table":
        columns, path = MAP, folder / "roads.gpkg"
        lines().to_file(path)
    else:
        path = written(folder / "waypoints.csv")
    return load_as(path, name, Context(shipped.tables, columns))


def joined(loaded: Loaded, shipped: Inputs) -> Network:
    """The network of some road tables."""
    nodes, edges = loaded.tables["road_nodes"], loaded.tables["road_edges"]
    return join_roads(nodes, edges, shipped.tables["ports_of_entry"])


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_becomes_a_network(name: str, tmp_path: Path, shipped: Inputs) -> None:
    network = joined(loaded_as(name, tmp_path, shipped), shipped)
    assert network.ports["poe_id"].tolist() == CAR_PORTS


def test_the_network_is_cut_at_the_border(tmp_path: Path, shipped: Inputs) -> None:
    network = joined(loaded_as("osm_pbf", tmp_path, shipped), shipped)
    graph = to_networkx(network)
    north = [n for n, data in graph.nodes(data=True) if data["country"] == "US"]
    south = [n for n, data in graph.nodes(data=True) if data["country"] == "MX"]
    assert all(nx.has_path(graph, n, s) for n in north for s in south)
    graph.remove_edges_from(
        [(u, v, k) for u, v, k, data in graph.edges(keys=True, data=True) if data["poe_id"]]
    )
    assert not any(nx.has_path(graph.to_undirected(), n, s) for n in north for s in south)


def test_our_own_export_comes_back(tmp_path: Path, shipped: Inputs) -> None:
    loaded = loaded_as("road_table", tmp_path, shipped)
    network, edges = joined(loaded, shipped), loaded.tables["road_edges"]
    osmnx.save_graphml(to_osmnx(network), tmp_path / "g.graphml")
    back = load_as(tmp_path / "g.graphml", "graphml", Context(shipped.tables))
    columns = ["km", "road_class", "kmh", "toll", "oneway", "country", "region", "ref"]
    pd.testing.assert_frame_equal(
        back.tables["road_edges"][columns], edges[columns], check_exact=False, atol=1e-3
    )
    assert "a connector or port of entry, made anew" in back.report.dropped
