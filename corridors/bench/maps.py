"""The map beside a plain folium map of the same layers, in a browser. Needs Chromium and playwright.

The plain map is what an analyst writes first: one `folium.GeoJson` a layer with a style function and a tooltip, a
`folium.CircleMarker` a port, a gun show and a city. Leaflet is put inside it and what it would load from elsewhere is left out,
so that it starts at all without a network, and sooner than it would with one. Ours switches between the run and the same
run with one setting changed (lens, measure of demand), and between years of licences; a plain map can do so by a layer each
alone, and has them in one row. Another row draws the whole edge table. No plain map holds the flow by port, the search,
the tables, the second language or the picture that ours holds.
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import folium

from corridors.bench.measure import Table, installed, machine
from corridors.config import Config
from corridors.core.errors import ConfigError, Fault
from corridors.core.suppression import FEWEST
from corridors.jobs.run import run
from corridors.outputs.layers.layers import CONTEXT_CLASSES, FLOOR
from corridors.outputs.layers.palette import (
    CORRIDORS,
    LAND,
    LICENCES,
    MUNICIPALITIES,
    PORT_FILL,
    PORT_LINE,
    ROAD,
    ZONES,
    Classes,
)
from corridors.outputs.pages.map import render_map
from corridors.outputs.web.sealed import leaflet_css, leaflet_js

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from playwright.sync_api import Browser, CDPSession, Page

    from corridors.core.results import Results, Run, Variant
    from corridors.core.types import FloatArray
    from corridors.outputs.layers.layers import BaseMap

OURS, PLAIN, SWITCHED, WHOLE = "corridors", "folium", "folium_settings", "folium_whole"
PEERS = (PLAIN, SWITCHED, WHOLE)
EVERY_LAYER = "#4.5/26/-104/layers=ports.corridors.corridors_c.corridors_d.zones.municipalities.districts.shows.routes.roads"
CALM = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
THROTTLES = (1, 4)
OURS_READY = "() => document.documentElement.dataset.ready === 'true'"
PLAIN_READY = "() => document.readyState === 'complete' && document.querySelector('path') !== null"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
RECORD = """() => { window.frames_ = []; window.recording_ = true; let last = performance.now();
  const step = () => { const now = performance.now(); window.frames_.push(now - last); last = now;
    if (window.recording_) requestAnimationFrame(step); }; requestAnimationFrame(step); }"""
STOP = "() => { window.recording_ = false; return window.frames_; }"


NOTES = {
    OURS: "every layer on; every setting and the flow by port inside",
    PLAIN: "the same edges, outlines as shipped, one GeoJson a layer, the run's own setting alone",
    SWITCHED: "the same layers: as `folium`, and those of shares again for each other setting, zones for each year; hidden at first",
    WHOLE: "as `folium`, of every edge with flow (data/edges.parquet as it is)",
}


@dataclass
class Seen:
    """What one map did in the browser; every number a round's."""

    ready: dict[int, list[float]] = field(default_factory=dict)
    frames: dict[str, list[float]] = field(default_factory=dict)
    heap_mb: float = 0.0
    requests: int = 0
    errors: int = 0


def plain_map(results: Results, base: BaseMap, floor: float, *, settings: bool = False) -> str:
    """Return a plain folium map of the same layers, of the edges at or above a floor; with the other settings, or without."""
    map_ = folium.Map([26, -104], zoom_start=5, tiles=None)
    edges = results.edges.drop(columns="edge_id")
    roads = edges[edges["road_class"].isin(CONTEXT_CLASSES)]
    _layer(
        map_,
        base.land[["name", "geometry"]],
        "land",
        lambda _: {"fillColor": LAND, "fillOpacity": 1, "weight": 0.8},
    )
    _layer(map_, results.zones, "zones", _fill(ZONES))
    _layer(
        map_,
        results.municipalities[results.municipalities.geometry.notna()],
        "municipalities",
        _fill(MUNICIPALITIES),
    )
    for states in (base.us_states, base.mx_states):
        _layer(map_, states[["name", "geometry"]], "states", lambda _: {"fill": False, "weight": 0.8})
    _layer(map_, roads[["ref", "geometry"]], "roads", lambda _: {"color": ROAD, "weight": 0.7})
    _layer(
        map_,
        edges[(edges["share_mean"] >= floor)],
        "corridors",
        _line(CORRIDORS),
    )
    _ports(results.ports).add_to(map_)
    if settings:
        for one in results.variants[1:]:
            _setting(map_, results, one, floor)
        _years(map_, results, base)
    if results.districts is not None:
        _layer(map_, results.districts.areas, "districts", lambda _: {"fill": False, "weight": 1.6})
    _points_and_routes(map_, base)
    for lat, lon, name in zip(
        *(base.places[column].tolist() for column in ("lat", "lon", "name")), strict=True
    ):
        folium.CircleMarker([lat, lon], radius=2, tooltip=name).add_to(map_)
    folium.LayerControl().add_to(map_)
    text = map_.get_root().render()
    text = re.sub(r'<script src=.*?</script>|<link rel="stylesheet".*?>', "", text)
    head = f"<head><style>{leaflet_css()}</style><script>{leaflet_js()}</script>"
    return text.replace("<head>", head, 1)


