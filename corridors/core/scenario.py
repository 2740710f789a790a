"""A what-if: named edits as an analyst writes them (`Scenario`), and as arrays (`ResolvedScenario`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read by pydantic
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, model_validator

from corridors.core.settings import DEFAULT_SHOWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from corridors.core.settings import ShowSettings
    from corridors.core.types import Arcs, BoolArray, Evidence, FloatArray, IntArray, Network

RatioTarget = Literal["port", "zone"]
"""Whose share the displacement ratio refers to: the ports, or the supply zones, that the edits name."""


class _Strict(BaseModel):
    """A frozen model; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(_Strict):
    """The same text in both languages."""

    es: str = Field(min_length=1)
    en: str = Field(min_length=1)


class RoadSelector(_Strict):
    """Selects the roads that meet every given condition.

    Parameters
    ----------
    ref
        Number as the road table writes it: "MEX15D" also finds an edge signed "MEX15/MEX15D".
    state
        Postal code of a US state, INEGI code of a Mexican one.
    road_class
        As in `edges.parquet`.
    edges
        Ids of edges.
    """

    ref: str = ""
    state: str = ""
    road_class: str = ""
    edges: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _some_condition(self) -> RoadSelector:
        if not (self.ref or self.state or self.road_class or self.edges):
            raise ValueError("at least one of ref, state, road_class, edges")
        return self


class PortEdit(_Strict):
    """Close a port, change its hours, or slow it: minutes of inspection are relative and hypothetical."""

    kind: Literal["port"]
    port: str
    closed: bool = False
    hours: float | None = Field(None, gt=0, le=24)
    delay_minutes: FiniteFloat = Field(0.0, ge=0)

    @model_validator(mode="after")
    def _one_way(self) -> PortEdit:
        if (self.closed, self.hours is not None, self.delay_minutes > 0).count(True) != 1:
            raise ValueError("one of closed = true, hours, delay_minutes over 0")
        return self


class RoadEdit(_Strict):
    """Multiply the generalized cost of roads, or close them."""

    kind: Literal["road"]
    where: RoadSelector
    factor: FiniteFloat = Field(1.0, gt=0)
    closed: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> RoadEdit:
        if self.closed == (self.factor != 1):
            raise ValueError("either closed = true or a factor other than 1")
        return self


class TollEdit(_Strict):
    """Set the toll of roads, US dollars per kilometer; 0 makes them free."""

    kind: Literal["toll"]
    where: RoadSelector
    usd_per_km: FiniteFloat = Field(ge=0)


class CheckpointEdit(_Strict):
    """Add a hypothetical checkpoint to the road nearest to a point, in both directions."""

    kind: Literal["checkpoint"]
    lon: float = Field(ge=-125, le=-84)
    lat: float = Field(ge=13, le=43)
    delay_minutes: FiniteFloat = Field(gt=0)


class LawEdit(_Strict):
    """Change a state's firearm laws by standard deviations of the states' counts; their effect is the fitted one."""

    kind: Literal["law"]
    us_state: str
    sd: FiniteFloat


class SupplyEdit(_Strict):
    """Multiply the supply of a zone, or of every zone of a state."""

    kind: Literal["supply"]
    zone: str = ""
    us_state: str = ""
    factor: FiniteFloat = Field(gt=0)

    @model_validator(mode="after")
    def _one_way(self) -> SupplyEdit:
        if bool(self.zone) == bool(self.us_state):
            raise ValueError("either zone or us_state")
        return self


class ShowEdit(_Strict):
    """Remove gun shows of a state, of one of its cities, or of one venue from supply."""

    kind: Literal["show"]
    us_state: str
    city: str = ""
    venue: str = ""


