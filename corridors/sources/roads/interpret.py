"""What the tags of a road mean: one interpretation for every reader, of OpenStreetMap, graphs and tables alike.

A value may be one text, a number or a flag, or several: texts separated by ";", or a list, as osmnx gives an edge
that it merged from several ways, in any order. Of several

===========  =====================================================================================
highway      the most important class counts
oneway       an edge is one-way if any part of it is; parts that contradict each other say nothing
maxspeed     the lowest counts
toll         a toll is due if it is due on any part
access       an edge is closed if any part of it is
ref          all are shown, those of a list in alphabetical order
===========  =====================================================================================

A value that means nothing is ignored and reported.
"""

from __future__ import annotations

import ast
import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridors.sources.roads import osm_tags
from corridors.sources.schemas.roads import ROAD_CLASSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BOTH, FORWARD, BACKWARD = 0, 1, -1
ACCESS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Keys that close a road, the most specific first: it decides."""
KEYS = ("highway", "oneway", "junction", "maxspeed", "toll", "area", *ACCESS)
"""Keys that are interpreted, besides `ref`."""
MINOR = frozenset(
    [
        "unclassified",
        "residential",
        "living_street",
        "service",
        "track",
        "road",
        "pedestrian",
        "footway",
        "cycleway",
        "path",
        "steps",
        "bridleway",
        "busway",
        "bus_guideway",
        "construction",
        "proposed",
        "planned",
        "corridor",
        "raceway",
        "rest_area",
        "services",
        "escape",
        "emergency_bay",
        "platform",
        "crossing",
        "elevator",
        "via_ferrata",
        "trailhead",
        "abandoned",
        "disused",
        "razed",
        "unknown",
        "no",
        "track_grade1",
        "track_grade2",
        "track_grade3",
        "track_grade4",
        "track_grade5",
    ]
)
"""Values of `highway`, or of Geofabrik's `fclass`, that are known and not read."""
_DIRECTIONS = {
    **dict.fromkeys(
        ("yes", "true", "1", "1.0", "y", "si", "sí", "ft", "one way", "one-way", "un sentido"), FORWARD
    ),
    **dict.fromkeys(("-1", "-1.0", "reverse", "tf"), BACKWARD),
    **dict.fromkeys(
        (
            *("no", "false", "0", "0.0", "n", "b", "both", "none", "reversible", "alternating", "two way"),
            *("two-way", "both ways", "dos sentidos", "doble sentido", "ambos sentidos"),
        ),
        BOTH,
    ),
}
_GEOFABRIK = {"F": FORWARD, "T": BACKWARD}
_TOLLS = {
    **dict.fromkeys(("true", "yes", "1", "1.0", "si", "sí", "cuota", "t", "y"), 1),
    **dict.fromkeys(("false", "no", "0", "0.0", "libre", "none", "f", "n"), 0),
}
_NO_SPEED = frozenset(("0", "0.0"))
_WORDS = {
    "maxspeed": "a speed of at least 5 km/h",
    "toll": "yes or no",
    "oneway": "a direction",
    "highway": "a class of road",
}
LISTED = 3
"""Values that a note quotes."""


@dataclass(frozen=True, slots=True)
class Road:
    """Meaning of one road's tags.

    Parameters
    ----------
    refused
        Why the road is not read, "" when it is.
    highway
        A `highway` value of OpenStreetMap, or a class of the schema.
    ref
        Numbers joined by "/".
    toll
        1, 0, or `osm_tags.UNKNOWN`.
    oneway
        1 along the line, -1 against it, 0 both ways; None where the tags do not say.
    kmh
        Tagged speed, NaN where there is none.
    ignored
        Keys and values that mean nothing.
    """

    refused: str
    highway: str
    ref: str
    toll: int
    oneway: int | None
    kmh: float
    ignored: tuple[tuple[str, str], ...] = ()

    def columns(self) -> dict[str, object]:
        """Return the road's columns of `graph.Ways`; a road that does not say is open both ways."""
        own = self.highway in ROAD_CLASSES
        return {
            "highway": "" if own else self.highway,
            "ref": self.ref,
            "toll": self.toll,
            "oneway": self.oneway or BOTH,
            "kmh": self.kmh,
            "road_class": self.highway if own else "",
        }


def interpret(tags: Mapping[str, Any]) -> Road:
    """Return the meaning of a road's tags, keyed as in OpenStreetMap; `highway` may be a class of the schema."""
    ignored: list[tuple[str, str]] = []
    highway = highway_of(tags.get("highway"), ignored)
    return Road(
        refused=_refusal(highway, tags),
        highway=highway,
        ref=ref_of(tags.get("ref")),
        toll=_toll(tags.get("toll"), ignored),
        oneway=_direction(highway, tags, ignored),
        kmh=_speed(tags.get("maxspeed"), ignored),
        ignored=tuple(ignored),
    )


