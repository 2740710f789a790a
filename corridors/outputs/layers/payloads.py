"""Descriptions of the JSON that the map's layers and islands hold, one a kind; the pages' scripts are typed by them.

`scripts/build_page_types.py` writes them as TypeScript declarations to `web/src/payloads.d.ts`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

Point = Sequence[float | None]
"""Latitude and longitude, EPSG:4326."""
Box = Sequence[Sequence[float]]
"""South-west and north-east corner, each latitude and longitude, EPSG:4326."""
Shares = Sequence[float | None]
"""Shares of the modelled flow, a feature each; None where unknown."""
Texts = Sequence[str]
Field = Sequence[str]
"""Word key, form, and the columns whose values the form writes."""


class ShapeStyle(TypedDict, total=False):
    """Leaflet's options of a path."""

    color: str
    weight: float
    opacity: float
    fillColor: str
    fillOpacity: float


class ClassKey(TypedDict):
    """Classes of a share: rising lower bounds, and colour and line width (pixels) of each class."""

    breaks: Sequence[float]
    colours: Texts
    widths: Sequence[float]


class FillLayer(TypedDict):
    """One mute area: encoded rings."""

    kind: Literal["fill"]
    pane: Literal["base"]
    order: int
    scale: int
    shapes: Texts
    style: ShapeStyle


class LineLayer(TypedDict):
    """One mute line: encoded polylines."""

    kind: Literal["line"]
    order: int
    scale: int
    shapes: Texts
    style: ShapeStyle


class TileLayer(TypedDict):
    """Pictures that a server gives: the address, with {z}, {x} and {y}, and its credit."""

    kind: Literal["tiles"]
    order: int
    pane: Literal["base"]
    shapes: Texts
    credit: str


class AreaColumns(TypedDict):
    """Columns of areas; `by_port`, `by_origin` and `by_state` are positions in the layer's `fractions`, `variants` packed shares."""

    name: Texts
    share_mean: NotRequired[Shares]
    share_lo90: NotRequired[Shares]
    share_hi90: NotRequired[Shares]
    id: NotRequired[Texts]
    code: NotRequired[Texts]
    variants: NotRequired[Texts]
    by_port: NotRequired[Sequence[int]]
    by_origin: NotRequired[Sequence[int]]
    by_state: NotRequired[Sequence[int]]
    state: NotRequired[Texts]
    dealers: NotRequired[Sequence[int | None]]
    licences: NotRequired[Texts]
    off_network: NotRequired[Shares]


class AreaLayer(TypedDict):
    """Areas colored by class: encoded rings of each. Zones, municipalities, and the counties of a brief.

    `fractions` are packed fractions; `licences` packed counts of the years `years`, with lower bounds of classes
    `counts`; `min_count` the least count given; `states` names of states by code; `missing` the rows without a polygon;
    `outline` the color around each area, white by default.
    """

    kind: Literal["areas"]
    order: int
    scale: int
    shapes: Sequence[Texts]
    classes: ClassKey
    bin: Sequence[int]
    missing: int
    title: str
    columns: AreaColumns
    fields: Sequence[Field]
    fractions: NotRequired[Texts]
    years: NotRequired[Sequence[int]]
    counts: NotRequired[Sequence[int]]
    outline: NotRequired[str]
    min_count: NotRequired[int]
    states: NotRequired[Mapping[str, str]]
    note: NotRequired[str]


class CorridorColumns(TypedDict):
    """Columns of chains of road; `by_port`, `by_origin` and `by_state` are packed fractions, `variants` packed shares."""

    ref: Texts
    share_mean: NotRequired[Shares]
    share_lo50: NotRequired[Shares]
    share_hi50: NotRequired[Shares]
    share_lo90: NotRequired[Shares]
    share_hi90: NotRequired[Shares]
    road_class: NotRequired[Texts]
    grade: NotRequired[Texts]
    toll: NotRequired[Sequence[int]]
    km: NotRequired[Shares]
    side: NotRequired[Texts]
    by_port: NotRequired[Texts]
    by_origin: NotRequired[Texts]
    by_state: NotRequired[Texts]
    variants: NotRequired[Texts]
    change: NotRequired[Texts]
    band: NotRequired[Texts]
    before: NotRequired[Shares]
    after: NotRequired[Shares]


class CorridorLayer(TypedDict):
    """Chains of road by class: encoded polylines of each, the weakest first. `minor` where drawn on demand only."""

    kind: Literal["corridors"]
    order: int
    scale: int
    shapes: Sequence[Texts]
    classes: ClassKey
    bin: Sequence[int]
    title: str
    untitled: str
    columns: CorridorColumns
    fields: Sequence[Field]
    note: str
    minor: NotRequired[int]
    grade: NotRequired[str]
    dash: NotRequired[str]
    opacity: NotRequired[float]
    floor: NotRequired[float]


class DistrictColumns(TypedDict):
    """Columns of consular districts; `zones` are ids of zones with the fraction of each that the district holds."""

    id: Texts
    name: Texts
    zones: NotRequired[Sequence[Sequence[tuple[str, float | None]]]]
    counties: NotRequired[Sequence[int]]
    inferred: NotRequired[Sequence[int]]
    approximate: NotRequired[Sequence[int]]
    share_mean: NotRequired[Shares]
    share_lo90: NotRequired[Shares]
    share_hi90: NotRequired[Shares]


