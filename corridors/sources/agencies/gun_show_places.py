"""Locate gun shows: at a known venue by its name, else at the city by the points of its ZIP codes; and their zones."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from corridors.sources.reading.encoding import folded_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

UNSPECIFIED = "unspecified"
_ZONES = {
    "AZ": "America/Phoenix",
    "CA": "America/Los_Angeles",
    "NM": "America/Denver",
    "TX": "America/Chicago",
}
_MOUNTAIN_COUNTIES = frozenset(
    {"48141", "48229"}
)  # El Paso and Hudspeth, the counties of Texas in Mountain Time
_NAVAJO_TOWNS = frozenset(  # of Arizona with daylight saving time; towns of the Hopi among them have none
    {
        "blue gap",
        "cameron",
        "chinle",
        "dennehotso",
        "dilkon",
        "fort defiance",
        "ganado",
        "houck",
        "indian wells",
        "kaibeto",
        "kayenta",
        "leupp",
        "lukachukai",
        "lupton",
        "many farms",
        "nazlini",
        "pinon",
        "red valley",
        "rock point",
        "round rock",
        "saint michaels",
        "shonto",
        "teec nos pos",
        "tonalea",
        "tsaile",
        "tuba city",
        "window rock",
    }
)
MIN_ALIKE = 90  # score of two venue names of one city that are taken as equal
MIN_ALIKE_ANYWHERE = 95  # likewise, where the city is not stated
_WORDS = {"ft": "fort", "st": "saint", "mt": "mount", "n": "north", "s": "south", "e": "east", "w": "west"}
_VENUE_WORDS = {
    "az": "arizona",
    "ca": "california",
    "nm": "new mexico",
    "tx": "texas",
    "ctr": "center",
    "centre": "center",
    "fairground": "fairgrounds",
    "cntr": "center",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Location of a show.

    Parameters
    ----------
    lon, lat
        Degrees, EPSG:4326.
    fips
        County.
    venue_id
        Venue of the table, "" when only the city is known.
    city
        City of the venue.
    """

    lon: float
    lat: float
    fips: str
    venue_id: str = ""
    city: str = ""


@dataclass(frozen=True, slots=True)
class Atlas:
    """Venues and cities to look places up in, by state.

    Parameters
    ----------
    venues
        State to the folded name, folded city and spot of each venue.
    cities
        State to folded city name to its spot.
    zips
        ZIP code to its state and city.
    """

    venues: Mapping[str, Sequence[tuple[str, str, Spot]]]
    cities: Mapping[str, Mapping[str, Spot]]
    zips: Mapping[str, tuple[str, str]]


def atlas(venues: pd.DataFrame, zip_points: pd.DataFrame) -> Atlas:
    """Return the atlas of the tables `gun_show_venues` and `zip_points`.

    The point of a city is the median of its ZIP codes' points, its county that of most of them.
    """
    known: dict[str, list[tuple[str, str, Spot]]] = {}
    for row in venues.to_dict("records"):
        spot = Spot(row["lon"], row["lat"], row["fips"], row["venue_id"], row["city"])
        if row["venue"] != UNSPECIFIED:
            known.setdefault(row["us_state"], []).append(
                (venue_key(row["venue"]), city_key(row["city"]), spot)
            )
    codes = zip(zip_points["zip"], zip_points["us_state"], zip_points["place"], strict=True)
    return Atlas(known, _cities(zip_points), {code: (state, place) for code, state, place in codes})


def _cities(zip_points: pd.DataFrame) -> dict[str, dict[str, Spot]]:
    """Return the spot of each city by state and folded name."""
    keyed = zip_points.assign(key=zip_points["place"].map(city_key)).sort_values("zip")
    names = ["us_state", "key"]
    counts = keyed.groupby([*names, "fips"]).size().rename("codes").reset_index()
    most = counts.sort_values([*names, "codes", "fips"], ascending=[True, True, False, True])
    counties = most.drop_duplicates(names).set_index(names)["fips"]
    points = keyed.groupby(names).agg({"lon": "median", "lat": "median", "place": "first"}).round(4)
    cities: dict[str, dict[str, Spot]] = {}
    for row in points.join(counties).reset_index().to_dict("records"):
        spot = Spot(row["lon"], row["lat"], row["fips"], city=row["place"])
        cities.setdefault(row["us_state"], {})[row["key"]] = spot
    return cities


