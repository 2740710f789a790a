"""Whose flow passes where, packed for the page: the part of each place's and each road's flow by port of entry.

The border is a cut: given the port, where a trip starts and where it ends are independent in the model. So the
parts by port are all that the page needs to show the flow of one port, one state or one place on the other side
of the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from corridors.base.results import Results
    from corridors.base.types import Floats

    Payload = dict[str, Any]

LEVELS = 63
FIRST_SIGN = 63
"""Levels are written as the signs from "?" to "~", none of which ends a script or an attribute."""
MOST_PARTNERS = {"zone": 3, "municipality": 3}
OTHER_PARTNERS = 5
SMALLEST = 0.0005
WIDE = ("share_median", "share_lo90", "share_hi90")


def ranked_ports(ports: pd.DataFrame) -> pd.DataFrame:
    """Return ports largest first: the order of every part by port in the page."""
    return ports.sort_values(["share_median", "poe_id"], ascending=[False, True])


def pack(parts: Floats) -> list[str]:
    """Return each row of (rows, ports) as a text of one sign a port: the root of its part of the row, in 64 levels.

    Rows are scaled to sum to 1; a row of zeros stays so. The error of a part p is at most about sqrt(p) / 63.
    """
    values = np.nan_to_num(np.asarray(parts, dtype=np.float64))
    total = values.sum(axis=1, keepdims=True)
    scaled = np.divide(values, total, out=np.zeros_like(values), where=total > 0)
    signs = (np.rint(np.sqrt(scaled) * LEVELS) + FIRST_SIGN).astype(np.uint8)
    return [row.tobytes().decode("ascii") for row in signs]


def by_port(table: pd.DataFrame | None, key: str, ports: Sequence[str]) -> dict[str, str]:
    """Return the packed parts by port of each place of a table; none where the table is empty."""
    if table is None or table.empty:
        return {}
    wide = table.pivot_table(
        index=key, columns="poe_id", values="share_median", aggfunc="sum", fill_value=0.0
    )
    wide = wide.reindex(columns=list(ports), fill_value=0.0)
    return dict(zip(wide.index.astype(str), pack(wide.to_numpy(dtype=np.float64)), strict=True))


def edge_parts(results: Results) -> Floats | None:
    """Return (edges, ports) parts of each edge's flow, rows summing to 1 or 0, in the page's order of ports, or None."""
    if results.edge_port is None:
        return None
    order = ranked_ports(results.ports.reset_index(drop=True)).index.to_numpy()
    flow = np.nan_to_num(np.asarray(results.edge_port, dtype=np.float64)[:, order])
    total = flow.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(flow, total, out=np.zeros_like(flow), where=total > 0))


def partners(results: Results) -> Payload:
    """Return, for each choice the reader has, the largest shares of the whole flow that it takes part in.

    Keys are "port.ID", "us.TX", "mx.28", "zone.ID", "municipality.ID"; a value is a list of [kind, id, median, lower
    and upper bound of the 90% band].
    """
    found: dict[str, list[list[Any]]] = {}
    for table, one, other in (
        (results.us_state_port, ("us", "us_state"), ("port", "poe_id")),
        (results.state_pairs, ("us", "us_state"), ("mx", "mx_state")),
        (results.port_mx_state, ("port", "poe_id"), ("mx", "mx_state")),
        (results.zone_port, ("zone", "zone_id"), ("port", "poe_id")),
        (results.port_municipality, ("port", "poe_id"), ("municipality", "cvegeo")),
    ):
        if table is None or table.empty:
            continue
        for owner, partner in ((one, other), (other, one)):
            most = MOST_PARTNERS.get(owner[0], OTHER_PARTNERS)
            for key, rows in _largest(table, owner[1], partner[1], most).items():
                found.setdefault(f"{owner[0]}.{key}", []).extend([partner[0], *row] for row in rows)
    return found


def _largest(table: pd.DataFrame, owner: str, partner: str, most: int) -> Mapping[str, list[list[Any]]]:
    """Return the largest rows of each owner."""
    some = table[table["share_median"] >= SMALLEST]
    top = some.sort_values(["share_median", partner], ascending=[False, True]).groupby(owner).head(most)
    found: dict[str, list[list[Any]]] = {}
    for row in top[[owner, partner, *WIDE]].itertuples(index=False):
        shares = [round(float(value), 5) for value in row[2:]]
        found.setdefault(str(row[0]), []).append([str(row[1]), *shares])
    return found
