"""The shipped data, end to end: what the issue promises of the default graph, the fit and the files."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from corridors.config import Config
from corridors.core.run_settings import RunSettings
from corridors.inference.routing import draw_costs, prepare_routing, queries, route_world
from corridors.jobs.inputs import default_data, load_inputs
from corridors.jobs.run import run
from corridors.jobs.run_folder import NOT_OF_FLOW
from corridors.jobs.stages import build_evidence, build_network, infer, make_plan
from corridors.network.build import largest_component
from corridors.network.zones import nearest_node
from corridors.outputs.text import load_translations
from corridors.outputs.web import SITE_PAGES
from tests.browser import READY, until
from tests.outputs.pages.test_map_browser import axe

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.draws import FlowDraws
    from corridors.core.types import Evidence, Network
    from corridors.jobs.inputs import Inputs
    from tests.browser import Reader

SMALL = Config(run=RunSettings(mode="point", worlds=6, variants=1))
FILES = {
    "index.html",
    "map.html",
    "method.html",
    "download.html",
    "ask.html",
    "changes.html",
    "sources.html",
    "narrative/narrative.html",
    "narrative/parts.csv",
    "narrative/manifest.json",
    "manifest.json",
    "data/edges.parquet",
    "data/crossings.csv",
    "data/finding.csv",
    "data/district_road.parquet",
    "data/trip_corridors.csv",
    "data/flows.csv",
    "data/ports.csv",
    "data/state_pairs.csv",
    "data/zone_port.csv",
    "data/port_municipality.csv",
    "data/district_crossing.csv",
    "data/district_port.csv",
    "data/district_state.csv",
    "data/corridors.csv",
    "data/corridors.gpkg",
    "data/rank_changes.csv",
    "data/density.tif",
    "data/density_classes.tif",
    "data/notice.txt",
}
KIT = {
    "index.html",
    "en.html",
    "map.png",
    "map.svg",
    "oembed.json",
    "snippet.html",
    "attribution.txt",
    "citation.bib",
}


@pytest.fixture(scope="module")
def inputs() -> Inputs:
    return load_inputs(SMALL)


class Watched(dict[str, Any]):
    """Tables that note which of them are asked for."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        super().__init__(tables)
        self.asked: set[object] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


@pytest.fixture(scope="module")
def watched(inputs: Inputs) -> Inputs:
    return replace(inputs, tables=Watched(inputs.tables))


@pytest.fixture(scope="module")
def network(watched: Inputs) -> Network:
    return build_network(watched)


@pytest.fixture(scope="module")
def evidence(watched: Inputs, network: Network) -> Evidence:
    return build_evidence(watched, network, SMALL)


