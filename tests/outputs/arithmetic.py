"""A reader's arithmetic: published files alone, added up in every way a reader could, against every other file and page.

    python -m tests.outputs.arithmetic RUN [--briefs DIR] [--whatif DIR] [--sensitivity DIR]

prints every disagreement and ends with 1 if there is any. Numbers are compared as far as files give them; texts on pages to the
last digit shown. A sum of many rounded numbers may be off by half a unit of the last decimal for each.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from html import unescape
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from corridors.outputs.text import LANGUAGES, load_translations
from tests.outputs.page_islands import islands_of
from tests.outputs.payload_check import values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Shares = pd.Series[float]

MEAN = "share_mean"
UNIT = 0.5e-10
"""Half a unit of the last decimal of a share in a table."""
PAGE = 1_001
"""Units that a share on a page may be off: pages have three decimals fewer, or as many as they need to read the same."""
HALF, MOST_TRIPS = 0.5, 60
"""Trip corridors are the largest journeys that make up this fraction of the flow, and so many at most."""
PART_UNIT = 1e-6
"""Trip corridors give fractions to six digits."""
FLOAT32 = 3e-7
"""Relative error of a share that was kept to seven digits."""
CODES = dict.fromkeys(
    ("poe_id", "zone_id", "us_state", "mx_state", "cvegeo", "crossing_city", "consulate", "key", "id"), str
)
CITED = re.compile(r'<data value="([^"]*)" data-id="([^"]*)">([^<]*)</data>')
ARTICLE = re.compile(r'<article lang="(\w+)".*?</article>', re.DOTALL)


def disagreements(
    run: Path, *, briefs: Path | None = None, whatif: Path | None = None, sensitivity: Path | None = None
) -> list[str]:
    """Return what disagrees among the files of a run, of its briefs, of what-ifs and of a sensitivity analysis.

    Parameters
    ----------
    run
        Folder of a run.
    briefs, whatif, sensitivity
        Folders made of that run, or with the same settings.
    """
    found = [*_tables(run), *_packages(run), *_kit(run), *_map(run)]
    if briefs is not None:
        found += _briefs(run, briefs)
    if whatif is not None:
        found += _whatif(run, whatif)
    if sensitivity is not None:
        found += _sensitivity(sensitivity)
    return found


def table(path: Path) -> pd.DataFrame:
    """Return a table; ids are texts."""
    return pd.read_csv(path, dtype=CODES, keep_default_na=False, na_values={MEAN: [""]})


def islands(page: Path) -> dict[str, Any]:
    """Return the data of a page by the id of its island, columns as plain lists."""
    found = islands_of(page.read_text(encoding="utf-8"))
    for value in found.values():
        if isinstance(value, dict) and isinstance(columns := value.get("columns"), dict):
            value["columns"] = {
                name: values_of(one) if isinstance(one, dict) else one for name, one in columns.items()
            }
    return found


def _sums(rows: pd.DataFrame, keys: str | list[str], column: str = MEAN) -> Shares:
    return rows.groupby(keys)[column].sum()


def _compare(what: str, one: Shares, other: Shares, units: float, *, relative: float = 0.0) -> Iterator[str]:
    """Yield each place at which two series differ by more than so many half units, or that only one has."""
    for place in sorted(set(one.index) ^ set(other.index), key=str):
        yield f"{what}: {place} is in one only"
    both = one.index.intersection(other.index)
    a, b = one.loc[both].to_numpy(dtype=np.float64), other.loc[both].to_numpy(dtype=np.float64)
    wrong = np.flatnonzero(~(np.abs(a - b) <= units * UNIT + relative * np.abs(a)))
    for n in wrong.tolist():
        yield f"{what}: {both[n]} is {a[n]:.10f} and {b[n]:.10f}"


def _whole(what: str, shares: Shares) -> Iterator[str]:
    """Yield a table whose shares do not sum to 1."""
    if not abs(shares.sum() - 1) <= len(shares) * UNIT:
        yield f"{what}: sums to {shares.sum():.10f}"


def _texts(what: str, pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Yield texts that differ."""
    yield from (f"{what}: {one!r} and {other!r}" for one, other in pairs if one != other)


