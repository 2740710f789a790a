from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings, strategies as st

from corridors.core.errors import SchemaError
from corridors.sources.roads.border import OUTSIDE, States
from corridors.sources.roads.osm import read_pbf
from corridors.sources.roads.osm_city import read_xml
from corridors.sources.roads.region import BEYOND, degrees_fault, remedy
from tests.sources.osm_world import MX, US, Extract
from tests.sources.toy import pbf

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.sources.schemas import Context

SQUARE = {1: (-110.95, 31.45), 2: (-110.93, 31.45), 3: (-110.93, 31.43), 4: (-110.95, 31.43)}
SIDES = [(10 + n, (n, n % 4 + 1), {"highway": "primary", "ref": "ABCD"[n - 1]}) for n in (1, 2, 3, 4)]


def elsewhere(lon: float, lat: float) -> Extract:
    points = {n + 4: (x + lon, y + lat) for n, (x, y) in SQUARE.items()}
    far = [(way + 4, tuple(n + 4 for n in nodes), tags) for way, nodes, tags in SIDES]
    return Extract([*SIDES, *far], {**SQUARE, **points})


@pytest.mark.parametrize("shift", [(28.0, 1.0), (1.0, 14.0), (0.0, -20.0), (-30.0, 0.0), (120.0, 20.0)])
def test_roads_beyond_the_region_are_left_out_and_counted(
    tmp_path: Path, context: Context, shift: tuple[float, float]
) -> None:
    extract = elsewhere(*shift)
    for loaded in (
        read_pbf(pbf(extract, tmp_path / "x.osm.pbf"), context),
        read_xml(extract.write(tmp_path / "x.osm"), context),
    ):
        assert (loaded.report.rows, loaded.report.kept) == (8, 4)
        assert loaded.report.dropped == {BEYOND: 4}
        assert BEYOND == "outside the region (lon -125..-84, lat 13..43)"


def test_a_road_that_leaves_the_region_is_cut_there(tmp_path: Path, context: Context) -> None:
    points = {1: (-106.0, 31.9), 2: (-106.0, 32.5), 3: (-106.0, 43.5), 4: (-106.2, 32.0)}
    ways = [
        (1, (1, 2, 3), {"highway": "primary", "ref": "US 54"}),
        (2, (1, 4, 2), {"highway": "primary", "ref": "X"}),
    ]
    loaded = read_pbf(pbf(Extract(ways, points), tmp_path / "x.osm.pbf"), context)
    assert loaded.report.kept == 2
    assert any("1 ways leave the region" in note for note in loaded.report.notes)
    assert loaded.tables["road_nodes"]["lat"].max() == 32.5


def test_a_file_of_another_continent_says_where_its_roads_are(tmp_path: Path, context: Context) -> None:
    points = {n: (x + 119, y + 20) for n, (x, y) in SQUARE.items()}
    with pytest.raises(SchemaError, match=r"lon 8\.05\.\.8\.07, lat 51\.43\.\.51\.45"):
        read_pbf(pbf(Extract(SIDES, points), tmp_path / "x.osm.pbf"), context)


@pytest.mark.parametrize("mixed", [False, True])
def test_negative_ids_are_ids(tmp_path: Path, context: Context, *, mixed: bool) -> None:
    sign = {n: -1 if n > 2 or not mixed else 1 for n in SQUARE}
    points = {n * sign[n]: at for n, at in SQUARE.items()}
    ways = [(-way, tuple(n * sign[n] for n in nodes), tags) for way, nodes, tags in SIDES]
    extract = Extract(ways, points)
    found = [
        read_pbf(pbf(extract, tmp_path / "x.osm.pbf"), context),
        read_xml(extract.write(tmp_path / "x.osm"), context),
        read_pbf(pbf(Extract(SIDES, SQUARE), tmp_path / "y.osm.pbf"), context),
    ]
    for loaded in found:
        assert loaded.report.kept == 4
        pd.testing.assert_frame_equal(loaded.tables["road_edges"], found[0].tables["road_edges"])


def test_negative_ids_among_other_objects(tmp_path: Path, context: Context) -> None:
    def negative(extract: Extract) -> Extract:
        ways = [(-way, tuple(-n for n in nodes), tags) for way, nodes, tags in extract.ways]
        return Extract(ways, {-n: at for n, at in extract.points.items()})

    for number, extract in enumerate((US, MX)):
        one = read_pbf(pbf(extract, tmp_path / f"{number}.osm.pbf"), context)
        other = read_pbf(pbf(negative(extract), tmp_path / f"n{number}.osm.pbf"), context)
        assert one.report.dropped == other.report.dropped
        pd.testing.assert_frame_equal(one.tables["road_edges"], other.tables["road_edges"])


WORLD = States(
    shapes=np.array([shapely.box(-115, 31, -103, 37), shapely.box(-115, 25, -103, 31)], dtype=object),
    region=np.array(["AZ", "MEX-SON"]),
    country=np.array(["US", "MX"]),
    ports=pd.DataFrame(),
)
ANY = st.floats(allow_nan=True, allow_infinity=True)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(ANY, ANY), max_size=20))
def test_states_of_any_points_need_little_memory(points: list[tuple[float, float]]) -> None:
    xy = np.array([*points, (-110.97, 32.22)], dtype=np.float64)
    found = WORLD.at(xy[:, 0], xy[:, 1])
    assert WORLD.region[found[-1]] == "AZ"
    outside = ~((np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90))
    assert (found[outside] == OUTSIDE).all()


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (504750.0, 3479476.0, "Check the CRS"),
        (31.45, -110.95, "axes are swapped"),
        (110.95, 31.45, "minus sign"),
        (8.05, 51.43, "Check the CRS"),
    ],
)
def test_what_to_do_follows_from_the_coordinates(x: float, y: float, words: str) -> None:
    assert words in remedy(np.array([x]), np.array([y]))


def test_coordinates_that_are_no_degrees_name_the_first_road() -> None:
    x, y = np.array([-110.9, 504750.0, 1e6]), np.array([31.4, 3479476.0, 1e6])
    fault = degrees_fault("f", x, y, lambda at: f"road {at}")
    assert fault is not None
    assert fault.found == "road 1 at (504750, 3479476), and 1 points more"
    assert degrees_fault("f", x[:1], y[:1], str) is None