class DistrictLayer(TypedDict):
    """Outlines of consular districts: encoded rings of each."""

    kind: Literal["districts"]
    order: int
    scale: int
    shapes: Sequence[Texts]
    style: ShapeStyle
    title: str
    columns: DistrictColumns
    fields: Sequence[Field]
    note: str


class RouteColumns(TypedDict):
    """Columns of published routes."""

    id: Texts
    stops: Texts


class RouteLayer(TypedDict):
    """Published routes: the stops of each."""

    kind: Literal["routes"]
    order: int
    shapes: Sequence[Sequence[Point]]
    style: ShapeStyle
    title: str
    columns: RouteColumns
    fields: Sequence[Field]
    note: str


class ShowColumns(TypedDict):
    """Columns of gun shows by city; `dates` are first and last days, ISO 8601, the last "" where it is the first."""

    city: Texts
    state: Texts
    dates: Sequence[Sequence[Texts]]


class ShowLayer(TypedDict):
    """Past gun shows: a point a city."""

    kind: Literal["shows"]
    order: int
    shapes: Sequence[Point]
    style: ShapeStyle
    title: str
    columns: ShowColumns
    fields: Sequence[Field]
    note: str


Event = tuple[str, str, int, int, str, int]
"""First and last day, ISO 8601 or ""; firearms; 1 where it is of several places; the side that seized; number of its link."""


class EventColumns(TypedDict):
    """Columns of places with dated seizures; `name_es` where it is read in Spanish, `state` "" at ports."""

    name: Texts
    name_es: Texts
    state: Texts
    count: Sequence[int]
    events: Sequence[Sequence[Event]]


class EventLayer(TypedDict):
    """Dated seizures: a point a place, `bin` 0 for a municipality and 1 for a port of entry; `links` are addresses."""

    kind: Literal["events"]
    order: int
    shapes: Sequence[Point]
    bin: Sequence[int]
    style: ShapeStyle
    colours: Texts
    title: str
    columns: EventColumns
    links: Texts
    fields: Sequence[Field]
    note: str


class CrossingColumns(TypedDict):
    """Columns of crossing cities, largest first; `ports` are positions in the layer of ports, `variants` packed shares.

    `structure` is the share under the other structure of the choice.
    """

    id: Texts
    name: Texts
    name_es: Texts
    share_mean: Shares
    share_lo50: Shares
    share_hi50: Shares
    share_lo90: Shares
    share_hi90: Shares
    grade: Texts
    ports: Sequence[Sequence[int]]
    structure: NotRequired[Shares]
    variants: NotRequired[Texts]


class CrossingLayer(TypedDict):
    """Crossing cities: a point each. `key` are the shares whose discs the legend shows."""

    kind: Literal["crossings"]
    order: int
    shapes: Sequence[Point]
    style: ShapeStyle
    key: Sequence[float]
    title: str
    columns: CrossingColumns
    fields: Sequence[Field]


class PortColumns(TypedDict):
    """Columns of ports of entry, largest first; `city` are positions in the layer of crossing cities, `variants` packed shares.

    `structure` is the share under the other structure of the choice.
    """

    share_mean: Shares
    share_lo50: Shares
    share_hi50: Shares
    share_lo90: Shares
    share_hi90: Shares
    name_us: Texts
    name_mx: Texts
    grade: Texts
    id: Texts
    city: Sequence[int]
    us_state: Texts
    mx_state: Texts
    structure: NotRequired[Shares]
    variants: NotRequired[Texts]


class PortLayer(TypedDict):
    """Ports of entry: a point each."""

    kind: Literal["ports"]
    order: int
    shapes: Sequence[Point]
    style: ShapeStyle
    title: str
    columns: PortColumns
    fields: Sequence[Field]


class PlaceColumns(TypedDict):
    """Columns of cities; `rank` is the least zoom at which a name is written."""

    name: Texts
    name_es: NotRequired[Texts]
    rank: Sequence[int]


StateName = tuple[str, str, float, float, float]
"""Code, name, latitude, longitude, and the least zoom at which the name fits in the state."""


class PlaceLayer(TypedDict):
    """Names of cities, the most important first, and of states."""

    kind: Literal["places"]
    order: int
    shapes: Sequence[Point]
    columns: PlaceColumns
    states: Sequence[StateName]


class MapLayers(TypedDict):
    """Every layer of the pages by its name; change layers, `gain_sure_0` and the like, are corridors."""

    land: FillLayer
    zones: AreaLayer
    municipalities: AreaLayer
    district: AreaLayer
    borders: LineLayer
    frontier: LineLayer
    districts: DistrictLayer
    roads: LineLayer
    minor: CorridorLayer
    corridors_d: CorridorLayer
    corridors_c: CorridorLayer
    corridors: CorridorLayer
    routes: RouteLayer
    shows: ShowLayer
    crossings: CrossingLayer
    ports: PortLayer
    events: EventLayer
    places: PlaceLayer
    tiles: TileLayer


class PackedColumn(TypedDict):
    """A repetitive column as its distinct values, and the position of each feature's value in them, packed."""

    of: Sequence[object]
    at: str
