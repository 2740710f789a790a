"""Match Mexican places, as agencies write them, to INEGI codes: by code, or by state and municipality name.

Names repeat across states (seven municipalities are called Benito Juárez), so a name is never matched without its
state. A name that equals none of its state, under the foldings below, is not matched: it is reported with similar
names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from corridors.sources.reading.encoding import folded_name
from corridors.sources.reading.numbers import read_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

NO_STATE = "state not recognized"
NO_NAME = "municipality not stated"
OTHER_LETTERS = "municipality not in Latin letters"
NO_PLACE = "no municipality of this name in the state"
TWO_PLACES = "more than one municipality of this name in the state"
NO_CODE = "code not in the list of municipalities"
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "el", "lo", "y", "e"})
_WORDS = {
    "cd": "ciudad",
    "cnel": "coronel",
    "dr": "doctor",
    "fco": "francisco",
    "gob": "gobernador",
    "gpe": "guadalupe",
    "gral": "general",
    "hda": "hacienda",
    "ing": "ingeniero",
    "lic": "licenciado",
    "ma": "maria",
    "mtro": "maestro",
    "ntra": "nuestra",
    "nva": "nueva",
    "nvo": "nuevo",
    "prof": "profesor",
    "pto": "puerto",
    "sn": "san",
    "sra": "senora",
    "sta": "santa",
    "sto": "santo",
    "vla": "villa",
}
_TITLES = frozenset(
    {"heroica", "heroico", "h", "ciudad", "municipio", "mpio", "mun", "alcaldia", "delegacion"}
)
_STATES = {
    "01": ("aguascalientes", "ags"),
    "02": ("baja california", "bc", "b c", "baja california norte"),
    "03": ("baja california sur", "bcs", "b c s"),
    "04": ("campeche", "camp"),
    "05": ("coahuila", "coahuila zaragoza", "coah"),
    "06": ("colima", "col"),
    "07": ("chiapas", "chis", "chps"),
    "08": ("chihuahua", "chih"),
    "09": ("ciudad mexico", "cdmx", "distrito federal", "df", "d f", "mexico df", "mexico d f"),
    "10": ("durango", "dgo"),
    "11": ("guanajuato", "gto"),
    "12": ("guerrero", "gro"),
    "13": ("hidalgo", "hgo"),
    "14": ("jalisco", "jal"),
    "15": ("mexico", "estado mexico", "edo mexico", "edo mex", "edomex", "mex"),
    "16": ("michoacan", "michoacan ocampo", "mich"),
    "17": ("morelos", "mor"),
    "18": ("nayarit", "nay"),
    "19": ("nuevo leon", "nl", "n l"),
    "20": ("oaxaca", "oax"),
    "21": ("puebla", "pue"),
    "22": ("queretaro", "queretaro arteaga", "qro"),
    "23": ("quintana roo", "qroo", "q roo", "q r"),
    "24": ("san luis potosi", "slp", "s l p"),
    "25": ("sinaloa", "sin"),
    "26": ("sonora", "son"),
    "27": ("tabasco", "tab"),
    "28": ("tamaulipas", "tamps", "tam"),
    "29": ("tlaxcala", "tlax"),
    "30": ("veracruz", "veracruz ignacio llave", "veracruz llave", "ver"),
    "31": ("yucatan", "yuc"),
    "32": ("zacatecas", "zac"),
}
_STATE_CODES = {name: code for code, names in _STATES.items() for name in names}
# Cities that stand for their municipality, which has another name.
_CITIES = {
    ("02", "rosarito"): "02005",
    ("03", "cabo san lucas"): "03008",
    ("03", "san jose cabo"): "03008",
    ("08", "parral"): "08032",
    ("14", "tlaquepaque"): "14098",
    ("23", "cancun"): "23005",
    ("23", "chetumal"): "23004",
    ("23", "playa carmen"): "23008",
    ("25", "mochis"): "25001",
    ("25", "guamuchil"): "25015",
    ("26", "obregon"): "26018",
    ("27", "villahermosa"): "27004",
    ("30", "jalapa"): "30087",
}


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Municipalities to look names and codes up in.

    Parameters
    ----------
    names
        Code to name.
    folded
        State code to folded name to the codes that have it (two in Oaxaca have the same name twice).
    """

    names: Mapping[str, str]
    folded: Mapping[str, Mapping[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Place:
    """Result of matching a place.

    Parameters
    ----------
    cvegeo
        Code; "" when not matched.
    reason
        Reason why not, "" where matched.
    note
        Where matched by less than the full name, what was taken as what; where not matched, similar names.
    """

    cvegeo: str = ""
    reason: str = ""
    note: str = ""


def gazetteer(municipalities: pd.DataFrame) -> Gazetteer:
    """Return the gazetteer of a table of municipalities (`cvegeo`, `name`)."""
    names = dict(zip(municipalities["cvegeo"], municipalities["name"], strict=True))
    folded: dict[str, dict[str, tuple[str, ...]]] = {}
    for cvegeo, name in names.items():
        known = folded.setdefault(cvegeo[:2], {})
        known[place_key(name)] = (*known.get(place_key(name), ()), cvegeo)
    for cvegeo, name in names.items():
        folded[cvegeo[:2]].setdefault(_bare(place_key(name)), (cvegeo,))
    return Gazetteer(names, folded)


def place_key(name: str) -> str:
    """Return a name for comparison: no accents, case, particles ("de", "la") or abbreviations.

    Examples
    --------
    >>> place_key("GRAL. ZUAZUA"), place_key("El Llano"), place_key("LLANO, EL")
    ('general zuazua', 'llano', 'llano')
    """
    words = [_WORDS.get(word, word) for word in folded_name(name).split()]
    return " ".join(word for word in words if word not in _PARTICLES)


def state_code(text: str) -> str:
    """Return the two-digit code of a state given by code, name or abbreviation, "" for other text.

    Examples
    --------
    >>> state_code("2"), state_code("MÉXICO"), state_code("Tamps."), state_code("Texas")
    ('02', '15', '28', '')
    """
    number = read_code(text)
    if number:
        code = number.zfill(2)
        return code if code in _STATES else ""
    return _STATE_CODES.get(place_key(text), "")


def municipality_code(text: str, state: str = "") -> str:
    """Return the five-digit code in a cell, full (2004 is 02004) or within its state; "" for other text.

    Parameters
    ----------
    text
        Cell with the code.
    state
        Two-digit state; without it the code must be full.

    Examples
    --------
    >>> municipality_code("2004"), municipality_code("4", "02"), municipality_code("02004.0")
    ('02004', '02004', '02004')
    """
    number = read_code(text)
    if not number or len(number) > 5:
        return ""
    if len(number) > 3:
        return number.zfill(5)
    return state + number.zfill(3) if state else ""


def match_place(places: Gazetteer, state: str, name: str) -> Place:
    """Return the municipality of a state that has the name.

    In this order: the same name; the name without "Ciudad", "Heroica" and the like; a city that stands for its
    municipality; the first words of the name of one municipality only ("Acapulco"); letters lost to "?" or
    a replacement mark that fit one name only.

    Parameters
    ----------
    places
        Municipalities.
    state
        As given: code, name or abbreviation.
    name
        As given.
    """
    code = state_code(state)
    if not code:
        return Place(reason=NO_STATE, note=f"{state.strip() or 'an empty cell'!r} is no state")
    key = place_key(name.replace("�", " ").replace("?", " "))
    if not folded_name(name) and any(letter.isalpha() for letter in name):
        return Place(
            reason=OTHER_LETTERS, note=f"{name.strip()!r} of state {code}: write it in Latin letters"
        )
    if not key:
        return Place(reason=NO_NAME)
    known = places.folded.get(code, {})
    lost = re.search(r"[?�]", name)
    found = (_lost(known, name) if lost else None) or _same(known, code, key)
    if found is None:
        return Place(reason=NO_PLACE, note=_near(places, known, code, name, key))
    if len(found) > 1:
        listed = ", ".join(found)
        return Place(reason=TWO_PLACES, note=f"{name.strip()!r} of state {code} may be one of {listed}")
    exact = key in known and not lost
    note = "" if exact else f"{name.strip()!r} of state {code} taken as {_named(places, found[0])}"
    return Place(found[0], note=note)


def match_places(places: Gazetteer, states: Iterable[str], names: Iterable[str]) -> list[Place]:
    """Return the municipality of each pair of state and name; each pair is looked up once."""
    seen: dict[tuple[str, str], Place] = {}
    found = []
    for pair in zip(states, names, strict=True):
        if pair not in seen:
            seen[pair] = match_place(places, *pair)
        found.append(seen[pair])
    return found


def _same(known: Mapping[str, tuple[str, ...]], state: str, key: str) -> tuple[str, ...] | None:
    """Return the codes that a folded name stands for, None when there are none."""
    bare = _bare(key)
    if key in known:
        return known[key]
    if bare in known:
        return known[bare]
    if (state, bare) in _CITIES:
        return (_CITIES[state, bare],)
    starts = {code for name, codes in known.items() if name.startswith(f"{bare} ") for code in codes}
    return tuple(starts) if len(starts) == 1 else None


def _lost(known: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...] | None:
    """Return the codes of the names that fit where "?" or a replacement mark stands for one or two letters."""
    marked = re.sub(r"[?�]{1,2}", "0", name)
    pattern = re.compile(re.escape(_bare(place_key(marked))).replace("0", "[a-z]{1,2}"))
    fits = {code for other, codes in known.items() if pattern.fullmatch(other) for code in codes}
    return tuple(sorted(fits)) or None


def _near(places: Gazetteer, known: Mapping[str, tuple[str, ...]], state: str, name: str, key: str) -> str:
    """Return a note that lists municipalities of the state with similar names."""
    near = process.extract(key, list(known), scorer=fuzz.WRatio, limit=4, score_cutoff=70)
    codes = dict.fromkeys(code for other, *_ in near for code in known[other])
    listed = ", ".join(_named(places, code) for code in list(codes)[:3]) or "none"
    return f"{name.strip()!r} of state {state}: near names {listed}"


def _named(places: Gazetteer, cvegeo: str) -> str:
    """Return a municipality's name and code."""
    return f"{places.names.get(cvegeo, '?')} ({cvegeo})"


def _bare(key: str) -> str:
    """Return a folded name without its titles, where anything is left."""
    words = key.split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    return " ".join(words)
