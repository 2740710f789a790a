// Written by scripts/build_page_types.py from outputs/layers/{payloads,table_payloads,closure_payloads}.py and outputs/web/islands.py; do not edit.

/** Leaflet's options of a path. */
export type ShapeStyle = {
  color?: string;
  weight?: number;
  opacity?: number;
  fillColor?: string;
  fillOpacity?: number;
};

/** Classes of a share: rising lower bounds, and colour and line width (pixels) of each class. */
export type ClassKey = {
  breaks: number[];
  colours: string[];
  widths: number[];
};

/** One mute area: encoded rings. */
export type FillLayer = {
  kind: "fill";
  pane: "base";
  order: number;
  scale: number;
  shapes: string[];
  style: ShapeStyle;
};

/** One mute line: encoded polylines. */
export type LineLayer = {
  kind: "line";
  order: number;
  scale: number;
  shapes: string[];
  style: ShapeStyle;
};

/** Pictures that a server gives: the address, with {z}, {x} and {y}, and its credit. */
export type TileLayer = {
  kind: "tiles";
  order: number;
  pane: "base";
  shapes: string[];
  credit: string;
};

/** Columns of areas; `by_port`, `by_origin` and `by_state` are positions in the layer's `fractions`, `variants` packed shares. */
export type AreaColumns = {
  name: string[];
  share_mean?: (number | null)[];
  share_lo90?: (number | null)[];
  share_hi90?: (number | null)[];
  id?: string[];
  code?: string[];
  variants?: string[];
  by_port?: number[];
  by_origin?: number[];
  by_state?: number[];
  state?: string[];
  dealers?: (number | null)[];
  licences?: string[];
  off_network?: (number | null)[];
};

/** Areas colored by class: encoded rings of each. Zones, municipalities, and the counties of a brief. */
export type AreaLayer = {
  kind: "areas";
  order: number;
  scale: number;
  shapes: string[][];
  classes: ClassKey;
  bin: number[];
  missing: number;
  title: string;
  columns: AreaColumns;
  fields: string[][];
  fractions?: string[];
  years?: number[];
  counts?: number[];
  outline?: string;
  min_count?: number;
  states?: Record<string, string>;
  note?: string;
};

/** Columns of chains of road; `by_port`, `by_origin` and `by_state` are packed fractions, `variants` packed shares. */
export type CorridorColumns = {
  ref: string[];
  share_mean?: (number | null)[];
  share_lo50?: (number | null)[];
  share_hi50?: (number | null)[];
  share_lo90?: (number | null)[];
  share_hi90?: (number | null)[];
  road_class?: string[];
  grade?: string[];
  toll?: number[];
  km?: (number | null)[];
  side?: string[];
  by_port?: string[];
  by_origin?: string[];
  by_state?: string[];
  variants?: string[];
  change?: string[];
  band?: string[];
  before?: (number | null)[];
  after?: (number | null)[];
};

/** Chains of road by class: encoded polylines of each, the weakest first. `minor` where drawn on demand only. */
export type CorridorLayer = {
  kind: "corridors";
  order: number;
  scale: number;
  shapes: string[][];
  classes: ClassKey;
  bin: number[];
  title: string;
  untitled: string;
  columns: CorridorColumns;
  fields: string[][];
  note: string;
  minor?: number;
  grade?: string;
  dash?: string;
  opacity?: number;
  floor?: number;
};

/** Columns of consular districts; `zones` are ids of zones with the fraction of each that the district holds. */
export type DistrictColumns = {
  id: string[];
  name: string[];
  zones?: (([string, number | null])[])[];
  counties?: number[];
  inferred?: number[];
  approximate?: number[];
  share_mean?: (number | null)[];
  share_lo90?: (number | null)[];
  share_hi90?: (number | null)[];
};

/** Outlines of consular districts: encoded rings of each. */
export type DistrictLayer = {
  kind: "districts";
  order: number;
  scale: number;
  shapes: string[][];
  style: ShapeStyle;
  title: string;
  columns: DistrictColumns;
  fields: string[][];
  note: string;
};

