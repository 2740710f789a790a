"""The panel that closes ports on the map itself, in a real browser, against the whole model on the shipped data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from corridors.bench.closures import closing
from corridors.config import Config
from corridors.core.scenario import EditContext, Scenario
from corridors.inference import build_closure_model, displacements
from corridors.jobs.inputs import load_inputs
from corridors.jobs.stages import build_evidence, build_network, infer, prepare
from corridors.network import resolve_edits
from corridors.outputs.layers.closure_model import closure_model_payload
from corridors.outputs.pages import render_map
from corridors.outputs.summary import summarise
from tests.outputs.pages.test_map_browser import axe
from tests.outputs.toy import toy_base, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results
    from corridors.core.types import FloatArray
    from tests.browser import Reader

Edits = tuple[list[int], dict[int, float]]
Exact = tuple["Results", list[Edits], "FloatArray"]
WORLDS, PAIRS = 12, 30
ALLOWED = 0.005


@pytest.fixture(scope="module", params=["port", "trip"])
def exact(request: pytest.FixtureRequest) -> Exact:
    """Results of a quick run of a structure of the choice; edits (closed ports, laws by state); and the mean shares of ports under each."""
    config = Config()
    config = config.model_copy(
        update={
            "run": config.run.model_copy(
                update={"mode": "point", "worlds": WORLDS, "structure": request.param}
            )
        }
    )
    inputs = load_inputs(config)
    network = build_network(inputs)
    evidence = build_evidence(inputs, network, config)
    problem = prepare(network, evidence, config)
    posterior = infer(network, evidence, config, problem=problem)
    parts = build_closure_model(problem, posterior)
    results = replace(summarise(network, evidence, posterior), closure_model=parts)
    ports = network.ports["poe_id"].tolist()
    rng = np.random.default_rng(3)
    pairs = [sorted(rng.choice(len(ports), 2, replace=False).tolist()) for _ in range(PAIRS)]
    closed = [*([k] for k in range(len(ports))), *pairs]
    scenarios = [closing(*(ports[k] for k in one)) for one in closed]
    text = {"es": "Ley", "en": "Law"}
    for n, state in enumerate(evidence.us_states):
        law: dict[str, Any] = {"id": f"law-{n}", "name": text, "question": text}
        scenarios.append(
            Scenario.model_validate(law | {"edit": [{"kind": "law", "us_state": state, "sd": 1.0}]})
        )
    edits: list[Edits] = [(one, {}) for one in closed]
    edits += [([], {n: 1.0}) for n in range(len(evidence.us_states))]
    context = EditContext(network, evidence, inputs.tables["gun_shows"], {}, config.costs.toll_usd_per_km)
    changes = [resolve_edits(one, context, file=one.id)[0] for one in scenarios]
    found = displacements(problem, posterior, changes, edges=False)
    return results, edits, np.stack([one.after.port.mean(axis=0) for one in found])


@pytest.fixture(scope="module")
def panel_file(exact: Exact, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("panel") / "map.html"
    file.write_text(render_map(exact[0], toy_run(), toy_base()), encoding="utf-8")
    return file


def test_every_closure_and_pair_is_within_half_a_point(
    reader: Reader, panel_file: Path, exact: Exact
) -> None:
    results, edits, means = exact
    packed = json.dumps(closure_model_payload(results), separators=(",", ":"))
    assert len(packed) < 110_000
    ranked = np.argsort(-results.ports["share_mean"].to_numpy(), kind="stable")
    place = np.argsort(ranked)
    asked = [[[int(place[k]) for k in closed], laws] for closed, laws in edits]
    with reader.open(panel_file) as (page, log):
        found = page.evaluate(
            """edits => {
            const { island, readClosureModel, movedShares, state } = corridors.inner;
            const model = readClosureModel(island("closure_model"));
            const { columns } = state.layers.find((one) => one.name === "ports").data;
            const before = columns.share_mean.map((mid, k) => [columns.share_lo90[k], mid, columns.share_hi90[k]]);
            return JSON.stringify(edits.map(([closed, laws]) => movedShares(model, before, closed, laws).map(({ band }) => [band.low, band.mean, band.high])));
            }""",
            asked,
        )
        assert log.quiet, log
    bands = np.array(json.loads(found), dtype=np.float64)
    shares = bands[:, :, 1]
    error = np.abs(shares - means[:, ranked])
    assert error.max() < ALLOWED, error.max()
    assert np.allclose(shares.sum(axis=1), 1)
    assert np.isnan(bands[:, :, [0, 2]]).all()  # a quick run has no bands
    for (closed, _), row in zip(asked, shares, strict=True):
        assert (row[closed] == 0).all()


def test_the_reader_closes_a_port_and_undoes_it(reader: Reader, panel_file: Path) -> None:
    with reader.open(panel_file, "?lang=en") as (page, log):
        page.evaluate("() => document.querySelectorAll('details').forEach(d => { d.open = true; })")
        assert page.locator("#closed-ports .city input").count() == 27
        assert page.locator("#closed-ports .bridge input").count() == 25
        assert page.locator("#moved").is_hidden()
        page.locator("#closed-ports input").first.check()
        first = page.locator("#moved tbody tr").first
        assert (
            first.locator("th").inner_text() == page.locator("#closed-ports label").first.inner_text().strip()
        )
        assert first.locator("td").last.inner_text() == "0%"
        assert page.locator(".port-change").count() > 5
        assert axe(page) == []
        assert "layers=" not in page.url  # what is covered for a while is still the reader's
        page.locator("[data-language=es]").click()
        assert page.locator("#closed-ports input").first.is_checked()
        page.locator("#law-switches select").nth(1).select_option("1")
        assert page.locator("#moved tbody tr:not(.bridge)").count() == 14
        page.locator("#nothing-moved").click()
        assert page.locator("#moved").is_hidden()
        assert page.locator(".port-change").count() == 0
        assert page.evaluate(
            "() => corridors.inner.state.map.hasLayer(corridors.inner.state.layers.find(one => one.name === 'crossings'))"
        )
        assert log.quiet, log
