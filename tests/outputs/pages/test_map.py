"""The page: same bytes, same scripts whatever the data, and folium kept in its room."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from itertools import cycle
from typing import TYPE_CHECKING, Any

import folium
import pytest
from hypothesis import given
from hypothesis.strategies import integers, lists, none, one_of, text

from corridors.core.errors import OutputError
from corridors.outputs.layers import map_layers
from corridors.outputs.pages import render_map
from corridors.outputs.web.folium_page import (
    CompactLayer,
    PageFigure,
    TrustedHtml,
    dictionary_encoded,
)
from corridors.outputs.web.island_html import JSON_TYPE, PACKED_TYPE, json_island
from tests.outputs.hostile import HOSTILE
from tests.outputs.page_islands import ISLAND, islands_of
from tests.outputs.payload_check import values_of
from tests.outputs.toy import with_texts

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from corridors.core.results import Results, Run
    from corridors.outputs.layers import BaseMap

    Toy = tuple[Results, Run, BaseMap]


def hostile(toy: Toy, start: int = 0) -> Toy:
    """Return the toy world with hostile texts in every field, dealt out from one of them on."""
    payloads = cycle(HOSTILE[start:] + HOSTILE[:start])
    return with_texts(*toy, lambda _: next(payloads))


def policy(text: str) -> str:
    return text.partition('http-equiv="Content-Security-Policy" content="')[2].partition('"')[0]


@given(
    lists(
        one_of(text(alphabet="AB", max_size=30), integers(0, 3), lists(integers(0, 1), max_size=9), none()),
        max_size=40,
    )
)
def test_packed_columns_hold_the_same(column: list[Any]) -> None:
    found = dictionary_encoded({"kind": "areas", "columns": {"c": column}})["columns"]["c"]
    plain = values_of(found) if isinstance(found, dict) else found
    assert plain == column
    sizes = [len(json.dumps(one, separators=(",", ":"))) for one in (found, column)]
    assert sizes[0] <= sizes[1]


def test_columns_that_repeat_themselves_are_packed_and_texts_are_not() -> None:
    columns = {"road_class": ["mx_federal", "mx_toll"] * 20, "bits": "ABABABAB" * 20}
    found = dictionary_encoded({"columns": columns})["columns"]
    assert found["road_class"] == {"of": ["mx_federal", "mx_toll"], "at": "?@" * 20}
    assert found["bits"] == columns["bits"]


def test_the_same_run_gives_the_same_bytes(toy: Toy, page_text: str) -> None:
    assert render_map(*toy) == page_text


FOOTER = re.compile(r"<footer.*?</footer>", re.DOTALL)


def test_hostile_data_changes_no_script_and_no_style(toy: Toy, page_text: str) -> None:
    text = render_map(*hostile(toy))
    assert policy(text) == policy(page_text)
    assert outside_data(text) == outside_data(page_text)
    tags, usual = (re.findall(r"<[^>]*>", FOOTER.findall(one)[0]) for one in (text, page_text))
    assert tags == usual


def outside_data(text: str) -> str:
    """Return the page without its islands, without the footer's words, and without what is shown where no script runs."""
    text = FOOTER.sub("", ISLAND.sub(r"\2", text))
    return re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.DOTALL)


