"""Tables to a routable network and the evidence on it: the room where geometry is computed."""

from corridors.network.build import build_network
from corridors.network.districts import assign_districts, nearest_ports, zone_districts
from corridors.network.edits import resolve_edits
from corridors.network.evidence import build_evidence
from corridors.network.held_out import build_held_out
from corridors.network.row_account import count_rows

__all__ = [
    "assign_districts",
    "build_evidence",
    "build_held_out",
    "build_network",
    "count_rows",
    "nearest_ports",
    "resolve_edits",
    "zone_districts",
]
