"""A finished run's folder without an inference: plausible shares drawn at random over the shipped zones and ports."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.core.files import sha256
from corridors.core.results import Districts, Results
from corridors.jobs.districts import district_counties, shown_counts
from corridors.jobs.stages import build_network
from corridors.network import zone_districts
from corridors.network.evidence import supply_zones
from corridors.network.ports import current_ports
from corridors.outputs.files import write_tables
from corridors.outputs.summary.crossings import SEPARATOR, city_members

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.types import FloatArray
    from corridors.jobs.inputs import Inputs

RUN = {
    "name": "southwest", "mode": "posterior", "lens": "all", "demand": "combined",
    "worlds": 1200, "seed": 7, "fingerprint": "0badcafe", "version": "0.1.0",
}  # fmt: skip

TODAY = date(2026, 12, 30)
SHOWS = """promoter,venue,city,state,start,end,recurrence,cancelled,url
Somebody,Arizona State Fairgrounds,Phoenix,AZ,2026-12-31,2027-01-02,,,https://example.org/a
,"Arizona State Fairgrounds, Phoenix",Phoenix,AZ,12/31/2026,1/2/2027,,,
,Pima County Fairgrounds,Tucson,AZ,2027-01-09,2027-01-10,,yes,
,,El Paso,TX,2026-12-29,2026-12-30,,,
,,El Paso,TX,2026-12-26,2026-12-27,,,
,,Laredo,TX,2027-01,2027-01,,,
,,Del Mar,CA,2027-01-16,2027-01-17,FREQ=MONTHLY;BYDAY=3SA;COUNT=3,,
,"Tab\tand; comma, hall",Las Cruces,NM,2027-01-23,2027-01-24,,,
,,Austin,TX,2027-08-01,2027-08-02,,,
,<b>https://x.example</b> hall,Fort Worth,TX,2027-02-06,2027-02-07,,,
"""


def bands(shares: Any, wide: float = 0.3) -> dict[str, Any]:
    """Return the columns of a share with bounds a third off."""
    return {
        "share_mean": shares,
        "share_median": shares * 0.97,
        "share_lo50": shares * (1 - wide / 2),
        "share_hi50": shares * (1 + wide / 2),
        "share_lo90": shares * (1 - wide),
        "share_hi90": shares * (1 + wide),
    }


def _districts(inputs: Inputs, zone_ids: pd.Series, flow: FloatArray, results: Results) -> Districts:
    """Return the districts of drawn flow from zones to ports; what a port sends on is mixed alike."""
    counties = district_counties(inputs, build_network(inputs))
    crossings = cast("pd.DataFrame", results.crossings)
    fractions = zone_districts(inputs.tables, counties)
    held = fractions.pivot_table("fraction", "consulate", "zone_id", aggfunc="sum", fill_value=0.0)
    ports = held.reindex(columns=zone_ids, fill_value=0.0).to_numpy() @ flow
    onward = results.port_municipality.pivot_table("share_mean", "poe_id", "mx_state", aggfunc="sum")
    onward = onward.loc[results.ports["poe_id"]]
    ends = ports / flow.sum(axis=0) @ onward.to_numpy()
    whole = ports.sum(axis=1)
    areas = counties.assign(counties=1).dissolve(
        "consulate", aggfunc={"counties": "sum", "approximate": "sum", "inferred": "sum"}, as_index=False
    )
    shares = pd.DataFrame({"consulate": held.index, **bands(whole), "split": False})
    parts = {
        name.replace("share", "part"): values for name, values in bands((ends.T / whole).T.ravel()).items()
    }
    by_city = ports @ city_members(crossings, results.ports)
    at, city = (grid.ravel() for grid in np.indices(by_city.shape))
    row, column = (grid.ravel() for grid in np.indices(ports.shape))
    here, there = (grid.ravel() for grid in np.indices(ends.shape))
    return Districts(
        areas=gpd.GeoDataFrame(areas.merge(shares.assign(grade="B"), on="consulate")),
        zone_fractions=fractions,
        crossings=pd.DataFrame(
            {
                "consulate": held.index[at],
                "crossing_city": crossings["crossing_city"].to_numpy()[city],
                **bands(by_city.ravel()),
            }
        ).assign(grade="B"),
        ports=pd.DataFrame(
            {
                "consulate": held.index[row],
                "poe_id": results.ports["poe_id"].to_numpy()[column],
                **bands(ports.ravel()),
            }
        ).assign(grade="B"),
        destinations=pd.DataFrame(
            {"consulate": held.index[here], "mx_state": onward.columns[there], **bands(ends.ravel()), **parts}
        ).assign(grade="B"),
        roads=_roads(list(held.index), results.edges["edge_id"]),
    )


def _crossings(ports: pd.DataFrame, shares: FloatArray) -> pd.DataFrame:
    """Return the crossing cities of ports, the largest first, each the sum of its ports."""
    cities = (
        ports.assign(share=shares)
        .groupby("crossing_city", as_index=False)
        .agg(
            name_es=("crossing_city_es", "first"),
            name_en=("crossing_city_en", "first"),
            ports=("poe_id", SEPARATOR.join),
            share=("share", "sum"),
        )
        .sort_values(["share", "crossing_city"], ascending=[False, True], ignore_index=True)
    )
    return cities.drop(columns="share").assign(**bands(cities["share"]), grade="B")


def _roads(offices: list[str], edge_ids: pd.Series) -> pd.DataFrame:
    """Return the flow of each district over every 27th of the edges."""
    names = np.array(offices)[np.arange(len(edge_ids)) % len(offices)]
    part = np.linspace(0.01, 0.9, len(edge_ids))
    return pd.DataFrame(
        {"consulate": names, "edge_id": edge_ids.to_numpy(), "share_mean": part / 27, "part_mean": part}
    )


def finished_run(
    folder: Path, inputs: Inputs, *, lens: str = "all", seed: int = 1, mode: str = "posterior"
) -> Path:
    """Write `folder` as a run would have, but for the map and the kit."""
    rng = np.random.default_rng(seed)
    tables = inputs.tables
    zones = supply_zones(tables)
    ports = current_ports(tables).query("southbound == 'yes'").reset_index(drop=True)
    towns = tables["municipalities"].iloc[::40]
    flow = rng.dirichlet(np.full(len(ports), 0.3), len(zones)) * zones["dealers"].to_numpy()[:, None]
    flow /= flow.sum()
    onward = rng.dirichlet(np.ones(len(towns)), len(ports)) * flow.sum(axis=0)[:, None]
    starts = pd.Series(flow.sum(axis=1)).groupby(zones["us_state"]).sum()
    ends = pd.Series(onward.sum(axis=0)).groupby(towns["mx_state"].to_numpy()).sum()
    pairs = np.outer(starts, ends)
    z, k = (grid.ravel() for grid in np.indices(flow.shape))
    m, j = (grid.ravel() for grid in np.indices(onward.shape))
    s, t = (grid.ravel() for grid in np.indices(pairs.shape))
    edges = (
        tables["road_edges"]
        .iloc[::60]
        .assign(stability=0.9, grade="B", ref=lambda rows: rows["ref"].fillna(""))
    )
    columns = ["edge_id", "ref", "road_class", "country", "toll", "km", "stability", "grade", "geometry"]
    results = Results(
        edges=gpd.GeoDataFrame(edges[columns].assign(**bands(rng.uniform(0, 0.1, len(edges)))), crs=4326),
        ports=ports[["poe_id", "name_us", "name_mx", "us_state", "mx_state", "lon", "lat"]].assign(
            **bands(flow.sum(axis=0)), grade="C"
        ),
        crossings=_crossings(ports, flow.sum(axis=0)),
        state_pairs=pd.DataFrame(
            {"us_state": starts.index.to_numpy()[s], "mx_state": ends.index.to_numpy()[t], **bands(pairs.ravel())}
        ),
        zone_port=pd.DataFrame(
            {
                "zone_id": zones["zone_id"].to_numpy()[z],
                "us_state": zones["us_state"].to_numpy()[z],
                "poe_id": ports["poe_id"].to_numpy()[k],
                **bands(flow.ravel()),
            }
        ),
        port_municipality=pd.DataFrame(
            {
                "poe_id": ports["poe_id"].to_numpy()[m],
                "cvegeo": towns["cvegeo"].to_numpy()[j],
                "mx_state": towns["mx_state"].to_numpy()[j],
                **bands(onward.ravel()),
            }
        ),
        zones=gpd.GeoDataFrame(
            zones.drop(columns=["members", "unit_dealers"]).assign(**bands(flow.sum(axis=1))), crs=4326
        ),
        municipalities=gpd.GeoDataFrame(
            towns[["cvegeo", "mx_state", "name"]].assign(off_network_km=0.0, **bands(onward.sum(axis=0))),
            geometry=gpd.points_from_xy(towns["lon"], towns["lat"]).buffer(0.1),
            crs=4326,
        ),
    )  # fmt: skip
    districts = _districts(inputs, zones["zone_id"], flow, results)
    counties = district_counties(inputs, build_network(inputs))
    shown = shown_counts(tables, districts.zone_fractions, counties, latest=True).zones.iloc[:, -1]
    counted = results.zones.assign(dealers=shown.reindex(results.zones["zone_id"]).to_numpy())
    results = replace(results, zones=counted, districts=districts)
    folder.mkdir(parents=True, exist_ok=True)
    write_tables(results, folder)
    outputs = {str(path.relative_to(folder)): sha256(path) for path in folder.rglob("*") if path.is_file()}
    manifest = {
        "run": {**RUN, "lens": lens, "mode": mode},
        "sources": [asdict(source) for source in inputs.sources],
        "outputs": outputs,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder
