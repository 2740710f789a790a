"""Schemas of the United States side."""

from __future__ import annotations

from corridors.base.schema import Column, Schema
from corridors.sources.columns import (
    CONFIDENCE,
    FIPS,
    FIPS_OR_NONE,
    MONTHS,
    NOTE,
    POLYGONS,
    SW_LAT,
    SW_LON,
    US_LAT,
    US_LON,
    US_STATE,
    count,
    text,
    year,
)
from corridors.sources.provisions import PROVISIONS

_PRECISION = ("day", "month", "year", "unknown")
_PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_ANY_STATE = r"[A-Z]{2}"

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
)
_SUPPLY = (
    Schema(
        "dealers",
        "Retail firearms licences in a county in a year",
        ("fips", "year"),
        {
            "fips": FIPS,
            "year": year(2003, 2100),
            "dealers": count("licences of types 01, 02, 07 and 08; licences, not shops", "licences"),
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
                "lawtotal standardised over the 50 states of that year, mean 0 and standard deviation 1",
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
    Schema(
        "gun_shows",
        "A dated gun show, held, announced or cancelled",
        ("show_id",),
        {
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
            "start": Column("text", "first day, as precise as the source", pattern=_PARTIAL_DATE, empty=True),
            "end": Column("text", "last day, as precise as the source", pattern=_PARTIAL_DATE, empty=True),
            "precision": Column("text", "how precise the dates are", choices=_PRECISION),
            "occurrence": Column(
                "text", "what became of it", choices=("held or announced", "announced", "cancelled")
            ),
            "promoter": text("promoter", empty=True),
            "url": text("where it was read"),
            "confidence": CONFIDENCE,
            "note": NOTE,
        },
    ),
    Schema(
        "gun_show_policy",
        "A dated decision or event about gun shows",
        ("event_id",),
        {
            "event_id": Column("text", "event", pattern=r"GP\d{3,}"),
            "date": Column("text", "date, as precise as the source", pattern=_PARTIAL_DATE, empty=True),
            "precision": Column("text", "how precise the date is", choices=_PRECISION),
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
