"""Highway waypoints of the Travel Mapping project: the archive of its HighwayData repository, or a table of them.

The archive holds `hwy_data/REGION/SYSTEM/ROOT.wpt`, one file per route of a state, with one line per waypoint:
``label [more labels] http://www.openstreetmap.org/?lat=31.334651&lon=-110.941272``. `hwy_data/_systems/SYSTEM.csv`
names the routes (`systemName;region;route;banner;abbrev;city;root;altRouteNames`). A table has one row per waypoint:
`region system root seq lat lon`, and `route banner` where a route has a name; `seq` counts a route's waypoints from 0.

Routes that meet share a waypoint, to within `SAME_PLACE_M`, but only within one country: the border is crossed at
ports of entry alone. A table truncated between two lines is not noticed. A stretch that several routes share is one
road with all their numbers, the class of the most important and the highest speed. The system of a route determines
class and toll (Mexican systems of D roads only), the class the speed; Mexican federal roads are slower where they wind
(`winding.py`), and no toll is due on the short pieces that they share with a toll road (`tolls.py`). Directions are
unknown: every road is two-way. Lines are chords between waypoints, no surveyed curves: right for 20 km and more.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from corridors.core.errors import Fault, LayoutError, SchemaError
from corridors.core.files import not_a_file
from corridors.core.geo import to_plane
from corridors.sources.reading.delimited import folded_column, read_text_table
from corridors.sources.reading.encoding import decoded
from corridors.sources.reading.plain import PARQUET, read_table
from corridors.sources.reading.size import check_archive
from corridors.sources.roads.border import NEAR_DEG, states_of
from corridors.sources.roads.graph import FATES, Ways, road_tables
from corridors.sources.roads.lines import meeting
from corridors.sources.roads.osm_tags import CLASS_KMH
from corridors.sources.roads.tolls import free_pieces
from corridors.sources.roads.winding import FEDERAL, TOLL, degrees_per_km, is_federal, winding_kmh
from corridors.sources.schemas.formats import Format, Loaded, Report

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.core.types import IntArray
    from corridors.sources.roads.border import States
    from corridors.sources.schemas.formats import Context

ID = "travel_mapping"
ARCHIVE = ".zip"
COLUMNS = ("region", "system", "root", "seq", "lat", "lon")
NAMES = ("route", "banner")
SAME_PLACE_M = 55.0
STATES = ("AR", "AZ", "CA", "CO", "KS", "LA", "NM", "NV", "OK", "TX", "UT")
"""Arizona, California, New Mexico, Texas and the states around them that roads between them run through."""
_MEXICAN = {"MEX-CAM": "MEX-CAMP", "MEX-CHIS": "MEX-CHPS", "MEX-DF": "MEX-CDMX", "MEX-EMEX": "MEX-MEX"}
SYSTEMS = {
    "usai": "interstate",
    "usaif": "interstate",
    "usasf": "us_freeway",
    "usaus": "us_highway",
    "usausb": "business",
    "usaib": "business",
    "usanp": "park_road",
    "usasib": "bridge",
    "nasib": "bridge",
    "mexd": "mx_toll",
    "mexed": "mx_toll",
    "mexsf": "mx_freeway",
    "mexf": "mx_federal",
    "mexnlm": "mx_urban",
    "mexdfeje": "mx_urban",
}
"""Class of each system; for the systems of single states see `_road_class`."""
SYSTEM_KMH = {"usaif": 105.0, "mexed": 95.0, "mexdfeje": 35.0, "mexemex": 60.0}
"""Speeds that differ from those of the class."""
RANKS = (
    "interstate",
    TOLL,
    "us_freeway",
    "mx_freeway",
    "us_highway",
    "mx_federal",
    "us_state",
    "us_fm",
    "mx_state",
    "business",
    "mx_urban",
    "park_road",
    "bridge",
)
"""Classes, the most important first."""
NAMING = ("usaush", "usatr", "usanht", "usatp", "usaoktpk")
ABROAD = "outside the United States and Mexico"
BEYOND = f"a state beyond {', '.join(STATES)}"
ONLY_NAMES = "a historic, tourist or turnpike route: a name of roads that others list"
UNKNOWN = "a system of routes that is of neither country"
ALONE = "no stretch of road: alone in its route, or the same place as those beside it"
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_FARM = re.compile(r"usatx(f\d*|re?)")
_ROUTE_FILE = re.compile(r"(?:[^/]+/)?hwy_data/([A-Z-]+)/(\w+)/([^/]+)\.wpt")
_SYSTEM_FILE = re.compile(r"(?:[^/]+/)?hwy_data/_systems/\w+(?<!_con)\.csv")
_LINE = re.compile(r"\S.*\s\S*[?&]lat=(-?\d+(?:\.\d+)?)&lon=(-?\d+(?:\.\d+)?)")


def read_waypoints(path: Path, context: Context) -> Loaded:
    """Return the road tables of waypoints of Travel Mapping.

    Raises
    ------
    SchemaError
        The file is absent or damaged, a route lacks a waypoint in its middle, a waypoint has no coordinates or
        lies far from its state.
    """
    is_archive = path.suffix.lower() == ARCHIVE
    table, notes = _archive(path) if is_archive else (_table(path), ())
    states = states_of(context.tables)
    reasons = _reasons(table, states)
    kept = table.assign(region=table["region"].replace(_MEXICAN))[reasons == ""]
    if kept.empty:
        why = "; ".join(f"{count:,} {reason}" for reason, count in Counter(reasons).items())
        raise SchemaError([Fault(str(path), "waypoints of the two countries", why, "Give another file.")])
    kept = _placed(kept, states)
    ways, before, after = _ways(kept)
    found = road_tables(ways, context.tables, path.name)
    fate = np.full(len(kept), len(FATES))
    stretch = np.flatnonzero(before >= 0)
    for at in (stretch, after[stretch]):
        np.minimum.at(fate, at, found.fate[before[stretch]])
    dropped = Counter(reasons[reasons != ""].tolist())
    dropped.update((*FATES, ALONE)[at] for at in fate[fate > 0])
    report = Report(
        format=ID,
        file=path.name,
        rows=len(table),
        kept=len(table) - dropped.total(),
        dropped=dict(dropped),
        unit="waypoints",
        columns={} if is_archive else {name: name for name in (*COLUMNS, *NAMES) if table[name].ne("").any()},
        notes=(
            *notes,
            "no toll is known in the United States and no direction anywhere: every road is two-way",
            *found.notes,
        ),
    )
    return Loaded(found.tables, report)


def _table(path: Path) -> pd.DataFrame:
    """Return the waypoints of a table, with the `file` and `row` of each."""
    if path.suffix.lower() in PARQUET:
        read = read_table(path, ID)
        table, rows = read.table.rename(columns=folded_column), read.rows
    else:
        text = read_text_table(path, names=COLUMNS)
        if text.faults:
            raise SchemaError(text.faults)
        table, rows = text.table, text.rows
    absent = [name for name in COLUMNS if list(table.columns).count(name) != 1]
    if absent:
        found = f"columns {', '.join(map(str, table.columns))}"
        raise LayoutError(
            [Fault(str(path), f"one column {', '.join(absent)}", found, "Name the columns so.")]
        )
    words = [name for name in ("region", "system", "root", *NAMES) if name in table]
    made = table[["seq", "lat", "lon"]].apply(pd.to_numeric, errors="coerce")
    made[words] = table[words].astype("object").fillna("").astype("str")
    waypoints: pd.DataFrame = made.reindex(columns=[*COLUMNS, *NAMES], fill_value="")
    return waypoints.assign(file=str(path), row=list(rows))


def _archive(path: Path) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the waypoints of an archive as `_table` does, and how many route files were left unread."""
    if not path.is_file():
        raise SchemaError([not_a_file(path)])
    try:
        with zipfile.ZipFile(path) as archive:
            check_archive(path, archive)
            damaged = archive.testzip()  # names have no checksum: a damaged one would be skipped
            texts = {name: archive.read(name) for name in archive.namelist() if _is_wanted(name)}
            routes = sum(_ROUTE_FILE.fullmatch(name) is not None for name in archive.namelist())
    except SchemaError:
        raise
    except _BAD_ZIP as error:
        raise SchemaError([Fault(str(path), "a complete zip file", str(error), "Fetch it again.")]) from error
    if damaged is not None:
        raise SchemaError([Fault(str(path), "a complete zip file", f"{damaged} damaged", "Fetch it again.")])
    names = _route_names(path, texts)
    faults: list[Fault] = []
    parts = []
    for name, content in texts.items():
        if found := _ROUTE_FILE.fullmatch(name):
            route, banner = names.get(found[3], ("", ""))
            of = {"region": found[1], "system": found[2], "root": found[3], "route": route, "banner": banner}
            parts.append(_waypoints(f"{path}/{name}", decoded(content).text, faults).assign(**of))
    if faults:
        raise SchemaError(faults)
    if not parts:
        expected = "files hwy_data/REGION/SYSTEM/ROUTE.wpt of the two countries"
        raise SchemaError([Fault(str(path), expected, "none", "Give the archive of HighwayData.")])
    return pd.concat(parts, ignore_index=True), (
        f"{routes - len(parts):,} of {routes:,} route files are of other countries and states, and not read",
    )