def _ports(ports: Any, name: str = "ports", *, show: bool = True) -> folium.FeatureGroup:
    """Return a disc a port, its area its share."""
    group = folium.FeatureGroup(name, show=show)
    columns = (ports[column].tolist() for column in ("lat", "lon", "name_us", "share_mean"))
    for lat, lon, port, share in zip(*columns, strict=True):
        folium.CircleMarker(
            [lat, lon],
            radius=max(3.2, 36 * share**0.5),
            color=PORT_LINE,
            fill_color=PORT_FILL,
            fill_opacity=0.9,
            tooltip=f"{port} {share:.1%}",
        ).add_to(group)
    return group


def _setting(map_: folium.Map, results: Results, one: Variant, floor: float) -> None:
    """Add the layers of the shares under one changed setting, hidden; medians alone, as ours has them."""
    label = f"{one.setting} {one.value}"
    shares: dict[str, tuple[Any, FloatArray, Callable[[Any], Any]]] = {
        "zones": (results.zones[["name", "us_state", "geometry"]], one.zones, _fill(ZONES)),
        "municipalities": (
            results.municipalities[["name", "mx_state", "geometry"]],
            one.municipalities,
            _fill(MUNICIPALITIES),
        ),
        "corridors": (results.edges[["ref", "road_class", "geometry"]], one.edges, _line(CORRIDORS)),
    }
    for name, (frame, values, style) in shares.items():
        shown = frame.assign(share_mean=values)[frame.geometry.notna()]
        if name == "corridors":
            shown = shown[shown["share_mean"] >= floor]
        _layer(map_, shown, f"{name}, {label}", style, show=False)
    _ports(results.ports.assign(share_mean=one.ports), f"ports, {label}", show=False).add_to(map_)


def _years(map_: folium.Map, results: Results, base: BaseMap) -> None:
    """Add zones by their licences in each year, hidden; counts under the smallest published one are 0, as in ours."""
    if base.licences is None:
        return
    zones = results.zones[["name", "us_state", "geometry"]]
    counts = base.licences.reindex(results.zones["zone_id"]).fillna(0)
    classes = Classes(tuple(map(float, LICENCES)), ZONES.colours)
    for year in counts:
        shown = counts[year].where(counts[year] >= FEWEST, 0).to_numpy()
        _layer(map_, zones.assign(licences=shown), f"zones, {year}", _fill(classes, "licences"), show=False)


def _points_and_routes(map_: folium.Map, base: BaseMap) -> None:
    """Add gun shows by date, and published routes from stop to stop."""
    if base.shows is not None:
        shows = base.shows[base.shows["lat"].notna()]
        for lat, lon, city, start in zip(
            *(shows[column].tolist() for column in ("lat", "lon", "city", "start")), strict=True
        ):
            folium.CircleMarker([lat, lon], radius=4, tooltip=f"{city} {start}").add_to(map_)
    if base.routes is not None:
        for key, stops in base.routes.sort_values("seq").groupby("route_id"):
            folium.PolyLine(  # type: ignore[no-untyped-call]
                stops[["lat", "lon"]].to_numpy().tolist(), tooltip=str(key)
            ).add_to(map_)


def _layer(
    map_: folium.Map, frame: Any, name: str, style: Callable[[Any], Any], *, show: bool = True
) -> None:
    fields = [column for column in frame.columns if column != "geometry"]
    folium.GeoJson(
        frame.to_json(drop_id=True),
        name=name,
        style_function=style,
        tooltip=folium.GeoJsonTooltip(fields),
        show=show,
    ).add_to(map_)


def _class(classes: Classes, share: float) -> int:
    return sum(share >= low for low in classes.breaks) - 1


def _fill(classes: Classes, column: str = "share_mean") -> Callable[[Any], Any]:
    def style(feature: Any) -> Any:
        at = _class(classes, feature["properties"][column] or 0)
        return {
            "fillColor": classes.colours[at] if at >= 0 else "none",
            "fillOpacity": 0.9,
            "weight": 0.4,
            "color": "#fff",
        }

    return style


def _line(classes: Classes) -> Callable[[Any], Any]:
    def style(feature: Any) -> Any:
        at = max(_class(classes, feature["properties"]["share_mean"] or 0), 0)
        return {"color": classes.colours[at], "weight": classes.widths[at]}

    return style


