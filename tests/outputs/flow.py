"""A drawn network with draws of flow on it: one road each way to two ports, for what sums up draws.

 (-111, 33)        (-110, 33)
    z1 ──── I-8 ──── z2              Arizona
    │ AZ-85          │ I-10
  (West)           (East)            the border, 31.5 to 31.45
    │ MEX-15         │ MEX-17D
    m1 ─── MEX-2 ─── m2              Sonora | Chihuahua
(-111, 30)        (-110, 30)         m3 and m4 lie beyond
"""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, box

from corridors.core.draws import FlowDraws
from corridors.core.journeys import Journeys, TripPath
from corridors.core.results import Variant
from corridors.core.scenario import Displacement, Scenario, ScenarioFlow
from corridors.core.types import Evidence, Network
from corridors.outputs.summary import leading_journeys

POINTS = [(-111.0, 33.0), (-110.0, 33.0), (-111.0, 31.5), (-110.0, 31.5), (-111.0, 31.45), (-110.0, 31.45),
          (-111.0, 30.0), (-110.0, 30.0)]  # fmt: skip
# (id, ends, km, number, class, country, region, toll, port)
ROADS = (
    ("1", 0, 1, 90.0, "I8", "interstate", "US", "AZ", False, ""),
    ("2", 0, 2, 100.0, "AZ85", "us_state", "US", "AZ", False, ""),
    ("3", 1, 3, 100.0, "I10", "interstate", "US", "AZ", False, ""),
    ("4", 2, 4, 0.5, "", "poe", "X", "X", False, "AZ-WWW"),
    ("5", 3, 5, 0.5, "", "poe", "X", "X", False, "AZ-EEE"),
    ("6", 4, 6, 100.0, "MEX15", "mx_federal", "MX", "MX", False, ""),
    ("7", 5, 7, 100.0, "MEX17D", "mx_toll", "MX", "MX", True, ""),
    ("8", 6, 7, 90.0, "MEX2", "mx_federal", "MX", "MX", False, ""),
)
WEST, EAST = 0, 1
NAMES = {"AZ": "Arizona", "26": "Sonora", "08": "Chihuahua"}
PLACES = pd.DataFrame(
    {
        "name": ["Ciudad", "Sur"],
        "country": ["MX", "US"],
        "lon": [-110.0, -110.0],
        "lat": [30.0, 33.0],
        "pop": [500_000, 9_000],
    }
)
SIDES = ((("AZ", "Norte"),), ("26", "08"))
"""The one place of origin of the drawn flow, and its Mexican states."""
HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7 * 7 }}"


def flow_network() -> Network:
    """Return the drawn network; it has no arcs, for nothing is routed here."""
    nodes = pd.DataFrame(POINTS, columns=["lon", "lat"]).assign(
        node_id=range(len(POINTS)), country=["US"] * 4 + ["MX"] * 4
    )
    names = ["edge_id", "u", "v", "km", "ref", "road_class", "country", "region", "toll", "poe_id"]
    lines = [LineString([POINTS[road[1]], POINTS[road[2]]]) for road in ROADS]
    edges = gpd.GeoDataFrame(pd.DataFrame(ROADS, columns=names), geometry=lines, crs=4326)
    ports = pd.DataFrame(
        [
            (f"AZ-{name[0].upper() * 3}", name, f"{name} MX", "AZ", state, lon, 31.5)
            for name, state, lon in (("West", "26", -111.0), ("East", "08", -110.0))
        ],
        columns=["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"],
    ).assign(crossing_city_es=["Oeste", "Este"], crossing_city_en=["West", "East"])
    return Network(nodes, edges, ports, cast("Any", SimpleNamespace()))


def flow_evidence() -> Evidence:
    """Return two zones of Arizona, and two municipalities in each of two Mexican states; nothing is fitted here."""
    zones = gpd.GeoDataFrame(
        {
            "zone_id": ["z1", "z2"],
            "us_state": "AZ",
            "name": ["One", "Two"],
            "dealers": [40, 9],
            "members": [["04001"], ["04003"]],
            "unit_dealers": [[40], [9]],
        },
        geometry=[box(-111.4, 32.6, -110.6, 33.4), box(-110.4, 32.6, -109.6, 33.4)],
        crs=4326,
    )
    municipalities = gpd.GeoDataFrame(
        {
            "cvegeo": ["26001", "08001", "26002", "08002"],
            "mx_state": ["26", "08", "26", "08"],
            "name": ["m1", "m2", "m3", "m4"],
            "off_network_km": [0.0, 0.0, 12.0, 30.0],
        },
        geometry=[box(lon, lat, lon + 0.4, lat + 0.4) for lon, lat in ((-111, 30), (-110, 30), (-111, 29), (-110, 29))],
        crs=4326,
    )  # fmt: skip
    nothing: Any = SimpleNamespace(pairs=np.zeros((0, 2), dtype=np.int64))
    return Evidence(
        zones=zones,
        municipalities=municipalities,
        us_states=("AZ",),
        mx_states=("26", "08"),
        zone_state=np.array([0, 0]),
        municipality_state=np.array([0, 1, 0, 1]),
        log_supply=np.log([40.0, 9.0]),
        state_terms=np.zeros((1, 2)),
        demand_terms=np.zeros((4, 0)),
        log_demand_offset=np.zeros(4),
        log_state_demand=np.zeros(0),
        log_port_volume=np.zeros(2),
        crossing_cities=("p1", "p2"),
        port_city=np.array([0, 1]),
        log_open_fraction=np.zeros(2),
        connectors=nothing,
        published=nothing,
    )