def _is_wanted(name: str) -> bool:
    """Return whether a file of the archive is read."""
    route = _ROUTE_FILE.fullmatch(name)
    if route is None:
        return _SYSTEM_FILE.fullmatch(name) is not None
    return route[1] in STATES or route[1].startswith("MEX-")


def _route_names(path: Path, texts: Mapping[str, bytes]) -> dict[str, tuple[str, str]]:
    """Return route and banner by root, of every list of a system."""
    names: dict[str, tuple[str, str]] = {}
    for name, content in texts.items():
        if _ROUTE_FILE.fullmatch(name):
            continue
        header, *lines = [line.split(";") for line in decoded(content).text.splitlines() if line.strip()] or [
            []
        ]
        columns = [cell.strip().lower() for cell in header]
        if not {"route", "banner", "root"} <= set(columns):
            expected = "columns route, banner and root, separated by ;"
            found = ";".join(header)[:80]
            raise SchemaError([Fault(f"{path}/{name}", expected, repr(found), "Fetch the archive again.")])
        root, route, banner = (columns.index(wanted) for wanted in ("root", "route", "banner"))
        long = max(root, route, banner)
        names.update({cells[root]: (cells[route], cells[banner]) for cells in lines if len(cells) > long})
    return names


def _waypoints(file: str, text: str, faults: list[Fault]) -> pd.DataFrame:
    """Return the waypoints of a route file; add a fault for each line that is not one."""
    lines = [(row, line.strip()) for row, line in enumerate(text.splitlines(), start=1) if line.strip()]
    found = [(row, _LINE.fullmatch(line)) for row, line in lines]
    expected = "a label and an address with ?lat=…&lon=…"
    faults += [
        Fault(file, expected, repr(line[:80]), "Fetch the archive again.", row)
        for (row, line), (_, match) in zip(lines, found, strict=True)
        if match is None
    ]
    good = [(row, match) for row, match in found if match is not None]
    return pd.DataFrame(
        {
            "seq": range(len(good)),
            "lat": [float(match[1]) for _, match in good],
            "lon": [float(match[2]) for _, match in good],
            "file": file,
            "row": [row for row, _ in good],
        }
    )


