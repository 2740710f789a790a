"""Retail firearms licenses by ZIP code, from ATF's monthly list and from ATF's map layer.

No name, street, telephone or license number is in what a loader returns, nor in its report: the columns that hold
names, streets and telephones are not even read, and the license number serves only to find repeats.

Quirks of the monthly list (`MMYY-ffl-list...txt` or `.xlsx`, 17 columns):

- tab-separated text with a row of dashes below the header; the names of 2013 ("Lic Regn") and of now
  ("LIC_REGN"); downloads that stop in mid-line;
- `LIC_CNTY` is the county's FIPS code without the state; `LIC_TYPE` 01, 02, 07 and 08 may sell to the public;
- `LIC_XPRDTE` is the last digit of the year and a letter, A to H for January to August and J to M for September to
  December (no I); the decade is the one nearest to the list's month, which is only in the file's name;
- ZIP codes come with 5 digits, 9 (ZIP+4, no hyphen) and as junk; spreadsheets lose the zeros in front;
- a state's rows may be absent: lists of a state, or a download that stopped before it.

Quirks of the layer (Federal_Firearm_Licensees_locations): names begin with `USER_`, codes and ZIP codes are whole
numbers, an error comes as JSON with status 200, and a query gives 2,000 rows at most and says so in
`exceededTransferLimit`. Its address points are not used: a dealer is placed at its ZIP code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely

from corridors.core.geo import PLANE
from corridors.sources.agencies.row_report import (
    RowReport,
    finish_us_table,
    padded,
    reference_table,
    state_postal,
)
from corridors.sources.reading.delimited import TextTable, fault, folded_column, pick, read_text_table
from corridors.sources.reading.json_records import read_json, records_table
from corridors.sources.schemas.columns import FOUR_STATES, STATE_FIPS
from corridors.sources.schemas.formats import Format, Loaded

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corridors.sources.schemas.formats import Context

PUBLISHER = "Bureau of Alcohol, Tobacco, Firearms and Explosives"
RETAIL = ("01", "02", "07", "08")
PAGE = 2000  # maximum rows of one response of the layer
MAX_KM_FROM_COUNTY = 100
KEY = ("region", "district", "county", "type", "expiry", "number")
_CODES = {"region": 1, "district": 2, "county": 3, "type": 2, "number": 5}
_COLUMNS = {
    "region": "lic_regn",
    "district": "lic_dist",
    "county": "lic_cnty",
    "type": "lic_type",
    "expiry": "lic_xprdte",
    "number": "lic_seqn",
    "state": "premise_state",
    "zip": "premise_zip_code",
}
_WANTED: dict[str, tuple[str, ...]] = {
    name: (column, f"user_{column}", *([""] if name == "expiry" else [])) for name, column in _COLUMNS.items()
}
_SIGNATURE = frozenset(_COLUMNS.values()) - {_COLUMNS["expiry"]}  # the lists of early 2014 have no expiry
_LAYER_SIGNATURE = frozenset(f"user_{column}" for column in _COLUMNS.values())
_MONTH_LETTERS = "ABCDEFGHJKLM"
_MONTH_OF_NAME = re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])(?P<year>\d\d)(?=-ffl)", re.IGNORECASE)
_ISO_OF_NAME = re.compile(r"(?<!\d)(?P<year>20\d\d)[-_]?(?P<month>0[1-9]|1[0-2])(?!\d)")


@dataclass(frozen=True, slots=True)
class RetailLicenses:
    """Retail licenses of a list, all states, each once.

    Parameters
    ----------
    table
        `county` (three digits), `state` and `zip` (five digits, "" when it has none) of each row kept.
    account
        Report of each row.
    read
        Table as read, for its line numbers.
    month
        Month of the list as YYYY-MM, "" when the file's name has none.
    """

    table: pd.DataFrame
    row_report: RowReport
    read: TextTable
    month: str


def load_list(path: Path, context: Context) -> Loaded:
    """Return the licenses of a monthly list by ZIP code."""
    return _loaded("atf_list", path, read_list(path, context.columns), context)


def load_layer(path: Path, context: Context) -> Loaded:
    """Return the licenses of ATF's map layer, saved as GeoJSON or CSV, by ZIP code."""
    return _loaded("atf_arcgis", path, read_layer(path, context.columns), context)


