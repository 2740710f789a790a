"""Resolve a scenario: look up what its edits name, and turn them into arrays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from corridors.core.errors import Fault
from corridors.core.names import did_you_mean
from corridors.core.scenario import (
    CheckpointEdit,
    DemandEdit,
    DemandShift,
    LawEdit,
    PortEdit,
    ResolvedScenario,
    RoadEdit,
    ShowEdit,
    SupplyEdit,
    TollEdit,
)
from corridors.core.types import freeze
from corridors.network.evidence import counted_shows, without_shows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from corridors.core.scenario import EditContext, RoadSelector, Scenario
    from corridors.core.types import BoolArray, FloatArray, IntArray

MAX_CHECKPOINT_DEGREES = 0.1
"""Degrees between a checkpoint and its road, at most: about 10 km."""
PORT_CLASS = "poe"
MIN_SUPPLY_CHANGE = 1e-3
"""Change of log supply from which a zone counts as one that an edit of shows names."""


@dataclass(slots=True)
class _Draft:
    """Copies of the arrays that the edits are written into, one after another."""

    context: EditContext
    log_open_fraction: FloatArray
    port_hours: FloatArray
    state_terms: FloatArray
    log_supply: FloatArray
    hours: FloatArray
    toll_km: FloatArray
    closed: BoolArray
    gone: BoolArray
    roads: bool = False
    moves: list[DemandShift] = field(default_factory=list)
    ports_named: list[int] = field(default_factory=list)
    zones_named: list[int] = field(default_factory=list)
    faults: list[tuple[str, str, str, str]] = field(default_factory=list)


def resolve_edits(
    scenario: Scenario, context: EditContext, *, file: str
) -> tuple[ResolvedScenario, list[Fault]]:
    """Return a scenario as arrays, and the faults of its edits.

    Parameters
    ----------
    scenario, context
        The edits, and what they are resolved against.
    file
        The scenario's file, as the user named it.

    Returns
    -------
    tuple
        The scenario is usable only without faults: ports, roads, zones, states, shows or places that do not exist.
    """
    arcs, evidence = context.network.arcs, context.evidence
    draft = _Draft(
        context,
        log_open_fraction=evidence.log_open_fraction.copy(),
        port_hours=np.zeros(len(evidence.log_open_fraction)),
        state_terms=evidence.state_terms.copy(),
        log_supply=evidence.log_supply.copy(),
        hours=arcs.hours.copy(),
        toll_km=arcs.toll_km.copy(),
        closed=np.zeros(len(arcs.hours), dtype=bool),
        gone=np.zeros(len(counted_shows(context.shows)), dtype=bool),
    )
    faults: list[Fault] = []
    for n, edit in enumerate(scenario.edit, start=1):
        _EDITS[type(edit)](draft, edit)
        faults += [
            Fault(file, expected, found, remedy, column=f"edit[{n}]{'.' if key else ''}{key}")
            for key, expected, found, remedy in draft.faults
        ]
        draft.faults.clear()
    freeze(draft.log_open_fraction, draft.port_hours, draft.state_terms, draft.log_supply, draft.closed)
    target, members = _target(scenario, draft)
    change = ResolvedScenario(
        id=scenario.id,
        evidence=replace(
            evidence,
            log_open_fraction=draft.log_open_fraction,
            state_terms=draft.state_terms,
            log_supply=draft.log_supply,
        ),
        arcs=replace(arcs, hours=draft.hours, toll_km=draft.toll_km) if draft.roads else None,
        closed=draft.closed,
        port_hours=draft.port_hours,
        moves=tuple(draft.moves),
        target=target,
        members=members,
        rounds=scenario.adaptation.rounds,
        strength=scenario.adaptation.strength,
    )
    return change, faults


def _target(scenario: Scenario, draft: _Draft) -> tuple[Any, IntArray]:
    """Return whose share the displacement ratio refers to: ports or zones, where the edits name nothing else."""
    kinds = {type(edit) for edit in scenario.edit}
    if kinds == {PortEdit}:
        return "port", np.unique(np.array(draft.ports_named, dtype=np.int64))
    if kinds and kinds <= {LawEdit, SupplyEdit, ShowEdit}:
        return "zone", np.unique(np.array(draft.zones_named, dtype=np.int64))
    return "", np.zeros(0, dtype=np.int64)


def _port(draft: _Draft, edit: PortEdit) -> None:
    """Close a port, set its open hours, or add hours to its US leg."""
    ids = draft.context.network.ports["poe_id"].tolist()
    if edit.port not in ids:
        ports = draft.context.network.ports
        names = {
            str(name): port
            for side in ("name_mx", "name_us")
            for name, port in zip(ports[side], ids, strict=True)
        }
        draft.faults.append(_unknown("port", "a port open to southbound cars", edit.port, names, "ports"))
        return
    at = ids.index(edit.port)
    draft.ports_named.append(at)
    if edit.closed:
        draft.log_open_fraction[at] = -np.inf
    elif edit.hours is not None:
        draft.log_open_fraction[at] = np.log(edit.hours / 24)
    draft.port_hours[at] += edit.delay_minutes / 60


def _road(draft: _Draft, edit: RoadEdit) -> None:
    """Multiply the generalized cost of roads, or close them."""
    found = _arcs_where(draft, edit.where)
    draft.roads = True
    draft.hours[found] *= edit.factor
    draft.toll_km[found] *= edit.factor
    draft.closed |= found & edit.closed


def _toll(draft: _Draft, edit: TollEdit) -> None:
    """Set the length under toll so that roads cost the wanted toll."""
    if not draft.context.toll_usd_per_km:
        remedy = "Set [costs] toll_usd_per_km, or leave the edit out."
        draft.faults.append(("usd_per_km", "settings with a toll above 0", "0", remedy))
        return
    found = _arcs_where(draft, edit.where)
    draft.roads = True
    network = draft.context.network
    km = network.edges["km"].to_numpy(dtype=np.float64)[network.arcs.edge]
    draft.toll_km[found] = (km * edit.usd_per_km / draft.context.toll_usd_per_km)[found]


def _checkpoint(draft: _Draft, edit: CheckpointEdit) -> None:
    """Add hours to both directions of the road nearest to a point."""
    network = draft.context.network
    edges = network.edges
    away = shapely.distance(edges.geometry.to_numpy(), shapely.Point(edit.lon, edit.lat))
    away[edges["road_class"].eq(PORT_CLASS)] = np.inf
    nearest = int(away.argmin())
    if away[nearest] > MAX_CHECKPOINT_DEGREES:
        found = f"none near {edit.lon}, {edit.lat}"
        draft.faults.append(("lon", "a road of the network within 10 km", found, "Move the point."))
        return
    draft.roads = True
    draft.hours[network.arcs.edge == nearest] += edit.delay_minutes / 60


def _law(draft: _Draft, edit: LawEdit) -> None:
    """Change a state's standardized count of laws."""
    state = _us_state(draft, edit.us_state)
    if state is not None:
        draft.state_terms[state, 0] += edit.sd
        draft.zones_named += np.flatnonzero(draft.context.evidence.zone_state == state).tolist()


