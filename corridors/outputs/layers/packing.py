"""Flow by what it is part of, packed for the page: the fraction of each place's and road's flow by port, origin and state.

With them the page shows the flow of one port, US state, consular district or Mexican state on both sides of the border.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridors.outputs.layers.encoding import bound, mean
from corridors.outputs.summary.uncertainty import SHOWN90_COLUMNS
from corridors.outputs.text.translations import SMALLEST_SHARE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from corridors.core.results import Results
    from corridors.core.types import FloatArray, IntArray
    from corridors.outputs.layers.closure_payloads import PackedNumbers

    Payload = dict[str, Any]

LEVELS = 63
LEAST_LEVEL = 2
FIRST_SIGN = 63
"""Levels are written as the characters from "?" to "~", none of which ends a script or an attribute."""
TWO_SIGNS = (LEVELS + 1) ** 2 - 1
"""Largest level of two characters."""
DECADES = 6
"""Shares in two characters span this many powers of ten, down from 1."""
MAX_PARTNERS = {"zone": 3, "municipality": 3}
MAX_OTHER_PARTNERS = 5
MIN_PARTNER_SHARE = 0.0005
PAIRS = ({"us", "mx"}, {"consulate", "mx"})
"""Kinds of choice and partner whose bands leave-one-out has shown to be too narrow."""


def ranked_ports(ports: pd.DataFrame) -> pd.DataFrame:
    """Return ports largest first: the order of every part by port in the page."""
    return ports.sort_values(["share_mean", "poe_id"], ascending=[False, True])


def pack(parts: FloatArray) -> list[str]:
    """Return each row of (rows, ports) as a text of one character a port: the root of its fraction of the row, in 64 levels.

    Rows are scaled to sum to 1; a row of zeros stays so. The error of a part p is at most about sqrt(p) / 63; parts under
    .0006 are 0. Zeros at the end are left out.
    """
    level = np.rint(np.sqrt(_parts(parts)) * LEVELS)
    level[level < LEAST_LEVEL] = 0
    return [code.rstrip("?") for code in _written(level)]


def pack_shares(shares: FloatArray) -> list[str]:
    """Return each row of (rows, n) shares as a text of two characters a share: its logarithm, to a third of a percent."""
    values = np.nan_to_num(np.asarray(shares, dtype=np.float64))
    logs = np.log10(np.maximum(values, 10.0**-DECADES)) / DECADES + 1
    level = np.where(values < 10.0**-DECADES, 0, 1 + np.rint(logs * (TWO_SIGNS - 1))).astype(np.int64)
    return pack_counts(level)


def pack_shown(shares: FloatArray) -> list[str]:
    """Return shares that a page only writes, packed: those too small for it to tell apart are the same, and make no text longer."""
    values = np.asarray(shares, dtype=np.float64)
    return pack_shares(np.where((values > 0) & (values < SMALLEST_SHARE), SMALLEST_SHARE / 2, values))


def pack_counts(counts: IntArray) -> list[str]:
    """Return each row of (rows, n) whole numbers under 4,096 as a text of two characters a number."""
    pairs = np.stack(np.divmod(np.clip(counts, 0, TWO_SIGNS), LEVELS + 1), axis=-1)
    return _written(pairs.reshape(len(counts), -1))


def pack_positions(positions: Sequence[int], count: int) -> str:
    """Return positions in a list of at most 4,096 as a text: a character each where the list has at most 64, else two."""
    row = np.asarray(positions, dtype=np.int64).reshape(1, -1)
    return _written(row)[0] if count <= LEVELS + 1 else pack_counts(row)[0]


def pack_numbers(values: FloatArray) -> PackedNumbers:
    """Return numbers as a text of two characters each: 4,095 even steps from the least to the largest, level 0 for -infinity.

    The error is at most half a step.
    """
    known = np.isfinite(values)
    low, high = (float(end) for end in (values[known].min(), values[known].max())) if known.any() else (0, 0)
    low, step = float(f"{low:.12g}"), float(f"{(high - low) / (TWO_SIGNS - 1) or 1.0:.6g}")
    level = 1 + np.maximum(np.rint((np.where(known, values, low) - low) / step), 0).astype(np.int64)
    level[~known] = 0
    return {"low": low, "step": step, "levels": pack_counts(level.reshape(1, -1))[0]}


def _written(levels: FloatArray | IntArray) -> list[str]:
    """Return each row of levels as characters."""
    return [row.tobytes().decode("ascii") for row in (levels + FIRST_SIGN).astype(np.uint8)]


def _parts(flow: FloatArray) -> FloatArray:
    """Return rows scaled to sum to 1, rows of zeros as they are."""
    values = np.nan_to_num(np.asarray(flow, dtype=np.float64))
    total = values.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(values, total, out=np.zeros_like(values), where=total > 0))


def by_port(table: pd.DataFrame | None, key: str, ports: Sequence[str]) -> dict[str, str]:
    """Return the packed parts by port of each place of a table; none where the table is empty."""
    if table is None or table.empty:
        return {}
    wide = table.pivot_table(index=key, columns="poe_id", values="share_mean", aggfunc="sum", fill_value=0.0)
    wide = wide.reindex(columns=list(ports), fill_value=0.0)
    return dict(zip(wide.index.astype(str), pack(wide.to_numpy(dtype=np.float64)), strict=True))


def place_columns(results: Results) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """Return the packed parts of each zone and of each municipality by id, a dictionary a column; none where not kept."""
    ports = ranked_ports(results.ports)["poe_id"].astype(str).tolist()
    zones = {"by_port": by_port(results.zone_port, "zone_id", ports)}
    municipalities = {"by_port": by_port(results.port_municipality, "cvegeo", ports)}
    if (parts := results.parts) is not None:
        origins, states = ranked_sides(results)
        zones["by_state"] = _by_id(results.zones["zone_id"], parts.zone_mx_state[:, states])
        municipalities["by_origin"] = _by_id(
            results.municipalities["cvegeo"], parts.municipality_origin[:, origins]
        )
    return zones, municipalities


def _by_id(ids: pd.Series, flow: FloatArray) -> dict[str, str]:
    """Return the packed rows by id."""
    return dict(zip(ids.astype(str), pack(flow), strict=True))


def ranked_sides(results: Results) -> tuple[IntArray, IntArray]:
    """Return the positions of the origins and of the Mexican states, most flow first: their order in the page."""
    if (parts := results.parts) is None:
        return np.arange(len(results.sides[0])), np.arange(len(results.sides[1]))
    by_origin, by_state = parts.municipality_origin.sum(axis=0), parts.zone_mx_state.sum(axis=0)
    return np.argsort(-by_origin, kind="stable"), np.argsort(-by_state, kind="stable")


def edge_columns(results: Results) -> dict[str, FloatArray]:
    """Return what the page holds of each edge beside its bands, as far as the run knows it, a row an edge.

    Keys: `by_port`, `by_origin` and `by_state`, fractions of the edge's flow that sum to 1 or 0, in the page's order of ports
    and in that of `ranked_sides`; `variants`, its share in each variant but the run's own.
    """
    found = {}
    if (parts := results.parts) is not None:
        order = ranked_ports(results.ports.reset_index(drop=True)).index.to_numpy()
        origins, states = ranked_sides(results)
        found["by_port"] = _parts(parts.edge_port[:, order])
        found["by_origin"] = _parts(parts.edge_origin[:, origins])
        found["by_state"] = _parts(parts.edge_mx_state[:, states])
    if results.variants:
        found["variants"] = np.column_stack([one.edges for one in results.variants[1:]])
    return found


def partners(results: Results) -> dict[str, dict[str, list[list[Any]]]]:
    """Return, for each choice the reader has, the largest shares of the whole flow that it takes part in.

    Where crossing cities are known, those of a state, zone, municipality or district are listed in place of its ports. Keys are "crossing.ID", "port.ID", "us.TX", "mx.28", "zone.ID", "municipality.ID", and "consulate." with its city; a value is, by
    kind, a list of [id, mean, lower and upper bound of the 90% band, whether the band is probably too narrow]: that of a
    destination of a state or district that no published figure names.
    """
    found: dict[str, dict[str, list[list[Any]]]] = {}
    for table, one, other in (
        (results.us_state_port, ("us", "us_state"), ("port", "poe_id")),
        (results.state_pairs, ("us", "us_state"), ("mx", "mx_state")),
        (results.port_mx_state, ("port", "poe_id"), ("mx", "mx_state")),
        (results.us_state_crossing, ("us", "us_state"), ("crossing", "crossing_city")),
        (results.crossing_mx_state, ("crossing", "crossing_city"), ("mx", "mx_state")),
        (results.zone_crossing, ("zone", "zone_id"), ("crossing", "crossing_city")),
        (results.crossing_municipality, ("crossing", "crossing_city"), ("municipality", "cvegeo")),
        (results.zone_port, ("zone", "zone_id"), ("port", "poe_id")),
        (results.port_municipality, ("port", "poe_id"), ("municipality", "cvegeo")),
        (
            None if results.districts is None else results.districts.crossings,
            ("consulate", "consulate"),
            ("crossing", "crossing_city"),
        ),
        (
            None if results.districts is None else results.districts.ports,
            ("consulate", "consulate"),
            ("port", "poe_id"),
        ),
        (
            None if results.districts is None else results.districts.destinations,
            ("consulate", "consulate"),
            ("mx", "mx_state"),
        ),
    ):
        if table is None or table.empty:
            continue
        for owner, partner in ((one, other), (other, one)):
            most = MAX_PARTNERS.get(owner[0], MAX_OTHER_PARTNERS)
            unpublished = {owner[0], partner[0]} in PAIRS
            for key, rows in _largest(table, owner[1], partner[1], most, unpublished=unpublished).items():
                found.setdefault(f"{owner[0]}.{key}", {})[partner[0]] = rows
    for kinds in found.values():
        if "crossing" in kinds:
            kinds.pop("port", None)
    return found


def _largest(
    table: pd.DataFrame, owner: str, partner: str, most: int, *, unpublished: bool
) -> Mapping[str, list[list[Any]]]:
    """Return the largest rows of each owner, each marked where it is of a pair of states that no published figure is of."""
    known = table.get("published", not unpublished)
    some = table[table["share_mean"] >= MIN_PARTNER_SHARE].assign(known=known)
    top = some.sort_values(["share_mean", partner], ascending=[False, True]).groupby(owner).head(most)
    found: dict[str, list[list[Any]]] = {}
    for row in top[[owner, partner, *SHOWN90_COLUMNS, "known"]].itertuples(index=False):
        shares = [mean(row[2]), *(bound(value) for value in row[3:-1])]
        found.setdefault(str(row[0]), []).append([str(row[1]), *shares, int(not row[-1])])
    return found