def _tables(run: Path) -> Iterator[str]:
    """Compare the tables of a run with each other."""
    names = ("ports", "state_pairs", "zone_port", "port_municipality")
    ports, pairs, zones, towns = (table(run / f"data/{name}.csv") for name in names)
    for name, rows in zip(names, (ports, pairs, zones, towns), strict=True):
        yield from _whole(name, rows[MEAN])
    by_port = ports.set_index("poe_id")[MEAN]
    yield from _compare("zone_port by port, ports", _sums(zones, "poe_id"), by_port, len(zones))
    yield from _compare("port_municipality by port, ports", _sums(towns, "poe_id"), by_port, len(towns))
    for state, rows in (("us_state", zones), ("mx_state", towns)):
        yield from _compare(f"places by {state}, pairs", _sums(rows, state), _sums(pairs, state), len(rows))
    if (run / "data/crossings.csv").exists():
        yield from _cities(run, by_port, pairs)
    if (run / "data/trip_corridors.csv").exists():
        yield from _trips(run, zones, towns)
    if (run / "data/district_port.csv").exists():
        yield from _districts(run, by_port, pairs)


def _cities(run: Path, by_port: Shares, pairs: pd.DataFrame) -> Iterator[str]:
    """Compare crossing cities and whole journeys with ports and pairs."""
    cities, flows = table(run / "data/crossings.csv"), table(run / "data/flows.csv")
    yield from _whole("crossings", cities[MEAN])
    yield from _whole("flows", flows[MEAN])
    own = cities.set_index("crossing_city")[MEAN]
    bridges = [by_port[one.split()].sum() for one in cities["ports"]]
    yield from _compare("bridges, cities", pd.Series(bridges, index=own.index), own, len(by_port))
    yield from _compare("flows by city, cities", _sums(flows, "crossing_city"), own, len(flows))
    keys = ["us_state", "mx_state"]
    yield from _compare("flows by pair, pairs", _sums(flows, keys), pairs.set_index(keys)[MEAN], len(flows))
    if (run / "data/finding.csv").exists():
        yield from _finding(run, cities.set_index("crossing_city"))


def _finding(run: Path, cities: pd.DataFrame) -> Iterator[str]:
    """Compare the finding with crossing cities, and its figures with what the map says first."""
    one = table(run / "data/finding.csv").iloc[0]
    names = str(one["cities"]).split()
    if names != list(cities[MEAN].nlargest(len(names)).index):
        yield f"finding: {names} do not lead"
    together = pd.Series({"together": cities.loc[names, MEAN].sum()})
    yield from _compare("finding", pd.Series({"together": one[MEAN]}), together, len(cities))
    if isinstance(one["setting"], str) and one["setting"]:
        there = cities[f"{one['setting']}_{one['value']}"]
        moved, first = str(one["moved"]), str(one["first_there"])
        if there[moved] != one["moved_share"] or there[first] != there.max():
            yield f"finding: under {one['value']} {moved} has {there[moved]}, and {there.idxmax()} leads"
    page = run / "map.html"
    said = islands(page)["findings"] if page.exists() else {}
    for language, sentences in said.items():
        t = load_translations(language)
        cells = [one[MEAN], one["share_lo90"], one["share_hi90"]]
        expected = [t.share(float(cell)) for cell in cells if cell != "" and not pd.isna(cell)]
        expected += [str(cities.loc[name, f"name_{language}"]) for name in names]
        yield from (
            f"finding: {text} is not in {sentences[0]!r}" for text in expected if text not in sentences[0]
        )


