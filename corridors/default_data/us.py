"""Shipped tables of the United States side: counties, dealers, gun shows, laws, checks, consulates."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.core.geo import PLANE
from corridors.default_data.raw_tables import raw_text, to_numbers
from corridors.sources.agencies.laws import nics_by_year, standard_laws
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.reading.geometry import thin_coverage
from corridors.sources.schemas.columns import FOUR_STATES

if TYPE_CHECKING:
    from pathlib import Path

FAR_STATEFP = ("02", "15")
LAST_STATEFP = "56"
_ZIP_KM = 100
_ANNOUNCED_AT = "https://github.com/erikac-jpg/saxetshow/blob"
_GEONAMES = (
    *("country", "zip", "place", "state", "us_state", "county", "code"),
    *("community", "community_code", "lat", "lon", "accuracy"),
)


def postal_codes(raw: Path) -> dict[str, str]:
    """Return two-digit state code to postal code, as the dealer counts pair them."""
    pairs = raw_text(raw / "us/ffl_dealers_by_county_2003_2023.csv", usecols=["state", "statefp"])
    return dict(pairs.drop_duplicates()[["statefp", "state"]].itertuples(index=False, name=None))


def counties(raw: Path) -> gpd.GeoDataFrame:
    """Return the 360 counties of the four states, thinned; EPSG:4326."""
    table = gpd.read_file(raw / "roads/us_counties_southwest.geojson").rename(columns={"id": "fips"})
    table["us_state"] = table["state_fips"].map(postal_codes(raw))
    four = table[table["us_state"].isin(FOUR_STATES)].sort_values("fips", ignore_index=True)
    return thin_coverage(four, tolerance=0.01, grid=1e-3)


def county_people(_raw: Path) -> pd.DataFrame:
    """Return the population of each county, the one table kept beside the code, since no raw file has it."""
    with files("corridors.default_data").joinpath("county_people.csv").open("rb") as file:
        table = pd.read_csv(file, dtype=str)
    return table.assign(people=to_integers(table["people"]))


def us_states(raw: Path) -> gpd.GeoDataFrame:
    """Return the 48 contiguous states and the District of Columbia, thinned; EPSG:4326."""
    table = gpd.read_file(raw / "roads/us_states.geojson").rename(columns={"id": "statefp"})
    near = table[(table["statefp"] <= LAST_STATEFP) & ~table["statefp"].isin(FAR_STATEFP)]
    near = near.assign(us_state=near["statefp"].map(postal_codes(raw))).sort_values(
        "statefp", ignore_index=True
    )
    return thin_coverage(near, tolerance=0.02, grid=1e-3)


def zip_points(raw: Path) -> pd.DataFrame:
    """Return the ZIP codes of the four states as points.

    GeoNames' county is kept unless the point lies farther than `_ZIP_KM` from it (92331, Fontana): then the county
    that holds the point is right.
    """
    table = pd.read_csv(
        raw / "us/zip_geonames_US.txt",
        sep="\t",
        header=None,
        names=_GEONAMES,
        dtype=str,
        keep_default_na=False,
        encoding="utf-8",
    )
    four = table[table["us_state"].isin(FOUR_STATES)].reset_index(drop=True)
    statefp = {postal: code for code, postal in postal_codes(raw).items()}
    four = four.assign(
        fips=four["us_state"].map(statefp) + four["code"],
        lon=to_numbers(four["lon"], 4),
        lat=to_numbers(four["lat"], 4),
    )
    shapes = counties(raw).set_index("fips").geometry.to_crs(PLANE)
    points = gpd.GeoSeries(gpd.points_from_xy(four["lon"], four["lat"]), crs=4326).to_crs(PLANE)
    far = points.distance(shapes.loc[four["fips"]], align=False).to_numpy() > 1000 * _ZIP_KM
    four.loc[far, "fips"] = [
        shapes.index[shapes.distance(point).to_numpy().argmin()] for point in points[far]
    ]
    return four


def dealers(raw: Path) -> pd.DataFrame:
    """Return retail licenses by county and year, the four states, 2003-2023."""
    table = raw_text(raw / "us/ffl_dealers_by_county_2003_2023.csv")
    four = table[table["state"].isin(FOUR_STATES)]
    return four.assign(year=to_integers(four["year"]), dealers=to_integers(four["dealers"]))


def gun_show_venues(raw: Path) -> pd.DataFrame:
    """Return the compiled venues; `alt_zip*` columns are left out because they have no source."""
    table = raw_text(raw / "us/gun_show_venues.csv").rename(
        columns={
            "state": "us_state",
            "county_fips": "fips",
            "geocode_level": "precision",
            "promoters": "promoter",
            "tables_or_size": "size",
            "first_year_seen": "first_year",
            "last_year_seen": "last_year",
            "urls": "url",
        }
    )
    return table.assign(
        lon=to_numbers(table["lon"], 4),
        lat=to_numbers(table["lat"], 4),
        shows_per_year_min=to_integers(table["shows_per_year_min"]),
        first_year=to_integers(table["first_year"]),
        last_year=to_integers(table["last_year"]),
    )


def gun_shows(raw: Path) -> pd.DataFrame:
    """Return the dated shows, placed at the coordinates a venue of the same city has."""
    table = raw_text(raw / "us/gun_show_dates.csv").rename(
        columns={
            "state": "us_state",
            "county_fips": "fips",
            "start_date": "start",
            "end_date": "end",
            "date_precision": "precision",
        }
    )
    cities = gun_show_venues(raw)[["us_state", "city", "lon", "lat"]].drop_duplicates(["us_state", "city"])
    placed = table.merge(cities, on=["us_state", "city"], how="left", validate="many_to_one")
    ranked = placed.sort_values(
        ["us_state", "start", "city", "venue", "url"], kind="stable", ignore_index=True
    )
    ranked["show_id"] = [f"GS{number:03d}" for number in range(1, len(ranked) + 1)]
    return ranked


def gun_shows_announced(raw: Path) -> pd.DataFrame:
    """Return the shows that one promoter's app announced for 2026 and 2027, placed at the city.

    One source, written by the app's author and in part called sample data: the confidence is low throughout.
    """
    table = raw_text(raw / "us/gun_shows_announced_2026_2027.csv")
    table["city"] = table["city"].str.replace(r" \(.*\)", "", regex=True)
    points = zip_points(raw).groupby(["us_state", "place"])[["lon", "lat"]].median().round(4).reset_index()
    venues = gun_show_venues(raw)
    cities = pd.concat([venues, points.rename(columns={"place": "city"})])[["us_state", "city", "lon", "lat"]]
    placed = table.merge(cities.drop_duplicates(["us_state", "city"]), on=["us_state", "city"], how="left")
    ids = venues[["us_state", "city", "venue", "venue_id"]]
    known = placed.merge(ids, on=["us_state", "city", "venue"], how="left", validate="many_to_one")
    ranked = known.sort_values(["start", "city"], kind="stable", ignore_index=True)
    return ranked.assign(
        show_id=[f"GA{number:03d}" for number in range(1, len(ranked) + 1)],
        venue_id=ranked["venue_id"].fillna(""),
        url=_ANNOUNCED_AT + "/" + ranked["source_commit"] + "/" + ranked["source_file"],
        confidence="low",
    )


def gun_show_policy(raw: Path) -> pd.DataFrame:
    """Return the dated policy events; a date's precision is read from its text."""
    table = raw_text(raw / "us/gun_show_policy_events.csv").rename(columns={"state": "us_state"})
    ranked = table.sort_values(["us_state", "date", "place", "event"], kind="stable", ignore_index=True)
    ranked["precision"] = ranked["date"].str.len().map({0: "unknown", 4: "year", 7: "month", 10: "day"})
    ranked["event_id"] = [f"GP{number:03d}" for number in range(1, len(ranked) + 1)]
    return ranked


def state_laws(raw: Path) -> pd.DataFrame:
    """Return the law provisions of the four states and `law_z`, standardized over all 50 states."""
    return standard_laws(pd.read_excel(raw / "us/tufts_state_firearm_laws.xlsx", sheet_name="results"))


def nics(raw: Path) -> pd.DataFrame:
    """Return background checks by state and year."""
    return nics_by_year(raw_text(raw / "us/nics_firearm_background_checks_1998_2026.csv"))


def consulates(raw: Path) -> pd.DataFrame:
    """Return the 53 Mexican consulates in the United States at city coordinates."""
    table = raw_text(raw / "mexico/mexican_consulates_us.csv").rename(
        columns={"consulate": "name", "state": "us_state", "coord": "coord_source"}
    )
    return table.assign(
        lon=to_numbers(table["lon"], 5),
        lat=to_numbers(table["lat"], 5),
        southwest=table["southwest"].eq("True"),
    )