def _reasons(table: pd.DataFrame, states: States) -> pd.Series[str]:
    """Return why each waypoint is left out, "" where it is not."""
    region, system = table["region"].replace(_MEXICAN), table["system"]
    classes = system.map({name: _road_class(name) for name in system.unique()})
    mexican = region.str.startswith("MEX-")
    return pd.Series(
        np.select(
            [
                ~region.isin(states.region),
                ~mexican & ~region.isin(STATES),
                system.isin(NAMING),
                classes == "",
            ],
            [ABROAD, BEYOND, ONLY_NAMES, UNKNOWN],
            "",
        ),
        index=table.index,
    )


def _road_class(system: str) -> str:
    """Return the schema's class of a system of routes, "" when it is of neither country.

    Examples
    --------
    >>> _road_class("usai"), _road_class("usatxf3"), _road_class("usaaz"), _road_class("mexqro"), _road_class("gtmrn")
    ('interstate', 'us_fm', 'us_state', 'mx_state', '')
    """
    if system in SYSTEMS:
        return SYSTEMS[system]
    if _FARM.fullmatch(system):
        return "us_fm"
    return "us_state" if system.startswith("usa") else "mx_state" if system.startswith("mex") else ""


def _placed(table: pd.DataFrame, states: States) -> pd.DataFrame:
    """Return the waypoints in the order of their routes, each in or near its state.

    Raises
    ------
    SchemaError
        With a fault for every waypoint without coordinates or far from its state, and every route with a gap.
    """
    route = ["region", "system", "root"]
    ordered = table.sort_values([*route, "seq"], ignore_index=True)
    places = ordered[["lon", "lat"]].to_numpy(dtype=np.float64)
    placed = np.isfinite(places).all(axis=1)
    for name, rows in ordered[placed].groupby("region").groups.items():
        shape = states.shapes[np.flatnonzero(states.region == name)[0]]
        shapely.prepare(shape)
        placed[rows] = shapely.dwithin(shape, shapely.points(places[rows]), NEAR_DEG)
    gaps = ordered[ordered["seq"] != ordered.groupby(route).cumcount()]
    gaps = gaps[~gaps.duplicated(route) | gaps["seq"].isna()]
    faults = [
        *(
            _fault(row, f"lat, lon in or within {NEAR_DEG:g}° of {row.region}", f"{row.lat}, {row.lon}")
            for row in ordered[~placed].itertuples()
        ),
        *(
            _fault(row, f"seq 0, 1, 2 … along route {row.root}", f"{row.seq} out of turn")
            for row in gaps.itertuples()
        ),
    ]
    if faults:
        raise SchemaError(faults)
    return ordered