def compare_maps(
    results: Results, run: Run, base: BaseMap, *, peers: Sequence[str] | None = None, rounds: int = 5
) -> dict[str, Table]:
    """Return the tables of the comparison by figure: size, time to interactive, frames a second, heap.

    Parameters
    ----------
    results, run, base
        What the maps show.
    peers
        Those of `PEERS` to stand beside; all by default.
    rounds
        How many times each map is opened at each CPU throttle.

    Raises
    ------
    ConfigError
        There is no Chromium, or no playwright.
    """
    plain = {
        PLAIN: partial(plain_map, floor=FLOOR),
        SWITCHED: partial(plain_map, floor=FLOOR, settings=True),
        WHOLE: partial(plain_map, floor=0.0),
    }
    chromium = os.environ.get("CORRIDORS_CHROMIUM") or shutil.which("chromium")
    if chromium is None or not installed("playwright"):
        raise ConfigError(
            [
                Fault(
                    "benchmark map",
                    "Chromium, and the package playwright",
                    "no " + ("Chromium" if chromium is None else "playwright"),
                    "Install both, or set CORRIDORS_CHROMIUM to a Chromium; `scripts/setup` installs them.",
                )
            ]
        )
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a peer: not a dependency

    pages = {OURS: render_map(results, run, base)}
    pages |= {name: plain[name](results, base) for name in (PEERS if peers is None else peers)}
    seen = {name: Seen() for name in pages}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = {name: Path(folder) / f"{name}.html" for name in pages}
        for name, text in pages.items():
            files[name].write_text(text, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(CALM))
        for throttle in THROTTLES:
            for turn in range(rounds):  # interleaved: a slow minute of the machine falls on all
                for name, file in files.items():
                    _open(browser, file, name, throttle, seen[name], look=throttle == 1 and turn == 0)
        browser.close()
    return _tables(pages, seen)


def _open(browser: Browser, file: Path, name: str, throttle: int, seen: Seen, *, look: bool) -> None:
    """Open a page once, note when it is ready, and with `look` move it and weigh it."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(240_000)
    page = context.new_page()
    page.on("request", lambda request: _count(seen, request.url))
    page.on("pageerror", lambda _: setattr(seen, "errors", seen.errors + 1))
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    start = time.perf_counter()
    page.goto(file.as_uri() + (EVERY_LAYER if name == OURS else ""))
    while not page.evaluate(OURS_READY if name == OURS else PLAIN_READY):
        time.sleep(0.01)
    page.evaluate(DRAWN)
    seen.ready.setdefault(throttle, []).append(time.perf_counter() - start)
    if look:
        seen.heap_mb = _heap(session)
        seen.frames = {"pan": _pan(page), "zoom": _zoom(page)}
    context.close()


def _count(seen: Seen, url: str) -> None:
    seen.requests += not url.startswith(("file:", "data:", "blob:"))


def _heap(session: CDPSession) -> float:
    """Return the script heap after a collection, MB."""
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(found["JSHeapUsedSize"]) / 1e6


def _pan(page: Page) -> list[float]:
    """Return milliseconds of each frame while the map is dragged."""
    page.evaluate(RECORD)
    page.mouse.move(500, 450)
    page.mouse.down()
    for step in range(60):
        page.mouse.move(500 - 5 * step, 450 - 2 * step)
        time.sleep(0.016)
    page.mouse.up()
    page.wait_for_timeout(700)
    return list(page.evaluate(STOP))


def _zoom(page: Page) -> list[float]:
    """Return milliseconds of each frame while the wheel zooms in and out."""
    page.evaluate(RECORD)
    page.mouse.move(500, 450)
    for way in (-1, -1, 1, 1, -1):
        page.mouse.wheel(0, 240 * way)
        page.wait_for_timeout(900)
    return list(page.evaluate(STOP))


def _tables(pages: dict[str, str], seen: dict[str, Seen]) -> dict[str, Table]:
    """Return one table a figure."""

    def table(title: str, unit: str, rows: Mapping[str, Sequence[float]], **facts: Any) -> Table:
        spread = {name: (min(values), max(values)) for name, values in rows.items()}
        middle = {name: statistics.median(values) for name, values in rows.items()}
        notes = {name: NOTES[name] for name in rows}
        return Table(title, unit, OURS, middle, spread, notes, facts=facts, machine=machine())

    packed = {
        f"{name}, gzipped": f"{len(gzip.compress(text.encode())):,} bytes" for name, text in pages.items()
    }
    size = {name: [len(text.encode()) / 1e6] for name, text in pages.items()}
    found = {"megabytes": table("Size of the map", "MB", size, **packed)}
    for throttle in THROTTLES:
        rows = {name: each.ready[throttle] for name, each in seen.items()}
        found[f"s_to_ready_at_{throttle}x"] = table(
            f"Opened to interactive, CPU {throttle}x slower", "s", rows
        )
    for way in ("pan", "zoom"):
        rows = {name: [1000 / statistics.median(each.frames[way])] for name, each in seen.items()}
        slow = {f"{name}, worst frame": f"{max(each.frames[way]):.0f} ms" for name, each in seen.items()}
        found[f"frames_a_second_{way}"] = table(f"Median frames a second, {way}", "frames/s", rows, **slow)
    heap = {name: [each.heap_mb] for name, each in seen.items()}
    asked = {f"{name}, requests and errors": f"{each.requests}, {each.errors}" for name, each in seen.items()}
    found["heap_megabytes"] = table("Script heap after a collection", "MB", heap, **asked)
    return found


def default_run() -> tuple[Results, Run, BaseMap]:
    """Return the results of the main job on the shipped data: the posterior, every variant, district and what-if."""
    found = run(Config())
    return found.results, found.about, found.base
