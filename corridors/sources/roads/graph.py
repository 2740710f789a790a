"""Build the two road tables from ways: the last step of every road loader, for a city as for a country.

Ways become edges between consecutive points; edges across the border are removed, so that only ports of entry join the
countries; chains of equal edges become one; one-way stubs cut by the border or the edge of an extract, which lead
nowhere, are removed, unless all roads are such; each port of entry is joined to the roads on both sides.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridors.core.errors import Fault, SchemaError
from corridors.core.schema import check
from corridors.sources.reading.geometry import thin_lines
from corridors.sources.roads import osm_tags
from corridors.sources.roads.border import OUTSIDE, join_ports, states_of
from corridors.sources.roads.region import BEYOND, EXPECTED, WORDS, bounds_words, in_region, remedy
from corridors.sources.schemas.tables import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, FloatArray, IntArray
    from corridors.sources.roads.border import PortConnections, States
    from corridors.sources.roads.contraction import Chains

    Shorts = NDArray[np.int16]

NO_NODES = "fewer than two of its nodes are in the file"
CLIPPED = "ways end where the file lacks their further nodes"
ABROAD = "outside the United States and Mexico, or a piece across their border"
NO_WAY_BACK = "no road leads back to where it starts, so a run cannot use this file"
CUT_OFF = "one-way piece cut off by the edge of the extract or the border, or a loop onto itself"
FATES = ("", CUT_OFF, ABROAD, BEYOND, NO_NODES)
HILBERT_LEVEL = 16
MAP_BOX = (-125.5, 13.0, -84.0, 43.0)
DRAWN_DEG = 1e-4
"""Tolerance of drawn lines in degrees (11 m); lengths are those of the full line."""
BLOCK = 1_000_000
ATTRIBUTES = ("highway", "ref", "toll", "kmh", "road_class")


@dataclass(frozen=True, slots=True)
class Ways:
    """Roads as in the file, before any is dropped.

    Parameters
    ----------
    lon, lat
        (points,) degrees EPSG:4326.
    start
        (ways + 1,) where each way begins in `point`.
    point
        Positions of the points along each way; -1 for a point without coordinates in the file.
    table
        One row per way: `highway` as OpenStreetMap names it, `ref`, `toll` (1, 0, -1 unknown), `oneway` (1, 0, -1
        against its own direction), `kmh` (NaN unknown), `road_class` of the schema ("" to derive it from the rest);
        `region` where the file names the state of each way, as in `States.region`; without it state and country
        follow from the coordinates.
    """

    lon: FloatArray
    lat: FloatArray
    start: IntArray
    point: IntArray
    table: pd.DataFrame


@dataclass(frozen=True, slots=True)
class RoadTables:
    """The two road tables, and what became of each way.

    Parameters
    ----------
    tables
        `road_nodes` and `road_edges`, checked.
    fate
        (ways,) position in `FATES` of the reason why a way was dropped; 0 for a way that is in the tables.
    notes
        Notes on what was cut or left out.
    """

    tables: Mapping[str, pd.DataFrame]
    fate: IntArray
    notes: tuple[str, ...]

    def dropped(self, group: IntArray | None = None) -> Counter[str]:
        """Return reason to number of dropped ways; ways of one `group` count once, as kept where any of them is."""
        fate = self.fate if group is None else pd.Series(self.fate).groupby(group).min().to_numpy()
        count = np.bincount(fate, minlength=len(FATES))
        return Counter({reason: int(n) for reason, n in zip(FATES[1:], count[1:], strict=True) if n})


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Edges between consecutive points of a way: ends, way, state of the start."""

    u: IntArray
    v: IntArray
    way: IntArray
    state: IntArray


