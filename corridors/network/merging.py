"""Counties or ZIP codes merged with their neighbors until each zone holds at least five licenses."""

from __future__ import annotations

from heapq import heapify, heappop, heappush

import geopandas as gpd
import numpy as np
import shapely

from corridors.core.errors import NotEnoughDataError
from corridors.core.geo import to_plane
from corridors.core.suppression import FEWEST


def merge_small(units: gpd.GeoDataFrame, kind: str) -> gpd.GeoDataFrame:
    """Return zones: units joined to a neighbor in their state until each holds five licenses.

    Parameters
    ----------
    units
        `unit us_state name dealers members unit_dealers people` and EPSG:4326 polygons; `members` are the counties or ZIP
        codes of a unit, `unit_dealers` their licenses, `people` those of its county.
    kind
        "county" or "zip", the first word of a zone's name.

    Returns
    -------
    GeoDataFrame
        `zone_id us_state name units dealers members unit_dealers` (the units and their licenses), sorted by `zone_id`. The
        smallest zone is joined first, to the neighbor (for an island, the zone) with the nearest centroid, so the result
        does not depend on row order.

    Raises
    ------
    NotEnoughDataError
        A state has fewer than five licenses in all.
    """
    units = units.sort_values("unit", ignore_index=True)
    centroid = to_plane(*shapely.get_coordinates(shapely.point_on_surface(units.geometry.to_numpy())).T)
    state = units["us_state"].to_numpy()
    touching = _neighbors(units)
    members = {i: [i] for i in range(len(units))}
    count = dict(enumerate(units["dealers"].tolist()))
    around = {i: set(touching[i]) for i in range(len(units))}
    small = [(count[i], i) for i in members if count[i] < FEWEST]
    heapify(small)
    while small:
        held, least = heappop(small)
        if count.get(least) != held:  # joined meanwhile, or has grown and is there again
            continue
        if not around[least]:  # an island: any zone of its state will do
            around[least] = {i for i in members if state[i] == state[least] and i != least}
        if not around[least]:
            raise NotEnoughDataError(
                f"{state[least]} has fewer than {FEWEST} licenses in all; a zone that small is not published"
            )
        center = centroid[members[least]].mean(axis=0)
        into = min(
            around[least],
            key=lambda i: (np.hypot(*(centroid[members[i]].mean(axis=0) - center)), min(members[i])),
        )
        members[into] += members.pop(least)
        count[into] += count.pop(least)
        for other in around.pop(least) - {into}:
            around[other] = (around[other] - {least}) | {into}
            around[into].add(other)
        around[into].discard(least)
        if count[into] < FEWEST:
            heappush(small, (count[into], into))
    return _zones(units, list(members.values()), kind)


def _neighbors(units: gpd.GeoDataFrame) -> list[list[int]]:
    """Return, for each unit, the units of its state that touch it."""
    shapes = units.geometry.to_numpy()
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    state = units["us_state"].to_numpy()
    keep = (left != right) & (state[left] == state[right])
    found: list[list[int]] = [[] for _ in range(len(units))]
    for a, b in zip(left[keep], right[keep], strict=True):
        found[a].append(int(b))
    return found


def _zones(units: gpd.GeoDataFrame, groups: list[list[int]], kind: str) -> gpd.GeoDataFrame:
    """Return one row a group of units, named after the county of most people.

    A zone of counties lists them in its id; one of ZIP codes bears its lowest.
    """
    rows = []
    count = units["dealers"].to_numpy()
    people = units["people"].to_numpy()
    for group in groups:
        members = np.array(sorted(group))
        largest = members[np.argmax(people[members])]
        held = sorted(
            pair
            for i in members
            for pair in zip(units["members"].iloc[i], units["unit_dealers"].iloc[i], strict=True)
        )
        rows.append(
            {
                "zone_id": f"{kind}:"
                + "+".join(name for name, _ in (held if kind == "county" else held[:1])),
                "us_state": units["us_state"].iloc[largest],
                "name": units["name"].iloc[largest],
                "units": len(held),
                "dealers": int(count[members].sum()),
                "members": tuple(name for name, _ in held),
                "unit_dealers": tuple(dealers for _, dealers in held),
                "geometry": shapely.union_all(units.geometry.iloc[members].to_numpy()),
            }
        )
    zones = gpd.GeoDataFrame(rows, geometry="geometry", crs=units.crs)
    return zones.sort_values("zone_id", ignore_index=True)
