"""Schemas of the United States side."""

from __future__ import annotations

from corridors.core.schema import Column, Schema
from corridors.sources.schemas.columns import (
    CONFIDENCE,
    CONFIDENCES,
    FIPS,
    FIPS_OR_NONE,
    MONTH,
    MONTHS,
    MOST,
    NOTE,
    PARTIAL_DATE,
    POLYGONS,
    PRECISIONS,
    SW_LAT,
    SW_LON,
    URL,
    US_LAT,
    US_LON,
    US_STATE,
    count,
    text,
    year,
)
from corridors.sources.schemas.law_provisions import PROVISIONS, PROVISIONS_1991

_ANY_STATE = r"[A-Z]{2}"
ZIP = Column("text", "ZIP code, five digits", pattern=r"\d{5}")
ZIP_LON = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-125, high=-93)
ZIP_LAT = Column("number", "latitude, EPSG:4326", unit="degrees north", low=25, high=43)

_PLACES = (
    Schema(
        "us_states",
        "A contiguous US state or the District of Columbia",
        ("us_state",),
        {
            "us_state": Column("text", "postal code", pattern=_ANY_STATE),
            "statefp": Column("text", "two-digit state FIPS code", pattern=r"\d{2}"),
            "name": text("name in English"),
        },
        POLYGONS,
    ),
    Schema(
        "counties",
        "A county of Arizona, California, New Mexico or Texas",
        ("fips",),
        {
            "fips": Column("text", "five-digit FIPS code", pattern=r"\d{5}"),
            "us_state": US_STATE,
            "name": text("name, without the word county"),
        },
        POLYGONS,
    ),
    Schema(
        "county_people",
        "How many people live in a county",
        ("fips",),
        {"fips": FIPS, "people": count("people, Census estimate of 1 July 2019", "people")},
    ),
    Schema(
        "zip_points",
        "A ZIP code of Arizona, California, New Mexico or Texas, as a point",
        ("zip",),
        {
            "zip": ZIP,
            "place": text("name of the place it is named after"),
            "us_state": US_STATE,
            "fips": FIPS,
            "lon": ZIP_LON,
            "lat": ZIP_LAT,
        },
    ),
    Schema(
        "consulates",
        "A Mexican consulate in the United States",
        ("name", "us_state"),
        {
            "name": text("city of the consulate"),
            "us_state": Column("text", "postal code, Puerto Rico included", pattern=_ANY_STATE),
            "lon": US_LON,
            "lat": US_LAT,
            "coord_source": text("where the coordinates come from: city points, not street addresses"),
            "southwest": Column("flag", "whether the state is one of the four"),
        },
    ),
    Schema(
        "consular_districts",
        "A county, or a part of one, and the Mexican consulate it falls to",
        ("fips", "consulate"),
        {
            "fips": FIPS,
            "county": text("name of the county", empty=True),
            "consulate": Column(
                "text",
                "city of the consulate; empty where no source gives it: then the nearest of its state by road",
                empty=True,
                refers=("consulates", "name"),
            ),
            "part": text("which part of the county is meant; empty for the whole", empty=True),
            "from_date": text("since when, as the source states it", empty=True),
            "url": Column("text", "where it was read", pattern=r"https?://\S+", empty=True),
            "confidence": Column("text", "how sure it is; low is inferred", choices=CONFIDENCES, empty=True),
            "note": NOTE,
        },
    ),
    Schema(
        "consular_totals",
        "How many counties of a state a consulate is said to cover",
        ("consulate", "us_state"),
        {
            "consulate": Column("text", "city of the consulate", refers=("consulates", "name")),
            "us_state": US_STATE,
            "counties": count("counties of that state", "counties"),
            "counted": text("when, as the source states it", empty=True),
            "stated": text("the words of the source"),
            "url": URL,
        },
    ),
    Schema(
        "consulate_ranks",
        "The rank of a Mexican consulate",
        ("consulate",),
        {
            "consulate": Column("text", "city of the consulate", refers=("consulates", "name")),
            "rank": Column(
                "text",
                "general for a consulate general; empty where no source says so, or sources disagree",
                choices=("general",),
                empty=True,
            ),
            "stated": text("the words of the source"),
            "url": URL,
            "note": NOTE,
        },
    ),
)
_SUPPLY = (
    Schema(
        "dealers",
        "Retail firearms licenses in a county in a year",
        ("fips", "year"),
        {
            "fips": FIPS,
            "year": year(2003, 2100),
            "dealers": count("licenses of types 01, 02, 07 and 08; licenses, not shops", "licenses"),
        },
    ),
    Schema(
        "state_laws",
        "Firearm law provisions of a state in a year",
        ("us_state", "year"),
        {
            "us_state": US_STATE,
            "year": year(1976, 2100),
            "lawtotal": Column("integer", "provisions in force of the 72", unit="provisions", low=0, high=72),
            "law_z": Column(
                "number",
                "lawtotal standardized over the 50 states of that year, mean 0 and standard deviation 1",
                unit="standard deviations",
                low=-10,
                high=10,
            ),
            **{name: Column("integer", doc, low=0, high=1) for name, doc in PROVISIONS.items()},
        },
    ),
    Schema(
        "nics",
        "Federal background checks in a state in a year",
        ("us_state", "year"),
        {
            "us_state": US_STATE,
            "year": year(1998, 2100),
            "months": MONTHS,
            "permit": count("checks for a permit", "checks"),
            "handgun": count("checks for a handgun", "checks"),
            "long_gun": count("checks for a long gun", "checks"),
            "other": count(
                "checks for another firearm; empty where a month of the year lacks it", "checks", empty=True
            ),
            "multiple": count("checks for more than one kind of firearm", "checks"),
            "totals": count("all checks, permits and redemptions included", "checks"),
            "sales_proxy": count("handgun + long_gun + other + 2 x multiple", "checks"),
        },
    ),
)
_SHOW = {
    "show_id": Column("text", "show", pattern=r"GS\d{3,}"),
    "venue_id": Column(
        "text",
        "venue, empty when the source names none",
        pattern=r"[A-Z]{2}\d{3}",
        empty=True,
        refers=("gun_show_venues", "venue_id"),
    ),
    "venue": text("name of the venue, or 'unspecified'"),
    "city": text("city", empty=True),
    "us_state": US_STATE,
    "fips": FIPS_OR_NONE,
    "lon": SW_LON,
    "lat": SW_LAT,
    "start": Column("text", "first day, as precise as the source", pattern=PARTIAL_DATE, empty=True),
    "end": Column("text", "last day, as precise as the source", pattern=PARTIAL_DATE, empty=True),
    "precision": Column("text", "how precise the dates are", choices=PRECISIONS),
    "occurrence": Column(
        "text", "what became of it", choices=("held or announced", "announced", "cancelled")
    ),
    "promoter": text("promoter", empty=True),
    "url": text("where it was read"),
    "confidence": CONFIDENCE,
    "note": NOTE,
}
_SHOWS = (
    Schema(
        "gun_show_venues",
        "A place where gun shows were held or announced",
        ("venue_id",),
        {
            "venue_id": Column("text", "venue", pattern=r"[A-Z]{2}\d{3}"),
            "venue": text("name of the venue, or 'unspecified'"),
            "city": text("city"),
            "us_state": US_STATE,
            "fips": FIPS,
            "lon": SW_LON,
            "lat": SW_LAT,
            "precision": text("what the coordinates stand for"),
            "promoter": text("promoters named", empty=True),
            "shows_per_year": text("shows a year as a source states it", empty=True),
            "shows_per_year_min": count("least number in shows_per_year", "shows a year", empty=True),
            "size": text("tables or floor as a source states it", empty=True),
            "attendance": text("attendance as a source states it", empty=True),
            "first_year": Column("integer", "first year seen", unit="year", low=1950, high=2100, empty=True),
            "last_year": Column("integer", "last year seen", unit="year", low=1950, high=2100, empty=True),
            "status": Column("text", "state of the series", choices=("active", "ended", "unknown")),
            "url": text("where it was read; more than one separated by ' | ' or a space"),
            "confidence": CONFIDENCE,
            "note": NOTE,
        },
    ),
    Schema("gun_shows", "A dated gun show, held, announced or cancelled", ("show_id",), _SHOW),
    Schema(
        "gun_shows_announced",
        "A dated gun show that was announced for days to come when it was read: no part of the supply, and not yet held",
        ("show_id",),
        {**_SHOW, "show_id": Column("text", "show", pattern=r"GA\d{3,}")},
    ),
    Schema(
        "gun_show_policy",
        "A dated decision or event about gun shows",
        ("event_id",),
        {
            "event_id": Column("text", "event", pattern=r"GP\d{3,}"),
            "date": Column("text", "date, as precise as the source", pattern=PARTIAL_DATE, empty=True),
            "precision": Column("text", "how precise the date is", choices=PRECISIONS),
            "us_state": Column("text", "postal code, or US for a federal event", pattern=_ANY_STATE),
            "place": text("county, city or 'statewide'"),
            "event": text("what happened"),
            "effect": text("what it changed"),
            "url": text("where it was read"),
            "confidence": CONFIDENCE,
        },
    ),
)
US_SCHEMAS = (*_PLACES, *_SUPPLY, *_SHOWS)
# Tables that only loaders produce: none is shipped.
US_LOADED: dict[str, Schema] = {
    "dealers_zip": Schema(
        "dealers_zip",
        "Retail firearms licenses at a ZIP code, or of a county where the ZIP code cannot be placed",
        ("fips", "zip"),
        {
            "zip": Column("text", "ZIP code; empty when placed by county", pattern=r"\d{5}", empty=True),
            "fips": FIPS,
            "us_state": US_STATE,
            "lon": ZIP_LON,
            "lat": ZIP_LAT,
            "dealers": Column(
                "integer",
                "licenses of types 01, 02, 07 and 08; licenses, not shops",
                unit="licenses",
                low=1,
                high=MOST["licenses"],
            ),
            "placed_by": Column("text", "what the point stands for", choices=("zip", "county")),
            "month": Column(
                "text", "month of the list; empty when the file's name has none", pattern=MONTH, empty=True
            ),
        },
    ),
    "state_laws_1991": Schema(
        "state_laws_1991",
        "Firearm law provisions of a state in a year, edition of 1991-2017; never to be joined to state_laws",
        ("us_state", "year"),
        {
            "us_state": US_STATE,
            "year": year(1991, 2017),
            "lawtotal": Column(
                "integer", "provisions in force of the 133", unit="provisions", low=0, high=133
            ),
            "law_z": Column(
                "number",
                "lawtotal standardized over the 50 states of that year, mean 0 and standard deviation 1",
                unit="standard deviations",
                low=-10,
                high=10,
            ),
            **{name: Column("integer", doc, low=0, high=1) for name, doc in PROVISIONS_1991.items()},
        },
    ),
    "cbp_seizures": Schema(
        "cbp_seizures",
        "Weapons and ammunition that CBP officers took outbound at the southwest border, by field office and month",
        ("field_office", "month"),
        {
            "fiscal_year": Column(
                "integer", "federal year, October to September", unit="year", low=2015, high=2100
            ),
            "month": Column("text", "calendar month", pattern=MONTH),
            "field_office": text("CBP field office; no port is published"),
            "events": count("distinct seizure events, of ammunition and parts alone too", "events"),
            "events_with_firearms": count("distinct events with a firearm", "events"),
            "handguns": count("handguns", "firearms"),
            "long_arms": count("long arms", "firearms"),
            "other_weapons": count("weapons of any other kind", "weapons"),
            "ammunition": count("rounds of ammunition", "rounds"),
            "magazines": count("magazines", "magazines"),
            "other_parts": count("other ammunition and gun parts", "pieces"),
        },
    ),
    "port_hours": Schema(
        "port_hours",
        "Opening hours of a crossing of the Mexican border in CBP's wait-time feed",
        ("cbp_bwt_number",),
        {
            "cbp_bwt_number": Column("text", "number of the crossing in the feed", pattern=r"[0-9a-z]{6}"),
            "poe_id": Column(
                "text",
                "port of entry, empty for freight lanes, repeats and crossings not known here",
                pattern=r"[A-Z]{2}-[A-Z0-9]{3}",
                empty=True,
                refers=("ports_of_entry", "poe_id"),
            ),
            "port_name": text("name of the port"),
            "crossing_name": text("name of the crossing", empty=True),
            "hours": text("opening hours as published", empty=True),
            "hours_open": Column(
                "number",
                "hours a day; empty where the text states none",
                unit="hours",
                low=0,
                high=24,
                empty=True,
            ),
            "status": text("whether it was open", empty=True),
            "date": Column("date", "day of the feed", empty=True),
        },
    ),
}
