"""Layers: results reduced to the small payloads that the page's script draws. Data only, no HTML.

A payload is plain JSON. `kind` says how it is drawn (`fill`, `line`: one mute shape; `areas`, `corridors`,
`crossings`, `ports`, `places`: features), `columns` holds the values of each feature and `fields` how to show them:
[word key, form, column, ...]. Texts from data stay in columns; nothing here becomes markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from corridors.core.suppression import FEWEST
from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.crossings import crossing_layer, port_layer
from corridors.outputs.layers.encoding import (
    BAND_FIELDS,
    class_key,
    classify,
    numbers,
    share_columns,
    text,
    texts,
)
from corridors.outputs.layers.labels import place_layer
from corridors.outputs.layers.lines import corridors, in_corridors, minor_roads
from corridors.outputs.layers.overlays import consular_districts, dated_events, gun_shows, published_routes
from corridors.outputs.layers.packing import (
    edge_columns,
    pack_counts,
    pack_shown,
    place_columns,
    ranked_ports,
)
from corridors.outputs.summary.uncertainty import SHOWN90_COLUMNS
from corridors.outputs.text.translations import LANGUAGES, load_translations

if TYPE_CHECKING:
    from collections.abc import Mapping

    import geopandas as gpd
    import pandas as pd

    from corridors.core.results import Results
    from corridors.outputs.layers.payloads import (
        AreaLayer,
        FillLayer,
        LineLayer,
        ShapeStyle,
        TileLayer,
    )

    Payload = dict[str, Any]

FLOOR = 0.005
CONTEXT_CLASSES = frozenset({"interstate", "us_highway", "mx_toll", "mx_federal", "mx_freeway"})
MAIN_ZONE = 0.01
WINDOW_MARGIN = 9.0


@dataclass(frozen=True, slots=True)
class Tiles:
    """Pictures of a map that a server gives, tile by tile.

    Parameters
    ----------
    url
        Address with {z}, {x} and {y}.
    credit
        Credit that the server asks for.
    """

    url: str
    credit: str

    @property
    def host(self) -> str:
        """Return scheme, host and port of the address."""
        return "/".join(self.url.split("/")[:3])


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The layers under the results. Geometries in EPSG:4326.

    Parameters
    ----------
    land
        Countries: `name geometry`.
    us_states, mx_states
        States: `code name geometry`; codes as in the results ("TX", "28").
    places
        Cities: `name lon lat pop rank country`, and `name_es` where a name differs in Spanish; a lower rank is
        more important.
    shows
        Dated gun shows, past ones: `city us_state lon lat start end occurrence`, dates as text.
    routes
        Stops of the routes that authorities published: `route_id seq place lon lat status`.
    licences
        Licensed dealers by zone and year, those that may be shown: a row a zone, a column a year, missing where withheld.
    events
        Dated seizures, a row an event at a place: `place_kind place name_es name_en mx_state lon lat date_from date_to
        firearms joint side url`, dates as text.
    tiles
        Of an online map that the reader may switch on; none by default, as the page then asks for nothing.
    """

    land: gpd.GeoDataFrame
    us_states: gpd.GeoDataFrame
    mx_states: gpd.GeoDataFrame
    places: pd.DataFrame
    shows: pd.DataFrame | None = None
    routes: pd.DataFrame | None = None
    licences: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    tiles: Tiles | None = None


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """One layer of the map.

    Parameters
    ----------
    name
        Word key under "layer"; also the layer's id.
    payload
        Plain JSON data for the page's script.
    show
        Whether it is drawn when the map opens.
    control
        Whether the reader can switch it.
    """

    name: str
    payload: Mapping[str, Any]
    show: bool = True
    control: bool = True


