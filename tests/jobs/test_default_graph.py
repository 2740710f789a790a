"""The routing engine on the shipped road graph, against Dijkstra."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.config import Config
from corridors.core.settings import CostSettings
from corridors.inference.routing import draw_costs
from corridors.jobs.stages import build_evidence, build_network
from tests.inference.routing.paths import agree_with_dijkstra

if TYPE_CHECKING:
    from corridors.jobs.inputs import Inputs


def test_the_default_graph(shipped: Inputs) -> None:
    network = build_network(shipped)
    connectors = build_evidence(shipped, network, Config()).connectors
    arcs = network.arcs
    assert len(arcs.port_us) == 42
    costs = draw_costs(arcs, CostSettings(), seed=1, world=0)
    us, mx = np.unique(connectors.zone_nodes.indices), connectors.municipality_node
    agree_with_dijkstra(arcs, costs, us.astype(np.int64), mx, np.concatenate([arcs.port_us, arcs.port_mx]))
