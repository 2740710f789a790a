"""Class breaks, colours and widths: the same in every run, so that two maps can be compared by eye.

Corridor colours fall steadily in lightness (they survive greyscale), keep 3:1 against land and differ
under deutan and protan vision; width repeats what colour says. Dash means grade, never share.
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
    ("#a8873f", "#b5651d", "#b0431a", "#97241f", "#6d1630", "#36081f"),
    (1.0, 1.6, 2.3, 3.2, 4.2, 5.4),
)
OWN_ROADS = Classes((0.02, 0.05, 0.1, 0.2, 0.35, 0.5), CORRIDORS.colours, CORRIDORS.widths)
"""Of the fraction of a district's own flow over a road."""
ZONES = Classes(
    (0.001, 0.002, 0.005, 0.01, 0.02, 0.05),
    ("#e6efe0", "#cfe3c6", "#b0d3aa", "#8abd8b", "#5fa06d", "#38804f"),
)
LICENCES = (5, 20, 50, 100, 200, 400)
"""Lower bounds of the classes of licensed dealers in a zone, drawn in the colours of `ZONES`."""
MUNICIPALITIES = Classes(
    (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02),
    ("#e6edf5", "#d0dfee", "#b2cce4", "#8db2d6", "#6492c3", "#3d70a8"),
)
AREA_KEY = {"zones": ZONES.colours[4], "municipalities": MUNICIPALITIES.colours[4]}
"""Colours that stand for layers of areas in the key of a picture."""
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
