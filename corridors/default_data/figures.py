"""Shipped tables of published figures: those that the fit uses and those that tests hold out."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from corridors.default_data.mexico import municipalities
from corridors.default_data.raw_tables import raw_text, to_numbers
from corridors.default_data.us import consulates
from corridors.sources.agencies.row_report import to_integers

if TYPE_CHECKING:
    from pathlib import Path

_FIGURES = re.compile(
    r"SRC[4127]_\w+|SRC5_\w+|SRC6_AZ|OD_\w+|CITY_\w+|CNTY_(Hartford|Hampden|Pima)|ELA0\d|CHN0\d"
    r"|TTC0[13]|VOL0[26]|FFL0\d|DLR01|USS0[1-6]"
)
_IN_THE_REPORT = re.compile(r"ELA0[1-5]|CHN03|FFL03|SRC7_\w+|USS03|VOL0[26]")
"""Figures read in the publisher's own text or in a whole copy of it; every other one was read at second hand."""
_GAO = {"seized in Mexico and submitted to ATF": "GAO16_traced", "of which US-sourced": "GAO16_us"}
_WHOLE_IDS = {"OD_TX_Nuevo": "OD_TX_NuevoLeon"}
_PAIRS = {
    "OD_AZ_Sonora": ("AZ", "26"),
    "OD_TX_Tamaulipas": ("TX", "28"),
    "OD_TX_NuevoLeon": ("TX", "19"),
    "OD_TX_Chihuahua": ("TX", "08"),
    "OD_TX_Guanajuato": ("TX", "11"),
}
_PAIR_NOTES = {
    "OD_TX_Chihuahua": "Telediario prints 823 for the same cell",
}
_BORDER = (
    "48043",
    "48061",
    "48127",
    "48137",
    "48215",
    "48229",
    "48243",
    "48271",
    "48323",
    "48377",
    "48427",
    "48443",
    "48465",
    "48479",
    "48505",
    "48507",
)
"""Counties of Texas on the border or within 30 km of it, but El Paso's."""
_CITIES = {
    "CITY_Houston": ("Houston", "TX", "48201"),
    "CITY_Tucson": ("Tucson", "AZ", "04019"),
    "CITY_Phoenix": ("Phoenix", "AZ", "04013"),
    "CITY_ElPaso": ("El Paso", "TX", "48141"),
    "CITY_SanAntonio": ("San Antonio", "TX", "48029"),
    "CITY_McAllen": ("Hidalgo County (McAllen)", "TX", "48215"),
    "CITY_TXborder": ("Texas border but El Paso", "TX", "+".join(_BORDER)),
    "CNTY_Pima": ("Pima County", "AZ", "04019"),
}
_READINGS = {"CITY_McAllen": "at_least", "CITY_Tucson": "inside"}
_REGIONS = {
    "CBP24_Laredo": ("Laredo", "Laredo"),
    "CBP24_Tucson": ("Tucson", "Tucson"),
    "CBP24_El": ("El Paso and San Diego", "El Paso | San Diego"),
}
ZIP_FIELDS = ("country", "zip", "place", "state_name", "state", "county", "county_code")
ROUTES = "FGR11"
MIN_KM = 100
# Names of the route checks that are Mexican, by municipality; the rest are US cities with a consulate.
_SEATS = {
    "Hermosillo": "26030",
    "Monterrey": "19039",
    "Chihuahua": "08019",
    "Tijuana": "02004",
    "Culiacan": "25006",
    "CdVictoria": "28041",
    "SLP": "24028",
    "NogalesSON": "26043",
    "Guadalajara": "14039",
    "Reynosa": "28032",
    "Juarez": "08037",
    "CDMX": "09015",
    "Durango": "10005",
    "Mazatlan": "25012",
    "Torreon": "05035",
    "Acapulco": "12001",
    "Morelia": "16053",
    "PuertoPenasco": "26048",
    "Saltillo": "05030",
    "Matamoros": "28022",
    "Tampico": "28038",
    "Veracruz": "30193",
    "Zacatecas": "32056",
}
_CONSULATES = {
    "NogalesAZ": "Nogales",
    "ElPaso": "El Paso",
    "SanAntonio": "San Antonio",
    "LosAngeles": "Los Angeles",
    "DelRio": "Del Rio",
}
_TUNED = {
    ("Houston", "Laredo"): "the class speed of US highways was raised after this route first took I-35",
    (
        "DelRio",
        "Saltillo",
    ): "the reference distance was corrected after the model disagreed with a first guess",
}


