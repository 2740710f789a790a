"""Layers of a what-if: roads that gain and roads that lose, distinguished by dash as well as by colour.

A gain is a whole line, a loss a dashed one; where the 90 % band of a change reaches 0 the line is pale.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.core.results import SHARE_DIGITS
from corridors.outputs.layers import encoding, palette
from corridors.outputs.layers.encoding import classify, number, texts
from corridors.outputs.layers.layers import LayerSpec
from corridors.outputs.layers.lines import chain_layer

if TYPE_CHECKING:
    import geopandas as gpd

    from corridors.core.types import IntArray
    from corridors.outputs.layers.closure_payloads import ChangeClasses
    from corridors.outputs.layers.payloads import CorridorLayer

    Payload = dict[str, Any]

BREAKS = (0.001, 0.005, 0.02, 0.05)
WIDTHS = (1.4, 2.4, 3.8, 5.4)
GAINS = palette.Classes(BREAKS, ("#8073ac", "#6a51a3", "#54278f", "#2d004b"), WIDTHS)
LOSSES = palette.Classes(BREAKS, ("#b5701c", "#b35806", "#8a4207", "#5c2a04"), WIDTHS)
DASH = "6 4"
PALE, PLAIN = 0.4, 1.0
TRUE_MINUS = "\N{MINUS SIGN}"


def classes_key() -> ChangeClasses:
    """Return what the page needs to draw changes of its own."""
    return {"gain": GAINS.colours, "loss": LOSSES.colours, "breaks": BREAKS, "widths": WIDTHS}


def points(value: float | None) -> str:
    """Return a change of share in percentage points, with its sign; both languages write it so.

    Examples
    --------
    >>> points(0.0123), points(0.2), points(0.00001)
    ('+1.2', '+20', '0')
    """
    if value is None or math.isnan(value):
        return "\N{EN DASH}"
    size = abs(100 * value)
    written = f"{size:.{0 if size >= 10 else 1 if size >= 1 else 2}f}"
    if float(written) == 0:
        return "0"
    return ("+" if value > 0 else TRUE_MINUS) + written


def point_band(low: float | None, high: float | None) -> str:
    """Return a band of changes, in percentage points."""
    ends = points(low), points(high)
    return ends[0] if ends[0] == ends[1] else " \N{HORIZONTAL ELLIPSIS} ".join(ends)


def change_layers(number_: int, edges: gpd.GeoDataFrame) -> list[LayerSpec]:
    """Return the four layers of a scenario: losses and gains, those whose band includes zero below.

    Parameters
    ----------
    number_
        Of the scenario, in the layers' ids.
    edges
        As `displacement.edge_changes` gives them.
    """
    specs = []
    for sure in (False, True):
        for name, sign, classes in (("loss", -1, LOSSES), ("gain", 1, GAINS)):
            drawn = edges[
                (sign * edges["change_mean"] >= BREAKS[0]) & (edges["distinguishable"] == sure)
            ].reset_index(drop=True)
            payload = _lines(drawn, classes, order=60 + 10 * sure)
            payload |= {"dash": DASH if sign < 0 else "", "opacity": PLAIN if sure else PALE}
            specs.append(LayerSpec(f"{name}_{'sure' if sure else 'unsure'}_{number_}", payload, show=False))
    return specs


def _lines(drawn: gpd.GeoDataFrame, classes: palette.Classes, order: int) -> CorridorLayer:
    """Return the payload of one layer: edges of one road and class joined into chains, the weakest first."""
    drawn = drawn.assign(bin=classify(drawn["change_mean"].abs(), classes), ref=texts(drawn["ref"]))
    groups = drawn.groupby(["ref", "bin"], sort=True).ngroup().to_numpy(dtype=np.int64)
    lines = drawn.geometry.to_numpy()
    chain = encoding.chains(lines, groups)
    found = [_chain(drawn, lines, np.flatnonzero(chain == one)) for one in range(chain.max(initial=-1) + 1)]
    found = sorted((one for one in found if one["shape"]), key=lambda one: one["bin"])
    fields = [
        ["whatif.change", "text", "change"],
        ["whatif.band", "text", "band"],
        ["whatif.before", "share", "before"],
        ["whatif.after", "share", "after"],
    ]
    columns = ("ref", "change", "band", "before", "after")
    return chain_layer(found, classes, order, columns, fields=fields, note="label.stretch_note")


def _chain(edges: gpd.GeoDataFrame, lines: Any, rows: IntArray) -> Payload:
    """Return one chain: its line, length-weighted means, the band that covers all its edges."""
    part = edges.iloc[rows]
    weights = part["km"].clip(lower=1e-6).to_numpy(dtype=np.float64)
    mean = {
        name: float(np.average(part[f"{name}_mean"], weights=weights))
        for name in ("change", "before", "after")
    }
    return {
        "shape": encoding.join(lines[rows]),
        "bin": int(part["bin"].iloc[0]),
        "ref": part["ref"].iloc[0],
        "change": points(mean["change"]),
        "band": point_band(part["change_lo90"].min(), part["change_hi90"].max()),
        "before": number(mean["before"], SHARE_DIGITS),
        "after": number(mean["after"], SHARE_DIGITS),
    }
