r"""A tiny world of arrays, drawn once: what inference sees of a network and its evidence. No geometry.

                 lon -111           -110           -109
    lat 33    0 north ------I-19------ 1 south
                 |  zone 0: 20 licences   |  zone 1: 13 licences
                US1         US2 __________I-10
    lat 31.5  2 west us ___/           3 east us
    ========    port 1 =============   port 0 ==========  border; the ports are sorted: east, west
    lat 31.4  4 west mx                5 east mx
               MEX15                    MEX17D (toll)
    lat 30    6 26001 -- 9 26003 (MEX15) -- 7 26002 --MEX2-- 8 08001      municipal seats

Every number is set by hand so that tests can compute with them: see ROADS.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from corridors.core.types import Arcs, CentroidConnectors, Evidence, HeldOut, Period, Published

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.core.types import IntArray

NODES = 10
CLASSES = ("interstate", "mx_federal", "mx_toll", "poe", "us_highway")
ROADS = [
    # from, to, hours, km, class, ref: a row an edge
    (0, 1, 1.0, 100.0, "interstate", "I-19"),
    (0, 2, 2.0, 200.0, "us_highway", "US1"),
    (1, 2, 1.0, 100.0, "us_highway", "US2"),
    (1, 3, 1.0, 100.0, "interstate", "I-10"),
    (2, 4, 0.05, 0.5, "poe", "WEST"),
    (3, 5, 0.05, 0.5, "poe", "EAST"),
    (4, 6, 1.0, 80.0, "mx_federal", "MEX15"),
    (5, 7, 1.0, 100.0, "mx_toll", "MEX17D"),
    (6, 9, 0.5, 40.0, "mx_federal", "MEX15W"),
    (9, 7, 0.5, 40.0, "mx_federal", "MEX15E"),
    (7, 8, 1.0, 80.0, "mx_federal", "MEX2"),
]
BRIDGE = (1, 9, 0.05, 0.5, "poe", "BRIDGE")
"""A third port, of the east port's city."""
EDGE = {row[-1]: number for number, row in enumerate(ROADS)}
"""Row of each road, by its ref."""
KM = np.array([row[3] for row in ROADS])
EAST, WEST = 0, 1
"""Positions of the ports."""
LEJOS, PUEBLO, CIUDAD, MEDIO = range(4)
"""Positions of the municipalities 08001, 26001, 26002, 26003."""


def ints(*values: int) -> IntArray:
    return np.array(values, dtype=np.int64)


def toy_arcs(*, bridge: bool = False) -> Arcs:
    """Return both directions of every road, but only southward over the border; with the bridge as a third port, or not."""
    roads = [*ROADS, BRIDGE] if bridge else ROADS
    rows = [(u, v, number) for number, (u, v, *_) in enumerate(roads)]
    rows += [(v, u, number) for u, v, number in rows if roads[number][4] != "poe"]
    tail, head, edge = (np.array(column, dtype=np.int64) for column in zip(*sorted(rows), strict=True))
    toll = np.array([km if road_class == "mx_toll" else 0.0 for _, _, _, km, road_class, _ in roads])
    # a cost cell each 50 km of a road; the two halves of MEX15 between the seats share one
    cells = [number if ref != "MEX15E" else EDGE["MEX15W"] for number, (*_, ref) in enumerate(roads)]
    field = np.zeros((len(roads), 2 * len(roads)))
    for number, cell in enumerate(cells):
        fraction = 0.5 if roads[number][3] > 50 else 1.0
        field[number, 2 * cell] = fraction
        field[number, 2 * cell + 1] = 1 - fraction
    third = (ints(BRIDGE[0]), ints(BRIDGE[1]), ints(len(ROADS))) if bridge else (ints(),) * 3
    return Arcs(
        indptr=np.searchsorted(tail, np.arange(NODES + 1)).astype(np.int64),
        tail=tail,
        head=head,
        edge=edge,
        hours=np.array([row[2] for row in roads])[edge],
        toll_km=toll[edge],
        road_class=np.array([CLASSES.index(row[4]) for row in roads], dtype=np.int64)[edge],
        classes=CLASSES,
        port_us=np.append(ints(3, 2), third[0]),
        port_mx=np.append(ints(5, 4), third[1]),
        port_edge=np.append(ints(EDGE["EAST"], EDGE["WEST"]), third[2]),
        field=csr_array(field),
    )


