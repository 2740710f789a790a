"""The map of a brief."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from corridors.outputs.layers import LayerSpec
from corridors.outputs.layers.district import district_specs


def test_a_crossing_city_stands_under_one_name() -> None:
    places = {
        "kind": "places",
        "order": 90,
        "shapes": [[31.33, -110.94], [31.30, -110.93], [33.45, -112.07]],
        "columns": {"name": ["Nogales", "Nogales (Son.)", "Phoenix"], "rank": [0, 2, 1]},
        "states": [],
    }
    counties = gpd.GeoDataFrame(
        {"name": ["Pima"], "us_state": ["AZ"], "approximate": [False], "inferred": [False]},
        geometry=[shapely.box(-112, 31.5, -110, 32.5)],
        crs=4326,
    )
    bands = {"share_mean": 0.1, "share_lo90": 0.05, "share_hi90": 0.2, "grade": "B"}
    cities = pd.DataFrame(
        [
            {
                "crossing_city": "nogales",
                "name_es": "Nogales (Sonora y Arizona)",
                "name_en": "Nogales (Arizona and Sonora)",
                "ports": "AZ-DEC",
                "lat": 31.333,
                "lon": -110.942,
                **bands,
            }
        ]
    )
    bridges = pd.DataFrame(
        [
            {
                "poe_id": "AZ-DEC",
                "name_us": "Nogales",
                "name_mx": "Nogales I",
                "us_state": "AZ",
                "mx_state": "26",
                "lat": 31.333,
                "lon": -110.942,
                **bands,
            }
        ]
    )
    roads = gpd.GeoDataFrame({"part_mean": np.empty(0)}, geometry=[], crs=4326)
    specs = district_specs([LayerSpec("places", places)], counties, roads, cities, bridges)
    named = next(spec.payload for spec in specs if spec.name == "places")
    assert named["columns"]["name_es"] == ["Nogales (Sonora y Arizona)", "Phoenix"]
    assert named["columns"]["rank"] == [0, 1]
    assert named["shapes"] == [[31.333, -110.942], [33.45, -112.07]]
