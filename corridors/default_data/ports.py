"""Shipped tables of the border: ports of entry and their crossings by year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from corridors.default_data.border import bridge_guide, crossing_cities
from corridors.default_data.mexico import municipalities, state_codes
from corridors.default_data.raw_tables import raw_text, to_numbers
from corridors.sources.agencies.borders import MEASURES, crossings_by_year
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.reading.encoding import folded
from corridors.sources.schemas.columns import POSTAL_CODES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

VOLUME_YEAR = 2024
GUIDE = "TX-MX Bridge Guide 2026 (UNT for TxDOT)"
NOGALES = "2604"
REMOTE, REMOTE_SHARES_WITH, REMOTE_LIKE = "NM-ANT", "NM-COL", "AZ-SAS"
DOWNTOWN_NORTH, DOWNTOWN_SOUTH = "TX-PDN", "TX-STN"
BRIDGE_COUNTS = "UNT/CBP per crossing"
_SPAN = re.compile(r"(\d{1,2})(?::\d\d)?-(\d{1,2})(?::\d\d)?(?P<week> Mon-Fri)?")
_NAMES = {
    "mx_municipio": "mx_municipality",
    "border_lat": "lat",
    "border_lon": "lon",
    "modes_northbound": "modes",
    "southbound_vehicles": "southbound",
    "pov_nb_2024": "pov_northbound",
    "ped_nb_2024": "pedestrian_northbound",
    "truck_nb_2024": "truck_northbound",
    "vol_source": "volume_source",
    "cbp_field_office": "field_office",
    "pov_lanes_nb": "pov_lanes",
}


def crossings(raw: Path) -> pd.DataFrame:
    """Return northbound crossings by port, year and measure; exact repeats of a month are dropped."""
    table = raw_text(raw / "roads/bts_border_crossing_us_mexico_1996_latest.csv.gz")
    table = table[table["measure"].isin(MEASURES)].drop_duplicates(["port code", "date", "measure", "value"])
    return crossings_by_year(
        pd.DataFrame(
            {
                "bts_port_code": table["port code"],
                "port_name": table["port name"],
                "us_state": table["state"].map(POSTAL_CODES),
                "year": table["date"].str[:4].astype("int64"),
                "measure": table["measure"].map(MEASURES),
                "value": table["value"].astype("int64"),
            }
        )
    )


def ports_of_entry(raw: Path) -> pd.DataFrame:
    """Return the 58 ports of entry with hours in numbers, tolls, crossing cities and a weight for the model.

    `pov_weight` is northbound vehicles of 2024, which `southbound_factors` turns into southbound ones where it can. In El
    Paso's downtown one bridge takes cars north and another south: that one has the other's count.
    """
    table = raw_text(raw / "roads/ports_of_entry.csv").rename(columns=_NAMES)
    coordinates = ["lon", "lat", "us_lon", "us_lat", "mx_lon", "mx_lat"]
    table[coordinates] = table[coordinates].apply(lambda cells: to_numbers(cells, 5))
    counts = ["pov_lanes", "pov_northbound", "pedestrian_northbound", "truck_northbound"]
    table[counts] = table[counts].apply(to_integers)
    table["bts_port_code"] = table["bts_port_code"].str.removesuffix(".0")
    table["mx_state"] = table["mx_state"].map(state_codes(raw))
    table["mx_cvegeo"] = _municipality_codes(table, municipalities(raw))
    table["hours_open"] = [hours_open(text) for text in table["hours"]]
    table["hours_vintage"] = [_vintage(source) for source in table["hours_source"]]
    table["hours_note"] = [_hours_note(text) for text in table["hours"]]
    table = _settled(table.merge(crossing_cities(), on="poe_id", how="left", validate="one_to_one"), raw)
    return _weighted(table, crossings(raw))


def _settled(ports: pd.DataFrame, raw: Path) -> pd.DataFrame:
    """Return ports with the tolls and hours of the bridge guide, which also settles hours without or with two sources."""
    table = ports.merge(bridge_guide(raw), on="poe_id", how="left", validate="one_to_one")
    texts = ["hours_us", "hours_mx", "as_of"]
    table[texts] = table[texts].fillna("")
    table["hours_southbound"] = table["hours_southbound"].where(table["southbound"].eq("yes"))
    settles = table["hours_note"].ne("") & table["hours_southbound"].notna()
    table.loc[settles, "hours"] = table.loc[settles, "hours_us"]
    table.loc[settles, "hours_source"] = GUIDE
    table.loc[settles, "hours_open"] = table.loc[settles, "hours_southbound"]
    table.loc[settles, "hours_vintage"] = table.loc[settles, "as_of"]
    table.loc[settles, "hours_note"] = ""
    return table


def _municipality_codes(ports: pd.DataFrame, places: pd.DataFrame) -> list[str]:
    """Return the cvegeo of each port's Mexican municipality, by state and name without accents."""
    code = dict(
        zip(zip(places["mx_state"], places["name"].map(folded), strict=True), places["cvegeo"], strict=True)
    )
    return [code[key] for key in zip(ports["mx_state"], ports["mx_municipality"].map(folded), strict=True)]