class Bare(HTMLParser):
    """Reads the tags, attributes and words of what is shown where no script runs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.words: list[str] = []
        self.feed(re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL)[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_hostile_data_is_only_words_where_no_script_runs(toy: Toy, page_text: str) -> None:
    world = hostile(toy)
    calm, wild = Bare(page_text), Bare(render_map(*world))
    assert wild.tags <= calm.tags
    assert wild.names <= calm.names
    assert world[0].crossings is not None
    assert set(world[0].crossings["name_es"]) <= set(wild.words)
    assert not calm.names & {"href", "src", "style", "onload", "onerror"}


def test_hostile_data_arrives_as_it_was_written(toy: Toy) -> None:
    world = hostile(toy)
    data = islands_of(render_map(*world))
    ports = world[0].ports.sort_values("share_mean", ascending=False)
    assert data["compact_layer_ports_data"]["columns"]["name_us"] == list(ports["name_us"])
    assert [source["title"] for source in data["run"]["sources"]] == [
        source.title for source in world[1].sources
    ]


def test_no_host_is_named_outside_the_data(page_text: str) -> None:
    outside = ISLAND.sub("", page_text)
    assert set(re.findall(r"https?://([^/\s\"'<>]+)", outside)) <= {"www.w3.org", "leafletjs.com"}


def test_a_run_without_sources_or_notes_still_has_a_page(toy: Toy) -> None:
    assert render_map(toy[0], replace(toy[1], sources=()), toy[2])


def test_an_island_cannot_be_left() -> None:
    text = json_island("x", list(HOSTILE))
    body = text.removeprefix('<script type="application/json" id="x">').removesuffix("</script>")
    assert not set("<>&\u2028\u2029") & set(body)
    assert json.loads(body) == list(HOSTILE)


@given(lists(one_of(text(), integers(), lists(integers(0, 9)))), integers(1, 200))
def test_a_packed_island_holds_the_same(values: list[Any], times: int) -> None:
    data = values * times
    packed, plain = (json_island("x", data, packed=packed) for packed in (True, False))
    assert islands_of(packed)["x"] == islands_of(plain)["x"] == data
    assert len(packed.encode()) <= len(plain.encode())


def test_an_island_is_packed_where_that_is_shorter() -> None:
    for data, type_ in (([1, 2] * 500, PACKED_TYPE), ([1, 2], JSON_TYPE)):
        assert json_island("x", data, packed=True).startswith(f'<script type="{type_}" id="x">')


def test_an_island_holds_no_nan() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_island("x", float("nan"))


def test_a_script_made_of_data_is_refused() -> None:
    figure = PageFigure("t", "es")
    figure.script.add_child(TrustedHtml("var a = `${1}`;"))
    with pytest.raises(OutputError, match="expected constants only"):
        figure.boot()


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_layer_name_is_shown_literally_on_any_folium_map(toy: Toy, payload: str) -> None:
    map_ = folium.Map([30, -104], tiles=None)
    spec = map_layers(toy[0], toy[2])[1]
    CompactLayer(spec.payload, payload, id_="one").add_to(map_)
    folium.LayerControl().add_to(map_)
    text = map_.get_root().render()
    label = re.search(r'^ *(".*") : compact_layer_one,$', text, re.MULTILINE)
    assert label is not None
    assert unescape(json.loads(label[1])) == payload
    assert not set("<{}%$`") & set(json.loads(label[1]))


def test_a_layer_id_is_made_of_letters() -> None:
    with pytest.raises(OutputError, match="letters, digits and underscores"):
        CompactLayer({}, "x", id_='");alert(1)//')


def test_two_maps_share_nothing(toy: Toy) -> None:
    before = (list(folium.Map.default_js), list(folium.Map.default_css))
    render_map(*toy)
    assert (folium.Map.default_js, folium.Map.default_css) == before


def sources(folder: Traversable) -> list[tuple[str, str]]:
    found = []
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in {
            "_data",
            "bench",
        }:  # peers measured beside ours are no output
            found += sources(entry)
        elif entry.name.endswith(".py"):
            found.append((entry.name, entry.read_text("utf-8")))
    return found


@pytest.mark.parametrize(
    "word", ["Popup(", "GeoJsonTooltip", "GeoJsonPopup", ".explore(", "folium.Element(", "folium.Html("]
)
def test_what_runs_data_as_code_is_used_nowhere(word: str) -> None:
    assert [name for name, text in sources(files("corridors")) if word in text] == []


def test_folium_is_touched_in_one_room_only() -> None:
    pattern = re.compile(r"^\s*(from|import) (folium|branca)", re.MULTILINE)
    assert [name for name, text in sources(files("corridors")) if pattern.search(text)] == ["folium_page.py"]
    assert not [name for name, text in sources(files("corridors")) if re.search(r"\bTooltip\(", text)]


def test_our_scripts_never_make_markup_out_of_text() -> None:
    web = files("corridors.outputs.web")
    scripts = [*web.joinpath("src").iterdir(), *web.joinpath("bundles").iterdir()]
    assert {file.name for file in scripts} >= {"map_page.js", "sources_page.js", "embed.js", "notebook.js"}
    for file in scripts:
        code = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL)
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|new Function|fetch\(|XMLHttp|import\(",
            code,
        )
