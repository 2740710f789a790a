"""Consular districts: every county to one consulate, by source or by road time; and the nearest port to a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.core.suppression import FEWEST
from corridors.network.build import largest_component
from corridors.network.evidence import supply_zones
from corridors.network.listed import county_people
from corridors.network.zones import nearest_node, spread_by_population

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import geopandas as gpd

    from corridors.core.types import BoolArray, FloatArray, Network

    Tables = Mapping[str, pd.DataFrame]

FILL_BONUS_HOURS = 1e6
"""Hours subtracted for a county that a published total still lacks, so that it is assigned before any other."""
INFERRED = "low"
"""Confidence of a county's consulate that no source names and that was inferred from others."""
UNREACHABLE_HOURS = 1e5
"""Hours without a road: more than by any road, less than `FILL_BONUS_HOURS`."""


def assign_districts(tables: Tables, population: Path, network: Network) -> pd.DataFrame:
    """Return every county with its consulate.

    A county without one in `consular_districts` is assigned to a consulate of its own state by road time. A consulate
    with a total in `consular_totals` gets as many counties as it still lacks, so that total road time is smallest; a
    consulate without a total gets the counties nearest to it.

    Returns
    -------
    DataFrame
        `fips us_state name consulate approximate inferred hours url confidence note`, sorted by `fips`: `hours` is the
        mean road time of the county's population to the consulate's city, `approximate` whether road time decided,
        `inferred` whether the given row was inferred rather than read (confidence "low").
    """
    counties: gpd.GeoDataFrame = tables["counties"].sort_values("fips", ignore_index=True)
    offices = tables["consulates"]
    near = offices[offices["us_state"].isin(counties["us_state"])].sort_values("name", ignore_index=True)
    hours = road_hours(counties, near, population, network)
    whole = whole_and_partial(tables["consular_districts"])[0].set_index("fips").loc[counties["fips"]]
    names = whole["consulate"].to_numpy(dtype=object).copy()
    open_county = names == ""
    for state in sorted(counties["us_state"].unique()):
        rows = np.flatnonzero(open_county & (counties["us_state"] == state).to_numpy())
        own = np.flatnonzero((near["us_state"] == state).to_numpy())
        if len(rows) and len(own):
            left = _left_open(
                near["name"].iloc[own].tolist(), state, names, counties, tables["consular_totals"]
            )
            names[rows] = near["name"].to_numpy()[own[_assign(hours[np.ix_(rows, own)], left)]]
    place = near["name"].tolist()
    known = [place.index(name) if name in place else -1 for name in names]
    to_own = [round(float(hours[i, at]), 2) if at >= 0 else np.nan for i, at in enumerate(known)]
    return pd.DataFrame(
        {
            "fips": counties["fips"],
            "us_state": counties["us_state"],
            "name": counties["name"],
            "consulate": names,
            "approximate": open_county,
            "inferred": ~open_county & (whole["confidence"] == INFERRED).to_numpy(),
            "hours": to_own,
            **{column: whole[column].to_numpy() for column in ("url", "confidence", "note")},
        }
    )


