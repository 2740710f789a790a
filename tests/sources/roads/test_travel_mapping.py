"""Waypoints of Travel Mapping: a small archive and table in the project's own form, and the real table."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import KDTree

from corridors.core.errors import SchemaError
from corridors.core.geo import to_plane
from corridors.sources import guess_format, load_as
from corridors.sources.roads.travel_mapping import (
    ABROAD,
    ALONE,
    BEYOND,
    ONLY_NAMES,
    SAME_PLACE_M,
    UNKNOWN,
    read_waypoints,
)
from tests.raw import RAW, needs_raw
from tests.sources.dress import Dress, check_account, check_cut, dressed, dresses, outcome, quick, table_text
from tests.sources.osm_world import POINTS
from tests.sources.toy import HEADER, PORTS, ROUTES, ROWS, joined_ports, written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from corridors.sources.schemas import Context, Loaded

WAYPOINTS = RAW / "roads/tm_waypoints_us_mx.parquet"
LEFT_OUT = {ABROAD: 2, BEYOND: 2, ONLY_NAMES: 2, UNKNOWN: 2, ALONE: 1}


def archive(path: Path) -> Path:
    """The archive as GitHub makes it of the repository: a route a file, a list a system."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("HighwayData-3d7993c/README.md", "# HighwayData\n")
        out.writestr("HighwayData-3d7993c/hwy_data/_systems/usai_con.csv", "systemName;route;banner\n")
        lists: dict[str, list[str]] = {}
        for region, system, root, route, banner, points in ROUTES:
            lines = [
                f"*X{seq} +Old{seq} http://www.openstreetmap.org/?lat={lat:.6f}&lon={lon:.6f}\n"
                for seq, (lon, lat) in enumerate(points)
            ]
            out.writestr(f"HighwayData-3d7993c/hwy_data/{region}/{system}/{root}.wpt", "".join(lines))
            lists.setdefault(system, []).append(f"{system};{region};{route};{banner};;Nogalés;{root};\r\n")
        for system, lines in lists.items():
            header = "systemName;region;route;banner;abbrev;city;root;altRouteNames\r\n"
            name = f"HighwayData-3d7993c/hwy_data/_systems/{system}.csv"
            out.writestr(name, header + "".join(lines))
    return path


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, context: Context) -> Loaded:
    return read_waypoints(written(tmp_path_factory.mktemp("tm") / "waypoints.csv"), context)


def same(one: Loaded, other: Loaded) -> None:
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])


def test_waypoints_become_roads(loaded: Loaded) -> None:
    check_account(loaded.report)
    assert (loaded.report.rows, loaded.report.dropped) == (len(ROWS), LEFT_OUT)
    edges = loaded.tables["road_edges"]
    assert joined_ports(loaded) == PORTS
    found = edges.set_index("ref")[["road_class", "kmh", "toll", "region"]]
    assert {(ref, *row) for ref, *row in found.dropna().itertuples() if isinstance(ref, str)} == {
        ("I-19", "interstate", 112.0, False, "AZ"),
        ("I-19/US89", "interstate", 112.0, False, "AZ"),
        ("US89", "us_highway", 104.0, False, "AZ"),
        ("I-19BL", "business", 60.0, False, "AZ"),
        ("az.az189", "us_state", 90.0, False, "AZ"),
        ("MEX15", "mx_federal", 90.0, False, "MEX-SON"),
        ("MEX15D", "mx_toll", 100.0, True, "MEX-SON"),
        ("SON43", "mx_state", 65.0, False, "MEX-SON"),
    }
    assert not edges["oneway"].any()


def test_places_within_the_tolerance_are_one(loaded: Loaded) -> None:
    nodes = loaded.tables["road_nodes"]
    nodes = nodes[nodes["poe_id"].isna()]
    assert len(nodes) > 10
    plane = to_plane(nodes["lon"].to_numpy(), nodes["lat"].to_numpy())
    assert not KDTree(plane).query_pairs(SAME_PLACE_M)
    edges = loaded.tables["road_edges"]
    ends = {ref: set(rows[["u", "v"]].to_numpy().ravel()) for ref, rows in edges.groupby("ref")}
    assert len(ends["SON43"] & ends["MEX15"]) == 1


