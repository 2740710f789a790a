"""Words, speeds and classes of OpenStreetMap roads, for `interpret.py`.

Motorways to tertiary roads and their links are read. The class of the schema follows from the road's number first,
since readers know a road by it, then from its `highway` value; see `road_class`.

Speeds are the tagged `maxspeed` (a bare number is km/h, as OpenStreetMap defines it, in the United States too), else
`DEFAULT_KMH`: typical free-flow speeds, set by hand beside the limits of the two countries and the default graph.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

RANKS = ("motorway", "trunk", "primary", "secondary", "tertiary")
ROADS = frozenset((*RANKS, *(f"{rank}_link" for rank in RANKS)))
TAGS = (
    "highway",
    "ref",
    "maxspeed",
    "toll",
    "oneway",
    "junction",
    "area",
    "access",
    "vehicle",
    "motor_vehicle",
    "motorcar",
)
LESSER = "below tertiary, a path, or not in use"
AREA = "an area, not a line"
CLOSED = "closed to motor vehicles (access, vehicle, motor_vehicle or motorcar)"
REFUSED = frozenset(
    (
        "no",
        "private",
        "agricultural",
        "forestry",
        "emergency",
        "military",
        "permit",
        "restricted",
        "psv",
        "bus",
    )
)
ROUND = frozenset(("roundabout", "circular"))
LINK_SPEED_FRACTION = 0.6
"""Speed on a link as a fraction of the speed of its rank."""
DEFAULT_KMH = {
    "US": {"motorway": 105.0, "trunk": 100.0, "primary": 80.0, "secondary": 70.0, "tertiary": 60.0},
    "MX": {"motorway": 100.0, "trunk": 80.0, "primary": 70.0, "secondary": 60.0, "tertiary": 50.0},
}
CLASS_KMH = {
    "interstate": 112.0,
    "us_freeway": 100.0,
    "us_highway": 104.0,
    "us_state": 90.0,
    "us_fm": 82.0,
    "us_local": 60.0,
    "business": 60.0,
    "park_road": 55.0,
    "bridge": 25.0,
    "mx_toll": 100.0,
    "mx_freeway": 80.0,
    "mx_federal": 78.0,
    "mx_state": 65.0,
    "mx_urban": 50.0,
    "mx_local": 50.0,
}
"""Speeds of the default graph's classes, for a source that names those."""
MPH = 1.609344
MIN_KMH, MAX_KMH = 5.0, 140.0
UNKNOWN = -1
"""Toll of a road without the tag."""

_SPEED = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?", re.IGNORECASE)
_BUSINESS = re.compile(r"\b(?:BUS|BUSINESS|BL|BS)\b", re.IGNORECASE)
_US_NUMBERS = (
    (re.compile(r"I[ -]?\d", re.IGNORECASE), "interstate"),
    (re.compile(r"US[ -]?\d", re.IGNORECASE), "us_highway"),
    (re.compile(r"(?:FM|RM|RR|UR)[ -]?\d", re.IGNORECASE), "us_fm"),
    (re.compile(r"PR[ -]?\d", re.IGNORECASE), "park_road"),
    (
        re.compile(
            r"(?:AZ|CA|NM|TX|NV|UT|CO|OK|KS|AR|LA|SR|SH|TX Loop|TX Spur|Loop|Spur|Beltway|SL|SS)[ -]?\d",
            re.IGNORECASE,
        ),
        "us_state",
    ),
)
_MX_FEDERAL = re.compile(r"(?:(?:MEX|MX)[ -]?)?\d{1,3}[A-Z]?", re.IGNORECASE)
_MX_TOLL = re.compile(r"(?:(?:MEX|MX)[ -]?)?\d{1,3}D", re.IGNORECASE)
_MX_STATE = re.compile(r"[^\W\d_]{2,}\.?[ -]?\d+[A-Z]?", re.IGNORECASE)
_US_UNNUMBERED = {"motorway": "us_freeway", "trunk": "us_highway"}
_MX_UNNUMBERED = {"motorway": "mx_freeway", "trunk": "mx_federal", "primary": "mx_state"}
URBAN_KMH = 60.0
"""Maximum tagged limit of a Mexican road without number that is taken as urban."""


def speed(text: str) -> float:
    """Return km/h of a `maxspeed` tag, the least of several; NaN without a number."""
    given = [
        float(number) * (MPH if unit.lower() == "mph" else 1.0)
        for part in text.split(";")
        if (found := _SPEED.fullmatch(part.strip()))
        for number, unit in [(found[1], found[2] or "")]
    ]
    usable = [value for value in given if value >= MIN_KMH]
    return min(*usable, MAX_KMH) if usable else math.nan


def is_toll(country: str, ref: str, tagged: int) -> bool:
    """Return whether a toll is due: as tagged, else on a Mexican federal number that ends in D (cuota)."""
    if tagged != UNKNOWN:
        return bool(tagged)
    return country == "MX" and any(_MX_TOLL.fullmatch(part) for part in _parts(ref))


def default_kmh(country: str, highway: str) -> float:
    """Return the speed of a road without a tagged one."""
    rank = highway.removesuffix("_link")
    full = DEFAULT_KMH[country][rank]
    return full if rank == highway else round(full * LINK_SPEED_FRACTION)


def road_class(country: str, highway: str, *, ref: str, due: bool, kmh: float) -> str:
    """Return the schema's class of a road.

    Parameters
    ----------
    country
        "US" or "MX".
    highway, ref
        OSM tag, and numbers joined by "/".
    due
        Whether a toll is due.
    kmh
        Tagged speed, NaN when there is none.

    Notes
    -----
    ==========================  ===========================================================
    United States, by number    interstate, us_highway, us_fm, park_road, us_state, business
    without                     motorway us_freeway, trunk us_highway, others us_local
    Mexico, toll due            mx_toll
    by number                   federal: motorway mx_freeway, others mx_federal; state: mx_state
    without                     tagged at most 60 km/h mx_urban; else motorway mx_freeway,
                                trunk mx_federal, primary mx_state, others mx_local
    ==========================  ===========================================================
    """
    rank = highway.removesuffix("_link")
    if country == "US":
        return _us_numbered(_parts(ref)) or _US_UNNUMBERED.get(rank, "us_local")
    if due:
        return "mx_toll"
    if any(_MX_FEDERAL.fullmatch(part) for part in _parts(ref)):
        return "mx_freeway" if rank == "motorway" else "mx_federal"
    if any(_MX_STATE.fullmatch(part) for part in _parts(ref)):
        return "mx_state"
    if kmh <= URBAN_KMH:
        return "mx_urban"
    return _MX_UNNUMBERED.get(rank, "mx_local")


def _us_numbered(parts: Iterable[str]) -> str:
    """Return the class of the most important number, "" where none is known."""
    found = {
        "business" if _BUSINESS.search(part) else name
        for part in parts
        for pattern, name in _US_NUMBERS
        if pattern.match(_BUSINESS.sub("", part).strip())
    }
    ranked = ("interstate", "us_highway", "us_state", "us_fm", "business", "park_road")
    return next((name for name in ranked if name in found), "")


def _parts(ref: str) -> list[str]:
    """Return the numbers of a ref."""
    return [part for part in ref.split("/") if part]