def read_list(path: Path, columns: Mapping[str, str] | None = None) -> RetailLicenses:
    """Return the retail licenses of a monthly list, of every state.

    Raises
    ------
    SchemaError
        When the file cannot be read or lacks a column.
    """
    read = read_text_table(
        path,
        names=() if set(columns or {}) - {"sheet"} else _SIGNATURE,
        sheet=(columns or {}).get("sheet"),
        columns=_needed(columns),
    )
    return _retail(path, read, columns)


def read_layer(path: Path, columns: Mapping[str, str] | None = None) -> RetailLicenses:
    """Return the retail licenses of the layer, of every state.

    Raises
    ------
    SchemaError
        When the file is an error or one page of several, cannot be read or lacks a column.
    """
    if path.suffix.lower() not in {".geojson", ".json"}:
        return _retail(path, read_text_table(path, columns=_needed(columns)), columns)
    value = read_json(path)
    features = value.get("features") if isinstance(value, dict) else None
    if not isinstance(features, list) or not all(isinstance(item, dict) for item in features):
        raise fault(
            path, "a GeoJSON collection of features", "something else", "Export the layer as GeoJSON."
        )
    properties = value.get("properties")
    flags = (value, properties if isinstance(properties, dict) else {})
    if any(flag.get("exceededTransferLimit") is True for flag in flags):
        found = f"one page of several: {len(features)} features, exceededTransferLimit is true"
        remedy = "Export the whole layer, or ask for the further pages with resultOffset and join them."
        raise fault(path, "the whole layer", found, remedy)
    rows = [item.get("properties") or item.get("attributes") for item in features]
    return _retail(path, records_table(path, rows, _needed(columns)), columns)


def retail_by_state(retail: RetailLicenses) -> dict[str, int]:
    """Return the number of retail licenses of each state."""
    counts = retail.table["state"].value_counts().sort_index()
    return {str(state): int(count) for state, count in counts.items()}


def month_of(name: str) -> str:
    """Return the month in a file's name as YYYY-MM, "" when it has none.

    Examples
    --------
    >>> month_of("0613-ffl-list.txt"), month_of("layer_2026-06-17.csv"), month_of("dealers.csv")
    ('2013-06', '2026-06', '')
    """
    short = _MONTH_OF_NAME.search(name)
    if short is not None:
        return f"20{short['year']}-{short['month']}"
    iso = _ISO_OF_NAME.search(name)
    return f"{iso['year']}-{iso['month']}" if iso is not None else ""


def expiry_month(code: str, month: str) -> int | None:
    """Return months from the list's month to the expiry, None where the code is invalid.

    Of the years that end in the digit the nearest is meant; of two equally near, the past one, since a license runs
    three years.

    Examples
    --------
    >>> expiry_month("4L", "2013-06"), expiry_month("2M", "2013-06"), expiry_month("9A", "2021-01")
    (17, -6, -24)
    """
    code = code.strip().upper()
    if len(code) != 2 or not code[0].isdigit() or code[1] not in _MONTH_LETTERS:
        return None
    now = int(month[:4]) * 12 + int(month[5:]) - 1
    decade = int(month[:4]) // 10 * 10
    years = (decade + int(code[0]) + shift for shift in (-10, 0, 10))
    ahead = [year * 12 + _MONTH_LETTERS.index(code[1]) - now for year in years]
    return min(ahead, key=lambda gap: (abs(gap), gap))


def _needed(columns: Mapping[str, str] | None) -> frozenset[str]:
    """Return the folded names of the columns that are read: none of names, streets or telephones."""
    expiry = {name for name in _WANTED["expiry"] if name}
    return _SIGNATURE | _LAYER_SIGNATURE | expiry | {folded_column(name) for name in (columns or {}).values()}


