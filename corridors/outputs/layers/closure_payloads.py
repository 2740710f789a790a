"""Descriptions of the JSON that the panel of closures computes with, by the run's structure; as `payloads`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypedDict

from corridors.outputs.layers.payloads import Texts  # noqa: TC001  read by get_type_hints

Positions = Sequence[int]
"""Of states or cities, one a group or a port."""


class ChangeClasses(TypedDict):
    """Classes of a change of share: rising lower bounds, colours of gains and of losses, line widths (pixels)."""

    gain: Texts
    loss: Texts
    breaks: Sequence[float]
    widths: Sequence[float]


class PackedNumbers(TypedDict):
    """Numbers of two characters each: `low` and level 1, `low + step` and level 2, and so on; level 0 is -infinity."""

    low: float
    step: float
    levels: str


class PortClosureDraw(TypedDict):
    """A draw of the structure "port": packed base shares of groups by port, packed weights of what is beyond by state and port, and two exponents."""

    group_port_base: str
    destination_weight: str
    power: float
    law: float


class PortClosureIsland(TypedDict):
    """What the panel of closures computes with, structure "port": the state of each group of origins, and draws."""

    structure: Literal["port"]
    ports: int
    state: Positions
    us_states: Texts
    classes: ChangeClasses
    draws: Sequence[PortClosureDraw]


class TripClosureDraw(TypedDict):
    """A draw of the structure "trip": its parameters, and packed logs by port, group of places and pair of states."""

    theta: float
    us_weight: float
    beta: float
    power: float
    kappa: float
    nu: float
    law: float
    attraction: PackedNumbers
    supply: PackedNumbers
    demand: PackedNumbers
    affinity: PackedNumbers


class TripClosureIsland(TypedDict):
    """What the panel of closures computes with, structure "trip".

    `us` and `mx` are packed hours of zone groups by port and of municipality groups by port; `us_state` and `mx_state` the
    state of each group, `city` the crossing city of each port, `nest_scale` and `min_hours` as in the model.
    """

    structure: Literal["trip"]
    ports: int
    city: Positions
    us_state: Positions
    mx_state: Positions
    mx_states: int
    us_states: Texts
    nest_scale: float
    min_hours: float
    us: PackedNumbers
    mx: PackedNumbers
    classes: ChangeClasses
    draws: Sequence[TripClosureDraw]


ClosureModelIsland = PortClosureIsland | TripClosureIsland
"""What the panel of closures computes with, by the run's structure."""
