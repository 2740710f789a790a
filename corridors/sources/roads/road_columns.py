"""Columns of a table of roads: under which names they are found, and what their cells mean."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from corridors.core.errors import Fault, SchemaError
from corridors.sources.roads import osm_tags
from corridors.sources.roads.interpret import MINOR, Road, interpret, values
from corridors.sources.roads.lines import USUAL_CLASS
from corridors.sources.schemas.roads import ROAD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    import geopandas as gpd

    from corridors.sources.roads.layers import Features

TAG_OF = {"road_class": "highway", "kmh": "maxspeed"} | {
    name: name
    for name in (
        "ref",
        "toll",
        "oneway",
        "junction",
        "access",
        "vehicle",
        "motor_vehicle",
        "motorcar",
        "area",
    )
}
"""Wanted column to the tag of OpenStreetMap that its cells are read as."""
TOLERANCE, LAYER = "tolerance_m", "layer"
_NAMES = {
    "road_class": ("road_class", "highway", "fclass", "mtfcc"),
    "ref": ("ref",),
    "kmh": ("kmh", "maxspeed"),
    "motor_vehicle": ("motor_vehicle", "motor_vehi"),
}
OWN_WORDS = frozenset(("highway", "fclass", "mtfcc"))
"""Columns of OpenStreetMap and TIGER: a class there that is not known is below those that are read."""
_EXPECTED = {
    "maxspeed": ('a speed of at least 5 km/h, such as 80 or "50 mph"', "kmh"),
    "toll": ("yes or no, true or false, cuota or libre", "toll"),
    "oneway": ("yes or no, true or false, -1, or F, T and B", "oneway"),
}
_TIGER = {
    "S1100": "us_freeway",
    "S1200": "us_local",
    "S1400": "residential",
    "S1630": "motorway_link",
    "S1640": "tertiary",
}
_TIGER_ROUTES = {"I": "interstate", "U": "us_highway", "S": "us_state"}


def columns_of(names: Sequence[str], given: Mapping[str, str]) -> dict[str, str]:
    """Return the column of the file for each wanted one: as the map names it, else by a known name in any case."""
    folded = {name.lower(): name for name in reversed(names)}
    found = {
        wanted: folded[known]
        for wanted in TAG_OF
        for known in reversed(_NAMES.get(wanted, (wanted,)))
        if known in folded
    }
    return found | {wanted: given[wanted] for wanted in TAG_OF if wanted in given}


def also_read(names: Sequence[str], columns: Mapping[str, str]) -> dict[str, str]:
    """Return the further columns that are read of TIGER roads: route types, and full names in place of numbers."""
    if columns.get("road_class", "").lower() != "mtfcc":
        return {}
    wanted = {"rttyp": "route_type"} | ({} if "ref" in columns else {"fullname": "ref"})
    folded = {name.lower(): name for name in names}
    return {ours: folded[name] for name, ours in wanted.items() if name in folded}


def unwanted(names: tuple[str, ...], given: Mapping[str, str]) -> str:
    """Return why a layer of these columns is not one of roads, "" when it is."""
    listed = f"columns {', '.join(name for name in names if name != 'geometry') or 'none'}"
    absent = [column for wanted, column in given.items() if wanted in TAG_OF and column not in names]
    if absent:
        return f"no column {', '.join(map(repr, absent))} among {listed}"
    roads = {"road_class", "ref", "kmh", "toll", "oneway", "junction"}
    return "" if roads.intersection(columns_of(names, given)) else listed


def check_map(path: str, given: Mapping[str, str]) -> tuple[float, str]:
    """Return the tolerance between ends (meters) and the layer that a column map names.

    Raises
    ------
    SchemaError
        With every fault of the map.
    """
    allowed = (*TAG_OF, TOLERANCE, LAYER)
    faults = [
        Fault(path, f"one of {', '.join(allowed)}", repr(name), "Correct the column map.")
        for name in given
        if name not in allowed
    ]
    text = given.get(TOLERANCE, "0")
    tolerance = float(text) if text.replace(".", "", 1).isdigit() else -1.0
    if not 0 <= tolerance <= 1000:
        faults.append(Fault(path, f"{TOLERANCE} from 0 to 1000", repr(text), "Give meters."))
    if faults:
        raise SchemaError(faults)
    return tolerance, given.get(LAYER, "")


def roads_of(path: str, features: Features, columns: Mapping[str, str]) -> list[Road]:
    """Return the meaning of each row.

    A row without a class has the usual one. A motorway is taken as one-way only where the file has directions.

    Raises
    ------
    SchemaError
        With every cell of a class, direction or toll that cannot be read, and a column of speeds without any.
    """
    tags = _tags(features.table, columns)
    number = tags.groupby(list(tags.columns), sort=False, dropna=False).ngroup().to_numpy()
    first = tags[~pd.Series(number).duplicated().to_numpy()]
    directed = bool({"oneway", "junction"} & set(columns))
    known = [_road(row, directed=directed) for row in first.to_dict("records")]
    roads = [known[at] for at in number]
    faults = _faults(path, features, roads, columns)
    if faults:
        raise SchemaError(faults)
    return roads


def _road(tags: Mapping[Hashable, str], *, directed: bool) -> Road:
    """Return the meaning of one row's cells."""
    road = interpret({str(key): text for key, text in tags.items()})
    return road if directed else replace(road, oneway=None)


