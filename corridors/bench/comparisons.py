"""The comparisons of `corridors benchmark`, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.bench import job, maps, trees
from corridors.bench.peers import PEERS
from corridors.core.errors import ConfigError, Fault
from corridors.core.names import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.bench.measure import Table

NAMES = ("trees", "job", "map")


def compare(what: str, nodes: int, *, peers: Sequence[str] | None, rounds: int) -> dict[str, Table]:
    """Return the tables of a comparison by the name of their figure.

    Parameters
    ----------
    what
        One of `NAMES`.
    nodes
        Size of the synthetic network; the map is of the shipped data.
    peers
        Libraries to stand beside; None for all that are installed.
    rounds
        Rounds, every engine once in each.

    Raises
    ------
    ConfigError
        There is no such comparison or peer, or no browser to open maps in.
    """
    faults = []
    if what not in NAMES:
        meant = did_you_mean(what, NAMES)
        faults.append(
            Fault("benchmark", f"one of {', '.join(NAMES)}", repr(what), f"{meant}Name one of them.")
        )
    known = {"trees": tuple(PEERS), "map": maps.PEERS}.get(what, job.PEERS)
    faults += [
        Fault("--peers", f"one of {', '.join(known)}", repr(name), "Name some of them, with commas.")
        for name in peers or ()
        if name not in known
    ]
    if faults:
        raise ConfigError(faults)
    if what == "trees":
        return {"ms_per_tree": trees.compare_trees(nodes, peers=peers, rounds=rounds)}
    if what == "job":
        return {"s_per_world": job.compare_job(nodes, peers=peers, rounds=rounds)}
    return maps.compare_maps(*maps.default_run(), peers=peers, rounds=rounds)