def flow_districts() -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the counties of one consular district, and the zones, which lie in it whole."""
    counties = gpd.GeoDataFrame(
        {
            "fips": ["04001", "04003"],
            "us_state": "AZ",
            "consulate": "Norte",
            "approximate": [False, True],
            "inferred": False,
        },
        geometry=[box(-111.4, 32.6, -110.6, 33.4), box(-110.4, 32.6, -109.6, 33.4)],
        crs=4326,
    )
    rows = [(zone, "AZ", "Norte", 1.0, False) for zone in ("z1", "z2")]
    return counties, pd.DataFrame(rows, columns=["zone_id", "us_state", "consulate", "fraction", "split"])


def flow_trips(draws: FlowDraws) -> tuple[Journeys, list[TripPath]]:
    """Return the leading journeys, each straight south to its port, and on to m1 or m2; the ports' towns are their ends."""
    journeys = leading_journeys(flow_evidence(), draws)
    return journeys, [drawn_way(int(port)) for port in journeys.port]


def drawn_way(port: int) -> TripPath:
    """Return the way straight south through a port, of 2.5 hours."""
    edges, nodes = {WEST: ([1, 3, 5], [0, 2, 4, 6]), EAST: ([2, 4, 6], [1, 3, 5, 7])}[port]
    return TripPath(np.array(edges), np.array(nodes), 2.5)


def flow_draws(draws: int = 12, seed: int = 3, *, kind: str = "posterior") -> FlowDraws:
    """Return draws of a flow that leaves Arizona by both ports; roads carry what their port does."""
    rng = np.random.default_rng(seed)
    port = rng.dirichlet([6.0, 4.0], draws)
    zone = rng.dirichlet([8.0, 2.0], draws)
    town = rng.dirichlet(np.ones(4) * 3, draws)
    zone_port = zone[:, :, None] * port[:, None, :]
    port_municipality = port[:, :, None] * town[:, None, :]
    return FlowDraws(
        edge_share=_edge_share(port),
        port_share=port,
        state_pair=_pairs(town),
        zone_port=zone_port,
        port_municipality=port_municipality,
        state_flow=_pairs(town)[:, :, None, :] * port[:, None, :, None],
        origin_port=port[:, None],
        origin_mx_state=_pairs(town),
        parameters={},
        kind=kind,
        world=np.arange(draws),
    )


def variants_like(draws: FlowDraws) -> tuple[Variant, Variant]:
    """Return the means of draws as the run itself, and as the run under another lens."""
    shares = (
        draws.edge_share,
        draws.port_share,
        draws.zone_port.sum(axis=2),
        draws.port_municipality.sum(axis=1),
        draws.state_flow,
        draws.origin_port,
        draws.origin_mx_state,
    )
    own = [share.mean(axis=0) for share in shares]
    return Variant("", "", *own), Variant("lens", "one_year", *own)


def displaced(scenario: Scenario, draws: int = 5) -> Displacement:
    """Return the flow without and with a scenario: a closed port leaves all to the other, a dear road takes a tenth."""
    flow = flow_draws(draws)
    before = _scenario_flow("", flow.port_share, flow.zone_port.sum(axis=2), flow.state_pair)
    (edit,) = scenario.edit or (None,)
    if edit is None:
        return Displacement(
            scenario.id, before, before, np.ones(draws), np.full(draws, np.nan), np.array([], int)
        )
    closed = edit.kind == "port"
    kept = flow.port_share[:, WEST] * (0.0 if closed else 0.9)
    port = np.column_stack([kept, 1 - kept])
    moved = flow.port_share[:, WEST] - kept
    pairs = flow.state_pair.copy()
    pairs[:, 0, 0] -= 0.1 * moved
    pairs[:, 0, 1] += 0.1 * moved
    after = _scenario_flow(scenario.id, port, before.zone, pairs)
    total = 1 - 0.2 * moved
    ratio = (moved - (1 - total)) / moved if closed else np.full(draws, np.nan)
    return Displacement(
        scenario.id, before, after, total, ratio, np.array([WEST]) if closed else np.array([], int)
    )


def scenarios(files: list[dict[str, Any]]) -> list[Scenario]:
    """Return scenarios with names in both languages and a hostile question."""
    return [
        Scenario.model_validate(
            one
            | {"name": {"es": f"Prueba {n}", "en": f"Test {n}"}, "question": {"es": HOSTILE, "en": HOSTILE}}
        )
        for n, one in enumerate(files)
    ]


def with_shares(shares: np.ndarray) -> FlowDraws:
    """Return draws of which only the shares of edges, (draws, edges), are looked at."""
    return replace(flow_draws(len(shares)), edge_share=shares)


def _scenario_flow(name: str, port: Any, zone: Any, pairs: Any) -> ScenarioFlow:
    edges = _edge_share(port).astype(np.float32)
    return ScenarioFlow(name, port=port, state_pair=pairs, zone=zone, log_sum=np.zeros(len(port)), edge=edges)


def _edge_share(port: Any) -> Any:
    """Return (draws, edges): a road carries what crosses at its port, and roads between the two a tenth of the flow."""
    west, east = port[:, [WEST]], port[:, [EAST]]
    between = np.full_like(west, 0.1)
    return np.hstack([between, west, east, west, east, west, east, between])


def _pairs(town: Any) -> Any:
    """Return (draws, us states, mx states) of draws by municipality."""
    return np.stack([town[:, [0, 2]].sum(axis=1), town[:, [1, 3]].sum(axis=1)], axis=1)[:, None, :]