def _trips(run: Path, zones: pd.DataFrame, towns: pd.DataFrame) -> Iterator[str]:
    """Compare trip corridors with whole journeys, and where their ways start and end with zones, ports and municipalities."""
    trips, flows = (table(run / f"data/{name}.csv") for name in ("trip_corridors", "flows"))
    keys = ["us_state", "crossing_city", "mx_state"]
    own, journeys = trips.set_index(keys), flows.set_index(keys)
    for column in journeys.columns:
        pairs = zip(own[column].astype(str), journeys.loc[own.index, column].astype(str), strict=True)
        yield from _texts(f"trip_corridors and flows, {column}", pairs)
    left = journeys.drop(own.index)[MEAN]
    if len(left) and own[MEAN].min() < left.max() - UNIT:
        yield f"trip_corridors: a journey of {left.max():.10f} is left out"
    if len(trips) < MOST_TRIPS and own[MEAN].sum() < HALF - len(flows) * UNIT:
        yield f"trip_corridors: sums to {own[MEAN].sum():.10f}"
    if own[MEAN].iloc[:-1].sum() > HALF + len(flows) * UNIT:
        yield f"trip_corridors: half is reached before {trips['trip_id'].iloc[-1]}"
    ports = table(run / "data/crossings.csv").set_index("crossing_city")["ports"].str.split()
    for _, row in trips.iterrows():
        inside = ports[row["crossing_city"]]
        if row["poe_id"] not in inside:
            yield f"trip_corridors: {row['trip_id']} crosses at {row['poe_id']}, not in {row['crossing_city']}"
        for rows, state, key, part in (
            (zones, "us_state", "zone_id", "zone_part"),
            (towns, "mx_state", "cvegeo", "municipality_part"),
        ):
            through = _sums(rows[rows["poe_id"].isin(inside) & (rows[state] == row[state])], key)
            if through[row[key]] < through.max() - len(inside) * UNIT:
                yield f"trip_corridors: {row['trip_id']} names {row[key]}, and {through.idxmax()} has more"
            if abs(through[row[key]] / through.sum() - row[part]) > PART_UNIT:
                yield f"trip_corridors: {part} of {row['trip_id']} is {row[part]}"


def _districts(run: Path, by_port: Shares, pairs: pd.DataFrame) -> Iterator[str]:
    """Compare districts with ports, Mexican states and the whole."""
    ports, states = (table(run / f"data/district_{name}.csv") for name in ("port", "state"))
    yield from _compare("districts by port, ports", _sums(ports, "poe_id"), by_port, len(ports))
    yield from _district_cities("district", run / "data", run)
    yield from _compare(
        "districts by state, pairs",
        _sums(states, "mx_state"),
        _sums(pairs, "mx_state"),
        len(states) + len(pairs),
    )
    areas = gpd.read_file(run / "data/corridors.gpkg", layer="districts").set_index("consulate")[MEAN]
    for name, rows in (("port", ports), ("state", states)):
        yield from _compare(f"district_{name}, districts", _sums(rows, "consulate"), areas, len(rows))


def _district_cities(what: str, data: Path, run: Path) -> Iterator[str]:
    """Compare the districts' flow by crossing city with the cities, and with the bridges inside them."""
    cities = table(run / "data/crossings.csv")
    own, ports = table(data / "district_crossing.csv"), table(data / "district_port.csv")
    whole = cities.set_index("crossing_city")[MEAN]
    yield from _compare(f"{what}s by city, cities", _sums(own, "crossing_city"), whole, len(own) + len(ports))
    city_of = {
        poe: city
        for city, ids in zip(cities["crossing_city"], cities["ports"], strict=True)
        for poe in ids.split()
    }
    inside = ports.assign(crossing_city=ports["poe_id"].map(city_of))
    keys = ["consulate", "crossing_city"]
    yield from _compare(
        f"{what}'s bridges, cities", _sums(inside, keys), own.set_index(keys)[MEAN], len(cities) + len(ports)
    )


def _packages(run: Path) -> Iterator[str]:
    """Compare the layers of the GeoPackage and of GeoParquet with the tables."""
    package = run / "data/corridors.gpkg"
    layers = set(gpd.list_layers(package)["name"])
    roads = gpd.read_parquet(run / "data/edges.parquet").set_index("edge_id")
    drawn = gpd.read_file(package, layer="edges").set_index("edge_id")
    yield from _compare("edges", drawn[MEAN], roads.loc[roads[MEAN] > 0, MEAN], 0)
    yield from _texts("grade of an edge", zip(drawn["grade"], roads.loc[drawn.index, "grade"], strict=True))
    ports = table(run / "data/ports.csv").set_index("poe_id")
    own = gpd.read_file(package, layer="ports").set_index("poe_id")
    yield from _compare("layer ports, ports.csv", own[MEAN], ports[MEAN], 0)
    cities = table(run / "data/crossings.csv").set_index("crossing_city")
    own = gpd.read_file(package, layer="crossings").set_index("crossing_city")
    yield from _compare("layer crossings, crossings.csv", own[MEAN], cities[MEAN], 0)
    crossing = roads[(roads["country"] == "X") & (roads["road_class"] == "poe")]
    if len(crossing):
        yield from _compare(
            "edges that cross, ports",
            crossing.loc[crossing[MEAN] > 0, MEAN].sort_values().reset_index(drop=True),
            ports.loc[ports[MEAN] > 0, MEAN].sort_values().reset_index(drop=True),
            2,
        )
    for layer, file, key in (
        ("zones", "zone_port", "zone_id"),
        ("municipalities", "port_municipality", "cvegeo"),
    ):
        rows = table(run / f"data/{file}.csv")
        own = gpd.read_file(package, layer=layer).set_index(key)
        yield from _compare(f"layer {layer}, {file}", own[MEAN], _sums(rows, key), len(ports) + 1)
    for layer, key in (("corridors", "corridor_id"), ("trip_corridors", "trip_id")):
        if layer in layers:
            rows = table(run / f"data/{layer}.csv").set_index(key)
            own = gpd.read_file(package, layer=layer).set_index(key)
            yield from _compare(f"layer {layer}, {layer}.csv", own[MEAN], rows[MEAN], 0)


