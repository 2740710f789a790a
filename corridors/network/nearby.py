"""Which port of entry is nearest to a place in the United States by road, and how far in hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.network.districts import hours_from, us_side
from corridors.network.zones import nearest_node

if TYPE_CHECKING:
    from corridors.core.types import FloatArray, Network


def nearest_port(network: Network, lon: FloatArray, lat: FloatArray) -> tuple[list[str], FloatArray]:
    """Return the nearest port's id and the road hours to it, of each point (degrees, EPSG:4326).

    Hours are at class speeds, to the port's side in the United States, the way to the network counted.
    """
    if not len(lon):
        return [], np.empty(0)
    at, off_network = nearest_node(network, us_side(network), lon, lat)
    hours = hours_from(network, network.arcs.port_us)[:, at] + off_network
    best = hours.argmin(axis=0)
    ids = network.ports["poe_id"].astype(str).to_numpy()[best].tolist()
    return ids, hours[best, np.arange(len(best))]
