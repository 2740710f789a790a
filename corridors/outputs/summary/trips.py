"""Trip corridors: the leading journeys as whole ways, from a US state through a crossing city to a Mexican state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.geo import GEOGRAPHIC
from corridors.core.journeys import Journeys
from corridors.outputs.summary.route_names import (
    DASH,
    METROPOLIS_KM,
    SUBURB_KM,
    known_roads,
    largest_near,
    located,
    mexican_name,
    passed,
    road_numbers,
    way_line,
    way_stops,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.draws import FlowDraws
    from corridors.core.journeys import TripPath
    from corridors.core.results import Results
    from corridors.core.types import Evidence, FloatArray, IntArray, Network

LEADING_FRACTION = 0.5
"""Trip corridors are the largest journeys that make up this fraction of the flow together."""
MAX_TRIPS = 60
ROAD_FRACTION = 0.25
"""A road is in the name of a trip when it makes up this fraction of the way on its side of the border."""
ROAD_KM = 15.0
"""And so many km of it: no street of a border city."""
ROADS_A_SIDE = 2
BESIDE_KM = 30.0
PART_DIGITS = 6
TRIP_COLUMNS = (
    "trip_id", "name", "us_state", "crossing_city", "mx_state", "zone_id", "zone_part", "poe_id", "cvegeo",
    "municipality_part", "refs", "km", "hours",
)  # fmt: skip


def leading_journeys(evidence: Evidence, posterior: FlowDraws) -> Journeys:
    """Return the largest journeys that make up half of the flow together, the largest first.

    The trip that stands for one on a map starts in the zone of its US state that sends most through its crossing city, as
    the tables `zone_port` and `port_municipality` have it, crosses at the port of that city that most of it crosses at, and
    ends in the municipality of its Mexican state that most from that city reaches.

    Parameters
    ----------
    evidence, posterior
        The draws, and what they were inferred from.
    """
    flow = posterior.state_flow.mean(axis=0)
    members = np.arange(len(evidence.crossing_cities)) == evidence.port_city[:, None]
    by_city = np.einsum("skm,kc->scm", flow, members.astype(np.float64))
    order = np.argsort(-by_city, axis=None, kind="stable")
    enough = int(np.searchsorted(np.cumsum(by_city.ravel()[order]), LEADING_FRACTION * by_city.sum())) + 1
    us_state, city, mx_state = np.unravel_index(order[: min(enough, MAX_TRIPS)], by_city.shape)
    to_city = posterior.zone_port.mean(axis=0) @ members
    from_city = members.T @ posterior.port_municipality.mean(axis=0)
    at_port = np.where(members.T[city], flow[us_state, :, mx_state], -1.0)
    return Journeys(
        us_state=us_state,
        crossing_city=city,
        mx_state=mx_state,
        zone=_largest(to_city.T[city], evidence.zone_state, us_state),
        port=at_port.argmax(axis=1),
        municipality=_largest(from_city[city], evidence.municipality_state, mx_state),
    )


def trip_table(
    network: Network,
    evidence: Evidence,
    results: Results,
    trips: tuple[Journeys, Sequence[TripPath]],
    *,
    flows: pd.DataFrame,
    places: pd.DataFrame,
) -> gpd.GeoDataFrame:
    """Return one row a leading journey with its most probable way, most of the flow first.

    Parameters
    ----------
    network, evidence
        The network the flow is on, and what was inferred from.
    results
        Its shares by zone and port, and by port and municipality.
    trips
        The leading journeys, and the way of each.
    flows
        All journeys with their shares and grades, as `journey_table` makes them.
    places
        `name country lon lat pop`: what a way may be named after, besides its crossing city.

    Returns
    -------
    GeoDataFrame
        `trip_id name us_state crossing_city mx_state zone_id zone_part poe_id cvegeo municipality_part refs km hours`, then share,
        bands and grade of the journey as in `flows`; EPSG:4326 lines in the direction of travel. `km` and `hours` (free-flow, without
        waits at the border) are of the way drawn. `zone_part` is the fraction of the flow from that state through that city that
        starts in the zone, `municipality_part` of the flow through that city to that Mexican state that ends in the municipality.
    """
    journeys, paths = trips
    crossings = _crossing_cities(network, evidence)
    of_city = (evidence.port_city == journeys.crossing_city[:, None]).astype(np.float64)
    zone_port, port_municipality = (
        one["share_mean"].to_numpy() for one in (results.zone_port, results.port_municipality)
    )
    by_zone = of_city @ zone_port.reshape(len(evidence.zones), -1).T
    by_municipality = of_city @ port_municipality.reshape(len(network.ports), -1)
    table = pd.DataFrame(
        {
            "trip_id": [f"T{n:02d}" for n in range(1, len(paths) + 1)],
            "us_state": np.array(evidence.us_states)[journeys.us_state],
            "crossing_city": np.array(evidence.crossing_cities)[journeys.crossing_city],
            "mx_state": np.array(evidence.mx_states)[journeys.mx_state],
            "zone_id": evidence.zones["zone_id"].to_numpy()[journeys.zone],
            "zone_part": _part(by_zone, evidence.zone_state, journeys.zone),
            "poe_id": network.ports["poe_id"].to_numpy()[journeys.port],
            "cvegeo": evidence.municipalities["cvegeo"].to_numpy()[journeys.municipality],
            "municipality_part": _part(by_municipality, evidence.municipality_state, journeys.municipality),
        }
    )
    known, points = located(places), located(network.nodes)[["x", "y"]].to_numpy()
    starts = _zone_names(evidence.zones.iloc[journeys.zone], places)
    ends = evidence.municipalities["name"].to_numpy()[journeys.municipality]
    ways = [
        _way(network, path, points, places=known, crossing=crossings.iloc[[city]], ends=(*start, str(end)))
        for path, city, start, end in zip(paths, journeys.crossing_city, starts, ends, strict=True)
    ]
    described = pd.DataFrame(ways, columns=["name", "refs", "km", "hours", "geometry"])
    whole = pd.concat([table, described], axis=1).merge(
        flows, on=["us_state", "crossing_city", "mx_state"], how="left", validate="one_to_one"
    )
    rest = [name for name in whole.columns if name not in {*TRIP_COLUMNS, "geometry"}]
    return gpd.GeoDataFrame(whole[[*TRIP_COLUMNS, *rest, "geometry"]], geometry="geometry", crs=GEOGRAPHIC)


def _largest(shares: FloatArray, place_state: IntArray, state: IntArray) -> IntArray:
    """Return (journeys,) the place of each journey's state with the largest of its (journeys, places) shares."""
    return np.asarray(np.where(place_state == state[:, None], shares, -1.0).argmax(axis=1))