def figures(raw: Path) -> pd.DataFrame:
    """Return the published figures that the fit, its tests and the narrative page use; ids are complete and ASCII."""
    table = raw_text(raw / "targets/calibration_targets.csv").rename(
        columns={"lower": "low", "upper": "high", "year": "period", "source_citation": "source"}
    )
    kept = table[[_FIGURES.fullmatch(name) is not None for name in table["id"]]]
    table = _cited(pd.concat([kept, _gao(raw), _beside_the_code("paper_figures.csv")], ignore_index=True))
    return table.assign(
        id=table["id"].replace(_WHOLE_IDS),
        value=to_numbers(table["value"], 4),
        low=to_numbers(table["low"], 4),
        high=to_numbers(table["high"], 4),
    )


def _cited(table: pd.DataFrame) -> pd.DataFrame:
    """Return the figures with the agency's own report as source where it has the same figure, and where each was read.

    `read_at` is empty where that is the report itself: any other figure is of second hand, and no message for public use
    may rest on it.
    """
    reports = _beside_the_code("primary_sources.csv")
    reports = reports.assign(id=reports["ids"].str.split()).explode("id").set_index("id")
    own = table["id"].isin(reports.index)
    direct = pd.Series(
        [_IN_THE_REPORT.fullmatch(name) is not None for name in table["id"]], index=table.index
    )
    printed = table["source"].str.contains("footnote 13")
    read_at = table["url"].where(~printed, "footnote 13 of the paper")
    cited = table.assign(read_at=read_at.where(~direct, ""))
    for column in ("source", "url", "period"):
        cited[column] = table[column].where(~own, table["id"].map(reports[column]))
    return cited


def _beside_the_code(name: str) -> pd.DataFrame:
    """Return a table of text that is kept beside the code, since no raw file has it."""
    with files("corridors.default_data").joinpath(name).open("rb") as file:
        return pd.read_csv(file, dtype=str, keep_default_na=False)


def _gao(raw: Path) -> pd.DataFrame:
    """Return the two counts behind the published 70 % of 2009-2014, which the table of targets states only in words."""
    table = raw_text(raw / "targets/published_seizure_figures.csv")
    table = table[(table["group"] == "GAO-16-223") & table["measure"].isin(list(_GAO))]
    return pd.DataFrame(
        {
            "id": table["measure"].map(_GAO),
            "target": "firearms " + table["measure"],
            "value": table["value"],
            "low": "",
            "high": "",
            "unit": "guns",
            "period": table["period"].str.replace("..", "-", regex=False),
            "geography": "MX",
            "source": table["publisher"],
            "url": table["url"],
            "confidence": "high",
            "use": "context",
            "caveat": "",
        }
    )


def state_pairs(raw: Path) -> pd.DataFrame:
    """Return the five published state-to-state flows of traced firearms."""
    table = figures(raw).set_index("id").loc[list(_PAIRS)]
    known = figures(raw).set_index("id")["value"]["OD_N"]
    return pd.DataFrame(
        {
            "us_state": [us for us, _ in _PAIRS.values()],
            "mx_state": [mx for _, mx in _PAIRS.values()],
            "firearms": to_integers(table["value"]).to_numpy(),
            "period": table["period"].to_numpy(),
            "known_total": int(known),
            "traced_total": 18_206,
            "url": table["url"].to_numpy(),
            "note": [_PAIR_NOTES.get(name, "") for name in _PAIRS],
        }
    )


def city_shares(raw: Path) -> pd.DataFrame:
    """Return firearms traced to dealers of cities, of a county, and of the rest of the Texas border.

    `county_share` is the fraction of the county's ZIP codes that carry the city's name, a proxy for the city's share
    of its county. Pima County's guns include Tucson's, which are therefore not fitted as well; of the border's about 3,000
    El Paso's are taken off, and McAllen's "over 1,000" are a lower bound of its county's, within the rest.
    """
    known = figures(raw).set_index("id")
    rows = []
    for name, (city, us_state, fips) in _CITIES.items():
        whole = name in {"CNTY_Pima", "CITY_TXborder", "CITY_McAllen"}
        firearms = int(known["value"][name])
        if name == "CITY_TXborder":
            firearms -= int(known["value"]["CITY_ElPaso"])
        rows.append(
            {
                "city": city,
                "us_state": us_state,
                "fips": fips,
                "firearms": firearms,
                "state_firearms": int(known["value"][f"SRC2_{us_state}"]),
                "reading": _READINGS.get(name, "count"),
                "period": known["period"][name],
                "county_share": 1.0 if whole else _zip_share(raw, city, fips),
                "url": known["url"][name],
                "note": known["caveat"][name],
            }
        )
    return pd.DataFrame(rows)


