"""Descriptions of the JSON of the map's tables and of its choices; as `payloads`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from corridors.outputs.layers.payloads import Box, Texts  # noqa: TC001  read by get_type_hints


class RoadRow(TypedDict):
    """A main corridor of the ranked table; `about` are codes or names of states, `side` a country or "".

    `line` are its encoded lines, `refs` the numbers of its roads.
    """

    name: str
    refs: str
    side: str
    grade: str
    share_mean: float | None
    share_lo50: float | None
    share_hi50: float | None
    share_lo90: float | None
    share_hi90: float | None
    about: Texts
    box: Box
    line: Texts
    km: float | None


class TripRow(TypedDict):
    """A trip corridor of the ranked table: a whole way, from a US state (code) to a Mexican one (name).

    `zone_part` and `municipality_part` are the fractions of the journey's flow that its ends stand for, `refs` the numbers
    of its roads.
    """

    name: str
    refs: str
    us_state: str
    mx_state: str
    grade: str
    share_mean: float | None
    share_lo50: float | None
    share_hi50: float | None
    share_lo90: float | None
    share_hi90: float | None
    zone_part: float | None
    municipality_part: float | None
    km: float | None
    hours: float | None
    box: Box
    line: Texts


InformationRow = TypedDict(
    "InformationRow",
    {
        "kind": str,
        "from": str,
        "to": str,
        "to_es": str,
        "prior_lo90": float | None,
        "prior_hi90": float | None,
        "lo90": float | None,
        "hi90": float | None,
        "variance_reduction": Sequence[tuple[str, float]],
    },
)
"""A quantity before and after the data, and the fraction of its variance that each block of figures removed."""


class RankRow(TypedDict):
    """A leading crossing city or corridor: its place in the run, and in each variant."""

    kind: str
    name: str
    name_es: str
    run: int
    ranks: Sequence[int]


class Sides(TypedDict):
    """What packed fractions stand for: by origin, pairs (US state, consulate); by state, those of Mexico."""

    US: Sequence[tuple[str, str]]
    MX: Texts


class TablesIsland(TypedDict):
    """The map's tables. `variants` are setting and value of each variant but the run's own."""

    named: bool
    scale: int
    trips: Sequence[TripRow]
    roads: Sequence[RoadRow]
    information: Sequence[InformationRow]
    sides: Sides
    variants: Sequence[Sequence[str]]
    ranks: Sequence[RankRow]


PartnersIsland = Mapping[str, Mapping[str, Sequence[tuple[str, float, float | None, float | None, int]]]]
"""By choice, "port.ID" and the like, and kind of partner: id, mean and 90% band of the largest common flows, 1 where the band is probably too narrow."""