@pytest.fixture(scope="module")
def posterior(network: Network, evidence: Evidence) -> FlowDraws:
    return infer(network, evidence, SMALL)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two runs with one seed, the second on one thread."""
    folder = tmp_path_factory.mktemp("runs")
    run(SMALL).write(folder / "one")
    alone = SMALL.model_copy(update={"run": SMALL.run.model_copy(update={"jobs": 1})})
    run(alone).write(folder / "two")
    return folder / "one", folder / "two"


def test_the_flow_is_of_no_table_that_may_be_newer_than_its_run(watched: Inputs, evidence: Evidence) -> None:
    """A finished run is not refused for these tables (`read_run`): no stage before inference may read them."""
    assert isinstance(watched.tables, Watched)
    assert evidence.us_states
    assert not NOT_OF_FLOW & watched.tables.asked
    assert {"seizure_events", "southbound_factors"} <= watched.tables.asked
    assert set(watched.tables) >= NOT_OF_FLOW


def test_almost_every_node_is_in_one_piece(network: Network) -> None:
    u, v = network.edges["u"].to_numpy(), network.edges["v"].to_numpy()
    assert largest_component(len(network.nodes), u, v).mean() >= 0.995
    assert len(network.ports) == 42


def test_the_border_is_a_cut_on_the_real_graph(network: Network) -> None:
    arcs = network.arcs
    us = network.nodes["country"].to_numpy() == "US"
    crossing = us[arcs.tail] != us[arcs.head]
    assert sorted(arcs.edge[crossing]) == sorted(arcs.port_edge)
    assert (us[arcs.tail[crossing]]).all()


def test_24_routes_come_out_within_five_percent(inputs: Inputs, network: Network) -> None:
    """Fastest path by class speeds, against distances from general knowledge (docs/method.md 2.5)."""
    checks = inputs.tables["route_checks"]
    assert len(checks) == 24
    assert (checks["true_km"] >= 100).all()
    arcs = network.arcs
    shape = (arcs.nodes, arcs.nodes)
    # parallel arcs: scipy adds them up, so keep the faster of each pair
    best = pd.DataFrame({"tail": arcs.tail, "head": arcs.head, "hours": arcs.hours, "edge": arcs.edge})
    best = best.sort_values("hours").drop_duplicates(["tail", "head"])
    graph = csr_array((best["hours"], (best["tail"], best["head"])), shape=shape)
    km = {
        (t, h): network.edges["km"].iloc[e]
        for t, h, e in best[["tail", "head", "edge"]].itertuples(index=False)
    }
    usable = largest_component(arcs.nodes, arcs.tail, arcs.head)
    start, _ = nearest_node(network, usable, checks["origin_lon"].to_numpy(), checks["origin_lat"].to_numpy())
    stop, _ = nearest_node(
        network, usable, checks["destination_lon"].to_numpy(), checks["destination_lat"].to_numpy()
    )
    _, before = dijkstra(graph, indices=start, return_predecessors=True)
    ratios = []
    for n, (row, true_km) in enumerate(zip(before, checks["true_km"], strict=True)):
        node, length = int(stop[n]), 0.0
        while node != start[n]:
            length += km[(int(row[node]), node)]
            node = int(row[node])
        ratios.append(length / true_km)
    assert np.abs(np.array(ratios) - 1).max() <= 0.05, dict(zip(checks["destination"], ratios, strict=True))


def test_flow_is_conserved_in_every_world(network: Network, posterior: FlowDraws) -> None:
    for draws in (
        posterior.port_share,
        posterior.state_pair,
        posterior.zone_port,
        posterior.port_municipality,
    ):
        assert np.abs(draws.reshape(len(draws), -1).sum(axis=1) - 1).max() < 1e-9
    assert np.abs(posterior.zone_port.sum(axis=1) - posterior.port_share).max() < 1e-9
    assert np.abs(posterior.port_municipality.sum(axis=2) - posterior.port_share).max() < 1e-9
    assert np.abs(posterior.edge_share[:, network.arcs.port_edge] - posterior.port_share).max() < 1e-9


def test_flow_is_conserved_at_every_node(network: Network, evidence: Evidence, posterior: FlowDraws) -> None:
    """Kirchhoff's law on the real graph, both legs: what enters a junction leaves it or ends there."""
    arcs, access = network.arcs, evidence.connectors
    plan = make_plan(SMALL)
    roads = prepare_routing(arcs, access)
    routed = route_world(roads, draw_costs(arcs, plan.costs, seed=plan.seed, world=0))
    starts = roads.from_zone.T @ posterior.zone_port[0]
    ends = (roads.from_municipality.T @ posterior.port_municipality[0].T).T
    flow = queries.assign_flow(roads.hierarchy, routed.metric, starts, ends)
    net = np.bincount(arcs.head, flow, arcs.nodes) - np.bincount(arcs.tail, flow, arcs.nodes)
    want = -np.asarray((access.zone_nodes.T @ posterior.zone_port[0]).sum(axis=1))
    np.add.at(want, arcs.port_us, posterior.port_share[0])
    np.add.at(want, arcs.port_mx, -posterior.port_share[0])
    np.add.at(want, access.municipality_node, posterior.port_municipality[0].sum(axis=0))
    assert np.abs(net - want).max() < 1e-9


def test_states_and_pairs_match_what_was_published(evidence: Evidence, posterior: FlowDraws) -> None:
    published = evidence.published
    wanted = published.state_counts / published.state_counts.sum()
    for cell in posterior.state_pair:
        assert np.abs(cell.sum(axis=1) - wanted).max() < 0.01
        guns = cell * published.state_counts.sum() * published.known_fraction
        listed = guns[published.pairs[:, 0], published.pairs[:, 1]]
        assert (np.abs(listed / published.pair_counts - 1) < 0.15).all()
        # "the five largest": every other pair is at most the fifth, but for sampling error
        others = guns.copy()
        others[published.pairs[:, 0], published.pairs[:, 1]] = 0
        assert others.max() < published.pair_bound


def test_no_port_drifts_to_nonsense(evidence: Evidence, posterior: FlowDraws) -> None:
    """docs/method.md 5.2: no port's mean share is above five times its fraction of crossings."""
    cars = np.exp(evidence.log_port_volume)
    ratio = posterior.port_share.mean(axis=0) / (cars / cars.sum())
    assert ratio.max() < 5


def test_every_world_converged(posterior: FlowDraws) -> None:
    assert posterior.diagnostics["converged"]


def test_every_file_is_there(runs: tuple[Path, Path]) -> None:
    for folder in runs:
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert {name for name in files if not name.startswith("embed/")} == FILES
        assert {f"embed/{name}" for name in KIT} <= files


