"""Changes under scenarios, as tables: means and bands of the draws, and which changes differ from zero."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

from corridors.core.results import SHARE_DIGITS, ChangeGroups, Changes
from corridors.outputs.summary.crossings import city_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from corridors.core.scenario import Displacement, Scenario, ScenarioFlow
    from corridors.core.types import BoolArray, FloatArray, IntArray, Network

Table = TypeVar("Table", bound=pd.DataFrame)
CHANGE_QUANTILES = (0.5, 0.25, 0.75, 0.05, 0.95)
CHANGE_COLUMNS = (
    "change_mean",
    "change_median",
    "change_lo50",
    "change_hi50",
    "change_lo90",
    "change_hi90",
)
"""Mean, then the quantiles of `CHANGE_QUANTILES`."""
ELASTIC_COLUMNS = tuple(name.replace("change", "elastic") for name in CHANGE_COLUMNS)
TAKEN_COLUMNS = ("taken_mean", "taken_median", "taken_lo90", "taken_hi90")
ARROW = " → "
MIN_EDGE_CHANGE = 5e-4
"""A road is listed if its share changes by at least this much at an end of the 90 % band."""
ZERO_CHANGE = 1e-5
"""Changes under a thousandth of a percentage point count as zero: in a model of shares every change moves all others."""
MIN_LOSS = 1e-9
"""Smallest loss of the named ports that the gains of others are divided by."""


def summarise_changes(
    scenarios: Sequence[Scenario],
    displacements: Sequence[Displacement],
    groups: ChangeGroups,
    network: Network,
    kind: str,
) -> Changes:
    """Return the changes of every place and road under each scenario, with bands.

    Parameters
    ----------
    scenarios, displacements
        The scenarios, and the flow without and with each.
    groups
        The places that flow is summed over.
    network
        The network the flow is on.
    kind
        Of the draws, as in `FlowDraws`. Without a fitted posterior bounds are left empty (NaN), as in `bands`, and
        no change is called distinguishable.
    """
    km = network.edges["km"].to_numpy(dtype=np.float64)
    tables = [change_table(one, groups, km) for one in displacements]
    edges = [edge_changes(one, network) for one in displacements]
    if kind != "posterior":
        tables, edges = [_unbound(one) for one in tables], [_unbound(one) for one in edges]
    changes = pd.concat(tables, ignore_index=True)
    members = city_members(groups.crossings, groups.ports)
    compared = compare_scenarios(scenarios, displacements, changes, members)
    return Changes(scenarios, tables, edges, _unbound(compared) if kind != "posterior" else compared, groups)


def _unbound(table: Table) -> Table:
    """Return a table without bounds, and without what is read off them."""
    empty = table.copy()
    empty[table.filter(regex="_(lo|hi)[59]0$|^rises$").columns] = np.nan
    empty[table.filter(regex="distinguishable$").columns] = False
    return empty


def change_table(displacement: Displacement, groups: ChangeGroups, km: FloatArray) -> pd.DataFrame:
    """Return the change of every crossing city, port, corridor, state pair, state and consular district under a scenario.

    Parameters
    ----------
    displacement
        The flow without and with the scenario.
    groups
        The places that flow is summed over.
    km
        (edges,) lengths: a corridor's share is the mean over its length.

    Returns
    -------
    DataFrame
        `scenario kind key name before_mean after_mean before_median after_median change_mean change_median change_lo50 …
        change_hi90` in shares of the whole flow under a fixed total; means add up, and `change_mean` is `after_mean` less
        `before_mean`; `elastic_…` in shares of the flow before, under an elastic total;
        `rises` the fraction of draws in which the change is upward; `distinguishable` whether the 90 % band excludes 0 and
        all within `ZERO_CHANGE` of it, and `elastic_distinguishable`; `taken_mean taken_median taken_lo90 taken_hi90` the
        fraction of what the named ports lose that each other port takes up, where the scenario names ports alone: the mean
        is that of the mean changes, the rest are quantiles of each draw's own fraction.
    """
    pairs = [
        (f"{us}>{mx}", f"{us_name}{ARROW}{mx_name}")
        for us, us_name in groups.us_states
        for mx, mx_name in groups.mx_states
    ]
    ports = list(
        zip(groups.ports["poe_id"], groups.ports["name_us"] + " / " + groups.ports["name_mx"], strict=True)
    )
    roads = list(zip(groups.corridors["corridor_id"], groups.corridors["name"], strict=True))
    before, after, total = displacement.before, displacement.after, displacement.total
    cities = list(zip(groups.crossings["crossing_city"], groups.crossings["name_en"], strict=True))
    members = city_members(groups.crossings, groups.ports)
    families = [
        ("crossing_city", cities, before.port @ members, after.port @ members, total),
        ("port", ports, before.port, after.port, total),
        (
            "corridor",
            roads,
            *(_along_corridors(one, groups.corridor_edges, km) for one in (before, after)),
            total,
        ),
        ("us_state", groups.us_states, *(one.state_pair.sum(axis=2) for one in (before, after)), total),
        ("mx_state", groups.mx_states, *(one.state_pair.sum(axis=1) for one in (before, after)), total),
        ("state_pair", pairs, *(one.state_pair.reshape(len(total), -1) for one in (before, after)), total),
        (
            "consulate",
            [(name, name) for name in groups.offices],
            *(one.zone @ groups.districts for one in (before, after)),
            total,
        ),
    ]
    table = pd.concat([_rows(*family) for family in families], ignore_index=True)
    uptake = _uptake(displacement)
    if uptake is not None:
        for name, values in zip(TAKEN_COLUMNS, uptake, strict=True):
            table.loc[table["kind"] == "port", name] = values
    table.insert(0, "scenario", displacement.id)
    return table


def edge_changes(displacement: Displacement, network: Network) -> gpd.GeoDataFrame:
    """Return the roads whose share changes, with their bands, EPSG:4326 lines; columns as in `change_table`."""
    change = displacement.after.edge - displacement.before.edge
    found = _mean_and_quantiles(change.astype(np.float64))
    kept = np.flatnonzero(np.abs(found[-2:]).max(axis=0) >= MIN_EDGE_CHANGE)
    columns = ["edge_id", "ref", "road_class", "country", "toll", "km"]
    table = network.edges.iloc[kept][[*columns, "geometry"]].reset_index(drop=True)
    share = {
        f"{name}_{kind}": of(one.edge[:, kept].astype(np.float64), axis=0).round(SHARE_DIGITS)
        for kind, of in (("mean", np.mean), ("median", np.median))
        for name, one in (("before", displacement.before), ("after", displacement.after))
    }
    change_bands = dict(zip(CHANGE_COLUMNS, found[:, kept], strict=True))
    changed = table.assign(
        scenario=displacement.id,
        **share,
        **change_bands,
        distinguishable=_excludes_zero(change_bands["change_lo90"], change_bands["change_hi90"]),
    )
    order = ["scenario", *columns, *share, *CHANGE_COLUMNS, "distinguishable", "geometry"]
    return changed[order].set_geometry("geometry").set_crs(4326, allow_override=True)


def compare_scenarios(
    scenarios: Sequence[Scenario],
    displacements: Sequence[Displacement],
    changes: pd.DataFrame,
    members: FloatArray,
) -> pd.DataFrame:
    """Return one row a scenario.

    Parameters
    ----------
    scenarios, displacements
        The scenarios, and the flow without and with each.
    changes
        As `change_table` returns them, of all scenarios.
    members
        (ports, crossing cities) 1 where a port is of a city.

    Returns
    -------
    DataFrame
        `scenario name_es name_en`; `moved_city_…` the fraction of the flow that crosses at another crossing city; `moved_…` that
        which crosses at another port, those inside its city included; `total_…` the change of
        the whole flow under an elastic total; `ratio_…` the displacement ratio then, empty where it is undefined (under a
        fixed total it is 1); `told_port`, `told_corridor`, … how many of each kind change by more than zero.
    """
    counts = changes[changes["distinguishable"]].groupby(["scenario", "kind"]).size()
    rows = []
    for scenario, displacement in zip(scenarios, displacements, strict=True):
        moved = displacement.after.port - displacement.before.port
        row: dict[str, object] = {
            "scenario": scenario.id,
            "name_es": scenario.name.es,
            "name_en": scenario.name.en,
            **_band("moved_city", np.abs(moved @ members).sum(axis=1) / 2),
            **_band("moved", np.abs(moved).sum(axis=1) / 2),
            **_band("total", displacement.total - 1),
            **_band("ratio", displacement.ratio),
        }
        for kind in changes["kind"].unique():
            row[f"told_{kind}"] = int(counts.get((scenario.id, kind), 0))
        rows.append(row)
    return pd.DataFrame(rows)


def expected_signs(scenarios: Sequence[Scenario], changes: pd.DataFrame) -> pd.DataFrame | None:
    """Return the expected direction of change of each Mexican state, crossing city and port under each dated scenario; None without one.

    Returns
    -------
    DataFrame
        `scenario start end kind key name expected rises`: "rise" or "fall" where the 90 % band of the change excludes 0,
        "none" elsewhere; `rises` is the fraction of draws that rise.
    """
    dated = {one.id: one.event for one in scenarios if one.event is not None}
    rows = changes[
        changes["scenario"].isin(dated) & changes["kind"].isin(["mx_state", "crossing_city", "port"])
    ]
    if rows.empty:
        return None
    sign = np.where(rows["change_mean"] > 0, "rise", "fall")
    found = rows[["scenario", "kind", "key", "name", "rises"]].assign(
        start=[dated[one].start.isoformat() for one in rows["scenario"]],
        end=["" if dated[one].end is None else str(dated[one].end) for one in rows["scenario"]],
        expected=np.where(rows["distinguishable"], sign, "none"),
    )
    return found[["scenario", "start", "end", "kind", "key", "name", "expected", "rises"]]


def _along_corridors(flow: ScenarioFlow, corridor_edges: Sequence[IntArray], km: FloatArray) -> FloatArray:
    """Return (draws, corridors) mean share along each corridor."""
    rows = [flow.edge[:, edges] @ (km[edges] / km[edges].sum()) for edges in corridor_edges]
    return np.column_stack(rows) if rows else np.zeros((len(flow.edge), 0))


def _rows(
    kind: str, names: Sequence[tuple[str, str]], before: FloatArray, after: FloatArray, total: FloatArray
) -> pd.DataFrame:
    """Return the rows of one kind of place."""
    change = after - before
    fixed = _mean_and_quantiles(change)
    elastic = _mean_and_quantiles(after * total[:, None] - before)
    return pd.DataFrame(
        {
            "kind": kind,
            "key": [key for key, _ in names],
            "name": [name for _, name in names],
            "before_mean": before.mean(axis=0, dtype=np.float64).round(SHARE_DIGITS),
            "after_mean": after.mean(axis=0, dtype=np.float64).round(SHARE_DIGITS),
            "before_median": np.median(before, axis=0).round(SHARE_DIGITS),
            "after_median": np.median(after, axis=0).round(SHARE_DIGITS),
            **dict(zip(CHANGE_COLUMNS, fixed, strict=True)),
            **dict(zip(ELASTIC_COLUMNS, elastic, strict=True)),
            "rises": (change > 0).mean(axis=0).round(4),
            "distinguishable": _excludes_zero(*fixed[-2:]),
            "elastic_distinguishable": _excludes_zero(*elastic[-2:]),
        }
    )


def _excludes_zero(low: FloatArray, high: FloatArray) -> BoolArray:
    """Return whether a band excludes 0 and all within `ZERO_CHANGE` of it."""
    return (low > ZERO_CHANGE) | (high < -ZERO_CHANGE)


def _mean_and_quantiles(values: FloatArray) -> FloatArray:
    """Return (`CHANGE_COLUMNS`, n) mean and quantiles of (draws, n) changes, rounded."""
    found = np.vstack([values.mean(axis=0), np.quantile(values, CHANGE_QUANTILES, axis=0)])
    return np.asarray(found.round(SHARE_DIGITS))


def _uptake(displacement: Displacement) -> FloatArray | None:
    """Return (`TAKEN_COLUMNS`, ports) the fraction of the named ports' loss that each other port takes up."""
    if not len(displacement.ports):
        return None
    change = displacement.after.port - displacement.before.port
    own = change[:, displacement.ports].sum(axis=1)
    fraction: FloatArray = np.full(change.shape, np.nan)
    np.divide(-change, own[:, None], out=fraction, where=np.abs(own[:, None]) > MIN_LOSS)
    fraction[:, displacement.ports] = np.nan
    found = np.full((len(TAKEN_COLUMNS), fraction.shape[1]), np.nan)
    known = ~np.isnan(fraction).any(axis=0)
    found[0, known] = -change[:, known].mean(axis=0) / own.mean()
    found[1:, known] = np.quantile(fraction[:, known], (0.5, 0.05, 0.95), axis=0)
    return np.asarray(found.round(SHARE_DIGITS))


def _band(name: str, values: FloatArray) -> dict[str, float]:
    """Return mean, median and 90 % band of draws, NaN where a draw has none."""
    found = [values.mean(), *np.quantile(values, (0.5, 0.05, 0.95))]
    names = (f"{name}_{part}" for part in ("mean", "median", "lo90", "hi90"))
    return {column: round(float(value), SHARE_DIGITS) for column, value in zip(names, found, strict=True)}
