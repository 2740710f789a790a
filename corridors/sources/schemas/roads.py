"""Schemas of the road graph, ports of entry, crossings and base layers."""

from __future__ import annotations

from corridors.core.schema import Column, Schema
from corridors.sources.schemas.border import PORT_COLUMNS
from corridors.sources.schemas.columns import (
    LAT,
    LON,
    MX_STATE,
    NOTE,
    POE,
    POLYGONS,
    US_STATE,
    count,
    text,
    year,
)

ROAD_CLASSES = (
    "interstate",
    "us_freeway",
    "us_highway",
    "us_state",
    "us_fm",
    "us_local",
    "business",
    "park_road",
    "mx_toll",
    "mx_freeway",
    "mx_federal",
    "mx_state",
    "mx_urban",
    "mx_local",
    "bridge",
    "connector",
    "poe",
)
SOUTHBOUND = ("yes", "no", "commercial only", "pedestrian only", "rail")
MEASURES = ("personal vehicles", "personal vehicle passengers", "pedestrians", "trucks", "buses")
_PORT_CODE = r"\d{4}"
_POE_OR_NONE = Column(
    "text", "port of entry, empty elsewhere", pattern=POE, empty=True, refers=("ports_of_entry", "poe_id")
)
_NODE = ("road_nodes", "node_id")

_ROADS = (
    Schema(
        "road_nodes",
        "A point where roads of the graph meet or end",
        ("node_id",),
        {
            "node_id": Column("integer", "node, in order along a Hilbert curve", low=0),
            "lon": LON,
            "lat": LAT,
            "country": Column("text", "side of the border", choices=("US", "MX")),
            "poe_id": _POE_OR_NONE,
        },
    ),
    Schema(
        "road_edges",
        "A stretch of road between two nodes, passable both ways unless oneway",
        ("edge_id",),
        {
            "edge_id": Column("integer", "edge", low=0),
            "u": Column("integer", "node the geometry starts at", low=0, refers=_NODE),
            "v": Column("integer", "node the geometry ends at", low=0, refers=_NODE),
            "km": Column(
                "number", "length, in the default along chords between waypoints", unit="km", low=0, high=2000
            ),
            "road_class": Column("text", "class of road", choices=ROAD_CLASSES),
            "kmh": Column(
                "number", "speed assumed, by class and bends in the default", unit="km/h", low=1, high=150
            ),
            "toll": Column("flag", "whether a toll is due; US toll roads are not marked"),
            "oneway": Column("flag", "whether only u to v is allowed; unknown in the default, so false"),
            "country": Column("text", "side of the border, X for a port of entry", choices=("US", "MX", "X")),
            "region": text("state of the road as the source names it, as TX or MEX-SON"),
            "ref": text("road number, empty for a connector or a port of entry", empty=True),
            "poe_id": _POE_OR_NONE,
        },
        frozenset({"LineString"}),
    ),
    Schema(
        "base_land",
        "A country within the map box, to draw the sea around",
        ("name",),
        {"name": text("name in English")},
        POLYGONS,
    ),
    Schema(
        "places",
        "A larger populated place, for labels",
        ("country", "name", "lon"),
        {
            "name": text("name in English, Mexican places with their accents"),
            "name_es": text("name in Spanish"),
            "country": Column("text", "side of the border", choices=("US", "MX")),
            "lon": LON,
            "lat": LAT,
            "pop": count("people of the urban area, Natural Earth's figure, to order labels only", "people"),
            "rank": Column("integer", "label rank, 0 the most important", low=0, high=10),
        },
    ),
)
_BORDER = (
    Schema(
        "ports_of_entry",
        "A crossing of the border: by road, on foot or by rail",
        ("poe_id",),
        {
            "poe_id": Column("text", "port of entry", pattern=POE),
            "name_us": text("name on the US side"),
            "name_mx": text("name on the Mexican side"),
            "us_city": text("US city", empty=True),
            "us_state": US_STATE,
            "mx_city": text("Mexican city or village"),
            "mx_state": MX_STATE,
            "mx_municipality": text("name of the Mexican municipality"),
            "mx_cvegeo": Column("text", "its code", pattern=r"\d{5}", refers=("municipalities", "cvegeo")),
            "lon": LON,
            "lat": LAT,
            "us_lon": LON,
            "us_lat": LAT,
            "mx_lon": LON,
            "mx_lat": LAT,
            "coord_source": text("where lon and lat come from; us_* and mx_* lie 250 m off, derived"),
            "bts_port_code": Column(
                "text",
                "BTS port that counts it; empty when counted elsewhere",
                pattern=_PORT_CODE,
                empty=True,
            ),
            "modes": text("modes northbound, separated by ';'"),
            "southbound": Column("text", "what may go south", choices=SOUTHBOUND),
            "hours": text("opening hours as the source states them", empty=True),
            "hours_source": text("where the hours come from", empty=True),
            "hours_open": Column(
                "number", "hours a day open to passenger cars", unit="hours", low=0, high=24, empty=True
            ),
            "hours_vintage": text("date of the hours, empty when unsourced", empty=True),
            "hours_note": text("what is assumed about the hours", empty=True),
            **PORT_COLUMNS,
            "pov_lanes": count("northbound car lanes", "lanes", empty=True),
            "pov_northbound": count("personal vehicles northbound, 2024", "vehicles a year", empty=True),
            "pedestrian_northbound": count("pedestrians northbound, 2024", "people a year", empty=True),
            "truck_northbound": count("trucks northbound, 2024", "trucks a year", empty=True),
            "volume_source": text("where the volumes come from", empty=True),
            "pov_weight": count(
                "northbound vehicles of 2024: times the southbound factor, they weigh the port; not empty where cars"
                " may go south",
                "vehicles a year",
                empty=True,
            ),
            "pov_weight_source": text("how pov_weight was derived"),
            "field_office": text("CBP field office, assigned by geography"),
            "status": text("whether it is open"),
            "note": NOTE,
        },
    ),
    Schema(
        "crossings",
        "Northbound crossings at a port in a year",
        ("bts_port_code", "year", "measure"),
        {
            "bts_port_code": Column("text", "port", pattern=_PORT_CODE),
            "port_name": text("name of the port"),
            "us_state": US_STATE,
            "year": year(1996, 2100),
            "measure": Column("text", "what is counted", choices=MEASURES),
            "value": count("crossings northbound", "a year, or what months holds of it"),
            "months": Column("integer", "months of the year that have data", unit="months", low=1, high=12),
        },
    ),
)
ROAD_SCHEMAS = (*_ROADS, *_BORDER)