def _kit(run: Path) -> Iterator[str]:
    """Compare the public data and the pages of the embed kit with the tables."""
    kit = run / "embed"
    if not kit.exists():
        return
    ports = table(run / "data/ports.csv").set_index("poe_id")
    yield from _compare("kit ports", table(kit / "data/ports.csv").set_index("poe_id")[MEAN], ports[MEAN], 0)
    cities = table(run / "data/crossings.csv").set_index("crossing_city")
    public = table(kit / "data/crossings.csv").set_index("crossing_city")[MEAN]
    yield from _compare("kit crossings", public, cities[MEAN], 0)
    package = run / "data/corridors.gpkg"
    for layer, key in (("zones", "zone_id"), ("municipalities", "cvegeo")):
        own = gpd.read_file(package, layer=layer).set_index(key)[MEAN]
        public = table(kit / f"data/{layer}.csv").set_index(key)[MEAN]
        whole = pd.Series(
            [own[one.split("+") if one not in own.index else [one]].sum() for one in public.index],
            index=public.index,
        )
        yield from _compare(f"kit {layer}", public, whole, len(own))
    for language, page in zip(LANGUAGES, ("index.html", "en.html"), strict=True):
        yield from _border_table(kit / page, language, run)


def _border_table(page: Path, language: str, run: Path) -> Iterator[str]:
    """Compare the table of crossing cities and ports that stands in a page's HTML with the tables, as far as it has rows."""
    t = load_translations(language)
    rows = re.findall(
        r"<tr(?: class=\"bridge\")?><th scope=\"row\">(.*?)</th><td>(.*?)</td>",
        page.read_text(encoding="utf-8"),
    )
    ports, cities = table(run / "data/ports.csv"), table(run / "data/crossings.csv")
    names = ports["name_mx" if language == "es" else "name_us"], cities[f"name_{language}"]
    expected: dict[str, set[str]] = {}
    for own, shares in zip(names, (ports[MEAN], cities[MEAN]), strict=True):
        for name, share in zip(own, shares, strict=True):
            expected.setdefault(name, set()).add(t.share(share))
    shown = [(unescape(name), unescape(text)) for name, text in rows if unescape(name) in expected]
    if {name for name, _ in shown} < set(names[1]):
        yield f"{page.name}: a table of crossing cities without some of them"
    yield from (
        f"{page.name}, {name}: {text!r} and {expected[name]}"
        for name, text in shown
        if text not in expected[name]
    )


