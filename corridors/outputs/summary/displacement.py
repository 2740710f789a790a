"""What scenarios do, as tables: draws of a change to medians and bands, and which of them can be told from nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from corridors.outputs.summary.bands import DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from corridors.core.scenario import Displacement, Scenario, ScenarioFlow
    from corridors.core.types import BoolArray, FloatArray, Network
    from corridors.outputs.summary.corridors import Chain

CHANGE_QUANTILES = (0.5, 0.25, 0.75, 0.05, 0.95)
CHANGE_COLUMNS = ("change_median", "change_lo50", "change_hi50", "change_lo90", "change_hi90")
ELASTIC_COLUMNS = tuple(name.replace("change", "elastic") for name in CHANGE_COLUMNS)
ARROW = " → "
MIN_EDGE_CHANGE = 5e-4
"""A road whose share changes by less in nine draws of ten, either way, is not listed."""
ZERO_CHANGE = 1e-5
"""Changes as small as a thousandth of a percentage point are no changes: in a model of shares each moves all others."""
MIN_LOSS = 1e-9
"""Flow that a named port must lose for others' gains to be counted in parts of it."""


@dataclass(frozen=True, slots=True)
class Places:
    """What shares are added up over, and how it is called.

    Parameters
    ----------
    ports
        (ports,) `poe_id name_us name_mx us_state mx_state lon lat`.
    us_states, mx_states
        Codes and names of the states, in the order of the draws.
    offices, districts
        Names of the consulates, and (zones, consulates) the part of each zone in their districts; rows sum to 1.
    corridors, chains
        The named corridors and their edges.
    """

    ports: pd.DataFrame
    us_states: Sequence[tuple[str, str]]
    mx_states: Sequence[tuple[str, str]]
    offices: Sequence[str]
    districts: FloatArray
    corridors: gpd.GeoDataFrame
    chains: Sequence[Chain]


def change_table(outcome: Displacement, places: Places, km: FloatArray) -> pd.DataFrame:
    """Return the change of every port, corridor, state pair, state and consular district under a scenario.

    Parameters
    ----------
    outcome
        The flow without and with the scenario.
    places
        What it is added up over.
    km
        (edges,) lengths: a corridor's share is the mean over its length.

    Returns
    -------
    DataFrame
        `scenario kind key name before_median after_median change_median change_lo50 … change_hi90` in shares of the whole
        flow under a fixed total; `elastic_…` in shares of the flow before, under a total that answers;
        `rises` the part of draws in which the change is upward; `distinguishable` whether the 90 % band leaves out 0 and
        all within `ZERO_CHANGE` of it, and `elastic_distinguishable`; `taken_median taken_lo90 taken_hi90` the part of what the named ports lose that each
        other port takes up, where the scenario names ports alone.
    """
    first = _first_of_worlds(outcome)
    pairs = [
        (f"{us}>{mx}", f"{us_name}{ARROW}{mx_name}")
        for us, us_name in places.us_states
        for mx, mx_name in places.mx_states
    ]
    ports = list(
        zip(places.ports["poe_id"], places.ports["name_us"] + " / " + places.ports["name_mx"], strict=True)
    )
    roads = list(zip(places.corridors["corridor_id"], places.corridors["name"], strict=True))
    before, after, total = outcome.before, outcome.after, outcome.total
    families = [
        ("port", ports, before.port, after.port, total),
        ("corridor", roads, *(_along(one, places.chains, km) for one in (before, after)), total[first]),
        ("us_state", places.us_states, *(one.state_pair.sum(axis=2) for one in (before, after)), total),
        ("mx_state", places.mx_states, *(one.state_pair.sum(axis=1) for one in (before, after)), total),
        ("state_pair", pairs, *(one.state_pair.reshape(len(total), -1) for one in (before, after)), total),
        (
            "consulate",
            [(name, name) for name in places.offices],
            *(one.zone @ places.districts for one in (before, after)),
            total,
        ),
    ]
    table = pd.concat([_rows(*family) for family in families], ignore_index=True)
    taken = _taken(outcome)
    if taken is not None:
        for name, values in zip(("taken_median", "taken_lo90", "taken_hi90"), taken, strict=True):
            table.loc[table["kind"] == "port", name] = values
    table.insert(0, "scenario", outcome.id)
    return table


def edge_changes(outcome: Displacement, network: Network) -> gpd.GeoDataFrame:
    """Return the roads whose share changes, with their bands, EPSG:4326 lines; columns as in `change_table`."""
    change = outcome.after.edge - outcome.before.edge
    bands = np.quantile(change, CHANGE_QUANTILES, axis=0).round(DIGITS)
    kept = np.flatnonzero(np.abs(bands[3:]).max(axis=0) >= MIN_EDGE_CHANGE)
    columns = ["edge_id", "ref", "road_class", "country", "toll", "km"]
    table = network.edges.iloc[kept][[*columns, "geometry"]].reset_index(drop=True)
    share = {
        f"{name}_median": np.median(one.edge[:, kept], axis=0).round(DIGITS)
        for name, one in (("before", outcome.before), ("after", outcome.after))
    }
    told = dict(zip(CHANGE_COLUMNS, bands[:, kept], strict=True))
    found = table.assign(
        scenario=outcome.id,
        **share,
        **told,
        distinguishable=_apart(told["change_lo90"], told["change_hi90"]),
    )
    order = ["scenario", *columns, *share, *CHANGE_COLUMNS, "distinguishable", "geometry"]
    return found[order].set_geometry("geometry").set_crs(4326, allow_override=True)