def _supply(draft: _Draft, edit: SupplyEdit) -> None:
    """Multiply the supply of a zone, or of a state's zones."""
    evidence = draft.context.evidence
    if edit.zone:
        ids = evidence.zones["zone_id"].tolist()
        if edit.zone not in ids:
            draft.faults.append(
                _unknown("zone", "a supply zone", edit.zone, dict(zip(ids, ids, strict=True)), "zones")
            )
            return
        zones = np.array([ids.index(edit.zone)])
    else:
        state = _us_state(draft, edit.us_state)
        zones = np.flatnonzero(evidence.zone_state == (-1 if state is None else state))
    draft.log_supply[zones] += np.log(edit.factor)
    draft.zones_named += zones.tolist()


def _show(draft: _Draft, edit: ShowEdit) -> None:
    """Remove gun shows from supply; the others keep their weight."""
    shows = counted_shows(draft.context.shows)
    gone = (shows["us_state"] == edit.us_state).to_numpy(dtype=bool)
    for column, wanted in (("city", edit.city), ("venue", edit.venue)):
        if wanted:
            gone = gone & (shows[column] == wanted).to_numpy(dtype=bool)
    if not gone.any():
        asked = ", ".join(filter(None, (edit.venue, edit.city, edit.us_state)))
        remedy = (
            "Take us_state, city and venue from data/gun_shows.csv; a run without shows has none to remove."
        )
        draft.faults.append(
            ("", "gun shows that supply counts (held or announced since 2018)", asked, remedy)
        )
        return
    zones, prior = draft.context.evidence.zones, draft.context.show_settings
    less = without_shows(zones, shows, gone | draft.gone, prior)
    less -= without_shows(zones, shows, draft.gone, prior)
    draft.gone |= gone
    draft.log_supply += less
    draft.zones_named += np.flatnonzero(np.abs(less) > MIN_SUPPLY_CHANGE).tolist()


