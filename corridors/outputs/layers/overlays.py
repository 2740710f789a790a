"""Layers beside the model: consular districts, gun shows, routes that authorities published, dated seizures.

A gun show is a lawful, public event. Shows are grouped by city, next to the published share of investigations that
involve them; neither venue nor promoter is in the file. Routes are joined by straight lines: only their stops were
published. Seizures are highlights of bulletins and of the press, each with its link: no census, and no proof of a route.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.encoding import BAND_FIELDS, number, numbers, share_columns, text, texts
from corridors.outputs.summary.uncertainty import SHOWN90_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.core.results import Districts
    from corridors.outputs.layers.payloads import DistrictLayer, EventLayer, RouteLayer, ShowLayer

    Payload = dict[str, Any]

EVENT_FIELDS = ("date_from", "date_to", "firearms", "joint", "side", "url")
"""Columns that describe an event at its place."""


def gun_shows(shows: pd.DataFrame | None) -> ShowLayer:
    """Return past gun shows by city, each with its dates in order; a city without a place is left out."""
    payload: Payload = {
        "kind": "shows",
        "order": 76,
        "shapes": [],
        "style": {"color": "#ffffff", "fillColor": palette.SHOW, "weight": 1.2, "fillOpacity": 0.95},
        "title": "city",
        "columns": {"city": [], "state": [], "dates": []},
        "fields": [["label.state", "us_state", "state"], ["label.dates", "dates", "dates"]],
        "note": "note.gun_shows",
    }
    if shows is None:
        return cast("ShowLayer", payload)
    placed = shows["lon"].notna() & shows["lat"].notna()
    held = shows[(shows["occurrence"] != "cancelled") & shows["start"].fillna("").ne("") & placed]
    for (state, city), rows in held.groupby(["us_state", "city"], sort=True):
        payload["shapes"].append([number(rows["lat"].mean(), 2), number(rows["lon"].mean(), 2)])
        payload["columns"]["city"].append(text(city))
        payload["columns"]["state"].append(text(state))
        dates = sorted(
            {(text(start), text(end)) for start, end in zip(rows["start"], rows["end"], strict=True)}
        )
        payload["columns"]["dates"].append([list(dates_of) for dates_of in dates])
    return cast("ShowLayer", payload)


def consular_districts(districts: Districts | None) -> DistrictLayer:
    """Return the outlines of consular districts, each with the flow that starts in it and the zones it is made of."""
    payload: Payload = {
        "kind": "districts",
        "order": 36,
        "scale": encoding.SCALE,
        "shapes": [],
        "style": {"color": palette.DISTRICT, "weight": 1.6, "opacity": 0.9, "fillOpacity": 0},
        "title": "name",
        "columns": {"id": [], "name": []},
        "fields": [
            BAND_FIELDS[0],
            BAND_FIELDS[2],
            ["district.counties", "count", "counties"],
            ["district.inferred", "count", "inferred"],
            ["district.approximate", "count", "approximate"],
        ],
        "note": "district.note",
    }
    if districts is None:
        return cast("DistrictLayer", payload)
    areas = districts.areas
    zones = {
        name: list(zip(texts(rows["zone_id"]), numbers(rows["fraction"], encoding.PAGE_DIGITS), strict=True))
        for name, rows in districts.zone_fractions.groupby("consulate")
    }
    rings = encoding.simplify_areas(areas.geometry.to_numpy())
    payload["shapes"] = [encoding.encode_area(shape) for shape in rings]
    payload["columns"] = {
        "id": texts(areas["consulate"]),
        "name": texts(areas["consulate"]),
        "zones": [zones.get(name, []) for name in areas["consulate"]],
        "counties": [int(count) for count in areas["counties"]],
        "inferred": [int(count) for count in areas["inferred"]],
        "approximate": [int(count) for count in areas["approximate"]],
    } | share_columns(areas, SHOWN90_COLUMNS)
    return cast("DistrictLayer", payload)


def published_routes(stops: pd.DataFrame | None) -> RouteLayer:
    """Return each published route as a straight line from stop to stop."""
    payload: Payload = {
        "kind": "routes",
        "order": 74,
        "shapes": [],
        "style": {"color": palette.ROUTE, "weight": 2, "opacity": 0.9},
        "title": "id",
        "columns": {"id": [], "stops": []},
        "fields": [["label.stops", "text", "stops"]],
        "note": "note.routes",
    }
    if stops is None:
        return cast("RouteLayer", payload)
    for key, rows in stops.sort_values(["route_id", "seq"]).groupby("route_id", sort=True):
        pairs = zip(rows["lat"], rows["lon"], strict=True)
        payload["shapes"].append([[number(lat, 2), number(lon, 2)] for lat, lon in pairs])
        payload["columns"]["id"].append(text(key))
        payload["columns"]["stops"].append(" → ".join(texts(rows["place"])))
    return cast("RouteLayer", payload)


def dated_events(events: pd.DataFrame | None, mx_states: Mapping[str, str]) -> EventLayer:
    """Return dated seizures by place, municipalities first, each with its events in order.

    Parameters
    ----------
    events
        As `BaseMap.events`.
    mx_states
        Names of the Mexican states by code.
    """
    payload: Payload = {
        "kind": "events",
        "order": 84,
        "shapes": [],
        "bin": [],
        "style": {"color": "#ffffff", "weight": 1.2, "fillOpacity": 0.95},
        "colours": palette.EVENTS,
        "title": "name",
        "columns": {"name": [], "name_es": [], "state": [], "count": [], "events": []},
        "links": [],
        "fields": [["label.state", "text", "state"], ["label.events", "count", "count"]],
        "note": "note.events",
    }
    if events is None:
        return cast("EventLayer", payload)
    payload["links"] = sorted({text(url) for url in events["url"]})
    number_of = {url: n for n, url in enumerate(payload["links"])}
    columns = payload["columns"]
    for (kind, _), rows in events.groupby(["place_kind", "place"], sort=True):
        first = rows.iloc[0]
        payload["shapes"].append([number(first["lat"], 3), number(first["lon"], 3)])
        payload["bin"].append(int(kind == "port"))
        columns["name"].append(text(first["name_en"]))
        columns["name_es"].append(text(first["name_es"]))
        columns["state"].append(mx_states.get(first["mx_state"], "") if kind == "municipality" else "")
        columns["count"].append(len(rows))
        columns["events"].append([
            [text(start), text(end), int(firearms), int(joint), text(side), number_of[text(url)]]
            for start, end, firearms, joint, side, url in zip(*(rows[name] for name in EVENT_FIELDS), strict=True)
        ])  # fmt: skip
    return cast("EventLayer", payload)
