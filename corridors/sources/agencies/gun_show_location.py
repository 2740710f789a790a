"""Read venue, city and state from the location of an event, free text as map services and promoters write it."""

from __future__ import annotations

import re

from corridors.sources.agencies.gun_show_places import Atlas, city_key
from corridors.sources.reading.encoding import folded_name
from corridors.sources.schemas.columns import FOUR_STATES

_MAX_LENGTH = 300  # characters of a location that are parsed
_NAMES = {
    name.strip().lower(): code
    for code, name in (
        pair.split("=")
        for pair in [
            "AL=Alabama",
            "AK=Alaska",
            "AZ=Arizona",
            "AR=Arkansas",
            "CA=California",
            "CO=Colorado",
            "CT=Connecticut",
            "DE=Delaware",
            "DC=District of Columbia",
            "FL=Florida",
            "GA=Georgia",
            "HI=Hawaii",
            "ID=Idaho",
            "IL=Illinois",
            "IN=Indiana",
            "IA=Iowa",
            "KS=Kansas",
            "KY=Kentucky",
            "LA=Louisiana",
            "ME=Maine",
            "MD=Maryland",
            "MA=Massachusetts",
            "MI=Michigan",
            "MN=Minnesota",
            "MS=Mississippi",
            "MO=Missouri",
            "MT=Montana",
            "NE=Nebraska",
            "NV=Nevada",
            "NH=New Hampshire",
            "NJ=New Jersey",
            "NM=New Mexico",
            "NY=New York",
            "NC=North Carolina",
            "ND=North Dakota",
            "OH=Ohio",
            "OK=Oklahoma",
            "OR=Oregon",
            "PA=Pennsylvania",
            "RI=Rhode Island",
            "SC=South Carolina",
            "SD=South Dakota",
            "TN=Tennessee",
            "TX=Texas",
            "UT=Utah",
            "VT=Vermont",
            "VA=Virginia",
            "WA=Washington",
            "WV=West Virginia",
            "WI=Wisconsin",
            "WY=Wyoming",
        ]
    )
}
_SHORT = {
    "ariz": "AZ",
    "calif": "CA",
    "n mex": "NM",
    "new mex": "NM",
    "nuevo mexico": "NM",
    "tex": "TX",
    "tejas": "TX",
}
_CODES = frozenset(_NAMES.values())
_WORDS = "|".join(
    [
        *(name.replace(" ", r"\s+") for name in sorted(_NAMES, key=len, reverse=True)),
        r"nuevo\s+m[eé]xico|n\.?\s*mex|new\s+mex|ariz|calif|tejas|tex",
        *(rf"{code[0]}\.?{code[1]}" for code in sorted(_CODES)),
    ]
)
_ZIP = r"\d{5}(?:-?\d{4})?"
_STATE = re.compile(
    rf"(?i)(?P<before>.*?)(?P<mark>^|[\s,]+)(?P<state>{_WORDS})\.?(?P<zip>[\s,]+{_ZIP})?[\s,.]*"
)
_COUNTRY = r"u\.?s\.?(?:a\.?)?|united states(?: of america)?|estados unidos(?: de am[eé]rica)?|ee\.? ?uu\.?"
_COUNTRY_LAST = re.compile(rf"(?i)(?:^|[\s,]+)(?:{_COUNTRY})[\s,.]*$")
_COUNTRY_THEN_ZIP = re.compile(rf"(?i)[\s,]+(?:{_COUNTRY})(?P<zip>[\s,]+{_ZIP})[\s,.]*$")
_BREAKS = re.compile(r"\s*[\n\r;|•·()]+\s*|\s+[-–—]+\s+|:\s+")  # noqa: RUF001 - dashes as people write them
_STREET = (
    r"st|str|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|way|hwy|highway|pkwy|parkway|pl|place|ct|court|"
    r"cir|circle|ter|terrace|trl|trail|loop|fwy|freeway|expy|expressway|sq|square|plz|plaza|pike|route|rte"
)
_ADDRESS = re.compile(
    rf"(?i)(?:^|\s+)\d+[a-z]?\s+(?:[nsew]{{1,2}}\.?\s+)?(?:[\w.'’]+\s+){{0,4}}?(?:{_STREET})\b.*"  # noqa: RUF001
)
_ENDS_PLACE = re.compile(
    rf"(?i)(?:{_STREET}|[nsew]{{1,2}}|center|centre|ctr|hall|fairgrounds?|arena|expo|park|building|bldg|club|pavilion|"
    r"coliseum|auditorium|complex|casino|hotel|resort|grounds|mall|lodge|armory|barn|stadium|church|school|"
    r"museum|gym|gymnasium|range|market|theater|theatre|ranch|inn|events?|\S*\d\S*)\.?"
)


def state_code(text: str) -> str:
    """Return the postal code of a state of the United States given by code, name or short form; "" for other text.

    Examples
    --------
    >>> state_code("Tx."), state_code("new mexico"), state_code("Ariz."), state_code("N.M."), state_code("Sonora")
    ('TX', 'NM', 'AZ', 'NM', '')
    """
    folded = folded_name(text)
    code = folded.replace(" ", "").upper()
    if code in _CODES:
        return code
    return _NAMES.get(folded) or _SHORT.get(folded) or ("DC" if folded == "washington d c" else "")


