"""The closure model packed for the map page, where a reader may close ports and change laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.outputs.layers.changes import classes_key
from corridors.outputs.layers.packing import pack_shares, ranked_ports

if TYPE_CHECKING:
    from corridors.core.results import Results
    from corridors.outputs.layers.payloads import ClosureModelIsland

DIGITS = 5


def closure_model_payload(results: Results) -> ClosureModelIsland | None:
    """Return the closure model as the page's script reads it, ports largest first as on the map; None without one.

    Shares and weights take two characters each (`packing.pack_shares`): exact to a third of a percent.
    """
    model = results.closure_model
    if model is None:
        return None
    order = np.asarray(results.ports.index.get_indexer(ranked_ports(results.ports).index))
    weight = model.destination_weight[:, :, order]
    return {
        "ports": len(order),
        "state": model.state.tolist(),
        "us_states": list(model.us_states),
        "classes": classes_key(),
        "draws": [
            {
                "group_port_base": "".join(pack_shares(base)),
                "destination_weight": "".join(pack_shares(own / own.max())),
                "power": round(float(power), DIGITS),
                "law": round(float(law), DIGITS),
            }
            for base, own, power, law in zip(
                model.group_port_base[:, :, order], weight, model.power, model.law, strict=True
            )
        ],
    }
