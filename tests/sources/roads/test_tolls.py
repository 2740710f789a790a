"""Short pieces that a free highway shares with a toll road."""

from __future__ import annotations

import numpy as np
from hypothesis import given, strategies as st

from corridors.sources.roads.tolls import FREE_PIECE_KM, free_pieces


def chain(km: list[float], shared: list[bool]) -> list[bool]:
    nodes = np.arange(len(km) + 1)
    found = free_pieces(nodes[:-1], nodes[1:], np.array(km), np.array(shared, dtype=np.bool_))
    return [bool(free) for free in found]


def test_a_piece_is_measured_whole() -> None:
    assert chain([5, 5, 5, 4.9], [False, True, True, True]) == [False, True, True, True]
    assert chain([5, 5, 5, 5], [False, True, True, True]) == [False] * 4
    assert chain([10, 5, 10], [True, False, True]) == [True, False, True]
    assert chain([], []) == []


@given(
    parts=st.lists(st.tuples(st.floats(0.1, 8), st.booleans()), min_size=1, max_size=30),
    cut=st.integers(0, 29),
)
def test_cutting_a_road_in_two_changes_nothing(parts: list[tuple[float, bool]], cut: int) -> None:
    km, shared = ([*part] for part in zip(*parts, strict=True))
    at = cut % len(km)
    found = chain(km, shared)
    halves = chain(
        [*km[:at], km[at] / 2, km[at] / 2, *km[at + 1 :]], [*shared[:at], shared[at], *shared[at:]]
    )
    assert halves == [*found[:at], found[at], *found[at:]]
    assert all(own for own, is_free in zip(shared, found, strict=True) if is_free)
    assert sum(km) >= FREE_PIECE_KM or found == shared
