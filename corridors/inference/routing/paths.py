"""The way of one trip, followed through the shortest-path trees of a port of entry's two sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.core.journeys import TripPath

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridors.core.types import Arcs, IntArray


def tree_arcs(tree: NDArray[np.int32], node: int, ends: IntArray) -> list[int]:
    """Return the arcs between a node and the root of a tree, from the node on.

    Parameters
    ----------
    tree
        (nodes,) arc by which the tree enters each node, or, reversed, leaves it; -1 at the root.
    node
        Where to start.
    ends
        (arcs,) the end of each arc that lies nearer to the root: tails, or heads of a reversed tree.
    """
    found = []
    while (arc := int(tree[node])) >= 0:
        found.append(arc)
        node = int(ends[arc])
    return found


def trip_path(arcs: Arcs, north: list[int], port: int, south: list[int]) -> TripPath:
    """Return the way over the arcs of both legs, in the order of travel, and the port's own edge between them."""
    before, after = (np.array(leg, dtype=np.int64) for leg in (north, south))
    return TripPath(
        edges=np.concatenate([arcs.edge[before], arcs.port_edge[port : port + 1], arcs.edge[after]]),
        nodes=np.concatenate(
            [
                arcs.tail[before],
                arcs.port_us[port : port + 1],
                arcs.port_mx[port : port + 1],
                arcs.head[after],
            ]
        ),
        hours=float(arcs.hours[before].sum() + arcs.hours[after].sum()),
    )
