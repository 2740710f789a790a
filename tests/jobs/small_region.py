"""A part of the shipped tables small enough to be run whole in seconds: six ports, nine counties, fifty municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.jobs.inputs import default_data

if TYPE_CHECKING:
    from pathlib import Path

WEST, SOUTH, EAST, NORTH = -114.2, 28.5, -109.0, 33.8
SETTINGS = """
[run]
name = "small"
worlds = {worlds}
draws = {worlds}
seed = {seed}
jobs = {jobs}
variants = 0
partial = true

[data]
dealers = "dealers.csv"
road_nodes = "road_nodes.parquet"
road_edges = "road_edges.parquet"
"""


def write_tables(folder: Path) -> None:
    """Write the licenses of Arizona and the roads around Tucson and Hermosillo."""
    nodes = pd.read_parquet(default_data() / "road_nodes.parquet")
    nodes = nodes[nodes["lon"].between(WEST, EAST) & nodes["lat"].between(SOUTH, NORTH)]
    nodes.to_parquet(folder / "road_nodes.parquet")
    edges = gpd.read_parquet(default_data() / "road_edges.parquet")
    edges = edges[edges["u"].isin(nodes["node_id"]) & edges["v"].isin(nodes["node_id"])]
    edges.to_parquet(folder / "road_edges.parquet")
    dealers = pd.read_csv(default_data() / "dealers.csv", dtype=str)
    arizona = dealers["fips"].str.startswith("04") & (dealers["year"] == "2023")
    dealers[arizona].to_csv(folder / "dealers.csv", index=False)


def write_settings(folder: Path, name: str, *, worlds: int = 40, seed: int = 1, jobs: int = 2) -> Path:
    """Write the settings of a run of these tables, which are in the same folder, and return their file."""
    path = folder / name
    path.write_text(SETTINGS.format(worlds=worlds, seed=seed, jobs=jobs), encoding="utf-8")
    return path
