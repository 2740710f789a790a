"""The map in its main states, and the first page, look as they did, in both languages on a desktop and on a phone."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from corridors.core.results import Finding
from corridors.outputs.pages import render_map
from corridors.outputs.pages.home import render_home
from corridors.outputs.text import LANGUAGES
from corridors.outputs.web.site import site_of
from tests.outputs.vectors import toy_closure_model
from tests.pictures import REFERENCES, SIZES, alike, check_picture

if TYPE_CHECKING:
    from pathlib import Path

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap
    from tests.browser import Reader

VIEWS = {
    "map": ("map.html", ""),
    "map-choice": ("map.html", "#6/31/-104.5/see=port.p2"),
    "map-assumption": ("map.html", "#6/31/-104.5/with=demand.homicides"),
    "map-closed": ("map.html", "#6/31/-104.5/closed=p1"),
    "index": ("index.html", ""),
}


@pytest.fixture(scope="module")
def folder(toy: tuple[Results, Run, BaseMap], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the map and the first page of the toy results, with a finding and a model of closures."""
    toy_results, run, base = toy
    finding = Finding(("elena", "presas"), 0.9, 0.8, 0.95, (), (), "", "", "", float("nan"), "elena")
    results = replace(toy_results, finding=finding, closure_model=toy_closure_model())
    made = tmp_path_factory.mktemp("site")
    site = site_of(["home", "map", "sources"])
    (made / "index.html").write_text(render_home(results, run, {}, site), encoding="utf-8")
    (made / "map.html").write_text(render_map(results, run, base, site=site.at("map.html")), encoding="utf-8")
    return made


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_view_looks_as_it_did(reader: Reader, folder: Path, view: str, size: str, language: str) -> None:
    name, place = VIEWS[view]
    address = f"?lang={language}{place}"
    with reader.open(folder / name, address, size=SIZES[size], reduced_motion="reduce") as (page, log):
        check_picture(page, f"{view}-{language}-{size}")
        assert log.quiet, log


def test_views_are_told_apart() -> None:
    for size in SIZES:
        views = ["map", "index"]
        pictures = [Image.open(REFERENCES / f"{view}-es-{size}.png").convert("L") for view in views]
        pictures.append(Image.new("L", pictures[0].size, 255))
        assert not any(alike(one, other) for one, other in combinations(pictures, 2))
        shifted = pictures[0].transform(pictures[0].size, Image.Transform.AFFINE, (1, 0, 25, 0, 1, 0))
        assert not alike(pictures[0], shifted)  # as when the map is cut or moved


def test_references_are_small_and_all_in_use() -> None:
    files = sorted(REFERENCES.glob("*.png"))
    assert sum(file.stat().st_size for file in files) < 400_000
    own = {f"{v}-{l}-{s}" for v in VIEWS for l in LANGUAGES for s in SIZES}  # noqa: E741
    assert own <= {file.stem for file in files}
