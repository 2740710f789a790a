"""The modelled flow under one set of parameters, as every structure of the choice model gives it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.types import FloatArray

    Parameters = Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Flow(ABC):
    """The flow at one set of parameters: its margins, each a share of the whole, and larger ones on demand.

    Parameters
    ----------
    state_pair
        (us states, mx states), sums to 1.
    zone, port, municipality
        (zones,), (ports,), (municipalities,), each sums to 1.
    log_sum
        Logarithm of what all flows sum to before they are scaled.
    """

    state_pair: FloatArray
    zone: FloatArray
    port: FloatArray
    municipality: FloatArray
    log_sum: float

    @abstractmethod
    def zone_port(self) -> FloatArray:
        """Return (zones, ports) shares of the flow, summing to 1."""

    @abstractmethod
    def port_municipality(self) -> FloatArray:
        """Return (ports, municipalities) shares of the flow, summing to 1."""

    @abstractmethod
    def journeys(self, origins: FloatArray) -> FloatArray:
        """Return (origins, ports, mx states) shares of the flow that starts in places of origin.

        Parameters
        ----------
        origins
            (origins, zones) fraction of each zone's flow that starts in each place of origin.
        """

    @abstractmethod
    def arrivals(self, origin: FloatArray) -> FloatArray:
        """Return (ports, municipalities) shares of the flow that starts in a place of origin.

        Parameters
        ----------
        origin
            (zones,) fraction of each zone's flow that starts there.
        """

    @abstractmethod
    def gradient(self, p: Parameters, slopes: MarginSlopes) -> dict[str, FloatArray]:
        """Return the gradient in every parameter of a function of the margins, from its derivatives in them.

        Parameters
        ----------
        p
            The parameters that the flow was computed at.
        slopes
            Derivatives of the function in the margins.
        """


@dataclass(frozen=True, slots=True)
class MarginSlopes:
    """Derivatives of a function of the flow in its margins, of the margins' shapes."""

    state_pair: FloatArray
    zone: FloatArray
    municipality: FloatArray
    port: FloatArray
