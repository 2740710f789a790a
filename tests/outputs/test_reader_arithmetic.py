"""A reader adds up what a small run publishes, and is not fooled by one changed number (`tests.outputs.arithmetic`)."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pytest

from corridors.outputs.files import write_csv, write_tables
from corridors.outputs.layers import map_layers
from corridors.outputs.pages import render_map
from corridors.outputs.pages.embed import write_embed
from corridors.outputs.summary import Rivals, summarise
from corridors.outputs.web.island_html import json_island
from tests.outputs.arithmetic import MEAN, disagreements, table
from tests.outputs.flow import (
    NAMES,
    PLACES,
    SIDES,
    flow_districts,
    flow_draws,
    flow_evidence,
    flow_network,
    flow_trips,
    variants_like,
)
from tests.outputs.page_islands import ISLAND, islands_of
from tests.outputs.toy import toy_base, toy_run

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from corridors.core.types import FloatArray

RIVALS = Rivals(flow_draws(seed=5), flow_draws(seed=6), variants_like(flow_draws()), "port")
TABLES = (
    "ports",
    "crossings",
    "flows",
    "state_pairs",
    "zone_port",
    "port_municipality",
    "corridors",
    "trip_corridors",
    "district_crossing",
    "district_port",
    "district_state",
)


@pytest.fixture(scope="module", params=["posterior", "point"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the drawn flow, written as a run is."""
    out: Path = tmp_path_factory.mktemp("run") / str(request.param)
    draws = flow_draws(kind=request.param)
    results = summarise(
        flow_network(),
        flow_evidence(),
        draws,
        RIVALS,
        places=PLACES,
        states=NAMES,
        sides=SIDES,
        districts=flow_districts(),
        trips=flow_trips(draws),
    )
    write_tables(results, out)
    specs = map_layers(results, toy_base(), 0.005)
    (out / "map.html").write_text(render_map(results, toy_run(), toy_base(), 0.005, specs), encoding="utf-8")
    write_embed(results, toy_run(), specs, out)
    return out


def nudged(shares: pd.Series[float], by: float) -> FloatArray:
    """Return the shares with the largest changed."""
    values = np.array(shares, dtype=np.float64)
    values[values.argmax()] += by
    return values


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder, tmp_path / "copy")


def test_what_is_published_adds_up(folder: Path) -> None:
    assert disagreements(folder) == []


@pytest.mark.parametrize("name", TABLES)
def test_a_changed_number_in_a_table_is_found(copy: Path, name: str) -> None:
    path = copy / f"data/{name}.csv"
    rows = table(path)
    write_csv(rows.assign(**{MEAN: nudged(rows[MEAN], 1e-5)}), path)
    assert disagreements(copy)


def test_a_changed_road_is_found(copy: Path) -> None:
    path = copy / "data/edges.parquet"
    roads = gpd.read_parquet(path)
    roads.assign(**{MEAN: nudged(roads[MEAN], 1e-9)}).to_parquet(path, index=False)
    assert disagreements(copy)


def test_a_changed_file_of_the_kit_is_found(copy: Path) -> None:
    for name in ("crossings", "ports", "zones", "municipalities"):
        path = copy / f"embed/data/{name}.csv"
        before = path.read_text(encoding="utf-8")
        rows = table(path)
        write_csv(rows.assign(**{MEAN: nudged(rows[MEAN], 1e-6)}), path)
        assert disagreements(copy), name
        path.write_text(before, encoding="utf-8")


@pytest.mark.parametrize(
    "island",
    ["compact_layer_crossings_data", "compact_layer_ports_data", "compact_layer_zones_data", "partners"],
)
def test_a_changed_number_in_the_map_is_found(copy: Path, island: str) -> None:
    page = copy / "map.html"
    text = page.read_text(encoding="utf-8")
    found = next(one for one in ISLAND.finditer(text) if one[2] == island)
    data = json.dumps(islands_of(found[0])[island])
    number = re.search(r"0\.\d{6,}", data)
    assert number is not None
    changed = f"{data[: number.start()]}{float(number[0]) + 0.01:.10f}{data[number.end() :]}"
    page.write_text(text.replace(found[0], json_island(island, json.loads(changed))), encoding="utf-8")
    assert disagreements(copy)


def test_a_changed_text_of_the_map_or_the_kit_is_found(copy: Path) -> None:
    for name in ("map.html", "embed/index.html", "embed/en.html"):
        page = copy / name
        text = page.read_text(encoding="utf-8")
        changed = re.sub(
            r'(<tr(?: class="bridge")?><th scope="row">.*?</th><td>)(\d+)%', r"\g<1>1\2%", text, count=1
        )
        assert changed != text, name
        page.write_text(changed, encoding="utf-8")
        assert disagreements(copy), name
        page.write_text(text, encoding="utf-8")
