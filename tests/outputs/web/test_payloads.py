"""What pages hold is what is described, and so what their scripts are typed by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from corridors.outputs.layers import Tiles
from corridors.outputs.layers.closure_payloads import PortClosureDraw
from corridors.outputs.pages import render_map, render_sources
from tests.outputs.page_islands import islands_of
from tests.outputs.pages.test_sources import DAY, ROWS
from tests.outputs.payload_check import LAYERS, faults, page_faults
from tests.outputs.toy import KNOWN, toy_base, toy_results, toy_run
from tests.outputs.vectors import toy_closure_model, toy_trip_closure_model

if TYPE_CHECKING:
    from corridors.core.closures import ClosureModel
    from corridors.core.results import Results


TILES = Tiles("https://tiles.test/{z}/{x}/{y}.png", "Somebody")
DRAW = {"group_port_base": "??", "destination_weight": "??", "power": 0.5, "law": -0.2}


def whole_toy() -> Results:
    """Return the toy's results with all that a run may have."""
    return replace(toy_results(), identifiability=pd.DataFrame([KNOWN]), closure_model=toy_closure_model())


@pytest.mark.parametrize("closures", [toy_closure_model(), toy_trip_closure_model()])
def test_every_island_of_the_map_is_as_described(closures: ClosureModel) -> None:
    results = replace(whole_toy(), closure_model=closures)
    data = islands_of(render_map(results, toy_run(), replace(toy_base(), tiles=TILES)))
    assert page_faults(data) == []
    shown = {name.removeprefix("compact_layer_").removesuffix("_data") for name in data}
    assert set(LAYERS) - shown == {"district"}  # of briefs


def test_the_page_of_sources_is_as_described() -> None:
    assert page_faults(islands_of(render_sources(ROWS, on=DAY))) == []
    assert page_faults(islands_of(render_sources(()))) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (DRAW, []),
        (DRAW | {"power": "0.5"}, ["draw.power: '0.5' is not float"]),
        (DRAW | {"more": 1}, ["draw.more: not described"]),
        ({"group_port_base": "??", "destination_weight": "??", "power": 1}, ["draw.law: missing"]),
        ([], ["draw: not an object"]),
    ],
)
def test_what_is_not_as_described_is_found(value: object, expected: list[str]) -> None:
    assert faults(value, PortClosureDraw, "draw") == expected
