"""The model in a few numbers: enough of a posterior to close ports and change laws on it where no Python runs.

Structure "trip": the model itself on groups of places (`trip_closures`). Structure "port": under closed ports a zone's flow
is shared among the others as before, and its share of supply falls with its access:
P'_ik ~ P_i r_ik (1 - r_iC) ** (nu - 1), r_iC being what it sent through the closed. So shares of zones and ports together, the
weight of each port's destinations, and nu are all that is needed, draw by draw. Zones of a state that choose alike
are taken together: that, and how few draws are kept, is the error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.special import expit

from corridors.core.closures import PortClosureModel
from corridors.core.types import freeze
from corridors.inference.model.choice import is_trip
from corridors.inference.model.port_choice import flow
from corridors.inference.trip_closures import trip_closure_model

if TYPE_CHECKING:
    from corridors.core.closures import ClosureModel
    from corridors.core.draws import FlowDraws
    from corridors.core.types import FloatArray, IntArray
    from corridors.inference.fitting.problem import Problem

PORT_DRAWS, TRIP_DRAWS = 32, 64
"""Draws at most, by structure. Closures of whole trips differ more from draw to draw."""
MAX_GROUPS = 8
"""Groups of zones a state at most."""


def build_closure_model(problem: Problem, posterior: FlowDraws) -> ClosureModel:
    """Return the model in a few numbers at some draws of a posterior, each of another world."""
    worlds = int(posterior.world.max()) + 1
    build, draws = (
        (trip_closure_model, TRIP_DRAWS) if is_trip(problem.prior) else (_port_closure_model, PORT_DRAWS)
    )
    picked = np.unique(np.linspace(0, worlds - 1, min(draws, worlds)).astype(np.int64))
    return build(problem, posterior, np.searchsorted(posterior.world, picked))


def _port_closure_model(problem: Problem, posterior: FlowDraws, rows: IntArray) -> PortClosureModel:
    """Return the model of the structure "port" at the given draws."""
    evidence = problem.evidence
    models = []
    for row in rows:
        p = {name: values[row] for name, values in posterior.parameters.items()}
        models.append(flow(p, evidence, problem.world(int(posterior.world[row])).legs))
    chosen = np.mean([model.port_given_zone for model in models], axis=0)
    supply = np.mean([model.zone_base for model in models], axis=0)
    group, state = _groups(chosen, supply, evidence.zone_state)
    members = (np.arange(len(state))[:, None] == group).astype(np.float64)
    found = PortClosureModel(
        group_port_base=np.stack([members @ model.zone_port_base for model in models]),
        destination_weight=np.stack([model.destination_weight.T for model in models]),
        state=state,
        power=1 - expit(posterior.parameters["logit_nu"][rows]),
        law=posterior.parameters["state_terms"][rows, 0],
        us_states=evidence.us_states,
    )
    freeze(found.group_port_base, found.destination_weight, found.state, found.power, found.law)
    return found


def _groups(chosen: FloatArray, supply: FloatArray, zone_state: IntArray) -> tuple[IntArray, IntArray]:
    """Return the group of each zone, and the state of each group: Ward's, on the roots of what a zone sends to each port.

    Zones count by their supply, so that large ones are not lumped together for the sake of small ones.
    """
    group = np.zeros(len(zone_state), dtype=np.int64)
    states: list[int] = []
    for state in np.unique(zone_state):
        own = np.flatnonzero(zone_state == state)
        labels = np.ones(len(own), dtype=np.int64)
        if len(own) > 1:
            weighted = np.sqrt(chosen[own] * supply[own, None])
            labels = fcluster(linkage(weighted, "ward"), MAX_GROUPS, "maxclust").astype(np.int64)
        group[own] = len(states) + labels - 1
        states += [int(state)] * int(labels.max())
    return group, np.array(states, dtype=np.int64)