def road_tables(ways: Ways, tables: Mapping[str, pd.DataFrame], file: str) -> RoadTables:
    """Return the road tables of some ways.

    Parameters
    ----------
    ways
        The roads.
    tables
        Default tables: `us_states`, `mx_states` and, to join the countries, `ports_of_entry`.
    file
        Name for messages.

    Raises
    ------
    SchemaError
        No way is usable, or the tables break their schema.
    """
    from corridors.sources.roads.contraction import contract  # compiled by Numba

    states = states_of(tables)
    pieces, fate, notes = _pieces(ways, states)
    if not len(pieces.u):
        raise SchemaError([_nowhere(ways, fate, file)])
    attribute = (
        ways.table.groupby(list(ATTRIBUTES), sort=False, dropna=False, observed=True).ngroup().to_numpy()
    )
    oneway = (ways.table["oneway"].to_numpy() != 0)[pieces.way]
    code = attribute[pieces.way] * len(states.region) + pieces.state
    chains = contract(len(ways.lon), pieces.u, pieces.v, code=code, oneway=oneway)
    u, v = chains.ends(pieces.u, pieces.v)
    head = chains.edge[chains.start[:-1]]
    kept = _two_way_reach(u, v, oneway[head])
    fate[pieces.way] = FATES.index(CUT_OFF)
    if not kept.any():  # one-way roads alone: read as they are, and refused by a run
        kept = u != v
        notes.append(f"{NO_WAY_BACK}: {_one_way_words(oneway[head])}")
    if not kept.any():
        raise SchemaError([Fault(file, "roads that lead somewhere", "only loops onto themselves", _LARGER)])
    fate[pieces.way[chains.edge[kept[chains.chain]]]] = 0
    edges = _edges(ways, pieces, chains, kept=kept, states=states)
    nodes, edges, joined = _joined(ways, edges.assign(u=u[kept], v=v[kept]), states)
    found_tables = {"road_nodes": nodes, "road_edges": edges}
    return RoadTables(_checked(found_tables, tables, file), fate, (*notes, *_port_notes(joined)))


_LARGER = "Give a larger extract, or check which roads are one-way."


def _one_way_words(oneway: BoolArray) -> str:
    """Return how many of some roads are one-way, for a message."""
    return f"{int(oneway.sum())} of {len(oneway)} roads are one-way"


def _pieces(ways: Ways, states: States) -> tuple[_Pieces, IntArray, list[str]]:
    """Return the edges within one country, the fate of each way so far, and notes on what was cut."""
    count = len(ways.table)
    way = np.repeat(np.arange(count, dtype=np.int32), np.diff(ways.start))
    same = way[:-1] == way[1:] if len(way) else np.zeros(0, dtype=bool)
    known = same & (ways.point[:-1] >= 0) & (ways.point[1:] >= 0) & (ways.point[:-1] != ways.point[1:])
    u, v, own = ways.point[:-1][known], ways.point[1:][known], way[:-1][known]
    fate = np.full(count, FATES.index(NO_NODES), dtype=np.int64)
    fate[own] = FATES.index(BEYOND)
    region = in_region(ways.lon, ways.lat)
    near = region[u] & region[v]
    leaving = np.unique(own[region[u] != region[v]])
    u, v, own = u[near], v[near], own[near]
    tail, head = _states_at(ways, states, u, v, own)
    mexican = states.country == "MX"
    inside = (tail != OUTSIDE) & (head != OUTSIDE)
    home = inside & (mexican[tail] == mexican[head])
    lost = np.bincount(way[ways.point < 0], minlength=count) > 0
    crossing = np.unique(own[inside & ~home])
    fate[own] = FATES.index(ABROAD)
    notes = []
    if len(leaving):
        notes.append(f"{len(leaving)} ways leave the region ({WORDS}) and are cut there")
    clipped = int((lost & (fate == FATES.index(ABROAD))).sum())
    if clipped:
        notes.append(f"{clipped} {CLIPPED}")
    if len(crossing):
        notes.append(f"{len(crossing)} ways cross the border and are cut there")
    u, v, own, tail, head = u[home], v[home], own[home], tail[home], head[home]
    against = ways.table["oneway"].to_numpy()[own] < 0
    state = np.where(against, head, tail).astype(np.int64)
    u, v = np.where(against, v, u), np.where(against, u, v)
    return _Pieces(u, v, own, state), fate, notes


def _nowhere(ways: Ways, fate: IntArray, file: str) -> Fault:
    """Return the fault of roads of which none is in one of the two countries."""
    if not (fate == FATES.index(BEYOND)).any():
        found = f"{len(fate)} ways, none of them with two known nodes in either"
        return Fault(file, "roads of the United States or Mexico", found, "Give an extract with main roads.")
    point = np.unique(ways.point[ways.point >= 0])
    x, y = ways.lon[point], ways.lat[point]
    expected = f"roads of the United States or Mexico, {EXPECTED}"
    return Fault(file, expected, f"{len(fate)} ways, none there: {bounds_words(x, y)}", remedy(x, y))