def hours_open(text: str) -> float | None:
    """Return hours per day that passenger cars may cross, None where the text states none.

    Of two spans the first is taken; a span of Monday to Friday is spread over seven days.

    Examples
    --------
    >>> hours_open("24 h passenger; 6-20 commercial"), hours_open("6-22"), hours_open("")
    (24.0, 16.0, None)
    """
    if text.startswith("24 h"):
        return 24.0
    span = _SPAN.match(text)
    if span is None:
        return None
    hours = float(int(span[2]) - int(span[1]))
    return round(hours * 5 / 7, 2) if span["week"] else hours


def _vintage(source: str) -> str:
    """Return the date of the hours: the feed's day, the year of the 2026 site, "" when unsourced."""
    if source.startswith("CBP BWT"):
        return "2022-06-29"
    return "2026" if "2026" in source else ""


def _hours_note(text: str) -> str:
    """Return a note on the hours, "" where none is needed."""
    if "limited days" in text:
        return "opening days not sourced; hours_open left empty"
    if "unverified" in text:
        return "hours not sourced; hours_open is an assumption"
    if "differ" in text or "site" in text:
        return "sources differ; hours_open takes the first"
    return ""


def _weighted(ports: pd.DataFrame, crossed: pd.DataFrame) -> pd.DataFrame:
    """Return ports with `pov_weight` and `pov_weight_source`, set wherever cars may go south."""
    totals = crossed[crossed["year"].eq(VOLUME_YEAR) & crossed["measure"].eq("personal vehicles")]
    total = totals.set_index("bts_port_code")["value"]
    weights = [
        _weight(port, ports, int(total.get(port["bts_port_code"], 0))) for port in ports.to_dict("records")
    ]
    return ports.assign(
        pov_weight=pd.array([weight for weight, _ in weights], dtype="Int64"),
        pov_weight_source=[source for _, source in weights],
    )


def _weight(port: Mapping[Hashable, object], ports: pd.DataFrame, total: int) -> tuple[int | None, str]:
    """Return one port's vehicles of 2024 and the origin of the number."""
    counts = ports.set_index("poe_id")["pov_northbound"]
    poe_id = str(port["poe_id"])
    if port["southbound"] != "yes":
        return None, "cars may not go south here"
    if poe_id == REMOTE:
        return int(counts[REMOTE_LIKE]), (
            f"assumption: counted with Columbus, own count unknown; Sasabe's count ({counts[REMOTE_LIKE]})"
        )
    if poe_id == REMOTE_SHARES_WITH:
        return total - int(
            counts[REMOTE_LIKE]
        ), "BTS port total 2024 less the part assumed for Antelope Wells"
    if port["bts_port_code"] == NOGALES:
        lanes = pd.to_numeric(ports.loc[ports["bts_port_code"].eq(NOGALES), "pov_lanes"]).sum()
        share = int(str(port["pov_lanes"])) / float(lanes)
        return round(total * share), f"BTS Nogales total 2024 ({total}) split by northbound car lanes"
    if poe_id == DOWNTOWN_SOUTH:
        return int(counts[DOWNTOWN_NORTH]), (
            f"Paso del Norte's northbound count 2024: it sends no cars south, Stanton does; Stanton's own ({counts[poe_id]})"
            " is of SENTRI members alone"
        )
    origin = (
        "bridge's own northbound count 2024"
        if port["volume_source"] == BRIDGE_COUNTS
        else "BTS port total 2024"
    )
    return int(counts[poe_id]), origin