def _demand(draft: _Draft, edit: DemandEdit) -> None:
    """Move a fraction of demand from some municipalities to others."""
    source, to = (_municipalities(draft, key, code) for key, code in (("from", edit.source), ("to", edit.to)))
    if len(source) and len(to):
        if np.isin(source, to).any():
            draft.faults.append(
                ("to", "a place other than the one demand moves from", edit.to, "Name another.")
            )
        draft.moves.append(DemandShift(source, to, edit.part))


_EDITS: Mapping[type, Callable[[_Draft, Any], None]] = {
    PortEdit: _port,
    RoadEdit: _road,
    TollEdit: _toll,
    CheckpointEdit: _checkpoint,
    LawEdit: _law,
    SupplyEdit: _supply,
    ShowEdit: _show,
    DemandEdit: _demand,
}


def _arcs_where(draft: _Draft, where: RoadSelector) -> BoolArray:
    """Return (arcs,) whether an arc is of a road that meets every condition; ports are not roads."""
    context = draft.context
    edges = context.network.edges
    road = (edges["road_class"] != PORT_CLASS).to_numpy()
    tests = {
        "edges": (where.edges, edges["edge_id"].isin(where.edges)),
        "ref": (where.ref, [where.ref in str(ref).split("/") for ref in edges["ref"]]),
        "state": (
            where.state,
            edges["region"].map(context.state_names).eq(context.state_names.get(where.state, where.state)),
        ),
        "road_class": (where.road_class, edges["road_class"].eq(where.road_class)),
    }
    for key, (wanted, met) in tests.items():
        if not wanted:
            continue
        road = road & np.asarray(met, dtype=bool)
        if not road.any():
            remedy = "Look up edges in data/edges.parquet of a run; for a port use kind = 'port'."
            draft.faults.append((f"where.{key}", "a road that meets this condition and those before it", repr(wanted), remedy))  # fmt: skip
            break
    return np.asarray(road[context.network.arcs.edge])


def _us_state(draft: _Draft, code: str) -> int | None:
    """Return the position of a US state."""
    states = draft.context.evidence.us_states
    if code in states:
        return states.index(code)
    names = {draft.context.state_names.get(one, one): one for one in states}
    draft.faults.append(_unknown("us_state", f"one of {', '.join(states)}", code, names, "states"))
    return None


def _municipalities(draft: _Draft, key: str, code: str) -> IntArray:
    """Return the positions of the municipality, or of a state's municipalities, that a code names."""
    places = draft.context.evidence.municipalities
    found = np.flatnonzero((places["cvegeo"] == code) | (places["mx_state"] == code))
    if not len(found):
        names = {str(one): str(one) for one in (*places["cvegeo"], *places["mx_state"].unique())}
        expected = "a municipality (cvegeo) or a Mexican state"
        draft.faults.append(_unknown(key, expected, code, names, "municipalities"))
    return found.astype(np.int64)


def _unknown(
    key: str, expected: str, found: str, known: Mapping[str, str], listed: str
) -> tuple[str, str, str, str]:
    """Return the fault of an unknown id, with the one whose id or name is nearest, and where all are listed."""
    remedy = f"{did_you_mean(found, known.values(), known)}`corridors list {listed}` has the ids."
    return key, expected, repr(found), remedy
