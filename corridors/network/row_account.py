"""Count the rows that the network and the evidence use and drop, with the reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.network.evidence import counted_shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corridors.core.types import Evidence, Network


def count_rows(
    tables: Mapping[str, pd.DataFrame], network: Network, evidence: Evidence, *, gun_shows: str
) -> dict[str, Any]:
    """Return, by table, the rows read, the rows used and why the others are dropped.

    Parameters
    ----------
    gun_shows
        The setting of that name: "published", or "none" for a run whose supply ignores shows.
    """
    ports = tables["ports_of_entry"]
    closed = ports[~ports["poe_id"].isin(network.ports["poe_id"])]
    shows = tables["gun_shows"]
    counted = len(counted_shows(shows))
    used = gun_shows == "published"
    dealers = tables.get("dealers_zip", tables["dealers"])
    earlier = int((dealers["year"] < dealers["year"].max()).sum()) if "year" in dealers else 0
    units = evidence.zones["units"]
    places = evidence.municipalities
    reached = np.unique(np.concatenate([network.arcs.tail, network.arcs.head]))
    return {
        "ports_of_entry": {
            "read": len(ports),
            "used": len(network.ports),
            "dropped": {
                f"southbound: {why}": int(n) for why, n in closed["southbound"].value_counts().items()
            },
        },
        "dealers": {
            "read": len(dealers),
            "used": len(dealers) - earlier,
            "dropped": {"earlier year": earlier},
            "zones": len(evidence.zones),
            "counties or ZIP codes merged because under 5 licenses": int((units - 1).sum()),
        },
        "gun_shows": {
            "read": len(shows),
            "used": counted if used else 0,
            "dropped": {"cancelled, before 2018, or without a known place": len(shows) - counted}
            | ({} if used else {"gun shows left out by the settings": counted}),
        },
        "municipalities": {
            "read": len(tables["municipalities"]),
            "used": len(places),
            "dropped": {"outside the roads given": len(tables["municipalities"]) - len(places)},
            "without polygon (reckoned with, not drawn)": int(places.geometry.isna().sum()),
            "seat more than 10 km off the network": int(places["off_network"].sum()),
        },
        "road_nodes": {
            "read": len(tables["road_nodes"]),
            "after cutting beside seats": len(network.nodes),
            "on an arc": len(reached),
        },
        "road_edges": {"read": len(tables["road_edges"]), "after cutting beside seats": len(network.edges)},
    }
