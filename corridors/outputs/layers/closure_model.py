"""The closure model packed for the map page, where a reader may close ports and change laws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridors.core.closures import TripClosureModel
from corridors.outputs.layers.changes import classes_key
from corridors.outputs.layers.packing import pack_numbers, pack_shares, ranked_ports

if TYPE_CHECKING:
    from corridors.core.closures import PortClosureModel
    from corridors.core.results import Results
    from corridors.core.types import FloatArray, IntArray
    from corridors.outputs.layers.closure_payloads import (
        ClosureModelIsland,
        PackedNumbers,
        PortClosureIsland,
        TripClosureDraw,
        TripClosureIsland,
    )

DIGITS = 5
MAX_HOURS = 200.0
"""Hours of a leg as the page holds them at most: no flow is left beyond, and a wider range has coarser steps."""
SMALLEST_LOG = -60.0
"""A log this far below the largest of its kind counts as minus infinity."""


def closure_model_payload(results: Results) -> ClosureModelIsland | None:
    """Return the closure model as the page's script reads it, ports largest first as on the map; None without one."""
    model = results.closure_model
    if model is None:
        return None
    order = np.asarray(results.ports.index.get_indexer(ranked_ports(results.ports).index))
    return _trip(model, order) if isinstance(model, TripClosureModel) else _port(model, order)


def _port(model: PortClosureModel, order: IntArray) -> PortClosureIsland:
    """Return the model of the structure "port".

    Shares and weights take two characters each (`packing.pack_shares`): exact to a third of a percent.
    """
    weight = model.destination_weight[:, :, order]
    return {
        "structure": "port",
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


def _trip(model: TripClosureModel, order: IntArray) -> TripClosureIsland:
    """Return the model of the structure "trip", arrays in two characters a number (`packing.pack_numbers`)."""
    return {
        "structure": "trip",
        "ports": len(order),
        "city": model.port_city[order].tolist(),
        "us_state": model.us_state.tolist(),
        "mx_state": model.mx_state.tolist(),
        "mx_states": model.affinity.shape[2],
        "us_states": list(model.us_states),
        "nest_scale": round(model.nest_scale, DIGITS),
        "min_hours": model.min_hours,
        "us": pack_numbers(np.minimum(model.us[:, order], MAX_HOURS)),
        "mx": pack_numbers(np.minimum(model.mx[order].T, MAX_HOURS)),
        "classes": classes_key(),
        "draws": [_trip_draw(model, n, order) for n in range(len(model.theta))],
    }


def _trip_draw(model: TripClosureModel, n: int, order: IntArray) -> TripClosureDraw:
    """Return one draw of the structure "trip"."""
    return {
        "theta": round(float(model.theta[n]), DIGITS),
        "us_weight": round(float(model.us_weight[n]), DIGITS),
        "beta": round(float(model.beta[n]), DIGITS),
        "power": round(float(model.power[n]), DIGITS),
        "kappa": round(float(model.kappa[n]), DIGITS),
        "nu": round(float(model.nu[n]), DIGITS),
        "law": round(float(model.law[n]), DIGITS),
        "attraction": _pack_logs(model.attraction[n, order]),
        "supply": _pack_logs(model.supply[n]),
        "demand": _pack_logs(model.demand[n]),
        "affinity": _pack_logs(model.affinity[n]),
    }


def _pack_logs(values: FloatArray) -> PackedNumbers:
    """Return logs packed, those of nothing as minus infinity."""
    return pack_numbers(np.where(values < values.max() + SMALLEST_LOG, -np.inf, values))
