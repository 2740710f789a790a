"""Update ports of entry from a newer feed of hours or newer crossing volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CAR_MEASURE = "personal vehicles"
SHIPPED_SOURCE = "crossings"


def current_ports(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `ports_of_entry` with the hours and volumes of newer tables.

    Parameters
    ----------
    tables
        `ports_of_entry`; `port_hours` (CBP's wait-time feed) sets `hours_open` where it gives hours; `crossings` of a
        user's own file (BTS) sets the yearly cars of each BTS port, divided among its ports of entry in the
        earlier proportions. The shipped `crossings` change nothing: the shipped volumes are already by bridge.
    """
    ports = tables["ports_of_entry"].copy()
    if "port_hours" in tables:
        hours = tables["port_hours"].dropna(subset=["poe_id", "hours_open"]).drop_duplicates("poe_id")
        newer = ports["poe_id"].map(hours.set_index("poe_id")["hours_open"])
        ports["hours_open"] = newer.where(newer > 0).fillna(ports["hours_open"])
    crossings = tables.get("crossings")
    if crossings is not None and set(crossings.get("source_id", [SHIPPED_SOURCE])) != {SHIPPED_SOURCE}:
        ports["pov_weight"] = _shared_volume(ports, crossings)
    return ports


def _shared_volume(ports: pd.DataFrame, crossings: pd.DataFrame) -> pd.Series:
    """Return (ports,) yearly cars: the newest whole year of each BTS port, in the earlier proportions of its ports of entry."""
    cars = crossings[
        (crossings["measure"] == CAR_MEASURE) & (crossings["months"] == 12) & (crossings["value"] > 0)
    ]
    newest = cars.sort_values("year").groupby("bts_port_code")["value"].last()
    before = ports["pov_weight"].astype("float64")
    total = before.groupby(ports["bts_port_code"]).transform("sum")
    now = ports["bts_port_code"].map(newest).astype("float64")
    return (before / total * now).fillna(before)
