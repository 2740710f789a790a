"""The map of a run: one HTML file that opens anywhere, in Spanish and English, and asks nothing of any network."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import jinja2

from corridors.show.inline import asset
from corridors.show.layers import FLOOR, BaseMap, bounds, layers
from corridors.show.page import build
from corridors.show.words import LANGUAGES, SHARE_DECIMALS, SMALLEST_SHARE, load_words

if TYPE_CHECKING:
    from corridors.base.types import Results, Run

__all__ = ["BaseMap", "render"]

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


def render(results: Results, run: Run, base: BaseMap, floor: float = FLOOR) -> str:
    """Return the map page.

    Parameters
    ----------
    results
        Reduced results. Texts in them may hold anything: the page shows them literally.
    run
        What the reader must know of the run.
    base
        What lies under the results.
    floor
        Smallest share drawn as a corridor.

    Raises
    ------
    OutputError
        If the page would hold a script, link or host that is not known.

    Notes
    -----
    The same arguments give the same bytes.
    """
    first = load_words(LANGUAGES[0])
    islands = {
        "words": {language: dict(load_words(language).texts) for language in LANGUAGES},
        "run": run_data(run) | {"bounds": bounds(results)},
    }
    return build(first("page.title"), first.language, _body(), islands, layers(results, base, floor))


def run_data(run: Run) -> dict[str, Any]:
    """Return what the page says of the run and its sources."""
    sources = [
        {name: value for name, value in asdict(source).items() if name in SOURCE_FIELDS}
        for source in run.sources
    ]
    rules = {"decimals": SHARE_DECIMALS, "smallest": SMALLEST_SHARE}
    names = ("fingerprint", "mode", "lens", "demand", "worlds", "seed", "version")
    return {name: getattr(run, name) for name in names} | {"sources": sources, "share": rules}


def _body() -> str:
    """Return the page's own HTML, in the first language until its script runs."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(asset("page.html")).render(words=load_words(LANGUAGES[0]))
