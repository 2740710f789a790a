"""Ports of entry brought up to date by a newer feed of hours or newer crossing volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

CARS = "personal vehicles"
SHIPPED = "crossings"


def current_ports(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `ports_of_entry` with what newer tables say of hours and volumes.

    Parameters
    ----------
    tables
        `ports_of_entry`; `port_hours` (CBP's wait-time feed) sets `hours_open` where it gives hours; `crossings` of a
        user's own file (BTS) sets the yearly cars of each BTS port, shared among its ports of entry as before. The
        shipped `crossings` change nothing: the shipped volumes already hold what is known bridge by bridge.
    """
    ports = tables["ports_of_entry"].copy()
    if "port_hours" in tables:
        hours = tables["port_hours"].dropna(subset=["poe_id", "hours_open"]).drop_duplicates("poe_id")
        newer = ports["poe_id"].map(hours.set_index("poe_id")["hours_open"])
        ports["hours_open"] = newer.where(newer > 0).fillna(ports["hours_open"])
    crossings = tables.get("crossings")
    if crossings is not None and set(crossings.get("source_id", [SHIPPED])) != {SHIPPED}:
        ports["pov_weight"] = _shared_volume(ports, crossings)
    return ports


def _shared_volume(ports: pd.DataFrame, crossings: pd.DataFrame) -> pd.Series:
    """Return yearly cars by port of entry: the newest whole year of each BTS port, in the proportions known before."""
    cars = crossings[(crossings["measure"] == CARS) & (crossings["months"] == 12) & (crossings["value"] > 0)]
    newest = cars.sort_values("year").groupby("bts_port_code")["value"].last()
    before = ports["pov_weight"].astype("float64")
    total = before.groupby(ports["bts_port_code"]).transform("sum")
    now = ports["bts_port_code"].map(newest).astype("float64")
    return (before / total * now).fillna(before)
