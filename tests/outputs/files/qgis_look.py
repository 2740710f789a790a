"""Open layers in QGIS as a reader would, and print what it makes of them: `python3 qgis_look.py picture.png file ...`.

Run by the Python that has PyQGIS (Debian's), not by the project's, with QT_QPA_PLATFORM=offscreen.
"""

import json
import sys
from pathlib import Path
from typing import Any

from osgeo import ogr
from qgis.core import (
    QgsApplication,
    QgsGraduatedSymbolRenderer,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsRasterLayer,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize

ogr.UseExceptions()


def vector(path: str, name: str) -> tuple[Any, dict[str, Any]]:
    """Return a layer as QGIS opens it, and what it says of itself."""
    layer = QgsVectorLayer(f"{path}|layername={name}", name, "ogr")
    styled = layer.loadDefaultStyle()[1]
    renderer, labels = layer.renderer(), layer.labeling()
    classes = renderer.ranges() if isinstance(renderer, QgsGraduatedSymbolRenderer) else []
    symbols = [one.symbol() for one in classes] or [renderer.symbol()]
    return layer, {
        "valid": layer.isValid(),
        "features": layer.featureCount(),
        "crs": layer.crs().authid(),
        "styled": styled,
        "renderer": type(renderer).__name__,
        "by": renderer.classAttribute() if classes else "",
        "breaks": [one.lowerValue() for one in classes],
        "colours": [one.color().name() for one in symbols],
        "label": labels.settings().fieldName if labels and layer.labelsEnabled() else "",
    }


def raster(path: str) -> tuple[Any, dict[str, Any]]:
    """Return a raster as QGIS opens it, and what it says of itself."""
    layer = QgsRasterLayer(path, "raster")
    return layer, {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "renderer": type(layer.renderer()).__name__,
    }


def main(picture: str, *paths: str) -> None:
    """Print what QGIS makes of every layer, and draw them all."""
    application = QgsApplication([], False)  # noqa: FBT003 - Qt takes no names
    application.initQgis()
    found: dict[str, Any] = {}
    layers = []
    for path in paths:
        if path.endswith(".gpkg"):
            names = [one.GetName() for one in ogr.Open(path)]
            seen = {name: vector(path, name) for name in names if name != "layer_styles"}
        else:
            seen = {Path(path).name: raster(path)}
        layers += [layer for layer, _ in seen.values()]
        found |= {name: said for name, (_, said) in seen.items()}
    settings = QgsMapSettings()
    settings.setLayers(layers)
    settings.setOutputSize(QSize(800, 600))
    extent = settings.fullExtent()
    extent.scale(1.1)
    settings.setExtent(extent)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    job.renderedImage().save(picture)
    sys.stdout.write(json.dumps({"layers": found, "errors": [one.message for one in job.errors()]}))


main(*sys.argv[1:])