@lru_cache(maxsize=20_000)
def city_key(name: str) -> str:
    """Return a city's name for comparison.

    Examples
    --------
    >>> city_key("Ft. Worth"), city_key("St Johns")
    ('fort worth', 'saint johns')
    """
    return " ".join(_WORDS.get(word, word) for word in folded_name(name).split())


@lru_cache(maxsize=20_000)
def venue_key(name: str) -> str:
    """Return a venue's name for comparison."""
    return " ".join(_VENUE_WORDS.get(word, word) for word in folded_name(name).split() if word != "the")


def alike(one: str, other: str) -> float:
    """Return the similarity of two venue keys, 0 to 100; a name within the other counts where it has two words.

    Examples
    --------
    >>> alike("mesa convention center", "convention center"), alike("expo", "state expo") < MIN_ALIKE
    (100.0, True)
    """
    score: float = fuzz.token_sort_ratio(one, other)
    if min(len(one.split()), len(other.split())) > 1:
        score = max(score, fuzz.token_set_ratio(one, other) if _contains(one, other) else 0.0)
    return score


def locate_show(places: Atlas, venue: str, city: str, state: str) -> Spot | None:
    """Return the location of a show, None where neither its venue nor its city is known."""
    wanted_city = city_key(city)
    name = "" if venue == UNSPECIFIED else venue_key(venue)
    if name:
        scored = [
            (alike(name, key), -len(key), spot)
            for key, venue_city, spot in places.venues.get(state, ())
            if not wanted_city or venue_city == wanted_city
        ]
        best = max(scored, key=lambda found: (*found[:2], found[2].venue_id), default=None)
        if best is not None and best[0] >= (MIN_ALIKE if wanted_city else MIN_ALIKE_ANYWHERE):
            return best[2]
    return places.cities.get(state, {}).get(wanted_city) or _venue_city(places, wanted_city, state)


def zone_of(places: Atlas, venue: str, city: str, state: str) -> ZoneInfo:
    """Return the time zone of a show: in Texas its county's, in Arizona its town's; UTC beyond the four states.

    Examples
    --------
    >>> zone_of(Atlas({}, {}, {}), "", "Tuba City", "AZ").key
    'America/Denver'
    """
    spot = locate_show(places, venue, city, state) if state == "TX" else None
    mountain = spot is not None and spot.fips in _MOUNTAIN_COUNTIES
    navajo = state == "AZ" and city_key(city) in _NAVAJO_TOWNS
    return ZoneInfo("America/Denver" if mountain or navajo else _ZONES.get(state, "UTC"))


def near_names(places: Atlas, venue: str, city: str, state: str) -> str:
    """Return the cities and venues of the state with similar names, as text."""
    cities = {key: spot.city for key, spot in places.cities.get(state, {}).items()}
    venues = {key: f"venue {key!r} in {spot.city}" for key, _, spot in places.venues.get(state, ())}
    found = [cities[key] for key in _nearest(city_key(city), cities)]
    found += [venues[key] for key in _nearest(venue_key(venue), venues)]
    return ", ".join(dict.fromkeys(found)) or "none"


def _nearest(key: str, names: Mapping[str, Any]) -> list[str]:
    """Return the three names most similar to a key."""
    if not key:
        return []
    return [
        name for name, *_ in process.extract(key, list(names), scorer=fuzz.WRatio, limit=3, score_cutoff=75)
    ]


def _venue_city(places: Atlas, city: str, state: str) -> Spot | None:
    """Return the location of a city that only the venues name."""
    for _, key, spot in places.venues.get(state, ()):
        if city and key == city:
            return Spot(spot.lon, spot.lat, spot.fips, city=spot.city)
    return None


def _contains(one: str, other: str) -> bool:
    """Return whether one name contains all words of the other."""
    first, second = set(one.split()), set(other.split())
    return first <= second or second <= first