def _states_at(ways: Ways, states: States, u: IntArray, v: IntArray, own: IntArray) -> tuple[Shorts, Shorts]:
    """Return the state of the start and of the end of each edge, `OUTSIDE` for neither country."""
    if "region" in ways.table:
        position = {name: at for at, name in enumerate(states.region)}
        named = ways.table["region"].map(position).to_numpy(dtype=np.int16)[own]
        return named, named
    used = np.zeros(len(ways.lon), dtype=bool)
    used[u] = used[v] = True
    place = np.full(len(ways.lon), OUTSIDE, dtype=np.int16)
    if used.any():
        place[used] = states.at(ways.lon[used], ways.lat[used])
    return place[u], place[v]


def _two_way_reach(u: IntArray, v: IntArray, oneway: BoolArray) -> BoolArray:
    """Return which edges are not loops and have both ends in one strongly connected component."""
    _, place = np.unique(np.concatenate([u, v]), return_inverse=True)
    a, b = place[: len(u)], place[len(u) :]
    tail, head = np.concatenate([a, b[~oneway]]), np.concatenate([b, a[~oneway]])
    size = int(place.max(initial=0)) + 1
    graph = coo_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(size, size))
    _, label = connected_components(graph, directed=True, connection="strong")
    return np.asarray((u != v) & (label[a] == label[b]))


def _edges(
    ways: Ways, pieces: _Pieces, chains: Chains, *, kept: BoolArray, states: States
) -> gpd.GeoDataFrame:
    """Return the attributes and lines of the kept chains, without `u` and `v`."""
    head = chains.edge[chains.start[:-1]][kept]
    what = ways.table.iloc[pieces.way[head]].reset_index(drop=True)
    country, region = states.country[pieces.state[head]], states.region[pieces.state[head]]
    groups = what[list(ATTRIBUTES)].assign(country=country)
    number = (
        groups.groupby([*ATTRIBUTES, "country"], sort=False, dropna=False, observed=True).ngroup().to_numpy()
    )
    _, first = np.unique(number, return_index=True)
    meaning = pd.DataFrame([_meaning(row) for row in groups.iloc[first].itertuples(index=False)])
    km, lines = _lines(ways, pieces, chains, kept)
    edges = meaning.iloc[number].reset_index(drop=True)
    edges = edges.assign(
        km=np.maximum(km.round(4), 1e-4),
        oneway=(what["oneway"] != 0).to_numpy(),
        country=country,
        region=region,
        ref=what["ref"].astype("object"),
        poe_id="",
    )
    return gpd.GeoDataFrame(edges, geometry=lines, crs=4326)


def _meaning(row: Any) -> dict[str, object]:
    """Return class, speed and toll of one combination of attributes."""
    due = osm_tags.is_toll(row.country, row.ref, row.toll)
    found = row.road_class or osm_tags.road_class(row.country, row.highway, ref=row.ref, due=due, kmh=row.kmh)
    kmh = row.kmh
    if np.isnan(kmh) and row.road_class:
        kmh = osm_tags.CLASS_KMH[row.road_class]
    elif np.isnan(kmh):
        kmh = osm_tags.default_kmh(row.country, row.highway)
    return {"road_class": found, "kmh": round(kmh, 1), "toll": due}


def _lines(
    ways: Ways, pieces: _Pieces, chains: Chains, kept: BoolArray
) -> tuple[FloatArray, np.ndarray[tuple[int], np.dtype[np.object_]]]:
    """Return the length (km) and the thinned line of each kept chain; in blocks, to save memory."""
    node, whose = chains.paths(pieces.u, pieces.v)
    stay = kept[whose]
    node, whose = node[stay], (np.cumsum(kept) - 1)[whose[stay]]
    count = int(kept.sum())
    km = np.zeros(count)
    lines = np.empty(count, dtype=object)
    geod = Geod(ellps="WGS84")
    bounds = np.searchsorted(whose, np.arange(count + 1))
    first = 0
    while first < count:
        last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + BLOCK)) - 1)
        block = slice(int(bounds[first]), int(bounds[last]))
        x, y, chain = ways.lon[node[block]], ways.lat[node[block]], whose[block] - first
        step = np.flatnonzero(chain[:-1] == chain[1:])
        metres = geod.inv(x[step], y[step], x[step + 1], y[step + 1])[2]
        km[first:last] = np.bincount(chain[step], metres, minlength=last - first) / 1000
        full = shapely.linestrings(np.column_stack([x, y]), indices=chain)
        thin = np.asarray(shapely.simplify(full, DRAWN_DEG))
        lines[first:last] = thin_lines(thin, grid=1e-7)
        first = last
    return km, lines


