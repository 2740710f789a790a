"""What QGIS itself makes of the files: another reader than the libraries that wrote them."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from corridors.outputs.files import write_tables
from corridors.outputs.files.public import public_layers, write_public
from corridors.outputs.layers import map_layers, palette
from tests.outputs.toy import toy_base, toy_results

PYTHON = os.environ.get("CORRIDORS_QGIS_PYTHON", "/usr/bin/python3")
# a choice on one's own machine (QGIS is 1 GB); in CI there is none, and no QGIS is a failure
pytestmark = pytest.mark.skipif(
    PYTHON == "none" and not os.environ.get("CI"), reason="CORRIDORS_QGIS_PYTHON=none: asked to do without"
)
CLASSES = {
    "edges": palette.CORRIDORS,
    "corridors": palette.CORRIDORS,
    "zones": palette.ZONES,
    "municipalities": palette.MUNICIPALITIES,
}


def look(picture: Path, *paths: Path) -> dict[str, Any]:
    """Return what QGIS says of every layer of the files; drawn, they are in the picture."""
    command = [PYTHON, str(Path(__file__).with_name("qgis_look.py")), str(picture), *map(str, paths)]
    own = {name: str(picture.parent) for name in ("HOME", "XDG_RUNTIME_DIR")}
    own |= {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, capture_output=True, text=True, env=own, check=False)
    if done.returncode:
        pytest.fail(
            f"no PyQGIS in {PYTHON}: install python3-qgis, or name another Python or none in CORRIDORS_QGIS_PYTHON\n"
            + done.stderr[-2000:]
        )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert not found["errors"]
    return dict(found["layers"])


def colours(picture: Path) -> set[str]:
    """Return the colours that a picture has at least 20 pixels of."""
    pixels = np.asarray(Image.open(picture).convert("RGB")).reshape(-1, 3)
    seen, count = np.unique(pixels, axis=0, return_counts=True)
    return {f"#{r:02x}{g:02x}{b:02x}" for r, g, b in seen[count >= 20].tolist()}


def check_styles(found: dict[str, Any]) -> None:
    """Assert that QGIS shows each layer by the map's own classes and colours."""
    for name, one in found.items():
        assert one["valid"], name
        assert one["styled"], name
        assert one["crs"] == "EPSG:4326"
        assert one["features"], name
        if name in {"crossings", "ports"}:
            assert (one["renderer"], one["colours"]) == ("QgsSingleSymbolRenderer", [palette.PORT_FILL])
        elif name == "districts":
            assert one["renderer"] == "QgsSingleSymbolRenderer"
        else:
            assert one["by"] == "share_mean", name
            assert one["breaks"][1:] == list(CLASSES[name].breaks)
            assert one["colours"][1:] == list(CLASSES[name].colours)


def test_qgis_shows_a_run_as_the_map_does(tmp_path: Path) -> None:
    results = toy_results()
    stretches = results.edges.rename(columns={"edge_id": "corridor_id"})
    write_tables(replace(results, corridors=stretches), tmp_path)
    data, picture = tmp_path / "data", tmp_path / "picture.png"
    rasters = [data / "density.tif", data / "density_classes.tif"]
    found = look(picture, data / "corridors.gpkg", *rasters)
    shown = [found.pop(path.name) for path in rasters]
    assert all(one["valid"] and one["crs"] == "EPSG:4326" for one in shown)
    assert shown[1]["renderer"] == "QgsPalettedRasterRenderer"
    assert set(found) == {*CLASSES, "crossings", "ports", "districts"}
    assert found["corridors"]["label"] == "corridor_id"
    check_styles(found)
    strongest = {palette.CORRIDORS.colours[-1], palette.MUNICIPALITIES.colours[-1], palette.PORT_FILL}
    assert strongest <= colours(picture)


def test_qgis_shows_the_public_package_as_the_map_does(tmp_path: Path) -> None:
    write_public(public_layers(toy_results(), map_layers(toy_results(), toy_base())), tmp_path)
    picture = tmp_path / "picture.png"
    found = look(picture, tmp_path / "public.gpkg")
    assert set(found) == {"corridors", "crossings", "ports", "zones", "municipalities"}
    check_styles(found)
    assert palette.CORRIDORS.colours[-1] in colours(picture)
