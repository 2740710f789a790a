from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corridors.bench import compare, measure, trees
from corridors.bench.graphs import road_like
from corridors.bench.job import choose, compare_job
from corridors.bench.trees import compare_trees
from corridors.bench.worlds import ensemble
from corridors.core.errors import ConfigError
from corridors.inference.routing.queries import UNREACHABLE

if TYPE_CHECKING:
    from pathlib import Path


def test_only_ports_lead_over_the_border() -> None:
    graph = road_like(3000, ports=8, zones=50, municipalities=40)
    arcs = graph.arcs
    over = graph.north[arcs.tail] != graph.north[arcs.head]
    assert np.array_equal(arcs.tail[over], arcs.port_us)
    assert np.array_equal(arcs.head[over], arcs.port_mx)
    assert np.all(graph.north[graph.us])
    assert not np.any(graph.north[graph.mx])
    assert np.all(np.diff(arcs.tail) >= 0)
    again = road_like(3000, ports=8, zones=50, municipalities=40)
    assert np.array_equal(again.arcs.hours, arcs.hours)


def test_trees_are_compared_and_kept(tmp_path: Path) -> None:
    ((figure, found),) = compare("trees", 2000, peers=["scipy"], rounds=1).items()
    assert figure == "ms_per_tree"
    assert {"engine", "engine_distances", "scipy"} <= set(found.rows)
    assert all(value > 0 for value in found.rows.values())
    measure.write(tmp_path, "trees", [found])
    assert json.loads((tmp_path / "trees.json").read_text(encoding="utf-8"))[0]["rows"] == found.rows
    assert "| scipy |" in (tmp_path / "trees.md").read_text(encoding="utf-8")


def test_a_missing_peer_is_named_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trees, "installed", lambda _: False)
    found = compare_trees(1000, peers=["networkit"], rounds=1)
    assert found.skipped == {"networkit": "not installed"}
    assert "networkit" not in found.rows


def test_an_unknown_comparison_or_peer_is_refused() -> None:
    with pytest.raises(
        ConfigError, match=r"expected one of trees, job, map, found 'tree'. Did you mean 'trees'"
    ):
        compare("tree", 1000, peers=None, rounds=1)
    with pytest.raises(ConfigError, match="--peers"):
        compare("job", 1000, peers=["scipi"], rounds=1)
    with pytest.raises(ConfigError, match="folium_whole"):
        compare("map", 1000, peers=["leaflet"], rounds=1)


def test_every_way_of_doing_the_job_pays_the_same() -> None:
    found = compare_job(2500, peers=["scipy", "dijkstra"], rounds=1)
    paid = [float(value) for name, value in found.facts.items() if "paid" in name]
    assert paid == pytest.approx([1, 1])


def test_the_choice_conserves_supply() -> None:
    us = np.array([[0, 360_000], [UNREACHABLE, 0]], dtype=np.int64)
    mx = np.array([[0, 720_000, UNREACHABLE], [360_000, 0, 0]], dtype=np.int64)
    trips = choose(us, mx, np.array([0.25, 0.75]), np.ones(3))
    assert trips.by_us.sum(axis=1) == pytest.approx([0.25, 0.75])
    assert trips.by_mx.sum(axis=1) == pytest.approx(trips.by_us.sum(axis=0))
    assert trips.by_us[1, 0] == 0
    assert trips.by_mx[0, 2] == 0


def test_an_ensemble_does_not_depend_on_threads() -> None:
    graph = road_like(2000, ports=6, zones=40, municipalities=30)
    runs = [ensemble(graph.arcs, graph.us, graph.mx, worlds=6, jobs=jobs, batch=2)[0] for jobs in (1, 2)]
    assert runs[0].tobytes() == runs[1].tobytes()
    assert runs[0][graph.north[graph.arcs.tail] & graph.north[graph.arcs.head]].sum() > 0
