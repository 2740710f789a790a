"""Shipped driving times between cities as papers and travelers print them, to check the speeds of roads by."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from corridors.default_data.mexico import municipalities
from corridors.default_data.raw_tables import raw_text, to_numbers

if TYPE_CHECKING:
    from pathlib import Path

FREE = "(free)"
_SEATS = {
    "Chihuahua": "08019",
    "Ciudad Juárez": "08037",
    "Ciudad Obregón": "26018",
    "Durango": "10005",
    "Guadalajara": "14039",
    "Guaymas": "26029",
    "Hermosillo": "26030",
    "Hidalgo del Parral": "08032",
    "Mazatlán": "25012",
    "Monterrey": "19039",
    "Nogales": "26043",
    "Nuevo Laredo": "28027",
    "Ojinaga": "08052",
    "Piedras Negras": "05025",
    "Reynosa": "28032",
    "Saltillo": "05030",
    "San Luis Potosí": "24028",
    "Yécora": "26069",
}
"""Municipality of each end that is the seat of one."""
_WAYPOINTS = {"Tecoripa": ("mexson.mex016", "SuaGra")}
"""Route and label of the waypoint in a town that is no seat."""
_ZIP = {"Mesa AZ": ("Mesa", "AZ")}
"""Place and state of each end in the United States, the mean of its ZIP codes."""
NOT_PRINTED = "km not printed"
"""Words in the note of a row whose distance is not in its source."""
_KINDS = {"published": "published", "traveller": "traveler"}


def driving_times(raw: Path) -> pd.DataFrame:
    """Return printed driving times by road, with the coordinates of both ends."""
    with files("corridors.default_data").joinpath("more_driving_times.csv").open("rb") as file:
        more = pd.read_csv(file, dtype=str, keep_default_na=False)
    table = pd.concat([raw_text(raw / "roads/driving_times.csv"), more], ignore_index=True)
    table = table.rename(
        columns={"from": "origin", "to": "destination", "km": "printed_km", "hours": "printed_hours"}
    )
    points = _points(raw)
    for end in ("origin", "destination"):
        table[f"{end}_lon"] = [points[name][0] for name in table[end]]
        table[f"{end}_lat"] = [points[name][1] for name in table[end]]
    numbers = ["printed_km", "printed_hours", "hours_low", "hours_high"]
    table[numbers] = table[numbers].apply(to_numbers, digits=2)
    unknown = table["note"].str.contains(NOT_PRINTED, regex=False)
    return table.assign(
        printed_km=table["printed_km"].mask(unknown),
        free=table["via"].str.endswith(FREE),
        via=table["via"].str.removesuffix(FREE).str.strip(),
        kind=table["kind"].map(_KINDS),
    )


def _points(raw: Path) -> dict[str, tuple[float, float]]:
    """Return lon and lat of each end."""
    seats = municipalities(raw).set_index("cvegeo")[["lon", "lat"]]
    points = {name: (float(seats["lon"][code]), float(seats["lat"][code])) for name, code in _SEATS.items()}
    waypoints = pd.read_parquet(raw / "roads/tm_waypoints_us_mx.parquet").set_index(["root", "label"])
    for name, key in _WAYPOINTS.items():
        own = waypoints.loc[[key]]
        points[name] = (round(float(own["lon"].iloc[0]), 5), round(float(own["lat"].iloc[0]), 5))
    codes = raw_text(raw / "us/zip_geonames_US.txt", sep="\t", header=None, quoting=3)
    for name, (place, state) in _ZIP.items():
        there = codes[codes[2].eq(place) & codes[4].eq(state)]
        lat, lon = (round(float(there[column].astype("float64").mean()), 5) for column in (9, 10))
        points[name] = (lon, lat)
    return points