def _fault(row: Any, expected: str, found: str) -> Fault:
    """Return the fault of a waypoint."""
    return Fault(row.file, expected, found, "Correct the waypoint, or fetch the file again.", int(row.row))


def _ways(table: pd.DataFrame) -> tuple[Ways, IntArray, IntArray]:
    """Return the stretches between waypoints, each once, and for each waypoint the way after it and its other end.

    Returns
    -------
    ways
        A way for each stretch, of two points.
    before, after
        (waypoints,) the way that begins at each, -1 for none, and the waypoint that it leads to.
    """
    size = len(table)
    lon, lat = table["lon"].to_numpy(dtype=np.float64), table["lat"].to_numpy(dtype=np.float64)
    mexican = table["region"].str.startswith("MEX-").to_numpy()
    apart = 1e8 * mexican  # an offset between the countries, so that no two of their waypoints meet
    place = meeting(np.column_stack([to_plane(lon, lat), apart]), SAME_PLACE_M)
    after = np.minimum(np.arange(1, size + 1), size - 1)
    route = table.groupby(["region", "system", "root"]).ngroup().to_numpy()
    drawn = (route == route[after]) & (place != place[after])
    system = table["system"]
    classes = system.map({name: _road_class(name) for name in system.unique()})
    number = table["route"] + table["banner"]
    stretches = pd.DataFrame(
        {
            "low": np.minimum(place, place[after]),
            "high": np.maximum(place, place[after]),
            "rank": classes.map({name: rank for rank, name in enumerate(RANKS)}),
            "kmh": system.map(SYSTEM_KMH).fillna(classes.map(CLASS_KMH)),
            "toll": (classes == TOLL).astype("int64"),
            "degrees": np.append(degrees_per_km(lon, lat, route.astype(np.int64)), 0.0),
            "ref": number.mask(number == "", table["root"]),
            "region": table["region"],
        }
    )[drawn]
    ends = ["low", "high"]
    how = {"rank": "min", "kmh": "max", "toll": "max", "degrees": "mean", "region": "first"}
    known = stretches.groupby(ends).agg(how)
    refs = stretches[[*ends, "ref"]].drop_duplicates().sort_values([*ends, "ref"]).groupby(ends)["ref"]
    ways = known.assign(
        ref=refs.agg("/".join),
        road_class=known["rank"].map(dict(enumerate(RANKS))),
        highway="",
        oneway=0,
    ).reset_index()
    numbered = zip(ways["road_class"], ways["ref"], strict=True)
    federal = np.array([is_federal(*road) for road in numbered], dtype=np.bool_)
    km = Geod(ellps="WGS84").inv(*(side[ways[end]] for end in ends for side in (lon, lat)))[2] / 1000
    free = free_pieces(ways["low"], ways["high"], km, federal & (ways["toll"] == 1).to_numpy())
    ways.loc[free, ["road_class", "toll"]] = [FEDERAL, 0]
    ways["kmh"] = ways["kmh"].mask(federal, winding_kmh(ways["degrees"].to_numpy()))
    before = np.full(size, -1)
    before[drawn] = stretches.groupby(ends).ngroup()
    start = np.arange(0, 2 * len(ways) + 1, 2)
    point = ways[ends].to_numpy(dtype=np.int64).ravel()
    return Ways(lon, lat, start, point, ways.drop(columns=[*ends, "rank", "degrees"])), before, after


FORMATS: tuple[Format, ...] = (
    Format(
        id=ID,
        title="Highway waypoints of the Travel Mapping project: archive of HighwayData, or a table",
        publisher="TravelMapping contributors; coordinates from OpenStreetMap contributors",
        tables=("road_nodes", "road_edges"),
        suffixes=(ARCHIVE, *PARQUET, ".csv"),
        signature=frozenset(COLUMNS),
        read=read_waypoints,
    ),
)
