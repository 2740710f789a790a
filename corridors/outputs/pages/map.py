"""The map of a run: one HTML file that opens anywhere, in Spanish and English, and asks nothing of any network."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corridors.outputs.layers.closure_model import closure_model_payload
from corridors.outputs.layers.encoding import SCALE
from corridors.outputs.layers.layers import FLOOR, BaseMap, bounds, map_layers
from corridors.outputs.layers.marks import to_svg
from corridors.outputs.layers.packing import partners, ranked_sides
from corridors.outputs.layers.rankings import (
    crossing_shares,
    known_rows,
    rank_rows,
    ranked_roads,
    ranked_trips,
)
from corridors.outputs.layers.still import draw
from corridors.outputs.summary.finding import finding_sentences
from corridors.outputs.text.translations import (
    LANGUAGES,
    SHARE_DECIMALS,
    SMALLEST_SHARE,
    Translations,
    in_spanish,
)
from corridors.outputs.web.frame import frame_of
from corridors.outputs.web.sealed import template
from corridors.outputs.web.shell import render_page

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridors.core.results import Results, Run
    from corridors.outputs.layers.layers import LayerSpec
    from corridors.outputs.web.site import Site

STILL = (720, 640)
SECTIONS = frozenset({
    "page", "info", "search", "consulate", "choice", "variant", "district", "legend", "layer", "label", "crossings", "ports", "roads", "named", "grade", "mode",
    "lens", "demand", "inspection", "gun_shows", "structure", "road_class", "us_state", "state_name", "read", "limit", "quantity", "block", "source",
    "note", "cite", "run", "moved", "event", "trips",
})  # fmt: skip
"""Sections of the texts that the page shows."""
SOURCE_FIELDS = (
    "title",
    "publisher",
    "period",
    "retrieved",
    "licence",
    "attribution",
    "derived_from",
    "not_what",
    "url",
)


def render_map(
    results: Results,
    run: Run,
    base: BaseMap,
    floor: float = FLOOR,
    specs: Sequence[LayerSpec] | None = None,
    *,
    site: Site | None = None,
) -> str:
    """Return the map page.

    Parameters
    ----------
    results
        Reduced results. Texts in them may hold anything: the page shows them literally.
    run
        What the reader must know of the run.
    base
        The layers under the results.
    floor
        Smallest share drawn as a corridor.
    specs
        The layers, where they were made already.
    site
        The pages that can be opened from it; by default it stands alone.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    frame = frame_of(run, site, skip=("page.skip", "#finder"))
    by_language = frame.texts
    first, second = by_language.values()
    findings = {language: finding_sentences(results, t) for language, t in by_language.items()}
    mx_states = dict(zip(base.mx_states["code"].astype(str), base.mx_states["name"].astype(str), strict=True))
    islands = {
        "findings": findings,
        "words": {language: _page_texts(t) for language, t in by_language.items()},
        "run": run_data(run) | {"bounds": bounds(results)},
        "partners": partners(results),
        "tables": {
            "scale": SCALE,
            "trips": ranked_trips(results, mx_states),
            "named": results.corridors is not None,
            "roads": ranked_roads(results, floor),
            "information": known_rows(results),
            "sides": _sides(results),
            "variants": [[one.setting, one.value] for one in results.variants[1:]],
            "ranks": rank_rows(results),
        },
        "closure_model": closure_model_payload(results),
    }
    specs = map_layers(results, base, floor) if specs is None else specs
    body = template(
        "map.html",
        t=first,
        second=second,
        finding=findings[first.language],
        by_language=by_language,
        data=_data_links(frame.site),
        **_without_scripts(results, run, first, specs),
    )
    hosts = [base.tiles.host] if base.tiles else []
    return render_page(
        first("page.title"),
        frame,
        body,
        code="map_page.js",
        styles=["map.css", "labels.css"],
        islands=islands,
        layers=specs,
        layer_switch=True,
        pictures=hosts,
        packed=True,
    )


def _data_links(site: Site) -> dict[str, str]:
    """Return the address of the page of data by language; none where the map stands alone and saves what it holds."""
    found = {language: site.address("download", language) for language in LANGUAGES}
    return {language: address for language, address in found.items() if address}


def _sides(results: Results) -> dict[str, Any]:
    """Return what the packed fractions by origin and by state stand for."""
    return {
        side: [names[n] for n in order] if names else []
        for side, names, order in zip(("US", "MX"), results.sides, ranked_sides(results), strict=True)
    }


def _page_texts(t: Translations) -> dict[str, str]:
    """Return the texts that the page's scripts may show; those of other outputs would only make the file larger."""
    return {key: text for key, text in t.texts.items() if key.split(".")[0] in SECTIONS}


def run_data(run: Run) -> dict[str, Any]:
    """Return the facts of the run and its sources that the page shows."""
    sources = [
        {name: value for name, value in asdict(source).items() if name in SOURCE_FIELDS}
        | {"es": in_spanish(source)}
        for source in run.sources
    ]
    rules = {"decimals": SHARE_DECIMALS, "smallest": SMALLEST_SHARE}
    names = ("fingerprint", "mode", "lens", "demand", "worlds", "seed", "version")
    return {name: getattr(run, name) for name in names} | {"sources": sources, "share": rules}


def _without_scripts(
    results: Results, run: Run, t: Translations, specs: Sequence[LayerSpec]
) -> dict[str, Any]:
    """Return what is shown where no script runs: the picture, whose texts are escaped, and the table of crossing cities."""
    lead = "".join(finding_sentences(results, t)[:1])
    scene = draw(specs, bounds(results), run, t, width=STILL[0], height=STILL[1], finding=lead, light=True)
    return {"picture": to_svg(scene), "rows": crossing_shares(results, t)}