def _retail(path: Path, read: TextTable, columns: Mapping[str, str] | None) -> RetailLicenses:
    """Return the retail rows without repeats and expired licenses."""
    table = pick(read, _WANTED, path=path, columns=columns)
    dashes = table["type"].str.fullmatch(r"-+")
    parts = read.parts or ("",) * len(read.rows)
    places = [item for item, dash in zip(zip(read.rows, parts, strict=True), dashes, strict=True) if not dash]
    table = table[~dashes].reset_index(drop=True)
    rows = tuple(row for row, _ in places)
    read = replace(
        read, table=table, rows=rows, parts=tuple(part for _, part in places) if read.parts else ()
    )
    row_report, month = RowReport.of(read), month_of(path.name)
    for name, width in _CODES.items():
        table[name] = padded(table[name], width)
    table["expiry"] = table["expiry"].str.upper()
    table["state"] = state_postal(table["state"])
    table["zip"] = five_digits(table["zip"])
    row_report.drop(~table["type"].str.fullmatch(r"\d\d"), "no license type")
    row_report.drop(~table["type"].isin(RETAIL), "license of a type that does not sell to the public")
    row_report.drop(~table["state"].str.fullmatch("[A-Z]{2}"), "no state")
    _drop_expired(table["expiry"], month, row_report)
    ordered = table[row_report.kept].sort_values([*KEY, "state", "zip"], kind="stable")
    repeats = pd.Series(data=False, index=table.index)
    repeats[ordered.index[ordered.duplicated(list(KEY))]] = True
    row_report.drop(repeats, "license listed before")
    kept = table.loc[row_report.kept, ["county", "state", "zip"]]
    return RetailLicenses(kept, row_report, read, month)


def five_digits(cells: pd.Series[str]) -> pd.Series[str]:
    """Return the first five digits of ZIP codes; leading zeros are restored, other text gives ""."""
    plain = padded(cells, 1)
    short = plain.str.fullmatch(r"\d{3,4}")
    return plain.str.zfill(5).where(short, plain).str.extract(r"^(\d{5})", expand=False).fillna("")


def _drop_expired(codes: pd.Series[str], month: str, row_report: RowReport) -> None:
    """Drop licenses that expired more than a year before the list."""
    if codes.eq("").all():
        row_report.note("the list has no column of expiry, so expiry was not checked")
        return
    if not month:
        row_report.note("the file's name has no month (MMYY-ffl-list or YYYY-MM), so expiry was not checked")
        return
    gaps = codes.map({code: expiry_month(code, month) for code in codes.unique()})
    row_report.drop(gaps < -12, "license expired more than a year before the list")
    unread = int((gaps.isna() & row_report.kept).sum())
    row_report.note(f"{unread:,} licenses kept whose expiry cannot be read" if unread else "")


