"""Formats that are tables: rows to fill with drawn counts, and the sums of another reading of them, by plain pandas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

from corridors.sources.schemas.law_provisions import PROVISIONS
from tests.sources import agency_sums
from tests.sources.agencies import (
    test_borders,
    test_bridge_counts,
    test_cide,
    test_dated_seizures,
    test_fgr,
    test_freight,
    test_inegi,
    test_laws,
    test_sesnsp,
)
from tests.sources.agencies.test_atf import HEADER as ATF, SHOPS
from tests.sources.variants import Count

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from corridors.sources.schemas import Loaded

    Sums = Mapping[Any, Any]

N = object()
"""Stands for a drawn count in a row."""
R = object()
"""Stands for the number of the row."""
T = object()
"""Stands for the sum of the counts of its row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a format: rows to fill with drawn counts, another reading's sums, and the sums of ours."""

    header: Sequence[str]
    rows: Sequence[Sequence[object]]
    rival: Callable[[pd.DataFrame], Sums]
    ours: Callable[[Loaded], Sums]
    repeated: bool = False
    stem: str = "mine"
    alone: bool = False
    """Whether it is one part only: its rows have no key, so that parts may hold the same ones, about which we ask."""


RIFLES = [
    ["15-ENE-19", "CHIHUAHUA", "JUAREZ", N, N],
    ["16/02/20", "SONORA", "NOGALES", N, N],
    ["2019-03-01", "BAJA CALIFORNIA", "TIJUANA", N, N],
    ["2 DE ABRIL DE 2021", "BAJA CALIFORNIA", "TIJUANA", N, N],
    ["01/05/2021", "SONORA", "HERMOSILLO", N, N],
]
EVENT_ROWS = [(2, 4, 2007), (28, 27, 2010), (26, 43, 2009)]
LISTED = [SHOPS[at] for at in (0, 1, 2, 3, 4, 5, 6)]
WHO = ["NAME", "NULL", "1 ST", "TOWN"]
LICENCES = [[*shop[:5], R, *WHO, *shop[6:], "1 ST", "TOWN", *shop[6:], "5550"] for shop in LISTED]
CRIME, FIRE, KNIFE = test_sesnsp.CRIME, test_sesnsp.FIRE, test_sesnsp.KNIFE
OTHER_CRIME = [test_sesnsp.LIFE, "Homicidio", "Homicidio culposo"]
WAYS = [(CRIME, FIRE), (CRIME, KNIFE), (OTHER_CRIME, FIRE)]
PEOPLE = [("Hombre", "Adultos (18 y más)"), ("Mujer", "Adultos (18 y más)")]
IN_STATE = [(2, "Baja California"), (26, "Sonora")]
TOWNS = [*IN_STATE[0], 2004, "Tijuana"], [*IN_STATE[1], 26043, "Nogales"]
SEIZED = ("seizures_municipal", ["cvegeo"], ["long_guns", "short_guns"])
HOMICIDES = ["homicides", "firearm_homicides"]
TABLES: dict[str, Table] = {
    "bts": Table(
        test_borders.BTS_HEADER,
        [
            [*test_borders.SYS, date, what, N, *test_borders.WHERE]
            for date in ("Jan 2024", "2024-02-01T00:00:00.000", "03/01/2025 12:00:00 AM")
            for what in ("Personal Vehicles", "Pedestrians", "Train Passengers")
        ]
        + [
            [
                "Alexandria Bay",
                "New York",
                708,
                "US-Canada Border",
                "Jan 2024",
                "Pedestrians",
                N,
                *test_borders.WHERE,
            ]
        ],
        agency_sums.bts,
        agency_sums.ours("crossings", ["bts_port_code", "year", "measure"], ["value"]),
    ),
    "cbp_weapons": Table(
        test_borders.CBP_HEADER,
        [
            [
                2026,
                "JUL",
                who,
                test_borders.SW,
                f"{office} Field Office",
                way,
                "Land",
                kind,
                what,
                f"{office}{at}",
                N,
            ]
            for at, (who, way) in enumerate(
                [(test_borders.OFO, "OUTBOUND"), (test_borders.BP, "OUTBOUND"), (test_borders.OFO, "INBOUND")]
            )
            for office in ("Laredo", "Tucson")
            for kind, what in (
                (test_borders.WEAPONS, "Handgun"),
                (test_borders.WEAPONS, "Long Arm"),
                (test_borders.AMMO, "Ammunition"),
                (test_borders.AMMO, "Magazine"),
            )
        ],
        agency_sums.cbp,
        agency_sums.ours(
            "cbp_seizures", ["field_office"], ["handguns", "long_arms", "ammunition", "magazines"]
        ),
    ),
    "transborder": Table(
        test_freight.HEADER,
        [
            test_freight.row(
                us, port, mode=mode, mx_state=mx, value=N, month=month, trade=trade, country=country
            )
            for us, port, mx, month in (
                ("TX", "2304", "NL", 4),
                ("AZ", "2604", "NA", 4),
                ("CA", "2506", "OT", 5),
                ("NM", "2408", "CH", 12),
                ("AL", "2304", "MX", 12),
            )
            for mode, trade, country in (
                ("5", "1", "2010"),
                ("6", "1", "2010"),
                ("5", "2", "2010"),
                ("5", "1", "1220"),
            )
        ],
        agency_sums.freight,
        agency_sums.ours("freight_flows", ["us_state", "bts_port_code", "mx_state", "year"], ["value_usd"]),
    ),
    "dated_seizures": Table(
        test_dated_seizures.HEADER,
        [
            test_dated_seizures.row("E001", "26043", guns=(N, N, 0, 0, T)),
            test_dated_seizures.row("E002", "02004", guns=(N, 0, 0, N, T)),
            test_dated_seizures.row("E002", "02005", guns=(1, 0, 0, 1, 2)),
            test_dated_seizures.row("E003", "26043", guns=(N, 0, N, 0, T)),
        ],
        agency_sums.dated,
        agency_sums.ours("seizure_events", ["cvegeo"], ["long_guns", "short_guns", "guns_total"]),
    ),
    "bridge_counts": Table(
        test_bridge_counts.HEADER,
        [
            [bridge, f"2023-{month:02d}", N, 2000, "autos", test_bridge_counts.URL]
            for bridge in ("TX-HID", "TX-DRI")
            for month in (1, 2, 3)
        ]
        + [["TX-PRO", "2023-01", 1500, 2000, "autos", test_bridge_counts.URL]],
        agency_sums.bridges,
        agency_sums.ours("southbound_factors", ["poe_id", "month"], ["southbound"]),
    ),
    "sedena": Table(
        ["FECHA", "ESTADO", "MUNICIPIO", "ARMAS LARGAS", "ARMAS CORTAS"],
        RIFLES,
        agency_sums.seized,
        agency_sums.our_seizures,
    ),
    "cide_ppd": Table(
        test_cide.HEADER,
        [
            [R, 1, 16, 1, year, state, town, 9999, 1, 9999, N, N, 0, 0, 0, 0, 0]
            for state, town, year in EVENT_ROWS
        ],
        agency_sums.events("ESTADO", "Municipio", ("ARL", "ARC"), "AÑO"),
        agency_sums.our_seizures,
    ),
    "cide_ppd_events": Table(
        ["event_id", "source", "year", "cve_ent", "cve_mun", "long_guns", "short_guns"],
        [[R, "A-E", year, state, town, N, N] for state, town, year in EVENT_ROWS],
        agency_sums.events("cve_ent", "cve_mun", ("long_guns", "short_guns"), "year"),
        agency_sums.our_seizures,
    ),
    "cide_ppd_merged": Table(
        [
            "event_id",
            "date",
            "state_code",
            "state",
            "mun_code",
            "municipality",
            "long_guns_seized",
            "small_arms_seized",
            "source",
        ],
        [[R, f"{year}-01-16", state, "x", town, "y", N, N, "A-E"] for state, town, year in EVENT_ROWS],
        agency_sums.events("state_code", "mun_code", ("long_guns_seized", "small_arms_seized"), "date"),
        agency_sums.our_seizures,
    ),
    "ideff": Table(
        test_fgr.HEADER,
        [
            [year, code, name.upper(), *what, *[N] * 12]
            for year in (2024, 2025)
            for code, name in IN_STATE
            for what in (test_fgr.LAW, test_fgr.DRUGS)
        ],
        agency_sums.files,
        agency_sums.ours("case_files", ["mx_state", "year"], ["case_files"]),
    ),
    "sesnsp_municipal": Table(
        test_sesnsp.IDM,
        [[2024, *town, *crime, way, *[N] * 12] for town in TOWNS for crime, way in WAYS],
        agency_sums.crimes(["Cve. Municipio"]),
        agency_sums.ours("homicides_municipal", ["cvegeo"], ["case_files", "firearm_homicides"]),
    ),
    "sesnsp_state": Table(
        test_sesnsp.IDEFC,
        [[2024, *state, *crime, way, *[N] * 12] for state in IN_STATE for crime, way in WAYS],
        agency_sums.crimes(["Clave_Ent", "Año"]),
        agency_sums.ours("homicides_state", ["mx_state", "year"], HOMICIDES),
    ),
    "sesnsp_victims": Table(
        test_sesnsp.IDVFC,
        [
            [2024, *state, *crime, way, *who, *[N] * 12]
            for state in IN_STATE
            for crime, way in WAYS
            for who in PEOPLE
        ],
        agency_sums.crimes(["Clave_Ent", "Año"]),
        agency_sums.ours("homicides_state", ["mx_state", "year"], HOMICIDES),
    ),
    "inegi_deaths": Table(
        test_inegi.HEADER,
        [
            test_inegi.DEATHS[0],
            test_inegi.DEATHS[2],
            test_inegi.DEATHS[5],
            ["08", "08", "037", "08", "037", "X959", 1, 4030, 5, 2023, 2023],
        ],
        agency_sums.deaths,
        lambda loaded: {
            (row[0],): (int(row[1]),)
            for row in loaded.tables["homicides_municipal"].drop(columns="counted").itertuples(index=False)
        },
        repeated=True,
        alone=True,
    ),
    "atf_list": Table(
        ATF,
        LICENCES,
        agency_sums.licences(""),
        agency_sums.ours("dealers_zip", ["zip"], ["dealers"]),
        repeated=True,
        stem="0112-ffl-list",
    ),
    "atf_arcgis": Table(
        [f"USER_{name}" for name in ATF],
        LICENCES,
        agency_sums.licences("USER_"),
        agency_sums.ours("dealers_zip", ["zip"], ["dealers"]),
        repeated=True,
        stem="2012-01",
    ),
    "nics": Table(
        test_laws.NICS_HEADER,
        [
            [f"{year}-{month}", state, 0, "", N, N, "", 0, T]
            for year, month in ((2023, "11"), (2023, "12"), (2024, "01"))
            for state in (*agency_sums.STATES, "Nevada")
        ],
        agency_sums.checks,
        agency_sums.ours("nics", ["us_state", "year"], ["handgun", "long_gun"]),
    ),
    "tufts": Table(
        *test_laws._laws(list(PROVISIONS), range(2020, 2021)),
        agency_sums.laws,
        agency_sums.ours("state_laws", ["us_state", "year"], ["lawtotal"]),
    ),
    "tufts_1991": Table(
        *test_laws._laws(test_laws.OLD, range(2015, 2016)),
        agency_sums.laws,
        agency_sums.ours("state_laws_1991", ["us_state", "year"], ["lawtotal"]),
    ),
    "calendar_csv": Table(
        ["venue", "city", "state", "start", "end"],
        [
            ["Hall", "Mesa", "AZ", "2027-01-16", "2027-01-17"],
            ["Hall", "Laredo", "TX", "1/23/2027", "1/24/2027"],
            ["Hall", "Fresno", "California", "02/06/27", "02/07/27"],
            ["Hall", "Deming", "NM", "March 6, 2027", "Mar 7, 2027"],
        ],
        agency_sums.shows,
        agency_sums.our_shows,
    ),
}


def filled(table: Table, counts: Sequence[int]) -> list[list[object]]:
    """Return the rows with drawn counts, or repeated so many times, and with their numbers."""
    drawn = cycle(counts)
    rows = [list(row) for row in table.rows]
    if table.repeated:
        rows = [list(row) for at, row in enumerate(rows) for _ in range(next(drawn) % 4 + (at == 0))]
    made = [
        [Count(next(drawn)) if cell is N else f"{at:05d}" if cell is R else cell for cell in row]
        for at, row in enumerate(rows)
    ]
    return [[_total(row) if cell is T else cell for cell in row] for row in made]


def _total(row: Sequence[object]) -> Count:
    """Return the sum of a row's counts."""
    return Count(sum(cell for cell in row if isinstance(cell, Count)))