def _tags(table: gpd.GeoDataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the cells as text, a column for each tag."""
    tags = pd.DataFrame({TAG_OF[name]: _texts(table[column]) for name, column in columns.items()})
    if "highway" not in tags:
        tags["highway"] = USUAL_CLASS
    elif columns["road_class"].lower() == "mtfcc":
        tags = _tiger(table, tags)
    tags["highway"] = tags["highway"].replace("", USUAL_CLASS)
    return tags.reset_index(drop=True)


def _texts(cells: pd.Series[str]) -> pd.Series[str]:
    """Return cells as text; lists of several values stay lists, written as text."""
    found = cells.astype("object")
    return found.where(found.notna(), "").map(_text).str.strip()


def _text(cell: object) -> str:
    """Return one cell as text; arrays of Parquet as a list."""
    return str(cell.tolist()) if hasattr(cell, "tolist") and hasattr(cell, "__len__") else str(cell)


def _tiger(table: gpd.GeoDataFrame, tags: pd.DataFrame) -> pd.DataFrame:
    """Return the tags of the Census Bureau's TIGER roads: the class by route type and feature class, the number by name."""
    folded = {str(name).lower(): name for name in table.columns}
    route = _texts(table[folded["rttyp"]]) if "rttyp" in folded else pd.Series("", index=table.index)
    by_route = route.map(_TIGER_ROUTES)
    tags["highway"] = by_route.fillna(tags["highway"].map(_TIGER)).fillna("unclassified")
    if "fullname" in folded and "ref" not in tags:
        name = _texts(table[folded["fullname"]])
        short = name.str.replace(r"^I-\s*", "I ", regex=True).str.replace(r"^US Hwy\s+", "US ", regex=True)
        tags["ref"] = short.where(by_route.notna(), "")
    return tags


def _faults(path: str, features: Features, roads: Sequence[Road], columns: Mapping[str, str]) -> list[Fault]:
    """Return the faults of cells that mean nothing."""
    faults = []
    for at, road in enumerate(roads):
        for key, text in road.ignored:
            if key in {"toll", "oneway"}:
                expected, name = _EXPECTED[key]
                faults.append(
                    Fault(
                        f"{path}, layer {features.names[at]}" if features.names[at] else path,
                        expected,
                        repr(text),
                        "Correct the cell.",
                        features.rows[at],
                        columns[name],
                    )
                )
    faults += _no_speeds(path, features, roads, columns)
    if columns.get("road_class", "highway").lower() not in OWN_WORDS:
        faults += _unknown_classes(path, roads, columns["road_class"])
    return faults


def _no_speeds(
    path: str, features: Features, roads: Sequence[Road], columns: Mapping[str, str]
) -> list[Fault]:
    """Return the fault of a column of speeds of which none can be read."""
    unread = Counter(text for road in roads for key, text in road.ignored if key == "maxspeed")
    own = columns.get("kmh", "maxspeed").lower() == "maxspeed"  # OpenStreetMap's, where words are usual
    if own or not unread or not all(math.isnan(road.kmh) for road in roads):
        return []
    expected, name = _EXPECTED["maxspeed"]
    given = sum(bool(values(cell)) for cell in features.table[columns[name]])
    if given <= sum(unread.values()) // 2:
        return []
    found = ", ".join(map(repr, list(unread)[:5]))
    return [Fault(path, expected, f"{found} only", "Correct the column map.", column=columns[name])]


def _unknown_classes(path: str, roads: Sequence[Road], column: str) -> list[Fault]:
    """Return a fault for each class that is neither the schema's nor OpenStreetMap's."""
    expected = f"one of {', '.join((*ROAD_CLASSES, *sorted(osm_tags.ROADS)))}"
    known = {*ROAD_CLASSES, *osm_tags.ROADS, *MINOR}
    unknown = {text for road in roads for key, text in road.ignored if key == "highway" and text not in known}
    remedy = "Rename the class, or leave the column out of the column map."
    return [Fault(path, expected, repr(text), remedy, column=column) for text in sorted(unknown)]