def port_seizures(raw: Path) -> pd.DataFrame:
    """Return firearms seized southbound by region: the one list with one source, period and definition.

    Other figures by field office are left out: Laredo 620 (FY2023, eleven months), Tucson 24 and 205 (FY2020, FY2021)
    and El Paso 19 (FY2024) are of other years or definitions.
    """
    table = raw_text(raw / "targets/calibration_targets.csv").set_index("id").loc[list(_REGIONS)]
    return pd.DataFrame(
        {
            "region": [region for region, _ in _REGIONS.values()],
            "field_offices": [offices for _, offices in _REGIONS.values()],
            "firearms": to_integers(table["value"]).to_numpy(),
            "period": table["year"].to_numpy(),
            "url": table["url"].to_numpy(),
            "note": table["caveat"].to_numpy(),
        }
    )


def published_routes(raw: Path) -> pd.DataFrame:
    """Return the 11 routes FGR and SEDENA published in 2025."""
    table = raw_text(raw / "targets/published_routes.csv").rename(
        columns={"us_origin_state": "us_state", "year": "year_published", "source_urls": "urls"}
    )
    table = table[table["route_id"].str.startswith(ROUTES)]
    codes = ["crossing_cvegeo", "final_cvegeo"]
    table[codes] = table[codes].apply(lambda cells: cells.str.zfill(5))
    integers = ["year_published", "n_stops", "n_sources"]
    table[integers] = table[integers].apply(to_integers)
    return table


def published_route_stops(raw: Path) -> pd.DataFrame:
    """Return the stops of the published routes in order, US origins included."""
    table = raw_text(raw / "targets/published_route_stops.csv")
    table = table[table["route_id"].str.startswith(ROUTES)]
    padded = table["cvegeo"].str.removesuffix(".0").str.zfill(5)
    return table.assign(
        seq=to_integers(table["seq"]),
        cvegeo=padded.where(table["cvegeo"] != "", ""),
        lon=to_numbers(table["lon"], 5),
        lat=to_numbers(table["lat"], 5),
    )


def route_checks(raw: Path) -> pd.DataFrame:
    """Return road distances of 24 routes of 100 km or more, with the coordinates of both ends."""
    table = raw_text(raw / "roads/route_sanity_check.csv").rename(
        columns={"from": "origin", "to": "destination", "poe": "poe_id"}
    )
    table["true_km"] = to_integers(table["true_km"])
    table = table[table["true_km"] >= MIN_KM].reset_index(drop=True)
    points = _points(raw)
    pairs = list(zip(table["origin"], table["destination"], strict=True))
    for end in ("origin", "destination"):
        table[f"{end}_lon"] = [points[name][0] for name in table[end]]
        table[f"{end}_lat"] = [points[name][1] for name in table[end]]
    return table.assign(
        tuned=[pair in _TUNED for pair in pairs], note=[_TUNED.get(pair, "") for pair in pairs]
    )


def _zip_share(raw: Path, city: str, fips: str) -> float:
    """Return the share of a county's ZIP codes whose place name is `city`."""
    table = pd.read_csv(
        raw / "us/zip_geonames_US.txt",
        sep="\t",
        header=None,
        dtype=str,
        keep_default_na=False,
        quoting=3,
        usecols=range(len(ZIP_FIELDS)),
        names=list(ZIP_FIELDS),
    )
    state = {"04": "AZ", "48": "TX"}[fips[:2]]
    county = table[table["state"].eq(state) & table["county_code"].eq(fips[2:])]
    return round(float(county["place"].eq(city).mean()), 4)


def _points(raw: Path) -> dict[str, tuple[float, float]]:
    """Return lon and lat of each end of the route checks."""
    municipal_seats = municipalities(raw).set_index("cvegeo")[["lon", "lat"]]
    offices = consulates(raw).set_index("name")[["lon", "lat"]]
    points = {name: _pair(municipal_seats, code) for name, code in _SEATS.items()}
    names = {str(name): str(name) for name in offices.index} | _CONSULATES
    return {name: _pair(offices, office) for name, office in names.items()} | points


def _pair(table: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return the lon and lat of a row."""
    return float(table["lon"][name]), float(table["lat"][name])
