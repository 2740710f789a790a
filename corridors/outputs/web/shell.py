"""The one frame of all pages: head, body, data islands, script and map, in one closed file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridors.outputs.web.folium_page import (
    CompactLayer,
    LayerSwitch,
    OfflineMap,
    PageFigure,
    TrustedHtml,
)
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.island_html import json_island
from corridors.outputs.web.sealed import asset, script, seal_page, template

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from corridors.core.results import Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.web.frame import Frame
    from corridors.outputs.web.site import Site

ZOOMS = (3, 10)
SHEET = "site.css"
"""Style sheet of what every page has."""
READ_FIRST = frozenset({"finding", "run", "words"})
"""Islands that a page needs to say anything, even that the browser cannot unpack the others."""


def render_page(
    title: str,
    frame: Frame,
    body: str,
    *,
    code: str,
    styles: Sequence[str],
    islands: Mapping[str, Any] | None = None,
    layers: Sequence[LayerSpec] = (),
    layer_switch: bool = False,
    pictures: Collection[str] = (),
    packed: bool = False,
    links: Collection[str] = (),
) -> str:
    """Return a page as one closed file, with a map where there are layers.

    Parameters
    ----------
    title
        Of the document when it opens.
    frame
        Its head and footer, which say in which language it opens.
    body
        The page's own HTML, from a template that extends `shell.html`.
    code
        Name of the page's script.
    styles
        Names of its style sheets, in their order.
    islands
        Data by id, plain JSON values.
    layers
        Layers of the map, the lowest first.
    layer_switch
        Whether the reader can switch the layers that allow it.
    pictures
        Hosts that the page may ask for pictures; none by default.
    packed
        Whether islands are packed, all but those of `READ_FIRST`; the script exports `open`.
    links
        Relative addresses of other files that the page may link to, besides those of the navigation.

    Raises
    ------
    OutputError
        The page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    figure = PageFigure(title, frame.opening, code, packed=packed)
    names = [*styles, SHEET]
    sheets = [asset(name) for name in names]
    for name, sheet in zip(names, sheets, strict=True):
        figure.header.add_child(TrustedHtml(f"<style>{sheet}</style>"), name=name)
    figure.html.add_child(TrustedHtml(frame.around(body)), name="body")
    for id_, data in (islands or {}).items():
        island = json_island(id_, data, packed=packed and id_ not in READ_FIRST)
        figure.html.add_child(TrustedHtml(island), name=id_)
    if layers:
        _add_map(figure, layers, layer_switch=layer_switch)
    else:
        figure.html.add_child(TrustedHtml(f"<script>{script(code)}</script>"), name="page_script")
    html = figure.render()
    return seal_page(
        html, [script(code), figure.boot()], sheets, pictures, frame.site.addresses() | set(links)
    )


def render_report(
    name: str,
    values: Mapping[str, Mapping[str, Any]],
    run: Run,
    site: Site | None = None,
    *,
    links: Collection[str] = (),
) -> str:
    """Return a page of prose and tables: both languages, one at a time where scripts run.

    Parameters
    ----------
    name
        Of the template of its body, `<name>.html`, and of its section of texts, which has a `title`.
    values
        By language, the values of the template besides `t`. Texts may hold anything: they are escaped.
    run
        The run that the page is of.
    site
        The pages that can be opened from it; by default it stands alone.
    links
        Relative addresses of other files that the page links to.

    Raises
    ------
    OutputError
        The page would hold a script, link or host that is not known.
    """
    frame = frame_of(run, site, skip=("brief.skip", "#content-{language}"))
    parts = [
        template(f"{name}.html", t=t, title=t(f"{name}.title"), **values[language])
        for language, t in frame.texts.items()
    ]
    first = frame.texts[frame.opening]
    return render_page(
        first(f"{name}.title"),
        frame,
        "\n".join(parts),
        code="report.js",
        styles=["report.css"],
        links=links,
    )


def translations_with(prefixes: tuple[str, ...], by_language: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return by language the texts that a page's script needs: those whose keys begin with one of these prefixes."""
    return {
        language: {key: text for key, text in t.texts.items() if key.startswith(prefixes)}
        for language, t in by_language.items()
    }


def _add_map(figure: PageFigure, layers: Sequence[LayerSpec], *, layer_switch: bool) -> None:
    """Add a map with these layers to a page."""
    map_ = OfflineMap(min_zoom=ZOOMS[0], max_zoom=ZOOMS[1], zoom_snap=0.25, attribution_control=False)
    map_.options["max_zoom"] = ZOOMS[1]  # folium gives it to tiles alone, of which there are none
    figure.add_child(map_)
    for spec in layers:
        layer = CompactLayer(
            spec.payload, f"layer.{spec.name}", id_=spec.name, show=spec.show, control=spec.control
        )
        layer.add_to(map_)
    if layer_switch:
        LayerSwitch().add_to(map_)
