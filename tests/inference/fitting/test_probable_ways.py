"""The most probable ways of journeys on the toy world, and the choice among ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, strategies as st

from corridors.core.journeys import Journeys
from corridors.inference.fitting import InferencePlan, prepare_problem, trip_paths
from corridors.inference.fitting.probable_ways import medoid
from tests.inference import toy

if TYPE_CHECKING:
    from corridors.core.types import Arcs, Evidence, IntArray

NORTH, SOUTH = 0, 1


@pytest.mark.parametrize(
    ("ends", "roads"),
    [
        ((NORTH, toy.EAST, toy.CIUDAD), ["I-19", "I-10", "EAST", "MEX17D"]),
        ((SOUTH, toy.EAST, toy.LEJOS), ["I-10", "EAST", "MEX17D", "MEX2"]),
        ((NORTH, toy.WEST, toy.MEDIO), ["US1", "WEST", "MEX15", "MEX15W"]),
    ],
)
def test_a_way_leads_from_its_zone_through_its_port_to_its_municipality(
    toy_arcs: Arcs, toy_evidence: Evidence, ends: tuple[int, int, int], roads: list[str]
) -> None:
    problem = prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=4, seed=2))
    zone, port, municipality = (np.array([one]) for one in ends)
    none = np.zeros(1, dtype=np.int64)
    (way,) = trip_paths(problem, Journeys(none, none, none, zone, port, municipality), toy.KM)
    edges = [toy.EDGE[road] for road in roads]
    assert way.edges.tolist() in (edges, [toy.EDGE["I-19"], toy.EDGE["US2"], *edges[1:]])
    rows = [toy.ROADS[edge] for edge in way.edges]
    for (u, v, *_), first, second in zip(rows, way.nodes[:-1], way.nodes[1:], strict=True):
        assert {u, v} == {first, second}
    assert way.hours == pytest.approx(sum(row[2] for row in rows if row[4] != "poe"))


def test_ways_do_not_depend_on_the_number_of_threads(toy_arcs: Arcs, toy_evidence: Evidence) -> None:
    places = np.array([toy.CIUDAD, toy.LEJOS, toy.PUEBLO])
    none = np.zeros(3, dtype=np.int64)
    journeys = Journeys(none, none, none, np.array([NORTH, SOUTH, NORTH]), np.array([0, 1, 1]), places)
    one, two = (
        trip_paths(
            prepare_problem(toy_arcs, toy_evidence, InferencePlan(worlds=3, seed=2, jobs=jobs)),
            journeys,
            toy.KM,
        )
        for jobs in (1, 2)
    )
    assert [way.edges.tolist() for way in one] == [way.edges.tolist() for way in two]


def apart(one: IntArray, other: IntArray, km: IntArray) -> float:
    return float(km[np.setxor1d(one, other)].sum())


@given(st.lists(st.sets(st.integers(0, 7), min_size=1), min_size=1, max_size=6))
def test_the_chosen_way_is_the_one_from_which_the_others_are_least_apart(sets: list[set[int]]) -> None:
    ways = [np.array(sorted(one)) for one in sets]
    km = np.array([1, 2, 4, 8, 16, 32, 64, 128])
    total = [sum(apart(way, other, km) for other in ways) for way in ways]
    assert total[medoid(ways, km.astype(np.float64))] == min(total)
