"""Shipped tables of the Mexican side: states, municipalities, seizures, case files, homicides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from corridors.default_data.raw_tables import raw_text, to_numbers
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.reading.geometry import thin_coverage

if TYPE_CHECKING:
    from pathlib import Path

TOP10_LIST = "SRE-2020-22-top10"
TOP10_NATIONAL = 55_996


def mx_states(raw: Path) -> gpd.GeoDataFrame:
    """Return the 32 states, thinned; EPSG:4326."""
    table = gpd.read_file(raw / "roads/mx_states.geojson")
    named = table.rename(columns={"cve_ent": "mx_state", "state": "name"}).sort_values(
        "mx_state", ignore_index=True
    )
    return thin_coverage(named, tolerance=0.012, grid=1e-3)


def state_codes(raw: Path) -> dict[str, str]:
    """Return state name to two-digit code, under each spelling the raw files use."""
    master = raw_text(raw / "mexico/municipios_master_2478.csv", usecols=["nombre_estado", "cve_ent"])
    codes = dict(master.drop_duplicates().itertuples(index=False, name=None))
    return {str(name): str(code) for name, code in codes.items()} | {"México": "15"}


def municipalities(raw: Path) -> pd.DataFrame:
    """Return the 2,478 municipalities with their seats.

    `pop` is CONAPO's 2025 projection, the census where there is none, else empty.
    """
    table = raw_text(raw / "mexico/municipios_master_2478.csv").rename(
        columns={"cve_ent": "mx_state", "nombre_municipio": "name", "nombre_estado": "state_name"}
    )
    census = to_integers(table["census_2020"])
    return table.assign(
        lon=to_numbers(table["lon"], 5),
        lat=to_numbers(table["lat"], 5),
        pop_2020=census,
        pop=to_integers(table["conapo_2025"]).fillna(census),
    )


def municipality_polygons(raw: Path) -> gpd.GeoDataFrame:
    """Return the 2,463 municipal polygons, thinned; EPSG:4326."""
    table = gpd.read_file(raw / "mexico/municipios_simplified.geojson")[["cvegeo", "geometry"]]
    return thin_coverage(table.sort_values("cvegeo", ignore_index=True), tolerance=0.005, grid=1e-3)


def seizures_municipal(raw: Path) -> pd.DataFrame:
    """Return CIDE-PPD firearms by municipality; code 17093, which does not exist, is dropped."""
    table = raw_text(raw / "mexico/cide_ppd_municipal_2006_2011.csv")
    counts = ["events", "events_with_guns", "long_guns", "short_guns", "firearms", "first_year", "last_year"]
    table[counts] = table[counts].apply(to_integers)
    return table[table["cvegeo"] != "17093"]


def seizures_top10(raw: Path) -> pd.DataFrame:
    """Return the SRE/FGR top ten; `bound` is the most any municipality outside the list can have."""
    table = raw_text(raw / "mexico/municipal_seizure_figures.csv")
    table = table[table["list_id"] == TOP10_LIST]
    firearms = to_integers(table["value"])
    ten = table.assign(firearms=firearms, national_total=TOP10_NATIONAL, bound=int(firearms.min()))
    ranked = ten.sort_values(["firearms", "cvegeo"], ascending=[False, True], ignore_index=True)
    return ranked.assign(rank=range(1, len(ranked) + 1))


def case_files(raw: Path) -> pd.DataFrame:
    """Return federal firearms case files by state and year; `EXTRANJERO` has no state and is dropped."""
    table = raw_text(raw / "mexico/lfafe_estado_mes_2012_2025M07.csv")
    return _by_year(table[table["cve_ent"] != ""], {"carpetas": "case_files"})


def homicides_state(raw: Path) -> pd.DataFrame:
    """Return victims of intentional homicide by state and year, and those killed with a firearm."""
    table = raw_text(raw / "mexico/victimas_homicidio_doloso_estado_mes_2015_2025H1.csv")
    names = {"victims_homicidio_doloso": "homicides", "victims_con_arma_de_fuego": "firearm_homicides"}
    return _by_year(table, names)


def homicides_municipal(raw: Path) -> pd.DataFrame:
    """Return the municipal ESTIMATE; the 8 rows of codes xx998 and xx999 are dropped."""
    table = raw_text(raw / "mexico/DERIVED_est_firearm_homicides_municipal_2024_2025H1.csv")
    known = table[~table["cvegeo"].str[2:].isin(["998", "999"])]
    return pd.DataFrame(
        {
            "cvegeo": known["cvegeo"],
            "case_files": to_integers(known["carpetas_homicidio_doloso_2024_2025H1"]),
            "firearm_share": to_numbers(known["state_firearm_share"], 3),
            "firearm_homicides": to_numbers(known["est_firearm_homicide_victims_2024_2025H1"], 2),
        }
    )


def _by_year(table: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Return monthly counts by state summed to years, with the number of months that have data."""
    monthly = table.rename(columns={"cve_ent": "mx_state", **names})
    counts = list(names.values())
    monthly[counts] = monthly[counts].apply(to_integers)
    monthly["year"] = to_integers(monthly["year"])
    groups = monthly.dropna(subset=counts).groupby(["mx_state", "year"])
    return groups[counts].sum().assign(months=groups.size()).reset_index()