def map_layers(results: Results, base: BaseMap, floor: float = FLOOR) -> tuple[LayerSpec, ...]:
    """Return the layers of the map, the lowest first; for the page's script to be constant, always the same but for tiles.

    Parameters
    ----------
    results
        Reduced results.
    base
        The layers under the results.
    floor
        Smallest share drawn as a corridor.
    """
    known = load_translations(LANGUAGES[0]).texts
    us = {code: name for code, name in _names(base.us_states).items() if f"us_state.{code}" not in known}
    mx = _names(base.mx_states)
    ports = ranked_ports(results.ports)
    zone_parts, municipality_parts = place_columns(results)
    edges, more = in_corridors(results.edges.reset_index(drop=True), results), edge_columns(results)
    port_share = ports["share_mean"].to_numpy(dtype=np.float64)
    land, *borders = ground_layers(base, results)
    specs = [
        land,
        LayerSpec("zones", _zones(_with_variants(results, "zones"), us, zone_parts, base.licences)),
        LayerSpec(
            "municipalities",
            _municipalities(_with_variants(results, "municipalities"), mx, municipality_parts),
        ),
        *borders,
        LayerSpec("districts", consular_districts(results.districts), show=False),
        LayerSpec("roads", _roads(results.edges)),
        LayerSpec("minor", minor_roads(edges, floor, 45, more, port_share), show=False, control=False),
        LayerSpec("corridors_d", corridors(edges, "D", floor, 50, more), show=False),
        LayerSpec("corridors_c", corridors(edges, "C", floor, 60, more)),
        LayerSpec("corridors", corridors(edges, "AB", floor, 70, more)),
        LayerSpec("routes", published_routes(base.routes), show=False),
        LayerSpec("shows", gun_shows(base.shows), show=False),
        LayerSpec("crossings", crossing_layer(results)),
        LayerSpec("ports", port_layer(results, us, mx), show=False, control=False),
        LayerSpec("events", dated_events(base.events, mx), show=False),
        LayerSpec("places", place_layer(base, results.ports, bounds(results)), control=False),
    ]
    if base.tiles:
        specs.insert(1, LayerSpec("tiles", _tiles(base.tiles), show=False))
    return tuple(specs)


def ground_layers(base: BaseMap, results: Results) -> tuple[LayerSpec, LayerSpec, LayerSpec]:
    """Return land around the results, borders of states and borders between countries."""
    return (
        LayerSpec("land", _land(base, results), control=False),
        LayerSpec("borders", _borders(base), control=False),
        LayerSpec("frontier", _frontier(base), control=False),
    )


def _tiles(tiles: Tiles) -> TileLayer:
    """Return the online map's address and credit."""
    return {"kind": "tiles", "order": 0, "pane": "base", "shapes": [tiles.url], "credit": tiles.credit}


def _with_variants(results: Results, name: str) -> Any:
    """Return a table of the results, its rows' shares in each variant packed in a column where there are any."""
    table = getattr(results, name)
    if not results.variants:
        return table
    shares = np.column_stack([getattr(one, name) for one in results.variants[1:]])
    return table.assign(variants=pack_shown(shares))


def bounds(results: Results) -> list[list[float]]:
    """Return [[south, west], [north, east]] of ports, municipalities and the main zones, to open the map on."""
    zones = results.zones
    main = zones[zones["share_mean"] >= MAIN_ZONE]
    boxes = [
        frame.total_bounds for frame in (main if len(main) else zones, results.municipalities) if len(frame)
    ]
    ports = results.ports
    boxes.append(np.array([ports["lon"].min(), ports["lat"].min(), ports["lon"].max(), ports["lat"].max()]))
    box = np.round(np.array(boxes, dtype=np.float64), 3)
    low, high = np.nanmin(box[:, :2], axis=0).tolist(), np.nanmax(box[:, 2:], axis=0).tolist()
    return [low[::-1], high[::-1]]


def _names(states: gpd.GeoDataFrame) -> dict[str, str]:
    return {text(code): text(name) for code, name in zip(states["code"], states["name"], strict=True)}


def _land(base: BaseMap, results: Results) -> FillLayer:
    """Return land cut to a window around the results."""
    (south, west), (north, east) = bounds(results)
    margin = WINDOW_MARGIN
    window = (west - 2 * margin, south - margin, east + 2 * margin, north + margin)
    rings = encoding.land(base.land.geometry.to_numpy(), window)
    style: ShapeStyle = {"color": palette.COAST, "weight": 0.8, "fillColor": palette.LAND, "fillOpacity": 1}
    return {
        "kind": "fill",
        "pane": "base",
        "order": 0,
        "scale": encoding.SCALE,
        "shapes": rings,
        "style": style,
    }


def _borders(base: BaseMap) -> LineLayer:
    """Return state borders."""
    lines = [
        line
        for states in (base.us_states, base.mx_states)
        if len(states)
        for line in encoding.inner_borders(states.geometry.to_numpy())
    ]
    style: ShapeStyle = {"color": palette.BORDER, "weight": 0.8}
    return {"kind": "line", "order": 30, "scale": encoding.SCALE, "shapes": lines, "style": style}


def _frontier(base: BaseMap) -> LineLayer:
    """Return borders between countries."""
    lines = encoding.inner_borders(base.land.geometry.to_numpy()) if len(base.land) else []
    style: ShapeStyle = {"color": palette.FRONTIER, "weight": 1.3, "opacity": 0.9}
    return {"kind": "line", "order": 35, "scale": encoding.SCALE, "shapes": lines, "style": style}


