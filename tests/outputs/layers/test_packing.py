"""Flow by port, packed, and what the page makes of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import integers, lists

from corridors.outputs.layers import map_layers
from corridors.outputs.layers.packing import (
    FIRST_SIGN,
    LEVELS,
    by_port,
    edge_columns,
    pack,
    pack_positions,
    pack_shares,
    pack_shown,
    partners,
    place_columns,
    ranked_sides,
)
from corridors.outputs.layers.rankings import known_rows, ranked_roads
from tests.outputs.payload_check import values_of
from tests.outputs.toy import KNOWN, toy_base, toy_results

if TYPE_CHECKING:
    from corridors.core.types import FloatArray


def unpack(code: str, ports: int) -> FloatArray:
    code = code.ljust(ports, "?")
    values = ((np.frombuffer(code.encode(), np.uint8).astype(float) - FIRST_SIGN) / LEVELS) ** 2
    return np.asarray(values / max(values.sum(), 1e-12))


@given(arrays(np.float64, (3, 5), elements=st.floats(0, 1e6)))
def test_packing_keeps_parts_to_about_a_sixtieth(parts: FloatArray) -> None:
    for code, row in zip(pack(parts), parts, strict=True):
        assert all("?" <= sign <= "~" for sign in code)
        if row.sum() > 0:
            assert np.abs(unpack(code, len(row)) - row / row.sum()).max() < 0.06


def test_places_are_packed_in_the_order_of_the_ports_largest_first() -> None:
    codes = by_port(toy_results().zone_port, "zone_id", ["p2", "p1"])
    assert unpack(codes["county:35001"], 2) == pytest.approx([0, 1])
    assert by_port(pd.DataFrame(), "zone_id", ["p1"]) == by_port(None, "zone_id", ["p1"]) == {}


def test_edge_parts_are_parts_whatever_their_scale_and_order() -> None:
    results = toy_results()
    shuffled = results.ports.iloc[[2, 0, 1]]
    assert results.parts is not None
    parts = results.parts._replace(edge_port=results.parts.edge_port[:, [2, 0, 1]] * 0.01)
    edges = edge_columns(replace(results, ports=shuffled, parts=parts))
    assert edges["by_port"] == pytest.approx(results.parts.edge_port)
    assert edges["by_state"] == pytest.approx(results.parts.edge_mx_state)
    assert edges["by_origin"][0] == pytest.approx([0.31 / 0.61, 0.3 / 0.61])  # most flow starts in Texas
    assert edge_columns(replace(results, parts=None, variants=())) == {}


def test_places_have_their_parts_by_origin_and_state_in_the_order_of_the_page() -> None:
    results = toy_results()
    zones, municipalities = place_columns(results)
    origins, states = ranked_sides(results)
    assert [results.sides[0][n] for n in origins] == [("TX", "Brava"), ("NM", "Alba")]
    assert [results.sides[1][n] for n in states] == ["08", "05"]
    assert unpack(zones["by_state"]["county:35001"], 2) == pytest.approx([1, 0])
    assert unpack(municipalities["by_origin"]["08003"], 2) == pytest.approx(
        [0.31 / 0.61, 0.3 / 0.61], abs=0.02
    )
    bare = place_columns(replace(results, parts=None))
    assert [set(one) for one in bare] == [{"by_port"}, {"by_port"}]


@given(lists(integers(0, 99), min_size=1), integers(1, 4000))
def test_positions_are_written_as_signs_that_leave_no_script(positions: list[int], count: int) -> None:
    own = [n % count for n in positions]
    code = pack_positions(own, count)
    assert all("?" <= sign <= "~" for sign in code)
    assert values_of({"of": list(range(count)), "at": code}) == own


@given(arrays(np.float64, (2, 3), elements=st.floats(0, 1)))
def test_shares_in_two_signs_are_kept_to_a_third_of_a_percent(shares: FloatArray) -> None:
    for code, row in zip(pack_shares(shares), shares, strict=True):
        assert all("?" <= sign <= "~" for sign in code)
        levels = (np.frombuffer(code.encode(), np.uint8).astype(int) - FIRST_SIGN).reshape(-1, 2) @ [64, 1]
        found = np.where(levels > 0, 10 ** ((levels - 1) / 4094 * 6 - 6), 0)
        assert found == pytest.approx(np.where(row < 1e-6, 0, row), rel=0.0035)


def test_shares_that_a_page_writes_alike_are_packed_alike() -> None:
    one, other, zero, known = pack_shown(np.array([[3e-5], [9e-5], [0.0], [0.2]]))
    assert one == other != zero
    assert known == pack_shares(np.array([[0.2]]))[0]


def test_partners_are_the_largest_with_their_bands() -> None:
    found = partners(toy_results())
    assert found["port.p1"]["us"][0] == ["TX", 0.31, 0.186, 0.465, 0]
    assert found["port.p1"]["municipality"][0] == ["08004", 0.58, 0.348, 0.87, 0]
    assert found["us.NM"] == {
        "crossing": [["elena", 0.3, 0.18, 0.45, 0]],
        "mx": [["08", 0.3, 0.18, 0.45, 1]],  # no published figure is of the pair
    }
    assert found["crossing.elena"]["us"][0] == ["TX", 0.31, 0.186, 0.465, 0]
    bare = partners(replace(toy_results(), us_state_crossing=None, crossing_mx_state=None))
    assert bare["us.NM"]["port"] == [["p1", 0.3, 0.18, 0.45, 0]]
    less = partners(
        replace(
            toy_results(),
            us_state_port=None,
            port_mx_state=None,
            us_state_crossing=None,
            crossing_mx_state=None,
            districts=None,
        )
    )
    assert set(less["port.p1"]) == {"zone", "municipality"}


def test_roads_are_ranked_by_their_busiest_stretch_without_grade_d() -> None:
    rows = ranked_roads(toy_results(), 0.005)
    assert [row["name"] for row in rows] == ["I-1", "MX-1", "US-2", "MX-2D"]
    assert rows[0]["share_mean"] == 0.45
    assert rows[0]["box"] == [[32.01, -106.05], [33.0, -106.0]]


def test_named_corridors_and_what_the_data_told_are_shown_where_the_run_has_them() -> None:
    edges = toy_results().edges
    named = edges.assign(
        name=[f"Corridor {i}" for i in range(len(edges))], states="New Mexico, Chihuahua"
    ).iloc[:2]
    rows = ranked_roads(replace(toy_results(), corridors=named), 0.005)
    assert [(row["name"], row["about"]) for row in rows] == [
        ("Corridor 1", ["NM", "Chihuahua"]),
        ("Corridor 0", ["NM", "Chihuahua"]),
    ]
    told = pd.DataFrame([KNOWN])
    assert known_rows(replace(toy_results(), identifiability=told))[0]["variance_reduction"] == [
        ("pairs", 0.6),
        ("cities", 0.1),
    ]
    assert known_rows(toy_results()) == []
    port = toy_results().ports.iloc[0]
    of_port = pd.DataFrame([{**KNOWN, "kind": "port", "about": port["name_us"]}])
    row = known_rows(replace(toy_results(), identifiability=of_port))[0]
    assert (row["to"], row["to_es"]) == (port["name_us"], port["name_mx"])


def test_a_run_without_edge_flow_by_port_has_none_in_the_page() -> None:
    bare = map_layers(replace(toy_results(), parts=None), toy_base())
    with_flow = map_layers(toy_results(), toy_base())
    for specs, there in ((bare, False), (with_flow, True)):
        columns = next(spec.payload["columns"] for spec in specs if spec.name == "corridors")
        assert ("by_port" in columns) is there


def test_a_pair_that_no_published_figure_names_has_its_band_marked() -> None:
    results = toy_results()
    pairs = results.state_pairs.assign(published=False)
    pairs.loc[0, "published"] = True
    named = pairs.loc[0]
    found = partners(replace(results, state_pairs=pairs))
    for owner, partner in (("us", "mx"), ("mx", "us")):
        marks = {
            (key.partition(".")[2], str(row[0])): row[4]
            for key, kinds in found.items()
            if key.startswith(f"{owner}.")
            for row in kinds.get(partner, ())
        }
        own = (str(named[f"{owner}_state"]), str(named[f"{partner}_state"]))
        assert marks[own] == 0
        assert all(mark == 1 for place, mark in marks.items() if place != own)
    assert all(row[4] == 0 for kinds in found.values() for row in kinds.get("zone", ()))