/** Columns of published routes. */
export type RouteColumns = {
  id: string[];
  stops: string[];
};

/** Published routes: the stops of each. */
export type RouteLayer = {
  kind: "routes";
  order: number;
  shapes: (((number | null)[])[])[];
  style: ShapeStyle;
  title: string;
  columns: RouteColumns;
  fields: string[][];
  note: string;
};

/** Columns of gun shows by city; `dates` are first and last days, ISO 8601, the last "" where it is the first. */
export type ShowColumns = {
  city: string[];
  state: string[];
  dates: string[][][];
};

/** Past gun shows: a point a city. */
export type ShowLayer = {
  kind: "shows";
  order: number;
  shapes: ((number | null)[])[];
  style: ShapeStyle;
  title: string;
  columns: ShowColumns;
  fields: string[][];
  note: string;
};

/** Columns of places with dated seizures; `name_es` where it is read in Spanish, `state` "" at ports. */
export type EventColumns = {
  name: string[];
  name_es: string[];
  state: string[];
  count: number[];
  events: [string, string, number, number, string, number][][];
};

/** Dated seizures: a point a place, `bin` 0 for a municipality and 1 for a port of entry; `links` are addresses. */
export type EventLayer = {
  kind: "events";
  order: number;
  shapes: ((number | null)[])[];
  bin: number[];
  style: ShapeStyle;
  colours: string[];
  title: string;
  columns: EventColumns;
  links: string[];
  fields: string[][];
  note: string;
};

/** Columns of crossing cities, largest first; `ports` are positions in the layer of ports, `variants` packed shares. */
export type CrossingColumns = {
  id: string[];
  name: string[];
  name_es: string[];
  share_mean: (number | null)[];
  share_lo50: (number | null)[];
  share_hi50: (number | null)[];
  share_lo90: (number | null)[];
  share_hi90: (number | null)[];
  grade: string[];
  ports: number[][];
  structure?: (number | null)[];
  variants?: string[];
};

/** Crossing cities: a point each. `key` are the shares whose discs the legend shows. */
export type CrossingLayer = {
  kind: "crossings";
  order: number;
  shapes: ((number | null)[])[];
  style: ShapeStyle;
  key: number[];
  title: string;
  columns: CrossingColumns;
  fields: string[][];
};

/** Columns of ports of entry, largest first; `city` are positions in the layer of crossing cities, `variants` packed shares. */
export type PortColumns = {
  share_mean: (number | null)[];
  share_lo50: (number | null)[];
  share_hi50: (number | null)[];
  share_lo90: (number | null)[];
  share_hi90: (number | null)[];
  name_us: string[];
  name_mx: string[];
  grade: string[];
  id: string[];
  city: number[];
  us_state: string[];
  mx_state: string[];
  structure?: (number | null)[];
  variants?: string[];
};

/** Ports of entry: a point each. */
export type PortLayer = {
  kind: "ports";
  order: number;
  shapes: ((number | null)[])[];
  style: ShapeStyle;
  title: string;
  columns: PortColumns;
  fields: string[][];
};

/** Columns of cities; `rank` is the least zoom at which a name is written. */
export type PlaceColumns = {
  name: string[];
  name_es?: string[];
  rank: number[];
};

/** Names of cities, the most important first, and of states. */
export type PlaceLayer = {
  kind: "places";
  order: number;
  shapes: ((number | null)[])[];
  columns: PlaceColumns;
  states: [string, string, number, number, number][];
};

