"""Schemas of the Mexican side."""

from __future__ import annotations

from corridors.core.schema import Column, Schema
from corridors.sources.schemas.columns import (
    CVEGEO,
    MONTHS,
    MOST,
    MX_LAT,
    MX_LON,
    MX_STATE,
    POLYGONS,
    URL,
    count,
    share,
    text,
    year,
)

_PLACES = (
    Schema(
        "mx_states",
        "A Mexican state",
        ("mx_state",),
        {
            "mx_state": Column("text", "two-digit INEGI code", pattern=r"\d{2}"),
            "name": text("name in Spanish"),
            "abbr": text("common abbreviation"),
        },
        POLYGONS,
    ),
    Schema(
        "municipalities",
        "A Mexican municipality with its seat",
        ("cvegeo",),
        {
            "cvegeo": Column("text", "five-digit INEGI code", pattern=r"\d{5}"),
            "mx_state": MX_STATE,
            "name": text("name in Spanish; names repeat across states"),
            "state_name": text("name of the state in Spanish"),
            "lon": MX_LON,
            "lat": MX_LAT,
            "coord_source": text("where the seat's coordinates come from"),
            "pop_2020": count("people, census of 2020", "people", empty=True),
            "pop": count("people, CONAPO projection for 2025, else the census", "people", empty=True),
            "polygon_parent": Column(
                "text",
                "for a municipality without a polygon, the one it was cut from",
                pattern=r"\d{5}",
                empty=True,
            ),
        },
    ),
    Schema(
        "municipality_polygons",
        "The outline of a municipality",
        ("cvegeo",),
        {"cvegeo": CVEGEO},
        POLYGONS,
    ),
)
_DEMAND = (
    Schema(
        "seizures_municipal",
        "Firearms seized in a municipality; as shipped, in armed events, December 2006 to November 2011",
        ("cvegeo",),
        {
            "cvegeo": CVEGEO,
            "events": count("events of the source; as shipped, armed events", "events"),
            "events_with_guns": count("events with at least one firearm seized", "events"),
            "long_guns": count(
                "long guns seized, a floor: not reported counts as 0; empty where the source names no types",
                "firearms",
                empty=True,
            ),
            "short_guns": count(
                "short guns seized, a floor: not reported counts as 0; empty where the source names no types",
                "firearms",
                empty=True,
            ),
            "firearms": count("long_guns + short_guns + firearms of an unknown type", "firearms"),
            "first_year": year(2000, 2100),
            "last_year": year(2000, 2100),
        },
    ),
    Schema(
        "seizures_top10",
        "One of the ten municipalities with most firearms seized, January 2020 to 22 September 2022",
        ("rank",),
        {
            "rank": Column("integer", "place in the list", low=1),
            "cvegeo": CVEGEO,
            "firearms": count("firearms seized", "firearms"),
            "period_start": Column("date", "first day counted"),
            "period_end": Column("date", "last day counted"),
            "national_total": count("firearms seized in the country in the same list", "firearms"),
            "bound": count("the most that any municipality outside the list can have", "firearms"),
            "url": URL,
        },
    ),
    Schema(
        "case_files",
        "Federal case files under the firearms law in a state in a year",
        ("mx_state", "year"),
        {
            "mx_state": MX_STATE,
            "year": year(2012, 2100),
            "months": MONTHS,
            "case_files": count("case files opened, firearms and explosives; not firearms", "case files"),
        },
    ),
    Schema(
        "homicides_state",
        "Victims of intentional homicide in a state in a year (case files where a column `counted` says so)",
        ("mx_state", "year"),
        {
            "mx_state": MX_STATE,
            "year": year(2015, 2100),
            "months": MONTHS,
            "homicides": count("victims of intentional homicide", "victims"),
            "firearm_homicides": count("of which killed with a firearm", "victims"),
        },
    ),
    Schema(
        "homicides_municipal",
        "Firearm homicides in a municipality; as shipped, an ESTIMATE, January 2024 to June 2025",
        ("cvegeo",),
        {
            "cvegeo": CVEGEO,
            "case_files": count("case files of intentional homicide (or what `counted` says)", "case files"),
            "firearm_share": share("the state's share of intentional homicides committed with a firearm"),
            "firearm_homicides": Column(
                "number",
                "as shipped, the municipality's part of the state's case files times the state's firearm victims; "
                "a count where a column `counted` names what was counted",
                unit="victims, estimated",
                low=0,
                high=MOST["victims"],
            ),
        },
    ),
)
MEXICO_SCHEMAS = (*_PLACES, *_DEMAND)
# Columns that loaders add to a table to say what its counts are; the shipped tables do without.
MARKS = {
    "counted": Column("text", "what the counts are of", choices=("victims", "case files", "deaths")),
    "series": Column(
        "text",
        "classification of crimes that a row is of; the two do not form one series",
        choices=("until 2025", "from 2026"),
    ),
}
