"""A drawn toy world for the map: two states above the border, two below, three ports, one road each way.

     -106      -104      -102
34    z1 ───────── z2           New Mexico | Texas
      │  I-1       │ US-2
32   (P1)        (P2)   (P3)    the border
      │ MX-1       │ MX-2D (toll)
30    m1 ───────── m2           Chihuahua | Coahuila
28    m3           m4
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import LineString, box

from corridors.core.draws import FlowParts
from corridors.core.results import Districts, Results, Run, Variant
from corridors.core.types import Source
from corridors.outputs.layers import BaseMap
from corridors.outputs.summary.uncertainty import BAND90_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridors.core.types import FloatArray

# (ref, class, country, toll, mean, grade, points)
ROADS: tuple[tuple[str, str, str, bool, float, str, list[tuple[float, float]]], ...] = (
    ("I-1", "interstate", "US", False, 0.42, "A", [(-106, 34), (-106.05, 33)]),
    ("I-1", "interstate", "US", False, 0.45, "A", [(-106.05, 33), (-106, 32.01)]),
    ("US-2", "us_highway", "US", False, 0.12, "B", [(-104, 34), (-104, 32.01)]),
    ("", "poe", "X", False, 0.44, "A", [(-106, 32.01), (-106, 31.99)]),
    ("MX-1", "mx_federal", "MX", False, 0.3, "C", [(-106, 31.99), (-106, 30)]),
    ("MX-2D", "mx_toll", "MX", True, 0.07, "B", [(-104, 31.99), (-104, 30)]),
    ("MX-3", "mx_federal", "MX", False, 0.012, "D", [(-106, 30), (-104, 30)]),
    ("MX-4", "mx_state", "MX", False, 0.001, "B", [(-106, 30), (-106, 28)]),
)
PORTS = (
    ("p1", "Santa Elena", "Santa Elena MX", "NM", "08", -106.0, 0.61, "A"),
    ("p2", "Presa Grande", "Presa Grande MX", "TX", "08", -104.0, 0.31, "B"),
    ("p3", "Paso Chico", "Paso Chico MX", "TX", "05", -102.0, 0.08, "C"),
)


def _bands(mean: float) -> dict[str, float]:
    widths = {"median": 0.95, "lo50": 0.9, "hi50": 1.1, "lo90": 0.6, "hi90": 1.5}
    return {"share_mean": mean} | {f"share_{name}": round(mean * by, 6) for name, by in widths.items()}


def _edges() -> gpd.GeoDataFrame:
    rows = [
        {"edge_id": f"e{i}", "ref": ref, "road_class": kind, "country": country, "toll": toll, "km": 110.0}
        | _bands(mean)
        | {"stability": 0.8, "grade": grade, "geometry": LineString(points)}
        for i, (ref, kind, country, toll, mean, grade, points) in enumerate(ROADS)
    ]
    return gpd.GeoDataFrame(rows, crs=4326)


def _ports() -> pd.DataFrame:
    names = ("poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon")
    return pd.DataFrame(
        [
            dict(zip(names, row[:6], strict=True)) | {"lat": 32.0} | _bands(row[6]) | {"grade": row[7]}
            for row in PORTS
        ]
    )


def _crossings() -> pd.DataFrame:
    """Return two crossing cities: the first of one port, the second of two."""
    rows = [
        ("elena", "Santa Elena", "Saint Helen", "p1", 0.61, "A", 0.55),
        ("presas", "Presas y Paso", "Dams and Pass", "p2 p3", 0.39, "B", 0.45),
    ]
    names = ("crossing_city", "name_es", "name_en", "ports")
    return pd.DataFrame(
        [
            dict(zip(names, row[:4], strict=True))
            | _bands(row[4])
            | {"grade": row[5], "structure_port": row[6]}
            for row in rows
        ]
    )


def _areas(cells: list[tuple[dict[str, Any], float, tuple[float, float, float, float]]]) -> gpd.GeoDataFrame:
    rows = []
    for facts, share, corners in cells:
        bands = {name: value for name, value in _bands(share).items() if "50" not in name}
        rows.append(facts | bands | {"geometry": box(*corners)})
    return gpd.GeoDataFrame(rows, crs=4326)


def _zones() -> gpd.GeoDataFrame:
    return _areas(
        [
            (
                {"zone_id": "county:35001", "us_state": "NM", "name": "Alba", "dealers": 3},
                0.3,
                (-107, 33, -105, 35),
            ),
            (
                {"zone_id": "county:48001", "us_state": "TX", "name": "Bravo", "dealers": 120},
                0.7,
                (-105, 33, -103, 35),
            ),
        ]
    )


def _municipalities() -> gpd.GeoDataFrame:
    squares = [(-107, 29, -105, 31), (-105, 29, -103, 31), (-107, 27, -105, 29), (-105, 27, -103, 29)]
    shares = (0.0002, 0.0015, 0.03, 0.9)
    return _areas(
        [
            (
                {
                    "cvegeo": f"0800{i}",
                    "mx_state": "08",
                    "name": f"Municipio {i}",
                    "off_network_km": 5.0 + 30 * i,
                },
                share,
                corners,
            )
            for i, (share, corners) in enumerate(zip(shares, squares, strict=True), start=1)
        ]
    )


# Flow by place and port: zone Alba crosses at p1, Bravo mostly at p2; municipality 3 is reached from p1, 4 from p2, p3.
ZONE_PORT = {"county:35001": (0.3, 0.0, 0.0), "county:48001": (0.31, 0.31, 0.08)}
PORT_MUNICIPALITY = {
    "08001": (0.0, 0.0, 0.0),
    "08002": (0.0, 0.0, 0.0),
    "08003": (0.03, 0.0, 0.0),
    "08004": (0.58, 0.31, 0.08),
}
EDGE_PORT = np.array(
    [[1, 0, 0]] * 2 + [[0, 0.9, 0.1]] + [[1, 0, 0]] * 2 + [[0, 1, 0], [0.5, 0.5, 0], [1, 0, 0]]
)


# Edges by origin: I-1 and what leads on from its port carry New Mexico's flow and half of Texas's; all goes to Chihuahua.
EDGE_ORIGIN = np.array(
    [[0.3, 0.31]] * 2 + [[0, 1], [0.3, 0.31], [0.3, 0.31], [0, 1], [0.5, 0.5], [0.3, 0.31]]
)
EDGE_MX_STATE = np.tile([1.0, 0.0], (8, 1))


def _municipality_origin() -> FloatArray:
    """Return the flow to each municipality from New Mexico and from Texas: what crosses at each port is mixed alike."""
    start, end = (np.array(list(table.values())) for table in (ZONE_PORT, PORT_MUNICIPALITY))
    return np.asarray(end / end.sum(axis=0) @ start.T)


def _districts() -> Districts:
    """Return a district a state, one of them partly by road time."""
    areas = _areas(
        [
            ({"consulate": name}, share, corners)
            for name, share, corners in (
                ("Alba", 0.3, (-107.0, 33.0, -105.0, 35.0)),
                ("Brava", 0.7, (-105.0, 33.0, -103.0, 35.0)),
            )
        ]
    )
    parts = pd.DataFrame(
        [("county:35001", "NM", "Alba", 1.0), ("county:48001", "TX", "Brava", 1.0)],
        columns=["zone_id", "us_state", "consulate", "fraction"],
    )
    cities = pd.DataFrame([{"consulate": "Brava", "crossing_city": "elena"} | _wide(0.31)])
    ports = pd.DataFrame([{"consulate": "Brava", "poe_id": "p1"} | _wide(0.31)])
    ends = pd.DataFrame([{"consulate": "Brava", "mx_state": "08"} | _wide(0.7)])
    counted = areas.assign(counties=[1, 2], approximate=[0, 1], inferred=[1, 0], grade="B", split=False)
    return Districts(counted, parts, *(one.assign(grade="B") for one in (cities, ports, ends)))


_NO_JOURNEYS = (np.zeros((2, 3, 2)), np.zeros((1, 3)), np.zeros((1, 2)))


def _variants() -> tuple[Variant, ...]:
    """Return the run itself, and a variant in which all crosses at p2 and ends in municipality 1."""
    edges = np.array([road[4] for road in ROADS])
    ports, zones = np.array([port[6] for port in PORTS]), np.array([0.3, 0.7])
    towns = np.array([0.0002, 0.0015, 0.03, 0.9])
    over = np.array([0, 0, 1, 0, 0, 1, 0, 0.02])
    return (
        Variant("", "", edges, ports, zones, towns, *_NO_JOURNEYS),
        Variant(
            "demand",
            "homicides",
            over,
            np.array([0.0, 1, 0]),
            zones,
            np.array([1.0, 0, 0, 0]),
            *_NO_JOURNEYS,
        ),
    )


def _rank_changes() -> pd.DataFrame:
    rows = [
        ("crossing_city", "elena", "Saint Helen", 1, 2),
        ("crossing_city", "presas", "Dams and Pass", 2, 1),
        ("port", "p1", "Santa Elena", 1, 2),
        ("port", "p2", "Presa Grande", 2, 1),
        ("port", "p3", "Paso Chico", 3, 3),
    ]
    names = ["kind", "id", "name", "rank_run", "rank"]
    return pd.DataFrame(rows, columns=names).assign(setting="demand", value="homicides")


def _by_port(shares: dict[str, tuple[float, float, float]], key: str, states: dict[str, str]) -> pd.DataFrame:
    """Return a row a place and port."""
    names = {"county": "us_state"}.get(next(iter(shares)).split(":")[0], "mx_state")
    rows = [
        {key: place, names: states[place], "poe_id": port[0]} | _wide(share)
        for place, row in shares.items()
        for port, share in zip(PORTS, row, strict=True)
    ]
    return pd.DataFrame(rows)


def _wide(mean: float) -> dict[str, float]:
    return {name: value for name, value in _bands(mean).items() if "50" not in name}


def _summed(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    return table.groupby(keys, as_index=False)[list(BAND90_COLUMNS)].sum()


def _by_crossing(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(crossing_city=table["poe_id"].map({"p1": "elena", "p2": "presas", "p3": "presas"}))


def toy_results() -> Results:
    """Return the results of the toy world."""
    zone_port = _by_port(ZONE_PORT, "zone_id", {"county:35001": "NM", "county:48001": "TX"})
    towns = _by_port(PORT_MUNICIPALITY, "cvegeo", dict.fromkeys(PORT_MUNICIPALITY, "08"))
    pairs = pd.DataFrame(
        [{"us_state": us, "mx_state": "08"} | _wide(share) for us, share in (("NM", 0.3), ("TX", 0.7))]
    )
    return Results(
        _edges(),
        _ports(),
        pairs,
        zone_port,
        towns,
        _zones(),
        _municipalities(),
        crossings=_crossings(),
        us_state_port=_summed(zone_port, ["us_state", "poe_id"]),
        port_mx_state=_summed(towns, ["poe_id", "mx_state"]),
        us_state_crossing=_summed(_by_crossing(zone_port), ["us_state", "crossing_city"]),
        crossing_mx_state=_summed(_by_crossing(towns), ["crossing_city", "mx_state"]),
        zone_crossing=_summed(_by_crossing(zone_port), ["zone_id", "crossing_city"]),
        crossing_municipality=_summed(_by_crossing(towns), ["cvegeo", "crossing_city"]),
        parts=FlowParts(
            edge_port=EDGE_PORT.astype(float),
            edge_origin=EDGE_ORIGIN,
            edge_mx_state=EDGE_MX_STATE,
            municipality_origin=_municipality_origin(),
            zone_mx_state=np.array([[0.3, 0.0], [0.7, 0.0]]),
        ),
        sides=((("NM", "Alba"), ("TX", "Brava")), ("08", "05")),
        districts=_districts(),
        variants=_variants(),
        rank_changes=_rank_changes(),
    )


def toy_run() -> Run:
    """Return a run of the toy world, its sources as dull as can be."""
    source = Source(
        id="roads",
        file="roads.parquet",
        title="Toy roads",
        publisher="Nobody",
        url="https://example.org/roads",
        licence="ODbL 1.0",
        attribution="TravelMapping contributors",
        period="2026",
        retrieved="2026-11-20",
        sha256="0" * 64,
        rows=8,
        not_what="Not a real network.",
        derived_from="",
    )
    insecure = replace(source, id="old", title="Old page", url="http://example.org/old")
    return Run("toy", "point", "all", "combined", 1200, 7, "a1b2c3d4", (source, insecure), "0.1.0")


def toy_base() -> BaseMap:
    """Return what lies under the toy world."""
    land = gpd.GeoDataFrame(
        {"name": ["US", "MX"]}, geometry=[box(-110, 32, -98, 40), box(-110, 20, -98, 32)], crs=4326
    )
    us = gpd.GeoDataFrame(
        {"code": ["NM", "TX"], "name": ["New Mexico", "Texas"]},
        geometry=[box(-110, 32, -105, 40), box(-105, 32, -98, 40)],
        crs=4326,
    )
    mx = gpd.GeoDataFrame(
        {"code": ["08", "05"], "name": ["Chihuahua", "Coahuila"]},
        geometry=[box(-110, 20, -103, 32), box(-103, 20, -98, 32)],
        crs=4326,
    )
    places = pd.DataFrame(
        {
            "name": ["Upper City", "Lower City", "Next Door"],
            "name_es": ["Ciudad Alta", "Ciudad Baja", "Pegada"],
            "lon": [-106.0, -104.0, -105.99],
            "lat": [34.0, 29.0, 34.01],
            "pop": [900_000, 500_000, 1_000],
            "rank": [1, 2, 4],
            "country": ["US", "MX", "US"],
        }
    )
    shows = pd.DataFrame(
        {
            "city": ["Alta", "Alta", "Brava", "Brava"],
            "us_state": ["NM", "NM", "TX", "TX"],
            "lon": [-106.0, -106.0, -104.0, -104.0],
            "lat": [34.5, 34.5, 33.5, 33.5],
            "start": ["2019-03-02", "2021-10", "2023-05-06", "2023-09-01"],
            "end": ["2019-03-03", "2021-10", "2023-05-07", "2023-09-02"],
            "occurrence": ["announced", "held or announced", "announced", "cancelled"],
        }
    )
    routes = pd.DataFrame(
        {
            "route_id": ["R1", "R1", "R1"],
            "seq": [1, 2, 3],
            "place": ["Upper City", "Santa Elena", "Lower City"],
            "lon": [-106.0, -106.0, -104.0],
            "lat": [34.0, 32.0, 29.0],
        }
    )
    licences = pd.DataFrame({2003: [2, 90], 2004: [6, 450]}, index=["county:35001", "county:48001"])
    return BaseMap(land, us, mx, places, shows, routes, licences, toy_events())


def toy_events() -> pd.DataFrame:
    """Return two events in a municipality, the second of several, and an undated one at a port."""
    return pd.DataFrame(
        {
            "place_kind": ["municipality", "municipality", "port"],
            "place": ["08001", "08001", "p1"],
            "name_es": ["Baja", "Baja", "Santa Elena MX"],
            "name_en": ["Baja", "Baja", "Santa Elena"],
            "mx_state": ["08", "08", "08"],
            "lon": [-104.0, -104.0, -106.0],
            "lat": [29.0, 29.0, 32.0],
            "date_from": ["2025-02-19", "2025-03-01", ""],
            "date_to": ["2025-02-20", "2025-03-01", ""],
            "firearms": [5, 1200, 7],
            "joint": [False, True, False],
            "side": ["", "", "US"],
            "url": ["https://a.example/1", "https://a.example/1", "http://www.b.example:81/x"],
        }
    )


def with_texts(
    results: Results, run: Run, base: BaseMap, change: Callable[[str], str]
) -> tuple[Results, Run, BaseMap]:
    """Return copies in which every text a publisher could have written went through `change`."""

    def changed(frame: Any, columns: tuple[str, ...]) -> Any:
        copy = frame.copy()
        for column in columns:
            copy[column] = [change(str(value)) for value in copy[column]]
        return copy

    results = replace(
        results,
        edges=changed(results.edges, ("ref", "road_class")),
        ports=changed(results.ports, ("name_us", "name_mx", "us_state", "mx_state")),
        crossings=changed(results.crossings, ("name_es", "name_en")),
        zones=changed(results.zones, ("name", "us_state")),
        municipalities=changed(results.municipalities, ("name", "mx_state")),
        rank_changes=changed(results.rank_changes, ("name",)),
        districts=results.districts
        and replace(results.districts, areas=changed(results.districts.areas, ("consulate",))),
    )
    names = (
        "title",
        "publisher",
        "url",
        "licence",
        "attribution",
        "period",
        "retrieved",
        "not_what",
        "derived_from",
    )

    def changed_source(source: Source) -> Source:
        texts: dict[str, Any] = {name: change(getattr(source, name)) for name in names}
        return replace(source, **texts)

    sources = tuple(changed_source(source) for source in run.sources)
    run = replace(
        run,
        sources=sources,
        mode=change(run.mode),
        lens=change(run.lens),
        fingerprint=change(run.fingerprint),
    )
    base = BaseMap(
        changed(base.land, ("name",)),
        changed(base.us_states, ("name", "code")),
        changed(base.mx_states, ("name", "code")),
        changed(base.places, ("name", "name_es")),
        changed(base.shows, ("city", "us_state", "start", "end")),
        changed(base.routes, ("route_id", "place")),
        events=changed(base.events, ("name_es", "name_en", "url")),
    )
    return results, run, base


KNOWN = {
    "kind": "beta_us",
    "us_state": "",
    "about": "",
    "prior_lo90": 0.1,
    "prior_hi90": 9.0,
    "lo90": 1.0,
    "hi90": 2.0,
    "told_states": 0.01,
    "told_pairs": 0.6,
    "told_cities": 0.1,
}
"""What the data told of one quantity, as `Results.identifiability` holds it."""