def location_parts(text: str, known: Atlas | None = None) -> tuple[str, str, str]:
    """Return venue, city and postal code of the state from an event's location; "" for those absent.

    A street is not kept. A city without a comma before it is found by its name, a location without a state by its
    ZIP code, both only with `known`.

    Examples
    --------
    >>> location_parts("Mesa Convention Center, 201 N Center St, Mesa, AZ 85201, USA")
    ('Mesa Convention Center', 'Mesa', 'AZ')
    >>> location_parts("El Paso, tx.")
    ('', 'El Paso', 'TX')
    """
    names = known or Atlas({}, {}, {})
    plain = _BREAKS.sub(", ", text.strip()[:_MAX_LENGTH]).replace("\t", " ")
    plain = _COUNTRY_THEN_ZIP.sub(r"\g<zip>", _COUNTRY_LAST.sub("", plain))
    parts = [part.strip(" .") for part in plain.split(",") if part.strip(" .")]
    found = _at_the_end(", ".join(parts), names) or _within(parts, names) or _by_zip(parts, names)
    if found is None:
        return (parts[0] if parts else ""), "", ""
    before, state, code, after = found
    before = [part for part in before if not _is_zip(part)]
    while len(before) > 1 and re.fullmatch(r"(?i).+ county", before[-1]):
        before.pop()
    place = names.zips.get(code, ("", ""))
    from_zip = place[1] if place[0] == state else ""
    rest, city = _city(before, state, from_zip, names)
    venues = [venue for part in (*rest, *after) if (venue := _venue(part))]
    return (venues[0] if venues else ""), city, state


_Parts = tuple[list[str], str, str, list[str]]


def _at_the_end(plain: str, names: Atlas) -> _Parts | None:
    """Return what stands before the state, state and ZIP code where the text ends with them."""
    found = _STATE.fullmatch(plain)
    if found is None or not _is_state(found, names):
        return None
    parts = [part.strip() for part in found["before"].split(",") if part.strip()]
    return parts, state_code(found["state"]), _zip(found), []


def _within(parts: list[str], names: Atlas) -> _Parts | None:
    """Return the same where a venue or a remark follows the state; the state is then in capitals or stands alone."""
    for at in range(len(parts) - 2, -1, -1):
        found = _STATE.fullmatch(parts[at])
        if found is None or not _is_state(found, names):
            continue
        alone = found["before"] == "" and at > 0
        if alone or found["zip"] or found["state"].isupper():
            before = [*parts[:at], *([found["before"].strip()] if found["before"].strip() else [])]
            return before, state_code(found["state"]), _zip(found), parts[at + 1 :]
    return None


def _by_zip(parts: list[str], names: Atlas) -> _Parts | None:
    """Return the same where the text ends with a ZIP code of the four states and has no state."""
    found = re.fullmatch(rf"(?P<before>.*?)\s*\b(?P<zip>{_ZIP})", parts[-1]) if parts else None
    code = "" if found is None else found["zip"][:5]
    if found is None or code not in names.zips:
        return None
    before = [*parts[:-1], *([found["before"].strip()] if found["before"].strip() else [])]
    return before, names.zips[code][0], code, []


def _is_state(found: re.Match[str], names: Atlas) -> bool:
    """Return whether the words found are a state, and not the end of a venue's name or a common word."""
    before, state = found["before"].strip(), state_code(found["state"])
    if not state or folded_name(before).endswith("baja"):  # Baja California is a state of Mexico
        return False
    if "," in found["mark"] or found["zip"] or not before:
        return True
    plain = found["state"].replace(".", "")
    if len(plain) == 2:
        return plain.isupper() or state in FOUR_STATES
    words = before.rsplit(",", maxsplit=1)[-1].split()
    cities = names.cities.get(state, {})
    return any(city_key(" ".join(words[at:])) in cities for at in range(len(words))) or not cities


def _zip(found: re.Match[str]) -> str:
    """Return the ZIP code of five digits, "" where there is none."""
    return (found["zip"] or "").strip(" ,")[:5]


def _is_zip(part: str) -> bool:
    """Return whether a part is a ZIP code alone."""
    return re.fullmatch(_ZIP, part) is not None


def _city(before: list[str], state: str, from_zip: str, names: Atlas) -> tuple[list[str], str]:
    """Return the parts before the city, and the city."""
    if not before:
        return [], from_zip
    cities = names.cities.get(state, {})
    *rest, last = before
    if city_key(last) in cities or not cities:
        return rest, last
    words = last.split()
    for at in range(1, len(words)):
        key = city_key(" ".join(words[at:]))
        if key in cities and (_ENDS_PLACE.fullmatch(words[at - 1]) or key == city_key(from_zip)):
            return [*rest, " ".join(words[:at])], " ".join(words[at:])
    if from_zip and (_ADDRESS.search(last) or _ENDS_PLACE.fullmatch(words[-1])):
        return before, from_zip
    return rest, last


def _venue(part: str) -> str:
    """Return a part without the street address in it; "" for an address."""
    name = _ADDRESS.sub("", part).strip(" ,.-")
    return "" if not name or name[0].isdigit() else name