/** Every layer of the pages by its name; change layers, `gain_sure_0` and the like, are corridors. */
export type MapLayers = {
  land: FillLayer;
  zones: AreaLayer;
  municipalities: AreaLayer;
  district: AreaLayer;
  borders: LineLayer;
  frontier: LineLayer;
  districts: DistrictLayer;
  roads: LineLayer;
  minor: CorridorLayer;
  corridors_d: CorridorLayer;
  corridors_c: CorridorLayer;
  corridors: CorridorLayer;
  routes: RouteLayer;
  shows: ShowLayer;
  crossings: CrossingLayer;
  ports: PortLayer;
  events: EventLayer;
  places: PlaceLayer;
  tiles: TileLayer;
};

/** A repetitive column as its distinct values, and the position of each feature's value in them, packed. */
export type PackedColumn = {
  of: unknown[];
  at: string;
};

/** A main corridor of the ranked table; `about` are codes or names of states, `side` a country or "". */
export type RoadRow = {
  name: string;
  refs: string;
  side: string;
  grade: string;
  share_mean: number | null;
  share_lo50: number | null;
  share_hi50: number | null;
  share_lo90: number | null;
  share_hi90: number | null;
  about: string[];
  box: number[][];
  line: string[];
  km: number | null;
};

/** A trip corridor of the ranked table: a whole way, from a US state (code) to a Mexican one (name). */
export type TripRow = {
  name: string;
  refs: string;
  us_state: string;
  mx_state: string;
  grade: string;
  share_mean: number | null;
  share_lo50: number | null;
  share_hi50: number | null;
  share_lo90: number | null;
  share_hi90: number | null;
  zone_part: number | null;
  municipality_part: number | null;
  km: number | null;
  hours: number | null;
  box: number[][];
  line: string[];
};

export type InformationRow = {
  kind: string;
  from: string;
  to: string;
  to_es: string;
  prior_lo90: number | null;
  prior_hi90: number | null;
  lo90: number | null;
  hi90: number | null;
  variance_reduction: [string, number][];
};

/** A leading crossing city or corridor: its place in the run, and in each variant. */
export type RankRow = {
  kind: string;
  name: string;
  name_es: string;
  run: number;
  ranks: number[];
};

/** What packed fractions stand for: by origin, pairs (US state, consulate); by state, those of Mexico. */
export type Sides = {
  US: [string, string][];
  MX: string[];
};

/** The map's tables. `variants` are setting and value of each variant but the run's own. */
export type TablesIsland = {
  named: boolean;
  scale: number;
  trips: TripRow[];
  roads: RoadRow[];
  information: InformationRow[];
  sides: Sides;
  variants: string[][];
  ranks: RankRow[];
};

/** Classes of a change of share: rising lower bounds, colours of gains and of losses, line widths (pixels). */
export type ChangeClasses = {
  gain: string[];
  loss: string[];
  breaks: number[];
  widths: number[];
};

/** Numbers of two characters each: `low` and level 1, `low + step` and level 2, and so on; level 0 is -infinity. */
export type PackedNumbers = {
  low: number;
  step: number;
  levels: string;
};

/** A draw of the structure "port": packed base shares of groups by port, packed weights of what is beyond by state and port, and two exponents. */
export type PortClosureDraw = {
  group_port_base: string;
  destination_weight: string;
  power: number;
  law: number;
};

/** What the panel of closures computes with, structure "port": the state of each group of origins, and draws. */
export type PortClosureIsland = {
  structure: "port";
  ports: number;
  state: number[];
  us_states: string[];
  classes: ChangeClasses;
  draws: PortClosureDraw[];
};

/** A draw of the structure "trip": its parameters, and packed logs by port, group of places and pair of states. */
export type TripClosureDraw = {
  theta: number;
  us_weight: number;
  beta: number;
  power: number;
  kappa: number;
  nu: number;
  law: number;
  attraction: PackedNumbers;
  supply: PackedNumbers;
  demand: PackedNumbers;
  affinity: PackedNumbers;
};

/** What the panel of closures computes with, structure "trip". */
export type TripClosureIsland = {
  structure: "trip";
  ports: number;
  city: number[];
  us_state: number[];
  mx_state: number[];
  mx_states: number;
  us_states: string[];
  nest_scale: number;
  min_hours: number;
  us: PackedNumbers;
  mx: PackedNumbers;
  classes: ChangeClasses;
  draws: TripClosureDraw[];
};