def _map(run: Path) -> Iterator[str]:
    """Compare what the map's islands hold, and how the page writes it, with the tables."""
    page = run / "map.html"
    if not page.exists():
        return
    data = islands(page)
    layers = {
        name.removeprefix("compact_layer_").removesuffix("_data"): value for name, value in data.items()
    }
    ports = table(run / "data/ports.csv").set_index("poe_id")
    yield from _border_table(page, LANGUAGES[0], run)
    package = run / "data/corridors.gpkg"
    own = {"ports": ports[MEAN]}
    own["crossings"] = table(run / "data/crossings.csv").set_index("crossing_city")[MEAN]
    for layer, key in (("zones", "zone_id"), ("municipalities", "cvegeo")):
        rows = gpd.read_file(package, layer=layer)
        own[layer] = rows[rows.geometry.notna() & ~rows.geometry.is_empty].set_index(key)[MEAN]
    for layer, shares in own.items():
        columns = layers[layer]["columns"]
        yield from _compare(f"map {layer}", pd.Series(columns[MEAN], index=columns["id"]), shares, PAGE)
        yield from _read_alike(f"map {layer}", columns[MEAN], shares.reindex(columns["id"]).tolist())
    if (run / "data/corridors.csv").exists():
        rows = table(run / "data/corridors.csv")
        shown = data["tables"]["roads"]
        expected = rows.set_index("name")
        for row in shown:
            yield from _texts(
                f"map corridor {row['name']}", [(row["grade"], expected.loc[row["name"], "grade"])]
            )
        yield from _compare(
            "map corridors",
            pd.Series({row["name"]: row[MEAN] for row in shown}),
            expected.loc[[row["name"] for row in shown], MEAN],
            PAGE,
        )
    if (run / "data/trip_corridors.csv").exists():
        shown = pd.DataFrame(data["tables"]["trips"])
        rows = table(run / "data/trip_corridors.csv").head(len(shown))
        yield from _texts("map trips", zip(shown["name"], rows["name"], strict=True))
        yield from _texts("grade of a map trip", zip(shown["grade"], rows["grade"].astype(str), strict=True))
        yield from _compare("map trips", shown[MEAN], rows[MEAN], PAGE)
        yield from _read_alike("map trips", shown[MEAN].tolist(), rows[MEAN].tolist())
    yield from _partners(run, data["partners"])


def _read_alike(what: str, one: Sequence[float], other: Sequence[float]) -> Iterator[str]:
    """Yield shares that are written differently in a language."""
    for language in LANGUAGES:
        share = load_translations(language).share
        for a, b in zip(one, other, strict=True):
            if a != b and share(a) != share(b):
                yield f"{what}: reads {share(a)} and {share(b)}"


def _partners(run: Path, partners: dict[str, Any]) -> Iterator[str]:
    """Compare the common flows that the map lists with the tables that hold them."""
    tables = {
        ("us", "mx"): ("state_pairs", ["us_state", "mx_state"]),
        ("zone", "port"): ("zone_port", ["zone_id", "poe_id"]),
        ("port", "municipality"): ("port_municipality", ["poe_id", "cvegeo"]),
        ("us", "port"): ("zone_port", ["us_state", "poe_id"]),
        ("port", "mx"): ("port_municipality", ["poe_id", "mx_state"]),
        ("us", "crossing"): ("flows", ["us_state", "crossing_city"]),
        ("crossing", "mx"): ("flows", ["crossing_city", "mx_state"]),
        ("zone", "crossing"): ("zone_port", ["zone_id", "crossing_city"]),
        ("crossing", "municipality"): ("port_municipality", ["crossing_city", "cvegeo"]),
        ("consulate", "crossing"): ("district_crossing", ["consulate", "crossing_city"]),
        ("consulate", "port"): ("district_port", ["consulate", "poe_id"]),
        ("consulate", "mx"): ("district_state", ["consulate", "mx_state"]),
    }
    cities = table(run / "data/crossings.csv")
    city_of = {
        poe: city
        for city, ids in zip(cities["crossing_city"], cities["ports"], strict=True)
        for poe in ids.split()
    }
    for (owner, partner), (file, keys) in tables.items():
        if not (run / f"data/{file}.csv").exists():
            continue
        rows = table(run / f"data/{file}.csv")
        if "crossing_city" in keys and "poe_id" in rows:
            rows = rows.assign(crossing_city=rows["poe_id"].map(city_of))
        shares = _sums(rows, keys)
        for one, other, flip in ((owner, partner, False), (partner, owner, True)):
            shown = {
                (str(row[0]), name.partition(".")[2]) if flip else (name.partition(".")[2], str(row[0])): row[
                    1
                ]
                for name, kinds in partners.items()
                if name.partition(".")[0] == one
                for row in kinds.get(other, ())
            }
            if shown:
                index = pd.MultiIndex.from_tuples(list(shown), names=keys)
                listed = pd.Series(list(shown.values()), index=index)
                yield from _compare(
                    f"map {one} with {other}", listed, shares.reindex(index), len(rows) + PAGE
                )


