"""Schemas of published figures and routes."""

from __future__ import annotations

from corridors.core.schema import Column, Schema
from corridors.sources.schemas.columns import (
    CVEGEO,
    CVEGEO_OR_NONE,
    LAT,
    LON,
    MX_STATE,
    NOTE,
    PERIOD,
    URL,
    US_STATE,
    count,
    share,
    text,
)

_ROUTE = r"[A-Z0-9]+-\d{2}"

_FIGURES = (
    Schema(
        "figures",
        "A published figure that the fit or a held-out test uses",
        ("id",),
        {
            "id": Column("text", "figure", pattern=r"[A-Z0-9]+(_\w+)?"),
            "target": text("what the figure measures"),
            "value": Column("number", "the figure, in its unit"),
            "low": Column("number", "lower end of the published range", empty=True),
            "high": Column("number", "upper end of the published range", empty=True),
            "unit": text("unit of value, low and high"),
            "period": PERIOD,
            "geography": text("where it holds"),
            "source": text("who published it; who reported it too, where the report itself was not found"),
            "url": Column(
                "text",
                "address of the publisher's report where it is known to hold the figure, else where it was read",
                pattern=r"https?://\S+",
            ),
            "read_at": Column(
                "text",
                "where it was read at second hand: an address or a work; empty where it was read in the publisher's own text",
                empty=True,
            ),
            "confidence": Column(
                "text", "how sure the reading is", choices=("high", "medium-high", "medium", "low")
            ),
            "use": text("what the model does with it"),
            "caveat": text("what it does not say", empty=True),
        },
    ),
    Schema(
        "state_pairs",
        "Traced firearms bought in a US state and recovered in a Mexican state; the five largest pairs",
        ("us_state", "mx_state"),
        {
            "us_state": US_STATE,
            "mx_state": MX_STATE,
            "firearms": count(
                "traced firearms; every pair not listed has no more than the least", "firearms"
            ),
            "period": PERIOD,
            "known_total": count("traced firearms with a known state of recovery", "firearms"),
            "traced_total": count("firearms traced to a purchaser", "firearms"),
            "url": URL,
            "note": NOTE,
        },
    ),
    Schema(
        "city_shares",
        "Traced firearms sold by dealers of a city",
        ("city", "us_state"),
        {
            "city": text("city of the dealer's address"),
            "us_state": US_STATE,
            "fips": Column("text", "county, or counties joined by '+'", pattern=r"\d{5}(\+\d{5})*"),
            "firearms": count("traced firearms", "firearms"),
            "reading": Column(
                "text",
                "`count`; `at_least`, a lower bound of firearms that another row may count too; `inside`, in another row",
                choices=("count", "at_least", "inside"),
            ),
            "state_firearms": count("traced firearms of the whole state in the same list", "firearms"),
            "period": PERIOD,
            "county_share": share("share of the county's ZIP codes that carry the city's name"),
            "url": URL,
            "note": NOTE,
        },
    ),
    Schema(
        "port_seizures",
        "Firearms that CBP officers took from traffic bound for Mexico, by region of ports",
        ("region",),
        {
            "region": text("region as published"),
            "field_offices": text("CBP field offices of its ports, separated by ' | '"),
            "firearms": count("firearms seized southbound", "firearms"),
            "period": PERIOD,
            "url": URL,
            "note": NOTE,
        },
    ),
)
_ROUTES = (
    Schema(
        "published_routes",
        "A trafficking route published by Mexican authorities in 2025",
        ("route_id",),
        {
            "route_id": Column("text", "route", pattern=_ROUTE),
            "source": text("document"),
            "year_published": Column("integer", "year of the document", unit="year", low=2000, high=2100),
            "status": text("how complete the reading is"),
            "us_origin": text("US city it starts at, empty when none was published", empty=True),
            "us_state": Column(
                "text", "postal code of us_origin", choices=("AZ", "CA", "NM", "TX"), empty=True
            ),
            "crossing_mx": text("first Mexican stop"),
            "crossing_cvegeo": CVEGEO,
            "final_mx": text("last stop"),
            "final_cvegeo": CVEGEO,
            "n_stops": count("stops", "stops"),
            "stops": text("stops in order"),
            "n_sources": count("outlets it was read in", "outlets"),
            "urls": text("where it was read, separated by ' | '"),
            "note": NOTE,
        },
    ),
    Schema(
        "published_route_stops",
        "A stop of a published route",
        ("route_id", "seq"),
        {
            "route_id": Column("text", "route", pattern=_ROUTE, refers=("published_routes", "route_id")),
            "seq": Column("integer", "place in the order, from north to south", low=1),
            "country": Column("text", "side of the border", choices=("US", "MX")),
            "place": text("name"),
            "state": text("US postal code or name of the Mexican state"),
            "cvegeo": CVEGEO_OR_NONE,
            "lon": LON,
            "lat": LAT,
            "coord_source": text("where the coordinates come from"),
        },
    ),
    Schema(
        "route_checks",
        "The road distance between two cities, to check the graph against",
        ("origin", "destination"),
        {
            "origin": text("city it starts at"),
            "destination": text("city it ends at"),
            "origin_lon": LON,
            "origin_lat": LAT,
            "destination_lon": LON,
            "destination_lat": LAT,
            "true_km": Column(
                "number", "distance by the usual road, from general knowledge", unit="km", low=100
            ),
            "poe_id": Column(
                "text",
                "port of entry an earlier build of the graph used, empty when none or not noted",
                pattern=r"[A-Z]{2}-[A-Z0-9]{3}",
                empty=True,
                refers=("ports_of_entry", "poe_id"),
            ),
            "tuned": Column("flag", "whether speeds or the distance were changed after a look at this route"),
            "note": NOTE,
        },
    ),
    Schema(
        "driving_times",
        "A printed driving time between two places, to check the speeds of roads by",
        ("origin", "destination", "via"),
        {
            "origin": text("place it starts at"),
            "destination": text("place it ends at"),
            "via": text("roads, as printed"),
            "free": Column("flag", "whether the way is one without a toll"),
            "origin_lon": LON,
            "origin_lat": LAT,
            "destination_lon": LON,
            "destination_lat": LAT,
            "printed_km": Column("number", "distance as printed", unit="km", low=100, high=5000, empty=True),
            "printed_hours": Column("number", "driving time as printed", unit="hours", low=1, high=100),
            "hours_low": Column("number", "lower end of what is printed", unit="hours", low=1, high=100),
            "hours_high": Column("number", "upper end of what is printed", unit="hours", low=1, high=100),
            "kind": Column(
                "text",
                "published (a paper, an agency or a city's page) or traveler (an account of one trip)",
                choices=("published", "traveler"),
            ),
            "url": URL,
            "note": NOTE,
        },
    ),
)
TARGET_SCHEMAS = (*_FIGURES, *_ROUTES)
