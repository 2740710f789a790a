"""What texts say of the sources of a run: the publisher and the years of each table as used, never those of another file.

A text names a table's source by a placeholder, `{dealers_credit}` or `{dealers_years}`. A text that states facts of
shipped tables is in `SPEAKS_OF`; where one of these tables is the user's own file, its text in the section `own_…` of the
word files is said in its place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from corridors.core.types import Source

SUPPLY = ("dealers", "dealers_zip")
ROUTES = ("published_routes", "published_route_stops")
EVENTS = ("seizure_events", "port_events")
ROADS = ("road_nodes", "road_edges")
FIGURES = ("figures",)
TRACES = ("figures", "state_pairs", "city_shares")
SPEAKS_OF: Mapping[str, tuple[str, ...]] = {
    "legend.routes": ROUTES,
    "legend.shows": ("gun_shows",),
    "layer.events": EVENTS,
    "demand.events": ("seizure_events",),
    "block.events": ("seizure_events",),
    "limit.p4": ROADS,
    "note.gun_shows": FIGURES,
    "note.routes": ROUTES,
    "note.events": EVENTS,
    "brief.district_text": ("consular_districts", "consular_totals"),
    "brief.law_total": ("state_laws",),
    "brief.venues_caption": ("gun_show_venues",),
    "brief.policy_note": ("gun_show_policy",),
    "indicator.other_mislead": FIGURES,
    "indicator.shows": ("gun_shows",),
    "indicator.shows_mislead": ("gun_shows",),
    "validation_test.V6b": ("seizure_events",),
    "validation_meaning.V1": FIGURES,
    "validation_meaning.V2": ("state_pairs",),
    "validation_meaning.V4": ROUTES,
    "validation_meaning.V5": ROUTES,
    "validation_meaning.V6": ("seizures_municipal", "seizures_top10", "case_files"),
    "validation_meaning.V6b": ("seizure_events",),
    "validation_meaning.V8": FIGURES,
    "validation_meaning.V11": ("freight_flows",),
    "validation_meaning.V12": ("port_events",),
    "validation_mark.V6b": ("seizure_events",),
    "validation_mark.V12": ("port_events",),
    "narrative.title": FIGURES,
    "narrative.lead": FIGURES,
    "narrative.shows_not": FIGURES,
    "narrative.note": FIGURES,
    "why.demand": ("seizures_municipal", "case_files", "homicides_municipal"),
    "why.lens": FIGURES,
    "why.part": FIGURES,
    "why.structure": (*ROUTES, "freight_flows"),
    "why.theta": (*ROUTES, "freight_flows"),
    "why.us_weight": (*ROUTES, "freight_flows"),
    "why.power": ROADS,
    "why.power_mx": ROADS,
    "why.kappa": ("city_shares",),
    "why.nu": ("city_shares",),
    "why.detection_sd": ("seizure_events",),
    "why.volume_power": ("southbound_factors",),
    "why.port_volume_sd": ("southbound_factors",),
    "why.demand_seizures": ("seizures_municipal",),
    "why.kept_per_year": ("seizures_municipal", "case_files"),
    "why.demand_homicides": ("homicides_municipal",),
}
"""By key of a text, the shipped tables whose facts it states."""
SPEAKS_OF_ANY: Mapping[str, tuple[str, ...]] = {"note.traces": TRACES}
"""By key of a text, tables of which one is enough for it to be true: it is replaced where all of them are the user's own."""
_LABEL = re.compile(r"^[^:(]{3,60}: ")
_OF_SOURCE = re.compile(r"\{(\w+)_(credit|years)\}")
_BRACES = str.maketrans("{}", "()")


def with_sources(
    texts: Mapping[str, str],
    sources: Iterable[Source],
    *,
    undated: str,
    published: Callable[[str], str] = str,
) -> dict[str, str]:
    """Return the texts of a language as they are true of these sources.

    Parameters
    ----------
    texts
        Text by key.
    sources
        Catalog rows of the tables as used.
    undated
        What is said of a source without a year.
    published
        Gives a publisher's words in the language, "" where they are not translated.
    """
    by_id = {source.id: source for source in sources}
    if "dealers_zip" in by_id:
        by_id["dealers"] = by_id["dealers_zip"]
    own = {name for name, source in by_id.items() if source.own}
    said = dict(texts)
    for key, tables in SPEAKS_OF.items():
        if own.intersection(tables):
            said[key] = texts[f"own_{key}"]
    for key, tables in SPEAKS_OF_ANY.items():
        if own.issuperset(tables):
            said[key] = texts[f"own_{key}"]

    def fact(found: re.Match[str]) -> str:
        source = by_id.get(found[1])
        if source is None:
            return ""
        return credit_of(source, published) if found[2] == "credit" else years_of(source.period) or undated

    return {key: _OF_SOURCE.sub(fact, text) if "_" in text else text for key, text in said.items()}


def years_of(period: str) -> str:
    """Return the years that a period names, the first and the last.

    Examples
    --------
    >>> years_of("2003..2023"), years_of("2019-07-01"), years_of("as packed")
    ('2003\u20132023', '2019', '')
    """
    years: Sequence[str] = sorted(re.findall(r"\b(?:19|20)\d\d\b", period))
    return "\u2013".join(dict.fromkeys((years[0], years[-1]))) if years else ""


def credit_of(source: Source, published: Callable[[str], str]) -> str:
    """Return whom a sentence names as a table's source; braces in it would be read as placeholders."""
    if source.own:
        return source.attribution.translate(_BRACES)
    words = published(source.attribution) or source.attribution
    return _LABEL.sub("", words, count=1).removesuffix(".").translate(_BRACES)
