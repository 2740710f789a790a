"""The one module that touches folium.

folium and branca compile the text they are given as templates, and paste it into scripts: data that went
through them would run, on the analyst's machine and on the reader's. Here folium makes the map, its layers
and its layer control out of constants only; data goes in as JSON that nothing but `JSON.parse` reads.

In a notebook the same layers work on any folium map::

    map_ = folium.Map([26, -104], zoom_start=5)
    for spec in map_layers(results, base):
        CompactLayer(spec.payload, spec.name, show=spec.show).add_to(map_)
    folium.LayerControl().add_to(map_)
    map_
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

import folium
from branca.element import Element, Figure
from folium.map import Layer
from folium.template import Template

from corridors.core.errors import OutputError
from corridors.outputs.layers.packing import TWO_SIGNS, pack_positions
from corridors.outputs.web import sealed
from corridors.outputs.web.island_html import json_island, json_text

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTEBOOK_SCRIPT = "notebook.js"
_SCRIPT_PLACE = "corridors_script"
# What the script that folium writes may be made of: no quotes but these, no <, \, `, $ or %.
_BOOT_TEXT = re.compile(r"[\w\s.,:;=(){}\[\]\"'-]*")


class TrustedHtml(Element):
    """Text put in the page unchanged: it is not a template, so nothing in it is executed.

    Parameters
    ----------
    text
        Safe HTML, or a script that is one of our constants.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: Any) -> str:
        """Return the text."""
        return self.text


class PageFigure(Figure):
    """A document with a language, a title, landmarks and no link to anywhere.

    Parameters
    ----------
    title, language
        Of the document, until the reader changes language.
    layer_script
        Name of the script that makes its layers, which follows Leaflet.
    packed
        Whether islands may be packed; the script then exports `open`, which unpacks them.
    """

    _template = Template(
        '<!DOCTYPE html>\n<html lang="{{ this.language }}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n'
        "<title>{{ this.title|e }}</title>\n{{ this.header.render() }}\n</head>\n<body>\n"
        "{{ this.html.render() }}\n<script>{{ this.boot() }}</script>\n</body>\n</html>\n"
    )

    def __init__(
        self, title: str, language: str, layer_script: str = NOTEBOOK_SCRIPT, *, packed: bool = False
    ) -> None:
        super().__init__(title=title)
        self.language = language
        self.layer_script = layer_script
        self.packed = packed
        self.header.add_child(
            TrustedHtml(""), name="meta_http"
        )  # in the place of branca's own, which the page has

    def boot(self) -> str:
        """Return the script that folium wrote, checked to be made of constants, and the page's start."""
        text = f"{self.script.render()}\ncorridors.page();\n"
        if self.packed:
            text = f"corridors.open(function () {{\n{text}}});\n"
        if not _BOOT_TEXT.fullmatch(text):
            found = sorted(set(_BOOT_TEXT.sub("", text)))
            msg = f"map script: expected constants only, found {found}. Pass data as a CompactLayer payload."
            raise OutputError(msg)
        return text


class OfflineMap(folium.Map):
    """A folium map that needs Leaflet alone, drawn in the page's own `#map`."""

    default_js = [("leaflet", sealed.LEAFLET_JS)]  # noqa: RUF012  folium declares them so
    default_css = [("leaflet_css", sealed.LEAFLET_CSS)]  # noqa: RUF012
    _template = Template(
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = corridors.map("map", {{ this.options|tojavascript }});'
        "{% endmacro %}"
    )

    def __init__(self, name: str = "page", **options: Any) -> None:
        super().__init__(tiles=None, prefer_canvas=True, **options)
        self._id = name
        del self.options["zoom"]  # the page's script opens the map on its data

    def render(self, **kwargs: Any) -> str:
        """Add the map and its layers to the page, without folium's style sheets; what it returns is empty."""
        super(folium.Map, self).render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class CompactLayer(Layer):
    """A layer drawn from a compact payload. Brings the script that draws it, once a page.

    Parameters
    ----------
    payload
        As the modules of `outputs/layers` make it.
    name
        Label in the layer control; shown literally, whatever it holds.
    id_
        Id in the page, of letters, digits and underscores; random by default, as folium's are.
    show, control
        As of any folium layer.
    """

    _template = Template(
        "{% macro script(this, kwargs) %}"
        'var {{ this.get_name() }} = corridors.layer("{{ this.get_name() }}_data");'
        "{% endmacro %}"
    )

    def __init__(
        self, payload: Mapping[str, Any], name: str, *, id_: str = "", show: bool = True, control: bool = True
    ) -> None:
        super().__init__(name=as_literal(name), overlay=True, control=control, show=show)
        if not re.fullmatch(r"\w*", id_, re.ASCII):
            raise OutputError(
                f"layer id: expected letters, digits and underscores, found {id_!r}. Choose another."
            )
        self._name = "CompactLayer"
        self._id = id_ or self._id
        self.payload = payload

    def render(self, **kwargs: Any) -> str:
        """Add the data island and the two lines of script that draw it; what it returns is empty."""
        figure, name = cast("Figure", self.get_root()), f"{self.get_name()}_data"
        code = sealed.script(figure.layer_script if isinstance(figure, PageFigure) else NOTEBOOK_SCRIPT)
        figure.header.add_child(TrustedHtml(f"<script>{code}</script>"), name=_SCRIPT_PLACE)
        island = json_island(
            name, dictionary_encoded(self.payload), packed=isinstance(figure, PageFigure) and figure.packed
        )
        figure.html.add_child(TrustedHtml(island), name=name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]
        return ""


class LayerSwitch(folium.LayerControl):
    """folium's layer control under a fixed id, open."""

    def __init__(self) -> None:
        super().__init__(collapsed=False)
        self._id = "page"


def as_literal(text: str) -> str:
    """Return text escaped so that HTML, Jinja and JavaScript templates all show it literally."""
    return re.sub(r"[&<>\"'{}%$`\\#]", lambda found: f"&#{ord(found.group())};", text)


def dictionary_encoded(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return a payload with repetitive columns dictionary-encoded: `{"of": values, "at": packed position of each feature's}`."""
    columns = {name: _shorter(column) for name, column in payload.get("columns", {}).items()}
    return {**payload, "columns": columns} if columns else dict(payload)


def _shorter(column: Any) -> Any:
    """Return a column as it is, or by its values where it is a list and that is shorter."""
    if not isinstance(column, list):
        return column
    plain = [json_text(value) for value in column]
    of = list(dict.fromkeys(plain))
    if len(of) > TWO_SIGNS:
        return column
    place = {value: n for n, value in enumerate(of)}
    at = pack_positions([place[value] for value in plain], len(of))
    by_value = {"of": [json.loads(value) for value in of], "at": at}
    return by_value if len(json_text(by_value)) < len(json_text(column)) else column