def zone_districts(tables: Tables, counties: pd.DataFrame, zones: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the fraction of each zone's licenses in each district: `zone_id us_state consulate fraction split members`.

    Parameters
    ----------
    tables
        `dealers_zip` where zones are of ZIP codes; what `supply_zones` reads where no zones are given.
    counties
        `fips consulate`, one row a county.
    zones
        `zone_id us_state members unit_dealers`; by default, the supply zones of the tables.

    Returns
    -------
    pandas.DataFrame
        `fraction` sums to 1 over the districts of a zone; `split` is true for a zone in several districts. A zone is
        divided only where each of its parts holds five licenses; otherwise it is counted whole with the district in which
        most of its people live, which gives no part away.
    """
    zones = supply_zones(tables) if zones is None else zones
    consulate = dict(zip(counties["fips"], counties["consulate"], strict=True))
    county = {fips: fips for fips in consulate}
    if "dealers_zip" in tables:
        zips = tables["dealers_zip"].dropna(subset=["zip"]).sort_values("dealers")
        every = pd.concat([tables.get("zip_points", zips)[["zip", "fips"]], zips[["zip", "fips"]]])
        county |= dict(zip(every["zip"], every["fips"], strict=True))
    columns = ["zone_id", "us_state", "members", "unit_dealers"]
    units = zones[columns].explode(["members", "unit_dealers"])
    fips = units["members"].map(county)
    held = units.assign(
        consulate=fips.map(consulate), fips=fips, fraction=units["unit_dealers"].astype(float)
    )
    table = held.groupby(["zone_id", "us_state", "consulate"], as_index=False)["fraction"].sum()
    groups = table.groupby("zone_id")["fraction"]
    whole = groups.transform("min") < FEWEST
    main = table["consulate"] == table["zone_id"].map(_main_district(held, county_people(tables)))
    table = table.assign(
        fraction=main.astype(float).where(whole, table["fraction"] / groups.transform("sum")),
        split=groups.transform("size") > 1,
        members=table["zone_id"].map(zones.set_index("zone_id")["members"]),
    )
    kept: pd.DataFrame = table[table["fraction"] > 0].reset_index(drop=True)
    return kept


def _main_district(units: pd.DataFrame, people: pd.Series | None) -> pd.Series:
    """Return, by zone, the district of most of its people; of its counties where people are not known, then the first by name."""
    counties = units.drop_duplicates(["zone_id", "fips"])
    living = pd.Series(1.0, counties.index) if people is None else counties["fips"].map(people).fillna(0.0)
    by_district = (
        counties.assign(people=living).groupby(["zone_id", "consulate"])["people"].sum().reset_index()
    )
    ordered = by_district.sort_values(["people", "consulate"], ascending=[False, True])
    main: pd.Series = ordered.drop_duplicates("zone_id").set_index("zone_id")["consulate"]
    return main


def nearest_ports(network: Network, lon: FloatArray, lat: FloatArray) -> tuple[list[str], FloatArray]:
    """Return the id of the port of entry nearest to each point by road, and the hours to it.

    Parameters
    ----------
    lon, lat
        (points,) degrees EPSG:4326, in the United States.

    Returns
    -------
    ids, hours
        Hours run at class speeds to the port's US side and include the way to the network.
    """
    if not len(lon):
        return [], np.empty(0)
    at, off_network = nearest_node(network, us_side(network), lon, lat)
    hours = hours_from(network, network.arcs.port_us)[:, at] + off_network
    best = hours.argmin(axis=0)
    ids = network.ports["poe_id"].astype(str).to_numpy()[best].tolist()
    return ids, hours[best, np.arange(len(best))]


def whole_and_partial(given: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows about whole counties and those about parts of one, with empty text for missing columns and cells."""
    columns = ["fips", "county", "consulate", "part", "url", "confidence", "note"]
    table = given.reindex(columns=columns).astype(object).fillna("")
    is_part = table["part"].ne("")
    return table[~is_part], table[is_part]


def road_hours(
    counties: gpd.GeoDataFrame, offices: pd.DataFrame, population: Path, network: Network
) -> FloatArray:
    """Return (counties, offices) mean road hours from a county's population to each office's city."""
    usable = us_side(network)
    entries, off_network = spread_by_population(counties, population, network, usable)
    ends, _ = nearest_node(network, usable, offices["lon"].to_numpy(), offices["lat"].to_numpy())
    found: FloatArray = (entries @ hours_from(network, ends).T) + off_network[:, None]
    return found


def hours_from(network: Network, nodes: np.ndarray) -> FloatArray:
    """Return (given nodes, all nodes) road hours at class speeds from every node to the given ones."""
    arcs = network.arcs
    order = np.argsort(
        -arcs.hours, kind="stable"
    )  # of parallel arcs the last one written, the fastest, remains
    best = {
        (int(h), int(t)): float(w)
        for h, t, w in zip(arcs.head[order], arcs.tail[order], arcs.hours[order], strict=True)
    }
    heads, tails = np.array(list(best), dtype=np.int64).T
    graph = csr_array((np.array(list(best.values())), (heads, tails)), shape=(arcs.nodes, arcs.nodes))
    found: FloatArray = np.minimum(dijkstra(graph, indices=nodes), UNREACHABLE_HOURS)
    return found


def us_side(network: Network) -> BoolArray:
    """Return (nodes,) whether a node is in the United States and connected to the ports."""
    arcs = network.arcs
    joined = largest_component(arcs.nodes, arcs.tail, arcs.head)
    usable: BoolArray = joined & (network.nodes["country"].to_numpy() == "US")
    return usable


def _left_open(
    offices: list[str], state: str, names: np.ndarray, counties: gpd.GeoDataFrame, totals: pd.DataFrame
) -> list[int | None]:
    """Return how many counties of a state each office lacks to its published total; None without a total."""
    stated = totals[totals["us_state"] == state].set_index("consulate")["counties"]
    named = pd.Series(names[(counties["us_state"] == state).to_numpy()]).value_counts()
    return [
        max(0, int(stated[name]) - int(named.get(name, 0))) if name in stated else None for name in offices
    ]


def _assign(hours: FloatArray, left: list[int | None]) -> np.ndarray:
    """Return (counties,) the office of each county: fill published totals first, then minimize total hours."""
    counties = len(hours)
    columns = [
        office
        for office, places in enumerate(left)
        for _ in range(counties if places is None else min(places, counties))
    ]
    if len(columns) < counties:  # every total is filled and every office has one: the totals cannot hold
        return np.asarray(hours.argmin(axis=1))
    cost = hours[:, columns] - np.array(
        [0.0 if left[office] is None else FILL_BONUS_HOURS for office in columns]
    )
    rows, chosen = linear_sum_assignment(cost)
    found = np.empty(counties, dtype=np.int64)
    found[rows] = np.array(columns)[chosen]
    return found
