"""QGIS styles (QML) of the layers of a GeoPackage, from the map's own classes and colours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from corridors.outputs.layers import palette

if TYPE_CHECKING:
    from collections.abc import Mapping

DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
MILLIMETRES = 0.26
"""A pixel of the map, in QGIS's unit of width."""
HALO = "255,255,255,255"
HORIZONTAL = "4"
"""QGIS's number for labels that lie level on a line."""
PORT_SIZE = '2 + 18 * sqrt("share_mean")'


def layer_styles() -> dict[str, str]:
    """Return the QML of each layer of a run by its name."""
    return {
        "edges": _graduated(palette.CORRIDORS, "line"),
        "corridors": _graduated(palette.CORRIDORS, "line", named="corridor_id"),
        "trip_corridors": _graduated(palette.CORRIDORS, "line", named="trip_id"),
        "zones": _graduated(palette.ZONES, "fill"),
        "municipalities": _graduated(palette.MUNICIPALITIES, "fill"),
        "crossings": _discs(),
        "ports": _discs(),
        "districts": _outlines(),
    }


def public_styles() -> dict[str, str]:
    """Return the QML of each public layer by its name; there, corridors are the stretches that the map draws."""
    styles = layer_styles()
    return styles | {"corridors": styles["edges"]}


def _graduated(classes: palette.Classes, kind: str, named: str = "") -> str:
    """Return a style by classes of the mean share, what is below the first faint or clear; with a column as label."""
    root, renderer = _root("graduatedSymbol")
    renderer.set("attr", "share_mean")
    ranges, symbols = ET.SubElement(renderer, "ranges"), ET.SubElement(renderer, "symbols")
    bounds = (0.0, *classes.breaks, 1.0)
    colours = ("#c4beb2" if kind == "line" else "", *classes.colours)
    widths = (0.5, *(classes.widths or (0.4,) * len(classes.colours)))
    for i, (colour, width) in enumerate(zip(colours, widths, strict=True)):
        low, high = bounds[i], bounds[i + 1]
        label = f"{low:.2%} - {high:.2%}"
        ET.SubElement(
            ranges, "range", lower=str(low), upper=str(high), symbol=str(i), label=label, render="true"
        )
        if kind == "line":
            options = {"line_color": _rgba(colour), "line_width": f"{width * MILLIMETRES:.2f}"}
            _symbol(symbols, str(i), "line", "SimpleLine", options)
        else:
            options = {"color": _rgba(colour), "outline_color": "255,255,255,180", "outline_width": "0.1"}
            _symbol(symbols, str(i), "fill", "SimpleFill", options)
    if kind == "line":
        renderer.set("enableorderby", "1")
        ET.SubElement(ET.SubElement(renderer, "orderby"), "orderByClause", asc="1").text = "share_mean"
    if named:
        root.set("styleCategories", "Symbology|Labeling")
        root.set("labelsEnabled", "1")
        settings = ET.SubElement(ET.SubElement(root, "labeling", type="simple"), "settings")
        text = ET.SubElement(
            settings,
            "text-style",
            fieldName=named,
            fontSize="8",
            fontSizeUnit="Point",
            textColor=_rgba(palette.PORT_LINE),
            textOpacity="1",
        )
        ET.SubElement(
            text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferColor=HALO, bufferOpacity="1"
        )
        ET.SubElement(settings, "placement", placement=HORIZONTAL, priority="5")
        ET.SubElement(settings, "rendering", drawLabels="1", scaleVisibility="0")
    return _text(root)


def _discs() -> str:
    """Return discs whose area follows the mean share."""
    root, renderer = _root("singleSymbol")
    options = {
        "name": "circle",
        "color": _rgba(palette.PORT_FILL),
        "outline_color": _rgba(palette.PORT_LINE),
        "size": "3",
    }
    layer = _symbol(ET.SubElement(renderer, "symbols"), "0", "marker", "SimpleMarker", options)
    by_data = ET.SubElement(ET.SubElement(layer, "data_defined_properties"), "Option", type="Map")
    ET.SubElement(by_data, "Option", name="name", type="QString", value="")
    size = ET.SubElement(
        ET.SubElement(by_data, "Option", name="properties", type="Map"), "Option", name="size", type="Map"
    )
    ET.SubElement(size, "Option", name="active", type="bool", value="true")
    ET.SubElement(size, "Option", name="expression", type="QString", value=PORT_SIZE)
    ET.SubElement(size, "Option", name="type", type="int", value="3")
    return _text(root)


def _outlines() -> str:
    """Return outlines without a fill, so that what lies under them is seen."""
    root, renderer = _root("singleSymbol")
    options = {"color": _rgba(""), "outline_color": _rgba(palette.DISTRICT), "outline_width": "0.5"}
    _symbol(ET.SubElement(renderer, "symbols"), "0", "fill", "SimpleFill", options)
    return _text(root)


def _root(kind: str) -> tuple[ET.Element, ET.Element]:
    root = ET.Element("qgis", version="3.34", styleCategories="Symbology")
    return root, ET.SubElement(root, "renderer-v2", type=kind)


def _symbol(parent: ET.Element, name: str, kind: str, layer: str, options: Mapping[str, str]) -> ET.Element:
    """Add a symbol of one layer."""
    symbol = ET.SubElement(parent, "symbol", type=kind, name=name, alpha="1", clip_to_extent="1")
    drawn = ET.SubElement(symbol, "layer", {"class": layer, "enabled": "1", "pass": "0", "locked": "0"})
    values = ET.SubElement(drawn, "Option", type="Map")
    for key, value in options.items():
        ET.SubElement(values, "Option", name=key, type="QString", value=value)
    return drawn


def _rgba(colour: str) -> str:
    """Return a colour as QGIS writes it; none is clear."""
    if not colour:
        return "255,255,255,0"
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return DOCTYPE + ET.tostring(root, encoding="unicode") + "\n"