def _loaded(format_id: str, path: Path, retail: RetailLicenses, context: Context) -> Loaded:
    """Return the licenses of the four states by ZIP code."""
    row_report, table = retail.row_report, retail.table
    other = pd.Series(data=False, index=row_report.reasons.index)
    other[table.index[~table["state"].isin(FOUR_STATES)]] = True
    row_report.drop(other, "outside Arizona, California, New Mexico and Texas")
    four = table[table["state"].isin(FOUR_STATES)]
    if four.empty:
        states = ", ".join(retail_by_state(retail)) or "none"
        found = f"none of {len(table):,} retail licenses (states: {states})"
        remedy = (
            "Give the complete list, or a list of one of these states: the download may have stopped early."
        )
        raise fault(path, "licenses of Arizona, California, New Mexico or Texas", found, remedy)
    placed = _placed(four, path, context, row_report)
    counts = placed.groupby(["fips", "zip", "us_state", "lon", "lat", "placed_by"]).size()
    by_zip = counts.rename("dealers").reset_index().assign(month=retail.month)
    if format_id == "atf_arcgis" and retail.read.total in {PAGE, PAGE // 2}:
        row_report.note(f"exactly {retail.read.total:,} rows: see that the file is not one page of several")
    report = row_report.to_report(format_id, path, retail.read, unit="licenses", period=retail.month)
    return Loaded({"dealers_zip": finish_us_table("dealers_zip", by_zip, path, context)}, report)


def _placed(four: pd.DataFrame, path: Path, context: Context, row_report: RowReport) -> pd.DataFrame:
    """Return each license at the point of its ZIP code, else at the centroid of its county."""
    counties = reference_table(context, "counties", path).set_index("fips")
    points = reference_table(context, "zip_points", path).set_index("zip")
    table = four.assign(own=four["state"].map(STATE_FIPS) + four["county"])
    at_zip = points.reindex(table["zip"]).set_axis(table.index)
    known = at_zip["us_state"].eq(table["state"])
    county = table["own"].isin(counties.index)
    differs = known & county & at_zip["fips"].ne(table["own"])
    distant = _distant(at_zip[differs], table.loc[differs, "own"], counties)
    far = pd.Series(table.index.isin(distant), index=table.index)
    by_zip, by_county = known & ~far, county & (~known | far)
    lost = pd.Series(data=False, index=row_report.reasons.index)
    lost[table.index[~by_zip & ~by_county]] = True
    row_report.drop(lost, "neither ZIP code nor county is known")
    for rows, words in (
        (~known & county, "placed at their county: the ZIP code is junk, unknown or of another state"),
        (far, f"placed at their county: the ZIP code lies more than {MAX_KM_FROM_COUNTY} km from it"),
        (differs & ~far, "placed at their ZIP code, whose county is another than the one stated"),
        (known & ~county, "placed at their ZIP code: the county code is unknown"),
    ):
        row_report.note(f"{int(rows.sum()):,} licenses {words}" if rows.any() else "")
    centres = _centres(counties).reindex(table["own"]).set_axis(table.index)
    result = pd.DataFrame(
        {
            "zip": table["zip"].where(by_zip, ""),
            "fips": at_zip["fips"].where(by_zip, table["own"]),
            "us_state": table["state"],
            "lon": at_zip["lon"].where(by_zip, centres["lon"]),
            "lat": at_zip["lat"].where(by_zip, centres["lat"]),
            "placed_by": by_zip.map({True: "zip", False: "county"}),
        }
    )
    return result[by_zip | by_county]


def _distant(points: pd.DataFrame, fips: pd.Series[str], counties: Any) -> list[Any]:
    """Return the index of the points more than `MAX_KM_FROM_COUNTY` from their county."""
    spots = gpd.GeoSeries(gpd.points_from_xy(points["lon"], points["lat"]), crs=4326).to_crs(PLANE)
    shapes = gpd.GeoSeries(counties.geometry.loc[fips].to_numpy(), crs=4326).to_crs(PLANE)
    metres = spots.distance(shapes, align=False)
    return [
        place for place, away in zip(points.index, metres, strict=True) if away > 1000 * MAX_KM_FROM_COUNTY
    ]


def _centres(counties: Any) -> pd.DataFrame:
    """Return the centroid of each county in degrees."""
    centres = shapely.get_coordinates(shapely.centroid(counties.geometry.to_numpy())).round(4)
    return pd.DataFrame(centres, index=counties.index, columns=["lon", "lat"])


FORMATS: tuple[Format, ...] = (
    Format(
        "atf_list",
        "Monthly list of federal firearms licensees",
        PUBLISHER,
        ("dealers_zip",),
        (".txt", ".xlsx", ".csv"),
        _SIGNATURE,
        load_list,
    ),
    Format(
        "atf_arcgis",
        "Map layer of federal firearms licensees",
        PUBLISHER,
        ("dealers_zip",),
        (".geojson", ".json", ".csv"),
        _LAYER_SIGNATURE,
        load_layer,
    ),
)
