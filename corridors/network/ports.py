"""Update ports of entry from newer feeds, and estimate southbound cars, hours and tolls (docs/method.md 2.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import FloatArray

CAR_MEASURE = "personal vehicles"
SHIPPED_SOURCE = "crossings"
SEPARATOR = " | "
UNIFORM_WIDTH = float(np.sqrt(12))
"""Width of a uniform distribution over its sd: a bound that comes from a rounded percentage is one end of it."""
_NO_FACTORS = pd.DataFrame(
    {"poe_id": [], "southbound_factor": [], "factor_spread": [], "factor_months": [], "factor_sources": []}
).astype({"poe_id": "str", "factor_months": "str", "factor_sources": "str"})


def current_ports(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return `ports_of_entry` with the newest hours, volumes and ratios of southbound to northbound cars.

    Adds `northbound_cars northbound_source southbound_factor factor_spread factor_months factor_sources southbound_cars`.
    A factor is the geometric mean over the months of a port, NaN where none is published; `southbound_cars` a year are
    then the northbound ones.

    Parameters
    ----------
    tables
        `ports_of_entry`; `port_hours` (CBP's wait-time feed) sets the hours where it gives some; `crossings` of a
        user's own file (BTS) sets the yearly cars of each BTS port, divided among its ports of entry in the
        earlier proportions. The shipped `crossings` change nothing: the shipped volumes are already by bridge.
        `southbound_factors` gives the ratios.
    """
    ports = tables["ports_of_entry"].copy()
    feed = tables.get("port_hours")
    ports["hours_open"] = _hours(
        ports, None if feed is None else feed.dropna(subset=["poe_id", "hours_open"])
    )
    crossings = tables.get("crossings")
    source = ports.get("pov_weight_source", pd.Series("", index=ports.index))
    if crossings is not None and set(crossings.get("source_id", [SHIPPED_SOURCE])) != {SHIPPED_SOURCE}:
        ports["pov_weight"] = _shared_volume(ports, crossings)
        source = source + "; scaled to the newest year of table 'crossings'"
    ports["northbound_cars"] = ports["pov_weight"].astype("float64")
    ports["northbound_source"] = source
    ports = ports.merge(_factors(tables.get("southbound_factors")), on="poe_id", how="left")
    texts = ["factor_months", "factor_sources"]
    ports[texts] = ports[texts].fillna("")
    ports["southbound_cars"] = ports["northbound_cars"] * ports["southbound_factor"].fillna(1.0)
    return ports


def port_tolls(ports: pd.DataFrame) -> FloatArray:
    """Return (ports,) US dollars that a car pays to go south; 0 where no toll is known, as on land in three of the states."""
    known = ports.get("toll_usd", pd.Series(np.nan, index=ports.index))
    return np.asarray(known.fillna(0.0), dtype=np.float64)


def _hours(ports: pd.DataFrame, feed: pd.DataFrame | None) -> pd.Series:
    """Return (ports,) hours a day that cars may go south: the shorter of the two sides'.

    Where the table's southbound hours are longer than its US hours and the Mexican side's are printed, the US hours are of
    northbound lanes alone (Stanton's are of its SENTRI lanes): they bind nothing, in the table or in a newer feed.
    """
    us = ports["hours_open"].astype("float64")
    south = ports.get("hours_southbound", pd.Series(np.nan, index=ports.index)).astype("float64")
    printed = ports.get("hours_mx", pd.Series("", index=ports.index)).fillna("").ne("")
    unbound = printed & (south > us)
    hours = south.fillna(us)
    if feed is not None:
        newer = ports["poe_id"].map(feed.drop_duplicates("poe_id").set_index("poe_id")["hours_open"])
        newer = newer.where(newer > 0).astype("float64")
        shorter = newer.where(~printed | south.isna() | (newer < south), south)
        hours = hours.where(newer.isna() | unbound, shorter)
    return hours


def _factors(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return `poe_id southbound_factor factor_spread factor_months factor_sources`, one row a port with a ratio.

    `factor_spread` is the sd of the logarithm that the rounding of the published figures leaves.
    """
    if table is None or table.empty:
        return _NO_FACTORS
    ends = {name: table[name].astype("float64") for name in ("factor", "factor_lo", "factor_hi")}
    variance = (np.log(ends["factor_hi"] / ends["factor_lo"]) / UNIFORM_WIDTH) ** 2
    rows = table.assign(log=np.log(ends["factor"]), variance=variance).sort_values(["poe_id", "month"])
    grouped = rows.groupby("poe_id", sort=True)
    return pd.DataFrame(
        {
            "southbound_factor": np.exp(grouped["log"].mean()),
            "factor_spread": np.sqrt(grouped["variance"].sum()) / grouped.size(),
            "factor_months": grouped["month"].agg(SEPARATOR.join),
            "factor_sources": grouped["url"].agg(lambda urls: SEPARATOR.join(dict.fromkeys(urls))),
        }
    ).reset_index()


def _shared_volume(ports: pd.DataFrame, crossings: pd.DataFrame) -> pd.Series:
    """Return (ports,) yearly cars: the newest whole year of each BTS port, in the earlier proportions of its ports of entry.

    The earlier total counts crossings that take cars northbound only.
    """
    cars = crossings[
        (crossings["measure"] == CAR_MEASURE) & (crossings["months"] == 12) & (crossings["value"] > 0)
    ]
    newest = cars.sort_values("year").groupby("bts_port_code")["value"].last()
    before = ports["pov_weight"].astype("float64")
    counted = ports.get("pov_northbound", before).astype("float64").fillna(before)
    total = counted.groupby(ports["bts_port_code"]).transform("sum")
    now = ports["bts_port_code"].map(newest).astype("float64")
    return (before / total * now).fillna(before)