def test_a_place_on_the_border_is_not_shared(tmp_path: Path, context: Context) -> None:
    line = (-110.9425, 31.3327)
    rows = [
        *(
            [*row[:3], 4, "B", f"{line[1]}", f"{line[0]}", *row[7:]]
            for row in ROWS
            if row[2] == "az.i019blnog"
        ),
    ][:1]
    south = [["MEX-SON", "mexsf", "mexson.bri", seq, "B", f"{lat}", f"{lon}", 4, "active", "BRI", "", ""]
             for seq, (lon, lat) in enumerate([line, POINTS[31]])]  # fmt: skip
    found = read_waypoints(written(tmp_path / "a.csv", [*ROWS, *rows, *south]), context)
    nodes = found.tables["road_nodes"]
    at = nodes[(nodes["lon"] == line[0]) & (nodes["lat"] == line[1])]
    assert sorted(at["country"]) == ["MX", "US"]
    edges = found.tables["road_edges"]
    side = nodes.set_index("node_id")["country"]
    crossing = side.loc[edges["u"]].to_numpy() != side.loc[edges["v"]].to_numpy()
    assert (crossing == (edges["road_class"] == "poe")).all()


@given(dress=dresses(len(HEADER), len(ROWS)))
@quick
def test_the_dress_does_not_matter(dress: Dress, tmp_path: Path, context: Context, loaded: Loaded) -> None:
    rows = [[f" {cell} " if dress.padded else cell for cell in row] for row in ROWS]
    path = tmp_path / "waypoints.csv"
    path.write_bytes(dressed(HEADER, rows, dress))
    same(read_waypoints(path, context), loaded)


def test_the_archive_and_parquet_give_the_same(tmp_path: Path, context: Context, loaded: Loaded) -> None:
    whole = read_waypoints(archive(tmp_path / "HighwayData-3d7993c.zip"), context)
    same(whole, loaded)
    check_account(whole.report)
    assert whole.report.notes[0].startswith("2 of 12 route files")
    table = pd.DataFrame(ROWS, columns=HEADER).astype({"lat": "float64", "lon": "float64", "seq": "int64"})
    table.loc[table["route"] == "", ["route", "banner"]] = None
    table.iloc[::-1, ::-1].to_parquet(tmp_path / "a.parquet")
    same(read_waypoints(tmp_path / "a.parquet", context), loaded)


@pytest.mark.parametrize("name", ["a.csv", "a.zip", "a.parquet"])
def test_the_format_is_found_by_name_and_guessed(name: str, tmp_path: Path, context: Context) -> None:
    path = tmp_path / name
    if name == "a.zip":
        archive(path)
    elif name == "a.csv":
        written(path)
    else:
        pd.DataFrame(ROWS, columns=HEADER).to_parquet(path)
    form, found = guess_format(path, context)
    assert form.id == "travel_mapping"
    same(found, load_as(path, "travel_mapping", context))


@given(cut=st.integers(1, len(table_text(HEADER, ROWS)) - 1))
@quick
def test_a_table_cut_short_is_no_other_table(cut: int, tmp_path: Path, context: Context) -> None:
    content = table_text(HEADER, ROWS).encode()
    check_cut(read_waypoints, content, cut, path=tmp_path / "a.csv", context=context)


@given(data=st.data())
@quick
def test_an_archive_cut_or_changed_is_refused_or_the_same(
    data: st.DataObject, tmp_path: Path, context: Context, loaded: Loaded
) -> None:
    content = archive(tmp_path / "whole.zip").read_bytes()
    at = data.draw(st.integers(0, len(content) - 1))
    path = tmp_path / "a.zip"
    path.write_bytes(content[:at])
    assert outcome(read_waypoints, path, context) is None
    changed = content[at] ^ data.draw(st.integers(1, 255))
    path.write_bytes(content[:at] + bytes([changed]) + content[at + 1 :])
    found = outcome(read_waypoints, path, context)
    if found is not None:
        same(found, loaded)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("lat", "", "in or within"),
        ("lon", "110.96", "in or within"),
        ("lat", "31,42", "in or within"),
        ("region", "CA", "in or within"),
        ("seq", "7", "seq 0, 1, 2"),
        ("seq", "", "seq 0, 1, 2"),
    ],
)
def test_a_wrong_cell_is_named(column: str, value: str, words: str, tmp_path: Path, context: Context) -> None:
    rows = [list(row) for row in ROWS]
    rows[2][HEADER.index(column)] = value
    with pytest.raises(SchemaError, match=words) as caught:
        read_waypoints(written(tmp_path / "a.csv", rows), context)
    row = 5 if value == "7" else 4  # the waypoint after the gap is out of turn
    assert row in {fault.row for fault in caught.value.faults}


def test_a_lost_row_and_a_row_given_twice_are_refused(tmp_path: Path, context: Context) -> None:
    for rows in ([*ROWS[:2], *ROWS[3:]], [*ROWS, ROWS[2]]):
        with pytest.raises(SchemaError, match=r"along route az\.i019"):
            read_waypoints(written(tmp_path / "a.csv", rows), context)