def _joined(
    ways: Ways, edges: gpd.GeoDataFrame, states: States
) -> tuple[pd.DataFrame, gpd.GeoDataFrame, PortConnections]:
    """Return numbered nodes and edges, ports of entry among them."""
    point, place = np.unique(np.concatenate([edges["u"], edges["v"]]), return_inverse=True)
    u, v = place[: len(edges)], place[len(edges) :]
    nodes = pd.DataFrame({"lon": ways.lon[point], "lat": ways.lat[point], "country": "", "poe_id": ""})
    sides = np.empty(len(point), dtype=object)
    sides[u] = sides[v] = edges["country"].to_numpy()
    sides[u] = edges["country"].to_numpy()
    nodes["country"] = sides
    joined = join_ports(nodes, u, v, states)
    if len(joined.nodes):
        nodes = pd.concat([nodes, joined.nodes], ignore_index=True)
    parts = [edges.assign(u=u, v=v)]
    if len(joined.links):
        xy = nodes[["lon", "lat"]].to_numpy()
        ends = joined.links[["u", "v"]].to_numpy()
        links = joined.links.assign(toll=False, oneway=False, ref="")
        parts.append(gpd.GeoDataFrame(links, geometry=shapely.linestrings(xy[ends]), crs=4326))
    every = gpd.GeoDataFrame(pd.concat(parts, ignore_index=True), crs=4326)
    return *_numbered(nodes.round({"lon": 7, "lat": 7}), every), joined


def _numbered(nodes: pd.DataFrame, edges: gpd.GeoDataFrame) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the tables with `node_id` along a Hilbert curve and `edge_id` by country, ref, ends and length.

    A two-way edge runs from the lower `node_id` to the higher, so that the tables do not depend on the order of the file.
    """
    points = gpd.GeoSeries(gpd.points_from_xy(nodes["lon"], nodes["lat"]))
    distance = points.hilbert_distance(total_bounds=MAP_BOX, level=HILBERT_LEVEL)
    order = nodes.assign(distance=distance).sort_values(["distance", "lon", "lat", "poe_id"]).index.to_numpy()
    rank = np.empty(len(nodes), dtype=np.int64)
    rank[order] = np.arange(len(nodes))
    numbered = nodes.iloc[order].reset_index(drop=True)
    numbered.insert(0, "node_id", np.arange(len(nodes)))
    u, v = rank[edges["u"]], rank[edges["v"]]
    flip = (u > v) & ~edges["oneway"].to_numpy(dtype=bool)
    lines = edges.geometry.to_numpy()
    lines[flip] = shapely.reverse(lines[flip])
    placed = edges.assign(u=np.where(flip, v, u), v=np.where(flip, u, v)).set_geometry(
        gpd.GeoSeries(lines, crs=4326)
    )
    by = ["country", "ref", "u", "v", "km", "road_class"]
    placed = placed.sort_values(by, kind="stable", ignore_index=True)
    columns = [*SCHEMAS["road_edges"].columns, "geometry"]
    return numbered, placed.assign(edge_id=np.arange(len(placed)))[columns]


def _checked(
    found: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame], file: str
) -> dict[str, pd.DataFrame]:
    """Return the tables, checked by their schemas."""
    known = {**tables, "road_nodes": found["road_nodes"]}
    return {
        name: check(table, SCHEMAS[name], file=f"{file} as {name}", tables=known)
        for name, table in found.items()
    }


def _port_notes(joined: PortConnections) -> list[str]:
    """Return notes on the ports of entry that are joined and those that are not."""
    ports = sorted(set(joined.nodes["poe_id"]))
    notes = [f"{len(ports)} ports of entry are joined to the roads: {', '.join(ports) or 'none'}"]
    if joined.far:
        notes.append(f"no road within 10 km on one side: {', '.join(joined.far)}")
    return notes
