"""Shipped tables of single crossings: freight by city, events with guns, southbound over northbound, the bridge guide."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pandas as pd

from corridors.default_data.raw_tables import raw_text, to_numbers
from corridors.sources.agencies.bridge_counts import SEPARATOR, by_bridge, ratio
from corridors.sources.agencies.crossing_hours import hours_a_day
from corridors.sources.agencies.dated_seizures import GUNS, load_dated_seizures
from corridors.sources.agencies.freight import city_by_port_code
from corridors.sources.agencies.row_report import to_integers
from corridors.sources.schemas.columns import FOUR_STATES
from corridors.sources.schemas.formats import Context

if TYPE_CHECKING:
    from pathlib import Path

# Bridges as the papers call them; the Brownsville row, which may be of other bridges, has no entry and is left out.
_BRIDGES = {
    "HID": ("TX-HID",),
    "ANZ": ("TX-ANZ",),
    "PHR": ("TX-PHA",),
    "DON": ("TX-DON",),
    "PRO": ("TX-PRO",),
    "DLR": ("TX-DRI",),
    "EP1+EP2": ("TX-EP1", "TX-EP2"),
}
_TELLS_OF_THE_DATE = re.compile(r"date|year|printed|20\d\d|November")
_SPAN = re.compile(r"(?P<days>[A-Z][a-z]{2}-[A-Z][a-z]{2}): (?P<span>[^;]*?)(?: [A-Z]ST)?")
_DAYS = {"Mon-Sun": range(7), "Mon-Fri": range(5), "Sat-Sun": range(5, 7)}
_PRECISION = {0: "unknown", 4: "year", 7: "month", 10: "day"}


def crossing_cities() -> pd.DataFrame:
    """Return `poe_id crossing_city crossing_city_es crossing_city_en`, one row a port: kept beside the code.

    A city is where a driver can choose between crossings within one built-up area; a port alone is a city of its own.
    """
    with files("corridors.default_data").joinpath("crossing_cities.csv").open("rb") as file:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
    table = table.rename(columns={"name_es": "crossing_city_es", "name_en": "crossing_city_en"})
    return (
        table.assign(poe_id=table["poe_ids"].str.split())
        .explode("poe_id", ignore_index=True)
        .drop(columns="poe_ids")
    )


def freight_flows(raw: Path, ports: pd.DataFrame) -> pd.DataFrame:
    """Return truck exports of the four states by port, Mexican state and year; rows without a Mexican state are left out."""
    table = raw_text(raw / "border/bts_transborder_southbound_trucks_2020_2023.csv")
    table = table[table["us_state"].isin(FOUR_STATES) & table["mx_state"].ne("")]
    return table.assign(
        crossing_city=table["bts_port_code"].map(city_by_port_code(ports)),
        year=to_integers(table["year"]),
        months=to_integers(table["months"]),
        value_usd=to_integers(table["truck_export_value_usd"]),
    )


def seizure_events(raw: Path, municipalities: pd.DataFrame, mx_states: pd.DataFrame) -> pd.DataFrame:
    """Return the dated events of bulletins by municipality; guns are of the whole event, `share` divides it."""
    context = Context({"municipalities": municipalities, "mx_states": mx_states})
    loaded = load_dated_seizures(raw / "mexico/cabinet_bulletin_gun_events.csv", context)
    return loaded.tables["seizure_events"]


def port_events(raw: Path, ports: pd.DataFrame) -> pd.DataFrame:
    """Return the events with guns at a crossing, in the order of their dates, undated ones last.

    Of the notes only what is said of date, gate and count is kept: how guns were hidden or found is nobody's business here.
    """
    table = raw_text(raw / "border/crossing_gun_events.csv")
    city = ports.set_index("poe_id")["crossing_city"]
    known = table["poe_id"].isin(city.index)
    table = table.assign(
        crossing_city=table["poe_id"].map(city).where(known, table["poe_id"].str.lower()),
        poe_id=table["poe_id"].where(known, ""),
        precision=table["date"].str.len().map(_PRECISION),
        note=table["note"].map(_date_note),
    )
    table[GUNS] = table[GUNS].apply(to_integers)
    dated = table.assign(undated=table["date"].eq(""))
    ranked = dated.sort_values(
        ["undated", "date", "crossing_city", "poe_id", "url"], kind="stable", ignore_index=True
    )
    ranked["event_id"] = [f"PE{number:03d}" for number in range(1, len(ranked) + 1)]
    return ranked


def _date_note(note: str) -> str:
    """Return the parts of a note that speak of the date, the gate or the count."""
    parts = (part.strip() for part in note.replace("(already in the holdings)", "").split(";"))
    return "; ".join(part for part in parts if _TELLS_OF_THE_DATE.search(part))


def southbound_factors(raw: Path) -> pd.DataFrame:
    """Return southbound over northbound by bridge and month.

    Left out: the row of three Brownsville bridges, which may be of other bridges than those of its northbound count, and
    the growth of Stanton from 2018 to 2022, which is no ratio of southbound to northbound. A count of two bridges
    together gives both the same factor.
    """
    table = raw_text(raw / "border/southbound_counts_press.csv")
    table = table[table["bridges"].isin(list(_BRIDGES))]
    north = to_numbers(table["northbound_same_month"], 0)
    south = {end: to_numbers(table[f"southbound{end}"], 0) for end in ("", "_lo", "_hi")}
    made = table.assign(
        counted_with=[SEPARATOR.join(_BRIDGES[bridges]) for bridges in table["bridges"]],
        month=table["period"],
        southbound=to_integers(table["southbound"]),
        northbound=to_integers(table["northbound_same_month"]),
        kind=table["kind"].str.split(" ").str[0],
        **{f"factor{end}": ratio(counts, north) for end, counts in south.items()},
    )
    return by_bridge(made)


def bridge_guide(raw: Path) -> pd.DataFrame:
    """Return `poe_id toll_usd hours_us hours_mx hours_southbound as_of` of the Texas bridges in the guide of 2025.

    A bridge of which the guide gives neither a car toll nor hours has an empty `as_of`. Hours are a mean over the week,
    the Mexican side's where it is printed.
    """
    table = raw_text(raw / "border/tx_bridge_tolls_hours_2025.csv")
    given = table["southbound_car_toll_usd"].str.fullmatch(r"[\d.]+")
    us = table["cbp_hours_passenger"].str.replace(r"\s+", " ", regex=True)
    mx = table["aduana_hours_passenger"].str.replace(r"\s+", " ", regex=True)
    printed = mx.where(mx.ne(""), us)
    known = given | printed.ne("")
    return pd.DataFrame(
        {
            "poe_id": table["poe_id"],
            "toll_usd": to_numbers(table["southbound_car_toll_usd"].where(given, ""), 2),
            "hours_us": us,
            "hours_mx": mx,
            "hours_southbound": [weekly_hours(text) for text in printed],
            "as_of": pd.to_datetime(table["as_of"], format="%B %Y").dt.strftime("%Y-%m").where(known, ""),
        }
    )


def weekly_hours(text: str) -> float | None:
    """Return hours a day, as a mean over the week, from the guide's text; None where it tells none of the bridge.

    Several spans a day are a schedule of inspection lanes northbound, not of the bridge: they tell none.

    Examples
    --------
    >>> weekly_hours("24/7"), weekly_hours("Mon-Sun: 6am-10:00pm"), weekly_hours("Mon-Sun: 8am-4pm; (conditions permitting)")
    (24.0, 16.0, 8.0)
    >>> weekly_hours("Mon-Fri: 6am-Midnight MST; Sat-Sun: 8am-Midnight MST"), weekly_hours("")
    (17.43, None)
    """
    if text == "24/7":
        return 24.0
    spans = [span for part in text.split(";") if (span := _SPAN.fullmatch(part.strip())) is not None]
    days = [day for span in spans for day in _DAYS[span["days"]]]
    if len(days) != len(set(days)) or len(days) != len(_DAYS["Mon-Sun"]):
        return None
    hours = [hours_a_day(span["span"]) for span in spans]
    if None in hours:
        return None
    total = sum(len(_DAYS[span["days"]]) * (length or 0.0) for span, length in zip(spans, hours, strict=True))
    return round(total / len(days), 2)