def _briefs(run: Path, briefs: Path) -> Iterator[str]:
    """Compare the tables of briefs with the run, and every number that a brief cites with its cell."""
    by_port = table(run / "data/ports.csv").set_index("poe_id")[MEAN]
    pairs = table(run / "data/state_pairs.csv")
    districts, ports, ends = (
        table(briefs / f"data/{name}.csv") for name in ("districts", "district_port", "district_state")
    )
    yield from _whole("districts", districts[MEAN])
    own = districts[districts[MEAN] > 0].set_index("consulate")[MEAN]
    rows = len(table(run / "data/zone_port.csv"))
    yield from _compare("briefs' districts by port, ports", _sums(ports, "poe_id"), by_port, rows)
    yield from _district_cities("brief", briefs / "data", run)
    yield from _first_cities(briefs / "data")
    started = _sums(ports, "consulate")
    yield from _compare("briefs' ports, districts", started[started > 0], own, rows)
    whole = _sums(ends, "consulate", "part_mean")
    for consulate in whole.index[np.abs(whole - 1) > 1e-4]:
        yield f"briefs: destinations of {consulate} sum to {whole[consulate]:.6f}"
    ended = (ends["part_mean"] * ends["consulate"].map(districts.set_index("consulate")[MEAN])).groupby(
        ends["mx_state"]
    )
    yield from _compare("briefs' destinations, pairs", ended.sum(), _sums(pairs, "mx_state"), 2e6)
    for page in sorted(briefs.glob("*.html")):
        yield from _cited(page, {"run": run, "data": briefs / "data"}, _keys(briefs))


def _first_cities(data: Path) -> Iterator[str]:
    """Compare the crossing city that the index names for each consulate with the district's largest, where its share is known."""
    cities = table(data / "district_crossing.csv")
    largest = cities.sort_values(MEAN, ascending=False).drop_duplicates("consulate")
    wide = pd.to_numeric(largest["share_hi90"]) - pd.to_numeric(largest["share_lo90"])
    first = largest[(largest["grade"] != "D") & (wide < HALF)]
    cells = first.set_index("consulate").rename(columns=lambda name: name.replace("share_", "crossing_"))
    named = table(data / "indicators.csv").set_index("consulate")
    names = ["crossing_city", *(f"crossing_{end}" for end in ("mean", "lo90", "hi90")), "crossing_grade"]
    expected = cells.rename(columns={"grade": "crossing_grade"})[names].reindex(named.index).fillna("")
    for name in names:
        pairs = zip(named[name].astype(str), expected[name].astype(str), strict=True)
        yield from _texts(f"index, {name}", pairs)


def _keys(briefs: Path) -> dict[str, list[str]]:
    """Return the key columns of each table of briefs, as their manifest names them."""
    keys: dict[str, list[str]] = json.loads((briefs / "manifest.json").read_text(encoding="utf-8"))["keys"]
    return keys


def _cited(page: Path, folders: dict[str, Path], keys: dict[str, list[str]]) -> Iterator[str]:
    """Compare each share that a page cites with its cell, and its text with how the language writes it."""
    tables: dict[str, pd.DataFrame] = {}
    for article in ARTICLE.finditer(page.read_text(encoding="utf-8")):
        t = load_translations(article[1])
        for value, name, text in CITED.findall(article[0]):
            file, row, columns = unescape(name).split("#")
            if not columns.endswith("_mean") or not file.endswith(".csv"):
                continue
            folder, _, path = file.partition("/")
            if file not in tables:
                own = table(folders[folder] / path)
                index = keys[file]
                tables[file] = own.set_index(own[index].astype(str).agg("|".join, axis=1))
            cell = float(np.asarray(tables[file].loc[row, columns]).item())
            if float(value) != cell:
                yield f"{page.name}: {name} is {value} and {cell}"
            if unescape(text) != t.share(cell):
                yield f"{page.name}: {name} reads {unescape(text)} and {t.share(cell)}"


