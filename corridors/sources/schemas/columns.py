"""Columns that many tables share, so that a name means the same everywhere."""

from __future__ import annotations

from corridors.core.schema import Column

MOST = {
    "a year, or what months holds of it": 5e8,
    "case files": 1e7,
    "checks": 1e8,
    "counties": 1e4,
    "dollars a year, or what months holds of it": 1e13,
    "events": 1e7,
    "firearms": 1e7,
    "lanes": 100,
    "licenses": 1e6,
    "magazines": 1e8,
    "outlets": 1e4,
    "people": 5e8,
    "people a year": 5e8,
    "pieces": 1e9,
    "rounds": 1e10,
    "shows a year": 1e4,
    "stops": 1e4,
    "trucks a year": 1e8,
    "vehicles a month": 1e8,
    "vehicles a year": 5e8,
    "victims": 1e7,
    "weapons": 1e7,
}
"""Limit of a count by its unit, far above any figure of one place or the whole country: more is a slip of the pen."""
POSTAL_CODES = {"Arizona": "AZ", "California": "CA", "New Mexico": "NM", "Texas": "TX"}
STATE_FIPS = {"AZ": "04", "CA": "06", "NM": "35", "TX": "48"}
FOUR_STATES = tuple(POSTAL_CODES.values())
POLYGONS = frozenset({"Polygon", "MultiPolygon"})
CONFIDENCES = ("high", "medium", "low")
PRECISIONS = ("day", "month", "year", "unknown")
PARTIAL_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
MONTH = r"\d{4}-(0[1-9]|1[0-2])"
POE = r"[A-Z]{2}-[A-Z0-9]{3}"

US_STATE = Column("text", "US state, postal code", choices=FOUR_STATES, refers=("us_states", "us_state"))
FIPS = Column("text", "county, five-digit FIPS code", pattern=r"\d{5}", refers=("counties", "fips"))
FIPS_OR_NONE = Column(
    "text", "county, five-digit FIPS code", pattern=r"\d{5}", empty=True, refers=("counties", "fips")
)
MX_STATE = Column(
    "text", "Mexican state, two-digit INEGI code", pattern=r"\d{2}", refers=("mx_states", "mx_state")
)
CVEGEO = Column(
    "text", "municipality, five-digit INEGI code", pattern=r"\d{5}", refers=("municipalities", "cvegeo")
)
CVEGEO_OR_NONE = Column(
    "text",
    "municipality, five-digit INEGI code",
    pattern=r"\d{5}",
    empty=True,
    refers=("municipalities", "cvegeo"),
)
LON = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-125, high=-84)
LAT = Column("number", "latitude, EPSG:4326", unit="degrees north", low=13, high=43)
LON_OR_NONE = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-125, high=-84, empty=True)
LAT_OR_NONE = Column("number", "latitude, EPSG:4326", unit="degrees north", low=13, high=43, empty=True)
US_LON = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-125, high=-66)
US_LAT = Column("number", "latitude, EPSG:4326", unit="degrees north", low=18, high=50)
MX_LON = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-118.5, high=-86.5)
MX_LAT = Column("number", "latitude, EPSG:4326", unit="degrees north", low=14.4, high=32.8)
SW_LON = Column("number", "longitude, EPSG:4326", unit="degrees east", low=-125, high=-93, empty=True)
SW_LAT = Column("number", "latitude, EPSG:4326", unit="degrees north", low=25, high=43, empty=True)
URL = Column("text", "where the value was read", pattern=r"https?://\S+")
PERIOD = Column("text", "period the value covers, as published")
NOTE = Column("text", "what a reader must know", empty=True)
CONFIDENCE = Column("text", "how sure the reading is", choices=CONFIDENCES)
MONTHS = Column("integer", "months of the year that have data", unit="months", low=1, high=12)


def year(low: int, high: int) -> Column:
    """Return a column of calendar years within `low`..`high`."""
    return Column("integer", "calendar year", unit="year", low=low, high=high)


def count(doc: str, unit: str, *, empty: bool = False) -> Column:
    """Return a column of whole numbers from 0 up to the limit of its unit."""
    return Column("integer", doc, unit=unit, low=0, high=MOST[unit], empty=empty)


def share(doc: str) -> Column:
    """Return a column of shares between 0 and 1."""
    return Column("number", doc, unit="share", low=0, high=1)


def text(doc: str, *, empty: bool = False) -> Column:
    """Return a column of free text."""
    return Column("text", doc, empty=empty)
