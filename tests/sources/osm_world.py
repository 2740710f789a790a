"""Ambos Nogales, drawn by hand around the two ports of entry there: a small OpenStreetMap file for each side.

                I 19 (two carriageways)
                   |           \
     AZ 189 ---- junction --- Grand Avenue (I 19 Business)
        |                          |
     AZ-MAR  ================= AZ-DEC =============  border, lat 31.3327
        |                          |
     MEX 15D (toll)           Av. Obregon (MEX 15)
        |                          |
        ------- Libramiento ------ |
                                 MEX 15 to the south
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Point = tuple[float, float]
POINTS: dict[int, Point] = {
    # United States
    1: (-110.960, 31.420),
    2: (-110.960, 31.400),
    3: (-110.958, 31.380),
    4: (-110.959, 31.420),
    5: (-110.959, 31.400),
    6: (-110.957, 31.380),
    7: (-110.955, 31.370),
    8: (-110.972, 31.362),
    9: (-110.975, 31.345),
    10: (-110.9653, 31.3345),
    11: (-110.945, 31.355),
    12: (-110.942, 31.340),
    13: (-110.9425, 31.3345),
    14: (-110.935, 31.342),
    15: (-110.935, 31.356),
    16: (-110.950, 31.356),
    17: (-110.9597, 31.425),
    # Mexico
    31: (-110.9425, 31.3310),
    32: (-110.943, 31.322),
    33: (-110.950, 31.305),
    34: (-110.952, 31.280),
    35: (-110.955, 31.250),
    36: (-110.9653, 31.3305),
    37: (-110.985, 31.315),
    38: (-110.980, 31.290),
    39: (-110.935, 31.323),
    40: (-110.930, 31.310),
    41: (-110.940, 31.300),
    42: (-110.958, 31.320),
    43: (-110.965, 31.300),
    44: (-110.946, 31.3135),
}
Way = tuple[int, "Sequence[int]", "Mapping[str, str]"]
US_WAYS: list[Way] = [
    (101, (17, 1, 2, 3, 7), {"highway": "motorway", "ref": "I 19", "maxspeed": "65 mph"}),
    (102, (7, 6, 5, 4, 17), {"highway": "motorway", "ref": "I 19", "maxspeed": "65 mph"}),
    (103, (7, 8), {"highway": "primary", "ref": "AZ 189", "maxspeed": "45 mph"}),
    (104, (8, 9), {"highway": "primary", "ref": "AZ 189", "maxspeed": "45 mph"}),
    (105, (9, 10, 36), {"highway": "primary", "ref": "AZ 189", "oneway": "yes"}),
    (106, (7, 11), {"highway": "secondary", "ref": "I 19 Business", "maxspeed": "35 mph"}),
    (107, (11, 12, 13, 31), {"highway": "secondary", "ref": "I 19 Business", "maxspeed": "25 mph"}),
    (108, (12, 14), {"highway": "tertiary", "name": "Court Street"}),
    (109, (15, 14), {"highway": "tertiary", "oneway": "-1"}),
    (110, (15, 11), {"highway": "tertiary"}),
    (111, (7, 16, 11), {"highway": "secondary_link"}),
    (112, (9, 13), {"highway": "residential", "name": "Calle"}),
    (113, (11, 16), {"highway": "tertiary", "access": "private"}),
    (114, (8, 9, 16, 8), {"highway": "secondary", "area": "yes"}),
    (115, (12, 16), {"highway": "footway"}),
    (116, (13, 14), {"highway": "tertiary", "motor_vehicle": "no"}),
    (117, (14, 998, 999), {"highway": "tertiary", "note": "its further nodes are not in the file"}),
    (118, (8, 16), {"highway": "construction"}),
    (119, (15, 16), {"highway": "tertiary", "access": "private", "motor_vehicle": "yes"}),
    (120, (996, 997), {"highway": "tertiary"}),
    (121, (1, 2), {"building": "yes"}),
    (122, (2, 5), {"highway": "tertiary"}),
]
MX_WAYS: list[Way] = [
    (201, (31, 32), {"highway": "primary", "ref": "MEX 15", "maxspeed": "40"}),
    (202, (32, 44), {"highway": "primary", "ref": "MEX 15", "maxspeed": "40"}),
    (203, (44, 33), {"highway": "primary", "ref": "MEX 15", "maxspeed": "40"}),
    (204, (33, 34), {"highway": "trunk", "ref": "15", "maxspeed": "80"}),
    (205, (34, 35), {"highway": "trunk", "ref": "15"}),
    (
        206,
        (36, 37, 38, 34),
        {"highway": "motorway", "ref": "15D", "toll": "yes", "oneway": "no", "maxspeed": "90"},
    ),
    (207, (32, 39), {"highway": "tertiary", "maxspeed": "40"}),
    (208, (39, 40, 41), {"highway": "tertiary"}),
    (209, (41, 33), {"highway": "secondary", "ref": "SON 43"}),
    (210, (32, 42), {"highway": "secondary", "maxspeed": "50"}),
    (211, (42, 43, 33), {"highway": "secondary"}),
    (212, (37, 42), {"highway": "secondary", "junction": "roundabout"}),
    (213, (42, 37), {"highway": "secondary", "oneway": "yes"}),
    (214, (43, 38), {"highway": "primary_link"}),
    (215, (40, 44), {"highway": "unclassified"}),
    (216, (39, 44), {"highway": "residential"}),
    (217, (41, 44), {"highway": "tertiary", "access": "no"}),
    (218, (33, 43), {"highway": "track"}),
    (219, (40, 990, 41, 44), {"highway": "tertiary", "note": "a node in its middle is not in the file"}),
    (220, (43, 42), {"highway": "service"}),
]


@dataclass(frozen=True, slots=True)
class Extract:
    """Ways and the nodes of a side."""

    ways: Sequence[Way]
    points: Mapping[int, Point] = field(default_factory=lambda: POINTS)

    def xml(self) -> str:
        """Return the file's text."""
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="by hand">']
        lines += [
            f'  <node id="{node}" version="1" lat="{lat}" lon="{lon}"/>'
            for node, (lon, lat) in sorted(self.points.items())
        ]
        for way, refs, tags in self.ways:
            lines.append(f'  <way id="{way}" version="1">')
            lines += [f'    <nd ref="{ref}"/>' for ref in refs]
            lines += [f"    <tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]
            lines.append("  </way>")
        return "\n".join([*lines, "</osm>", ""])

    def overpass(self) -> dict[str, object]:
        """Return what an Overpass server would answer."""
        nodes = [
            {"type": "node", "id": node, "lon": lon, "lat": lat} for node, (lon, lat) in self.points.items()
        ]
        ways = [
            {"type": "way", "id": way, "nodes": list(refs), "tags": dict(tags)}
            for way, refs, tags in self.ways
            if set(refs) <= set(self.points)
        ]
        return {"version": 0.6, "generator": "a test", "elements": [*nodes, *ways]}

    def write(self, path: Path) -> Path:
        """Write the XML file and return its path."""
        path.write_text(self.xml(), encoding="utf-8")
        return path


US = Extract(US_WAYS, {node: point for node, point in POINTS.items() if node < 30 or node in {31, 36}})
MX = Extract(MX_WAYS, {node: point for node, point in POINTS.items() if node > 30})