def test_every_link_leads_to_a_file_of_the_run_wherever_it_lies(
    runs: tuple[Path, Path], tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(runs[0], tmp_path / "a stick" / "two"))
    pages = [page for page in folder.rglob("*.html") if not page.name.startswith("snippet")]
    assert len(pages) == 10
    for page in pages:
        html = re.sub(r"<script.*?</script>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
        links = re.findall(r'<a [^>]*href="([^"#][^"]*)"', html)
        assert links, page
        for link in links:
            target = (page.parent / link.partition("?")[0]).resolve()
            assert target.is_file(), (page, link)
            assert folder.resolve() in target.parents, (page, link)


def test_every_page_is_one_click_from_every_other(runs: tuple[Path, Path]) -> None:
    keys = ("home", "map", "narrative", "method", "sources", "ask", "changes", "download", "embed")
    for key in keys:
        for language, file in SITE_PAGES[key].items():
            page = runs[0] / file
            links = set(
                re.findall(rf'<a [^>]*href="([^"]*)\?lang={language}"', page.read_text(encoding="utf-8"))
            )
            reached = {(page.parent / link).resolve() for link in links}
            assert {(runs[0] / SITE_PAGES[other][language]).resolve() for other in keys} <= reached, page


def test_no_two_elements_of_a_page_share_an_id(runs: tuple[Path, Path]) -> None:
    for page in runs[0].rglob("*.html"):
        ids = Counter(re.findall(r"<[^<>]*\sid=\"([^\"]+)\"", page.read_text(encoding="utf-8")))
        assert {name for name, times in ids.items() if times > 1} == set(), page


def test_every_file_of_data_is_explained_and_offered(runs: tuple[Path, Path]) -> None:
    page = (runs[0] / "download.html").read_text(encoding="utf-8")
    names = [path.name for place in ("data", "embed/data") for path in (runs[0] / place).iterdir()]
    assert [name for name in names if page.count(f"{name}</a></th><td>") < 2] == []
    assert "<td></td>" not in page


def test_the_index_says_what_this_run_is(reader: Reader, runs: tuple[Path, Path]) -> None:
    for language in ("es", "en"):
        t = load_translations(language)
        for size in ((1366, 625), (390, 844)):
            with reader.open(runs[0] / "index.html", f"?lang={language}", size=size) as (page, log):
                assert axe(page) == []
                shown = page.inner_text("main:visible")
                assert "NaN" not in shown
                assert t("mode.point_notice") in shown
                assert t("home.absent", pages="").rstrip(". ") in shown
                assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
                page.keyboard.press("Tab")
                assert page.evaluate("() => document.activeElement.className") == "skip"
                page.keyboard.press("Tab")
                assert page.evaluate("() => document.activeElement.textContent") == t("site.home")
                assert log.quiet, log


def test_a_link_carries_the_language(reader: Reader, runs: tuple[Path, Path]) -> None:
    with reader.open(runs[0] / "index.html", "?lang=es") as (page, log):
        page.click("#languages [data-language=en]")
        assert page.url.endswith("index.html?lang=en")
        for key in ("map", "sources", "narrative", "method", "home"):
            page.click(f".site-links[data-of=en] a:has-text('{load_translations('en')(f'site.{key}')}')")
            until(page, READY)
            assert page.evaluate("() => document.documentElement.lang") == "en"
        assert log.quiet, log


def test_every_file_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs/outputs.md").read_text(encoding="utf-8")
    assert {name for name in FILES if f"`{name}`" not in text} == set()


def test_same_seed_same_bytes(runs: tuple[Path, Path]) -> None:
    """Everything but the manifest, which records how long the run took."""
    for name in sorted(FILES - {"manifest.json"}):
        one, two = (hashlib.sha256((folder / name).read_bytes()).hexdigest() for folder in runs)
        assert one == two, name


def test_manifest_traces_every_number(runs: tuple[Path, Path]) -> None:
    manifest: dict[str, Any] = json.loads((runs[0] / "manifest.json").read_text(encoding="utf-8"))
    assert {name for name in manifest["outputs"] if not name.startswith("embed/")} == FILES - {
        "manifest.json"
    }
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((runs[0] / name).read_bytes()).hexdigest() == digest
    data = default_data()
    for source in manifest["sources"]:
        assert hashlib.sha256((data / source["file"]).read_bytes()).hexdigest() == source["sha256"]
        assert source["licence"]
    assert manifest["config"]["run"]["seed"] == SMALL.run.seed
    assert manifest["rows"]["ports_of_entry"]["used"] == 42
    assert sum(manifest["rows"]["ports_of_entry"]["dropped"].values()) == 16
    assert {"read", "network", "inference", "tables", "map"} <= set(manifest["seconds"])
    assert manifest["peak_memory_mb"] > 0


def test_results_read_back_whole(runs: tuple[Path, Path]) -> None:
    data = runs[0] / "data"
    edges = gpd.read_parquet(data / "edges.parquet")
    assert edges["edge_id"].is_unique
    assert edges["share_mean"].between(0, 1).all()
    for name in ("ports", "state_pairs", "zone_port", "port_municipality"):
        table = pd.read_csv(data / f"{name}.csv", dtype={"cvegeo": str, "mx_state": str})
        assert table["share_mean"].sum() == pytest.approx(1, abs=1e-5)
    pairs = pd.read_csv(data / "state_pairs.csv", dtype={"mx_state": str})
    assert len(pairs) == 4 * 32
    assert pairs["mx_state"].str.fullmatch(r"\d{2}").all()


def test_the_map_is_small_and_names_its_run(runs: tuple[Path, Path]) -> None:
    page = (runs[0] / "map.html").read_text(encoding="utf-8")
    manifest = json.loads((runs[0] / "manifest.json").read_text(encoding="utf-8"))
    assert len(page.encode()) < 1_500_000
    assert manifest["run"]["fingerprint"] in page
    assert "TravelMapping" in page
