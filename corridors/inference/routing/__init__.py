"""Cost worlds and exact shortest paths by customisable contraction hierarchies."""

from corridors.inference.routing.costs import base_costs, draw_costs
from corridors.inference.routing.places import (
    CostWorld,
    LegCosts,
    RoutedNetwork,
    edge_flow,
    prepare_routing,
    route_world,
)

__all__ = [
    "CostWorld",
    "LegCosts",
    "RoutedNetwork",
    "base_costs",
    "draw_costs",
    "edge_flow",
    "prepare_routing",
    "route_world",
]
