"""Descriptions of the JSON islands that are not of the map's layers; see `layers/payloads.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

from corridors.outputs.layers.closure_payloads import ChangeClasses  # noqa: TC001  read by get_type_hints
from corridors.outputs.layers.payloads import Box, Point  # noqa: TC001  read by get_type_hints

WordsIsland = Mapping[str, Mapping[str, str]]
"""By language, the text of each key."""


LinksIsland = Mapping[str, str]
"""Addresses by the key of an event."""


FindingIsland = Mapping[str, Sequence[str]]
"""By language, the sentences of the finding; none where the run has none."""


class ShareRules(TypedDict):
    """How shares are written: (below this share, decimals of the percentage), and the smallest share written."""

    decimals: Sequence[Sequence[float]]
    smallest: float


class CitedSource(TypedDict):
    """A source of the run as the map cites it; `es` are those of its texts that are known in Spanish."""

    title: str
    publisher: str
    url: str
    licence: str
    attribution: str
    period: str
    retrieved: str
    not_what: str
    derived_from: str
    es: Mapping[str, str]


class RunIsland(TypedDict):
    """What a page says of the run; a brief's holds the rules of shares and the bounds only."""

    share: ShareRules
    bounds: Box
    fingerprint: NotRequired[str]
    mode: NotRequired[str]
    lens: NotRequired[str]
    demand: NotRequired[str]
    worlds: NotRequired[int]
    seed: NotRequired[int]
    version: NotRequired[str]
    sources: NotRequired[Sequence[CitedSource]]


class ByLanguage(TypedDict):
    """A text in both languages."""

    es: str
    en: str


class ScenarioSummary(TypedDict):
    """Mean and bounds of the 90% band, as written, of the comparison of scenarios.

    `moved` is of the flow that changes crossing city, `moved_port` of that which changes port; `told` and `told_port` count cities
    and ports whose change is distinguishable from none.
    """

    es: str
    en: str
    moved: Sequence[str]
    moved_port: Sequence[str]
    total: Sequence[str]
    ratio: Sequence[str] | None
    told: int
    told_port: int


class ChangeRow(TypedDict):
    """A place's change: shares before and after, and change, band and whether it is distinguishable, by total.

    `inside` are the bridges of a crossing city that has several.
    """

    name: str
    name_es: str
    before: float | None
    after: float | None
    fixed: tuple[str, str, int]
    elastic: tuple[str, str, int]
    inside: NotRequired[Sequence[ChangeRow]]


class ChangedPlace(TypedDict):
    """The change of a crossing city or a port on the map; `closed` where no port of it is open."""

    at: Point
    change: float | None
    sure: bool
    closed: bool


class ScenarioPlace(ChangedPlace):
    """A changed place under a scenario: the position of its city's row in the table, and of a bridge's row inside that."""

    row: int
    bridge: NotRequired[int]


class ScenarioIsland(TypedDict):
    """A scenario of the what-if page; `bridges` are those of the crossing cities that have several."""

    id: str
    name: ByLanguage
    question: ByLanguage
    rounds: int
    summary: ScenarioSummary
    tables: Mapping[str, Sequence[ChangeRow]]
    crossings: Sequence[ScenarioPlace]
    bridges: Sequence[ScenarioPlace]


class WhatifIsland(TypedDict):
    """The what-if page's scenarios."""

    opens: int
    """Position of the scenario that moves most flow, which the page opens on."""
    scenarios: Sequence[ScenarioIsland]
    classes: ChangeClasses


class SourceRowIsland(TypedDict):
    """A row of the page of sources; `coverage` are word key, count and whole, `dropped` reason and count."""

    id: str
    file: str
    title: str
    publisher: str
    url: str
    licence: str
    attribution: str
    period: str
    retrieved: str
    sha256: str
    rows: int
    not_what: str
    derived_from: str
    note: str
    es: Mapping[str, str]
    coverage: Sequence[tuple[str, int, int]]
    dropped: Sequence[tuple[str, int]]
    age_years: float | None
    own_file: bool


class SourcesIsland(TypedDict):
    """The page of sources: the date that ages are computed at, ISO 8601, and its rows."""

    on: str | None
    rows: Sequence[SourceRowIsland]
