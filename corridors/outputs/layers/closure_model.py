"""The model's parts packed for the map's page, so that a reader may close ports and change laws there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.outputs.layers.changes import classes_key
from corridors.outputs.layers.packing import pack_shares, ranked_ports

if TYPE_CHECKING:
    from corridors.core.results import Results

DIGITS = 5


def whatif_parts(results: Results) -> dict[str, Any] | None:
    """Return the parts as the page's script reads them, ports largest first as on the map; None where a run has none.

    Joint shares and pulls are written in two signs each (`flows.pack_shares`): to a third of a percent.
    """
    parts = results.parts
    if parts is None:
        return None
    order = np.asarray(results.ports.index.get_indexer(ranked_ports(results.ports).index))
    pull = parts.destination_weight[:, :, order]
    return {
        "ports": len(order),
        "state": parts.state.tolist(),
        "us_states": list(parts.us_states),
        "classes": classes_key(),
        "draws": [
            {
                "joint": "".join(pack_shares(joint)),
                "pull": "".join(pack_shares(own / own.max())),
                "power": round(float(power), DIGITS),
                "law": round(float(law), DIGITS),
            }
            for joint, own, power, law in zip(
                parts.group_port_base[:, :, order], pull, parts.power, parts.law, strict=True
            )
        ],
    }
