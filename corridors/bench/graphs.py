"""Synthetic road-like networks in two countries whose border only some roads cross.

Delaunay triangles over towns and open country, thinned to a spanning tree and the shortest other edges (mean degree
2.8, as simplified road networks have), three speeds in a coarse hierarchy. Nodes stand along a space-filling curve.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, minimum_spanning_tree
from scipy.spatial import Delaunay

from corridors.core.types import Arcs

if TYPE_CHECKING:
    from corridors.core.types import BoolArray, FloatArray, IntArray

_SIDE = 3e6
"""Both countries together are a square of 3,000 km, metres."""
_CELL = 50e3
_CLASSES = ("motorway", "trunk", "other")
_KMH = np.array([105.0, 80.0, 40.0])


class RoadGraph(NamedTuple):
    """A network and where trips start and end.

    Parameters
    ----------
    arcs
        The network; its ports lead from north to south.
    x, y
        (nodes,) metres.
    north
        (nodes,) whether a node lies in the northern country.
    us, mx
        (zones,), (municipalities,) nodes where trips start and end; each reaches every port on its side.
    """

    arcs: Arcs
    x: FloatArray
    y: FloatArray
    north: BoolArray
    us: IntArray
    mx: IntArray


def road_like(
    nodes: int, *, ports: int = 50, zones: int = 15_000, municipalities: int = 2_475, seed: int = 1
) -> RoadGraph:
    """Return a network of about so many nodes. The same arguments give the same network."""
    rng = np.random.default_rng(seed)
    points = _points(nodes, rng)
    ends, length = _roads(points, rng)
    north = points[:, 1] >= _SIDE / 2
    inner = north[ends[:, 0]] == north[ends[:, 1]]
    main = _main_pieces(len(points), ends[inner], north)
    keep = main[ends].all(axis=1)
    keep &= inner | _nearest(points[ends].mean(axis=1)[:, 0], keep & ~inner, ports)
    place = np.cumsum(main) - 1
    ends, length, points, north = place[ends[keep]], length[keep], points[main], north[main]
    arcs = _arcs(points, ends, length, north, rng)
    sides = []
    for side, count in ((north, zones), (~north, municipalities)):
        there = np.flatnonzero(side)
        sides.append(np.sort(rng.choice(there, min(count, len(there) // 2), replace=False)))
    return RoadGraph(arcs, points[:, 0], points[:, 1], north, *sides)


def _points(nodes: int, rng: np.random.Generator) -> FloatArray:
    """Return points, three in five of them in 400 towns of unlike size, along a space-filling curve."""
    in_towns = int(0.6 * nodes)
    side = int(np.ceil(np.sqrt(nodes - in_towns)))
    spots = rng.permutation(side * side)[: nodes - in_towns]
    country = np.stack([spots % side, spots // side], axis=1) + 0.5
    country = (country + rng.uniform(-0.45, 0.45, country.shape)) * _SIDE / side
    centres = rng.uniform(0.02 * _SIDE, 0.98 * _SIDE, (400, 2))
    weight = rng.pareto(1.1, 400) + 0.05
    weight /= weight.sum()
    town = rng.choice(400, in_towns, p=weight)
    spread = 8e3 * np.sqrt(weight * 400)
    towns = centres[town] + rng.normal(size=(in_towns, 2)) * spread[town][:, None]
    points = np.clip(np.concatenate([country, towns]), 0, _SIDE) + rng.uniform(0, 1, (nodes, 2))
    cells = np.minimum(points / _SIDE * 65535, 65535).astype(np.uint64)
    curve = _spread_bits(cells[:, 0]) | (_spread_bits(cells[:, 1]) << np.uint64(1))
    return np.asarray(points[np.argsort(curve, kind="stable")])


def _spread_bits(values: np.ndarray) -> np.ndarray:
    """Return 16-bit integers with a zero between each two bits."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values