@pytest.mark.parametrize(
    "line", ["X0 http://www.openstreetmap.org/?lat=31.4", "31.4,-110.9", "X0 ?lat=a&lon=b"]
)
def test_a_line_of_a_route_that_is_none_is_named(line: str, tmp_path: Path, context: Context) -> None:
    path = archive(tmp_path / "a.zip")
    with zipfile.ZipFile(path, "a") as out:
        out.writestr("HighwayData-3d7993c/hwy_data/AZ/usaaz/az.az090.wpt", f"\n{line}\n")
    with pytest.raises(SchemaError, match=r"az\.az090\.wpt, row 2"):
        read_waypoints(path, context)


def test_files_that_are_none_are_refused(tmp_path: Path, context: Context) -> None:
    written(tmp_path / "columns.csv").write_text("region,system\nAZ,usai\n", encoding="utf-8")
    pd.DataFrame({"region": ["AZ"]}).to_parquet(tmp_path / "columns.parquet")
    written(tmp_path / "abroad.csv", [row for row in ROWS if row[0] == "GTM"])
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as out:
        out.writestr("x.txt", "")
    with zipfile.ZipFile(tmp_path / "list.zip", "w") as out:
        out.writestr("hwy_data/_systems/usai.csv", "")
    for name in ("columns.csv", "columns.parquet", "abroad.csv", "empty.zip", "list.zip", "no.csv", "no.zip"):
        with pytest.raises(SchemaError):
            read_waypoints(tmp_path / name, context)


@needs_raw
def test_the_real_waypoints_give_the_shipped_graph(context: Context) -> None:
    found = read_waypoints(WAYPOINTS, context)
    check_account(found.report)
    assert (found.report.rows, found.report.kept) == (152_199, 118_305)
    assert found.report.dropped[ABROAD] == 1_738 + 136
    assert found.report.dropped[BEYOND] == 10_405 + 5_728 + 10_080
    roads = [_roads(tables) for tables in (context.tables, found.tables)]
    before, after = (km for _, _, _, km in roads)
    assert after.sum() == pytest.approx(before.sum(), rel=5e-3)
    assert len(after) == pytest.approx(
        len(before), rel=2e-2
    )  # speeds change at other waypoints of longer lines
    for country in ("US", "MX"):
        one, other = _distances(roads, country)
        assert len(one) > 300
        assert np.abs(other / one - 1).max() < 0.01
    # one rule for speeds: a federal road's mean differs only by where its lines end
    hours = [_federal_hours(tables["road_edges"]) for tables in (context.tables, found.tables)]
    assert hours[1] == pytest.approx(hours[0], rel=0.02)


def _federal_hours(edges: pd.DataFrame) -> float:
    """Hours along all federal roads together."""
    federal = edges[edges["road_class"] == "mx_federal"]
    return float((federal["km"] / federal["kmh"]).sum())


Roads = tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]


def _roads(tables: Mapping[str, pd.DataFrame]) -> Roads:
    """Nodes, ends and kilometres of the roads themselves."""
    edges = tables["road_edges"]
    own = edges[~edges["road_class"].isin(("connector", "poe"))]
    return tables["road_nodes"], own["u"].to_numpy(), own["v"].to_numpy(), own["km"].to_numpy()


def _distances(roads: Sequence[Roads], country: str) -> tuple[np.ndarray, np.ndarray]:
    """Shortest kilometres between the same places on two graphs, 20 km and more, where both have a way."""
    (nodes, *_), (others, *_) = roads
    rng = np.random.default_rng(3)
    own = nodes[(nodes["country"] == country) & nodes["poe_id"].isna()]
    chosen = own.iloc[rng.choice(len(own), 30, replace=False)]
    theirs = others[(others["country"] == country) & others["poe_id"].isna()]
    tree = KDTree(to_plane(theirs["lon"].to_numpy(), theirs["lat"].to_numpy()))
    metres, at = tree.query(to_plane(chosen["lon"].to_numpy(), chosen["lat"].to_numpy()))
    near = np.asarray(metres) < SAME_PLACE_M
    places = (chosen["node_id"].to_numpy()[near], theirs["node_id"].to_numpy()[np.asarray(at)[near]])
    found = []
    for (table, u, v, km), place in zip(roads, places, strict=True):
        ends = pd.DataFrame({"low": np.minimum(u, v), "high": np.maximum(u, v), "km": km})
        least = ends.groupby(["low", "high"])["km"].min()
        low, high = (least.index.get_level_values(name) for name in ("low", "high"))
        graph = coo_array((least.to_numpy(), (low, high)), shape=(len(table), len(table))).tocsr()
        found.append(dijkstra(graph, directed=False, indices=place)[:, place].ravel())
    both = np.isfinite(found[0]) & np.isfinite(found[1]) & (found[0] >= 20)
    return found[0][both], found[1][both]


def test_the_report_names_the_columns_that_a_table_has(loaded: Loaded) -> None:
    assert (
        {"region", "root", "seq", "lat", "lon", "system"}
        <= set(loaded.report.columns)
        <= {*HEADER, "banner", "route"}
    )