def values(value: Any) -> list[str]:
    """Return the one or several values of a tag as text, without empty ones."""
    several = listed(value)
    if several is None:
        several = [] if value is None or (isinstance(value, float) and math.isnan(value)) else [value]
    texts = (part.strip() for one in several for part in str(one).split(";"))
    return [text for text in texts if text and text.lower() not in {"nan", "<na>"}]


def listed(value: Any) -> list[Any] | None:
    """Return the parts of a list or a list written as text, None for a single value."""
    if isinstance(value, str) and value[:1] in "[{(" and value[-1:] in "]})" and value:
        try:
            value = ast.literal_eval(value)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return None
    if isinstance(value, str | bytes | dict) or not hasattr(value, "__iter__"):
        return None
    return [part for part in value if part is not None]


def highway_of(value: Any, ignored: list[tuple[str, str]]) -> str:
    """Return the most important of one or several classes; "" where there is none."""
    found = {text.lower(): text for text in values(value)}
    known = [name for name in found if name in _IMPORTANCE]
    ignored += [
        ("highway", text) for name, text in found.items() if name not in _IMPORTANCE and name not in MINOR
    ]
    return min(known, key=_IMPORTANCE.__getitem__) if known else min(found, default="")


_IMPORTANCE = {
    name: number
    for number, name in enumerate(
        (
            *(name for rank in osm_tags.RANKS for name in (rank, f"{rank}_link")),
            *(name for name in ROAD_CLASSES),
        )
    )
}


def ref_of(value: Any) -> str:
    """Return road numbers joined by "/", each once; those of a list in alphabetical order."""
    found = list(dict.fromkeys(values(value)))
    return "/".join(sorted(found) if listed(value) is not None else found)


def _refusal(highway: str, tags: Mapping[str, Any]) -> str:
    """Return why a road is not read, "" when it is."""
    if highway not in _IMPORTANCE:
        return osm_tags.LESSER
    if "yes" in _folded(tags.get("area")):
        return osm_tags.AREA
    for key in ACCESS:
        found = _folded(tags.get(key))
        if found:
            return osm_tags.CLOSED if osm_tags.REFUSED.intersection(found) else ""
    return ""


def _folded(value: Any) -> list[str]:
    """Return the values of a tag in lower case."""
    return [text.lower() for text in values(value)]


def _direction(highway: str, tags: Mapping[str, Any], ignored: list[tuple[str, str]]) -> int | None:
    """Return the direction of a road: as tagged, else one-way on a motorway or roundabout.

    A reversible or alternating road is open both ways. Geofabrik writes F, T and B for from, to and both.
    """
    found: set[int] = set()
    for text in values(tags.get("oneway")):
        one = _GEOFABRIK.get(text, _DIRECTIONS.get(text.lower()))
        if one is None:
            ignored.append(("oneway", text))
        else:
            found.add(one)
    if {FORWARD, BACKWARD} <= found:
        ignored.append(("oneway", str(tags.get("oneway"))))
    elif found:
        return FORWARD if FORWARD in found else BACKWARD if BACKWARD in found else BOTH
    implied = highway == "motorway" or osm_tags.ROUND.intersection(_folded(tags.get("junction")))
    return FORWARD if implied else None


def _speed(value: Any, ignored: list[tuple[str, str]]) -> float:
    """Return km/h, the least of several; NaN without a number. 0 is written for unknown."""
    found = values(value)
    ignored += [
        ("maxspeed", text) for text in found if text not in _NO_SPEED and math.isnan(osm_tags.speed(text))
    ]
    return osm_tags.speed(";".join(found))


def _toll(value: Any, ignored: list[tuple[str, str]]) -> int:
    """Return 1 where a toll is due on any part, 0 where on none, `osm_tags.UNKNOWN` where nothing is said."""
    found = {text: _TOLLS.get(text.lower()) for text in values(value)}
    ignored += [("toll", text) for text, one in found.items() if one is None]
    known = [one for one in found.values() if one is not None]
    return max(known) if known else osm_tags.UNKNOWN


def notes(ignored: Counter[tuple[str, str]]) -> tuple[str, ...]:
    """Return a note for each key on the values that were ignored, the most frequent quoted."""
    keys = sorted({key for key, _ in ignored})
    return tuple(_note(key, {text: n for (own, text), n in ignored.items() if own == key}) for key in keys)


def _note(key: str, count: Mapping[str, int]) -> str:
    """Return the note of one key."""
    often = sorted(count, key=lambda text: (-count[text], text))[:LISTED]
    quoted = ", ".join(f"{text!r} ({count[text]})" for text in often)
    return f"{sum(count.values())} values of {key} that are not {_WORDS[key]} were ignored: {quoted}"


def count_ignored(roads: Iterable[Road]) -> Counter[tuple[str, str]]:
    """Return how often each key and value was ignored."""
    return Counter(pair for road in roads for pair in road.ignored)
