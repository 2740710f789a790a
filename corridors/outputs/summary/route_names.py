"""Names of ways: the known places along a line of roads, in the order of travel, and the road numbers on signs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from corridors.core.geo import GEOGRAPHIC, to_plane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridors.core.types import BoolArray, FloatArray, IntArray

SUBURB_KM = 20.0
"""A place this near a larger one of its country is that one, or its suburb."""
METROPOLIS, METROPOLIS_KM = 2_000_000, 45.0
"""Around a city of so many people, suburbs reach this far."""
NEAR_KM = 15.0
"""A line passes the places this near."""
LARGE_CITY, LARGE_CITY_KM = 900_000, 25.0
"""A city of so many people is passed from this far, as its ring road is."""
MAX_STOPS = 5
APART_KM = 20.0
"""Places of one name are at least this far apart, along the line, from places that it must hold."""
BETWEEN_KM, BETWEEN_FRACTION = 40.0, 0.08
"""And from each other so far, or this fraction of the line's length."""
DASH = " \N{EN DASH} "
NATIONAL = re.compile(r"(I|US|MEX)-?(\d+[CEW]?)(D?)")
"""Numbers of national roads; the toll road of a number, such as MEX-15D, bears the number too."""
OTHER_NAME = re.compile("( \N{EN DASH} | \\().*$")
"""What follows the Mexican name in that of a crossing city."""
PLACE_COLUMNS = ("name", "country", "lon", "lat", "pop")