def toy_published() -> Published:
    """Return published figures: 3,969 traces of Arizona, one pair, one city, one municipality, two regions."""
    return Published(
        state_counts=np.array([3969.0]),
        recent_fractions=np.array([0.88]),
        recent_total=2550.0,
        known_fraction=17717 / 18206,
        pairs=np.array([[0, 1]]),
        pair_counts=np.array([2600.0]),
        pair_bound=2600.0,
        city_names=("South",),
        # the city holds .8 of its county's 10 licences, in a zone of 13
        city_fractions=np.array([[0.0, 0.8 * 10 / 13]]),
        city_states=ints(0),
        city_counts=np.array([3000.0]),
        city_totals=np.array([9451.0]),
        city_at_least=np.array([False]),
        top_municipalities=ints(CIUDAD),
        top_counts=np.array([600.0]),
        top_bound=200.0,
        top_total=1000.0,
        municipalities_compared=np.array([True, True, True, True]),
        event_municipalities=ints(PUEBLO, CIUDAD),
        event_counts=np.array([2.0, 5.5]),
        route_ids=("R1", "R2"),
        route_origins=ints(0, 1),
        route_targets=ints(CIUDAD, LEJOS),
        route_cities=ints(WEST, EAST),
        route_weights=np.array([1.0, 0.5]),
        region_names=("West", "East"),
        region_ports=np.array([[0.0, 1.0], [1.0, 0.0]]),
        region_counts=np.array([30.0, 70.0]),
    )


def toy_evidence() -> Evidence:
    """Return two zones of one state, four municipalities of two, and two ports, of which east is open half the day."""
    zones = pd.DataFrame(
        {
            "zone_id": ["county:north", "county:south"],
            "us_state": "AZ",
            "name": ["North", "South"],
            "dealers": [20, 13],
        }
    )
    municipalities = pd.DataFrame(
        {
            "cvegeo": ["08001", "26001", "26002", "26003"],
            "mx_state": ["08", "26", "26", "26"],
            "name": ["Lejos", "Pueblo", "Ciudad", "Medio"],
        }
    )
    return Evidence(
        zones=cast("gpd.GeoDataFrame", zones),
        municipalities=cast("gpd.GeoDataFrame", municipalities),
        us_states=("AZ",),
        mx_states=("08", "26"),
        zone_state=ints(0, 0),
        municipality_state=ints(0, 1, 1, 1),
        log_supply=np.log([20.5, 13.7]),
        state_terms=np.array([[-0.8, 0.0]]),
        demand_terms=np.log1p([[5, 0, 99_999], [0, 0, 49_999], [40, 120, 499_999], [0, 0, 19_999]]),
        log_demand_offset=np.zeros(4),
        log_state_demand=np.log([400.0, 900.0]),
        log_port_volume=np.log([1.0, 1 / 3]),
        log_open_fraction=np.log([0.5, 1.0]),
        crossing_cities=("east", "west"),
        port_city=ints(0, 1),
        connectors=CentroidConnectors(
            zone_nodes=csr_array(np.eye(NODES)[:2]),
            zone_hours=np.array([0.35, 1.41]),
            municipality_node=ints(8, 6, 7, 9),
            municipality_hours=np.zeros(4),
        ),
        published=toy_published(),
    )


def with_bridge(evidence: Evidence) -> Evidence:
    """Return the evidence of the toy world with the bridge as a third port."""
    return replace(
        evidence,
        log_port_volume=np.append(evidence.log_port_volume, -1.2),
        log_open_fraction=np.append(evidence.log_open_fraction, -0.4),
        port_city=ints(0, 1, 0),
        published=replace(evidence.published, region_ports=np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 1.0]])),
    )


def toy_held_out() -> HeldOut:
    """Return two published routes, north - west - 26002 with two stops on MEX15 and east - 08001, and another year."""
    return HeldOut(
        route_ids=("R1", "R2"),
        origin_zone=ints(0, -1),
        origin_node=ints(0, -1),
        destination=ints(CIUDAD, LEJOS),
        destination_node=ints(7, 8),
        crossing_city=ints(0, 1),
        port_city=ints(1, 0),
        stop_route=ints(0),
        stop_edges=csr_array(np.isin(np.arange(len(ROADS)), [EDGE["MEX15"], EDGE["MEX15W"]])[None]),
        edge_km=KM,
        zone_population=np.array([0.9, 0.1]),
        municipality_population=np.array([100_000.0, 50_000, 500_000, 20_000]),
        municipality_homicides=np.array([0.0, 0, 120, 0]),
        municipality_seizures=np.array([5.0, 0, 40, 0]),
        periods=(Period("2024", np.array([[True]]), np.array([0.62])),),
    )
