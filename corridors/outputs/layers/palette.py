"""Class breaks, colours and widths: the same in every run, so that two maps can be compared by eye.

Corridor colours fall steadily in lightness (they survive greyscale), keep 3:1 against land and differ
under deutan and protan vision; width repeats what colour says. Dash means grade, never share. Neighbouring classes are
apart by a CIELAB difference of 20 or more (areas: 10), so that a weak projector, which adds a tenth of its white, still
shows them apart. In grey, areas of supply and of demand are told by their outlines.
"""

from __future__ import annotations

from dataclasses import dataclass

LAND = "#f4f3ef"
SEA = "#dfe8ec"
COAST = "#9aa5a8"
BORDER = "#b9b6ad"
FRONTIER = "#6f7b80"
ROAD = "#c4beb2"


@dataclass(frozen=True, slots=True)
class Classes:
    """Classes of a share.

    Parameters
    ----------
    breaks
        Lower bound of each class, rising; the last class is open above.
    colours
        One a class.
    widths
        Line width of each class, pixels; () for areas.
    """

    breaks: tuple[float, ...]
    colours: tuple[str, ...]
    widths: tuple[float, ...] = ()


CORRIDORS = Classes(
    (0.005, 0.01, 0.02, 0.05, 0.1, 0.2),
    ("#a48829", "#ba600f", "#b43210", "#8a0f27", "#540b33", "#1d0614"),
    (1.0, 1.6, 2.3, 3.2, 4.2, 5.4),
)
OWN_ROADS = Classes((0.02, 0.05, 0.1, 0.2, 0.35, 0.5), CORRIDORS.colours, CORRIDORS.widths)
"""Of the fraction of a district's own flow over a road."""
ZONES = Classes(
    (0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
    ("#dfeeda", "#c0dfb9", "#9acd9a", "#71b47e", "#489968", "#257a4d"),
)
LICENCES = (5, 20, 50, 100, 200, 400)
"""Lower bounds of the classes of licensed dealers in a zone, drawn in the colours of `ZONES`."""
MUNICIPALITIES = Classes(
    (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02),
    ("#dae9f7", "#b8d4ee", "#92bbe0", "#6a9fcf", "#4581ba", "#27629d"),
)
AREA_KEY = {"zones": ZONES.colours[4], "municipalities": MUNICIPALITIES.colours[4]}
"""Colours that stand for layers of areas in the key of a picture."""
OUTLINES = {"zones": "#ffffff", "municipalities": "#2b3f57"}
"""Colours of the outlines of layers of areas: light around supply, dark around demand."""
PORT_FILL = "#ffc83d"
PORT_LINE = "#1d2b33"
SHOW = "#5b3f8c"
ROUTE = "#0f6f66"
EVENTS = ("#c2185b", "#263238")
"""Of dated seizures: in a municipality, at a port of entry."""
DISTRICT = "#1f4e79"
PORT_KEY = (0.01, 0.05, 0.2)
DASHES = {"A": "", "B": "", "C": "7 5", "D": "1 5"}
OPACITIES = {"A": 1.0, "B": 1.0, "C": 0.75, "D": 0.6}