/** How shares are written: (below this share, decimals of the percentage), and the smallest share written. */
export type ShareRules = {
  decimals: number[][];
  smallest: number;
};

/** A source of the run as the map cites it; `es` are those of its texts that are known in Spanish. */
export type CitedSource = {
  title: string;
  publisher: string;
  url: string;
  licence: string;
  attribution: string;
  period: string;
  retrieved: string;
  not_what: string;
  derived_from: string;
  es: Record<string, string>;
};

/** What a page says of the run; a brief's holds the rules of shares and the bounds only. */
export type RunIsland = {
  share: ShareRules;
  bounds: number[][];
  fingerprint?: string;
  mode?: string;
  lens?: string;
  demand?: string;
  worlds?: number;
  seed?: number;
  version?: string;
  sources?: CitedSource[];
};

/** A text in both languages. */
export type ByLanguage = {
  es: string;
  en: string;
};

/** Mean and bounds of the 90% band, as written, of the comparison of scenarios. */
export type ScenarioSummary = {
  es: string;
  en: string;
  moved: string[];
  moved_port: string[];
  total: string[];
  ratio: string[] | null;
  told: number;
  told_port: number;
};

/** A place's change: shares before and after, and change, band and whether it is distinguishable, by total. */
export type ChangeRow = {
  name: string;
  name_es: string;
  before: number | null;
  after: number | null;
  fixed: [string, string, number];
  elastic: [string, string, number];
  inside?: ChangeRow[];
};

/** The change of a crossing city or a port on the map; `closed` where no port of it is open. */
export type ChangedPlace = {
  at: (number | null)[];
  change: number | null;
  sure: boolean;
  closed: boolean;
};

/** A changed place under a scenario: the position of its city's row in the table, and of a bridge's row inside that. */
export type ScenarioPlace = {
  at: (number | null)[];
  change: number | null;
  sure: boolean;
  closed: boolean;
  row: number;
  bridge?: number;
};

/** A scenario of the what-if page; `bridges` are those of the crossing cities that have several. */
export type ScenarioIsland = {
  id: string;
  name: ByLanguage;
  question: ByLanguage;
  rounds: number;
  summary: ScenarioSummary;
  tables: Record<string, ChangeRow[]>;
  crossings: ScenarioPlace[];
  bridges: ScenarioPlace[];
};

/** The what-if page's scenarios. */
export type WhatifIsland = {
  opens: number;
  scenarios: ScenarioIsland[];
  classes: ChangeClasses;
};

/** A row of the page of sources; `coverage` are word key, count and whole, `dropped` reason and count. */
export type SourceRowIsland = {
  id: string;
  file: string;
  title: string;
  publisher: string;
  url: string;
  licence: string;
  attribution: string;
  period: string;
  retrieved: string;
  sha256: string;
  rows: number;
  not_what: string;
  derived_from: string;
  note: string;
  es: Record<string, string>;
  coverage: [string, number, number][];
  dropped: [string, number][];
  age_years: number | null;
  own_file: boolean;
};

/** The page of sources: the date that ages are computed at, ISO 8601, and its rows. */
export type SourcesIsland = {
  on: string | null;
  rows: SourceRowIsland[];
};

/** Partners by choice, `port.ID` and the like, then by kind. */
export type PartnersIsland = Record<string, Record<string, ([string, number, number | null, number | null, number])[]>>;

/** What the panel of closures computes with, by the run's structure. */
export type ClosureModelIsland = PortClosureIsland | TripClosureIsland;

/** Texts by language and key. */
export type WordsIsland = Record<string, Record<string, string>>;

/** Sentences of the finding by language. */
export type FindingIsland = Record<string, string[]>;

/** Addresses by the key of an event. */
export type LinksIsland = Record<string, string>;