def _roads(points: FloatArray, rng: np.random.Generator) -> tuple[IntArray, FloatArray]:
    """Return the undirected edges kept, and all that cross the border, with their straight length."""
    nodes = len(points)
    corners = Delaunay(points).simplices
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    key = np.unique(sides[:, 0].astype(np.int64) * nodes + sides[:, 1])
    ends = np.stack([key // nodes, key % nodes], axis=1)
    length = np.hypot(*(points[ends[:, 0]] - points[ends[:, 1]]).T)
    row, column = ends.T.astype(np.int32)  # SciPy before 1.17.1 takes no long ones
    tree = minimum_spanning_tree(coo_array((length, (row, column)), shape=(nodes, nodes)).tocsr()).tocoo()
    low, high = np.minimum(tree.row, tree.col).astype(np.int64), np.maximum(tree.row, tree.col)
    keep = np.isin(key, low * nodes + high)
    rest = np.flatnonzero(~keep)
    wanted = int(1.4 * nodes) - int(keep.sum())
    rank = rng.exponential(size=len(rest)) * length[rest]
    keep[rest[np.argpartition(rank, wanted)[:wanted]]] = True
    north = points[:, 1] >= _SIDE / 2
    keep |= north[ends[:, 0]] != north[ends[:, 1]]
    return ends[keep], length[keep]


def _nearest(x: FloatArray, able: BoolArray, ports: int) -> BoolArray:
    """Return the edges, among the able, nearest to each of so many evenly spaced spots."""
    spots = (np.arange(ports) + 0.5) / ports * _SIDE
    candidates = np.flatnonzero(able)
    chosen = np.zeros(len(x), dtype=bool)
    chosen[candidates[np.abs(x[candidates][None, :] - spots[:, None]).argmin(axis=1)]] = True
    return chosen


def _main_pieces(nodes: int, inner: IntArray, north: BoolArray) -> BoolArray:
    """Return which nodes are in the largest piece of their own country."""
    joined = coo_array((np.ones(len(inner)), (inner[:, 0], inner[:, 1])), shape=(nodes, nodes))
    piece = connected_components(joined, directed=False)[1]
    main = np.zeros(nodes, dtype=bool)
    for side in (north, ~north):
        main |= side & (piece == np.bincount(piece[side]).argmax())
    return main


def _arcs(
    points: FloatArray, ends: IntArray, length: FloatArray, north: BoolArray, rng: np.random.Generator
) -> Arcs:
    """Return both directions of each edge, but only southward over the border."""
    middle = points[ends].mean(axis=1)
    road_class = np.full(len(ends), 2)
    for name, lines, width in ((1, 60, 0.06), (0, 15, 0.03)):
        step = _SIDE / lines
        road_class[(np.abs(middle % step - step / 2) < step * width).any(axis=1)] = name
    bends = 1 + rng.gamma(2, 0.08, len(ends))
    hours = length / 1000 * bends / _KMH[road_class]
    tail, head = np.concatenate([ends, ends[:, ::-1]]).T
    edge = np.tile(np.arange(len(ends)), 2)
    southward = ~(~north[tail] & north[head])
    order = np.lexsort((head, tail))
    order = order[southward[order]]
    tail, head, edge = tail[order].astype(np.int64), head[order].astype(np.int64), edge[order]
    over = np.flatnonzero(north[tail] & ~north[head])
    columns = int(_SIDE // _CELL) + 1
    cell = np.minimum(middle // _CELL, columns - 1).astype(np.int64)
    field = ((cell[:, 0] * columns + cell[:, 1]) * len(_CLASSES) + road_class).astype(np.int64)
    return Arcs(
        indptr=np.searchsorted(tail, np.arange(len(points) + 1)).astype(np.int64),
        tail=tail,
        head=head,
        edge=edge.astype(np.int64),
        hours=hours[edge] * rng.uniform(0.95, 1.05, len(edge)),
        toll_km=np.where(road_class[edge] == 0, length[edge] / 1000, 0.0),
        road_class=road_class[edge].astype(np.int64),
        classes=_CLASSES,
        port_us=tail[over],
        port_mx=head[over],
        port_edge=edge[over].astype(np.int64),
        field=csr_array(
            (np.ones(len(ends)), field, np.arange(len(ends) + 1)),
            shape=(len(ends), columns * columns * len(_CLASSES)),
        ),
    )