def _whatif(run: Path, whatif: Path) -> Iterator[str]:
    """Compare what-ifs with the run before any edit, and changes with what is before and after."""
    changes = table(whatif / "data/changes.csv")
    ports, pairs = table(run / "data/ports.csv"), table(run / "data/state_pairs.csv")
    names = pairs["us_state"] + ">" + pairs["mx_state"]
    before = {
        "port": ports.set_index("poe_id")[MEAN],
        "state_pair": pairs.set_axis(names)[MEAN],
        "us_state": _sums(pairs, "us_state"),
        "mx_state": _sums(pairs, "mx_state"),
    }
    cities = table(run / "data/crossings.csv")
    before["crossing_city"] = cities.set_index("crossing_city")[MEAN]
    for one_scenario in changes["scenario"].unique():
        rows = changes[changes["scenario"] == one_scenario]
        found = {kind: own.set_index("key") for kind, own in rows.groupby("kind")}
        for column in ("before_mean", "after_mean", "change_mean"):
            inside = [found["port"].loc[one.split(), column].sum() for one in cities["ports"]]
            own = found["crossing_city"].loc[cities["crossing_city"], column]
            yield from _compare(
                f"{one_scenario}, {column} of bridges, cities", pd.Series(inside, own.index), own, len(ports)
            )
    if (run / "data/corridors.csv").exists():
        before["corridor"] = table(run / "data/corridors.csv").set_index("corridor_id")[MEAN]
    for (scenario, kind), rows in changes.groupby(["scenario", "kind"]):
        own = rows.set_index("key")
        if kind in before:
            yield from _compare(
                f"{scenario}, {kind} before",
                own["before_mean"],
                before[str(kind)],
                len(pairs),
                relative=FLOAT32,
            )
        if kind != "corridor":
            for column in ("before_mean", "after_mean"):
                yield from _whole(f"{scenario}, {kind}, {column}", own[column])
        change = own["after_mean"] - own["before_mean"]
        yield from _compare(f"{scenario}, {kind} changes", change, own["change_mean"], 4)
    roads = gpd.read_parquet(run / "data/edges.parquet").set_index("edge_id")[MEAN]
    edges = gpd.read_file(whatif / "data/changes.gpkg", layer="edges")
    listed = edges.drop_duplicates("edge_id").set_index("edge_id")["before_mean"]
    yield from _compare("roads before", listed, roads.reindex(listed.index), 4, relative=FLOAT32)
    yield from _whatif_page(whatif / "whatif.html", changes)


def _whatif_page(page: Path, changes: pd.DataFrame) -> Iterator[str]:
    """Compare the shares that the page of what-ifs holds with the table of changes."""
    by_name = {
        (str(scenario), str(kind)): rows.set_index("key" if kind == "us_state" else "name")
        for (scenario, kind), rows in changes.groupby(["scenario", "kind"])
    }
    for one in islands(page)["whatif"]["scenarios"]:
        cities = one["tables"]["crossing_city"]
        one["tables"]["port"] = [bridge for city in cities for bridge in city.get("inside", ())]
        for city in cities:
            inside = {
                end: sum(bridge[end] for bridge in city.get("inside", ())) for end in ("before", "after")
            }
            if city.get("inside") and any(
                abs(inside[end] - city[end]) > len(cities) * UNIT for end in inside
            ):
                yield f"whatif page, bridges of {city['name']}: {inside}"
        for kind, end in product(
            ("us_state", "mx_state", "crossing_city", "port", "corridor"), ("before", "after")
        ):
            shown = pd.Series({row["name"]: row[end] for row in one["tables"].get(kind, ())}, dtype=float)
            cells = by_name[one["id"], kind].loc[shown.index, f"{end}_mean"]
            yield from _compare(f"whatif page, {kind} {end}", shown, cells, 0)


def _sensitivity(folder: Path) -> Iterator[str]:
    """Compare the page of assumptions with its tables, and the run's own share from row to row."""
    changes = pd.read_csv(folder / "changes.csv", dtype={"id": str})
    for (kind, id_), rows in changes.groupby(["kind", "id"]):
        if np.ptp(rows["share_run"]) > 0:
            yield f"sensitivity: {kind} {id_} has several shares of its own"
    page = (folder / "sensitivity.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        share = load_translations(language).share
        for (_, id_), rows in changes.groupby(["kind", "id"]):
            if share(float(rows["share_run"].iloc[0])) not in unescape(page):
                yield f"sensitivity page: the share of {id_} is not there"


def main(words: Sequence[str]) -> int:
    """Print every disagreement of the folders named. Return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.outputs.arithmetic", description="A reader's arithmetic."
    )
    parser.add_argument("run", type=Path)
    for name in ("briefs", "whatif", "sensitivity"):
        parser.add_argument(f"--{name}", type=Path)
    given = parser.parse_args(words)
    found = disagreements(given.run, briefs=given.briefs, whatif=given.whatif, sensitivity=given.sensitivity)
    for line in found:
        print(line)  # noqa: T201 - what the command is for
    print(f"{len(found)} disagreements")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