class DemandEdit(_Strict):
    """Move a fraction of the demand of a municipality (five digits) or a state (two) to another."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    kind: Literal["demand"]
    source: str = Field(alias="from", pattern=r"^(\d{2}|\d{5})$")
    to: str = Field(pattern=r"^(\d{2}|\d{5})$")
    part: float = Field(gt=0, le=1)


Edit = Annotated[
    PortEdit | RoadEdit | TollEdit | CheckpointEdit | LawEdit | SupplyEdit | ShowEdit | DemandEdit,
    Field(discriminator="kind"),
]


class InspectionResponse(_Strict):
    """Rounds in which inspection follows the flow: a port that gained becomes costlier, and the flow responds.

    Parameters
    ----------
    rounds
        How many; 0 for none.
    strength
        Fraction of a port's gain, on the log scale, that is subtracted from its attraction. Hypothetical.
    """

    rounds: int = Field(0, ge=0, le=5)
    strength: float = Field(0.5, ge=0, le=1)


class Event(_Strict):
    """Days between which the scenario's edits were in force, to compare with a dated series of seizures."""

    start: date
    end: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Event:
        if self.end is not None and self.end < self.start:
            raise ValueError("an end that is not before the start")
        return self


class Scenario(_Strict):
    """A what-if as written in its file.

    Parameters
    ----------
    id
        Short name, used by its rows and layers.
    name, question
        Its name and question, in both languages.
    edit
        The changes; a file needs one at least.
    adaptation
        How inspection responds.
    event
        When the edits were in force, if they ever were.
    """

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    name: Text
    question: Text
    edit: tuple[Edit, ...] = ()
    adaptation: InspectionResponse = InspectionResponse()
    event: Event | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DemandShift:
    """Move a fraction of the demand of some municipalities to others.

    Parameters
    ----------
    source, to
        Positions of municipalities.
    fraction
        Between 0 and 1.
    """

    source: IntArray
    to: IntArray
    fraction: float


@dataclass(frozen=True, slots=True, eq=False)
class EditContext:
    """What the edits of scenarios are resolved against.

    Parameters
    ----------
    network, evidence
        Those the model was fitted on.
    shows
        Gun shows that supply was computed from; no rows where it was computed from licenses alone.
    state_names
        Names of states by any of their codes; two codes of one name are one state.
    toll_usd_per_km
        US dollars that a kilometer of `Arcs.toll_km` costs.
    show_prior
        Weight and reach of shows in that supply.
    """

    network: Network
    evidence: Evidence
    shows: pd.DataFrame
    state_names: Mapping[str, str]
    toll_usd_per_km: float
    show_settings: ShowSettings = DEFAULT_SHOWS


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedScenario:
    """A scenario resolved to arrays on a network and its evidence.

    Parameters
    ----------
    id
        The scenario's.
    evidence
        The evidence with the edits of ports, laws, supply and shows; a closed port is open zero hours a day.
    arcs
        The arcs with the edits of roads; None where no road is edited.
    closed
        (arcs,) whether an arc is closed.
    port_hours
        (ports,) hours added to the US leg of each port.
    moves
        Shifts of demand, applied in order.
    target, members
        Whose share the displacement ratio refers to, and their positions; "" and none where the edits name neither
        ports alone nor zones alone.
    rounds, strength
        As of `InspectionResponse`.
    """

    id: str
    evidence: Evidence
    arcs: Arcs | None
    closed: BoolArray
    port_hours: FloatArray
    moves: tuple[DemandShift, ...]
    target: RatioTarget | Literal[""]
    members: IntArray
    rounds: int
    strength: float


@dataclass(frozen=True, slots=True, eq=False)
class ScenarioFlow:
    """The flow under one scenario; shares are of the whole flow under it.

    Parameters
    ----------
    id
        The scenario's; "" before any edit.
    port, state_pair, zone
        (draws, ports), (draws, us states, mx states), (draws, zones); each draw sums to 1.
    log_sum
        (draws,) log of the sum of the flow before it is scaled.
    edge
        (draws, edges) share over each edge, to seven digits; no rows where edges were
        not wanted.
    """

    id: str
    port: FloatArray
    state_pair: FloatArray
    zone: FloatArray
    log_sum: FloatArray
    edge: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Displacement:
    """The effect of a scenario.

    Parameters
    ----------
    id
        The scenario's.
    before, after
        The flow without and with it.
    total
        (draws,) the whole flow under an elastic total, relative to the flow before.
    ratio
        (draws,) displacement ratio under that total; NaN where the scenario names neither ports alone nor zones alone.
    ports
        Positions of the ports that it names, where it names nothing else.
    """

    id: str
    before: ScenarioFlow
    after: ScenarioFlow
    total: FloatArray
    ratio: FloatArray
    ports: IntArray