def place_names(cities: pd.DataFrame, seats: pd.DataFrame, states: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the places a way may be named after, no two with the same name and none a suburb of another.

    Parameters
    ----------
    cities
        `name country lon lat pop` of known cities.
    seats
        `name lon lat pop` of municipal seats of Mexico; one near a city is left out, and of several that lie together the
        largest stays, or the one that its state is named after.
    states
        `code name geometry`, EPSG:4326: where two places share a name, the code of its state is added to each.

    Returns
    -------
    DataFrame
        `name country lon lat pop`, the largest first within cities and then within seats.
    """
    namesake = seats["name"].isin(states["name"])
    ordered = [
        cities.sort_values("pop", ascending=False, kind="stable"),
        seats.assign(country="MX", first=~namesake)
        .sort_values(["first", "pop"], ascending=[True, False], kind="stable")
        .drop(columns="first"),
    ]
    places = pd.concat([one[list(PLACE_COLUMNS)] for one in ordered], ignore_index=True)
    places = places[_central(places)].reset_index(drop=True)
    shared = places[places["name"].duplicated(keep=False)]
    points = gpd.GeoDataFrame(
        geometry=gpd.points_from_xy(shared["lon"], shared["lat"]), index=shared.index, crs=GEOGRAPHIC
    )
    code = points.sjoin(states[["code", "geometry"]])["code"].groupby(level=0).first()
    places.loc[code.index, "name"] += " (" + code + ")"
    return places


def _central(places: pd.DataFrame) -> BoolArray:
    """Return (places,) whether a place is no suburb of one before it."""
    points = located(places)[["x", "y"]].to_numpy()
    near = cKDTree(points).query_ball_point(points, METROPOLIS_KM)
    country, people = places["country"].to_numpy(), places["pop"].to_numpy()
    kept = np.ones(len(places), dtype=bool)
    for n, others in enumerate(near):
        for other in others:
            reach = METROPOLIS_KM if people[other] >= METROPOLIS else SUBURB_KM
            before = other < n and kept[other] and country[other] == country[n]
            if before and np.hypot(*(points[other] - points[n])) <= reach:
                kept[n] = False
    return kept


def mexican_name(crossing_city: str) -> str:
    """Return the Mexican name of a crossing city: that of "Nuevo Laredo – Laredo" or "Nogales (Sonora y Arizona)"."""  # noqa: RUF002
    return OTHER_NAME.sub("", crossing_city)


def located(places: pd.DataFrame) -> pd.DataFrame:
    """Return places (`lon lat`, degrees of EPSG:4326) with their `x y` on the project's plane, km, once for many lines."""
    return places.assign(**_plane_km(places))


def largest_near(point: FloatArray, places: pd.DataFrame, km: float) -> str:
    """Return the name of the largest place within so many km of a point; "" without one.

    Parameters
    ----------
    point
        (2,) on the project's plane, km.
    places
        `name pop x y`, as `located` gives them.
    """
    away = np.hypot(*(places[["x", "y"]].to_numpy() - point).T)
    near = places[away <= km]
    return "" if near.empty else str(near.loc[near["pop"].idxmax(), "name"])


def passed(
    line: FloatArray, run: FloatArray, places: pd.DataFrame, country: NDArray[np.object_]
) -> pd.DataFrame:
    """Return the places that a line passes on their own side of the border, in the order of travel.

    Parameters
    ----------
    line
        (points, 2) on the project's plane, km.
    run
        (points,) how far along the line each lies, km.
    places
        `name country pop x y`, as `located` gives them.
    country
        (points,) "US" or "MX".

    Returns
    -------
    DataFrame
        `name pop run`; `run` is how far along the line the point nearest to each lies, km.
    """
    away, nearest = (np.asarray(one) for one in cKDTree(line).query(places[["x", "y"]].to_numpy()))
    reach = np.where(places["pop"] >= LARGE_CITY, LARGE_CITY_KM, NEAR_KM)
    near = (away <= reach) & (country[nearest] == places["country"].to_numpy())
    met: pd.DataFrame = places.loc[near, ["name", "pop"]].assign(run=run[nearest[near]])
    return met.sort_values("run", kind="stable", ignore_index=True)


def way_stops(met: pd.DataFrame, must: Sequence[tuple[str, float]], length: float) -> list[str]:
    """Return at most five names along a line in the order of travel: those it must hold, then the largest places between.

    Parameters
    ----------
    met
        Places that the line passes, as `passed` gives them.
    must
        Names that the line must hold, in the order of travel, and where they lie along it, km.
    length
        Of the line, km.
    """
    picked = [(run, name, APART_KM) for name, run in must]
    held = dict(must)
    between = max(BETWEEN_KM, BETWEEN_FRACTION * length)
    largest = met.sort_values("pop", ascending=False, kind="stable")
    for name, run in zip(largest["name"], largest["run"], strict=True):
        apart = all(abs(run - other) >= least for other, _, least in picked)
        if len(picked) < MAX_STOPS and apart and name not in held:
            picked.append((run, name, between))
    return list(dict.fromkeys(name for _, name, _ in sorted(picked, key=lambda one: one[0])))


def way_line(
    lines: gpd.GeoSeries, first: pd.Series[int], nodes: Sequence[int] | IntArray
) -> shapely.LineString:
    """Return the line of a way.

    Parameters
    ----------
    lines, first
        (edges,) lines in the order of travel, and the node where each was drawn from.
    nodes
        (edges + 1,) that the way passes.
    """
    turned = [
        line if start == node else shapely.reverse(line)
        for line, start, node in zip(lines, first, nodes, strict=False)
    ]
    points = np.concatenate([shapely.get_coordinates(line) for line in turned])
    moved = np.append(True, (np.diff(points, axis=0) != 0).any(axis=1))
    return shapely.LineString(points[moved])


def road_numbers(ref: str) -> list[str]:
    """Return the road numbers of a reference as signs write them: "MEX15/MEX15D" is MEX-15, MEX-15D."""
    return [re.sub(r"^(MEX|I|US)-?(?=\d)", r"\1-", part) for part in ref.split("/") if part]


def known_roads(
    refs: Sequence[str], km: FloatArray, *, least: float, most: int, toll: bool = False
) -> list[str]:
    """Return the numbers of national roads that make up much of a way, in the order of travel.

    Parameters
    ----------
    refs, km
        (edges,) references and lengths in the order of travel.
    least
        Length of a road on the way at least, km.
    most
        Number of roads at most, the longest ones.
    toll
        Whether the toll road of a number, such as MEX-15D, is named apart from its free road.
    """
    rows = [
        (number, length)
        for ref, length in zip(refs, km, strict=True)
        for number in _national_numbers(ref, toll=toll)
    ]
    if not rows:
        return []
    lengths = pd.DataFrame(rows, columns=["road", "km"]).groupby("road", sort=False)["km"].sum()
    chosen = lengths[lengths >= least].nlargest(most).index
    return [road for road in lengths.index if road in chosen]


def _national_numbers(ref: str, *, toll: bool) -> list[str]:
    """Return the numbers of national roads in a reference, each once: "MEX15/MEX15D" is MEX-15, and MEX-15D where told apart.

    An Interstate stands for the US routes that share its road.
    """
    found = [match for one in ref.split("/") if (match := NATIONAL.fullmatch(one))]
    first = [match for match in found if match[1] == "I"] or found
    return list(dict.fromkeys(f"{match[1]}-{match[2]}{match[3] if toll else ''}" for match in first))


def _plane_km(points: pd.DataFrame) -> dict[str, FloatArray]:
    """Return `x y` of points on the project's plane, km."""
    plane = to_plane(points["lon"].to_numpy(), points["lat"].to_numpy()) / 1000
    return {"x": plane[:, 0], "y": plane[:, 1]}
