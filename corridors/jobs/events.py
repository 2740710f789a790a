"""Dated seizures by place, as the map and the briefs show them: a row an event at a place, with its link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from corridors.jobs.inputs import Inputs

COLUMNS = (
    "event_key",
    "place_kind",
    "place",
    "name_es",
    "name_en",
    "us_state",
    "mx_state",
    "lon",
    "lat",
    "date_from",
    "date_to",
    "firearms",
    "joint",
    "side",
    "url",
)


def dated_events(inputs: Inputs) -> pd.DataFrame | None:
    """Return seizures in municipalities and at ports of entry, those of a place in the order of their dates.

    Parameters
    ----------
    inputs
        Of its tables `seizure_events` and `port_events`, either of which may be missing.

    Returns
    -------
    DataFrame
        `event_key place_kind place name_es name_en us_state mx_state lon lat date_from date_to firearms joint side url`: an
        id of the event at the place; "municipality" and its cvegeo, or "port" and its `poe_id` (a crossing city's id where no gate is printed); dates as text, as precise
        as the source, "" where it has none; firearms of the whole event; whether it is of several municipalities; the
        side of the border that seized them, "" for municipalities. None where the tables have neither.
    """
    tables = inputs.tables
    found = []
    if "seizure_events" in tables:
        found.append(_in_municipalities(tables["seizure_events"], tables["municipalities"]))
    if "port_events" in tables:
        found.append(_at_ports(tables["port_events"], tables["ports_of_entry"]))
    if not found:
        return None
    events = pd.concat(found, ignore_index=True)[list(COLUMNS)]
    return events.sort_values(
        ["place_kind", "place", "date_from", "date_to"], kind="stable", ignore_index=True
    )


def _in_municipalities(events: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return events at the seats of their municipalities."""
    seats = municipalities[["cvegeo", "name", "lon", "lat"]]
    joined = events.merge(seats, on="cvegeo", validate="many_to_one")
    return joined.assign(
        event_key=joined["event_id"] + "." + joined["cvegeo"],
        place_kind="municipality",
        us_state="",
        place=joined["cvegeo"],
        name_es=joined["name"],
        name_en=joined["name"],
        date_from=joined["date_from"].dt.strftime("%Y-%m-%d"),
        date_to=joined["date_to"].dt.strftime("%Y-%m-%d"),
        firearms=joined["guns_total"],
        joint=joined["share"] < 1,
        side="",
    )


def _at_ports(events: pd.DataFrame, ports: pd.DataFrame) -> pd.DataFrame:
    """Return events at their gates, or amid the gates for cars of a city where no gate is printed."""
    gates = pd.DataFrame(
        {
            "place": ports["poe_id"],
            "name_es": ports["name_mx"],
            "name_en": ports["name_us"],
            "us_state": ports["us_state"],
            "mx_state": ports["mx_state"],
            "lon": ports["lon"],
            "lat": ports["lat"],
        }
    )
    by_car = ports[ports["southbound"] == "yes"].groupby("crossing_city", as_index=False)
    cities = by_car.agg(
        name_es=("crossing_city_es", "first"),
        name_en=("crossing_city_en", "first"),
        us_state=("us_state", "first"),
        mx_state=("mx_state", "first"),
        lon=("lon", "mean"),
        lat=("lat", "mean"),
    ).rename(columns={"crossing_city": "place"})
    alone = cities[~cities["place"].isin(gates["place"])]
    place = events["poe_id"].where(events["poe_id"].fillna("").ne(""), events["crossing_city"])
    dates = events["date"].fillna("")
    return events.assign(
        event_key=events["event_id"],
        place_kind="port",
        place=place,
        date_from=dates,
        date_to=dates,
        firearms=events["guns_total"],
        joint=False,
        side=events["seizing_side"],
    ).merge(pd.concat([gates, alone]), on="place", validate="many_to_one")
