"""Published records of single events and of freight, as positions: what a validation compares the flow with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridors.core.types import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class SeizureEvents:
    """Dated seizures of firearms in Mexico, a row a municipality of an event. Highlights of bulletins, no census.

    Parameters
    ----------
    municipality
        (n,) position of the municipality.
    weight
        (n,) fraction of the event in it: events are counted, not firearms.
    bulletin
        (n,) number of the bulletin that printed it; events of one bulletin were chosen together.
    """

    municipality: IntArray
    weight: FloatArray
    bulletin: IntArray


@dataclass(frozen=True, slots=True)
class Freight:
    """Goods that trucks carried south, all years together.

    Parameters
    ----------
    value
        (us states, cities, mx states) dollars.
    port_city
        (ports,) position of the city that the freight of each port is counted in, -1 where it is in none.
    """

    value: FloatArray
    port_city: IntArray


@dataclass(frozen=True, slots=True)
class PortEvents:
    """Firearms seized at ports of entry on their way south, a row an event. Highlights of the press, no census.

    Parameters
    ----------
    names
        (n,) name of the crossing and the date, as published.
    ports
        (n, ports) whether the event may have been at a port: one port, or those of a city where no more is printed.
    office
        (n, ports) whether a port is of the field office in which the event was. Offices publish unequally, so that
        events are compared inside one office only.
    article
        (n,) number of the article that printed it.
    """

    names: tuple[str, ...]
    ports: BoolArray
    office: BoolArray
    article: IntArray
