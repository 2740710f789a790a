"""Draws summarised as published quantities: shares, bands, grades, corridors, districts, changes."""

from corridors.outputs.summary.corridors import length_weighted_mean, named_corridors
from corridors.outputs.summary.displacement import summarise_changes
from corridors.outputs.summary.grade import Rivals
from corridors.outputs.summary.rank_changes import rankings
from corridors.outputs.summary.route_names import place_names
from corridors.outputs.summary.summary import summarise
from corridors.outputs.summary.trips import leading_journeys

__all__ = [
    "Rivals",
    "leading_journeys",
    "length_weighted_mean",
    "named_corridors",
    "place_names",
    "rankings",
    "summarise",
    "summarise_changes",
]
