"""The comparisons of `corridors benchmark`, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridors.base.errors import ConfigError, Fault
from corridors.bench import job, trees
from corridors.bench.peers import PEERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.bench.measure import Table

NAMES = ("trees", "job")


def compare(what: str, nodes: int, *, peers: Sequence[str] | None, rounds: int) -> tuple[str, Table]:
    """Return the name of the figure and the table of a comparison.

    Parameters
    ----------
    what
        One of `NAMES`.
    nodes
        Size of the synthetic network.
    peers
        Libraries to stand beside; None for all that are installed.
    rounds
        Rounds, every engine once in each.

    Raises
    ------
    ConfigError
        There is no such comparison or peer.
    """
    faults = []
    if what not in NAMES:
        faults.append(Fault("benchmark", " or ".join(NAMES), repr(what), "Name one of them."))
    known = tuple(PEERS) if what == "trees" else job.PEERS
    faults += [
        Fault("--peers", ", ".join(known), repr(name), "Name some of them, with commas.")
        for name in peers or ()
        if name not in known
    ]
    if faults:
        raise ConfigError(faults)
    if what == "trees":
        return "ms_per_tree", trees.compare_trees(nodes, peers=peers, rounds=rounds)
    return "s_per_world", job.compare_job(nodes, peers=peers, rounds=rounds)