def _part(shares: FloatArray, place_state: IntArray, place: IntArray) -> FloatArray:
    """Return (journeys,) the fraction of the (journeys, places) flow to or from a place's state that is the place's own."""
    of_state = np.where(place_state == place_state[place][:, None], shares, 0.0).sum(axis=1)
    return np.asarray(shares[np.arange(len(place)), place] / of_state).round(PART_DIGITS)


def _crossing_cities(network: Network, evidence: Evidence) -> pd.DataFrame:
    """Return `name pop x y` of the crossing cities in their order, each at the middle of its ports, by its Mexican name."""
    cities = network.ports.assign(city=evidence.port_city).groupby("city")
    names = cities["crossing_city_es"].first().map(mexican_name)
    return located(cities[["lon", "lat"]].mean().assign(name=names, pop=0.0).reset_index(drop=True))


def _zone_names(zones: gpd.GeoDataFrame, places: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the largest known city in each zone, "" without one, and the zone's own name."""
    us = places[places["country"] == "US"]
    points = gpd.GeoDataFrame(us, geometry=gpd.points_from_xy(us["lon"], us["lat"]), crs=GEOGRAPHIC)
    outlines = zones[["zone_id", "geometry"]].drop_duplicates("zone_id")
    largest = points.sort_values("pop").sjoin(outlines).groupby("zone_id")["name"].last()
    return [
        (str(largest.get(zone, "")), str(name))
        for zone, name in zip(zones["zone_id"], zones["name"], strict=True)
    ]


def _way(
    network: Network,
    path: TripPath,
    points: FloatArray,
    *,
    places: pd.DataFrame,
    crossing: pd.DataFrame,
    ends: tuple[str, str, str],
) -> dict[str, object]:
    """Return name, roads, length, hours and line of one way.

    `ends` are the largest city of its zone, that zone and its municipality. The way starts in that city, or the largest near its
    start, else the zone; and ends in its crossing city, or the largest place near its end, else the municipality.
    """
    edges = network.edges.iloc[path.edges]
    line = points[path.nodes]
    km, refs = edges["km"].to_numpy(dtype=np.float64), edges["ref"].fillna("").tolist()
    us, mx = (places[places["country"] == country] for country in ("US", "MX"))
    start = ends[0] or largest_near(line[0], us, METROPOLIS_KM) or ends[1]
    end = (
        largest_near(line[-1], crossing, SUBURB_KM)
        or largest_near(line[-1], mx, METROPOLIS_KM / 2)
        or ends[2]
    )
    port = int(np.flatnonzero(edges["poe_id"].fillna("") != "")[0])
    run = np.concatenate([[0.0], np.cumsum(km)])
    length, crossed = float(run[-1]), float(run[port])
    # beside its crossing city a way passes no other Mexican one
    beside = np.hypot(*(places[["x", "y"]] - crossing[["x", "y"]].to_numpy()).to_numpy().T) < BESIDE_KM
    others = places[~(beside & (places["country"] == "MX"))]
    met = passed(line, run, others, network.nodes["country"].to_numpy()[path.nodes])
    stops = way_stops(met, [(start, 0.0), (str(crossing["name"].iloc[0]), crossed), (end, length)], length)
    sides = [
        known_roads(
            refs[side], km[side], least=max(ROAD_KM, ROAD_FRACTION * km[side].sum()), most=ROADS_A_SIDE
        )
        for side in (slice(port), slice(port + 1, None))
    ]
    roads = " / ".join(", ".join(side) for side in sides if side)
    numbers = dict.fromkeys(number for ref in refs for number in road_numbers(ref))
    return {
        "name": ", ".join(part for part in (DASH.join(filter(None, stops)), roads) if part),
        "refs": " ".join(numbers),
        "km": round(length, 1),
        "hours": round(path.hours, 2),
        "geometry": way_line(edges.geometry, edges["u"], path.nodes),
    }
