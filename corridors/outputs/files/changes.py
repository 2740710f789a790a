"""Changes under scenarios, as files: CSV, a GeoPackage for analysts, and GeoJSON generalised for the public."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.outputs.files.public import coarse, write_geojson
from corridors.outputs.files.tables import fixed_date, write_csv, write_notice, write_package
from corridors.outputs.summary.crossings import city_places
from corridors.outputs.summary.displacement import expected_signs

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Changes


def write_changes(found: Changes, folder: Path, description: str = "") -> None:
    """Write the files of docs/scenarios.md but the page and the manifest into `folder`/data.

    Parameters
    ----------
    found
        The changes under each scenario, with the places they are summed over.
    folder
        Folder of the output.
    description
        What the layers say of themselves, and `notice.txt` of the tables.
    """
    scenarios, groups = found.scenarios, found.groups
    changes = pd.concat(found.tables, ignore_index=True)
    edges = pd.concat(found.edges, ignore_index=True)
    data = folder / "data"
    data.mkdir(parents=True)
    write_notice(data, description)
    write_csv(found.comparison, data / "scenarios.csv")
    write_csv(changes, data / "changes.csv")
    distinguishable = changes[changes["distinguishable"]]
    largest = distinguishable["change_mean"].abs().sort_values(ascending=False, kind="stable").index
    order = pd.Categorical(distinguishable["scenario"], categories=[one.id for one in scenarios])
    distinguishable = (
        distinguishable.assign(order=order).loc[largest].sort_values(["order", "kind"], kind="stable")
    )
    write_csv(distinguishable.drop(columns="order"), data / "distinguishable.csv")
    signs = expected_signs(scenarios, changes)
    if signs is not None:
        write_csv(signs, data / "expected_signs.csv")
    ports = groups.ports.set_index("poe_id")
    points = gpd.GeoSeries(gpd.points_from_xy(ports["lon"], ports["lat"]), index=ports.index, crs=4326)
    before = changes[changes["kind"] == "port"].drop_duplicates("key").set_index("key")["before_mean"]
    shares = groups.ports.assign(share_mean=before.reindex(groups.ports["poe_id"]).to_numpy())
    places = gpd.GeoSeries(
        gpd.points_from_xy(*city_places(groups.crossings, shares).T),
        index=groups.crossings["crossing_city"],
        crs=4326,
    )
    lines = groups.corridors.set_index("corridor_id")["geometry"]
    layers = {
        "crossings": _located(changes, "crossing_city", places),
        "ports": _located(changes, "port", points),
        "corridors": _located(changes, "corridor", lines),
    }
    write_package({"edges": edges, **layers}, data / "changes.gpkg", description=description)
    with fixed_date():
        for name, layer in layers.items():
            write_geojson(coarse(layer), data / f"public_{name}.geojson", name, description)


def _located(changes: pd.DataFrame, kind: str, where: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the changes of one kind with their geometry."""
    rows = changes[changes["kind"] == kind].drop(columns="kind")
    taken = [name for name in rows.columns if kind != "port" and name.startswith("taken_")]
    return gpd.GeoDataFrame(
        rows.drop(columns=taken), geometry=where.reindex(rows["key"]).to_numpy(), crs=4326
    )