def comparison(
    scenarios: Sequence[Scenario], outcomes: Sequence[Displacement], changes: pd.DataFrame
) -> pd.DataFrame:
    """Return one row a scenario.

    Returns
    -------
    DataFrame
        `scenario name_es name_en`; `moved_…` the part of the flow that crosses at another port; `total_…` by how much the
        whole flow changes where it may; `ratio_…` the displacement ratio then, empty where it has none (under a fixed
        total it is 1); `ports`, `corridors`, … how many of each can be told from no change.
    """
    told = changes[changes["distinguishable"]].groupby(["scenario", "kind"]).size()
    rows = []
    for scenario, outcome in zip(scenarios, outcomes, strict=True):
        moved = np.abs(outcome.after.port - outcome.before.port).sum(axis=1) / 2
        row: dict[str, object] = {
            "scenario": scenario.id,
            "name_es": scenario.name.es,
            "name_en": scenario.name.en,
            **_band("moved", moved),
            **_band("total", outcome.total - 1),
            **_band("ratio", outcome.ratio),
        }
        for kind in changes["kind"].unique():
            row[f"told_{kind}"] = int(told.get((scenario.id, kind), 0))
        rows.append(row)
    return pd.DataFrame(rows)


def expected_signs(scenarios: Sequence[Scenario], changes: pd.DataFrame) -> pd.DataFrame | None:
    """Return, for each dated scenario, which way the flow into each Mexican state and port should have gone; None if none is.

    Returns
    -------
    DataFrame
        `scenario start end kind key name expected rises`: "rise" or "fall" where the 90 % band of the change leaves 0 out,
        "none" elsewhere; `rises` is the part of draws that rise.
    """
    dated = {one.id: one.event for one in scenarios if one.event is not None}
    rows = changes[changes["scenario"].isin(dated) & changes["kind"].isin(["mx_state", "port"])]
    if rows.empty:
        return None
    sign = np.where(rows["change_median"] > 0, "rise", "fall")
    found = rows[["scenario", "kind", "key", "name", "rises"]].assign(
        start=[dated[one].start.isoformat() for one in rows["scenario"]],
        end=["" if dated[one].end is None else str(dated[one].end) for one in rows["scenario"]],
        expected=np.where(rows["distinguishable"], sign, "none"),
    )
    return found[["scenario", "start", "end", "kind", "key", "name", "expected", "rises"]]


def _first_of_worlds(outcome: Displacement) -> slice:
    """Return which draws the edges are of: the first of each world, all of which have as many."""
    return slice(None, None, len(outcome.total) // max(1, len(outcome.before.edge)))


def _along(shift: ScenarioFlow, chains: Sequence[Chain], km: FloatArray) -> FloatArray:
    """Return (worlds, corridors) mean share along each corridor."""
    rows = [shift.edge[:, one.edges] @ (km[one.edges] / km[one.edges].sum()) for one in chains]
    return np.column_stack(rows) if rows else np.zeros((len(shift.edge), 0))


def _rows(
    kind: str, names: Sequence[tuple[str, str]], before: FloatArray, after: FloatArray, total: FloatArray
) -> pd.DataFrame:
    """Return the rows of one family."""
    change = after - before
    fixed = np.quantile(change, CHANGE_QUANTILES, axis=0).round(DIGITS)
    elastic = np.quantile(after * total[:, None] - before, CHANGE_QUANTILES, axis=0).round(DIGITS)
    return pd.DataFrame(
        {
            "kind": kind,
            "key": [key for key, _ in names],
            "name": [name for _, name in names],
            "before_median": np.median(before, axis=0).round(DIGITS),
            "after_median": np.median(after, axis=0).round(DIGITS),
            **dict(zip(CHANGE_COLUMNS, fixed, strict=True)),
            **dict(zip(ELASTIC_COLUMNS, elastic, strict=True)),
            "rises": (change > 0).mean(axis=0).round(4),
            "distinguishable": _apart(*fixed[3:]),
            "elastic_distinguishable": _apart(*elastic[3:]),
        }
    )


def _apart(low: FloatArray, high: FloatArray) -> BoolArray:
    """Return whether a band leaves out 0 and what is as good as 0."""
    return (low > ZERO_CHANGE) | (high < -ZERO_CHANGE)


def _taken(outcome: Displacement) -> FloatArray | None:
    """Return (3, ports) median and 90 % band of the part of the named ports' loss that each other port takes up."""
    if not len(outcome.ports):
        return None
    change = outcome.after.port - outcome.before.port
    own = change[:, outcome.ports].sum(axis=1)
    part: FloatArray = np.full(change.shape, np.nan)
    np.divide(-change, own[:, None], out=part, where=np.abs(own[:, None]) > MIN_LOSS)
    part[:, outcome.ports] = np.nan
    found = np.full((3, part.shape[1]), np.nan)
    known = ~np.isnan(part).any(axis=0)
    found[:, known] = np.quantile(part[:, known], (0.5, 0.05, 0.95), axis=0).round(DIGITS)
    return found


def _band(name: str, values: FloatArray) -> dict[str, float]:
    """Return median and 90 % band of draws, NaN where a draw has none."""
    found = np.quantile(values, (0.5, 0.05, 0.95)).round(DIGITS)
    return dict(zip((f"{name}_median", f"{name}_lo90", f"{name}_hi90"), found.tolist(), strict=True))
