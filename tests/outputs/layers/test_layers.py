"""The layers: small, faithful, and silent about what must not be shown."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import polyline
import pytest
from shapely.geometry import Point

from corridors.outputs.layers import map_layers, palette
from corridors.outputs.layers.encoding import classify
from corridors.outputs.layers.labels import LETTER, SPILL
from corridors.outputs.layers.layers import bounds
from corridors.outputs.layers.lines import in_corridors
from corridors.outputs.layers.overlays import gun_shows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap

    Toy = tuple[Results, Run, BaseMap]


def payload(toy: Toy, name: str, **options: float) -> Mapping[str, Any]:
    return next(spec.payload for spec in map_layers(toy[0], toy[2], **options) if spec.name == name)


def test_layers_come_lowest_first_and_those_not_of_the_model_or_of_grade_d_are_hidden(toy: Toy) -> None:
    specs = map_layers(toy[0], toy[2])
    orders = [spec.payload["order"] for spec in specs]
    assert orders == sorted(orders)
    assert [spec.name for spec in specs if not spec.show] == [
        "districts",
        "minor",
        "corridors_d",
        "routes",
        "shows",
        "ports",
        "events",
    ]
    silent = {"land", "borders", "frontier", "minor", "ports", "places"}
    assert {spec.name for spec in specs if not spec.control} == silent


def test_edges_of_one_road_grade_and_class_become_one_line(toy: Toy) -> None:
    data = payload(toy, "corridors")
    i = data["columns"]["ref"].index("I-1")
    assert data["columns"]["ref"].count("I-1") == 1
    assert len(data["shapes"][i]) == 1
    assert data["columns"]["km"][i] == 220
    assert data["columns"]["share_mean"][i] == pytest.approx(0.435)
    assert data["columns"]["share_lo90"][i] == pytest.approx(0.42 * 0.6)
    assert data["columns"]["share_hi90"][i] == pytest.approx(0.45 * 1.5)


def test_every_line_runs_where_its_edges_do(toy: Toy) -> None:
    data = payload(toy, "corridors")
    i = data["columns"]["ref"].index("US-2")
    assert polyline.decode(data["shapes"][i][0], 3) == [(34.0, -104.0), (32.01, -104.0)]


def test_nothing_below_the_floor_is_a_corridor(toy: Toy) -> None:
    refs = {
        ref
        for name in ("corridors", "corridors_c", "corridors_d")
        for ref in payload(toy, name)["columns"]["ref"]
    }
    assert refs == {"I-1", "US-2", "", "MX-1", "MX-2D", "MX-3"}
    assert payload(toy, "corridors", floor=0.1)["columns"]["ref"] == ["US-2", "I-1", ""]


def test_the_strongest_are_drawn_last(toy: Toy) -> None:
    bins = payload(toy, "corridors")["bin"]
    assert bins == sorted(bins)


def test_few_dealers_are_not_counted_in_the_file(toy: Toy) -> None:
    assert payload(toy, "zones")["columns"]["dealers"] == [None, 120]


def test_a_municipality_without_polygon_is_said_to_be_missing(toy: Toy) -> None:
    municipalities = toy[0].municipalities.copy()
    municipalities.loc[0, "geometry"] = None
    data = payload((replace(toy[0], municipalities=municipalities), toy[1], toy[2]), "municipalities")
    assert data["missing"] == 1
    assert data["columns"]["name"] == ["Municipio 2", "Municipio 3", "Municipio 4"]


def test_unknown_numbers_become_null_not_nan(toy: Toy) -> None:
    ports = toy[0].ports.copy()
    ports.loc[0, "share_lo90"] = np.nan
    specs = map_layers(replace(toy[0], ports=ports), toy[2])
    assert json.dumps([spec.payload for spec in specs], allow_nan=False)


def test_inputs_are_left_as_they_were(toy: Toy) -> None:
    before = toy[0].edges.copy()
    map_layers(toy[0], toy[2])
    assert before.equals(toy[0].edges)


def test_the_map_opens_on_ports_zones_and_municipalities(toy: Toy) -> None:
    assert bounds(toy[0]) == [[27.0, -107.0], [35.0, -102.0]]


def test_large_mexican_cities_beside_a_port_are_named_first_and_those_of_more_flow_before_others(
    toy: Toy,
) -> None:
    results, run, base = toy
    ports = results.ports.sort_values("share_mean")
    first, last = ports.iloc[-1], ports.iloc[0]
    places = pd.DataFrame(
        {
            "name": ["Capital", "Town", "North", "Small flow", "Large flow"],
            "lon": [-104.0, first["lon"], first["lon"], last["lon"], first["lon"]],
            "lat": [29.0, first["lat"], first["lat"], last["lat"], first["lat"]],
            "pop": [9_000_000, 99_999, 200_000, 300_000, 100_000],
            "rank": [0, 3, 3, 6, 8],
            "country": ["MX", "MX", "US", "MX", "MX"],
        }
    )
    columns = payload((results, run, replace(base, places=places)), "places")["columns"]
    assert columns["name"][:3] == ["Large flow", "Small flow", "Capital"]
    assert columns["rank"][:3] == [0, 0, 0]
    assert sorted(columns["rank"][3:]) == [3, 3]


def test_a_state_is_named_inside_it_from_the_zoom_at_which_its_name_fits(toy: Toy) -> None:
    states = {code: (name, lat, lon, zoom) for code, name, lat, lon, zoom in payload(toy, "places")["states"]}
    assert set(states) == {"NM", "TX"}  # the middle of the others is beyond the area shown
    us = toy[2].us_states
    for code, shape in zip(us["code"], us.geometry, strict=True):
        name, lat, lon, zoom = states[code]
        assert shape.contains(Point(lon, lat))
        width = (shape.bounds[2] - shape.bounds[0]) / 360 * 256 * 2**zoom  # pixels at that zoom
        assert width == pytest.approx(len(name) * LETTER / SPILL, rel=0.1)


def test_classes_hold_their_lower_bound() -> None:
    assert classify([0.0, 0.005, 0.0199, 1.0, float("nan")], palette.CORRIDORS) == [-1, 0, 1, 5, -1]


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_corridor_colours_darken_steadily_and_stand_out_from_land() -> None:
    shades = [luminance(colour) for colour in palette.CORRIDORS.colours]
    assert shades == sorted(shades, reverse=True)
    land = luminance(palette.LAND) + 0.05
    assert all(land / (shade + 0.05) >= 3 for shade in shades)
    assert all((a + 0.05) / (b + 0.05) > 1.25 for a, b in pairwise(shades))


@pytest.mark.parametrize("classes", [palette.CORRIDORS, palette.ZONES, palette.MUNICIPALITIES])
def test_every_class_has_its_colour(classes: palette.Classes) -> None:
    assert len(classes.breaks) == len(classes.colours)
    assert list(classes.breaks) == sorted(classes.breaks)


def test_cancelled_and_undated_shows_stay_out_and_neither_venue_nor_promoter_is_named(toy: Toy) -> None:
    data = payload(toy, "shows")
    assert data["columns"]["city"] == ["Alta", "Brava"]
    assert data["columns"]["dates"][1] == [["2023-05-06", "2023-05-07"]]
    assert set(data["columns"]) == {"city", "state", "dates"}
    assert data["note"] == "note.gun_shows"


def test_a_show_without_a_place_is_not_on_the_map() -> None:
    shows = pd.DataFrame(
        {
            "us_state": "AZ",
            "city": ["Mesa", "Yuma", "Mesa", "Ajo"],
            "lon": [-111.8, None, None, -112.9],
            "lat": [33.4, None, None, None],
            "start": ["2026-01-03", "2026-01-10", "2026-01-17", "2026-01-24"],
            "end": "",
            "occurrence": "held or announced",
        }
    )
    data = gun_shows(shows)
    assert data["shapes"] == [[33.4, -111.8]]
    assert data["columns"]["city"] == ["Mesa"]
    assert data["columns"]["dates"] == [[["2026-01-03", ""]]]


def test_a_published_route_keeps_its_stops_in_order(toy: Toy) -> None:
    data = payload(toy, "routes")
    assert data["columns"]["stops"] == ["Upper City → Santa Elena → Lower City"]
    assert data["shapes"] == [[[34.0, -106.0], [32.0, -106.0], [29.0, -104.0]]]


def test_without_the_record_its_layers_are_empty(toy: Toy) -> None:
    bare = replace(toy[2], shows=None, routes=None, events=None)
    specs = {spec.name: spec.payload for spec in map_layers(toy[0], bare)}
    assert specs["shows"]["shapes"] == specs["routes"]["shapes"] == specs["events"]["shapes"] == []


def test_events_are_gathered_by_place_and_keep_their_links(toy: Toy) -> None:
    data = payload(toy, "events")
    assert data["shapes"] == [[29, -104], [32, -106]]
    assert data["bin"] == [0, 1]
    assert data["columns"]["name"] == ["Baja", "Santa Elena"]
    assert data["columns"]["name_es"] == ["Baja", "Santa Elena MX"]
    assert data["columns"]["state"] == ["Chihuahua", ""]
    assert data["columns"]["count"] == [2, 1]
    assert data["links"] == ["http://www.b.example:81/x", "https://a.example/1"]
    assert data["columns"]["events"] == [
        [["2025-02-19", "2025-02-20", 5, 0, "", 1], ["2025-03-01", "2025-03-01", 1200, 1, "", 1]],
        [["", "", 7, 0, "US", 0]],
    ]
    assert data["note"] == "note.events"


def test_a_corridor_is_drawn_whole_in_the_grade_of_its_row(toy: Toy) -> None:
    edges = toy[0].edges
    named = edges.iloc[:2].assign(corridor_id=["C01", "C02"], grade=["C", "A"])
    results = replace(toy[0], corridors=named, corridor_edges=(np.array([0, 2, 3]), np.array([3, 5])))
    drawn = in_corridors(edges, results)["grade"].tolist()
    assert [drawn[i] for i in (0, 2, 3, 5)] == [
        "C",
        "C",
        "C",
        "A",
    ]  # the larger corridor's grade where two meet
    assert drawn[1] == edges["grade"].iloc[1]
    assert in_corridors(edges, toy[0])["grade"].tolist() == edges["grade"].tolist()


def test_a_run_without_grades_is_drawn_in_one_layer_that_says_so(toy: Toy) -> None:
    bare = replace(toy[0], edges=toy[0].edges.assign(grade=""))
    layers = {spec.name: spec.payload for spec in map_layers(bare, toy[2])}
    assert layers["corridors"]["grade"] == ""
    assert len(layers["corridors"]["shapes"]) > 0
    assert not layers["corridors_c"]["shapes"]
    assert not layers["corridors_d"]["shapes"]


def test_minor_roads_are_kept_for_the_port_they_serve(toy: Toy) -> None:
    small = toy[0].edges.copy()
    small.loc[6, "share_mean"] = 0.009
    assert toy[0].parts is not None
    parts = toy[0].parts._replace(edge_port=np.eye(3)[[0, 0, 1, 0, 0, 1, 2, 0]])
    kept = replace(toy[0], edges=small, parts=parts, variants=())
    data = next(spec.payload for spec in map_layers(kept, toy[2]) if spec.name == "minor")
    assert data["columns"]["ref"] == ["MX-3"]  # .009 of p3's .08
    assert payload((replace(kept, parts=None), toy[1], toy[2]), "minor")["shapes"] == []


def test_minor_roads_are_kept_for_the_variant_in_which_they_are_none(toy: Toy) -> None:
    data = payload(toy, "minor")
    i = data["columns"]["ref"].index("MX-4")
    assert data["columns"]["share_mean"][i] == 0.001
    bare = replace(toy[0], variants=(), parts=None)
    assert next(spec.payload for spec in map_layers(bare, toy[2]) if spec.name == "minor")["shapes"] == []