def _roads(edges: gpd.GeoDataFrame) -> LineLayer:
    """Return the trunk roads as one mute line."""
    trunk = edges.geometry[edges["road_class"].isin(CONTEXT_CLASSES)]
    lines = encoding.merge_context(trunk.to_numpy()) if len(trunk) else []
    style: ShapeStyle = {"color": palette.ROAD, "weight": 0.7, "opacity": 0.9}
    return {"kind": "line", "order": 40, "scale": encoding.SCALE, "shapes": lines, "style": style}


def _areas(
    frame: gpd.GeoDataFrame,
    classes: palette.Classes,
    order: int,
    ids: tuple[str, str],
    parts: Mapping[str, Mapping[str, str]],
) -> tuple[gpd.GeoDataFrame, Payload]:
    """Return the rows that have a polygon, and what every layer of areas holds; `ids` name its key and its state's."""
    known = frame.geometry.notna() & ~frame.geometry.is_empty
    kept = frame[known]
    polygons = kept.geometry.to_numpy()
    rings = encoding.simplify_areas(polygons) if len(polygons) else polygons
    bands = share_columns(kept, SHOWN90_COLUMNS)
    known_as: Payload = {"id": texts(kept[ids[0]]), "code": texts(kept[ids[1]])}
    if "variants" in kept:
        known_as["variants"] = texts(kept["variants"])
    codes = {name: [by_id.get(key, "") for key in known_as["id"]] for name, by_id in parts.items() if by_id}
    # far places share most of theirs
    kinds = {code: n for n, code in enumerate(sorted({code for own in codes.values() for code in own}))}
    known_as |= {name: [kinds[code] for code in own] for name, own in codes.items()}
    return kept, {
        "kind": "areas",
        "order": order,
        "scale": encoding.SCALE,
        "shapes": [encoding.encode_area(shape) for shape in rings],
        "classes": class_key(classes),
        "bin": classify(kept["share_mean"], classes),
        "missing": int((~known).sum()),
        "title": "name",
        "columns": bands | known_as,
        "fractions": list(kinds),
        "fields": [BAND_FIELDS[0], BAND_FIELDS[2]],
    }


def _zones(
    zones: gpd.GeoDataFrame,
    us: Mapping[str, str],
    parts: Mapping[str, Mapping[str, str]],
    licences: pd.DataFrame | None,
) -> AreaLayer:
    """Return supply zones; a count under the least, of this year or another, is not in the file at all."""
    kept, payload = _areas(zones, palette.ZONES, 10, ("zone_id", "us_state"), parts)
    counts = [int(count) if count >= FEWEST else None for count in kept["dealers"].fillna(0)]
    payload["columns"] |= {
        "name": texts(kept["name"]),
        "state": texts(kept["us_state"], us),
        "dealers": counts,
    }
    if licences is not None:
        by_year = licences.reindex(kept["zone_id"]).fillna(0).to_numpy(dtype=np.int64)
        payload["columns"]["licences"] = pack_counts(np.where(by_year < FEWEST, 0, by_year))
        payload["years"] = [int(licences.columns[0]), int(licences.columns[-1])]
        payload["counts"] = palette.LICENCES
    payload["outline"] = palette.OUTLINES["zones"]
    payload["min_count"] = FEWEST
    payload["fields"] = [
        ["label.state", "us_state", "state"],
        *payload["fields"],
        ["label.dealers", "count", "dealers"],
    ]
    payload["note"] = "note.lawful"
    return cast("AreaLayer", payload)


def _municipalities(
    municipalities: gpd.GeoDataFrame, mx: Mapping[str, str], parts: Mapping[str, Mapping[str, str]]
) -> AreaLayer:
    """Return municipalities by modelled demand."""
    kept, payload = _areas(municipalities, palette.MUNICIPALITIES, 20, ("cvegeo", "mx_state"), parts)
    payload["columns"] |= {
        "name": texts(kept["name"]),
        "off_network": numbers(kept["off_network_km"], 0),
    }
    payload["outline"] = palette.OUTLINES["municipalities"]
    payload["states"] = {code: mx.get(code, code) for code in sorted(set(payload["columns"]["code"]))}
    payload["fields"] = [
        ["label.state", "state", "code"],
        *payload["fields"],
        ["label.off_network", "km", "off_network"],
    ]
    return cast("AreaLayer", payload)
